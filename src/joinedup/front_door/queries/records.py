"""What the referral page shows, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class Move:
    """Something the viewer could do next, in the order it makes sense. `code` names the service: take_referral,
    search_for, rate_referral, record_agreement, choose_family, propose_decision, decide, confirm_decision,
    send_back_decision, allocate_referral, hand_over, close_referral, tell_referrer, accept_page, pass_to_case.
    `why_not` is a sentence when it cannot be done yet."""

    code: str
    label: str
    is_allowed: bool
    why_not: str = ""


@dataclass(frozen=True)
class Referrer:
    """Who it is from, and what they may be told."""

    name: str
    role: str
    organisation: str
    source: str
    phone: str
    email: str
    relationship_to_child: str
    is_anonymous: bool
    taken_by: str
    may_be_told: str
    may_be_told_sentence: str


@dataclass(frozen=True)
class ContactSaid:
    """What they said, exactly as it came."""

    worry: str
    going_well: str
    tried_already: str
    wanted: str
    childs_words: str
    need: str
    family_knows: str
    family_agrees: str
    agreement_reason: str
    safe_contact_how: str
    safe_contact_details: str
    safe_contact_when: str
    safe_contact_not_through: str
    interpreter_language: str
    communication_needs: str


@dataclass(frozen=True)
class Place:
    """Somebody named in the referral as typed, and who they are once identified (`person_id` and what follows)."""

    id: int
    part: str
    part_label: str
    given_name: str
    family_name: str
    birth_date: date | None
    expected_on: date | None
    sex: str
    address: str
    postcode: str
    is_no_fixed_address: bool
    nhs_number: str
    upn: str
    school: str
    relationship: str
    phone: str
    searched_at: datetime | None
    searched_by: str
    person_id: UUID | None
    person_name: str
    person_birth_date: date | None
    how: str
    identified_at: datetime | None
    identified_by: str

    @property
    def name(self) -> str:
        """As typed."""
        return f"{self.given_name} {self.family_name}".strip() or "Name not given"

    @property
    def is_searched(self) -> bool:
        """Somebody has searched for them."""
        return self.searched_at is not None


@dataclass(frozen=True)
class RatingRow:
    """One rating, newest first; `is_in_force` marks the one that counts."""

    rating: str
    label: str
    reason: str
    decide_by: datetime
    at: datetime
    by: str
    is_in_force: bool


@dataclass(frozen=True)
class DecisionRow:
    """One proposal or decision, newest first. `status` is waiting, decided or sent_back."""

    id: UUID
    status: str
    outcome: str
    outcome_label: str
    level: int
    level_label: str
    reason: str
    look_back: str
    advice_given: str
    agency: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    sent_back_by: str
    sent_back_at: datetime | None
    sent_back_reason: str


@dataclass(frozen=True)
class TransitionRow:
    """One change of state, oldest first."""

    start: str
    end: str
    label: str
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class EarlierContact:
    """An earlier referral about the same household."""

    referral_id: UUID
    reference: str
    received_at: datetime
    rating: str
    state_label: str
    outcome_label: str
    level: int | None


@dataclass(frozen=True)
class LookBack:
    """Earlier contacts about the household within `months`, newest first (at most `shown_most` of `count`). When
    `is_forced`, no further action needs a look back in words (FD-37)."""

    earlier: tuple[EarlierContact, ...]
    count: int
    threshold: int
    months: int
    is_forced: bool
    sentence: str


@dataclass(frozen=True)
class FamilyChoice:
    """A family somebody identified belongs to; `open_case` is the reference of its open case, if any."""

    family_id: UUID
    name: str
    members: tuple[str, ...]
    open_case: str


@dataclass(frozen=True)
class NoticeSeen:
    """The case the referral was passed to, and whether it was acknowledged."""

    case_reference: str
    team: str
    lead_professional: str
    sent_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    response: str
    is_overdue: bool


@dataclass(frozen=True)
class HandoverSeen:
    """What was read back from the statutory system."""

    receipt: str
    sent_at: datetime
    status: str
    status_label: str
    statutory_reference: str
    worker: str
    received_at: datetime | None
    updated_at: datetime | None
    next_date: date | None
    next_date_means: str


@dataclass(frozen=True)
class ReplySeen:
    """The duty to tell the referrer: owed, told, or nothing owed and why. `text` is what was said, or a suggestion;
    `ways` are the values of codes.WAYS_TO_TELL that may be used, the safe one first."""

    may_be_told: str
    sentence: str
    due_by: datetime
    is_overdue: bool
    told_at: datetime | None
    told_by: str
    how: str
    subject: str
    text: str
    ways: tuple[str, ...]


@dataclass(frozen=True)
class ReferralRecord:
    """Everything the referral page shows, and what this viewer may do next."""

    id: UUID
    version: int
    reference: str
    state: str
    state_label: str
    next_move_is_with: str
    channel: str
    channel_label: str
    received_at: datetime
    decide_by: datetime
    decided_at: datetime | None
    is_overdue: bool
    rating: str
    rating_label: str
    is_immediate_danger: bool
    is_safeguarding_concern: bool
    page_waiting_id: UUID | None
    family_knows: str
    family_agrees: str
    agreement_reason: str
    held_by: str
    is_held_by_viewer: bool
    family_id: UUID | None
    family_name: str
    locality: str
    level: int | None
    outcome: str
    outcome_label: str
    team: str
    case_id: UUID | None
    case_reference: str
    allocation_rule: str
    allocation_reason: str
    said: ContactSaid
    referrer: Referrer
    places: tuple[Place, ...]
    ratings: tuple[RatingRow, ...]
    decisions: tuple[DecisionRow, ...]
    transitions: tuple[TransitionRow, ...]
    look_back: LookBack
    families: tuple[FamilyChoice, ...]
    notice: NoticeSeen | None
    handover: HandoverSeen | None
    reply: ReplySeen | None
    moves: tuple[Move, ...]

    @property
    def waiting_decision(self) -> DecisionRow | None:
        """The proposal that waits for a second person."""
        return next((row for row in self.decisions if row.status == "waiting"), None)

    def may(self, code: str) -> bool:
        """Whether the viewer can do it now."""
        return any(move.code == code and move.is_allowed for move in self.moves)
