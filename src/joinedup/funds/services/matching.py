"""Matching rows of a partner's extract with lines here by hand, one or several on either side, and undoing it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.engines.money import format_pounds
from joinedup.funds import rules
from joinedup.funds.models import (
    ExtractMatch,
    ExtractMatchLine,
    ExtractMatchRow,
    ExtractRow,
    Fund,
    LedgerExtract,
)
from joinedup.funds.permissions import SETTLE_EXTRACT
from joinedup.funds.queries.matching import free_lines, free_rows
from joinedup.funds.services.steps import _lock, _said


@service(SETTLE_EXTRACT, on="fund")
def match_rows(
    *, fund: Fund, extract: LedgerExtract, rows: Collection[UUID], lines: Collection[int], reason: str, by: Actor, at: datetime
) -> ExtractMatch:  # fmt: skip
    """Say that these rows and these lines are the same although the program did not see it; their sums are the same. Raises
    Refused (FU-229, FU-380 to FU-383)."""
    if extract.fund_id != fund.pk:
        raise rules.EXTRACT_MATCH_FITS.refused("", why="they are of different funds")
    _lock(extract)
    if not rows or not lines:
        raise rules.MATCH_CHOSEN.refused()
    found = list(free_rows(extract).filter(pk__in=set(rows)).order_by("number"))
    posted = list(free_lines(extract).filter(pk__in=set(lines)).order_by("pk"))
    if len(found) != len(set(rows)) or len(posted) != len(set(lines)):
        raise rules.MATCH_FREE.refused()
    left, right = sum(each.pence for each in found), sum(each.pence for each in posted)
    if left != right:
        raise rules.MATCH_ADDS_UP.refused(
            "rows", left=format_pounds(left), right=format_pounds(right), difference=format_pounds(abs(left - right))
        )
    why = _said(reason, rules.MATCH_SAYS_WHY, 300)
    try:
        with transaction.atomic():
            match = ExtractMatch.objects.create(
                extract=extract, reason=why, pence=left, matched_at=at, matched_by=by.account_id
            )
            ExtractMatchRow.objects.bulk_create([ExtractMatchRow(match=match, row=each) for each in found])
            ExtractMatchLine.objects.bulk_create([ExtractMatchLine(match=match, posting=each) for each in posted])
    except IntegrityError as error:
        raise rules.MATCH_FREE.refused() from error
    note(subject=match, changed=("match",), words={"rows": len(found), "lines": len(posted), "pence": left})
    return match


@service(SETTLE_EXTRACT, on="fund")
def unmatch(*, fund: Fund, match: ExtractMatch, reason: str, by: Actor, at: datetime) -> ExtractMatch:
    """Undo a match by hand: its rows and lines are free again; that it was made stays to be read. Raises Refused (FU-383,
    FU-384)."""
    _lock(match)
    if match.undone_at is not None or match.extract.fund_id != fund.pk:
        raise rules.MATCH_FREE.refused()
    match.undone_reason = _said(reason, rules.UNMATCH_SAYS_WHY, 300)
    match.undone_at, match.undone_by = at, by.account_id
    match.save(update_fields=["undone_at", "undone_by", "undone_reason"])
    ExtractMatchRow.objects.filter(match=match).update(stands=False)
    ExtractMatchLine.objects.filter(match=match).update(stands=False)
    note(subject=match, changed=("match",), words={"reason": match.undone_reason})
    return match


@service(SETTLE_EXTRACT, on="fund")
def unmatch_row(*, fund: Fund, row: ExtractRow, reason: str, by: Actor, at: datetime) -> ExtractMatch:
    """Undo a match the program made itself; what it was stays to be read. Raises Refused (FU-383 to FU-385)."""
    _lock(row)
    if row.posting is None or row.extract.fund_id != fund.pk:
        raise rules.MATCH_FREE.refused()
    if row.how == "posted":
        raise rules.UNMATCH_POSTED.refused()
    why = _said(reason, rules.UNMATCH_SAYS_WHY, 300)
    posting = row.posting
    row.posting, row.how = None, ""
    row.save(update_fields=["posting", "how"])
    match = ExtractMatch.objects.create(
        extract=row.extract, reason="Matched by the program", pence=row.pence, matched_at=row.extract.imported_at,
        undone_at=at, undone_by=by.account_id, undone_reason=why,
    )  # fmt: skip
    ExtractMatchRow.objects.create(match=match, row=row, stands=False)
    ExtractMatchLine.objects.create(match=match, posting=posting, stands=False)
    note(subject=match, changed=("match",), words={"reason": why})
    return match
