"""Which households have which trait, and what may each trait be used for?

The vocabulary is closed: grids, quotas, targets and indicators are data over these names. There is no
trait of origin, nationality, name, sex, religion or health, and QPV is an attribute of the dwelling.
Family situation, age and accessibility needs never enter a target.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from sim.territory.columns import ACTIVITIES, Bools, Floats, Ints
from sim.territory.files.faults import Fault, FaultsFound, nearest

Use = Literal["eligibility", "size_fit", "cotation", "legal_quota", "target", "indicator", "equity_report"]

USES: tuple[Use, ...] = get_args(Use)

INCOME_STATES = ("valid", "implausible", "missing")
"""State of a declared income; the last two are never silently first quartile."""

VALID, IMPLAUSIBLE, MISSING = range(3)


@dataclass(frozen=True)
class People:
    """The columns a trait may read, a household a row: pending demands or occupants."""

    adults: Ints
    children: Ints
    teens: Ints  # of the children, those who count as a further person in consumption units
    age: Ints  # years, reference person
    activity: Ints  # index into ACTIVITIES
    income_uc_eur: Floats  # declared income, EUR a year and consumption unit, NaN where missing
    rfr_eur: Floats  # tax income, EUR a year, NaN where missing
    mutation: Bools
    dalo: Bools
    recognised: Bools  # PDALHPD, accord collectif, or a priority public that the file does not name
    violence: Bools
    relogement: Bools  # rehoused by a renewal operation or a degraded-condominium operation
    essential_worker: Bools
    needs_accessible: Bools
    q1_threshold_eur: float  # EUR a year and consumption unit, NaN where it is not known
    plus_ceiling_eur: Floats  # EUR a year, the household's PLUS ceiling


@dataclass(frozen=True)
class Trait:
    """A named boolean column, its article and the uses it is admitted for."""

    name: str
    label_fr: str
    article: str
    uses: frozenset[Use]
    of: Callable[[People], Bools]


def income_state(income_eur: Floats) -> NDArray[np.int8]:
    """Return the state of each declared income: 0 valid, 1 implausible, 2 missing (INCOME_STATES).

    Parameters
    ----------
    income_eur : (n,) float, EUR, a month or a year and consumption unit; NaN where missing

    Notes
    -----
    An income of 0 or less is implausible: minimum benefits exist (ANCOLS asks for better data).
    """
    return np.select([np.isnan(income_eur), income_eur <= 0], [MISSING, IMPLAUSIBLE], VALID).astype(np.int8)


def l441_1(people: People) -> Bools:
    """Tell who is of the priority publics, DALO first.

    Source: CCH L.441-1.
    """
    # Simplified: without a column l441_1, PDALHPD and accord collectif stand for the categories a to m.
    public: Bools = people.dalo | people.recognised
    return public


def first_quartile(people: People) -> Bools:
    """Tell whose valid income per consumption unit does not exceed the threshold.

    The arrêté says "inférieur à un montant", but the amount is itself the top of the quartile: `<=`.
    Source: CCH L.441-1, yearly arrêté.
    """
    within: Bools = _valid(people) & (people.income_uc_eur <= people.q1_threshold_eur)
    return within


def q2_q4(people: People) -> Bools:
    """Tell whose valid income per consumption unit exceeds the threshold; nobody's where it is unknown."""
    above: Bools = _valid(people) & (people.income_uc_eur > people.q1_threshold_eur)
    return above


def neutral(people: People) -> Bools:
    """Tell who is in no numerator, denominator or coefficient of a target row."""
    # Simplified: a préfet's designation is not a column of the household; the sitting adds it.
    outside: Bools = people.dalo | people.relogement | people.violence
    return outside


def single_parent(people: People) -> Bools:
    """Tell where one adult lives with at least one child."""
    # Simplified: the dependants are the children; a dependent adult counts as another adult.
    alone: Bools = (people.adults == 1) & (people.children > 0)
    return alone


