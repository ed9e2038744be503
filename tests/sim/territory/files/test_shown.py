"""A long value in a fault is cut between two words."""

from __future__ import annotations

from sim.territory.files.faults import shown


def test_a_long_value_is_cut_between_two_words() -> None:
    value = "Deuxième au quatrième quartile, hors QPV, en RPMS"
    assert shown(value) == "Deuxième au quatrième quartile, hors…"  # 40 characters would end on « hors Q »
    assert shown("x" * 60) == "x" * 39 + "…"
    assert shown(f"{'a' * 10} {'b' * 60}") == f"{'a' * 10} {'b' * 28}…"  # one word is most of it
    assert shown("y" * 40) == "y" * 40
    assert max(len(shown(f"{'mot ' * count}fin")) for count in range(40)) <= 40
