"""May a file be written here? A sitting that people filled is never replaced."""

from __future__ import annotations

from pathlib import Path

from sim.territory.files.faults import Fault, FaultsFound


def save(path: Path, held: bytes, option: str, suffix: str) -> None:
    """Write bytes to a file that does not exist yet.

    Raises
    ------
    FaultsFound
        for another suffix, a file that exists or cannot be written.
    """
    fault = refused(path, option, suffix)
    if fault is None:
        try:
            with path.open("xb") as stream:
                stream.write(held)
            return
        except OSError as error:
            message = f"écriture impossible : {error.strerror}"
            fault = Fault(option, message, "choisir un autre dossier", value=str(path))
    raise FaultsFound([fault])


def refused(path: Path, option: str, suffix: str) -> Fault | None:
    """Return what forbids to write a file, before anything is computed."""
    if path.suffix.lower() != suffix:
        mend = f"par exemple seance{suffix}"
        return Fault(option, f"un nom en {suffix} est attendu", mend, value=str(path))
    if path.exists():
        mend = "donner un autre nom, ou déplacer ce fichier"
        return Fault(option, "ce fichier existe déjà, il n'est pas remplacé", mend, value=str(path))
    if not path.parent.is_dir():
        return Fault(option, "dossier introuvable", "en donner un autre, ou le créer", value=str(path))
    return None
