"""Whatever the order: a register's numbers are those of its list, and what somebody does at one time is one thing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joinedup.access.actor import system
from joinedup.core.errors import Refused
from joinedup.organisations.tests.factories import AT, make_organisation
from joinedup.person_index.tests.factories import make_person
from joinedup.universal import queries, services
from joinedup.universal.codes import CAME, Mark, Status
from joinedup.universal.models import Attendance, AttendanceChange, Participation
from joinedup.universal.services import Doing, Taken
from joinedup.universal.tests.factories import make_attendance, make_programme, make_session, make_worker

pytestmark = pytest.mark.django_db
TODAY = AT.date()
_SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]

acts = st.lists(
    st.one_of(
        st.tuples(st.just("mark"), st.integers(0, 2), st.sampled_from(["", *Mark]), st.integers(0, 1)),
        st.tuples(st.just("count"), st.integers(0, 9), st.integers(0, 9), st.integers(0, 1)),
        st.tuples(st.just("undo"), st.just(0), st.just(""), st.integers(0, 1)),
        st.tuples(st.just("finish"), st.just(0), st.just(""), st.integers(0, 1)),
    ),
    min_size=1, max_size=14,
)  # fmt: skip


def _replayed(session: Any) -> tuple[dict[Any, str], tuple[int, int]]:
    """What the kept changes say, added up from the first."""
    marks: dict[Any, str] = {}
    counted = (0, 0)
    for change in AttendanceChange.objects.filter(session=session).order_by("pk"):
        if change.attendance_id is None:
            assert counted == (change.before["adults"], change.before["children"])
            counted = (change.after["adults"], change.after["children"])
        else:
            assert marks.get(change.attendance_id, "") == change.before["mark"]
            marks[change.attendance_id] = change.after["mark"]
    return marks, counted


@settings(max_examples=12, deadline=None, suppress_health_check=_SLOW)
@given(acts=acts)
def test_a_register_s_numbers_are_those_of_its_list(acts: list[tuple[Any, ...]]) -> None:
    programme = make_programme(organisation=make_organisation(kind="voluntary"))
    workers = [make_worker(programme.organisation, name=name) for name in ("Kit Testhelp", "Una Testcare")]
    session = make_session(programme)
    records = [
        make_attendance(session, workers[0], given_name=name, age=4).record_id for name in ("Wren", "Bay", "Ash")
    ]
    refused: set[str] = set()
    for what, one, other, who in acts:
        by = workers[who]
        do: dict[str, Callable[[], Any]] = {
            "mark": lambda: services.take_register(session=session, taken=Taken({records[one]: other}), by=by, at=AT),  # noqa: B023
            "count": lambda: services.take_register(session=session, taken=Taken(adults=one, children=other), by=by, at=AT),  # noqa: B023
            "undo": lambda: services.undo_register(session=session, by=by, at=AT),  # noqa: B023
            "finish": lambda: services.finish_register(session=session, by=by, at=AT),  # noqa: B023
        }  # fmt: skip
        try:
            do[what]()
        except Refused as refusal:
            refused.add(refusal.rule)
    assert refused <= {"UN-18", "UN-20"}
    session.refresh_from_db()
    shown = queries.register(workers[0], session.pk)
    marks, counted = _replayed(session)
    assert {row.pk: row.mark for row in Attendance.objects.filter(session=session)} == marks
    assert (session.adults, session.children) == counted
    named = sum(mark in CAME for mark in marks.values())
    assert shown.came == named
    assert shown.total == named + sum(counted)
    reached = queries.reach(workers[0], starts=TODAY, ends=TODAY)
    listed = queries.people_reached(workers[0], starts=TODAY, ends=TODAY)
    assert reached.people == len(listed) == named
    assert reached.attendances == sum(each.times for each in listed)
    assert sum(part.reached or 0 for part in reached.bands) == named


days = st.integers(-400, 0).map(lambda back: TODAY + timedelta(days=back))
said = st.lists(st.tuples(st.sampled_from([*Status, "back"]), days), min_size=1, max_size=12)


@settings(max_examples=20, deadline=None, suppress_health_check=_SLOW)
@given(said=said)
def test_what_somebody_does_never_overlaps(said: list[tuple[str, date]]) -> None:
    by, source = system(AT), make_organisation(kind="school")
    person = make_person(birth_date=TODAY.replace(year=TODAY.year - 16))
    refused: set[str] = set()
    for status, since in said:
        try:
            if status == "back":
                row = Participation.objects.filter(person=person, taken_back_at=None).order_by("-starts_on").first()
                if row is not None:
                    services.take_back_participation(row=row, reason="Wrong.", version=row.version, by=by, at=AT)
            else:
                services.record_participation(doing=Doing(person.pk, status, since), source=source, by=by, at=AT)
        except Refused as refusal:
            refused.add(refusal.rule)
    assert refused <= {"UN-34"}
    rows = list(Participation.objects.filter(person=person, taken_back_at=None).order_by("starts_on"))
    for one, following in pairwise(rows):
        assert one.ends_on is not None
        assert one.ends_on <= following.starts_on
    figures = queries.participation_figures(by)
    assert sum(number or 0 for number in figures.counts.values()) == figures.whole.of
    stands = [row for row in rows if row.ends_on is None or row.ends_on > TODAY]
    assert len(stands) <= 1
