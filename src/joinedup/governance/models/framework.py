"""The integration framework and the reports on how far it has come: elements, the figures that speak for them, the bands a
board set, judgements, signed reasons, published reports, and those of other partnerships."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record
from joinedup.governance.framework_colours import COLOURS
from joinedup.governance.models.boards import Board
from joinedup.organisations.models import Post


def _nothing() -> dict[str, Any]:
    return {}


class Layer(Record):
    """A layer of the framework, the innermost first."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(unique=True)

    def __str__(self) -> str:
        return self.name


class Element(Record):
    """One thing the framework asks for, under its letter. An element that ended stays with the reports that had it."""

    layer = models.ForeignKey(Layer, on_delete=models.PROTECT, related_name="elements")
    letter = models.CharField(max_length=3)
    name = models.CharField(max_length=160)
    words = models.TextField(blank=True)  # what is asked for
    judged = models.TextField(blank=True)  # what no figure says, so that somebody judges it
    owner = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="framework_elements")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter"], condition=Q(ends_on__isnull=True), name="framework_letter_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="framework_element_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.name}"


class ElementFigure(Record):
    """A figure of the live system that speaks for an element."""

    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="figures")
    figure = models.CharField(max_length=40)  # a name of `evidence`

    class Meta:
        constraints = [models.UniqueConstraint(fields=["element", "figure"], name="framework_figure_once")]

    def __str__(self) -> str:
        return self.figure


class FigureBand(Record):
    """From which value a figure is green and amber for an element, as a board set before the period. Sealed."""

    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="bands")
    figure = models.CharField(max_length=40)
    green_from = models.DecimalField(max_digits=16, decimal_places=2)
    amber_from = models.DecimalField(max_digits=16, decimal_places=2)
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="framework_bands")
    source = models.CharField(max_length=300)
    starts_on = models.DateField()
    set_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["element", "figure", "starts_on"], name="framework_band_one_a_day"),
            models.CheckConstraint(condition=Q(set_on__lte=F("starts_on")), name="framework_band_before"),
        ]

    def __str__(self) -> str:
        return f"{self.figure}: green from {self.green_from}"


class ProgressReport(Record):
    """A report on the framework over a period, owed to a board; drafted, then published once or given up."""

    reference = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=160)
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="progress_reports")
    state = models.CharField(max_length=10)
    starts_on = models.DateField()
    ends_on = models.DateField()
    purpose = models.TextField(blank=True)
    background = models.TextField(blank=True)
    environmental = models.TextField(blank=True)
    risks = models.TextField(blank=True)
    financial = models.TextField(blank=True)
    options = models.TextField(blank=True)
    proposal = models.TextField(blank=True)
    is_illustration = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    begun_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="progress_period"),
            models.UniqueConstraint(fields=["board"], condition=Q(state="draft"), name="progress_one_draft"),
        ]

    def __str__(self) -> str:
        return self.reference


class ReportEntry(Record):
    """What a draft says of one element; shut once its report is published."""

    report = models.ForeignKey(ProgressReport, on_delete=models.PROTECT, related_name="entries")
    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="entries")
    done = models.TextField(blank=True)
    remains = models.TextField(blank=True)
    compared = models.TextField(blank=True)
    colour = models.CharField(max_length=12, choices=list(COLOURS.items()), blank=True)
    reason = models.TextField(blank=True)
    second_reason = models.TextField(blank=True)  # for the second of two colours
    written_at = models.DateTimeField(null=True)
    written_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "element"], name="progress_entry_once")]

    def __str__(self) -> str:
        return f"{self.element_id} in {self.report_id}"


class SignedReason(Record):
    """Why a colour stands outside what the bands say, signed by somebody who did not write the judgement. Sealed; it
    counts for the colour it was signed for alone."""

    entry = models.ForeignKey(ReportEntry, on_delete=models.PROTECT, related_name="signed")
    colour = models.CharField(max_length=12)
    banded = models.CharField(max_length=60)  # what the bands said, in words
    words = models.TextField()
    name = models.CharField(max_length=160)
    signed_at = models.DateTimeField()
    signed_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.colour} of {self.entry_id}"


class ReportCount(Record):
    """The figures of a draft as they were counted last, so that reading it counts nothing. What is published, judged or signed
    is counted afresh."""

    report = models.OneToOneField(ProgressReport, on_delete=models.PROTECT, related_name="counted")
    readings = models.JSONField(default=_nothing)  # by figure: value, number and of; nothing where there was none
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"figures of {self.report_id}"


class PublishedReport(Record):
    """A report as it was published: everything it says, its evidence with it, and the SHA-256 of both. Sealed."""

    report = models.OneToOneField(ProgressReport, on_delete=models.PROTECT, related_name="published")
    content = models.JSONField(default=_nothing)
    evidence_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.report_id} as published"


class OtherReport(Record):
    """A published report of another partnership, read from its file. Sealed; the newest of a period counts."""

    partnership = models.CharField(max_length=160)
    period = models.CharField(max_length=80)
    ends_on = models.DateField()
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=300, blank=True)
    imported_at = models.DateTimeField()
    imported_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.partnership}, {self.period}"


class OtherEntry(Record):
    """What another partnership's report says of one element. Sealed."""

    report = models.ForeignKey(OtherReport, on_delete=models.PROTECT, related_name="entries")
    letter = models.CharField(max_length=3)
    name = models.CharField(max_length=160)
    colour = models.CharField(max_length=12, choices=list(COLOURS.items()))
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "letter"], name="other_entry_once")]

    def __str__(self) -> str:
        return f"{self.letter} of {self.report_id}"
