"""The languages that transcripts are known to be in: their codes and names, and whose stemmer is theirs.

A word is treated by its transcript's language where that is written in the word's script, and else by its script's own
(`store.text.scripts`): an English name in a Russian talk is English.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from store.errors import LanguageError
from store.sentences import LanguageName
from store.text.scripts import OWN


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its ISO 639-1 `code`, its English `name`, the scripts it is written in, and its Snowball stemmer.

    Where there is no stemmer, its words stay as they are.
    """

    code: str
    name: str
    scripts: frozenset[str]
    stemmer: str | None

    @property
    def is_own(self) -> bool:
        """Whether its words are treated otherwise than those of its script usually are."""
        return any(OWN.get(script) != self.stemmer for script in self.scripts)


# Code, ISO 639-2 and other codes, also of dialects that fastText tells apart, name, scripts, stemmer. Languages near
# another that has a stemmer share it.
_TABLE = """
    af afr Afrikaans latin dutch
    ar ara,arz Arabic arabic arabic
    be bel Belarusian cyrillic russian
    bg bul,bg Bulgarian cyrillic russian
    bs bos Bosnian latin serbian
    ca cat Catalan latin catalan
    cs ces,cze Czech latin czech
    da dan Danish latin danish
    de deu,ger,bar,als,gsw German latin german
    el ell,gre Greek greek greek
    en eng English latin english
    eo epo Esperanto latin esperanto
    es spa Spanish latin spanish
    et est Estonian latin estonian
    eu eus,baq Basque latin basque
    fa fas,per Persian arabic persian
    fi fin Finnish latin finnish
    fil tl,tgl,fil Filipino latin -
    fr fra,fre French latin french
    ga gle Irish latin irish
    gl glg Galician latin portuguese
    he heb,iw Hebrew hebrew -
    hi hin Hindi devanagari hindi
    hr hrv,sh,hbs Croatian latin serbian
    hu hun Hungarian latin hungarian
    hy hye,arm Armenian armenian armenian
    id ind,in Indonesian latin indonesian
    is isl,ice Icelandic latin -
    it ita Italian latin italian
    ja jpn Japanese cjk -
    km khm Khmer cjk -
    ko kor Korean cjk -
    lo lao Lao cjk -
    lt lit Lithuanian latin lithuanian
    lv lav Latvian latin -
    mk mkd,mac Macedonian cyrillic russian
    mr mar Marathi devanagari hindi
    ms msa,may,zsm Malay latin indonesian
    my mya,bur Burmese cjk -
    ne nep Nepali devanagari nepali
    nl nld,dut Dutch latin dutch
    no nor,nb,nob,nn,nno Norwegian latin norwegian
    pl pol Polish latin polish
    pt por Portuguese latin portuguese
    ro ron,rum Romanian latin romanian
    ru rus Russian cyrillic russian
    sk slk,slo Slovak latin -
    sl slv Slovenian latin -
    sq sqi,alb Albanian latin -
    sr srp Serbian cyrillic,latin serbian
    sv swe Swedish latin swedish
    sw swa Swahili latin -
    ta tam Tamil tamil tamil
    th tha Thai cjk -
    tr tur Turkish latin turkish
    uk ukr Ukrainian cyrillic russian
    ur urd Urdu arabic -
    vi vie Vietnamese latin -
    yi yid,ji Yiddish hebrew yiddish
    zh zho,chi,yue,cmn,wuu Chinese cjk -
"""

LANGUAGES: dict[str, Language] = {}
_NAMED: dict[str, str] = {}
for _line in _TABLE.strip().splitlines():
    _code, _others, _name, _scripts, _stemmer = _line.split()
    LANGUAGES[_code] = Language(_code, _name, frozenset(_scripts.split(",")), None if _stemmer == "-" else _stemmer)
    _NAMED |= dict.fromkeys((_code, *_others.split(","), _name.casefold()), _code)

# The languages whose words are treated otherwise than those of their scripts are without a language.
_VARIED = {code: language.scripts for code, language in LANGUAGES.items() if language.is_own}

COMPOUNDING = frozenset({"af", "da", "de", "is", "nl", "no", "sv"})  # their compounds are written as one word
CAPITALISING = frozenset({"de"})  # every noun of theirs has a capital, not names alone

_IN_A_NAME = re.compile(r"\.([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\.[A-Za-z0-9]+$")


def code(said: str) -> str | None:
    """Return the code of a language as it is said: by a code, with a region or script too, or by its English name."""
    said = said.strip().casefold().replace("_", "-")
    return _NAMED.get(said) or _NAMED.get(said.split("-")[0])


def chosen(said: str) -> str:
    """Return the code of a language that somebody chose.

    Raises:
        LanguageError: it isn't known.
    """
    if (found := code(said)) is None:
        raise LanguageError(
            "There is no language “{name}”; name it in English, as German, or by a code (de).", name=said[:40]
        )
    return found


def of_file(name: str) -> str | None:
    """Return the code that stands before a file name's ending, as in `talk.de.vtt`."""
    found = _IN_A_NAME.search(name)
    return code(found[1]) if found else None


def said(code: str) -> LanguageName:
    """Return a language's name as a sentence holds it."""
    return LanguageName(code, named(code))


def named(code: str) -> str:
    """Return a language's English name; of one that isn't known its code."""
    return LANGUAGES[code].name if code in LANGUAGES else code


def varieties(codes: Iterable[str]) -> tuple[str, ...]:
    """Return languages whose words are all treated in different ways: "" for all that have none of their own."""
    return tuple(dict.fromkeys(code if code in _VARIED else "" for code in codes)) or ("",)


def is_varied(code: str) -> bool:
    """Say whether words of a language are treated otherwise than those of its script usually are."""
    return code in _VARIED


def variety(script: str, language: str) -> str:
    """Return the language by which words of a script are treated in transcripts of one; "" for the script's own."""
    return language if script in _VARIED.get(language, ()) else ""
