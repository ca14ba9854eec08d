"""Tables around finding: words people use, what was looked for, advice, and young people's questions with whoever answers them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record


class PlainWord(Record):
    """What people say for something a record calls otherwise: “nits” for head lice. `means` is searched too, `topic` is counted."""

    phrase = models.CharField(max_length=80, unique=True)  # lower case, without apostrophes
    means = models.CharField(max_length=200)
    topic = models.CharField(max_length=80)

    class Meta:
        ordering = ["phrase"]

    def __str__(self) -> str:
        return self.phrase


class SearchCount(models.Model):
    """How often something was looked for in a month and an area, and with what outcome. Never who, where exactly, or their words."""

    month = models.DateField()
    topic = models.CharField(max_length=80)
    area = models.CharField(max_length=4, blank=True)  # the first half of a postcode
    outcome = models.CharField(max_length=8)  # found, wider, none
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "topic", "area", "outcome"], name="directory_search_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.topic}, {self.month:%Y-%m}"


class Answerer(Record):
    """A named adult who answers young people, in the order in which they stand in for each other."""

    post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    away_from = models.DateField(null=True)
    away_until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post"], name="directory_answerer_once", condition=Q(ended_at=None)),
            models.CheckConstraint(
                condition=Q(away_from=None, away_until=None) | Q(away_until__gte=F("away_from")), name="directory_away_in_order"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"answers in place {self.place}"


class YoungQuestion(Record):
    """What a young person asks. It holds nothing of who they are; whoever has the code may read the answer."""

    code_mark = models.CharField(max_length=64, unique=True)
    reference = models.CharField(max_length=8)
    words = models.TextField()
    ages = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=12, default="asked")
    is_danger = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    post = models.ForeignKey(
        "organisations.Post", on_delete=models.PROTECT, related_name="+"
    )  # the named adult it waits for
    opened_at = models.DateTimeField(null=True)  # when one of those who were told read it first
    opened_by = models.UUIDField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    answered_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None) | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="directory_answer_has_a_name",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "due_on"], name="directory_question_due")]

    def __str__(self) -> str:
        return self.reference


class QuestionTold(Record):
    """Somebody was told that a question waits, and why. Sealed."""

    young_question = models.ForeignKey(YoungQuestion, on_delete=models.PROTECT, related_name="told")
    post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["young_question", "post", "reason"], name="directory_told_once")]

    def __str__(self) -> str:
        return self.reason


class Advice(Record):
    """A page of advice, a parenting programme, or an answer to a young person that is published. Public is what was approved last."""

    kind = models.CharField(max_length=12)
    is_for_young = models.BooleanField(default=False)
    published = models.ForeignKey("AdviceText", null=True, on_delete=models.PROTECT, related_name="+")
    review_on = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.kind


class AdviceText(Record):
    """What a page of advice says, as it was written once; another wording is another row."""

    advice = models.ForeignKey(Advice, on_delete=models.PROTECT, related_name="texts")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    words = models.TextField()
    minimum_age = models.PositiveIntegerField(null=True)
    maximum_age = models.PositiveIntegerField(null=True)
    evidence = models.CharField(max_length=600, blank=True)
    places = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.UUIDField(null=True)
    sent_back = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["advice", "number"], name="directory_advice_text_once")]

    def __str__(self) -> str:
        return self.title
