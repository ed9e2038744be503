"""Real runs keep their accounts; one spoilt row breaks the invariant that watches over it, by its name."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import invariants
from sim.invariants import STAGES, InvariantBroken, breaches, check
from sim.outcomes import Outcomes, load, save
from sim.policies import POLICIES
from sim.process import replication
from sim.process.replication import replicate, territory_of
from sim.scenario import load_scenario

SHORT = {"time.years": 1, "time.burn_in_months": 6}
APPEALS = {"dalo.appeals_per_year": 2.0, "dalo.abnormal_delay_months": 12}
MOVING = {"time.years": 4, "time.burn_in_months": 6, "demand.mutation_share": 0.9, "funnel.stages": False}
MOVING |= {"runs.seed": 1, **APPEALS}
"""Nine demands in ten are tenants': households and dwellings come back. Many are recognised under DALO."""


def runs(name: str, changes: Mapping[str, Any], *policies: str) -> dict[str, Outcomes]:
    scenario = load_scenario(Path(f"scenarios/{name}.toml"), changes=changes)
    return dict(replicate(scenario, territory_of(scenario), policies, 0))


@pytest.fixture(scope="module")
def run() -> Outcomes:
    return runs("tutorial", MOVING, "seniority")["seniority"]


@pytest.mark.parametrize(("name", "changes"), [("tutorial", SHORT), ("jouet", {})])
def test_a_run_keeps_its_accounts_under_every_policy(
    name: str, changes: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invariants, "check", lambda outcomes: None)
    for policy, outcomes in runs(name, changes, *POLICIES).items():
        assert [str(broken) for broken in breaches(outcomes)] == [], policy


def test_a_run_read_back_from_its_folder_keeps_its_accounts(run: Outcomes, tmp_path: Path) -> None:
    save(run, tmp_path)
    check(load(tmp_path))


def test_a_run_in_which_nothing_happens_keeps_its_accounts(run: Outcomes) -> None:
    tables = ("demands", "vacancies", "sittings", "offers", "leases")
    check(replace(run, **{name: getattr(run, name).iloc[:0] for name in tables}))


def test_a_vacancy_lost_ends_when_it_was_available(run: Outcomes) -> None:
    row = unlet(run)
    vacancy = run.vacancies.iloc[row]
    lost = put(run, "vacancies", row, lost=True)
    sat = lost.sittings[lost.sittings.vacancy_id != vacancy.vacancy_id]
    lost = replace(lost, sittings=sat)
    again = {"vacancy_id": "again", "keys_s": vacancy.available_s, "lost": True}
    check(add(lost, "vacancies", row, **again))
    early = add(lost, "vacancies", row, **again | {"keys_s": vacancy.available_s - 1})
    with pytest.raises(InvariantBroken, match="vacant once at a time"):
        check(early)


# --- spoiling ---------------------------------------------------------------------------------------------


def put(run: Outcomes, table: str, row: int, **values: Any) -> Outcomes:
    """Return the run with other values in one row of a table."""
    changed = getattr(run, table).copy()
    for column, value in values.items():
        changed.iloc[row, changed.columns.get_loc(column)] = value
    return replace(run, **{table: changed})


def add(run: Outcomes, table: str, row: int, **values: Any) -> Outcomes:
    """Return the run with a copy of one row at the end of its table, other values in it."""
    old = getattr(run, table)
    longer = replace(run, **{table: pd.concat([old, old.iloc[[row]]], ignore_index=True)})
    return put(longer, table, len(old), **values)


def drop(run: Outcomes, table: str, row: int) -> Outcomes:
    return replace(run, **{table: getattr(run, table).drop(index=row).reset_index(drop=True)})


def where(mask: Any) -> int:
    """Return the first row of a mask that has one."""
    found = np.flatnonzero(np.asarray(mask.fillna(False), dtype=bool))
    assert len(found), "the run has no such row"
    return int(found[0])


def row_of(run: Outcomes, table: str, column: str, name: str) -> int:
    return where(getattr(run, table)[column] == name)


def unlet(run: Outcomes) -> int:
    """Return a vacancy never let, and never offered in the run, whose dwelling is in no lease."""
    free = run.vacancies.let_s.isna() & ~run.vacancies.dwelling_id.isin(run.leases.dwelling_id)
    free &= run.vacancies.freed_by.isna()
    free &= run.vacancies.withdrawn_s.isna()
    return where(free & ~run.vacancies.vacancy_id.isin(run.offers.vacancy_id))


def lapsed(run: Outcomes) -> int:
    return where((run.demands.closed_by == "lapse") & ~run.demands.demand_id.isin(run.offers.demand_id))


