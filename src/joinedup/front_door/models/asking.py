"""Asking once, as rows: what a form arrived with, what was confirmed, what was asked again, and e-mailed links."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.core.models import Record
from joinedup.front_door.models.contacts import Contact, ContactPerson
from joinedup.organisations.models import Organisation


class Prefill(models.Model):
    """Which fields a referral form showed filled in, and from where, so that keeping them is never counted as typing."""

    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="prefill")
    contact_person = models.ForeignKey(ContactPerson, null=True, on_delete=models.PROTECT, related_name="prefills")
    source_kind = models.CharField(max_length=8)  # record, contact
    source_id = models.UUIDField()
    fields = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.source_kind} {self.source_id}"


class Repeat(models.Model):
    """A field known to a permitted source and typed again unchanged. Holds no words: a keyed digest of the value."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="repeats")
    contact_person = models.ForeignKey(ContactPerson, null=True, on_delete=models.PROTECT, related_name="repeats")
    field = models.CharField(max_length=40)
    source_kind = models.CharField(max_length=8)  # record, contact, index
    source_id = models.UUIDField(null=True)
    source_organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    source_said_on = models.DateField(null=True)
    # Who was asked again: the organisation that typed it, or for a call the front door's own.
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="repeats")
    typed_by = models.UUIDField(null=True)
    at = models.DateTimeField()
    noticed = models.CharField(max_length=10)  # sent, identified
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "contact_person", "field"], nulls_distinct=False, name="repeat_once_for_a_field"
            )
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="front_door_repeats_newest")]

    def __str__(self) -> str:
        return f"{self.field} of {self.contact_id}"


class Confirmation(models.Model):
    """An answer to "is this still right?" about facts too old to be taken as read."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="confirmations")
    contact_person = models.ForeignKey(ContactPerson, null=True, on_delete=models.PROTECT, related_name="confirmations")
    group = models.CharField(max_length=20)
    answer = models.CharField(max_length=10)  # yes, changed, not_known
    source_kind = models.CharField(max_length=8)
    source_id = models.UUIDField()
    source_said_on = models.DateField()
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="confirmations")
    answered_by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "group"], name="confirmation_once_for_a_group")]
        indexes = [models.Index(fields=["-at"], name="front_door_confirmations")]

    def __str__(self) -> str:
        return f"{self.group}: {self.answer}"


class ReferralLink(Record):
    """A link e-mailed to a professional without an account: opens only their own unfinished referral, in one browser.

    Only a digest of the link is kept. Opening a newer one ends the ones before; asking for one ends nothing, because
    anybody can ask for anybody. `session_digest` is of the secret that the browser which opened it holds in its session.
    """

    email = models.CharField(max_length=254)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referral_links")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    session_digest = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="links")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(ended_at__isnull=True, contact__isnull=True, opened_at__isnull=False),
                name="one_opened_link_for_an_address",
            )
        ]
        indexes = [models.Index(fields=["email", "-created_at"], name="front_door_links_of_address")]

    def __str__(self) -> str:
        return f"link of {self.created_at:%Y-%m-%d}"
