"""Money that moves in a fund, for a partner's own system: promises from a budget, what came in, signatures under statements,
answers to disputes, invoices of joint budgets. The rules and the permissions are those of the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StrictInt

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.access.permissions import check
from joinedup.api import schemas
from joinedup.api.funds import StatementOut, Year, YearQuery, statement_out
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.funds import services
from joinedup.funds.permissions import (
    ANSWER_DISPUTE,
    COMMIT_BUDGET,
    ISSUE_RECHARGE,
    RECORD_RECEIPT,
    RELEASE_COMMITMENT,
    SIGN_BALANCE,
)
from joinedup.funds.queries import (
    commitments,
    contributions,
    disputes,
    fund_to_read,
    line_for_change,
    recharges,
    statements,
)

_ID = "0192f0c4-0000-7000-8000-000000000001"
Pence = Annotated[StrictInt, Field(gt=0, le=10**13)]


class PromiseOut(Schema):
    """A promise from a budget. `state` is open, released or bought."""

    id: UUID
    line_id: UUID
    pence: int
    what: str
    state: str
    committed_at: datetime


class ReceiptOut(Schema):
    """What came in of an instalment."""

    id: int
    instalment_id: UUID
    pence: int
    received_on: date
    reference: str
    entry_id: UUID | None


class ReceiptSeenOut(Schema):
    """What came in of an instalment; below nought it takes back the one it names in `corrects`."""

    id: int
    pence: int
    received_on: date
    reference: str
    entry_id: UUID | None
    corrects: int | None
    is_taken_back: bool


class InstalmentOut(Schema):
    """An instalment of a contribution: `stands` is to_come, due, part, received or overdue."""

    id: UUID
    partner_id: UUID
    partner: str
    stream: str
    kind: str
    number: int
    due_on: date
    pence: int
    received: int
    stands: str
    receipts: list[ReceiptSeenOut]


class MoveOut(Schema):
    """What somebody said in a dispute."""

    title: str
    at: datetime
    by: str
    description: str


class DisputedOut(Schema):
    """A disputed balance."""

    code: str
    words: str
    pence: int


class DisputeOut(Schema):
    """A dispute with its clock: which step, who tries to settle it, until when."""

    id: UUID
    fund_id: UUID
    reference: str
    partner: str
    year: int
    quarter: int
    balances: list[DisputedOut]
    step: str
    step_number: int
    steps: int
    step_ends_on: date
    is_open: bool
    is_late: bool
    decision: str
    moves: list[MoveOut]


class RechargeOut(Schema):
    """An invoice or credit note of a joint budget. `state` is issued, sent, paid, overdue, credited or credit."""

    id: UUID
    reference: str
    partner: str
    starts_on: date
    ends_on: date
    due_on: date
    net_pence: int
    vat_pence: int
    gross_pence: int
    state: str
    sent_on: date | None
    paid_on: date | None


class PromiseIn(Schema):
    """How much, and for what, said without a name."""

    model_config = taken(pence=18000, what="A washing machine, second-hand")

    pence: Pence
    what: schemas.Text200


class FundReasonIn(Schema):
    """Why."""

    model_config = taken(reason="The school lends one.")

    reason: schemas.Text200


class ReceiptIn(Schema):
    """What came in, on which day, and what the bank calls it."""

    model_config = taken(pence=2000000, received_on="2026-10-10", reference="NHS 3/2026")

    pence: Pence
    received_on: schemas.Day
    reference: schemas.Text120


class SignatureIn(Schema):
    """The statement that was read, known by its `digest`, is agreed; or some of its balances are disputed, and why."""

    model_config = taken(partner_id=_ID, year=2026, quarter=2, digest="0" * 64, disputed=[], words="")

    partner_id: UUID
    year: Year
    quarter: Annotated[StrictInt, Field(ge=1, le=4)]
    digest: Annotated[str, Field(min_length=64, max_length=64, pattern="^[0-9a-f]*$")]
    disputed: Annotated[list[schemas.Code], Field(max_length=20)] = []
    words: schemas.Text4000 = ""


class FundAnswerIn(Schema):
    """What another partner answers."""

    model_config = taken(words="The posts are in the agreed staffing.")

    words: schemas.Text4000


class SentIn(Schema):
    """When the invoice went to the partner."""

    model_config = taken(sent_on="2026-10-05")

    sent_on: schemas.Day


class PaidIn(Schema):
    """When all of it was paid, and what the bank calls it."""

    model_config = taken(paid_on="2026-10-26", reference="NHS EQ/2026/004")

    paid_on: schemas.Day
    reference: schemas.Text120


def router(answers: Answers) -> Router:
    """The addresses under /funds where money moves, or somebody says something about it."""
    found = Router(tags=["Shared money"])
    at = Addresses(found, answers)
    at.reads("/{uuid:fund_id}/instalments", list[InstalmentOut], _instalments, "What partners pay in")
    at.writes("/instalments/{uuid:instalment_id}/receipts", ReceiptOut, _receive, "Record what came in")
    at.writes("/{uuid:fund_id}/statements/signatures", StatementOut, _sign, "Agree or dispute balances")
    at.reads("/disputes", list[DisputeOut], _disputes, "Disputed balances")
    at.reads("/disputes/{uuid:dispute_id}", DisputeOut, _dispute, "One dispute")
    at.writes("/disputes/{uuid:dispute_id}/answer", DisputeOut, _answer, "Answer a dispute")
    at.reads("/{uuid:fund_id}/invoices", list[RechargeOut], _recharges, "Invoices of a joint budget")
    at.writes("/invoices/{uuid:recharge_id}/sent", RechargeOut, _sent, "The invoice is sent")
    at.writes("/invoices/{uuid:recharge_id}/paid", RechargeOut, _paid, "The invoice is paid")
    at.writes("/lines/{uuid:line_id}/commitments", PromiseOut, _promise, "Promise money from a budget")
    at.writes("/commitments/{uuid:commitment_id}/release", PromiseOut, _release, "A promise is not needed")
    return found


# --- Promises.


def _promised(row: Any) -> dict[str, Any]:
    names = ("line_id", "pence", "what", "state", "committed_at")
    return {name: getattr(row, name) for name in names} | {"id": row.pk}


def _promise(request: HttpRequest, line_id: UUID, sent: PromiseIn) -> dict[str, Any]:
    """The holder of a budget promises from it, up to their limit and never more than is left."""
    viewer = viewer_of(request)
    line = line_for_change(viewer, line_id)
    check(viewer, COMMIT_BUDGET, line)
    row = services.commit_from_budget(
        line=line, pence=sent.pence, what=sent.what, key=f"api {uuid4()}", by=viewer, at=viewer.at
    )
    return _promised(row)


def _release(request: HttpRequest, commitment_id: UUID, sent: FundReasonIn) -> dict[str, Any]:
    """What was promised is not needed after all."""
    viewer = viewer_of(request)
    row = commitments.commitment_for_change(viewer, commitment_id)
    check(viewer, RELEASE_COMMITMENT, row)
    return _promised(services.release_commitment(commitment=row, reason=sent.reason, by=viewer, at=viewer.at))


# --- Contributions.


def _instalments(request: HttpRequest, fund_id: UUID, wanted: Query[YearQuery]) -> list[dict[str, Any]]:
    """Every instalment of a year with what has come of it."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    found = contributions.instalments_of(viewer, fund, wanted.year or fund.year)
    return [each.__dict__ | {"receipts": [one.__dict__ for one in each.receipts]} for each in found]


