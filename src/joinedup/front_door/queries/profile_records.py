"""What the 360° profile shows, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from joinedup.core.formats import count_noun
from joinedup.front_door.comparing import Bar, Disagreement
from joinedup.front_door.queries.records import EarlierContact
from joinedup.information_sharing.codes import Involvement
from joinedup.information_sharing.lifecycle import RequestState
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
    OVER = "over"  # answered, and no longer for whoever asked to read


CARD_LABELS: dict[CardState, tuple[str, str]] = {
    CardState.INVOLVED: ("Involved now", "green"),
    CardState.IN_THE_PAST: ("Involved in the past", "teal"),
    CardState.NOTHING_FOUND: ("Nothing found", "grey"),
    CardState.REFUSED: ("Refused to share", "purple"),
    CardState.WAITING: ("Not answered yet", "blue"),
    CardState.WITHDRAWN: ("Question withdrawn", "grey"),
    CardState.UNANSWERED: ("Closed without an answer", "grey"),
    CardState.OVER: ("Answered, no longer shown", "grey"),
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
    def summary(self) -> str:
        """In a line, for the decision page: `5 asked: 2 involved now, 1 nothing found, 1 refused, 1 not answered`."""
        return summary_of([card.state for card in self.cards])


def state_of(request: RequestSeen) -> CardState:
    """How far one question is."""
    if request.answer is not None:
        return {
            Involvement.CURRENT: CardState.INVOLVED,
            Involvement.HISTORIC: CardState.IN_THE_PAST,
            Involvement.NONE_FOUND: CardState.NOTHING_FOUND,
        }[Involvement(request.answer.involvement)]
    if request.is_answer_over:
        return CardState.OVER
    if request.refusal is not None:
        return CardState.REFUSED
    if request.is_waiting:
        return CardState.WAITING
    return CardState.WITHDRAWN if request.state == RequestState.WITHDRAWN else CardState.UNANSWERED


def summary_of(states: list[CardState]) -> str:
    """What became of the questions, in a line."""
    if not states:
        return "No partner has been asked what they know."
    counts = [(states.count(state), CARD_LABELS[state][0]) for state in CardState if state in states]
    parts = ", ".join(f"{count} {label[:1].lower()}{label[1:]}" for count, label in counts)
    return f"{count_noun(len(states), 'question')} to partners: {parts}."
