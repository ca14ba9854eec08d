"""The directory's records. What is said of a service is kept whole in sealed versions, in the shape of the open standard; what the
last approved one says is written beside it in columns to search by. The place of a service that keeps it secret is never kept."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record
from joinedup.directory import finding_models, upkeep_models  # noqa: F401 - their tables are registered with these
from joinedup.organisations.models import Organisation


class Provider(Record):
    """Whoever provides services: a partner of the partnership, or a club nobody else here knows."""

    name = models.CharField(max_length=300)
    description = models.TextField()
    email = models.CharField(max_length=254, blank=True)
    website = models.CharField(max_length=500, blank=True)
    identifiers = models.JSONField(default=list)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    is_address_secret = models.BooleanField(default=False)
    is_trusted = models.BooleanField(default=False)  # its small changes go through at once and are checked later
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name", "id"], name="directory_provider_name")]

    def __str__(self) -> str:
        return self.name


class Taxonomy(Record):
    """A list of words to describe services by. Several stand side by side."""

    name = models.CharField(max_length=200, unique=True)
    description = models.TextField()
    uri = models.CharField(max_length=500, blank=True)
    edition = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Term(Record):
    """One word of a list, under another or at its top."""

    taxonomy = models.ForeignKey(Taxonomy, on_delete=models.PROTECT, related_name="terms")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(max_length=200)
    description = models.TextField()
    uri = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["taxonomy", "parent", "name"], nulls_distinct=False, name="directory_term_once"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="directory_term_not_its_own"),
        ]

    def __str__(self) -> str:
        return self.name


class Source(Record):
    """Another directory whose records are taken in, under its licence."""

    name = models.CharField(max_length=200, unique=True)
    address = models.CharField(max_length=500, blank=True)
    licence = models.CharField(max_length=200)
    read_at = models.DateTimeField(null=True)
    is_trusted = models.BooleanField(default=False)  # what it says becomes public without an assurer

    def __str__(self) -> str:
        return self.name


class Entry(Record):
    """A service in the directory. Everything but its identity is worked out from the version that was approved last; with none
    it is not public."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="entries")
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="entries")
    approved = models.ForeignKey("EntryVersion", null=True, on_delete=models.PROTECT, related_name="+")
    # Where the record stands, by `lifecycle.RecordState`; what waits for an assurer, from a provider or a source, is `waiting`.
    state = models.CharField(max_length=16, default="proposed")
    waiting = models.ForeignKey("EntryVersion", null=True, on_delete=models.PROTECT, related_name="+")
    same_as = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="others"
    )  # the one that is kept
    visible_from = models.DateField(null=True)
    visible_until = models.DateField(null=True)
    closed_from = models.DateField(null=True)
    closed_until = models.DateField(null=True)
    closed_instead = models.CharField(max_length=600, blank=True)
    completeness = models.PositiveSmallIntegerField(null=True)  # per cent; worked out when a version becomes public
    missing = ArrayField(models.CharField(max_length=24), default=list)
    status = models.CharField(max_length=20, default="active")
    name = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    words = models.TextField(blank=True)  # what is searched beside name and summary: categories, provider, places
    minimum_age = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    maximum_age = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    is_free = models.BooleanField(null=True)
    terms = ArrayField(models.UUIDField(), default=list)
    areas = ArrayField(models.CharField(max_length=12), default=list)  # GSS codes; none where it says no area
    features = ArrayField(models.CharField(max_length=40), default=list)  # codes of directory.features
    sector = models.CharField(max_length=16, blank=True)
    reach = models.CharField(max_length=16, blank=True)
    setting = models.CharField(max_length=16, blank=True)
    commissioning = models.CharField(max_length=16, blank=True)
    budget = models.CharField(max_length=16, blank=True)
    is_address_secret = models.BooleanField(default=False)
    assured_on = models.DateField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum_age=None) | Q(maximum_age=None) | Q(maximum_age__gte=F("minimum_age")),
                name="directory_ages_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("proposed", "scheduled", "public", "closed", "ended", "archived")),
                name="directory_state_known",
            ),
            models.CheckConstraint(
                condition=Q(visible_from=None) | Q(visible_until=None) | Q(visible_until__gte=F("visible_from")),
                name="directory_visible_in_order",
            ),
            models.CheckConstraint(
                condition=Q(closed_from=None) | Q(closed_until=None) | Q(closed_until__gte=F("closed_from")),
                name="directory_closed_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["waiting"], name="directory_entry_waiting", condition=Q(waiting__isnull=False)),
            models.Index(fields=["name", "id"], name="directory_entry_name", condition=Q(approved__isnull=False)),
            models.Index(fields=["changed_at", "id"], name="directory_entry_changed"),
            GinIndex(fields=["terms"], name="directory_entry_terms"),
            GinIndex(fields=["features"], name="directory_entry_features"),
        ]

    def __str__(self) -> str:
        return self.name


