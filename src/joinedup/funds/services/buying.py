"""Saying how a partner reclaims VAT, and recording what a fund has bought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.formats import date_long
from joinedup.engines.ledger import Line
from joinedup.engines.money import format_pounds
from joinedup.engines.periods import financial_year
from joinedup.funds import chart, rules, vat
from joinedup.funds.models import AgreementPartner, BudgetLine, Fund, PartnerVat, Period, Purchase
from joinedup.funds.permissions import RECORD_PURCHASE, SET_VAT_REGIME
from joinedup.funds.queries.buying import _bodies, _permitted
from joinedup.funds.queries.figures import figures_of, room_of
from joinedup.funds.queries.seen import year_words
from joinedup.funds.services.booking import commitment, line_of
from joinedup.funds.services.posting import Draft, put_into_ledger
from joinedup.funds.services.steps import _lock, _require_working
from joinedup.funds.spending_kinds import SpendingKind, kind_words
from joinedup.funds.vat import Cost, Regime, VatCode


@dataclass(frozen=True)
class Bought:
    """One line of an invoice; below nought it is a credit note. `vat_pence` is what the invoice says, None where it is worked
    out. `releases` is what of it was promised before and is promised no longer. `kind` is the kind of
    spending, one the agreement permits on that day."""

    delivered_by: AgreementPartner
    supplier: str
    invoice: str
    what: str
    bought_on: date
    net_pence: int
    vat_code: str = VatCode.STANDARD
    cos_heading: str = ""
    vat_pence: int | None = None
    releases: bool = False
    kind: str = ""


@service(SET_VAT_REGIME, on="partner")
def set_vat_regime(
    *, partner: AgreementPartner, regime: str, part: int = 0, starts_on: date, by: Actor, at: datetime
) -> PartnerVat:
    """Say how a partner reclaims VAT from a day on. Raises Refused (FU-334)."""
    _lock(partner)
    part = max(0, min(part, 10_000)) if regime == Regime.PARTIAL else 0
    try:
        with transaction.atomic():
            row = PartnerVat.objects.create(
                partner=partner, regime=Regime(regime), part=part, starts_on=starts_on, recorded_at=at,
                recorded_by=by.account_id,
            )  # fmt: skip
    except IntegrityError as error:
        raise rules.REGIME_ONCE.refused(partner=partner.organisation.name) from error
    note(subject=row, changed=("vat",), words={"regime": regime})
    return row


@service(RECORD_PURCHASE, on="fund")
def record_purchase(*, fund: Fund, line: BudgetLine, said: Bought, by: Actor, at: datetime) -> Purchase:
    """Record a line of an invoice and post it: net and what cannot be reclaimed on its line, what can be as owed by the tax
    office. An invoice of a month that is closed is posted in the first that is open. Raises Refused
    (R-3, FU-128, FU-237, FU-330 to FU-333, FU-335 to FU-337, FU-2xx)."""
    return _record(fund, line, said, None, by, at)


def _record(fund: Fund, line: BudgetLine, said: Bought, promised: int | None, by: Actor, at: datetime) -> Purchase:
    """A purchase, of which `promised` pence were set aside before by a promise of their own. Called only inside guarded
    services."""
    _lock(fund)  # whoever promises money holds it, too: R-3 is asked by one at a time
    _lock(line)
    _require_working(fund.agreement)
    if line.fund_id != fund.pk or said.delivered_by.agreement_id != fund.agreement_id:
        raise rules.SCHEME_OF_FUND.refused()
    if not (said.supplier.strip() and said.invoice.strip() and said.what.strip()):
        raise rules.INVOICE_COMPLETE.refused()
    posted_on = _posting_day(line, said.bought_on, at)
    _require_permitted_kind(fund, said)
    _, body = _bodies(fund, said.bought_on).get(said.delivered_by.pk, (None, None))
    if body is None:
        raise rules.REGIME_KNOWN.refused(partner=said.delivered_by.organisation.name)
    cost = _cost(line, said, body)
    released = _released(by, line, said, cost) if promised is None else promised
    _require_room(by, line, cost, released)
    fields = {
        "supplier": said.supplier.strip()[:160], "invoice": said.invoice.strip()[:60], "what": said.what.strip()[:200],
        "kind": said.kind, "bought_on": said.bought_on, "net_pence": cost.net, "vat_code": VatCode(said.vat_code),
        "cos_heading": said.cos_heading.strip()[:40], "vat_pence": cost.vat, "reclaimed_pence": cost.reclaimed,
        "regime": body.regime,
    }  # fmt: skip
    if Purchase.objects.filter(fund=fund, line=line, supplier=fields["supplier"], invoice=fields["invoice"]).exists():
        raise rules.INVOICE_ONCE.refused(supplier=fields["supplier"])
    row = Purchase(
        fund=fund, line=line, delivered_by=said.delivered_by, recorded_at=at, recorded_by=by.account_id, **fields
    )
    drafts = [_draft(row, line, cost, posted_on)]
    if released:
        drafts.append(
            commitment(
                line, -released, on=posted_on, key=f"released {row.pk}", memo=f"Invoiced: {row}",
                source=("funds.purchase", str(row.pk)),
            )
        )  # fmt: skip
    row.entry_id = put_into_ledger(fund=fund, drafts=drafts, by=by, at=at)[0].pk
    row.save(force_insert=True)
    note(subject=row, changed=("purchases",), words={"fund": fund.code, "line": line.code})
    return row


def _require_permitted_kind(fund: Fund, said: Bought) -> None:
    """R-3, FU-336 and FU-337: it says what kind of spending it is, and the agreement permits that on its day."""
    if said.kind not in set(SpendingKind):
        raise rules.KIND_NAMED.refused()
    permitted = _permitted(fund.agreement_id, said.bought_on)
    if said.kind not in permitted:
        raise rules.KIND_PERMITTED.refused(
            kind=kind_words(said.kind), day=date_long(said.bought_on),
            permitted=", ".join(f"“{kind_words(each)}”" for each in permitted) or "no kind of spending yet",
        )  # fmt: skip


def _cost(line: BudgetLine, said: Bought, body: vat.Body) -> Cost:
    if not said.net_pence:
        raise rules.AMOUNT_POSITIVE.refused("net")
    bought = vat.Purchase(
        line.scheme.name, said.net_pence, VatCode(said.vat_code), said.bought_on, said.cos_heading, said.vat_pence
    )
    try:
        return vat.cost_of(bought, body)
    except (ValueError, LookupError) as wrong:
        raise rules.VAT_OF_ITS_KIND.refused(why=str(wrong.args[0])) from None


def _released(by: Actor, line: BudgetLine, said: Bought, cost: Cost) -> int:
    return max(min(figures_of(by, line).committed, cost.to_the_fund), 0) if said.releases else 0


def _require_room(by: Actor, line: BudgetLine, cost: Cost, released: int) -> None:
    """R-3: what it costs the fund fits into what is left of the line and what is allowed over it."""
    left = room_of(by, line) + released
    if cost.to_the_fund > max(left, 0):
        raise rules.SPENT_FROM_BUDGET.refused(
            "net", available=format_pounds(left), amount=format_pounds(cost.to_the_fund)
        )


def _posting_day(line: BudgetLine, bought_on: date, at: datetime) -> date:
    """The day of the invoice; where its month is closed already, or lies before the year of the budget that pays, the first
    day of the earliest month of that year that is open. Raises Refused (FU-237, FU-335)."""
    if bought_on > timezone.localdate(at):
        raise rules.POSTED_BY_NOW.refused("bought_on")
    if financial_year(bought_on).starts_on.year > line.year:
        raise rules.INVOICE_OF_ITS_YEAR.refused(day=date_long(bought_on), line=str(line), year=year_words(line.year))
    months = Period.objects.filter(fund=line.fund_id, year=line.year, state="open").order_by("number")
    first = months.first()
    return max(bought_on, first.starts_on) if first is not None else bought_on


def _draft(row: Purchase, line: BudgetLine, cost: Cost, posted_on: date) -> Draft:
    lines = [line_of(line, cost.net)]
    if cost.irrecoverable:
        lines.append(line_of(line, cost.irrecoverable, heading=chart.IRRECOVERABLE_VAT))
    if cost.reclaimed:
        lines.append(
            Line(chart.VAT_TO_RECLAIM, cost.reclaimed, partner=str(row.delivered_by_id), vat_code=row.vat_code)
        )
    lines.append(Line(chart.CREDITORS, -(cost.net + cost.vat)))
    return Draft(
        f"purchase {row.pk}", posted_on, lines, memo=f"{row.supplier} {row.invoice}: {row.what}"[:300],
        source=("funds.purchase", str(row.pk)),
    )  # fmt: skip
