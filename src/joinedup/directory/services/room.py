"""How much room a service has."""

from __future__ import annotations

from datetime import datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.directory import rules
from joinedup.directory.models import Capacity, Entry
from joinedup.directory.permissions import WRITE_RECORDS


@service(WRITE_RECORDS, on="entry")
def say_capacity(
    *,
    entry: Entry,
    unit: str,
    available: int,
    maximum: int | None = None,
    description: str = "",
    by: Actor,
    at: datetime,
) -> Capacity:
    """Say how much room there is now, of one kind of room. It is public at once: by the time somebody has approved it, it is no
    longer so. Raises Refused (DR-701, DR-702)."""
    if not unit.strip():
        raise rules.ROOM_UNIT.refused()
    if available < 0 or (maximum is not None and maximum < available):
        raise rules.ROOM_WITHIN.refused()
    row, _ = Capacity.objects.update_or_create(
        entry=entry, unit=unit.strip()[:60],
        defaults={"available": available, "maximum": maximum, "description": description.strip()[:600], "updated_at": at, "updated_by": by.account_id},
    )  # fmt: skip
    Entry.objects.filter(pk=entry.pk).update(changed_at=at)
    note(subject=entry, changed=("capacities",))
    return row