def made(run: Outcomes, outcome: str = "refused") -> int:
    """Return an offer made and answered so, at a sitting of the run."""
    offers = run.offers
    return where((offers.outcome == outcome) & offers.sitting_id.isin(run.sittings.sitting_id))


def waiting(run: Outcomes) -> int:
    """Return a demand open at the end and never offered."""
    return where(run.demands.closed_s.isna() & ~run.demands.demand_id.isin(run.offers.demand_id))


def pending(run: Outcomes) -> int:
    """Return a demand filed before the start that lapses in the run."""
    return where((run.demands.filed_s < -1) & (run.demands.closed_by == "lapse"))


def let(run: Outcomes) -> int:
    return where(run.vacancies.let_s.notna())


def made_first(run: Outcomes) -> int:
    return 0


def accepted(run: Outcomes, lease: int = 0) -> int:
    """Return the offer accepted of a lease."""
    same = run.offers.vacancy_id == run.leases.vacancy_id[lease]
    return where(same & (run.offers.outcome == "accepted"))


def relet(run: Outcomes) -> int:
    """Return a lease followed by another of the same dwelling."""
    return where(run.leases.ended_s.notna() & run.leases.duplicated("dwelling_id", keep="last"))


def moved(run: Outcomes) -> tuple[int, int]:
    """Return two leases of one household, the second signed before the first has ended."""
    leases = run.leases.reset_index().sort_values(["household_id", "signed_s"])
    after = leases.groupby("household_id")[["index", "signed_s"]].shift(-1)
    pair = leases[after.signed_s.notna() & (after.signed_s < leases.ended_s)]
    return int(pair["index"].iloc[0]), int(after["index"][pair.index[0]])


def list_of(run: Outcomes, offer: int) -> int:
    one = run.offers.iloc[offer]
    return where((run.sittings.sitting_id == one.sitting_id) & (run.sittings.vacancy_id == one.vacancy_id))


Spoilt = tuple[Outcomes, str, int]
"""Outcomes with one fault, and the table and row that are to be named."""


def a_housed_demand_is_dropped(run: Outcomes) -> Spoilt:
    name = run.leases.demand_id[0]
    return drop(run, "demands", row_of(run, "demands", "demand_id", name)), "offers", accepted(run)


def a_lease_is_of_an_unknown_vacancy(run: Outcomes) -> Spoilt:
    return put(run, "leases", 0, vacancy_id="nowhere"), "leases", 0


def a_lease_is_of_an_unknown_demand(run: Outcomes) -> Spoilt:
    return put(run, "leases", 0, demand_id="nobody"), "leases", 0


def an_offer_is_of_an_unknown_vacancy(run: Outcomes) -> Spoilt:
    return put(run, "offers", 7, vacancy_id="nowhere"), "offers", 7


def a_sitting_examines_an_unknown_vacancy(run: Outcomes) -> Spoilt:
    return put(run, "sittings", 7, vacancy_id="nowhere"), "sittings", 7


def a_vacancy_is_in_the_table_twice(run: Outcomes) -> Spoilt:
    return add(run, "vacancies", 3), "vacancies", len(run.vacancies)


def a_demand_is_in_the_table_twice(run: Outcomes) -> Spoilt:
    return add(run, "demands", 3), "demands", len(run.demands)


def a_list_is_in_the_table_twice(run: Outcomes) -> Spoilt:
    return add(run, "sittings", list_of(run, made(run))), "sittings", len(run.sittings)


def a_lease_is_signed_twice(run: Outcomes) -> Spoilt:
    return add(run, "leases", 0), "leases", len(run.leases)


def a_lapse_is_told_as_a_lease(run: Outcomes) -> Spoilt:
    row = lapsed(run)
    return put(run, "demands", row, closed_by="lease"), "demands", row


def a_lease_is_told_as_a_lapse(run: Outcomes) -> Spoilt:
    row = row_of(run, "demands", "demand_id", run.leases.demand_id[0])
    return put(run, "demands", row, closed_by="lapse"), "leases", 0


def a_wait_is_a_second_shorter(run: Outcomes) -> Spoilt:
    row = row_of(run, "demands", "demand_id", run.leases.demand_id[0])
    return put(run, "demands", row, closed_s=run.demands.closed_s[row] - 1), "leases", 0


def a_lease_is_filed_on_another_day(run: Outcomes) -> Spoilt:
    return put(run, "leases", 0, filed_s=run.leases.filed_s[0] - 1), "leases", 0


def a_lease_is_another_households(run: Outcomes) -> Spoilt:
    return put(run, "leases", 0, household_id="somebody"), "leases", 0


