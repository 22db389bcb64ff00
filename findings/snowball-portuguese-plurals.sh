#!/bin/sh
# Package    PyStemmer 3.1.0 (PyPI), Snowball's Portuguese stemmer
# Guess      A regular plural has its singular's stem: ação and ações, animal and animais, papel and papéis.
# Behaviour  Plurals in s and in ães do; those in ões, ais, éis and eis don't, unless the whole suffix is taken away
#            (informação, informações).
# Seen       livro livr, livros livr; pão pã, pães pã; ação açã, ações açõ; animal animal, animais anim;
#            papel papel, papéis pap; possível possível, possíveis possív; informação inform, informações inform
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "PyStemmer==3.1.0"
seen=$(PYTHONIOENCODING=utf-8 "$folder/venv/bin/python" - <<'PYTHON'
import Stemmer

portuguese = Stemmer.Stemmer("portuguese")
words = "livro livros pão pães ação ações animal animais papel papéis possível possíveis informação informações"
print(*(f"{word} {portuguese.stemWord(word)}" for word in words.split()), sep="\n")
PYTHON
)
echo "$seen"
test "$seen" = "livro livr
livros livr
pão pã
pães pã
ação açã
ações açõ
animal animal
animais anim
papel papel
papéis pap
possível possível
possíveis possív
informação inform
informações inform"
