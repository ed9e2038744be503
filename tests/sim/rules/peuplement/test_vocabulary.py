"""What the rules of peuplement read of people is closed: a column added to it is seen here."""

from __future__ import annotations

import ast
from dataclasses import fields
from pathlib import Path

import pytest

from sim.rules.peuplement import OF_INCOMES, PATRIMOINE, POPULATION, VOCABULARY, Target
from sim.rules.traits import TRAITS
from sim.territory.columns import Demands, Occupants

ROOM = Path(__file__).parents[4] / "sim" / "rules" / "peuplement"
MODULES = sorted(ROOM.glob("*.py"))

OF_HOUSEHOLDS = {
    "dwelling",  # where it lives
    "lease_on",  # rotation
    "monthly_income_eur",
    "rfr_eur",
    "adults",  # persons: consumption units, category of the ceiling, scale of the aid
    "children",
    "teens",
}
"""Columns of occupants that a type may depend on."""

SHARED_WITH_OTHER_ROWS = {"x", "y", "name"}
"""Names that a residence or an indicator has too."""


def read_in(module: Path) -> tuple[set[str], set[str]]:
    """Return the attributes that a module reads, and the texts it writes."""
    nodes = list(ast.walk(ast.parse(module.read_text(encoding="utf-8"))))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)}, texts


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_rule_reads_no_column_of_people_beyond_the_closed_list(module: Path) -> None:
    columns = {spec.name for kind in (Occupants, Demands) for spec in fields(kind)}
    attributes, texts = read_in(module)
    assert (columns - OF_HOUSEHOLDS - SHARED_WITH_OTHER_ROWS) & attributes == set()
    named_to_be_refused = set(Target.refused) if module.name == "targets.py" else set()
    told = attributes | (texts - named_to_be_refused)
    assert {"age", "activity", "household_id", "demands"} & told == set()


def test_the_closed_list_is_what_is_read() -> None:
    attributes, _ = read_in(ROOM / "observed.py")
    assert attributes >= OF_HOUSEHOLDS


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_no_rule_reads_a_column_by_a_name_made_up(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert "getattr" not in text
    assert "People" not in text  # traits of people hold age and activity
    assert "fields(" not in text


def test_no_indicator_is_of_family_age_or_disability() -> None:
    words = " ".join(each.name + " " + each.label_fr.lower() for each in VOCABULARY)
    for word in ("famille", "enfant", "monoparent", "âge de", "handicap", "retrait", "nationalit", "jeune"):
        assert word not in words
    not_for_targets = {trait.name for trait in TRAITS if "target" not in trait.uses}
    assert not not_for_targets & {each.name for each in VOCABULARY}
    assert set(OF_INCOMES) < set(POPULATION)
    assert (*POPULATION, *PATRIMOINE) == tuple(each.name for each in VOCABULARY)
