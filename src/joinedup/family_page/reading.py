"""Whether a page is open, and what may stand on it: pure, so that it can be read and tried as truth tables."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Why(StrEnum):
    """Why a page is closed. The reader is never told: whoever holds the link may be somebody else."""

    WITHDRAWN = "withdrawn"
    CASE_CLOSED = "case_closed"
    NOT_IN_CASE = "not_in_case"
    LEFT_FAMILY = "left_family"
    DIED = "died"
    RESTRICTED = "restricted"
    NO_SAFE_CONTACT = "no_safe_contact"
    LOST_RESPONSIBILITY = "lost_responsibility"
    ABUSE = "abuse"


WHY_LABELS: dict[Why, str] = {
    Why.WITHDRAWN: "A worker closed it",
    Why.CASE_CLOSED: "The case is closed",
    Why.NOT_IN_CASE: "They are not part of this case any more",
    Why.LEFT_FAMILY: "They have left the family",
    Why.DIED: "They have died",
    Why.RESTRICTED: "It cannot be opened. Ask your team manager",
    Why.NO_SAFE_CONTACT: "No e-mail address or number for texts is recorded as safe for them now",
    Why.LOST_RESPONSIBILITY: "They have lost parental responsibility for a child this page is about",
    Why.ABUSE: "Domestic abuse was recorded, and nobody has said since why this page is safe",
}


class State(StrEnum):
    """How somebody's page stands, as the team reads it."""

    NOT_OFFERED = "not_offered"
    OFFERED = "offered"
    OPEN = "open"
    EXPIRED = "expired"
    CLOSED = "closed"


STATE_LABELS: dict[State, str] = {
    State.NOT_OFFERED: "Not offered",
    State.OFFERED: "Offered",
    State.OPEN: "Open",
    State.EXPIRED: "Link has run out",
    State.CLOSED: "Closed",
}


@dataclass(frozen=True)
class Standing:
    """What is true of a reader and their case at one moment."""

    is_withdrawn: bool = False
    is_case_closed: bool = False
    is_in_case: bool = True
    has_left_family: bool = False
    has_died: bool = False
    is_restricted: bool = False
    has_safe_contact: bool = True
    has_lost_responsibility: bool = False
    has_new_abuse: bool = False  # a fact about domestic abuse that nobody has weighed for this reader


def why_closed(standing: Standing) -> Why | None:
    """Why the page is closed at that moment, or None: worked out at every reading, so that no job has to run for it."""
    asked = (
        (standing.is_withdrawn, Why.WITHDRAWN),
        (standing.is_case_closed, Why.CASE_CLOSED),
        (not standing.is_in_case, Why.NOT_IN_CASE),
        (standing.has_left_family, Why.LEFT_FAMILY),
        (standing.has_died, Why.DIED),
        (standing.is_restricted, Why.RESTRICTED),
        (not standing.has_safe_contact, Why.NO_SAFE_CONTACT),
        (standing.has_lost_responsibility, Why.LOST_RESPONSIBILITY),
        (standing.has_new_abuse, Why.ABUSE),
    )
    return next((why for is_so, why in asked if is_so), None)


def state_of(*, exists: bool, why: Why | None, link_ends_at: datetime | None, has_entered: bool, at: datetime) -> State:
    """How a page stands. A link that has run out is the only thing between an open page and its reader."""
    if not exists:
        return State.NOT_OFFERED
    if why is not None:
        return State.CLOSED
    if link_ends_at is None or link_ends_at <= at:
        return State.EXPIRED
    return State.OPEN if has_entered else State.OFFERED


@dataclass(frozen=True)
class Piece:
    """One released thing, as the decision whether to show it needs it."""

    page_id: UUID
    is_withdrawn: bool
    concerns: frozenset[UUID]
    names_nobody_else: bool


def is_shown(piece: Piece, *, page_id: UUID, why: Why | None, cleared: Collection[UUID]) -> bool:
    """Whether a reader gets a released thing: their own page, open, not taken back, about nobody it is not cleared for,
    and naming nobody else."""
    return (
        why is None
        and piece.page_id == page_id
        and not piece.is_withdrawn
        and piece.concerns <= frozenset(cleared)
        and piece.names_nobody_else
    )


def may_show_parent(*, concerns_young: bool, has_said_yes: bool, reason: str) -> bool:
    """Whether something may be shown to a parent: what is about a young person with a space of their own only when they
    said yes, or with a reason that is recorded and told to them."""
    return not concerns_young or has_said_yes or bool(reason.strip())


def is_of_age(age: int | None, *, least: int, understanding: str) -> bool:
    """Whether a child may have a page of their own: old enough, or with the reasons why they understand what it means."""
    return (age is not None and age >= least) or bool(understanding.strip())


def where_to(how: str, details: str, gateway: str) -> str:
    """The address to which a link or a code goes: an e-mail address that is safe, or a number that is safe for texts
    where the partnership has a gateway that turns e-mails into texts. Empty where there is none."""
    told = details.strip()
    if how == "email" and "@" in told and " " not in told:
        return told
    digits = "".join(sign for sign in told if sign.isdigit())
    if how == "text" and gateway and 10 <= len(digits) <= 15:
        return gateway.replace("{number}", digits)
    return ""
