"""What does a commission write of each candidate, in which words, and what is kept of it?

The two sheets that people fill: « Décision » for the sitting, « Historique » for the answers and signatures
that come later. No cell of a decision is ever prefilled. A person is named by the function alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from itertools import groupby, product

from mixite.desk.dossier.titles import DEMAND, DWELLING, IN_RPMS, RANK, ROWS, SERVED
from mixite.desk.workbook.heading import Heading, Sheet
from mixite.desk.workbook.words import Words
from sim.rules.caleol import GIVING, RPMS, decisions, figure, motives
from sim.rules.law import Law

DECISIONS = Words(tuple((code, (one.label,)) for code, one in decisions().items()))
MOTIVES = Words(tuple((code, (one.label,)) for code, one in motives().items()))

FUNCTIONS = Words(
    (
        ("presidence", ("Présidence de la commission",)),
        ("bailleur", ("Membre désigné par le bailleur",)),
        ("locataires", ("Membre représentant les locataires",)),
        ("commune", ("Maire ou son représentant",)),
        ("prefet", ("Préfet ou son représentant",)),
        ("epci", ("Présidence de l'EPCI ou son représentant",)),
    )
)
"""Who sits in a commission, by function. Source: CCH L.441-2."""

ANSWERS = Words(
    (
        ("accepted", ("Acceptée",)),
        ("refused_justified", ("Refus justifié",)),
        ("refused_unjustified", ("Refus non justifié",)),
        ("silent", ("Sans réponse au délai",)),
    )
)
"""What the applicant answered; after the delay, silence is a refusal (R11, CCH R.441-10)."""

REFUSALS = ("refused_justified", "refused_unjustified", "silent")

MAY_SIGN = "Bail signé le"


def _heading(title: str, column: str, kind: str, help_: str, required: bool = False) -> Heading:
    return Heading(title, column, kind, help_, required=required)  # type: ignore[arg-type]


_PAIR = (
    _heading(DWELLING, "dwelling_id", "text", "le logement", required=True),
    _heading(RANK, "suggested", "integer", "le rang suggéré par le programme"),
    _heading(DEMAND, "demand_id", "text", "le numéro unique", required=True),
)
_DECIDED = (
    _heading("Décision", "decision", "free", "l'une des cinq décisions de l'article R.441-3", required=True),
    _heading("Rang décidé", "rank", "integer", "le rang que la commission donne"),
    _heading("Condition suspensive", "condition", "free", "ce qui est attendu avant le bail"),
    _heading("Pièce attendue", "document", "free", "la pièce de la liste qui manque"),
    _heading("Motif légal", "motive", "free", "un motif de la liste, pour une non-attribution"),
    _heading("Autre motif légal", "motive_2", "free", "un second motif, s'il y en a un"),
    _heading("Constat", "measure", "free", "ce qui a été mesuré : montant, surface, pièce"),
    _heading("Observations", "remarks", "free", "la raison d'un autre ordre ; ni nom, ni santé"),
    _heading("Décidé par (fonction)", "by", "free", "la fonction, jamais un nom", required=True),
)
_AFTER = (
    _heading("Réponse du demandeur", "answer", "free", "ce que le demandeur a répondu"),
    _heading("Répondu le", "answered_on", "date", "le jour de sa réponse"),
    _heading(MAY_SIGN, "signed_on", "date", "le jour de la signature du bail"),
)

DECISION = Sheet("Décision", "ce que la commission décide", (*_PAIR, *_DECIDED, *_AFTER), required=True)

HISTORY = Sheet(
    "Historique",
    "les décisions des séances passées",
    (
        _heading("Séance du", "held_on", "date", "le jour de la séance", required=True),
        *_PAIR,
        *_DECIDED,
        *_AFTER,
        _heading(IN_RPMS, "rpms", "flag", "le logement est dans une RPMS"),
        _heading("Disponible le", "available_on", "date", "le jour où le logement était disponible"),
        _heading(ROWS, "rows", "free", "les lignes où un bail compte"),
        _heading(SERVED, "served", "free", "celles dont le ménage est du public"),
        _heading("Empreinte", "digest", "text", "ce qui montre qu'une ligne n'a pas changé", required=True),
        _heading(
            "Empreinte des réponses", "after", "text", "ce qui montre qu'une réponse écrite n'a pas changé"
        ),
    ),
)

CODED = {"decision": DECISIONS, "motive": MOTIVES, "motive_2": MOTIVES, "by": FUNCTIONS, "answer": ANSWERS}
"""Columns that hold a word of a closed list, and the list."""


@dataclass(frozen=True)
class Decided:
    """One decision on one candidate, and what came after.

    Attributes
    ----------
    suggested : suggested rank
    decision, motives, by, answer : codes of the closed lists, "" where none
    rank : rank decided, 0 where the dwelling is not given
    available_on : from when the dwelling was available: which of its vacancies it was; None where not known
    rows, served : labels of the lines in which a lease counts, and of those whose public the household is of
    """

    held_on: date
    dwelling_id: str
    demand_id: str
    suggested: int
    decision: str
    rank: int
    condition: str
    document: str
    motives: tuple[str, ...]
    measure: str
    remarks: str
    by: str
    answer: str = ""
    answered_on: date | None = None
    signed_on: date | None = None
    rpms: bool = False
    rows: tuple[str, ...] = ()
    served: tuple[str, ...] = ()
    available_on: date | None = None

    @property
    def gives(self) -> bool:
        """Whether the dwelling is given, were the ranks before to refuse it."""
        return self.decision in GIVING

    @property
    def refused(self) -> bool:
        """Whether the applicant refused it; silence is a refusal."""
        return self.answer in REFUSALS

    @property
    def opens_debt(self) -> bool:
        """Whether a first adapted dwelling elsewhere is owed since (R21)."""
        return self.decision == "non_attribution" and RPMS in self.motives


def chained(decided: Sequence[Decided]) -> list[str]:
    """Return the digest of each decision, which holds those before it; answers may still come and are not in.

    Twelve characters of SHA-256 over the fields of the decision and the digest before.
    """
    found, last = [], ""
    for one in decided:
        fields = (
            *(one.held_on.isoformat(), one.dwelling_id, one.demand_id, str(one.suggested), one.decision),
            *(str(one.rank), one.condition, one.document, *one.motives, one.measure, one.remarks, one.by),
            *(*one.rows, "", *one.served),
        )
        last = sha256("\x1f".join((last, *fields)).encode()).hexdigest()[:12]
        found.append(last)
    return found


def after(one: Decided, digest: str) -> str:
    """Return the digest of what came after a decision, and of the dwelling as it was; `digest` is its own."""
    days = (one.available_on, one.answered_on, one.signed_on)
    fields = (digest, str(one.rpms), one.answer, *("" if day is None else day.isoformat() for day in days))
    return sha256("\x1f".join(fields).encode()).hexdigest()[:12]


def only_added(one: Decided, digest: str, written: str) -> bool:
    """Tell whether nothing of what came after a decision was changed or taken off since it was written.

    What people may have added since is any of the answer, its day and the signature: one of the ways to leave
    some of them out is what was written.
    """
    before = [
        replace(one, answer=answer, answered_on=answered_on, signed_on=signed_on)
        for answer, answered_on, signed_on in product(
            {one.answer, ""}, {one.answered_on, None}, {one.signed_on, None}
        )
    ]
    return written in {after(each, digest) for each in before}


def of_each_dwelling(decided: Iterable[Decided]) -> list[list[Decided]]:
    """Return the decisions by sitting and dwelling."""
    ordered = sorted(decided, key=lambda one: (one.held_on, one.dwelling_id))
    return [list(group) for _, group in groupby(ordered, key=lambda one: (one.held_on, one.dwelling_id))]


def follows(of_dwelling: Sequence[Decided]) -> bool:
    """Tell whether a dwelling is given in the suggested order from its first name, nobody passed over."""
    given = sorted((one.rank, one.suggested) for one in of_dwelling if one.gives)
    return bool(given) and [suggested for _, suggested in given] == list(range(1, len(given) + 1))


def silent_from(held_on: date) -> date:
    """Return the first day on which silence can be a refusal: the offer is not made before the sitting.

    Source: R11, CCH R.441-10.
    """
    return held_on + timedelta(days=Law.at(held_on).answer_days)


def followed(decided: Iterable[Decided]) -> str:
    """Say how many dwellings were given in the suggested order without change, if any was decided."""
    dwellings = of_each_dwelling(decided)
    if not dwellings:
        return ""
    same, many = sum(map(follows, dwellings)), len(dwellings)
    noun, verb = ("décisions", "suivent") if same > 1 else ("décision", "suit")
    said = f"{same} {noun} sur {many} {verb} l'ordre suggéré sans changement"
    if many < figure("few").value:
        return f"{said} ; moins de {figure('few').value:.0f} décisions, la part n'est pas lue"
    if same / many > figure("followed_share").value:
        share = f"{100 * figure('followed_share').value:.0f}"
        advice = "vérifier que chaque dossier est examiné pour lui-même (RGPD, art. 22)"
        return f"{said}, plus de {share} % : {advice}"
    return said
