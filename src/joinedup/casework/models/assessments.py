"""Common assessments: whose, made with which version of the spec, and what each section says."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.access.actor import Actor
from joinedup.casework.lifecycle import AssessmentState
from joinedup.casework.models.cases import Case
from joinedup.casework.pathways import EARLY_HELP
from joinedup.core.models import Record
from joinedup.organisations.models import Post
from joinedup.person_index.models import Person, withheld_ids


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Assessments, narrowed to the viewer's place in the case they belong to."""

    def visible_to(self, viewer: Actor) -> AssessmentQuerySet:
        """The team around the child and who supervises it; not of a child withheld from the viewer."""
        if viewer.is_system:
            return self.all()
        return self.filter(case__in=Case.objects.visible_to(viewer)).exclude(child_id__in=withheld_ids(viewer))


class Assessment(Record):
    """One assessment of one child in a case. It keeps the version of the spec it was made with. Once signed nothing in it
    changes; a later one that is signed supersedes it."""

    reference = models.CharField(max_length=16, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assessments")
    spec_version = models.PositiveSmallIntegerField()
    pathway = models.CharField(max_length=30, default=EARLY_HELP)  # which sections it asks, and its own
    pathway_version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in AssessmentState])
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="next_ones")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    seen_on = models.DateField(null=True)  # the day of the assessment, as signed
    review_on = models.DateField(null=True)  # as signed

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "child"], condition=Q(state="draft"), name="one_assessment_begun_for_a_child"
            ),
            models.UniqueConstraint(
                fields=["case", "child"], condition=Q(state="signed"), name="one_assessment_in_force_for_a_child"
            ),
            models.CheckConstraint(
                condition=(Q(state="draft") & Q(signed_at__isnull=True))
                | (~Q(state="draft") & Q(signed_at__isnull=False)),
                name="assessment_signed_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["case", "-started_at"], name="casework_assessments")]

    def __str__(self) -> str:
        return self.reference


class AssessmentSection(Record):
    """What one section says, each saved apart, so that two people can write in the same assessment. `known` is what was
    known when it began, each value with its source and day; `settled` what was made of it."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="sections")
    code = models.CharField(max_length=30)
    answers = models.JSONField(default=dict)
    known = models.JSONField(default=dict)
    settled = models.JSONField(default=dict)
    saved_at = models.DateTimeField(null=True)
    saved_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "code"], name="assessment_section_once")]

    def __str__(self) -> str:
        return f"{self.code} of {self.assessment_id}"


class AssessmentTransition(models.Model):
    """One change of state of an assessment, with its author."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="transitions")
    start = models.CharField(max_length=12, blank=True)
    end = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"
