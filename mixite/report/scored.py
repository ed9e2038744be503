"""How are the residences qualified on the territory's date, in the report of a comparison?

Left out on purpose: how a score is made (sim/rules/peuplement), and the figures of `mixite qualify` itself.
"""

from __future__ import annotations

from matplotlib.figure import SubFigure

from mixite import qualification_figures
from mixite.report import numbers
from mixite.report.study import Study


def draw(study: Study) -> SubFigure | None:
    """Draw the scores with their intervals; nothing outside `interne`."""
    if study.pictured is None or study.pictured.qualified is None or not study.may.points:
        return None
    return qualification_figures.scores(study.pictured.qualified)


def said(study: Study) -> str:
    """Return the caption."""
    assert study.pictured is not None
    assert study.pictured.qualified is not None
    found = study.pictured.qualified
    level = numbers.percent(found.choice.level, 0)
    return (
        "Score d'occupation de chaque résidence à la date du territoire, avant la période simulée ; "
        f"trait : intervalle à {level} ; bandes : les quatre types. Un intervalle à cheval sur deux bandes "
        f"ne tranche pas entre deux types. {restricted(study)}"
    ).strip()


def restricted(study: Study) -> str:
    """Return to whom residences may be shown one by one; nothing where they are synthetic."""
    return "" if study.synthetic else "Diffusion interne."
