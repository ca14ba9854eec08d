"""States of an agreement, a request and a proposed indicator, and the one table of allowed moves of each. Pure.

What is in force is decided by the day, not by a job: an agreement whose first day has come is in force, and one whose
expiry day has come is not, whatever state was written down last.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class AgreementState(StrEnum):
    """Where a sharing agreement stands."""

    DRAFT = "draft"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    ENDED = "ended"


AGREEMENT_MOVES: dict[AgreementState, frozenset[AgreementState]] = {
    AgreementState.DRAFT: frozenset({AgreementState.SIGNED, AgreementState.ENDED}),
    AgreementState.SIGNED: frozenset({AgreementState.IN_FORCE, AgreementState.EXPIRED, AgreementState.ENDED}),
    AgreementState.IN_FORCE: frozenset({AgreementState.EXPIRED, AgreementState.ENDED}),
    AgreementState.EXPIRED: frozenset(),
    AgreementState.ENDED: frozenset(),
}

AGREEMENT_LABELS: dict[AgreementState, str] = {
    AgreementState.DRAFT: "Draft",
    AgreementState.SIGNED: "Signed by everybody, not yet in force",
    AgreementState.IN_FORCE: "In force",
    AgreementState.EXPIRED: "Expired",
    AgreementState.ENDED: "Ended",
}

# Written down as signed by every party and not ended: in force on the days between start and expiry.
SIGNED_BY_ALL = frozenset({AgreementState.SIGNED, AgreementState.IN_FORCE})


def agreement_state_on(
    written: AgreementState, *, starts_on: date | None, expires_on: date | None, on: date
) -> AgreementState:
    """How an agreement stands on a day, from what was written down last and its dates. The expiry day is the first day
    on which nothing may be asked or answered under it any more."""
    if written not in SIGNED_BY_ALL:
        return written
    if expires_on is not None and on >= expires_on:
        return AgreementState.EXPIRED
    if starts_on is None or on < starts_on:
        return AgreementState.SIGNED
    return AgreementState.IN_FORCE


class RequestState(StrEnum):
    """Where a request for information stands."""

    ASKED = "asked"
    OPENED = "opened"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


REQUEST_MOVES: dict[RequestState, frozenset[RequestState]] = {
    RequestState.ASKED: frozenset({RequestState.OPENED, RequestState.WITHDRAWN, RequestState.CLOSED}),
    RequestState.OPENED: frozenset(
        {RequestState.ANSWERED, RequestState.REFUSED, RequestState.WITHDRAWN, RequestState.CLOSED}
    ),
    RequestState.ANSWERED: frozenset({RequestState.CLOSED}),
    RequestState.REFUSED: frozenset({RequestState.ANSWERED, RequestState.CLOSED}),
    RequestState.WITHDRAWN: frozenset(),
    RequestState.CLOSED: frozenset(),
}

REQUEST_LABELS: dict[RequestState, str] = {
    RequestState.ASKED: "Asked",
    RequestState.OPENED: "Opened, not yet answered",
    RequestState.ANSWERED: "Answered",
    RequestState.REFUSED: "Refused",
    RequestState.WITHDRAWN: "Withdrawn",
    RequestState.CLOSED: "Closed",
}

# Who has the next move in each state, so that nothing waits on nobody.
REQUEST_OWNERS: dict[RequestState, str] = {
    RequestState.ASKED: "the agency asked",
    RequestState.OPENED: "the agency asked",
    RequestState.ANSWERED: "whoever asked",
    RequestState.REFUSED: "whoever asked",
    RequestState.WITHDRAWN: "nobody",
    RequestState.CLOSED: "nobody",
}

# Nobody has answered or refused yet.
WAITING = frozenset({RequestState.ASKED, RequestState.OPENED})
# Not withdrawn and not closed: while it is, and its agreement is in force, both ends see what it lets them see.
LIVE = WAITING | {RequestState.ANSWERED, RequestState.REFUSED}


class ProposalState(StrEnum):
    """Where a proposed indicator, or a proposed change of one, stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


PROPOSAL_MOVES: dict[ProposalState, frozenset[ProposalState]] = {
    ProposalState.DRAFT: frozenset({ProposalState.PROPOSED, ProposalState.WITHDRAWN}),
    ProposalState.PROPOSED: frozenset({ProposalState.AGREED, ProposalState.DECLINED, ProposalState.WITHDRAWN}),
    ProposalState.AGREED: frozenset(),
    ProposalState.DECLINED: frozenset(),
    ProposalState.WITHDRAWN: frozenset(),
}

PROPOSAL_LABELS: dict[ProposalState, str] = {
    ProposalState.DRAFT: "Being written",
    ProposalState.PROPOSED: "Waiting for a second person",
    ProposalState.AGREED: "Agreed",
    ProposalState.DECLINED: "Declined",
    ProposalState.WITHDRAWN: "Withdrawn",
}

PROPOSAL_OWNERS: dict[ProposalState, str] = {
    ProposalState.DRAFT: "whoever began it",
    ProposalState.PROPOSED: "anybody who may agree and did not propose it",
    ProposalState.AGREED: "nobody",
    ProposalState.DECLINED: "nobody",
    ProposalState.WITHDRAWN: "nobody",
}

# Nothing has come of it yet.
UNDECIDED = frozenset({ProposalState.DRAFT, ProposalState.PROPOSED})


def may_move_proposal(start: ProposalState, end: ProposalState) -> bool:
    """True when the table allows it."""
    return end in PROPOSAL_MOVES[start]


def may_move_agreement(start: AgreementState, end: AgreementState) -> bool:
    """True when the table allows it."""
    return end in AGREEMENT_MOVES[start]


def may_move_request(start: RequestState, end: RequestState) -> bool:
    """True when the table allows it."""
    return end in REQUEST_MOVES[start]
