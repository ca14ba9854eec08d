"""Money from one fund to another: two entries that answer each other, each balanced in its own fund, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Sum
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import new_id
from joinedup.engines.ledger import Book, EntryKind, Line
from joinedup.engines.money import format_pounds
from joinedup.funds import chart, rules, transferring
from joinedup.funds.models import Balance, Entry, Fund, FundingStream, StreamUse
from joinedup.funds.permissions import TRANSFER_BETWEEN_FUNDS
from joinedup.funds.services.ledger import _lines_by_code, _taking_back
from joinedup.funds.services.posting import Draft, Posted, post_drafts
from joinedup.funds.services.steps import _require_working, _said


@service(TRANSFER_BETWEEN_FUNDS, on="fund")
def transfer_between_funds(
    *, fund: Fund, to_fund: Fund, key: str, pence: int, dated_on: date, decision: str, stream: FundingStream | None = None,
    by: Actor, at: datetime,
) -> tuple[Entry, Entry]:  # fmt: skip
    """Take money out of a pooled fund and put it into another of the same agreement; `decision` names who agreed to it and
    where that is written down. The same `key` again gives the entries that are there. Raises Refused (FU-124, FU-128,
    FU-134, FU-231, FU-234, FU-235, FU-237, and what the ledger refuses)."""
    if fund.pk == to_fund.pk:
        raise rules.ONE_FUND_TO_ANOTHER.refused()
    if pence <= 0:
        raise rules.AMOUNT_POSITIVE.refused()
    if dated_on > timezone.localdate(at):
        raise rules.POSTED_BY_NOW.refused()
    written = _said(decision, rules.DECISION_NAMED, 300)
    _require_working(fund.agreement)
    fence = stream.pk if stream is not None and stream.is_ring_fenced else None
    if why := transferring.why_not(_purse(fund), _purse(to_fund), fence):
        raise rules.TRANSFER_BETWEEN.refused(why=why)
    name = f"transfer {key}"
    if not Entry.objects.filter(fund=fund, key=name).exists():
        _require_at_the_bank(fund, pence)
    pair, named = new_id(), str(stream.pk) if stream else None

    def draft(sign: int) -> Draft:
        lines = [Line(chart.OTHER_FUNDS, -sign * pence, stream=named), Line(chart.BANK, sign * pence, stream=named)]
        return Draft(name, dated_on, lines, memo=written, source=(transferring.TRANSFER, key[:80]), pair=pair)

    posted = _post_both({fund: draft(-1), to_fund: draft(1)}, by, at)
    return _noted(fund, to_fund, posted, {"decision": written})


@service(TRANSFER_BETWEEN_FUNDS, on="fund")
def take_back_transfer(
    *, fund: Fund, entry: Entry, dated_on: date, reason: str, by: Actor, at: datetime
) -> tuple[Entry, Entry]:
    """Take back both entries of a transfer; `entry` is the one in `fund`. Raises Refused (FU-119, FU-206, FU-211, FU-236, FU-237)."""
    why = _said(reason, rules.REASON_NEEDED, 300)
    if dated_on > timezone.localdate(at):
        raise rules.POSTED_BY_NOW.refused()
    other = None
    if entry.pair is not None and entry.fund_id == fund.pk and entry.kind != EntryKind.REVERSAL:
        other = Entry.objects.filter(pair=entry.pair).exclude(pk=entry.pk).select_related("fund").first()
    if other is None or entry.book != Book.ACTUAL:
        raise rules.TRANSFER_WHOLE.refused()
    if Entry.objects.filter(reverses__in=[entry, other]).exists():
        raise rules.REVERSED_ONCE.refused()
    pair = new_id()
    drafts = {
        each.fund: replace(_taking_back(each, _lines_by_code(each), f"reversal of {each.pk}", dated_on, why), pair=pair)
        for each in (entry, other)
    }
    return _noted(entry.fund, other.fund, _post_both(drafts, by, at), {"reason": why})


def _post_both(drafts: Mapping[Fund, Draft], by: Actor, at: datetime) -> dict[UUID, Posted]:
    """In the order of the funds' ids, so that two transfers against each other wait and never in a ring."""
    return {
        fund.pk: post_drafts(fund=fund, drafts=[drafts[fund]], by=by, at=at)
        for fund in sorted(drafts, key=lambda each: each.pk)
    }


def _noted(fund: Fund, to_fund: Fund, posted: Mapping[UUID, Posted], words: dict[str, str]) -> tuple[Entry, Entry]:
    there, here = posted[to_fund.pk], posted[fund.pk]
    heads = {"to_fund": to_fund.code, "to_number": there.number, "to_head": there.digest}
    note(changed=("ledger",), words=words | here.anchor | heads, subject=here.entries[0])
    return here.entries[0], there.entries[0]


def _purse(fund: Fund) -> transferring.Purse:
    uses = StreamUse.objects.filter(fund=fund, consented_on__isnull=False).values_list("stream_id", flat=True)
    return transferring.Purse(fund.pk, fund.agreement_id, fund.model, fund.name, frozenset(uses))


def _require_at_the_bank(fund: Fund, pence: int) -> None:
    rows = Balance.objects.filter(fund=fund, book=Book.ACTUAL, account__code=chart.BANK)
    left = int(rows.aggregate(pence=Sum(F("debit") - F("credit"), default=0))["pence"])
    if pence > left:
        raise rules.TRANSFER_NOT_MORE.refused(fund=fund.name, left=format_pounds(left), amount=format_pounds(pence))
