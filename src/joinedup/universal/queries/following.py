"""Whom to ask what they do: those who neither learn nor work, the longest first; of whom it runs out; of whom nothing is
known; and those of the viewer's own cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.casework.queries import LeadOfChild, leads_of_person, people_seen_through_cases
from joinedup.core.errors import NotVisible
from joinedup.core.formats import age_years
from joinedup.person_index.queries import Living, SafeWay, people_of_age, postcode_of, safe_way, withheld_people
from joinedup.universal.areas import is_followed_by, own_area, places
from joinedup.universal.codes import REASONS, STATUSES, Status
from joinedup.universal.models import Participation
from joinedup.universal.permissions import FOLLOW_PARTICIPATION, RECORD_PARTICIPATION
from joinedup.universal.queries.participation import ParticipationSpell, spells_of
from joinedup.universal.settings import ages_followed, ask_again_days

LISTS: dict[str, str] = {
    "neither": "Neither learning nor working",
    "soon": "To be asked again soon",
    "unknown": "Not known",
    "mine": "In my cases",
}
_PAGE = 40


@dataclass(frozen=True)
class FollowRow:
    """A young person to ask. `days` since when it has been so; `expires_on` when it counts as not known."""

    person_id: UUID
    name: str
    age: int
    area: str
    status: str
    label: str
    reason: str
    provider: str
    since: date | None
    days: int | None
    expires_on: date | None


@dataclass(frozen=True)
class FollowUp:
    """A page of a list; `next_cursor` is "" at the end."""

    which: str
    title: str
    rows: tuple[FollowRow, ...]
    next_cursor: str
    serves_an_area: bool


@dataclass(frozen=True)
class YoungPerson:
    """One young person as whoever asks after them needs it: what they do and did, who leads their case, how it is safe to
    reach them. Nothing of a case, and nothing of youth justice."""

    person_id: UUID
    name: str
    birth_date: date
    age: int
    area: str
    spells: tuple[ParticipationSpell, ...]
    leads: tuple[LeadOfChild, ...]
    safe: SafeWay
    may_record: bool

    @property
    def now(self) -> ParticipationSpell | None:
        """What stands now."""
        return next((each for each in self.spells if each.is_now), None)


def current(on: date) -> Q:
    """The rows that stand on a day."""
    ended = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    return ended & Q(starts_on__lte=on, taken_back_at__isnull=True)


def follow_up(viewer: Actor, which: str = "neither", after: str = "") -> FollowUp:
    """One list, for the area the viewer's teams serve. The read is audited with everybody on it."""
    check(viewer, FOLLOW_PARTICIPATION)
    which = which if which in LISTS else "neither"
    where, on = places(viewer), timezone.localdate(viewer.at)
    area = own_area(viewer, where)
    if which in {"neither", "soon"}:
        rows, cursor = _by_status(viewer, which, area, on, after)
    else:
        rows, cursor = _by_age(viewer, which, area, on, after)
    shown = [_row(living, spell, where, on) for living, spell in rows]
    audit.record_read(
        viewer, subject=(Participation._meta.label_lower, "list"), people={each.person_id for each in shown},
        purpose=f"young people to ask: {LISTS[which].lower()}", search=True,
    )  # fmt: skip
    return FollowUp(which, LISTS[which], tuple(shown), cursor, bool(area.prefixes))


def _by_status(
    viewer: Actor, which: str, area: Any, on: date, after: str
) -> tuple[list[tuple[Living, Participation | None]], str]:
    rows = Participation.objects.filter(current(on), expires_on__gt=on, person__died_on__isnull=True)
    rows = rows.annotate(postcode=postcode_of("person__known"), owner=Coalesce("person__continued_by_id", "person_id"))
    rows = rows.filter(area.condition()).exclude(owner__in=withheld_people(viewer))
    field = "starts_on" if which == "neither" else "expires_on"
    if which == "neither":
        rows = rows.filter(status=Status.NEITHER)
    else:
        rows = rows.filter(expires_on__lte=on + timedelta(days=ask_again_days(on)))
    place = _read(after)
    if place is not None:
        rows = rows.filter(Q(**{f"{field}__gt": place[0]}) | Q(**{field: place[0], "pk__gt": place[1]}))
    found = list(rows.select_related("person__continued_by").order_by(field, "pk")[: _PAGE + 1])
    shown = found[:_PAGE]
    cursor = f"{getattr(shown[-1], field).isoformat()}_{shown[-1].pk}" if len(found) > _PAGE else ""
    return [(_living(row), row) for row in shown], cursor


