"""The description of the canonical tables agrees with the columns, the grids and the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.rules.cotation import codes
from sim.rules.cotation.attributes import ATTRIBUTES as GRID_ATTRIBUTES
from sim.territory.files import schema
from sim.territory.files.forbidden import is_forbidden
from sim.territory.files.schema import DEMANDS, TABLES, schema_table

DOCS = Path(__file__).parents[4] / "docs" / "territory.md"


def test_documentation_holds_the_schema():
    assert schema_table() in DOCS.read_text(encoding="utf-8"), (
        "docs/territory.md : recopier la sortie de sim.territory.files.schema.schema_table()"
    )


def test_code_lists_stand_in_the_order_of_the_grids():
    assert codes.WORK_STATUS == schema.WORK_STATUSES
    assert codes.MOTIVES == schema.MOTIVES
    assert codes.HOUSING_MODES == schema.HOUSING_MODES
    assert codes.DWELLING_TYPES == schema.DWELLING_TYPES
    for column in schema.ATTRIBUTES:
        if column.choices:
            assert column.choices == GRID_ATTRIBUTES[column.name].codes, column.name


def test_every_attribute_of_a_grid_is_a_column_of_demands():
    columns = {column.name for column in DEMANDS.columns}
    derived = {"created_on"}  # filed_on
    missing = {name for name in GRID_ATTRIBUTES if not name.startswith("dwelling.")} - columns - derived
    assert not missing


def test_column_names_are_given_once_and_references_exist():
    tables = {table.name: table for table in TABLES}
    for table in TABLES:
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names)), table.name
        for column in table.columns:
            if column.refers:
                target, key = column.refers.split(".")
                assert tables[target].key == key


def test_no_canonical_column_is_forbidden():
    assert [column.name for table in TABLES for column in table.columns if is_forbidden(column.name)] == []


FORBIDDEN = """
nationalité Nationalite NATIONALITY codeNationalite citizenship étranger origine country_of_birth
pays_naissance lieuNaissance birthplace birth_date Date de naissance né_a titre_de_sejour residence_permit
nom NOM nom_du_demandeur nom_usage Prénom first_name LastName surname patronyme civilité NIR e-mail_email
numéro_sécurité_sociale sexe Sex gender genre religion culte confession langue language photo ethnie race
diagnostic état_de_santé maladie pathologie syndicat opinion name
""".split("\n")


@pytest.mark.parametrize("name", [word for line in FORBIDDEN for word in line.split() if word not in ("Date", "de")])
def test_forbidden_names_are_found_in_french_and_english(name):
    if name in ("naissance",):
        name = "Date de naissance"
    assert is_forbidden(name)


@pytest.mark.parametrize(
    "name", ["nom_commune", "Nom de la résidence", "bailleur_name", "observation", "nombre", "sexagenaire", ""]
)
def test_other_extra_columns_are_not_counted_as_forbidden(name):
    assert not is_forbidden(name)
