"""Which lines of a study stand for "@name" in the STRESS-DES form: one a policy, a source, a parameter …?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mixite.report import differences, flowchart, limits, method, numbers, words
from mixite.report.figures import indicator_label, unit_of
from mixite.report.stress_blanks import counts, law_of, reported
from mixite.report.study import Study, records
from sim.indicators import CATALOGUE
from sim.rules.provisions import provisions


def lines(study: Study, texts: Mapping[str, Any], filled: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the lines of every "@name" of the form; `texts` is stress.toml, `filled` the blanks."""
    policies = list(dict.fromkeys(study.policies))
    named = [f"- {words.sentence(words.policy(name))} ({name}) : " for name in policies]
    short = [words.EXPLANATIONS.get(name, "voir son fichier.") for name in policies]
    own = [texts["policies"].get(name, text) for name, text in zip(policies, short, strict=True)]
    return {
        "question": _question(study),
        "indicators": [
            f"- {each.label} ({each.unit}) : {each.explanation}"
            for each in map(CATALOGUE.__getitem__, reported(study))
        ],
        "policies": [place + text for place, text in zip(named, short, strict=True)],
        "disciplines": [place + text for place, text in zip(named, short, strict=True)],
        "pairs": [
            f"- Comparaison : {words.policy(a)}, puis {words.policy(b)}. Isole : {_isolated(a, b)}."
            for a, b in study.pairs
        ],
        "flowchart": [f"- {text}" for text in flowchart.alternative(study.scenario)],
        "scenarios": [place + text for place, text in zip(named, own, strict=True)],
        "algorithms": _algorithms(policies, texts, filled),
        "quotas": [f"- {_quotas(study)}"],
        "targets": _targets(study),
        "grids": [
            f"- Autre grille jouée, tout le reste égal : {Path(name).stem}." for name in study.other_grids
        ],
        "parameters": [
            f"- {label} : {value}{'' if span == numbers.ABSENT else f' [{span}]'} ; {origin}."
            for label, value, span, origin in method.values_played(study)
        ],
        "law": _law(study),
        "assumed": [
            f"- {label} : {value} [{span}] ; {origin}."
            for label, value, span, origin in method.values_played(study)
            if "source : " not in origin
        ],
        "limits": [f"- {text}" for text in limits.limits(study)],
        "funnel": [_funnel(study)],
        "reactions": [_reactions(study)],
        "beside": [_beside(study)],
        "burn_in": [_burn_in(study)],
        "precision": _precision(study),
        "digests": [f"- {name} : {value}" for name, value in method.identity(study)],
        **_material(study),
    }


def _question(study: Study) -> list[str]:
    (a, b), scale = study.first_pair, float(study.scenario["territory"]["scale"])
    part = "" if scale == 1 else f", à l'échelle {numbers.percent(scale, 0)}"
    told = f"politique jouée : {words.policy(a)}"
    if a != b:
        told = f"première comparaison : {words.policy(b)}, au lieu de : {words.policy(a)}"
    found = [f"Étude « {study.scenario['name']} », territoire « {study.territory} »{part} ; {told}."]
    return [*found, f"{words.SYNTHETIC_BANNER}."] if study.synthetic else found


def _isolated(policy_a: str, policy_b: str) -> str:
    """Return what differs between two policies, in a sentence."""
    step = words.STEPS.get((policy_a, policy_b), "l'ensemble de ce qui les distingue")
    return step[:1].lower() + step[1:]


def _algorithms(policies: list[str], texts: Mapping[str, Any], filled: Mapping[str, str]) -> list[str]:
    found = []
    for kind, text in texts["algorithms"].items():
        names = [words.policy(name) for name in policies if name in texts["kinds"][kind]]
        if names:
            found.append(text.format_map({**filled, "names": ", ".join(names)}))
    return found


def _quotas(study: Study) -> str:
    shares = study.context["law_shares"]
    if not law_of(study).quotas:
        return "Obligations légales : supprimées par le scénario (quotas = false), pour étude seulement."
    owed = ", ".join(f"{rule} {numbers.percent(share, 0)}" for rule, share in shares.items())
    return (
        f"Obligations légales suivies par les politiques qui les prennent en compte : {owed} des baux signés."
    )


def _law(study: Study) -> list[str]:
    changed = study.scenario["law"]["overrides"]
    found = [
        f"- Valeur de droit fixée par le scénario : {provisions()[name].label} : {_written(value)}."
        for name, value in changed.items()
    ]
    threshold = numbers.number(study.context["q1_fixed_eur"])
    base = f"- Seuil du premier quartile au départ : {threshold} EUR par an et par unité de consommation."
    return [
        base,
        f"- {_quotas(study)}",
        *(found or ["- Aucune valeur de droit n'est changée par le scénario."]),
    ]


def _written(value: Any) -> str:
    return {True: "oui", False: "non"}[value] if isinstance(value, bool) else method.plain(value)


def _targets(study: Study) -> list[str]:
    rows = [
        f"- Objectif ({status}) : {public}, {floor}, {where} ; {published}."
        for public, floor, where, published, status in method.target_rows(study)
    ]
    return rows or ["- Objectifs de la stratégie de peuplement : aucun dans ce scénario."]


def _burn_in(study: Study) -> str:
    time = study.scenario["time"]
    if not time["burn_in_months"]:
        return "Aucune mise en régime : les politiques partent du territoire tel qu'il est donné."
    return (
        f"Mise en régime de {time['burn_in_months']} mois sous une seule politique "
        f"({words.policy(time['burn_in_policy'])}), une fois par réplique, hors résultats ; durée choisie "
        "par le scénario, sans test statistique. Ses baux comptent dans les fenêtres glissantes des "
        "objectifs."
    )


