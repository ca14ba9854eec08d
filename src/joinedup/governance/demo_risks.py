"""The demo’s risk register: the six kinds a partnership reported to scrutiny and one of another kind, with their movement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import system
from joinedup.governance import services
from joinedup.governance.risk_scoring import Score, Scores
from joinedup.governance.services import RiskSaid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from joinedup.governance.models import Board, Risk
    from joinedup.organisations.models import Post

_FIRST, _SECOND = timedelta(days=280), timedelta(days=150)
_MINUTE = "Meeting at which the register was adopted, minute 6"


@dataclass(frozen=True)
class RiskOf:
    """One risk: where it stood first, at the second review, and how long ago it is to be looked at again."""

    kind: str
    title: str
    cause: str
    event: str
    effect: str
    board: str
    owner: str
    inherent: tuple[int, int]
    first: tuple[int, int]
    second: tuple[int, int]
    target: tuple[int, int]
    found: str
    next_in: int
    control: str
    works: str
    action: str = ""
    action_in: int = 30
    kind_words: str = ""


RISKS: tuple[RiskOf, ...] = (
    RiskOf(
        "children", "A child comes to harm while services change",
        "Teams, premises and lead professionals change at the same time.", "Nobody notices in time that a child’s situation got worse.",
        "A child comes to harm that could have been prevented.", "trust", "Dora Testdirector", (4, 5), (3, 5), (2, 5), (1, 5),
        "Every open case had a lead professional on the day of the move.", 40, "The team’s manager holds the duty until somebody else does",
        "works", "Look over every case that changed hands in the month after", 20,
    ),
    RiskOf(
        "partnership", "Partners reorganise and step back",
        "Health and police go through structural changes with tighter budgets.", "A partner takes its people or its money out.",
        "What was agreed comes late or not at all.", "public_services", "Nolan Mockdirector", (4, 4), (3, 4), (4, 4), (2, 3),
        "A reorganisation was announced since.", 25, "Agreements name notice periods and who takes over", "partly",
        "Meet the body that takes over before the change", -6,
    ),
    RiskOf(
        "policy", "Government changes direction", "National policy pulls in different directions.",
        "Duties or bodies change before what was begun is finished.", "Work is done twice or for nothing.", "strategy", "Bea Testmember",
        (4, 3), (4, 3), (3, 3), (3, 2), "The board expects no change within the year.", 70, "Duties and names of bodies are dated data", "works",
    ),
    RiskOf(
        "staff", "Too few people know how to lead and to commission",
        "Few have experience of commissioning across bodies; training takes them away from families.",
        "Posts stay open or are filled by people who are not trained.", "Families wait, and assessments are of uneven quality.",
        "trust", "Dora Testdirector", (4, 4), (4, 4), (3, 4), (2, 3), "Two courses were run, and one more is planned.", -4,
        "Nobody leads a case without the course", "works", "Plan the courses of the coming year", 45,
    ),
    RiskOf(
        "governance", "It is unclear who answers for what",
        "Boards overlap, and a seat with a legal duty is empty.", "Two bodies decide differently, or none does.",
        "Delay, and nobody can be held to account.", "public_services", "Corin Testchief", (4, 4), (4, 4), (3, 4), (1, 3),
        "Terms of reference were written; the lead member is still not designated.", 30, "Powers are written with their source", "partly",
        "Have the lead member for children designated", -12,
    ),
    RiskOf(
        "inspection", "An inspection finds the standard not met", "Evidence is scattered and judged differently.",
        "The partnership cannot show what it achieved.", "Loss of reputation, and intervention from outside.", "trust", "Dora Testdirector",
        (3, 4), (3, 3), (2, 3), (2, 2), "Figures now come from the live system.", 60, "The progress report takes its figures from the system", "works",
    ),
    RiskOf(
        "other", "The shared building is not ready in time", "Capital is short and the lease is not signed.",
        "Teams cannot move in together.", "Co-location comes a year later.", "public_services", "Homer Mockhome", (3, 3), (3, 3), (3, 3), (2, 2),
        "No change.", 50, "Rooms are shared in two schools meanwhile", "partly", kind_words="Premises",
    ),
)  # fmt: skip
_ACCEPTED = (("children", 8), ("partnership", 12), ("policy", 12), ("staff", 10), ("governance", 9), ("inspection", 9))


def load(boards: Mapping[str, Board], posts: Mapping[str, Post], *, at: datetime) -> dict[str, Risk]:
    """Put them on the register, review each once, and write down what the boards accept; by kind."""
    then = at - _FIRST
    for code in ("public_services", "trust", "strategy"):
        for kind, most in _ACCEPTED:
            services.set_appetite(
                board=boards[code], kind=kind, most=most, source=_MINUTE, starts_on=timezone.localdate(then), by=system(then), at=then
            )  # fmt: skip
    return {each.kind: _risk(each, boards[each.board], posts, at) for each in RISKS}


def _scores(each: RiskOf, current: tuple[int, int]) -> Scores:
    return Scores(Score(*each.inherent), Score(*current), Score(*each.target))


def _risk(each: RiskOf, board: Board, posts: Mapping[str, Post], at: datetime) -> Risk:
    first, second, owner = at - _FIRST, at - _SECOND, posts[each.owner]
    said = RiskSaid(
        each.kind, each.title, each.cause, each.event, each.effect, _scores(each, each.first), 3, each.kind_words
    )
    risk = services.raise_risk(board=board, said=said, owner=owner, by=system(first), at=first)
    services.add_control(risk=risk, words=each.control, works=each.works, by=system(first), at=first)
    next_on = timezone.localdate(at + timedelta(days=each.next_in))
    services.review_risk(
        risk=risk, scores=_scores(each, each.second), why=each.found, next_review_on=next_on, number=1, by=system(second), at=second
    )  # fmt: skip
    if each.action:
        due_on = timezone.localdate(at + timedelta(days=each.action_in))
        services.set_risk_action(risk=risk, words=each.action, owner=owner, due_on=due_on, by=system(second), at=second)
    return risk
