"""Invoicing the partners of a joint budget: the terms, the invoices in one series of numbers, sent, paid, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.formats import date_long
from joinedup.engines.ledger import EntryKind, Line
from joinedup.engines.periods import financial_year
from joinedup.funds import chart, rules
from joinedup.funds.codes import MODEL_SENTENCES, MODELS, Model
from joinedup.funds.models import AgreementPartner, Fund, Recharge, RechargeStep, RechargeTerms
from joinedup.funds.permissions import ISSUE_RECHARGE, SET_RECHARGE
from joinedup.funds.queries.recharges import ToCharge, terms_on, to_charge
from joinedup.funds.recharging import Basis, invoice_number
from joinedup.funds.services.posting import Draft, put_into_ledger
from joinedup.funds.services.steps import _lock, _said
from joinedup.funds.settings import recharge_days
from joinedup.funds.vat import Mode, VatCode, needs_reason, rate_on, vat_between_partners


@dataclass(frozen=True)
class TermsSaid:
    """How a joint budget is invoiced: by a share of the cost, or by fixed sums (pence by the code of the organisation)."""

    basis: str
    mode: str
    weights: Mapping[str, int]
    fixed: Mapping[str, int]
    clause: str
    starts_on: date
    reason: str = ""


def _require_joint(fund: Fund) -> None:
    """R-9."""
    if fund.model != Model.JOINT:
        model = Model(fund.model)
        raise rules.RECHARGED_JOINT.refused(
            fund=fund.name, model=MODELS[model].lower(), why=MODEL_SENTENCES[model].rstrip(".").lower()
        )


@service(SET_RECHARGE, on="fund")
def set_recharge_terms(*, fund: Fund, said: TermsSaid, by: Actor, at: datetime) -> RechargeTerms:
    """Say how a joint budget is invoiced from a day on. Raises Refused (R-9, FU-303, FU-351, FU-359, FU-370)."""
    _require_joint(fund)
    _lock(fund)
    codes = set(
        AgreementPartner.objects.filter(agreement=fund.agreement_id, left_on=None).values_list(
            "organisation__code", flat=True
        )
    )
    if set(said.weights) != codes or min(said.weights.values()) < 0 or not any(said.weights.values()):
        raise rules.RECHARGE_WEIGHTS.refused()
    latest = RechargeTerms.objects.filter(fund=fund).order_by("-starts_on").first()
    if latest is not None and said.starts_on <= latest.starts_on:
        raise rules.RULE_FOLLOWS.refused("starts_on", day=date_long(latest.starts_on))
    before = Mode(latest.mode) if latest else Mode.AGENCY
    saved = sum(said.weights.values()) if before is Mode.AGENCY and said.mode == Mode.POOLED else 0
    if latest is not None and needs_reason(before, Mode(said.mode), saved, said.reason):
        raise rules.VAT_HAS_REASON.refused()
    terms = RechargeTerms.objects.create(
        fund=fund, basis=Basis(said.basis), mode=Mode(said.mode), weights=dict(said.weights), fixed=dict(said.fixed),
        clause=_said(said.clause, rules.CLAUSE_QUOTED, 4000), reason=said.reason.strip()[:500], starts_on=said.starts_on,
        recorded_at=at, recorded_by=by.account_id,
    )  # fmt: skip
    note(subject=terms, changed=("recharge",), words={"fund": fund.code})
    return terms


@service(ISSUE_RECHARGE, on="fund")
def issue_recharges(*, fund: Fund, ends_on: date, trues_up: bool = False, by: Actor, at: datetime) -> list[Recharge]:
    """Invoice every partner up to the last day of a month: numbered in one series without gaps, and posted. What each owes is
    its share of the year so far less what was invoiced before, so pennies lost to rounding come back. Raises Refused (R-9,
    FU-350, FU-352, FU-354)."""
    _require_joint(fund)
    _lock(fund)
    today = timezone.localdate(at)
    terms = terms_on(fund, ends_on)
    if terms is None:
        raise rules.RECHARGE_TERMS.refused()
    if ends_on >= today or (ends_on + timedelta(days=1)).day != 1:
        last = ends_on if ends_on >= today else _month_end(ends_on)
        raise rules.RECHARGE_PERIOD.refused(when=f"{last:%B %Y}", day=date_long(last))
    wanted = to_charge(fund, terms, ends_on=ends_on, trues_up=trues_up)
    if not wanted:
        raise rules.RECHARGE_NOTHING.refused()
    year = financial_year(ends_on).starts_on.year
    made = [_issue(fund, terms, year, each, by, at) for each in wanted]
    note(changed=("recharges",), words={"fund": fund.code, "invoices": [each.reference for each in made]})
    return made


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _next_number(fund: Fund, year: int) -> int:
    """The fund is locked: nobody else takes this number, and a refusal gives it back."""
    return int(Recharge.objects.filter(fund=fund, year=year).aggregate(most=Max("number"))["most"] or 0) + 1


def _issue(fund: Fund, terms: RechargeTerms, year: int, each: ToCharge, by: Actor, at: datetime) -> Recharge:
    today = timezone.localdate(at)
    mode, net = Mode(terms.mode), each.net
    number = _next_number(fund, year)
    row = Recharge(
        fund=fund, partner=each.partner, terms=terms, year=year, number=number, starts_on=each.starts_on, ends_on=each.ends_on,
        reference=invoice_number(fund.code, year, number, is_credit_note=net < 0), net_pence=net, mode=mode,
        vat_pence=int(vat_between_partners(mode, net, today)),
        vat_rate=rate_on(VatCode.STANDARD, today) if mode is Mode.AGENCY else 0,
        lines=[line.as_data() for line in each.lines if line.pence], issued_on=today, issued_at=at, issued_by=by.account_id,
        due_on=today + timedelta(days=recharge_days(today)),
    )  # fmt: skip
    lines = _booked(row)
    words = f"{'Credit note' if net < 0 else 'Invoice'} {row.reference} to {each.partner.organisation.name}"
    draft = Draft(f"recharge {row.reference}", today, lines, memo=words, source=("funds.recharge", str(row.pk)))
    row.entry_id = put_into_ledger(fund=fund, drafts=[draft], by=by, at=at)[0].pk
    row.save(force_insert=True)
    return row


def _booked(row: Recharge) -> list[Line]:
    """The partner owes it; it is the fund's income; the VAT on it goes on to the tax office."""
    partner = str(row.partner_id)
    lines = [
        Line(chart.OWED_BY_PARTNERS, row.gross_pence, partner=partner),
        Line(chart.OTHER_INCOME, -row.net_pence, partner=partner),
    ]
    if row.vat_pence:
        lines.append(Line(chart.VAT_TO_RECLAIM, -row.vat_pence, vat_code=VatCode.STANDARD))
    return lines


