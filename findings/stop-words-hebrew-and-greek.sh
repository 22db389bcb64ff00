#!/bin/sh
# Package    stop-words 2025.11.4 (PyPI)
# Guess      get_stop_words("he") and ("el") return words as they stand in texts, as the other 31 languages do, so that
#            a filter by them leaves out של, אבל, και, να.
# Behaviour  All 193 Hebrew entries keep the quotation marks, and nearly all the comma, of a list in some program: '"של",'.
#            The 78 Greek ones are Ancient Greek in polytonic spelling, with σ for a final ς: none is a word of today's
#            Greek that a caption would hold. Neither list leaves out a single word.
# Seen       he 193 quoted 193 plain-found 0
#            el 78 found 0 of 6
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "stop-words==2025.11.4"
seen=$("$folder/venv/bin/python" - <<'PYTHON'
from stop_words import get_stop_words

hebrew, greek = get_stop_words("he"), get_stop_words("el")
quoted = sum(word.startswith('"') for word in hebrew)
found = sum(word in hebrew for word in ("של", "אבל", "או", "אולי"))
print("he", len(hebrew), "quoted", quoted, "plain-found", found)
print("el", len(greek), "found", sum(word in greek for word in ("και", "να", "το", "είναι", "από", "του")), "of 6")
PYTHON
)
echo "$seen"
test "$seen" = "he 193 quoted 193 plain-found 0
el 78 found 0 of 6"
