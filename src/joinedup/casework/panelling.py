"""What a panel decides and how long families wait for it. Pure.

A request names the services it is for. The panel decides about each that is still open, with a reason; the request is
decided once none is. Waiting is counted in working days from the day after it was asked to the day it was decided.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from joinedup.casework import rules
from joinedup.casework.lifecycle import PanelRequestState
from joinedup.casework.pathways import Outcome, PanelTerms
from joinedup.casework.rules import Rule
from joinedup.engines.periods import working_days_between

FINAL = frozenset({Outcome.AGREED, Outcome.OTHER_SERVICE, Outcome.NOT_AGREED})
# What somebody may not agree with.
CONTESTABLE = frozenset({Outcome.OTHER_SERVICE, Outcome.NOT_AGREED})
LEAST_THERE = 2


@dataclass(frozen=True)
class Verdict:
    """What is decided about one service; `instead` names the one that fits better."""

    code: str
    reason: str
    instead: str = ""


def services_to_decide(newest: Mapping[UUID, str], *, is_again: bool) -> frozenset[UUID]:
    """The services a panel is to decide about now: those nobody has decided, or wanted to know more of. When somebody did not
    agree, those that were not agreed. `newest` has an empty word for a service without a decision."""
    if is_again:
        return frozenset(each for each, code in newest.items() if code in CONTESTABLE)
    return frozenset(each for each, code in newest.items() if code not in FINAL)


def verdicts_fault(open_services: Collection[UUID], said: Mapping[UUID, Verdict], terms: PanelTerms) -> Rule | None:
    """CW-631 and CW-632: every open service and no other, each with a decision of this panel and its reason."""
    known = {each.code for each in terms.verdicts}
    if set(said) != set(open_services) or any(
        each.code not in known or not each.reason.strip() for each in said.values()
    ):
        return rules.PANEL_DECIDES
    wanting = any(each.code == Outcome.OTHER_SERVICE and not each.instead.strip() for each in said.values())
    return rules.OTHER_SERVICE_NAMED if wanting else None


def state_after(said: Collection[Verdict]) -> PanelRequestState:
    """Where a panel's decisions leave a request."""
    waits = any(each.code == Outcome.MORE_INFORMATION for each in said)
    return PanelRequestState.MORE_INFORMATION if waits else PanelRequestState.DECIDED


def papers_wanting(terms: PanelTerms, there: Collection[str]) -> tuple[str, ...]:
    """The papers that are not there yet, in words."""
    return tuple(each.words for each in terms.papers if each.code not in there)


def days_waited(asked_on: date, until: date) -> int:
    """Working days waited: the day after asking is the first."""
    return working_days_between(asked_on, until)


@dataclass(frozen=True)
class Waits:
    """How long those that were decided had waited, in working days."""

    count: int
    median: float | None
    within: int

    @property
    def percent(self) -> int | None:
        """The share decided within the clock, a half upwards."""
        return int(Fraction(self.within, self.count) * 100 + Fraction(1, 2)) if self.count else None


def waits(days: Sequence[tuple[int, bool]]) -> Waits:
    """Of (days waited, whether within the clock) of each."""
    ordered = sorted(number for number, _ in days)
    middle = len(ordered) // 2
    median = None
    if ordered:
        median = float(ordered[middle]) if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return Waits(len(ordered), median, sum(is_within for _, is_within in days))
