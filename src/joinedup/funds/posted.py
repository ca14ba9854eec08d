"""Posted entries as the engine knows them: the one way from the tables to what can be checked and replayed anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from joinedup.engines import ledger as engine
from joinedup.engines.ledger import Book, EntryKind, Line
from joinedup.funds.models import Entry, Posting


def as_engine_entries(entries: Iterable[Entry]) -> list[engine.Entry]:
    """Posted entries as the engine knows them, with their lines in order."""
    rows = list(entries)
    lines: dict[UUID, list[Line]] = {}
    for posting in Posting.objects.filter(entry__in=[entry.pk for entry in rows]).order_by("entry_id", "place"):
        lines.setdefault(posting.entry_id, []).append(_line(posting))
    return [_engine_entry(entry, tuple(lines.get(entry.pk, ()))) for entry in rows]


def _line(posting: Posting) -> Line:
    return Line(
        str(posting.account_id), posting.pence, _text(posting.line_id), _text(posting.scheme_id),
        _text(posting.partner_id), _text(posting.stream_id), posting.tier, posting.vat_code, posting.memo,
    )  # fmt: skip


def _engine_entry(entry: Entry, lines: tuple[Line, ...]) -> engine.Entry:
    return engine.Entry(
        id=str(entry.pk), key=entry.key, fund=str(entry.fund_id), period=str(entry.period_id), book=Book(entry.book),
        dated_on=entry.dated_on, kind=EntryKind(entry.kind), memo=entry.memo, source=(entry.source_kind, entry.source_id),
        lines=lines, reverses=_text(entry.reverses_id), pair=_text(entry.pair), posted_by=_text(entry.posted_by),
        approved_by=_text(entry.approved_by), posted_at=entry.posted_at,
    )  # fmt: skip


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
