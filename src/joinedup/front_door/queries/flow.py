"""Numbers of the front door for the program that watches a testing phase: nobody's name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from joinedup.access.actor import Actor
from joinedup.core.errors import NotVisible
from joinedup.front_door.models import Referral


def count_late_red(viewer: Actor, family_ids: Collection[UUID], *, since: datetime) -> int:
    """The red referrals about these families, received from a moment on, that were decided after their clock had run out or are
    undecided past it. One statement; for the program alone."""
    if not viewer.is_system:
        raise NotVisible
    late = Q(decided_at__gt=F("decide_by")) | Q(decided_at__isnull=True, decide_by__lt=viewer.at)
    rows = Referral.objects.filter(late, rating="red", family_id__in=list(family_ids), received_at__gte=since)
    return rows.count()
