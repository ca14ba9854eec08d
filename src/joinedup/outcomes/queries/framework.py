"""The outcomes of a framework, for a part above that sorts what it plans by them."""

from __future__ import annotations

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.outcomes.models import FrameworkEntry
from joinedup.outcomes.permissions import READ_SERIES


def framework_entries(viewer: Actor, framework: str) -> list[FrameworkEntry]:
    """The outcomes of a framework (a key of `codes.FRAMEWORKS`) in their order."""
    check(viewer, READ_SERIES)
    return list(FrameworkEntry.objects.filter(framework=framework).order_by("position"))
