"""Joint budgets: invoices by cost share or fixed sum, and credit notes at the true-up."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from joinedup.funds.recharging import Basis, Terms, charges, invoice_number
from joinedup.funds.vat import Mode

DAY = date(2026, 7, 1)
BY_COST = Terms("Council", Basis.COST_SHARE, {"Council": 5, "NHS": 3, "Police": 2}, {})
FIXED = Terms("Council", Basis.FIXED_SUM, BY_COST.weights, {"NHS": 40_00, "Police": 20_00})


def test_each_partner_but_the_host_is_invoiced_for_its_share() -> None:
    found = charges(BY_COST, cost_to_date=100_00, invoiced={}, day=DAY, trues_up=False)
    assert [(each.partner, each.net, each.vat) for each in found] == [("NHS", 30_00, 0), ("Police", 20_00, 0)]


def test_the_next_invoice_is_the_year_so_far_less_what_was_invoiced() -> None:
    found = charges(BY_COST, cost_to_date=150_00, invoiced={"NHS": 30_00, "Police": 30_00}, day=DAY, trues_up=False)
    assert [(each.partner, each.net) for each in found] == [("NHS", 15_00)]


def test_a_fixed_sum_is_put_right_by_a_credit_note() -> None:
    assert [each.net for each in charges(FIXED, cost_to_date=0, invoiced={}, day=DAY, trues_up=False)] == [40_00, 20_00]
    found = charges(FIXED, cost_to_date=500_00, invoiced={"NHS": 160_00, "Police": 80_00}, day=DAY, trues_up=True)
    assert [(each.partner, each.net, each.is_credit_note) for each in found] == [
        ("NHS", -10_00, True),
        ("Police", 20_00, False),
    ]


def test_an_agency_s_recharge_bears_vat() -> None:
    agency = Terms("Council", Basis.COST_SHARE, BY_COST.weights, {}, Mode.AGENCY)
    (nhs, _) = charges(agency, cost_to_date=100_00, invoiced={}, day=DAY, trues_up=False)
    assert (nhs.net, nhs.vat, nhs.gross) == (30_00, 6_00, 36_00)


@given(st.lists(st.integers(-(10**6), 10**9), min_size=1, max_size=8))
def test_pennies_lost_in_one_quarter_come_back_in_the_next(costs: list[int]) -> None:
    invoiced = {"NHS": 0, "Police": 0}
    for place in range(len(costs)):
        upto = sum(costs[: place + 1])
        for each in charges(BY_COST, cost_to_date=upto, invoiced=dict(invoiced), day=DAY, trues_up=False):
            invoiced[each.partner] += each.net
        assert abs(invoiced["NHS"] - upto * 3 / 10) < 1
        assert abs(invoiced["Police"] - upto * 2 / 10) < 1


def test_numbers_of_invoices() -> None:
    assert invoice_number("SWI", 2026, 4) == "SWI-2026-004"
    assert invoice_number("SWI", 2026, 5, is_credit_note=True) == "SWI-2026-C-005"
