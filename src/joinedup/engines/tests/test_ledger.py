"""The ledger as an engine: what it refuses, that it sums to nought, and that a replay is the same ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.engines.ledger import (
    GENESIS,
    Book,
    Broken,
    Control,
    Entry,
    Heading,
    Kind,
    Ledger,
    Line,
    Span,
    closing_lines,
    content_digest,
    head_of,
    heading_totals,
    link,
    mirror_of,
    replay,
)

APRIL = date(2026, 4, 10)
HEADINGS = {
    code: Heading(code, kind, "pool", control)
    for code, kind, control in [
        ("bank", Kind.ASSET, Control.BANK), ("income", Kind.INCOME, Control.NONE), ("cost", Kind.EXPENDITURE, Control.NONE),
        ("lost", Kind.ASSET, Control.SUSPENSE), ("left", Kind.ASSET, Control.UNALLOCATED), ("kept", Kind.EQUITY, Control.CARRIED),
        ("door", Kind.ASSET, Control.INTERFUND),
    ]
}  # fmt: skip
HEADINGS["other"] = Heading("other", Kind.ASSET, "elsewhere")


def ledger() -> Ledger:
    spans = {
        "april": Span("april", "pool", date(2026, 4, 1), date(2026, 4, 30)),
        "may": Span("may", "pool", date(2026, 5, 1), date(2026, 5, 31), ends_year=True),
        "there": Span("there", "elsewhere", date(2026, 4, 1), date(2026, 4, 30)),
    }
    return Ledger(dict(HEADINGS), spans)


def entry(key: str = "one", *lines: Line, **said: object) -> Entry:
    made = Entry(key, "pool", "april", Book.ACTUAL, APRIL, lines or (Line("cost", 500), Line("bank", -500)))
    return replace(made, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        (entry("x", Line("bank", 5)), "FU-201"),
        (entry("x", Line("bank", 5), Line("cost", -4)), "FU-202"),
        (entry("x", Line("bank", 0), Line("cost", 0)), "FU-203"),
        (entry("x", Line("bank", True), Line("cost", -1)), "FU-203"),
        (entry("x", Line("other", 5), Line("bank", -5)), "FU-204"),
        (entry("x", Line("nowhere", 5), Line("bank", -5)), "FU-204"),
        (entry(dated_on=date(2026, 5, 1)), "FU-205"),
        (entry(period="there"), "FU-205"),
        (entry("x", Line("door", 5), Line("bank", -5)), "FU-218"),
        (entry(reverses="pool:one"), "FU-212"),
    ],
)
def test_what_is_wrong_is_refused(wrong: Entry, rule: str) -> None:
    with pytest.raises(Broken) as caught:
        ledger().post(wrong)
    assert caught.value.rule == rule


def test_once_for_each_key() -> None:
    books = ledger()
    assert books.post(entry()) is books.post(entry())
    with pytest.raises(Broken, match="posted before"):
        books.post(entry(memo="another"))
    assert len(books.entries) == 1


def test_reversals() -> None:
    books = ledger()
    first = books.post(entry())
    back = books.post(mirror_of(first, key="back", period="may", dated_on=date(2026, 5, 2)))
    assert books.balances(fund="pool") == {}
    with pytest.raises(Broken, match="not reversed"):
        mirror_of(back, key="again", period="may", dated_on=date(2026, 5, 2))
    with pytest.raises(Broken, match="already"):
        books.post(mirror_of(first, key="twice", period="may", dated_on=date(2026, 5, 2)))
    less = replace(
        mirror_of(books.post(entry("two")), key="less", period="may", dated_on=date(2026, 5, 2)),
        lines=(Line("cost", -4), Line("bank", 4)),
    )
    with pytest.raises(Broken, match="other way round"):
        books.post(less)


def test_closing() -> None:
    books = ledger()
    with pytest.raises(Broken, match="in order"):
        books.close("may")
    lost = books.post(entry("lost", Line("lost", 5), Line("bank", -5)))
    with pytest.raises(Broken, match="suspense"):
        books.close("april")
    books.post(mirror_of(lost, key="found", period="april", dated_on=APRIL))
    books.close("april")
    with pytest.raises(Broken, match="closed"):
        books.post(entry("late"))
    may = {"period": "may", "dated_on": date(2026, 5, 3)}
    books.post(entry("bought", **may))
    with pytest.raises(Broken, match="carried forward"):
        books.close("may")
    cells = {("cost", None, None, None, None): 500}
    books.post(entry("result", *closing_lines(cells, carried="kept", returned="bank", returns={}), **may))
    books.close("may")
    assert books.balances(fund="pool") == {"bank": -500, "kept": 500}


def test_a_year_does_not_close_on_what_nobody_owes() -> None:
    books = ledger()
    books.close("april")
    books.post(entry("x", Line("left", 5), Line("bank", -5), period="may", dated_on=date(2026, 5, 3)))
    with pytest.raises(Broken, match="nobody owes"):
        books.close("may")


@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(["cost", "income"]), st.sampled_from(["l1", "l2", None]), st.none(),
            st.sampled_from(["council", "nhs"]), st.sampled_from(["grant", None]),
        ),
        st.integers(-(10**9), 10**9), max_size=12,
    ),
    st.dictionaries(st.sampled_from(["council", "nhs"]), st.integers(-(10**8), 10**8)),
)  # fmt: skip
def test_closing_a_year_balances_and_keeps_each_stream_apart(
    cells: dict[tuple[str | None, ...], int], returns: dict[str, int]
) -> None:
    lines = closing_lines(cells, carried="kept", returned="owed", returns=returns, fenced=frozenset({"grant"}))
    assert sum(line.pence for line in lines) == 0
    fenced = sum(pence for cell, pence in cells.items() if cell[4] == "grant")
    assert sum(line.pence for line in lines if line.account == "kept" and line.stream == "grant") == fenced


pence = st.integers(1, 10**9)
steps = st.lists(st.tuples(pence, st.sampled_from(list(Book)), st.booleans()), min_size=1, max_size=30)


@given(steps)
def test_it_sums_to_nought_and_a_replay_is_the_same(done: list[tuple[int, Book, bool]]) -> None:
    books = ledger()
    for number, (amount, book, taken_back) in enumerate(done):
        posted = books.post(entry(f"e{number}", Line("cost", amount), Line("bank", -amount), book=book))
        if taken_back:
            books.post(mirror_of(posted, key=f"b{number}", period="april", dated_on=APRIL))
    for book in Book:
        totals = heading_totals(books.entries, book)
        assert sum(totals.values()) == 0
        kept = {cell: each for cell, each in replay(books.entries).items() if cell[1] == book}
        assert sum(debit - credit for debit, credit, _ in kept.values()) == 0
        assert sum(debit for debit, _, _ in kept.values()) == sum(
            each.pence for each in books.entries if each.book == book
        )
        assert totals.get("cost", 0) == sum(a for a, b, back in done if b == book and not back)
    again = Ledger(dict(HEADINGS), books.spans)
    for each in books.entries:
        again.post(each)
    assert head_of(again.entries) == head_of(books.entries)


@given(st.data())
def test_any_change_changes_the_head(data: st.DataObject) -> None:
    entries = [entry(f"e{number}", id=str(number), posted_at=datetime(2026, 4, 10, tzinfo=UTC)) for number in range(5)]
    place = data.draw(st.integers(0, 4))
    changed = list(entries)
    changed[place] = replace(
        entries[place],
        **data.draw(st.sampled_from([{"memo": "x"}, {"book": Book.BUDGET}, {"lines": entries[place].lines[::-1]},
                                     {"posted_by": "me"}, {"posted_at": datetime(2026, 4, 11, tzinfo=UTC)}])),
    )  # fmt: skip
    assert head_of(changed) != head_of(entries)
    assert head_of(entries[:-1]) != head_of(entries)
    assert head_of([]) == GENESIS


def test_the_digest_is_of_one_fixed_form() -> None:
    odd = entry('é "quoted" \\ \t £', memo="line\nbreak \x01 \x7f", id="7", posted_at=datetime(2026, 4, 10, tzinfo=UTC))
    assert content_digest(odd) == "0ad1e80fc4e0872d213bcb45daaa4846f3669850128a25dcc4c454670c3a0343"
    assert link(GENESIS, content_digest(odd)) == head_of([odd])
