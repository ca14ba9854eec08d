"""Verifying the ledger: every entry against its seal, every seal against the chain, every running total against the lines.

The triggers stop whoever works through the program. This finds what was done past them, by the owner of the database
with the triggers switched off: an entry or a line that was changed, added, removed or never sealed, a cut tail, a total
that is not the sum. A whole chain rewritten with its heads is found by a head that was kept elsewhere: in the audit
trail each night and with each month that was closed, on a report, in a file.

The database lines every entry up as the one text that is hashed, in the order of the chain and a few thousand at a time;
this program hashes. So neither memory nor the time for an entry grows with the ledger.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.formats import date_long
from joinedup.engines import ledger as engine
from joinedup.funds.models import EntrySeal, Fund, FundReport, LedgerHead, PeriodClosing
from joinedup.funds.permissions import ANCHOR_LEDGER, CLOSE_PERIOD, CLOSE_YEAR, VERIFY_LEDGER

_BATCH = 2_000
_MOST_NAMED = 100
Progress = Callable[[int, int], None]
"""Told how many of how many entries were looked at."""


@dataclass(frozen=True)
class LedgerFault:
    """One thing wrong with the ledger, in words for the person who must act on it."""

    code: str
    sentence: str
    fund: str = ""
    entry_id: str = ""


@dataclass
class LedgerVerification:
    """What was found: rows counted, the head of each fund's chain, and every fault."""

    entries: int = 0
    postings: int = 0
    sealed: int = 0
    heads: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[LedgerFault] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """True when nothing is wrong."""
        return not self.faults


def verify_ledger(
    viewer: Actor, *, kept: Mapping[str, tuple[int, str]] | None = None, progress: Progress | None = None
) -> LedgerVerification:
    """Look through the ledgers of every fund and report every fault; reads only. `kept` are heads kept elsewhere: the
    number and digest for the code of a fund. What is posted meanwhile is not looked at."""
    check(viewer, VERIFY_LEDGER)
    found = LedgerVerification()
    with _as_it_is_now():
        funds = list(Fund.objects.visible_to(viewer).order_by("code"))
        tell = _Teller(progress, EntrySeal.objects.filter(fund__in=funds).count() if progress else 0)
        trail = _in_the_trail(funds, found)
        for fund in funds:
            _walk(fund, found, _anchors(fund, (kept or {}).get(fund.code), trail.get(fund.pk, [])), tell)
        if viewer.is_system:
            found.faults += [LedgerFault(code, sentence.format(*words)) for code, sentence, words in _loose()]
        with connection.cursor() as cursor:
            cursor.execute("SELECT (SELECT count(*) FROM funds_entry), (SELECT count(*) FROM funds_posting)")
            found.entries, found.postings = cursor.fetchone()
    return found


@contextmanager
def _as_it_is_now() -> Iterator[None]:
    """One moment of the whole ledger, however long looking through it takes."""
    inside = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not inside:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL work_mem = '64MB'")
        yield


class _Teller:
    """Says now and then how far it has come."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def one_more(self) -> None:
        self._done += 1
        if self._progress and (self._done % 10_000 == 0 or self._done == self._total):
            self._progress(self._done, self._total)


@dataclass(frozen=True)
class _Anchor:
    """A head that was kept: of which entry, and where it was kept, as a sentence."""

    number: int
    digest: str
    where: str = ""


def _anchors(fund: Fund, kept: tuple[int, str] | None, trail: Iterable[_Anchor]) -> list[_Anchor]:
    """What is known of a fund's chain from outside of it."""
    closings = PeriodClosing.objects.filter(period__fund=fund).select_related("period").order_by("period__starts_on")
    reports = FundReport.objects.filter(fund=fund).order_by("frozen_at", "pk")
    found = [_Anchor(*kept)] if kept else []
    found += [_Anchor(each.number, each.digest, f"It was kept when {each.period} was closed.") for each in closings]
    found += [
        _Anchor(each.ledger_number, each.ledger_digest, f"It is in the report frozen on {date_long(each.frozen_at)}.")
        for each in reports
    ]
    return [*found, *trail]


