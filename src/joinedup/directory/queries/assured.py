"""How much of the directory somebody made sure of lately: evidence for whoever answers for it."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from joinedup.access.actor import Actor
from joinedup.directory.models import Assurance
from joinedup.directory.queries.asked import public_entries
from joinedup.directory.settings import flag_after


def services_assured(viewer: Actor, *, since: date, until: date) -> tuple[int, int]:
    """Services made sure of in the days before `until` after which one is flagged (a setting, 90 at first), and all that are public.

    What is public is as it stands now: the directory does not keep which services were public on an earlier day.
    """
    recent = Assurance.objects.filter(
        entry=OuterRef("pk"), assured_on__gt=until - timedelta(days=flag_after(until)), assured_on__lte=until
    )
    entries = public_entries()
    return entries.filter(Exists(recent)).count(), entries.count()
