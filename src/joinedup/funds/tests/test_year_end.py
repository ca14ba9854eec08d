"""One year beside the next: what a trial balance says while both are open, and what becomes of promises when the first closes."""

from __future__ import annotations

from uuid import UUID

import pytest

from joinedup.access.actor import system
from joinedup.core.errors import Refused
from joinedup.engines.ledger import Book
from joinedup.funds import chart, services
from joinedup.funds.ledger_book import trial_balance_csv
from joinedup.funds.models import BudgetApproval, BudgetLine, Commitment, Fund
from joinedup.funds.queries.behind import RESULT, Behind, postings_behind
from joinedup.funds.queries.commitments import budgets_of_family, held_budgets
from joinedup.funds.queries.figures import figures_of
from joinedup.funds.queries.ledger import trial_balance
from joinedup.funds.queries.verifying import verify_ledger
from joinedup.funds.queries.year_end import promises_left
from joinedup.funds.services import booking
from joinedup.funds.services.ledger import close_year, open_year, post_entries
from joinedup.funds.services.posting import put_into_ledger
from joinedup.funds.services.year_end import Onward, PromiseSaid
from joinedup.funds.tests.ledgers import AFTER, make_world, sign_year
from joinedup.funds.tests.test_commitments import Family
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db
BY = system(AT)
NEXT = 2027


def test_two_years_open_side_by_side() -> None:
    """The new year begins with what is posted so far, what the old one came to stands in a row of its own, and both say that
    this is provisional; once the old one is closed the row is a heading."""
    world = make_world()
    open_year(fund=world.fund, year=NEXT, by=BY, at=AT)
    drafts = [world.receive("in", 8_000), world.spend("out", 3_000), world.spend("budget", 9_000, book=Book.BUDGET)]
    post_entries(fund=world.fund, drafts=drafts, by=BY, at=AT)
    shown = trial_balance(BY, world.fund, year=NEXT)
    assert shown.open_before == (2026,)
    assert {row.code or row.kind: row.opening for row in shown.rows} == {chart.BANK: 5_000, RESULT: -5_000}
    assert (shown.opening, shown.closing) == (0, 0)
    behind = Behind(book=Book.ACTUAL, kind=RESULT, year=NEXT, years="before", with_closing=True)
    assert postings_behind(BY, world.fund, behind).figure == -5_000
    assert "Provisional, because 2026/27 is not closed" in trial_balance_csv(shown)
    # A budget is of its year: the next begins with none, on either side.
    assert trial_balance(BY, world.fund, year=NEXT, book=Book.BUDGET).rows == ()
    before = trial_balance(BY, world.fund, year=2026)
    assert before.open_before == ()
    assert RESULT not in {row.kind for row in before.rows}
    sign_year(world.fund)
    close_year(fund=world.fund, year=2026, by=BY, at=AFTER)
    shown = trial_balance(BY, world.fund, year=NEXT)
    assert shown.open_before == ()
    assert {row.code: row.opening for row in shown.rows} == {chart.BANK: 5_000, chart.CARRIED_FORWARD: -5_000}
    assert "Provisional" not in trial_balance_csv(shown)


@pytest.fixture
def family() -> Family:
    """With two promises, £200 and £50, on a budget that the next year has no line for."""
    made = Family()
    made.promise()
    made.promise(5_000, "b", "Bunk beds")
    return made


def fund_of(family: Family) -> Fund:
    assert family.shared.fund is not None
    return family.shared.fund


def next_year(fund: Fund, *, approved: bool = True) -> dict[str, BudgetLine]:
    """The top lines of the fund a year on, with a budget of £1,000 each."""
    lines = [
        BudgetLine.objects.create(
            fund=fund, scheme=each.scheme, partner=each.partner, year=NEXT, code=each.code, name=each.name, tier=each.tier,
            stream=each.stream, is_capital=each.is_capital, budget_pence=100_000,
        )
        for each in BudgetLine.objects.filter(fund=fund, year=2026, parent=None).order_by("code")
    ]  # fmt: skip
    open_year(fund=fund, year=NEXT, by=BY, at=AFTER)
    if approved:
        put_into_ledger(fund=fund, drafts=[booking.approved_budget(lines, NEXT, f"budget of {NEXT}")], by=BY, at=AFTER)
        BudgetApproval.objects.create(fund=fund, year=NEXT, total_pence=100_000 * len(lines), at=AFTER)
    return {each.code: each for each in lines}


def close(fund: Fund, promises: dict[UUID, PromiseSaid] | None = None) -> None:
    close_year(fund=fund, year=2026, promises=promises, by=system(AFTER), at=AFTER)


def refusal(fund: Fund, promises: dict[UUID, PromiseSaid] | None = None) -> str:
    with pytest.raises(Refused) as caught:
        close(fund, promises)
    return caught.value.rule


def promised(fund: Fund, year: int) -> dict[str, int]:
    lines = BudgetLine.objects.filter(fund=fund, year=year).order_by("code")
    return {each.code: pence for each in lines if (pence := figures_of(BY, each).committed)}


