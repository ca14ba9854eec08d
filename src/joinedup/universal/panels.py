"""What universal support says on a person's and on a family's page: the sessions they came to, and what a young person does."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.panels import About, Frame, Panel, register_panel
from joinedup.casework.queries import people_seen_through_cases
from joinedup.core.answers import Fact
from joinedup.core.formats import date_long
from joinedup.universal.codes import STATUSES, Status
from joinedup.universal.models import Attendance, Participation, Programme
from joinedup.universal.permissions import READ_PARTICIPATION, READ_SESSIONS
from joinedup.universal.settings import ages_followed

_MOST = 4


def sessions(viewer: Actor, frame: Frame) -> Iterator[Fact]:
    """How often they came to each programme whose registers the viewer may see; one statement."""
    theirs = Attendance.objects.came().filter(
        record__links__person_id__in=frame.people, record__links__separated_at__isnull=True,
        session__programme__in=Programme.objects.visible_to(viewer),
    )  # fmt: skip
    columns = "session__programme_id", "session__programme__name"
    rows = theirs.values_list(*columns).annotate(n=Count("pk", distinct=True), last=Max("session__held_on"))
    for programme_id, name, n, last in rows.order_by("-last", *columns)[:_MOST]:
        words = f"time[s] at {name}, last on {date_long(last)}"
        yield Fact(words, reverse("session_programme", args=[programme_id]), n=n)


def participation(viewer: Actor, frame: Frame) -> Iterator[Fact]:
    """What a young person of the ages followed does now, for whoever works with them; one statement, none for anybody younger
    or older. Whoever follows them by the area only finds them in the lists of young people."""
    on = timezone.localdate(viewer.at)
    youngest, _, oldest = ages_followed(on)
    age = frame.age(on)
    if age is None or not youngest <= age <= oldest:
        return
    rows = Participation.objects.filter(person_id__in=frame.people, taken_back_at__isnull=True, starts_on__lte=on)
    mine = people_seen_through_cases(viewer)
    if mine is not None:
        rows = rows.filter(person_id__in=mine)
    row = rows.order_by("-starts_on", "-recorded_at", "-pk").first()
    if row is None:
        return
    words = f"since {date_long(row.starts_on)}" + (f", at {row.provider}" if row.provider else "")
    late = "It must be asked again" if row.expires_on <= on else ""
    yield Fact(
        words, reverse("young_person", args=[frame.id]), value=STATUSES[Status(row.status)],
        note=late or f"Confirmed {date_long(row.confirmed_on)}",
    )  # fmt: skip


register_panel(
    Panel(
        "universal.sessions", "Sessions", 40, frozenset(About), READ_SESSIONS, sessions,
        "No session of yours had them on its list.",
    )
)  # fmt: skip
register_panel(
    Panel(
        "universal.participation", "Education, work or training", 50, frozenset({About.PERSON}), READ_PARTICIPATION,
        participation, "Nothing is recorded that you follow.",
    )
)  # fmt: skip
