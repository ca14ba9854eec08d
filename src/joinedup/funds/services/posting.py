"""Putting entries into the ledger: the one way in, shared by the guarded services of this part.

Nothing here asks for a permission: whoever calls it has. The rules are asked first, for the sentence a person reads; the
database refuses by itself whatever got past them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, models

from joinedup.access.actor import Actor
from joinedup.core.errors import Refused
from joinedup.core.models import new_id
from joinedup.engines import ledger as engine
from joinedup.engines.ledger import Book, Control, EntryKind, Kind, Line
from joinedup.funds.models import Account, Entry, EntrySpending, Fund, LedgerHead, Period
from joinedup.funds.posted import as_engine_entries
from joinedup.funds.rules import LEDGER_RULES


@dataclass(frozen=True)
class Draft:
    """An entry to be posted. The lines name their headings by code and everything else by id; `key` makes the same thing
    sent twice be posted once; `source` is the record it comes from, or a (kind, id) of something outside; `spending` the kind of
    spending where something is spent that no purchase stands behind."""

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
    spending: str = ""


@dataclass(frozen=True)
class Posted:
    """What became of drafts: their entries in the same order, and the head of the fund's chain after them."""

    entries: list[Entry]
    number: int
    digest: str

    @property
    def anchor(self) -> dict[str, object]:
        """The head, for the audit trail: whoever rewrote the ledger would have to rewrite that as well."""
        return {"ledger_number": self.number, "ledger_head": self.digest}


def put_into_ledger(*, fund: Fund, drafts: Sequence[Draft], by: Actor, at: datetime) -> list[Entry]:
    """Post the drafts, all or none (the caller is in a transaction), and return their entries in the same order; what was posted before with the same key
    and content is returned as it stands. Raises Refused (FU-2xx)."""
    return post_drafts(fund=fund, drafts=drafts, by=by, at=at).entries


def post_drafts(*, fund: Fund, drafts: Sequence[Draft], by: Actor, at: datetime) -> Posted:
    """As `put_into_ledger`, with the head of the chain.

    The database is asked at once, because nearly everything posted is right and new: one statement, and no savepoint.
    What it refuses is looked at again here, by the rules and by what is posted already.
    """
    posted = _post_drafts(fund, drafts, by, at)
    kinds = [
        EntrySpending(entry=entry, kind=draft.spending)
        for draft, entry in zip(drafts, posted.entries, strict=True)
        if draft.spending
    ]
    if kinds:
        EntrySpending.objects.bulk_create(kinds, ignore_conflicts=True)
    return posted


def _post_drafts(fund: Fund, drafts: Sequence[Draft], by: Actor, at: datetime) -> Posted:
    keys = [draft.key for draft in drafts]
    if len(set(keys)) < len(keys) or not all(key.strip() for key in keys):
        raise LEDGER_RULES["FU-208"].refused()
    ids = {key: str(new_id()) for key in keys}
    if drafts and all(_is_plain(draft) for draft in drafts):
        answer = _post(fund, drafts, ids, by, at)
        if not answer.refused:
            return Posted([_as_posted(fund, draft, ids, by, at) for draft in drafts], answer.number, answer.digest)
    return _post_with_care(fund, drafts, ids, by, at)


def _post_with_care(fund: Fund, drafts: Sequence[Draft], ids: Mapping[str, str], by: Actor, at: datetime) -> Posted:
    books = _books(fund)
    wanted = _as_entries(books, drafts, ids, by, at)
    while True:
        posted = _posted_already(fund, wanted)
        fresh = [draft for draft in drafts if draft.key not in posted]
        for fault in (
            fault for draft in fresh for fault in engine.faults_of(wanted[draft.key], books.headings, books.spans)
        ):
            raise LEDGER_RULES[fault.rule].refused()
        if not fresh:
            number, digest = head_of(fund)
            break
        answer = _post(fund, fresh, ids, by, at)
        if not answer.refused:
            number, digest = answer.number, answer.digest
            break
        if "funds_entry_once" not in answer.refused:
            raise _in_words(answer.refused)
        # Somebody else posted one of them meanwhile: it is looked at again.
    found = Entry.objects.in_bulk([UUID(posted.get(key, ids[key])) for key in wanted])
    return Posted([found[UUID(posted.get(draft.key, ids[draft.key]))] for draft in drafts], number, digest)


@dataclass(frozen=True)
class _Answer:
    """What the database says: why it refused, or the head of the chain."""

    refused: str
    number: int
    digest: str