def _valid(people: People) -> Bools:
    valid: Bools = people.income_uc_eur > 0  # `income_state` VALID: neither missing nor implausible
    return valid


def below_plus(percent: int, rfr_eur: Floats, plus_ceiling_eur: Floats) -> Bools:
    """Tell whose RFR is under so many percent of the PLUS ceiling; a missing one is in no bracket."""
    below: Bools = rfr_eur * 100 < percent * plus_ceiling_eur
    return below


def _below_plus(percent: int) -> Callable[[People], Bools]:
    return lambda people: below_plus(percent, people.rfr_eur, people.plus_ceiling_eur)


def _persons(fewest: int, most: int) -> Callable[[People], Bools]:
    def of(people: People) -> Bools:
        persons = people.adults + people.children
        return (persons >= fewest) & (persons <= most)

    return of


def _trait(
    name: str, label_fr: str, article: str, uses: Iterable[Use], of: Callable[[People], Bools]
) -> Trait:
    return Trait(name, label_fr, article, frozenset(uses), of)


_QUARTILE: tuple[Use, ...] = ("cotation", "legal_quota", "target", "indicator", "equity_report")
_BRACKET: tuple[Use, ...] = ("target", "indicator", "equity_report")
_SIZE: tuple[Use, ...] = ("size_fit", "indicator", "equity_report")
_READ: tuple[Use, ...] = ("indicator", "equity_report")
_POINTS: tuple[Use, ...] = ("cotation", "indicator", "equity_report")

_OPS = "CCH L.442-5 (enquête sur l'occupation du parc social)"
_FIT = "CCH L.621-2, L.822-10"
_Q1 = "CCH L.441-1, arrêté annuel du premier quartile"

TRAITS: tuple[Trait, ...] = (
    _trait(
        "dalo",
        "Ménages reconnus au titre du DALO",
        "CCH L.441-2-3",
        ("cotation", "legal_quota", "indicator", "equity_report"),
        lambda people: people.dalo,
    ),
    _trait("l441_1", "Publics prioritaires", "CCH L.441-1", _QUARTILE, l441_1),
    _trait("first_quartile", "Premier quartile de ressources", _Q1, _QUARTILE, first_quartile),
    _trait("q2_q4", "Deuxième au quatrième quartile de ressources", _Q1, _QUARTILE, q2_q4),
    _trait(
        "q2_q4_no_priority",
        "Deuxième au quatrième quartile, hors publics prioritaires",
        _Q1,
        _READ,
        lambda people: q2_q4(people) & ~l441_1(people),
    ),
    _trait("below_20_plus", "Ressources sous 20 % du plafond PLUS", _OPS, _BRACKET, _below_plus(20)),
    _trait("below_40_plus", "Ressources sous 40 % du plafond PLUS", _OPS, _BRACKET, _below_plus(40)),
    _trait("below_60_plus", "Ressources sous 60 % du plafond PLUS", _OPS, _BRACKET, _below_plus(60)),
    _trait("mutation", "Demandes de mutation", "CCH R.441-2-10", _POINTS, lambda people: people.mutation),
    _trait(
        "essential_worker",
        "Travailleurs essentiels",
        "CCH L.441-1, 35e alinéa",
        _QUARTILE,
        lambda people: people.essential_worker,
    ),
    _trait(
        "relogement",
        "Ménages relogés (NPNRU, ORCOD)",
        "CCH L.441-1",
        ("cotation", "legal_quota", "indicator", "equity_report"),
        lambda people: people.relogement,
    ),
    _trait(
        "violence",
        "Protection contre les violences",
        "CCH L.441-1 g",
        ("cotation", "equity_report"),
        lambda people: people.violence,
    ),
    _trait("neutral", "Ménages neutres pour les objectifs", "CCH L.441-1, L.441-2-3", _READ, neutral),
    _trait(
        "needs_accessible",
        "Besoin d'un logement accessible",
        "CCH L.441",
        ("eligibility", "size_fit", "cotation", "equity_report"),
        lambda people: people.needs_accessible,
    ),
    _trait(
        "in_work",
        "Personne de référence en emploi",
        _OPS,
        _POINTS,
        lambda people: people.activity == ACTIVITIES.index("employed"),
    ),
    _trait("size_1", "Une personne", _FIT, _SIZE, _persons(1, 1)),
    _trait("size_2", "Deux personnes", _FIT, _SIZE, _persons(2, 2)),
    _trait("size_3_4", "Trois ou quatre personnes", _FIT, _SIZE, _persons(3, 4)),
    _trait("size_5_plus", "Cinq personnes et plus", _FIT, _SIZE, _persons(5, np.iinfo(np.int64).max)),
    _trait("single_parent", "Familles monoparentales", _OPS, ("cotation", "equity_report"), single_parent),
    _trait("under_30", "Moins de 30 ans", "Loi 2008-496", ("equity_report",), lambda people: people.age < 30),
    _trait(
        "aged_65_plus", "65 ans et plus", "Loi 2008-496", ("equity_report",), lambda people: people.age >= 65
    ),
)
"""The whole vocabulary; a trait's position is its bit in a signature."""

