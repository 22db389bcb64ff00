"""Bars as a small PNG, readable on Discord's dark and light themes; drawn by matplotlib, which need not be installed.

A `Figure` of its own without pyplot keeps no state; a lock makes drawing safe where several threads do it, for what
matplotlib measures texts with is shared.
"""

import io
import threading

from cogs.rendering.bars import Bars

WIDTH, HEIGHT = 800, 200  # pixels
DPI = 100
_BAR = "#E8A33D"
_TEXT = "#888C96"  # between both themes' backgrounds
_drawing = threading.Lock()


def png(found: Bars) -> bytes | None:
    """Draw bars, or return None where matplotlib isn't installed; for a worker thread."""
    with _drawing:
        try:
            from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - slow, and an optional extra
            from matplotlib.figure import Figure  # noqa: PLC0415 - likewise
            from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - likewise
        except ImportError:
            return None
        figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor="none")
        canvas = FigureCanvasAgg(figure)
        axes = figure.add_axes((0.07, 0.2, 0.9, 0.74), facecolor="none")
        size = len(found.counts)
        axes.bar([at + 0.5 for at in range(size)], found.counts, width=0.82, color=_BAR)
        axes.set_xlim(0, size)
        axes.set_ylim(0, max(found.counts) * 1.05)
        axes.set_xticks([at for at, _ in found.ticks], [label for _, label in found.ticks])
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.tick_params(colors=_TEXT, labelsize=13, length=3)
        axes.grid(axis="y", color=_TEXT, alpha=0.25, linewidth=0.8)
        axes.set_axisbelow(True)
        for name, spine in axes.spines.items():
            spine.set_visible(name == "bottom")
            spine.set_color(_TEXT)
        with io.BytesIO() as file:
            canvas.print_png(file, metadata={"Software": None}, pil_kwargs={"compress_level": 6})
            return file.getvalue()
