"""Rules of the test machine: offers of the duty, people who come and leave, assessments, what the family agrees to, notes,
meetings, putting a chronology right, undoing, and two people editing at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from joinedup.access.services import close_account
from joinedup.casework import queries, services
from joinedup.casework.assessing import spec_of
from joinedup.casework.meeting import Purpose
from joinedup.casework.models import (
    Assessment,
    AssessmentSection,
    CaseMember,
    CaseNote,
    CaseTask,
    Meeting,
    PlanChange,
    PlanNeed,
)
from joinedup.casework.planning import NeedSaid
from joinedup.casework.services import Minutes, WhenAndWhere
from joinedup.casework.services.chronology import mark_entry, take_out_entry
from joinedup.casework.services.notes import correct_note, write_note
from joinedup.casework.services.plan_steps import KINDS, as_it_is
from joinedup.casework.services.tasks import finish_task
from joinedup.casework.tests.assessed import answer_to
from joinedup.casework.tests.machine_back import BackRules
from joinedup.casework.tests.machine_people import PeopleRules
from joinedup.casework.tests.machine_plan import NUMBER
from joinedup.casework.tests.machine_world import WHICH
from joinedup.chronology.models import Event
from joinedup.chronology.queries import entries
from joinedup.core.errors import NotPermitted, NotVisible, Stale
from joinedup.information_sharing import services as sharing
from joinedup.information_sharing.models import HelpAgreed, SharingBasis, Withdrawal
from joinedup.information_sharing.services import Said, Scope
from joinedup.organisations.models import Post
from joinedup.organisations.services import end_post
from joinedup.organisations.tests.factories import actor_of
from joinedup.person_index.models import Person

WHOM = st.integers(0, 2)


class CaseMachine(PeopleRules, BackRules):
    """Any order of everything that can be done with one family."""

    @initialize(is_person=st.booleans())
    def who_acts(self, *, is_person: bool) -> None:
        """In one example people, each in their own right; in another the program."""
        self.is_person = is_person

    def somebody(self, whom: int) -> Person:
        """One of the children or the parent."""
        return [*self.children, self.parent][whom]

    # --- Offers of the duty.

    @precondition(lambda self: self.model.is_open)
    @rule(which=WHICH, number=NUMBER)
    def offer_lead(self, which: str, number: int) -> None:
        post = self.post_in(which, number)
        rules = {"CW-6"} if self.row().lead_professional_id == post.pk else self.wrong_lead(post)
        if not rules and self.offer() is not None:
            rules = {"CW-203"}
        self.expect(rules, services.propose_handover, case=self.row(), post=post, reason="It changes.")

    @rule(how=st.sampled_from(["accept", "decline", "withdraw"]))
    def answer_offer(self, how: str) -> None:
        offered = self.offer()
        if offered is None:
            return
        account = offered.to_post.account
        if how == "accept":
            rules = self.wrong_lead(offered.to_post)
            if self.expect(rules, services.accept_handover, account, handover=offered):
                self.model = replace(self.model, lead=account.name)
        elif how == "decline":
            self.expect(set(), services.decline_handover, account, handover=offered, answer="I am full.")
        else:
            self.expect(set(), services.withdraw_handover, handover=offered)

    # --- People who come and leave.

    @precondition(lambda self: len(self.hired) < 4)
    @rule(which=WHICH)
    def somebody_comes(self, which: str) -> None:
        self.has_acted = True
        self.hired.append((which, *self.world.worker(which, f"Hired {len(self.hired)} {self.at:%d %H}")))

    @precondition(lambda self: self.hired)
    @rule(number=NUMBER, how=st.sampled_from(["now", "by the clock", "suspended"]))
    def somebody_leaves(self, number: int, how: str) -> None:
        """Whoever leads is followed by the team manager, in the same transaction or when the keeper comes round."""
        _, account, post = self.hired.pop(number % len(self.hired))
        self.has_acted = True
        post = Post.objects.get(pk=post.pk)
        facts: dict[str, Any] = {"reason": "Left.", "by": self.by, "at": self.at}
        if how == "suspended":
            close_account(account=account, **facts)
        else:
            ends_at = self.at if how == "now" else self.at + timedelta(hours=1)
            end_post(post=post, ends_at=ends_at, version=post.version, **facts)
        self.at += timedelta(hours=2)
        services.write_down_leavers(at=self.at)
        if self.model.is_open and self.model.lead == account.name:
            self.model = replace(self.model, lead="")
        assert not self.ask(
            "SELECT 1 FROM casework_casemember WHERE post_id = %s AND left_at IS NULL AND case_id = %s",
            post.pk,
            self.case.pk,
        )

    @precondition(lambda self: self.model.is_open)
    @rule(is_there=st.booleans())
    def a_partner_joins_or_leaves(self, *, is_there: bool) -> None:
        post = self.world.outside
        place = CaseMember.objects.filter(
            case_id=self.case.pk, post=post, left_at=None
        ).first()  # its case as it is now
        if is_there:
            self.expect({"CW-7"} if place else set(), services.add_member, case=self.row(), post=post)
        elif place is not None:
            self.expect(set(), services.remove_member, member=place, reason="Done here.")

    @rule(number=st.integers(0, 12))
    def somebody_looks(self, number: int) -> None:
        """Whoever has a ground opens the case, and it is written down; whoever has none is not told that it is there."""
        account = self.accounts[number % len(self.accounts)]
        may = account.pk in self.who_may_see()
        self.has_acted = True
        try:
            queries.case(actor_of(account, self.at), self.case.pk, purpose="a test")
        except (NotVisible, NotPermitted):
            assert not may, account.name
        else:
            assert may, account.name

    # --- Assessments.

    @precondition(lambda self: self.model.is_open)
    @rule(child=st.integers(0, 1))
    def begin_assessment(self, child: int) -> None:
        person = self.children[child]
        draft = Assessment.objects.filter(case=self.case, child=person, state="draft").exists()
        rules = {"CW-106"} if draft else set()
        self.expect(rules, services.start_assessment, case=self.row(), child_id=person.pk)

    @precondition(lambda self: self.model.is_open)
    @rule(child=st.integers(0, 1), score=st.integers(1, 10), is_trained=st.booleans(), is_filled=st.booleans())
    def sign_assessment(self, child: int, score: int, *, is_trained: bool, is_filled: bool) -> None:
        draft = Assessment.objects.filter(case=self.case, child=self.children[child], state="draft").first()
        if draft is None:
            return
        if is_filled:
            self.fill(draft, score)
        manager = self.manager_of(self.row().team_id)
        row, is_person, self.is_person = self.row(), self.is_person, is_trained
        agreed = HelpAgreed.objects.filter(subject_id=str(self.case.pk), person=draft.child, withdrawn_at=None).exists()
        asked = AssessmentSection.objects.filter(assessment=draft, saved_at=None).exists()
        if not is_trained:
            rules = {"CW-101"}  # the program itself has been to no course
        else:
            rules = {"CW-102"} if asked else set() if agreed or row.level == 4 else {"CW-104"}
        facts: dict[str, Any] = {"assessment": draft, "version": draft.version}
        if self.expect(rules, services.sign_assessment, manager, **facts):
            self.signed[draft.pk] = self.digest_of(draft.pk)
        self.is_person = is_person

    def fill(self, draft: Assessment, score: int) -> None:
        """Answer every section that has not been saved."""
        for section in spec_of(draft.spec_version).sections:
            row = AssessmentSection.objects.select_related("assessment__case").get(assessment=draft, code=section.code)
            if row.saved_at is None or section.code == "review":
                answers = {
                    each.code: row.known.get(each.code, {}).get("value")
                    or answer_to(each, section, self.at, {section.code: score})
                    for each in section.questions
                }
                services.save_section(section=row, answers=answers, version=row.version, by=self.actor(), at=self.at)

    # --- What the family agrees to.

    def said(self) -> Said:
        return Said("Ash Testerfield", "parental_responsibility", "in_person", self.at.date())

    @precondition(lambda self: self.model.is_open)
    @rule(whom=WHOM, what=st.sampled_from(["help", "sharing", "basis", "no"]))
    def family_says(self, whom: int, what: str) -> None:
        about: dict[str, Any] = {"person": self.somebody(whom), "subject": ("casework.case", str(self.case.pk))}
        scope = Scope([self.world.partner.pk], ["involvement"])
        calls: dict[str, tuple[Any, dict[str, Any]]] = {
            "help": (sharing.record_help_agreed, {"said": self.said()}),
            "sharing": (sharing.record_sharing_agreed, {"said": self.said(), "scope": scope}),
            "basis": (sharing.record_sharing_basis, {"basis": "public_task", "reason": "To act.", "scope": scope}),
            "no": (sharing.record_sharing_declined, {"said": self.said(), "words": "Not with them."}),
        }  # fmt: skip
        service, facts = calls[what]
        self.expect(set(), service, **about, **facts)
        if what == "help":
            self.rests["help", HelpAgreed.objects.latest("pk").pk] = True
        elif what != "no":
            self.rests["sharing", SharingBasis.objects.latest("pk").pk] = True

    @precondition(lambda self: self.model.is_open)
    @rule(whom=WHOM, from_help=st.booleans(), from_sharing=st.booleans())
    def family_withdraws(self, whom: int, *, from_help: bool, from_sharing: bool) -> None:
        person, subject = self.somebody(whom), str(self.case.pk)
        helped = HelpAgreed.objects.filter(person=person, subject_id=subject).values_list("pk", flat=True)
        agreed = SharingBasis.objects.filter(person=person, subject_id=subject, basis=None).values_list("pk", flat=True)
        rests = [("help", pk) for pk in helped if from_help] + [("sharing", pk) for pk in agreed if from_sharing]
        ending = [key for key in rests if self.rests[key]]
        done = self.expect(
            set() if ending else {"IS-69"}, services.withdraw_family_agreement, case=self.row(), person_id=person.pk,
            said=self.said(), words="No more.", from_help=from_help, from_sharing=from_sharing,
        )  # fmt: skip
        if done:
            self.rests |= dict.fromkeys(ending, False)
            due = Withdrawal.objects.filter(subject_id=subject).latest("pk").due_at
            assert self.at < due <= self.at + timedelta(days=6)  # one working day, with a long weekend between

    @precondition(lambda self: self.model.is_open)
    @rule()
    def manager_decides_what_follows(self) -> None:
        waiting = Withdrawal.objects.filter(subject_id=str(self.case.pk)).order_by("decided_at", "pk").last()
        if waiting is not None:
            rules = {"IS-71"} if waiting.decided_at else set()
            facts = {"decision": "continue_agreed", "reason": "They still want help."}
            self.expect(rules, sharing.decide_withdrawal, withdrawal=waiting, **facts)

    # --- Notes, tasks, meetings.

    @rule(kind=st.sampled_from(["visit", "phone", "note"]), seen=st.sets(WHOM), is_alone=st.booleans())
    def write_a_note(self, kind: str, seen: set[int], *, is_alone: bool) -> None:
        rules = {"CW-11"} if not self.model.is_open else {"CW-406"} if kind != "note" and not seen else set()
        people = {self.somebody(each).pk: is_alone for each in seen}
        self.expect(
            rules, write_note, case=self.row(), kind=kind, result="seen", happened_at=self.at, minutes=30, seen=people,
            words="Calm.", child_words="", next_step="Ring", next_due_on=self.at.date() + timedelta(days=3),
        )  # fmt: skip

    @rule()
    def correct_a_note(self) -> None:
        written = CaseNote.objects.filter(case=self.case).order_by("-pk").first()
        if written is None:
            return
        words, rules = written.words, {"CW-409"} if written.taken_out_at else set()
        if self.model.is_open or rules:
            self.expect(rules, correct_note, written=written, words="It was noon.")
        written.refresh_from_db()
        assert written.words == words

    @precondition(lambda self: self.model.is_open)
    @rule()
    def finish_a_task(self) -> None:
        task = CaseTask.objects.filter(case=self.case).order_by("-done_at", "-pk").last()
        if task is not None:
            self.expect({"CW-415"} if task.done_at else set(), finish_task, task=task, words="")

    @precondition(lambda self: self.model.is_open)
    @rule(purpose=st.sampled_from([Purpose.REVIEW, *list(Purpose)[:1]]))
    def plan_a_meeting(self, purpose: Purpose) -> None:
        when = WhenAndWhere(self.at + timedelta(hours=4), 60, "The school")
        there = self.case.members.filter(post=self.world.outside, left_at=None).exists()
        asked: dict[str, Any] = {"posts": [self.world.outside] if there else [], "people": [self.parent.pk]}
        self.expect(set(), services.plan_meeting, case=self.row(), purpose=purpose, when=when, **asked)

    @precondition(lambda self: self.model.is_open)
    @rule(is_held=st.booleans())
    def hold_or_cancel_a_meeting(self, *, is_held: bool) -> None:
        meeting = Meeting.objects.filter(case=self.case, state="planned").first()
        if meeting is None:
            return
        if not is_held:
            self.expect(set(), services.cancel_meeting, meeting=meeting, reason="Ill.")
            return
        self.at += timedelta(hours=3)
        undertaken = services.Undertaking("Ring the club", self.at.date() + timedelta(days=9), person_id=self.parent.pk)
        said = Minutes([self.parent.pk], "We met.", decided=["We go on."], actions=[undertaken])
        self.expect(set(), services.write_minutes, meeting=meeting, minutes=said, version=meeting.version)

    # --- Putting a chronology right.

    @rule(place=st.integers(0, 60), to_whom=st.sampled_from(["", "0", "1"]))
    def take_an_entry_out(self, place: int, to_whom: str) -> None:
        events = self.new_events()
        event = events[place % len(events)]
        is_out = self.is_out(event)
        people = [self.children[int(to_whom)].pk] if to_whom else []
        rules = {"CW-422"} if is_out else {"CW-423"} if people and people == event.people else set()
        code = "wrong_person" if people else "wrong"
        account = None
        if not self.model.is_open and not self.is_person:
            account = None
        facts: dict[str, Any] = {"event_id": event.pk, "code": code, "words": "It was not so.", "people": people}
        if self.expect(rules, take_out_entry, account, case=self.row(), **facts):
            assert self.is_out(event)
            if people:
                assert Event.objects.latest("pk").people == people

    @staticmethod
    def is_out(event: Event) -> bool:
        newest = event.marks.filter(kind__in=["taken_out", "put_back"]).order_by("pk").last()
        return newest is not None and newest.kind == "taken_out"

    @rule(place=st.integers(0, 60), is_significant=st.booleans())
    def say_what_matters(self, place: int, *, is_significant: bool) -> None:
        events = self.new_events()
        event = events[place % len(events)]
        rules = {"CW-422"} if self.is_out(event) else set()
        facts: dict[str, Any] = {"event_id": event.pk, "is_significant": is_significant, "impact": "It calmed them."}
        if self.expect(rules, mark_entry, case=self.row(), **facts):
            shown = next(each for each in entries(self.by, family_id=self.family.pk) if each.id == event.pk)
            assert shown.is_significant == is_significant

    # --- Undoing, and two people at once.

    @precondition(lambda self: self.model.has_open_plan)
    @rule(place=st.integers(0, 20))
    def undo_a_change(self, place: int) -> None:
        """Allowed exactly while what it said still stands; then all of it stands as before, and nothing else has moved."""
        plan = self.plan()
        changes = list(PlanChange.objects.filter(plan=plan).order_by("-at", "-pk"))
        if not changes:
            return
        change = changes[place % len(changes)]
        model = KINDS[change.kind]._default_manager
        before = as_it_is(model.get(pk=change.target_id), self.by)
        stands = change.undone_at is None and all(before[name] == said for name, said in change.after.items())
        needs = self.live_needs(plan)
        rules = set() if stands else {"CW-317"}
        if self.is_of_one_who_left(change):
            rules = {"CW-28"}  # nothing begins again for them
        elif change.kind == "outcome" and "value" in change.before:
            rules |= {"OC-8", ""} if stands else set()
        if self.expect(rules, services.undo_change, plan=plan, change_id=change.pk):
            now = as_it_is(model.get(pk=change.target_id), self.by)
            assert now == before | {name: said for name, said in change.before.items() if name in before}
            self.model = replace(self.model, open_needs=self.model.open_needs + self.live_needs(plan) - needs)

    @precondition(lambda self: self.model.has_open_plan)
    @rule(is_stale=st.booleans())
    def two_write_at_once(self, *, is_stale: bool) -> None:
        """Whoever saves second gets both texts, and what was saved first stays."""
        plan = self.plan()
        need = PlanNeed.objects.filter(plan=plan, removed_at=None, section__ended_at=None).order_by("pk").last()
        if need is None:
            return
        version, said = need.version, NeedSaid(need.code, f"Said at {self.at:%d %H %M}", need.section_id)
        self.expect(set(), services.change_need, plan=plan, need_id=need.pk, said=said, version=version)
        if is_stale:
            mine = NeedSaid("N5", "Mine")
            with pytest.raises(Stale) as caught:
                services.change_need(
                    plan=plan, need_id=need.pk, said=mine, version=version, by=self.actor(), at=self.at
                )
            both = caught.value.extra
            assert (both["theirs"]["words"], both["yours"]["words"]) == (said.words, "Mine")
            need.refresh_from_db()
            assert need.words == said.words
