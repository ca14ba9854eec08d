"""Requests for information about one person, and what was answered or refused. Nothing said is overwritten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.core.models import Record
from joinedup.information_sharing.codes import Involvement, Part, RefusalReason
from joinedup.information_sharing.lifecycle import LIVE, WAITING, RequestState
from joinedup.information_sharing.models.agreements import Agreement, AgreementPost, LawfulBasis
from joinedup.organisations.models import Organisation, Post
from joinedup.person_index.models import Person


class BasisGiven(Record):
    """A manager's reason for asking about a matter without the family's agreement, on a named basis: for these people and
    of these organisations alone, and no longer than its last day."""

    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    basis = models.ForeignKey(LawfulBasis, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    people = ArrayField(models.UUIDField(), default=list)
    organisations = ArrayField(models.UUIDField(), default=list)
    ends_on = models.DateField(null=True)  # the last day it holds; none where it was given before this was asked
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    given_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_basis_given_for_a_matter",
            )
        ]

    def __str__(self) -> str:
        return f"{self.basis_id} for {self.subject_kind}"

    @classmethod
    def covering(
        cls, subject: tuple[str, str], people: Collection[UUID], organisations: Collection[UUID], on: date
    ) -> models.QuerySet[BasisGiven]:
        """What holds on a day for asking all of these organisations about all of these people for a matter."""
        return cls.objects.filter(
            subject_kind=subject[0], subject_id=subject[1], withdrawn_at__isnull=True, ends_on__gte=on,
            people__contains=list(people), organisations__contains=list(organisations),
        )  # fmt: skip


class InformationRequestQuerySet(models.QuerySet["InformationRequest"]):
    """Requests, narrowed to whose they are at a moment. The agreement's dates are looked at each time, so a request
    ends for everybody on the day its agreement does."""

    def live_at(self, at: datetime) -> InformationRequestQuerySet:
        """Neither withdrawn nor closed, under an agreement in force."""
        in_force = Agreement.is_in_force(timezone.localdate(at), "agreement__")
        return self.filter(in_force, state__in=sorted(LIVE))

    def waiting_at(self, at: datetime) -> InformationRequestQuerySet:
        """Live, and neither answered nor refused."""
        return self.live_at(at).filter(state__in=sorted(WAITING))

    def to_answer_by(self, viewer: Actor) -> InformationRequestQuerySet:
        """The live ones that a post of the viewer is named to answer."""
        if viewer.is_system:
            return self.live_at(viewer.at)
        named = AgreementPost.objects.filter(
            AgreementPost.is_named_at(viewer.at),
            post_id__in=viewer.post_ids,
            part=Part.ANSWERS,
            agreement_id=models.OuterRef("agreement_id"),
            organisation_id=models.OuterRef("organisation_id"),
        )
        return self.live_at(viewer.at).filter(models.Exists(named))

    def asked_by_posts_of(self, viewer: Actor) -> InformationRequestQuerySet:
        """Those a post of the viewer asked, closed ones too."""
        return self.all() if viewer.is_system else self.filter(asked_by_id__in=viewer.post_ids)


class InformationRequest(Record):
    """One question about one person for one purpose, from a named post to one organisation, under one agreement."""

    reference = models.CharField(max_length=16, unique=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="requests")
    purpose = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="information_requests")
    asked_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="asked_requests")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="information_requests")
    # What it is asked for, by kind and id: a referral, a case.
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    family_id = models.UUIDField(null=True)
    level = models.PositiveSmallIntegerField()
    rating = models.CharField(max_length=10, blank=True)
    family_agrees = models.BooleanField(default=False)
    basis_given = models.ForeignKey(BasisGiven, null=True, on_delete=models.PROTECT, related_name="requests")
    reason = models.TextField()
    state = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in RequestState], default=RequestState.ASKED
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    opened_by = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # first answered or refused
    ended_at = models.DateTimeField(null=True)  # withdrawn or closed

    objects = InformationRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1) & Q(level__lte=4), name="request_level_1_to_4"),
            # IS-5: below level 4 the family agrees, or a manager gave a basis and a reason.
            models.CheckConstraint(
                condition=Q(level=4) | Q(family_agrees=True) | Q(basis_given__isnull=False),
                name="request_agreed_or_based",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=["withdrawn", "closed"]) & Q(ended_at__isnull=False))
                | (~Q(state__in=["withdrawn", "closed"]) & Q(ended_at__isnull=True)),
                name="request_ended_has_a_time",
            ),
            # IS-8: nothing is asked twice while the first question is open.
            models.UniqueConstraint(
                fields=["organisation", "person", "purpose", "subject_kind", "subject_id"],
                condition=~Q(state__in=["withdrawn", "closed"]),
                name="request_asked_once",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="sharing_request_subject"),
            models.Index(fields=["asked_by", "-asked_at"], name="sharing_request_asked"),
            models.Index(
                fields=["organisation", "due_at"],
                name="sharing_request_waiting",
                condition=Q(state__in=["asked", "opened"]),
            ),
            models.Index(
                fields=["agreement"], name="sharing_request_live", condition=~Q(state__in=["withdrawn", "closed"])
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class RequestTransition(models.Model):
    """One change of state of a request, with its author and reason."""

    request = models.ForeignKey(InformationRequest, on_delete=models.PROTECT, related_name="transitions")
    start = models.CharField(max_length=10, blank=True)
    end = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"


class Answer(Record):
    """What an organisation answered. A correction is another row; the newest counts and the others stay readable."""

    request = models.ForeignKey(InformationRequest, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField(default=1)
    correction_reason = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    involvement = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Involvement])
    service = models.CharField(max_length=160, blank=True)  # the part of the organisation that is involved
    worker = models.CharField(max_length=120, blank=True)
    worker_role = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    started_on = models.DateField(null=True)  # of the last involvement
    last_contact_on = models.DateField(null=True)
    as_of = models.DateField()
    coverage_from = models.DateField(null=True)
    coverage_to = models.DateField(null=True)
    coverage_area = models.CharField(max_length=160, blank=True)
    basis = models.ForeignKey(LawfulBasis, on_delete=models.PROTECT, related_name="+")
    proportionality = models.TextField()
    level_of_need = models.PositiveSmallIntegerField(null=True)
    judgement = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="answer_numbered"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(correction_reason=""), name="answer_corrected_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(level_of_need__isnull=True) | (Q(level_of_need__gte=1) & Q(level_of_need__lte=4)),
                name="answer_level_1_to_4",
            ),
            models.CheckConstraint(
                condition=Q(coverage_from__isnull=True)
                | Q(coverage_to__isnull=True)
                | Q(coverage_to__gte=F("coverage_from")),
                name="answer_coverage_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.number} to {self.request_id}"


class AnswerItem(models.Model):
    """One allowed thing as an agency said it; `source` and `source_day` where its own record said it already."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=160)
    words = models.TextField()
    happened_on = models.DateField(null=True)
    source = models.CharField(max_length=160, blank=True)
    source_day = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "code"], name="answer_item_once")]

    def __str__(self) -> str:
        return self.code


class Refusal(Record):
    """A refusal to share: of a whole request, or of one item in an answer. Counted by reason and organisation."""

    request = models.ForeignKey(InformationRequest, on_delete=models.PROTECT, related_name="refusals")
    answer = models.ForeignKey(Answer, null=True, on_delete=models.PROTECT, related_name="refusals")
    item_code = models.CharField(max_length=30, blank=True)  # blank: the whole request
    item_name = models.CharField(max_length=160, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sharing_refusals")
    reason_code = models.CharField(max_length=20, choices=[(each.value, each.value) for each in RefusalReason])
    words = models.TextField(blank=True)
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField()
    refused_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "reason_code", "-refused_at"], name="sharing_refusal_counted"),
            models.Index(fields=["-refused_at"], name="sharing_refusal_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(item_code="") & Q(answer__isnull=True)) | (~Q(item_code="") & Q(answer__isnull=False)),
                name="refusal_of_a_request_or_of_an_item",
            )
        ]

    def __str__(self) -> str:
        return self.reason_code
