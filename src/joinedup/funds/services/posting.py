"""Putting entries into the ledger: the one way in, shared by the guarded services of this part.

Nothing here asks for a permission: whoever calls it has. The rules are asked first, for the sentence a person reads; the
database refuses by itself whatever got past them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction

from joinedup.access.actor import Actor
from joinedup.core.errors import Refused
from joinedup.core.models import new_id
from joinedup.engines import ledger as engine
from joinedup.engines.ledger import Book, Control, EntryKind, Kind, Line
from joinedup.funds.models import Account, Entry, Fund, LedgerHead, Period
from joinedup.funds.posted import as_engine_entries
from joinedup.funds.rules import LEDGER_RULES


@dataclass(frozen=True)
class Draft:
    """An entry to be posted. The lines name their headings by code and everything else by id; `key` makes the same thing
    sent twice be posted once; `source` is the record it comes from, or a (kind, id) of something outside."""

    key: str
    dated_on: date
    lines: Sequence[Line]
    book: Book = Book.ACTUAL
    kind: EntryKind = EntryKind.ORDINARY
    memo: str = ""
    source: models.Model | tuple[str, str] = ("", "")
    reverses: UUID | None = None
    pair: UUID | None = None
    approved_by: UUID | None = None


def put_into_ledger(*, fund: Fund, drafts: Sequence[Draft], by: Actor, at: datetime) -> list[Entry]:
    """Post the drafts, all or none (the caller is in a transaction), and return their entries in the same order; what was posted before with the same key
    and content is returned as it stands. Raises Refused (FU-2xx)."""
    books = _books(fund)
    wanted = _as_entries(books, drafts, by, at)
    while True:
        posted = _posted_already(fund, wanted)
        fresh = [entry for key, entry in wanted.items() if key not in posted]
        for fault in (fault for entry in fresh for fault in engine.faults_of(entry, books.headings, books.spans)):
            raise LEDGER_RULES[fault.rule].refused()
        if not fresh or _insert_unless_posted(fresh):
            break  # else somebody else posted one of them meanwhile, and it is looked at again
    ids = {entry.key: entry.id for entry in fresh} | posted
    found = Entry.objects.in_bulk(ids.values())
    return [found[UUID(str(ids[draft.key]))] for draft in drafts]


def _insert_unless_posted(entries: Sequence[engine.Entry]) -> bool:
    """False where one of them is there already after all: then nothing was inserted."""
    try:
        with transaction.atomic():
            _insert(entries)
    except IntegrityError as error:
        if "funds_entry_once" not in str(error):
            raise _refused(error) from error
        return False
    return True


@dataclass(frozen=True)
class _Books:
    """The headings and months of a fund, read once."""

    fund: Fund
    headings: dict[str, engine.Heading]
    spans: dict[str, engine.Span]

    @property
    def by_code(self) -> dict[str, str]:
        return {heading.code: key for key, heading in self.headings.items()}


def _books(fund: Fund) -> _Books:
    owner = str(fund.pk)
    return _Books(
        fund,
        {
            str(each.pk): engine.Heading(each.code, Kind(each.kind), owner, Control(each.control))
            for each in Account.objects.filter(fund=fund)
        },
        {
            str(each.pk): engine.Span(str(each), owner, each.starts_on, each.ends_on, each.is_open)
            for each in Period.objects.filter(fund=fund)
        },
    )


def head_of(fund: Fund) -> tuple[int, str]:
    """The number and digest of the latest entry in the fund's chain."""
    head = LedgerHead.objects.filter(pk=fund.pk).first()
    return (head.number, head.digest) if head else (0, engine.GENESIS)


