"""Rules of the test machine: a brother, a newborn and somebody else's child join the case and leave it, and come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from joinedup.casework import services
from joinedup.casework.models import CasePerson, PlanNeed, Review
from joinedup.casework.planning import NeedEnd
from joinedup.casework.queries.cases import people_seen_through_cases
from joinedup.casework.services import Baby, Leaving
from joinedup.casework.tests.factories import make_person
from joinedup.casework.tests.machine_world import BORN
from joinedup.organisations.tests.factories import actor_of
from joinedup.person_index.models import Person
from joinedup.person_index.services import join_family

_WHY = st.sampled_from(["moved", "care", "apart", "error"])


class PeopleRules:
    """Mixed into the machine. `others` are who may come and go: a brother of the family, a stranger, babies; the two children
    and the parent that every other rule speaks of stay, but for the attempt to take the last child out."""

    def who_else_there_is(self: Any) -> None:
        """Called when the family begins."""
        self.brother = make_person(given_name="Bay", birth_date=BORN, sex="M")
        self.stranger = make_person(given_name="Sky", family_name="Mockley", birth_date=BORN)
        join_family(family=self.family, person=self.brother, part="child", by=self.by, at=self.at)
        self.others: list[Person] = [self.brother, self.stranger]

    def inside(self: Any) -> set[Any]:
        """Who the case is about now, by its own rows."""
        rows = "SELECT person_id FROM casework_caseperson WHERE case_id = %s AND left_at IS NULL"
        return {person for (person,) in self.ask(rows, self.case.pk)}

    def is_of_one_who_left(self: Any, change: Any) -> bool:
        """Whether a change of the plan is in the section of a child who is in the case no more."""
        held = {"need": "n.id", "outcome": "o.id", "action": "a.id", "statutory": "t.id"}.get(change.kind)
        if held is None:
            return False
        rows = (
            "SELECT 1 FROM casework_planchild s LEFT JOIN casework_planneed n ON n.section_id = s.id LEFT JOIN casework_planoutcome o"
            " ON o.need_id = n.id LEFT JOIN casework_planaction a ON a.outcome_id = o.id LEFT JOIN casework_statutoryplan t ON"
            f" t.section_id = s.id WHERE s.ended_at IS NOT NULL AND {held} = %s"
        )
        return bool(self.ask(rows, change.target_id))

    @rule(number=st.integers(0, 5), part=st.sampled_from(["child", "other"]))
    def somebody_joins(self: Any, number: int, part: str) -> None:
        person = self.others[number % len(self.others)]
        rules: set[str] = set()
        if not self.model.is_open:
            rules = {"CW-11"}
        elif person.pk in self.inside():
            rules = {"CW-18"}
        elif person.pk == self.stranger.pk:
            rules = {"CW-19"}
        row = self.row()
        facts = {"person_id": person.pk, "part": part, "reason": "They live there.", "version": row.version}
        if self.expect(rules, services.join_case, case=row, **facts):
            assert person.pk in self.inside()

    @precondition(lambda self: self.model.is_open and len(self.others) < 4)
    @rule(days=st.sampled_from([0, 3, 300, 400]))
    def a_baby_is_born(self: Any, days: int) -> None:
        row, born = self.row(), self.at.date() - timedelta(days=days)
        baby = Baby(f"Baby {len(self.others)}", "Testerfield", born)
        rules = {"CW-29"} if days > 366 else set()
        facts = {"baby": baby, "reason": "Just born.", "version": row.version, "agency": row.team.host}
        if self.expect(rules, services.join_baby, case=row, **facts):
            # Who was there from the beginning has no day of joining, and a database may call that the latest.
            newest = CasePerson.objects.filter(case=row, joined_at__isnull=False).latest("joined_at", "pk")
            assert newest.person.given_name == baby.given_name
            self.others.append(newest.person)

    @rule(number=st.integers(0, 6), why=_WHY, is_said=st.booleans())
    def somebody_is_in_it_no_more(self: Any, number: int, why: str, *, is_said: bool) -> None:
        person = [*self.others, self.children[0]][number % (len(self.others) + 1)]
        row, inside = self.row(), self.inside()
        live = PlanNeed.objects.filter(
            section__person=person, plan__case=row, plan__state="open", removed_at=None, ended_at=None
        )
        needs = list(live.values_list("pk", flat=True))
        rules: set[str] = set()
        if not self.model.is_open:
            rules = {"CW-11"}
        elif person.pk not in inside:
            rules = {"CW-23"}
        elif person.pk == self.children[0].pk:
            return  # the other rules go on about them
        elif Review.objects.filter(plan__case=row, state="begun").exists():
            rules = {"CW-341"}
        elif needs and not is_said:
            rules = {"CW-27"}
        ends = {need: NeedEnd("passed_on") for need in needs} if is_said else {}
        said = Leaving(why, "They live elsewhere now.", self.at.date(), ends)
        if self.expect(rules, services.leave_case, case=row, person_id=person.pk, said=said, version=row.version):
            self.model = replace(self.model, open_needs=self.model.open_needs - len(needs))
            assert person.pk not in self.inside()
            assert CasePerson.ever.filter(case=row, person=person).exists()

    @precondition(lambda self: self.model.is_open)
    @rule()
    def the_last_child_stays(self: Any) -> None:
        """With every other child out of it for the moment, the last one does not leave; then all is put back."""
        row = self.row()
        children = CasePerson.objects.filter(case=row, part="child").order_by("pk")
        kept = children[0]
        others = list(children.exclude(pk=kept.pk).values_list("pk", flat=True))
        CasePerson.ever.filter(pk__in=others).update(part="other")
        said = Leaving("moved", "Gone.", self.at.date(), {})
        self.expect({"CW-24"}, services.leave_case, case=row, person_id=kept.person_id, said=said, version=row.version)
        CasePerson.ever.filter(pk__in=others).update(part="child")

    @invariant()
    def every_child_of_an_open_plan_has_a_section_and_one_lead(self: Any) -> None:
        assert self.ask(
            "SELECT c.person_id FROM casework_caseperson c JOIN casework_plan p ON p.case_id = c.case_id AND p.state = 'open'"
            " WHERE p.family_id = %s AND c.part = 'child' AND c.left_at IS NULL AND (SELECT count(*) FROM casework_planchild s"
            " WHERE s.plan_id = p.id AND s.person_id = c.person_id AND s.ended_at IS NULL) <> 1", self.family.pk,
        ) == []  # fmt: skip
        assert self.ask(
            "SELECT s.person_id FROM casework_planchild s JOIN casework_plan p ON p.id = s.plan_id WHERE p.family_id = %s"
            " AND s.ended_at IS NULL GROUP BY s.person_id HAVING count(*) FILTER (WHERE s.leads) <> 1", self.family.pk,
        ) == []  # fmt: skip

    @invariant()
    def whoever_has_left_has_nothing_to_do(self: Any) -> None:
        """No live section, need or action, no place at a table, nothing undertaken, no invitation that stands."""
        gone = "c.left_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM casework_caseperson n WHERE n.case_id = c.case_id AND n.person_id = c.person_id AND n.left_at IS NULL)"
        for left in (
            "SELECT 1 FROM casework_caseperson c JOIN casework_plan p ON p.case_id = c.case_id AND p.state = 'open' JOIN"
            f" casework_planchild s ON s.plan_id = p.id AND s.person_id = c.person_id AND s.ended_at IS NULL WHERE c.case_id = %s AND {gone}",
            "SELECT 1 FROM casework_caseperson c JOIN casework_plan p ON p.case_id = c.case_id AND p.state = 'open' JOIN"
            " casework_planchild s ON s.plan_id = p.id AND s.person_id = c.person_id JOIN casework_planneed n ON n.section_id = s.id"
            f" AND n.removed_at IS NULL AND n.ended_at IS NULL WHERE c.case_id = %s AND {gone}",
            "SELECT 1 FROM casework_caseperson c JOIN casework_familyplace f ON f.case_id = c.case_id AND f.person_id = c.person_id"
            f" AND f.left_at IS NULL WHERE c.case_id = %s AND {gone}",
            "SELECT 1 FROM casework_caseperson c JOIN casework_meetingaction a ON a.case_id = c.case_id AND a.person_id = c.person_id"
            f" AND a.state = 'open' WHERE c.case_id = %s AND {gone}",
        ):
            assert self.ask(left, self.case.pk) == [], left

    @invariant()
    def a_person_is_seen_while_they_are_in_the_case(self: Any) -> None:
        """Of those who come and go, the lead professional sees exactly who is in the case now."""
        row = self.row()
        if row.state != "open" or row.lead_professional is None or row.lead_professional.role != "key_worker":
            return
        shown = people_seen_through_cases(actor_of(row.lead_professional.account, self.at))
        seen = set(shown) if shown is not None else set()
        assert seen & {each.pk for each in self.others} == self.inside() & {each.pk for each in self.others}
