"""What a fund spent, for a part above that sets it beside what was done: by line, heading and month, read and never
written. Whoever asks has its own permission for its viewer; which funds there are for them is decided here."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Sum

from joinedup.access.actor import Actor
from joinedup.core.errors import NotVisible
from joinedup.engines.ledger import Book, Kind
from joinedup.funds.models import Account, AgreementPartner, Balance, BudgetLine, Fund, Period


@dataclass(frozen=True)
class SpentCell:
    """What was posted as spent under a heading, on a line or on none, in a month (April is 1), in pence."""

    line_id: UUID | None
    account_id: UUID
    month: int
    pence: int


@dataclass(frozen=True)
class LinePlace:
    """A budget line: which locality it is for, its own or that of the budget it was cut from. None: the whole fund."""

    id: UUID
    code: str
    name: str
    locality_id: UUID | None


@dataclass(frozen=True)
class HeadingOf:
    """A heading of expenditure of a fund."""

    id: UUID
    code: str
    name: str


def funds_of_organisation(viewer: Actor) -> list[Fund]:
    """The funds of the agreements that the viewer's organisations are or were partners of, by name."""
    rows = Fund.objects.visible_to(viewer).select_related("agreement", "host__organisation")
    return list(rows.order_by("name", "pk"))


def fund_of_organisation(viewer: Actor, fund_id: UUID) -> Fund:
    """One of them."""
    rows = Fund.objects.visible_to(viewer).select_related("agreement", "host__organisation")
    found = rows.filter(pk=fund_id).first()
    if found is None:
        raise NotVisible
    return found


def is_partner_of_fund(viewer: Actor, fund: Fund, organisations: set[UUID]) -> bool:
    """Whether one of these organisations is a partner of the fund's agreement now."""
    there = AgreementPartner.objects.filter(agreement_id=fund.agreement_id, left_on=None)
    return there.filter(organisation_id__in=organisations).exists()


def spent_in_year(viewer: Actor, fund: Fund, *, year: int) -> list[SpentCell]:
    """Actual expenditure of a year by line, heading and month; one statement."""
    rows = Balance.objects.filter(
        fund=fund, period__year=year, book=Book.ACTUAL, account__kind=Kind.EXPENDITURE, is_closing=False
    )
    sums = rows.values_list("line_id", "account_id", "period__number").annotate(pence=Sum(F("debit") - F("credit")))
    return [
        SpentCell(line, account, month, int(pence))
        for line, account, month, pence in sums.order_by("line_id", "account_id", "period__number")
        if pence
    ]


def places_of_lines(viewer: Actor, fund: Fund, *, year: int) -> list[LinePlace]:
    """The lines of a year with the locality each is for; one statement."""
    rows = {line.pk: line for line in BudgetLine.objects.filter(fund=fund, year=year).select_related("cluster")}
    ordered = sorted(rows.values(), key=lambda each: (each.code, str(each.pk)))
    return [LinePlace(each.pk, each.code, each.name, _locality_of(each, rows)) for each in ordered]


def _locality_of(line: BudgetLine, rows: dict[UUID, BudgetLine]) -> UUID | None:
    at: BudgetLine | None = line
    while at is not None:
        if at.locality_id is not None:
            return at.locality_id
        if at.cluster is not None:
            return at.cluster.locality_id
        at = rows.get(at.parent_id) if at.parent_id else None
    return None


def headings_of_spending(viewer: Actor, fund: Fund) -> list[HeadingOf]:
    """The headings of expenditure of a fund."""
    rows = Account.objects.filter(fund=fund, kind=Kind.EXPENDITURE).order_by("code")
    return [HeadingOf(row.pk, row.code, row.name) for row in rows]


def years_of_fund(viewer: Actor, fund: Fund) -> list[int]:
    """The years with months in the ledger, the newest first."""
    return list(Period.objects.filter(fund=fund).values_list("year", flat=True).distinct().order_by("-year"))
