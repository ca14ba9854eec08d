"""Statutory social work open for a child: who may lead, both ways, and the clock where whoever leads is no social worker."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from joinedup.access.actor import system
from joinedup.access.models import Account, AuditEvent
from joinedup.access.roles import Role
from joinedup.casework import queries, services
from joinedup.casework.models import Case, Plan, PlanChild, QualifiedLeadChased, StatutoryPlan
from joinedup.casework.planning import StatutorySaid
from joinedup.casework.queries.allocating import waiting_of_team
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.core.errors import Refused
from joinedup.core.models import OutboxMessage
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team

pytestmark = pytest.mark.django_db
TODAY = AT.date()
IN_NEED = StatutorySaid("child_in_need", TODAY, "Exampleshire Council", "In force")
DAY = timedelta(days=1)


def refused(rule: str):
    return pytest.raises(Refused, check=lambda refusal: refusal.rule == rule)


@pytest.fixture
def cast() -> dict[str, Any]:
    """Amira, no social worker, leads a family at level 3; Nia manages her team; Zadie of the team is a registered one."""
    team = make_team(name="North team")
    nia, _ = make_post(role=Role.TEAM_MANAGER, team=team, name="Nia Testnorth")
    amira, lead = make_post(team=team, name="Amira Testerly")
    ben, plain = make_post(team=team, name="Ben Testerson")
    zadie, qualified = make_post(team=team, name="Zadie Testward", is_registered_social_worker=True)
    rowan, wren = make_person(given_name="Rowan"), make_person(given_name="Wren")
    case = make_case(team=team, family=make_family((rowan, "child"), (wren, "child")), lead=lead)
    plan = services.open_plan(case=Case.objects.get(pk=case.pk), family_words="", by=actor_of(amira), at=AT)
    return {
        "case": Case.objects.get(pk=case.pk), "plan": plan, "team": team, "nia": actor_of(nia), "amira": actor_of(amira),
        "ben": actor_of(ben), "zadie": actor_of(zadie), "lead": lead, "plain": plain, "qualified": qualified, "rowan": rowan,
        "account": amira,
    }  # fmt: skip


def link(cast: dict[str, Any], said: StatutorySaid = IN_NEED, at: Any = AT) -> StatutoryPlan:
    section = cast["plan"].sections.get(person=cast["rowan"])
    plan = Plan.objects.get(pk=cast["plan"].pk)
    return services.link_statutory_plan(plan=plan, section_id=section.pk, said=said, by=cast["amira"], at=at)


def offer(cast: dict[str, Any], post: Any) -> Any:
    case = Case.objects.get(pk=cast["case"].pk)
    return services.propose_handover(case=case, post=post, reason="It changes.", by=cast["nia"], at=AT)


def flagged(cast: dict[str, Any], at: Any = AT) -> Any:
    return queries.case_frame(replace(cast["nia"], at=at), cast["case"].pk, purpose="test").qualified_lead


def choices(cast: dict[str, Any]) -> set[Any]:
    frame = queries.case_frame(cast["nia"], cast["case"].pk, purpose="test")
    return {each.post_id for each in queries.choices_to_lead(cast["nia"], frame)}


def test_an_offer_is_made_to_a_social_worker_while_it_is_open(cast: dict[str, Any]) -> None:
    assert choices(cast) == {cast["plain"].pk, cast["qualified"].pk}
    linked = link(cast)
    assert choices(cast) == {cast["qualified"].pk}
    with refused("CW-202"):
        offer(cast, cast["plain"])
    ended = replace(IN_NEED, starts_on=TODAY - DAY, ends_on=TODAY - DAY)
    services.read_statutory_plan(plan=cast["plan"], link_id=linked.pk, said=ended, version=1, by=cast["amira"], at=AT)
    assert choices(cast) == {cast["plain"].pk, cast["qualified"].pk}
    offer(cast, cast["plain"])


def test_what_was_offered_before_is_not_accepted_after(cast: dict[str, Any]) -> None:
    offered = offer(cast, cast["plain"])
    linked = link(cast)
    with refused("CW-202"):
        services.accept_handover(handover=offered, by=cast["ben"], at=AT)
    services.remove_item(plan=cast["plan"], kind="statutory", item_id=linked.pk, by=cast["amira"], at=AT)
    services.accept_handover(handover=offered, by=cast["ben"], at=AT)
    assert Case.objects.get(pk=cast["case"].pk).lead_professional == cast["plain"]


def test_naming_and_accepting_a_social_worker(cast: dict[str, Any]) -> None:
    link(cast, replace(IN_NEED, kind="child_protection"))
    services.take_duty(case=cast["case"], reason="Ill.", by=cast["nia"], at=AT)
    facts: dict[str, Any] = {"case": cast["case"], "reason": "", "by": cast["nia"], "at": AT}
    with refused("CW-202"):
        services.name_lead_professional(post=cast["plain"], **facts)
    assert flagged(cast).led_by == ""  # nobody leads: the clock goes on
    services.name_lead_professional(post=cast["qualified"], **facts)
    assert flagged(cast) is None


def test_a_step_down_goes_to_a_social_worker_while_it_is_open(cast: dict[str, Any]) -> None:
    south = make_team(name="South team")
    manager, _ = make_post(role=Role.TEAM_MANAGER, team=south)
    _, plain = make_post(team=south)
    _, qualified = make_post(team=south, is_registered_social_worker=True)
    link(cast)
    step = services.ask_step(case=cast["case"], to_level=2, to_team=south, reason="Better.", by=cast["amira"], at=AT)
    viewer = actor_of(manager)
    seen = queries.step_seen(viewer, step.pk, purpose="test")
    assert [each.post_id for each in queries.leads_for_step(viewer, seen)] == [qualified.pk]
    waiting = waiting_of_team(viewer, south.pk)
    assert [(each.needs_social_worker, each.suggested.post_id) for each in waiting] == [(True, qualified.pk)]
    with refused("CW-202"):
        services.accept_step(step=step, lead=plain, by=viewer, at=AT)
    step.refresh_from_db()
    services.accept_step(step=step, lead=qualified, by=viewer, at=AT)


@pytest.mark.parametrize("kind", ["education_health_care", "youth_justice", "pathway"])
def test_what_others_lead_asks_for_no_social_worker(cast: dict[str, Any], kind: str) -> None:
    link(cast, replace(IN_NEED, kind=kind))
    assert flagged(cast) is None
    offer(cast, cast["plain"])


@pytest.mark.parametrize(
    "said", [replace(IN_NEED, starts_on=TODAY + DAY), replace(IN_NEED, starts_on=TODAY - DAY, ends_on=TODAY - DAY)]
)
def test_what_has_not_begun_or_has_ended_does_not_count(cast: dict[str, Any], said: StatutorySaid) -> None:
    link(cast, said)
    assert flagged(cast) is None


def test_the_clock_starts_is_said_twice_and_ends(cast: dict[str, Any]) -> None:
    """Nothing breaks when it opens: Amira leads on, the case is flagged and on the manager's list, and the manager is told."""
    assert services.chase_qualified_leads(at=AT) == 0
    link(cast)
    clock = flagged(cast)
    assert (clock.led_by, clock.is_late, clock.due_at.date()) == ("Amira Testerly", False, TODAY + 2 * DAY)  # Friday
    board = queries.board(cast["nia"])[0]
    assert next(each.n for each in board.counts if each.name == "social-worker") == 1
    narrow = queries.LISTS["social-worker"].narrow
    assert [row.id for row in queries.cases(cast["nia"], narrow=narrow).rows] == [cast["case"].pk]
    late = AT + 5 * DAY
    said = [services.chase_qualified_leads(at=at) for at in (AT, AT, late, late)]
    assert said == [1, 0, 1, 0]
    assert flagged(cast, late).is_late
    told = OutboxMessage.objects.filter(subject__icontains="social worker is to lead")
    assert {each.subject for each in told} == {
        f"A social worker is to lead {cast['case'].reference}",
        f"Overdue: a social worker is to lead {cast['case'].reference}",
    }
    assert all("Rowan" not in each.body and "need" not in each.body for each in told)
    assert AuditEvent.objects.filter(action="casework.chase_qualified_lead").count() >= 2
    handed = offer(cast, cast["qualified"])
    services.accept_handover(handover=handed, by=cast["zadie"], at=AT)
    assert flagged(cast, late) is None
    assert queries.cases(cast["nia"], narrow=narrow).rows == ()
    assert QualifiedLeadChased.objects.count() == 2


