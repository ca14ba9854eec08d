"""Where money of a pooled fund may go, for whoever moves it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Sum

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.engines.ledger import Book
from joinedup.funds import chart
from joinedup.funds.codes import Model
from joinedup.funds.models import Balance, Fund, FundingStream
from joinedup.funds.permissions import TRANSFER_BETWEEN_FUNDS


@dataclass(frozen=True)
class TransferChoices:
    """The other pooled funds of the agreement, the ring-fenced money there is, and what is at the bank, in pence."""

    funds: tuple[Fund, ...]
    streams: tuple[FundingStream, ...]
    at_bank: int


def transfer_choices(viewer: Actor, fund: Fund) -> TransferChoices:
    """What the page that moves money offers."""
    check(viewer, TRANSFER_BETWEEN_FUNDS, fund)
    others = Fund.objects.visible_to(viewer).filter(agreement=fund.agreement_id, model=Model.POOLED).exclude(pk=fund.pk)
    streams = FundingStream.objects.filter(uses__fund=fund, uses__consented_on__isnull=False, is_ring_fenced=True)
    rows = Balance.objects.filter(fund=fund, book=Book.ACTUAL, account__code=chart.BANK)
    left = int(rows.aggregate(pence=Sum(F("debit") - F("credit"), default=0))["pence"])
    return TransferChoices(tuple(others.order_by("name")), tuple(streams.distinct().order_by("name")), left)