def _receive(request: HttpRequest, instalment_id: UUID, sent: ReceiptIn) -> dict[str, Any]:
    """The whole of an instalment or a part has come in; it is posted at once."""
    viewer = viewer_of(request)
    row = contributions.instalment_for_change(viewer, instalment_id)
    fund = row.contribution.fund
    check(viewer, RECORD_RECEIPT, fund)
    made = services.record_receipt(fund=fund, instalment=row, **sent.model_dump(), by=viewer, at=viewer.at)
    names = ("id", "instalment_id", "pence", "received_on", "reference", "entry_id")
    return {name: getattr(made, name) for name in names}


# --- Statements and disputes.


def _sign(request: HttpRequest, fund_id: UUID, sent: SignatureIn) -> dict[str, Any]:
    """A finance director agrees the statement that was read, or disputes lines of it with a reason."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    when = {"year": sent.year, "quarter": sent.quarter}
    found = statements.statement(viewer, fund, sent.partner_id, **when)
    check(viewer, SIGN_BALANCE, found.partner.place)
    services.sign_balance(
        partner=found.partner.place, fund=fund, **when, digest=sent.digest, disputed=list(sent.disputed), words=sent.words,
        stands=found, by=viewer, at=viewer.at,
    )  # fmt: skip
    return statement_out(statements.statement(viewer, fund, sent.partner_id, **when))


def _shown(shown: disputes.DisputeShown, moves: Any = ()) -> dict[str, Any]:
    row = shown.row
    return {
        "id": row.pk, "fund_id": row.fund_id, "reference": row.reference, "partner": shown.partner, "year": row.year,
        "quarter": row.quarter, "step": shown.step.name, "step_number": shown.step_number, "steps": shown.steps,
        "step_ends_on": row.step_ends_on, "is_open": shown.is_open, "is_late": shown.is_late, "decision": row.decision,
        "balances": [{"code": code, "words": words, "pence": pence} for code, words, pence in shown.lines],
        "moves": list(moves),
    }  # fmt: skip


def _disputes(request: HttpRequest) -> list[dict[str, Any]]:
    """The disputes of the account's funds, what is due first on top; what was said in one is at its own address."""
    return [_shown(each) for each in disputes.disputes(viewer_of(request))]


