"""What does a qualification say to those who read a few lines: how many, how sure, what is missing?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mixite.qualifying_tables import read_from
from mixite.report import numbers, words
from sim.rules.peuplement import SEGMENTS, VOCABULARY

if TYPE_CHECKING:
    from mixite.qualifying import Qualification
    from sim.territory.columns import Bools, Ints

TYPES = {
    "en_capacite": "en capacité",
    "en_equilibre": "en équilibre",
    "en_vigilance": "en vigilance",
    "a_conforter": "à conforter",
}
CAPACITY = {
    "forte": "forte",
    "moyenne": "moyenne",
    "limitee": "limitée",
    "a_reconstituer": "à reconstituer",
}
NONE = "sans type"

READ = {
    "leases": "rotation : baux signés dans l'année",
    "vacancies": "vacance : logements disponibles depuis plus de {months} mois",
    "offers": "refus : propositions de l'année",
}
MISSING = {
    "first_quartile": "sans seuil ni ressources : le premier quartile n'est pas pris en compte",
    "below_40_plus": "sans revenu fiscal : les ménages sous 40 % du plafond ne sont pas pris en compte",
    "housing_aid": "sans ressources : l'aide au logement n'est pas prise en compte",
    "rotation": "sans occupation ni baux : la rotation n'est pas prise en compte",
    "vacancy": "sans occupation ni vacances : la vacance n'est pas prise en compte",
    "refusals": "sans propositions : les refus ne sont pas pris en compte",
    "building_age": "sans année de construction : l'âge du bâti n'est pas pris en compte",
    "low_rent": "sans surface ni loyer : le loyer au m² n'est pas pris en compte",
    "energy_fg": "sans DPE : la classe énergétique n'est pas prise en compte",
}
"""What is said of an indicator observed nowhere."""


def summary(found: Qualification) -> Iterator[str]:
    """Give the lines an analyst reads on the terminal."""
    territory, qualified = found.territory, found.qualified
    banner = f"{territory.name}. {words.SYNTHETIC_BANNER}" if territory.synthetic else territory.name
    yield f"Qualification des résidences au {words.day(territory.as_of.isoformat())} : {banner}."
    alone = qualified.in_interval().sum(axis=1) == 1
    yield from _counts(found, "peuplement actuel", qualified.type, list(TYPES.values()), alone)
    yield from _counts(found, "peuplement cible", qualified.target, list(TYPES.values()))
    yield from _counts(found, "capacité d'accueil", qualified.capacity, list(CAPACITY.values()))
    yield from _counts(found, "patrimoine", qualified.segment, list(SEGMENTS))
    yield from _doubts(found, alone)
    yield from _sources(found)


def _counts(
    found: Qualification, title: str, kinds: Ints, labels: Sequence[str], alone: Bools | None = None
) -> Iterator[str]:
    """Give a small table: residences and dwellings of each kind, and those whose interval is in one type."""
    dwellings = found.qualified.observed.dwellings
    counted = {"résidences": np.ones_like(dwellings), "logements": dwellings}
    if alone is not None:
        counted["intervalle dans un seul type"] = alone.astype(np.int64)
    yield _line(title, counted, counted)
    for place, label in [*enumerate(labels), (-1, NONE)]:
        here = kinds == place
        if place >= 0 or here.any():
            cells = [numbers.number(int(column[here].sum())) for column in counted.values()]
            yield _line(f"  {label}", cells, counted)


def _line(title: str, cells: Iterable[str], heads: Iterable[str]) -> str:
    told = (f"{cell:>{len(head) + 2}}" for cell, head in zip(cells, heads, strict=True))
    return f"{title:<22}" + "".join(told)


def _doubts(found: Qualification, alone: Bools) -> Iterator[str]:
    """Give how many types the evidence settles, keeps or leaves open."""
    qualified, residences = found.qualified, found.territory.residences
    typed = int((qualified.type >= 0).sum())
    level = numbers.percent(qualified.choice.level, 0)
    yield (
        f"Intervalle à {level} du score dans la plage d'un seul type : {numbers.number(int(alone.sum()))} "
        f"résidence(s) sur {numbers.number(typed)} ; ailleurs le type est une première lecture."
    )
    same = found.sensitivity.same[qualified.known]
    if len(same) and found.sensitivity.settings:
        yield (
            f"Type inchangé sous les {len(found.sensitivity.settings)} autres réglages des poids : "
            f"{numbers.number(int((same == 1).sum()))} résidence(s) sur {numbers.number(len(same))}."
        )
    kept = int(qualified.kept.sum())
    if kept:
        yield f"Type déjà arrêté, gardé parce que rien ne montre qu'il a changé : {kept} résidence(s)."
    moved = int(((residences.peuplement_type >= 0) & (qualified.type != residences.peuplement_type)).sum())
    if moved:
        yield f"Type déjà arrêté, que l'occupation ne montre plus : {moved} résidence(s)."
    aimed = residences.peuplement_target
    other = int(((aimed >= 0) & (qualified.target >= 0) & (aimed != qualified.target)).sum())
    if other:
        yield f"Peuplement cible de la table différent du peuplement cible proposé : {other} résidence(s)."


def _sources(found: Qualification) -> Iterator[str]:
    """Give where the figures come from, and what is missing, a line each."""
    settings, qualified = found.settings, found.qualified
    if np.isfinite(settings.q1_threshold_eur):
        origin = (
            "donné par territory.toml"
            if settings.q1_threshold_given
            else "calculé sur les demandes en instance"
        )
        yield (
            f"Seuil du premier quartile : {numbers.number(settings.q1_threshold_eur)} € par an et unité de "
            f"consommation, {origin}."
        )
    months = numbers.number(settings.chosen.vacant_months)
    read = [READ[table].format(months=months) for table in read_from(found).values() if table in READ]
    if read:
        yield f"Lu dans les tables : {' ; '.join(read)}."
    if not qualified.observed.households.any():
        yield "sans occupation : aucun type de peuplement n'est calculé, le patrimoine seul est décrit"
    elif not qualified.known.all():
        unknown = numbers.number(int((~qualified.known).sum()))
        yield f"ressources inconnues dans {unknown} résidence(s) : aucun type n'y est calculé"
    for each in VOCABULARY:
        if each.name in qualified.missing:
            yield MISSING.get(each.name, f"« {each.label_fr} » n'est pas pris en compte")
