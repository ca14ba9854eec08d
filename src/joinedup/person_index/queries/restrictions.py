"""Who is withheld from a viewer: the filter that every other read of people goes through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.access.roles import Role
from joinedup.core.errors import NotVisible
from joinedup.person_index.models import (
    LookAlike,
    Person,
    RestrictedMatch,
    Restriction,
    RestrictionParty,
    withheld_array,
    withheld_ids,
)
from joinedup.person_index.permissions import READ_AS_GUARDIAN
from joinedup.person_index.restricting import CATEGORIES


def withheld_people(viewer: Actor) -> RawSQL:
    """A subquery of person ids for `exclude(person_id__in=…)`, in parts that list something about people. It adds no
    statement of its own. Not for the program itself, which sees everybody."""
    return withheld_ids(viewer)


def withheld_as_array(viewer: Actor) -> RawSQL:
    """As `withheld_people`, for `exclude(people__overlap=…)` on rows that hold an array of person ids."""
    return withheld_array(viewer)


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


@dataclass(frozen=True)
class MatchSeen:
    """A search that came upon a restricted record, for its guardian."""

    id: UUID
    person_id: UUID
    person: str
    category: str
    about_kind: str
    about_id: UUID
    score: int
    holds: bool
    at: datetime
    by: str
    purpose: str
    answer: str
    answered_at: datetime | None
    answered_by: str
    words: str


def matches_for_guardian(viewer: Actor, *, most: int = 100) -> list[MatchSeen]:
    """What waits for the viewer as a guardian, the oldest first, then what was answered, the newest first."""
    check(viewer, READ_AS_GUARDIAN)
    rows = list(_guarded_matches(viewer).order_by(F("answered_at").desc(nulls_first=True), "at", "pk")[:most])
    names = names_of_accounts(viewer, {each for row in rows for each in (row.by, row.answered_by) if each})
    audit.record_read(
        viewer,
        subject=(RestrictedMatch._meta.label_lower, ""),
        people={row.person_id for row in rows},
        purpose="waiting for a guardian",
        search=True,
    )
    return [
        MatchSeen(
            id=row.pk,
            person_id=row.person_id,
            person=str(row.person),
            category=CATEGORIES[row.restriction.category].name,
            about_kind=row.about_kind,
            about_id=row.about_id,
            score=row.score,
            holds=row.holds,
            at=row.at,
            by=names.get(row.by, "") if row.by else "Joinedup",
            purpose=row.purpose,
            answer=row.answer,
            answered_at=row.answered_at,
            answered_by=names.get(row.answered_by, "") if row.answered_by else "",
            words=row.words,
        )
        for row in rows
    ]


def is_guardian(viewer: Actor) -> bool:
    """Whether the viewer guards a record, or looks after restrictions: whoever does finds the page in the navigation."""
    if viewer.has_role(Role.INFORMATION_GOVERNANCE):
        return True
    return can(viewer, READ_AS_GUARDIAN) and _parties(viewer, RestrictionParty.Part.GUARDIAN).exists()


def count_for_guardian(viewer: Actor) -> int:
    """How many searches wait for the viewer to answer as a guardian; none for whoever guards nobody."""
    if not viewer.post_ids:
        return 0
    return _guarded_matches(viewer).filter(answer="", restriction__ended_at__isnull=True).count()


def match_for_answer(viewer: Actor, match_id: UUID) -> RestrictedMatch:
    """One of them, to hand to a service."""
    check(viewer, READ_AS_GUARDIAN)
    found = _guarded_matches(viewer).filter(pk=match_id).first()
    if found is None:
        raise NotVisible
    return found


def is_answer_awaited(viewer: Actor, kind: str, record_id: UUID) -> bool:
    """Whether a guardian has not answered yet for somebody whom the details of a record came upon. It says not whom."""
    waiting = RestrictedMatch.objects.filter(answer="", holds=True, restriction__ended_at__isnull=True)
    return waiting.filter(about_kind=kind, about_id=record_id).exists()


def _guarded_matches(viewer: Actor) -> QuerySet[RestrictedMatch]:
    guarded = Restriction.objects.filter(parties__in=_parties(viewer, RestrictionParty.Part.GUARDIAN))
    rows = RestrictedMatch.objects.filter(restriction__in=guarded).exclude(person_id__in=withheld_ids(viewer))
    return rows.select_related("restriction", "person")


_NOBODY = UUID(int=0)
