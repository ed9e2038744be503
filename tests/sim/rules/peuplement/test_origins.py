"""No word for where somebody comes from passes; what is said of places, streets and buildings does."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import pytest

from sim.rules.peuplement.origins import FILE
from sim.rules.peuplement.remarks import unfit

ROOT = Path(__file__).parents[4]
ORIGIN = "origine ou nationalité"

INHABITANTS = Path(__file__).with_name("inhabitants.txt").read_text(encoding="utf-8").split()
"""Who comes from each State of the arrêté of 4 November 1993, from overseas, and peoples: the masculine."""

FEMININE = {"Grec": "Grecques", "Turc": "Turques", "Andorran": "Andorranes"}


def feminine(word: str) -> str:
    """Return the feminine plural, as grammar makes it."""
    if word in FEMININE:
        return FEMININE[word]
    if word.endswith("ien") or word.endswith("éen"):
        return f"{word}nes"
    return f"{word}s" if word.endswith(("e", "è", "é")) else f"{word}es"


def test_no_inhabitant_of_any_country_passes() -> None:
    assert len(INHABITANTS) > 200
    told = []
    for word in INHABITANTS:
        plural = word if word.endswith("s") else f"{word}s"
        told += [f"un {word}", f"beaucoup de {plural}", f"arrivée de {feminine(word)}", plural.upper()]
    assert [each for each in told if ORIGIN not in {one.ground for one in unfit(each)}] == []


@pytest.mark.parametrize(
    ("remark", "ground"),
    [
        ("Peuls et Soninkés", ORIGIN),
        ("Cap-Verdiens au 3e", ORIGIN),
        ("La tribu du 3e étage", ORIGIN),
        ("MENA", ORIGIN),
        ("regroupement communautaire", ORIGIN),
        ("repli communautaire", ORIGIN),
        ("Communauté très présente", ORIGIN),
        ("la communauté du hall B", ORIGIN),
        ("arrivés du Tchad", ORIGIN),
        ("toute une rue d'Algériens", ORIGIN),
        ("la rue des Portugais", ORIGIN),
        ("peu de Français", ORIGIN),
        ("Français de souche", ORIGIN),
        ("anciens détenus", "personne"),
        ("détenus par dizaines", "personne"),
        ("Peuplement sensible", "personne"),
        ("banlieusards", "personne"),
    ],
)
def test_nor_does_an_origin_told_otherwise(remark: str, ground: str) -> None:
    assert ground in {each.ground for each in unfit(remark)}


@pytest.mark.parametrize(
    "remark",
    [
        "Étanchéité des parties communes reprise",
        "Communauté urbaine : voirie refaite en 2023",
        "Communauté d'agglomération maître d'ouvrage, convention avec la communauté de communes",
        "Voirie d'intérêt communautaire, vote du conseil communautaire du 3 mars",
        "Logements détenus par la société, patrimoine détenu en copropriété",
        "Réunion de chantier, salle de réunion fermée",
        "Travaux mineurs au bâtiment C, réparations contributives",
        "Accès par la rue d'Algérie, angle place d'Italie",
        "12 avenue du Maroc, arrêt boulevard de Belgique",
        "Douches à l'italienne, cuisine américaine, cour anglaise inondée",
        "Normes françaises, mobilier de la Banque française",
        "Chauffage rue du Maréchal-Lyautey, hall rue de Constantine",
        "Rue de Paris, avenue de Dunkerque, place de la République, rue Saint-Martin, rue Colbert",
        "Façades orientales et pignons au sud, couleur reprise",
        "Ravalement du 5 rue Colombier, garage souterrain, tribune du stade",
    ],
)
def test_places_streets_and_buildings_do(remark: str) -> None:
    assert unfit(remark) == ()


def test_no_commune_of_the_territories_at_hand_is_taken_for_an_origin() -> None:
    names = set()
    for path in sorted((ROOT / "scenarios" / "territories").rglob("communes.csv")):
        with path.open(encoding="utf-8") as opened:
            lines = (line for line in opened if not line.startswith("#"))
            names |= {row["name"] for row in csv.DictReader(lines)}
    assert len(names) > 50
    assert {name for name in names if ORIGIN in {each.ground for each in unfit(name)}} == set()


def test_every_code_of_the_standard_has_its_line() -> None:
    countries = tomllib.loads(FILE.read_text(encoding="utf-8"))["country"]
    assert len(countries) == 249  # ISO 3166-1: two letters, officially assigned
    assert all(len(code) == 2 and code.isupper() for code in countries)
    empty = {code for code, words in countries.items() if not words}
    assert empty == {"AQ", "BV", "GS", "HM", "TF", "UM"}  # nobody is from there