def a_lease_is_moved_to_another_vacancy(run: Outcomes) -> Spoilt:
    vacancy = row_of(run, "vacancies", "vacancy_id", run.leases.vacancy_id[0])
    return (
        put(run, "leases", 0, vacancy_id=run.vacancies.vacancy_id[unlet(run)]),
        "vacancies",
        vacancy,
    )


def a_lease_is_moved_to_a_vacancy_let(run: Outcomes) -> Spoilt:
    return put(run, "leases", 1, vacancy_id=run.leases.vacancy_id[0]), "leases", 1


def a_vacancy_is_let_before_its_lease(run: Outcomes) -> Spoilt:
    vacancy = row_of(run, "vacancies", "vacancy_id", run.leases.vacancy_id[0])
    return put(run, "vacancies", vacancy, let_s=run.leases.signed_s[0] - 1), "leases", 0


def an_offer_is_accepted_and_never_made(run: Outcomes) -> Spoilt:
    return put(run, "offers", accepted(run), offered_s=None), "offers", accepted(run)


def a_lease_is_of_another_dwelling(run: Outcomes) -> Spoilt:
    return put(run, "leases", 0, dwelling_id=run.vacancies.dwelling_id[unlet(run)]), "leases", 0


def a_vacancy_let_is_lost(run: Outcomes) -> Spoilt:
    row = row_of(run, "vacancies", "vacancy_id", run.leases.vacancy_id[0])
    return put(run, "vacancies", row, lost=True), "vacancies", row


def a_vacancy_let_is_withdrawn(run: Outcomes) -> Spoilt:
    row = row_of(run, "vacancies", "vacancy_id", run.leases.vacancy_id[0])
    return put(run, "vacancies", row, withdrawn_s=run.leases.signed_s[0]), "vacancies", row


def a_dwelling_withdrawn_is_vacant_again(run: Outcomes) -> Spoilt:
    row = where(run.vacancies.withdrawn_s.notna())
    later = run.vacancies.keys_s[row] + 1
    return (
        add(run, "vacancies", row, vacancy_id="again", keys_s=later, available_s=later),
        "vacancies",
        row,
    )


def a_dwelling_withdrawn_is_examined(run: Outcomes) -> Spoilt:
    row = where(run.vacancies.withdrawn_s.notna() & (run.vacancies.keys_s >= 0))
    gone = run.vacancies.iloc[row]
    held = max(int(gone.available_s), int(gone.withdrawn_s)) + 1
    examined = add(run, "sittings", 0, vacancy_id=gone.vacancy_id, held_s=held, listed=0, sitting_id="late")
    return examined, "sittings", len(run.sittings)


def a_household_is_counted_twice(run: Outcomes) -> Spoilt:
    row = where(run.occupation.year == 2029)
    return put(run, "occupation", row, below_40_plus=run.occupation.below_40_plus[row] + 1), "occupation", row


def a_household_gone_with_its_dwelling_is_not_counted(run: Outcomes) -> Spoilt:
    row = where(run.occupation.sold > 0)
    return put(run, "occupation", row, sold=run.occupation.sold[row] - 1), "occupation", row


def a_residence_has_fewer_dwellings_than_households(run: Outcomes) -> Spoilt:
    row = where(run.occupation.households > 1)
    return put(run, "occupation", row, dwellings=1), "occupation", row


def a_vacancy_is_let_to_nobody(run: Outcomes) -> Spoilt:
    row = unlet(run)
    later = put(run, "vacancies", row, let_s=run.vacancies.available_s[row])
    return later, "vacancies", row


def an_offer_is_accepted_without_a_lease(run: Outcomes) -> Spoilt:
    open_ones = run.vacancies.vacancy_id[run.vacancies.let_s.isna()]
    row = where((run.offers.outcome == "refused") & run.offers.vacancy_id.isin(open_ones))
    return put(run, "offers", row, outcome="accepted"), "offers", row


def two_offers_of_a_vacancy_are_accepted(run: Outcomes) -> Spoilt:
    offers = run.offers
    first = where((offers.outcome == "refused") & offers.vacancy_id.isin(run.leases.vacancy_id))
    lease = row_of(run, "leases", "vacancy_id", offers.vacancy_id[first])
    return put(run, "offers", first, outcome="accepted"), "offers", accepted(run, lease)


def a_lease_has_no_offer(run: Outcomes) -> Spoilt:
    return drop(run, "offers", accepted(run)), "leases", 0


def a_lease_is_signed_by_another_rank(run: Outcomes) -> Spoilt:
    return put(run, "leases", 0, rank=run.leases["rank"][0] + 1), "leases", 0


def a_lease_answers_an_offer_to_another_demand(run: Outcomes) -> Spoilt:
    other = run.demands.demand_id[lapsed(run)]
    return put(run, "offers", accepted(run), demand_id=other), "leases", 0


