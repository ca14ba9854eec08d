"""Who is trained in what, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.access.queries import names_of_accounts
from joinedup.access.roles import PROFESSIONALS
from joinedup.core.errors import NotVisible
from joinedup.organisations.queries import posts_with_role
from joinedup.workforce.codes import COURSE_LABELS, Course
from joinedup.workforce.models import Training
from joinedup.workforce.permissions import READ_TRAINING, RECORD_TRAINING

_SOON = timedelta(days=60)


@dataclass(frozen=True)
class TrainingRow:
    """One record of training. `state` is current, soon (ends within 60 days), ended or taken_back."""

    id: UUID
    version: int
    name: str
    course: str
    trainer: str
    completed_on: date
    valid_until: date
    state: str
    recorded_by: str
    taken_back_reason: str


@dataclass(frozen=True)
class TrainingPage:
    """A page of records, what ends first on top; `next_cursor` is "" at the end."""

    rows: tuple[TrainingRow, ...]
    next_cursor: str


@dataclass(frozen=True)
class Learner:
    """Somebody whose training can be recorded."""

    account_id: UUID
    name: str
    title: str
    organisation: str


def is_trained(viewer: Actor, account_id: UUID | None, course: Course, on: date) -> bool:
    """Whether somebody's training in a course counts on a day. Said of anybody to anybody: it is no secret."""
    return (
        account_id is not None and Training.objects.current_on(on).filter(account_id=account_id, course=course).exists()
    )


def own_training(viewer: Actor, course: Course) -> TrainingRow | None:
    """The viewer's own newest record of a course, whether it counts or not."""
    if viewer.account_id is None:
        return None
    rows = Training.objects.filter(account_id=viewer.account_id, course=course, taken_back_at__isnull=True)
    row = rows.select_related("account").order_by("-valid_until").first()
    return _row(row, {}, timezone.localdate(viewer.at)) if row else None


def trained_accounts(viewer: Actor, account_ids: list[UUID], course: Course, on: date) -> set[UUID]:
    """Those of some accounts whose training counts on a day; one query."""
    rows = Training.objects.current_on(on).filter(account_id__in=account_ids, course=course)
    return set(rows.values_list("account_id", flat=True))


def training_page(viewer: Actor, after: str = "", *, size: int = 50) -> TrainingPage:
    """Everybody's records, what runs out first on top; what ran out more than a year ago is left out."""
    check(viewer, READ_TRAINING)
    on = timezone.localdate(viewer.at)
    rows = Training.objects.filter(valid_until__gte=on - timedelta(days=365)).select_related("account")
    place = _read_cursor(after)
    if place is not None:
        rows = rows.filter(Q(valid_until__gt=place[0]) | Q(valid_until=place[0], pk__gt=place[1]))
    found = list(rows.order_by("valid_until", "pk")[: size + 1])
    names = names_of_accounts(viewer, {each.recorded_by for each in found if each.recorded_by})
    shown = found[:size]
    cursor = f"{shown[-1].valid_until.isoformat()}_{shown[-1].pk}" if len(found) > size else ""
    return TrainingPage(tuple(_row(each, names, on) for each in shown), cursor)


def _read_cursor(text: str) -> tuple[date, UUID] | None:
    day, _, pk = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(pk)
    except ValueError:
        return None


def _row(row: Training, names: dict[UUID, str], on: date) -> TrainingRow:
    if row.taken_back_at is not None:
        state = "taken_back"
    elif row.valid_until < on:
        state = "ended"
    else:
        state = "soon" if row.valid_until - on <= _SOON else "current"
    return TrainingRow(
        id=row.pk,
        version=row.version,
        name=row.account.name,
        course=COURSE_LABELS[Course(row.course)],
        trainer=row.trainer,
        completed_on=row.completed_on,
        valid_until=row.valid_until,
        state=state,
        recorded_by=names.get(row.recorded_by, "") if row.recorded_by else "Joinedup",
        taken_back_reason=row.taken_back_reason,
    )


def training_for_change(viewer: Actor, training_id: UUID) -> Training:
    """One record, to hand to a service."""
    check(viewer, READ_TRAINING)
    row = Training.objects.select_related("account").filter(pk=training_id).first()
    if row is None:
        raise NotVisible
    return row


def learners(viewer: Actor) -> tuple[Learner, ...]:
    """Everybody who works with children and holds a post now, each once, by name."""
    check(viewer, RECORD_TRAINING)
    found: dict[UUID, Learner] = {}
    for role in sorted(PROFESSIONALS):
        for post in posts_with_role(viewer, role):
            if post.account_id != viewer.account_id:
                found.setdefault(
                    post.account_id, Learner(post.account_id, post.account.name, post.title, post.host.name)
                )
    return tuple(sorted(found.values(), key=lambda each: each.name))


def trained_number(viewer: Actor, course: Course, on: date) -> int:
    """How many people’s training in a course counts on a day: a number, and nobody’s name."""
    rows = Training.objects.current_on(on).filter(course=course)
    return rows.order_by().values("account_id").distinct().count()
