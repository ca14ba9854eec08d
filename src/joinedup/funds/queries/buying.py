"""What a fund has bought with the VAT on it, and what the same lines would cost if another partner delivered them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet, Sum

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.engines.money import Money
from joinedup.funds import vat
from joinedup.funds.models import AgreementPartner, BudgetLine, Entry, Fund, PartnerVat, PermittedKind, Purchase
from joinedup.funds.permissions import READ_FUNDS
from joinedup.funds.spending_kinds import Permitted, SpendingKind, permitted_on
from joinedup.funds.vat import Body, Leakage, Regime, VatCode

PAGE = 50
_MOST = 20_000


@dataclass(frozen=True)
class PurchasePage:
    """Some purchases, the newest first, what all of the year come to but those taken back in it, and where the next page begins."""

    rows: tuple[Purchase, ...]
    net: int
    irrecoverable: int
    after: str


def purchases_of(viewer: Actor, fund: Fund, *, year: int, after: str = "") -> PurchasePage:
    """The purchases of a year."""
    check(viewer, READ_FUNDS)
    of_year = _of_year(fund, year)
    back = Entry.objects.filter(fund=fund, period__year=year, reverses__isnull=False).values("reverses_id")
    sums = of_year.exclude(entry_id__in=back).aggregate(
        net=Sum("net_pence", default=0), vat=Sum("vat_pence", default=0), back=Sum("reclaimed_pence", default=0)
    )
    rows = of_year.select_related("line__scheme", "delivered_by__organisation").order_by("-bought_on", "-id")
    if (cut := _cut(after)) is not None:
        day, last = cut
        rows = rows.filter(bought_on__lte=day).exclude(bought_on=day, id__gte=last)
    found = list(rows[: PAGE + 1])
    more = f"{found[PAGE - 1].bought_on:%Y%m%d}-{found[PAGE - 1].pk}" if len(found) > PAGE else ""
    return PurchasePage(tuple(found[:PAGE]), int(sums["net"]), int(sums["vat"] - sums["back"]), more)


def _of_year(fund: Fund, year: int) -> QuerySet[Purchase]:
    """What the budgets of a year paid for: that is also the year it is posted in, whenever it was bought."""
    return Purchase.objects.filter(fund=fund, line__year=year)


def _cut(after: str) -> tuple[date, UUID] | None:
    day, _, key = after.partition("-")
    try:
        return date(int(day[:4]), int(day[4:6]), int(day[6:8])), UUID(key)
    except ValueError:
        return None


def bodies_of(viewer: Actor, fund: Fund, day: date) -> dict[UUID, tuple[AgreementPartner, Body | None]]:
    """Every partner with how it reclaims VAT on a day; None where nobody has said."""
    check(viewer, READ_FUNDS)
    return _bodies(fund, day)


def _bodies(fund: Fund, day: date) -> dict[UUID, tuple[AgreementPartner, Body | None]]:
    places = AgreementPartner.objects.filter(agreement=fund.agreement_id).select_related("organisation")
    said: dict[UUID, PartnerVat] = {}
    rows = PartnerVat.objects.filter(partner__agreement=fund.agreement_id, starts_on__lte=day).order_by("starts_on")
    for row in rows:
        said[row.partner_id] = row
    return {
        place.pk: (place, _body(place, said.get(place.pk)))
        for place in places.order_by("position")
        if place.left_on is None or place.left_on > day
    }


def _body(place: AgreementPartner, said: PartnerVat | None) -> Body | None:
    return Body(place.organisation.name, Regime(said.regime), said.part) if said else None


@dataclass(frozen=True)
class HostWhatIf:
    """The purchases of a year as they are and as if one partner delivered all of them."""

    partner: AgreementPartner
    body: Body
    lines: tuple[tuple[Purchase, Leakage], ...]

    @property
    def leaked(self) -> Money:
        """What the fund would pay more."""
        return vat.leaked(each for _, each in self.lines)

    @property
    def by_scheme(self) -> dict[str, Money]:
        """The same by service."""
        return vat.leaked_by_scheme(each for _, each in self.lines)

    @property
    def worst(self) -> list[tuple[Purchase, Leakage]]:
        """The lines it would change most."""
        changed = [each for each in self.lines if each[1].difference]
        return sorted(changed, key=lambda each: (-abs(each[1].difference), str(each[0].pk)))[:PAGE]


def if_hosted_by(viewer: Actor, fund: Fund, partner_id: UUID, *, year: int, day: date) -> HostWhatIf | None:
    """What the year's purchases would cost if this partner delivered them; None where nobody has said how it reclaims."""
    check(viewer, READ_FUNDS)
    place, body = _bodies(fund, day).get(partner_id, (None, None))
    if place is None or body is None:
        return None
    rows = list(
        _of_year(fund, year)
        .select_related("line__scheme", "delivered_by__organisation")
        .order_by("bought_on", "id")[:_MOST]
    )
    parts = _parts(rows)
    lines = [
        (vat_line(row), Body(row.delivered_by.organisation.name, Regime(row.regime), parts[row.pk])) for row in rows
    ]
    return HostWhatIf(place, body, tuple(zip(rows, vat.leakage(lines, body), strict=True)))


def vat_line(row: Purchase) -> vat.Purchase:
    """A purchase as the rules of VAT know it."""
    return vat.Purchase(
        row.line.scheme.name, row.net_pence, VatCode(row.vat_code), row.bought_on, row.cos_heading, row.vat_pence
    )


def _parts(rows: Iterable[Purchase]) -> dict[UUID, int]:
    """What a partly exempt body got back of each, in hundredths of a per cent, as it was booked."""
    return {row.pk: row.reclaimed_pence * 10_000 // row.vat_pence if row.vat_pence else 0 for row in rows}


def _permitted(agreement_id: UUID, day: date) -> list[SpendingKind]:
    rows = PermittedKind.objects.filter(agreement=agreement_id)
    return permitted_on([Permitted(each.kind, each.starts_on, each.ends_on) for each in rows], day)


def kinds_on(viewer: Actor, fund: Fund, day: date) -> list[SpendingKind]:
    """The kinds of spending the agreement of a fund permits on a day."""
    check(viewer, READ_FUNDS)
    return _permitted(fund.agreement_id, day)


def kinds_of(viewer: Actor, agreement_id: UUID) -> list[PermittedKind]:
    """Every kind an agreement permits or has permitted, with its days; the caller has looked whether the viewer may see it."""
    check(viewer, READ_FUNDS)
    return list(PermittedKind.objects.filter(agreement=agreement_id).order_by("kind", "starts_on", "recorded_at"))


def lines_to_buy_from(viewer: Actor, fund: Fund) -> list[BudgetLine]:
    """The lines of the open year."""
    check(viewer, READ_FUNDS)
    rows = BudgetLine.objects.filter(fund=fund, year=fund.year).select_related("scheme", "partner__organisation")
    return list(rows.order_by("scheme__position", "code"))
