"""The description of the canonical tables agrees with the columns, the grids and the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.rules.cotation import codes
from sim.rules.cotation.attributes import ATTRIBUTES as GRID_ATTRIBUTES
from sim.territory.files import schema
from sim.territory.files.forbidden import FORBIDDEN, is_forbidden
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
                assert key in {held.name for held in tables[target].columns}


def test_no_canonical_column_but_the_name_of_a_residence_is_forbidden():
    caught = [
        (table.name, column.name) for table in TABLES for column in table.columns if is_forbidden(column.name)
    ]
    assert caught == [("residences", "name")]


@pytest.mark.parametrize("word", FORBIDDEN)
def test_each_word_of_the_list_is_found_alone_and_within_a_header(word):
    header = word.replace(" ", "_")
    assert is_forbidden(header)
    assert is_forbidden(header.upper())
    assert is_forbidden(f"{header}_demandeur")


@pytest.mark.parametrize(
    "name",
    [
        *(
            "nationalité",
            "NATIONALITÉ",
            "codeNationalite",
            "country_of_birth",
            "pays_naissance",
            "lieuNaissance",
        ),
        *(
            "Date de naissance",
            "né_a",
            "titre_de_sejour",
            "titre de séjour",
            "nom",
            "NOM",
            "nom_du_demandeur",
        ),
        *("Prénom", "first_name", "LastName", "civilité", "NIR", "numéro_de_sécurité_sociale", "Sex", "name"),
        *("état_de_santé", "langue\nparlée", "e-mail email"),
    ],
)
def test_forbidden_names_are_found_in_french_and_english(name):
    assert is_forbidden(name)


@pytest.mark.parametrize(
    "name",
    ["nom_commune", "Nom de la résidence", "bailleur_name", "observation", "nombre", "sexagenaire", ""],
)
def test_other_extra_columns_are_not_counted_as_forbidden(name):
    assert not is_forbidden(name)
