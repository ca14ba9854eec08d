"""The 360° profile of a referral: what every partner asked has answered, beside what the index already holds. One call,
and the same number of queries however many people and partners there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Window
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.queries import names_of_accounts
from joinedup.access.roles import FRONT_DOOR, Role
from joinedup.casework.queries import CaseFrame, case_for_change, frame_inside
from joinedup.core.errors import NotVisible
from joinedup.core.formats import date_long
from joinedup.front_door import comparing
from joinedup.front_door import permissions as may
from joinedup.front_door.codes import OUTCOME_LABELS, PARTS, Outcome
from joinedup.front_door.comparing import Stretch
from joinedup.front_door.lifecycle import LABELS, OPEN, UNDECIDED, State
from joinedup.front_door.models import Asking, Judgement, LateAnswer, Referral, ReferralPerson
from joinedup.front_door.queries.changes import visible_referrals
from joinedup.front_door.queries.judgements import judgements_from
from joinedup.front_door.queries.look_back import earlier_referrals
from joinedup.front_door.queries.profile_records import (
    SUBJECT,
    AskingSeen,
    Card,
    LateSeen,
    PersonProfile,
    Profile,
    RecordSaid,
    state_of,
)
from joinedup.front_door.queries.records import EarlierContact
from joinedup.front_door.queries.statements import statements_from
from joinedup.front_door.settings import old_after_days, rating_label
from joinedup.information_sharing.codes import PURPOSES, Involvement
from joinedup.information_sharing.lifecycle import RequestState
from joinedup.information_sharing.permissions import READ_CLOSED
from joinedup.information_sharing.queries import AnswerSeen, RequestSeen, requests_about, without_answer
from joinedup.organisations.queries import open_organisations
from joinedup.person_index.queries import Said, said_of, without_restricted

if TYPE_CHECKING:
    from joinedup.casework.models import Case

_MOST_EARLIER = 10


def subject_of(referral_id: UUID) -> tuple[str, str]:
    """The matter that partners are asked about."""
    return (SUBJECT, str(referral_id))


def profile(viewer: Actor, referral_id: UUID, *, purpose: str = "compare notes") -> Profile:
    """The profile of a referral the viewer may see; shortened for whoever is not at the front door. Once the front door is
    done with the referral, what partners answered is no longer for those who asked: its managers keep the record. The
    read is audited with the people shown."""
    row = visible_referrals(viewer).select_related("contact", "family").filter(pk=referral_id).first()
    if row is None or not can(viewer, may.READ_PROFILE):
        raise NotVisible
    is_full = viewer.is_system or viewer.has_role(*FRONT_DOOR)
    return _profile(viewer, row, is_full=is_full, shows_late=True, purpose=purpose)


def case_profile(viewer: Actor, case_id: UUID, *, purpose: str = "casework") -> Profile | None:
    """What the front door handed over with a case, for everybody in the team around the child: the newest of its
    referrals partners were asked about, shortened. What came late is for those who lead the work or manage the team."""
    return _of_case(viewer, case_for_change(viewer, case_id), purpose)


def case_profile_page(viewer: Actor, case_id: UUID) -> tuple[CaseFrame, Profile | None]:
    """The same under the head of the case. One audit row: that of the profile, or where there is none, that of the case."""
    case = case_for_change(viewer, case_id)
    head = frame_inside(viewer, case)
    found = _of_case(viewer, case, "casework")
    if found is None:
        about = {each.person_id for each in head.people}
        audit.record_read(
            viewer, subject=(case._meta.label_lower, str(case.pk)), people=about, purpose="what partners know"
        )
    return head, found


def _of_case(viewer: Actor, case: Case, purpose: str) -> Profile | None:
    asked = Asking.objects.filter(referral=OuterRef("pk"), waits_for_manager=False)
    rows = Referral.objects.filter(Exists(asked), case=case).select_related("contact", "family")
    row = rows.order_by("-received_at", "-pk").first()
    if row is None:
        return None
    leads = viewer.is_system or case.lead_professional_id in viewer.post_ids
    manages = any(held.role == Role.TEAM_MANAGER and held.team_id == case.team_id for held in viewer.standings)
    return _profile(viewer, row, is_full=False, shows_late=leads or manages, purpose=purpose)


@dataclass(frozen=True)
class _Gathered:
    """Everything read for a profile, before it is put together."""

    places: list[ReferralPerson]
    known: list[ReferralPerson]
    requests: list[RequestSeen]
    said: dict[UUID, Said]
    late: dict[UUID, list[LateAnswer]]
    askings: list[Asking]
    judged: list[Judgement]


def _gather(viewer: Actor, row: Referral, *, is_full: bool) -> _Gathered:
    places = list(
        ReferralPerson.objects.filter(referral=row)
        .select_related("contact_person", "person")
        .order_by("contact_person__position")
    )
    ids = without_restricted(viewer, [place.person_id for place in places if place.person_id])
    requests = [each for each in requests_about(viewer, subject_of(row.pk)) if each.person_id in ids]
    is_over = is_full and State(row.state) not in OPEN and not can(viewer, READ_CLOSED)
    return _Gathered(
        places=places,
        known=[place for place in places if place.person_id in ids],
        requests=[without_answer(each) for each in requests] if is_over else requests,
        said=said_of(viewer, ids),
        late={} if is_over else _late(row),
        askings=list(Asking.objects.filter(referral=row).order_by("-asked_at", "-pk")) if is_full else [],
        judged=list(Judgement.objects.filter(referral=row).select_related("organisation")) if is_full else [],
    )


def _profile(viewer: Actor, row: Referral, *, is_full: bool, shows_late: bool, purpose: str) -> Profile:
    on = timezone.localdate(viewer.at)
    got = _gather(viewer, row, is_full=is_full)
    maker = _Maker(viewer, _Names(viewer, got), is_full=is_full, shows_late=shows_late)
    people = tuple(maker.person(place, got) for place in got.known)
    judgements = judgements_from(got.judged, got.requests) if is_full else []
    statements = statements_from(got.known, people, judgements, timezone.localdate(row.received_at)) if is_full else ()
    earlier, earlier_count = _earlier(row, viewer) if is_full else ((), 0)
    shown = {person.person_id for person in people}
    shown |= {mate.person_id for said in got.said.values() for mate in said.lives_with}
    audit.record_read(viewer, subject=(SUBJECT, str(row.pk)), people=shown, purpose=purpose)
    return Profile(
        **_facts(viewer, row, on),
        is_shortened=not is_full,
        people=people,
        unidentified=tuple(str(place.contact_person) for place in got.places if place.person_id is None),
        disagreements=comparing.disagreements(statements),
        judgements=tuple(each for each in judgements if not each.is_front_door),
        own_judgement=next((each for each in judgements if each.is_front_door), None),
        askings=tuple(maker.asking(each, people) for each in got.askings),
        earlier=earlier,
        earlier_count=earlier_count,
        picture=comparing.bars(_stretches(people), on),
        picture_years=comparing.year_marks(on),
        may=_may(viewer, row, got.askings) if is_full else frozenset(),
    )


def _facts(viewer: Actor, row: Referral, on: date) -> dict[str, Any]:
    """What the referral itself says, and how long there is left."""
    state = State(row.state)
    same = (
        "version",
        "reference",
        "rating",
        "is_safeguarding_concern",
        "received_at",
        "decide_by",
        "decided_at",
        "level",
    )
    return {name: getattr(row, name) for name in same} | {
        "referral_id": row.pk,
        "state": state,
        "state_label": LABELS[state],
        "rating_label": rating_label(row.rating, on),
        "is_immediate_danger": row.contact.is_immediate_danger,
        "outcome_label": OUTCOME_LABELS[Outcome(row.outcome)] if row.outcome else "",
        "time_left": comparing.time_left(viewer.at, row.decide_by),
        "is_undecided": state in UNDECIDED,
        "is_overdue": state in UNDECIDED and row.decide_by < viewer.at,
        "old_after_days": old_after_days(on),
        "gathered_at": viewer.at,
    }


def _late(row: Referral) -> dict[UUID, list[LateAnswer]]:
    """What came after the decision, by the request it answers."""
    found: dict[UUID, list[LateAnswer]] = defaultdict(list)
    for each in LateAnswer.objects.filter(referral=row).order_by("came_at", "pk"):
        found[each.request_id].append(each)
    return found


class _Names:
    """Every account and organisation named outside the answers, one query each."""

    def __init__(self, viewer: Actor, got: _Gathered) -> None:
        askings, late = got.askings, [each for several in got.late.values() for each in several]
        accounts = {each.asked_by_account for each in askings} | {each.settled_by for each in askings}
        accounts |= {each.recorded_by for each in late}
        self._accounts = names_of_accounts(viewer, {each for each in accounts if each})
        asked = {organisation_id for each in askings for organisation_id in each.organisations}
        self._organisations = {each.organisation_id: each.organisation for each in got.requests}
        if missing := asked - set(self._organisations):
            self._organisations |= dict(open_organisations(viewer).filter(pk__in=missing).values_list("pk", "name"))

    def account(self, account_id: UUID | None) -> str:
        """A person's name; the program itself where nobody acted."""
        return self._accounts.get(account_id, "") if account_id else "Joinedup"

    def organisation(self, organisation_id: UUID) -> str:
        """An organisation's name."""
        return self._organisations.get(organisation_id, "")