def _post(fund: Fund, drafts: Sequence[Draft], ids: Mapping[str, str], by: Actor, at: datetime) -> _Answer:
    """Everything in one statement; what the database refuses has left nothing behind."""
    moment = at.astimezone(UTC).isoformat()
    entries = [_entry_said(draft, ids[draft.key], by, moment) for draft in drafts]
    lines = [line for draft in drafts for line in _lines_said(draft, ids[draft.key])]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT refused, number, digest FROM funds_post(%s, %s::json, %s::json)",
            [fund.pk, json.dumps(entries, ensure_ascii=False), json.dumps(lines, ensure_ascii=False)],
        )
        refused, number, digest = cursor.fetchone()
    return _Answer(refused or "", number or 0, digest or "")


def _entry_said(draft: Draft, key: str, by: Actor, moment: str) -> dict[str, Any]:
    source_kind, source_id = _source(draft.source)
    said: dict[str, Any] = {
        "id": key, "key": draft.key, "book": Book(draft.book), "kind": EntryKind(draft.kind),
        "dated_on": draft.dated_on.isoformat(), "lines": len(draft.lines), "pence": _debits(draft), "posted_at": moment,
    }  # fmt: skip
    more = (
        ("memo", draft.memo.strip()[:300]), ("source_kind", source_kind), ("source_id", source_id),
        ("reverses", draft.reverses), ("pair", draft.pair), ("posted_by", by.account_id),
        ("approved_by", draft.approved_by),
    )  # fmt: skip
    for name, value in more:
        if value:
            said[name] = str(value)
    return said


def _lines_said(draft: Draft, key: str) -> Iterator[dict[str, Any]]:
    book, day = Book(draft.book), draft.dated_on.isoformat()
    for number, line in enumerate(draft.lines, start=1):
        said: dict[str, Any] = {"e": key, "n": number, "b": book, "d": day, "a": line.account, "p": line.pence}
        for name, value in (
            ("l", line.line), ("s", line.scheme), ("w", line.partner), ("f", line.stream), ("t", line.tier),
            ("v", line.vat_code), ("m", line.memo[:200]),
        ):  # fmt: skip
            if value:
                said[name] = value
        yield said


def _debits(draft: Draft) -> int:
    return sum(line.pence for line in draft.lines if line.pence > 0)


def _is_plain(draft: Draft) -> bool:
    """FU-203 is the one rule of an entry that the database does not know to its end."""
    return all(type(line.pence) is int and 0 < abs(line.pence) <= engine.MOST_PENCE for line in draft.lines)


_FIELDS = (
    "id", "fund_id", "book", "key", "kind", "dated_on", "lines", "pence", "memo", "source_kind", "source_id", "reverses_id",
    "pair", "posted_by", "approved_by", "posted_at",
)  # fmt: skip


def _as_posted(fund: Fund, draft: Draft, ids: Mapping[str, str], by: Actor, at: datetime) -> Entry:
    """The entry as it now stands, without reading it again; whatever else is asked of it is read then."""
    return Entry.from_db(connection.alias, _FIELDS, (
        UUID(ids[draft.key]), fund.pk, Book(draft.book).value, draft.key, EntryKind(draft.kind).value, draft.dated_on,
        len(draft.lines), _debits(draft), draft.memo.strip()[:300], *_source(draft.source), draft.reverses, draft.pair,
        by.account_id, draft.approved_by, at,
    ))  # fmt: skip


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


def _as_entries(
    books: _Books, drafts: Sequence[Draft], ids: Mapping[str, str], by: Actor, at: datetime
) -> dict[str, engine.Entry]:
    fund, headings = str(books.fund.pk), books.by_code
    spans = [(each.starts_on, each.ends_on, key) for key, each in books.spans.items()]
    entries: dict[str, engine.Entry] = {}
    for draft in drafts:
        period = next((key for first, last, key in spans if first <= draft.dated_on <= last), None)
        if period is None:
            raise LEDGER_RULES["FU-205"].refused("dated_on")
        entries[draft.key] = engine.Entry(
            id=ids[draft.key], key=draft.key, fund=fund, period=period, book=Book(draft.book),
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


_BY_CONSTRAINT = {"funds_entry_reverses_id_key": "FU-211", "funds_posting_not_nought": "FU-203"}


def _in_words(said: str) -> Refused:
    """What the database refused, in the words of its rule. Raises IntegrityError where no rule is named."""
    found = re.match(r"(FU-2\d\d):", said)
    code = found[1] if found else next((code for name, code in _BY_CONSTRAINT.items() if name in said), "")
    if not code:
        raise IntegrityError(said)
    return LEDGER_RULES[code].refused()


def refused_by_the_ledger(error: IntegrityError) -> Refused:
    """As services that write to the ledger's other tables need it. Raises the error again where no rule is named."""
    try:
        return _in_words(str(error))
    except IntegrityError:
        raise error from None
