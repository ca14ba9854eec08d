"""What may be chosen when somebody posts to a ledger by hand, and what it is held to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.funds.lifecycle import PARTNERSHIP_LABELS, WORKING, PartnershipState
from joinedup.funds.models import (
    Account,
    AgreementPartner,
    BudgetLine,
    Fund,
    FundingStream,
    Period,
    PermittedKind,
    StreamPermit,
    StreamUse,
)
from joinedup.funds.permissions import POST_ENTRY
from joinedup.funds.queries.figures import room_of_lines
from joinedup.funds.spending_kinds import Permitted


@dataclass(frozen=True)
class HandChoices:
    """The headings of a fund, the budget lines of its years that are open, its partners, streams of money, and its months.

    And what a posting is held to, as the ledger stands: the pence that may still be spent on each of the lines, the kinds of
    spending the agreement permits, the ring-fenced money whose use here is consented to and for which services, and in what
    state the agreement is, in words, where no money is spent under it."""

    headings: tuple[Account, ...]
    lines: tuple[BudgetLine, ...]
    partners: tuple[AgreementPartner, ...]
    streams: tuple[FundingStream, ...]
    periods: tuple[Period, ...]
    room: dict[UUID, int] | None  # None: what is posted is in it already
    permitted: tuple[Permitted, ...]
    consented: frozenset[UUID]
    permits: frozenset[tuple[UUID, UUID]]
    not_open: str


def hand_choices(viewer: Actor, fund: Fund) -> HandChoices:
    """For whoever may post to the fund. Raises NotPermitted for anybody else."""
    check(viewer, POST_ENTRY, fund)
    months = tuple(Period.objects.filter(fund=fund).order_by("starts_on"))
    years = {each.year for each in months if each.is_open}
    rows = BudgetLine.objects.filter(fund=fund, year__in=years).select_related("scheme", "stream")
    lines = tuple(rows.order_by("-year", "code"))
    partners = AgreementPartner.objects.filter(agreement=fund.agreement_id).select_related("organisation")
    kinds = PermittedKind.objects.filter(agreement=fund.agreement_id)
    uses = StreamUse.objects.filter(fund=fund, consented_on__isnull=False)
    permits = StreamPermit.objects.filter(use__in=uses).values_list("use__stream_id", "scheme_id")
    state = PartnershipState(fund.agreement.state)
    return HandChoices(
        tuple(Account.objects.filter(fund=fund).order_by("code")), lines, tuple(partners.order_by("position")),
        tuple(FundingStream.objects.order_by("name")), months,
        room={key: int(room) for key, room in room_of_lines(viewer, lines).items()},
        permitted=tuple(Permitted(each.kind, each.starts_on, each.ends_on) for each in kinds),
        consented=frozenset(uses.values_list("stream_id", flat=True)), permits=frozenset(permits),
        not_open="" if state in WORKING else PARTNERSHIP_LABELS[state].lower(),
    )  # fmt: skip
