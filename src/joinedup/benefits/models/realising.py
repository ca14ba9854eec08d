"""Benefits from forecast to the bank: each with its moves, what was banked from which posting, and whose event was avoided."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from joinedup.benefits.lifecycle import BENEFIT_LABELS, BenefitState
from joinedup.benefits.models.cases import BusinessCase, Round
from joinedup.casework.models import Case
from joinedup.core.models import Record, new_id
from joinedup.funds.models import BudgetLine, Fund
from joinedup.organisations.models import Organisation
from joinedup.person_index.models import Person

_STATES = [(key.value, words) for key, words in BENEFIT_LABELS.items()]


class Benefit(Record):
    """What one partner is to gain from one line of a business case. `forecast` and `cashable` are pence for each year of
    the case, from the newest round that was taken up; `measured_pence` is what it was last measured to be worth so far.
    `unit_pence` is what one event less is worth to the partner; `episode` the events it rests on, empty where none."""

    case = models.ForeignKey(BusinessCase, on_delete=models.PROTECT, related_name="realised_benefits")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="realised_benefits")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="realised_benefits")
    key = models.CharField(max_length=120)  # its code; with a number where a case has the code twice
    code = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    forecast = models.JSONField()
    cashable = models.JSONField()
    forecast_pence = models.BigIntegerField()
    unit_pence = models.BigIntegerField(default=0)
    episode = models.CharField(max_length=30, blank=True)
    starts_on = models.DateField()  # the first day of the year in which its return begins; before it nothing is due
    state = models.CharField(max_length=10, choices=_STATES, default=BenefitState.FORECAST)
    measured_pence = models.BigIntegerField(null=True)
    evidence_level = models.PositiveSmallIntegerField(null=True)
    banked_pence = models.BigIntegerField(default=0)
    taken_up_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "organisation", "key"], name="benefit_once"),
            models.CheckConstraint(condition=Q(state__in=list(BenefitState)), name="benefit_state"),
            models.CheckConstraint(condition=Q(banked_pence__gte=0), name="benefit_banked_not_below_nought"),
            models.CheckConstraint(
                condition=Q(banked_pence=0) | Q(measured_pence__isnull=False, banked_pence__lte=F("measured_pence")),
                name="benefit_banked_was_measured",
            ),
            models.CheckConstraint(
                condition=Q(evidence_level__isnull=True) | Q(evidence_level__gte=1, evidence_level__lte=5),
                name="benefit_evidence_level",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.organisation_id}"

    @property
    def programme_id(self) -> UUID:
        """Whose partners may see it."""
        return self.case.strand.programme_id


def _nothing() -> dict[str, Any]:
    return {}


class BenefitMove(models.Model):
    """One step of a benefit's history, kept for good. `measured` is what the series said at that moment."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="moves")
    start = models.CharField(max_length=10, blank=True)
    end = models.CharField(max_length=10)
    reason = models.TextField()
    evidence = models.TextField(blank=True)
    series_id = models.UUIDField(null=True)
    measured = models.JSONField(default=_nothing)
    level = models.PositiveSmallIntegerField(null=True)
    pence = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.benefit_id}: {self.start} to {self.end}"


class PostingUse(models.Model):
    """How much of a posting that lowered a budget line has been banked, by all benefits together. The database itself
    refuses more than the line was lowered by."""

    posting_id = models.BigIntegerField(primary_key=True)
    line = models.ForeignKey(BudgetLine, null=True, on_delete=models.PROTECT, related_name="+")
    reduced_pence = models.BigIntegerField()
    banked_pence = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(banked_pence__gte=0, banked_pence__lte=F("reduced_pence")), name="posting_banked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.banked_pence} of {self.reduced_pence}"


class BankEntry(models.Model):
    """Money taken out of a budget because of a benefit, or taken back. Rows are sealed: a mistake is a row below nought
    that names it. Cash from a provider says what stays behind there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="banked")
    key = models.CharField(max_length=80, unique=True)
    pence = models.BigIntegerField()
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+")
    entry_id = models.UUIDField()
    posting = models.ForeignKey(PostingUse, on_delete=models.PROTECT, related_name="entries")
    posting_words = models.CharField(max_length=400)
    provider = models.CharField(max_length=200, blank=True)
    fixed_cost_pence = models.BigIntegerField(null=True)
    notice_months = models.PositiveSmallIntegerField(null=True)
    service_at_risk = models.TextField(blank=True)
    reason = models.TextField()
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pence__gt=0, reverses__isnull=True) | Q(pence__lt=0, reverses__isnull=False),
                name="bank_entry_or_reversal",
            ),
            models.CheckConstraint(
                condition=Q(provider="")
                | (Q(fixed_cost_pence__isnull=False, notice_months__isnull=False) & ~Q(service_at_risk="")),
                name="bank_entry_from_provider",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pence} of {self.benefit_id}"


class AvoidedEvent(Record):
    """An event of one person that did not happen, claimed by one benefit, for every partner its line saves. While a claim
    stands the database refuses another about the same person and episode in an overlapping time
    (`avoided_event_claimed_once`), and by another line within a year where the episode is a long one. `episode` groups the kinds that are one; the database fills it in."""

    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="avoided_events")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="avoided_events")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="avoided_events")
    kind = models.CharField(max_length=30)
    episode = models.CharField(max_length=30, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    why = models.TextField()
    claimed_at = models.DateTimeField()
    claimed_by = models.UUIDField(null=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.UUIDField(null=True)
    released_why = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="avoided_event_period")]
        indexes = [models.Index(fields=["person", "episode"], name="avoided_episodes_of")]

    def __str__(self) -> str:
        return f"{self.kind} from {self.starts_on}"
