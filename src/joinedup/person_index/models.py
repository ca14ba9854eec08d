"""People, agencies' records of them, links, families, and how it is safe to reach somebody."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.access import grounds
from joinedup.access.actor import Actor
from joinedup.core.models import Record
from joinedup.engines.linkage.keys import PersonFacts
from joinedup.organisations.models import Organisation
from joinedup.person_index.codes import CONTACT_WAYS, FAMILY_PARTS
from joinedup.person_index.rules import RecordFacts


class PersonQuerySet(models.QuerySet["Person"]):
    """People, narrowed to what a viewer's grounds open."""

    def visible_to(self, viewer: Actor) -> PersonQuerySet:
        """The union of the viewer's grounds; nobody by default. Who may see an entry whose records were all linked to
        another person may see that person: it is the same child."""
        if viewer.is_system:
            return self
        opened = grounds.people_visible_to(viewer)
        continued = Person.objects.filter(opened, continued_by__isnull=False).values("continued_by_id")
        return self.filter(opened | Q(pk__in=continued))


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
    # Set while every record that made this entry is linked to another person; cleared when one comes back.
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


class ImportRun(Record):
    """One import of an agency's file: what was read, and the report of what was not."""

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="import_runs")
    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    imported_by = models.UUIDField(null=True)
    counts = models.JSONField(default=dict)
    rejected = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.file_name


class AgencyRecord(Record):
    """One agency's copy of a person, exactly as the agency supplied it, and the facts read from it."""

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="person_records")
    agency_reference = models.CharField(max_length=60)
    as_supplied = models.JSONField()
    digest = models.CharField(max_length=64)  # of as_supplied: an unchanged row is not written again
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=1, default="U")
    nhs_number = models.CharField(max_length=10, blank=True)
    upn = models.CharField(max_length=13, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    household_reference = models.CharField(max_length=60, blank=True)
    household_part = models.CharField(max_length=20, blank=True)
    supplied_at = models.DateTimeField()
    as_of = models.DateField(null=True)
    run = models.ForeignKey(ImportRun, null=True, on_delete=models.PROTECT, related_name="records")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "agency_reference"], name="agency_record_once"),
        ]
        indexes = [
            models.Index(
                fields=["agency", "household_reference"],
                name="agency_record_household",
                condition=~Q(household_reference=""),
            ),
            models.Index(fields=["postcode"], name="agency_record_postcode", condition=~Q(postcode="")),
        ]

    def __str__(self) -> str:
        return f"{self.agency_reference} of {self.agency_id}"

    def facts(self) -> RecordFacts:
        """What the record says now, as the rules read it."""
        return RecordFacts(
            record_id=str(self.pk),
            newest_at=(self.as_of or self.supplied_at.date(), self.supplied_at),
            given_name=self.given_name,
            family_name=self.family_name,
            birth_date=self.birth_date,
            sex=self.sex,
            nhs_number=self.nhs_number,
            upn=self.upn,
            postcode=self.postcode,
        )


class EarlierVersion(models.Model):
    """What an agency had supplied before it supplied something else: kept, so that names and homes have a history."""

    record = models.ForeignKey(AgencyRecord, on_delete=models.PROTECT, related_name="earlier_versions")
    as_supplied = models.JSONField()
    digest = models.CharField(max_length=64)
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    as_of = models.DateField(null=True)
    supplied_at = models.DateTimeField()
    replaced_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.record_id} until {self.replaced_at:%Y-%m-%d}"


class RecordLink(Record):
    """An agency's record linked to a person: by which rule or whom, why, and since when; separated, not deleted."""

    record = models.ForeignKey(AgencyRecord, on_delete=models.PROTECT, related_name="links")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links")
    rule = models.CharField(max_length=20)  # PI-1, PI-2, or "person" when somebody decided
    match_weight = models.SmallIntegerField(null=True)
    reason = models.CharField(max_length=300)
    linked_at = models.DateTimeField()
    linked_by = models.UUIDField(null=True)
    separated_at = models.DateTimeField(null=True)
    separated_by = models.UUIDField(null=True)
    separation_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(separated_at__isnull=True), name="record_linked_to_one_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_id} is {self.person_id}"


class KeepApart(Record):
    """Somebody decided that this record is not this person: no rule may link them again."""

    record = models.ForeignKey(AgencyRecord, on_delete=models.PROTECT, related_name="kept_apart")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="kept_apart")
    reason = models.CharField(max_length=300)
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "person"], condition=Q(lifted_at__isnull=True), name="kept_apart_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_id} is not {self.person_id}"


class SearchKey(models.Model):
    """A key a person can be found by (engines.linkage.keys), as 64 bits of its hash, so that the table holds no name;
    rebuilt whenever the facts behind it change."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="search_keys")
    key = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "person"], name="search_key_once")]

    def __str__(self) -> str:
        return f"a key of {self.person_id}"


class Family(Record):
    """A household or family that is worked with as one."""

    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    # The agency's household that the family was founded from, if any.
    household_agency = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="households")
    household_reference = models.CharField(max_length=60, blank=True)

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
