"""The register of sharing agreements: parties, what each may share and why, who may ask and answer, signatures."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record
from joinedup.information_sharing.codes import Part
from joinedup.information_sharing.lifecycle import SIGNED_BY_ALL, AgreementState, agreement_state_on
from joinedup.information_sharing.rules import ItemRule
from joinedup.organisations.models import Organisation, Post


class LawfulBasis(models.Model):
    """A lawful basis in words, and where to check it. Unverified until somebody has checked it and said so."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=120)
    words = models.CharField(max_length=600)
    source = models.CharField(max_length=300)
    is_verified = models.BooleanField(default=False)
    verified_by = models.UUIDField(null=True)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_verified=False) | Q(verified_at__isnull=False), name="basis_verified_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.name


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Agreements by the day."""

    def in_force_on(self, day: date) -> AgreementQuerySet:
        """Signed by every party, begun, neither expired nor ended: decided by the day, without any job."""
        return self.filter(Agreement.is_in_force(day))


class Agreement(Record):
    """Who shares what about whom with whom, why, on which basis and until when."""

    reference = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=200)
    state = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in AgreementState], default=AgreementState.DRAFT
    )
    purposes = ArrayField(models.CharField(max_length=20))
    purpose_words = models.TextField(blank=True)
    impact_assessment = models.CharField(max_length=60, blank=True)
    impact_assessed_on = models.DateField(null=True)
    starts_on = models.DateField(null=True)
    review_on = models.DateField(null=True)
    # The first day on which nothing may be asked or answered any more.
    expires_on = models.DateField(null=True)
    # What the privacy notice says of how long it is kept and how to object.
    kept_for = models.CharField(max_length=300, blank=True)
    how_to_object = models.CharField(max_length=500, blank=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    drafted_at = models.DateTimeField()
    ended_on = models.DateField(null=True)
    # The review day that governance was reminded of last.
    reminded_of = models.DateField(null=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(expires_on__isnull=True) | Q(expires_on__gt=F("starts_on")),
                name="agreement_starts_before_it_expires",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "ended"]) | Q(starts_on__isnull=False, expires_on__isnull=False),
                name="agreement_signed_has_dates",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_on__isnull=False), name="agreement_ended_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @staticmethod
    def is_in_force(day: date, through: str = "") -> Q:
        """The filter for what is in force on a day; `through` is the path to the agreement, such as "agreement__"."""
        return Q(
            **{
                f"{through}state__in": sorted(SIGNED_BY_ALL),
                f"{through}starts_on__lte": day,
                f"{through}expires_on__gt": day,
            }
        )

    def state_on(self, day: date) -> AgreementState:
        """How it stands on a day, whatever was written down last."""
        written = AgreementState(self.state)
        return agreement_state_on(written, starts_on=self.starts_on, expires_on=self.expires_on, on=day)


class AgreementBasis(models.Model):
    """A lawful basis an agreement relies on."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="bases")
    basis = models.ForeignKey(LawfulBasis, on_delete=models.PROTECT, related_name="agreements")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "basis"], name="agreement_basis_once")]

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.basis_id}"


class AgreementParty(Record):
    """An organisation in an agreement, and its signature once it has signed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="agreement_places")
    # Whose records in the index are this party's own, where another body sends them in (a school's come from the
    # schools' forum); itself unless said otherwise.
    records_from = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    signatory = models.CharField(max_length=120, blank=True)
    signatory_title = models.CharField(max_length=120, blank=True)
    signed_on = models.DateField(null=True)
    recorded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="agreement_party_once"),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True) | ~Q(signatory=""), name="agreement_signed_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.agreement_id}"


class AgreementItem(models.Model):
    """One thing a party may share, or may not, with its justification and the rules that narrow it."""

    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=160)
    is_allowed = models.BooleanField(default=True)
    justification = models.CharField(max_length=500)
    minimum_age = models.PositiveSmallIntegerField(null=True)
    maximum_age = models.PositiveSmallIntegerField(null=True)
    years_back = models.PositiveSmallIntegerField(null=True)
    levels = ArrayField(models.PositiveSmallIntegerField(), default=list)  # empty: every level
    # The column of the agency's own file that says it already, where one does.
    column = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "code"], name="agreement_item_once"),
            models.CheckConstraint(condition=~Q(justification=""), name="agreement_item_justified"),
            models.CheckConstraint(
                condition=Q(minimum_age__isnull=True)
                | Q(maximum_age__isnull=True)
                | Q(maximum_age__gte=F("minimum_age")),
                name="agreement_item_ages_run_up",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def rule(self) -> ItemRule:
        """What narrows it, as the rules read it."""
        return ItemRule(self.is_allowed, self.minimum_age, self.maximum_age, self.years_back, frozenset(self.levels))


class AgreementPost(Record):
    """A post named in an agreement to ask or to answer for a party, from a moment to a moment."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="agreement_places")
    part = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Part])
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "post", "part", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="agreement_post_once",
            )
        ]
        indexes = [models.Index(fields=["post", "part"], name="sharing_post_named")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.part}"

    @staticmethod
    def is_named_at(at: datetime) -> Q:
        """Named at that moment."""
        return Q(named_at__lte=at) & (Q(ended_at__isnull=True) | Q(ended_at__gt=at))


class AgreementTransition(models.Model):
    """One change of state, with its author and reason."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="transitions")
    start = models.CharField(max_length=10, blank=True)
    end = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"


class AgreementReview(models.Model):
    """Somebody looked at an agreement again, and what they found."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="reviews")
    reviewed_at = models.DateTimeField()
    by = models.UUIDField(null=True)
    words = models.TextField()
    next_review_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.agreement_id} on {self.reviewed_at:%Y-%m-%d}"