class _Maker:
    """Turns rows into what is shown, for one viewer on one day."""

    def __init__(self, viewer: Actor, names: _Names, *, is_full: bool, shows_late: bool) -> None:
        self.viewer, self.names, self.is_full, self.shows_late = viewer, names, is_full, shows_late
        self.on = timezone.localdate(viewer.at)
        self.old_days = old_after_days(self.on)

    def cards(
        self, place: ReferralPerson, requests: list[RequestSeen], late: dict[UUID, list[LateAnswer]]
    ) -> tuple[Card, ...]:
        """Every agency asked about somebody, by name; of several questions to one agency the newest that says
        something. A question taken back is shown only where nothing else is."""
        by_agency: dict[UUID, list[RequestSeen]] = defaultdict(list)
        for each in requests:
            if each.person_id == place.person_id:
                by_agency[each.organisation_id].append(each)
        made = [self._card(several, str(place.person), late) for several in by_agency.values()]
        return tuple(sorted(made, key=lambda card: card.request.organisation))

    def _card(self, several: list[RequestSeen], person: str, late: dict[UUID, list[LateAnswer]]) -> Card:
        newest_first = sorted(several, key=lambda each: each.asked_at, reverse=True)
        kept = [each for each in newest_first if each.state != RequestState.WITHDRAWN] or newest_first
        request, answered = kept[0], next((each for each in kept if each.answer), None)
        is_before = answered is not None and answered is not request and request.refusal is None
        answer = request.answer or (answered.answer if answered is not None and is_before else None)
        came_late = [self._late(row) for each in several for row in late.get(each.id, [])]
        return Card(
            request=request if self.is_full else _shortened(request),
            answer=answer if self.is_full or answer is None else _short_answer(answer),
            is_answer_before=is_before,
            person=person,
            state=state_of(request),
            is_old=answer is not None and comparing.is_old(answer.as_of, self.on, self.old_days),
            coverage=_coverage(answer) if answer else "",
            involvement=comparing.stretch_words(_stretch(request.organisation, answer, person)) if answer else "",
            late=tuple(came_late) if self.shows_late else (),
            can_be_withdrawn=self.is_full and request.is_waiting and request.asked_by_post_id in self.viewer.post_ids,
        )

    def _late(self, row: LateAnswer) -> LateSeen:
        return LateSeen(row.said_by, row.words, row.as_of, row.came_at, self.names.account(row.recorded_by), row.told)

    def person(self, place: ReferralPerson, got: _Gathered) -> PersonProfile:
        """Somebody identified, with everything about them."""
        person = place.person
        if person is None:
            raise LookupError("only somebody identified has a profile")
        said = got.said[person.pk]
        dated = [(record, record.as_of or timezone.localdate(record.supplied_at)) for record in said.records]
        return PersonProfile(
            person_id=person.pk,
            name=str(person),
            part=place.part,
            part_label=PARTS.get(place.part, place.part),
            birth_date=person.birth_date,
            cards=self.cards(place, got.requests, got.late),
            records=tuple(
                RecordSaid(record, as_of, comparing.is_old(as_of, self.on, self.old_days)) for record, as_of in dated
            ),
            households=said.households,
            lives_with=said.lives_with,
        )

    def asking(self, row: Asking, people: tuple[PersonProfile, ...]) -> AskingSeen:
        """One time partners were asked."""
        named = {each.person_id: each.name for each in people}
        return AskingSeen(
            id=row.pk,
            version=row.version,
            purpose_label=PURPOSES.get(row.purpose, row.purpose),
            level=row.level,
            footing=row.footing,
            footing_label=comparing.FOOTING_LABELS[row.footing],
            question=row.question,
            why_without_agreement=row.why_without_agreement,
            news=row.news,
            organisations=tuple(filter(None, (self.names.organisation(each) for each in row.organisations))),
            people=tuple(named[each] for each in row.people if each in named),
            asked_by=self.names.account(row.asked_by_account),
            asked_at=row.asked_at,
            waits_for_manager=row.waits_for_manager,
            is_own=row.asked_by_account is not None and row.asked_by_account == self.viewer.account_id,
            settled_by=self.names.account(row.settled_by) if row.settled_at else "",
            settled_at=row.settled_at,
            not_agreed_reason=row.not_agreed_reason,
        )


