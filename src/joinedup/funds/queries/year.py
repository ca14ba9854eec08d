"""A fund's year as forecasts, risk share and reports look at it: partners, schemes, and every line month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q, Sum

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.core.errors import NotVisible
from joinedup.engines.ledger import Book, Kind
from joinedup.engines.money import Money
from joinedup.funds.codes import SHARED_TIERS
from joinedup.funds.forecasting import MONTHS, Method, Outturn, Spending, outturn
from joinedup.funds.models import (
    AgreementPartner,
    Balance,
    BudgetLine,
    Contribution,
    Forecast,
    Fund,
    Instalment,
    Receipt,
    Scheme,
)
from joinedup.funds.permissions import READ_FUNDS


@dataclass(frozen=True)
class PartnerYear:
    """A partner's money in a fund in a year, in pence: agreed for the year, due by the day, received by the day, in kind."""

    place: AgreementPartner
    agreed: int = 0
    due: int = 0
    received: int = 0
    in_kind: int = 0

    @property
    def code(self) -> str:
        """The organisation's code."""
        return self.place.organisation.code

    @property
    def name(self) -> str:
        """What it is called."""
        return self.place.organisation.name

    @property
    def overdue(self) -> int:
        """Due and not received."""
        return max(self.due - self.received, 0)


