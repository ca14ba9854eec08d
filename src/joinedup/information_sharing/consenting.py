"""Agreement of the family: who can give it, on what evidence, to what; and what its withdrawal ends. Pure.

Agreement to the *service* (this help) and the basis for *sharing* are different records: somebody may accept help and
share nothing, and sharing that stands on another basis goes on when agreement is withdrawn.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from joinedup.information_sharing import rules
from joinedup.information_sharing.codes import Capacity, Evidence
from joinedup.information_sharing.rules import Rule, age_on


@dataclass(frozen=True)
class Voice:
    """Who spoke: their name, in what right, why they are thought able to (under 16), and how it was said. `birth_date` is
    that of whom it is about."""

    name: str
    capacity: str
    reasons: str
    evidence: str
    said_on: date | None
    birth_date: date | None


def fault_of_voice(voice: Voice, *, on: date) -> tuple[Rule, str] | None:
    """The first rule broken, and its field."""
    if voice.capacity not in set(Capacity):
        return rules.CAPACITY_SAID, "capacity"
    if not voice.name.strip():
        return rules.GIVER_NAMED, "given_by"
    if voice.capacity == Capacity.COMPETENT_YOUNG_PERSON and not voice.reasons.strip():
        return rules.COMPETENCE_REASONED, "reasons"
    age = age_on(voice.birth_date, on)
    if voice.capacity == Capacity.SIXTEEN_AND_OVER and (age is None or age < 16):
        return rules.SIXTEEN_REACHED, "capacity"
    if voice.evidence not in set(Evidence):
        return rules.EVIDENCE_SAID, "evidence"
    if voice.said_on is None or voice.said_on > on:
        return rules.GIVEN_BY_NOW, "given_on"
    return None


def is_in_force(*, starts_on: date, expires_on: date | None, has_ended: bool, on: date) -> bool:
    """From its first day to its last, both included, unless it was ended."""
    return not has_ended and starts_on <= on and (expires_on is None or on <= expires_on)


@dataclass(frozen=True)
class Sharing:
    """The part of a basis for sharing that withdrawal looks at."""

    rests_on_agreement: bool
    has_ended: bool


def ended_by_withdrawal(sharings: Collection[Sharing]) -> list[bool]:
    """Which of these end at once when agreement is withdrawn: those that rest on it and on nothing else."""
    return [each.rests_on_agreement and not each.has_ended for each in sharings]
