"""What families wrote, for whoever covers their cases."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.roles import Role
from joinedup.casework.queries import cases_shown
from joinedup.core.models import OutboxMessage
from joinedup.family_page.models import FamilyMessage, PageLink
from joinedup.family_page.permissions import SEE_MESSAGES

_MOST = 100


@dataclass(frozen=True)
class Waiting:
    """A message that nobody has read, or not answered, of a case the viewer covers."""

    case_id: UUID
    page_id: UUID
    message_id: UUID
    reference: str
    reader: str
    written_at: datetime
    due_at: datetime
    is_read: bool
    is_late: bool


def is_covering(viewer: Actor) -> bool:
    """Whose navigation carries the messages of families: those who lead or manage. A deputy finds them in the case."""
    return can(viewer, SEE_MESSAGES) and viewer.has_role(Role.KEY_WORKER, Role.TEAM_MANAGER, Role.STATUTORY_OFFICER)


def messages_waiting(viewer: Actor) -> tuple[Waiting, ...]:
    """The messages of the cases the viewer leads, deputises in or manages that wait, the oldest first; audited as one list."""
    check(viewer, SEE_MESSAGES)
    managers = {Role.TEAM_MANAGER, Role.STATUTORY_OFFICER}
    teams = [each.team_id for each in viewer.standings if each.role in managers and each.team_id]
    mine = Q(page__case__lead_professional_id__in=viewer.post_ids) | Q(page__case__deputy_id__in=viewer.post_ids)
    rows = list(
        FamilyMessage.objects.filter(mine | Q(page__case__team_id__in=teams), answered_at__isnull=True)
        .exclude(page__case__state="closed")
        .select_related("page__case", "page__person")
        .order_by("written_at", "pk")[:_MOST]
    )
    seen = cases_shown(viewer, {row.page.case_id for row in rows})
    rows = [row for row in rows if row.page.case_id in seen]
    audit.record_read(
        viewer, subject=("family_page.familymessage", "list"), people={row.page.person_id for row in rows},
        purpose="messages from families", search=True,
    )  # fmt: skip
    return tuple(
        Waiting(
            row.page.case_id, row.page_id, row.pk, row.page.case.reference, str(row.page.person), row.written_at, row.due_at,
            row.read_at is not None, row.read_at is None and row.due_at < viewer.at,
        )
        for row in rows
    )  # fmt: skip


def readers_concerned(ids: Collection[str]) -> set[UUID]:
    """Whom messages about links concern; for the outbox."""
    return set(PageLink.objects.filter(pk__in=list(ids)).values_list("page__person_id", flat=True))


def messages_concern(ids: Collection[str]) -> set[UUID]:
    """Whom messages about what families wrote concern; for the outbox."""
    return set(FamilyMessage.objects.filter(pk__in=list(ids)).values_list("page__person_id", flat=True))


def unread_late(at: datetime) -> QuerySet[FamilyMessage]:
    """What nobody has read in time and no manager was told of."""
    return FamilyMessage.objects.filter(read_at__isnull=True, escalated_at__isnull=True, due_at__lt=at)


def sent_links() -> QuerySet[OutboxMessage]:
    """Links and codes that have left the building and need not lie in the outbox any more."""
    return OutboxMessage.objects.filter(about_kind="family_page.pagelink", sent_at__isnull=False).exclude(body="")
