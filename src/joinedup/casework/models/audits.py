"""Quality audit: samples that were drawn, what an auditor found of each case, and what must be put right."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.casework.auditing import ANSWERS
from joinedup.casework.models.cases import Case, CaseAccess
from joinedup.casework.models.notes import CaseTask
from joinedup.core.models import Record
from joinedup.organisations.models import Post, Team

_ANSWERS = list(ANSWERS.items())


class AuditSample(Record):
    """Cases drawn at random. The seed and the digest of what it was drawn from let anybody draw it again."""

    reference = models.CharField(max_length=16, unique=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="audit_samples")
    level = models.PositiveSmallIntegerField(null=True)
    lead = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="audit_samples")
    auditor = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="audit_samples_given")
    seed = models.BigIntegerField()
    drawn_from = models.PositiveIntegerField()  # how many cases there were to draw from
    digest = models.CharField(max_length=64)  # of their ids in order
    reason = models.CharField(max_length=300)
    drawn_at = models.DateTimeField()
    drawn_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return self.reference


class CaseAudit(Record):
    """The audit of one case with the version of the tool it was begun with. What it found is counted when it is done."""

    sample = models.ForeignKey(AuditSample, on_delete=models.PROTECT, related_name="audits")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="audits")
    spec_version = models.PositiveSmallIntegerField()
    auditor = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="case_audits")
    access = models.OneToOneField(CaseAccess, on_delete=models.PROTECT, related_name="audit")
    strengths = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    percent = models.PositiveSmallIntegerField(null=True)  # none where nothing of it applied
    grade = models.CharField(max_length=60, blank=True)
    second = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="second_looks")
    second_access = models.OneToOneField(CaseAccess, null=True, on_delete=models.PROTECT, related_name="second_look_at")
    second_words = models.TextField(blank=True)
    second_at = models.DateTimeField(null=True)
    first_percent = models.PositiveSmallIntegerField(null=True)  # before a second look

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "case"], name="case_audited_once_in_a_sample"),
            models.CheckConstraint(
                condition=Q(second_at__isnull=True) | (Q(done_at__isnull=False) & Q(second__isnull=False)),
                name="second_look_comes_second",
            ),
        ]
        indexes = [models.Index(fields=["case", "-done_at"], name="casework_audits_of_case")]

    def __str__(self) -> str:
        return f"{self.case_id} in {self.sample_id}"


class AuditAnswer(Record):
    """What was found of one item, with what it rests on; and what a second look made of it."""

    audit = models.ForeignKey(CaseAudit, on_delete=models.PROTECT, related_name="answers")
    item = models.CharField(max_length=8)
    answer = models.CharField(max_length=14, choices=_ANSWERS)
    evidence = models.CharField(max_length=500, blank=True)
    second = models.CharField(max_length=14, choices=_ANSWERS, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "item"], name="audit_item_once")]

    def __str__(self) -> str:
        return f"{self.item}: {self.answer}"


class AuditFinding(Record):
    """What must be put right, by whom and when: it is a task of the case."""

    audit = models.ForeignKey(CaseAudit, on_delete=models.PROTECT, related_name="findings")
    task = models.OneToOneField(CaseTask, on_delete=models.PROTECT, related_name="from_audit")

    def __str__(self) -> str:
        return f"{self.task_id} of {self.audit_id}"
