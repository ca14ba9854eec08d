"""Bringing in a partner's ledger extract, matching it with what is posted here, and settling what is left."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.tabular import FOR_AN_IMPORT, MEGABYTE, UnreadableFile, read_table
from joinedup.engines.ledger import Line
from joinedup.funds import chart
from joinedup.funds.models import AgreementPartner, BudgetLine, ExtractRow, Fund, LedgerExtract, Posting
from joinedup.funds.permissions import IMPORT_EXTRACT, SETTLE_EXTRACT
from joinedup.funds.queries.extracts import Settling, purse_of, settle
from joinedup.funds.queries.matching import free_lines, free_rows
from joinedup.funds.reconciling import Here, Read, ReadRow, known_titles, match, plain, read_rows
from joinedup.funds.rules import EXTRACT_MATCH_FITS, EXTRACT_READABLE, KIND_NAMED
from joinedup.funds.services.posting import Draft, put_into_ledger
from joinedup.funds.services.steps import _lock, _require_working
from joinedup.funds.spending_kinds import SpendingKind, kind_words

MOST_BYTES = 20 * MEGABYTE


@service(IMPORT_EXTRACT, on="fund")
def import_extract(
    *, fund: Fund, partner: AgreementPartner, name: str, content: bytes, by: Actor, at: datetime
) -> LedgerExtract:
    """Read a file (CSV or XLSX) of a partner's ledger and match its rows with the partner's costs here; rows that cannot be
    read are kept with their reason. The same file again is the one that is there. Raises Refused (FU-228)."""
    if partner.agreement_id != fund.agreement_id:
        raise EXTRACT_READABLE.refused("partner", why="the partner is not in this fund’s agreement.")
    digest = hashlib.sha256(content).hexdigest()
    there = LedgerExtract.objects.filter(fund=fund, partner=partner, digest=digest).first()
    if there is not None:
        return there
    read = _read(name, content)
    extract = LedgerExtract.objects.create(
        fund=fund, partner=partner, name=name[-120:], digest=digest, imported_at=at, imported_by=by.account_id,
        begins_on=min(row.dated_on for row in read.rows), ends_on=max(row.dated_on for row in read.rows),
        rejected=[asdict(each) for each in read.rejected],
    )  # fmt: skip
    rows = [
        ExtractRow(
            extract=extract, number=row.number, dated_on=row.dated_on, reference=row.reference, words=row.words,
            line_code=row.line_code, pence=row.pence,
        )
        for row in read.rows
    ]  # fmt: skip
    ExtractRow.objects.bulk_create(rows, batch_size=2000)
    matched = _match(extract)
    note(
        changed=("extract",),
        words={"rows": len(rows), "matched": matched, "rejected": len(read.rejected)},
        subject=extract,
    )
    return extract


@service(SETTLE_EXTRACT, on="fund")
def post_unmatched(*, fund: Fund, extract: LedgerExtract, kind: str, by: Actor, at: datetime) -> Settling:
    """Post the rows that are in the extract and not here, as spending of one kind: a cost of the budget line each names, owed
    to the partner that paid it. As with a purchase, what is spent fits into what is left of its line or is allowed over it;
    the rest waits, each row with its sentence (R-3, FU-337). Safe to repeat. Raises Refused (FU-128, FU-206 where a month is
    closed, FU-229, FU-336)."""
    _lock(fund)  # whoever promises or spends money holds it, too: R-3 is asked by one at a time
    _lock(extract)
    if extract.fund_id != fund.pk:
        raise EXTRACT_MATCH_FITS.refused("", why="they are of different funds")
    _require_working(fund.agreement)
    if kind not in set(SpendingKind):
        raise KIND_NAMED.refused()
    lines = BudgetLine.objects.filter(fund=fund, partner=extract.partner_id).order_by("pk")
    list(lines.select_for_update(of=("self",)))
    settled = settle(purse_of(by, fund), extract.partner_id, free_rows(extract).order_by("number"), kind)
    drafts = [_draft(extract, row, line, kind) for row, line in settled.posted]
    entries = put_into_ledger(fund=fund, drafts=drafts, by=by, at=at) if drafts else []
    first = {each.entry_id: each for each in Posting.objects.filter(entry__in=entries, place=1)}
    rows = [row for row, _ in settled.posted]
    for row, entry in zip(rows, entries, strict=True):
        row.posting, row.how = first[entry.pk], "posted"
    ExtractRow.objects.bulk_update(rows, ["posting", "how"], batch_size=500)
    note(changed=("ledger",), words={"posted": len(rows), "waits": len(settled.waits), "kind": kind}, subject=extract)
    return settled


def _read(name: str, content: bytes) -> Read:
    try:
        table = read_table(content, name, most_bytes=MOST_BYTES, score=known_titles, apart=FOR_AN_IMPORT)
        read = read_rows(table.header, table.rows)
    except (UnreadableFile, ValueError) as error:
        raise EXTRACT_READABLE.refused("", why=str(error)) from error
    if not read.rows:
        raise EXTRACT_READABLE.refused("", why="no row in it has a date and an amount.")
    return read


def _match(extract: LedgerExtract) -> int:
    """Match what is not matched yet; returns how many."""
    rows = {row.number: row for row in free_rows(extract)}
    asked = [
        ReadRow(row.number, row.dated_on, row.reference, row.words, row.line_code, row.pence)
        for row in sorted(rows.values(), key=lambda row: row.number)
    ]
    pairs = match(asked, [_here(line) for line in free_lines(extract).select_related("entry").order_by("pk")])
    for each in pairs:
        rows[each.number].posting_id, rows[each.number].how = each.line, each.how
    ExtractRow.objects.bulk_update([rows[each.number] for each in pairs], ["posting", "how"], batch_size=500)
    return len(pairs)


def _here(line: Posting) -> Here:
    said = (line.entry.key, line.entry.source_id, line.entry.memo, line.memo)
    return Here(line.pk, line.entry.dated_on, line.pence, frozenset(plain(each) for each in said if plain(each)))


def _draft(extract: LedgerExtract, row: ExtractRow, line: BudgetLine, kind: str) -> Draft:
    partner = str(extract.partner_id)
    stream = str(line.stream_id) if line.stream_id else None
    return Draft(
        f"extract {extract.digest[:16]} row {row.number}", row.dated_on,
        [
            Line(chart.EXPENDITURE, row.pence, str(line.pk), str(line.scheme_id), partner, stream, line.tier, memo=row.reference),
            Line(chart.OWED_TO_PARTNERS, -row.pence, partner=partner, memo=kind_words(kind)),
        ],
        memo=row.words or row.reference or extract.name, source=extract, spending=kind,
    )  # fmt: skip
