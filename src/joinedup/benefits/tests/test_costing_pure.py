"""What activity cost and why it is apart from what was spent: truth tables and properties, without a database."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.benefits import costing
from joinedup.benefits.costing import Counted, Planned, Price, PriceTable, Recorded, Spent, split, together
from joinedup.benefits.costing_document import workbook_of
from joinedup.benefits.costing_file import COLUMNS, EXAMPLE, day_in, kind_called, prices_in
from joinedup.benefits.tests.spreadsheet import agreed_to_the_pence
from joinedup.core.figures import csv_of
from joinedup.core.tabular import UnreadableFile
from joinedup.engines.tests.formulas import Recalculated

SPRING, SUMMER = date(2026, 4, 1), date(2026, 7, 1)
TABLE = PriceTable([
    Price("visit", 8_000, "each", SPRING, date(2026, 5, 31)), Price("visit", 9_000, "each", date(2026, 6, 1)),
    Price("service:parenting", 6_250, "hour", SPRING), Price("service:*", 4_000, "hour", SPRING),
])  # fmt: skip


@pytest.mark.parametrize(("kind", "day", "pence"), [
    ("visit", date(2026, 3, 31), None), ("visit", SPRING, 8_000), ("visit", date(2026, 5, 31), 8_000),
    ("visit", date(2026, 6, 1), 9_000), ("visit", date(2030, 1, 1), 9_000), ("meeting", SUMMER, None),
    ("service:parenting", SPRING, 6_250), ("service:anything else", SPRING, 4_000),
])  # fmt: skip
def test_the_price_of_a_day(kind: str, day: date, pence: int | None) -> None:
    found = TABLE.on(kind, day)
    assert (found.pence if found else None) == pence


def test_activity_is_priced_by_its_day_and_what_has_no_price_is_counted() -> None:
    """Two visits at the old price, one at the new; a meeting without a price; help with and without hours."""
    counted = [
        Counted("n", "visit", date(2026, 5, 31), 2), Counted("n", "visit", date(2026, 6, 1), 1),
        Counted("n", "meeting", SPRING, 3),
        Counted("n", "service:parenting", SPRING, 2, Decimal("1.50"), without_hours=1),
    ]  # fmt: skip
    found = costing.priced(counted, TABLE)
    assert found["n", "visit"] == Recorded(3, Decimal(3), Decimal(25_000), 0)
    assert found["n", "meeting"] == Recorded(3, Decimal(), Decimal(), 3)
    assert found["n", "service:parenting"] == Recorded(2, Decimal("1.50"), Decimal("9375.00"), 1)


def test_the_four_parts_of_a_difference() -> None:
    """Ten visits planned at £80, twelve made at £90: £160 of volume, £120 of price; £300 of overhead; £1,380 was spent
    directly, so £300 of it no record explains."""
    [row] = split(
        {("n", "visit"): Planned(Decimal(10), 8_000)}, {("n", "visit"): Recorded(12, Decimal(12), Decimal(108_000))},
        Spent({"n": 138_000}, {"n": 30_000}),
    )  # fmt: skip
    assert (row.planned, row.recorded, row.spent, row.difference) == (80_000, 108_000, 168_000, 88_000)
    assert (row.volume, row.price, row.unrecorded, row.overhead) == (16_000, 12_000, 30_000, 30_000)
    assert row.unrecorded_share == "21.7 %"


@pytest.mark.parametrize(("direct", "recorded", "is_over"), [
    (100_000, 80_000, False), (100_000, 79_999, True), (100_000, 120_000, False), (0, 50_000, False), (0, 0, False),
])  # fmt: skip
def test_more_than_a_fifth_unrecorded_is_flagged(direct: int, recorded: int, is_over: bool) -> None:
    """Exactly a fifth is not; recorded work above what was spent is not unrecorded."""
    [row] = split({}, {("n", "visit"): Recorded(1, Decimal(1), Decimal(recorded))}, Spent({"n": direct}))
    assert row.is_over(20) is is_over


def test_money_of_the_whole_fund_follows_recorded_work() -> None:
    """Three places with equal work share £1.00 as 34, 33 and 33 pence; one without any gets nothing."""
    recorded = {(place, "visit"): Recorded(1, Decimal(1), Decimal(500)) for place in "abc"}
    rows = {
        row.place: row for row in split({("d", "visit"): Planned(Decimal(1), 500)}, recorded, Spent({}, {}, 100, 10))
    }
    assert [rows[place].direct for place in "abcd"] == [34, 33, 33, 0]
    assert [rows[place].overhead for place in "abcd"] == [4, 3, 3, 0]


def test_without_any_recorded_work_it_stays_without_a_locality() -> None:
    [row] = split({}, {}, Spent({}, {}, 100, 10))
    assert (row.place, row.spent, row.unrecorded) == (costing.WHOLE, 110, 100)


_PLACES = st.sampled_from(["", "a", "b", "c"])
_KINDS = st.sampled_from(["visit", "meeting", "month", "service:x"])
_MONEY = st.integers(-10_000_000, 10_000_000)
_VOLUME = st.decimals(0, 10_000, places=2)
_PLANNED = st.dictionaries(
    st.tuples(_PLACES, _KINDS), st.builds(Planned, _VOLUME, st.integers(0, 1_000_000)), max_size=8
)
_RECORDED = st.dictionaries(
    st.tuples(_PLACES, _KINDS),
    st.builds(Recorded, st.integers(0, 99), _VOLUME, st.decimals(0, 10_000_000, places=3), st.integers(0, 9)), max_size=8,
)  # fmt: skip
_SPENT = st.builds(
    Spent,
    st.dictionaries(st.sampled_from("abc"), _MONEY),
    st.dictionaries(st.sampled_from("abc"), _MONEY),
    _MONEY,
    _MONEY,
)


@settings(max_examples=300, deadline=None)
@given(_PLANNED, _RECORDED, _SPENT)
def test_the_parts_add_back_to_the_penny(
    planned: dict[tuple[str, str], Planned], recorded: dict[tuple[str, str], Recorded], spent: Spent
) -> None:
    """In every place and in all of them together; and all money that was booked is in some place, once."""
    rows = split(planned, recorded, spent)
    for row in (*rows, together(rows)):
        assert row.volume + row.price + row.unrecorded + row.overhead == row.difference
    whole = together(rows)
    assert whole.direct == sum(spent.direct.values()) + spent.whole_direct
    assert whole.overhead == sum(spent.overhead.values()) + spent.whole_overhead
    assert [costing.from_content(costing.as_content(row, "")) for row in rows] == list(rows)


@settings(max_examples=100, deadline=None)
@given(_PLANNED, _RECORDED, _SPENT)
def test_the_order_of_what_was_recorded_makes_no_difference(
    planned: dict[tuple[str, str], Planned], recorded: dict[tuple[str, str], Recorded], spent: Spent
) -> None:
    backwards = dict(reversed(list(recorded.items())))
    assert split(planned, backwards, spent) == split(planned, recorded, spent)


@pytest.mark.parametrize(("year", "quarter", "first", "after", "fifteenths"), [
    (2026, 1, date(2026, 4, 1), date(2026, 7, 1), [date(2026, 4, 15), date(2026, 5, 15), date(2026, 6, 15)]),
    (2026, 3, date(2026, 10, 1), date(2027, 1, 1), [date(2026, 10, 15), date(2026, 11, 15), date(2026, 12, 15)]),
    (2026, 4, date(2027, 1, 1), date(2027, 4, 1), [date(2027, 1, 15), date(2027, 2, 15), date(2027, 3, 15)]),
])  # fmt: skip
def test_quarters_of_a_financial_year(
    year: int, quarter: int, first: date, after: date, fifteenths: list[date]
) -> None:
    assert costing.quarter_of(year, quarter) == (first, after)
    assert costing.months_counted(year, quarter) == fifteenths
    assert {costing.quarter_on(day) for day in (first, *fifteenths, costing.day_before(after))} == {(year, quarter)}


def test_what_changed_since_a_report_was_kept() -> None:
    """A visit recorded late: more recorded, less unrecorded; nothing else."""
    spent = Spent({"n": 100_000})
    [then] = split({}, {("n", "visit"): Recorded(1, Decimal(1), Decimal(8_000))}, spent)
    [now] = split({}, {("n", "visit"): Recorded(2, Decimal(2), Decimal(16_000))}, spent)
    assert [(each.what, each.then, each.now) for each in costing.changes({"North": then}, {"North": now})] == [
        ("Recorded activity", 8_000, 16_000), ("Unrecorded", 92_000, 84_000),
    ]  # fmt: skip
    assert costing.changes({"North": then}, {"North": then}) == []


def test_no_service_is_named_that_was_given_seldom() -> None:
    """Put together in every place, with the next rarest where it is alone; the same pence; visits stay however few."""
    given = {
        ("n", "visit"): 1, ("n", "service:counselling"): 2, ("n", "service:parenting"): 9, ("n", "service:youth work"): 30,
        ("s", "service:counselling"): 40, ("s", "service:youth work"): 12,
    }  # fmt: skip
    rows = split(
        {}, {key: Recorded(many, Decimal(many), Decimal(many * 1_001)) for key, many in given.items()},
        Spent({"n": 70_000, "s": 90_000}, {}, 0, 0),
    )  # fmt: skip
    shown = costing.pooled(rows, 6)
    kinds = [{each.kind: each.recorded.number for each in row.kinds} for row in shown]
    assert kinds == [
        {"visit": 1, "service:youth work": 30, costing.SELDOM: 11},
        {"service:youth work": 12, costing.SELDOM: 40},
    ]
    for before, after in zip(rows, shown, strict=True):
        assert (before.recorded, before.volume, before.unrecorded) == (after.recorded, after.volume, after.unrecorded)
    whole = costing.together(shown)
    assert whole.kinds[-1].parts == ("service:counselling", "service:parenting")
    assert "counselling" not in str([costing.as_content(row, row.place) for row in (*shown, whole)])
    assert costing.pooled(rows, 0) == list(rows) == costing.pooled(rows, 2)
    assert costing.pooled(rows[1:], 6) == list(rows[1:])


def _workbook() -> bytes:
    """Odd pence in two places: a half-penny is rounded, and something was done that nobody planned."""
    rows = split(
        {("n", "visit"): Planned(Decimal("10.5"), 8_333), ("s", "month"): Planned(Decimal(3), 16_000)},
        {
            ("n", "visit"): Recorded(12, Decimal("12.25"), Decimal("108000.5")),
            ("n", "service:x"): Recorded(2, Decimal("1.35"), Decimal("9370.5"), 1),
            ("s", "month"): Recorded(4, Decimal(4), Decimal(68_000)),
        },
        Spent({"n": 138_001}, {"s": 30_000}, 50_001, 7),
    )
    content = {
        "fund": {"code": "COMM", "name": "Pool"}, "year": 2026, "quarter": 2, "limit": 20, "is_invented": True,
        "places": [costing.as_content(row, row.place.upper()) for row in rows],
    }  # fmt: skip
    return workbook_of(content, "ab" * 32)


@pytest.mark.deep
def test_libreoffice_comes_to_the_same_pence(tmp_path: Path) -> None:
    assert agreed_to_the_pence(_workbook(), tmp_path) > 40


def test_the_workbook_works_itself_out_to_the_same_pence() -> None:
    """Every formula, from the numbers alone."""
    made = _workbook()
    worked, written = Recalculated(made), openpyxl.load_workbook(io.BytesIO(made), data_only=True)
    assert len(worked.formulas()) > 40
    for sheet, row, column in worked.formulas():
        expected = written[sheet].cell(row, column).value
        assert worked.value(sheet, row, column) == pytest.approx(expected, abs=1e-9), (sheet, row, column)
    assert any("inputs invented" in str(cell.value) for row in written["Places"].iter_rows() for cell in row)


def test_a_year_s_volume_by_quarter() -> None:
    assert [costing.by_quarter(each) for each in (0, 4, 10)] == [[0, 0, 0, 0], [1, 1, 1, 1], [3, 3, 2, 2]]


# --- A table of prices ------------------------------------------------------------------------------------------------


def test_the_example_file_can_be_read() -> None:
    rows, refused = prices_in(csv_of([COLUMNS, *EXAMPLE]).encode(), "prices.csv")
    assert refused == []
    assert [(row.kind, row.pence, row.unit, row.is_verified) for row in rows] == [
        ("visit", 8_450, "each", True), ("month", 18_500, "month", False), ("service:parenting course", 6_200, "hour", True),
    ]  # fmt: skip


def test_rows_that_cannot_be_taken_say_why() -> None:
    table = [
        COLUMNS, ("Visit", "84.505", "", "1 April 2026", "2026/27", "us", ""), ("", "1", "", "1 April 2026", "2026/27", "us", ""),
        ("Visit", "84", "week", "1 April 2026", "2026/27", "us", ""), ("Visit", "84", "", "Easter", "2026/27", "us", ""),
        ("Visit", "84", "", "2026-04-01", "2026/27", "", ""), ("Visit", "84", "", "01/04/2026", "2026/27", "us", "perhaps"),
    ]  # fmt: skip
    rows, refused = prices_in(csv_of(table).encode(), "prices.csv")
    assert rows == []
    assert [line for line, _ in refused] == [2, 3, 4, 5, 6, 7]
    said = ("parts of a penny", "activity is missing", "no unit", "no day", "source is missing", "yes or no")
    assert all(words in why for words, (_, why) in zip(said, refused, strict=True))
    with pytest.raises(UnreadableFile, match="no column called price"):
        prices_in(b"activity,from\nvisit,1 April 2026\n", "prices.csv")


@pytest.mark.parametrize(("words", "kind"), [
    ("visit", "visit"), (" VISIT ", "visit"), ("Month of support by a lead professional", "month"),
    ("Help given: Parenting  Course", "service:parenting course"), ("Any other help given", "service:*"),
])  # fmt: skip
def test_kinds_by_their_words(words: str, kind: str) -> None:
    assert kind_called(words) == kind


@pytest.mark.parametrize("words", ["1 April 2026", "1 Apr 2026", "2026-04-01", "2026-04-01 00:00:00", "01/04/2026"])
def test_days_as_they_come(words: str) -> None:
    assert day_in(words) == SPRING
