"""What is wrong with a command line, in French: unknown option, missing argument, value of the wrong kind?

Typer speaks English and has moved its exceptions between versions; they are recognised by what they carry.
"""

from __future__ import annotations

from sim.territory.files.faults import Fault, nearest, shown


def is_usage_error(error: BaseException) -> bool:
    """Tell whether an exception says that the command line is wrong."""
    return getattr(error, "exit_code", None) == 2 and hasattr(error, "format_message")


def usage_fault(error: BaseException) -> Fault:
    """Return the fault that a usage error of the command line stands for."""
    context = getattr(error, "ctx", None)
    command = getattr(context, "command_path", "") or "mixite"
    way_out = f"voir {command} --help"
    kind = type(error).__name__
    option = getattr(error, "option_name", None)
    parameter = getattr(error, "param", None)
    if kind == "NoSuchOption":
        known = [_named(item) for item in context.command.params] if context else []
        known = [name for name in known if name.startswith("--")]
        return Fault(command, "option inconnue", nearest(str(option), known), value=shown(option))
    if option is not None:
        return Fault(command, f"l'option {option} attend une valeur", way_out)
    if kind == "MissingParameter" and parameter is not None:
        return Fault(command, f"{_named(parameter)} est requis", way_out)
    if parameter is not None:
        return Fault(command, f"valeur refusée pour {_named(parameter)} : {_cause(error)}", way_out)
    commands = getattr(getattr(context, "command", None), "commands", None)
    message = str(getattr(error, "message", error))
    if commands and message.startswith("No such command"):
        name = message.split("'")[1]
        return Fault(command, "commande inconnue", nearest(name, list(commands)), value=shown(name))
    if message.startswith("Got unexpected extra argument"):
        extra = message.rpartition("(")[2].rstrip(").")
        return Fault(command, "argument en trop", way_out, value=shown(extra))
    return Fault(command, "ligne de commande incomplète", way_out)


def _named(parameter: object) -> str:
    """Return a parameter as the user writes it: --years or SCENARIO."""
    names = [name for name in getattr(parameter, "opts", ()) if name.startswith("-")]
    shown_name = getattr(parameter, "metavar", None) or str(getattr(parameter, "name", "")).upper()
    return names[0] if names else str(shown_name)


def _cause(error: BaseException) -> str:
    """Return the value typer refused, as far as it says it."""
    message = str(getattr(error, "message", error))
    found = message.split("'")[1] if message.count("'") >= 2 else ""
    if "int" in message or "float" in message or "range" in message:
        return f"un nombre est attendu{f', trouvé {shown(found)}' if found else ''}"
    return shown(message)
