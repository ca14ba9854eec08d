"""What a report on the partnership counts of agreements to share information."""

from __future__ import annotations

from datetime import date

from joinedup.access.actor import Actor
from joinedup.information_sharing.models import Agreement


def agreements_in_force(viewer: Actor, *, on: date) -> int:
    """The agreements that every party signed, begun and neither expired nor ended on a day."""
    return Agreement.objects.in_force_on(on).count()