def _in_the_trail(funds: Iterable[Fund], found: LedgerVerification) -> dict[UUID, list[_Anchor]]:
    """The heads in the audit trail by fund: each night's, and that of each month and year that was closed."""
    owners: dict[str, UUID] = {str(fund.pk): fund.pk for fund in funds}
    owners |= {
        str(closing.period_id): closing.period.fund_id
        for closing in PeriodClosing.objects.filter(period__fund__in=list(funds)).select_related("period")
    }
    heads: dict[UUID, list[_Anchor]] = {}
    actions = (CLOSE_PERIOD.name, CLOSE_YEAR.name, ANCHOR_LEDGER.name)
    for row in audit.words_written(actions, ("funds.fund", "funds.period"), owners):
        if not row.is_whole:
            sentence = f"What event {row.event_id} of the audit trail says of the ledger was changed."
            found.faults.append(LedgerFault("trail", sentence))
        elif row.words and "ledger_number" in row.words:
            where = f"It was kept in the audit trail on {date_long(row.at)}."
            anchor = _Anchor(int(row.words["ledger_number"]), str(row.words["ledger_head"]), where)
            heads.setdefault(owners[row.subject_id], []).append(anchor)
    return heads


def _walk(fund: Fund, found: LedgerVerification, anchors: list[_Anchor], tell: _Teller) -> None:
    """One fund's chain from the first entry to its head."""
    wanted = {anchor.number for anchor in anchors}
    previous, number = engine.GENESIS, 0
    digests = {0: previous}
    for seal in _sealed_in_order(fund):
        _look_at(found, fund, seal, after=(number, previous))
        previous, number = seal.digest, seal.number
        found.sealed += 1
        tell.one_more()
        if number in wanted:
            digests[number] = previous
    said: Counter[tuple[int, str]] = Counter()
    for anchor in sorted(anchors, key=lambda each: each.number):
        if digests.get(anchor.number) != anchor.digest and not said[anchor.number, anchor.digest]:
            said[anchor.number, anchor.digest] += 1
            sentence = f"The chain no longer has the digest that was kept of entry {anchor.number}. {anchor.where}"
            _say(found, "anchor", sentence.strip(), fund)
    head = LedgerHead.objects.filter(pk=fund.pk).first()
    if (number, previous) != ((head.number, head.digest) if head else (0, engine.GENESIS)):
        _say(found, "head", "The chain does not end where its head says.", fund)
    found.heads[fund.code] = {"number": number, "digest": previous}


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A seal, and what its entry says now as the text that is hashed; no text where the entry is gone."""

    number: int
    content: str
    digest: str
    entry_id: str
    key: str
    said: str | None


def _look_at(found: LedgerVerification, fund: Fund, seal: _Sealed, *, after: tuple[int, str]) -> None:
    number, previous = after
    if seal.number != number + 1:
        _say(found, "gap", f"Entries {number + 1} to {seal.number - 1} are missing from the chain.", fund)
    if seal.said is None:
        _say(found, "removed", f"Entry {seal.number} was removed.", fund, seal.entry_id)
    elif hashlib.sha256(seal.said.encode()).hexdigest() != seal.content:
        sentence = f"Entry {seal.number} ({seal.key}) or its lines were changed after it was posted."
        _say(found, "changed", sentence, fund, seal.entry_id)
    if engine.link(previous, seal.content) != seal.digest:
        _say(found, "order", f"Seal {seal.number} does not follow the one before it.", fund, seal.entry_id)


def _say(found: LedgerVerification, code: str, sentence: str, fund: Fund, entry_id: str = "") -> None:
    found.faults.append(LedgerFault(code, sentence, fund.code, entry_id))


# `engine.content_digest` hashes the same text: tests hold the two against each other.
_SEALED = """
SELECT seal.number, seal.content, seal.digest, seal.entry_id::text, coalesce(entry.key, ''),
  CASE WHEN entry.id IS NOT NULL THEN json_build_array(
    1, entry.id, entry.fund_id, entry.key, entry.book, entry.kind, entry.period_id, to_char(entry.dated_on, 'YYYY-MM-DD'),
    entry.memo, entry.source_kind, entry.source_id, entry.reverses_id, entry.pair, entry.posted_by, entry.approved_by,
    (extract(epoch FROM entry.posted_at) * 1000000)::bigint, lines.content)::text END
