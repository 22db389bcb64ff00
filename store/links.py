"""Links to a second of a video, and what makes two links the same video: docs/links.md has each host's forms.

A link of any other host is kept as it is: it opens the video, and the reader finds the second by the time beside it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlencode, urlsplit, urlunsplit

MAX_URL = 512  # Discord refuses longer link buttons.
_MEDIA = (
    *(".mp3", ".mp4", ".m4a", ".m4b", ".m4v", ".mov", ".webm", ".ogg", ".oga", ".ogv", ".opus", ".wav", ".flac"),
    *(".aac", ".mkv"),
)
_YOUTUBE_HOSTS = {"youtube.com", "youtube-nocookie.com", "music.youtube.com", "gaming.youtube.com"}
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_YOUTUBE_PATH = re.compile(r"/(?:shorts|live|embed|v|e)/([^/]+)")
_VIMEO_PATH = re.compile(r"/(?:.*/)?(\d{3,})(?:/([0-9a-f]{6,}))?/?")
_TWITCH_PATH = re.compile(r"/(?:videos|[^/]+/(?:v|video))/v?(\d+)/?")
_NICONICO_PATH = re.compile(r"/(?:watch/)?((?:sm|nm|so)?\d{1,12})/?")
_BILIBILI_PATH = re.compile(r"/(?:video/)?(BV[0-9A-Za-z]{10}|av\d{1,14})/?", re.IGNORECASE)
_DAILYMOTION_PATH = re.compile(r"/(?:embed/)?(?:video/)?([a-z0-9]{5,12})(?:_[^/]*)?/?", re.IGNORECASE)
_SOUNDCLOUD_PATH = re.compile(r"/([\w-]+)/([\w-]+)(?:/(s-[A-Za-z0-9]+))?/?")
_SOUNDCLOUD_PAGES = {"sets", "tracks", "albums", "likes", "reposts", "followers", "following", "popular-tracks"}
_SPOTIFY_PATH = re.compile(r"/(?:intl-[a-z-]+/)?(?:embed/)?(episode|track)/([0-9A-Za-z]{22})/?")
_APPLE_PATH = re.compile(r"/(?:[a-z]{2}/)?podcast/(?:[^/]+/)?id(\d+)/?")
_ARCHIVE_PATH = re.compile(r"/(?:details|embed|download)/([A-Za-z0-9][\w.-]{0,99})(?:/.*)?", re.ASCII)
_CCC_PATH = re.compile(r"/v/([\w.%-]+)/?")
# PeerTube stands on hosts of any name: by its ids, a UUID or the short form of one.
_PEERTUBE_PATH = re.compile(
    r"/(?:w|videos/(?:watch|embed))/([1-9A-HJ-NP-Za-km-z]{22}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?"
)
_STILLS = {
    "youtube": "https://i.ytimg.com/vi/{}/hqdefault.jpg",
    "dailymotion": "https://www.dailymotion.com/thumbnail/video/{}",
}
_TIMES = {"t", "start", "from", "time_continue", "r"}
_TRACKING = re.compile(
    r"utm_\w+|si|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_hs\w+|vero_id|yclid|twclid|ttclid|spm\w*|spm_id_from|"
    r"vd_source|share_\w+|feature|pp|ref_?src|_branch_match_id|mkt_tok|wickedid|oly_\w+_id",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Video:
    """A video at a provider that can open at a second; `secret` is the rest that its address needs."""

    provider: str
    id: str
    secret: str | None = None


def checked(url: str) -> str | None:
    """Return the web address in `url` without what only follows people, or None if Discord wouldn't link to it."""
    url = url.strip()
    if "://" not in url and re.match(r"(?:www\.)?[\w-]+(?:\.[\w-]+)+/", url):
        url = f"https://{url}"
    if len(url) > MAX_URL or any(c.isspace() or not c.isprintable() or c in '<>"`\\|' for c in url):
        return None
    parts = _split(url)
    if parts is None or parts.scheme not in {"http", "https"} or "." not in (parts.hostname or ""):
        return None
    return _untracked(url, parts)


def video(url: str) -> Video | None:
    """Recognise the video behind an address of one of the hosts that open at a second."""
    parts = _split(url)
    if parts is None:
        return None
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    known = _HOSTS.get(host)
    if known is not None:
        return known(parts)
    if match := _PEERTUBE_PATH.fullmatch(parts.path):
        return Video("peertube", match[1], host if parts.port is None else f"{host}:{parts.port}")
    return None


