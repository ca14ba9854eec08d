"""Programmes, the partners in them, and their strands."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.access.actor import Actor
from joinedup.benefits.lifecycle import STRAND_LABELS
from joinedup.core.models import Record
from joinedup.funds.models import PartnershipAgreement
from joinedup.organisations.models import Organisation, Post


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Programmes, narrowed to those of the viewer's organisations."""

    def visible_to(self, viewer: Actor) -> ProgrammeQuerySet:
        """Whoever stands for a partner of it. What roles may look at all is a permission, asked apart."""
        if viewer.is_system:
            return self.all()
        mine = ProgrammePartner.objects.filter(organisation_id__in=viewer.organisation_ids)
        return self.filter(pk__in=mine.values("programme_id"))


class Programme(Record):
    """A community-budget programme: what several partners change together, over which years."""

    reference = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)
    starts_on = models.DateField()  # the first day of year 0 of its business cases
    years = models.PositiveSmallIntegerField(default=5)
    agreement = models.ForeignKey(PartnershipAgreement, null=True, on_delete=models.PROTECT, related_name="programmes")
    manager = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="programmes_managed")
    # Every page and export of it says “Illustration: inputs invented”.
    is_illustration = models.BooleanField(default=False)
    set_up_at = models.DateTimeField()
    set_up_by = models.UUIDField(null=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(years__gte=1) & Q(years__lte=60), name="programme_years"),
        ]

    def __str__(self) -> str:
        return self.title


def agreements_of(viewer: Actor) -> models.QuerySet[PartnershipAgreement]:
    """The agreements a programme can stand on: those of the viewer's organisations, by title."""
    return PartnershipAgreement.objects.visible_to(viewer).order_by("title", "pk")


class ProgrammePartner(Record):
    """An organisation in a programme. Its code is the agency's name in the programme's business cases."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="partners")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="programme_places")
    position = models.PositiveSmallIntegerField()  # the partners' order: it settles ties of a penny

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "organisation"], name="programme_partner_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.programme_id}"


class Strand(Record):
    """One strand of a programme, sponsored by the partner with most to lose or gain."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="strands")
    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    sponsor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="strands_sponsored")
    officer = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="strands_answered_for")
    state = models.CharField(max_length=10, choices=[(k.value, v) for k, v in STRAND_LABELS.items()], default="open")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged_from")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="strand_code_once"),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="strand_merged_into_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name
