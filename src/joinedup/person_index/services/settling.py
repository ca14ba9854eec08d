"""Proposals follow the people they are about: a decision at any page answers or moves the questions it touches. Called
only inside guarded services of this part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from joinedup.person_index.models import LinkProposal, Person, RecordLink
from joinedup.person_index.models.linkage import LIVE
from joinedup.person_index.services.keeping_apart import _are_kept_apart

Before = dict[str, Any]


def _settle_proposals(
    moved: Mapping[UUID, UUID], *, at: datetime, people: Iterable[UUID] = (), but: UUID | None = None
) -> list[Before]:
    """After records went from one person to another: a question about somebody who is continued by another person is
    asked of that person; one that is answered by what was done, or kept apart, is no longer asked. Returns what each
    proposal said before, so that taking the decision back can restore it."""
    touched = {*moved, *moved.values(), *people}
    rows = LinkProposal.objects.filter(Q(left_id__in=touched) | Q(right_id__in=touched), state__in=LIVE)
    before = []
    for row in (rows.exclude(pk=but) if but else rows).order_by("pk"):
        was = _said(row)
        _follow(row)
        if _is_answered(row) or _is_asked_already(row):
            row.state = LinkProposal.State.SUPERSEDED
            row.left_id, row.right_id = UUID(was["left"]), UUID(was["right"]) if was["right"] else None
        if _said(row) != was:
            row.save(update_fields=["left", "right", "state"])
            before.append(was)
    return before


def _said(row: LinkProposal) -> Before:
    right = str(row.right_id) if row.right_id else None
    return {"id": str(row.pk), "left": str(row.left_id), "right": right, "state": str(row.state)}


def _follow(row: LinkProposal) -> None:
    """Ask of whoever continues somebody; a question about one record follows that record."""
    if row.right_id is None:
        link = RecordLink.objects.filter(record_id=row.record_id, separated_at__isnull=True).first()
        if link is not None and link.person_id != row.left_id:
            row.state = LinkProposal.State.SUPERSEDED
        return
    sides = sorted((_now(row.left_id), _now(row.right_id)))
    row.left_id, row.right_id = sides[0], sides[1]


def _now(person_id: UUID) -> UUID:
    for _ in range(20):
        after = Person.objects.filter(pk=person_id).values_list("continued_by_id", flat=True).first()
        if after is None:
            return person_id
        person_id = after
    return person_id


def _is_answered(row: LinkProposal) -> bool:
    if row.state == LinkProposal.State.SUPERSEDED:
        return True
    if row.right_id is None:
        others = RecordLink.objects.filter(person_id=row.left_id, separated_at__isnull=True)
        return not others.exclude(record_id=row.record_id).exists()
    return row.left_id == row.right_id or _are_kept_apart(row.left_id, row.right_id)


def _is_asked_already(row: LinkProposal) -> bool:
    if row.right_id is None:
        return False
    twin = LinkProposal.objects.filter(left_id=row.left_id, right_id=row.right_id, state__in=LIVE)
    return twin.exclude(pk=row.pk).exists()


def _restore_proposals(before: Iterable[Before]) -> None:
    """Give proposals back what they said before a decision that is taken back."""
    for was in before:
        row = LinkProposal.objects.filter(pk=UUID(was["id"]), state__in=(*LIVE, LinkProposal.State.SUPERSEDED)).first()
        if row is None:
            continue
        row.left_id, row.right_id = UUID(was["left"]), UUID(was["right"]) if was["right"] else None
        if not _is_asked_already(row):
            row.state = was["state"]
            row.save(update_fields=["left", "right", "state"])
