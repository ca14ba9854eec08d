"""The children and young people’s plan: its rules and moves as truth tables, what is written and refused, what a board’s decision
carries out and what it does not, and who reads what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from joinedup.access.actor import Actor, public, system
from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, Refused
from joinedup.governance import services
from joinedup.governance.agenda import Asking, due_for
from joinedup.governance.lifecycle import PLAN_LABELS, PLAN_MOVES, PlanState
from joinedup.governance.models import AdoptedPlan, ChildrenPlan, Decision, EffectRefused
from joinedup.governance.plan_codes import ONE_OF, PARTS
from joinedup.governance.plan_content import changes, names_somebody, shown_number, stable, turnout_words
from joinedup.governance.plan_states import colour_of
from joinedup.governance.queries import plan_reading
from joinedup.governance.queries import plans as queries
from joinedup.governance.queries.plan_evidence import plan_counts
from joinedup.governance.services import ItemSaid, PlanSaid
from joinedup.governance.tests.factories import BEGAN, EVERYBODY, Table, make_meeting, make_person, make_table, said_for
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT

TODAY = AT.date()
ENDS = date(TODAY.year + 3, 3, 31)


# --- Pure.


def test_a_plan_moves_by_its_table_alone() -> None:
    """Only what is proposed is adopted, only what is adopted is superseded; superseded and withdrawn are the end."""
    assert {start for start, ends in PLAN_MOVES.items() if PlanState.ADOPTED in ends} == {PlanState.PROPOSED}
    assert {start for start, ends in PLAN_MOVES.items() if PlanState.SUPERSEDED in ends} == {PlanState.ADOPTED}
    assert {start for start, ends in PLAN_MOVES.items() if PlanState.PROPOSED in ends} == {PlanState.CONSULTATION}
    assert not PLAN_MOVES[PlanState.SUPERSEDED] | PLAN_MOVES[PlanState.WITHDRAWN]
    assert set(PLAN_MOVES) == set(PLAN_LABELS)
    assert list(PARTS) == list(ONE_OF) == list(queries.MODELS)


@pytest.mark.parametrize(
    ("state", "days", "colour"),
    [
        ("not_begun", 1, "amber"), ("not_begun", 0, "amber"), ("not_begun", -1, "red"), ("on_course", 0, "green"),
        ("on_course", -1, "red"), ("behind", 9, "amber"), ("behind", -1, "red"), ("done", -99, "green"), ("stopped", -99, "grey"),
    ],
)  # fmt: skip
def test_the_colour_of_an_action(state: str, days: int, colour: str) -> None:
    assert colour_of(state, TODAY + timedelta(days=days), TODAY) == colour


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to anna@example.org", True), ("Ring 01632 960 000", True), ("Born on 3/4/2015", True), ("Six of 120 answered", False),
        ("In 2026/27 more places", False), ("", False),
    ],
)  # fmt: skip
def test_what_leads_to_one_person_is_noticed(text: str, found: bool) -> None:
    assert names_somebody(text) is found


def test_small_numbers_of_people_are_held_back() -> None:
    assert [shown_number(each, 6) for each in (0, 1, 5, 6, 1200)] == ["0", "fewer than 6", "fewer than 6", "6", "1,200"]
    groups = [{"words": "Children", "asked": 40, "answered": 37}, {"words": "Parents", "asked": 400, "answered": 100}]
    assert turnout_words(groups, 6) == [("Children", "40", "nearly all"), ("Parents", "400", "100")]
    assert stable({"a": [{"live": 1, "b": 2}], "live": 3}) == {"a": [{"b": 2}]}


# --- With PostgreSQL.


def refused(call: Any, **said: Any) -> str:
    with pytest.raises(Refused) as found:
        call(**{"at": AT, **said})
    return found.value.rule


def said_of(table: Table, **more: Any) -> PlanSaid:
    plain: dict[str, Any] = {
        "title": "Growing up well", "framework": "own", "starts_on": TODAY - timedelta(days=30), "ends_on": ENDS,
        "partners": [table.organisations["COUNCIL"], table.organisations["NHS"]],
    }  # fmt: skip
    return PlanSaid(**(plain | more))


def written(table: Table, *, without: str = "", answered: int = 30, **more: Any) -> ChildrenPlan:
    """A plan in consultation with one of everything but what is left out."""
    by = table.officer
    plan = services.begin_plan(board=table.board, said=said_of(table, **more), by=by, at=AT)
    services.consult_on_plan(plan=plan, by=by, at=AT)
    whole = {"plan": plan, "by": by, "at": AT}
    need = services.write_need(said=services.NeedSaid("To be heard", "", "", "One in four", "A survey", TODAY), **whole)
    owner = None if without == "owner" else Post.objects.get(account_id=by.account_id)
    priority = services.write_priority(said=services.PrioritySaid("Listen first", "", owner, [need]), **whole)
    if without != "outcome":
        outcome = services.OutcomeSaid(
            priority, "More are heard", None, "Heard", None, "Share heard", "20%", "40%", ENDS
        )
        services.write_outcome(said=replace(outcome, target="") if without == "measure" else outcome, **whole)
    action = services.PlanActionSaid(
        priority, "Ask every year", owner, "Lead", table.organisations["COUNCIL"], TODAY + timedelta(days=20)
    )
    services.write_action(said=action, **whole)
    services.write_money(said=services.MoneySaid(priority, None, 12_000_00, "The schools’ own budgets"), **whole)
    services.write_alignment(said=services.AlignmentSaid("Health plan", "The board", "It feeds it."), **whole)
    group = "parents" if without == "children" else "children"
    round_ = services.write_round(
        said=services.RoundSaid("Big ask", "In schools", TODAY - timedelta(days=9), TODAY, {group: (40, answered)}),
        **whole,
    )
    answer = services.ThemeSaid(round_, group, "We want to be asked", "did", "We ask every year", priority)
    services.write_theme(said=replace(answer, answer="open", words="") if without == "answer" else answer, **whole)
    return plan


def waiting(table: Table, plan: ChildrenPlan) -> ItemSaid:
    return ItemSaid("decision", "Adopt it", matter_kind="adopt_plan", matter_id=plan.pk)


def decided(table: Table, plan: ChildrenPlan) -> Decision:
    item = make_meeting(table, waiting(table, plan), there=EVERYBODY).items.get(position=1)
    return services.record_decision(item=item, said=said_for(table), by=table.chair, at=AT)


def empower(table: Table) -> None:
    services.give_power(
        board=table.board,
        kind="adopt_plan",
        limit_pence=None,
        source="Minute 3",
        starts_on=BEGAN,
        by=table.officer,
        at=AT,
    )


def approve(table: Table, made: Decision, code: str, agrees: bool = True) -> None:
    services.record_approval(
        organisation=table.organisations[code], decision=made, agrees=agrees, body="Cabinet", approved_on=TODAY, minute="17",
        by=table.chiefs[code], at=AT,
    )  # fmt: skip


def adopted(table: Table) -> ChildrenPlan:
    empower(table)
    plan = written(table)
    services.propose_plan(plan=plan, by=table.officer, at=AT)
    made = decided(table, plan)
    for code in ("COUNCIL", "NHS"):
        approve(table, made, code)
    plan.refresh_from_db()
    return plan


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("without", "rule"),
    [("children", "GV-620"), ("outcome", "GV-621"), ("measure", "GV-621"), ("owner", "GV-621"), ("answer", "GV-625")],
)
def test_what_is_not_proposed(without: str, rule: str) -> None:
    table = make_table()
    plan = written(table, without=without)
    assert refused(services.propose_plan, plan=plan, by=table.officer) == rule
    plan.refresh_from_db()
    assert plan.state == "consultation"


@pytest.mark.django_db
def test_a_board_adopts_it_when_every_partner_has_agreed_and_not_before() -> None:
    table = make_table()
    empower(table)
    plan = written(table)
    services.propose_plan(plan=plan, by=table.officer, at=AT)
    need = plan.needs.get()
    assert (
        refused(
            services.write_need,
            plan=plan,
            said=services.NeedSaid("Else", "", "", "One", "A survey", TODAY),
            need=need,
            version=1,
            by=table.officer,
        )
        == "GV-605"
    )
    made = decided(table, plan)
    approve(table, made, "COUNCIL")
    plan.refresh_from_db()
    assert (plan.state, AdoptedPlan.objects.count(), plan_reading.public_plan(public(AT))) == ("proposed", 0, None)
    approve(table, made, "NHS")
    plan.refresh_from_db()
    frozen = AdoptedPlan.objects.get()
    assert (plan.state, frozen.decision_id, plan_reading.is_intact(frozen)) == ("adopted", made.pk, True)
    with pytest.raises(DatabaseError), transaction.atomic():
        AdoptedPlan.objects.update(digest="0" * 64)
    counts = plan_counts(table.officer, on=TODAY)
    assert counts is not None
    assert (counts.actions, counts.on_course, counts.other_plans, counts.children_answered) == (1, 0, 1, 30)


@pytest.mark.django_db
def test_what_a_decision_does_not_carry_out() -> None:
    """Out of power it is not taken; what is in force meanwhile, or a partner that refuses, leaves the plan as it was."""
    table = make_table()
    plan = written(table)
    services.propose_plan(plan=plan, by=table.officer, at=AT)
    item = make_meeting(table, waiting(table, plan), there=EVERYBODY).items.get(position=1)
    assert refused(services.record_decision, item=item, said=said_for(table), by=table.chair) == "GV-303"
    empower(table)
    made = services.record_decision(item=item, said=said_for(table), by=table.chair, at=AT)
    other = ChildrenPlan.objects.create(
        reference="CP-OTHER", title="The one in force", board=table.board, state="adopted", framework="own",
        starts_on=TODAY, ends_on=ENDS, begun_at=AT,
    )  # fmt: skip
    for code in ("COUNCIL", "NHS"):
        approve(table, made, code)
    plan.refresh_from_db()
    assert (plan.state, EffectRefused.objects.get(decision=made).rule) == ("proposed", "GV-623")
    ChildrenPlan.objects.filter(pk=plan.pk).update(supersedes=other)
    services.carry_out_decision(decision=made, by=table.chair, at=AT)
    other.refresh_from_db()
    plan.refresh_from_db()
    assert (plan.state, other.state) == ("adopted", "superseded")


@pytest.mark.django_db
def test_who_writes_reads_and_reports() -> None:
    table = make_table()
    plan = adopted(table)
    finance, commissioner = (
        table.chiefs["NHS"],
        make_person(Role.COMMISSIONER, table.organisations["COUNCIL"], "Connie Testneeds"),
    )
    for person in (finance, commissioner):
        with pytest.raises(NotPermitted):
            services.begin_plan(board=table.board, said=said_of(table), by=person, at=AT)
    action = queries.action_for(table.officer, plan_reading.actions_of(table.officer, plan)[0].row.pk)
    report = {"action": action, "state": "behind", "words": "Not every school was asked."}
    with pytest.raises(NotPermitted):
        services.report_plan_action(**report, by=finance, at=AT)
    assert refused(services.report_plan_action, **(report | {"words": "Ask a@b.org"}), by=commissioner) == "GV-636"
    services.report_plan_action(**report, by=commissioner, at=AT)
    seen = plan_reading.progress_page(table.officer, plan.pk, "amber")
    assert [(each.colour, each.said) for each in seen.actions] == [("amber", "Not every school was asked.")]
    later = AT + timedelta(days=120)
    due = due_for(system(later), Asking(table.board.pk, frozenset({"adopt_plan"}), later.date()))
    assert {each.matter_kind for each in due} == {"plan_action", "plan_progress"}


@pytest.mark.django_db
def test_the_next_plan_begins_with_the_last_and_says_what_changed() -> None:
    table = make_table()
    plan = adopted(table)
    said = said_of(
        table,
        title="Growing up well, next",
        starts_on=ENDS + timedelta(days=1),
        ends_on=ENDS + timedelta(days=900),
        supersedes=plan,
    )
    made = services.begin_plan(board=table.board, said=said, begins_from=plan, by=table.officer, at=AT)
    assert refused(services.begin_plan, board=table.board, said=said, by=table.officer) == "GV-604"
    content = queries.content_of(table.officer, made)
    assert [each["title"] for each in content["priorities"]] == ["Listen first"]
    assert (content["consultations"], content["priorities"][0]["money"]) == ([], [])
    services.write_alignment(
        plan=made, said=services.AlignmentSaid("Housing plan", "Housing", "Homes."), by=table.officer, at=AT
    )
    _, last, found = plan_reading.changes_since(table.officer, made.pk)
    assert last is not None
    assert ("Other plan", "Housing plan", "New") in {(each.part, each.name, each.what) for each in found}
    assert changes(content, content) == []


def _client(who: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=who.account_id))
    return client


@pytest.mark.django_db
def test_the_pages_and_what_everybody_reads() -> None:
    table = make_table()
    empty = Client().get(reverse("public_plan")).content.decode()
    assert "There is no plan yet" in empty
    plan = adopted(table)
    client = _client(table.officer)
    for name in ("children_plan", "children_plan_progress", "children_plan_document", "children_plan_changes"):
        assert client.get(reverse(name, args=[plan.pk])).status_code == 200, name
    assert client.get(reverse("plans")).status_code == 200
    for part in PARTS:
        assert client.get(reverse("plan_section", args=[plan.pk, part])).status_code == 200, part
    for kind in ("pdf", "docx"):
        assert len(client.get(reverse("children_plan_file", args=[plan.pk, kind])).content) > 2000
    read = Client().get(reverse("public_plan")).content.decode()
    for words in ("Growing up well", "We want to be asked", "We ask every year", "Listen first", "Governance officer"):
        assert words in read
    assert "Gale Testminute" not in read
    nxt = services.begin_plan(
        board=table.board, said=said_of(table, starts_on=ENDS + timedelta(days=1), ends_on=ENDS + timedelta(days=900)),
        begins_from=plan, by=table.officer, at=AT,
    )  # fmt: skip
    for part in PARTS:
        assert client.get(reverse("plan_part_new", args=[nxt.pk, part])).status_code == 200, part
    for part in ("needs", "priorities", "outcomes", "actions", "other-plans"):
        row = queries.MODELS[part].objects.order_by("-pk").first()
        assert client.get(reverse("plan_part", args=[part, row.pk])).status_code == 200, part
    sent = client.post(
        reverse("plan_part_new", args=[nxt.pk, "other-plans"]),
        {"name": "Safer streets", "body": "Police", "words": "Both."},
        follow=True,
    )
    assert "Safer streets" in sent.content.decode()


@pytest.mark.django_db
def test_a_part_is_taken_out_unless_something_hangs_on_it() -> None:
    table = make_table()
    plan = written(table)
    asked, theme = plan.consultations.get(), plan.consultations.get().themes.get()
    take = {"plan": plan, "by": table.officer, "at": AT}
    assert refused(services.remove_part, part="consultations", row=asked, **take) == "GV-638"
    assert asked.groups.count() == 1
    services.remove_part(part="themes", row=theme, **take)
    services.remove_part(part="consultations", row=asked, **take)
    assert queries.content_of(table.officer, plan)["consultations"] == []