def test_the_clock_is_not_said_while_there_is_nobody_to_say_it_to(cast: dict[str, Any]) -> None:
    link(cast)
    Account.objects.update(is_active=False)
    assert services.chase_qualified_leads(at=AT) == 0
    assert not QualifiedLeadChased.objects.exists()
    Account.objects.update(is_active=True)
    assert [services.chase_qualified_leads(at=AT), services.chase_qualified_leads(at=AT)] == [1, 0]


def test_a_closed_case_is_not_chased(cast: dict[str, Any]) -> None:
    link(cast)
    case = Case.objects.get(pk=cast["case"].pk)
    services.close_case(case=case, code="RC7", reason="Moved.", version=case.version, by=cast["nia"], at=AT)
    assert services.chase_qualified_leads(at=AT + 30 * DAY) == 0
    assert flagged(cast, AT + 30 * DAY) is None


def test_a_child_of_two_households_is_led_by_a_social_worker_in_both(cast: dict[str, Any]) -> None:
    """What stands in one plan is the child's: the other household's case asks for it too, and says not which plan it is."""
    other = make_case(team=cast["team"], family=make_family((cast["rowan"], "child")), lead=cast["plain"])
    case = Case.objects.get(pk=other.pk)
    plan = services.open_plan(case=case, family_words="", by=cast["ben"], at=AT)
    link(cast)
    clock = queries.case_frame(cast["nia"], other.pk, purpose="test").qualified_lead
    assert clock.led_by == "Ben Testerson"
    assert "need" not in clock.sentence
    section = PlanChild.objects.select_related("plan__case__lead_professional").get(plan=plan)
    with refused("CW-202"):
        services.lead_for_child(section=section, by=cast["nia"], at=AT)
    services.take_duty(case=case, reason="So.", by=cast["nia"], at=AT)
    services.name_lead_professional(case=case, post=cast["qualified"], reason="", by=cast["nia"], at=AT)
    section = PlanChild.objects.select_related("plan__case__lead_professional").get(plan=plan)
    services.lead_for_child(section=section, by=cast["nia"], at=AT)
    assert PlanChild.objects.get(pk=section.pk).leads


def test_the_page_says_it(cast: dict[str, Any], client: Client) -> None:
    link(cast)
    client.force_login(cast["account"])
    page = client.get(reverse("case", args=[cast["case"].pk])).content.decode()
    assert "Social worker to lead" in page
    assert "a registered social worker leads: Amira Testerly, who leads, is not one" in page
    assert "Registered social worker leads by" in page
    StatutoryPlan.objects.update(removed_at=AT)
    page = client.get(reverse("case", args=[cast["case"].pk])).content.decode()
    assert "ocial worker" not in page


def test_the_program_itself_is_asked_no_less(cast: dict[str, Any]) -> None:
    link(cast)
    with refused("CW-202"):
        services.propose_handover(
            case=Case.objects.get(pk=cast["case"].pk), post=cast["plain"], reason="So.", by=system(AT), at=AT
        )
