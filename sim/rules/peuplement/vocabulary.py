"""What may describe a residence, and on which of the two axes?

The vocabulary is closed. The segment de patrimoine reads the buildings; the segment de population reads the
occupation through incomes, housing aid, rotation, vacancy and refusals. Left out on purpose, for good:
family situation, age, disability, origin, and anything said of a tenant.

Source: R.441-2-10 4° CCH asks for published indicators of the supply; which ones is a proposal of the
project.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Axis = Literal["patrimoine", "population"]


@dataclass(frozen=True)
class Described:
    """One indicator of a residence: the higher it is, the less the residence is in capacity to welcome.

    `observed` says of what a share is: households, dwellings or offers; "" for a fact of the building, which
    is known without doubt. `doublings` : the score reads how many times it doubles, not the figure itself.
    """

    name: str
    axis: Axis
    label_fr: str
    unit: str
    observed: Literal["", "households", "dwellings", "offers"] = ""
    doublings: bool = False


VOCABULARY = (
    Described("first_quartile", "population", "Ménages du premier quartile", "part", "households"),
    Described("below_40_plus", "population", "Ménages sous 40 % du plafond PLUS", "part", "households"),
    Described("housing_aid", "population", "Ménages ayant droit à l'APL (estimation)", "part", "households"),
    Described("rotation", "population", "Emménagés depuis moins d'un an", "part", "households"),
    Described("vacancy", "population", "Logements vacants", "part", "dwellings"),
    Described("refusals", "population", "Propositions refusées", "part", "offers"),
    Described("building_age", "patrimoine", "Âge du bâti", "années"),
    Described("size", "patrimoine", "Taille de la résidence", "logements", doublings=True),
    Described("typology_gap", "patrimoine", "Écart des typologies à celles de l'EPCI", "part"),
    Described("very_social", "patrimoine", "Logements financés en PLAI", "part"),
    Described("low_rent", "patrimoine", "Loyer au m² sous celui de l'EPCI", "part"),
    Described("in_qpv", "patrimoine", "Résidence en quartier prioritaire (QPV)", "0 ou 1"),
    Described("energy_fg", "patrimoine", "Logements classés F ou G (DPE)", "part"),
)
"""Every indicator, the axis of population first."""

POPULATION = tuple(each.name for each in VOCABULARY if each.axis == "population")
PATRIMOINE = tuple(each.name for each in VOCABULARY if each.axis == "patrimoine")

OF_INCOMES = ("first_quartile", "below_40_plus", "housing_aid")
"""Indicators of the incomes of the occupants: where none is known, the occupation is not qualified."""

SEGMENTS = ("porteur", "courant", "contraint")
"""Three segments de patrimoine, from the buildings that carry a welcome most easily."""

CAPACITIES = ("forte", "moyenne", "limitee", "a_reconstituer")
"""Four capacités d'accueil of a residence."""
