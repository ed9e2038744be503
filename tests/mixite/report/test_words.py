"""Which words officials read, and which they never read."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import mixite
from mixite.report import words
from sim.policies import POLICIES

ROOT = Path(mixite.__file__).parent.parent


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """Give the texts of a Python file that are not docstrings, with their line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def test_no_message_or_template_holds_a_word_of_the_list() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} « {word} »"
        for package in ("mixite", "sim", "optimizer")
        for path in sorted((ROOT / package).rglob("*.py"))
        if path.name != "words.py"  # it holds the list itself
        for line, text in _texts(path)
        for word in words.forbidden_words(text)
    ]
    assert not found


def test_no_shipped_scenario_holds_a_word_of_the_list() -> None:
    found = [
        f"{path.relative_to(ROOT)} « {word} »"
        for path in sorted((ROOT / "scenarios").rglob("*.toml"))
        for word in words.forbidden_words(path.read_text(encoding="utf-8"))
    ]
    assert not found


@pytest.mark.parametrize(
    "text",
    [
        "un ménage à risque",
        "ménages lourds",
        "Ménage d’équilibre",
        "les bons candidats",
        "un mauvais candidat",
        "le profil du ménage",
        "seuil de tolérance",
        "quota de pauvres",
        "candidat écarté",
        "attribution optimale",
        "une attribution automatique",
        "l'algorithme attribue",
        "calcul certifié",
        "envie",
        "gagnants et perdants",
        "refus au motif de mixité",
        "au nom de la mixité",
    ],
)
def test_each_word_of_the_list_is_found(text: str) -> None:
    assert list(words.forbidden_words(text))


def test_words_of_the_law_are_not_refused() -> None:
    assert not list(
        words.forbidden_words("résidence à enjeu prioritaire de mixité sociale, environ, profiler")
    )


def test_every_policy_has_a_french_name_and_an_explanation() -> None:
    assert set(POLICIES) <= set(words.POLICIES)
    assert set(POLICIES) <= set(words.EXPLANATIONS)
