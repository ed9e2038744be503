"""What does the report of a comparison say, in which order?

Banner, whom the strategy houses fewer of (opening.py), what was compared, what reverses the conclusion, the
note of eight lines, the four numbers of residualisation, the headline table, the three kinds of uncertainty
and the variants where asked, the steps, the weights of points where asked, figures, legal shares, who is
housed by income, who is concerned, the dwellings of each réservataire, the residences that become « à
conforter », the decomposition, what the model cannot say, hypotheses, method, the STRESS-DES form. One file,
no script, nothing external.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from mixite.report import (
    attribution,
    concerned,
    differences,
    limits,
    markup,
    method,
    note,
    numbers,
    opening,
    reservation,
    residences,
    residualisation,
    reversals,
    signs,
    stress,
    variants,
    words,
)
from mixite.report import drawn as drawn_worlds
from mixite.report.figures import Drawn, indicator_label
from mixite.report.study import Study, group_label


def page(study: Study, drawn: Sequence[Drawn]) -> str:
    """Return the whole report as one self-contained HTML document."""
    a, b = study.first_pair
    title = f"Comparaison de politiques d'attribution : {study.scenario['name']}"
    body = [
        *banners(study),
        f"<h1>{escape(title)}</h1>",
        opening.paragraph(study),
        markup.paragraph(words.DECISION, "lead"),
        compared(study),
        reversals.section(study),
        eight_lines(study),
        residualisation.section(study),
        differences.headline_table(study, (a, b)),
        drawn_worlds.section(study),
        variants.section(study),
        differences.steps(study),
        signs.section(study),
        figures(drawn),
        legal_shares(study),
        attribution.section(study),
        concerned.section(study),
        reservation.section(study),
        residences.section(study),
        decomposition(study),
        markup.section(
            "Ce que le modèle ne peut pas dire", markup.bullets(limits.limits(study)), anchor="limites"
        ),
        method.hypotheses(study),
        method.method(study),
        stress.section(study),
    ]
    return markup.page(title, body)


def banners(study: Study) -> Iterator[str]:
    """Give the banners that head the report: synthetic data, targets for study only."""
    if study.synthetic:
        yield markup.banner(words.SYNTHETIC_BANNER)
    if any(target.get("study") for target in study.targets):
        yield markup.banner(words.STUDY_BANNER, "study")


def compared(study: Study) -> str:
    """Say which policies were compared, where, how long, with which chance."""
    years, scale = int(study.context["years"]), float(study.context.get("scale", 1.0))
    part = "" if scale == 1 else f", réduit à {numbers.percent(scale, 0)} de ses résidences"
    sentences = [
        f"Territoire : {study.territory}{part}.",
        f"Période : {years} an{'s' if years > 1 else ''} à partir du {words.day(study.context['start'])}.",
        f"{numbers.several(study.replications, 'réplique')} : chacune tire d'autres "
        "départs, demandes et réponses, les mêmes sous toutes les politiques.",
    ]
    if study.diffusion in words.DIFFUSIONS:
        sentences.append(words.DIFFUSIONS[study.diffusion])
    if study.stopping:
        sentences.append(differences.stopping_sentence(study))
    rows = [(words.policy(name), words.EXPLANATIONS.get(name, "")) for name in dict.fromkeys(study.policies)]
    return markup.section(
        "Ce qui est comparé",
        markup.bullets(sentences),
        markup.table("Politiques comparées", ("Politique", "Ordre de présentation suggéré"), rows),
        anchor="compare",
    )


def eight_lines(study: Study) -> str:
    """Return the note, increases and decreases side by side."""
    found = note.lines(study)
    columns = []
    for side in (note.UP, note.DOWN, note.FLAT):
        texts = [line.text for line in found if line.side == side]
        empty = markup.paragraph("Aucune ligne.", "lead")
        columns.append(f"<div>{markup.subtitle(side)}{markup.bullets(texts) if texts else empty}</div>")
    a, b = (words.policy(name) for name in study.first_pair)
    return markup.section(
        "Note en huit lignes",
        markup.paragraph(f"« {words.sentence(b)} » au lieu de « {a} ».", "lead"),
        f'<div class="note"><div class="sides">{"".join(columns)}</div>',
        markup.paragraph(differences.kept_sentence(study)),
        markup.paragraph(note.limits(study)),
        "</div>",
        anchor="note",
    )


def figures(drawn: Sequence[Drawn]) -> str:
    """Return the figures, embedded, who comes in and where kept apart."""
    shown = []
    for chapter, several in groupby(drawn, lambda each: each.chapter):
        shown.append(markup.subtitle(chapter))
        shown += [markup.figure(each.png, each.alternative, each.caption) for each in several]
    return markup.section("Figures", *(shown or [markup.paragraph("Aucune figure.")]), anchor="figures")


def legal_shares(study: Study) -> str:
    """Return the shares of leases the law asks for, by holder and policy, and the leases that are missing."""
    policies = list(dict.fromkeys(study.policies))
    law = study.context.get("law_shares", {})
    tables = []
    for code, rule in (("r1", "R1"), ("r2", "R2"), ("r4", "R4")):
        holders = _holders(study, code)
        rows = [
            (_holder(holder), *(_legal(study, code, holder, policy) for policy in policies))
            for holder in holders
        ]
        asked = f", au moins {numbers.percent(law[rule], 0)}" if rule in law else ""
        if rows:
            caption = f"{indicator_label(f'{code}_share', 'all')} ({rule}){asked}"
            headers = ("Titulaire", *(words.sentence(words.policy(policy)) for policy in policies))
            tables.append(markup.table(caption, headers, rows, numbers=range(1, len(headers))))
    said = (
        "Part des baux signés sur toute la période, puis nombre de baux qui manquent, somme des années ; "
        "moyennes des répliques. Une part qu'une réplique ne peut pas calculer, sous vingt baux, n'est pas "
        "donnée : effectif insuffisant."
    )
    return markup.section("Obligations légales", markup.paragraph(said), *tables, anchor="obligations")


def decomposition(study: Study) -> str:
    """Return what moved the share of the first quartile over the run, term by term."""
    terms = ("entrants", "leavers", "in_place", "stock", "drift", "total")
    policies = list(dict.fromkeys(study.policies))
    tables = []
    for group in ("first_quartile", "first_quartile_legal"):
        rows = [
            (
                indicator_label(f"change_{term}", "all").removeprefix("dont "),
                *(
                    numbers.measure(study.value(f"change_{term}", group, policy), numbers.GAP)
                    for policy in policies
                ),
            )
            for term in terms
        ]
        headers = ("Terme", *(words.sentence(words.policy(policy)) for policy in policies))
        caption = f"{words.sentence(group_label(group))} : variation sur la période, en points"
        tables.append(markup.table(caption, headers, rows, numbers=range(1, len(headers))))
    said = "Les termes ont pour somme la variation totale. Ils disent ce qui a bougé, non pourquoi."
    return markup.section("D'où vient la variation", markup.paragraph(said), *tables, anchor="decomposition")


def _holders(study: Study, code: str) -> list[str]:
    rows = study.values[study.values["indicator"].isin([f"{code}_share", f"{code}_small"])]
    found = list(dict.fromkeys(rows["group"]))
    return sorted(found, key=lambda group: (group != "all", group))


def _holder(group: str) -> str:
    return "EPCI" if group == "all" else group_label(group)


def _legal(study: Study, code: str, holder: str, policy: str) -> str:
    share = study.value(f"{code}_share", holder, policy, 0)
    if study.known(f"{code}_share", holder, policy, 0) < study.replications:
        return "effectif insuffisant"
    missing = study.value(f"{code}_shortfall", holder, policy, 0)
    lacking = f" ; manquent {numbers.number(missing, 1)}" if missing == missing and missing > 0 else ""
    return f"{numbers.percent(share)}{lacking}"
