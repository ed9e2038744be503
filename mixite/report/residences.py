"""Which residences most often become « à conforter », and does the second policy change it?

Every frequency has its interval, and two policies are told apart by their paired difference alone. Left out:
a residence of fewer than eleven households, and one followed in fewer than half of the replications.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mixite.report import markup, numbers, words
from mixite.report.differences import reading
from mixite.report.study import Study, group_label, records
from sim.indicators.transitions import REACHING
from sim.portrait.cells import LEAST_DEMANDS

if TYPE_CHECKING:
    from mixite.residences import Residences

SHOWN = 10
"""Residences shown, those that most often become « à conforter » under the second policy."""

TITLE = "Résidences devenues « à conforter »"
HEADERS = ("Résidence", "Type au départ", "Logements", "Répliques suivies")


def section(study: Study) -> str:
    """Return the mean over the EPCI and the residences shown; empty where nothing was followed."""
    if study.residences is None:
        return ""
    said = (
        "Une résidence est suivie dans les répliques où elle n'est pas « à conforter » au départ. La "
        "fréquence est la part de ces répliques où elle l'est à un 1er janvier de la période, même si elle "
        "en revient, avec son intervalle à 95 % (Wilson). Deux intervalles qui se recouvrent ne disent rien "
        "de l'écart : il se lit à part, sur les mêmes répliques (Bonett et Price). Chaque ligne se lit "
        f"seule. Ne sont montrées ni les résidences de moins de {LEAST_DEMANDS} ménages, ni celles suivies "
        "dans moins de la moitié des répliques."
    )
    return markup.section(
        TITLE,
        markup.paragraph(said),
        markup.paragraph(_mean(study)),
        _table(study, study.residences),
        anchor="residences",
    )


def _mean(study: Study) -> str:
    """Say which share of the residences followed become « à conforter », on average over the EPCI."""
    a, b = study.first_pair
    shares = [
        f"{words.policy(policy)}, {numbers.percent(study.value(REACHING.name, 'all', policy))}"
        for policy in dict.fromkeys((a, b))
    ]
    said = f"Dans l'EPCI, part moyenne des résidences suivies qui le deviennent : {' ; '.join(shares)}"
    row = study.difference(REACHING.name, "all", (a, b))
    if row is None or a == b:
        return f"{said}."
    gap = numbers.measure(row["difference"], REACHING.unit, difference=True)
    interval = numbers.interval(row["ci_low"], row["ci_high"], REACHING.unit)
    return f"{said} ; écart {gap} {interval}, {reading(study, row, (a, b))}."


def _table(study: Study, residences: Residences) -> str:
    a, b = study.first_pair
    by_policy = {
        policy: {row["residence_id"]: row for row in records(rows)}
        for policy, rows in residences.chances.groupby("policy")
    }
    of_pair = residences.differences
    of_pair = of_pair[(of_pair["policy_a"] == a) & (of_pair["policy_b"] == b)]
    gaps = {row["residence_id"]: row for row in records(of_pair)}
    candidates = [
        row
        for row in by_policy[b].values()
        if row["households_min"] >= LEAST_DEMANDS and 2 * row["n"] >= study.replications and row["chance"] > 0
    ]
    shown = sorted(candidates, key=lambda row: (-row["chance"], -row["n"], row["residence_id"]))[:SHOWN]
    if not shown:
        return markup.paragraph("Aucune des résidences montrées ne le devient dans aucune réplique.")
    rows, faint = [], []
    for row in shown:
        name, gap = row["residence_id"], gaps.get(row["residence_id"])
        cells = [
            name,
            words.sentence(group_label(row["peuplement_type"]).removeprefix("résidences ")),
            numbers.number(row["dwellings"]),
            str(row["n"]),
            *(_frequency(by_policy[policy][name]) for policy in dict.fromkeys((a, b))),
        ]
        if gap is not None and a != b:
            told = words.DISTINGUISHED if gap["distinguished"] else words.NOT_DISTINGUISHED
            if not gap["distinguished"]:
                faint.append(len(rows))
            cells += [_gap(gap), told]
        rows.append(cells)
    names = [words.sentence(words.policy(policy)) for policy in dict.fromkeys((a, b))]
    headers = (*HEADERS, *names, *(("Écart", "Lecture") if a != b else ()))
    caption = (
        f"Fréquence du passage, {words.policy(b)} : les {len(shown)} résidences où il est le plus fréquent"
    )
    return markup.table(caption, headers, rows, numbers=range(2, len(headers) - (a != b)), faint=faint)


def _frequency(row: dict[str, Any]) -> str:
    low, high = (numbers.number(row[bound] * 100) for bound in ("ci_low", "ci_high"))
    return f"{numbers.percent(row['chance'], 0)} [{low} ; {high}]"


def _gap(row: dict[str, Any]) -> str:
    unit = numbers.SHARE
    gap = numbers.measure(row["difference"], unit, difference=True)
    return f"{gap} {numbers.interval(row['ci_low'], row['ci_high'], unit)}"