def _as_entries(books: _Books, drafts: Sequence[Draft], by: Actor, at: datetime) -> dict[str, engine.Entry]:
    fund, headings = str(books.fund.pk), books.by_code
    spans = [(each.starts_on, each.ends_on, key) for key, each in books.spans.items()]
    entries: dict[str, engine.Entry] = {}
    for draft in drafts:
        if draft.key in entries or not draft.key.strip():
            raise LEDGER_RULES["FU-208"].refused()
        period = next((key for first, last, key in spans if first <= draft.dated_on <= last), None)
        if period is None:
            raise LEDGER_RULES["FU-205"].refused("dated_on")
        entries[draft.key] = engine.Entry(
            id=str(new_id()), key=draft.key, fund=fund, period=period, book=Book(draft.book),
            dated_on=draft.dated_on, kind=EntryKind(draft.kind), memo=draft.memo.strip()[:300], source=_source(draft.source),
            lines=tuple(replace(line, account=headings.get(line.account, line.account), memo=line.memo[:200]) for line in draft.lines),
            reverses=_text(draft.reverses), pair=_text(draft.pair), posted_by=_text(by.account_id),
            approved_by=_text(draft.approved_by), posted_at=at.astimezone(UTC),
        )  # fmt: skip
    return entries


def _source(source: models.Model | tuple[str, str]) -> tuple[str, str]:
    if isinstance(source, models.Model):
        return source._meta.label_lower, str(source.pk)
    return source[0][:60], source[1][:80]


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _posted_already(fund: Fund, wanted: Mapping[str, engine.Entry]) -> dict[str, str]:
    """The keys that are posted with the same content, and their ids. Raises Refused (FU-208) where the content is another."""
    before = list(Entry.objects.filter(fund=fund, key__in=list(wanted)))
    for entry in as_engine_entries(before) if before else ():
        if not entry.says_the_same(wanted[entry.key]):
            raise LEDGER_RULES["FU-208"].refused()
    return {entry.key: str(entry.pk) for entry in before}


_POSTING = (
    "entry_id, place, fund_id, period_id, book, account_id, scheme_id, line_id, partner_id, stream_id, tier, vat_code,"
    " pence, memo"
)
_ENTRY = (
    "id, fund_id, period_id, book, key, kind, dated_on, lines, pence, memo, source_kind, source_id, reverses_id, pair,"
    " posted_by, approved_by, posted_at"
)


def _insert(entries: Iterable[engine.Entry]) -> None:
    """Lines first, entries last, always in the order of their keys, so that two who post the same wait for each other
    and never in a ring."""
    rows = sorted(entries, key=lambda entry: entry.key)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        with cursor.copy(f"COPY funds_posting ({_POSTING}) FROM STDIN") as copy:
            for entry in rows:
                for place, line in enumerate(entry.lines, start=1):
                    copy.write_row(_posting_row(entry, place, line))
        with cursor.copy(f"COPY funds_entry ({_ENTRY}) FROM STDIN") as copy:
            for entry in rows:
                copy.write_row(_entry_row(entry))


def _posting_row(entry: engine.Entry, place: int, line: Line) -> tuple[Any, ...]:
    return (
        entry.id, place, entry.fund, entry.period, entry.book.value, line.account, line.scheme, line.line, line.partner,
        line.stream, line.tier, line.vat_code, line.pence, line.memo[:200],
    )  # fmt: skip


def _entry_row(entry: engine.Entry) -> tuple[Any, ...]:
    return (
        entry.id, entry.fund, entry.period, entry.book.value, entry.key, entry.kind.value, entry.dated_on,
        len(entry.lines), entry.pence, entry.memo, *entry.source, entry.reverses, entry.pair, entry.posted_by,
        entry.approved_by, entry.posted_at,
    )  # fmt: skip


_BY_CONSTRAINT = {"funds_entry_reverses_id_key": "FU-211", "funds_posting_not_nought": "FU-203"}


def _refused(error: IntegrityError) -> Refused:
    """What the database refused, in the words of its rule."""
    said = str(error)
    found = re.match(r"(FU-2\d\d):", said)
    code = found[1] if found else next((code for name, code in _BY_CONSTRAINT.items() if name in said), "")
    if not code:
        raise error
    return LEDGER_RULES[code].refused()


def refused_by_the_ledger(error: IntegrityError) -> Refused:
    """As services that write to the ledger's other tables need it. Raises the error again where no rule is named."""
    return _refused(error)
