"""Partners asked without the family's agreement because somebody said level 4 or red, and decided below level 4: that
word was the asker's own, so a manager looks at each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.front_door.codes import ASKING_OUTCOMES, OUTCOME_LABELS, Outcome
from joinedup.front_door.comparing import Footing
from joinedup.front_door.models import Asking
from joinedup.front_door.permissions import REVIEW_ASKING
from joinedup.front_door.queries.changes import visible_referrals
from joinedup.organisations.queries import open_organisations

_MOST_LISTED = 200


@dataclass(frozen=True)
class AskedAtOnce:
    """One time partners were asked without waiting; `said` is the ground given then. `outcome` is empty until somebody
    has reviewed it; `is_own` where the viewer asked, so that somebody else reviews it."""

    id: UUID
    referral_id: UUID
    reference: str
    asked_at: datetime
    asked_by: str
    said: str
    why: str
    question: str
    organisations: tuple[str, ...]
    people: int
    decided_at: datetime | None
    decided_as: str
    is_own: bool
    outcome: str
    words: str
    reviewed_by: str
    reviewed_at: datetime | None


def asked_at_once(viewer: Actor) -> list[AskedAtOnce]:
    """What waits for a manager's review, the oldest first, then what was reviewed lately."""
    check(viewer, REVIEW_ASKING)
    rows = _decided_lower(viewer).select_related("referral", "review")
    waiting = list(rows.filter(review__isnull=True).order_by("asked_at", "pk")[:_MOST_LISTED])
    reviewed = list(rows.filter(review__isnull=False).order_by("-review__reviewed_at", "-pk")[:_MOST_LISTED])
    found = _seen(viewer, [*waiting, *reviewed])
    people = {person for row in (*waiting, *reviewed) for person in row.people}
    audit.record_read(
        viewer, subject=("front_door.asking", "asked at once"), people=people, purpose="review of asking at once"
    )
    return found


def count_asked_at_once(viewer: Actor) -> int:
    """How many wait for a review."""
    return _decided_lower(viewer).filter(review__isnull=True).count()


def asking_to_review(viewer: Actor, asking_id: UUID) -> AskedAtOnce:
    """One of them; the read is audited."""
    check(viewer, REVIEW_ASKING)
    row = asking_for_review(viewer, asking_id)
    audit.record_read(
        viewer, subject=("front_door.asking", str(row.pk)), people=row.people, purpose="review of asking at once"
    )
    return _seen(viewer, [row])[0]


def asking_for_review(viewer: Actor, asking_id: UUID) -> Asking:
    """The asking itself, to hand to the service."""
    row = _decided_lower(viewer).select_related("referral", "review").filter(pk=asking_id).first()
    if row is None:
        raise NotVisible
    return row


def is_to_be_reviewed(viewer: Actor, asking: Asking) -> bool:
    """Whether it was asked at once and decided below level 4."""
    return _decided_lower(viewer).filter(pk=asking.pk).exists()


def _decided_lower(viewer: Actor) -> QuerySet[Asking]:
    """By the decision in force: level 4 is what let them ask, so whatever is lower is looked at."""
    decided = visible_referrals(viewer).filter(decided_at__isnull=False, level__lt=4)
    return Asking.objects.filter(footing=Footing.SERIOUS, referral__in=decided, asked_at__lte=F("referral__decided_at"))


def _seen(viewer: Actor, rows: list[Asking]) -> list[AskedAtOnce]:
    accounts = {row.asked_by_account for row in rows} | {_review(row)[3] for row in rows}
    names = names_of_accounts(viewer, {each for each in accounts if each})
    wanted = {each for row in rows for each in row.organisations}
    organisations = dict(open_organisations(viewer).filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
    return [_one(viewer, row, names, organisations) for row in rows]


def _review(row: Asking) -> tuple[str, str, datetime | None, UUID | None]:
    review = getattr(row, "review", None)
    return (review.outcome, review.words, review.reviewed_at, review.reviewed_by) if review else ("", "", None, None)


def _one(viewer: Actor, row: Asking, names: dict[UUID, str], organisations: dict[UUID, str]) -> AskedAtOnce:
    outcome, words, reviewed_at, reviewer = _review(row)
    referral = row.referral
    return AskedAtOnce(
        id=row.pk,
        referral_id=referral.pk,
        reference=referral.reference,
        asked_at=row.asked_at,
        asked_by=names.get(row.asked_by_account, "") if row.asked_by_account else "Joinedup",
        said="Level 4" if row.level == 4 else f"Red, level {row.level}",
        why=row.why_without_agreement,
        question=row.question,
        organisations=tuple(filter(None, (organisations.get(each) for each in row.organisations))),
        people=len(row.people),
        decided_at=referral.decided_at,
        decided_as=f"Level {referral.level}: {OUTCOME_LABELS[Outcome(referral.outcome)]}",
        is_own=row.asked_by_account is not None and row.asked_by_account == viewer.account_id,
        outcome=ASKING_OUTCOMES.get(outcome, ""),
        words=words,
        reviewed_by=names.get(reviewer, "") if reviewer else "",
        reviewed_at=reviewed_at,
    )
