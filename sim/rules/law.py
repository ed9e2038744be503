"""What does the law say on one day, with a scenario's overrides?

After its last dated text the law stays as it is; before its first text there is no law to apply and this
is said. Local agreements (targets of a CIA, shares of a convention de flux) are left out on purpose: they
belong to the territory and the scenario.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.provisions import provisions
from sim.territory.columns import FINANCINGS, Floats, Ints
from sim.territory.files.faults import Fault, FaultsFound, nearest, shown

ZONES = ("autres_regions", "ile_de_france", "paris_communes_limitrophes")
"""Zones of the income ceilings (arrêté du 29 juillet 1987), not the tension zones A, B1, B2, C."""

TENSION_ZONES = ("Abis", "A", "B1", "B2", "C")

BY_ZONE = ("ceilings_", "aid_zones_")
"""Provisions written once a zone, which a `Law` holds for its own."""


RANKS = 100
"""Ranks of the income ceilings that are tabulated: persons, one more for a single parent; the last stands
for all beyond."""

INSEE_LENGTH = 5
"""Characters of the code of a commune."""


@dataclass(frozen=True, eq=False)
class Law:
    """The values in force on a day; every field but the first five bears the name of its provision.

    Rn are the rules of the project's rule book; articles and sources are those of `texts/*.toml`.
    """

    on: date
    zone: str  # one of ZONES

    # plafonds.toml (R12)
    ceilings_eur: Floats  # (len(FINANCINGS), 6), RFR in EUR a year, household categories 1 to 6
    ceiling_extra_eur: Floats  # (len(FINANCINGS),), EUR a year for each person beyond category 6

    # aide_logement.toml
    aid_zones: Ints  # (5,), zone 1, 2 or 3 of the housing aid for each of TENSION_ZONES

    # taille.toml
    over_occupation_one_m2: float  # R13: least surface for one person
    over_occupation_two_m2: float  # R13: for two
    over_occupation_further_m2: float  # R13: more for each person beyond two
    over_occupation_cap_m2: float  # R13: enough for any number
    under_occupation_margin: int  # R14: rooms beyond the number of persons
    rooms_matrix: Ints  # (persons 1 … 7 and more, 2): fewest and most rooms of the project's default

    # quotas.toml, shares of signed leases (R5: of the bailleur's flow)
    quotas: bool  # the legal rows apply; false for study only
    q1_share_outside_qpv: Fraction  # R1, at least
    q2_q4_share_in_qpv: Fraction  # R2, at least
    priority_share: Fraction  # R4, at least
    etat_share_max: Fraction  # R5
    etat_fonctionnaires_share_max: Fraction  # R5, part of etat_share_max
    etat_share_min_outside_qpv: Fraction  # R5
    essential_worker_share: Fraction  # R22, 0 where no CIA sets one
    small_number: int  # leases expected a year, below which a bailleur's own rate is not read

    # commission.toml
    min_candidates: int  # R9
    answer_days: int  # R11

    # occupation.toml (R27)
    review_months: int
    review_zones: tuple[str, ...]

    # demande.toml
    demand_validity_days: int  # R16

    # dalo.toml (R8)
    dalo_offer_months_default: int
    dalo_offer_months_large_agglomeration: int
    dalo_large_agglomeration_departements: tuple[str, ...]
    dalo_adapted_offers: int

    # sls.toml
    sls_qpv: bool  # due in QPV too
    sls_threshold_percent: int  # over the ceiling, from which the SLS is due
    sls_coefficient: float  # at the threshold
    sls_step_low: float  # added for each further percent, up to sls_middle_percent
    sls_step_middle: float
    sls_step_high: float
    sls_middle_percent: int
    sls_high_percent: int
    sls_reference_paris_eur_m2: float  # a month
    sls_reference_zone_1_eur_m2: float
    sls_reference_zone_2_eur_m2: float
    sls_reference_zone_3_eur_m2: float
    sls_rent_share_max: Fraction  # of the resources, rent and SLS together
    right_to_stay: bool  # the right to stay is lost; false for study only
    right_to_stay_percent: int  # of the PLS ceiling
    right_to_stay_years: int  # in a row
    right_to_stay_months: int  # from 1 January to the last day
    right_to_stay_age: int  # years: from this age the right is kept
    right_to_stay_qpv: bool  # lost in QPV too
    right_to_stay_zones: tuple[str, ...]  # tension zones

    # unites_consommation.toml (R3)
    uc_first_person: float
    uc_further_person: float
    uc_child: float
    uc_further_person_age: int  # years: from this age a child counts as a further person

    # aide_logement.toml; a family is alone, a couple, or 1 to 6 dependants, then what each further one adds
    aid_rent_caps_eur: Floats  # (3, 4), EUR a month, by zone: alone, couple, one dependant, each further
    aid_charges_eur: Floats  # (2,), EUR a month: without a dependant, for each
    aid_least_eur: float  # least P0, EUR a month
    aid_least_share: Fraction  # P0 as a share of rent and charges retained
    aid_allowance_eur: Floats  # (9,), R0 by family, EUR a year
    aid_family_rates: Floats  # (9,), TF by family
    aid_rent_bands: Floats  # (bands, 2), TL: from this share of the reference rent, this rate
    aid_resources_step_eur: float  # R is rounded up to a multiple of it
    aid_income_deduction: Fraction  # of declared income, to get R
    aid_rent_multiples: Floats  # (3, 2), of the rent cap, by zone: where the aid declines, where it is nil
    aid_cut_eur: float  # EUR a month
    aid_paid_from_eur: float  # least aid paid, EUR a month
    aid_crds: Fraction  # of the aid
    residual_days: int  # R15: days of a month of the residual income

    @cached_property
    def ceilings_by_rank_eur(self) -> Floats:
        """Income ceilings by financing and rank, (len(FINANCINGS), RANKS): category, then persons beyond."""
        rank = np.arange(RANKS)
        categories = self.ceilings_eur.shape[1]
        category, further = np.clip(rank, 1, categories), np.maximum(rank - categories, 0)
        ceilings: Floats = self.ceilings_eur[:, category - 1] + self.ceiling_extra_eur[:, None] * further
        return ceilings

    @staticmethod
    def at(
        day: date, overrides: Mapping[str, Any] = MappingProxyType({}), zone: str = "autres_regions"
    ) -> Law:
        """Return the law of a day.

        Parameters
        ----------
        day : date
        overrides : provision name -> value, as a scenario's `[law] overrides` gives it
        zone : zone of the income ceilings, one of ZONES

        Raises
        ------
        FaultsFound
            for an unknown zone, a day before the first text, an unknown or impossible override.
        """
        return _law_as_written(day, zone) if not overrides else _law(day, zone, overrides)

    def dalo_offer_months(self, departement: str) -> int:
        """Return the months within which a recognised household must be made an offer.

        Source: CCH R.441-16-1.
        """
        if departement in self.dalo_large_agglomeration_departements:
            return self.dalo_offer_months_large_agglomeration
        return self.dalo_offer_months_default


def departement(commune: str) -> str:
    """Return the département of a commune by the head of its INSEE code, empty where it is no such code."""
    if len(commune) != INSEE_LENGTH or not commune[2:].isdigit():
        return ""
    return commune[:3] if commune.startswith(("97", "98")) else commune[:2]


@cache
def _law_as_written(day: date, zone: str) -> Law:
    return _law(day, zone, {})


def _law(day: date, zone: str, overrides: Mapping[str, Any]) -> Law:
    if zone not in ZONES:
        raise FaultsFound([Fault("[law]", "zone inconnue", nearest(zone, ZONES), column="zone", value=zone)])
    values = _in_force(day, overrides)
    ceilings = np.array([values[f"ceilings_{name.lower()}_{zone}"] for name in FINANCINGS], dtype=np.float64)
    rest = {name: value for name, value in values.items() if not name.startswith(BY_ZONE)}
    rest["rooms_matrix"] = _read_only(np.array(rest["rooms_matrix"], dtype=np.int64))
    for name in rest:
        if name.startswith("aid_") and isinstance(rest[name], tuple):
            rest[name] = _read_only(np.array(rest[name], dtype=np.float64))
    return Law(
        on=day,
        zone=zone,
        ceilings_eur=_read_only(ceilings[:, :6].copy()),
        ceiling_extra_eur=_read_only(ceilings[:, 6].copy()),
        aid_zones=_read_only(np.array(values[f"aid_zones_{zone}"], dtype=np.int64)),
        **rest,
    )


def _in_force(day: date, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return every provision's value on a day, overrides first; all faults together."""
    known = provisions()
    faults = [
        Fault("[law] overrides", "valeur de loi inconnue", nearest(name, list(known)), column=name)
        for name in overrides
        if name not in known
    ]
    values: dict[str, Any] = {}
    too_early = []
    for name, provision in known.items():
        held = provision.at(day)
        if name in overrides:
            try:
                values[name] = provision.converted(overrides[name])
            except ValueError as error:
                found = shown(overrides[name])
                faults.append(
                    Fault(
                        "[law] overrides", str(error), f"voir {provision.article}", column=name, value=found
                    )
                )
        elif held is None:
            too_early.append(provision.dated[0].since)
        else:
            values[name] = provision.converted(held.value)
    if too_early:
        faults.append(
            Fault(
                "sim/rules/texts",
                f"aucun texte en vigueur pour {len(too_early)} valeurs de loi",
                f"choisir une date à partir du {max(too_early)}",
                column="from",
                value=str(day),
            )
        )
    if faults:
        raise FaultsFound(faults)
    return values


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array
