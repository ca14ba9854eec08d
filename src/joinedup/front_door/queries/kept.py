"""Which records that somebody's unfinished forms are about they may still see. No read row: only ids are looked at."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.front_door.models import Asking, CaseNotice, Referral
from joinedup.front_door.permissions import READ_REFERRAL
from joinedup.front_door.queries.changes import handovers_seen


def referrals_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these referrals that the viewer may see."""
    if not can(viewer, READ_REFERRAL):
        return set()
    return set(Referral.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))


def askings_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these askings whose referral the viewer may see."""
    seen = Asking.objects.filter(referral__in=Referral.objects.visible_to(viewer))
    return set(seen.filter(pk__in=ids).values_list("pk", flat=True))


def notices_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these notices whose referral the viewer may see."""
    seen = CaseNotice.objects.filter(referral__in=Referral.objects.visible_to(viewer))
    return set(seen.filter(pk__in=ids).values_list("pk", flat=True))


def handovers_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these hand-overs that name nobody withheld from the viewer."""
    return set(handovers_seen(viewer).filter(pk__in=ids).values_list("pk", flat=True))
