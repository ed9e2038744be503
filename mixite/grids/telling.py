"""How is a score told: the JSON document of `mixite grid score`, its table, its workbook?

Numbers that are whole stay whole. A cell that a spreadsheet could take for a formula is text, in CSV as in
Excel (OWASP ASVS 5.0, 1.2.10). Nothing of this reaches a log.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mixite.grids.scoring import Scored, rank_of
from mixite.grids.similar import Kind
from sim.rules.cotation import flags
from sim.rules.cotation.codes import REQUEST_KINDS
from sim.territory.files.cells import protected
from sim.territory.files.faults import Fault, FaultsFound, nearest
from sim.territory.files.saving import replacing, write_text

MOST_ROWS = 1_048_575
"""Rows of a sheet of Excel under its header."""


OUT = (".csv", ".xlsx", ".html")

MOST_PAGES = 500
"""Most demands in one page for applicants."""


def written(out: Path | None) -> None:
    """Refuse, before anything is computed, a file that would not be written.

    Raises
    ------
    FaultsFound
        for a type of file that is not written.
    """
    if out is not None and out.suffix.lower() not in OUT:
        raise FaultsFound(
            [Fault("--out", "type de fichier inconnu", nearest(out.suffix, OUT), value=out.suffix)]
        )


def write(found: Scored, out: Path, rows: Sequence[int] | None = None) -> None:
    """Write the scores, of all demands or of some, as the type of the file says.

    Raises
    ------
    FaultsFound
        when the page or the sheet would be too long.
    """
    from mixite.grids.page import applicant_page, in_order

    kept = range(found.pending.n) if rows is None else rows
    if out.suffix.lower() == ".html" and len(kept) > MOST_PAGES:
        message = f"une page pour {len(kept)} demandes, au plus {MOST_PAGES}"
        mend = "choisir des demandes avec --demand, ou écrire un .csv"
        raise FaultsFound([Fault("--out", message, mend, value=out.name)])
    if out.suffix.lower() == ".xlsx" and len(kept) > MOST_ROWS:
        mend = "écrire un fichier .csv"
        raise FaultsFound([Fault("--out", "trop de demandes pour une feuille Excel", mend, value=out.name)])
    if out.suffix.lower() == ".html":
        write_text(applicant_page(found, in_order(found, kept)), out)
        return
    content = _csv(found, kept) if out.suffix.lower() == ".csv" else _workbook(found, kept)
    with replacing(out) as file:
        file.write(content)


def as_json(found: Scored, rows: Sequence[int] | None = None) -> dict[str, Any]:
    """Return the JSON document: the grid, whether it is complete, a demand (all, or some) an entry."""
    grid, pending = found.grid, found.pending
    return {
        "grid": grid.id,
        "complete": grid.complete,
        "status": grid.status,
        "on": pending.on.isoformat(),
        "tie_break": list(grid.tie_break) or ["seniority_days"],
        "seed": found.seed,
        "notes": [*found.banners, *(note for note in pending.notes if note not in found.banners)],
        "dropped_columns": list(pending.dropped_columns),
        "criteria": {
            one.id: {"label": one.label, "family": one.family, "group": one.group, "evidence": one.evidence}
            for one in grid.criteria
        },
        "demands": list(entries(found, range(pending.n) if rows is None else rows)),
    }


def entries(found: Scored, rows: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Give the entry of each of these demands."""
    evidence = {one.id: one.evidence for one in found.grid.criteria}
    told = [(name, amounts.tolist()) for name, amounts in found.lines]
    proven = [amounts.tolist() for _, amounts in found.verified_lines]
    kept = {name: amounts.tolist() for name, amounts in found.counted.items()}
    concerned = _concerned(found)
    totals, verified = found.points.total.tolist(), found.verified_total.tolist()
    kinds = [_kind(kind) for kind in found.similar.kinds]
    waits = [_wait(kind) for kind in found.similar.kinds]
    for row in rows:
        place = int(found.similar.kind[row])
        yield {
            "demand_id": found.pending.demand_id[row].item(),
            "points": totals[row],
            "points_verified": verified[row],
            "lines": [
                {
                    "criterion": name,
                    "points": amounts[row],
                    "evidence": evidence[name],
                    "verified": proven[position][row],
                    "counted": _plain(kept[name][row]),
                }
                for position, (name, amounts) in enumerate(told)
                if concerned[name][row]
            ],
            "flags": list(flags(found.points, row)),
            "missing": [name for name, lacks in found.lacking.items() if lacks[row]],
            "rank": rank_of(found, row),
            "similar": kinds[place] | {"rank": int(found.similar.rank[row]) or None},
            "wait": waits[place],
        }


