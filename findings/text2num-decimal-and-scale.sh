#!/bin/sh
# Package    text2num 3.1.0 (PyPI)
# Guess      "one point five billion" is one number, as "two billion" and "two hundred million" are: 1500000000.
# Behaviour  In English a decimal ends at the word of its scale, which becomes a number of its own beside it; in French
#            and Spanish all of the digits behind the decimal sign are read as one number, so the scale's zeros follow
#            the decimal. Without a decimal the scale belongs to the number.
# Seen       two billion people: 2000000000 people
#            one point five billion people: 1.5 1000000000 people
#            un virgule cinq million de gens: 1,5000000 de gens
#            uno coma cinco millones de gente: 1,5000000 de gente
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "text2num==3.1.0"
seen=$("$folder/venv/bin/python" - <<'PYTHON'
from text_to_num import alpha2digit

for language, said in (
    ("en", "two billion people"),
    ("en", "one point five billion people"),
    ("fr", "un virgule cinq million de gens"),
    ("es", "uno coma cinco millones de gente"),
):
    print(f"{said}: {alpha2digit(said, language)}")
PYTHON
)
echo "$seen"
test "$seen" = "two billion people: 2000000000 people
one point five billion people: 1.5 1000000000 people
un virgule cinq million de gens: 1,5000000 de gens
uno coma cinco millones de gente: 1,5000000 de gente"
