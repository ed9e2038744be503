"""Make tests/golden/housing_aid.csv with OpenFisca-France: housing aid of some 300 households.

Run once, in an environment of its own. OpenFisca-France is AGPL-3.0: the project neither imports nor copies
it, only the figures it computes are kept. It takes some minutes.

    python3 -m venv ENV && ENV/bin/pip install openfisca-france==176.1.8
    ENV/bin/python tests/golden/housing_aid_openfisca.py tests/golden/housing_aid.csv

Correspondence. One adult earns the whole declared monthly income as a taxable net wage
(`salaire_imposable`), the same in every month from three years before; OpenFisca takes off the tenth for
professional expenses and rounds up. Children are born in 2014. The dwelling is let by an HLM body. The rent
reduction (RLS) is first set to nil, then computed, so that both figures are kept.
"""

from __future__ import annotations

import csv
import random
import sys
from importlib.metadata import version
from pathlib import Path

from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_france import FranceTaxBenefitSystem

MONTHS = ("2022-03", "2023-03", "2024-03", "2025-03", "2026-03", "2026-11")
ADULT_BIRTH, CHILD_BIRTH = "1985-01-15", "2014-01-15"
DRAWS_BY_MONTH = 51
SEED = 20261126


def households() -> list[tuple[str, int, int, float, float, int]]:
    """Return (month, adults, children, monthly income, rent, zone): corners first, then draws."""
    drawn = random.Random(SEED)
    rows = []
    for month in MONTHS:
        for zone in (1, 2, 3):
            rows.append((month, 1, 0, 0.0, 260.0, zone))
            rows.append((month, 2, 7, 2400.0, 900.0, zone))  # beyond six dependants
        rows.append((month, 1, 0, 700.0, 800.0, 2))  # the aid declines with the rent
        rows.append((month, 1, 1, 1000.0, 1250.0, 3))  # the aid is nil
        for _ in range(DRAWS_BY_MONTH - 8):
            adults, children = drawn.choice((1, 1, 2)), drawn.choice((0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 6))
            people = adults + children
            income = round(drawn.uniform(150, 900 + 350 * people), 2)
            rent = round(drawn.uniform(160, 330 + 70 * people), 2)
            rows.append((month, adults, children, income, rent, drawn.choice((1, 2, 2, 3))))
    return rows


def situation(month: str, adults: int, children: int, income: float, rent: float, zone: int) -> dict:
    """Return the household as OpenFisca reads it, once with its RLS computed and once without."""
    year = int(month[:4])
    months = [f"{y}-{m:02d}" for y in range(year - 3, year + 1) for m in range(1, 13)]
    parents = [f"adult{i}" for i in range(adults)]
    kids = [f"child{i}" for i in range(children)]
    people = {name: {"date_naissance": {"ETERNITY": ADULT_BIRTH}} for name in parents}
    people |= {name: {"date_naissance": {"ETERNITY": CHILD_BIRTH}} for name in kids}
    people["adult0"]["salaire_imposable"] = dict.fromkeys(months, income)
    if adults == 2:
        for name in parents:
            people[name]["statut_marital"] = dict.fromkeys(months, "marie")
    dwelling = {
        "personne_de_reference": ["adult0"],
        "conjoint": parents[1:],
        "enfants": kids,
        "statut_occupation_logement": {month: "locataire_hlm"},
        "loyer": {month: rent},
        "zone_apl": {month: f"zone_{zone}"},
    }
    return {
        "individus": people,
        "familles": {"one": {"parents": parents, "enfants": kids}},
        "foyers_fiscaux": {"one": {"declarants": parents, "personnes_a_charge": kids}},
        "menages": {"one": dwelling},
    }


def computed(system: FranceTaxBenefitSystem, case: dict, month: str, without_rls: bool) -> dict[str, float]:
    """Return OpenFisca's figures of one household."""
    if without_rls:
        case["familles"]["one"]["reduction_loyer_solidarite"] = {month: 0.0}
    simulation = SimulationBuilder().build_from_entities(system, case)
    names = ("aide_logement_base_ressources", "aide_logement_montant", "reduction_loyer_solidarite")
    return {name: float(simulation.calculate(name, month)[0]) for name in names}


def main() -> None:
    """Write the table."""
    system = FranceTaxBenefitSystem()
    if version("openfisca-france") != "176.1.8":
        raise SystemExit("the table is of OpenFisca-France 176.1.8; say so in the tests if another is meant")
    with Path(sys.argv[1]).open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(
            [
                *("month", "adults", "children", "monthly_income_eur", "rent_eur", "zone"),
                *("resources_eur", "aid_eur", "rls_eur", "aid_after_rls_eur"),
            ]
        )
        for row in households():
            plain = computed(system, situation(*row), row[0], without_rls=True)
            full = computed(system, situation(*row), row[0], without_rls=False)
            table.writerow(
                [
                    *row,
                    round(plain["aide_logement_base_ressources"]),
                    round(plain["aide_logement_montant"], 2),
                    round(full["reduction_loyer_solidarite"], 2),
                    round(full["aide_logement_montant"], 2),
                ]
            )


if __name__ == "__main__":
    main()
