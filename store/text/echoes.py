"""What stands in a transcript and isn't searched: a line said again right after itself, and thanks that nobody said.

A recogniser that loops writes one line three times and more; it may be true, so it stays in the text, and is found and
quoted once per run. Whisper was trained on subtitles, so it hears their closing lines in silence; where someone says
them while the talk goes on, or right after it, they are words like any others.
"""

from collections.abc import Sequence
from itertools import compress
from operator import eq

import regex

from store.models import Cue

SILENCE_MS = 5000  # before a closing line that nobody said
SLOW_MS = 10_000  # that one lasts, with a few words in it
WORD_MS = 400
LOOP = 5  # equal lines in a row that a moderator should know of

_CLOSING = frozenset(
    """
    thank you|thank you for watching|thanks for watching|thank you so much for watching|thank you very much
    thank you for watching please subscribe to my channel|please subscribe to my channel|please subscribe
    thanks for watching and dont forget to like and subscribe|thank you for listening|bye|bye bye
    subtitles by the amaraorg community|transcription by castingwords|subtitles by|subs by wwwzeoranicom
    ご視聴ありがとうございました|ご清聴ありがとうございました|最後までご視聴ありがとうございました|おやすみなさい
    チャンネル登録お願いします|チャンネル登録よろしくお願いします|ご視聴ありがとうございます
    谢谢观看|感谢观看|谢谢大家|多谢您的观看|請不吝點贊訂閱轉發打賞支持明鏡與點點欄目|请不吝点赞订阅转发打赏支持明镜与点点栏目
    字幕由amaraorg社区提供|字幕由amaraorg社區提供|謝謝觀看|謝謝大家
    시청해주셔서 감사합니다|시청해 주셔서 감사합니다|구독과 좋아요 부탁드립니다
    untertitel der amaraorgcommunity|untertitelung des zdf 2020|untertitelung aufgrund der amaraorgcommunity
    untertitel im auftrag des zdf für funk 2017|vielen dank fürs zuschauen
    danke fürs zuschauen|vielen dank|bis zum nächsten mal
    soustitres réalisés par la communauté damaraorg|soustitres réalisés para la communauté damaraorg
    merci davoir regardé cette vidéo|merci davoir regardé la vidéo|soustitrage st 501
    subtítulos realizados por la comunidad de amaraorg|gracias por ver el video|gracias por ver el vídeo
    legendas pela comunidade amaraorg|obrigado por assistir
    sottotitoli creati dalla comunità amaraorg|grazie per aver guardato il video|sottotitoli e revisione a cura di qtss
    ondertiteld door de amaraorg gemeenschap|bedankt voor het kijken|tv gelderland 2021
    napisy stworzone przez społeczność amaraorg|dziękuję za oglądanie|dzięki za oglądanie
    субтитры сделал dimatorzok|субтитры создавал dimatorzok|продолжение следует|спасибо за просмотр
    редактор субтитров асемкин корректор аегорова|altyazı mk|izlediğiniz için teşekkür ederim
    اشتركوا في القناة|ترجمة نانسي قنقر|شكرا للمشاهدة
    """.replace("\n", "|").split("|")
)
_CLOSINGS = frozenset(line for closing in _CLOSING if (line := closing.strip()))
_SEVERAL = regex.compile(r"\w[^\w]*\s[^\w]*\w|[^\x00-\x7f]{6}")  # words; or characters that have no space between them
_SIGNS = regex.compile(r"[^\p{L}\p{M}\p{N}\s]+")


def unheard(cues: Sequence[Cue]) -> list[int]:
    """Return the positions of the cues that aren't searched, in order."""
    return sorted({*echoes(cues), *_invented(cues)})


def echoes(cues: Sequence[Cue]) -> list[int]:
    """Return the positions of the cues of runs of at least three equal ones, but for the first of each.

    Two in a row are left alone, and a word alone: people say "yes" to each other (measured on meetings: to leave such
    words out costs a point at R@3). Whether a cue is an echo is told by the two before it
    and the one after it.
    """
    again = _again(cues)
    every = set(again)
    return [at for at in again if at - 1 in every or at + 1 in every]


def loops(cues: Sequence[Cue]) -> list[tuple[int, int]]:
    """Return the starts of runs of at least five equal cues, in milliseconds, with how many they are."""
    runs: list[list[int]] = []
    for at in _again(cues):
        if runs and runs[-1][1] == at:
            runs[-1][1] = at + 1
        else:
            runs.append([at - 1, at + 1])
    return [(cues[first].start_ms, end - first) for first, end in runs if end - first >= LOOP]


def _again(cues: Sequence[Cue]) -> list[int]:
    """Return the positions of the cues that say again what the one before them says, in more than a word."""
    texts = [cue.text for cue in cues]
    same = compress(range(1, len(cues)), map(eq, texts[1:], texts))
    return [at for at in same if cues[at].speaker == cues[at - 1].speaker and _SEVERAL.search(texts[at])]


def _invented(cues: Sequence[Cue]) -> range:
    """Return the cues at the end that are closing lines said into silence."""
    first = len(cues)
    while first > 1 and _is_closing(cues[first - 1].text):
        first -= 1
    for at in range(first, len(cues)):
        before, cue = cues[at - 1], cues[at]
        ended = before.end_ms if before.end_ms is not None else before.start_ms + WORD_MS * len(before.text.split())
        lasts = cue.end_ms - cue.start_ms if cue.end_ms is not None else 0
        if cue.start_ms - ended >= SILENCE_MS or lasts >= SLOW_MS:
            return range(at, len(cues))
    return range(0)


def _is_closing(text: str) -> bool:
    bare = " ".join(_SIGNS.sub("", text).casefold().split())
    return bare in _CLOSINGS or bare.replace(" ", "") in _CLOSINGS