def _living(row: Participation) -> Living:
    person = row.person.continued_by or row.person
    return Living(person.pk, str(person), person.birth_date or date.min, getattr(row, "postcode", "") or "")


def _by_age(
    viewer: Actor, which: str, area: Any, on: date, after: str
) -> tuple[list[tuple[Living, Participation | None]], str]:
    youngest, oldest, oldest_with_plan = ages_followed(on)
    told: dict[str, Any] = {"on": on, "youngest": youngest, "oldest": oldest, "after": _read(after), "size": _PAGE + 1}
    if which == "mine":
        mine = people_seen_through_cases(viewer)
        ids = list(mine.order_by().distinct()[:500]) if mine is not None else []
        found = people_of_age(viewer, only=ids, **(told | {"oldest": oldest_with_plan}))
    else:
        found = people_of_age(viewer, area=area, without=known_people(on), **told)
    shown = found[:_PAGE]
    spells = _now_of([each.person_id for each in shown], on)
    cursor = f"{shown[-1].birth_date.isoformat()}_{shown[-1].person_id}" if len(found) > _PAGE else ""
    return [(each, spells.get(each.person_id)) for each in shown], cursor


def known_people(on: date) -> QuerySet[Participation, Any]:
    """Of whom it is known what they do, as ids of people for a filter."""
    rows = Participation.objects.filter(current(on), expires_on__gt=on).exclude(status=Status.UNKNOWN)
    return rows.annotate(owner=Coalesce("person__continued_by_id", "person_id")).values("owner")


def _now_of(ids: Iterable[UUID], on: date) -> dict[UUID, Participation]:
    rows = Participation.objects.filter(
        current(on), Q(person_id__in=list(ids)) | Q(person__continued_by_id__in=list(ids))
    )
    return {
        row.person.continued_by_id or row.person_id: row for row in rows.select_related("person").order_by("starts_on")
    }


def _row(living: Living, spell: Participation | None, where: Any, on: date) -> FollowRow:
    status = Status.UNKNOWN if spell is None or spell.expires_on <= on else Status(spell.status)
    return FollowRow(
        person_id=living.person_id, name=living.name, age=age_years(living.birth_date, on),
        area=where.name_of(where.code_of(living.postcode)), status=status, label=STATUSES[status],
        reason=REASONS.get(spell.reason, "") if spell else "", provider=spell.provider if spell else "",
        since=spell.starts_on if spell else None, days=(on - spell.starts_on).days if spell else None,
        expires_on=spell.expires_on if spell else None,
    )  # fmt: skip


def _read(text: str) -> tuple[date, UUID] | None:
    day, _, pk = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(pk)
    except ValueError:
        return None


def young_person(viewer: Actor, person_id: UUID) -> YoungPerson:
    """One of them; NotVisible for whoever does not follow them. The read is audited."""
    if not can(viewer, FOLLOW_PARTICIPATION) or not is_followed_by(viewer, person_id):
        raise NotVisible
    on = timezone.localdate(viewer.at)
    youngest, _, oldest = ages_followed(on)
    found = people_of_age(viewer, on=on, youngest=youngest, oldest=oldest, only=[person_id])[0]
    where = places(viewer)
    audit.record_read(
        viewer, subject=(Participation._meta.label_lower, str(person_id)), people=[person_id],
        purpose="what a young person does",
    )  # fmt: skip
    return YoungPerson(
        person_id=found.person_id, name=found.name, birth_date=found.birth_date, age=age_years(found.birth_date, on),
        area=where.name_of(where.code_of(found.postcode)), spells=tuple(spells_of(viewer, person_id)),
        leads=leads_of_person(viewer, [person_id]), safe=safe_way(viewer, person_id),
        may_record=can(viewer, RECORD_PARTICIPATION, _Young(person_id)),
    )  # fmt: skip


@dataclass(frozen=True)
class _Young:
    """What the permission is asked of."""

    person_id: UUID
