"""People, their names and homes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.access import grounds
from joinedup.access.actor import Actor
from joinedup.core.models import Record
from joinedup.engines.linkage.keys import PersonFacts
from joinedup.person_index.models.withheld import withheld_ids


class PersonQuerySet(models.QuerySet["Person"]):
    """People, narrowed to what a viewer's grounds open."""

    def visible_to(self, viewer: Actor, *, to_change: bool = False) -> PersonQuerySet:
        """The union of the viewer's grounds; nobody by default. Who may see an entry whose records were all linked to
        another person may see that person: it is the same child. Whoever is withheld from the viewer is left out,
        whatever ground there is; `to_change` leaves out grounds that are only for reading."""
        if viewer.is_system:
            return self
        opened = grounds.people_visible_to(viewer, to_change=to_change)
        continued = Person.objects.filter(opened, continued_by__isnull=False).values("continued_by_id")
        return self.filter(opened | Q(pk__in=continued)).not_withheld_from(viewer)

    def not_withheld_from(self, viewer: Actor) -> PersonQuerySet:
        """Without restricted people who are not open to the viewer, and without the viewer's own family."""
        return self if viewer.is_system else self.exclude(pk__in=withheld_ids(viewer))


class Person(Record):
    """A child, young person or adult known to any partner.

    The names, birth date, sex and numbers are derived (rules.derive_facts) from what somebody stated and from the
    records linked now, so that separating a record gives back exactly what was there.
    """

    class Sex(models.TextChoices):
        MALE = "M", "Male"
        FEMALE = "F", "Female"
        UNKNOWN = "U", "Not known"

    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    known_as = models.CharField(max_length=100, blank=True)
    birth_date = models.DateField(null=True)
    is_birth_date_estimated = models.BooleanField(default=False)
    expected_on = models.DateField(null=True)  # for a child not yet born
    died_on = models.DateField(null=True)
    sex = models.CharField(max_length=1, choices=Sex, default=Sex.UNKNOWN)
    nhs_number = models.CharField(max_length=10, blank=True)
    upn = models.CharField(max_length=13, blank=True)
    interpreter_language = models.CharField(max_length=60, blank=True)
    communication_needs = models.CharField(max_length=300, blank=True)
    # What somebody said of the person themselves, apart from any record: birth_date, sex, nhs_number, upn.
    stated = models.JSONField(default=dict)
    # Every name and postcode known, for comparing: forenames, surnames, postcodes. Derived.
    known = models.JSONField(default=dict)
    # Set while everything that made this entry, records and what was told, is another person's; cleared when it comes back.
    continued_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="continues")
    created_at = models.DateTimeField()

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["nhs_number"], name="person_nhs", condition=~Q(nhs_number="")),
            models.Index(fields=["upn"], name="person_upn", condition=~Q(upn="")),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or "Name not known"

    def facts(self) -> PersonFacts:
        """Every name, postcode and number, as the linkage engine compares them."""
        return PersonFacts(
            forenames=tuple(self.known.get("forenames", ())),
            surnames=tuple(self.known.get("surnames", ())),
            birth_date=self.birth_date,
            postcodes=tuple(self.known.get("postcodes", ())),
            nhs_number=self.nhs_number or None,
            upn=self.upn or None,
        )


class PersonName(models.Model):
    """A name somebody has or had: birth name, married name, known as. Kept over time."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="names")
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=12, default="usual")  # usual, former, known_as
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    source = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class PersonAddress(models.Model):
    """Where somebody lives or lived. A child may live in two homes at once."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="addresses")
    lines = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    is_no_fixed_address = models.BooleanField(default=False)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    source = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["postcode"], name="person_address_postcode")]

    def __str__(self) -> str:
        return self.postcode or "no fixed address"
