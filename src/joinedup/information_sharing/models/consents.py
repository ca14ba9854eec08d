"""Agreement to help, the bases on which something is shared about somebody, refusals, and what follows a withdrawal."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from joinedup.access.actor import Actor
from joinedup.core.models import Record
from joinedup.information_sharing.codes import AfterWithdrawal, Capacity, Evidence
from joinedup.information_sharing.models.agreements import LawfulBasis
from joinedup.organisations.models import Post
from joinedup.person_index.models import Person


def is_worked_with(viewer: Actor, person_id: UUID) -> bool:
    """Whether a ground lets the viewer work on this person's record."""
    return Person.objects.visible_to(viewer, to_change=True).filter(pk=person_id).exists()


class AboutSomebody(Record):
    """What the records here share: for which matter, about whom, who said it in what right, and who wrote it down."""

    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_by = models.CharField(max_length=160, blank=True)
    capacity = models.CharField(max_length=30, choices=[(each.value, each.value) for each in Capacity], blank=True)
    reasons = models.TextField(blank=True)  # why a child under 16 is thought able to decide this
    evidence = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Evidence], blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class HelpAgreed(AboutSomebody):
    """Somebody agrees to the service: to being helped. It lets nobody share anything."""

    given_on = models.DateField()
    expires_on = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(capacity="competent_young_person") | ~Q(reasons=""), name="help_agreed_competence_reasoned"
            )
        ]
        indexes = [models.Index(fields=["subject_kind", "subject_id", "person"], name="sharing_help_agreed")]

    def __str__(self) -> str:
        return f"{self.person_id} from {self.given_on}"

    @staticmethod
    def is_in_force(on: date) -> Q:
        """Given, neither run out nor withdrawn."""
        return Q(given_on__lte=on, withdrawn_at__isnull=True) & (Q(expires_on__isnull=True) | Q(expires_on__gte=on))


class SharingBasis(AboutSomebody):
    """On what something is shared about somebody, with whom and what: the agreement of whoever may give it, or one lawful
    basis with its reason. Each stands by itself."""

    organisations = ArrayField(models.UUIDField())
    information = ArrayField(models.CharField(max_length=30))
    basis = models.ForeignKey(LawfulBasis, null=True, on_delete=models.PROTECT, related_name="+")  # none: agreement
    reason = models.TextField(blank=True)
    starts_on = models.DateField()
    expires_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(basis__isnull=True) & ~Q(capacity="")) | (Q(basis__isnull=False) & ~Q(reason="")),
                name="sharing_agreed_or_reasoned",
            ),
            models.CheckConstraint(condition=Q(expires_on__gte=F("starts_on")), name="sharing_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(capacity="competent_young_person") | ~Q(reasons=""), name="sharing_competence_reasoned"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "person"], name="sharing_bases_of"),
            models.Index(fields=["person"], name="sharing_bases_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} from {self.starts_on}"

    @staticmethod
    def is_in_force(on: date) -> Q:
        """Begun, neither run out nor ended."""
        return Q(starts_on__lte=on, expires_on__gte=on, ended_at__isnull=True)


class SharingDeclined(AboutSomebody):
    """Somebody said no to sharing: with whom, what, and in their words."""

    organisations = ArrayField(models.UUIDField(), default=list)
    information = ArrayField(models.CharField(max_length=30), default=list)
    declined_on = models.DateField()
    words = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id", "person"], name="sharing_declined")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.declined_on}"


class Withdrawal(AboutSomebody):
    """Agreement was withdrawn, what ended with it, and what a manager decided within a working day."""

    withdrew_help = models.BooleanField()
    withdrew_sharing = models.BooleanField()
    words = models.TextField()
    ended = models.JSONField(default=dict)  # counts: help, sharing, requests; and what went on: other_bases
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(
        max_length=20, choices=[(each.value, each.value) for each in AfterWithdrawal], blank=True
    )
    decision_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(decision="") & Q(decided_at__isnull=True))
                | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="withdrawal_decided_at_a_time",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="sharing_withdrawal_waiting", condition=Q(decided_at__isnull=True)),
            models.Index(fields=["subject_kind", "subject_id"], name="sharing_withdrawal_of"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.recorded_at:%Y-%m-%d}"
