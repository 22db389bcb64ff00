"""Links to a second of a video, and what makes two links the same video.

Each provider's address forms were taken from the addresses its own share buttons produce. A link of any other host is
kept as it is: it opens the video, and the reader finds the second by the time beside it.
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlencode, urlsplit, urlunsplit

MAX_URL = 512  # Discord refuses longer link buttons.
_MEDIA = (
    ".mp3",
    ".mp4",
    ".m4a",
    ".m4v",
    ".mov",
    ".webm",
    ".ogg",
    ".oga",
    ".ogv",
    ".opus",
    ".wav",
    ".flac",
    ".aac",
)
_YOUTUBE_HOSTS = {"youtube.com", "youtube-nocookie.com", "music.youtube.com", "gaming.youtube.com"}
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_YOUTUBE_PATH = re.compile(r"/(?:shorts|live|embed|v|e)/([^/]+)")
_VIMEO_PATH = re.compile(r"/(?:.*/)?(\d{3,})(?:/([0-9a-f]{6,}))?/?")
_TWITCH_PATH = re.compile(r"/(?:videos|[^/]+/(?:v|video))/v?(\d+)/?")


@dataclass(frozen=True, slots=True)
class Video:
    """A video at a provider that can open at a second."""

    provider: str
    id: str
    secret: str | None = None  # Vimeo's hash of an unlisted video


def checked(url: str) -> str | None:
    """Return the web address in `url`, or None if it isn't one that Discord would link to."""
    url = url.strip()
    if "://" not in url and re.match(r"(?:www\.)?[\w-]+(?:\.[\w-]+)+/", url):
        url = f"https://{url}"
    if len(url) > MAX_URL or any(c.isspace() or not c.isprintable() or c in '<>"`\\|' for c in url):
        return None
    parts = _split(url)
    if parts is None or parts.scheme not in {"http", "https"} or "." not in (parts.hostname or ""):
        return None
    return url


def video(url: str) -> Video | None:
    """Recognise the video behind an address of YouTube, Vimeo or Twitch."""
    parts = _split(url)
    if parts is None:
        return None
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host == "youtu.be" or host in _YOUTUBE_HOSTS:
        return _youtube(host, parts)
    if host in {"vimeo.com", "player.vimeo.com"} and (match := _VIMEO_PATH.fullmatch(parts.path)):
        secret = match[2] or _first(parts, "h")
        return Video("vimeo", match[1], secret if secret and re.fullmatch("[0-9a-f]+", secret) else None)
    if host == "twitch.tv" and (match := _TWITCH_PATH.fullmatch(parts.path)):
        return Video("twitch", match[1])
    if host == "player.twitch.tv" and (match := re.fullmatch(r"v?(\d+)", _first(parts, "video") or "")):
        return Video("twitch", match[1])
    return None


def moment(url: str, start_ms: int) -> str | None:
    """Return the address that opens the video at a second, or None where the host knows no such address."""
    seconds = start_ms // 1000
    match video(url):
        case Video("youtube", id=id_):
            return f"https://www.youtube.com/watch?v={id_}&t={seconds}s"
        case Video("vimeo", id=id_, secret=secret):
            return f"https://vimeo.com/{id_}{f'/{secret}' if secret else ''}#t={seconds}s"
        case Video("twitch", id=id_):
            hours, rest = divmod(seconds, 3600)
            return f"https://www.twitch.tv/videos/{id_}?t={hours}h{rest // 60}m{rest % 60}s"
    parts = _split(url)
    if parts is not None and parts.path.lower().endswith(_MEDIA):
        # Media Fragments URI 1.0 (W3C), section 4.2.1.
        link = urlunsplit(parts._replace(fragment=f"t={seconds}"))
        return link if len(link) <= MAX_URL else None
    return None


def nearest(url: str | None, start_ms: int) -> str | None:
    """Return the address that opens nearest to a second: the moment's, else the video's; None where there is none."""
    return (moment(url, start_ms) or url) if url is not None else None


def identity(url: str) -> str:
    """Return a key that is equal for two addresses of the same video."""
    if found := video(url):
        return f"{found.provider}:{found.id}"
    parts = _split(url)
    if parts is None:
        return f"url:{url}"
    host = (parts.hostname or "").removeprefix("www.")
    pairs = sorted((k, v) for k, vs in parse_qs(parts.query).items() for v in vs if k not in {"t", "start"})
    query = urlencode(pairs, errors="replace")
    port = f":{parts.port}" if parts.port else ""
    return f"url:{host}{port}{parts.path.rstrip('/')}{'?' if query else ''}{query}"


def _youtube(host: str, parts: SplitResult) -> Video | None:
    if host == "youtu.be":
        candidate = parts.path.strip("/").split("/")[0]
    elif match := _YOUTUBE_PATH.match(parts.path):
        candidate = match[1]
    else:
        candidate = _first(parts, "v") or ""
    return Video("youtube", candidate) if _YOUTUBE_ID.fullmatch(candidate) else None


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
