"""How is a figure of the report drawn: colours everyone can tell apart, French numbers, caption, PNG?"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.ticker import Formatter, MaxNLocator

from mixite.report import numbers, words

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F")
"""Okabe and Ito's palette: told apart by colour-blind readers."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINES = ("-", "--", "-.", ":", "-", "--", "-.", ":")
TINTS = ("#9fcbe6", "#f3c6a5")
HATCHES = ("", "///")
"""Fill and hatch of the bars of two policies, for whoever prints in grey."""

GREY = "#5b5b5b"


FOOTER_INCHES = 0.55


def sheet(
    rows: int, columns: int, *, width: float = 10.0, height: float = 4.5
) -> tuple[SubFigure, list[Axes]]:
    """Return a drawing of rows × columns panels, read left to right then down, and its panels.

    Under the drawing a strip is kept for the source; `png` writes it.
    """
    drawing = _drawing(width, height)
    return drawing, _plain([drawing.add_subplot(rows, columns, place + 1) for place in range(rows * columns)])


def stacked_sheet(heights: Sequence[float], *, width: float = 10.0) -> tuple[SubFigure, list[Axes]]:
    """Return a drawing of panels one above the other, each as high as asked (inches)."""
    drawing = _drawing(width, sum(heights))
    ratios = {"height_ratios": list(heights)}
    return drawing, _plain(list(drawing.subplots(len(heights), 1, gridspec_kw=ratios, squeeze=False)[:, 0]))


def intervals(
    panel: Axes,
    labels: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    colours: Sequence[str],
    factor: float = 1,
) -> None:
    """Draw one horizontal interval a label, from the top; a hollow point is not distinguished from 0.

    Parameters
    ----------
    rows : rows of comparison.csv, one a label; `factor` multiplies what is drawn (100: shares in points)
    """
    panel.axvline(0, color=GREY, linewidth=1)
    for place, (row, colour) in enumerate(zip(rows, colours, strict=True)):
        middle, low, high = (row[name] * factor for name in ("difference", "ci_low", "ci_high"))
        if low == low and high == high:
            panel.plot([low, high], [place, place], color=colour, linewidth=2, solid_capstyle="butt")
        inside = colour if row["distinguished"] else "white"
        panel.plot([middle], [place], "o", color=colour, markersize=7, markerfacecolor=inside)
    panel.set_yticks(range(len(labels)), labels)
    panel.set_ylim(len(labels) - 0.4, -0.6)
    panel.margins(x=0.12)
    panel.grid(axis="x", color="#e3e3e3")


def french_axis(panel: Axes, which: str, *, percent: bool = False, sign: bool = False) -> None:
    """Write an axis' numbers in French; `percent` shows shares (0-1) in percent."""
    axis = panel.xaxis if which == "x" else panel.yaxis
    if which == "x":
        axis.set_major_locator(MaxNLocator(5))  # more figures with four decimals would run into each other
    axis.set_major_formatter(_InFrench(100 if percent else 1, numbers.signed if sign else numbers.number))


class _InFrench(Formatter):
    """The numbers of an axis, all with the decimals that the finest of them needs."""

    def __init__(self, factor: int, write: Callable[[float, int], str]) -> None:
        self.factor, self.write, self.decimals = factor, write, 0

    def set_locs(self, locs: Sequence[float]) -> None:
        """Read where the numbers stand before they are written."""
        places = [place * self.factor for place in locs]
        self.decimals = next((d for d in range(4) if all(abs(p - round(p, d)) < 1e-9 for p in places)), 4)

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Write one number."""
        return self.write(x * self.factor, self.decimals)


def whole_years(panel: Axes, years: Sequence[int]) -> None:
    """Show each year, or every other one where there are many, without decimals."""
    shown = list(years)[:: 1 if len(years) <= 10 else 2]
    panel.set_xticks(shown, [str(year) for year in shown])


def common_legend(drawing: SubFigure, panel: Axes, columns: int = 2) -> None:
    """Put one legend for all panels under them, bars before points."""
    entries = sorted(
        zip(*panel.get_legend_handles_labels(), strict=True), key=lambda each: isinstance(each[0], Line2D)
    )
    handles, labels = zip(*entries, strict=True)
    drawing.legend(handles, labels, loc="outside lower center", ncols=columns, frameon=False, fontsize=9)


def title(panel: Axes, text: str, width: int = 46) -> None:
    """Give a panel its title, on several lines where it is long."""
    panel.set_title(_wrapped(words.sentence(text), width), fontsize=10, loc="left", fontweight="bold")


def png(drawing: SubFigure, footer: str) -> bytes:
    """Return the drawing as PNG, its source, scenario and banner written under it."""
    whole = drawing.figure
    width = int(whole.get_size_inches()[0] * 15)
    strip = whole.subfigs[1]
    strip.text(0.01, 0.5, _wrapped(footer, width), fontsize=8, color=GREY, va="center", ha="left")
    held = io.BytesIO()
    canvas = FigureCanvasAgg(whole)
    canvas.print_png(held, metadata={"Software": "mixite"})  # savefig would draw everything twice
    return held.getvalue()


def _wrapped(text: str, width: int) -> str:
    """Return a text on several lines; no line begins with a French double sign."""
    for sign in (":", ";", "»", "?"):
        text = text.replace(f" {sign}", f"\xa0{sign}")
    return fill(text.replace("« ", "«\xa0"), width)


def _drawing(width: float, height: float) -> SubFigure:
    whole = Figure(figsize=(width, height + FOOTER_INCHES), dpi=130, layout="constrained")
    drawing: SubFigure = whole.subfigures(2, 1, squeeze=False, height_ratios=[height, FOOTER_INCHES])[0, 0]
    return drawing


def _plain(panels: list[Axes]) -> list[Axes]:
    for panel in panels:
        panel.spines[["top", "right"]].set_visible(False)
        panel.tick_params(labelsize=9)
    return panels
