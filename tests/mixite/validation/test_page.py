"""docs/validation.md is what the command makes of docs/validation.csv."""

from __future__ import annotations

from pathlib import Path

from mixite.validation.page import page
from mixite.validation.targets import targets
from mixite.validation.validating import read_table
from sim.figures import for_validation

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_is_what_the_command_makes_of_the_kept_table() -> None:
    assert (DOCS / "validation.md").read_text(encoding="utf-8") == page(
        read_table(DOCS / "validation.csv")
    ), "mixite validate, puis copier validation.csv et validation.md dans docs/"


def test_the_kept_table_holds_every_figure_as_it_was_published() -> None:
    table = read_table(DOCS / "validation.csv").set_index("figure")
    assert sorted(table.index) == sorted(figure.id for figure in for_validation())
    for figure in for_validation():
        row = table.loc[figure.id]
        assert (row["value"], row["unit"], row["target"]) == (figure.value, figure.unit, figure.target)
        assert row["tolerance"] == targets()[figure.id].simulated.tolerance
