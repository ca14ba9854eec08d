"""What is posted to a ledger by hand, and wrong receipts that are taken back, for a partner's own system. The rules and the
permissions are those of the pages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field, StrictInt, StringConstraints

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.access.permissions import check
from joinedup.api import schemas
from joinedup.api.writes import Addresses, taken
from joinedup.engines.ledger import EntryKind, Kind
from joinedup.funds import services
from joinedup.funds.permissions import OPEN_YEAR, POST_ENTRY, RECORD_RECEIPT
from joinedup.funds.queries import HandChoices, contributions, hand_choices, ledger

SignedPence = Annotated[StrictInt, Field(ge=-(10**13), le=10**13)]
HeadingCode = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=20, pattern=r"^[A-Za-z0-9]+$")]


class HandLineIn(Schema):
    """Pence under a heading, a debit above nought. Spending names its budget line; what partners owe or are owed names the
    partner, by its place in the agreement; `stream_id` is for money of one grant that is on no budget line."""

    model_config = taken(heading="1000", pence=2500)

    heading: HeadingCode
    pence: SignedPence
    line_id: UUID | None = None
    partner_id: UUID | None = None
    stream_id: UUID | None = None


class PostIn(Schema):
    """An entry or an opening balance: its lines come to nought. What spends names the kind of spending."""

    model_config = taken(
        kind="ordinary", dated_on="2026-10-05", memo="Bank interest, statement 7.",
        lines=[{"heading": "1000", "pence": 2500}, {"heading": "4100", "pence": -2500}],
    )  # fmt: skip

    kind: Annotated[str, schemas.OneOf((EntryKind.ORDINARY, EntryKind.OPENING))] = EntryKind.ORDINARY.value
    dated_on: schemas.Day
    memo: schemas.Text300
    spending: Annotated[str, schemas.OneOf(services.SpendingKind)] | None = None
    lines: Annotated[list[HandLineIn], Field(min_length=2, max_length=40)]


class AccrualIn(Schema):
    """A cost or income of the year that `dated_on` lies in, which has ended, paid in the next: its lines come to nought.
    What spends names the kind of spending."""

    model_config = taken(
        dated_on="2027-03-31", memo="Interest of March, paid in April.",
        lines=[{"heading": "1300", "pence": 2500}, {"heading": "4100", "pence": -2500}],
    )  # fmt: skip

    dated_on: schemas.Day
    memo: schemas.Text300
    spending: Annotated[str, schemas.OneOf(services.SpendingKind)] | None = None
    lines: Annotated[list[HandLineIn], Field(min_length=2, max_length=40)]


class PostedOut(Schema):
    """What was posted. An accrual is taken back by the entry `taken_back_by` on `taken_back_on`."""

    entry_id: UUID
    key: str
    kind: str
    dated_on: date
    memo: str
    taken_back_by: UUID | None
    taken_back_on: date | None


class LedgerHeadingIn(Schema):
    """A heading of the fund's own. `kind` says what it counts."""

    model_config = taken(code="5050", name="Transport", kind="expenditure")

    code: HeadingCode
    name: Annotated[schemas.Text120, Field(min_length=1)]
    kind: Annotated[str, schemas.OneOf(Kind)]


class HeadingMadeOut(Schema):
    """A heading that was added."""

    account_id: UUID
    code: str
    name: str
    kind: str


class ReceiptBackIn(Schema):
    """Why what was recorded is wrong."""

    model_config = taken(reason="Recorded for another partner.")

    reason: schemas.Text120


class ReceiptBackOut(Schema):
    """The receipt below nought that takes back the one it names."""

    id: int
    corrects: int
    instalment_id: UUID
    pence: int
    received_on: date
    reference: str
    entry_id: UUID | None


