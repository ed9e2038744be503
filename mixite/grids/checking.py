"""Is a grid sound, what in it deserves a second look, and what does it weigh on a territory's demands?

Faults stop (exit 2), all of them said together; warnings do not. What needs a sound grid (doubts, examples,
shares) is not asked of another.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mixite.checking import entry
from mixite.grids.pending import read_pending
from mixite.report.numbers import percent
from sim.scenario import find
from sim.territory.files.faults import FaultsFound

if TYPE_CHECKING:
    from sim.rules.cotation import Grid

SHIPPED = Path("scenarios/territories/tutoriel.toml")
"""Territory on which a grid is weighed when none is named."""

FAMILIES = {
    "legal_priority": "priorités de la loi",
    "seniority": "ancienneté",
    "housing": "logement actuel",
    "household": "ménage",
    "resources": "ressources",
    "employment": "emploi",
    "territory": "lien au territoire",
    "health": "santé et handicap",
    "behaviour": "refus et déclarations",
    "autre": "sans famille",
}


def check_grid(path: Path, territory: Path | None = None) -> dict[str, Any]:
    """Check a grid: faults, doubts, DALO against waiting, share of the points each family carries.

    Raises
    ------
    FaultsFound
        with the faults of the territory; those of the grid are in the report.
    """
    from sim.rules.cotation import check_examples, load
    from sim.rules.cotation.doubts import doubts

    file = find(path)
    try:
        grid = load(file, allow_partial=True)
    except FaultsFound as found:
        return {"files": [entry(str(file), "grid", rejected=1, faults=found.faults)]}
    failed = check_examples(grid, str(file))
    one = entry(
        str(file), "grid", rejected=int(bool(failed)), faults=failed, warnings=doubts(grid, str(file))
    )
    about = {"id": grid.id, "label": grid.label, "status": grid.status, "complete": grid.complete}
    counts = {"criteria": len(grid.criteria), "examples": len(grid.examples)}
    report = {"files": [one], "grid": about | counts, "dalo": _dalo(grid)}
    return report | {"families": _families(grid, territory)}


def _dalo(grid: Grid) -> dict[str, Any]:
    """Return after how many months a demand without priority passes a DALO household of the same day."""
    from sim.rules.cotation.dalo import outranked

    found = asdict(outranked(grid))
    for against in ("ageing", "best"):
        facts = found[against]["facts"]
        found[against]["facts"] = {name: _plain(value) for name, value in facts.items()}
    return found


def _families(grid: Grid, territory: Path | None) -> dict[str, Any]:
    from sim.rules.cotation.counted import family_shares

    pending = read_pending(territory or SHIPPED)
    shares = family_shares(grid, pending.facts, pending.n)
    return {
        "territory": str(territory or SHIPPED),
        "demands": pending.n,
        "notes": list(pending.notes),
        "shares": [asdict(one) | {"label": FAMILIES[one.family]} for one in shares],
    }


def sentences(report: dict[str, Any]) -> list[str]:
    """Return in French what a sound grid's report says beside its warnings."""
    if "families" not in report:
        return []
    grid, families = report["grid"], report["families"]
    said = [] if grid["complete"] else ["grille partielle : ce qui suit ne vaut que pour les critères connus"]
    said += [_sentence(report["dalo"])]
    said += [f"part des points sur {families['demands']} demandes ({families['territory']}) :"]
    for one in families["shares"]:
        line = f"  {one['label']} : {percent(one['given'])} des points, {percent(one['order'])} de l'ordre"
        said.append(line + (f", {percent(one['taken'])} des malus" if one["taken"] else ""))
    return [*said, *families["notes"]]


def _sentence(dalo: dict[str, Any]) -> str:
    if dalo["dalo_first"]:
        return "un ménage DALO est présenté avant tous (priorité absolue)"
    points = f"un ménage DALO reconnu ce jour a {dalo['dalo_points']:g} points"
    months = dalo["ageing"]["months"]
    if months is None:
        return f"{points} ; aucune ancienneté seule ne le dépasse"
    return f"{points} ; une demande sans priorité le dépasse à {months} mois d'ancienneté"


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