def an_offer_is_accepted_before_the_lease(run: Outcomes) -> Spoilt:
    row = accepted(run)
    return put(run, "offers", row, answered_s=run.offers.answered_s[row] - 1), "leases", 0


def a_lease_is_of_a_dwelling_not_offered(run: Outcomes) -> Spoilt:
    return put(run, "offers", accepted(run), dwelling_id=run.vacancies.dwelling_id[unlet(run)]), "leases", 0


def a_dwelling_is_let_twice(run: Outcomes) -> Spoilt:
    row = relet(run)
    place, since_s = run.leases.dwelling_id[row], run.leases.signed_s[row]
    following = where((run.leases.dwelling_id == place) & (run.leases.signed_s > since_s))
    return put(run, "leases", row, ended_s=pd.NA), "leases", following


def a_lease_ends_and_leaves_no_vacancy(run: Outcomes) -> Spoilt:
    last = run.leases.ended_s.isna() & ~run.leases.duplicated("dwelling_id", keep=False)
    row = where(last & ~run.leases.dwelling_id.isin(run.vacancies.dwelling_id[run.vacancies.let_s.isna()]))
    return put(run, "leases", row, ended_s=run.leases.signed_s[row] + 1), "leases", row


def a_dwelling_is_vacant_while_it_is_let(run: Outcomes) -> Spoilt:
    row = where(run.leases.ended_s.notna() & ~run.leases.duplicated("dwelling_id", keep=False))
    return put(run, "leases", row, ended_s=pd.NA), "leases", row


def two_vacancies_of_a_dwelling_overlap(run: Outcomes) -> Spoilt:
    row = unlet(run)
    later = run.vacancies.available_s[row] + 1
    return (
        add(run, "vacancies", row, vacancy_id="again", keys_s=later, available_s=later),
        "vacancies",
        row,
    )


def a_household_is_housed_twice(run: Outcomes) -> Spoilt:
    first, second = np.flatnonzero(run.leases.ended_s.isna() & ~run.leases.mutation)[:2].tolist()
    household = run.leases.household_id[first]
    demand = row_of(run, "demands", "demand_id", run.leases.demand_id[second])
    spoilt = put(run, "demands", demand, household_id=household)
    return put(spoilt, "leases", second, household_id=household), "leases", second


def a_household_moves_and_keeps_its_dwelling(run: Outcomes) -> Spoilt:
    before, after = moved(run)
    ended = (run.vacancies.dwelling_id == run.leases.dwelling_id[before]) & (
        run.vacancies.keys_s == run.leases.ended_s[before]
    )
    return put(run, "vacancies", where(ended), cause="departure"), "leases", after


def a_household_moves_without_asking(run: Outcomes) -> Spoilt:
    _, after = moved(run)
    demand = row_of(run, "demands", "demand_id", run.leases.demand_id[after])
    return put(run, "demands", demand, mutation=False), "leases", after


def freed(run: Outcomes) -> tuple[int, int]:
    """Return a vacancy freed by a mutation lease of the run, and that lease."""
    row = where(run.vacancies.freed_by.isin(run.leases.vacancy_id))
    return row, row_of(run, "leases", "vacancy_id", run.vacancies.freed_by[row])


def a_dwelling_freed_by_a_move_forgets_it(run: Outcomes) -> Spoilt:
    row, _ = freed(run)
    return put(run, "vacancies", row, freed_by=None), "vacancies", row


def a_lease_frees_two_dwellings(run: Outcomes) -> Spoilt:
    names = run.vacancies.freed_by
    first, second = np.flatnonzero(names.isin(run.leases.vacancy_id))[:2].tolist()
    return put(run, "vacancies", second, freed_by=names[first]), "vacancies", second


def a_dwelling_is_freed_by_an_entry(run: Outcomes) -> Spoilt:
    row, _ = freed(run)
    entry = run.leases.vacancy_id[where(~run.leases.mutation)]
    return put(run, "vacancies", row, freed_by=entry), "vacancies", row


def a_sitting_is_held_before_the_works_end(run: Outcomes) -> Spoilt:
    vacancies = run.vacancies.set_index("vacancy_id").available_s
    row = where(run.sittings.vacancy_id.map(vacancies) > 0)
    early = int(vacancies[run.sittings.vacancy_id[row]]) - 1
    return put(run, "sittings", row, held_s=early), "sittings", row


def a_sitting_examines_a_vacancy_that_is_let(run: Outcomes) -> Spoilt:
    row = list_of(run, made(run, "accepted"))
    vacancy = row_of(run, "vacancies", "vacancy_id", run.sittings.vacancy_id[row])
    return put(run, "sittings", row, held_s=run.vacancies.let_s[vacancy] + 1), "sittings", row


