"""How is a figure of the report drawn: colours everyone can tell apart, French numbers, caption, PNG?"""

from __future__ import annotations

import io
from collections.abc import Sequence
from textwrap import fill

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from mixite.report import numbers

matplotlib.rcParams["svg.fonttype"] = "none"

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F")
"""Okabe and Ito's palette: told apart by colour-blind readers."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINES = ("-", "--", "-.", ":", "-", "--", "-.", ":")
GREY = "#5b5b5b"


def sheet(rows: int, columns: int, *, width: float = 10.0, height: float = 4.5) -> tuple[Figure, list[Axes]]:
    """Return a figure of rows × columns panels, read left to right then down, and its panels."""
    made = Figure(figsize=(width, height), dpi=130, layout="constrained")
    FigureCanvasAgg(made)
    made.get_layout_engine().set(w_pad=0.12, h_pad=0.12)  # type: ignore[union-attr, call-arg]
    panels = [made.add_subplot(rows, columns, place + 1) for place in range(rows * columns)]
    for panel in panels:
        _plain(panel)
    return made, panels


def stacked_sheet(heights: Sequence[float], *, width: float = 10.0) -> tuple[Figure, list[Axes]]:
    """Return a figure of panels one above the other, each as high as asked (inches)."""
    made = Figure(figsize=(width, sum(heights)), dpi=130, layout="constrained")
    FigureCanvasAgg(made)
    panels = list(
        made.subplots(len(heights), 1, gridspec_kw={"height_ratios": list(heights)}, squeeze=False)[:, 0]
    )
    for panel in panels:
        _plain(panel)
    return made, panels


def intervals(
    panel: Axes,
    labels: Sequence[str],
    middle: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    filled: Sequence[bool],
    colours: Sequence[str],
) -> None:
    """Draw one horizontal interval a label, from the top; a hollow point is not distinguished from 0."""
    panel.axvline(0, color=GREY, linewidth=1)
    for place, (centre, left, right, solid, colour) in enumerate(
        zip(middle, low, high, filled, colours, strict=True)
    ):
        if left == left and right == right:
            panel.plot([left, right], [place, place], color=colour, linewidth=2, solid_capstyle="butt")
        panel.plot(
            [centre], [place], "o", color=colour, markersize=7, markerfacecolor=colour if solid else "white"
        )
    panel.set_yticks(range(len(labels)), labels)
    panel.set_ylim(len(labels) - 0.4, -0.6)
    panel.margins(x=0.12)
    panel.grid(axis="x", color="#e3e3e3")


def french_axis(panel: Axes, which: str, *, percent: bool = False, sign: bool = False) -> None:
    """Write an axis' numbers in French; `percent` shows shares (0-1) in percent."""

    def written(value: float, _: int) -> str:
        shown = value * 100 if percent else value
        places = (
            0 if abs(shown - round(shown)) < 1e-6 else 1 if abs(shown * 10 - round(shown * 10)) < 1e-6 else 3
        )
        return numbers.signed(shown, places) if sign else numbers.number(shown, places)

    (panel.xaxis if which == "x" else panel.yaxis).set_major_formatter(FuncFormatter(written))


def whole_years(panel: Axes, years: Sequence[int]) -> None:
    """Show each year, or every other one where there are many, without decimals."""
    shown = list(years)[:: 1 if len(years) <= 10 else 2]
    panel.set_xticks(shown, [str(year) for year in shown])


def common_legend(made: Figure, panel: Axes, columns: int = 2) -> None:
    """Put one legend for all panels under them."""
    handles, labels = panel.get_legend_handles_labels()
    made.legend(handles, labels, loc="outside lower center", ncols=columns, frameon=False)


def title(panel: Axes, text: str, width: int = 46) -> None:
    """Give a panel its title, on several lines where it is long."""
    panel.set_title(fill(text, width), fontsize=10, loc="left", fontweight="bold")


def png(made: Figure, footer: str) -> bytes:
    """Return the figure as PNG, its source, scenario and banner written under it."""
    width, height = made.get_size_inches()
    lines = fill(footer, int(width * 14)).split("\n")
    band = 0.17 * (len(lines) + 1)
    made.set_size_inches(width, height + band)
    made.get_layout_engine().set(rect=(0, band / (height + band), 1, height / (height + band)))  # type: ignore[union-attr, call-arg]
    made.text(0.01, 0.06 / (height + band), "\n".join(lines), fontsize=8, color=GREY, va="bottom", ha="left")
    held = io.BytesIO()
    made.savefig(held, format="png", metadata={"Software": "mixite"})
    return held.getvalue()


def _plain(panel: Axes) -> None:
    panel.spines[["top", "right"]].set_visible(False)
    panel.tick_params(labelsize=9)
