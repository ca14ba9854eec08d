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
    days_to_pay = models.PositiveSmallIntegerField(default=30)  # after which an instalment is overdue
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


class AgreementItem(Record):
    """What the agreement says under one item of `agreement_items`; changed while it is a draft, and by a variation."""

    agreement = models.ForeignKey(PartnershipAgreement, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=20)
    words = models.TextField()
    filled_at = models.DateTimeField()
    filled_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "code"], name="funds_item_once"),
            models.CheckConstraint(condition=~Q(words=""), name="funds_item_says"),
        ]

    def __str__(self) -> str:
        return self.code


class BudgetSheet(Record):
    """One page on which a partner tells the others how its own budget works. It is the partner's own: nobody else writes
    it. One a year; a later one takes its place."""

    partner = models.ForeignKey(AgreementPartner, on_delete=models.PROTECT, related_name="sheets")
    year = models.PositiveSmallIntegerField()
    total_pence = models.BigIntegerField()  # what it spends on these services in all
    set_how = models.TextField()
    decided_by = models.TextField()
    pressures = models.TextField()
    savings = models.TextField()
    carried = models.TextField()
    ring_fences = models.TextField()
    ask = models.CharField(max_length=200)
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "year"], name="funds_sheet_once"),
            models.CheckConstraint(condition=Q(total_pence__gte=0), name="funds_sheet_total"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.year}"


class Variation(Record):
    """A change of an agreement that has been opened: proposed, authorised by every partner, then in effect; or withdrawn.
    One that moves an aligned fund to a pooled one names the fund and keeps what was said of its effects."""

    agreement = models.ForeignKey(PartnershipAgreement, on_delete=models.PROTECT, related_name="variations")
    number = models.PositiveSmallIntegerField()
    words = models.TextField()
    effective_on = models.DateField()
    fund = models.ForeignKey("Fund", null=True, on_delete=models.PROTECT, related_name="variations")
    effects = models.JSONField(default=list)
    proposed_at = models.DateTimeField()
    proposed_by = models.UUIDField(null=True)
    effected_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="funds_variation_number"),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(effected_at__isnull=True, withdrawn_at__isnull=True),
                name="funds_variation_waits_alone",
            ),
            models.CheckConstraint(
                condition=Q(effected_at__isnull=True) | Q(withdrawn_at__isnull=True), name="funds_variation_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"variation {self.number}"

    @property
    def waits(self) -> bool:
        """Neither in effect nor withdrawn."""
        return self.effected_at is None and self.withdrawn_at is None


class Authorisation(models.Model):
    """A partner's chief finance officer authorised an agreement, or a variation of it, on a day. Taken back only by a row of
    its own while the agreement is not open."""

    agreement = models.ForeignKey(PartnershipAgreement, on_delete=models.PROTECT, related_name="authorisations")
    variation = models.ForeignKey(Variation, null=True, on_delete=models.PROTECT, related_name="authorisations")
    partner = models.ForeignKey(AgreementPartner, on_delete=models.PROTECT, related_name="authorisations")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="fund_authorisations")
    authorised_on = models.DateField()
    recorded_at = models.DateTimeField()
    by = models.UUIDField(null=True)
    lapsed_at = models.DateTimeField(null=True)  # the draft was taken up again

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "variation", "partner"],
                condition=Q(lapsed_at__isnull=True),
                name="funds_authorised_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} on {self.authorised_on}"


class PartnershipTransition(models.Model):
    """One change of state of an agreement, with its author and reason."""

    agreement = models.ForeignKey(PartnershipAgreement, on_delete=models.PROTECT, related_name="transitions")
    start = models.CharField(max_length=10, blank=True)
    end = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"


class Novation(models.Model):
    """One decision by which a successor body took a partner's place in an agreement. What was posted before stays under the
    partner it was posted for; what is open moves by an entry that names this row."""

    agreement = models.ForeignKey(PartnershipAgreement, on_delete=models.PROTECT, related_name="novations")
    predecessor = models.OneToOneField(AgreementPartner, on_delete=models.PROTECT, related_name="novated_to")
    successor = models.OneToOneField(AgreementPartner, on_delete=models.PROTECT, related_name="novated_from")
    on = models.DateField()
    decision = models.CharField(max_length=300)
    moved = models.JSONField(default=dict)  # what was open on the day, by account, in pence
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.predecessor_id} to {self.successor_id}"


class AgreementSecondment(models.Model):
    """A secondment that stands under an agreement: one partner's employee in a post that another hosts."""

    agreement = models.ForeignKey(PartnershipAgreement, on_delete=models.PROTECT, related_name="secondments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="fund_agreements")
    attached_at = models.DateTimeField()
    attached_by = models.UUIDField(null=True)
    detached_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "post"], condition=Q(detached_at__isnull=True), name="funds_secondment_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.post_id} under {self.agreement_id}"
