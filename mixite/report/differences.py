"""What are the headline differences, which are told from zero, and which still are once they are counted?

Each row shows its interval, half width, number of replications and their correlation under the two policies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mixite.report import markup, numbers, words
from mixite.report.figures import indicator_label, unit_of
from mixite.report.study import Study, records
from sim.comparison import subject


def headline_table(study: Study, pair: tuple[str, str]) -> str:
    """Return the headline differences of the first pair."""
    a, b = (words.sentence(words.policy(name)) for name in pair)
    title = f"{a}, puis {words.policy(pair[1])} : les écarts"
    uncertainty = {str(value) for value in study.headlines["uncertainty"]}
    label = " ; ".join(words.UNCERTAINTY.get(value, value) for value in sorted(uncertainty))
    return markup.section(
        title,
        markup.paragraph(
            f"Intervalles à 95 % : {label or words.UNCERTAINTY['alea']}. Un écart dont l'intervalle "
            f"contient zéro est « {words.NOT_DISTINGUISHED} » ; un écart dont le signe change d'une grille "
            f"à l'autre « {words.DEPENDS_ON_GRID} ». Chaque ligne se lit seule : sur vingt écarts nuls, un "
            "intervalle exclut zéro par hasard."
        ),
        markup.paragraph(
            f"La dernière colonne dit si l'écart reste distingué {words.EVEN_COUNTED} (règle de Holm, sur "
            f"les {_family(study)} écarts de tête de ce rapport, toutes étapes ensemble). La corrélation est "
            "celle des mêmes répliques sous les deux politiques : proche de 1, elle resserre l'intervalle."
        ),
        _differences(study, pair, "Résultats de tête", (a, b)),
        anchor="ecarts",
    )


def steps(study: Study) -> str:
    """Return one table a step of the ladder; the effect of the strategy is its last step alone."""
    if not study.steps:
        return ""
    tables = [
        markup.subtitle(words.step(*pair))
        + _differences(study, pair, f"Écart apporté : {words.step(*pair)}", ("Avant", "Après"))
        for pair in study.steps
    ]
    said = (
        "Chaque étape ajoute une seule chose à la précédente. L'effet propre de la stratégie de peuplement "
        "est celui de sa seule étape."
    )
    return markup.section("Les étapes", markup.paragraph(said), *tables, anchor="etapes")


def kept_sentence(study: Study) -> str:
    """Say which headlines of the first pair stay distinguished once their number is taken into account."""
    rows = _of(study, study.first_pair)
    alone = [
        row
        for row in rows
        if row["distinguished"]
        and not study.depends_on_grid(row["indicator"], row["group"], study.first_pair)
    ]
    said = f"Écarts de tête distingués, chacun lu seul : {len(alone)} sur {len(rows)}"
    if not alone:
        return f"{said}."
    kept = [indicator_label(row["indicator"], row["group"]) for row in alone if row["distinguished_holm"]]
    count = "aucun ne le reste" if not kept else "1 le reste" if len(kept) == 1 else f"{len(kept)} le restent"
    names = f" : {' ; '.join(kept)}" if kept else ""
    return f"{said} ; {words.COUNTED} (règle de Holm, {_family(study)} écarts), {count}{names}."


def stopping_sentence(study: Study) -> str:
    """Say how the number of replications was set while playing, and whether the precision was reached."""
    stopping = study.stopping
    if stopping is None:
        return ""
    from sim.precision import CONSECUTIVE, FEWEST

    asked = numbers.percent(stopping.precision, decimals(stopping.precision))
    a, b = (words.policy(name) for name in stopping.pair)
    rule = (
        "Nombre de répliques fixé en cours de calcul (règle séquentielle) : demi-largeur de l'intervalle "
        f"d'au plus {asked} de l'écart, pour chaque écart de tête distingué de « {b} » à « {a} », à "
        f"{CONSECUTIVE} nombres de répliques de suite à partir de {FEWEST}, {stopping.maximum} au plus."
    )
    if stopping.reached:
        return f"{rule} Précision atteinte : {stopping.replications} répliques ont été nécessaires."
    missed = f"Précision non atteinte après {numbers.several(stopping.replications, 'réplique')}"
    if stopping.replications < FEWEST + CONSECUTIVE - 1:
        return f"{rule} {missed} : la règle en demande au moins {FEWEST + CONSECUTIVE - 1}."
    if stopping.too_wide:
        names = " ; ".join(indicator_label(*row) for row in stopping.too_wide)
        return f"{rule} {missed}, à cause de : {names}."
    if not stopping.distinguished:
        return f"{rule} {missed} : aucun écart de tête n'est distingué de zéro."
    return f"{rule} {missed} : elle n'a pas tenu {CONSECUTIVE} fois de suite."


def headings(rows: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """Return the headings of a table of headlines: the first line about each subject, and its name."""
    about = [words.SUBJECTS.get(subject(row["indicator"], row["group"]), "") for row in rows]
    return {place: name for place, name in enumerate(about) if name and name not in about[:place]}


def reading(study: Study, row: Mapping[str, Any], pair: tuple[str, str]) -> str:
    """Say whether a difference is told from zero, or has another sign under another grid."""
    if study.depends_on_grid(row["indicator"], row["group"], pair):
        return words.DEPENDS_ON_GRID
    return words.reading(row)


def decimals(share: float) -> int:
    """Return how many decimals a precision deserves in percent: 10 %, 2,5 %."""
    return 0 if round(share * 100, 6).is_integer() else 1


def _of(study: Study, pair: tuple[str, str]) -> list[dict[str, Any]]:
    rows = study.headlines
    return records(rows[(rows["policy_a"] == pair[0]) & (rows["policy_b"] == pair[1])])


def _family(study: Study) -> int:
    """Return how many headlines Holm's rule counts: those of every pair that have a p-value."""
    return int(study.headlines["p_holm"].notna().sum())


def _differences(study: Study, pair: tuple[str, str], caption: str, names: tuple[str, str]) -> str:
    shown, cells, faint = _of(study, pair), [], []
    for place, row in enumerate(shown):
        unit = unit_of(row["indicator"])
        verdict = reading(study, row, pair)
        if verdict != words.DISTINGUISHED:
            faint.append(place)
        if row["n"] < study.replications:
            verdict += f" ({numbers.several(row['n'], 'réplique')} sur {study.replications})"
        cells.append(
            (
                indicator_label(row["indicator"], row["group"]),
                numbers.measure(row["mean_a"], unit),
                numbers.measure(row["mean_b"], unit),
                numbers.measure(row["difference"], unit, difference=True),
                numbers.interval(row["ci_low"], row["ci_high"], unit),
                numbers.half_width(row["ci_low"], row["ci_high"], unit),
                str(row["n"]),
                numbers.number(row["correlation"], 2),
                verdict,
                _after_holm(row),
            )
        )
    headers = ("Résultat", *names, "Écart", "Intervalle à 95 %", "Demi-largeur", "Répliques", "Corrélation")
    readings = ("Lecture", f"Distingué {words.EVEN_COUNTED}")
    return markup.table(
        caption, (*headers, *readings), cells, numbers=range(1, 8), faint=faint, headings=headings(shown)
    )


def _after_holm(row: Mapping[str, Any]) -> str:
    if row["p_holm"] != row["p_holm"]:
        return numbers.ABSENT
    return "oui" if row["distinguished_holm"] else "non"
