"""Recording training, and taking a record back."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import claim_version
from joinedup.workforce import rules
from joinedup.workforce.codes import Course
from joinedup.workforce.models import Training
from joinedup.workforce.permissions import RECORD_TRAINING, TAKE_BACK_TRAINING
from joinedup.workforce.settings import usually_valid_until


@service(RECORD_TRAINING)
def record_training(
    *,
    account_id: UUID,
    course: str,
    trainer: str,
    completed_on: date,
    valid_until: date | None = None,
    by: Actor,
    at: datetime,
) -> Training:
    """Record that somebody completed a course. Without a last day it counts for the months of the setting. The same course
    of the same day again changes nothing. Raises Refused (WF-1 to WF-5)."""
    if course not in set(Course):
        raise rules.COURSE_KNOWN.refused()
    if account_id == by.account_id:
        raise rules.NOBODYS_OWN.refused()
    if completed_on > timezone.localdate(at):
        raise rules.DAY_PAST.refused()
    until = valid_until or usually_valid_until(completed_on)
    if until < completed_on:
        raise rules.ENDS_AFTER.refused()
    if not trainer.strip():
        raise rules.TRAINER_SAID.refused()
    there = {"account_id": account_id, "course": course, "completed_on": completed_on, "taken_back_at": None}
    try:
        with transaction.atomic():
            row = Training.objects.create(
                **there, trainer=trainer.strip()[:160], valid_until=until, recorded_at=at, recorded_by=by.account_id
            )
    except IntegrityError:
        return Training.objects.get(**there)
    note(subject=row, changed=("training",), words={"account": str(account_id), "course": course})
    return row


@service(TAKE_BACK_TRAINING, on="training")
def take_back_training(*, training: Training, reason: str, version: int, by: Actor, at: datetime) -> Training:
    """A record was wrong: it counts no more from this moment and stays to be read. Raises Refused (WF-6, WF-7)."""
    if training.taken_back_at is not None:
        raise rules.TAKEN_BACK_ALREADY.refused()
    if not reason.strip():
        raise rules.WHY_TAKEN_BACK.refused()
    claim_version(training, version)
    training.taken_back_at, training.taken_back_by, training.taken_back_reason = at, by.account_id, reason.strip()[:300]
    training.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_reason"])
    note(changed=("taken_back_at",))
    return training
