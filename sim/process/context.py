"""What must a reader of a run's outcomes know besides its events?

The scenario's choices, the law's shares, thresholds, targets and grids, as plain data. Left out on purpose:
who ran it, where and when (a run's identity is that of its events).
"""

from __future__ import annotations

from typing import Any

from sim.process import rpms
from sim.process.housing import NEVER
from sim.process.orientation import told
from sim.process.state import State
from sim.process.world import World
from sim.rules.cotation import Grid


def context(world: World, state: State) -> dict[str, Any]:
    """Return what a run's outcomes say besides its tables."""
    scenario, law = world.scenario, world.law
    return {
        "start": scenario.time.start.isoformat(),
        "years": scenario.time.years,
        "end_s": world.end_s,
        "scale": scenario.scale,
        "scenario": scenario.name,
        "territory": {
            "name": world.territory.name,
            "epci": world.territory.epci,
            "synthetic": world.territory.synthetic,
            "notes": [*world.territory.notes, *rpms.notes(scenario)],
        },
        "law_shares": {
            "R1": float(law.q1_share_outside_qpv),
            "R2": float(law.q2_q4_share_in_qpv),
            "R4": float(law.priority_share),
            "R22": float(law.essential_worker_share),
        },
        "essential_jobs": list(scenario.essential_workers.jobs),
        "dalo": {"offers": law.dalo_adapted_offers, "warned_share": scenario.dalo.warned_share},
        "small_number": law.small_number,
        "orientation": dict(told(world)),
        "q1_threshold_eur": {str(year): value for year, value in sorted(state.records.thresholds.items())},
        "q1_fixed_eur": state.q1_fixed_eur,
        "operations": [
            {
                "name": one.name,
                "announced_s": one.announced_s,
                "deadline_s": None if one.deadline_s == NEVER else one.deadline_s,
                "named": one.named,
                "dwellings": int((world.plan.operation == place).sum()),
            }
            for place, one in enumerate(world.plan.operations)
        ],
        "targets": [
            {
                "label": target.label(),
                "public": target.public,
                "floor": target.floor,
                "published_in": target.published_in.model_dump(mode="json"),
                "study": target.study,
            }
            for target in scenario.target
        ],
        "max_points_forgone": scenario.sittings.max_points_forgone,
        "weight": scenario.sittings.weight,
        "grid": _grid(world.grid),
        "mutation_grid": _grid(world.mutation_grid) if world.mutation_grid else None,
    }


def _grid(grid: Grid) -> dict[str, Any]:
    return {"id": grid.id, "status": grid.status, "label": grid.label}
