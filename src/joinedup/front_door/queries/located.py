"""Where a referral is from, for whoever counts what the front door did by locality: a place, and nobody's name."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery, UUIDField
from django.db.models.functions import Cast

from joinedup.access.actor import Actor
from joinedup.front_door.models import Referral


def locality_of_referral(viewer: Actor) -> Subquery:
    """The locality of the referral that a row's `source_id` names: a piece of a statement, for rows that come from a
    referral and no others."""
    rows = Referral.objects.filter(pk=Cast(OuterRef("source_id"), UUIDField()))
    return Subquery(rows.values("locality_id")[:1])