def a_rank_is_beyond_the_list(run: Outcomes) -> Spoilt:
    row = made(run)
    return put(run, "offers", row, rank=run.sittings.listed[list_of(run, row)] + 1), "offers", row


def a_rank_is_before_the_first(run: Outcomes) -> Spoilt:
    row = made(run)
    return put(run, "offers", row, rank=0), "offers", row


def two_offers_of_a_list_have_one_rank(run: Outcomes) -> Spoilt:
    offers = run.offers
    row = where((offers["rank"] == 2) & (offers.outcome == "refused") & (offers.sitting_id >= "S2026"))
    return put(run, "offers", row, rank=1), "offers", row


def a_demand_is_twice_on_a_list(run: Outcomes) -> Spoilt:
    offers = run.offers
    row = where((offers["rank"] == 2) & (offers.outcome == "refused") & (offers.sitting_id >= "S2026"))
    same = (offers.sitting_id == offers.sitting_id[row]) & (offers.vacancy_id == offers.vacancy_id[row])
    other = where(same & (offers["rank"] == 1))
    return put(run, "offers", row, demand_id=offers.demand_id[other]), "offers", max(row, other)


def an_offer_comes_from_no_sitting(run: Outcomes) -> Spoilt:
    row = made(run)
    return put(run, "offers", row, sitting_id="S2031-01-06"), "offers", row


def an_offer_comes_from_a_sitting_that_listed_nobody(run: Outcomes) -> Spoilt:
    row = where((run.offers["rank"] == 1) & (run.offers.sitting_id >= "S2026"))
    return put(run, "sittings", list_of(run, row), listed=0), "offers", row


def an_offer_is_made_before_its_sitting(run: Outcomes) -> Spoilt:
    row = where((run.offers["rank"] == 1) & (run.offers.outcome == "refused") & (run.offers.offered_s > 0))
    held = run.sittings.held_s[list_of(run, row)]
    return put(run, "offers", row, offered_s=held - 1), "offers", row


def a_closed_demand_is_offered_again(run: Outcomes) -> Spoilt:
    row, closed = int(np.flatnonzero(run.offers.outcome == "refused")[-1]), lapsed(run)
    assert run.demands.closed_s[closed] < run.offers.offered_s[row]
    return put(run, "offers", row, demand_id=run.demands.demand_id[closed]), "offers", row


def a_demand_is_offered_before_it_is_filed(run: Outcomes) -> Spoilt:
    row = made(run)
    late = where(run.demands.filed_s > run.offers.answered_s[row])
    return put(run, "offers", row, demand_id=run.demands.demand_id[late]), "offers", row


def a_demand_is_closed_before_it_refuses(run: Outcomes) -> Spoilt:
    last = ~run.offers.duplicated("demand_id", keep="last")
    lapse = run.offers.demand_id.isin(run.demands.demand_id[run.demands.closed_by == "lapse"])
    row = where(last & lapse & (run.offers.outcome == "refused") & (run.offers.offered_s > 0))
    demand = row_of(run, "demands", "demand_id", run.offers.demand_id[row])
    return put(run, "demands", demand, closed_s=run.offers.answered_s[row] - 1), "offers", row


def a_demand_considers_two_offers(run: Outcomes) -> Spoilt:
    in_run = run.offers.sitting_id.isin(run.sittings.sitting_id)
    offers = run.offers[run.offers.offered_s.notna() & in_run].reset_index().sort_values("offered_s")
    following = offers.groupby("demand_id")[["index", "offered_s"]].shift(-1)
    pair = int(np.flatnonzero(following["index"].notna() & (offers.outcome == "refused"))[0])
    first, second = following.index[pair], following.iloc[pair]
    row, live_s = int(offers["index"][first]), int(second.offered_s) + 1
    return put(run, "offers", row, answered_s=live_s), "offers", int(second["index"])


def a_vacancy_is_offered_to_two_demands(run: Outcomes) -> Spoilt:
    offers = run.offers
    lists = offers.sitting_id + offers.vacancy_id
    made = offers.offered_s.notna()
    follows = lists.isin(lists[made & (offers["rank"] == 1)])
    second = where((offers["rank"] == 2) & made & follows)
    same = (offers.sitting_id == offers.sitting_id[second]) & (offers.vacancy_id == offers.vacancy_id[second])
    first = where(same & (offers["rank"] == 1) & offers.offered_s.notna())
    return put(run, "offers", first, answered_s=offers.offered_s[second] + 1), "offers", second


def a_priority_lost_goes_on(run: Outcomes) -> Spoilt:
    lost = where(run.demands.dalo_lost_s >= 0)
    name, at = run.demands.demand_id[lost], run.demands.dalo_lost_s[lost]
    row = where((run.offers.demand_id == name) & (run.offers.answered_s == at))
    return put(run, "demands", lost, dalo_lost_s=None), "offers", row


