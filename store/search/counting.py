"""Questions for how often or when first something was said → the words to be counted.

Read by their form alone: how they begin, a verb of saying, and what stands where its object does. A question that
begins so but is about something else (“how often should I feed it”) names nothing that could be counted.
"""

import re
from collections.abc import Iterator

from store.search.question import QUOTATION

_VERBS = (
    r"(?:get|gets|got|come|comes|came|brought|bring|brings)\s+up|say|says|said|mention|mentions|mentioned|mentioning|"
    r"(?:talk|talks|talked|talking|speak|speaks|spoke|spoken|hear|hears|heard|tell|tells|told)\s+(?:about|of)|"
    r"refer(?:s|red)?\s+to|discuss(?:es|ed)?|names?|named|uses?|used|utter(?:s|ed)?|hears?|heard|appear(?:s|ed)?|"
    r"occur(?:s|red)?|introduce[sd]?"
)
_AUXILIARY = r"(?:is|was|are|were|do|does|did|has|have|had|can|could|will|would)"
_BEGINNING = re.compile(
    r"(?:(?:and|so|please|tell me)\s+)*(?:how\s+(?P<often>many\s+times|often|frequently)|when|where)\b", re.IGNORECASE
)
_SAYING = re.compile(rf"{_AUXILIARY}\b|(?:should|must|may)\b|.*\b(?:{_VERBS})\b", re.IGNORECASE)
_TURNED = re.compile(r"(?:when|what)\s+(?:is|was)\s+the\s+(?:very\s+)?first\s+(?:time|mention)\b", re.IGNORECASE)
_ACTIVE = re.compile(
    rf"(?:{_AUXILIARY}\s+)?(?:(?P<subject>.+?)\s+)?(?:(?P<first>first)\s+)?\b(?:{_VERBS})\b(?P<object>.*)",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    rf"{_AUXILIARY}\s+(?P<object>.+?)\s+(?:(?:been|being|first|ever|get|gets|got)\s+)*(?:{_VERBS})\b(?P<after>.*)",
    re.IGNORECASE,
)
_FIRST = re.compile(rf"{_AUXILIARY}\s+(?P<object>.+?)\s+first\b", re.IGNORECASE)
_SPEAKER = re.compile(
    r"(?:he|she|they|it|we|you|i|someone|somebody|anyone|anybody|people|everyone|everybody|one|"
    r"the\s+(?:speakers?|hosts?|guests?|presenters?|talks?|videos?))(?:\s+(?:ever|actually|really|all))?",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:(?:about|of|that|to|the|a|an|this|word|words|phrase|term|name|topic|subject|expression|someone|"
    r"anyone|anybody|somebody|ever|first)\s+)+",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s+(?:(?:for\s+)?the\s+first\s+time|first|in\s+total|in\s+all|altogether|overall|so\s+far|ever|here|"
    r"(?:in|during|across|throughout|on)\s+(?:(?:this|that|the|these|those|all|any|our|every|of)\s+)+"
    r"(?:talk|video|transcript|episode|podcast|interview|conversation|library|server|discussion|meeting|call)s?)$",
    re.IGNORECASE,
)
_WHERE = re.compile(r"(?:by|in|on|at|during|across)\b", re.IGNORECASE)
_QUOTED = re.compile(r'"([^"]*\w[^"]*)"')
_NAME = re.compile(r"\b[^\W\d_]*[A-Z]\w*(?:[ -][A-Z]\w*)*")

_JAPANESE = re.compile(r"何[回度]|最初に|初めて|はじめて")
_JAPANESE_QUOTED = re.compile(r"[「『]([^」』]+)[」』]")
_JAPANESE_WHERE = re.compile(r"^.*?(?:動画|講演|話|トーク|ビデオ|対談|会議|番組)(?:の中)?(?:で|では|には)、?")
_JAPANESE_WHO = re.compile(r"^(?:彼女|彼ら|彼|誰か|話者|講演者|話し手|みんな|皆)[はがも]、?")
_JAPANESE_END = re.compile(
    r"(?:(?:という|って|との)?(?:言葉|単語|語|名前|用語|フレーズ|話題|話|こと)?(?:について|に関して|は|が|を|も|に|と|って|の|、))+$"
)
_JAPANESE_VERB = re.compile(
    r"(?:言|云|話し|話さ|話す|話題に|話が|話を|出て|出た|出る|出ま|出現|登場|触れ|述べ|語ら|語っ|使|言及|現れ|口に|聞)"
)


def counted(question: str) -> str | None:
    """Return what a question wants counted, a phrase in quotation marks with them; None if it wants no counting."""
    text = " ".join(question.translate(QUOTATION).split()).rstrip("?？!.。 ")
    words = _japanese(text) if _JAPANESE.search(text) else _english(text)
    return words if words and any(map(str.isalnum, words)) else None


def _english(text: str) -> str | None:
    begins = _TURNED.match(text) or _BEGINNING.match(text)
    if begins is None:
        return None
    rest = text[begins.end() :].strip(" ,:")
    often = begins.re is _TURNED or begins["often"] is not None
    if not often and not re.search(r"\bfirst\b", rest, re.IGNORECASE):
        return None
    if quoted := _QUOTED.search(rest):
        return quoted[0]
    return next(filter(None, _objects(rest)), None) if _SAYING.match(rest) else _bare(rest)


def _objects(rest: str) -> Iterator[str | None]:
    """Yield what a sentence of saying may be about, the surest first."""
    active = _ACTIVE.fullmatch(rest)
    if active and (words := _bare(active["object"])) and not _WHERE.match(words):
        yield words
    if passive := _PASSIVE.fullmatch(rest):
        yield _subject(passive["object"])
    if active and active["subject"]:
        yield _subject(active["subject"])
    if first := _FIRST.match(rest):
        yield _subject(first["object"])
    yield next((name for name in reversed(_NAME.findall(rest)) if name != "I"), None)


def _subject(text: str) -> str | None:
    """Return what is mentioned where it is the subject of its sentence; a speaker isn't."""
    return None if _SPEAKER.fullmatch(text.strip()) else _bare(text)


def _bare(text: str) -> str | None:
    """Return words without what introduces them and what says where they were said."""
    text = f" {text.strip(' ,:')}"
    while (shorter := _AFTER.sub("", text)) != text:
        text = shorter
    text = f"{text.strip()} "
    begins = _BEFORE.match(text)
    return text[begins.end() if begins else 0 :].strip(" ,:") or None


def _japanese(text: str) -> str | None:
    if quoted := _JAPANESE_QUOTED.search(text) or _QUOTED.search(text):
        return f'"{quoted[1]}"'
    asking = _JAPANESE.search(text)
    assert asking is not None
    before, after = text[: asking.start()], text[asking.end() :]
    if asking[0][0] != "何" and not re.search(r"いつ|何[時分]|どこ|どの", text):
        return None
    if words := _japanese_bare(before):
        return words
    verb = _JAPANESE_VERB.search(after)
    return _japanese_bare(after[: verb.start()]) if verb else None


def _japanese_bare(text: str) -> str | None:
    text = _JAPANESE_WHERE.sub("", text.strip(" 、"))
    text = _JAPANESE_WHO.sub("", text)
    text = re.sub(r"(?:全部で|合計で?|これまでに|一番|いったい|一体)$", "", text)
    return _JAPANESE_END.sub("", text).strip(" 、") or None
