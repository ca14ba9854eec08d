"""What a report on the partnership counts of referrals: numbers over a period, and nobody's name."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Count, Q

from joinedup.access.actor import Actor
from joinedup.core.formats import LONDON
from joinedup.front_door.codes import Channel
from joinedup.front_door.models import Referral


def _within(name: str, since: date, until: date) -> Q:
    first, last = datetime.combine(since, time(), LONDON), datetime.combine(until + timedelta(days=1), time(), LONDON)
    return Q(**{f"{name}__gte": first, f"{name}__lt": last})


def referrals_by_form(viewer: Actor, *, since: date, until: date) -> tuple[int, int]:
    """Of the referrals received from one day to another, how many came through the one form; and how many there were."""
    rows = Referral.objects.filter(_within("received_at", since, until))
    found = rows.aggregate(all=Count("pk"), form=Count("pk", filter=Q(contact__channel=Channel.FORM)))
    return found["form"], found["all"]


def hours_to_decision(viewer: Actor, *, since: date, until: date) -> float | None:
    """The median of the hours from receiving a referral to deciding on it, of those decided from one day to another; None
    where none was."""
    rows = Referral.objects.filter(_within("decided_at", since, until)).values_list("received_at", "decided_at")
    hours = [(decided - received).total_seconds() / 3600 for received, decided in rows if decided is not None]
    return median(hours) if hours else None
