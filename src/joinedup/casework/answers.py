"""What casework answers on the first page: what changed on the families somebody leads, and who of a team has room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, UUIDField, Value
from django.urls import reverse

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.roles import Role
from joinedup.casework.models import Case
from joinedup.casework.permissions import READ_BOARD, READ_CASES
from joinedup.casework.queries.cases import people_in
from joinedup.chronology.kinds import event_kinds, title_of
from joinedup.chronology.queries import events_counted
from joinedup.core.answers import Fact, register_answer
from joinedup.core.formats import date_long
from joinedup.organisations.queries import posts_with_role

_WEEK = timedelta(days=7)
_MOST = 4


def changed(viewer: Actor) -> Iterator[Fact]:
    """What happened in the last seven days on the families whose cases the viewer leads, the newest first: how many entries
    of the chronology, and what the last one was. As many statements however many families there are; one audit row."""
    if not can(viewer, READ_CASES) or not viewer.post_ids:
        return
    led = Case.objects.visible_to(viewer).open().filter(lead_professional_id__in=viewer.post_ids)
    kinds = [each.code for each in event_kinds()]
    happened = events_counted(
        viewer, kinds=kinds, since=viewer.at - _WEEK, until=viewer.at + timedelta(seconds=1),
        place=Value(None, output_field=UUIDField()), at_place=None, families=led.values_list("family_id", flat=True),
    )  # fmt: skip
    of_family: dict[UUID, list[str]] = {}
    for kind, at, family_id in happened:
        of_family.setdefault(family_id, []).append(f"{title_of(kind)}, {date_long(at)}")
    if not of_family:
        yield Fact("families you lead with anything new in seven days", reverse("cases") + "?list=mine", n=0)
        return
    wanted = list(of_family)[:_MOST]
    cases = {row.family_id: row for row in led.filter(family_id__in=wanted)}
    people = people_in([row.pk for row in cases.values()])
    audit.record_read(
        viewer, subject=("casework.case", "own"), people={each.person_id for several in people.values() for each in several},
        purpose="what changed", search=True,
    )  # fmt: skip
    for family_id in wanted:
        if family_id not in cases:
            continue
        row, news = cases[family_id], of_family[family_id]
        child = next((each.name for each in people.get(row.pk, ()) if each.part == "child"), row.reference)
        words = f"new entr[y|ies] on {child}’s case. Last: {news[0]}"
        yield Fact(words, reverse("case_chronology", args=[row.pk]), n=len(news))
    if len(of_family) > _MOST:
        href = reverse("cases") + "?list=mine"
        yield Fact("more famil[y|ies] with something new", href, n=len(of_family) - _MOST)


def room(viewer: Actor) -> Iterator[Fact]:
    """The key workers of the viewer’s teams with the fewest open cases; two statements."""
    if not can(viewer, READ_BOARD) or not viewer.team_ids:
        return
    rows = Case.objects.open().filter(team_id__in=viewer.team_ids)
    loads = dict(rows.values_list("lead_professional_id").annotate(n=Count("pk")).order_by())
    workers = [each for each in posts_with_role(viewer, Role.KEY_WORKER) if each.team_id in viewer.team_ids]
    for each in sorted(workers, key=lambda one: (loads.get(one.pk, 0), one.account.name))[:_MOST]:
        href = f"{reverse('cases')}?lead={each.pk}"
        yield Fact(f"open case[s] led by {each.account.name}", href, n=loads.get(each.pk, 0))
    if not workers:
        yield Fact("key workers in your team", reverse("casework_board"), n=0)


register_answer("casework.changed", "what changed in seven days on the families somebody leads", changed)
register_answer("casework.room", "who of a team leads the fewest cases", room)
