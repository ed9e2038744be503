"""The report of a comparison: figures, note, STRESS-DES form and page, in the words of those who decide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mixite.report.study import Study


def write_report(study: Study, out: Path) -> None:
    """Write the PNG figures, note.md, the STRESS-DES form and report.html of a comparison.

    They hold what the level of diffusion of the study may hold, and nothing else. Figures of an older one are
    removed.
    """
    from mixite.report import flowchart, note, stress
    from mixite.report.diffused import diffused
    from mixite.report.figures import FIGURES, draw_all
    from mixite.report.page import page
    from sim.territory.files.saving import replacing, write_text

    study = diffused(study)
    drawn = draw_all(study)
    for name in {entry.name for entry in FIGURES} - {figure.name for figure in drawn}:
        (out / f"{name}.png").unlink(missing_ok=True)
    for figure in drawn:
        with replacing(out / f"{figure.name}.png") as file:
            file.write(figure.png)
    write_text(note.markdown(study), out / "note.md")
    write_text(stress.markdown(study), out / "stress-des.md")
    write_text(flowchart.svg(study.scenario), out / stress.DRAWING)
    write_text(page(study, drawn), out / "report.html")
