"""What was read of how cases flow. It names nobody; whoever may see it sees all of it."""

from __future__ import annotations

from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.capacity.models import FlowReading
from joinedup.capacity.permissions import READ_FLOW
from joinedup.core.errors import NotVisible


def newest_reading(viewer: Actor) -> FlowReading | None:
    """The newest, the partnership's own before any file."""
    check(viewer, READ_FLOW)
    return FlowReading.objects.order_by("-source", "-taken_at").first()


def readings_list(viewer: Actor) -> list[FlowReading]:
    """The newest fifty, without what they hold."""
    check(viewer, READ_FLOW)
    return list(FlowReading.objects.defer("summary", "model", "faults").order_by("-taken_at")[:50])


def reading_seen(viewer: Actor, reading_id: UUID) -> FlowReading:
    """One; NotVisible where there is none."""
    check(viewer, READ_FLOW)
    found = FlowReading.objects.filter(pk=reading_id).first()
    if found is None:
        raise NotVisible
    return found