def _csv(found: Scored, rows: Sequence[int]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(
        [_cell(value) for value in row] for row in table(found, rows)
    )
    return text.getvalue().encode("utf-8-sig")  # Excel reads accents with the mark only


def table(found: Scored, rows: Sequence[int]) -> Iterator[list[Any]]:
    """Give the header, then a line for each of these demands."""
    criteria = [name for name, _ in found.lines]
    yield [
        *("demand_id", "rank", "points", "points_verified", "flags", "missing"),
        *criteria,
        *("rooms_min", "rooms_max", "commune", "similar_demands", "similar_rank"),
        *("similar_median_points", "similar_leases", "similar_median_months"),
    ]
    amounts = [points.tolist() for _, points in found.lines]
    for row in rows:
        kind = found.similar.of(row)
        yield [
            found.pending.demand_id[row].item(),
            rank_of(found, row),
            found.points.total[row].item(),
            found.verified_total[row].item(),
            " ".join(flags(found.points, row)),
            " ".join(name for name, lacks in found.lacking.items() if lacks[row]),
            *(points[row] for points in amounts),
            *(kind.rooms_min, kind.rooms_max, kind.commune, kind.ranked),
            int(found.similar.rank[row]) or None,
            kind.points[2] if kind.points else None,
            kind.leases,
            kind.months[1] if kind.months else None,
        ]


def _workbook(found: Scored, rows: Sequence[int]) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        bold = book.add_format({"bold": True})
        about = book.add_worksheet("Lisez-moi")
        for line, text in enumerate(_about(found)):
            about.write_string(line, 0, text)
        sheet = book.add_worksheet("Demandes")
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 22)
        for line, row in enumerate(table(found, rows)):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(line, column, value, bold if line == 0 else None)
                elif value is not None:
                    sheet.write_number(line, column, value)
        legend = book.add_worksheet("Grille")
        for column, text in enumerate(("criterion", "libellé", "famille", "groupe", "justification")):
            legend.write_string(0, column, text, bold)
        for line, one in enumerate(found.grid.criteria, start=1):
            told = (one.id, one.label, one.family or "", one.group or "", one.evidence)
            for column, text in enumerate(told):
                legend.write_string(line, column, text)
    return content.getvalue()


def _about(found: Scored) -> list[str]:
    return [
        f"Cotation de {found.pending.n} demandes au {found.pending.on.isoformat()}, grille {found.grid.id}",
        *found.banners,
        "La cotation est une aide à la décision (CCH R.441-2-10) : la commission décide.",
        "points : critères déclarés ; points_verified : critères déclaratifs et pièces vérifiées seulement.",
        "missing : attributs absents du fichier ; un critère qui les lit ne donne rien.",
    ]


def _concerned(found: Scored) -> dict[str, Any]:
    """Return, by criterion, the demands of its populations; all of them where the kind is missing."""
    kind = np.broadcast_to(
        np.asarray(found.pending.facts.get("request_kind", np.int8(-1)), np.int8), (found.pending.n,)
    )
    concerned = {}
    for one in found.grid.criteria:
        codes = [REQUEST_KINDS.index(name) for name in one.applies_to]
        concerned[one.id] = ((kind < 0) | np.isin(kind, codes)).tolist()
    return concerned


def _kind(kind: Kind) -> dict[str, Any]:
    names = ("lowest", "first_quartile", "median", "third_quartile", "highest")
    asked = {"rooms_min": kind.rooms_min, "rooms_max": kind.rooms_max, "commune": kind.commune}
    points = dict(zip(names, map(_plain, kind.points), strict=True)) if kind.points else None
    return asked | {"demands": kind.ranked, "points": points}


def _wait(kind: Kind) -> dict[str, Any]:
    names = ("first_quartile_months", "median_months", "third_quartile_months")
    months = kind.months or (None, None, None)
    return {"leases": kind.leases} | dict(zip(names, months, strict=True))


def _plain(value: float) -> int | float:
    return int(value) if float(value).is_integer() else round(value, 6)


def _cell(value: Any) -> str:
    return "" if value is None else protected(value) if isinstance(value, str) else str(value)
