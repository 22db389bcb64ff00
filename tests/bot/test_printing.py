"""What `ask` prints of a quote that was corrected."""

import json

from bot.printing import answer_object, told
from store.models import Answer, Correct, Details, Quote

SAID = "today we talk about the cor weave deal"
DETAILS = Details("Deals", None, "https://www.youtube.com/watch?v=deals-2025x", None, None, None, None, ())
QUOTE = Quote(1, DETAILS, SAID, 5000, 10_000, 1.0, correct=(Correct(24, 33, "CoreWeave"),))
ANSWER = Answer("CoreWeave", (QUOTE,), passages=1, library_size=1)


def test_what_was_really_said_stands_below_the_words() -> None:
    assert told(ANSWER)[1:3] == [f"   “{SAID}”", "   corrected: “cor weave” → “CoreWeave”"]


def test_as_json_too() -> None:
    (found,) = json.loads(json.dumps(answer_object(ANSWER)))["quotes"]
    assert (found["text"], found["corrected"]) == (SAID, [{"said": "cor weave", "really": "CoreWeave"}])
