"""What does the commission read of each candidate?

What its file says, what the law reads in it (units, ceiling, size), and estimates of what the dwelling would
cost. Effort and residual income are shown and never order or exclude anybody. Left out on purpose: names,
which the office joins when it prints; health and violence, whose motives only the instructor's copy shows.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from mixite.desk.dossier.labels import spoken
from mixite.desk.dossier.scored import CONFIDENTIAL_MOTIVES, score_lines
from mixite.desk.dossier.table import TO_VERIFY, Cell, Column, Kind, Table, table
from mixite.desk.dossier.titles import DEMAND, DWELLING, RANK
from mixite.desk.suggesting import Suggestion
from mixite.desk.told import deadline, demand_id, points, reasons
from mixite.desk.workbook.headings import CANDIDATURES
from mixite.desk.workbook.words import HOUSING_MODES, MOTIVES, RESERVATAIRES, Words
from sim.policies.reasons import Suggested
from sim.process.affordability import affordability
from sim.process.world import World
from sim.rules.cotation.attributes import ATTRIBUTES, decoded
from sim.rules.eligibility import UNLIMITED, ceiling_eur, consumption_units, most_persons, rooms_allowed
from sim.rules.traits import mask
from sim.territory.columns import RESERVATAIRES as HOLDERS

AT_INSTRUCTION = "motif connu de l'instructeur"

ADULT_BANDS = ((25, "de moins de 25 ans"), (40, "de 25 à 39"), (60, "de 40 à 59"), (75, "de 60 à 74"))
CHILD_BANDS = ((3, "de moins de 3 ans"), (11, "de 3 à 10"), (14, "de 11 à 13"))
OLDEST_ADULTS, OLDEST_CHILDREN = "de 75 et plus", "de 14 et plus"

REASONS = "Raisons de l'ordre suggéré"
EFFORT, RESIDUAL = "Taux d'effort (estimation)", "Reste à vivre, €/jour/UC (estimation)"


def candidates(found: Suggestion, instruction: bool) -> Table:
    """Return the table of the candidates, by dwelling then suggested rank.

    instruction : whether the copy is the instructing officer's, with what is confidential
    """
    ordered = sorted(found.suggested, key=lambda one: (one.vacancy, one.rank))
    return table("Candidatures", _columns(_Candidates(found, ordered, instruction)))


class _Candidates:
    """The candidates of a suggestion, with the columns of the register that are read of them."""

    def __init__(self, found: Suggestion, ordered: list[Suggested], instruction: bool) -> None:
        self.found, self.ordered, self.instruction = found, ordered, instruction
        self.world: World = found.today.world
        self.register = found.today.state.register
        self.position = np.array([one.demand for one in ordered], dtype=np.int64)
        self.row = found.sitting.demand[self.position]
        self.origin = self.register.template[self.row]  # row of the file
        self.dwelling = found.sitting.dwelling[np.array([one.vacancy for one in ordered], dtype=np.int64)]
        self.signature = found.sitting.signature[self.position]
        self.written = found.request.written.get(CANDIDATURES.title, {})

    def each(self, of: Callable[[int], Cell]) -> list[Cell]:
        """Return a cell for each candidate."""
        return [of(at) for at in range(len(self.ordered))]

    def cell(self, column: str) -> list[Cell]:
        """Return what the file says under a header, as it was written."""
        cells = self.written.get(CANDIDATURES.title_of(column))
        return [None if cells is None else cells[row] or None for row in self.origin.tolist()]

    def attribute(self, name: str) -> list[Any]:
        """Return an attribute of the closed list, None where it is missing."""
        if name not in self.register.attributes:
            return [None] * len(self.ordered)
        values = self.register.attribute(name)[self.row]
        return [decoded(ATTRIBUTES[name], value) for value in values.tolist()]

    def numbers(self, values: Any) -> list[Cell]:
        """Return numbers, None where there is none."""
        return [float(value) if math.isfinite(value) else None for value in np.asarray(values).tolist()]

    def has(self, trait: str) -> Any:
        return self.signature & mask([trait]) != 0


def _columns(of: _Candidates) -> list[tuple[Column, list[Cell]]]:
    law, register, row = of.world.law, of.register, of.row
    stock = of.world.territory.dwellings
    adults, children, teens = register.adults[row], register.children[row], register.teens[row]
    ceiling = ceiling_eur(
        law, register.persons[row], stock.financing[of.dwelling], (adults == 1) & (children > 0)
    )
    cost = affordability(of.world, of.found.today.state, row, of.dwelling)
    filed = of.world.territory.demands.filed_on[of.origin]
    lines = score_lines(of.found, row, of.instruction)

    def column(
        title: str, cells: list[Cell], kind: Kind = "text", width: int = 12, empty: str = ""
    ) -> tuple[Column, list[Cell]]:
        return Column(title, kind, width, empty), cells

    return [
        column(DWELLING, of.each(lambda at: str(stock.dwelling_id[of.dwelling[at]])), width=16),
        column(RANK, of.each(lambda at: of.ordered[at].rank), "integer", 8),
        column(DEMAND, of.each(lambda at: demand_id(of.found, of.ordered[at].demand)), width=20),
        column("Désignée par", of.each(lambda at: _designated(of, at)), width=16),
        column("Déposée le", of.each(lambda at: filed[at].item()), "date"),
        column("Points", _points(of), "integer", 8),
        column("Lignes de cotation", list(lines), "wrap", 34),
        column("Personnes", of.each(lambda at: int(adults[at] + children[at])), "integer", 9),
        column("Tranches d'âge", of.each(lambda at: _ages(of, at)), "wrap", 22),
        column("Motif de la demande", _motives(of), "wrap", 24),
        column("Situation actuelle", _words_of(of, "housing_modes", HOUSING_MODES), "wrap", 22),
        column("Commune de travail", of.cell("work_commune"), width=10),
        column("UC", of.numbers(consumption_units(law, adults, children, teens)), "decimal", 6),
        column(
            *("Ressources mensuelles", of.numbers(register.monthly_income_eur[row]), "euro", 11, TO_VERIFY)
        ),
        column("RFR", of.numbers(register.rfr_eur[row]), "euro", 10, TO_VERIFY),
        column("Plafond du logement", of.numbers(ceiling), "euro", 10),
        column(EFFORT, of.numbers(cost.effort), "percent", 11, TO_VERIFY),
        column(RESIDUAL, of.numbers(cost.residual_eur), "decimal", 12, TO_VERIFY),
        column("Priorité", of.each(lambda at: _priority(of, at)), "wrap", 18),
        column("Échéance DALO", of.each(lambda at: deadline(of.found, of.ordered[at].demand)), "date"),
        column("Refus antérieurs", _refusals(of), "integer", 10),
        column("Autres listes", of.each(lambda at: _other_lists(of, at)), "wrap", 18),
        column("Pièces manquantes", of.cell("missing_documents"), "wrap", 18),
        column("Alerte de taille", of.each(lambda at: _size_alert(of, at)), "wrap", 26),
        column(
            REASONS, of.each(lambda at: spoken(" ; ".join(reasons(of.found, of.ordered[at])))), "wrap", 44
        ),
    ]


def _designated(of: _Candidates, at: int) -> str:
    """Return who designates the candidate: the préfet, the réservataire, or the bailleur itself."""
    one = of.ordered[at]
    if of.found.sitting.named.get(one.vacancy) == one.demand:
        return "Préfet (DALO)"
    return RESERVATAIRES.word(HOLDERS[one.reservataire]) if one.designated else "Bailleur"


def _points(of: _Candidates) -> list[Cell]:
    if of.found.request.points == "seniority":
        return [None] * len(of.ordered)
    return of.each(lambda at: points(of.found, of.ordered[at].points))


def _ages(of: _Candidates, at: int) -> str | None:
    """Return how many persons are of each age band: of the ages written, else of what is known of them."""
    adults, children = (of.cell(column)[at] for column in ("adults_ages", "children_ages"))
    row = of.row[at]
    grown = _years(adults)
    young = _years(children)
    if not grown:
        grown = [int(of.register.age[row])] if of.register.age[row] > 0 else []
    said = _banded(grown, ADULT_BANDS, OLDEST_ADULTS, "adulte")
    others = int(of.register.adults[row]) - len(grown)
    said += [_many(others, "adulte", "d'âge non connu")] if others > 0 else []
    if len(young) == of.register.children[row]:
        return ", ".join([*said, *_banded(young, CHILD_BANDS, OLDEST_CHILDREN, "enfant")]) or None
    teens = int(of.register.teens[row])
    for many, band in (
        (int(of.register.children[row]) - teens, "de moins de 14 ans"),
        (teens, OLDEST_CHILDREN),
    ):
        said += [_many(many, "enfant", band)] if many else []
    return ", ".join(said) or None


def _years(cell: Cell) -> list[int]:
    parts = str(cell or "").replace(",", ";").replace("/", ";").split(";")
    return [int(part) for part in parts if part.strip().isdigit()]


def _banded(ages: list[int], bands: tuple[tuple[int, str], ...], oldest: str, noun: str) -> list[str]:
    counts = Counter(next((band for under, band in bands if age < under), oldest) for age in ages)
    return [
        _many(counts[band], noun, band) for band in (*(band for _, band in bands), oldest) if counts[band]
    ]


def _many(many: int, noun: str, band: str) -> str:
    return f"{many} {noun}{'s' if many > 1 else ''} {band}"


def _motives(of: _Candidates) -> list[Cell]:
    found: list[Cell] = []
    for codes in of.attribute("motives"):
        if codes and not of.instruction and CONFIDENTIAL_MOTIVES & set(codes):
            shown = [MOTIVES.word(code) for code in codes if code not in CONFIDENTIAL_MOTIVES]
            found.append(" ; ".join([*shown, AT_INSTRUCTION]))
        else:
            found.append(" ; ".join(map(MOTIVES.word, codes)) if codes else None)
    return found


def _words_of(of: _Candidates, name: str, words: Words) -> list[Cell]:
    return [" ; ".join(map(words.word, codes)) if codes else None for codes in of.attribute(name)]


def _priority(of: _Candidates, at: int) -> str | None:
    """Return the priority without its letter; with what is recognised in the instructor's copy."""
    if not of.has("l441_1")[at]:
        return None
    said = "prioritaire L.441-1"
    if of.instruction:
        known = [label for label, holds in _recognised(of, at) if holds]
        return f"{said} : {', '.join(known)}" if known else said
    return said


