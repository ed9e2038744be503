"""How does a command that did not finish end: which sentence, which JSON document, which exit code?"""

from __future__ import annotations

import os
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mixite import terminal

if TYPE_CHECKING:
    from sim.territory.files.faults import Fault

STOPPED = "arrêté avant la fin ; ce qui est terminé est gardé"


def stopped(message: str, json: bool) -> int:
    """Say that a command stopped early, and return its exit code."""
    terminal.say(message)
    if json:
        terminal.answer({"stopped": message})
    return terminal.STOPPED_EARLY


def failed(error: Exception, json: bool) -> int:
    """Say what went wrong, in French, and return the exit code."""
    if isinstance(error, terminal.StoppedEarly) or type(error).__name__ == "Abort":
        return stopped(str(error) or STOPPED, json)
    if type(error).__name__ == "NoArgsIsHelpError":
        terminal.say(str(getattr(error, "message", error)))
        return terminal.INPUT_WRONG
    if faults := _faults(error):
        for fault in faults:
            terminal.say(str(fault))
        if json:
            terminal.answer({"faults": [terminal.fault_entry(fault) for fault in faults]})
        return terminal.INPUT_WRONG
    sentence = f"le programme a échoué : {type(error).__name__} : {error} (--debug montre le détail)"
    terminal.say(" ".join(sentence.split()))
    if os.environ.get("MIXITE_DEBUG"):
        terminal.say("".join(traceback.format_exception(error)))
    if json:
        terminal.answer({"error": sentence})
    return terminal.OUR_FAULT


def _faults(error: Exception) -> Sequence[Fault]:
    """Return what is wrong in what was typed or given, nothing where the program itself is at fault."""
    from mixite.line.usage import is_usage_error, usage_fault
    from sim.territory.files.faults import FaultsFound

    if isinstance(error, FaultsFound):
        return error.faults
    return (usage_fault(error),) if is_usage_error(error) else ()
