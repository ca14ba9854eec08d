"""Restricted people, staff and their own families, alerts to guardians, and access in an emergency."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.access.models import Account
from joinedup.core.models import Record
from joinedup.organisations.models import Post
from joinedup.person_index.models.people import Person


class Restriction(Record):
    """Somebody's record is kept from everybody but a few. It protects from the moment it is proposed; where its category
    needs two people, the second confirms it or ends it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="restrictions")
    category = models.CharField(max_length=24)  # restricting.CATEGORIES
    reason = models.TextField()
    # Whoever holds one of these roles may go on seeing the person, where they have a ground to.
    allowed_roles = models.JSONField(default=list)
    may_break_glass = models.BooleanField(default=True)  # as the category said when it was imposed
    starts_at = models.DateTimeField()
    proposed_by = models.UUIDField(null=True)
    authorised_by = models.UUIDField(null=True)
    authorised_at = models.DateTimeField(null=True)
    review_by = models.DateField()
    ending_proposed_by = models.UUIDField(null=True)
    ending_proposed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "category"], condition=Q(ended_at__isnull=True), name="restricted_once_in_a_category"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(end_reason=""), name="restriction_ends_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(authorised_by__isnull=True) | Q(authorised_at__isnull=False),
                name="restriction_authorised_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["review_by"], name="restriction_review", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.category


class RestrictionParty(Record):
    """Who stands where with a restriction: a guardian or somebody allowed by a post, somebody excluded by account."""

    class Part(models.TextChoices):
        GUARDIAN = "guardian", "Guardian"
        ALLOWED = "allowed", "May see the record"
        EXCLUDED = "excluded", "Must not see the record"

    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="parties")
    part = models.CharField(max_length=10, choices=Part)
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="restrictions")
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="restrictions")
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(part="excluded") & Q(account__isnull=False) & Q(post__isnull=True))
                | (~Q(part="excluded") & Q(account__isnull=True) & Q(post__isnull=False)),
                name="restriction_party_by_post_or_account",
            ),
            models.UniqueConstraint(
                fields=["restriction", "part", "post"], condition=Q(ended_at__isnull=True), name="restriction_post_once"
            ),
            models.UniqueConstraint(
                fields=["restriction", "account"], condition=Q(ended_at__isnull=True), name="restriction_account_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} of {self.restriction_id}"


class RestrictionReview(models.Model):
    """One look at whether a restriction is still needed."""

    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="reviews")
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    words = models.TextField()
    next_review_by = models.DateField()

    def __str__(self) -> str:
        return f"review of {self.restriction_id}"


class LookAlike(Record):
    """An entry that may be a restricted person's: kept from everybody as they are, until a guardian says that it is
    somebody else. Whoever made it by hand goes on seeing what they typed."""

    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="look_alikes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="look_alike_of")
    found_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    answer = models.CharField(max_length=10, blank=True)  # same, different
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["restriction", "person"], name="look_alike_once")]

    def __str__(self) -> str:
        return f"{self.person_id} looks like one of {self.restriction_id}"


class RestrictedMatch(Record):
    """A search would have shown a restricted person. Their guardian answers; until then nothing closes on it."""

    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="matches")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="restricted_matches")
    about_kind = models.CharField(max_length=60)
    about_id = models.UUIDField()
    score = models.SmallIntegerField()
    holds = models.BooleanField()  # near enough to hold up what it is about
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    via = models.CharField(max_length=8)
    purpose = models.CharField(max_length=80)
    answer = models.CharField(max_length=10, blank=True)  # proceed, take
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["restriction", "person", "about_kind", "about_id"], name="restricted_match_once"
            )
        ]
        indexes = [
            models.Index(fields=["about_kind", "about_id"], name="restricted_match_about"),
            models.Index(fields=["at"], name="restricted_match_waiting", condition=Q(answer="")),
        ]

    def __str__(self) -> str:
        return f"match of {self.restriction_id}"


class StaffTie(Record):
    """Somebody on the staff is this person, or is close to them. Their family follows from it by itself."""

    class Kind(models.TextChoices):
        SELF = "self", "This is them"
        RELATIVE = "relative", "A relative"
        OTHER = "other", "Somebody close to them"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="ties")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="staff_ties")
    kind = models.CharField(max_length=10, choices=Kind)
    declared_at = models.DateTimeField()
    declared_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "person"], condition=Q(ended_at__isnull=True), name="staff_tie_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.account_id}"


class StaffDeclaration(Record):
    """What somebody on the staff said about their own family, in their words, for a guardian to find in the index: who
    declares never learns whether somebody is there."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="declarations")
    kind = models.CharField(max_length=10, choices=StaffTie.Kind)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    birth_date = models.DateField(null=True)
    postcode = models.CharField(max_length=8, blank=True)
    declared_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"declaration of {self.account_id}"


class BreakGlass(Record):
    """One person's record opened in an emergency, by one account, to read, until a minute; then looked at by another."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="emergencies")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="emergencies")
    reason_code = models.CharField(max_length=20)
    reason = models.TextField()
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # earlier, by hand
    review_by = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.UUIDField(null=True)
    outcome = models.CharField(max_length=16, blank=True)  # justified, not_justified
    review_words = models.TextField(blank=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("opened_at")), name="emergency_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True) | ~Q(outcome=""), name="emergency_review_has_an_outcome"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("account_id")),
                name="emergency_reviewed_by_somebody_else",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-ends_at"], name="emergency_live"),
            models.Index(fields=["review_by"], name="emergency_unreviewed", condition=Q(reviewed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"emergency of {self.account_id}"
