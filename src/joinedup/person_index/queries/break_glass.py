"""Records opened in an emergency: what is open for whom, why nothing can be changed that way, and what was opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.grounds import people_visible_to
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotPermitted, NotVisible
from joinedup.core.formats import london
from joinedup.person_index.models import BreakGlass, Family, Person, withheld_ids
from joinedup.person_index.permissions import READ_BREAK_GLASS, REVIEW_BREAK_GLASS
from joinedup.person_index.queries.evidence import evidence_for
from joinedup.person_index.queries.lookup import candidate_people
from joinedup.person_index.queries.restrictions import withheld_among
from joinedup.person_index.queries.search import SearchQuery
from joinedup.person_index.restricting import BG_4, ESCALATE_AFTER, OUTCOMES, REASONS, minutes_left
from joinedup.person_index.restriction_settings import look_alike_points

SESSION_KEY = "emergency_until"  # a session that opened a record is asked for its banner
_MOST, _DAY = 200, timedelta(days=1)


@dataclass(frozen=True)
class OpenRecord:
    """What the viewer has open in an emergency, for the banner on every page."""

    id: UUID
    person_id: UUID
    ends_at: datetime
    minutes_left: int


@dataclass(frozen=True)
class EmergencyRow:
    """One emergency in the list, and as somebody reviews it. `person` is empty where the record is not the viewer's to
    see."""

    id: UUID
    who: str
    person: str
    person_id: UUID | None
    reason_label: str
    reason: str
    opened_at: datetime
    ends_at: datetime
    is_open: bool
    review_by: datetime
    is_overdue: bool
    is_before_the_board: bool
    outcome: str
    reviewed_by: str
    reviewed_at: datetime | None
    review_words: str
    may_review: bool


@dataclass(frozen=True)
class EmergencyList:
    """What waits for a review, what was reviewed, and how often for which reason in the last ninety days."""

    waiting: tuple[EmergencyRow, ...]
    reviewed: tuple[EmergencyRow, ...]
    by_reason: tuple[tuple[str, int, int], ...]  # reason, how many, how many not justified


def open_at(at: datetime) -> Q:
    """Open at a moment: from opening up to, but not including, the minute it ends or was closed."""
    return Q(opened_at__lte=at, ends_at__gt=at) & (Q(ended_at__isnull=True) | Q(ended_at__gt=at))


def people_opened_in_emergency(viewer: Actor) -> QuerySet[BreakGlass, UUID] | None:
    """The person ids the ground `person_index.break_glass` opens. Only in a browser, signed in as oneself."""
    if viewer.account_id is None or viewer.via != "web":
        return None
    mine = BreakGlass.objects.filter(open_at(viewer.at), account_id=viewer.account_id)
    return mine.values_list("person_id", flat=True)


def open_record(viewer: Actor) -> OpenRecord | None:
    """What the viewer has open now."""
    if viewer.account_id is None:
        return None
    mine = BreakGlass.objects.filter(open_at(viewer.at), account_id=viewer.account_id).order_by("-opened_at").first()
    if mine is None:
        return None
    return OpenRecord(mine.pk, mine.person_id, mine.ends_at, minutes_left(mine.ends_at, viewer.at))


def open_record_for_change(viewer: Actor, emergency_id: UUID) -> BreakGlass:
    """One of the viewer's own, to close it."""
    found = BreakGlass.objects.filter(pk=emergency_id).first()
    if found is None or found.account_id != viewer.account_id:
        raise NotVisible
    return found


def own_emergencies(viewer: Actor) -> list[EmergencyRow]:
    """What the viewer opened in the last thirty days and what was found, without whose record it was."""
    if viewer.account_id is None:
        return []
    mine = BreakGlass.objects.filter(account_id=viewer.account_id, opened_at__gt=viewer.at - 30 * _DAY)
    rows = list(mine.select_related("account", "person").order_by("-opened_at")[:20])
    names = names_of_accounts(viewer, {row.reviewed_by for row in rows if row.reviewed_by})
    return [replace(_row(viewer, row, names), person="", person_id=None) for row in rows]


def person_meant(viewer: Actor, query: SearchQuery) -> UUID | None:
    """The one person these details fit, whoever they are: only for services that open or restrict a record by its
    details, and never shown to anybody by itself. None for nobody and for more than one."""
    asked = query.asked()
    enough = look_alike_points(london(viewer.at).date())
    fits = evidence_for(asked.said, candidate_people(asked))
    near = [person for person, found in fits.items() if found.points >= enough]
    exact = (
        Person.objects.filter(pk__in=near, nhs_number=query.nhs_number) if query.nhs_number else Person.objects.none()
    )
    found = list(exact.values_list("pk", flat=True)) or near
    return found[0] if len(found) == 1 else None


# --- Nothing is changed on the strength of an emergency.


def refuse_writes(by: Actor, arguments: Mapping[str, Any]) -> None:
    """Asked by the guard before every service. Whoever is withheld does not exist for a service either; and what is
    open only because of an emergency is open to read."""
    people = set(_people_in(arguments.values())) | _ids_in(arguments)
    families = {each.pk for each in _flat(arguments.values()) if isinstance(each, Family)}
    if not people and not families:
        return
    if people and withheld_among(by, people):
        raise NotVisible
    if by.account_id is None:
        return
    mine = BreakGlass.objects.filter(open_at(by.at), account_id=by.account_id).values("person_id")
    opened = Person.objects.filter(Q(pk__in=people) | Q(memberships__family__in=families), pk__in=mine)
    broken = set(opened.values_list("pk", flat=True))
    if not broken:
        return
    lasting = Person.objects.filter(people_visible_to(by, to_change=True))
    if (people & broken) - set(lasting.filter(pk__in=people & broken).values_list("pk", flat=True)):
        raise NotPermitted(BG_4.sentence, rule=BG_4.code)
    if families and not lasting.filter(memberships__family__in=families).exists():
        raise NotPermitted(BG_4.sentence, rule=BG_4.code)


