"""Which values of a study fill the {names} inside the sentences of the STRESS-DES form?"""

from __future__ import annotations

from datetime import date, timedelta

from mixite.report import flowchart, method, numbers, words
from mixite.report.study import Study
from sim.indicators import CATALOGUE
from sim.policies import JOINT
from sim.policies.parameters import Parameters
from sim.rules.law import Law
from sim.rules.provisions import provisions

SHOWN_UNITS = ("jours", "ans", "par an", "ménages", "candidats")

ORIENTED = {
    "uniform": "par tirage, aux mêmes parts partout et sous toutes les politiques",
    "observed": "par tirage, à des parts selon le QPV et la typologie, sous toutes les politiques",
    "by_capacity": "selon le type de la résidence, chaque réservataire gardant sa part de l'année",
}


def blanks(study: Study) -> dict[str, str]:
    """Return the text of every {name} of the form."""
    scenario, context = study.scenario, study.context
    sittings, grids = scenario["sittings"], list(study.grids)
    policies = list(dict.fromkeys(study.policies))
    law = law_of(study)
    return {
        **_values(study),
        **counts(study),
        **_times(study),
        **_computing(study),
        "list_length": str(sittings["list_length"]),
        "max_lists": str(sittings["max_lists"]),
        "max_points_forgone": numbers.number(context["max_points_forgone"]),
        "weight": {"points": "points", "rank": "rang", "log": "logarithme"}[sittings["weight"]],
        "solving": _solving(study),
        "orientation_rule": ORIENTED[scenario["orientation"]["rule"]],
        "sitting_rhythm": words.sentence(flowchart.rhythm(scenario)),
        "sitting_rhythm_lower": flowchart.rhythm(scenario),
        "min_candidates": str(law.min_candidates),
        "answer_days": str(law.answer_days),
        "demand_validity_days": str(law.demand_validity_days),
        "small_number": str(law.small_number),
        "law_values": str(len(provisions())),
        "law_unverified": str(sum(each.mark == "U" for each in provisions().values())),
        "grid_label": f"{context['grid'].get('label', context['grid']['id'])} ({context['grid']['id']})",
        "indicator_count": str(len(reported(study))),
        "base": words.policy(study.first_pair[0]),
        "policy_count": _many(len(policies), "politique"),
        "replication_count": _many(study.replications, "réplique"),
        "grid_count": _many(len(grids), "grille"),
        "runs": _many(len(policies) * study.replications * len(grids), "passage"),
        "seed": str(scenario["runs"]["seed"]),
        "territory_seed": str(scenario["territory"]["territory_seed"]),
        "last_replication": str(study.replications - 1),
    }


def _solving(study: Study) -> str:
    """Return how far the optimum is sought by the policies that match jointly, each where they differ."""
    given, told = study.scenario["policies"].get("parameters", {}), {}
    for name in (each for each in JOINT if each in study.policies):
        asked = Parameters(**given.get(name, {}))
        told[words.policy(name)] = (
            "optimum cherché par étapes, sans écart admis"
            if asked.form == "lexicographic"
            else f"arrêt dès qu'une réponse est à {method.plain(asked.gap)} de la borne, en part des points "
            "et des objectifs en jeu dans la séance"
        )
    if len(set(told.values())) == 1:
        return str(next(iter(told.values())))
    return " ; ".join(f"{name} : {how}" for name, how in told.items())


def law_of(study: Study) -> Law:
    """Return the law the study was played under."""
    start = date.fromisoformat(study.scenario["time"]["start"])
    return Law.at(start, study.scenario["law"]["overrides"])


def reported(study: Study) -> list[str]:
    """Return the names of the indicators the study holds, in the order of the catalogue."""
    present = set(study.values["indicator"].unique())
    return [name for name in CATALOGUE if name in present]


def _values(study: Study) -> dict[str, str]:
    """Return every behavioural number played, by section_name."""
    found = {}
    for figure in study.hypotheses:
        section, name = figure["name"].split(".")
        unit = figure["unit"] if figure["unit"] in SHOWN_UNITS else ""
        found[f"{section}_{name}"] = method.plain(study.scenario[section][name], unit)
    return found


def counts(study: Study) -> dict[str, str]:
    """Return how many of each thing the territory holds."""
    found, demand = study.setting.counts, study.scenario["demand"]
    expected = demand["new_per_pending"] * found["pending"]
    if demand["new_per_year"] is not None:
        expected = demand["new_per_year"] * study.scenario["territory"]["scale"]
    return {
        "pending": _many(found["pending"], "demande"),
        "occupants": _many(found["occupants"], "ménage"),
        "residences": _many(found["residences"], "résidence"),
        "bailleurs": _many(found["bailleurs"], "bailleur"),
        "communes": _many(found["communes"], "commune"),
        "dwellings": _many(found["dwellings"], "logement"),
        "dwellings_in_qpv": numbers.number(found["dwellings_in_qpv"]),
        "vacant": numbers.number(found["vacant"]),
        "arrivals_expected": numbers.number(expected),
    }


def _times(study: Study) -> dict[str, str]:
    time = study.scenario["time"]
    start = date.fromisoformat(time["start"])
    end = start.replace(year=start.year + time["years"])
    year, month = divmod(start.year * 12 + start.month - 1 - time["burn_in_months"], 12)
    every = study.scenario["sittings"]["every_days"]
    return {
        "period": f"{_many(time['years'], 'an')} à partir du {words.day(time['start'])}",
        "last_day": words.day((end - timedelta(days=1)).isoformat()),
        "first_day": words.day(date(year, month + 1, 1).isoformat()),
        "as_of": words.day(study.setting.as_of),
        "sittings": numbers.number((end - start).days // every),
    }


def _computing(study: Study) -> dict[str, str]:
    setting, manifest = study.setting, study.manifest
    machine, memory = setting.machine, setting.machine["memory_gb"]
    asked = [f"--policy {name}" for name in study.policies]
    runs, time = study.scenario["runs"], study.scenario["time"]
    options = [f"--replications {runs['replications']}", f"--years {time['years']}", f"--seed {runs['seed']}"]
    scale = study.scenario["territory"]["scale"]
    options += [] if scale == 1 else [f"--scale {scale:g}"]
    return {
        "platform": machine["platform"],
        "python": manifest["python"],
        "machine_python": machine["python"],
        "cores": str(machine["cores"]),
        "memory": f"{method.plain(memory)} Go de mémoire" if memory else "mémoire non donnée par le système",
        "code_version": manifest["code_version"],
        "libraries": ", ".join(f"{name} {number}" for name, number in manifest["library_versions"].items()),
        "events_sha256": manifest["events_sha256"],
        "run_count": str(setting.runs),
        "seconds": _seconds(setting.seconds),
        "longest": _seconds(setting.longest),
        "load_seconds": _seconds(setting.load_seconds),
        "peak": f"{numbers.number(setting.peak_mb)} Mo" if setting.peak_mb else "taille inconnue",
        "command": f"« mixite compare SCENARIO {' '.join([*options, *asked])} », SCENARIO étant le fichier "
        f"du scénario « {study.scenario['name']} »",
    }


def _many(number: int, noun: str) -> str:
    return f"{numbers.number(number)} {noun}{'s' if number > 1 else ''}"


def _seconds(seconds: float) -> str:
    return f"{numbers.number(seconds, 1 if seconds < 100 else 0)} s"
