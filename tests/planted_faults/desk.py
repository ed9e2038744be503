"""Faults of what an officer is told: who is in a sitting, and why a demand is not on a list."""

from __future__ import annotations

from planted_faults.fault import Fault

IN_ORDER = ("tests/sim/policies/test_reasons_in_order.py",)
WHY = ("tests/mixite/desk/test_why.py",)

THE_DESK = (
    Fault(
        "a row is confirmed without the limit of points that the suggestion keeps",
        "sim/policies/reasons.py",
        'solver=in_stages.again(solved, len(sitting)) if sitting.form == "lexicographic" else None,',
        "solver=None,",
        IN_ORDER,
    ),
    Fault(
        "who has priority and was overtaken by a target is asked about in its turn",
        "sim/policies/reasons.py",
        "order = np.lexsort((place, rank, ~overtaken[place]))",
        "order = np.lexsort((place, rank))",
        IN_ORDER,
    ),
    Fault(
        "problems solved again are not counted",
        "optimizer/reasons.py",
        "            most -= allowance - self._left\n",
        "",
        IN_ORDER,
    ),
    Fault(
        "arrivals that a run draws are in the sitting of a day",
        "sim/process/today.py",
        "given = rows[: length(world.territory.demands)]",
        "given = rows",
        ("tests/sim/process/test_today.py",),
    ),
    Fault(
        "rows of a target stand in the order of the table of residences",
        "sim/rules/peuplement/perimeters.py",
        "key=lambda row: (len(places.residence_id[row]), places.residence_id[row])",
        "key=lambda row: row",
        ("tests/sim/rules/peuplement/test_targets.py",),
    ),
    Fault(
        "a demand under its maximum rent is told that the rent is above",
        "mixite/desk/why.py",
        "    if stated < due:\n",
        "    if stated > due:\n",
        WHY,
    ),
    Fault(
        "a DALO deadline that a file states is not read",
        "sim/process/dalo.py",
        "np.where(stated == NEVER, by_law, stated)",
        "by_law",
        ("tests/sim/process/test_dalo.py", "tests/mixite/desk/test_workbook.py"),
    ),
    Fault(
        "heating that the charges do not hold costs nothing",
        "sim/process/affordability.py",
        "charges = stock.charges_eur[dwelling] + np.nan_to_num(stock.heating_eur[dwelling])",
        "charges = stock.charges_eur[dwelling]",
        ("tests/sim/process/test_affordability.py",),
    ),
    Fault(
        "an error of a spreadsheet is an empty cell",
        "sim/territory/files/error_cells.py",
        'one.get("t") == "e"',
        'one.get("t") == ""',
        ("tests/mixite/desk/test_bad_workbooks.py",),
    ),
    Fault(
        "the dwelling that is presented to one household alone is said to be open to others",
        "mixite/desk/why.py",
        "    elif sitting.named.get(place, position) != position:\n",
        "    elif False:\n",
        WHY,
    ),
)
