"""Each room imports only from the rooms named here: what exists, then rules, policies, process, meaning."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]

MAY_IMPORT = {
    "optimizer": (),
    "sim.compiled": (),
    "sim.chance": ("sim.compiled",),
    "sim.territory": ("sim.chance",),
    "sim.outcomes": ("sim.territory",),
    "sim.invariants": ("sim.outcomes",),
    "sim.rules": ("sim.territory",),
    "sim.policies": ("sim.rules", "sim.territory", "optimizer"),
    "sim.scenario": ("sim.policies", "sim.rules", "sim.territory"),
    "sim.hypotheses_page": ("sim.scenario", "sim.territory"),
    # No room of sim reads it: figures of role `validation` are for the report of mixite alone.
    "sim.figures": ("sim.territory",),
    "sim.stylised_faults": ("sim.territory",),
    "sim.stylised": ("sim.stylised_faults", "sim.scenario", "sim.rules", "sim.territory"),
    "sim.steady_state": ("sim.outcomes",),
    # What the demand looks like before anything happens: what exists and the rules, no run.
    "sim.portrait": ("sim.rules", "sim.territory"),
    "sim.process": (
        *("sim.compiled", "sim.chance", "sim.territory", "sim.rules", "sim.policies"),
        *("sim.scenario", "sim.outcomes"),  # its shapes and constants of time
        "sim.invariants",
    ),
    # Whether targets can be met: the rules on what a year should bring, solved before any run.
    "sim.objectives": (
        *("sim.portrait", "sim.process", "sim.scenario", "sim.rules", "sim.territory"),
        "optimizer",
    ),
    "sim.indicators": ("sim.outcomes", "sim.rules", "sim.territory"),
    "sim.multiplicity": (),
    "sim.comparison": ("sim.multiplicity", "sim.indicators", "sim.outcomes", "sim.territory"),
    "sim.shares": (),
    "sim.residences": ("sim.comparison", "sim.shares", "sim.indicators", "sim.territory"),
    # It feeds nothing of sim: traits of the equity report alone stop here.
    "sim.concerned": (
        *("sim.comparison", "sim.multiplicity", "sim.indicators", "sim.outcomes", "sim.rules"),
        "sim.shares",
        "sim.territory",
    ),
    "sim.precision": ("sim.comparison",),
    "sim.signs": ("sim.comparison", "sim.scenario"),  # the scenario names the weights
    "sim.warm_up": (),
    "sim.latin_hypercube": ("sim.chance",),
    "sim.uncertainty": ("sim.scenario", "sim.territory"),
    "sim.draws": ("sim.latin_hypercube", "sim.uncertainty", "sim.scenario", "sim.territory", "sim.chance"),
    "sim.spread": ("sim.comparison",),
    "sim.reversal": ("sim.uncertainty",),
    "mixite": ("sim", "optimizer"),
}
"""Room -> rooms it may import besides itself."""

MODULES = sorted(
    path
    for room in ("sim", "optimizer", "mixite")
    for path in (HOUSE / room).rglob("*.py")
    if path != HOUSE / "sim" / "__init__.py"
)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(HOUSE).with_suffix("").parts).removesuffix(".__init__")


def within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def imports(path: Path) -> set[str]:
    """Return every module a file imports; `from sim import chance` counts as sim.chance."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} : relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    (room,) = (room for room in MAY_IMPORT if within(name_of(path), room))
    ours = {name for name in imports(path) if name.split(".")[0] in ("sim", "optimizer", "mixite")}
    allowed = (room, *MAY_IMPORT[room])
    assert {name for name in ours if not any(within(name, other) for other in allowed)} == set()


def test_rooms_below_never_import_rooms_above() -> None:
    rooms = list(MAY_IMPORT)
    for place, room in enumerate(rooms[:-1]):
        assert set(MAY_IMPORT[room]) <= set(rooms[:place])


def test_only_the_engine_imports_simpy() -> None:
    importers = {name_of(path) for path in MODULES if any(within(name, "simpy") for name in imports(path))}
    assert importers == {"sim.process.engine"}
