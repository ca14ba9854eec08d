"""What the linkage model proposes, what people decided about it, runs of the model, and which version is in use."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from joinedup.access.actor import Actor
from joinedup.access.roles import FRONT_DOOR
from joinedup.core.models import Record
from joinedup.person_index.models.people import Person
from joinedup.person_index.models.records import AgencyRecord, KeepApart
from joinedup.person_index.models.restrictions import LookAlike, Restriction
from joinedup.person_index.models.withheld import withheld_ids

LIVE = ("waiting", "second")


class LinkageModel(Record):
    """A version of the model: its own words about itself, and the figures it was judged by. The newest that is in use
    scores what comes; a score keeps the version that made it."""

    name = models.CharField(max_length=60, unique=True)
    digest = models.CharField(max_length=64)
    trained_at = models.DateTimeField(null=True)
    trained_on = models.PositiveIntegerField(default=0)  # records
    figures = models.JSONField(default=dict)  # by name group, for the fairness panel
    content = models.JSONField(default=dict)  # the model itself; empty for the one that is shipped
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True)
    in_use_from = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-in_use_from"], name="linkage_model_in_use")]

    def __str__(self) -> str:
        return self.name


class LinkageRun(Record):
    """One time the model looked at many records: after a large import, or every night over the whole index."""

    kind = models.CharField(max_length=12, choices=[("import", "After an import"), ("nightly", "Whole index")])
    import_run = models.UUIDField(null=True)
    model_name = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    started_by = models.UUIDField(null=True)
    state = models.CharField(
        max_length=12,
        default="running",
        choices=[("running", "Running"), ("done", "Done"), ("failed", "Failed"), ("stopped", "Stopped")],
    )
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    last_record = models.UUIDField(null=True)  # how far it is: the next part begins after it
    counts = models.JSONField(default=dict)
    job_id = models.UUIDField(null=True)
    night = models.DateField(null=True, unique=True)  # begun by the keeper for this night, once whatever runs beside it

    class Meta:
        indexes = [models.Index(fields=["-started_at", "-id"], name="linkage_run_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%Y-%m-%d}"


class LinkProposalQuerySet(models.QuerySet["LinkProposal"]):
    """Proposals, narrowed to those a viewer may decide."""

    def visible_to(self, viewer: Actor) -> LinkProposalQuerySet:
        """Nobody sees a pair with somebody who is withheld from them, their own family among them. The front door sees
        all others; whoever else may decide sees only pairs with somebody restricted who is open to them."""
        if viewer.is_system:
            return self
        rows = self.exclude(left__in=withheld_ids(viewer)).exclude(right__in=withheld_ids(viewer), right__isnull=False)
        if viewer.has_role(*FRONT_DOOR):
            return rows
        now = Restriction.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=viewer.at), starts_at__lte=viewer.at)
        kept = now.values("person_id")
        alike = LookAlike.objects.filter(restriction__in=now).exclude(answer="different").values("person_id")
        return rows.filter(Q(left__in=kept) | Q(right__in=kept) | Q(left__in=alike) | Q(right__in=alike))


class LinkProposal(Record):
    """Something for a person to decide: whether two people are one (`left` and `right`, in the order of their ids), or
    whether a `record` belongs to the person it is linked to (`left`, with no `right`)."""

    class Kind(models.TextChoices):
        POSSIBLE = "possible", "Possible match"
        CONFLICT = "conflict", "Contradiction"
        BROKEN = "broken", "May be two people"
        CHANGE = "change", "The model says otherwise now"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SECOND = "second", "Second opinion asked"
        DECIDED = "decided", "Decided"
        SUPERSEDED = "superseded", "No longer a question"

    kind = models.CharField(max_length=10, choices=Kind)
    left = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proposals")
    right = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="proposals_other")
    record = models.ForeignKey(AgencyRecord, null=True, on_delete=models.PROTECT, related_name="proposals")
    probability = models.DecimalField(null=True, max_digits=11, decimal_places=10)
    bits = models.DecimalField(null=True, max_digits=10, decimal_places=6)
    evidence = models.JSONField(default=list)  # {field, level, bits, sentence}
    reasons = models.JSONField(default=list)  # sentences: why a person has to decide
    flags = models.JSONField(default=list)  # linkage_rules.FLAGS
    model_name = models.CharField(max_length=60, blank=True)
    agencies = ArrayField(models.UUIDField(), default=list)
    birth_date = models.DateField(null=True)  # of the younger side
    urgency = models.PositiveSmallIntegerField(default=2)  # 0 open work, 1 a child, 2 others
    found_at = models.DateTimeField()
    run = models.ForeignKey(LinkageRun, null=True, on_delete=models.PROTECT, related_name="proposals")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    second_asked_by = models.UUIDField(null=True)
    outcome = models.CharField(max_length=8, blank=True)  # link, apart
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    objects = LinkProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["left", "right"],
                condition=Q(state__in=LIVE, right__isnull=False),
                name="proposal_of_a_pair_once",
            ),
            models.UniqueConstraint(
                fields=["record"], condition=Q(state__in=LIVE, right__isnull=True), name="proposal_of_a_record_once"
            ),
            models.CheckConstraint(
                condition=Q(right__isnull=True, record__isnull=False) | Q(left__lt=F("right")),
                name="proposal_pair_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | ~Q(outcome=""), name="proposal_decided_with_an_outcome"
            ),
        ]
        indexes = [
            models.Index(
                fields=["urgency", "found_at", "id"], name="proposal_queue", condition=Q(state__in=LIVE)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.left_id} {self.right_id or self.record_id}"


class LinkDecision(Record):
    """What somebody decided about a proposal, with the reason; taken back, not deleted. `effects` names the rows it
    made, so that undoing gives back exactly what was there."""

    proposal = models.ForeignKey(LinkProposal, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=8)  # link, apart, second
    reason_code = models.CharField(max_length=20)
    words = models.CharField(max_length=300)
    saw_score = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    effects = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["made_by", "-made_at"], name="link_decision_mine")]

    def __str__(self) -> str:
        return f"{self.outcome} {self.proposal_id}"


class KeptBeside(models.Model):
    """A record the person consisted of when somebody decided that another record is not this person's: the two are
    kept apart wherever either of them goes."""

    keep_apart = models.ForeignKey(KeepApart, on_delete=models.PROTECT, related_name="beside")
    record = models.ForeignKey(AgencyRecord, on_delete=models.PROTECT, related_name="kept_beside")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["keep_apart", "record"], name="kept_beside_once")]

    def __str__(self) -> str:
        return f"{self.record_id} beside {self.keep_apart_id}"


class QualityFigure(models.Model):
    """What one agency's records were like at one import, for the trend: counts of rows, by measure."""

    agency = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    import_run = models.UUIDField(unique=True)
    at = models.DateTimeField()
    counts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["agency", "-at"], name="quality_of_an_agency")]

    def __str__(self) -> str:
        return f"quality of {self.agency_id} at {self.at:%Y-%m-%d}"
