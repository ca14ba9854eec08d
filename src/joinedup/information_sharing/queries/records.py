"""What the pages of information sharing, and the parts above, are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class ItemShared:
    """One thing an agency said; `source` and `source_day` where its own record said it already."""

    code: str
    name: str
    words: str
    happened_on: date | None
    source: str
    source_day: date | None


@dataclass(frozen=True)
class RefusalSeen:
    """A refusal of a whole request (`item` blank) or of one item."""

    item: str
    reason_code: str
    reason: str
    words: str
    refused_at: datetime
    by: str


@dataclass(frozen=True)
class AnswerSeen:
    """One answer as it was given. `number` above 1 is a correction of the one before."""

    number: int
    correction_reason: str
    answered_at: datetime
    by: str
    involvement: str  # codes.Involvement
    involvement_label: str
    service: str
    worker: str
    worker_role: str
    phone: str
    email: str
    started_on: date | None
    last_contact_on: date | None
    as_of: date
    coverage_from: date | None
    coverage_to: date | None
    coverage_area: str
    basis: str
    is_basis_verified: bool
    proportionality: str
    level_of_need: int | None
    judgement: str
    items: tuple[ItemShared, ...]
    refused_items: tuple[RefusalSeen, ...]


@dataclass(frozen=True)
class RequestSeen:
    """One request as whoever asked sees it. `state` is how it stands at the viewer's moment: a request whose agreement
    is no longer in force is closed, whatever was written down last."""

    id: UUID
    version: int
    reference: str
    agreement_id: UUID
    agreement: str
    purpose: str
    purpose_label: str
    organisation_id: UUID
    organisation: str
    person_id: UUID
    subject: tuple[str, str]
    asked_by: str
    asked_by_post_id: UUID
    asked_at: datetime
    due_at: datetime
    is_overdue: bool
    is_live: bool
    is_waiting: bool
    state: str  # lifecycle.RequestState
    state_label: str
    level: int
    rating: str
    family_agrees: bool
    basis_given: str
    basis_reason: str
    reason: str
    opened_at: datetime | None
    opened_by: str
    settled_at: datetime | None
    ended_at: datetime | None
    answer: AnswerSeen | None
    earlier_answers: tuple[AnswerSeen, ...]
    refusal: RefusalSeen | None
    # Filled on the asker's own pages only, and only while the request is live.
    person_name: str = ""
    # There is an answer, and the question that let the viewer see it is over.
    is_answer_over: bool = False


@dataclass(frozen=True)
class Askable:
    """An organisation that may be asked about a person under one agreement; with `why_not` it may not be asked now."""

    agreement_id: UUID
    agreement: str
    title: str
    organisation_id: UUID
    organisation: str
    organisation_kind: str
    purposes: tuple[tuple[str, str], ...]
    items: tuple[str, ...]  # what it may share about this person at this level
    left_out: tuple[tuple[str, str], ...]  # what it may not, and why
    why_not: str  # "" or a sentence
    open_request: str  # the reference of the open request about the same matter, if it was asked already


@dataclass(frozen=True)
class BasisChoice:
    """A lawful basis to choose from."""

    code: str
    name: str
    words: str
    source: str
    is_verified: bool


@dataclass(frozen=True)
class BasisSeen:
    """A manager's reason for asking about a matter without the family's agreement: of these organisations, and no longer
    than its last day."""

    id: UUID
    basis: str
    is_verified: bool
    reason: str
    given_at: datetime
    by: str
    organisations: tuple[str, ...]
    ends_on: date | None
