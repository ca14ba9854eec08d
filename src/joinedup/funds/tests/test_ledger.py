"""Posting, idempotency, reversal, months and years through the services, and what the queries then show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from joinedup.access.actor import system
from joinedup.core.errors import Refused
from joinedup.engines.ledger import Book, EntryKind, Line
from joinedup.funds import chart
from joinedup.funds.models import Balance, BudgetLine, Entry, FundingStream, Posting
from joinedup.funds.queries import ledger as queries
from joinedup.funds.queries.behind import Behind, postings_behind
from joinedup.funds.queries.verifying import verify_ledger
from joinedup.funds.services.ledger import (
    close_period,
    close_year,
    open_year,
    post_accrual,
    post_entries,
    post_entry,
    reverse_entry,
)
from joinedup.funds.services.posting import Draft
from joinedup.funds.tests.ledgers import AFTER, APRIL, MAY, NOVEMBER, World, make_world, sign_year
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db
BY = system(AT)
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def world() -> World:
    return make_world()


def balances(world: World, year: int = 2026, *, before_closing: bool = True) -> dict[str, int]:
    shown = queries.trial_balance(BY, world.fund, year=year, before_closing=before_closing)
    assert shown.closing == 0
    assert shown.debit == shown.credit
    return {row.code: row.closing for row in shown.rows if row.closing}


def refusal(call: object) -> str:
    with pytest.raises(Refused) as caught:
        call()  # type: ignore[operator]
    return caught.value.rule


def test_an_entry_is_posted_with_its_lines_seal_and_totals(world: World) -> None:
    entry = post_entry(fund=world.fund, draft=world.spend("invoice 1", 12_345), by=BY, at=AT)
    page = queries.entry_page(BY, entry.pk)
    assert [line.pence for line in page.postings] == [12_345, -12_345]
    assert page.seal is not None
    assert page.seal.number == 1
    assert queries.head_of_ledger(BY, world.fund) == (1, page.seal.digest)
    assert balances(world) == {chart.BANK: -12_345, chart.EXPENDITURE: 12_345}
    assert verify_ledger(BY).is_sound


def test_the_same_thing_twice_is_posted_once(world: World) -> None:
    first = post_entry(fund=world.fund, draft=world.spend("invoice 1"), by=BY, at=AT)
    again = post_entry(fund=world.fund, draft=world.spend("invoice 1"), by=BY, at=AT)
    assert first.pk == again.pk
    assert Entry.objects.filter(fund=world.fund).count() == 1
    assert refusal(lambda: post_entry(fund=world.fund, draft=world.spend("invoice 1", 999), by=BY, at=AT)) == "FU-208"
    many = post_entries(fund=world.fund, drafts=[world.spend("invoice 1"), world.spend("invoice 2")], by=BY, at=AT)
    assert many[0].pk == first.pk
    assert Posting.objects.filter(fund=world.fund).count() == 4


def test_many_are_posted_all_or_none(world: World) -> None:
    drafts = [world.spend(f"invoice {number}", number + 1) for number in range(30)]
    broken = replace(drafts[20], lines=[*drafts[20].lines, Line(chart.BANK, 5)])
    assert refusal(lambda: post_entries(fund=world.fund, drafts=[*drafts[:20], broken], by=BY, at=AT)) == "FU-202"
    assert not Entry.objects.filter(fund=world.fund).exists()
    entries = post_entries(fund=world.fund, drafts=drafts, by=BY, at=AT)
    assert [entry.key for entry in entries] == [draft.key for draft in drafts]
    assert balances(world)[chart.EXPENDITURE] == sum(range(1, 31))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"lines": [Line(chart.BANK, 5)]}, "FU-201"),
        ({"lines": [Line(chart.BANK, 5), Line(chart.CREDITORS, -4)]}, "FU-202"),
        ({"lines": [Line(chart.BANK, 0), Line(chart.CREDITORS, 0)]}, "FU-203"),
        ({"lines": [Line("8888", 5), Line(chart.BANK, -5)]}, "FU-204"),
        ({"dated_on": date(2031, 1, 1)}, "FU-205"),
        ({"key": " "}, "FU-208"),
        ({"lines": [Line(chart.OTHER_FUNDS, 5), Line(chart.BANK, -5)]}, "FU-218"),
    ],
)
def test_what_is_wrong_is_refused_with_its_rule(world: World, change: dict[str, object], rule: str) -> None:
    draft = replace(world.spend("invoice 1"), **change)  # type: ignore[arg-type]
    assert refusal(lambda: post_entry(fund=world.fund, draft=draft, by=BY, at=AT)) == rule
    assert not Posting.objects.filter(fund=world.fund).exists()


def test_a_reversal_returns_every_balance(world: World) -> None:
    entry = post_entry(fund=world.fund, draft=world.spend("invoice 1"), by=BY, at=AT)
    back = reverse_entry(entry=entry, dated_on=MAY, reason="Paid twice", by=BY, at=AT)
    assert back.kind == EntryKind.REVERSAL
    assert back.reverses_id == entry.pk
    assert balances(world) == {}
    assert refusal(lambda: reverse_entry(entry=entry, dated_on=MAY, reason="", by=BY, at=AT)) == "FU-211"
    assert refusal(lambda: reverse_entry(entry=back, dated_on=MAY, reason="", by=BY, at=AT)) == "FU-210"


def test_what_may_still_be_spent(world: World) -> None:
    line = world.lines[0]
    post_entry(fund=world.fund, draft=world.spend("budget", 100_000, book=Book.BUDGET), by=BY, at=AT)
    post_entry(fund=world.fund, draft=world.spend("order", 30_000, book=Book.COMMITMENT), by=BY, at=AT)
    post_entry(fund=world.fund, draft=world.spend("invoice", 25_000), by=BY, at=AT)
    room = queries.available_budget(BY, line)
    assert (room.budget, room.actual, room.committed, room.available) == (100_000, 25_000, 30_000, 45_000)
    assert queries.available_budget(BY, world.lines[1]).available == 0


def test_every_figure_opens_to_its_lines(world: World) -> None:
    post_entries(fund=world.fund, drafts=[world.spend(f"i{n}", 100 + n, line=n % 3) for n in range(9)], by=BY, at=AT)
    for row in queries.trial_balance(BY, world.fund, year=2026).rows:
        which = Behind(book=Book.ACTUAL, account=row.account_id, year=2026)
        page = postings_behind(BY, world.fund, which, most=4)
        assert page.pence == row.closing
        shown = list(page.postings)
        while page.after:
            page = postings_behind(BY, world.fund, which, after=page.after, most=4)
            shown += page.postings
        assert sum(line.pence for line in shown) == row.closing
        assert len(shown) == page.count


def test_months_close_in_order_and_stay_closed(world: World) -> None:
    post_entry(fund=world.fund, draft=world.spend("invoice 1"), by=BY, at=AT)
    assert refusal(lambda: close_period(period=world.month(2), by=BY, at=AT)) == "FU-216"
    closing = close_period(period=world.month(1), by=BY, at=AT)
    assert (closing.number, closing.digest) == queries.head_of_ledger(BY, world.fund)
    assert refusal(lambda: close_period(period=world.month(1), by=BY, at=AT)) == "FU-216"
    assert refusal(lambda: post_entry(fund=world.fund, draft=world.spend("late"), by=BY, at=AT)) == "FU-206"
    post_entry(fund=world.fund, draft=world.spend("in May", on=MAY), by=BY, at=AT)


def test_nothing_is_left_in_suspense(world: World) -> None:
    lost = Draft("unknown", APRIL, [Line(chart.SUSPENSE, 500), Line(chart.BANK, -500)])
    entry = post_entry(fund=world.fund, draft=lost, by=BY, at=AT)
    assert refusal(lambda: close_period(period=world.month(1), by=BY, at=AT)) == "FU-215"
    reverse_entry(entry=entry, dated_on=APRIL, reason="Found", by=BY, at=AT)
    close_period(period=world.month(1), by=BY, at=AT)


def next_year(world: World) -> list[BudgetLine]:
    open_year(fund=world.fund, year=2027, by=BY, at=AT)
    return [
        BudgetLine.objects.create(
            fund=world.fund, scheme=world.scheme, partner=line.partner, year=2027, code=line.code, name=line.name,
            tier=line.tier, budget_pence=line.budget_pence,
        )
        for line in world.lines
    ]  # fmt: skip


def test_a_year_ends(world: World) -> None:
    lines = next_year(world)
    post_entries(
        fund=world.fund,
        drafts=[world.receive("council", 8_000), world.receive("nhs", 4_000, partner=1), world.spend("paid", 9_000),
                world.spend("order", 700, book=Book.COMMITMENT, on=NOVEMBER)],
        by=BY, at=AT,
    )  # fmt: skip
    owed = Draft(
        "owed", NOVEMBER, [Line(chart.EXPENDITURE, 1_000, line=str(world.lines[0].pk)), Line(chart.ACCRUED, -1_000)]
    )
    accrual, back = post_accrual(fund=world.fund, draft=owed, by=BY, at=AT)
    assert (accrual.dated_on, back.dated_on) == (date(2027, 3, 31), date(2027, 4, 1))
    partner = world.partners[1].pk
    assert refusal(lambda: close_year(fund=world.fund, year=2026, by=BY, at=AT)) == "FU-232"
    assert refusal(lambda: close_year(fund=world.fund, year=2026, by=BY, at=AFTER)) == "R-6"
    sign_year(world.fund)
    assert (
        refusal(lambda: close_year(fund=world.fund, year=2026, returns={partner: 5_000}, by=BY, at=AFTER)) == "FU-226"
    )
    close_year(fund=world.fund, year=2026, returns={partner: 500}, by=BY, at=AFTER)
    assert balances(world) == {
        chart.BANK: 3_000, chart.ACCRUED: -1_000, chart.CONTRIBUTIONS: -12_000, chart.EXPENDITURE: 10_000,
    }  # fmt: skip
    assert balances(world, before_closing=False) == {
        chart.BANK: 3_000, chart.ACCRUED: -1_000, chart.OWED_TO_PARTNERS: -500, chart.CARRIED_FORWARD: -1_500,
    }  # fmt: skip
    assert balances(world, 2027) == {
        chart.BANK: 3_000, chart.OWED_TO_PARTNERS: -500, chart.CARRIED_FORWARD: -1_500, chart.EXPENDITURE: -1_000,
    }  # fmt: skip
    then = queries.available_budget(BY, lines[0])
    assert (then.actual, then.committed) == (-1_000, 700)
    assert queries.available_budget(BY, world.lines[0]).actual == 10_000
    world.fund.refresh_from_db()
    assert world.fund.year == 2027
    assert {month.period.state for month in queries.months_of(BY, world.fund, year=2026)} == {"closed"}
    assert verify_ledger(BY).is_sound


def test_a_year_does_not_close_on_money_nobody_owes(world: World) -> None:
    next_year(world)
    left = Draft("left over", APRIL, [Line(chart.UNALLOCATED, 300), Line(chart.EXPENDITURE, -300)])
    entry = post_entry(fund=world.fund, draft=left, by=BY, at=AT)
    assert refusal(lambda: close_year(fund=world.fund, year=2026, by=BY, at=AFTER)) == "FU-217"
    reverse_entry(entry=entry, dated_on=APRIL, reason="The board has decided", by=BY, at=AT)
    sign_year(world.fund)
    close_year(fund=world.fund, year=2026, by=BY, at=AFTER)


def test_a_year_needs_the_next_one(world: World) -> None:
    assert refusal(lambda: close_year(fund=world.fund, year=2026, by=BY, at=AT)) == "FU-224"
    assert refusal(lambda: post_accrual(fund=world.fund, draft=world.spend("owed"), by=BY, at=AT)) == "FU-224"
    assert refusal(lambda: open_year(fund=world.fund, year=2029, by=BY, at=AT)) == "FU-225"
    assert len(open_year(fund=world.fund, year=2026, by=BY, at=AT)) == 12


def test_a_month_is_closed_once_it_has_ended(world: World) -> None:
    for number in range(1, 8):
        close_period(period=world.month(number), by=BY, at=AT)
    with pytest.raises(Refused, match="November 2026 ends on 30 November 2026") as refused:
        close_period(period=world.month(8), by=BY, at=AT)
    assert refused.value.rule == "FU-232"
    assert world.month(8).is_open
    last_minute = datetime(2026, 11, 30, 23, 59, tzinfo=LONDON)
    assert refusal(lambda: close_period(period=world.month(8), by=BY, at=last_minute)) == "FU-232"
    close_period(period=world.month(8), by=BY, at=last_minute + timedelta(minutes=1))


def test_ring_fenced_money_is_carried_forward_and_never_returned(world: World) -> None:
    next_year(world)
    grant = FundingStream.objects.create(code="GRANT", name="Grant", kind="public_health_grant", is_ring_fenced=True)
    partner = world.partners[0].pk

    def received(key: str, pence: int, stream: FundingStream | None) -> Draft:
        named = str(stream.pk) if stream else None
        lines = [Line(chart.BANK, pence), Line(chart.CONTRIBUTIONS, -pence, partner=str(partner), stream=named)]
        return Draft(key, APRIL, lines)

    drafts = [received("grant", 1_000, grant), received("general", 500, None)]
    post_entries(fund=world.fund, drafts=drafts, by=BY, at=AT)
    sign_year(world.fund)
    assert refusal(lambda: close_year(fund=world.fund, year=2026, returns={partner: 600}, by=BY, at=AFTER)) == "FU-233"
    assert refusal(lambda: close_year(fund=world.fund, year=2026, returns={partner: -1}, by=BY, at=AFTER)) == "FU-226"
    close_year(fund=world.fund, year=2026, returns={partner: 500}, by=BY, at=AFTER)
    rows = Balance.objects.filter(fund=world.fund, account__code__in=[chart.CARRIED_FORWARD, chart.OWED_TO_PARTNERS])
    left = {(row.account.code, row.stream_id): row.debit - row.credit for row in rows.select_related("account")}
    assert left == {(chart.CARRIED_FORWARD, grant.pk): -1_000, (chart.OWED_TO_PARTNERS, None): -500}


def test_what_is_paid_in_advance_comes_back_on_the_first_day(world: World) -> None:
    next_year(world)
    line = str(world.lines[0].pk)
    ahead = Draft("licences", MAY, [Line(chart.PREPAID, 600), Line(chart.EXPENDITURE, -600, line=line)])
    entry, back = post_accrual(fund=world.fund, draft=ahead, by=BY, at=AT)
    assert (entry.kind, back.kind, back.reverses_id) == (EntryKind.ACCRUAL, EntryKind.REVERSAL, entry.pk)
    assert balances(world) == {chart.PREPAID: 600, chart.EXPENDITURE: -600}
    again = post_accrual(fund=world.fund, draft=ahead, by=BY, at=AT)
    assert [each.pk for each in again] == [entry.pk, back.pk]
    then = queries.trial_balance(BY, world.fund, year=2027)
    # With the year before still open, what it came to (600 less spent) is not carried yet and stands in a row of its own.
    assert {row.code: row.closing for row in then.rows if row.closing} == {chart.EXPENDITURE: 600, "": -600}


def test_a_reversal_lies_on_no_day_to_come(world: World) -> None:
    entry = post_entry(fund=world.fund, draft=world.spend("invoice 1"), by=BY, at=AT)
    tomorrow = AT.date() + timedelta(days=1)
    assert refusal(lambda: reverse_entry(entry=entry, dated_on=tomorrow, reason="", by=BY, at=AT)) == "FU-237"
    assert reverse_entry(entry=entry, dated_on=AT.date(), reason="Paid twice", by=BY, at=AT).dated_on == AT.date()
