from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from joinedup.access import audit
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.casework import queries, services
from joinedup.casework.lifecycle import CaseState
from joinedup.casework.models import Case, CaseMember, CaseTransition
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.chronology.models import Event
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.person_index.models import Person
from tests.support.statements import statements_of

pytestmark = pytest.mark.django_db


def refused(rule: str):
    return pytest.raises(Refused, check=lambda refusal: refusal.rule == rule)


def test_a_family_has_one_open_case() -> None:
    team = make_team(code="NORTH")
    case = make_case(team=team)
    assert case.state == CaseState.WAITING_FOR_LEAD
    assert Event.objects.filter(kind="casework.case_opened", family_id=case.family_id).exists()
    with refused("CW-1"):
        make_case(team=team, family=case.family)
    manager, _ = make_post(role=Role.TEAM_MANAGER, team=team)
    closed = services.close_case(
        case=case, code="RC7", reason="All outcomes met.", version=case.version, by=actor_of(manager), at=AT
    )
    assert closed.closed_at == AT
    assert make_case(team=team, family=case.family).pk != case.pk


def test_a_case_is_about_a_child() -> None:
    adult = make_person(given_name="Ash")
    with refused("CW-2"):
        make_case(team=make_team(), family=make_family((adult, "parent")))


def test_naming_and_changing_the_lead_professional() -> None:
    team = make_team(code="NORTH")
    manager, _ = make_post(role=Role.TEAM_MANAGER, team=team)
    amira, lead = make_post(team=team, name="Amira Testerly")
    _, second = make_post(team=team)
    case = make_case(team=team)
    by = actor_of(manager)
    services.name_lead_professional(case=case, post=lead, reason="", by=by, at=AT)
    assert (case.state, case.lead_professional) == (CaseState.OPEN, lead)
    assert queries.case(actor_of(amira), case.pk, purpose="test").lead_professional == "Amira Testerly"
    with refused("CW-6"):
        services.name_lead_professional(case=case, post=lead, reason="again", by=by, at=AT)
    with refused("CW-201"):
        services.name_lead_professional(case=case, post=second, reason="Amira moves on.", by=by, at=AT)
    moves = list(CaseTransition.objects.filter(case=case).order_by("pk").values_list("start", "end"))
    assert moves == [("", "waiting_for_lead"), ("waiting_for_lead", "open")]


def test_who_may_be_named_and_by_whom() -> None:
    team, other = make_team(code="NORTH"), make_team(code="SOUTH")
    manager, manager_post = make_post(role=Role.TEAM_MANAGER, team=team)
    stranger, _ = make_post(role=Role.TEAM_MANAGER, team=other)
    _, outside = make_post(team=other)
    _, ended_post = make_post(team=team, ends_at=AT)
    case = make_case(team=team)
    by = actor_of(manager)
    for post, rule in ((outside, "CW-3"), (manager_post, "CW-3"), (ended_post, "CW-4")):
        with refused(rule):
            services.name_lead_professional(case=case, post=post, reason="", by=by, at=AT)
    with pytest.raises(NotPermitted):
        services.name_lead_professional(case=case, post=outside, reason="", by=actor_of(stranger), at=AT)
    assert AuditEvent.objects.filter(kind="refusal", action="casework.name_lead_professional").count() == 4
    case.refresh_from_db()
    assert case.lead_professional is None


def test_who_sees_a_case() -> None:
    """Amira is in the team around the child; Ben is in another team, Cara in another partner, Dev outside."""
    north, south = make_team(code="NORTH"), make_team(code="SOUTH")
    amira, lead = make_post(team=north, name="Amira")
    colleague, _ = make_post(team=north, name="Colleague in the same team")
    ben, _ = make_post(team=south, name="Ben")
    school = make_organisation(code="SCHOOL", name="Testerfield School", kind="school")
    cara, cara_post = make_post(role=Role.REFERRER, host=school, employer=school, name="Cara")
    dev, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR, name="Dev")
    manager, _ = make_post(role=Role.TEAM_MANAGER, team=north, name="Manager")
    other_manager, _ = make_post(role=Role.TEAM_MANAGER, team=south, name="Other manager")
    case = make_case(team=north, lead=lead)
    person_id = case.people.get().person_id
    seeing = {
        account.name: (
            Case.objects.visible_to(actor_of(account)).exists(),
            Person.objects.visible_to(actor_of(account)).filter(pk=person_id).exists(),
        )
        for account in (amira, colleague, ben, cara, dev, manager, other_manager)
    }
    assert {name for name, seen in seeing.items() if seen == (True, True)} == {"Amira", "Manager"}
    assert {seen for name, seen in seeing.items() if name not in {"Amira", "Manager"}} == {(False, False)}
    with pytest.raises(NotVisible):
        queries.case(actor_of(ben), case.pk, purpose="test")
    # Somebody of another partner joins the team around the child, and leaves it again.
    services.add_member(case=case, post=cara_post, by=actor_of(amira), at=AT)
    assert queries.case(actor_of(cara), case.pk, purpose="test").reference == case.reference
    assert Person.objects.visible_to(actor_of(cara)).filter(pk=person_id).exists()


