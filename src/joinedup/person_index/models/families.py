"""Families, relationships, and how it is safe to reach somebody."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record
from joinedup.organisations.models import Organisation
from joinedup.person_index.codes import CONTACT_WAYS, FAMILY_PARTS
from joinedup.person_index.models.people import Person


class Family(Record):
    """A household or family that is worked with as one."""

    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    # The agency's household that the family was founded from, if any.
    household_agency = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="households")
    household_reference = models.CharField(max_length=60, blank=True)
    by_run = models.UUIDField(null=True)  # the import that founded it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household_agency", "household_reference"],
                condition=~Q(household_reference=""),
                name="family_of_a_household_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class FamilyMember(models.Model):
    """Somebody's place in a family, over time. A child may live in two."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    part = models.CharField(max_length=20, choices=list(FAMILY_PARTS.items()))
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    by_run = models.UUIDField(null=True)  # the import that put them there

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["family", "person"], condition=Q(ends_on__isnull=True), name="family_member_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.family_id}"


class Relationship(Record):
    """How one person stands to another: `person` is the … of `other`."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relationships")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="related_from")
    kind = models.CharField(max_length=30)  # mother, father, brother, grandparent, carer …
    has_parental_responsibility = models.BooleanField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    source = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("other")), name="related_to_another"),
            models.UniqueConstraint(
                fields=["person", "other", "kind"], condition=Q(ends_on__isnull=True), name="related_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.other_id}"


class SafeContact(Record):
    """How it is safe to reach somebody: how, when, and not through whom. The newest row is in force.

    Honoured by every letter, text, invitation and print; where nothing is recorded, nothing is assumed safe but what
    the person themselves gave.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="safe_contacts")
    how = models.CharField(max_length=20, choices=list(CONTACT_WAYS.items()))
    details = models.CharField(max_length=254, blank=True)
    when = models.CharField(max_length=200, blank=True)
    not_through = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    source = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["person", "-recorded_at"], name="safe_contact_newest")]

    def __str__(self) -> str:
        return f"{self.how}: {self.details}"
