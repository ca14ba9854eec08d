"""Planning meetings, who is told how, minutes of two editors, actions, continuity and lists."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.casework import queries, services
from joinedup.casework.meeting import Continuity, Purpose, continuity_of, is_drifting
from joinedup.casework.models import Case, Meeting, MeetingAction
from joinedup.casework.services import Minutes, Undertaking, WhenAndWhere
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.core.errors import NotPermitted, NotVisible, Refused, Stale
from joinedup.core.models import OutboxMessage
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.person_index.models import Person, SafeContact

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WHEN = WhenAndWhere(starts_at=AT + DAY, minutes_long=60, place="Testerfield Children’s Centre")


def refused(rule: str):
    return pytest.raises(Refused, check=lambda refusal: refusal.rule == rule)


@dataclass
class Table:
    """Amira leads, Cara of a school is in the team, Nia manages it; a child, her mother and her father."""

    case: Case
    amira: Account
    cara: Account
    nia: Account
    lead: Post
    teacher: Post
    child: Person
    mother: Person
    father: Person


@pytest.fixture
def table() -> Table:
    team = make_team(code="NORTH")
    nia, _ = make_post(role=Role.TEAM_MANAGER, team=team, name="Nia")
    amira, lead = make_post(team=team, name="Amira", phone="01632 960 401")
    school = make_organisation(code="SCHOOL", name="Testerfield School", kind="school")
    cara, teacher = make_post(role=Role.REFERRER, host=school, employer=school, name="Cara")
    child, mother, father = make_person(), make_person(given_name="Alex"), make_person(given_name="Sam")
    case = make_case(team=team, lead=lead, family=make_family((child, "child"), (mother, "parent"), (father, "parent")))
    services.add_member(case=case, post=teacher, by=actor_of(amira), at=AT)
    return Table(case, amira, cara, nia, lead, teacher, child, mother, father)


def plan(table: Table, *, purpose: Purpose = Purpose.REVIEW, when: WhenAndWhere = WHEN) -> Meeting:
    return services.plan_meeting(
        case=table.case, purpose=purpose, when=when, posts=[table.lead, table.teacher],
        people=[table.mother.pk, table.father.pk], by=actor_of(table.amira, when.starts_at - DAY), at=when.starts_at - DAY,
    )  # fmt: skip


def hold(table: Table, meeting: Meeting, *present: object, has_changed: bool = False) -> Meeting:
    meeting.refresh_from_db()
    at = meeting.starts_at + timedelta(hours=1)
    minutes = Minutes(present={each.pk for each in present}, text="We met.", has_changed_the_work=has_changed)  # type: ignore[attr-defined]
    return services.write_minutes(
        meeting=meeting, minutes=minutes, version=meeting.version, by=actor_of(table.amira, at), at=at
    )


def test_everybody_is_told_in_the_way_that_is_safe(table: Table) -> None:
    def safe(person: Person, how: str, details: str) -> None:
        SafeContact.objects.create(person=person, how=how, details=details, recorded_at=AT, source="test")

    safe(table.mother, "email", "alex@home.example")
    safe(table.father, "none", "sam@home.example")
    meeting = plan(table)
    told = {str(message.to): message for message in OutboxMessage.objects.filter(created_at=AT)}
    assert {table.amira.email, table.cara.email, "alex@home.example"} <= set(told)
    assert "sam@home.example" not in told
    # A post is told nothing but the reference; a parent where and when, and nobody's name but the lead's.
    to_cara = told[table.cara.email]
    assert meeting.reference in to_cara.body
    assert not {"Rowan", "Alex", "Centre"} & set(to_cara.body.replace(",", " ").split())
    to_mother = told["alex@home.example"].body
    assert "Testerfield Children’s Centre" in to_mother
    assert "Amira on 01632 960 401" in to_mother
    assert "Rowan" not in to_mother + told["alex@home.example"].subject
    _, seen = queries.meeting(actor_of(table.amira), table.case.pk, meeting.pk, purpose="test")
    assert {each.name.split()[0]: each.told_by for each in seen.seats} == {
        "Amira": "message", "Cara": "message", "Alex": "message", "Sam": "",
    }  # fmt: skip
    assert queries.letter_readers(actor_of(table.amira), seen)[0] == ()
    father = meeting.places.get(person=table.father)
    by = actor_of(table.amira)
    with refused("CW-231"):
        services.tell_family(meeting=meeting, place=father, told_by="letter", by=by, at=AT)
    services.tell_family(meeting=meeting, place=father, told_by="in_person", by=by, at=AT)
    father.refresh_from_db()
    assert father.told_by == "in_person"


def test_planning_is_refused_with_a_sentence(table: Table) -> None:
    by = actor_of(table.amira)

    def send(**changes: object) -> None:
        said: dict[str, object] = {
            "case": table.case, "purpose": Purpose.FIRST, "when": WHEN, "posts": [table.teacher], "people": [],
        }  # fmt: skip
        services.plan_meeting(**(said | changes), by=changes.pop("by", by), at=AT)  # type: ignore[arg-type]

    with refused("CW-221"):
        send(when=replace(WHEN, starts_at=AT))
    with refused("CW-222"):
        send(when=replace(WHEN, place=" "))
    with refused("CW-223"):
        send(posts=[table.lead])
    with refused("CW-209"):
        send(people=[make_person(given_name="Kim").pk])
    with pytest.raises(NotPermitted):
        services.plan_meeting(
            case=table.case, purpose=Purpose.FIRST, when=WHEN, posts=[table.lead], people=[],
            by=actor_of(table.cara), at=AT,
        )  # fmt: skip
    assert not Meeting.objects.exists()


def test_a_meeting_moves_and_is_cancelled(table: Table) -> None:
    meeting, by = plan(table), actor_of(table.amira)
    with refused("CO-1"):
        services.move_meeting(meeting=meeting, when=WHEN, version=meeting.version + 1, by=by, at=AT)
    later = replace(WHEN, starts_at=AT + 3 * DAY)
    services.move_meeting(meeting=meeting, when=later, version=meeting.version, by=by, at=AT)
    assert (meeting.times_changed, meeting.starts_at) == (1, AT + 3 * DAY)
    assert OutboxMessage.objects.filter(to=table.cara.email, subject__startswith="A meeting has moved").count() == 1
    with refused("CW-10"):
        services.cancel_meeting(meeting=meeting, reason=" ", by=by, at=AT)
    services.cancel_meeting(meeting=meeting, reason="Nobody can come.", by=by, at=AT)
    with refused("CW-225"):
        services.cancel_meeting(meeting=meeting, reason="Again.", by=by, at=AT)
    with refused("CW-225"):
        hold(table, meeting, table.lead)


def test_minutes_are_written_and_the_clock_is_set(table: Table) -> None:
    meeting = plan(table)
    place = meeting.places.get(post=table.teacher)
    with pytest.raises(NotPermitted):
        services.send_apologies(place=place, words="", by=actor_of(table.amira), at=AT)
    services.send_apologies(place=place, words="92 per cent", by=actor_of(table.cara), at=AT)
    with refused("CW-224"):
        services.write_minutes(
            meeting=meeting, minutes=Minutes(present={table.lead.pk}, text="Early."), version=meeting.version,
            by=actor_of(table.amira), at=AT,
        )  # fmt: skip
    at = AT + 2 * DAY
    by = actor_of(table.amira, at)
    said = Minutes(
        present={table.lead.pk, table.mother.pk, table.child.pk},  # Rowan came without being asked
        text="Rowan sleeps better.",
        decided=["Breakfast club from Monday."],
        actions=[Undertaking("Ring the club", (at + DAY).date(), post_id=table.lead.pk)],
        has_changed_the_work=True,
    )
    version = meeting.version
    with refused("CW-226"):
        services.write_minutes(meeting=meeting, minutes=replace(said, present=()), version=version, by=by, at=at)
    with refused("CW-227"):
        too_late = replace(said, next_review_on=(AT + 44 * DAY).date())
        services.write_minutes(meeting=meeting, minutes=too_late, version=version, by=by, at=at)
    with refused("CW-230"):
        unasked = replace(said, actions=[Undertaking("Dance", at.date(), post_id=make_post()[1].pk)])
        services.write_minutes(meeting=meeting, minutes=unasked, version=version, by=by, at=at)
    with refused("CW-229"):
        past = replace(said, actions=[Undertaking("Dance", AT.date(), post_id=table.lead.pk)])
        services.write_minutes(meeting=meeting, minutes=past, version=version, by=by, at=at)
    assert Meeting.objects.get().state == "planned"
    meeting.refresh_from_db()
    services.write_minutes(meeting=meeting, minutes=said, version=meeting.version, by=by, at=at)
    table.case.refresh_from_db()
    assert table.case.review_due_on == (AT + 43 * DAY).date()  # six weeks after the meeting, not after the writing
    _, seen = queries.meeting(by, table.case.pk, meeting.pk, purpose="test")
    assert {each.name.split()[0]: each.presence for each in seen.seats} == {
        "Amira": "present", "Cara": "apologies", "Alex": "present", "Sam": "absent", "Rowan": "present",
    }  # fmt: skip
    assert [each.words for each in seen.decisions] == ["Breakfast club from Monday."]
    assert [(each.words, each.owner) for each in queries.case(by, table.case.pk, purpose="test").actions] == [
        ("Ring the club", "Amira")
    ]
    services.agree_minutes(meeting=meeting, version=meeting.version, by=by, at=at)
    with refused("CW-225"):
        services.write_minutes(meeting=meeting, minutes=said, version=meeting.version, by=by, at=at)


def test_two_who_write_minutes_keep_both_texts(table: Table) -> None:
    meeting = plan(table)
    at = AT + 2 * DAY
    seen_by_both = meeting.version
    first = Minutes(present={table.lead.pk}, text="What Amira heard.")
    second = Minutes(present={table.lead.pk}, text="What Cara heard.")
    services.write_minutes(meeting=meeting, minutes=first, version=seen_by_both, by=actor_of(table.amira, at), at=at)
    with pytest.raises(Stale) as stale:
        services.write_minutes(
            meeting=meeting, minutes=second, version=seen_by_both, by=actor_of(table.cara, at), at=at
        )
    assert stale.value.extra == {"theirs": {"text": "What Amira heard."}, "yours": {"text": "What Cara heard."}}
    assert stale.value.sentence.startswith("Amira")
    assert Meeting.objects.get().minutes == "What Amira heard."
    meeting.refresh_from_db()
    together = replace(second, text="What Amira heard. What Cara heard.")
    services.write_minutes(
        meeting=meeting, minutes=together, version=meeting.version, by=actor_of(table.cara, at), at=at
    )
    assert Meeting.objects.get().minutes == "What Amira heard. What Cara heard."


def test_an_action_ends_once(table: Table) -> None:
    meeting, at = plan(table), AT + 2 * DAY
    said = Minutes(
        present={table.lead.pk, table.teacher.pk}, text="We met.",
        actions=[Undertaking("Ring", at.date(), post_id=table.teacher.pk), Undertaking("Ask", at.date(), person_id=table.mother.pk)],
    )  # fmt: skip
    services.write_minutes(meeting=meeting, minutes=said, version=meeting.version, by=actor_of(table.amira, at), at=at)
    ring, ask = MeetingAction.objects.order_by("words")[1], MeetingAction.objects.order_by("words")[0]
    week = queries.this_week(actor_of(table.cara, at))
    assert [(each.kind, each.words, each.child) for each in week.items] == [("action", "Ring", "Rowan Testerfield")]
    with pytest.raises(NotPermitted):
        services.end_action(action=ask, is_done=True, words="", by=actor_of(table.cara, at), at=at)
    services.end_action(action=ring, is_done=True, words="", by=actor_of(table.cara, at), at=at)
    with refused("CW-228"):
        services.end_action(action=ring, is_done=True, words="", by=actor_of(table.amira, at), at=at)
    with refused("CW-10"):
        services.end_action(action=ask, is_done=False, words="", by=actor_of(table.amira, at), at=at)
    services.end_action(action=ask, is_done=False, words="She has moved.", by=actor_of(table.amira, at), at=at)
    assert queries.this_week(actor_of(table.cara, at)).items == ()


def test_who_sees_a_meeting(table: Table) -> None:
    meeting = plan(table)
    ben, _ = make_post(team=make_team(code="SOUTH"), name="Ben")
    for account in (table.amira, table.cara, table.nia):
        assert queries.meeting(actor_of(account), table.case.pk, meeting.pk, purpose="test")[1].reference
    with pytest.raises(NotVisible):
        queries.meeting(actor_of(ben), table.case.pk, meeting.pk, purpose="test")
    other = make_case(
        team=table.case.team, lead=table.lead, family=make_family((make_person(given_name="Kim"), "child"))
    )
    with pytest.raises(NotVisible):  # the meeting is not one of that case
        queries.meeting(actor_of(table.amira), other.pk, meeting.pk, purpose="test")


def test_continuity_and_drift_of_a_case_and_its_team(table: Table) -> None:
    first = plan(table, purpose=Purpose.FIRST)
    hold(table, first, table.lead, table.teacher, table.mother, has_changed=True)
    for week in (5, 10):
        review = plan(table, when=replace(WHEN, starts_at=AT + week * 7 * DAY))
        hold(table, review, table.lead, table.mother, *([table.father] if week == 10 else []))
    at = AT + 80 * DAY
    by = actor_of(table.nia, at)
    frame = queries.case_frame(by, table.case.pk, purpose="test")
    found = queries.continuity_of_case(by, frame)
    assert (found.came_back, found.came) == (4, 5)
    board = queries.board(by)[0]
    assert board.continuity == found
    assert [row.continuity.percent for row in queries.meetings_of(by, frame)] == [67, 100, None]
    counts = {each.name: each.n for each in board.counts}
    assert counts["drift"] == 0
    assert not is_drifting(table.case.opened_at, [False, False], at)
    third = plan(table, when=replace(WHEN, starts_at=AT + 75 * DAY))
    hold(table, third, table.lead)
    assert is_drifting(table.case.opened_at, [False, False, False], at)
    drifting = queries.LISTS["drift"].narrow
    assert [row.id for row in queries.cases(by, narrow=drifting).rows] == [table.case.pk]
    fourth = plan(table, when=replace(WHEN, starts_at=AT + 78 * DAY))
    hold(table, fourth, table.lead, has_changed=True)
    assert queries.cases(by, narrow=drifting).rows == ()
    old = actor_of(table.nia, AT + 366 * DAY)
    assert [row.id for row in queries.cases(old, narrow=drifting).rows] == [table.case.pk]


def test_the_database_counts_continuity_as_the_pure_function_does(table: Table) -> None:
    faces = {"l": table.lead, "t": table.teacher, "m": table.mother, "f": table.father}
    held = ["lt", "ltm", "mf", "m", "ltf", "ltf"]
    for week, came in enumerate(held):
        hold(
            table, plan(table, when=replace(WHEN, starts_at=AT + (week + 1) * 7 * DAY)), *(faces[each] for each in came)
        )
    by = actor_of(table.nia, AT + 80 * DAY)
    found = queries.continuity_of_case(by, queries.case_frame(by, table.case.pk, purpose="test"))
    assert found == continuity_of([frozenset(each) for each in held]) == Continuity(7, 12)


def test_the_numbers_of_the_board_are_those_of_its_lists(table: Table) -> None:
    make_case(team=table.case.team, family=make_family((make_person(given_name="Kim"), "child")))
    for days in (0, 36, 43, 400):
        by = actor_of(table.nia, AT + days * DAY)
        board = queries.board(by)[0]
        for each in board.counts:
            rows = queries.cases(by, narrow=queries.LISTS[each.name].narrow).rows
            assert len(rows) == each.n, (days, each.name)
        assert [(each.name, each.leads) for each in board.caseloads] == [("Amira", 1)]
    with pytest.raises(NotPermitted):
        queries.board(actor_of(table.amira))


def test_my_cases_are_on_the_first_page(table: Table) -> None:
    assert [(each.id, each.child) for each in queries.own_cases(actor_of(table.amira))] == [
        (table.case.pk, "Rowan Testerfield")
    ]
    assert [each.id for each in queries.own_cases(actor_of(table.cara))] == [
        table.case.pk
    ]  # in the team around the child
    ben, _ = make_post(team=make_team(code="SOUTH"))
    assert queries.own_cases(actor_of(ben)) == ()
