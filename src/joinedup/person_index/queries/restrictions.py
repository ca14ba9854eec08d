"""Who is withheld from a viewer: the filter that every other read of people goes through."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from joinedup.access.actor import Actor
from joinedup.person_index.models import LookAlike, Person, Restriction, RestrictionParty, withheld_ids


def withheld_people(viewer: Actor) -> RawSQL:
    """A subquery of person ids for `exclude(person_id__in=…)`, in parts that list something about people. It adds no
    statement of its own. Not for the program itself, which sees everybody."""
    return withheld_ids(viewer)


def withheld_among(viewer: Actor, ids: Iterable[UUID]) -> set[UUID]:
    """Which of these people are withheld from the viewer: restricted and not open to them, or their own family. Always
    one statement, whoever is asked about, so that the time taken tells nothing."""
    asked = list(ids)
    if viewer.is_system:
        return set()
    return set(
        Person.objects.filter(pk__in=asked or [_NOBODY], id__in=withheld_ids(viewer)).values_list("pk", flat=True)
    )


def without_restricted(viewer: Actor, ids: Iterable[UUID]) -> list[UUID]:
    """These person ids, in their order, without whoever is withheld from the viewer. For raw lists of ids, such as
    those of a search, a household or an export; a queryset of people uses `visible_to`, which holds this already."""
    asked = list(ids)
    withheld = withheld_among(viewer, asked)
    return [each for each in asked if each not in withheld]


def unseen_among(viewer: Actor, ids: Iterable[UUID]) -> set[UUID]:
    """As `withheld_among`, and with them the entries that wait for a guardian to say whether they are somebody
    restricted: whoever made one goes on seeing it in its place, but nobody finds it by a search. One statement."""
    asked = list(ids)
    if viewer.is_system:
        return set()
    waiting = LookAlike.objects.filter(answer="", restriction__ended_at__isnull=True).values("person_id")
    hidden = Q(id__in=withheld_ids(viewer)) | Q(id__in=waiting)
    return set(Person.objects.filter(hidden, pk__in=asked or [_NOBODY]).values_list("pk", flat=True))


def people_guarded(viewer: Actor) -> QuerySet[Restriction, UUID] | None:
    """The person ids the ground `person_index.guardian` opens: restricted people whose guardian the viewer is, or whom
    they are named to see; guardians also see what looks like them."""
    if not viewer.post_ids:
        return None
    mine = Restriction.objects.filter(live_at(viewer.at), parties__in=_parties(viewer)).values_list(
        "person_id", flat=True
    )
    guarded = LookAlike.objects.filter(
        live_at(viewer.at, "restriction__"), restriction__parties__in=_parties(viewer, RestrictionParty.Part.GUARDIAN)
    )
    return mine.union(guarded.values_list("person_id", flat=True))


def _parties(viewer: Actor, *parts: str) -> QuerySet[RestrictionParty]:
    held = RestrictionParty.objects.filter(post_id__in=list(viewer.post_ids), ended_at=None)
    return held.filter(part__in=parts) if parts else held.exclude(part=RestrictionParty.Part.EXCLUDED)


def live_at(at: datetime, prefix: str = "") -> Q:
    """The restrictions in force at a moment."""
    ended = Q(**{f"{prefix}ended_at__isnull": True}) | Q(**{f"{prefix}ended_at__gt": at})
    return ended & Q(**{f"{prefix}starts_at__lte": at})


_NOBODY = UUID(int=0)
