"""What the host of a joint budget invoices: the terms, what would be invoiced now, the invoices and where each stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Sum
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.core.errors import NotVisible
from joinedup.engines.ledger import Book, Kind
from joinedup.engines.periods import financial_year
from joinedup.funds.codes import INSIDE_TIERS
from joinedup.funds.models import AgreementPartner, Balance, Fund, Recharge, RechargeTerms, Scheme
from joinedup.funds.permissions import ISSUE_RECHARGE, READ_FUNDS, SET_RECHARGE
from joinedup.funds.recharging import BASES, Basis, Terms, charges
from joinedup.funds.vat import Mode

FIXED = "fixed"
_MOST = 400


@dataclass(frozen=True)
class ChargedLine:
    """What one service cost, and what of it a partner pays: to date, before, and now."""

    scheme: str
    name: str
    cost: int
    to_date: int
    before: int
    pence: int

    def as_data(self) -> dict[str, Any]:
        """As an invoice keeps it."""
        return {
            "scheme": self.scheme, "name": self.name, "cost": self.cost, "to_date": self.to_date, "before": self.before,
            "pence": self.pence,
        }  # fmt: skip


@dataclass(frozen=True)
class ToCharge:
    """What a partner would be invoiced for a time."""

    partner: AgreementPartner
    starts_on: date
    ends_on: date
    lines: tuple[ChargedLine, ...]

    @property
    def net(self) -> int:
        """Without VAT."""
        return sum(each.pence for each in self.lines)


def terms_on(fund: Fund, day: date) -> RechargeTerms | None:
    """The terms in force on a day; before the first ones begin, the first. Inside the part."""
    rows = list(RechargeTerms.objects.filter(fund=fund).order_by("starts_on"))
    begun = [each for each in rows if each.starts_on <= day]
    return begun[-1] if begun else (rows[0] if rows else None)


def to_charge(fund: Fund, terms: RechargeTerms, *, ends_on: date, trues_up: bool) -> list[ToCharge]:
    """What each partner owes up to a day, service by service on the year so far, less what was invoiced before. Inside the
    part: the caller has looked whether this may be seen."""
    year = financial_year(ends_on).starts_on.year
    places = {
        each.organisation.code: each
        for each in AgreementPartner.objects.filter(agreement=fund.agreement_id, left_on=None)
        .select_related("organisation")
        .order_by("position")
    }
    host = AgreementPartner.objects.select_related("organisation").get(pk=fund.host_id).organisation.code
    weights = {code: int(terms.weights.get(code, 0)) for code in places}
    said = Terms(host, Basis(terms.basis), weights, {code: int(pence) for code, pence in terms.fixed.items()})
    before, last = _charged_before(fund, year)
    services = _costs(fund, year, ends_on)
    fixed_now = said.basis is Basis.FIXED_SUM and not trues_up
    found: dict[str, list[ChargedLine]] = defaultdict(list)
    for scheme, name, cost in services if not fixed_now else [(FIXED, "Fixed sum, as agreed", 0)]:
        paid = {code: before.get((place.pk, scheme), 0) for code, place in places.items()}
        if not fixed_now and said.basis is Basis.FIXED_SUM and scheme == services[0][0]:
            # The fixed sums are trued up with the first service.
            paid = {code: pence + before.get((places[code].pk, FIXED), 0) for code, pence in paid.items()}
        for each in charges(said, cost_to_date=cost, invoiced=paid, day=ends_on, trues_up=trues_up):
            net = int(each.net)
            to_date = net if fixed_now else net + paid[each.partner]
            found[each.partner].append(ChargedLine(scheme, name, cost, to_date, paid[each.partner], net))
    first = date(year, 4, 1)
    made = []
    for code, lines in found.items():
        done = last.get(places[code].pk)
        if fixed_now and done is not None and done >= ends_on:
            continue
        starts_on = done + timedelta(days=1) if done else first
        made.append(ToCharge(places[code], min(starts_on, ends_on), ends_on, tuple(lines)))
    return [each for each in made if each.net]


def _charged_before(fund: Fund, year: int) -> tuple[dict[tuple[UUID, str], int], dict[UUID, date]]:
    """By partner and service what was invoiced less what was credited; by partner the last day that stands invoiced."""
    sums: dict[tuple[UUID, str], int] = defaultdict(int)
    last: dict[UUID, date] = {}
    for each in Recharge.objects.filter(fund=fund, year=year).select_related("credited_by").order_by("number"):
        for line in each.lines:
            sums[each.partner_id, line["scheme"]] += int(line["pence"])
        if each.credits_id is None and not hasattr(each, "credited_by"):
            last[each.partner_id] = max(last.get(each.partner_id, each.ends_on), each.ends_on)
    return sums, last


def _costs(fund: Fund, year: int, ends_on: date) -> list[tuple[str, str, int]]:
    """Every service with what it cost from the first of April to the end of a month."""
    rows = Balance.objects.filter(
        fund=fund, book=Book.ACTUAL, account__kind=Kind.EXPENDITURE, is_closing=False, period__year=year,
        period__ends_on__lte=ends_on, line__tier__in=list(INSIDE_TIERS),
    )  # fmt: skip
    sums = dict(rows.values_list("scheme_id").annotate(pence=Sum(F("debit") - F("credit"))).order_by())
    schemes = Scheme.objects.filter(fund=fund).order_by("position", "code")
    return [(str(each.pk), each.name, int(sums.get(each.pk, 0))) for each in schemes]


@dataclass(frozen=True)
class RechargeShown:
    """An invoice or credit note, and where it stands on a day."""

    row: Recharge
    sent_on: date | None
    paid_on: date | None
    credited_by: str
    on: date

    @property
    def id(self) -> UUID:
        """Its key."""
        return self.row.pk

    @property
    def is_overdue(self) -> bool:
        """Past its day and not paid, nor taken back."""
        return self.state == "overdue"

    @property
    def state(self) -> str:
        """credit, credited, paid, overdue, sent or issued."""
        if self.row.credits_id is not None:
            return "credit"
        if self.credited_by:
            return "credited"
        if self.paid_on:
            return "paid"
        if self.row.is_credit_note:
            return "credit"
        if self.row.due_on < self.on:
            return "overdue"
        return "sent" if self.sent_on else "issued"


STATES = {
    "credit": "Credit note", "credited": "Taken back", "paid": "Paid", "overdue": "Overdue", "sent": "Sent",
    "issued": "Not sent yet",
}  # fmt: skip


@dataclass(frozen=True)
class RechargesPage:
    """The invoices of a fund's year, and the terms they go by."""

    fund: Fund
    year: int
    terms: RechargeTerms | None
    shares: tuple[tuple[str, str], ...]
    basis: str
    rows: tuple[RechargeShown, ...]
    open_pence: int
    overdue_pence: int
    may: frozenset[str]


