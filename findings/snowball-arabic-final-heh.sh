#!/bin/sh
# Package    PyStemmer 3.1.0 (PyPI), Snowball's Arabic stemmer
# Guess      A word whose teh marbuta is typed as heh, as much of the Arabic web does, loses it like the pronoun heh
#            whether or not the article stands before it: the article is stripped first.
# Behaviour  Without the article both spellings have one stem. With it only teh marbuta is stripped: "the school" has
#            another stem in its two spellings, and with heh another one than "school".
# Seen       مدرسة مدرس
#            مدرسه مدرس
#            المدرسة مدرس
#            المدرسه مدرسه
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "PyStemmer==3.1.0"
seen=$(PYTHONIOENCODING=utf-8 "$folder/venv/bin/python" - <<'PYTHON'
import Stemmer

arabic = Stemmer.Stemmer("arabic")
for word in ("مدرسة", "مدرسه", "المدرسة", "المدرسه"):
    print(word, arabic.stemWord(word))
PYTHON
)
echo "$seen"
test "$seen" = "مدرسة مدرس
مدرسه مدرس
المدرسة مدرس
المدرسه مدرسه"
