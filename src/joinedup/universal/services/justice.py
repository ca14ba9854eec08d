"""Youth-justice involvement, in rows of its own and in no chronology: a timeline is read by others."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import NotVisible
from joinedup.core.models import claim_version
from joinedup.universal import rules
from joinedup.universal.areas import is_followed_by
from joinedup.universal.codes import JUSTICE_KINDS
from joinedup.universal.models import JusticeInvolvement
from joinedup.universal.permissions import END_JUSTICE, RECORD_JUSTICE

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


@service(RECORD_JUSTICE, on="post")
def record_justice(
    *, person_id: UUID, kind: str, post: Post, starts_on: date, by: Actor, at: datetime
) -> JusticeInvolvement:
    """Record that a young person is involved with youth justice and which worker of the team works with them. Raises
    Refused (UN-42, UN-43), NotVisible for a young person the team does not follow."""
    if not is_followed_by(by, person_id):
        raise NotVisible
    if kind not in JUSTICE_KINDS:
        raise rules.JUSTICE_KIND.refused()
    if starts_on > timezone.localdate(at):
        raise rules.JUSTICE_DATES.refused()
    row = JusticeInvolvement.objects.create(
        person_id=person_id, kind=kind, post=post, starts_on=starts_on, recorded_at=at, recorded_by=by.account_id
    )
    note(people=[person_id], changed=("justice",), subject=row)
    return row


@service(END_JUSTICE, on="row")
def end_justice(*, row: JusticeInvolvement, ends_on: date, version: int, by: Actor, at: datetime) -> JusticeInvolvement:
    """It is over. Raises Refused (UN-42)."""
    if not row.starts_on <= ends_on <= timezone.localdate(at):
        raise rules.JUSTICE_DATES.refused()
    claim_version(row, version)
    row.ends_on = ends_on
    row.save(update_fields=["ends_on"])
    note(people=[row.person_id], changed=("ends_on",))
    return row
