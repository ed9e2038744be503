"""Does a run keep its own accounts? What must hold of any outcomes, whatever the scenario and the policy.

Each invariant compares tables that are written apart: offers when answered, leases when signed, demands from
the register at the end. None reads a calendar. Left out on purpose: what the law asks of a list, checked at
the sitting (`process/legality.hold`), and the delays to answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sim.invariants.accounts import Accounts, Breach, read_accounts
from sim.invariants.occupation import a_year_changes_the_stock_by_its_flows
from sim.invariants.offers import (
    a_demand_is_offered_while_it_waits,
    a_list_holds_its_offers,
    a_sitting_examines_what_is_vacant,
    offers_come_one_at_a_time,
)
from sim.invariants.priorities import (
    a_priority_ends_by_a_refusal,
    who_is_kept_out_is_so_in_an_rpms,
    who_is_presented_alone_is_designated,
)
from sim.invariants.records import names_are_unique, names_lead_somewhere, times_are_ordered
from sim.invariants.tenancies import (
    a_demand_is_housed_by_one_lease,
    a_dwelling_has_one_tenancy_at_a_time,
    a_dwelling_is_vacant_once_at_a_time,
    a_household_has_one_lease_at_a_time,
    a_lease_is_one_accepted_offer,
    a_mutation_frees_one_dwelling,
    a_vacancy_is_let_by_one_lease,
)
from sim.invariants.waiting import arrivals_are_housed_left_or_waiting, waits_add_up_to_the_number_waiting
from sim.outcomes import NOWHERE, Outcomes

Invariant = Callable[[Accounts], Iterator[Breach]]

STAGES: tuple[tuple[Invariant, ...], ...] = (
    (names_lead_somewhere, names_are_unique),
    (
        times_are_ordered,
        a_demand_is_housed_by_one_lease,
        a_vacancy_is_let_by_one_lease,
        a_lease_is_one_accepted_offer,
        a_dwelling_has_one_tenancy_at_a_time,
        a_dwelling_is_vacant_once_at_a_time,
        a_household_has_one_lease_at_a_time,
        a_mutation_frees_one_dwelling,
        a_sitting_examines_what_is_vacant,
        a_list_holds_its_offers,
        a_demand_is_offered_while_it_waits,
        offers_come_one_at_a_time,
        a_priority_ends_by_a_refusal,
        who_is_presented_alone_is_designated,
        who_is_kept_out_is_so_in_an_rpms,
        arrivals_are_housed_left_or_waiting,
        waits_add_up_to_the_number_waiting,
        a_year_changes_the_stock_by_its_flows,
    ),
)
"""Invariants in the order they are checked; a stage is read once those before it hold."""


class InvariantBroken(RuntimeError):  # noqa: N818
    """A run contradicts itself: a fault of ours, never of the user.

    `rule` is the name of the invariant; `row` the position in `table`, NOWHERE for the table as a whole.
    """

    def __init__(
        self, rule: str, fault: str, table: str, row: int, vacancy: str, demand: str, dwelling: str
    ) -> None:
        super().__init__(rule, fault, table, row, vacancy, demand, dwelling)
        self.rule, self.table, self.row = rule, table, row

    def __str__(self) -> str:
        rule, *told = self.args
        return "{}: {} ({} row {}, vacancy {}, demand {}, dwelling {})".format(rule.replace("_", " "), *told)


def check(outcomes: Outcomes) -> None:
    """Check that a run keeps its accounts.

    Raises
    ------
    InvariantBroken
        for the first invariant broken, naming the rule, the table's row, its vacancy, demand and dwelling.
    """
    for broken in breaches(outcomes):
        raise broken


def breaches(outcomes: Outcomes) -> Iterator[InvariantBroken]:
    """Give the first breach of each invariant broken; where names lead nowhere, that alone."""
    run = read_accounts(outcomes)
    for stage in STAGES:
        found = [(rule.__name__, breach) for rule in stage if (breach := next(rule(run), None))]
        for name, (table, row, fault) in found:
            told = getattr(outcomes, table).iloc[row].to_dict() if row != NOWHERE else {}
            vacancy, demand, dwelling = (
                str(told.get(f"{thing}_id", "none")) for thing in ("vacancy", "demand", "dwelling")
            )
            yield InvariantBroken(name, fault, table, row, vacancy, demand, dwelling)
        if found:
            return
