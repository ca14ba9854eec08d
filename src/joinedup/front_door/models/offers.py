"""A trained professional offers to assess and lead: nobody had to refer the family to a team first."""

from __future__ import annotations

from django.db import models

from joinedup.core.models import Record
from joinedup.front_door.models.contacts import Contact
from joinedup.organisations.models import Post


class LeadOffer(Record):
    """Whoever sent a contact will assess the child and lead, from their own school or clinic. `taken_as` says what the
    front door's allocation, or the open case it was passed to, made of it: lead, member (the family had a lead professional
    already), declined (of the open case whoever took it on said that they do not join), or nothing yet."""

    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="lead_offer")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    taken_as = models.CharField(max_length=8, blank=True)
    taken_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.post_id} for {self.contact_id}"