REACTIONS = {
    "exit": "départs des ménages au-dessus du premier quartile des résidences fragiles",
    "sls": "départs avec le supplément de loyer de solidarité",
    "reputation": "refus par réputation de la résidence",
    "deterrence": "flux de demandes selon l'attente",
    "malus": "acceptation quand un refus coûte des points",
    "drift": "commission qui revient à l'ancienneté",
}
"""The reactions of [feedback], in French."""


def _funnel(study: Study) -> str:
    if not study.scenario["funnel"]["stages"]:
        return "- Instruction : aucune étape ; la commission entend chaque liste le jour de la séance."
    return (
        "- Instruction. Les candidats sont cherchés dès le préavis au plus tôt ; chacun est contacté, visite "
        "et apporte ses pièces, avec des délais. Une part des refus et des silences s'entend dès ces étapes. "
        "Les pièces vérifiées peuvent changer ressources, ménage, points et éligibilité. La commission "
        "entend la liste le premier jour de séance après que le dernier candidat a été vu."
    )


def _reactions(study: Study) -> str:
    """Return which reactions to a policy are played, and how strong."""
    chosen = study.scenario["feedback"]
    force = {"central": "centrale", "strong": "forte"}
    on = {name: chosen[name] or chosen["all"] for name in REACTIONS}
    told = [f"{REACTIONS[name]} ({force[to]})" for name, to in on.items() if to != "off"]
    if not told:
        return "- Réactions à la politique : les six sont éteintes dans ce scénario."
    return f"- Réactions à la politique, à partir du début : {' ; '.join(told)} ; les autres sont éteintes."


def _beside(study: Study) -> str:
    """Return what was played beside the crossings, or that nothing was."""
    found = []
    if study.variants is not None:
        labels = list(study.variants.table["label"].unique())[1:]
        found.append(f"variantes ({' ; '.join(labels)}), {study.variants.replications} répliques chacune")
    if study.drawn is not None:
        found.append("tirages du territoire et des hypothèses")
    if study.reversals is not None:
        found.append("chaque hypothèse portée seule à ses bornes (ce qui renverse la conclusion)")
    return f"Joué en plus : {' ; '.join(found) or 'rien'}."


def _precision(study: Study) -> list[str]:
    a, b = study.first_pair
    rows = study.headlines[(study.headlines["policy_a"] == a) & (study.headlines["policy_b"] == b)]
    found = []
    for row in records(rows):
        half, unit = (row["ci_high"] - row["ci_low"]) / 2, unit_of(row["indicator"])
        if half == half:
            wide = numbers.measure(half, unit, difference=True).removeprefix("+")
            found.append(f"- {indicator_label(row['indicator'], row['group'])} : ± {wide}")
    chosen = "Le nombre de répliques est celui du scénario, fixé d'avance et non par une règle d'arrêt"
    if study.stopping:
        chosen = differences.stopping_sentence(study).rstrip(".")
    if not found:
        return [f"{chosen} ; aucune demi-largeur ne peut être donnée ici."]
    return [f"{chosen}. Demi-largeurs atteintes, première comparaison :", *found]


def _material(study: Study) -> dict[str, list[str]]:
    """Return where the data come from, how they were made ready, and what of them is assumed."""
    setting = study.setting
    size = "{pending} en attente, {dwellings}, {occupants}".format_map(counts(study))
    about = f"- Territoire : {setting.territory_file}, au {words.day(setting.as_of)} ; {size}."
    cited = [figure["source"] for figure in study.hypotheses if figure["source"]]
    behaviour = f"- Comportement : {len(cited)} valeurs publiées sur {len(study.hypotheses)}, citées en 3.3."
    if not study.synthetic or not setting.published + setting.assumed:
        made = "- Territoire lu de ses tables, contrôlées à la lecture ; aucune ligne n'est changée."
        told = "- Le territoire est donné par ses tables : le programme n'y ajoute aucune valeur."
        sources = [about, "- Tables : residences, dwellings, occupants, demands du dossier."]
    else:
        made = (
            "- Territoire de synthèse : résidences, ménages et demandes tirés pour suivre ses marges, "
            "ajustées par itération (IPF) puis arrondies à l'entier."
        )
        told = (
            f"- Territoire : {setting.assumed} hypothèses nommées sur {setting.published + setting.assumed} "
            "nombres, avec leur intervalle, dans son fichier."
        )
        sources = [about, f"- Nombres publiés de ce territoire de synthèse : {setting.published}."]
        sources += [f"- Source d'un nombre publié : {text.rstrip('.')}." for text in setting.sources]
    hosts = setting.hosts
    return {
        "territory_sources": sources,
        "behaviour_sources": [behaviour],
        "preparation": [made, _scale(study)],
        "territory_assumed": [told],
        "machines": ["- Tous les passages ont été joués sur cette machine."]
        if setting.here
        else [f"- Passages joués sur {hosts} machine(s) ; celle décrite est celle qui a écrit cette fiche."],
    }


def _scale(study: Study) -> str:
    """Return what the scale leaves of the territory: tables given are always played whole."""
    scale = float(study.scenario["territory"]["scale"])
    if scale == 1:
        return "- Échelle : le territoire entier."
    told = "résidences entières, par commune et bailleur ; demandes en proportion"
    if not study.setting.published + study.setting.assumed:
        told = "sans effet sur des tables, sinon sur un nombre annuel de demandes fixé par le scénario"
    return f"- Échelle {numbers.percent(scale, 0)} : {told}."
