"""What would another team need to know to build this study again? The STRESS-DES form, filled by the program.

Twenty-four items in six sections. What describes the model stands once in stress.toml; what depends on the
study is filled from it (stress_blanks.py, stress_lines.py). The page and the file say the same lines.

Source of the items: T. Monks, C. Currie, B. Onggo, S. Robinson, M. Kunc, S. Taylor, "Strengthening the
reporting of empirical simulation studies: introducing the STRESS guidelines", Journal of Simulation
13(1) (2019) 55-67, doi 10.1080/17477778.2018.1442155. The questions are asked in words of ours.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from itertools import groupby
from typing import Any

from mixite.report import flowchart, markup, stress_blanks, stress_lines, words
from mixite.report.study import Study

TITLE = "Fiche STRESS-DES"
DRAWING = "stress-des.svg"
DRAWN_ITEM = "2.1"
WITHOUT_OBJECT = "sans objet car "
BULLET = "- "

ABOUT = (
    "Liste de contrôle STRESS-DES des études de simulation à événements discrets (Monks et coll., Journal of "
    "Simulation, 2019, doi 10.1080/17477778.2018.1442155), remplie par le programme à partir de cette étude."
)


@dataclass(frozen=True)
class Item:
    """One item of the form; a line of the answer that begins with `BULLET` is a bullet."""

    number: str
    title: str
    question: str
    answer: tuple[str, ...]

    @property
    def without_object(self) -> bool:
        """Tell whether the item does not bear on this study, and says why."""
        return self.answer[0].startswith(WITHOUT_OBJECT)


@dataclass(frozen=True)
class Section:
    """One of the six sections of the form."""

    number: str
    title: str
    items: tuple[Item, ...]


@cache
def texts() -> Mapping[str, Any]:
    """Return the texts of the form that describe the model."""
    return tomllib.loads((resources.files("mixite.report") / "stress.toml").read_text(encoding="utf-8"))


def form(study: Study) -> tuple[Section, ...]:
    """Return the form filled from a study.

    1. An item that does not bear on the study says why.
    2. Else each line takes the study's values; a line "@name" gives way to the lines the study answers.
    """
    filled = stress_blanks.blanks(study)
    answers = stress_lines.lines(study, texts(), filled)
    excused = dict(_without_object(study))

    def answer(item: Mapping[str, Any]) -> Iterator[str]:
        if item["number"] in excused:
            yield WITHOUT_OBJECT + excused[item["number"]]
            return
        for line in item["answer"]:
            if line.startswith("@"):
                yield from answers[line[1:]]
            else:
                yield line.format_map(filled)

    return tuple(
        Section(
            part["number"],
            part["title"],
            tuple(
                Item(item["number"], item["title"], item["question"], tuple(answer(item)))
                for item in part["item"]
            ),
        )
        for part in texts()["section"]
    )


def _without_object(study: Study) -> Iterator[tuple[str, str]]:
    """Give the items that do not bear on the study, each with the reason."""
    if len(set(study.policies)) == 1 and not study.other_grids:
        alone = words.policy(study.policies[0])
        yield (
            "2.3",
            f"une seule politique est jouée ({alone}), sous une seule grille : il n'y a pas de scénario.",
        )


def section(study: Study) -> str:
    """Return the form as the last section of the report: one folded part a section."""
    parts = []
    for part in form(study):
        shown = [
            markup.subtitle(f"{item.number} {item.title}")
            + markup.paragraph(item.question, "lead")
            + (flowchart.svg(study.scenario) if item.number == DRAWN_ITEM else "")
            + _html(item.answer)
            for item in part.items
        ]
        parts.append(markup.folded(f"{part.number}. {part.title}", shown))
    return markup.section(TITLE, markup.paragraph(ABOUT), *parts, anchor="stress-des")


def markdown(study: Study) -> str:
    """Return the form as a page of Markdown; its drawing is the file `DRAWING` beside it."""
    parts = [f"# {TITLE} : {_plain(study.scenario['name'])}", ""]
    if study.synthetic:
        parts += [f"**{words.SYNTHETIC_BANNER}.**", ""]
    parts += [ABOUT, ""]
    for part in form(study):
        parts += [f"## {part.number}. {part.title}", ""]
        for item in part.items:
            parts += [f"### {item.number} {item.title}", "", f"*{item.question}*", ""]
            if item.number == DRAWN_ITEM:
                parts += [f"![Schéma du modèle, décrit ci-dessous]({DRAWING})", ""]
            for bullets, block in groupby(item.answer, key=_is_bullet):
                for line in block:
                    parts += [_plain(line)] if bullets else [_plain(line), ""]
                parts += [""] if bullets else []
    return "\n".join(parts)


def _html(answer: tuple[str, ...]) -> str:
    blocks = []
    for bullets, block in groupby(answer, key=_is_bullet):
        if bullets:
            blocks.append(markup.bullets(line.removeprefix(BULLET) for line in block))
        else:
            blocks += [markup.paragraph(line) for line in block]
    return "\n".join(blocks)


def _is_bullet(line: str) -> bool:
    return line.startswith(BULLET)


def _plain(text: str) -> str:
    """Return a text in which Markdown finds no markup of a page."""
    return escape(text, quote=False)
