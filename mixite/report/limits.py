"""What can a comparison not say? One sentence a limit, drawn from what was played."""

from __future__ import annotations

from mixite.report import numbers
from mixite.report.study import Study


def limits(study: Study) -> list[str]:
    """Return the limits of a comparison, the most important first."""
    found = []
    if study.synthetic:
        found.append(
            "Le territoire est de synthèse : ses résidences, ses bailleurs et ses ménages sont inventés."
        )
    elsewhere = " ; elles se lisent dans « Trois incertitudes »" if study.drawn else ""
    found += [
        "L'intervalle d'un écart couvre le seul hasard de la simulation : ni la construction du territoire "
        f"ni les hypothèses n'y sont{elsewhere}. Un écart « distingué » peut disparaître avec d'autres "
        "hypothèses.",
        "Les réponses des ménages (acceptation, refus, silence) suivent des hypothèses, non des "
        "comportements observés ici ; sauf réactions demandées au scénario, elles ne dépendent pas de la "
        "politique.",
        "Les publics se comptent à la signature : un ménage logé avant sa reconnaissance DALO n'est pas "
        "compté comme tel, et la part des baux à ces ménages peut baisser parce qu'ils sont logés plus tôt.",
        "L'aide au logement, le taux d'effort et le reste à vivre sont des estimations : ils pèsent sur les "
        "réponses simulées, et n'ordonnent ni n'excluent personne.",
        "Livraisons, démolitions et ventes suivent des parts annuelles publiées pour la France : ce ne sont "
        "pas les programmes de ce territoire.",
        "Après le dernier texte connu, le droit ne change plus ; les montants sont en euros constants.",
        "Les usages de désignation de chaque réservataire, et l'ordre de la pratique actuelle, sont des "
        "hypothèses : aucun n'a été observé.",
        "Une résidence garde son type tant que l'intervalle de son score rencontre la plage de ce type : "
        "dans une petite résidence, un changement lent n'y paraît pas en quelques années. Les objectifs "
        "lisent le type du départ jusqu'à la fin.",
        "Le modèle ne dit rien de la vie dans les résidences : il compte des baux, des délais et des "
        "ressources.",
    ]
    if "status_quo" not in study.policies:
        found.append(
            "La pratique actuelle des commissions n'est pas simulée : la référence est la cotation appliquée "
            "seule, logement par logement."
        )
    scale = float(study.context.get("scale", 1.0))
    if scale < 1:
        found.append(
            f"Le territoire est réduit à {numbers.percent(scale, 0)} : les parts et les délais se lisent, "
            "les nombres de baux et de demandes sont ceux du territoire réduit."
        )
    if study.replications < 10:
        found.append(
            f"{numbers.several(study.replications, 'réplique')} seulement : les "
            "intervalles sont larges ou absents ; vingt au moins sont conseillées."
        )
    found += [f"{text.rstrip('.')}." for text in study.context["territory"].get("notes", ())]
    return list(dict.fromkeys(found))
