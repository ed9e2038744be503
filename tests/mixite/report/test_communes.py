"""Types by commune: those of a few households stand together or nowhere."""

from dataclasses import replace

import numpy as np

from mixite.report import communes
from mixite.report.pictured import Lived, Sites


def lived(kind: list[list[list[int]]], dwellings: list[int], households: list[int] | None = None) -> Lived:
    """Return residences whose types are kind[replication][year][residence]."""
    codes = np.array(kind)
    homes, there = (
        np.broadcast_to(dwellings, codes.shape),
        np.broadcast_to(households or dwellings, codes.shape),
    )
    years, later = np.arange(2026, 2026 + codes.shape[1]), np.zeros((*codes.shape[:2], 1, 4), int)
    return Lived(years, codes, homes, there, 0 * there, np.zeros(len(codes), int), later)


def test_communes_of_a_few_households_are_put_together_or_left_out() -> None:
    names = np.array(["a", "b", "c", "d"])
    nowhere = np.full(4, np.nan)
    names_of = {"1": "Un", "2": "Deux", "3": "Trois"}
    sites = Sites(names, np.array(["1", "2", "3", "3"]), nowhere, nowhere, names_of)
    run = lived([[[0, 1, 2, 3]]], [40, 8, 5, 3], households=[30, 7, 3, 2])
    # Deux (7 households) and Trois (5) are 12 together: 8, 5 and 3 dwellings of types 1, 2 and 3.
    found = communes.by_commune(sites, [run])
    assert [name for name, _ in found] == ["Un", "communes de moins de 11 ménages"]
    assert found[1][1].tolist() == [[0, 8 / 16, 5 / 16, 3 / 16]]
    few = replace(run, households=np.broadcast_to([30, 3, 3, 2], (1, 1, 4)))
    assert [name for name, _ in communes.by_commune(sites, [few])] == ["Un"]  # 8 households say nothing


def test_communes_stand_in_one_order_under_both_policies() -> None:
    nowhere = np.full(2, np.nan)
    sites = Sites(np.array(["a", "b"]), np.array(["1", "2"]), nowhere, nowhere, {"1": "Un", "2": "Deux"})
    first = lived([[[0, 1]]], [40, 30])
    second = lived([[[2, 3]]], [20, 30])
    # Of at least 20 and 30 households: Deux first, whichever policy is read.
    (one, shares), (two, _) = communes.by_commune(sites, [first, second])
    assert (one, two) == ("Deux", "Un")
    assert shares.tolist() == [[0, 1, 0, 0], [0, 0, 0, 1]]


def test_in_public_a_commune_is_small_when_a_type_holds_a_few_households() -> None:
    nowhere = np.full(4, np.nan)
    names_of = {"1": "Un", "2": "Deux", "3": "Trois"}
    sites = Sites(np.array(["a", "b", "c", "d"]), np.array(["1", "2", "2", "3"]), nowhere, nowhere, names_of)
    run = lived([[[0, 0, 1, 1]]], [40, 30, 9, 20])
    assert [name for name, _ in communes.by_commune(sites, [run])] == ["Un", "Deux", "Trois"]
    # Nine households « en équilibre » in Deux: it stands with no other, and so nowhere.
    assert [name for name, _ in communes.by_commune(sites, [run], cells=True)] == ["Un", "Trois"]
    both = lived([[[0, 0, 1, 1]]], [40, 30, 9, 9])
    # With nine more in Trois they are eighteen together: 30 and 18 of 48.
    told = dict(communes.by_commune(sites, [both], cells=True))
    assert list(told) == ["Un", "autres communes"]
    assert told["autres communes"][0].tolist() == [30 / 48, 18 / 48, 0, 0]
