#!/bin/sh
# Package    jaconv 0.5.0 (PyPI)
# Guess      Kana that spell sounds of loan words are romanised as one syllable each, as in Hepburn: ティ ti, シェ she,
#            チェ che, トゥ tu, ウィ wi.
# Behaviour  Only those with ヴ and フ are. The others are written letter by letter, with the small kana as a whole vowel,
#            so a name that was borrowed in them looks like another one.
# Seen       ティ tei, シェ shie, チェ chie, トゥ tou, ウィ ui, ヴィ vi, ファ fa
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "jaconv==0.5.0"
seen=$("$folder/venv/bin/python" - <<'PYTHON'
import jaconv

kana = ["ティ", "シェ", "チェ", "トゥ", "ウィ", "ヴィ", "ファ"]
print(", ".join(f"{each} {jaconv.kana2alphabet(jaconv.kata2hira(each))}" for each in kana))
PYTHON
)
echo "$seen"
test "$seen" = "ティ tei, シェ shie, チェ chie, トゥ tou, ウィ ui, ヴィ vi, ファ fa"
