"""Made transcripts and questions of any number: real English words, as often as they are said.

Words are drawn by their frequencies (PyPI `wordfreq`); in each transcript a few dozen, its topics, are said far more
often than elsewhere. In 10,000 passages a question's words have as many postings as those of real questions about real
captions: 5, 13 and 26 in a hundred passages at the quantiles 10, 50 and 90. Every five cues have 40 words, so a
transcript has exactly the passages it should. Each is made from the seed and its number alone, when it is needed.
"""

import re
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from wordfreq import get_frequency_dict

from store.text.analysis import stem, terms
from store.text.stopwords import ASKING, ENGLISH

SEED = 2026
PASSAGES = 500  # of a transcript: about 20,000 words, two hours of talk
LENGTHS = (6, 7, 8, 9, 10)  # words of five cues, in any order: half of a passage's words
SECONDS = 3  # from a cue to the next
TOPICS = (30, 60)  # of a transcript: at least, at most
TOPICAL = 0.12  # of a transcript's words are its topics
TOPIC_PLACES = 100, 60_000  # between which topics are found, the most frequent word being the first
CONTENT = (3, 8)  # words of a question that are searched for: at least, at most
ASKED_TOPICS = 0.6  # of them are topics of one transcript, the others any words of the language
OPENINGS = ("what about", "what was it about", "why did they", "how do you", "who was with", "where is", "when did we")
BETWEEN = ("and", "the", "of", "in the", "with", "or", "for a", "and the", "from", "")


class Texts:
    """Made transcripts, numbered from 0, and questions about them: the same for the same seed."""

    def __init__(self, seed: int = SEED) -> None:
        self._seed = seed
        frequency = {w: f for w, f in get_frequency_dict("en").items() if re.fullmatch(r"[a-z]+(?:'[a-z]+)?", w)}
        words = sorted(frequency, key=lambda word: (-frequency[word], word))
        self._words = np.array(words, dtype=object)
        self._spread = _spread(frequency[word] for word in words)
        asking = {*ASKING, *map(stem, ASKING)}
        content = [w for w in words if (folded := w.replace("'", "")) not in ENGLISH and stem(folded) not in asking]
        self._content = np.array(content, dtype=object)
        self._content_spread = _spread(frequency[word] for word in content)

    def topics(self, number: int) -> list[str]:
        """Return the topics of a transcript, the one that is said most often first."""
        chance = np.random.default_rng((self._seed, number))
        count = int(chance.integers(TOPICS[0], TOPICS[1] + 1))
        # Places by their logarithms: a talk is about power and water as well as about desalination.
        first, last = np.log(TOPIC_PLACES).tolist()
        places = np.exp(chance.uniform(first, last, 2 * count)).astype(int).tolist()
        return [str(self._content[place]) for place in list(dict.fromkeys(places))[:count]]

    def transcript(self, number: int, passages: int = PASSAGES, *, version: int = 0) -> bytes:
        """Return the file of a transcript; another `version` has the same video and topics, but says other words."""
        chance = np.random.default_rng((self._seed, number, version, 1))
        topics = np.array(self.topics(number), dtype=object)
        fives = passages + 1
        count = fives * sum(LENGTHS)
        said = self._words[_drawn(chance, self._spread, count)]
        on_topic = chance.random(count) < TOPICAL
        of_topics = _spread(1 / np.sqrt(np.arange(1, len(topics) + 1)))
        said[on_topic] = topics[_drawn(chance, of_topics, int(on_topic.sum()))]
        lengths = chance.permuted(np.tile(LENGTHS, (fives, 1)), axis=1).ravel()
        ends = np.cumsum(lengths).tolist()
        words = said.tolist()
        lines = ["---", f'title: "Talk {number} about {topics[0]} and {topics[1]}"', f'video_id: "talk-{number}"']
        lines += [f'speaker: "Speaker {number % 20}"', f'date: "2025-{number % 12 + 1:02}-01"', "---", ""]
        start = 0
        for at, end in enumerate(ends):
            minute, second = divmod(SECONDS * at, 60)
            lines.append(f"- [{minute}:{second:02}] {' '.join(words[start:end])}")
            start = end
        return "\n".join(lines).encode()

    def questions(self, count: int, transcripts: int, *, begin: int = 0, first: int = 0) -> list[str]:
        """Return questions about any of so many transcripts, counted from `begin`.

        They are those from `first` on of a series without end.
        """
        return [self._question(number, begin, begin + transcripts) for number in range(first, first + count)]

    def _question(self, number: int, begin: int, end: int) -> str:
        chance = np.random.default_rng((self._seed, number, 2))
        wanted = int(chance.integers(CONTENT[0], CONTENT[1] + 1))
        topics = chance.permutation(self.topics(int(chance.integers(begin, end)))).tolist()
        asked: dict[str, str] = {}  # by term: none is asked twice
        while len(asked) < wanted:
            general = chance.random() >= ASKED_TOPICS
            word = str(self._content[_drawn(chance, self._content_spread, 1)[0]]) if general else str(topics.pop())
            asked.setdefault(" ".join(terms(word)), word)
        text = str(chance.choice(OPENINGS))
        for at, word in enumerate(asked.values()):
            between = chance.choice(BETWEEN) if at else "the"
            text += f" {between} {word}" if between else f" {word}"
        return text


def _spread(weights: Iterable[float]) -> npt.NDArray[np.float64]:
    """Return weights summed up, from which words are drawn."""
    sums = np.cumsum(np.fromiter(weights, dtype=np.float64))
    return np.asarray(sums / sums[-1])


def _drawn(chance: np.random.Generator, spread: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.int64]:
    """Draw the places of so many words."""
    return np.minimum(np.searchsorted(spread, chance.random(count), side="right"), len(spread) - 1)
