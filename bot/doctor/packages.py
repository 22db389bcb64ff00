"""Whether Python and the installed packages are what Verbatim requires, as its own package says."""

import platform
from collections.abc import Iterator
from importlib import metadata

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from bot.doctor.finding import Finding, ok, warning, wrong

NAME = "verbatim-bot"
EXTRAS = {"charts": "bars as pictures", "meaning": "the same in other words", "demo": "the demo"}


def packages(name: str = NAME) -> Iterator[Finding]:
    """Say whether what is installed is recent enough, and which optional extras are there."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        yield ok("Python", f"Python {platform.python_version()} runs.")
        yield warning("packages", "Verbatim isn't installed as a package, so nothing says what it requires.")
        return
    least = about["Requires-Python"] or ""
    said = f"Python {platform.python_version()} runs; Verbatim {about['Version']} requires {least}."
    if SpecifierSet(least).contains(platform.python_version(), prereleases=True):
        yield ok("Python", said)
    else:
        yield wrong("Python", said, "Install such a Python, and Verbatim with it.")
    required = [Requirement(one) for one in metadata.requires(name) or ()]
    needed = [one for one in required if one.marker is None or one.marker.evaluate({"extra": ""})]
    lacking = [sentence for one in needed if (sentence := _lacking(one))]
    for sentence in lacking:
        yield wrong("packages", sentence, "Install Verbatim again: `pip install --upgrade`, as it was installed.")
    if not lacking:
        yield ok("packages", f"All that are required are there, and recent enough: {len(needed)}.")
    optional = {extra: [one for one in required if _is_of(one, extra)] for extra in EXTRAS}
    there = [extra for extra, ones in optional.items() if ones and not any(map(_lacking, ones))]
    yield ok("extras", "; ".join(f"{extra} ({what}): {_is(extra in there)}" for extra, what in EXTRAS.items()) + ".")


def _lacking(required: Requirement) -> str | None:
    """Return what is wrong with a package that is required, as a sentence; None where nothing is."""
    try:
        version = metadata.version(required.name)
    except metadata.PackageNotFoundError:
        return f"{required.name} isn't installed; {str(required.specifier) or 'any version'} is required."
    if not required.specifier.contains(version, prereleases=True):
        return f"{required.name} {version} is installed; {required.specifier} is required."
    return None


def _is_of(required: Requirement, extra: str) -> bool:
    marker = required.marker
    return marker is not None and not marker.evaluate({"extra": ""}) and marker.evaluate({"extra": extra})


def _is(there: bool) -> str:
    return "installed" if there else "not installed"
