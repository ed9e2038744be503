"""What housing aid would one household get in one dwelling, and what would it pay? In exact decimals.

Written from the articles for one household at a time; of the simulator only the amounts of the law are read.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from reference_people import Household

from sim.rules.law import Law

ZONE_OF = dict(zip(("Abis", "A", "B1", "B2", "C"), range(5), strict=True))
CENT = Decimal("0.01")


def exact(value: object) -> Decimal:
    """The decimal a number is written with; a fraction is one of a few decimals."""
    numerator = getattr(value, "numerator", None)
    if numerator is not None:
        return Decimal(numerator) / Decimal(value.denominator)  # type: ignore[attr-defined]
    return Decimal(repr(float(value)))  # type: ignore[arg-type]


def half_up(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), ROUND_HALF_UP)


def rent_cap(law: Law, zone: int, people: Household) -> Decimal:
    """Article 7."""
    alone, couple, first, further = (exact(amount) for amount in law.aid_rent_caps_eur[zone - 1])
    if people.children == 0:
        return alone if people.adults == 1 else couple
    return first + (people.children - 1) * further


def by_family(table: object, people: Household) -> Decimal:
    """Articles 14 and 15: alone, couple, one to six dependants, each further."""
    values = [exact(value) for value in table]  # type: ignore[attr-defined]
    if people.children == 0:
        return values[0] if people.adults == 1 else values[1]
    return (
        values[1 + people.children] if people.children <= 6 else values[7] + (people.children - 6) * values[8]
    )


def aid(law: Law, people: Household, rent_eur: float, tension_zone: str) -> Decimal:
    """D.823-16 and D.823-17: the aid of a month, in whole euros."""
    zone = int(law.aid_zones[ZONE_OF[tension_zone]])
    rent, cap = exact(rent_eur), rent_cap(law, zone, people)
    kept = rent if rent < cap else cap
    base, each = (exact(amount) for amount in law.aid_charges_eur)
    expense = kept + base + each * people.children
    participation = max(exact(law.aid_least_share) * expense, exact(law.aid_least_eur))

    yearly = half_up(12 * exact(people.income_eur) * (1 - exact(law.aid_income_deduction)), "0.01")
    step = exact(law.aid_resources_step_eur)
    resources = (yearly / step).to_integral_value(ROUND_CEILING) * step
    percent = half_up(100 * kept / rent_cap(law, 2, people), "0.01")
    (low, first), (high, second) = ((exact(a) * 100, exact(b)) for a, b in law.aid_rent_bands)
    if percent <= low:
        of_rent = Decimal(0)
    elif percent <= high:
        of_rent = first * (percent - low)
    else:
        of_rent = first * (high - low) + second * (percent - high)
    rate = by_family(law.aid_family_rates, people) + half_up(of_rent, "0.001") / 100
    above = resources - by_family(law.aid_allowance_eur, people)
    if above > 0:
        participation += rate * above

    found = expense - participation
    if found < exact(law.aid_paid_from_eur) or found < 0:
        found = Decimal(0)
    declines, ends = (exact(multiple) * cap for multiple in law.aid_rent_multiples[zone - 1])
    if rent >= ends:
        found = Decimal(0)
    elif rent > declines:
        found *= 1 - (rent - declines) / (ends - declines)
    found = half_up(found, "0.01") - exact(law.aid_cut_eur)
    if found <= 0:
        return Decimal(0)
    crds = (found * exact(law.aid_crds)).quantize(CENT, ROUND_FLOOR)
    return (found - crds).to_integral_value(ROUND_FLOOR)


def net_rent(law: Law, people: Household, rent_eur: float, charges_eur: float, tension_zone: str) -> float:
    """Rent and charges of a month less the estimated aid."""
    return rent_eur + charges_eur - float(aid(law, people, rent_eur, tension_zone))
