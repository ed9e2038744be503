"""How often is a better-scored demand on no list of a sitting?

Formula: `passed_over_per_lease` = Σ over the vacancies examined of the better-scored eligible demands on no
list of that sitting / leases signed; `passed_over_share` = vacancies examined with at least one / examined.
Reference: a measure of ours; the cotation is an aid and not a decision (CCH R.441-2-10), so it is no breach.
Known flaw: a demand passed over at ten sittings counts ten times, and one passed over today may be housed
next week; a vacancy examined at several sittings counts at each.
"""

from __future__ import annotations

from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import Indicator, Row, ratio
from sim.outcomes import Outcomes

PER_LEASE = Indicator(
    "passed_over_per_lease",
    "Demandes mieux cotées non présentées, par bail",
    "demandes par bail",
    "Demandes éligibles mieux cotées qu'une demande présentée et inscrites sur aucune liste de la séance, "
    "rapportées aux baux signés.",
)
SHARE = Indicator(
    "passed_over_share",
    "Part des examens avec une demande mieux cotée non présentée",
    "part (0-1)",
    "Logements examinés en séance pour lesquels au moins une demande mieux cotée n'est sur aucune liste.",
)
INDICATORS = (PER_LEASE, SHARE)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the better-scored demands not presented, per lease and as a share of the examinations."""
    calendar = Calendar.of(outcomes)
    year = calendar.place(seconds(outcomes.sittings["held_s"]))
    signed = calendar.tally(calendar.place(seconds(outcomes.leases["signed_s"])))
    passed_over = outcomes.sittings["passed_over"].to_numpy(dtype=float)
    per_lease = ratio(calendar.tally(year, passed_over), signed)
    share = ratio(calendar.tally(year[passed_over > 0]), calendar.tally(year))
    return PER_LEASE.rows("all", calendar.labels, per_lease) + SHARE.rows("all", calendar.labels, share)
