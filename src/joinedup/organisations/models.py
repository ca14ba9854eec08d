"""Organisations, places, teams and posts."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.core.formats import date_long, date_time, london
from joinedup.core.models import Record


class Organisation(Record):
    """A partner: council, NHS body, police, school, charity. Bodies are abolished and succeeded; the row stays."""

    class Kind(models.TextChoices):
        COUNCIL = "council", "Council"
        NHS = "nhs", "NHS body"
        POLICE = "police", "Police"
        PROBATION = "probation", "Probation"
        JOBCENTRE = "jobcentre", "Jobcentre Plus"
        HOUSING = "housing", "Housing"
        SCHOOL = "school", "School or college"
        VOLUNTARY = "voluntary", "Voluntary organisation"

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=Kind)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    cluster = models.ForeignKey("Cluster", null=True, on_delete=models.PROTECT, related_name="schools")
    postcode = models.CharField(max_length=8, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    # What kind of referrer this organisation is in the children in need census (codes 1A to 10).
    referral_source = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_on__isnull=True) | Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="organisation_opened_before_closed",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Succession(Record):
    """One body taking over from another on a day (primary care trust, clinical commissioning group, integrated care board)."""

    predecessor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="precessions")
    on = models.DateField()
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.successor} after {self.predecessor}"


class Locality(Record):
    """A geographical area the partnership works in."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class LocalityPostcode(models.Model):
    """A postcode prefix that lies in a locality; the longest prefix that fits wins."""

    prefix = models.CharField(max_length=8, unique=True)
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="postcodes")

    def __str__(self) -> str:
        return self.prefix


class Cluster(Record):
    """A group of schools and the services wrapped around them."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="clusters")

    def __str__(self) -> str:
        return self.name


class Team(Record):
    """People from several organisations who work as one, hosted by one of them."""

    class Kind(models.TextChoices):
        FRONT_DOOR = "front_door", "Front door"
        CASE_MANAGEMENT = "case_management", "Case management"
        STATUTORY = "statutory", "Statutory social care"
        SPECIALIST = "specialist", "Specialist or city-wide"

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=Kind)
    host = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="hosted_teams")
    base = models.CharField(max_length=160, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    # The most open cases the team takes; null where nothing is allocated to it.
    case_cap = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.name


class TeamLocality(models.Model):
    """Which team serves which locality, from a day on: four localities map to three teams, as data."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="served")
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="served_by")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "locality", "starts_on"], name="team_serves_once")]

    def __str__(self) -> str:
        return f"{self.team} serves {self.locality}"


class Post(Record):
    """A job held by a person. Where employer and host differ it is a secondment, and access ends with it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=120)
    role = models.CharField(max_length=32, choices=[(role.value, role.value) for role in Role])
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="posts")
    employer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="employed_posts")
    host = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="hosted_posts")
    line_supervisor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="line_supervised")
    clinical_supervisor = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="clinically_supervised"
    )
    full_time_equivalent = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal("1.00"))
    is_registered_social_worker = models.BooleanField(default=False)
    phone = models.CharField(max_length=30, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    # A secondment without an end is looked at again on a day.
    review_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="post_starts_before_it_ends"
            )
        ]
        indexes = [models.Index(fields=["account", "starts_at"], name="organisations_post_held")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_secondment(self) -> bool:
        """Employed by one organisation, hosted by another."""
        return self.employer_id != self.host_id

    @property
    def end_in_words(self) -> str:
        """When access ends, as people say it: a post that ends at midnight ends with the day before."""
        if self.ends_at is None:
            return ""
        if london(self.ends_at).time() == time():
            return f"the end of {date_long(self.ends_at - timedelta(minutes=1))}"
        return date_time(self.ends_at)

    def is_held_at(self, at: datetime) -> bool:
        """Held at that very moment."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


class PostFunding(models.Model):
    """Who pays what share of a post, in hundredths of a per cent; the shares of a post add up to 10,000."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="funding")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="funded_posts")
    share = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "organisation"], name="post_funded_once_by_each"),
            models.CheckConstraint(condition=Q(share__gt=0) & Q(share__lte=10_000), name="post_share_possible"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} pays {self.share / 100:g}%"
