"""Which people that somebody's unfinished forms are about they may still see. No read row: only ids are looked at."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.person_index.models import KeepApart, LinkProposal, Person, RecordLink, withheld_ids


def people_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these people that the viewer may see."""
    return set(Person.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))


def people_not_withheld(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these people that are not withheld from the viewer."""
    return set(Person.objects.filter(pk__in=ids).not_withheld_from(viewer).values_list("pk", flat=True))


def records_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these agencies' records whose person is not withheld from the viewer."""
    linked = RecordLink.objects.filter(record_id__in=ids, separated_at__isnull=True)
    linked = linked if viewer.is_system else linked.exclude(person_id__in=withheld_ids(viewer))
    return set(linked.values_list("record_id", flat=True))


def kept_apart_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these decisions that stand and whose person is not withheld from the viewer."""
    rows = KeepApart.objects.filter(pk__in=ids, lifted_at__isnull=True)
    rows = rows if viewer.is_system else rows.exclude(person_id__in=withheld_ids(viewer))
    return set(rows.values_list("pk", flat=True))


def pairs_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these questions that the viewer may decide."""
    return set(LinkProposal.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))
