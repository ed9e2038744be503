"""Every number of behaviour is on one page, generated."""

from pathlib import Path

from sim.hypotheses_page import page
from sim.scenario import hypotheses

PAGE = Path(__file__).parents[2] / "docs" / "hypotheses.md"


def test_the_page_of_hypotheses_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "régénérer docs/hypotheses.md avec sim.hypotheses_page.page()"
    )


def test_the_page_lists_every_number_with_its_source_or_its_hypothesis() -> None:
    lines = page().splitlines()
    for section, figures in hypotheses().items():
        for name, figure in figures.items():
            (line,) = (line for line in lines if line.startswith(f"| {section}.{name} |"))
            assert (figure.source or figure.hypothesis) in line
