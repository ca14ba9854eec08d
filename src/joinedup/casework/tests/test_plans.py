"""The family's plan: one for a family, needs, outcomes, actions, two editors, undo, and a child of two households."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.casework import queries, services
from joinedup.casework.lifecycle import ActionState
from joinedup.casework.models import Case, CasePerson, Plan, PlanAction, PlanChange, PlanChild, PlanNeed, PlanOutcome
from joinedup.casework.planning import ActionSaid, NeedEnd, NeedSaid, OutcomeSaid, StatutorySaid
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.core.errors import NotPermitted, NotVisible, Refused, Stale
from joinedup.core.models import new_id
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.outcomes.models import Baseline, Measure

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def cast() -> dict[str, Any]:
    """Amira leads a family of two children; Nia manages her team; Ben is in another team; Kit of a charity is a member."""
    north, south = make_team(name="North team"), make_team(name="South team")
    nia, _ = make_post(role=Role.TEAM_MANAGER, team=north, name="Nia Testnorth")
    amira, lead = make_post(team=north, name="Amira Testerly", phone="01632 960 101")
    ben, ben_post = make_post(team=south, name="Ben Testerson", phone="01632 960 202")
    charity = make_organisation(code="CHARITY", kind="voluntary", name="Placeholder Trust")
    kit, kit_post = make_post(role=Role.REFERRER, host=charity, employer=charity, name="Kit Testhelp")
    rowan, wren = make_person(given_name="Rowan"), make_person(given_name="Wren")
    parent = make_person(given_name="Sorrel", birth_date=TODAY.replace(year=1990))
    case = make_case(team=north, family=make_family((rowan, "child"), (wren, "child"), (parent, "parent")), lead=lead)
    services.add_member(case=Case.objects.get(pk=case.pk), post=kit_post, by=system(AT), at=AT)
    return {
        "case": Case.objects.get(pk=case.pk), "nia": actor_of(nia), "amira": actor_of(amira), "ben": actor_of(ben),
        "kit": actor_of(kit), "lead": lead, "kit_post": kit_post, "rowan": rowan, "wren": wren, "parent": parent,
        "south": south, "ben_post": ben_post, "charity": charity,
    }  # fmt: skip


def _plan(cast: dict[str, Any]) -> Plan:
    return services.open_plan(case=cast["case"], family_words="We want quiet mornings.", by=cast["amira"], at=AT)


def _need(cast: dict[str, Any], plan: Plan, words: str = "Late for school most days") -> PlanNeed:
    return services.add_need(plan=plan, said=NeedSaid("N4", words), by=cast["amira"], at=AT)


def _outcome_said(**more: Any) -> OutcomeSaid:
    said: dict[str, Any] = {
        "words": "Rowan is at school on time", "measure_id": Measure.objects.get(code="ATTENDANCE").pk, "value": Decimal(71),
        "on": TODAY - timedelta(days=3), "target": Decimal(92), "target_on": TODAY + timedelta(days=60),
    }  # fmt: skip
    return OutcomeSaid(**(said | more))


def _outcome(cast: dict[str, Any], plan: Plan, need: PlanNeed) -> PlanOutcome:
    return services.add_outcome(plan=plan, need_id=need.pk, said=_outcome_said(), by=cast["amira"], at=AT)


def _action(cast: dict[str, Any], plan: Plan, outcome: PlanOutcome) -> PlanAction:
    said = ActionSaid("Walk to school together on Mondays", TODAY + timedelta(days=7), post_id=cast["kit_post"].pk)
    return services.add_action(plan=plan, outcome_id=outcome.pk, said=said, by=cast["kit"], at=AT)


def test_one_open_plan_for_a_family_even_for_the_database(cast: dict[str, Any]) -> None:
    plan = _plan(cast)
    with pytest.raises(Refused) as again:
        _plan(cast)
    assert again.value.rule == "CW-301"
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.create(
            reference="P-TWO", family_id=plan.family_id, case=plan.case, state="open", opened_at=AT, family_words=""
        )
    assert {each.person_id for each in plan.sections.all()} == {cast["rowan"].pk, cast["wren"].pk}
    assert all(each.leads for each in plan.sections.all())


def test_who_may_write_and_who_sees_nothing(cast: dict[str, Any]) -> None:
    plan = _plan(cast)
    services.add_need(plan=plan, said=NeedSaid("N4", "From the charity"), by=cast["kit"], at=AT)
    services.add_need(plan=plan, said=NeedSaid("N4", "From the manager"), by=cast["nia"], at=AT)
    with pytest.raises(NotPermitted):
        services.add_need(plan=plan, said=NeedSaid("N4", "From another team"), by=cast["ben"], at=AT)
    with pytest.raises(NotVisible):
        queries.plan_for_change(cast["ben"], cast["case"].pk)
    frame = queries.case_frame(cast["kit"], cast["case"].pk, purpose="test")
    seen = queries.plan_of(cast["kit"], frame)
    assert seen is not None
    assert {need.words for need in seen.needs} == {"From the charity", "From the manager"}
    assert seen.may == {"write", "review"}


@pytest.mark.parametrize(
    ("said", "rule"),
    [(NeedSaid("N99", "x"), "CW-303"), (NeedSaid("N4", "  "), "CW-304")],
)
def test_a_need_is_coded_and_said(cast: dict[str, Any], said: NeedSaid, rule: str) -> None:
    plan = _plan(cast)
    with pytest.raises(Refused) as refusal:
        services.add_need(plan=plan, said=said, by=cast["amira"], at=AT)
    assert refusal.value.rule == rule
    assert _need(cast, plan).code == "N4"


@pytest.mark.parametrize(
    ("more", "rule"),
    [({"words": " "}, "CW-305"), ({"on": TODAY + timedelta(days=1)}, "CW-306"), ({"target": Decimal(60)}, "CW-307"),
     ({"target_on": TODAY - timedelta(days=3)}, "CW-312"), ({"value": Decimal(101), "target": Decimal(102)}, "OC-1")],
)  # fmt: skip
def test_an_outcome_is_specific_and_measured(cast: dict[str, Any], more: dict[str, Any], rule: str) -> None:
    plan = _plan(cast)
    need = _need(cast, plan)
    with pytest.raises(Refused) as refusal:
        services.add_outcome(plan=plan, need_id=need.pk, said=_outcome_said(**more), by=cast["amira"], at=AT)
    assert refusal.value.rule == rule
    assert not PlanOutcome.objects.exists()
    outcome = _outcome(cast, plan, need)
    assert Baseline.objects.get(subject_id=str(outcome.pk)).value == Decimal(71)


def test_an_action_has_one_owner_who_can_do_it(cast: dict[str, Any]) -> None:
    plan = _plan(cast)
    outcome = _outcome(cast, plan, _need(cast, plan))
    due = TODAY + timedelta(days=7)
    stranger = make_person(given_name="Stranger")
    wrong = [
        (ActionSaid("Ring the school", due), "CW-309"),
        (ActionSaid("Ring", due, post_id=cast["lead"].pk, person_id=cast["parent"].pk), "CW-309"),
        (ActionSaid("Ring", due, person_id=stranger.pk), "CW-315"),
        (ActionSaid(" ", due, post_id=cast["lead"].pk), "CW-308"),
    ]
    for said, rule in wrong:
        with pytest.raises(Refused) as refusal:
            services.add_action(plan=plan, outcome_id=outcome.pk, said=said, by=cast["amira"], at=AT)
        assert refusal.value.rule == rule
    assert _action(cast, plan, outcome).agency_id == cast["charity"].pk
    family = ActionSaid("Lay the clothes out at night", due, person_id=cast["parent"].pk)
    assert services.add_action(plan=plan, outcome_id=outcome.pk, said=family, by=cast["amira"], at=AT).agency_id is None


def test_two_editors_keep_both_texts(cast: dict[str, Any]) -> None:
    plan = _plan(cast)
    need = _need(cast, plan)
    services.change_need(
        plan=plan, need_id=need.pk, said=NeedSaid("N4", "Amira’s words"), version=1, by=cast["amira"], at=AT
    )
    with pytest.raises(Stale) as stale:
        services.change_need(
            plan=plan, need_id=need.pk, said=NeedSaid("N5", "Kit’s words"), version=1, by=cast["kit"], at=AT
        )
    assert stale.value.extra["theirs"]["words"] == "Amira’s words"
    assert stale.value.extra["yours"]["words"] == "Kit’s words"
    assert "Amira Testerly" in stale.value.sentence
    need.refresh_from_db()
    assert (need.words, need.code, need.version) == ("Amira’s words", "N4", 2)
    services.change_need(
        plan=plan, need_id=need.pk, said=NeedSaid("N5", "Both together"), version=2, by=cast["kit"], at=AT
    )


def test_two_editors_of_the_family_words_and_of_an_action(cast: dict[str, Any]) -> None:
    plan = _plan(cast)
    action = _action(cast, plan, _outcome(cast, plan, _need(cast, plan)))
    services.change_plan(plan=plan, family_words="One", contingency="", version=1, by=cast["amira"], at=AT)
    with pytest.raises(Stale) as stale:
        services.change_plan(plan=plan, family_words="Two", contingency="", version=1, by=cast["kit"], at=AT)
    assert (stale.value.extra["theirs"]["family_words"], stale.value.extra["yours"]["family_words"]) == ("One", "Two")
    services.mark_action(
        plan=plan, action_id=action.pk, status=ActionState.UNDER_WAY, words="Begun", version=1, by=cast["kit"], at=AT
    )
    with pytest.raises(Stale):
        services.mark_action(
            plan=plan, action_id=action.pk, status=ActionState.DONE, words="Done", version=1, by=cast["amira"], at=AT
        )


def test_what_was_taken_out_is_put_back_and_what_changed_undone(cast: dict[str, Any]) -> None:
    plan = _plan(cast)
    need = _need(cast, plan, "First words")
    services.change_need(
        plan=plan, need_id=need.pk, said=NeedSaid("N5", "Second words"), version=1, by=cast["amira"], at=AT
    )
    taken = services.remove_item(plan=plan, kind="need", item_id=need.pk, by=cast["amira"], at=AT)
    assert taken is not None
    with pytest.raises(Refused) as gone:
        _outcome(cast, plan, need)
    assert gone.value.rule == "CW-314"
    services.undo_change(plan=plan, change_id=taken.pk, by=cast["kit"], at=AT)
    changed = PlanChange.objects.filter(target_id=need.pk, undone_at=None, after__has_key="words").get()
    services.undo_change(plan=plan, change_id=changed.pk, by=cast["kit"], at=AT)
    need.refresh_from_db()
    assert (need.words, need.code, need.removed_at) == ("First words", "N4", None)
    with pytest.raises(Refused) as twice:
        services.undo_change(plan=plan, change_id=changed.pk, by=cast["kit"], at=AT)
    assert twice.value.rule == "CW-317"


def test_an_undo_never_overwrites_what_is_newer(cast: dict[str, Any]) -> None:
    plan = _plan(cast)
    need = _need(cast, plan)
    first = services.change_need(
        plan=plan, need_id=need.pk, said=NeedSaid("N4", "Second"), version=1, by=cast["amira"], at=AT
    )
    services.change_need(plan=plan, need_id=need.pk, said=NeedSaid("N4", "Third"), version=2, by=cast["kit"], at=AT)
    assert first is not None
    with pytest.raises(Refused) as late:
        services.undo_change(plan=plan, change_id=first.pk, by=cast["amira"], at=AT)
    assert late.value.rule == "CW-317"
    need.refresh_from_db()
    assert need.words == "Third"


def test_what_was_changed_in_summer_is_undone_in_summer(cast: dict[str, Any]) -> None:
    """London writes a moment of July another way than the database does; it is the same moment."""
    july = AT.replace(month=7) + timedelta(days=365)
    plan = _plan(cast)
    need = _need(cast, plan)
    services.remove_item(plan=plan, kind="need", item_id=need.pk, by=cast["amira"], at=july)
    taken = PlanChange.objects.filter(target_id=need.pk).latest("at")
    services.undo_change(plan=plan, change_id=taken.pk, by=cast["kit"], at=july)
    need.refresh_from_db()
    assert need.removed_at is None


def test_an_undone_measure_takes_its_baseline_back(cast: dict[str, Any]) -> None:
    plan = _plan(cast)
    outcome = _outcome(cast, plan, _need(cast, plan))
    scale = Measure.objects.get(code="SCALE")
    changed = services.change_outcome(
        plan=plan, outcome_id=outcome.pk, version=1, by=cast["amira"], at=AT,
        said=_outcome_said(measure_id=scale.pk, value=Decimal(3), target=Decimal(7)),
    )  # fmt: skip
    assert changed is not None
    services.undo_change(plan=plan, change_id=changed.pk, by=cast["amira"], at=AT)
    baseline = Baseline.objects.get(subject_id=str(outcome.pk))
    assert (baseline.measure.code, baseline.value) == ("ATTENDANCE", Decimal(71))


def test_an_action_moves_by_its_table(cast: dict[str, Any]) -> None:
    plan = _plan(cast)
    action = _action(cast, plan, _outcome(cast, plan, _need(cast, plan)))

    def mark(status: ActionState, version: int) -> None:
        services.mark_action(
            plan=plan, action_id=action.pk, status=status, words="", version=version, by=cast["kit"], at=AT
        )

    mark(ActionState.DONE, 1)
    with pytest.raises(Refused, match="“done” cannot become “stopped”"):
        mark(ActionState.STOPPED, 2)
    mark(ActionState.UNDER_WAY, 2)
    action.refresh_from_db()
    assert action.ended_on is None


def test_a_need_ends_with_its_outcome_and_stays_in_the_plan(cast: dict[str, Any]) -> None:
    plan = _plan(cast)
    need = _need(cast, plan)
    services.end_need(
        plan=plan, need_id=need.pk, end=NeedEnd("met", "On time for a month"), version=1, by=cast["amira"], at=AT
    )
    with pytest.raises(Refused) as again:
        services.end_need(plan=plan, need_id=need.pk, end=NeedEnd("met"), version=2, by=cast["amira"], at=AT)
    assert again.value.rule == "CW-318"
    seen = queries.plan_of(cast["kit"], queries.case_frame(cast["kit"], cast["case"].pk, purpose="test"))
    assert seen is not None
    assert [need.end_label for need in seen.needs] == ["Met"]
    assert seen.open_needs == ()


def test_a_statutory_plan_is_linked_and_read_back(cast: dict[str, Any]) -> None:
    plan = _plan(cast)
    section = plan.sections.get(person=cast["rowan"])
    said = StatutorySaid("child_protection", TODAY, "Exampleshire Council", "In force", worker="Clover Testbridge")
    linked = services.link_statutory_plan(plan=plan, section_id=section.pk, said=said, by=cast["amira"], at=AT)
    with pytest.raises(Refused) as dates:
        services.read_statutory_plan(
            plan=plan, link_id=linked.pk, version=1, by=cast["amira"], at=AT,
            said=StatutorySaid("child_protection", TODAY, "Council", "Ended", ends_on=TODAY - timedelta(days=1)),
        )  # fmt: skip
    assert dates.value.rule == "CW-313"
    with pytest.raises(Refused) as abuse:
        services.read_statutory_plan(
            plan=plan, link_id=linked.pk, version=1, by=cast["amira"], at=AT,
            said=StatutorySaid("child_in_need", TODAY, "Council", "In force", abuse="NEG"),
        )  # fmt: skip
    assert abuse.value.rule == "CW-348"
    later = AT + timedelta(days=20)
    services.read_statutory_plan(
        plan=plan, link_id=linked.pk, version=1, by=cast["amira"], at=later,
        said=StatutorySaid(
            "child_protection", TODAY, "Exampleshire Council", "Ended", ends_on=TODAY, abuse="EMO", conference_on=TODAY,
        ),
    )  # fmt: skip
    seen = queries.plan_of(cast["kit"], queries.case_frame(cast["kit"], cast["case"].pk, purpose="test"))
    assert seen is not None
    statutory = next(each for each in seen.sections if each.name.startswith("Rowan")).statutory
    assert [(each.status, each.read_at, each.abuse) for each in statutory] == [("Ended", later, "EMO")]


def test_a_child_of_two_households_has_one_lead_and_neither_sees_the_other(cast: dict[str, Any]) -> None:
    first = _plan(cast)
    _need(cast, first, "Only for the first household")
    other_family = make_family((cast["rowan"], "child"), (make_person(given_name="Otherhome"), "parent"))
    case = make_case(team=cast["south"], family=other_family, lead=cast["ben_post"])
    second = services.open_plan(
        case=Case.objects.get(pk=case.pk), family_words="Their own words", by=cast["ben"], at=AT
    )
    section = second.sections.get()
    assert section.leads is False
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanChild.objects.filter(pk=section.pk).update(leads=True)
    frame = queries.case_frame(cast["ben"], case.pk, purpose="test")
    seen = queries.plan_of(cast["ben"], frame)
    assert seen is not None
    assert [(each.lead, each.lead_phone) for each in seen.sections] == [("Amira Testerly", "01632 960 101")]
    assert "first household" not in repr(seen)
    assert "Wren" not in repr(seen)
    with pytest.raises(NotVisible):
        queries.plan_for_change(cast["amira"], case.pk)
    with pytest.raises(NotVisible):
        services.change_child(
            plan=second,
            section_id=first.sections.get(person=cast["rowan"]).pk,
            words="x",
            version=1,
            by=cast["ben"],
            at=AT,
        )
    sanjay, _ = make_post(role=Role.TEAM_MANAGER, team=cast["south"])
    services.lead_for_child(section=section, by=actor_of(sanjay), at=AT)
    mine = queries.plan_of(cast["amira"], queries.case_frame(cast["amira"], cast["case"].pk, purpose="test"))
    assert mine is not None
    assert {each.name.split()[0]: each.lead for each in mine.sections} == {
        "Rowan": "Ben Testerson", "Wren": "Amira Testerly",
    }  # fmt: skip


def test_a_closed_household_hands_the_child_to_the_other(cast: dict[str, Any]) -> None:
    _plan(cast)
    other_family = make_family((cast["rowan"], "child"))
    case = make_case(team=cast["south"], family=other_family, lead=cast["ben_post"])
    second = services.open_plan(case=Case.objects.get(pk=case.pk), family_words="", by=cast["ben"], at=AT)
    cast["case"].refresh_from_db()
    services.close_case(
        case=cast["case"], code="RC7", reason="Well.", version=cast["case"].version, by=cast["nia"], at=AT
    )
    assert second.sections.get().leads is True


def test_another_plans_item_does_not_exist_here(cast: dict[str, Any]) -> None:
    plan = _plan(cast)
    with pytest.raises(NotVisible):
        services.remove_item(plan=plan, kind="need", item_id=new_id(), by=cast["amira"], at=AT)
    assert CasePerson.objects.filter(case=cast["case"]).count() == 3
