#!/bin/sh
# Package    ttconv 1.2.3 (PyPI)
# Guess      Its model of a TTML document keeps a paragraph's xml:id, for get_id() is there, and says who speaks
#            (ttm:agent), which the standard has for dialogue.
# Behaviour  Regions keep their ids; body, div, p and span lose theirs in the IMSC reader, and nothing in the model holds
#            an agent. So who speaks in a paragraph can only be told by its place among the paragraphs of the XML.
# Seen       Region r1
#            Body None
#            Div None
#            P None
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "ttconv==1.2.3"
seen=$("$folder/venv/bin/python" - <<'PYTHON'
from xml.etree.ElementTree import ElementTree, fromstring

from ttconv.imsc import reader

TTML = """<tt xml:lang="en" xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata">
<head><metadata><ttm:agent xml:id="a1" type="person"><ttm:name type="full">Ada</ttm:name></ttm:agent></metadata>
<layout><region xml:id="r1"/></layout></head>
<body xml:id="b1"><div xml:id="d1"><p xml:id="p1" ttm:agent="a1" begin="1s" end="2s">words</p></div></body></tt>"""
model = reader.to_model(ElementTree(fromstring(TTML)))
for region in model.iter_regions():
    print("Region", region.get_id())
body = model.get_body()
print("Body", body.get_id())
for div in body:
    print("Div", div.get_id())
    for paragraph in div:
        print("P", paragraph.get_id())
        assert not [name for name in dir(paragraph) if "agent" in name.lower()]
PYTHON
)
echo "$seen"
test "$seen" = "Region r1
Body None
Div None
P None"
