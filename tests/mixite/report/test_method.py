"""What the section Méthode says of floors: published, for study, or a hypothesis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mixite.report import method
from mixite.report.study import Study


def test_no_floor_is_said_published_on_a_synthetic_territory(study_of: Callable[..., Study]) -> None:
    made = study_of()
    assert made.synthetic
    (row,) = method.target_rows(made)
    assert row[-1] == "hypothèse"
    real = {**made.context, "territory": {**made.context["territory"], "synthetic": False}}
    ((*_, status),) = method.target_rows(replace(made, context=real))
    assert status == "publié"
    for synthetic in (True, False):
        assert method.status({"study": True}, synthetic) == "étude seulement"
