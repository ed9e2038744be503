"""The decisions and motives of a commission: a closed list, each with its article."""

from sim.rules.caleol import GIVING, RPMS, decisions, figure, motives


def test_there_are_five_decisions_and_three_of_them_give_the_dwelling() -> None:
    assert len(decisions()) == 5
    assert set(GIVING) < set(decisions())


def test_each_motive_is_of_a_decision_that_gives_nothing_with_what_is_measured_and_its_article() -> None:
    for code, motive in motives().items():
        assert set(motive.decisions) <= set(decisions()) - set(GIVING), code
        assert motive.decisions, code
        assert motive.measure, code
        assert motive.article.startswith("CCH "), code
        assert motive.mark in ("T", "S", "U"), code


def test_the_absence_of_a_link_with_the_commune_is_never_enough_alone() -> None:
    # CCH L. 441: « ne peut constituer à soi seul le motif de la non-attribution ».
    assert [code for code, motive in motives().items() if not motive.alone] == ["no_link"]


def test_no_motive_is_the_bare_word_of_diversity() -> None:
    held = [code for code, motive in motives().items() if "mixité" in motive.label.lower()]
    assert held == [RPMS]  # the article's own name of the residences


def test_what_is_read_of_the_share_followed_is_a_named_choice_with_its_range() -> None:
    for name in ("few", "followed_share"):
        assert figure(name).hypothesis
        assert figure(name).low < figure(name).value < figure(name).high
