"""What does docs/validation.md say? Made of the table of a validation and of the reasons in targets.toml."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from mixite.validation import judging
from mixite.validation.targets import targets

TO_ESTABLISH = "reason to be established"

INTRODUCTION = """\
# Validation

Page written by `mixite validate`; not to be edited by hand. The table behind it is `validation.csv`.

```console
mixite validate --replications 200 --full-replications 10
```

Each published figure kept for validation (role `validation` of `scenarios/figures.csv`) stands beside its
simulated counterpart. **None of them is used by a fit, a default or a territory**: the loader refuses them to
a fit, and a test looks for their names and values in every file of `scenarios/`. Numbers of the model are
fitted on figures of role `calibration` alone, or are named hypotheses (`docs/hypotheses.md`)."""

METHOD = """\
- A territory is played from its published margins; the burn-in is not read. Each replication draws its own
  events. The mean is that of the replications, the range their 2.5 and 97.5 % quantiles: how much one small
  territory varies by chance alone, neither the making of the territory nor the hypotheses.
- **inside**: the mean lies within published ± tolerance. **outside**: the whole range lies beyond. **not
  distinguished**: the mean is out and the range reaches in, chance alone may explain it. **not measured**:
  the run does not hold what it takes.
- Tolerances were set before any comparison. That of the leases outside QPV is the noise of a figure that
  moved from 13 to 19 % between years without any change of rule. That of the long vacancy is wider than the
  figure itself: to be inside says little there."""

CAVEATS = """\
## What these figures cannot show

- A figure of Hauts-de-France or of France is compared with the synthetic Métropole européenne de Lille, which
  is neither: its towns are larger, its houses fewer. A gap may be that of the territory.
- The exits and lengths of tenancy (VT1, VT2) come from the producer of the two survivals that tenancies are
  fitted on (ANCOLS), of another cohort: they are not fully independent. The waits and the share of mutations
  (VT5, VT6) are independent because arrivals and closings are fitted on volumes alone.
- Years differ: the published ones run from 2018 to 2023, the simulated ones start from the margins of the
  register of 2019 and a demand of 2023.
- A rotation or a wait that agrees says nothing of who is housed where. No published figure of the leases by
  type of residence was found."""


def page(table: pd.DataFrame) -> str:
    """Return the page, in Markdown.

    Parameters
    ----------
    table : the rows of validation.csv (mixite/validation/validating.py, COLUMNS)
    """
    rows = table.to_dict("records")
    full = any(_known(row["full_mean"]) for row in rows)
    parts = [
        INTRODUCTION,
        "\n".join([*_played(rows), METHOD]),
        "\n".join(["## Figures", "", *_figures(rows, full)]),
        "\n".join(["## Reasons", "", *_reasons(rows)]),
        "\n".join(["## Counterparts and sources", "", *_counterparts(rows)]),
        CAVEATS,
    ]
    return "\n\n".join(parts) + "\n"


def _played(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Give what was played: policy, length, territories with scale and replications."""
    first = rows[0]
    length = f"{first['years']} year{'s' if first['years'] > 1 else ''}"
    yield "## Method"
    yield ""
    yield (
        f"- Policy `{first['policy']}`, burn-in included: {first['burn_in_months']} months, then "
        f"{length}; seed {first['seed']}; code {first['code_version']}."
    )
    told = []
    for name in dict.fromkeys(row["territory"] for row in rows):
        here = [row for row in rows if row["territory"] == name]
        small, full = (_most(here, key) for key in ("replications", "full_replications"))
        beside = f", and {full} at full scale" if full else ""
        told.append(f"{name} at scale {here[0]['scale']:g} ({small} replications{beside})")
    yield "- Territories:"
    yield from (f"  - {line}" for line in told)


def _figures(rows: list[dict[str, Any]], full: bool) -> Iterator[str]:
    head = [
        "target",
        "figure",
        "published",
        "tolerance",
        "territory",
        "simulated mean",
        "95 % range",
        "outcome",
    ]
    head += ["full scale"] * full
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        cells = [
            row["target"],
            f"{targets()[row['figure']].figure.definition}, {row['scope']} {row['year']}",
            f"{_number(row, 'value')} {row['unit']}",
            f"± {_number(row, 'tolerance')}",
            row["territory"],
            _number(row, "mean"),
            _range(row, ""),
            f"**{row['outcome']}**" if row["outcome"] == judging.OUTSIDE else row["outcome"],
        ]
        if full:
            known = _known(row["full_mean"])
            told = f"{_number(row, 'full_mean')} {_range(row, 'full_')}, {row['full_outcome']}"
            cells.append(told if known else "—")
        yield f"| {' | '.join(cells)} |"


def _reasons(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Give a line for each figure that is not inside."""
    apart = [row for row in rows if row["outcome"] != judging.INSIDE]
    if not apart:
        yield "Every figure is inside."
    for row in apart:
        target = targets()[row["figure"]]
        reason = target.simulated.reason or TO_ESTABLISH
        yield f"- {row['target']} `{row['figure']}`, {row['territory']}, {row['outcome']}: {reason}."


def _counterparts(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield "| figure | simulated counterpart | indicator | source of the published figure |"
    yield "|---|---|---|---|"
    for name in dict.fromkeys(row["figure"] for row in rows):
        target = targets()[name]
        simulated = target.simulated
        place = f"`{simulated.indicator}`, group `{simulated.group}`"
        yield f"| `{name}` | {simulated.counterpart} | {place} | {target.figure.source} |"


def _number(row: dict[str, Any], key: str) -> str:
    """Return a number of a row, with two decimals where the tolerance is under one unit."""
    return f"{row[key]:.{2 if row['tolerance'] < 1 else 1}f}" if _known(row[key]) else "—"


def _range(row: dict[str, Any], prefix: str) -> str:
    low, high = _number(row, f"{prefix}low"), _number(row, f"{prefix}high")
    return "—" if low == "—" else f"[{low}, {high}]"


def _most(rows: list[dict[str, Any]], key: str) -> int:
    """Return the most replications that gave a value, 0 where none was played."""
    return max((int(row[key]) for row in rows if _known(row[key])), default=0)


def _known(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
