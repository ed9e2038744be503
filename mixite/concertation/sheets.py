"""What does the sheet of a residence say, in one PDF to bring to a meeting?

One PDF a residence, named by its identifier; at the level `public`, one for all communes. Everything comes
from what the level of diffusion may hold. Fonts are those inside typst: nothing is read from a network.
Left out on purpose: how the page looks (sheet.typ).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mixite.concertation.gauge import gauge, sensitivity
from mixite.concertation.outside import MASKED_SAID
from mixite.concertation.parts import (
    absent,
    appraised,
    building,
    by_commune,
    counted,
    decided,
    facts,
    population,
    voices,
)
from mixite.concertation.phrases import banner
from mixite.diffusion import INTERNE
from mixite.progress import progress
from mixite.report.words import day
from sim.territory.files.saving import replacing

if TYPE_CHECKING:
    from mixite.concertation.diffusion import Published

TEMPLATE = Path(__file__).with_name("sheet.typ")
PUBLIC_FILE = "peuplement_par_commune.pdf"


def write_sheets(told: Published, folder: Path) -> int:
    """Write the sheets in a folder and return how many."""
    compile_pdf = compiler()
    pages = list(documents(told))
    with progress("fiches", len(pages)) as step:
        for name, page in pages:
            content = compile_pdf(page)
            with replacing(folder / name) as file:
                file.write(content)
            step()
    return len(pages)


def documents(told: Published) -> Sequence[tuple[str, dict[str, Any]]]:
    """Return the name of each file and what is laid out in it."""
    footer = (
        f"{told.about['territory']['name']} ; données au {day(told.about['on'])} ; "
        f"mixite {told.about['code_version']}"
    )
    if told.level == INTERNE:
        footer += f" ; données {told.method['data_digest'][:12]}"
        footer += f" ; historique {told.method['history_seal'] or 'vide'}"
    shared = {"banner": banner(told), "footer": footer}
    if told.level == "public":
        title, subtitle = "Peuplement des résidences par commune", told.about["territory"]["name"]
        return [(PUBLIC_FILE, {**shared, "title": title, "subtitle": subtitle, "parts": by_commune(told)})]
    return [
        (name, {**shared, **_sheet(told, row)})
        for name, row in zip(_names(told.residences), told.residences, strict=True)
    ]


def compiler() -> Callable[[Mapping[str, Any]], bytes]:
    """Return a function that lays a document out as PDF, always the same for the same document."""
    import typst

    template = TEMPLATE.read_bytes()
    made = typst.Compiler(template, ignore_system_fonts=True)

    def compiled(page: Mapping[str, Any]) -> bytes:
        inputs = {"data": json.dumps(page, ensure_ascii=False, allow_nan=False)}
        content = made.compile(template, format="pdf", sys_inputs=inputs, timestamp=0)
        assert isinstance(content, bytes)
        return content

    return compiled


def _sheet(told: Published, row: Mapping[str, Any]) -> dict[str, Any]:
    place = f"{row['commune_name']} ({row['commune']})"
    subtitle = f"Résidence {row['residence_id']} ; bailleur {row['bailleur']} ; {place}"
    level, missing = told.method["level"], told.method["missing"]
    figures = [*population(row, level), building(row), *absent(missing)]
    if told.level == INTERNE:
        parts = [facts(row), *decided(row), gauge(row, level), *sensitivity(row, told.method["varied"])]
        parts += [*figures, *voices(row), *appraised(row)]
    else:
        masked = {"kind": "lines", "title": "", "lines": [MASKED_SAID]}
        parts = [facts(row), gauge(row, level), *figures, masked, counted(row)]
    return {"title": row["name"] or row["residence_id"], "subtitle": subtitle, "parts": parts}


def _names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the name of each file, one a residence whatever its identifier holds."""
    found: list[str] = []
    taken: set[str] = set()
    for row in rows:
        name = row["residence_id"]
        safe = re.sub(r"[^A-Za-z0-9_-]", "_", name)
        if safe != name or safe.lower() in taken:
            safe = f"{safe}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        taken.add(safe.lower())
        found.append(f"{safe}.pdf")
    return found
