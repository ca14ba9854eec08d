"""What a report on the partnership counts of case work: numbers over a period, and nobody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q
from django.db.models.functions import Least

from joinedup.access.actor import Actor
from joinedup.casework.models import Assessment, Case, CaseMember, CaseNote, Intervention, Review
from joinedup.core.formats import LONDON


@dataclass(frozen=True)
class Shared:
    """How many of how many."""

    number: int
    of: int


def _moments(since: date, until: date) -> tuple[datetime, datetime]:
    """From the first moment of a day to the first after another."""
    return (
        datetime.combine(since, time(), LONDON),
        datetime.combine(until + timedelta(days=1), time(), LONDON),
    )


def leads_of_families(viewer: Actor, *, since: date, until: date) -> Shared:
    """How many different lead professionals (`number`) so many families (`of`) had on the days from `since` to `until`; one
    who led two families counts for each."""
    first, last = _moments(since, until)
    led = CaseMember.objects.filter(Q(left_at=None) | Q(left_at__gt=first), part="lead", joined_at__lt=last)
    found = led.aggregate(families=Count("case__family_id", distinct=True))
    pairs = led.order_by().values("case__family_id", "post__account_id").distinct().count()
    return Shared(pairs, found["families"])


def days_without_lead(viewer: Actor, *, since: date, until: date) -> Shared:
    """The whole days (`number`) for which open cases had no lead professional in post, so that a manager held the duty, of all
    the days (`of`) cases were open between two days. A moment of a day is no whole day: seconds are added up first."""
    first, last = _moments(since, until)
    end = min(last, viewer.at)
    cases = Case.objects.filter(Q(closed_at=None) | Q(closed_at__gt=first), opened_at__lt=end)
    led: dict[object, list[tuple[datetime, datetime]]] = {}
    places = CaseMember.objects.filter(part="lead", case__in=cases).annotate(gone=Least("left_at", "post__ends_at"))
    for case_id, began, gone in places.order_by("joined_at").values_list("case_id", "joined_at", "gone"):
        led.setdefault(case_id, []).append((began, gone or end))
    alone = whole = timedelta()
    for case_id, opened, closed in cases.values_list("pk", "opened_at", "closed_at"):
        start, stop = max(opened, first), min(closed or end, end)
        if stop <= start:
            continue
        whole += stop - start
        alone += stop - start - _covered(led.get(case_id, []), start, stop)
    return Shared(alone.days, whole.days)


def _covered(places: list[tuple[datetime, datetime]], start: datetime, stop: datetime) -> timedelta:
    found, reached = timedelta(), start
    for began, gone in places:
        here, there = max(began, reached), min(gone, stop)
        if there > here:
            found += there - here
            reached = there
    return found


def families_in_contact(viewer: Actor, *, on: date, days: int = 28) -> Shared:
    """Of the open cases with a lead professional at the end of a day, those whose lead recorded that somebody of the family
    was seen or spoken to in the days before."""
    _, last = _moments(on, on)
    there = Q(opened_at__lt=last) & (Q(closed_at=None) | Q(closed_at__gte=last))
    cases = Case.objects.filter(there, lead_professional__isnull=False)
    spoken = CaseNote.objects.filter(
        case__in=cases, post=F("case__lead_professional"), kind__in=["visit", "phone", "elsewhere"], result="seen",
        happened_at__lt=last, happened_at__gte=last - timedelta(days=days), taken_out_at=None,
    )  # fmt: skip
    return Shared(spoken.values("case_id").distinct().order_by().count(), cases.count())


def families_who_named_their_lead(viewer: Actor, *, since: date, until: date) -> Shared:
    """Of the families that were asked in a review between two days who leads for them, those that could say when they were
    asked last. Reviews in which nobody asked count neither way."""
    asked = Review.objects.filter(held_on__range=(since, until), named_lead__in=["yes", "no"])
    last = asked.order_by("plan__case__family_id", "-held_on", "-begun_at").distinct("plan__case__family_id")
    said = list(last.values_list("named_lead", flat=True))
    return Shared(said.count("yes"), len(said))


def cases_of_several_bodies(viewer: Actor, *, on: date) -> Shared:
    """Of the cases open at the end of a day, those in whose team people of two or more employers work together."""
    _, last = _moments(on, on)
    cases = Case.objects.filter(Q(closed_at=None) | Q(closed_at__gte=last), opened_at__lt=last)
    there = CaseMember.objects.filter(Q(left_at=None) | Q(left_at__gte=last), case__in=cases, joined_at__lt=last)
    several = there.order_by().values("case_id").annotate(bodies=Count("post__employer_id", distinct=True))
    return Shared(several.filter(bodies__gte=2).count(), cases.count())


def assessments_signed(viewer: Actor, *, since: date, until: date) -> int:
    """The common assessments that were signed from one day to another."""
    first, last = _moments(since, until)
    return Assessment.objects.filter(signed_at__gte=first, signed_at__lt=last).count()


def help_given(viewer: Actor, *, since: date, until: date) -> int:
    """How many times help to families began from one day to another."""
    return Intervention.objects.filter(starts_on__range=(since, until), taken_back_at=None).count()