def test_seeing_ends_at_the_minute_the_place_ends() -> None:
    team = make_team(code="NORTH")
    amira, lead = make_post(team=team)
    ben, place = make_post(team=team)
    case = make_case(team=team, lead=lead)
    member = services.add_member(case=case, post=place, by=actor_of(amira), at=AT)
    leaving = AT + timedelta(hours=2)
    services.remove_member(member=member, reason="Work done.", by=actor_of(amira, leaving), at=leaving)
    before, then = leaving - timedelta(minutes=1), leaving
    assert Case.objects.visible_to(actor_of(ben, before)).exists()
    assert not Case.objects.visible_to(actor_of(ben, then)).exists()
    assert not Person.objects.visible_to(actor_of(ben, then)).exists()
    assert Person.objects.visible_to(actor_of(amira, then)).exists()


def test_a_post_that_ends_takes_the_case_with_it() -> None:
    team = make_team(code="NORTH")
    amira, lead = make_post(team=team, ends_at=AT + timedelta(hours=1))
    make_case(team=team, lead=lead)
    assert Case.objects.visible_to(actor_of(amira, AT + timedelta(minutes=59))).exists()
    assert not Case.objects.visible_to(actor_of(amira, AT + timedelta(minutes=60))).exists()


def test_members_come_and_go() -> None:
    team = make_team(code="NORTH")
    amira, lead = make_post(team=team)
    ben, place = make_post(team=team)
    _, ended = make_post(team=team, ends_at=AT)
    case = make_case(team=team, lead=lead)
    by = actor_of(amira)
    with pytest.raises(NotPermitted):
        services.add_member(case=case, post=place, by=actor_of(ben), at=AT)
    with refused("CW-4"):
        services.add_member(case=case, post=ended, by=by, at=AT)
    member = services.add_member(case=case, post=place, by=by, at=AT)
    with refused("CW-7"):
        services.add_member(case=case, post=place, by=by, at=AT)
    with refused("CW-10"):
        services.remove_member(member=member, reason="", by=by, at=AT)
    services.remove_member(member=member, reason="Work done.", by=by, at=AT)
    with refused("CW-9"):
        services.remove_member(member=member, reason="Again.", by=by, at=AT)
    with refused("CW-8"):
        services.remove_member(member=CaseMember.objects.get(post=lead), reason="Away.", by=by, at=AT)
    seen = queries.case(by, case.pk, purpose="test")
    assert [each.post_id for each in seen.team.members] == [lead.pk]
    assert [each.post_id for each in seen.team.left] == [place.pk]


def test_closing_ends_every_place() -> None:
    team = make_team(code="NORTH")
    manager, _ = make_post(role=Role.TEAM_MANAGER, team=team)
    amira, lead = make_post(team=team)
    case = make_case(team=team, lead=lead)
    by = actor_of(manager)
    with refused("CW-10"):
        services.close_case(case=case, code="RC7", reason="", version=case.version, by=by, at=AT)
    with refused("CO-1"):
        services.close_case(case=case, code="RC7", reason="Done.", version=case.version + 1, by=by, at=AT)
    with pytest.raises(NotPermitted):
        services.close_case(case=case, code="RC7", reason="Done.", version=case.version, by=actor_of(amira), at=AT)
    services.close_case(case=case, code="RC7", reason="Done.", version=case.version, by=by, at=AT)
    assert not Case.objects.visible_to(actor_of(amira)).exists()
    assert queries.case(by, case.pk, purpose="test").may == frozenset()
    with refused("CW-11"):
        services.add_member(case=case, post=lead, by=by, at=AT)


def test_nothing_is_saved_when_the_audit_row_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team(code="NORTH")
    manager, _ = make_post(role=Role.TEAM_MANAGER, team=team)
    _, lead = make_post(team=team)
    case = make_case(team=team)

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        services.name_lead_professional(case=case, post=lead, reason="", by=actor_of(manager), at=AT)
    assert Case.objects.get(pk=case.pk).lead_professional is None
    assert not CaseMember.objects.exists()


def test_queries_stay_as_many_while_cases_grow() -> None:
    team = make_team(code="NORTH")
    manager, _ = make_post(role=Role.TEAM_MANAGER, team=team)
    _, lead = make_post(team=team)
    by = actor_of(manager)

    def count(call: object) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            call()  # type: ignore[operator]
        return statements_of(captured)

    first = make_case(team=team, lead=lead)
    few = count(lambda: queries.cases(by)), count(lambda: queries.case(by, first.pk, purpose="test"))
    for _ in range(5):
        sibling, child = make_person(given_name="Sam"), make_person(given_name="Kim")
        make_case(team=team, lead=lead, family=make_family((child, "child"), (sibling, "child")))
    many = count(lambda: queries.cases(by)), count(lambda: queries.case(by, first.pk, purpose="test"))
    assert few == many
    assert max(many) <= 14  # the overview names what is due next of eight kinds, each one statement


def test_the_list_goes_on_by_key() -> None:
    team = make_team(code="NORTH")
    manager, _ = make_post(role=Role.TEAM_MANAGER, team=team)
    made = [make_case(team=team, at=AT + timedelta(minutes=minute)).pk for minute in range(5)]
    by = actor_of(manager, AT + timedelta(hours=1))
    seen, after = [], None
    while True:
        page = queries.cases(by, after, size=2)
        seen += [row.id for row in page.rows]
        after = page.next_cursor
        if not after:
            break
    assert seen == made[::-1]
    assert page.counts == {"waiting_for_lead": 5, "open": 0, "closed": 0}
    assert [row.id for row in queries.cases(by, "nonsense", size=2).rows] == made[:2:-1]
    assert queries.cases(by, state="open").rows == ()
