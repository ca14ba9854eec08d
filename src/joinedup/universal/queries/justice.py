"""Youth-justice involvement, for the worker named in it and whoever manages their team; for nobody else (UN-41)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.roles import Role
from joinedup.core.errors import NotVisible
from joinedup.organisations.queries import post_of, post_with_id, posts_in_team
from joinedup.universal.codes import JUSTICE_KINDS
from joinedup.universal.models import JusticeInvolvement
from joinedup.universal.permissions import END_JUSTICE, READ_JUSTICE

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


@dataclass(frozen=True)
class JusticeRow:
    """One involvement."""

    id: UUID
    person_id: UUID
    name: str
    birth_date: date | None
    label: str
    worker: str
    starts_on: date
    ends_on: date | None
    is_over: bool


def justice(viewer: Actor) -> list[JusticeRow]:
    """What the viewer works with, what goes on first; the read is audited with everybody in it."""
    check(viewer, READ_JUSTICE)
    on = timezone.localdate(viewer.at)
    rows = JusticeInvolvement.objects.visible_to(viewer).select_related("person", "post__account")
    found = [
        JusticeRow(
            row.pk, row.person_id, str(row.person), row.person.birth_date, JUSTICE_KINDS[row.kind], row.post.account.name,
            row.starts_on, row.ends_on, row.ends_on is not None and row.ends_on < on,
        )
        for row in rows.order_by("-starts_on", "pk")[:200]
    ]  # fmt: skip
    audit.record_read(
        viewer, subject=(JusticeInvolvement._meta.label_lower, "list"), people={row.person_id for row in found},
        purpose="youth justice", search=True,
    )  # fmt: skip
    return sorted(found, key=lambda row: row.is_over)


def justice_for_change(viewer: Actor, row_id: UUID) -> JusticeInvolvement:
    """One involvement, to hand to a service."""
    row = (
        JusticeInvolvement.objects.visible_to(viewer)
        .select_related("person", "post__account")
        .filter(pk=row_id)
        .first()
    )
    if row is None or not can(viewer, END_JUSTICE, row):
        raise NotVisible
    return row


def justice_posts(viewer: Actor) -> list[tuple[UUID, str]]:
    """Who in the viewer's teams can be named as the worker."""
    found = [post for team_id in sorted(viewer.team_ids, key=str) for post in posts_in_team(viewer, team_id)]
    return [(post.pk, f"{post.account.name}, {post.title}") for post in found]


def own_posts(viewer: Actor) -> list[Post]:
    """The viewer's own post as a team's manager, to ask a permission of."""
    post = post_of(viewer, [Role.TEAM_MANAGER])
    return [post] if post else []


def post_to_name(viewer: Actor, post_id: UUID) -> Post:
    """A post of the viewer's teams, to hand to a service."""
    if post_id not in dict(justice_posts(viewer)):
        raise NotVisible
    return post_with_id(viewer, post_id)