def _one(viewer: Actor, dispute_id: UUID) -> dict[str, Any]:
    page = disputes.dispute(viewer, dispute_id)
    return _shown(page.shown, page.moves)


def _dispute(request: HttpRequest, dispute_id: UUID) -> dict[str, Any]:
    """One dispute with everything said in it."""
    return _one(viewer_of(request), dispute_id)


def _answer(request: HttpRequest, dispute_id: UUID, sent: FundAnswerIn) -> dict[str, Any]:
    """Another partner answers. That settles nothing by itself."""
    viewer = viewer_of(request)
    row = disputes.dispute_for_change(viewer, dispute_id)
    check(viewer, ANSWER_DISPUTE, row)
    services.answer_dispute(dispute=row, words=sent.words, by=viewer, at=viewer.at)
    return _one(viewer, dispute_id)


# --- Invoices of joint budgets.


def _invoice(each: recharges.RechargeShown) -> dict[str, Any]:
    row = each.row
    names = ("reference", "starts_on", "ends_on", "due_on", "net_pence", "vat_pence", "gross_pence")
    return {name: getattr(row, name) for name in names} | {
        "id": row.pk, "partner": row.partner.organisation.name, "state": each.state, "sent_on": each.sent_on,
        "paid_on": each.paid_on,
    }  # fmt: skip


def _recharges(request: HttpRequest, fund_id: UUID, wanted: Query[YearQuery]) -> list[dict[str, Any]]:
    """The invoices and credit notes of a year, the newest first."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    page = recharges.recharges(viewer, fund, year=wanted.year or fund.year)
    return [_invoice(each) for each in page.rows]


def _sent(request: HttpRequest, recharge_id: UUID, sent: SentIn) -> dict[str, Any]:
    """The invoice went to the partner on a day."""
    viewer = viewer_of(request)
    row = recharges.recharge_for_change(viewer, recharge_id)
    check(viewer, ISSUE_RECHARGE, row)
    services.mark_recharge_sent(recharge=row, sent_on=sent.sent_on, by=viewer, at=viewer.at)
    return _invoice(recharges.recharge(viewer, recharge_id).shown)


def _paid(request: HttpRequest, recharge_id: UUID, sent: PaidIn) -> dict[str, Any]:
    """The partner paid all of it."""
    viewer = viewer_of(request)
    row = recharges.recharge_for_change(viewer, recharge_id)
    check(viewer, ISSUE_RECHARGE, row)
    services.record_recharge_paid(recharge=row, paid_on=sent.paid_on, reference=sent.reference, by=viewer, at=viewer.at)
    return _invoice(recharges.recharge(viewer, recharge_id).shown)
