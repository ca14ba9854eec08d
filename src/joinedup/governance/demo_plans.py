"""The demo’s plan for children, adopted by the trust board, and the draft of the next one. The concerns are those Wiltshire
reported to its scrutiny committee in 2006; everything else is invented, and every page of it says so."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import system
from joinedup.governance import services
from joinedup.governance.models import ChildrenPlan
from joinedup.governance.queries.plans import headings_to_choose, lines_to_choose, measures_seen
from joinedup.governance.queries.sitting import members_on
from joinedup.governance.services import DecisionSaid, ItemSaid, PlanSaid
from joinedup.organisations.queries import organisation_with_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from joinedup.governance.models import Board, Decision, PlanPriority
    from joinedup.organisations.models import Post

_BEGUN, _PROPOSED, _DECIDED, _AGREED, _REPORTED = (timedelta(days=each) for each in (170, 150, 140, 125, 30))
_PARTNERS = ("COUNCIL", "NHS", "POLICE")
_SUMMARY = "We want every child to be safe, well and heard. Help should come early. You should not have to tell your story twice."
_NEEDS: tuple[tuple[str, str, str], ...] = (
    ("Help that comes early", "Families said services were fragmented, and that each asks the same questions again.", "help_given"),
    ("One person who holds the help together", "A lead professional is not yet widely in place.", "leads"),
    ("Support for feelings and behaviour", "Developing responses to emotional and behavioural problems is a priority of the board.", ""),
)  # fmt: skip
# Title, why, its outcome of the framework, what shall be different, actions (what, title, body, days from the beginning, reported).
_PRIORITIES: tuple[tuple[str, str, str, str, tuple[tuple[str, str, str, int, str], ...]], ...] = (
    (
        "Help early, from one team", "What is noticed early is easier to put right.", "Stay safe",
        "Fewer families have to come back for help",
        (
            ("Roll out the one form to every school", "Head of early help", "COUNCIL", 300, "on_course"),
            ("Train leads in every locality", "Workforce lead", "NHS", 200, "behind"),
        ),
    ),
    (
        "Children feel well", "Feelings and behaviour are what young people ask about first.", "Be healthy", "Fewer children wait to be seen",
        (("Open a drop-in for young people in each town", "Head of children’s health", "NHS", 120, "not_begun"),),
    ),
    (
        "Young people are heard", "Plans are better when those they are for help to write them.", "Make a positive contribution",
        "Young people say they are listened to",
        (("Ask children about this plan every year", "Participation lead", "COUNCIL", 365, "done"),),
    ),
)  # fmt: skip
# Which outcome is measured from the record of the work; the others by a survey, as their lines say.
_COUNTED = {"Fewer families have to come back for help": "rereferrals"}
_THEMES: tuple[tuple[str, str, str, str, int | None], ...] = (
    ("children", "We do not want to tell our story again and again.", "did", "One person holds your help together, and one form is used.", 0),
    ("young_people", "We want somewhere to go to talk in our own town.", "did", "We will open a drop-in in each town.", 1),
    ("young_people", "Buses should be free for everybody under 19.", "did_not", "the partners in this plan do not set fares. We wrote to those who do.", None),
    ("parents", "Tell us what will happen and when.", "did", "Every letter now says who will be in touch, and by when.", 0),
)  # fmt: skip


def load(board: Board, posts: Mapping[str, Post], *, at: datetime) -> None:
    """The plan that is in force, and the draft of the next one."""
    plan = _written(board, posts, at - _BEGUN)
    services.propose_plan(plan=plan, by=system(at - _PROPOSED), at=at - _PROPOSED)
    decision = _decided(board, plan, at - _DECIDED)
    for code in _PARTNERS:
        then = at - _AGREED
        services.record_approval(
            organisation=organisation_with_code(system(then), code), decision=decision, agrees=True, body="Its own board",
            approved_on=timezone.localdate(then), minute="7", by=system(then), at=then,
        )  # fmt: skip
    _reported(plan, at - _REPORTED)
    services.begin_plan(
        board=board, begins_from=ChildrenPlan.objects.get(pk=plan.pk), is_illustration=True, by=system(at), at=at,
        said=_said("Our plan for children and young people, the next", plan.ends_on + timedelta(days=1), 3 * 365, at),
    )  # fmt: skip


def _said(title: str, starts_on: date, days: int, at: datetime) -> PlanSaid:
    partners = [organisation_with_code(system(at), code) for code in _PARTNERS]
    return PlanSaid(
        title, "every_child_matters", starts_on, starts_on + timedelta(days=days),
        "Every child grows up safe, well and heard, and no family is passed around.", _SUMMARY, partners,
    )  # fmt: skip


def _written(board: Board, posts: Mapping[str, Post], at: datetime) -> ChildrenPlan:
    by, day = system(at), timezone.localdate(at)
    plan = services.begin_plan(
        board=board,
        said=_said("Our plan for children and young people", day, 3 * 365, at),
        is_illustration=True,
        by=by,
        at=at,
    )
    services.consult_on_plan(plan=plan, by=by, at=at)
    needs = [
        services.write_need(
            plan=plan, by=by, at=at,
            said=services.NeedSaid(
                title, words, figure, "" if figure else "One young person in four says so", "" if figure else "Invented survey of schools",
                None if figure else day - timedelta(days=60),
            ),
        )
        for title, words, figure in _NEEDS
    ]  # fmt: skip
    headings = {each.name: each for each in headings_to_choose(by, plan)}
    measures = {
        each.row.series.counter: each for each in measures_seen(by).values() if each.row and each.row.series.target
    }
    made, actions = [], []
    for place, (title, why, heading, different, doing) in enumerate(_PRIORITIES):
        owner = posts["Dora Testdirector" if place != 1 else "Nolan Mockdirector"]
        priority = services.write_priority(
            plan=plan, said=services.PrioritySaid(title, why, owner, needs[place : place + 1]), by=by, at=at
        )
        measure = measures.get(_COUNTED.get(different, "no counter"))
        services.write_outcome(
            plan=plan, by=by, at=at,
            said=services.OutcomeSaid(
                priority, different, headings[heading], "", measure.id if measure else None, "" if measure else "Share who say so in the invented survey",
                "40 per cent", "60 per cent", plan.ends_on, "Invented survey of schools",
            ),
        )  # fmt: skip
        for words, post, code, days, _ in doing:
            said = services.PlanActionSaid(
                priority, words, None, post, organisation_with_code(by, code), day + timedelta(days=days)
            )
            actions.append(services.write_action(plan=plan, said=said, by=by, at=at))
        made.append(priority)
    lines = lines_to_choose(by)
    for priority, line in zip(made, lines[:2], strict=False):
        services.write_money(plan=plan, said=services.MoneySaid(priority, line), by=by, at=at)
    own = services.MoneySaid(made[2], None, 1_500_000, "The council’s participation budget")
    services.write_money(plan=plan, said=own, by=by, at=at)
    for name, body, words in (
        (
            "Joint health and wellbeing strategy",
            "Health and wellbeing board",
            "Its aim for children is our second priority.",
        ),
        ("Safeguarding arrangements", "Safeguarding partners", "Who is worried about a child comes to the same door."),
    ):
        services.write_alignment(plan=plan, said=services.AlignmentSaid(name, body, words), by=by, at=at)
    _asked(plan, made, at)
    return plan


def _asked(plan: ChildrenPlan, priorities: Sequence[PlanPriority], at: datetime) -> None:
    by, day = system(at), timezone.localdate(at)
    round_ = services.write_round(
        plan=plan, by=by, at=at,
        said=services.RoundSaid(
            "The big ask", "In school councils and youth clubs, by a short survey, and in two evenings for parents.",
            day - timedelta(days=50), day - timedelta(days=10),
            {"children": (640, 412), "young_people": (380, 201), "parents": (900, 236), "partners": (60, 44)},
        ),
    )  # fmt: skip
    for group, said, answer, words, place in _THEMES:
        changed = priorities[place] if place is not None else None
        theme = services.ThemeSaid(round_, group, said, answer, words, changed)
        services.write_theme(plan=plan, said=theme, by=by, at=at)


def _decided(board: Board, plan: ChildrenPlan, at: datetime) -> Decision:
    by, called = system(at), at - timedelta(days=5)
    meeting = services.plan_meeting(board=board, starts_at=at, place="Exampleshire House", by=system(called), at=called)
    said = ItemSaid(
        "decision", f"Adopt {plan.title}", "It was proposed in the spring.", matter_kind="adopt_plan", matter_id=plan.pk
    )
    item = services.add_item(meeting=meeting, said=said, by=system(called), at=called)
    services.call_meeting(meeting=meeting, by=system(called), at=called)
    members = members_on(by, board.pk, at)
    services.hold_meeting(meeting=meeting, attendance={each.id: "present" for each in members}, by=by, at=at)
    decision = services.record_decision(
        item=item, by=by, at=at,
        said=DecisionSaid(
            f"Adopt {plan.title}.", "Children and young people were asked, and it answers what they said.",
            "Go on without a plan; adopt one for a year only.", organisation_with_code(by, "COUNCIL"),
            {each.id: "for" for each in members if each.has_vote},
        ),
    )  # fmt: skip
    item.refresh_from_db()
    services.write_minute(item=item, minute="Discussed and adopted.", version=item.version, by=by, at=at)
    services.agree_minutes(meeting=meeting, by=by, at=at)
    return decision


def _reported(plan: ChildrenPlan, at: datetime) -> None:
    states = {words: state for *_, doing in _PRIORITIES for words, _, _, _, state in doing}
    said = {
        "on_course": "Two thirds of schools use it.",
        "behind": "Half of the leads are trained.",
        "done": "The first answers are in.",
    }
    for priority in plan.priorities.prefetch_related("actions"):
        for action in priority.actions.all():
            state = states[action.words]
            if state in said:
                services.report_plan_action(action=action, state=state, words=said[state], by=system(at), at=at)