def _recognised(of: _Candidates, at: int) -> tuple[tuple[str, bool], ...]:
    return (
        ("DALO", bool(of.has("dalo")[at])),
        ("PDALHPD", of.attribute("pdalhpd")[at] is True),
        ("accord collectif", of.attribute("accord_collectif")[at] is True),
        ("lettre g", bool(of.has("violence")[at])),
    )


def _refusals(of: _Candidates) -> list[Cell]:
    if "unjustified_refusals_24m" not in of.world.territory.demands.attributes:
        return [None] * len(of.ordered)  # nothing is known, and nothing is drawn
    return [None if many is None else int(many) for many in of.attribute("unjustified_refusals_24m")]


def _other_lists(of: _Candidates, at: int) -> str | None:
    """Return the other dwellings of the sitting where the candidate is presented, and what the file adds."""
    one, names = of.ordered[at], of.world.territory.dwellings.dwelling_id
    said = [
        f"{names[of.found.sitting.dwelling[other.vacancy]]} (rang {other.rank})"
        for other in of.ordered
        if other.demand == one.demand and other.vacancy != one.vacancy
    ]
    written = of.cell("other_lists")[at]
    return " ; ".join([*said, *([str(written)] if written else [])]) or None


def _size_alert(of: _Candidates, at: int) -> str | None:
    """Return where the dwelling is at the edge of what size admits. Source: R13, R14, the default matrix."""
    law, stock, dwelling = of.world.law, of.world.territory.dwellings, of.dwelling[at]
    persons, rooms = int(of.register.persons[of.row[at]]), int(stock.rooms[dwelling])
    fewest, most = (int(bound) for bound in rooms_allowed(law, persons))
    admitted = int(most_persons(law, stock.surface_m2[dwelling]))
    if rooms > most:
        return f"plus grand que l'usage : T{rooms} pour {persons} personne(s), T{most} au plus"
    if rooms < fewest:
        return f"plus petit que l'usage : T{rooms} pour {persons} personnes, T{fewest} au moins"
    if admitted != UNLIMITED and persons == admitted:
        return f"surface juste suffisante pour {persons} personne(s) (R. 822-25)"
    return None
