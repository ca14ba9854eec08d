"""Sealed files as the pages of those named in them ask for them, and what every list leaves out because of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.person_index.models import SealedFile, SealedReader
from joinedup.person_index.permissions import READ_SEALED_LIST
from joinedup.person_index.sealing import sealed_among


@dataclass(frozen=True)
class SealedLine:
    """A file somebody is named in: when it was made, and whether it may be opened. Never whose it is."""

    id: UUID
    made_at: datetime
    agreed_at: datetime | None
    is_own: bool
    is_withdrawal_asked: bool


def sealed_files(viewer: Actor) -> list[SealedLine]:
    """The files the viewer is named in, the newest first."""
    check(viewer, READ_SEALED_LIST)
    mine = SealedReader.objects.filter(post_id__in=viewer.post_ids, ended_at__isnull=True).values("file_id")
    rows = (
        SealedFile.objects.filter(pk__in=mine, withdrawn_at__isnull=True).defer("contents").order_by("-made_at", "-pk")
    )
    return [
        SealedLine(
            row.pk,
            row.made_at,
            row.agreed_at,
            row.made_by == viewer.account_id,
            row.withdrawal_asked_at is not None,
        )
        for row in rows[:100]
    ]


def sealed_file_for_change(viewer: Actor, file_id: UUID) -> SealedFile:
    """A file to hand to a service; 404 for whoever is not named in it."""
    check(viewer, READ_SEALED_LIST)
    mine = SealedReader.objects.filter(post_id__in=viewer.post_ids, ended_at__isnull=True).values("file_id")
    row = SealedFile.objects.filter(pk=file_id, pk__in=mine, withdrawn_at__isnull=True).defer("contents").first()
    if row is None:
        raise NotVisible
    return row


def without_other_identity(shown: Sequence[UUID], others: Iterable[UUID] = ()) -> set[UUID]:
    """Those among some people, the best match first, whom nobody may see or be told of beside the better one: the other
    identity of somebody adopted. One query, whether there is any or not."""
    order = [*shown, *others]
    gone: set[UUID] = set()
    pairs = sealed_among(order)
    for place, each in enumerate(order):
        gone |= {other for other in order[place + 1 :] if frozenset((each, other)) in pairs and each not in gone}
    return gone