def moment(url: str, start_ms: int) -> str | None:
    """Return the address that opens the video at a second, or None where the host knows no such address."""
    seconds = start_ms // 1000
    found = video(url)
    if found is not None:
        return _at(found, seconds)
    parts = _split(url)
    if parts is not None and parts.path.lower().endswith(_MEDIA):
        # Media Fragments URI 1.0 (W3C), section 4.2.1.
        link = urlunsplit(parts._replace(fragment=f"t={seconds}"))
        return link if len(link) <= MAX_URL else None
    return None


def nearest(url: str | None, start_ms: int) -> str | None:
    """Return the address that opens nearest to a second: the moment's, else the video's; None where there is none."""
    return (moment(url, start_ms) or url) if url is not None else None


def thumbnail(url: str) -> str | None:
    """Return the address of a still of the video, of hosts that have one by its id alone; docs/links.md names them."""
    found, parts = video(url), _split(url)
    if found is not None and found.provider in _STILLS:
        return _STILLS[found.provider].format(found.id)
    if parts is not None and (parts.hostname or "").removeprefix("www.") == "archive.org":
        item = _ARCHIVE_PATH.fullmatch(parts.path)
        return f"https://archive.org/services/img/{item[1]}" if item else None
    return None


def identity(url: str) -> str:
    """Return a key that is equal for two addresses of the same video."""
    if found := video(url):
        more = f"/{found.secret}" if found.secret and found.provider in {"peertube", "apple", "bilibili"} else ""
        return f"{found.provider}:{found.id}{more}"
    return _bare(url)


def source(url: str, video_id: str | None) -> str:
    """Return the key of a video by its link, and by its id where the host isn't known."""
    return identity(url) + (f"#{video_id}" if video_id and video(url) is None else "")


def _bare(url: str) -> str:
    """Return an address without what doesn't change what it opens."""
    parts = _split(url)
    if parts is None:
        return f"url:{url}"
    host = (parts.hostname or "").removeprefix("www.")
    every = [(k, v) for k, vs in parse_qs(parts.query).items() for v in vs if k not in {"t", "start"}]
    query = urlencode(sorted(p for p in every if not _TRACKING.fullmatch(p[0])), errors="replace")
    port = f":{parts.port}" if parts.port else ""
    return f"url:{host}{port}{parts.path.rstrip('/')}{'?' if query else ''}{query}"


