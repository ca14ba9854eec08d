"""The ledger in the database against the one in memory: whatever is done, both take it or both refuse it for the same
rule, and then hold the same balances and the same chain."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.access.actor import system
from joinedup.core.errors import Refused
from joinedup.engines import ledger as engine
from joinedup.engines.ledger import Book, Broken, Control, Kind, Ledger, Line
from joinedup.funds import chart
from joinedup.funds.models import Account, Balance, Entry, EntrySeal
from joinedup.funds.posted import as_engine_entries
from joinedup.funds.queries import head_of_ledger, verify_ledger
from joinedup.funds.services.ledger import close_period, post_entry, reverse_entry
from joinedup.funds.services.posting import Draft
from joinedup.funds.tests.ledgers import World, make_world
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db
BY = system(AT)
CODES = [chart.BANK, chart.EXPENDITURE, chart.CONTRIBUTIONS, chart.SUSPENSE, chart.OTHER_FUNDS]

keys = st.integers(0, 11).map("entry {}".format)
months = st.integers(4, 7)
lines = st.lists(st.tuples(st.sampled_from(CODES), st.integers(-3, 3), st.booleans()), min_size=0, max_size=4)
texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=12)
posts = st.tuples(st.just("post"), keys, months, st.sampled_from(list(Book)), lines, texts, st.booleans())
backs = st.tuples(st.just("back"), keys, months)
closes = st.tuples(st.just("close"), months)
# Long runs, and few of them: making the world costs more than thirty steps in it. Three hundred steps in all.
steps = st.lists(st.one_of(posts, posts, posts, posts, backs, backs, closes), min_size=20, max_size=40)


class Both:
    """One world in the database and its twin in memory."""

    def __init__(self, world: World) -> None:
        self.world = world
        fund = str(world.fund.pk)
        headings = {
            str(each.pk): engine.Heading(each.code, Kind(each.kind), fund, Control(each.control))
            for each in Account.objects.filter(fund=world.fund)
        }
        self.months = {number + 3: world.month(number) for number in range(1, 6)}
        spans = {
            str(each.pk): engine.Span(str(each.pk), fund, each.starts_on, each.ends_on) for each in self.months.values()
        }
        self.twin = Ledger(headings, spans)

    def post(self, key: str, month: int, book: Book, said: list[tuple[str, int, bool]], memo: str, even: bool) -> None:
        """Lines made to balance where `even`, so that many a run gets past the first rule."""
        rows = [
            Line(code, pence, line=str(self.world.lines[0].pk) if with_line else None)
            for code, pence, with_line in said
        ]
        if even and rows:
            rows.append(Line(chart.CREDITORS, -sum(line.pence for line in rows)))
        draft = Draft(key, date(2026, month, 9), rows, book, memo=memo)
        self.both(
            lambda: post_entry(fund=self.world.fund, draft=draft, by=BY, at=AT),
            lambda posted: self.twin.post(self.as_twin(draft, posted)),
        )

    def as_twin(self, draft: Draft, posted: Entry | None) -> engine.Entry:
        lines = tuple(Line(str(self.world.accounts[line.account]), line.pence, line=line.line) for line in draft.lines)
        return engine.Entry(
            draft.key, str(self.world.fund.pk), str(self.months[draft.dated_on.month].pk), draft.book, draft.dated_on, lines,
            memo=draft.memo.strip(), posted_at=AT, id=str(posted.pk) if posted else "",
        )  # fmt: skip

    def back(self, key: str, month: int) -> None:
        """Take back what was posted under a key, if anything was."""
        entry = Entry.objects.filter(fund=self.world.fund, key=key).first()
        if entry is None:
            return
        first = next(each for each in self.twin.entries if each.key == key)
        day, period = date(2026, month, 20), str(self.months[month].pk)
        self.both(
            lambda: reverse_entry(entry=entry, dated_on=day, reason="x", by=BY, at=AT),
            lambda back: self.twin.post(
                engine.replace(
                    engine.mirror_of(first, key=f"reversal of {entry.pk}", period=period, dated_on=day, memo="x"),
                    id=str(back.pk) if back else "",
                )
            ),
        )

    def close(self, month: int) -> None:
        """Close a month."""
        period = self.months[month]
        self.both(lambda: close_period(period=period, by=BY, at=AT), lambda _: self.twin.close(str(period.pk)))

    def both(self, real: Any, twin: Any) -> None:
        """Do it to both."""
        refused, done = "", None
        try:
            with transaction.atomic():
                done = real()
        except Refused as refusal:
            refused = refusal.rule
        if not refused:
            twin(done)
            return
        with pytest.raises(Broken) as caught:
            twin(None)
        assert caught.value.rule == refused

    def compare(self) -> None:
        """The same entries, the same totals, the same chain."""
        seals = EntrySeal.objects.filter(fund=self.world.fund).order_by("number")
        by_id = {each.id: each for each in as_engine_entries(Entry.objects.filter(fund=self.world.fund))}
        posted = [by_id[str(seal.entry_id)] for seal in seals]
        assert [each.key for each in posted] == [each.key for each in self.twin.entries]
        assert engine.head_of(posted) == engine.head_of(self.twin.entries) == head_of_ledger(BY, self.world.fund)[1]
        kept = {
            (str(each.period_id), each.book, each.is_closing, str(each.account_id),
             str(each.line_id) if each.line_id else None, None, None, None): (each.debit, each.credit, each.postings)
            for each in Balance.objects.filter(fund=self.world.fund)
        }  # fmt: skip
        assert kept == engine.replay(self.twin.entries)
        for book in Book:
            assert sum(self.twin.balances(fund=str(self.world.fund.pk), book=book).values()) == 0
        assert verify_ledger(BY).is_sound


@given(done=steps)
@settings(max_examples=10)
def test_the_database_and_the_engine_agree(done: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        both = Both(make_world())
        for what, *said in done:
            getattr(both, what)(*said)
        both.compare()
        transaction.set_rollback(True)
