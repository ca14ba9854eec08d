"""What young people do, from a day to a day, and, apart from it, their involvement with youth justice."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.access.actor import Actor
from joinedup.access.roles import Role
from joinedup.core.models import Record
from joinedup.organisations.models import Organisation, Post
from joinedup.person_index.models import Person, withheld_ids
from joinedup.universal.codes import JUSTICE_KINDS, REASONS, STATUSES, Status


class ParticipationImport(Record):
    """One file of a school or college: what was read, and the report of what was not."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="participation_imports")
    file_name = models.CharField(max_length=200)
    imported_at = models.DateTimeField()
    imported_by = models.UUIDField(null=True)
    counts = models.JSONField(default=dict)
    rejected = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-imported_at"], name="universal_part_imports")]

    def __str__(self) -> str:
        return self.file_name


class Participation(Record):
    """What somebody does from a day on, until another takes its place. No two stand at the same time: beside the
    constraints here the database excludes them (migration 0001)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participation")
    status = models.CharField(max_length=10, choices=[(each.value, words) for each, words in STATUSES.items()])
    reason = models.CharField(max_length=12, blank=True, choices=list(REASONS.items()))
    provider = models.CharField(max_length=160, blank=True)  # the school, college or employer
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # the first day on which it was no longer so
    confirmed_on = models.DateField()
    expires_on = models.DateField()  # from this day on it counts as not known
    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="participation_said")
    brought_by = models.ForeignKey(
        ParticipationImport, null=True, on_delete=models.PROTECT, related_name="participation"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.UUIDField(null=True)
    taken_back_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="participation_dates"
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(status=Status.NEITHER), name="participation_reason_of_neither"
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "-starts_on"], condition=Q(taken_back_at__isnull=True), name="universal_spells_of"
            ),
            models.Index(
                fields=["status", "expires_on"],
                condition=Q(taken_back_at__isnull=True, ends_on__isnull=True),
                name="universal_participating_now",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} from {self.starts_on}"


class JusticeQuerySet(models.QuerySet["JusticeInvolvement"]):
    """Involvement with youth justice."""

    def visible_to(self, viewer: Actor) -> JusticeQuerySet:
        """The worker named in it, and whoever manages that worker's team; nobody else by any role (UN-41)."""
        if viewer.is_system:
            return self.all()
        managed = [each.team_id for each in viewer.standings if each.team_id and each.role in {Role.TEAM_MANAGER}]
        mine = self.filter(Q(post_id__in=viewer.post_ids) | Q(post__team_id__in=managed))
        return mine.exclude(person_id__in=withheld_ids(viewer))


class JusticeInvolvement(Record):
    """That a young person is involved with youth justice. A table of its own, so that no list can show it by mistake."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="justice_involvements")
    kind = models.CharField(max_length=14, choices=list(JUSTICE_KINDS.items()))
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="justice_involvements")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    objects = JusticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="justice_dates"
            )
        ]
        indexes = [models.Index(fields=["post", "-starts_on"], name="universal_justice")]

    def __str__(self) -> str:
        return f"{self.kind} from {self.starts_on}"