def _step(row: Recharge, kind: str, **facts: Any) -> RechargeStep:
    return RechargeStep.objects.create(recharge=row, kind=kind, **facts)


def _done(row: Recharge) -> set[str]:
    return set(RechargeStep.objects.filter(recharge=row).values_list("kind", flat=True))


@service(ISSUE_RECHARGE, on="recharge")
def mark_recharge_sent(*, recharge: Recharge, sent_on: date, by: Actor, at: datetime) -> RechargeStep:
    """The invoice went to the partner on a day. Raises Refused (FU-154, FU-355)."""
    _lock(recharge.fund)
    if "sent" in _done(recharge):
        raise rules.RECHARGE_STEPS.refused(state="sent")
    _require_past(sent_on, at)
    note(changed=("sent",), words={"reference": recharge.reference})
    return _step(recharge, "sent", on=sent_on, at=at, by=by.account_id)


@service(ISSUE_RECHARGE, on="recharge")
def record_recharge_paid(*, recharge: Recharge, paid_on: date, reference: str, by: Actor, at: datetime) -> RechargeStep:
    """The partner paid all of it: at the bank, and no longer owed. Raises Refused (FU-154, FU-355)."""
    _lock(recharge.fund)
    if "paid" in _done(recharge) or Recharge.objects.filter(credits=recharge).exists():
        raise rules.RECHARGE_STEPS.refused(state="paid" if "paid" in _done(recharge) else "taken back")
    _require_past(paid_on, at)
    lines = [
        Line(chart.BANK, recharge.gross_pence),
        Line(chart.OWED_BY_PARTNERS, -recharge.gross_pence, partner=str(recharge.partner_id)),
    ]
    draft = Draft(
        f"recharge paid {recharge.reference}", paid_on, lines, memo=f"{recharge.reference} paid: {reference.strip()}",
        source=("funds.rechargestep", str(recharge.pk)),
    )  # fmt: skip
    entry = put_into_ledger(fund=recharge.fund, drafts=[draft], by=by, at=at)[0]
    note(changed=("paid",), words={"reference": recharge.reference})
    return _step(
        recharge, "paid", on=paid_on, reference=reference.strip()[:120], entry_id=entry.pk, at=at, by=by.account_id
    )


def _require_past(day: date, at: datetime) -> None:
    if day > timezone.localdate(at):
        raise rules.RECEIPT_BY_NOW.refused("on")


@service(ISSUE_RECHARGE, on="recharge")
def credit_recharge(*, recharge: Recharge, reason: str, by: Actor, at: datetime) -> Recharge:
    """Take an invoice back by a credit note with the next number: its lines the other way round, its entry reversed. The time
    it was for may be invoiced again. Raises Refused (FU-356 to FU-358)."""
    fund = recharge.fund
    _lock(fund)
    if recharge.credits_id is not None:
        raise rules.CREDIT_OF_INVOICE.refused()
    back = Recharge.objects.filter(credits=recharge).first()
    if back is not None:
        raise rules.CREDITED_ONCE.refused(reference=recharge.reference, by=back.reference)
    why = _said(reason, rules.CREDIT_SAYS_WHY)
    today = timezone.localdate(at)
    number = _next_number(fund, recharge.year)
    row = Recharge(
        fund=fund, partner=recharge.partner, terms=recharge.terms, year=recharge.year, number=number,
        reference=invoice_number(fund.code, recharge.year, number, is_credit_note=recharge.net_pence > 0),
        starts_on=recharge.starts_on, ends_on=recharge.ends_on, net_pence=-recharge.net_pence,
        vat_pence=-recharge.vat_pence, vat_rate=recharge.vat_rate, mode=recharge.mode, credits=recharge, reason=why,
        lines=[_turned(line) for line in recharge.lines], issued_on=today, due_on=today, issued_at=at, issued_by=by.account_id,
    )  # fmt: skip
    draft = Draft(
        f"recharge {row.reference}", today, [line.mirrored() for line in _booked(recharge)], kind=EntryKind.REVERSAL,
        reverses=recharge.entry_id, memo=f"Credit note {row.reference} takes back {recharge.reference}: {why}"[:300],
        source=("funds.recharge", str(row.pk)),
    )  # fmt: skip
    row.entry_id = put_into_ledger(fund=fund, drafts=[draft], by=by, at=at)[0].pk
    row.save(force_insert=True)
    note(subject=row, changed=("recharges",), words={"reference": row.reference, "takes_back": recharge.reference})
    return row


def _turned(line: Mapping[str, Any]) -> dict[str, Any]:
    return {**line, "before": line["to_date"], "to_date": line["before"], "pence": -int(line["pence"])}
