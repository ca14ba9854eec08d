"""What may be chosen when somebody posts to a ledger by hand."""

from __future__ import annotations

from dataclasses import dataclass

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.funds.models import Account, AgreementPartner, BudgetLine, Fund, FundingStream, Period
from joinedup.funds.permissions import POST_ENTRY


@dataclass(frozen=True)
class HandChoices:
    """The headings of a fund, the budget lines of its years that are open, its partners, streams of money, and its months."""

    headings: tuple[Account, ...]
    lines: tuple[BudgetLine, ...]
    partners: tuple[AgreementPartner, ...]
    streams: tuple[FundingStream, ...]
    periods: tuple[Period, ...]


def hand_choices(viewer: Actor, fund: Fund) -> HandChoices:
    """For whoever may post to the fund. Raises NotPermitted for anybody else."""
    check(viewer, POST_ENTRY, fund)
    months = tuple(Period.objects.filter(fund=fund).order_by("starts_on"))
    years = {each.year for each in months if each.is_open}
    lines = BudgetLine.objects.filter(fund=fund, year__in=years).order_by("-year", "code")
    partners = AgreementPartner.objects.filter(agreement=fund.agreement_id).select_related("organisation")
    return HandChoices(
        tuple(Account.objects.filter(fund=fund).order_by("code")), tuple(lines), tuple(partners.order_by("position")),
        tuple(FundingStream.objects.order_by("name")), months,
    )  # fmt: skip
