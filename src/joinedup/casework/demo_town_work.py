"""The work in a town's cases: plans with their reviews, meetings with minutes, visits and notes, assessments, steps and offers
that wait, and what became of it all where a case has closed. Told case by case, written in a few statements."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from joinedup.casework.assessing import NOT_SEEN, Kind, newest_spec
from joinedup.core.bulk import fill_temporary
from joinedup.core.models import new_id

_LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
_SIX_WEEKS = 42
_ENDED = "The family has what it needs and knows whom to ring."

# need, words, whether a child's, outcome, measure, from, to, action
_AIMS = (
    ("N4", "Mornings are a rush and school begins without them", True, "At school on time", "ATTENDANCE", 78, 95,
     "Walk to school together twice a week"),
    ("N5", "Everybody shouts when they are tired, and nobody likes it", False, "Evenings at home are calm", "SCALE", 3, 7,
     "Homework and tea at the same time each day"),
    ("N7", "The rent is behind", False, "The rent is paid and what is owed goes down", "ARREARS", 6, 0,
     "Go to the money advice session together"),
    ("N3", "A parent is low and sleeps little", False, "A parent says most days are good days", "SCALE", 4, 8,
     "See the GP and join the walking group"),
)  # fmt: skip
_NOTES = (
    ("visit", "seen", "Home was warm and there was food in. Mornings are the hard part. We went through the week together.",
     "I like it when Gran comes.", "Ask school about breakfast club"),
    ("phone", "seen", "A parent rang: the landlord has offered a plan for the arrears. They sounded relieved.", "", ""),
    ("visit", "no_answer", "Knocked twice and left a card. The curtains were open.", "", "Ring tomorrow morning"),
    ("elsewhere", "seen", "Met at school at the end of the day. Both had a good week and wanted to show their work.",
     "My teacher said well done.", ""),
    ("note", "seen", "Spoke with the school: on time four days of five, and eating lunch with others.", "", ""),
    ("visit", "seen", "All at home. We looked at the plan and what has changed since the last meeting. The shared room is "
     "still too small.", "It is quieter now.", "Ring the housing officer about the list"),
)  # fmt: skip


@dataclass(frozen=True)
class Led:
    """A case as the work in it is told: whose, led by whom, from when to when."""

    case_id: UUID
    opened_at: datetime
    led_at: datetime
    closed_at: datetime | None
    review_due_on: date | None
    lead_account: UUID
    manager: UUID
    level: int


_TABLES: dict[str, dict[str, str]] = {
    "town_plan": {"plan_id": "uuid", "case_id": "uuid", "at": "timestamptz", "meeting_every": "int"},
    "town_aim": {
        "case_id": "uuid", "plan_id": "uuid", "need_id": "uuid", "outcome_id": "uuid", "action_id": "uuid",
        "baseline_id": "uuid", "place": "int", "at": "timestamptz", "code": "text", "need": "text", "of_child": "bool",
        "outcome": "text", "measure": "text", "value": "numeric", "target": "numeric", "action": "text",
    },
    "town_review": {
        "review_id": "uuid", "case_id": "uuid", "plan_id": "uuid", "number": "int", "at": "timestamptz", "share": "numeric",
    },
    "town_meeting": {
        "meeting_id": "uuid", "case_id": "uuid", "reference": "text", "purpose": "text", "starts_at": "timestamptz",
        "state": "text", "is_last": "bool",
    },
    "town_note": {
        "note_id": "uuid", "case_id": "uuid", "kind": "text", "result": "text", "at": "timestamptz", "words": "text",
        "child_words": "text", "next_step": "text", "is_alone": "bool", "is_corrected": "bool", "due_on": "date",
        "is_done": "bool",
    },
    "town_assessment": {
        "assessment_id": "uuid", "case_id": "uuid", "previous_id": "uuid", "reference": "text", "at": "timestamptz",
        "state": "text", "which": "int",
    },
    "town_section": {"which": "int", "code": "text", "answers": "jsonb"},
    "town_waiting": {"id": "uuid", "case_id": "uuid", "kind": "text", "at": "timestamptz"},
}  # fmt: skip


class _Teller:
    """Tells what was done in each case; nothing is dated after `at`."""

    def __init__(self, at: datetime) -> None:
        self.at, self.chance = at, random.Random("the work in a town's cases")  # noqa: S311 - invented, not secret
        self.rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _TABLES}
        self.told: set[str] = set()

    def reference(self, letter: str) -> str:
        """One nobody else has."""
        while True:
            found = letter + "-{}{}{}{}-{}{}{}{}".format(*self.chance.choices(_LETTERS, k=8))
            if found not in self.told:
                self.told.add(found)
                return found

    def tell(self, case: Led) -> None:
        """One case, from its lead professional to today or its end."""
        end = case.closed_at or self.at
        if end - case.led_at < timedelta(days=3):
            return
        plan_id, began = new_id(), case.led_at + timedelta(days=min(9, (end - case.led_at).days / 2))
        self.rows["town_plan"].append((plan_id, case.case_id, began, _SIX_WEEKS))
        self._aims(case, plan_id, began)
        reviews = self._reviews(case, plan_id, end)
        self._meetings(case, began, end, reviews)
        self._notes(case, end)
        self._assessments(case, end)
        if case.closed_at is None and self.chance.random() < 0.04:
            kind = "handover" if self.chance.random() < 0.5 else "step"
            at = self.at - (self.at - case.led_at) * self.chance.uniform(0.001, 0.02)
            self.rows["town_waiting"].append((new_id(), case.case_id, kind, at))

    def _aims(self, case: Led, plan_id: UUID, began: datetime) -> None:
        for place, aim in enumerate(self.chance.sample(_AIMS, k=self.chance.choice((2, 3, 3, 4)))):
            code, need, of_child, outcome, measure, value, target, action = aim
            self.rows["town_aim"].append((
                case.case_id, plan_id, new_id(), new_id(), new_id(), new_id(), place, began + timedelta(minutes=3 * place + 1),
                code, need, of_child, outcome, measure, value, target, action,
            ))  # fmt: skip

    def _reviews(self, case: Led, plan_id: UUID, end: datetime) -> list[datetime]:
        """Every six weeks from the opening, but the one that is late; each case says when its next is due."""
        due = case.review_due_on
        held = []
        for number in range(1, 1 + (end - case.opened_at).days // _SIX_WEEKS):
            at = self._by_day(case.opened_at + timedelta(days=_SIX_WEEKS * number))
            if at <= case.led_at + timedelta(days=10) or at >= end or (due and at.date() >= due):
                continue
            held.append(at)
        for number, at in enumerate(held):
            share = (number + 1) / (len(held) + 1)
            self.rows["town_review"].append((new_id(), case.case_id, plan_id, number, at, share))
        return held

    def _by_day(self, at: datetime) -> datetime:
        return at.replace(hour=self.chance.randrange(9, 16), minute=self.chance.choice((0, 15, 30, 45)), second=0)

    def _meetings(self, case: Led, began: datetime, end: datetime, reviews: Sequence[datetime]) -> None:
        held = [("first", began), *(("review", at) for at in reviews)]
        for number, (purpose, at) in enumerate(held):
            is_last = number == len(held) - 1
            state = "held" if is_last and self.chance.random() < 0.3 else "agreed"
            self.rows["town_meeting"].append(
                (new_id(), case.case_id, self.reference("M"), purpose, at, state, is_last and case.closed_at is None)
            )
        due = case.review_due_on
        if case.closed_at is None and due is not None and due > end.date() + timedelta(days=1):
            at = self._by_day(end + timedelta(days=(due - end.date()).days - 1))
            self.rows["town_meeting"].append(
                (new_id(), case.case_id, self.reference("M"), "review", at, "planned", False)
            )

    def _notes(self, case: Led, end: datetime) -> None:
        days = (end - case.led_at).days
        for _ in range(min(40, max(1, days // 9))):
            at = case.led_at + (end - case.led_at) * self.chance.uniform(0.02, 0.99)
            kind, result, words, child_words, next_step = self.chance.choice(_NOTES)
            due_on = (at + timedelta(days=self.chance.randrange(2, 9))).date()
            is_done = (
                case.closed_at is not None or due_on < end.date() - timedelta(days=2) or self.chance.random() < 0.3
            )
            self.rows["town_note"].append((
                new_id(), case.case_id, kind, result, at, words, child_words, next_step, self.chance.random() < 0.3,
                self.chance.random() < 0.05, due_on, is_done,
            ))  # fmt: skip

    def _assessments(self, case: Led, end: datetime) -> None:
        """One after a fortnight, another some months later; the first of the newest cases is still being written."""
        first, previous = case.led_at + timedelta(days=12), None
        begun = [at for at in (first, first + timedelta(days=110)) if at < end]
        for which, at in enumerate(begun):
            assessment_id, is_last = new_id(), which == len(begun) - 1
            is_draft = is_last and case.closed_at is None and end - at < timedelta(days=9)
            state = "draft" if is_draft else "signed" if is_last else "superseded"
            if is_draft and which:
                self.rows["town_assessment"][-1] = (*self.rows["town_assessment"][-1][:5], "signed", 0)
            self.rows["town_assessment"].append(
                (assessment_id, case.case_id, previous, self.reference("A"), at, state, which)
            )
            previous = assessment_id


def _answers(which: int) -> Iterator[tuple[int, str, str]]:
    """What each section says, at first and later."""
    for place, section in enumerate(newest_spec().sections):
        said: dict[str, Any] = {}
        for question in section.questions:
            if question.instead_of:
                continue
            if question.kind is Kind.SCORE:
                said[question.code] = NOT_SEEN if place % 7 == 0 else min(10, 3 + place % 5 + 2 * which)
            elif question.kind is Kind.DAY:
                said[question.code] = "2026-01-05" if question.code == "seen_on" else ""
            elif question.kind is Kind.CHOICE:
                said[question.code] = question.choices[0][0]
            elif question.kind is Kind.CHOICES:
                said[question.code] = [question.choices[0][0]]
            elif not question.fact:
                said[question.code] = (
                    "As they say: some days are good, and mornings are hard. School and home agree on this."
                )
        yield which, section.code, json.dumps(said)


def tell(cases: Sequence[Led], *, at: datetime) -> int:
    """Put what was done in the cases into temporary tables, for `demo_town_writing`. Returns how many have a plan."""
    teller = _Teller(at)
    for case in cases:
        teller.tell(case)
    teller.rows["town_section"] = [row for which in (0, 1) for row in _answers(which)]
    for name, columns in _TABLES.items():
        fill_temporary(name, columns, teller.rows[name])
    return len(teller.rows["town_plan"])
