"""Agencies' records as supplied, whose they are, and whose they are not."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.core.models import Record
from joinedup.organisations.models import Organisation
from joinedup.person_index.models.people import Person
from joinedup.person_index.rules import RecordFacts


class ImportRun(Record):
    """One import of an agency's file: what was read, and the report of what was not."""

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="import_runs")
    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    imported_by = models.UUIDField(null=True)
    counts = models.JSONField(default=dict)
    rejected = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)
    undone = models.JSONField(default=dict)  # counts of removed and restored records, and each that was kept with why

    class Meta:
        indexes = [models.Index(fields=["-started_at", "-id"], name="import_run_newest")]

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
    first_run = models.UUIDField(null=True)  # the import that brought it first

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
            address=self.address,
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
    by_run = models.UUIDField(null=True)  # the import that replaced it

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
    by_run = models.UUIDField(null=True)  # the import that linked it

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