def _shortened(request: RequestSeen) -> RequestSeen:
    """That it was asked and what became of it, and nothing of what was said: that was shared with the front door."""
    refusal = replace(request.refusal, words="") if request.refusal else None
    answer = _short_answer(request.answer) if request.answer else None
    return replace(request, reason="", basis_reason="", refusal=refusal, answer=answer, earlier_answers=())


def _short_answer(answer: AnswerSeen) -> AnswerSeen:
    """Who is involved and how to reach them."""
    return replace(
        answer, items=(), refused_items=(), proportionality="", level_of_need=None, judgement="", correction_reason=""
    )


def _coverage(answer: AnswerSeen) -> str:
    """`1 September 2024 to 18 November 2026, Exampleshire`."""
    days = " to ".join(date_long(day) for day in (answer.coverage_from, answer.coverage_to) if day)
    if answer.coverage_from and not answer.coverage_to:
        days = f"from {days}"
    elif answer.coverage_to and not answer.coverage_from:
        days = f"until {days}"
    return ", ".join(part for part in (days, answer.coverage_area) if part)


def _stretch(organisation: str, answer: AnswerSeen, person: str) -> Stretch:
    is_current = answer.involvement == Involvement.CURRENT
    return Stretch(
        who=organisation,
        about=person,
        is_current=is_current,
        starts_on=answer.started_on,
        ends_on=None,  # nobody is asked for the day it ended; the last contact is as near as it gets
        last_contact_on=answer.last_contact_on,
    )


