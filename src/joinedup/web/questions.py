"""The first three questions of each role, and what answers them: data, which a partnership edits as a setting.

An answer is named by its key: one that a part registered (`core.answers`), or a number of the first page (`COUNTS`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from joinedup.access.actor import Actor
from joinedup.access.roles import Role
from joinedup.core import partnership
from joinedup.core.answers import declared_answers
from joinedup.core.partnership import declare_setting

# The numbers that the first page counts anyway, by the keys that questions name them with.
COUNTS: dict[str, str] = {
    "work.red": "referrals rated red, and red ones nobody has accepted",
    "work.late": "overdue referrals, and referrers to be told",
    "work.due": "referrals due today",
    "work.mine": "referrals with the viewer or the viewer’s team",
    "work.decide": "referrals waiting for a decision",
    "work.incoming": "hand-overs, allegations and requests to take or to answer",
    "case.offers": "cases the viewer is asked to lead",
    "case.due": "what is due this week",
    "case.late": "what is overdue of the viewer’s own",
    "case.steps": "steps up or down that wait",
    "team.late": "overdue reviews and supervisions of a team",
    "team.decide": "agreements withdrawn, and families sent back",
    "own.tasks": "the viewer’s own tasks, audits and supervisions",
    "money.due": "what is due in shared money",
}


@dataclass(frozen=True)
class Question:
    """A question and the keys of what answers it."""

    asks: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Home:
    """The first three questions of a role."""

    role: Role
    questions: tuple[Question, ...]


def _row(role: Role, *questions: tuple[str, str]) -> dict[str, Any]:
    return {
        "role": role.value,
        "questions": [{"asks": asks, "answers": answers.split()} for asks, answers in questions],
    }


_FRONT_DOOR = (
    ("What cannot wait?", "work.red work.late work.incoming"),
    ("What is mine today?", "work.due work.mine own.tasks"),
    ("What waits for a decision?", "work.decide team.decide"),
)
_SHARED_MONEY = (
    ("What do we owe, or are we owed?", "funds.owed money.due"),
    ("What moved since last time?", "funds.moved"),
    ("Which benefit is measured, and not just forecast?", "benefits.measured"),
)
_DEFAULT: list[dict[str, Any]] = [
    _row(Role.FRONT_DOOR_WORKER, *_FRONT_DOOR),
    _row(Role.SOCIAL_WORKER, *_FRONT_DOOR),
    _row(Role.FRONT_DOOR_MANAGER, *_FRONT_DOOR),
    _row(
        Role.TEAM_MANAGER,
        ("Who needs me now?", "case.offers team.decide case.steps own.tasks work.mine"),
        ("What is overdue?", "team.late"),
        ("Who has room for the next family?", "casework.room"),
    ),
    _row(
        Role.KEY_WORKER,
        ("Who needs me today?", "case.offers case.due own.tasks"),
        ("What changed on my families?", "casework.changed"),
        ("What is overdue?", "case.late case.steps"),
    ),
    _row(Role.FINANCE_DIRECTOR, *_SHARED_MONEY),
    _row(Role.CHIEF_FINANCE_OFFICER, *_SHARED_MONEY),
    _row(
        Role.POOL_MANAGER,
        ("What is due now?", "money.due"),
        ("Which fund runs out?", "funds.left"),
        ("What moved since last time?", "funds.moved"),
    ),
    _row(
        Role.COMMISSIONER,
        ("Is more asked of us than before?", "web.loop"),
        ("Which outcomes are behind?", "outcomes.behind"),
        ("Which benefit is measured, and not just forecast?", "benefits.measured"),
    ),
    _row(
        Role.PROGRAMME_MANAGER,
        ("Which benefit is measured, and not just forecast?", "benefits.measured"),
        ("Which outcomes are behind?", "outcomes.behind"),
        ("What must boards decide?", "governance.to_decide"),
    ),
    _row(
        Role.DIRECTOR,
        ("What must I decide?", "governance.to_decide"),
        ("What is worse, and who answers for it?", "governance.risks governance.answerable"),
        ("Is the loop closed, from contact to benefit?", "web.loop"),
    ),
    _row(
        Role.BOARD_MEMBER,
        ("What must I decide?", "governance.to_decide"),
        ("What is worse?", "outcomes.behind"),
        ("Who answers for it?", "governance.answerable"),
    ),
    _row(
        Role.SCRUTINY_MEMBER,
        ("What was decided that we may still call in?", "governance.may_call_in"),
        ("What is worse?", "outcomes.behind"),
        ("Who owes us a reply?", "governance.replies governance.answerable"),
    ),
    _row(
        Role.GOVERNANCE_OFFICER,
        ("Which meetings must be prepared?", "governance.to_prepare"),
        ("Which decisions and minutes wait to be recorded?", "governance.to_record"),
        ("Which seats are empty?", "governance.vacant"),
    ),
    *(
        _row(
            role,
            ("Which records are to be confirmed?", "directory.to_confirm"),
            ("Which changes wait to be approved?", "directory.waiting"),
            ("What do people say is wrong?", "directory.said_wrong"),
        )
        for role in (Role.DIRECTORY_EDITOR, Role.DIRECTORY_MANAGER)
    ),
]  # fmt: skip


def _check(rows: Any) -> None:
    """Three questions for each role, each answered by something there is."""
    known = {each.key for each in declared_answers()} | set(COUNTS)
    seen: set[str] = set()
    for row in rows:
        if row["role"] not in set(Role) or row["role"] in seen:
            raise ValueError(f"“{row['role']}” is no role, or stands there twice.")
        seen.add(row["role"])
        if len(row["questions"]) != 3:
            raise ValueError(f"Give {row['role'].replace('_', ' ')} three questions.")
        for question in row["questions"]:
            if not isinstance(question["asks"], str) or not question["asks"].strip() or not question["answers"]:
                raise ValueError("Every question needs its words and at least one answer.")
            if unknown := [each for each in question["answers"] if each not in known]:
                raise ValueError(f"Nothing answers “{unknown[0]}”. Choose from: {', '.join(sorted(known))}.")


HOME_QUESTIONS = declare_setting(
    "web.home_questions",
    "The first three questions of each role, and which answers stand under each on the first page. Whoever holds several roles gets the first of them in this order, and may choose another.",
    _DEFAULT,
    check=_check,
)  # fmt: skip


def homes_of(viewer: Actor, on: date) -> list[Home]:
    """The homes of the roles a viewer holds, in the order of the setting."""
    return [
        Home(Role(row["role"]), tuple(Question(each["asks"], tuple(each["answers"])) for each in row["questions"]))
        for row in partnership.value(HOME_QUESTIONS, on=on)
        if row["role"] in viewer.roles
    ]
