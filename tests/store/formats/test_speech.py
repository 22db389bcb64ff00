"""JSON of speech recognition: units of time, scripts without spaces, channels, speakers."""

import json

import pytest

from store.formats import read
from store.models import Cue


def cues(document: object) -> tuple[Cue, ...]:
    """What is read of a document."""
    return read(json.dumps(document).encode(), "talk.json").transcript.cues


def words(*texts: str, key: str = "word", **more: object) -> list[dict[str, object]]:
    """Words of half a second each."""
    return [{key: text, "start": at / 2, "end": at / 2 + 0.4, **more} for at, text in enumerate(texts)]


def test_times_with_fractions_are_no_milliseconds() -> None:
    (cue,) = cues({"utterances": [{"start": 0.5, "end": 65.2, "text": "low water", "speaker": "A"}]})
    assert cue == Cue(500, "low water", 65_200, "Speaker A")
    (cue,) = cues({"utterances": [{"start": 500, "end": 65200, "text": "low water", "speaker": "A"}]})
    assert cue == Cue(500, "low water", 65_200, "Speaker A")


@pytest.mark.parametrize(
    "document",
    [
        {"words": words("今", "日", "は", "。")},
        {"segments": [{"body": one["word"], "startTime": one["start"]} for one in words("今", "日", "は", "。")]},
        {"results": {"channels": [{"alternatives": [{"words": words("今", "日", "は", "。")}]}]}},
        {"language_code": "jpn", "words": words("今", "日", "は", "。", key="text", type="word")},
        {"results": {"language_code": "ja-JP", "items": [
            {"start_time": f"{at}", "end_time": f"{at}.5", "type": "pronunciation", "alternatives": [{"content": said}]}
            for at, said in enumerate("今日は。")
        ]}},
    ],
)  # fmt: skip
def test_words_of_a_script_without_spaces_are_joined_without(document: object) -> None:
    assert [cue.text for cue in cues(document)] == ["今日は。"]


def test_other_words_in_such_a_text_and_korean_keep_their_spaces() -> None:
    assert [cue.text for cue in cues({"words": words("안녕", "여러분", "GPU", "を", "使う")})] == [
        "안녕 여러분 GPU を使う"
    ]
    assert [cue.text for cue in cues({"words": words("สวัส", "ดี", "AI")})] == ["สวัสดี AI"]


def test_japanese_words_are_parted_by_time_as_others_are() -> None:
    items = [
        {"start_time": str(at), "end_time": str(at + 0.9), "type": "pronunciation", "alternatives": [{"content": "水"}]}
        for at in range(40)
    ]
    assert len(cues({"results": {"language_code": "ja-JP", "items": items}})) > 1


def test_sentences_without_spaces_are_no_words_of_a_podcast() -> None:
    segments = [{"startTime": at, "endTime": at + 1, "body": "大家好，欢迎收听。"} for at in range(3)]
    assert len(cues({"segments": segments})) == 3


def test_channels_without_sentences_are_merged_by_their_times() -> None:
    said = [[("hi", 0.1), ("bye", 5.1)], [("yo", 1.1), ("ok", 6.1)]]
    channels = [
        {"alternatives": [{"words": [{"word": word, "start": at, "end": at + 0.4} for word, at in one]}]}
        for one in said
    ]
    found = cues({"results": {"channels": channels}})
    assert [(cue.start_ms, cue.text) for cue in found] == [(100, "hi"), (1100, "yo"), (5100, "bye"), (6100, "ok")]


def test_speakers_of_whisper_cpp_are_kept_and_unknown_ones_left_out() -> None:
    spoken = [("0", 0), ("1", 1000), ("?", 2000)]
    items = [{"offsets": {"from": at, "to": at + 900}, "text": " x", "speaker": who} for who, at in spoken]
    assert [cue.speaker for cue in cues({"transcription": items})] == ["Speaker 0", "Speaker 1", None]


def test_what_is_shown_for_a_while_ends_then_or_with_the_next() -> None:
    found = cues([{"text": "a", "start": 0.5, "duration": 3}, {"text": "b", "start": 2.0, "duration": 1.5}])
    assert found == (Cue(500, "a", 2000), Cue(2000, "b", 3500))