def test_a_budget_like_it_is_made_and_its_holder_sees_the_promises(family: Family) -> None:
    fund = fund_of(family)
    next_year(fund)
    sign_year(fund)
    left = promises_left(BY, fund, 2026).promises
    assert [(each.row.pence, each.above and each.above.code) for each in left] == [
        (20_000, "SHORT-COUNCIL"), (5_000, "SHORT-COUNCIL"),
    ]  # fmt: skip
    assert refusal(fund) == "FU-414"
    close(fund, {each.row.pk: PromiseSaid(Onward.MAKE) for each in left})
    assert promised(fund, NEXT) == {"F": 25_000}
    (held,) = held_budgets(family.amira)
    assert (held.year_words, held.figures.budget, held.figures.left, len(held.open)) == ("2027/28", 25_000, 0, 2)
    (mine,) = budgets_of_family(family.amira, family.family_id)
    assert [each.pence for each in mine.commitments] == [5_000, 20_000]
    row = Commitment.objects.select_related("line__fund__agreement", "fund").get(pence=20_000)
    services.release_commitment(commitment=row, reason="Given by a neighbour.", by=family.amira, at=AFTER)
    assert promised(fund, NEXT) == {"F": 5_000}
    assert verify_ledger(BY).is_sound


def test_one_goes_to_a_line_that_is_named_and_one_is_taken_back(family: Family) -> None:
    fund = fund_of(family)
    by_code = next_year(fund)
    sign_year(fund)
    first, second = (each.row for each in promises_left(BY, fund, 2026).promises)
    onto, theirs = by_code["SHORT-COUNCIL"], by_code["SHORT-NHS"]
    rest = {second.pk: PromiseSaid(Onward.RELEASE, reason="Not needed any more.")}
    assert refusal(fund, rest | {first.pk: PromiseSaid(Onward.CARRY, family.budget)}) == "FU-415"
    assert (
        refusal(fund, {first.pk: PromiseSaid(Onward.CARRY, onto), second.pk: PromiseSaid(Onward.RELEASE)}) == "FU-119"
    )
    BudgetLine.objects.filter(pk=theirs.pk).update(is_capital=True)
    theirs.refresh_from_db()
    assert refusal(fund, rest | {first.pk: PromiseSaid(Onward.CARRY, theirs)}) == "FU-415"
    close(fund, rest | {first.pk: PromiseSaid(Onward.CARRY, onto)})
    assert promised(fund, NEXT) == {"SHORT-COUNCIL": 20_000}
    assert promised(fund, 2026) == {"F": 20_000}  # as it stood when the year closed
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.line_id) == ("open", onto.pk)
    assert (second.state, second.ended_because) == ("released", "Not needed any more.")
    assert verify_ledger(BY).is_sound


def test_nothing_goes_into_a_year_without_an_approved_budget_or_over_it(family: Family) -> None:
    fund = fund_of(family)
    lines = next_year(fund, approved=False)
    sign_year(fund)
    left = promises_left(BY, fund, 2026).promises
    assert [(each.above, each.onto) for each in left] == [(None, ()), (None, ())]
    to_make = {each.row.pk: PromiseSaid(Onward.MAKE) for each in left}
    assert refusal(fund, to_make) == "FU-415"
    whole = list(lines.values())
    for each in whole:
        each.budget_pence = 10
    put_into_ledger(fund=fund, drafts=[booking.approved_budget(whole, NEXT, "less")], by=BY, at=AFTER)
    BudgetApproval.objects.create(fund=fund, year=NEXT, total_pence=10, at=AFTER)
    assert refusal(fund, to_make) == "FU-136"
    onto = {each.row.pk: PromiseSaid(Onward.CARRY, lines["SHORT-COUNCIL"]) for each in left}
    assert refusal(fund, onto) == "R-3"


def test_on_the_page(family: Family) -> None:
    fund = fund_of(family)
    next_year(fund)
    sign_year(fund)
    visitor = Visitor(family.shared.directors["council"], at=AFTER)
    page = visitor.see("fund_year_close", fund.pk)
    assert "£200 for “A washing machine”, F Family 1" in page
    assert "Goes on: a budget like it is cut from SHORT-COUNCIL" in page
    answer = visitor.send("fund_year_close", fund.pk, promise_0="", promise_1="make")
    assert "Say what happens to £200 for “A washing machine”" in answer.content.decode()
    answer = visitor.send("fund_year_close", fund.pk, promise_0="somebody’s line", promise_1="make")
    assert answer.status_code == 200
    told = {"promise_0": "make", "promise_1": "release"}
    assert "Say why" in visitor.send("fund_year_close", fund.pk, **told).content.decode()
    answer = visitor.send("fund_year_close", fund.pk, **told, promises_reason="Not needed any more.")
    assert answer.status_code == 302
    assert promised(fund, NEXT) == {"F": 20_000}
