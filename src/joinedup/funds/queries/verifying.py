"""Verifying the ledger: every entry against its seal, every seal against the chain, every running total against the lines.

The triggers stop whoever works through the program. This finds what was done past them, by the owner of the database
with the triggers switched off: an entry or a line that was changed, added, removed or never sealed, a cut tail, a total
that is not the sum. A whole chain rewritten with its heads is found by a head that was kept elsewhere: on a report, in
the audit trail, in the anchor file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.engines import ledger as engine
from joinedup.funds.models import Entry, EntrySeal, Fund, LedgerHead, PeriodClosing
from joinedup.funds.permissions import VERIFY_LEDGER
from joinedup.funds.posted import as_engine_entries

_BATCH = 2_000
_MOST_NAMED = 100


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


def verify_ledger(viewer: Actor, *, kept: Mapping[str, tuple[int, str]] | None = None) -> LedgerVerification:
    """Look through the ledgers of every fund and report every fault; reads only. `kept` are heads kept elsewhere: the
    number and digest for the code of a fund."""
    check(viewer, VERIFY_LEDGER)
    found = LedgerVerification()
    for fund in Fund.objects.visible_to(viewer).order_by("code"):
        _walk(fund, found, (kept or {}).get(fund.code))
    if viewer.is_system:
        found.faults += [LedgerFault(code, sentence.format(*words)) for code, sentence, words in _loose()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM funds_entry), (SELECT count(*) FROM funds_posting)")
        found.entries, found.postings = cursor.fetchone()
    return found


def _walk(fund: Fund, found: LedgerVerification, kept: tuple[int, str] | None) -> None:
    """One fund's chain from the first entry to its head."""
    wanted = {each.number: each.digest for each in PeriodClosing.objects.filter(period__fund=fund)}
    if kept:
        wanted[kept[0]] = kept[1]
    previous, number = engine.GENESIS, 0
    digests = {0: previous}
    for seal, entry in _sealed_in_order(fund):
        _look_at(found, fund, seal, entry, after=(number, previous))
        previous, number = seal.digest, seal.number
        found.sealed += 1
        if number in wanted:
            digests[number] = previous
    for place, digest in sorted(wanted.items()):
        if digests.get(place) != digest:
            _say(found, "anchor", f"The chain no longer has the digest that was kept of entry {place}.", fund)
    head = LedgerHead.objects.filter(pk=fund.pk).first()
    if (number, previous) != ((head.number, head.digest) if head else (0, engine.GENESIS)):
        _say(found, "head", "The chain does not end where its head says.", fund)
    found.heads[fund.code] = {"number": number, "digest": previous}


def _look_at(
    found: LedgerVerification, fund: Fund, seal: EntrySeal, entry: engine.Entry | None, *, after: tuple[int, str]
) -> None:
    number, previous = after
    if seal.number != number + 1:
        _say(found, "gap", f"Entries {number + 1} to {seal.number - 1} are missing from the chain.", fund)
    if entry is None:
        _say(found, "removed", f"Entry {seal.number} was removed.", fund, str(seal.entry_id))
    elif engine.content_digest(entry) != seal.content:
        sentence = f"Entry {seal.number} ({entry.key}) or its lines were changed after it was posted."
        _say(found, "changed", sentence, fund, entry.id)
    if engine.link(previous, seal.content) != seal.digest:
        _say(found, "order", f"Seal {seal.number} does not follow the one before it.", fund, str(seal.entry_id))


def _say(found: LedgerVerification, code: str, sentence: str, fund: Fund, entry_id: str = "") -> None:
    found.faults.append(LedgerFault(code, sentence, fund.code, entry_id))


def _sealed_in_order(fund: Fund) -> Iterator[tuple[EntrySeal, engine.Entry | None]]:
    last = -(2**62)
    while seals := list(EntrySeal.objects.filter(fund=fund, number__gt=last).order_by("number")[:_BATCH]):
        ids: list[UUID] = [seal.entry_id for seal in seals]
        entries = {each.id: each for each in as_engine_entries(Entry.objects.filter(pk__in=ids))}
        for seal in seals:
            yield seal, entries.get(str(seal.entry_id))
        last = seals[-1].number


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
        SELECT account.code, period.starts_on::text, coalesce(kept.pence, 0)::text, coalesce(summed.pence, 0)::text
        FROM (
          SELECT p.period_id, p.book, entry.kind = 'closing' AS is_closing, p.account_id,
            jsonb_build_array(p.line_id, p.scheme_id, p.partner_id, p.stream_id) AS cell, sum(p.pence) AS pence,
            sum(greatest(p.pence, 0)) AS debit, count(*) AS postings
          FROM funds_posting AS p JOIN funds_entry AS entry ON entry.id = p.entry_id GROUP BY 1, 2, 3, 4, 5
        ) AS summed
        FULL JOIN (
          SELECT period_id, book, is_closing, account_id, jsonb_build_array(line_id, scheme_id, partner_id, stream_id) AS cell,
            debit - credit AS pence, debit, postings FROM funds_balance
        ) AS kept USING (period_id, book, is_closing, account_id, cell)
        JOIN funds_account AS account ON account.id = account_id JOIN funds_period AS period ON period.id = period_id
        WHERE (summed.pence, summed.debit, summed.postings) IS DISTINCT FROM (kept.pence, kept.debit, kept.postings)
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
