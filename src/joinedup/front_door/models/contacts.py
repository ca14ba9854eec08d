"""Contacts as they came, and whom they name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.core.models import Record
from joinedup.front_door.codes import Answer, Channel
from joinedup.organisations.models import Organisation, Post


class Contact(Record):
    """What somebody told the front door, kept exactly as it came. Never edited; the referral carries the work."""

    reference = models.CharField(max_length=16, unique=True)
    channel = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Channel])
    received_at = models.DateTimeField()
    # Who it is from. For a signed-in professional the post; for a call, who took it is `taken_by`.
    submitted_by = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="contacts")
    taken_by = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="contacts_taken")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="contacts")
    source_code = models.CharField(max_length=2)
    referrer_name = models.CharField(max_length=120, blank=True)
    referrer_role = models.CharField(max_length=120, blank=True)
    referrer_phone = models.CharField(max_length=30, blank=True)
    referrer_email = models.CharField(max_length=254, blank=True)
    relationship_to_child = models.CharField(max_length=120, blank=True)
    is_anonymous = models.BooleanField(default=False)
    # What they said.
    worry = models.TextField()
    going_well = models.TextField(blank=True)
    tried_already = models.TextField(blank=True)
    wanted = models.TextField(blank=True)
    childs_words = models.TextField(blank=True)
    need_code = models.CharField(max_length=2, blank=True)
    is_immediate_danger = models.BooleanField(default=False)
    is_safeguarding_concern = models.BooleanField(default=False)
    is_about_staff_member = models.BooleanField(default=False)
    family_knows = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in Answer], default=Answer.NOT_ASKED
    )
    family_agrees = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in Answer], default=Answer.NOT_ASKED
    )
    agreement_reason = models.TextField(blank=True)
    # How to reach the family (for the public page: the person asking) safely.
    safe_contact_how = models.CharField(max_length=20, blank=True)
    safe_contact_details = models.CharField(max_length=254, blank=True)
    safe_contact_when = models.CharField(max_length=200, blank=True)
    safe_contact_not_through = models.CharField(max_length=300, blank=True)
    interpreter_language = models.CharField(max_length=60, blank=True)
    communication_needs = models.CharField(max_length=300, blank=True)
    idempotency_key = models.CharField(max_length=80, blank=True)
    as_supplied = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submitted_by", "taken_by", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                nulls_distinct=False,
                name="contact_once_for_a_key",
            )
        ]
        indexes = [models.Index(fields=["submitted_by", "-received_at"], name="front_door_own_contacts")]

    def __str__(self) -> str:
        return self.reference


class ContactPerson(models.Model):
    """Somebody named in a contact, as typed. Linking to the person index happens on the referral, not here."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="people")
    position = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=10)  # child, parent, other
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    birth_date = models.DateField(null=True)
    expected_on = models.DateField(null=True)
    sex = models.CharField(max_length=1, default="U")
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    is_no_fixed_address = models.BooleanField(default=False)
    nhs_number = models.CharField(max_length=10, blank=True)
    upn = models.CharField(max_length=13, blank=True)
    school = models.CharField(max_length=160, blank=True)
    relationship = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "position"], name="contact_person_place")]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or "name not given"
