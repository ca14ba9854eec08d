"""Money promised from a family's budget for an action of its plan or for help that is given."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.casework import queries, services
from joinedup.casework.models import Case, Plan
from joinedup.casework.planning import ActionSaid, NeedSaid, OutcomeSaid
from joinedup.casework.services.interventions import HelpGiven, record_intervention
from joinedup.casework.services.money import ACTION, HELP, MoneyWanted, promise_money
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.casework.tests.test_views import Visitor
from joinedup.chronology.models import Event
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.funds.models import BudgetLine, Commitment
from joinedup.funds.services import PartSaid, hand_on_budget
from joinedup.funds.tests.factories import make_open
from joinedup.organisations.tests.factories import AT, actor_of, make_locality, make_post, make_team
from joinedup.outcomes.models import Measure

pytestmark = pytest.mark.django_db
TODAY = AT.date()


class Home:
    """Rowan's family has £500 that Amira, who leads, may promise £200 of at a time; Wren's family has nothing."""

    def __init__(self) -> None:
        shared, team = make_open(), make_team(name="North team")
        self.nia, manager = make_post(role=Role.TEAM_MANAGER, team=team, employer=shared.council, name="Nia Testnorth")
        self.amira, lead = make_post(role=Role.KEY_WORKER, team=team, employer=shared.council, name="Amira Testerly")
        rowan, parent = (
            make_person(given_name="Rowan"),
            make_person(given_name="Sorrel", birth_date=TODAY.replace(year=1990)),
        )
        self.case = make_case(team=team, family=make_family((rowan, "child"), (parent, "parent")), lead=lead)
        self.other = make_case(team=team, family=make_family((make_person(given_name="Wren"), "child")), lead=lead)
        whole = self.line(shared.lines["SHORT-council"].pk)
        by, said = (
            system(AT),
            PartSaid("N", "North", 1_000_000, "locality", locality=make_locality(name="North"), holder=manager),
        )
        north = hand_on_budget(line=whole, said=said, by=by, at=AT)
        said = PartSaid(
            "F", "Family 1", 50_000, "family", family_id=self.case.family_id, holder=lead, limit_pence=20_000
        )
        self.budget = self.line(hand_on_budget(line=north, said=said, by=by, at=AT).pk)
        self.plan, self.action = self._plan(self.case, lead.pk)
        _, self.elsewhere = self._plan(self.other, lead.pk)
        given = HelpGiven("Parenting course", "Six evenings", "Placeholder Trust", TODAY - timedelta(days=9))
        self.help = record_intervention(
            case=Case.objects.get(pk=self.case.pk), given=given, people=[rowan.pk], by=actor_of(self.amira), at=AT
        )

    def line(self, pk: Any) -> BudgetLine:
        return BudgetLine.objects.select_related("fund__agreement", "fund__host").get(pk=pk)

    def _plan(self, case: Case, lead: Any) -> tuple[Plan, Any]:
        by, at = system(AT), AT
        plan = services.open_plan(case=Case.objects.get(pk=case.pk), family_words="Quiet mornings.", by=by, at=at)
        need = services.add_need(plan=plan, said=NeedSaid("N4", "Late for school"), by=by, at=at)
        measure = Measure.objects.get(code="ATTENDANCE")
        said = OutcomeSaid("On time", measure.pk, Decimal(71), TODAY, Decimal(92), TODAY + timedelta(days=60))
        outcome = services.add_outcome(plan=plan, need_id=need.pk, said=said, by=by, at=at)
        action = ActionSaid("Find school shoes", TODAY + timedelta(days=7), post_id=lead)
        return plan, services.add_action(plan=plan, outcome_id=outcome.pk, said=action, by=by, at=at)

    def promise(self, account: Any = None, case: Case | None = None, **more: Any) -> Commitment:
        wanted: dict[str, Any] = {
            "pence": 4_500, "what": "School shoes, one pair", "kind": ACTION, "record_id": self.action.pk, "key": "a",
        }  # fmt: skip
        row = Case.objects.get(pk=(case or self.case).pk)
        by = actor_of(account or self.amira)
        return promise_money(case=row, line=self.budget, wanted=MoneyWanted(**wanted | more), by=by, at=AT)


@pytest.fixture
def home() -> Home:
    return Home()


def test_money_is_promised_for_an_action_once_and_stands_in_the_journey(home: Home) -> None:
    first, again = home.promise(), home.promise()
    assert first.pk == again.pk
    assert (first.about_kind, first.about_id, first.pence) == ("casework.planaction", str(home.action.pk), 4_500)
    event = Event.objects.get(kind="casework.money_promised")
    assert event.words.words == {"amount": "£45.00", "what": "School shoes, one pair"}
    help_too = home.promise(kind=HELP, record_id=home.help.pk, what="Crèche", key="b")
    found = queries.family_money(
        actor_of(home.amira), queries.case_frame(actor_of(home.amira), home.case.pk, purpose="test")
    )
    ((budget, promises),) = found.budgets
    assert (budget.figures.budget, budget.figures.left) == (50_000, 50_000 - 4_500 - help_too.pence)
    assert {each.about for each in promises} == {"Find school shoes", "Parenting course: Six evenings"}


@pytest.mark.parametrize(
    ("more", "rule", "words"),
    [
        ({"pence": 20_001}, "FU-141", "£200.00"),
        ({"what": "Shoes for Rowan", "key": "c"}, "CW-572", "“Rowan”"),
        ({"what": "Shoes for TESTERFIELD’s boy", "key": "c"}, "CW-572", "“Testerfield”"),
        ({"kind": "casework.case"}, "CW-571", "action"),
    ],
)
def test_what_is_refused(home: Home, more: dict[str, Any], rule: str, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        home.promise(**more)
    assert refusal.value.rule == rule
    assert words in refusal.value.sentence
    assert not Commitment.objects.exists()


def test_another_familys_action_budget_and_people_are_refused(home: Home) -> None:
    with pytest.raises(Refused) as refusal:
        home.promise(record_id=home.elsewhere.pk)
    assert refusal.value.rule == "CW-571"
    with pytest.raises(NotVisible):
        home.promise(case=home.other, record_id=home.elsewhere.pk)
    with pytest.raises(Refused) as refusal:
        home.promise(home.nia)  # manages the team, and does not hold this budget
    assert refusal.value.rule == "FU-142" or isinstance(refusal.value, NotPermitted)
    stranger, _ = make_post(team=make_team(name="South team"), name="Ben Testerson")
    with pytest.raises(NotPermitted):
        home.promise(stranger)
    assert not Commitment.objects.exists()


def test_more_than_is_left_is_refused_with_what_is_left(home: Home) -> None:
    for key in ("a", "b"):
        home.promise(pence=20_000, key=key)
    with pytest.raises(Refused) as refusal:
        home.promise(pence=15_000, key="c")
    assert refusal.value.rule == "R-3"
    assert "£100.00" in refusal.value.sentence


def test_the_pages(home: Home) -> None:
    amira, nia = Visitor(home.amira), Visitor(home.nia)
    plan = amira.open("case_plan", case_id=home.case.pk).content.decode()
    assert f"?for=casework.planaction:{home.action.pk}" in plan
    assert "What it costs" in amira.open("case_notes", case_id=home.case.pk).content.decode()
    assert "What it costs" not in amira.open("case_plan", case_id=home.other.pk).content.decode()
    page = amira.open("case_money_promise", f"?for=casework.planaction:{home.action.pk}", case_id=home.case.pk)
    assert "£500.00 left, at most £200.00 at a time" in page.content.decode()
    told = {
        "about": f"{ACTION}:{home.action.pk}", "amount": "£250", "line": str(home.budget.pk), "what": "School shoes", "key": "k",
    }  # fmt: skip
    over = amira.send("case_money_promise", told, case_id=home.case.pk).content.decode()
    assert "£200.00" in over
    assert not Commitment.objects.exists()
    assert amira.send("case_money_promise", told | {"amount": "45"}, case_id=home.case.pk).status_code == 302
    shown = amira.open("case_money", case_id=home.case.pk).content.decode()
    assert all(each in shown for each in ("£45.00", "School shoes", "For: Find school shoes", "£455.00"))
    assert "Promise money" not in nia.open("case_money", case_id=home.case.pk).content.decode()
    assert nia.open("case_money_promise", case_id=home.case.pk).status_code == 403
    empty = amira.open("case_money", case_id=home.other.pk).content.decode()
    assert "No budget is cut for this family" in empty
