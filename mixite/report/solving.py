"""How near to the best are the sittings that were matched jointly? One line a policy."""

from __future__ import annotations

from mixite.report import markup, numbers, words
from mixite.report.study import Study

NAMES = (
    "matching_gap_median",
    "matching_gap_p90",
    "matching_gap_max",
    "matching_proved_share",
    "matching_within_share",
)
HEADERS = (
    "Politique",
    "Écart médian",
    "Neuf séances sur dix, au plus",
    "Le plus grand",
    "Prouvées la meilleure réponse",
    "À un millième au plus",
)


def gaps(study: Study) -> str:
    """Return the distribution of the gap between answers and verified bound, empty without any matching."""
    rows = gap_rows(study)
    if not rows:
        return ""
    said = (
        "L'écart d'une séance est ce que sa réponse peut perdre à la meilleure, d'après une borne recalculée "
        "en entiers par un code distinct, en millièmes des points et des objectifs en jeu dans la séance. "
        "Moyennes des répliques ; pour le plus grand, la plus haute."
    )
    table = markup.table("Écart des séances à la borne, en millièmes", HEADERS, rows, numbers=range(1, 6))
    return markup.subtitle("Calcul vérifié") + markup.paragraph(said) + table


def gap_rows(study: Study) -> list[tuple[str, ...]]:
    """Return a line a policy that matches jointly: its name, three quantiles of the gap, two shares."""
    values = study.values[study.values["year"].eq(0) & study.values["indicator"].isin(NAMES)]
    found = []
    for policy in dict.fromkeys(study.policies):
        own = values[values["policy"] == policy].groupby("indicator")["value"]
        if own.ngroups:
            told = own.mean().to_dict() | {"matching_gap_max": own.max()["matching_gap_max"]}
            quantiles = [numbers.number(told[name], 2) for name in NAMES[:3]]
            shares = [numbers.percent(told[name], 1) for name in NAMES[3:]]
            found.append((words.policy(policy), *quantiles, *shares))
    return found