def _at(found: Video, seconds: int) -> str:  # noqa: PLR0911 - a host a line
    """Return the address of a second in the host's own form."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    id_, secret = found.id, found.secret
    match found.provider:
        case "youtube":
            return f"https://www.youtube.com/watch?v={id_}&t={seconds}s"
        case "vimeo":
            return f"https://vimeo.com/{id_}{f'/{secret}' if secret else ''}#t={seconds}s"
        case "twitch":
            return f"https://www.twitch.tv/videos/{id_}?t={hours}h{minutes}m{rest}s"
        case "niconico":
            return f"https://www.nicovideo.jp/watch/{id_}?from={seconds}"
        case "bilibili":
            return f"https://www.bilibili.com/video/{id_}?{f'p={secret}&' if secret else ''}t={seconds}"
        case "dailymotion":
            return f"https://www.dailymotion.com/video/{id_}?start={seconds}"
        case "soundcloud":
            clock = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
            return f"https://soundcloud.com/{id_}{f'/{secret}' if secret else ''}#t={clock}"
        case "spotify":
            return f"https://open.spotify.com/{id_}?t={seconds}"
        case "apple":
            return f"https://podcasts.apple.com/podcast/id{id_}?i={secret}&r={seconds}"
        case "ccc":
            return f"https://media.ccc.de/v/{id_}#t={seconds}"
        case _:
            return f"https://{secret}/w/{id_}?start={seconds}s"


def _youtube(parts: SplitResult) -> Video | None:
    if parts.hostname == "youtu.be":
        candidate = parts.path.strip("/").split("/")[0]
    elif match := _YOUTUBE_PATH.match(parts.path):
        candidate = match[1]
    else:
        candidate = _first(parts, "v") or ""
    return Video("youtube", candidate) if _YOUTUBE_ID.fullmatch(candidate) else None


def _vimeo(parts: SplitResult) -> Video | None:
    if (match := _VIMEO_PATH.fullmatch(parts.path)) is None:
        return None
    secret = match[2] or _first(parts, "h")
    return Video("vimeo", match[1], secret if secret and re.fullmatch("[0-9a-f]+", secret) else None)


def _twitch(parts: SplitResult) -> Video | None:
    match = _TWITCH_PATH.fullmatch(parts.path)
    return Video("twitch", match[1]) if match else None


def _twitch_player(parts: SplitResult) -> Video | None:
    match = re.fullmatch(r"v?(\d+)", _first(parts, "video") or "")
    return Video("twitch", match[1]) if match else None


def _niconico(parts: SplitResult) -> Video | None:
    match = _NICONICO_PATH.fullmatch(parts.path)
    return Video("niconico", match[1]) if match else None


def _bilibili(parts: SplitResult) -> Video | None:
    if (match := _BILIBILI_PATH.fullmatch(parts.path)) is None:
        return None
    part = _first(parts, "p") or ""
    # A `BV` id tells capitals apart; `av` ids are numbers.
    id_ = f"BV{match[1][2:]}" if match[1][:2].lower() == "bv" else match[1].lower()
    return Video("bilibili", id_, part if part.isdigit() and part.isascii() and int(part[:9]) > 1 else None)


def _dailymotion(parts: SplitResult) -> Video | None:
    if parts.hostname != "dai.ly" and not parts.path.startswith(("/video/", "/embed/video/")):
        candidate = _first(parts, "video") or ""
        return Video("dailymotion", candidate.lower()) if re.fullmatch(r"[A-Za-z0-9]{5,12}", candidate) else None
    match = _DAILYMOTION_PATH.fullmatch(parts.path)
    return Video("dailymotion", match[1].lower()) if match else None


def _soundcloud(parts: SplitResult) -> Video | None:
    match = _SOUNDCLOUD_PATH.fullmatch(parts.path)
    if match is None or match[2].lower() in _SOUNDCLOUD_PAGES or match[1].lower() in {"you", "discover", "search"}:
        return None
    return Video("soundcloud", f"{match[1]}/{match[2]}".lower(), match[3])


def _spotify(parts: SplitResult) -> Video | None:
    match = _SPOTIFY_PATH.fullmatch(parts.path)
    return Video("spotify", f"{match[1]}/{match[2]}") if match else None


def _apple(parts: SplitResult) -> Video | None:
    match, episode = _APPLE_PATH.fullmatch(parts.path), _first(parts, "i") or ""
    return Video("apple", match[1], episode) if match and re.fullmatch(r"\d{1,20}", episode) else None


def _ccc(parts: SplitResult) -> Video | None:
    match = _CCC_PATH.fullmatch(parts.path)
    return Video("ccc", match[1]) if match else None


_HOSTS: dict[str, Callable[[SplitResult], Video | None]] = {
    "youtu.be": _youtube,
    **dict.fromkeys(_YOUTUBE_HOSTS, _youtube),
    "vimeo.com": _vimeo,
    "player.vimeo.com": _vimeo,
    "twitch.tv": _twitch,
    "player.twitch.tv": _twitch_player,
    "nicovideo.jp": _niconico,
    "sp.nicovideo.jp": _niconico,
    "embed.nicovideo.jp": _niconico,
    "nico.ms": _niconico,
    "bilibili.com": _bilibili,
    "b23.tv": _bilibili,
    "dailymotion.com": _dailymotion,
    "geo.dailymotion.com": _dailymotion,
    "dai.ly": _dailymotion,
    "soundcloud.com": _soundcloud,
    "open.spotify.com": _spotify,
    "podcasts.apple.com": _apple,
    "media.ccc.de": _ccc,
}


def _untracked(url: str, parts: SplitResult) -> str:
    """Return an address without tracking parameters, and of a known host without a second."""
    if not parts.query and not parts.fragment:
        return url
    known = video(url) is not None
    dropped = [
        pair
        for pair in parts.query.split("&")
        if _TRACKING.fullmatch(name := pair.split("=", 1)[0]) or (known and name in _TIMES)
    ]
    fragment = "" if known and re.match(r"t=", parts.fragment) else parts.fragment
    if not dropped and fragment == parts.fragment:
        return url
    query = "&".join(pair for pair in parts.query.split("&") if pair not in dropped)
    return urlunsplit(parts._replace(query=query, fragment=fragment))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # a port that isn't a number shows only when it is read
    except ValueError:
        return None
    return parts


def _first(parts: SplitResult, name: str) -> str | None:
    try:
        return parse_qs(parts.query, max_num_fields=100).get(name, [None])[0]
    except ValueError:
        return None