_LINKED = ("partner__organisation", "fund__host__organisation", "fund__agreement", "credits", "credited_by", "terms")


def _shown(row: Recharge, on: date) -> RechargeShown:
    steps = {each.kind: each.on for each in row.steps.all()}
    back = getattr(row, "credited_by", None)
    return RechargeShown(row, steps.get("sent"), steps.get("paid"), back.reference if back else "", on)


def recharges(viewer: Actor, fund: Fund, *, year: int) -> RechargesPage:
    """The invoices of a year, the newest first."""
    check(viewer, READ_FUNDS)
    on = timezone.localdate(viewer.at)
    rows = Recharge.objects.filter(fund=fund, year=year).select_related(*_LINKED).prefetch_related("steps")
    shown = tuple(_shown(each, on) for each in rows.order_by("-number")[:_MOST])
    waiting = [each for each in shown if each.state in {"issued", "sent", "overdue"}]
    terms = terms_on(fund, on)
    may = {"set": can(viewer, SET_RECHARGE, fund), "issue": terms is not None and can(viewer, ISSUE_RECHARGE, fund)}
    return RechargesPage(
        fund, year, terms, _shares(fund, terms), BASES[Basis(terms.basis)] if terms else "", shown,
        sum(each.row.gross_pence for each in waiting), sum(each.row.gross_pence for each in waiting if each.is_overdue),
        frozenset(name for name, is_so in may.items() if is_so and fund.model == "joint"),
    )  # fmt: skip


def _shares(fund: Fund, terms: RechargeTerms | None) -> tuple[tuple[str, str], ...]:
    """Each partner's share in words: of the cost, or its fixed sum."""
    if terms is None:
        return ()
    whole = sum(int(each) for each in terms.weights.values()) or 1
    there = AgreementPartner.objects.filter(agreement=fund.agreement_id, left_on=None).select_related("organisation")
    return tuple(
        (each.organisation.name, f"{int(terms.weights.get(each.organisation.code, 0)) * 100 / whole:.4g}%")
        for each in there.order_by("position")
    )


def partners_to_charge(viewer: Actor, fund: Fund) -> list[tuple[str, str, bool]]:
    """Every partner's code and name, and whether it is the host."""
    check(viewer, READ_FUNDS)
    there = AgreementPartner.objects.filter(agreement=fund.agreement_id, left_on=None).select_related("organisation")
    return [
        (each.organisation.code, each.organisation.name, each.pk == fund.host_id) for each in there.order_by("position")
    ]


def recharge_for_change(viewer: Actor, recharge_id: UUID) -> Recharge:
    """An invoice of a fund the viewer may see."""
    if not can(viewer, READ_FUNDS):
        raise NotVisible
    rows = Recharge.objects.filter(fund__in=Fund.objects.visible_to(viewer)).select_related(*_LINKED)
    found = rows.prefetch_related("steps").filter(pk=recharge_id).first()
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True)
class RechargePage:
    """One invoice with what may be done with it."""

    shown: RechargeShown
    row: Recharge
    may: frozenset[str]


def recharge(viewer: Actor, recharge_id: UUID) -> RechargePage:
    """One invoice or credit note."""
    row = recharge_for_change(viewer, recharge_id)
    shown = _shown(row, timezone.localdate(viewer.at))
    is_hosts = can(viewer, ISSUE_RECHARGE, row)
    may = {
        "send": is_hosts and shown.sent_on is None,
        "pay": is_hosts and shown.state in {"sent", "overdue"},
        "credit": is_hosts and row.credits_id is None and not shown.credited_by,
    }
    return RechargePage(shown, row, frozenset(name for name, is_so in may.items() if is_so))


def mode_of(row: Recharge) -> Mode:
    """How money passes between these partners."""
    return Mode(row.mode)


def invoiced_and_paid(fund: Fund, year: int, day: date) -> dict[UUID, tuple[int, int]]:
    """By partner: what the host of a joint budget has invoiced less what it took back, and what was paid, with VAT. Inside
    the part."""
    sums: dict[UUID, tuple[int, int]] = {}
    rows = Recharge.objects.filter(fund=fund, year=year, issued_on__lte=day).prefetch_related("steps")
    for each in rows.order_by("number"):
        invoiced, paid = sums.get(each.partner_id, (0, 0))
        is_paid = any(step.kind == "paid" and step.on <= day for step in each.steps.all())
        sums[each.partner_id] = (invoiced + each.gross_pence, paid + (each.gross_pence if is_paid else 0))
    return sums
