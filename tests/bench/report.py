"""What `speed` has measured, as a table and as a picture."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

OURS, BESIDE = "verbatim", "tantivy"
REBUILD = "rebuild"
COLORS = {"verbatim": "#c2185b", "tantivy": "#1565c0", "bm25s": "#2e7d32", "fts5": "#ef6c00", "rank-bm25": "#6d4c41"}


@dataclass(slots=True)
class Row:
    """One engine at one size; None is what wasn't measured, or what the engine can't do.

    `cpu_p50_ms` is what all threads of the process worked on a question, whatever else the machine was doing. The lag
    is (p50, p99, most): how much later than it should a task woke up.
    """

    engine: str
    passages: int
    questions: int = 0
    p50_ms: float | None = None
    p99_ms: float | None = None
    cpu_p50_ms: float | None = None
    ranking_p50_ms: float | None = None
    ranking_p99_ms: float | None = None
    build_s: float | None = None
    add_p50_ms: float | None = None
    add_p99_ms: float | None = None
    searchable_p50_ms: float | None = None
    searchable_p99_ms: float | None = None
    replace_p50_ms: float | None = None
    remove_p50_ms: float | None = None
    open_ms: float | None = None
    memory_mb: float | None = None
    index_memory_mb: float | None = None
    disk_mb: float | None = None
    index_disk_mb: float | None = None
    same_top10: float | None = None
    lag_idle_ms: tuple[float, float, float] | None = None
    lag_asking_ms: tuple[float, float, float] | None = None
    lag_adding_ms: tuple[float, float, float] | None = None

    def rounded(self) -> dict[str, object]:
        """Return it for JSON, to the microsecond."""
        found: dict[str, object] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, tuple):
                value = [round(part, 3) for part in value]
            found[field.name] = round(value, 3) if isinstance(value, float) else value
        return found


def table(rows: Sequence[Row]) -> str:
    """Return the rows in columns, size by size, and below them what is ours alone."""
    lines: list[str] = []
    for size in dict.fromkeys(row.passages for row in rows):
        here = [row for row in rows if row.passages == size]
        beside = next((row.p50_ms for row in here if row.engine == BESIDE), None)
        cells = [["engine", *COLUMNS, f"÷ {BESIDE}"]]
        for row in here:
            ratio = f"{row.p50_ms / beside:.1f}" if beside and row.p50_ms is not None else "–"
            cells.append([row.engine, *(shown(row) for shown in COLUMNS.values()), ratio])
        lines += [f"{size:,} passages", *_aligned(cells)]
        lines += [line for row in here if row.engine == OURS for line in _ours(row)] + [""]
    return "\n".join(lines)


def _ours(row: Row) -> list[str]:
    def late(spread: tuple[float, float, float] | None) -> str:
        return "/".join(_number(part) for part in spread) if spread else "–"

    ranking = f"ranking alone {_number(row.ranking_p50_ms)} ms p50, {_number(row.ranking_p99_ms)} ms p99"
    index = f"index {_number(row.index_memory_mb)} MB in memory, {_number(row.index_disk_mb)} MB on disk"
    at_rest, asking, adding = late(row.lag_idle_ms), late(row.lag_asking_ms), late(row.lag_adding_ms)
    lag = f"the event loop is late by {at_rest} ms at rest, {asking} while answering, {adding} while adding"
    return [f"{OURS}: {ranking}; {index}", f"{OURS}: {lag} (p50/p99/most)"]


def plot(rows: Sequence[Row], path: Path) -> None:
    """Draw the time of a question against the size of the library, both by powers of ten."""
    import matplotlib as mpl  # noqa: PLC0415 - heavy, and for the picture alone
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context({"svg.hashsalt": "verbatim", "svg.fonttype": "none", "font.family": "sans-serif"}):
        figure = Figure(figsize=(8, 5), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot(xscale="log", yscale="log")
        for engine in dict.fromkeys(row.engine for row in rows):
            here = sorted((row for row in rows if row.engine == engine), key=lambda row: row.passages)
            sizes = [row.passages for row in here]
            color = COLORS.get(engine, "black")
            axes.plot(
                sizes, [row.p50_ms or math.nan for row in here], color=color, linewidth=2.4, marker="o", markersize=5
            )
            axes.plot(sizes, [row.p99_ms or math.nan for row in here], color=color, linewidth=0.8, linestyle="--")
        for row, height in _labelled(rows):
            axes.annotate(
                row.engine,
                (row.passages, height),
                xytext=(8, 0),
                textcoords="offset points",
                va="center",
                color=COLORS.get(row.engine, "black"),
                weight="bold" if row.engine == OURS else "normal",
            )
        axes.set_xlabel("passages in the library")
        axes.set_ylabel("time of a question")
        axes.set_title("thick: half of the questions are faster (p50); thin: 99 in 100 are (p99)", fontsize=10)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.yaxis.set_major_formatter(lambda value, _: f"{value / 1000:g} s" if value >= 1000 else f"{value:g} ms")
        axes.grid(visible=True, which="major", color="#dddddd")
        axes.spines[["top", "right"]].set_visible(False)
        axes.margins(x=0.12)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


def _labelled(rows: Sequence[Row]) -> list[tuple[Row, float]]:
    """Return each engine's row at its largest size and the height of its name, which leaves the next one room."""
    last = {row.engine: row for row in sorted(rows, key=lambda row: row.passages) if row.p50_ms}
    times = [time for row in rows for time in (row.p50_ms, row.p99_ms) if time]
    room = (max(times) / min(times)) ** 0.045 if times else 1.0
    found: list[tuple[Row, float]] = []
    for row in sorted(last.values(), key=lambda row: row.p50_ms or 0.0):
        height = max(row.p50_ms or 0.0, found[-1][1] * room if found else 0.0)
        found.append((row, height))
    return found


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _change(name: str) -> Callable[[Row], str]:
    """Show what an engine that can't change must rebuild for."""
    return lambda row: REBUILD if getattr(row, name) is None else _number(getattr(row, name))


COLUMNS: dict[str, Callable[[Row], str]] = {
    "questions": lambda row: f"{row.questions}",
    "p50 ms": lambda row: _number(row.p50_ms),
    "p99 ms": lambda row: _number(row.p99_ms),
    "cpu ms": lambda row: _number(row.cpu_p50_ms),
    "of 10": lambda row: _number(row.same_top10),
    "build s": lambda row: _number(row.build_s),
    "add ms": _change("add_p50_ms"),
    "p99": _change("add_p99_ms"),
    "to found": _change("searchable_p50_ms"),
    "p99 ": _change("searchable_p99_ms"),
    "replace": _change("replace_p50_ms"),
    "remove": _change("remove_p50_ms"),
    "open ms": _change("open_ms"),
    "memory MB": lambda row: _number(row.memory_mb),
    "disk MB": lambda row: _number(row.disk_mb),
}


def _aligned(cells: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[at]) for row in cells) for at in range(len(cells[0]))]
    return ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in cells]
