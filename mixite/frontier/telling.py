"""What does `mixite frontier` leave: two tables, the figures, the page, and its JSON document?"""

from __future__ import annotations

from typing import Any

from mixite.frontier import measures
from mixite.frontier.playing import Frontier
from mixite.frontier.strengths import CURVES, floors, points_forgone
from mixite.report.study import records
from sim.territory.files.saving import replacing, write_csv, write_text

PAGE = "arbitrage.html"


def write(frontier: Frontier) -> None:
    """Write frontier.csv, frontier_differences.csv, the figures and the page; older figures are removed."""
    from mixite.frontier.figures import FIGURES, draw_all
    from mixite.frontier.page import page

    out = frontier.out
    write_csv(frontier.means, out / "frontier.csv")
    write_csv(frontier.from_zero, out / "frontier_differences.csv")
    drawn = draw_all(frontier)
    for name in {name for name, _, _ in FIGURES} - {figure.name for figure in drawn}:
        (out / f"{name}.png").unlink(missing_ok=True)
    for figure in drawn:
        with replacing(out / f"{figure.name}.png") as file:
            file.write(figure.png)
    write_text(page(frontier, drawn), out / PAGE)


def as_json(frontier: Frontier) -> dict[str, Any]:
    """Return the answer of `frontier --json`."""
    from mixite.frontier.page import first_line

    scenario = frontier.scenario
    assert scenario.frontier is not None
    values = sorted({point.value for point in frontier.points if point.variant in CURVES})
    return {
        "out": str(frontier.out),
        "page": str(frontier.out / PAGE),
        "first_line": first_line(frontier),
        "replications": frontier.replications,
        "acceptable_delay_months": scenario.frontier.acceptable_delay_months,
        "strengths": [
            {
                "value": value,
                "floors": [percent / 100 for percent in floors(scenario, value)],
                "max_points_forgone": points_forgone(scenario, value),
            }
            for value in values
        ],
        "points": records(frontier.means[list(measures.COLUMNS)]),
        "differences": records(frontier.from_zero),
    }