class EntryVersion(Record):
    """What somebody says of a service, whole, in the shape of the standard. Sealed: a change is another version."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    remark = models.CharField(max_length=600, blank=True)  # why it was written, in the writer's words
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="directory_version_once")]

    def __str__(self) -> str:
        return f"version {self.number}"


class VersionDecision(Record):
    """What became of a version: an assurer approved it or sent it back, the writer took it back, or a trusted provider's small
    change went through at once and is checked later. Sealed."""

    entry_version = models.OneToOneField(EntryVersion, on_delete=models.PROTECT, related_name="decision")
    is_approved = models.BooleanField()
    is_withdrawn = models.BooleanField(default=False)
    is_by_trust = models.BooleanField(default=False)
    reason = models.CharField(max_length=600, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return "approved" if self.is_approved else "withdrawn" if self.is_withdrawn else "sent back"


class Assurance(Record):
    """Somebody made sure on a day that what the directory says of a service is so. Sealed."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="assurances")
    assured_on = models.DateField()
    how = models.CharField(max_length=600)
    method = models.CharField(max_length=12, default="other")  # phone, visit, provider, papers, other
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"assured on {self.assured_on}"


class EntryPlace(Record):
    """Where a service is given, worked out from its approved version. Its id is that of the service at the location."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="places")
    location_id = models.UUIDField()
    name = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    easting = models.IntegerField(null=True)
    northing = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["location_id"], name="directory_place_location")]

    def __str__(self) -> str:
        return self.name or self.postcode


class Opening(Record):
    """A day of the week on which a service is open, worked out from its approved version."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="openings")
    weekday = models.CharField(max_length=2)
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["weekday", "opens"], name="directory_open_on")]

    def __str__(self) -> str:
        return self.weekday


class Postcode(models.Model):
    """Where a postcode lies: metres of the national grid and the code of its district."""

    code = models.CharField(max_length=8, primary_key=True)
    easting = models.IntegerField()
    northing = models.IntegerField()
    district = models.CharField(max_length=12, blank=True)

    def __str__(self) -> str:
        return self.code


class Staged(Record):
    """What a source said of a service when it was last read, as it said it. With faults it is held: nothing of it is public that was
    not so before, and nothing is thrown away."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="staged")
    their_id = models.CharField(max_length=200)
    raw = models.JSONField()
    digest = models.CharField(max_length=64)
    faults = models.JSONField(default=list)
    entry = models.ForeignKey(Entry, null=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()
    mends = models.JSONField(default=dict)  # by field: what it said, and what somebody here put in its stead
    secrecy = models.CharField(max_length=8, blank=True)  # somebody said: its place is "secret", or may be "open"
    left_because = models.CharField(max_length=600, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "their_id"], name="directory_staged_once")]

    def __str__(self) -> str:
        return self.their_id


class HarvestRun(Record):
    """One reading of a source: what it came to, or why it came to nothing."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="runs")
    began_at = models.DateTimeField()
    counts = models.JSONField(default=dict)
    problem = models.CharField(max_length=600, blank=True)
    started_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["source", "-began_at"], name="directory_run_of_source")]

    def __str__(self) -> str:
        return f"read on {self.began_at}"


class DuplicatePair(Record):
    """Two services that may be one, with why, and what somebody decided. `first` has the smaller identifier."""

    first = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=12, default="suspected")
    kept = models.ForeignKey(Entry, null=True, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="directory_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="directory_pair_in_order"),
            models.CheckConstraint(
                condition=Q(state="same", kept__isnull=False) | (~Q(state="same") & Q(kept=None)),
                name="directory_pair_kept",
            ),
        ]
        indexes = [models.Index(fields=["state", "-score"], name="directory_pair_waiting")]

    def __str__(self) -> str:
        return f"{self.score} %"


class Capacity(Record):
    """How much room a service has, of one kind of room: places, beds, hours. HSDS 3.1 calls it service capacity."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="capacities")
    unit = models.CharField(max_length=60)
    available = models.PositiveIntegerField()
    maximum = models.PositiveIntegerField(null=True)
    description = models.CharField(max_length=600, blank=True)
    updated_at = models.DateTimeField()
    updated_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "unit"], name="directory_capacity_once"),
            models.CheckConstraint(
                condition=Q(maximum=None) | Q(maximum__gte=F("available")), name="directory_capacity_within"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.available} {self.unit}"