NAMES = tuple(trait.name for trait in TRAITS)

_BITS = np.int64(1) << np.arange(len(TRAITS))


def traits_of(people: People) -> dict[str, Bools]:
    """Return every trait's column, (n,) bool, by name and in the order of TRAITS."""
    return {trait.name: trait.of(people) for trait in TRAITS}


def signature(people: People) -> NDArray[np.int64]:
    """Return each household's traits as one bit mask, (n,) int64: bit i is TRAITS[i]."""
    held = np.array([trait.of(people) for trait in TRAITS])
    bits: NDArray[np.int64] = _BITS @ held
    return bits


def mask(names: Iterable[str]) -> int:
    """Return the bits of some traits.

    Raises
    ------
    FaultsFound
        for a name that is not a trait.
    """
    bits = 0
    for name in names:
        bits |= 1 << TRAITS.index(trait(name))
    return bits


def has(signatures: NDArray[np.int64], *names: str) -> Bools:
    """Tell which signatures hold all the named traits, shape of `signatures`.

    Raises
    ------
    FaultsFound
        for a name that is not a trait.
    """
    wanted = mask(names)
    held: Bools = (signatures & wanted) == wanted
    return held


def trait(name: str, file: str = "traits", column: str = "") -> Trait:
    """Return the trait of that name.

    Raises
    ------
    FaultsFound
        for a name that is not a trait; `file` and `column` say where it was read.
    """
    if name not in NAMES:
        known = nearest(name, NAMES)
        raise FaultsFound([Fault(file, "critère inconnu", known, column=column, value=name)])
    return TRAITS[NAMES.index(name)]


def usable(name: str, use: Use, file: str = "traits", column: str = "") -> Trait:
    """Return the trait if it is admitted for a use.

    Raises
    ------
    FaultsFound
        in French, with the article, when it is not a trait or is not admitted for this use.
    """
    found = trait(name, file, column)
    if use in found.uses:
        return found
    admitted = ", ".join(each.name for each in TRAITS if use in each.uses)
    raise FaultsFound(
        [
            Fault(
                file,
                f"« {found.label_fr} » ({found.article}) n'est pas admis pour l'usage « {use} »",
                f"critères admis pour cet usage : {admitted}",
                column=column,
                value=name,
            )
        ]
    )


def uses_matrix() -> str:
    """Return the table of traits and uses, ready to print: x where a use is admitted."""
    width = max(map(len, NAMES))
    lines = [" ".join([" " * width, *USES])]
    for each in TRAITS:
        marks = [("x" if use in each.uses else ".").center(len(use)) for use in USES]
        lines.append(" ".join([each.name.ljust(width), *marks]).rstrip())
    return "\n".join(lines)
