"""Who lives in which dwelling at the start, and since when?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincinv, ndtri

from sim.chance import Chance, identities
from sim.territory.columns import Occupants
from sim.territory.synthetic.draws import chosen
from sim.territory.synthetic.fitting import Margin, fit, integerise, largest_remainder
from sim.territory.synthetic.households import Composition, draw_households, size_shares
from sim.territory.synthetic.spec import AGE_EDGES, Placement, SyntheticTerritory
from sim.territory.synthetic.stock import SyntheticStock

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def settle(spec: SyntheticTerritory, stock: SyntheticStock, chance: Chance) -> tuple[Occupants, Composition]:
    """Draw the occupant households and place them.

    1. Leave the assumed share of dwellings vacant.
    2. Draw as many households as there are other dwellings.
    3. Fit household size × rooms, then give the rooms inside a size, more often the larger to the older.
    4. Inside a number of rooms, match the rank of a household's income per consumption unit, blurred by a
       noise, with the rank of a dwelling's rent, place and residence effect.
    5. Draw the time since the lease from the stationary law of tenures.

    Returns
    -------
    Occupants, in the order of the dwellings, and the same households as a Composition.
    """
    dwellings, assumed = stock.dwellings, spec.placement
    number = len(dwellings.rooms)
    empty = round(assumed.vacant_share.value * number)
    vacant = chosen(chance, "dwelling/vacant", stock.dwelling_keys, 1.0, empty)
    lived_in = np.flatnonzero(~vacant)
    ids = np.array([f"H{i + 1:07d}" for i in range(lived_in.size)])
    shares = size_shares(spec.occupants, spec.households)
    sizes = largest_remainder(shares * lived_in.size, lived_in.size, np.arange(6, dtype=np.float64))
    people = draw_households(
        spec.occupants, spec.households, sizes, identities(ids.tolist()), chance, "occupant"
    )
    rooms = _rooms(assumed, people, np.bincount(dwellings.rooms[lived_in], minlength=7)[1:7], chance)
    home = np.empty(lived_in.size, dtype=np.int64)
    score = _household_score(assumed, people, chance)
    standing = _dwelling_score(assumed, stock)
    for number_of_rooms in range(1, 7):
        households = np.flatnonzero(rooms == number_of_rooms)
        homes = lived_in[dwellings.rooms[lived_in] == number_of_rooms]
        households = households[np.argsort(score[households], kind="stable")]
        home[households] = homes[np.argsort(standing[homes], kind="stable")]
    order = np.argsort(home, kind="stable")
    people, ids, home = people.take(order), ids[order], home[order]
    built = stock.residences.build_year[dwellings.residence[home]].astype(np.int64)
    occupants = Occupants(
        dwelling=home,
        household_id=ids,
        lease_on=_lease_dates(spec, people, built, chance),
        adults=people.adults,
        children=people.children,
        teens=people.teens,
        age=people.age,
        activity=people.activity,
        monthly_income_eur=people.monthly_income_eur,
        rfr_eur=people.rfr_eur,
    )
    return occupants, people


def tenure_law(assumed: Placement) -> tuple[float, float]:
    """Return shape and scale (years) of the Weibull tenure with the published survivals at 5 and 10 years."""
    short, long = -np.log(assumed.survival_5_years.value), -np.log(assumed.survival_10_years.value)
    shape = float(np.log(long / short) / np.log(2.0))
    return shape, float(5.0 / short ** (1.0 / shape))


def elapsed(shape: float, scale: float, drawn: Floats, longest: Floats) -> Floats:
    """Return the time since the lease, years, of a tenancy met at a random date.

    The backward recurrence time of a stationary renewal process has density proportional to the survival;
    for a Weibull tenure its distribution is the regularised incomplete gamma function of 1/shape.

    Parameters
    ----------
    drawn : (n,) uniforms.
    longest : (n,) years the household may at most have been there.
    """
    limit = gammainc(1.0 / shape, (longest / scale) ** shape)
    years: Floats = scale * gammaincinv(1.0 / shape, drawn * limit) ** (1.0 / shape)
    return years


def ranked(values: Floats) -> Floats:
    """Return the normal scores of the ranks of values, (n,)."""
    ranks = np.empty(values.size)
    ranks[np.argsort(values, kind="stable")] = np.arange(values.size)
    scores: Floats = ndtri((ranks + 0.5) / max(values.size, 1))
    return scores


def _rooms(assumed: Placement, people: Composition, rooms: Ints, chance: Chance) -> Ints:
    """Return the number of rooms each household gets, (n,)."""
    size = np.minimum(people.persons, 6) - 1
    margins = [Margin((0,), np.bincount(size, minlength=6)), Margin((1,), rooms)]
    odds = assumed.rooms_by_size.array
    # Rooms are met within one unit by the rounding, but every dwelling takes exactly one household.
    counts = _exact(integerise(fit(odds, margins), margins, chance, "placement/rounding"), odds, margins)
    link = assumed.larger_with_age.value
    score = link * ranked(people.age.astype(np.float64))
    score += np.sqrt(1 - link**2) * chance.normal("placement/rooms", people.keys)
    score += 10.0 * np.maximum(people.persons - 6, 0)
    given = np.empty(size.size, dtype=np.int64)
    for row in range(6):
        households = np.flatnonzero(size == row)
        given[households[np.argsort(score[households], kind="stable")]] = np.repeat(
            np.arange(1, 7), counts[row]
        )
    return given


def _exact(counts: Ints, odds: Floats, margins: list[Margin]) -> Ints:
    """Mend the last units of a size × rooms table so that both margins are exact, along allowed cells."""
    counts = counts.copy()
    while True:
        gaps = counts.sum(axis=0) - margins[1].totals
        if not gaps.any():
            return counts
        path = _path(counts, odds, int(gaps.argmax()), int(gaps.argmin()))
        for size, left, right in path:
            counts[size, left] -= 1
            counts[size, right] += 1


def _path(counts: Ints, odds: Floats, full: int, short: int) -> list[tuple[int, int, int]]:
    """Return moves (size, from rooms, to rooms) that take one unit from a full column to a short one."""
    reached: dict[int, list[tuple[int, int, int]]] = {full: []}
    frontier = [full]
    while frontier:
        column = frontier.pop(0)
        for size in np.flatnonzero(counts[:, column] > 0).tolist():
            for other in np.flatnonzero(odds[size] > 0).tolist():
                if other not in reached:
                    reached[other] = [*reached[column], (size, column, other)]
                    frontier.append(other)
    if short not in reached:
        raise ValueError("aucun logement de cette taille pour ces ménages ; revoir placement.rooms_by_size")
    return reached[short]


def _household_score(assumed: Placement, people: Composition, chance: Chance) -> Floats:
    link = assumed.income_sorting.value
    score = link * ranked(people.monthly_income_eur / people.units)
    score += np.sqrt(1 - link**2) * chance.normal("placement/household", people.keys)
    return score


def _dwelling_score(assumed: Placement, stock: SyntheticStock) -> Floats:
    dwellings, residence = stock.dwellings, stock.dwellings.residence
    score = assumed.weight_rent.value * ranked(dwellings.rent_eur / dwellings.surface_m2)
    score += assumed.weight_outside_qpv.value * ~stock.residences.in_qpv[residence]
    score += assumed.weight_residence.value * stock.attraction[residence]
    return score


def _lease_dates(
    spec: SyntheticTerritory, people: Composition, built: Ints, chance: Chance
) -> NDArray[np.datetime64]:
    """Return lease dates, not before the build year nor before the reference person came of age."""
    today = np.datetime64(spec.as_of, "D")
    opened = np.array(built - 1970, dtype="datetime64[Y]").astype("datetime64[D]")
    longest = (today - opened).astype(np.int64) / 365.25
    longest = np.minimum(longest, people.age - AGE_EDGES[0] + 1)
    shape, scale = tenure_law(spec.placement)
    years = elapsed(shape, scale, chance.uniform("occupant/tenure", people.keys), longest)
    return today - np.floor(years * 365.25).astype(np.int64).astype("timedelta64[D]")
