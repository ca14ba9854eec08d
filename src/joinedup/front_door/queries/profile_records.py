"""What the 360° profile shows, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from joinedup.front_door.comparing import Bar, Disagreement
from joinedup.front_door.queries.records import EarlierContact
from joinedup.information_sharing.queries import AnswerSeen, RequestSeen
from joinedup.person_index.queries import HouseholdSaid, KnownRecord, Mate

# The kind of matter that partners are asked about.
SUBJECT = "front_door.referral"


class CardState(StrEnum):
    """How far one question to one agency about one person is."""

    INVOLVED = "involved"
    IN_THE_PAST = "in_the_past"
    NOTHING_FOUND = "nothing_found"
    REFUSED = "refused"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    UNANSWERED = "unanswered"  # closed before anybody answered


CARD_LABELS: dict[CardState, tuple[str, str]] = {
    CardState.INVOLVED: ("Involved now", "green"),
    CardState.IN_THE_PAST: ("Involved in the past", "teal"),
    CardState.NOTHING_FOUND: ("Nothing found", "grey"),
    CardState.REFUSED: ("Refused to share", "purple"),
    CardState.WAITING: ("Not answered yet", "blue"),
    CardState.WITHDRAWN: ("Question withdrawn", "grey"),
    CardState.UNANSWERED: ("Closed without an answer", "grey"),
}


@dataclass(frozen=True)
class LateSeen:
    """What came after the decision, and whom the notice of it went to."""

    said_by: str
    words: str
    as_of: date
    came_at: datetime
    recorded_by: str
    told: str


@dataclass(frozen=True)
class Card:
    """One agency about one person. `coverage` says in words which days and area its records cover. `answer` is the
    newest there is; where the agency was asked again and has not answered yet, that of the question before."""

    request: RequestSeen
    answer: AnswerSeen | None
    is_answer_before: bool
    person: str
    state: CardState
    is_old: bool
    coverage: str
    involvement: str
    late: tuple[LateSeen, ...]
    can_be_withdrawn: bool

    @property
    def label(self) -> str:
        """The state in words."""
        return CARD_LABELS[self.state][0]

    @property
    def tone(self) -> str:
        """Its colour."""
        return CARD_LABELS[self.state][1]


@dataclass(frozen=True)
class RecordSaid:
    """What one agency's record in the index says, and whether that is old by now."""

    record: KnownRecord
    as_of: date
    is_old: bool


@dataclass(frozen=True)
class PersonProfile:
    """Somebody in the referral: what each agency answered about them and what the records already say."""

    person_id: UUID
    name: str
    part: str
    part_label: str
    birth_date: date | None
    cards: tuple[Card, ...]
    records: tuple[RecordSaid, ...]
    households: tuple[HouseholdSaid, ...]
    lives_with: tuple[Mate, ...]


@dataclass(frozen=True)
class JudgementSeen:
    """How one professional judges it. The front door's own has no organisation; `level` None where only words came."""

    who: str
    said_by: str
    level: int | None
    level_label: str
    words: str
    differs_because: str
    at: datetime
    is_front_door: bool
    is_told_by_answer: bool


@dataclass(frozen=True)
class AskingSeen:
    """One time partners were asked, or a manager is to say whether they may be."""

    id: UUID
    version: int
    purpose_label: str
    level: int
    footing: str
    footing_label: str
    question: str
    why_without_agreement: str
    news: str
    organisations: tuple[str, ...]
    people: tuple[str, ...]
    asked_by: str
    asked_at: datetime
    waits_for_manager: bool
    is_own: bool
    settled_by: str
    settled_at: datetime | None
    not_agreed_reason: str


@dataclass(frozen=True)
class Profile:
    """Everything partners and the index know about the people of one referral, gathered in one call. A receiving team
    gets it `is_shortened`: who is involved and how to reach them, not what each said."""

    referral_id: UUID
    version: int
    reference: str
    state: str
    state_label: str
    rating: str
    rating_label: str
    is_safeguarding_concern: bool
    is_immediate_danger: bool
    received_at: datetime
    decide_by: datetime
    decided_at: datetime | None
    outcome_label: str
    level: int | None
    time_left: str
    is_undecided: bool
    is_overdue: bool
    is_shortened: bool
    old_after_days: int
    gathered_at: datetime
    people: tuple[PersonProfile, ...]
    unidentified: tuple[str, ...]
    disagreements: tuple[Disagreement, ...]
    judgements: tuple[JudgementSeen, ...]
    own_judgement: JudgementSeen | None
    askings: tuple[AskingSeen, ...]
    earlier: tuple[EarlierContact, ...]
    earlier_count: int
    picture: tuple[Bar, ...]
    picture_years: tuple[tuple[int, int], ...]
    may: frozenset[str]

    @property
    def names(self) -> tuple[str, ...]:
        """The children, or whoever is named where no child is."""
        children = tuple(person.name for person in self.people if person.part == "child")
        return children or tuple(person.name for person in self.people) or self.unidentified

    @property
    def cards(self) -> tuple[Card, ...]:
        """Every card of everybody."""
        return tuple(card for person in self.people for card in person.cards)

    @property
    def outstanding(self) -> tuple[Card, ...]:
        """What is still out."""
        return tuple(card for card in self.cards if card.state == CardState.WAITING)

    @property
    def waiting_asking(self) -> AskingSeen | None:
        """The asking that waits for a manager."""
        return next((asking for asking in self.askings if asking.waits_for_manager), None)

    @property
    def agencies(self) -> tuple[str, ...]:
        """Every organisation asked, by name."""
        return tuple(sorted({card.request.organisation for card in self.cards}))

    @property
    def counts(self) -> dict[str, int]:
        """How many cards stand in each state."""
        found = dict.fromkeys((state.value for state in CardState), 0)
        for card in self.cards:
            found[card.state.value] += 1
        return found

    @property
    def summary(self) -> str:
        """In a line, for the decision page: `5 asked: 2 involved now, 1 nothing found, 1 refused, 1 not answered`."""
        if not self.cards:
            return "No partner has been asked what they know."
        parts = [
            f"{count} {CARD_LABELS[CardState(state)][0][:1].lower()}{CARD_LABELS[CardState(state)][0][1:]}"
            for state, count in self.counts.items()
            if count
        ]
        return f"{len(self.cards)} asked: {', '.join(parts)}."
