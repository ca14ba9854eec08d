"""How much waits in the inboxes, for the first page: numbers without anybody's name, so nobody is named in the trail."""

from __future__ import annotations

from joinedup.access.actor import Actor
from joinedup.access.permissions import Permission, can
from joinedup.core.errors import NotVisible
from joinedup.front_door.codes import AllegationState, HandoverStatus
from joinedup.front_door.models import StaffAllegation
from joinedup.front_door.permissions import READ_ALLEGATIONS, READ_DUTY_BOARD, READ_HANDOVERS, READ_NOTICES
from joinedup.front_door.queries.changes import handovers_seen
from joinedup.front_door.queries.inboxes import notices_seen, pages_waiting


def count_notices(viewer: Actor) -> tuple[int, int]:
    """How many referrals about the viewer's open cases nobody has answered, and how many of those are late."""
    _may(viewer, READ_NOTICES)
    waiting = notices_seen(viewer).filter(acknowledged_at__isnull=True).order_by()
    due = list(waiting.values_list("acknowledge_by", flat=True))
    return len(due), sum(each < viewer.at for each in due)


def count_handovers(viewer: Actor) -> int:
    """How many hand-overs the statutory service has not received yet."""
    _may(viewer, READ_HANDOVERS)
    return handovers_seen(viewer).filter(status=HandoverStatus.SENT).count()


def count_allegations(viewer: Actor) -> tuple[int, int]:
    """How many allegations against staff wait for the designated officer, and how many of those are late."""
    _may(viewer, READ_ALLEGATIONS)
    waiting = StaffAllegation.objects.filter(state=AllegationState.RECEIVED)
    due = list(waiting.values_list("acknowledge_by", flat=True))
    return len(due), sum(each < viewer.at for each in due)


def count_pages(viewer: Actor) -> int:
    """How many red referrals nobody has accepted."""
    _may(viewer, READ_DUTY_BOARD)
    return pages_waiting(viewer).count()


def _may(viewer: Actor, permission: Permission) -> None:
    if not can(viewer, permission):
        raise NotVisible