def a_priority_is_lost_without_a_refusal(run: Outcomes) -> Spoilt:
    kept = run.demands.dalo_recognised_s.notna() & run.demands.dalo_lost_s.isna()
    row = where(kept & ~run.demands.demand_id.isin(run.offers.demand_id))
    return put(run, "demands", row, dalo_lost_s=run.context["end_s"] - 1), "demands", row


def a_lease_is_signed_under_a_priority_never_had(run: Outcomes) -> Spoilt:
    row = where(~run.leases.dalo & ~run.leases.demand_id.isin(recognised(run)))
    return put(run, "leases", row, dalo=True), "leases", row


def recognised(run: Outcomes) -> pd.Series[Any]:
    return run.demands.demand_id[run.demands.dalo_recognised_s.notna()]


def a_whole_list_is_told_as_the_prefets(run: Outcomes) -> Spoilt:
    row = where(run.sittings.listed > 1)
    return put(run, "sittings", row, short_reason="prefet"), "sittings", row


def a_name_alone_is_of_another_bailleur(run: Outcomes) -> Spoilt:
    _, offer = alone(run)
    demand = row_of(run, "demands", "demand_id", run.offers.demand_id[offer])
    return put(run, "demands", demand, dalo_bailleur_id="nobody"), "offers", offer


def a_name_alone_is_for_a_dwelling_of_others(run: Outcomes) -> Spoilt:
    row, _ = alone(run)
    vacancy = row_of(run, "vacancies", "vacancy_id", run.sittings.vacancy_id[row])
    other = put(run, "vacancies", vacancy, reservataire="aucun")
    return other, "sittings", row


def alone(run: Outcomes) -> tuple[int, int]:
    """Return the first list of the préfet, and its offer."""
    row = where(run.sittings.short_reason == "prefet")
    of = (run.offers.sitting_id == run.sittings.sitting_id[row]) & (
        run.offers.vacancy_id == run.sittings.vacancy_id[row]
    )
    return row, where(of)


def a_refusal_is_told_as_keeping_out(run: Outcomes) -> Spoilt:
    row = made(run)
    return put(run, "offers", row, motive="RPMS"), "offers", row


def a_household_is_kept_out_of_no_rpms(run: Outcomes) -> Spoilt:
    outside = run.vacancies.vacancy_id[~run.vacancies.in_rpms]
    row = where((run.offers.outcome == "non_attribution") & run.offers.vacancy_id.isin(outside))
    return put(run, "offers", row, motive="RPMS"), "offers", row


