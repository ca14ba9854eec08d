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
    """Post the drafts, all or none, and return their entries in the same order; what was posted before with the same key
    and content is returned as it stands. Raises Refused (FU-2xx)."""
    wanted = _as_entries(fund, drafts, by, at)
    with transaction.atomic():
        while not _all_posted(fund, wanted):
            pass
        found = {entry.key: entry for entry in Entry.objects.filter(fund=fund, key__in=list(wanted))}
    return [found[draft.key] for draft in drafts]


def _all_posted(fund: Fund, wanted: Mapping[str, engine.Entry]) -> bool:
    """Post what is not there yet; False where somebody else posted one of them meanwhile, so that it is looked at again.
    Each time round at least one more of them is there."""
    known = _posted_already(fund, wanted)
    fresh = [entry for key, entry in wanted.items() if key not in known]
    if not fresh:
        return True
    _check(fund, fresh)
    try:
        with transaction.atomic():
            _insert(fresh)
    except IntegrityError as error:
        if "funds_entry_once" not in str(error):
            raise _refused(error) from error
        return False
    return True


def head_of(fund: Fund) -> tuple[int, str]:
    """The number and digest of the latest entry in the fund's chain."""
    head = LedgerHead.objects.filter(pk=fund.pk).first()
    return (head.number, head.digest) if head else (0, engine.GENESIS)


def _as_entries(fund: Fund, drafts: Sequence[Draft], by: Actor, at: datetime) -> dict[str, engine.Entry]:
    codes = {line.account for draft in drafts for line in draft.lines}
    headings = {
        account.code: str(account.pk)
        for account in Account.objects.filter(fund=fund, code__in=codes).only("id", "code")
    }
    spans = list(Period.objects.filter(fund=fund).only("id", "starts_on", "ends_on"))
    entries: dict[str, engine.Entry] = {}
    for draft in drafts:
        if draft.key in entries or not draft.key.strip():
            raise LEDGER_RULES["FU-208"].refused()
        period = next((each for each in spans if each.starts_on <= draft.dated_on <= each.ends_on), None)
        if period is None:
            raise LEDGER_RULES["FU-205"].refused("dated_on")
        entries[draft.key] = engine.Entry(
            id=str(new_id()), key=draft.key, fund=str(fund.pk), period=str(period.pk), book=Book(draft.book),
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


def _posted_already(fund: Fund, wanted: Mapping[str, engine.Entry]) -> set[str]:
    """The keys that are posted with the same content. Raises Refused (FU-208) where the content is another."""
    before = as_engine_entries(Entry.objects.filter(fund=fund, key__in=list(wanted)))
    for entry in before:
        if not entry.says_the_same(wanted[entry.key]):
            raise LEDGER_RULES["FU-208"].refused()
    return {entry.key for entry in before}


def _check(fund: Fund, entries: Iterable[engine.Entry]) -> None:
    headings = {
        str(each.pk): engine.Heading(each.code, Kind(each.kind), str(fund.pk), Control(each.control))
        for each in Account.objects.filter(fund=fund)
    }
    spans = {
        str(each.pk): engine.Span(str(each), str(fund.pk), each.starts_on, each.ends_on, each.is_open)
        for each in Period.objects.filter(fund=fund)
    }
    for entry in entries:
        for fault in engine.faults_of(entry, headings, spans):
            raise LEDGER_RULES[fault.rule].refused()


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
