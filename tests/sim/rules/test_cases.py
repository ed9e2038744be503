"""Cases of law: one sentence each, in cases/*.toml, with the expected answer."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.rules import eligibility
from sim.rules.law import Law
from sim.territory.columns import FINANCINGS

CASES = [
    pytest.param(case, id=f"{file.stem}: {case['says']}")
    for file in sorted((Path(__file__).parent / "cases").glob("*.toml"))
    for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]
]


def answer(case: dict[str, Any]) -> Any:
    law = Law.at(case["on"], zone=case.get("zone", "autres_regions"))
    given = {
        name: FINANCINGS.index(value) if name == "financing" else value
        for name, value in case["given"].items()
    }
    if case["ask"] == "dalo_offer_months":
        return law.dalo_offer_months(**given)
    if case["ask"] == "first_quartile_threshold":
        return eligibility.first_quartile_threshold(np.array(given["income_uc"], dtype=np.float64))
    return getattr(eligibility, case["ask"])(law, **given)


@pytest.mark.parametrize("case", CASES)
def test_case_of_law(case: dict[str, Any]) -> None:
    np.testing.assert_allclose(answer(case), case["expect"], rtol=1e-12, err_msg=case["says"])
