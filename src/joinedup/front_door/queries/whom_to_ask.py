"""Whom the front door may ask about a referral, about whom, and why others cannot be asked; and the record handed to the
services that ask."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.front_door import comparing
from joinedup.front_door import permissions as may
from joinedup.front_door.codes import Answer, Rating
from joinedup.front_door.comparing import Footing
from joinedup.front_door.lifecycle import LABELS, UNDECIDED, State
from joinedup.front_door.models import Asking, Referral, ReferralPerson
from joinedup.front_door.queries.changes import visible_referrals
from joinedup.front_door.queries.judgements import judges_of
from joinedup.front_door.queries.profile_records import SUBJECT
from joinedup.front_door.settings import rating_label
from joinedup.information_sharing.codes import PURPOSES
from joinedup.information_sharing.queries import (
    Askable,
    BasisChoice,
    BasisSeen,
    RequestSeen,
    basis_given_for,
    days_a_basis_holds,
    lawful_bases,
    requests_about,
    who_may_be_asked,
)
from joinedup.organisations.queries import open_organisations
from joinedup.person_index.queries import without_restricted

_PURPOSES = ("decide_help", "protect")


@dataclass(frozen=True)
class Head:
    """What stands at the top of every page about partners: who it is about and how long there is."""

    referral_id: UUID
    version: int
    reference: str
    names: tuple[str, ...]
    state: str
    state_label: str
    rating: str
    rating_label: str
    is_safeguarding_concern: bool
    is_immediate_danger: bool
    received_at: datetime
    decide_by: datetime
    decided_at: datetime | None
    time_left: str
    is_undecided: bool
    is_overdue: bool


@dataclass(frozen=True)
class Asked:
    """Somebody identified who can be asked about."""

    person_id: UUID
    name: str
    part: str


@dataclass(frozen=True)
class Choice:
    """An organisation an agreement lets the viewer ask. `about` says of each person what it may share, or why not."""

    organisation_id: UUID
    name: str
    agreement: str
    purposes: tuple[str, ...]
    can_be_asked: bool
    about: tuple[tuple[str, str], ...]
    has_answered: bool


@dataclass(frozen=True)
class WhomToAsk:
    """Everything the question "whom do we ask" needs. `level` is what partners would be asked about at now."""

    head: Head
    people: tuple[Asked, ...]
    unidentified: tuple[str, ...]
    choices: tuple[Choice, ...]
    not_in_agreement: tuple[str, ...]
    purposes: tuple[tuple[str, str], ...]
    level: int | None
    footing: Footing
    family_agrees: Answer
    basis: BasisSeen | None
    has_answers: bool
    waiting_since: datetime | None


def whom_to_ask(viewer: Actor, referral_id: UUID, *, level: int | None = None) -> WhomToAsk:
    """Whom the viewer may ask about this referral at a level (that of its rating and proposal unless given)."""
    row, places = _row(viewer, referral_id)
    ids = set(without_restricted(viewer, [place.person_id for place in places if place.person_id]))
    people = tuple(Asked(place.person_id, str(place.person), place.part) for place in places if place.person_id in ids)
    _audit(viewer, row, places, "ask partners")
    before = list(Asking.objects.filter(referral=row).order_by("-asked_at", "-pk"))
    level = level or (4 if row.rating == Rating.RED else row.level or (before[0].level if before else None))
    footing = comparing.footing_for(level, row.rating, Answer(row.family_agrees))
    subject = (SUBJECT, str(row.pk))
    asked_at = comparing.level_asked_at(level or 2, footing)
    askables = who_may_be_asked(viewer, [each.person_id for each in people], level=asked_at, subject=subject)
    requests = requests_about(viewer, subject)
    choices = _choices(people, askables, requests)
    named = {choice.organisation_id for choice in choices}
    return WhomToAsk(
        head=_head(viewer, row, places),
        people=people,
        unidentified=tuple(str(place.contact_person) for place in places if place.person_id is None),
        choices=choices,
        not_in_agreement=tuple(each.name for each in open_organisations(viewer) if each.pk not in named),
        purposes=tuple((code, PURPOSES[code]) for code in _PURPOSES),
        level=level,
        footing=footing,
        family_agrees=Answer(row.family_agrees),
        basis=basis_given_for(viewer, subject),
        has_answers=any(each.answer or each.refusal for each in requests),
        waiting_since=next((each.asked_at for each in before if each.waits_for_manager), None),
    )


def _row(viewer: Actor, referral_id: UUID) -> tuple[Referral, list[ReferralPerson]]:
    row = visible_referrals(viewer).select_related("contact").filter(pk=referral_id).first()
    if row is None or not can(viewer, may.READ_PROFILE):
        raise NotVisible
    places = ReferralPerson.objects.filter(referral=row).select_related("contact_person", "person")
    return row, list(places.order_by("contact_person__position"))


def _audit(viewer: Actor, row: Referral, places: list[ReferralPerson], purpose: str) -> None:
    people = {place.person_id for place in places if place.person_id}
    audit.record_read(viewer, subject=(SUBJECT, str(row.pk)), people=people, purpose=purpose)


def _head(viewer: Actor, row: Referral, places: list[ReferralPerson]) -> Head:
    state = State(row.state)
    children = [place for place in places if place.part == "child"] or places
    return Head(
        referral_id=row.pk,
        version=row.version,
        reference=row.reference,
        names=tuple(str(place.person or place.contact_person) for place in children),
        state=state,
        state_label=LABELS[state],
        rating=row.rating,
        rating_label=rating_label(row.rating, timezone.localdate(viewer.at)),
        is_safeguarding_concern=row.is_safeguarding_concern,
        is_immediate_danger=row.contact.is_immediate_danger,
        received_at=row.received_at,
        decide_by=row.decide_by,
        decided_at=row.decided_at,
        time_left=comparing.time_left(viewer.at, row.decide_by),
        is_undecided=state in UNDECIDED,
        is_overdue=state in UNDECIDED and row.decide_by < viewer.at,
    )


def _choices(
    people: tuple[Asked, ...], askables: dict[UUID, list[Askable]], requests: list[RequestSeen]
) -> tuple[Choice, ...]:
    """Each organisation once, by name, with what its agreement says of each person."""
    by_organisation: dict[UUID, list[tuple[Asked, Askable]]] = defaultdict(list)
    for person in people:
        best: dict[UUID, Askable] = {}
        for askable in askables[person.person_id]:
            # Of several agreements with one organisation, the one that allows most.
            before = best.get(askable.organisation_id)
            if before is None or len(askable.items) > len(before.items):
                best[askable.organisation_id] = askable
        for organisation_id, askable in best.items():
            by_organisation[organisation_id].append((person, askable))
    settled = {each.organisation_id for each in requests if each.answer or each.refusal}
    waiting = {(each.organisation_id, each.person_id) for each in requests if each.is_waiting}
    made = []
    for organisation_id, several in by_organisation.items():
        open_here = [
            person
            for person, askable in several
            if not askable.why_not and (organisation_id, person.person_id) not in waiting
        ]
        made.append(
            Choice(
                organisation_id=organisation_id,
                name=several[0][1].organisation,
                agreement=several[0][1].title,
                purposes=tuple(dict.fromkeys(code for _, askable in several for code, _ in askable.purposes)),
                can_be_asked=bool(open_here),
                about=tuple((person.name, _about(askable, person, waiting)) for person, askable in several),
                has_answered=organisation_id in settled,
            )
        )
    return tuple(sorted(made, key=lambda choice: choice.name))


def _about(askable: Askable, person: Asked, waiting: set[tuple[UUID, UUID]]) -> str:
    if (askable.organisation_id, person.person_id) in waiting:
        return "asked already, not answered yet"
    if askable.why_not:
        return askable.why_not.split(": ", 1)[-1].rstrip(".")
    return f"may share {len(askable.items)} {'thing' if len(askable.items) == 1 else 'things'}"


# --- What waits for a manager.


@dataclass(frozen=True)
class BasisQuestion:
    """An asking that waits, as the manager sees it."""

    head: Head
    question: str
    why: str
    asked_by: str
    asked_at: datetime
    level: int
    organisations: tuple[str, ...]
    people: tuple[str, ...]
    is_own: bool
    is_waiting: bool
    bases: tuple[BasisChoice, ...]
    basis_days: int


def basis_question(viewer: Actor, asking_id: UUID) -> BasisQuestion:
    """An asking that waits, or waited, for a manager; NotVisible for whoever may not see its referral."""
    asking = Asking.objects.filter(pk=asking_id).first()
    if asking is None:
        raise NotVisible
    row, places = _row(viewer, asking.referral_id)
    _audit(viewer, row, places, "decide whether partners are asked")
    account = asking.asked_by_account
    named = {place.person_id: str(place.person) for place in places if place.person_id}
    return BasisQuestion(
        head=_head(viewer, row, places),
        question=asking.question,
        why=asking.why_without_agreement,
        asked_by=names_of_accounts(viewer, {account}).get(account, "") if account else "Joinedup",
        asked_at=asking.asked_at,
        level=asking.level,
        organisations=tuple(each.name for each in open_organisations(viewer).filter(pk__in=asking.organisations)),
        people=tuple(named[each] for each in asking.people if each in named),
        is_own=account is not None and account == viewer.account_id,
        is_waiting=asking.waits_for_manager,
        bases=tuple(lawful_bases(viewer)),
        basis_days=days_a_basis_holds(viewer),
    )


def asking_for_change(viewer: Actor, asking_id: UUID) -> Asking:
    """An asking, to hand to the service that settles it."""
    rows = Asking.objects.filter(referral__in=visible_referrals(viewer), pk=asking_id)
    found = rows.select_related("referral__contact").first()
    if found is None:
        raise NotVisible
    return found


# --- Judgements and late answers.


@dataclass(frozen=True)
class JudgementQuestion:
    """What the judgement page needs: whose judgement there is already, and the organisations to choose from."""

    head: Head
    others: tuple[tuple[str, int], ...]
    organisations: tuple[tuple[str, str], ...]


def judgement_question(viewer: Actor, referral_id: UUID) -> JudgementQuestion:
    """Whose judgement can be recorded on a referral."""
    row, places = _row(viewer, referral_id)
    _audit(viewer, row, places, "record a judgement")
    return JudgementQuestion(
        head=_head(viewer, row, places),
        others=tuple(judges_of(viewer, row)),
        organisations=tuple((str(each.pk), each.name) for each in open_organisations(viewer)),
    )


@dataclass(frozen=True)
class RequestQuestion:
    """One question to a partner, with the referral it belongs to."""

    head: Head
    request: RequestSeen
    person: str


def request_question(viewer: Actor, referral_id: UUID, request_id: UUID, *, purpose: str) -> RequestQuestion:
    """A question to a partner about somebody in this referral; NotVisible for another's."""
    row, places = _row(viewer, referral_id)
    found = next((each for each in requests_about(viewer, (SUBJECT, str(row.pk))) if each.id == request_id), None)
    named = {place.person_id: str(place.person) for place in places if place.person_id}
    seen = set(without_restricted(viewer, named))
    if found is None or found.person_id not in seen:
        raise NotVisible
    _audit(viewer, row, places, purpose)
    return RequestQuestion(_head(viewer, row, places), found, named[found.person_id])
