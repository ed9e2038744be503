"""Who is concerned by the passage from the first policy of the comparison to the second?

Groups are described, never a demand. The first tables are short; the others open on their title, and every
row of every pair is in concerned.csv. Burden, demands not presented and groups beside the others:
concerned_groups.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from mixite.report import concerned_groups, markup, numbers, words
from mixite.report.concerned_cells import (
    COUNTED,
    DIMENSIONS,
    Changes,
    change,
    gathered,
    is_told,
    name_of,
    spread,
    value,
)
from mixite.report.study import Study
from sim.concerned import conventions

OF_DEMANDS = (
    ("leases", "Baux"),
    ("attribution_rate", "Taux d'attribution"),
    ("wait_housed_months", "Attente des ménages logés"),
    ("age_pending_months", "Ancienneté des demandes en attente"),
)
OF_DWELLINGS = OF_DEMANDS[:1] + OF_DEMANDS[2:3]
SHOWN, FOLDED = ("trait",), ("rooms_asked", "first_commune")
FOLDED_DWELLINGS = ("rooms", "commune", "bailleur", "qpv")


def section(study: Study) -> str:
    """Return the section; empty where nothing was read of it."""
    if study.concerned is None or study.concerned.empty:
        return ""
    changes, pair = Changes(study.concerned), study.first_pair
    told = [
        markup.paragraph(_introduction(study, changes)),
        *_by_group(changes, pair),
        *_waits(study, changes, pair),
        *concerned_groups.burden(study, changes, pair),
        *concerned_groups.not_presented(study, changes, pair),
        *concerned_groups.beside_others(study, changes, pair),
    ]
    return markup.section("Qui est concerné ?", *told, anchor="concernes")


def _introduction(study: Study, changes: Changes) -> str:
    a, b = (words.policy(name) for name in study.first_pair)
    fewest = numbers.number(conventions().smallest_group)
    between = f"de « {a} » à « {b} »" if a != b else f"sous « {a} »"
    said = (
        f"Ce qui change {between}, groupe par groupe, moyenne des répliques sur toute la période, avec "
        f"l'intervalle à 95 % de la moyenne. Un groupe de moins de {fewest} par réplique n'a pas de chiffre."
    )
    if family := changes.family(study.first_pair):
        said += (
            f" Parmi {numbers.number(family)} lignes, une sur vingt paraît distinguée par le seul hasard ;"
            f"{COUNTED} : distinguée même en tenant compte du nombre de lignes lues (règle de Holm, sur "
            "toutes celles du même couple de politiques)."
        )
    return f"{said} Les autres couples et toutes les lignes sont dans concerned.csv."


def _by_group(changes: Changes, pair: tuple[str, str]) -> list[str]:
    tables = [_table(changes, pair, dimension, OF_DEMANDS) for dimension in SHOWN]
    folded = [_table(changes, pair, dimension, OF_DEMANDS) for dimension in FOLDED]
    folded += [_table(changes, pair, dimension, OF_DWELLINGS, "dwellings") for dimension in FOLDED_DWELLINGS]
    title = "Par typologie, commune et bailleur"
    return [markup.subtitle("Baux, taux d'attribution et attentes"), *tables, markup.folded(title, folded)]


def _table(
    changes: Changes,
    pair: tuple[str, str],
    dimension: str,
    measures: Sequence[tuple[str, str]],
    side: str = "demands",
) -> str:
    """Return what changes by group of a dimension; the row of everybody comes first."""
    rows: list[tuple[str, ...]] = []
    for of, group in [("all", "all"), *((dimension, group) for group in changes.groups(dimension, side))]:
        found = [changes.row(pair, measure, of, group, side) for measure, _ in measures]
        if any(found):
            rows.append(("Ensemble" if of == "all" else name_of(of, group), *map(change, found)))
    shown = gathered(rows)
    faint = [line for line, (_, *cells) in enumerate(shown) if not any(map(is_told, cells))]
    caption = f"{words.step(*pair)}, {DIMENSIONS[dimension]}"
    headers = ("Groupe", *(label for _, label in measures))
    return markup.table(caption, headers, shown, numbers=range(1, len(headers)), faint=faint)


def _waits(study: Study, changes: Changes, pair: tuple[str, str]) -> list[str]:
    """Return how many demands wait much longer, or less, between the policies of each pair."""
    pairs = [one for one in study.pairs if changes.row(one, "wait_net", "all", "all")]
    if not pairs:
        return []
    months = numbers.number(conventions().much_longer)
    said = (
        "La même demande, dans la même réplique, sous les deux politiques. Attente allongée : logée sous la "
        f"première, elle est encore active sous la seconde plus de {months} mois après ; attente "
        "raccourcie : l'inverse. Ce sont des minorants : ce qui vient après la fin de la période n'est pas "
        "compté. À part, dans le sens de l'allongement puis dans l'autre : les demandes que l'une des deux "
        f"loge et qui, sous l'autre, sont radiées ou retirées dans ces {months} mois, et celles que la fin "
        f"de la période laisse en attente avant ces {months} mois."
    )
    headers = ("De → à", "Allongées", "Raccourcies", "Solde", "Sorties sans logement", "Non observées")
    rows = [(words.step(*one), *_wait_cells(changes, one, "all", "all", parted=True)) for one in pairs]
    caption = f"Demandes dont l'attente change de plus de {months} mois, par réplique"
    told = [
        markup.subtitle(f"Attentes allongées ou raccourcies de plus de {months} mois"),
        markup.paragraph(said),
        markup.table(caption, headers, rows, numbers=range(1, len(headers))),
    ]
    if pair not in pairs:
        return told
    tables = []
    for dimension in (*SHOWN, *FOLDED):
        rows = [
            (name_of(dimension, group), *_wait_cells(changes, pair, dimension, group))
            for group in changes.groups(dimension)
            if changes.row(pair, "wait_net", dimension, group)
        ]
        name = f"{words.step(*pair)}, {DIMENSIONS[dimension]}"
        few = ("Groupe", "Demandes suivies", "Allongées", "Raccourcies", "Solde")
        if rows:
            tables.append(markup.table(name, few, gathered(rows, plain=1), numbers=range(1, len(few))))
    return [*told, markup.folded("Par public, typologie et commune", tables)] if tables else told


def _wait_cells(
    changes: Changes, pair: tuple[str, str], dimension: str, group: str, *, parted: bool = False
) -> list[str]:
    found = {
        kind: changes.row(pair, f"wait_{kind}", dimension, group)
        for kind in ("longer", "shorter", "net", "left", "left_before", "open", "open_before")
    }
    shown = [spread(found["longer"]), spread(found["shorter"]), change(found["net"])]
    if parted:
        return [*shown, *(f"{value(found[k])} / {value(found[f'{k}_before'])}" for k in ("left", "open"))]
    few = found["net"]
    return [numbers.number(few["members"]) if few else numbers.ABSENT, *shown]
