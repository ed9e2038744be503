"""How is a number written in French: decimal comma, thin spaces, real minus, unit?"""

from __future__ import annotations

import math

THIN = "\u202f"  # narrow no-break space: thousands and percent
MINUS = "\u2212"
ABSENT = "—"


def number(value: float, decimals: int = 0) -> str:
    """Return a number as 12 345,6; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return ABSENT
    text = f"{abs(value):,.{decimals}f}"
    negative = value < 0 and any(digit in text for digit in "123456789")
    return (MINUS if negative else "") + text.replace(",", THIN).replace(".", ",")


def signed(value: float, decimals: int = 0) -> str:
    """Return a difference with its sign: +3,2 or −3,2."""
    text = number(value, decimals)
    zero = not any(digit in text for digit in "123456789")
    return text if text == ABSENT or text.startswith(MINUS) or zero else f"+{text}"


def percent(share: float, decimals: int = 1) -> str:
    """Return a share (0-1) as 12,3 %."""
    text = number(share * 100, decimals) if share is not None else ABSENT
    return text if text == ABSENT else f"{text}{THIN}%"


def measure(value: float, unit: str, *, difference: bool = False) -> str:
    """Return a value with its unit; shares are in percent, differences of shares in points."""
    write = signed if difference or unit in SIGNED else number
    if unit == GAP_YEARLY:
        return _with_unit(write(value * 100, 2), "pt par an")
    if unit in PERCENT:
        return _with_unit(write(value * 100, 1), "pt" if difference or unit == GAP else "%")
    shown = "par an" if unit == INDEX_YEARLY else "" if unit in UNITLESS else agreed(unit, value)
    return _with_unit(write(value, decimals(value, unit)), shown)


def agreed(unit: str, value: float) -> str:
    """Return a unit in the singular under 2, as French has it: 1,5 ménage, 0 bail, 2 baux."""
    return ONE.get(unit, unit) if value is not None and abs(value) < 2 else unit


def several(count: int, one: str) -> str:
    """Return a whole number of things: 0 réplique, 1 réplique, 2 répliques."""
    return f"{number(count)} {one}{'s' if count >= 2 else ''}"


def interval(low: float, high: float, unit: str) -> str:
    """Return the confidence interval of a difference as [−1,2 ; +3,4], in the unit of the difference."""
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return ABSENT
    bounds = [bound * 100 if unit in PERCENT else bound for bound in (low, high)]
    places = 1 if unit in PERCENT else decimals(max(map(abs, bounds)), unit)
    finest = places + 2
    while places < finest and any(bound and not round(bound, places) for bound in bounds):
        places += 1  # a bound near zero keeps its side
    return f"[{signed(bounds[0], places)} ; {signed(bounds[1], places)}]"


def half_width(low: float, high: float, unit: str) -> str:
    """Return the half width of an interval as ± 2,3, with the decimals it needs not to read as zero."""
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return ABSENT
    half = (high - low) / 2 * (100 if unit in PERCENT else 1)
    places = 1 if unit in PERCENT else decimals(half, unit)
    if half and not round(half, places):
        places += 2
    return f"±{THIN}{number(half, places)}"


def decimals(value: float, unit: str) -> int:
    """Return how many decimals a value deserves."""
    if unit in UNITLESS:
        return 3
    if unit == INDEX_YEARLY:
        return 4
    return 0 if value is not None and abs(value) >= 100 else 1


SHARE, YEARLY, GAP = "part (0-1)", "part par an (0-1)", "écart de parts"
GAP_YEARLY, INDEX_YEARLY = "écart de parts par an", "indice par an"
"""Units of indicators.csv: a share is shown in percent; a gap, and any difference of shares, in points."""

ONE = {
    "baux": "bail",
    "demandes": "demande",
    "demandes par bail": "demande par bail",
    "logements": "logement",
    "ménages": "ménage",
    "présentations": "présentation",
    "propositions par bail": "proposition par bail",
    "résidences": "résidence",
    "jours": "jour",
}
"""Units of counted things, in the singular."""

PERCENT = (SHARE, YEARLY, GAP, GAP_YEARLY)
SIGNED = (GAP, GAP_YEARLY, INDEX_YEARLY)
UNITLESS = ("indice (0-1)", "indice", "rapport", "")


def shown_unit(unit: str) -> str:
    """Return the unit of a difference as an axis or a column names it."""
    if unit == GAP_YEARLY:
        return "points par an"
    return "points" if unit in PERCENT else "indice" if unit in UNITLESS else unit


def _with_unit(text: str, unit: str) -> str:
    return text if text == ABSENT or not unit else f"{text}{THIN if unit == '%' else chr(0xA0)}{unit}"
