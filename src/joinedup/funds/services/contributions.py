"""What partners put in: the sum it comes from, its instalments, what was received, and reminders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.core.formats import date_long
from joinedup.core.notifications import owe_message
from joinedup.engines.money import format_pounds
from joinedup.engines.periods import financial_year
from joinedup.funds import contributing, rules
from joinedup.funds.contributing import RollForward
from joinedup.funds.lifecycle import WORKING
from joinedup.funds.models import (
    AgreementPartner,
    BudgetApproval,
    Contribution,
    Fund,
    FundingStream,
    Instalment,
    Receipt,
)
from joinedup.funds.permissions import RECORD_RECEIPT, REMIND_OF_CONTRIBUTIONS, SET_CONTRIBUTION
from joinedup.funds.services import booking
from joinedup.funds.services.posting import put_into_ledger
from joinedup.funds.services.steps import _lock, _require_working, _said
from joinedup.organisations.queries import posts_of_organisations

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class ContributionSaid:
    """A contribution for a year. Without days it is paid in four equal parts on the first days of the quarters; in kind it
    has one value on the first day. `what` says what is given in kind; `detriment` where more than last year was agreed."""

    partner: AgreementPartner
    stream: FundingStream
    year: int
    sum: RollForward
    kind: str = "cash"
    what: str = ""
    detriment: str = ""
    is_recurrent: bool = True
    instalments: Sequence[tuple[date, int]] = field(default_factory=tuple)


@service(SET_CONTRIBUTION, on="fund")
def set_contribution(*, fund: Fund, said: ContributionSaid, by: Actor, at: datetime) -> Contribution:
    """Set what a partner puts in from one stream for a year; said again it takes the place of what was said before, as long
    as nothing of it was owed. Raises Refused (FU-150 to FU-152, FU-155, FU-157, FU-158, FU-159)."""
    _lock(fund)
    pence = contributing.agreed(said.sum)
    parts = _parts(said, pence)
    there = Contribution.objects.filter(
        fund=fund, partner=said.partner, stream=said.stream, year=said.year, kind=said.kind
    ).first()
    if there is not None:
        _require_unpaid(fund, there)
        Instalment.objects.filter(contribution=there).delete()
    facts = _facts(said, pence) | {"recorded_at": at, "recorded_by": by.account_id}
    row, _ = Contribution.objects.update_or_create(
        fund=fund, partner=said.partner, stream=said.stream, year=said.year, kind=said.kind, defaults=facts
    )
    Instalment.objects.bulk_create(
        Instalment(contribution=row, number=number, due_on=due_on, pence=part)
        for number, (due_on, part) in enumerate(parts, start=1)
    )
    note(changed=("contributions",), words={"fund": fund.code, "organisation": said.partner.organisation.code})
    return row


def _parts(said: ContributionSaid, pence: int) -> list[tuple[date, int]]:
    if pence <= 0:
        raise rules.ROLL_FORWARD_FITS.refused()
    if said.kind == "in_kind":
        if len(said.instalments) > 1:
            raise rules.IN_KIND_ONE.refused()
        if not said.what.strip():
            raise rules.CASH_OR_KIND.refused("what")
    is_more = pence > said.sum.base_pence + said.sum.recurrent_pence
    if said.sum.base_pence and is_more and (said.sum.planned_pence > 0) and not said.detriment.strip():
        raise rules.NO_DETRIMENT.refused("detriment", partner=said.partner.organisation.name)
    days = [booking.first_day(said.year)] if said.kind == "in_kind" else contributing.quarter_days(said.year)
    parts = [(day, int(part)) for day, part in said.instalments] or [
        (day, int(part)) for day, part in contributing.instalments(pence, days) if part
    ]
    year = financial_year(booking.first_day(said.year))
    if any(day not in year for day, _ in parts):
        raise rules.INSTALMENTS_IN_YEAR.refused()
    if sum(part for _, part in parts) != pence or any(part <= 0 for _, part in parts):
        raise rules.INSTALMENTS_ADD_UP.refused(
            sum=format_pounds(sum(part for _, part in parts)), agreed=format_pounds(pence)
        )
    return sorted(parts)


def _require_unpaid(fund: Fund, there: Contribution) -> None:
    is_owed = Instalment.objects.filter(contribution=there, entry_id__isnull=False).exists()
    if is_owed or BudgetApproval.objects.filter(fund=fund, year=there.year).exists():
        raise rules.CONTRIBUTION_PAID.refused()


def _facts(said: ContributionSaid, pence: int) -> dict[str, object]:
    return {
        "what": said.what.strip()[:200], "base_pence": said.sum.base_pence, "recurrent_pence": said.sum.recurrent_pence,
        "uplift": said.sum.uplift, "planned_pence": said.sum.planned_pence, "efficiency": said.sum.efficiency,
        "charges_pence": said.sum.charges_pence, "agreed_pence": pence, "detriment_agreed": said.detriment.strip()[:300],
        "is_recurrent": said.is_recurrent,
    }  # fmt: skip


@service(RECORD_RECEIPT, on="fund")
def call_instalments(*, fund: Fund, by: Actor, at: datetime) -> int:
    """Put into the ledger what partners owe by today: each instalment on the day it is due, once. Returns how many. Raises
    Refused (FU-128)."""
    _lock(fund)
    _require_working(fund.agreement)
    today = timezone.localdate(at)
    due = Instalment.objects.filter(contribution__fund=fund, entry_id=None, due_on__lte=today)
    rows = list(due.select_related("contribution").order_by("due_on", "pk"))
    _call(fund, rows, by, at)
    note(changed=("contributions",), words={"called": len(rows)})
    return len(rows)


def _call(fund: Fund, rows: Sequence[Instalment], by: Actor, at: datetime) -> None:
    if not rows:
        return
    drafts = [booking.contribution_owed(each, each.contribution) for each in rows]
    for row, entry in zip(rows, put_into_ledger(fund=fund, drafts=drafts, by=by, at=at), strict=True):
        row.entry_id = entry.pk
    Instalment.objects.bulk_update(rows, ["entry_id"])


@service(RECORD_RECEIPT, on="fund")
def record_receipt(
    *, fund: Fund, instalment: Instalment, pence: int, received_on: date, reference: str, by: Actor, at: datetime
) -> Receipt:
    """Money of an instalment has come in: the whole of it or a part. Raises Refused (FU-119, FU-128, FU-134, FU-153, FU-154,
    FU-155)."""
    _lock(fund)
    _require_working(fund.agreement)
    _lock(instalment)
    named = _said(reference, rules.REASON_NEEDED, 120)
    contribution = instalment.contribution
    if contribution.fund_id != fund.pk or contribution.kind != "cash":
        raise rules.CASH_OR_KIND.refused()
    if pence <= 0:
        raise rules.AMOUNT_POSITIVE.refused()
    if received_on > timezone.localdate(at):
        raise rules.RECEIPT_BY_NOW.refused()
    left = instalment.pence - _received(instalment)
    if pence > left:
        raise rules.RECEIPT_NOT_MORE.refused(left=format_pounds(left), amount=format_pounds(pence))
    if instalment.entry_id is None:
        _call(fund, [instalment], by, at)
    return _receive(fund, Receipt(instalment=instalment, received_on=received_on, pence=pence, reference=named), by, at)


@service(RECORD_RECEIPT, on="fund")
def correct_receipt(*, fund: Fund, receipt: Receipt, reason: str, by: Actor, at: datetime) -> Receipt:
    """A receipt was a mistake: it is taken back by one that names it. Raises Refused (FU-119, FU-148, FU-149)."""
    _lock(fund)
    why = _said(reason, rules.REASON_NEEDED, 120)
    _lock(receipt.instalment)
    if receipt.pence < 0:
        raise rules.RECEIPT_BACK_STANDS.refused()
    before = Receipt.objects.filter(corrects=receipt).first()
    if before is not None:
        raise rules.RECEIPT_BACK_ONCE.refused(day=date_long(before.received_on))
    back = Receipt(
        instalment=receipt.instalment, received_on=timezone.localdate(at), pence=-receipt.pence, reference=why, corrects=receipt
    )  # fmt: skip
    return _receive(fund, back, by, at)


def _receive(fund: Fund, receipt: Receipt, by: Actor, at: datetime) -> Receipt:
    receipt.recorded_at, receipt.recorded_by = at, by.account_id
    receipt.save()
    draft = booking.contribution_received(receipt, receipt.instalment.contribution)
    (entry,) = put_into_ledger(fund=fund, drafts=[draft], by=by, at=at)
    receipt.entry_id = entry.pk
    receipt.save(update_fields=["entry_id"])
    note(changed=("receipts",), words={"fund": fund.code})
    return receipt


def _received(instalment: Instalment) -> int:
    return Receipt.objects.filter(instalment=instalment).aggregate(sum=Sum("pence"))["sum"] or 0


@service(REMIND_OF_CONTRIBUTIONS, on="fund")
def remind_of_contributions(*, fund: Fund, by: Actor, at: datetime) -> int:
    """Write to the finance directors of partners whose instalments are overdue, once for each. Returns how many instalments
    were reminded of."""
    _lock(fund)
    if fund.agreement.state not in WORKING:
        return 0
    today = timezone.localdate(at)
    unpaid = (
        Instalment.objects.filter(
            contribution__fund=fund, contribution__kind="cash", reminded_at=None, due_on__lt=today
        )
        .select_related("contribution__partner__organisation")
        .annotate(received=Sum("receipts__pence"))
        .order_by("due_on", "pk")
    )
    late = [each for each in unpaid if _is_overdue(each, today, fund.agreement.days_to_pay)]
    for organisation_id in sorted({each.contribution.partner.organisation_id for each in late}):
        mine = [each for each in late if each.contribution.partner.organisation_id == organisation_id]
        for post in _finance_posts(by, organisation_id):
            owe_message(
                to=post, subject=f"{fund.name}: contribution overdue", body=_reminder(fund, mine),
                about=("funds.fund", str(fund.pk)), at=at,
            )  # fmt: skip
    Instalment.objects.filter(pk__in=[each.pk for each in late]).update(reminded_at=at)
    note(changed=("reminders",), words={"reminded": len(late)})
    return len(late)


def _is_overdue(instalment: Instalment, today: date, days_to_pay: int) -> bool:
    received: int = getattr(instalment, "received", None) or 0
    stands = contributing.stands(
        due_on=instalment.due_on, pence=instalment.pence, received=received, on=today, days_to_pay=days_to_pay
    )
    return stands == contributing.Due.OVERDUE


def _finance_posts(by: Actor, organisation_id: UUID) -> list[str]:
    roles = {Role.FINANCE_DIRECTOR, Role.CHIEF_FINANCE_OFFICER}
    posts = posts_of_organisations(by, [organisation_id])
    return sorted({post.account.email for _, post in posts if post.role in roles})


def _reminder(fund: Fund, rows: Iterable[Instalment]) -> str:
    lines = [
        f"- instalment {each.number}, due on {date_long(each.due_on)}: {format_pounds(each.pence - (getattr(each, 'received', 0) or 0))}"
        for each in rows
    ]
    return "\n".join(
        [f"These contributions to {fund.name} have not been received:", "", *lines, "",
         f"They are paid to {fund.host.organisation.name}, the host of the fund."]
    )  # fmt: skip