@dataclass(frozen=True)
class FundYear:
    """A fund's year up to the end of a month (April is 1; nought where nothing was posted yet). Partners stand in their
    order in the agreement."""

    fund: Fund
    year: int
    month: int
    partners: tuple[PartnerYear, ...]
    schemes: tuple[Scheme, ...]
    lines: Mapping[str, BudgetLine]
    spending: tuple[Spending, ...]
    kept: Forecast | None = None  # what somebody kept as the forecast at the end of its last month

    @property
    def names(self) -> dict[str, str]:
        """Names of partners and schemes by their codes."""
        return {each.code: each.name for each in self.partners} | {each.code: each.name for each in self.schemes}

    @property
    def contributions(self) -> dict[str, int]:
        """What each partner contributed in cash when the year opened."""
        return {each.code: each.agreed for each in self.partners}

    @property
    def quarter(self) -> int:
        """The quarter that its last month lies in."""
        return max((self.month + 2) // 3, 1)

    def outturns(self, method: Method) -> list[Outturn]:
        """Every line's forecast."""
        return [outturn(each, method) for each in self.spending]

    def forecast(self) -> list[Outturn]:
        """Every line's forecast as it was kept, each by its own method; by the profile where none was kept for this month."""
        kept = {each["line"]: each for each in self.kept.lines} if self.kept else {}
        return [
            Outturn(each, Method(kept[each.line]["method"]), Money(kept[each.line]["outturn"]))
            if each.line in kept
            else outturn(each, Method.PROFILE)
            for each in self.spending
        ]


def year_words(year: int) -> str:
    """`2026/27`."""
    return f"{year}/{(year + 1) % 100:02d}"


def fund_to_read(viewer: Actor, fund_id: UUID) -> Fund:
    """A fund the viewer may look into. For everybody else there is none."""
    if not can(viewer, READ_FUNDS):
        raise NotVisible()
    rows = Fund.objects.visible_to(viewer).select_related("agreement", "host__organisation")
    found = rows.filter(pk=fund_id).first()
    if found is None:
        raise NotVisible()
    return found


def fund_year(viewer: Actor, fund: Fund, *, year: int | None = None, month: int | None = None) -> FundYear:
    """The year of a fund, the one that is open unless another is named; up to the last month with anything spent in it, or
    up to a month."""
    check(viewer, READ_FUNDS)
    return _year_of(fund, fund.year if year is None else year, month)


def _year_of(fund: Fund, year: int, month: int | None) -> FundYear:
    rows = BudgetLine.objects.filter(fund=fund, year=year)
    lines = list(rows.select_related("scheme", "partner__organisation", "stream"))
    budget, spent, committed = _cells(fund, year)
    if month is None:
        month = max((number for months in spent.values() for number in months), default=0)
    day = _last_day(year, month)
    spending = tuple(
        Spending(
            line=str(line.pk), scheme=line.scheme.code, partner=line.partner.organisation.code, tier=line.tier,
            budget_pence=budget[line.pk] if budget else (line.budget_pence if line.parent_id is None else 0),
            months=[spent[line.pk].get(number, 0) for number in range(1, month + 1)],
            committed_pence=committed[line.pk], is_fenced=line.stream is not None and line.stream.keeps_balance,
        )
        for line in sorted(lines, key=lambda each: (each.scheme.position, each.code, str(each.pk)))
        # Of a line that is not in the fund only what its owner has sent is known: nothing sent is no underspend.
        if line.tier in SHARED_TIERS or spent.get(line.pk)
    )  # fmt: skip
    return FundYear(
        fund, year, month, _partners(fund, year, day),
        tuple(Scheme.objects.filter(fund=fund).order_by("position", "code")),
        {str(line.pk): line for line in lines}, spending, _kept(fund, year, month),
    )  # fmt: skip


def _kept(fund: Fund, year: int, month: int) -> Forecast | None:
    """The latest forecast kept at the end of a month; at the end of a year there is nothing left to forecast."""
    if not 0 < month < MONTHS:
        return None
    return Forecast.objects.filter(fund=fund, year=year, month=month).order_by("-number").first()


def _cells(fund: Fund, year: int) -> tuple[dict[UUID, int], dict[UUID, dict[int, int]], dict[UUID, int]]:
    """By line: its budget with virements, what was spent in each month, what is committed."""
    budget: dict[UUID, int] = defaultdict(int)
    spent: dict[UUID, dict[int, int]] = defaultdict(dict)
    committed: dict[UUID, int] = defaultdict(int)
    rows = Balance.objects.filter(
        fund=fund, period__year=year, line__isnull=False, account__kind=Kind.EXPENDITURE, is_closing=False
    )
    sums = rows.values_list("book", "line_id", "period__number").annotate(pence=Sum(F("debit") - F("credit")))
    for book, line, number, pence in sums.order_by("book", "line_id", "period__number"):
        if book == Book.BUDGET:
            budget[line] += int(pence)
        elif book == Book.COMMITMENT:
            committed[line] += int(pence)
        elif book == Book.ACTUAL:
            spent[line][number] = int(pence)
    return budget, spent, committed


def _last_day(year: int, month: int) -> date:
    """The last day that the first so many months reach to; nought reaches to the year's first day."""
    if month <= 0:
        return date(year, 4, 1)
    following = month + 4
    return (
        date(year, following, 1) if following <= MONTHS else date(year + 1, following - MONTHS, 1)
    ) - date.resolution


def _partners(fund: Fund, year: int, day: date) -> tuple[PartnerYear, ...]:
    places = AgreementPartner.objects.filter(agreement=fund.agreement_id).select_related("organisation")
    of_year = Contribution.objects.filter(fund=fund, year=year)
    by_kind = of_year.values_list("kind", "partner_id").annotate(pence=Sum("agreed_pence")).order_by()
    given = {(kind, partner): int(pence) for kind, partner, pence in by_kind}
    agreed = {partner: pence for (kind, partner), pence in given.items() if kind == "cash"}
    cash = Q(contribution__fund=fund, contribution__year=year, contribution__kind="cash")
    due = dict(
        Instalment.objects.filter(cash, due_on__lte=day)
        .values_list("contribution__partner_id")
        .annotate(pence=Sum("pence"))
        .order_by()
    )
    receipts = Receipt.objects.filter(
        instalment__contribution__fund=fund, instalment__contribution__year=year, received_on__lte=day
    ).filter(instalment__contribution__kind="cash")
    received = dict(receipts.values_list("instalment__contribution__partner_id").annotate(sum=Sum("pence")).order_by())
    return tuple(
        PartnerYear(
            place, agreed.get(place.pk, 0), int(due.get(place.pk, 0)), int(received.get(place.pk, 0)),
            given.get(("in_kind", place.pk), 0),
        )
        for place in places.order_by("position")
        if place.left_on is None or place.pk in agreed
    )  # fmt: skip


def funds_shown(viewer: Actor, ids: set[UUID]) -> set[UUID]:
    """Which of these funds the viewer may see; for lists of unfinished forms."""
    return set(Fund.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))