SPOILT: Mapping[str, tuple[Callable[[Outcomes], Spoilt], ...]] = {
    "names_lead_somewhere": (
        *(a_housed_demand_is_dropped, a_lease_is_of_an_unknown_vacancy, a_lease_is_of_an_unknown_demand),
        *(an_offer_is_of_an_unknown_vacancy, a_sitting_examines_an_unknown_vacancy),
    ),
    "names_are_unique": (
        *(a_demand_is_in_the_table_twice, a_vacancy_is_in_the_table_twice, a_list_is_in_the_table_twice),
    ),
    "a_demand_is_housed_by_one_lease": (
        *(a_lease_is_signed_twice, a_lapse_is_told_as_a_lease, a_lease_is_told_as_a_lapse),
        *(a_wait_is_a_second_shorter, a_lease_is_filed_on_another_day, a_lease_is_another_households),
    ),
    "a_vacancy_is_let_by_one_lease": (
        *(a_lease_is_moved_to_another_vacancy, a_lease_is_of_another_dwelling),
        *(a_vacancy_let_is_lost, a_vacancy_is_let_to_nobody, a_vacancy_let_is_withdrawn),
        *(a_lease_is_moved_to_a_vacancy_let, a_vacancy_is_let_before_its_lease),
    ),
    "a_lease_is_one_accepted_offer": (
        *(an_offer_is_accepted_without_a_lease, two_offers_of_a_vacancy_are_accepted, a_lease_has_no_offer),
        *(a_lease_is_signed_by_another_rank, a_lease_answers_an_offer_to_another_demand),
        *(an_offer_is_accepted_before_the_lease, an_offer_is_accepted_and_never_made),
        a_lease_is_of_a_dwelling_not_offered,
    ),
    "a_dwelling_has_one_tenancy_at_a_time": (
        *(a_dwelling_is_let_twice, a_lease_ends_and_leaves_no_vacancy, a_dwelling_is_vacant_while_it_is_let),
    ),
    "a_dwelling_is_vacant_once_at_a_time": (
        *(two_vacancies_of_a_dwelling_overlap, a_dwelling_withdrawn_is_vacant_again),
    ),
    "a_household_has_one_lease_at_a_time": (
        *(a_household_is_housed_twice, a_household_moves_and_keeps_its_dwelling),
        a_household_moves_without_asking,
    ),
    "a_mutation_frees_one_dwelling": (
        *(a_dwelling_freed_by_a_move_forgets_it, a_lease_frees_two_dwellings),
        a_dwelling_is_freed_by_an_entry,
    ),
    "a_sitting_examines_what_is_vacant": (
        *(a_sitting_is_held_before_the_works_end, a_sitting_examines_a_vacancy_that_is_let),
        a_dwelling_withdrawn_is_examined,
    ),
    "a_list_holds_its_offers": (
        *(a_rank_is_beyond_the_list, a_rank_is_before_the_first, two_offers_of_a_list_have_one_rank),
        *(a_demand_is_twice_on_a_list, an_offer_comes_from_no_sitting, an_offer_is_made_before_its_sitting),
        an_offer_comes_from_a_sitting_that_listed_nobody,
    ),
    "a_demand_is_offered_while_it_waits": (
        *(a_closed_demand_is_offered_again, a_demand_is_offered_before_it_is_filed),
        a_demand_is_closed_before_it_refuses,
    ),
    "offers_come_one_at_a_time": (a_demand_considers_two_offers, a_vacancy_is_offered_to_two_demands),
    "a_priority_ends_by_a_refusal": (
        *(a_priority_lost_goes_on, a_priority_is_lost_without_a_refusal),
        a_lease_is_signed_under_a_priority_never_had,
    ),
    "who_is_presented_alone_is_designated": (
        *(a_whole_list_is_told_as_the_prefets, a_name_alone_is_of_another_bailleur),
        a_name_alone_is_for_a_dwelling_of_others,
    ),
    "who_is_kept_out_is_so_in_an_rpms": (
        *(a_refusal_is_told_as_keeping_out, a_household_is_kept_out_of_no_rpms),
    ),
    "a_year_changes_the_stock_by_its_flows": (
        *(a_household_is_counted_twice, a_household_gone_with_its_dwelling_is_not_counted),
        a_residence_has_fewer_dwellings_than_households,
    ),
}
CASES = [pytest.param(rule, spoil, id=spoil.__name__) for rule, cases in SPOILT.items() for spoil in cases]


@pytest.mark.parametrize(("rule", "spoil"), CASES)
def test_a_spoilt_row_breaks_the_rule_that_watches_over_it(
    run: Outcomes, rule: str, spoil: Callable[[Outcomes], Spoilt]
) -> None:
    outcomes, table, row = spoil(run)
    with pytest.raises(InvariantBroken) as raised:
        check(outcomes)
    assert (raised.value.rule, raised.value.table, raised.value.row) == (rule, table, row), raised.value
    told = getattr(outcomes, table).iloc[row]
    for thing in ("vacancy", "demand", "dwelling"):
        assert f"{thing} {told.get(f'{thing}_id', 'none')}" in str(raised.value)


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "fault"),
    [
        ("demands", lapsed, "closed_s", None, "a time and a reason"),
        ("demands", lapsed, "closed_by", None, "a time and a reason"),
        ("demands", lapsed, "filed_s", ("closed_s", 1), "closed before it was filed"),
        ("demands", waiting, "filed_s", ("end", 0), "filed after the end"),
        ("demands", lapsed, "closed_s", ("end", 0), "closed outside the run"),
        ("demands", pending, "closed_s", ("start", -1), "closed outside the run"),
        ("vacancies", unlet, "keys_s", ("available_s", 1), "available before its keys"),
        ("vacancies", let, "let_s", ("available_s", -1), "let before it was available"),
        ("sittings", made_first, "held_s", ("start", -1), "held outside the run"),
        ("sittings", made_first, "held_s", ("end", 0), "held outside the run"),
        ("offers", made, "answered_s", ("offered_s", -1), "answered before it was made"),
        ("offers", made, "answered_s", ("end", 0), "answered after the end"),
        ("offers", made, "answered_s", None, "answered after the end"),
        ("leases", made_first, "signed_s", ("start", -1), "signed outside the run"),
        ("leases", made_first, "signed_s", ("end", 0), "signed outside the run"),
        ("leases", relet, "ended_s", ("signed_s", -1), "ended before it was signed"),
    ],
)
def test_a_time_out_of_order_is_told(
    run: Outcomes,
    table: str,
    row: Callable[[Outcomes], int],
    column: str,
    value: tuple[str, int] | None,
    fault: str,
) -> None:
    at = row(run)
    known = {"start": 0, "end": run.context["end_s"], **getattr(run, table).iloc[at].to_dict()}
    spoilt = put(run, table, at, **{column: known[value[0]] + value[1] if value else None})
    with pytest.raises(InvariantBroken, match=f"times are ordered: {fault}") as raised:
        check(spoilt)
    assert (raised.value.table, raised.value.row) == (table, at)


