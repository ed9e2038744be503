"""How is the workbook of the concertation written, to be filled in a meeting and read back?

Green headers are filled by the partners; the rest is computed and protected, without a password. Left out on
purpose: reading it back (sim/rules/peuplement), and the workbooks of other levels of diffusion (outside.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from mixite.concertation.gauge import settings
from mixite.concertation.page import (
    ALLOWED,
    BLANK_LINES,
    HEADER,
    Lists,
    Styles,
    a_day,
    a_remark,
    cell,
    head,
    line_height,
    one_of,
    titled,
    written,
)
from mixite.concertation.phrases import (
    CAPACITY,
    HELP,
    SEGMENT,
    banner,
    disagreements,
    since,
)
from mixite.report.numbers import percent
from sim.rules.peuplement import VOCABULARY, forms
from sim.rules.peuplement.kept import rounded, row_seal
from sim.rules.peuplement.partners import (
    FACTS,
    FUNCTIONS,
    LEVELS,
    NO_OPINION,
    PARTNERS,
    REASONS,
    SOURCES,
    TYPES,
)
from sim.rules.peuplement.remarks import MOST_CHARACTERS

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from mixite.concertation.diffusion import Published

WIDTHS = {
    **dict.fromkeys(("name", "fact", "argument", "remark", "disagreements", "since", "moved_by"), 38),
    **dict.fromkeys(("reason", "source", "bailleur_function", "epci_function"), 24),
    **dict.fromkeys(("kept", "to", "target", "before", "statistical", "level", "partner"), 16),
    "state": 30,
    "seal": 9,
}
WIDTH = 13
LONG = {name: width for name, width in WIDTHS.items() if width > WIDTHS["state"]}
"""Columns of sentences."""


def workbook(told: Published) -> bytes:
    """Return the workbook of the level `interne`."""
    title = f"Concertation, {told.about['territory']['name']}"
    return written(lambda book, style: _fill(book, style, told), title, date.fromisoformat(told.about["on"]))


def _fill(book: Workbook, style: Styles, told: Published) -> None:
    sheets = {
        name: book.add_worksheet(name)
        for name in (
            *(forms.RESIDENCES, forms.APPRAISALS, forms.DECISIONS),
            *(forms.HISTORY, forms.METHOD, forms.HELP),
        )
    }
    lists = Lists(book)
    _residences(sheets[forms.RESIDENCES], style, told)
    _appraisals(sheets[forms.APPRAISALS], style, told, lists)
    _decisions(sheets[forms.DECISIONS], style, told, lists)
    _history(sheets[forms.HISTORY], style, told)
    method(sheets[forms.METHOD], style, told)
    help_page(sheets[forms.HELP], style, told)
    sheets[forms.RESIDENCES].activate()


def _residences(sheet: Worksheet, style: Styles, told: Published) -> None:
    columns = forms.RESIDENCE_COLUMNS
    said = (
        "Statistiques et types : feuille calculée. Un type ne change que par une ligne signée de Décisions. "
        f"Score en écarts types de l'EPCI, bornes de son intervalle à {percent(told.method['level'], 0)}."
    )
    head(sheet, style, forms.RESIDENCES, banner(told), said, list(columns.values()))
    for line, row in enumerate(told.residences, start=HEADER + 1):
        cells = residence_cells(row, told.method["varied"])
        line_height(sheet, line, cells, LONG)
        for place, name in enumerate(columns):
            if name == "appraised":
                count = f"=COUNTIF('{forms.APPRAISALS}'!$A:$A,$A{line + 1})"
                sheet.write_formula(line, place, count, style["whole"], sum(row["appraisals"].values()))
            else:
                cell(sheet, line, place, cells[name], style, FORMS.get(name, "text"))
    _widths(sheet, columns)
    sheet.print_area(0, 0, HEADER + max(len(told.residences), 1), list(columns).index("disagreements"))
    sheet.autofilter(HEADER, 0, HEADER + max(len(told.residences), 1), len(columns) - 1)
    _protect(sheet)


FORMS = {
    **dict.fromkeys(("score", "low", "high"), "number"),
    **dict.fromkeys(("dwellings", "households", "build_year"), "whole"),
    **{each.name: "share" if each.unit == "part" else "whole" for each in VOCABULARY},
    "seal": "small",
}
"""Format of the columns that are no text."""


def residence_cells(row: Mapping[str, Any], varied: Sequence[str]) -> dict[str, Any]:
    """Return the cells of a residence, by column; `varied` are the settings of the sensitivity."""
    kept, target = TYPES.get(row["type"], ""), TYPES.get(row["target"], "")
    scores = {
        name: None if (value := row[key]) != value else rounded(value)
        for name, key in (("score", "score"), ("low", "score_low"), ("high", "score_high"))
    }
    whole = [float("nan") if value is None else value for value in scores.values()]
    return {
        **{name: row[name] for name in ("residence_id", "name", "bailleur", "commune", "commune_name")},
        **{name: row[name] for name in ("quartier", "in_qpv", "build_year", "dwellings", "households")},
        "segment": SEGMENT.get(row["segment"], ""),
        "statistical": TYPES.get(row["score_class"], ""),
        **scores,
        **dict(zip(("same", "moved_by"), settings(row, varied), strict=True)),
        "before": TYPES.get(row["type_before"], ""),
        "kept": kept,
        "target": target,
        "capacity": CAPACITY.get(row["capacity"], ""),
        "active": row["active"],
        "since": since(row),
        "appraised": None,
        "disagreements": disagreements(row),
        **{name: figure["value"] for name, figure in row["indicators"].items() if name != "in_qpv"},
        "seal": row_seal(row["residence_id"], kept, target, *whole),
    }


def _appraisals(sheet: Worksheet, style: Styles, told: Published, lists: Lists) -> None:
    columns = forms.APPRAISAL_COLUMNS
    lines = len(told.appraisals) + BLANK_LINES
    said = "Un fait par ligne : constat de la liste, période, source, et la capacité d'accueil qui y est lue."
    _entry_sheet(sheet, style, told, forms.APPRAISALS, said, columns, lines, days=("on",))
    for line, row in enumerate(told.appraisals, start=HEADER + 1):
        values = {
            **row,
            "partner": PARTNERS[row["partner"]],
            "fact": FACTS[row["fact"]],
            "source": SOURCES[row["source"]],
            "level": LEVELS[row["level"]] if row["level"] else NO_OPINION,
            "on": date.fromisoformat(row["on"]),
        }
        line_height(sheet, line, values, LONG)
        _entry_line(sheet, style, line, columns, values)
    place = {name: position for position, name in enumerate(columns)}
    one_of(sheet, place["residence_id"], lines, _range(told), "une résidence")
    for name, texts in (
        ("partner", list(PARTNERS.values())),
        ("fact", list(FACTS.values())),
        ("source", list(SOURCES.values())),
        ("level", [*LEVELS.values(), NO_OPINION]),
    ):
        one_of(sheet, place[name], lines, lists.add(texts), f"« {columns[name]} »")
    a_day(sheet, place["on"], lines)
    a_remark(sheet, place["remark"], lines, MOST_CHARACTERS)


def _decisions(sheet: Worksheet, style: Styles, told: Published, lists: Lists) -> None:
    columns = forms.DECISION_COLUMNS
    proposals = (*told.pending, *told.closed)
    lines = len(proposals) + BLANK_LINES
    said = (
        "Une proposition par ligne. Signée par le bailleur et l'EPCI, elle change le type ; sinon le type "
        "reste et l'objectif de la résidence est inactif."
    )
    days = tuple(name for name in columns if name.endswith("_on"))
    _entry_sheet(sheet, style, told, forms.DECISIONS, said, columns, lines, days)
    for line, row in enumerate(proposals, start=HEADER + 1):
        values = {
            **row,
            **_labels(row),
            "contested_by": "; ".join(PARTNERS[name] for name in row["contested_by"]),
        }
        _entry_line(sheet, style, line, columns, {**values, **{name: _day(row[name]) for name in days}})
    place = {name: position for position, name in enumerate(columns)}
    for line in range(HEADER + 1, HEADER + 1 + lines):
        for name, formula in (("now", _now(told, line)), ("state", _state(place, line))):
            shown = _shown(told, line - HEADER - 1, name)
            sheet.write_formula(line, place[name], formula, style["computed"], shown)
    one_of(sheet, place["residence_id"], lines, _range(told), "une résidence")
    types, functions = lists.add(list(TYPES.values())), lists.add(list(FUNCTIONS.values()))
    bailleurs = sorted({row["bailleur"] for row in told.residences})
    for name, source in (
        ("to", types),
        ("target", types),
        ("reason", lists.add(list(REASONS.values()))),
        ("bailleur", lists.add(bailleurs)),
        ("bailleur_function", functions),
        ("epci_function", functions),
        ("contested_by", lists.add(list(PARTNERS.values()))),
    ):
        one_of(sheet, place[name], lines, source, f"« {columns[name]} »")
    for name in days:
        a_day(sheet, place[name], lines)
    a_remark(sheet, place["argument"], lines, MOST_CHARACTERS)
    _protect(sheet)


def _history(sheet: Worksheet, style: Styles, told: Published) -> None:
    columns = forms.HISTORY_COLUMNS
    said = "Décisions signées, dans l'ordre : la suite s'ajoute, rien ne s'efface."
    head(sheet, style, forms.HISTORY, banner(told), said, list(columns.values()))
    for line, row in enumerate(told.history, start=HEADER + 1):
        values = {**row, **_labels(row), "before": TYPES.get(row["before"], "")}
        line_height(sheet, line, values, LONG)
        for place, name in enumerate(columns):
            day = name.endswith("_on")
            form = "day" if day else FORMS.get(name, "text")
            cell(sheet, line, place, _day(row[name]) if day else values[name], style, form)
    _widths(sheet, columns)
    _protect(sheet)


def method(sheet: Worksheet, style: Styles, told: Published) -> None:
    """Write how it was computed; figures that are read back stand as exact texts."""
    about, ruler = told.about, told.method.get("ruler")
    labels = {each.name: each.label_fr for each in VOCABULARY}
    lines: list[Sequence[str]] = [
        ("Territoire", about["territory"]["name"]),
        ("EPCI", about["territory"]["epci"]),
        (forms.DATA_KEY, about["on"]),
        ("Décisions lues au", about["decisions_on"]),
        (forms.LEVEL_KEY, told.level),
        ("Version du programme", about["code_version"]),
        ("Niveau des intervalles", repr(told.method["level"])),
        ("Non pris en compte, faute de données", *(labels[name] for name in told.method["missing"])),
    ]
    if ruler:
        lines += [
            ("Empreinte des données", told.method["data_digest"]),
            (forms.SEAL_KEY, told.method["history_seal"]),
            (forms.SHRINKAGE_KEY, repr(ruler["shrinkage"])),
            (forms.CUTS_KEY, *map(repr, ruler["cuts"])),
            ("",),
            (forms.INDICATOR_KEY, "Moyenne", "Écart type", "Poids", "Libellé"),
        ]
        lines += [(name, *map(repr, row), labels[name]) for name, row in ruler["indicators"].items()]
    lines += [("",), ("Poids choisis", "Poids", "Libellé", "Axe")]
    lines += [
        (f"poids {each.name}", repr(told.method["weights"][each.name]), each.label_fr, each.axis)
        for each in VOCABULARY
    ]
    titled(sheet, style, forms.METHOD, banner(told), 5)
    for line, texts in enumerate(lines, start=HEADER):
        for place, text in enumerate(texts):
            sheet.write_string(line, place, text, style["header"] if place == 0 and text else style["plain"])
    sheet.set_column(0, 0, 38)
    sheet.set_column(1, 4, 28)
    sheet.freeze_panes(HEADER, 0)
    _protect(sheet)


def help_page(sheet: Worksheet, style: Styles, told: Published) -> None:
    """Write what to do, step by step."""
    titled(sheet, style, forms.HELP, banner(told), 1)
    for line, text in enumerate(HELP, start=HEADER):
        sheet.write_string(line, 0, text, style["text"])
    sheet.set_column(0, 0, 120)
    sheet.freeze_panes(HEADER, 0)


def _entry_sheet(
    sheet: Worksheet,
    style: Styles,
    told: Published,
    name: str,
    said: str,
    columns: Mapping[str, str],
    lines: int,
    days: Sequence[str],
) -> None:
    """Write the headers of a sheet to fill, and its empty lines."""
    entered = [column not in ("now", "state") for column in columns]
    head(sheet, style, name, banner(told), said, list(columns.values()), entered)
    for place, column in enumerate(columns):
        form = style["entry_day" if column in days else "entry"]
        for line in range(HEADER + 1, HEADER + 1 + lines):
            sheet.write_blank(line, place, None, form)
    _widths(sheet, columns)


def _entry_line(
    sheet: Worksheet, style: Styles, line: int, columns: Mapping[str, str], values: Mapping[str, Any]
) -> None:
    for place, name in enumerate(columns):
        if name not in ("now", "state"):
            value = values[name]
            cell(sheet, line, place, value, style, "entry_day" if isinstance(value, date) else "entry")


def _labels(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "to": TYPES[row["to"]],
        "target": TYPES.get(row["target"], ""),
        "reason": REASONS[row["reason"]],
        "bailleur_function": FUNCTIONS.get(row["bailleur_function"], ""),
        "epci_function": FUNCTIONS.get(row["epci_function"], ""),
    }


def _now(told: Published, line: int) -> str:
    """Return the formula of the type that a residence has."""
    from xlsxwriter.utility import xl_col_to_name

    column = xl_col_to_name(list(forms.RESIDENCE_COLUMNS).index("kept"))
    last = HEADER + 1 + max(len(told.residences), 1)
    kept, names = (f"'{forms.RESIDENCES}'!${each}${HEADER + 2}:${each}${last}" for each in (column, "A"))
    return (
        f'=IF($A{line + 1}="","",IFERROR(INDEX({kept},MATCH($A{line + 1},{names},0)),"résidence inconnue"))'
    )


def _state(place: Mapping[str, int], line: int) -> str:
    """Return the formula of the state of a proposal, as decisions.py reads it."""
    from xlsxwriter.utility import xl_col_to_name

    def filled(*names: str) -> str:
        return ",".join(f'${xl_col_to_name(place[name])}{line + 1}<>""' for name in names)

    own = f"AND({filled('bailleur', 'bailleur_function', 'bailleur_on')})"
    epci = f"AND({filled('epci_function', 'epci_on')})"
    return (
        f'=IF($A{line + 1}="","",IF({filled("contested_by")},"contestée",IF(AND({own},{epci}),"signée",'
        f'IF(OR({own},{epci}),"signée par une partie seulement","non signée"))))'
    )


def _shown(told: Published, place: int, name: str) -> str:
    """Return what a formula shows before a spreadsheet computes it."""
    from sim.rules.peuplement.decisions import STATES

    proposals = (*told.pending, *told.closed)
    if place >= len(proposals):
        return ""
    row = proposals[place]
    if name == "state":
        return STATES[row["state"]]
    kinds = {each["residence_id"]: each["type"] for each in told.residences}
    return TYPES.get(kinds.get(row["residence_id"], ""), "")


def _range(told: Published) -> str:
    return f"='{forms.RESIDENCES}'!$A${HEADER + 2}:$A${HEADER + 1 + max(len(told.residences), 1)}"


def _widths(sheet: Worksheet, columns: Mapping[str, str]) -> None:
    for place, name in enumerate(columns):
        sheet.set_column(place, place, WIDTHS.get(name, WIDTH))


def _protect(sheet: Worksheet) -> None:
    sheet.protect("", ALLOWED)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