FROM funds_entryseal AS seal
LEFT JOIN funds_entry AS entry ON entry.id = seal.entry_id
LEFT JOIN LATERAL (
  SELECT json_agg(json_build_array(p.place, p.account_id, p.line_id, p.scheme_id, p.partner_id, p.stream_id, p.tier,
    p.vat_code, p.pence, p.memo) ORDER BY p.place) AS content
  FROM funds_posting AS p WHERE p.entry_id = entry.id
) AS lines ON true
WHERE seal.fund_id = %s ORDER BY seal.number
"""


def _sealed_in_order(fund: Fund) -> Iterator[_Sealed]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_SEALED, [fund.pk])
        while rows := cursor.fetchmany(_BATCH):
            for row in rows:
                yield _Sealed(*row)


# Rows that stand alone, whatever fund they say they are of; and totals that are not the sum of their lines.
_LOOSE: tuple[tuple[str, str, str], ...] = (
    (
        "unsealed",
        "Entry {0} ({1}) has no seal: it was not posted through the ledger.",
        "SELECT entry.id::text, entry.key FROM funds_entry AS entry LEFT JOIN funds_entryseal AS seal ON seal.entry_id ="
        " entry.id WHERE seal.entry_id IS NULL ORDER BY entry.id",
    ),
    (
        "orphan",
        "Line {0} belongs to no entry, or was written in another transaction than its entry.",
        "SELECT p.id::text FROM funds_posting AS p LEFT JOIN funds_entry AS entry ON (entry.id, entry.txid, entry.fund_id,"
        " entry.period_id, entry.book) = (p.entry_id, p.txid, p.fund_id, p.period_id, p.book) WHERE entry.id IS NULL"
        " ORDER BY p.id",
    ),
    (
        "unbalanced",
        "The lines of entry {0} come to {1} pence.",
        "SELECT entry_id::text, sum(pence)::text FROM funds_posting GROUP BY entry_id HAVING sum(pence) <> 0 OR count(*) < 2"
        " ORDER BY entry_id",
    ),
    (
        "stray",
        "A heading, line or scheme of line {0} belongs to another fund.",
        "SELECT p.id::text FROM funds_posting AS p LEFT JOIN funds_account AS account ON account.id = p.account_id"
        " LEFT JOIN funds_budgetline AS line ON line.id = p.line_id LEFT JOIN funds_scheme AS scheme ON scheme.id ="
        " p.scheme_id WHERE account.fund_id IS DISTINCT FROM p.fund_id OR line.fund_id <> p.fund_id OR scheme.fund_id <>"
        " p.fund_id ORDER BY p.id",
    ),
    (
        "total",
        "The running total of heading {0} in the period that begins on {1} is {2} pence, and its lines come to {3}.",
        """
        SELECT account.code, period.starts_on::text, sum(kept)::text, sum(summed)::text
        FROM (
          SELECT p.period_id, p.book, entry.kind = 'closing' AS is_closing, p.account_id, p.line_id, p.scheme_id,
            p.partner_id, p.stream_id, sum(p.pence) AS summed, sum(greatest(p.pence, 0)) AS debit, count(*) AS postings,
            0::numeric AS kept
          FROM funds_posting AS p JOIN funds_entry AS entry ON entry.id = p.entry_id GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
          UNION ALL
          SELECT period_id, book, is_closing, account_id, line_id, scheme_id, partner_id, stream_id, 0, -debit, -postings,
            debit - credit
          FROM funds_balance
        ) AS both_ways
        JOIN funds_account AS account ON account.id = account_id JOIN funds_period AS period ON period.id = period_id
        GROUP BY period_id, book, is_closing, account_id, line_id, scheme_id, partner_id, stream_id, account.code,
          period.starts_on
        HAVING sum(summed) <> sum(kept) OR sum(debit) <> 0 OR sum(postings) <> 0
        ORDER BY 1, 2
        """,
    ),
    (
        "closed",
        "The period that begins on {0} is {1}, and its closing says otherwise.",
        "SELECT period.starts_on::text, period.state FROM funds_period AS period LEFT JOIN funds_periodclosing AS closing ON"
        " closing.period_id = period.id WHERE (closing.period_id IS NULL) <> (period.state = 'open') ORDER BY 1",
    ),
)


def _loose() -> Iterable[tuple[str, str, tuple[str, ...]]]:
    with connection.cursor() as cursor:
        for code, sentence, statement in _LOOSE:
            cursor.execute(f"{statement} LIMIT {_MOST_NAMED}")
            for words in cursor.fetchall():
                yield code, sentence, words