def test_every_invariant_is_seen_broken() -> None:
    sums = {"times_are_ordered", "arrivals_are_housed_left_or_waiting", "waits_add_up_to_the_number_waiting"}
    assert {rule.__name__ for stage in STAGES for rule in stage} == {*SPOILT, *sums}


def broken(outcomes: Outcomes, rule: str) -> str:
    """Return what an invariant says, behind those that name a row."""
    (found,) = (str(each) for each in breaches(outcomes) if each.rule == rule)
    return found


def test_a_lapse_told_as_a_lease_leaves_one_arrival_unaccounted_for(run: Outcomes) -> None:
    spoilt, *_ = a_lapse_is_told_as_a_lease(run)
    found = broken(spoilt, "arrivals_are_housed_left_or_waiting")
    arrived, housed, left, waiting = map(int, re.findall(r"\d+", found)[:4])
    assert "all: " in found
    assert (arrived, housed, waiting) == (
        len(run.demands),
        len(run.leases),
        run.demands.closed_by.isna().sum(),
    )
    assert housed + left + waiting == arrived - 1


def test_a_lease_signed_twice_is_an_arrival_too_many(run: Outcomes) -> None:
    spoilt, *_ = a_lease_is_signed_twice(run)
    found = broken(spoilt, "arrivals_are_housed_left_or_waiting")
    arrived, *parts = map(int, re.findall(r"\d+", found)[:4])
    assert sum(parts) == arrived + 1


def test_two_faults_that_cancel_in_all_are_seen_in_a_group(run: Outcomes) -> None:
    """A lapse told as a lease and a lease told as a lapse: as many in all, not in a group of one."""
    housed = row_of(run, "demands", "demand_id", run.leases.demand_id[0])
    priority = run.demands.mutation[housed]
    other = where((run.demands.closed_by == "lapse") & (run.demands.mutation != priority))
    spoilt = put(put(run, "demands", housed, closed_by="lapse"), "demands", other, closed_by="lease")
    found = broken(spoilt, "arrivals_are_housed_left_or_waiting")
    assert "all: " not in found
    assert re.search(r": (\w+): \d+ arrived", found), found


def test_a_second_less_of_wait_is_missed_by_the_integral(run: Outcomes) -> None:
    spoilt, *_ = a_wait_is_a_second_shorter(run)
    integral, total = map(int, re.findall(r"(\d+) s", broken(spoilt, "waits_add_up_to_the_number_waiting")))
    assert integral == total + 1
    wait_s = run.demands.closed_s.fillna(run.context["end_s"]) - run.demands.filed_s.clip(lower=0)
    assert integral == wait_s.sum()


def test_a_breach_is_told_alike_from_another_process(run: Outcomes) -> None:
    """Workers send it by pickle."""
    with pytest.raises(InvariantBroken) as raised:
        check(a_lease_is_signed_twice(run)[0])
    again = pickle.loads(pickle.dumps(raised.value))
    assert (str(again), again.rule, again.row) == (str(raised.value), raised.value.rule, raised.value.row)


def test_every_run_is_checked_as_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    tell = replication.tell
    monkeypatch.setattr(replication, "tell", lambda world, state: add(tell(world, state), "demands", 0))
    with pytest.raises(InvariantBroken, match="names are unique"):
        runs("jouet", {}, "seniority")


def test_a_dwelling_is_freed_after_the_move_and_by_another_dwelling(run: Outcomes) -> None:
    """Other invariants break with these: what this one says of them is read apart."""
    row, lease = freed(run)
    early = put(run, "vacancies", row, keys_s=run.leases.signed_s[lease] - 1)
    assert "freed before the lease" in broken(early, "a_mutation_frees_one_dwelling")
    place = run.leases.dwelling_id[lease]
    same = put(run, "vacancies", row, dwelling_id=place)
    assert "moves to the dwelling it frees" in broken(same, "a_mutation_frees_one_dwelling")


def test_every_mutation_lease_frees_one_dwelling(run: Outcomes) -> None:
    """Leases are entries, and mutations that each free a dwelling once a sitting has come after them."""
    told = run.leases.signed_s < run.sittings.held_s.max()
    freeing = run.leases.vacancy_id[run.leases.mutation & told]
    assert sorted(freeing) == sorted(run.vacancies.freed_by[run.vacancies.freed_by.isin(freeing)])
    assert len(freeing) > 20