def _stretches(people: Iterable[PersonProfile]) -> list[Stretch]:
    """Every involvement that was told of."""
    return [
        _stretch(card.request.organisation, card.answer, person.name)
        for person in people
        for card in person.cards
        if card.answer is not None and card.answer.involvement != Involvement.NONE_FOUND
    ]


def _earlier(row: Referral, viewer: Actor) -> tuple[tuple[EarlierContact, ...], int]:
    """Earlier referrals about the household, newest first."""
    rows = list(
        earlier_referrals(viewer, row, viewer.at)
        .annotate(how_many=Window(Count("pk")))
        .order_by("-received_at", "-pk")[:_MOST_EARLIER]
    )
    seen = tuple(
        EarlierContact(
            each.pk,
            each.reference,
            each.received_at,
            each.rating,
            LABELS[State(each.state)],
            OUTCOME_LABELS[Outcome(each.outcome)] if each.outcome else "",
            each.level,
        )
        for each in rows
    )
    return seen, rows[0].how_many if rows else 0


def _may(viewer: Actor, row: Referral, askings: list[Asking]) -> frozenset[str]:
    """The services the viewer may use now."""
    state = State(row.state)
    found = set()
    if state == State.IN_TRIAGE or state == State.PROPOSED:
        waits = any(each.waits_for_manager for each in askings)
        checks = {
            "ask_partners": (may.ASK_PARTNERS, not waits),
            "agree_to_ask": (may.AGREE_TO_ASK, waits),
            "record_judgement": (may.RECORD_JUDGEMENT, True),
            "withdraw_question": (may.WITHDRAW_QUESTION, True),
        }
        found |= {name for name, (permission, now) in checks.items() if now and can(viewer, permission)}
    elif can(viewer, may.RECORD_LATE_ANSWER):
        found.add("record_late_answer")
    return frozenset(found)
