# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Premiers pas
#
# Ce carnet joue deux politiques sur un petit territoire inventé, compare leurs résultats, puis regarde une
# demande mieux cotée qui n'a pas été présentée à une séance, et pourquoi.
#
# **Données de synthèse : aucun résultat ne décrit une résidence, un bailleur ou la politique de cet EPCI.**
# Le programme suggère un ordre de présentation et l'explique ; les commissions décident.

# %%
from pathlib import Path

import numpy as np
import pandas as pd

from sim.comparison import compare, headlines
from sim.indicators import CATALOGUE, compute_all
from sim.indicators.groups import label
from sim.policies import POLICIES
from sim.policies.matching import match
from sim.policies.reasons import explain
from sim.process.replication import replicate, territory_of
from sim.scenario import load_scenario

YEARS, REPLICATIONS = 1, 3

# %% [markdown]
# ## 1. Le scénario et son territoire
#
# Un scénario est un fichier : territoire, durée, grille de cotation, cibles de la stratégie de peuplement. Ce
# qu'il ne dit pas vient de `scenarios/hypotheses/*.toml`. On en change ici la durée, pour aller vite, et on
# n'y livre aucun programme neuf : les logements restent ceux du territoire tel que donné.

# %%
scenario = load_scenario(
    Path("scenarios/tutorial.toml"), changes={"time.years": YEARS, "supply.delivered": 0.0}
)
for target in scenario.target:
    print("cible :", target.label())

# %%
territory = territory_of(scenario)
pd.Series(
    {
        "résidences": len(territory.residences.residence_id),
        "logements": len(territory.dwellings.dwelling_id),
        "logements en QPV": int(territory.residences.in_qpv[territory.dwellings.residence].sum()),
        "ménages en place": len(territory.occupants.dwelling),
        "demandes en cours": len(territory.demands.demand_id),
    },
    name=territory.name,
).to_frame()

# %% [markdown]
# ## 2. Jouer deux politiques
#
# `replicate` joue une réplique : une mise en régime, puis chaque politique à partir du même état, avec les
# mêmes arrivées, les mêmes départs et les mêmes réponses. Ce qui diffère vient de la politique.
#
# - `cotation_quotas` : les points, et les parts de baux que la loi demande ;
# - `cotation_peuplement` : les mêmes, et les planchers de la stratégie de peuplement.
#
# L'écart entre les deux est donc l'effet de la stratégie seule.

# %%
WITHOUT, WITH = "cotation_quotas", "cotation_peuplement"
tables = [
    compute_all(outcomes).assign(policy=policy, replication=replication)
    for replication in range(REPLICATIONS)
    for policy, outcomes in replicate(scenario, territory, (WITHOUT, WITH), replication)
]
values = pd.concat(tables, ignore_index=True)
print(f"{len(tables)} simulations, {len(values)} valeurs d'indicateurs")

# %% [markdown]
# ## 3. Comparer
#
# L'écart est apparié, réplique par réplique ; son intervalle à 95 % ne couvre que le hasard de la simulation.
# Avec si peu de répliques et une seule année, presque rien ne se distingue : c'est attendu. `mixite compare`
# en joue davantage.

# %%
shown = headlines(compare(values, [(WITHOUT, WITH)]))
pd.DataFrame(
    {
        "résultat": [CATALOGUE[name].label for name in shown["indicator"]],
        "public": [label(group) for group in shown["group"]],
        WITHOUT: shown["mean_a"].round(3),
        WITH: shown["mean_b"].round(3),
        "écart": shown["difference"].round(3),
        "de": shown["ci_low"].round(3),
        "à": shown["ci_high"].round(3),
        "distingué": np.where(shown["distinguished"], "oui", "non"),
    }
)

# %% [markdown]
# ## 4. Une demande mieux cotée, non présentée
#
# À chaque séance, une politique reçoit une photographie (`Sitting`) et rend des listes (`Shortlist`). On les
# observe avec `watch`, qui ne change rien à ce qui est joué.