def add_posting(at: Addresses) -> None:
    """The addresses under /funds where somebody posts by hand or takes back a receipt."""
    fund = "/{uuid:fund_id}/ledger"
    at.writes(f"{fund}/entries", PostedOut, _post, "Post an entry or an opening balance")
    at.writes(f"{fund}/accruals", PostedOut, _accrue, "Post an accrual")
    at.writes(f"{fund}/headings", HeadingMadeOut, _add_heading, "Add a heading")
    at.writes(
        "/instalments/{uuid:instalment_id}/receipts/{int:receipt_id}/corrections", ReceiptBackOut, _take_back,
        "Take back a wrong receipt",
    )  # fmt: skip


def _line(sent: HandLineIn, offered: HandChoices) -> services.HandLine:
    heading = next((each for each in offered.headings if each.code == sent.heading), None)
    if heading is None:
        raise services.LEDGER_RULES["FU-204"].refused("heading")
    line = next((each for each in offered.lines if each.pk == sent.line_id), None)
    partner = next((each for each in offered.partners if each.pk == sent.partner_id), None)
    stream = next((each for each in offered.streams if each.pk == sent.stream_id), None)
    if (line is None and sent.line_id) or (partner is None and sent.partner_id) or (stream is None and sent.stream_id):
        raise services.LEDGER_RULES["FU-214"].refused()
    return services.HandLine(heading, sent.pence, line, partner, stream)


def _post_it(viewer: Actor, fund: Any, sent: PostIn | AccrualIn, kind: EntryKind) -> dict[str, Any]:
    offered = hand_choices(viewer, fund)
    lines = [_line(each, offered) for each in sent.lines]
    said = services.HandSaid(f"api {uuid4()}", kind, sent.dated_on, lines, sent.memo, sent.spending or "")
    return _posted(*services.post_by_hand(fund=fund, said=said, by=viewer, at=viewer.at))


def _posted(entry: Any, back: Any = None) -> dict[str, Any]:
    names = ("key", "kind", "dated_on", "memo")
    return {name: getattr(entry, name) for name in names} | {
        "entry_id": entry.pk, "taken_back_by": back.pk if back else None, "taken_back_on": back.dated_on if back else None
    }  # fmt: skip


def _post(request: HttpRequest, fund_id: UUID, sent: PostIn) -> dict[str, Any]:
    """Something happened that nothing else of the program posts, or the fund began with it."""
    viewer = viewer_of(request)
    fund = ledger.ledger_fund(viewer, fund_id)
    check(viewer, POST_ENTRY, fund)
    return _post_it(viewer, fund, sent, EntryKind(sent.kind))


def _accrue(request: HttpRequest, fund_id: UUID, sent: AccrualIn) -> dict[str, Any]:
    """It is posted on the last day of its year and taken back on the first of the next."""
    viewer = viewer_of(request)
    fund = ledger.ledger_fund(viewer, fund_id)
    check(viewer, POST_ENTRY, fund)
    return _post_it(viewer, fund, sent, EntryKind.ACCRUAL)


def _add_heading(request: HttpRequest, fund_id: UUID, sent: LedgerHeadingIn) -> dict[str, Any]:
    """A heading beside the standard ones."""
    viewer = viewer_of(request)
    fund = ledger.ledger_fund(viewer, fund_id)
    check(viewer, OPEN_YEAR, fund)
    made = services.add_heading(
        fund=fund, code=sent.code, name=sent.name, kind=Kind(sent.kind), by=viewer, at=viewer.at
    )
    return {"account_id": made.pk, "code": made.code, "name": made.name, "kind": made.kind}


def _take_back(request: HttpRequest, instalment_id: UUID, receipt_id: int, sent: ReceiptBackIn) -> dict[str, Any]:
    """What was recorded did not come in so. Nothing is deleted: a receipt below nought names it."""
    viewer = viewer_of(request)
    row = contributions.receipt_for_change(viewer, instalment_id, receipt_id)
    fund = row.instalment.contribution.fund
    check(viewer, RECORD_RECEIPT, fund)
    back = services.correct_receipt(fund=fund, receipt=row, reason=sent.reason, by=viewer, at=viewer.at)
    names = ("id", "instalment_id", "pence", "received_on", "reference", "entry_id")
    return {name: getattr(back, name) for name in names} | {"corrects": row.pk}
