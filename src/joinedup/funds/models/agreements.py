"""Agreements to share money, their partners, what they say, and who has authorised them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.access.actor import Actor
from joinedup.core.models import Record
from joinedup.funds.lifecycle import PartnershipState
from joinedup.organisations.models import Organisation, Post


class PartnershipAgreementQuerySet(models.QuerySet["PartnershipAgreement"]):
    """Agreements, narrowed to those of the viewer's organisations."""

    def visible_to(self, viewer: Actor) -> PartnershipAgreementQuerySet:
        """Whoever stands for a partner of it; a partner that has left still sees what it was part of. What roles may
        look at all is a permission, asked apart."""
        if viewer.is_system:
            return self.all()
        of_mine = AgreementPartner.objects.filter(organisation_id__in=viewer.organisation_ids)
        return self.filter(pk__in=of_mine.values("agreement_id"))


class PartnershipAgreement(Record):
    """Which partners share what money and staff, for what, under which power, hosted by whom."""

    reference = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=200)
    power = models.CharField(max_length=20)  # a code of `powers`
    state = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in PartnershipState], default=PartnershipState.DRAFT
    )
    starts_on = models.DateField(null=True)
    review_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)  # the last day; none where it runs until somebody gives notice
    notice_months = models.PositiveSmallIntegerField(default=12)
    host = models.ForeignKey("AgreementPartner", null=True, on_delete=models.PROTECT, related_name="hosted_agreements")
    pool_manager = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="managed_agreements")
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    virement_scheme = models.CharField(max_length=30, blank=True)  # a code of `virement_schemes`
    drafted_at = models.DateTimeField()
    drafted_by = models.UUIDField(null=True)

    objects = PartnershipAgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="funds_agreement_dates",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "ended"])
                | Q(starts_on__isnull=False, host__isnull=False, pool_manager__isnull=False),
                name="funds_agreement_open_has_a_host",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class AgreementPartner(Record):
    """An organisation in an agreement, from a day to a day. A body that takes over from another is a row of its own that
    names the one before, so that what was posted for either stays as it was."""

    agreement = models.ForeignKey(PartnershipAgreement, on_delete=models.PROTECT, related_name="partners")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="fund_places")
    position = models.PositiveSmallIntegerField()  # the partners' order: it settles ties of a penny
    joined_on = models.DateField(null=True)
    left_on = models.DateField(null=True)  # the first day on which it was no longer a partner
    succeeds = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="succeeded_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="funds_partner_once"),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(joined_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="funds_partner_dates",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "agreement"], name="funds_partner_of")]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.agreement_id}"