# %%
watched = []
for _ in replicate(scenario, territory, (WITH,), 0, watch=lambda *seen: watched.append(seen)):
    pass
print(f"{len(watched)} séances observées")

# %% [markdown]
# Les demandes d'une séance sont rangées par cotation : la demande 0 est la première. `explain` refait une
# séance et dit, pour chaque nom d'une liste, ce qui le porte, et pour chaque demande mieux cotée absente
# d'une liste, la ligne qui l'explique. Une ligne n'est dite responsable qu'après vérification : la séance est
# refaite sans elle, et la demande est alors présentée.

# %%
cases = [
    (sitting, passed)
    for sitting, _ in watched
    for passed in explain(sitting, sitting.rows).not_presented
    if passed.kind == "row"
]
print(f"{len(cases)} fois dans l'année, une ligne explique qu'une demande mieux cotée ne soit pas présentée")

# %% [markdown]
# Prenons-en une. On préfère un cas que la stratégie explique ; à défaut, le premier.

# %%
sitting, passed = next((case for case in cases if "à accueillir" in case[1].rows[0]), cases[0])
explained = explain(sitting, sitting.rows)
place, demand = passed.vacancy, passed.demand
first = next(one for one in explained.suggested if (one.vacancy, one.rank) == (place, 1))
dwelling = territory.dwellings.dwelling_id[sitting.dwelling[place]]
residence = territory.residences.residence_id[sitting.residence[place]]
where = "en QPV" if sitting.in_qpv[place] else "hors QPV"
print(f"séance du {sitting.held_on}, {len(sitting)} logement(s) examiné(s)")
print(f"logement {dwelling}, résidence {residence} ({where}), {first.eligible} demandes éligibles")
print(f"présentée au premier rang : demande {first.demand}, {first.points} points")
print(f"mieux cotée, sur aucune liste : demande {demand}, {passed.points} points")
print(f"elle {passed.sentence}")

# %% [markdown]
# ## 5. Ce que disent les prix
#
# Une ligne est une part de baux : une obligation légale, ou une cible publiée. Voici celles qui touchent ce
# logement, ce qu'elles comptent déjà, et leur prix ce jour-là : les points que l'ordre gagnerait si la ligne
# demandait un bail de moins. Une cible ne peut pas faire céder plus de points que le scénario ne le permet
# (`max_points_forgone`). Un prix appartient à une ligne, jamais à un ménage, et n'est pas unique : c'est un
# indice.

# %%
rows = sitting.rows
touching = np.flatnonzero(rows.scope[:, place])
prices = match(sitting, rows).evidence["prices"]
pd.DataFrame(
    {
        "ligne": [rows.label[i] for i in touching],
        "part due": [f"{rows.percent[i]} %" for i in touching],
        "baux signés": rows.signed[touching],
        "dont au public": rows.counted[touching],
        "prix": [round(prices.get(rows.label[i], 0), 1) for i in touching],
    }
)

# %% [markdown]
# La preuve est de refaire la même séance autrement : avec les seules obligations légales, puis sans aucune
# ligne.

# %%
answers = {
    "cotation_peuplement": explained.shortlist.rows,
    "cotation_quotas": POLICIES["cotation_quotas"](sitting).rows,
    "cotation_matched": POLICIES["cotation_matched"](sitting).rows,
}
pd.DataFrame(
    {
        "lignes": ["obligations et cibles", "obligations légales", "aucune"],
        "présente la demande": ["oui" if (lists == demand).any() else "non" for lists in answers.values()],
        "premier rang sur ce logement": [lists[place, 0] for lists in answers.values()],
        "points du premier rang": [sitting.points[lists[place, 0]] for lists in answers.values()],
    },
    index=list(answers),
)

# %% [markdown]
# La demande garde ses points et son ancienneté : elle revient à la séance suivante. Ce carnet dit quelle
# règle, publiée et modifiable, a changé l'ordre suggéré ; il ne dit rien du ménage, et la commission peut
# présenter qui elle veut.
#
# Pour aller plus loin : changer `max_points_forgone` ou une cible dans le scénario, et rejouer.
