"""Which requests that somebody's unfinished forms are about they may still see. No read row: only ids are looked at."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.information_sharing.models import InformationRequest
from joinedup.information_sharing.queries.shown import not_withheld
from joinedup.person_index.queries import withheld_among


def to_answer_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these requests that the viewer may answer, about nobody withheld from them."""
    rows = not_withheld(viewer, InformationRequest.objects.to_answer_by(viewer))
    return set(rows.filter(pk__in=ids).values_list("pk", flat=True))


def asked_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these requests that the viewer's posts asked, about nobody withheld from them."""
    rows = not_withheld(viewer, InformationRequest.objects.asked_by_posts_of(viewer))
    return set(rows.filter(pk__in=ids).values_list("pk", flat=True))


def children_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these children that are not withheld from the viewer."""
    return set(ids) - withheld_among(viewer, ids)
