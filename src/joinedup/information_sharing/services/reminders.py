"""What the keeper does for agreements each round: writes down what the day has made of them, and brings reviews to mind.

Nothing depends on it: whether an agreement is in force is decided by the day, wherever it is asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import service
from joinedup.core.formats import date_long
from joinedup.core.notifications import owe_message
from joinedup.core.partnership import value
from joinedup.information_sharing.lifecycle import SIGNED_BY_ALL, AgreementState
from joinedup.information_sharing.models import Agreement
from joinedup.information_sharing.permissions import SETTLE_AGREEMENT
from joinedup.information_sharing.services.agreements import _settle
from joinedup.information_sharing.services.steps import _lock
from joinedup.information_sharing.settings import GOVERNANCE_EMAIL, REVIEW_WARNING_DAYS


def settle_agreements(*, at: datetime) -> int:
    """Write down which agreements are in force or expired since today, close what is open under the expired, and remind
    of reviews that come near, once for each. Run by the keeper, each agreement in a guarded service of its own. Safe to run twice at once.
    Returns how many agreements were touched."""
    today = timezone.localdate(at)
    written = Q(state=AgreementState.SIGNED, starts_on__lte=today) | Q(
        state__in=sorted(SIGNED_BY_ALL), expires_on__lte=today
    )
    due = Agreement.objects.filter(written | _to_remind_of(today)).order_by("pk").values_list("pk", flat=True)
    return sum(_settle_one(agreement_id, at) for agreement_id in due)


def _to_remind_of(today: date) -> Q:
    """In force, to be reviewed or expiring soon, and not yet reminded of."""
    soon = today + timedelta(days=int(value(REVIEW_WARNING_DAYS, on=today)))
    unsaid = Q(reminded_of__isnull=True) | ~Q(reminded_of=F("review_on"))
    return Q(Agreement.is_in_force(today), unsaid, review_on__lte=soon)


def _settle_one(agreement_id: UUID, at: datetime) -> int:
    with transaction.atomic():
        waiting = Agreement.objects.select_for_update(skip_locked=True, of=("self",))
        agreement = waiting.filter(pk=agreement_id).first()
        if agreement is None:
            return 0
        settle_agreement(agreement=agreement, by=system(at), at=at)
        return 1


@service(SETTLE_AGREEMENT, on="agreement")
def settle_agreement(*, agreement: Agreement, by: Actor, at: datetime) -> Agreement:
    """Write down what the day has made of one agreement, and remind of its review where that is near and unsaid."""
    today = timezone.localdate(at)
    _lock(agreement)
    _settle(agreement, by=by, at=at)
    if Agreement.objects.filter(_to_remind_of(today), pk=agreement.pk).exists():
        _remind(agreement, today, at)
    return agreement


def _remind(agreement: Agreement, today: date, at: datetime) -> None:
    if agreement.review_on is None or agreement.expires_on is None:
        return
    owe_message(
        to=str(value(GOVERNANCE_EMAIL, on=today)),
        subject=f"Sharing agreement {agreement.reference} is to be reviewed by {date_long(agreement.review_on)}",
        body=(
            f"The sharing agreement {agreement.reference}, {agreement.title}, is to be reviewed by "
            f"{date_long(agreement.review_on)}. From {date_long(agreement.expires_on)} nothing can be asked or answered "
            "under it any more, and whatever is open then closes. Sign in to Joinedup and review it, or draft the "
            "agreement that is to follow it."
        ),
        about=(Agreement._meta.label_lower, str(agreement.pk)),
        at=at,
    )
    agreement.reminded_of = agreement.review_on
    agreement.save(update_fields=["reminded_of"])