def _flat(values: Iterable[Any]) -> Iterable[Any]:
    for value in values:
        if isinstance(value, dict):
            yield from _flat([*value, *value.values()])
        elif isinstance(value, list | tuple | set | frozenset):
            yield from _flat(value)
        else:
            yield value


def _people_in(values: Iterable[Any]) -> Iterable[UUID]:
    """Every person the arguments lead to: somebody themselves, or a record that belongs to them."""
    for value in _flat(values):
        if isinstance(value, Person):
            yield value.pk
        elif not isinstance(value, BreakGlass | type | str):
            person = getattr(value, "person", None) if not hasattr(value, "person_id") else None
            person_id = person.pk if isinstance(person, Person) else getattr(value, "person_id", None)
            if isinstance(person_id, UUID):
                yield person_id


def _ids_in(arguments: Mapping[str, Any]) -> set[UUID]:
    """Ids of people that are passed as ids."""
    named = [value for name, value in arguments.items() if name in {"person_id", "people", "person_ids"}]
    return {each for each in _flat(named) if isinstance(each, UUID)}


# --- Looking at it afterwards.


def emergencies(viewer: Actor) -> EmergencyList:
    """What was opened in an emergency: unreviewed first, the oldest first; for information governance."""
    check(viewer, READ_BREAK_GLASS)
    rows = BreakGlass.objects.select_related("account", "person").exclude(person_id__in=withheld_ids(viewer))
    waiting = list(rows.filter(reviewed_at__isnull=True).order_by("review_by", "pk")[:_MOST])
    reviewed = list(rows.filter(reviewed_at__isnull=False).order_by("-reviewed_at", "pk")[:50])
    since = rows.filter(opened_at__gt=viewer.at - 90 * _DAY).order_by()
    counted = since.values("reason_code").annotate(all=Count("pk"), bad=Count("pk", filter=Q(outcome="not_justified")))
    counts = {row["reason_code"]: (row["all"], row["bad"]) for row in counted}
    names = names_of_accounts(viewer, {row.reviewed_by for row in reviewed if row.reviewed_by})
    audit.record_read(
        viewer,
        subject=(BreakGlass._meta.label_lower, ""),
        people={row.person_id for row in (*waiting, *reviewed)},
        purpose="emergencies",
        search=True,
    )
    return EmergencyList(
        tuple(_row(viewer, row, names) for row in waiting),
        tuple(_row(viewer, row, names) for row in reviewed),
        tuple((label, *counts.get(code, (0, 0))) for code, label in REASONS.items()),
    )


def count_emergencies(viewer: Actor) -> tuple[int, int]:
    """How many openings wait for somebody's review, and how many of them have waited too long. The viewer's own count
    for somebody else."""
    check(viewer, READ_BREAK_GLASS)
    rows = BreakGlass.objects.filter(reviewed_at__isnull=True).exclude(person_id__in=withheld_ids(viewer))
    if viewer.account_id:
        rows = rows.exclude(account_id=viewer.account_id)
    found = rows.aggregate(all=Count("pk"), late=Count("pk", filter=Q(review_by__lt=viewer.at)))
    return found["all"], found["late"]


def emergency_for_change(viewer: Actor, emergency_id: UUID) -> BreakGlass:
    """One to review."""
    check(viewer, READ_BREAK_GLASS)
    rows = BreakGlass.objects.select_related("account", "person").exclude(person_id__in=withheld_ids(viewer))
    found = rows.filter(pk=emergency_id).first()
    if found is None:
        raise NotVisible
    return found


def emergency(viewer: Actor, emergency_id: UUID) -> EmergencyRow:
    """One for its page; the read is audited."""
    row = emergency_for_change(viewer, emergency_id)
    audit.record_read(
        viewer, subject=(BreakGlass._meta.label_lower, str(row.pk)), people=[row.person_id], purpose="emergency review"
    )
    return _row(viewer, row, names_of_accounts(viewer, {row.reviewed_by} if row.reviewed_by else set()))


def _row(viewer: Actor, row: BreakGlass, names: dict[UUID, str]) -> EmergencyRow:
    return EmergencyRow(
        id=row.pk,
        who=row.account.name,
        person=str(row.person),
        person_id=row.person_id,
        reason_label=REASONS.get(row.reason_code, row.reason_code),
        reason=row.reason,
        opened_at=row.opened_at,
        ends_at=row.ended_at or row.ends_at,
        is_open=(row.ended_at or row.ends_at) > viewer.at,
        review_by=row.review_by,
        is_overdue=row.reviewed_at is None and row.review_by < viewer.at,
        is_before_the_board=row.reviewed_at is None and row.opened_at + ESCALATE_AFTER < viewer.at,
        outcome=OUTCOMES.get(row.outcome, ""),
        reviewed_by=names.get(row.reviewed_by, "") if row.reviewed_by else "",
        reviewed_at=row.reviewed_at,
        review_words=row.review_words,
        may_review=row.reviewed_at is None and can(viewer, REVIEW_BREAK_GLASS, row),
    )
