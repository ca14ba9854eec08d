"""Asking partners about a referral, what professionals judge, and answers that came after the decision."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from joinedup.core.models import Record
from joinedup.front_door.codes import AskingOutcome
from joinedup.front_door.models.referrals import Referral
from joinedup.information_sharing.models import InformationRequest
from joinedup.organisations.models import Organisation, Post


class Asking(Record):
    """One press of "ask partners": of whom, about whom, why and on what footing. One that needs a named basis waits
    for a manager before anything is asked; the requests themselves are information_sharing's."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="askings")
    purpose = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField()
    footing = models.CharField(max_length=10)
    question = models.TextField()
    why_without_agreement = models.TextField(blank=True)
    news = models.TextField(blank=True)  # what is new, where somebody is asked again
    organisations = ArrayField(models.UUIDField())
    people = ArrayField(models.UUIDField())
    asked_by = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by_account = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    waits_for_manager = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    not_agreed_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1) & Q(level__lte=4), name="asking_level_1_to_4"),
            models.UniqueConstraint(
                fields=["referral"], condition=Q(waits_for_manager=True), name="one_asking_waits_for_a_manager"
            ),
        ]

    def __str__(self) -> str:
        return f"asked about {self.referral_id}"


class AskingReview(Record):
    """What a manager makes of partners having been asked at level 4 or red, without the family's agreement, about what
    was then decided below it. One to an asking, and never changed."""

    asking = models.OneToOneField(Asking, on_delete=models.PROTECT, related_name="review")
    outcome = models.CharField(max_length=12, choices=[(each.value, each.value) for each in AskingOutcome])
    words = models.TextField()
    reviewed_at = models.DateTimeField()
    reviewed_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.outcome}: {self.asking_id}"


class Judgement(Record):
    """How a professional judges a referral: an agency's, as it told the front door, or the front door's own where
    `organisation` is empty. A new one stands beside the earlier; the newest of each counts."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="judgements")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    said_by = models.CharField(max_length=160)
    level = models.PositiveSmallIntegerField()
    words = models.TextField()
    differs_because = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1) & Q(level__lte=4), name="judgement_level_1_to_4"),
        ]
        indexes = [models.Index(fields=["referral", "-recorded_at"], name="front_door_judgements")]

    def __str__(self) -> str:
        return f"level {self.level} for {self.referral_id}"


class LateAnswer(Record):
    """What a partner told the front door after the decision had closed its question: it stands in the profile as late,
    and whoever leads the case by then is told of it."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="late_answers")
    request = models.ForeignKey(InformationRequest, on_delete=models.PROTECT, related_name="+")
    said_by = models.CharField(max_length=160)
    words = models.TextField()
    as_of = models.DateField()
    came_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    # Whom the notice of it went to; empty where no case-management team has the family.
    told = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["referral", "came_at"], name="front_door_late_answers")]

    def __str__(self) -> str:
        return f"late, for {self.referral_id}"
