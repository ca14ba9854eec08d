"""Planning meetings of the team around the child, asking people to them, who came, what was said, decided and undertaken."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.queries import names_of_accounts
from joinedup.casework import rules
from joinedup.casework.events import MEETING_CANCELLED, MEETING_HELD, MEETING_MOVED, MEETING_PLANNED
from joinedup.casework.lifecycle import MEETING_LABELS, MeetingState
from joinedup.casework.meeting import Presence, Purpose
from joinedup.casework.models import (
    Case,
    CaseMember,
    CasePerson,
    Meeting,
    MeetingAction,
    MeetingDecision,
    MeetingPlace,
)
from joinedup.casework.permissions import (
    CHANGE_MEETING,
    END_ACTION,
    MINUTE_MEETING,
    PLAN_MEETING,
    SEND_APOLOGIES,
)
from joinedup.casework.queries.duty import duty_holder
from joinedup.casework.services.steps import chronicle, lock, lock_open
from joinedup.casework.services.team_steps import count_from_review
from joinedup.core.errors import Stale
from joinedup.core.formats import count_noun, date_with_weekday, time_short
from joinedup.core.models import claim_version, new_reference
from joinedup.core.notifications import owe_message
from joinedup.person_index.queries import may_contact, safe_contact_for

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


@dataclass(frozen=True)
class WhenAndWhere:
    """When a meeting begins, how many minutes it lasts, and its place or link; `note` is for those asked."""

    starts_at: datetime
    minutes_long: int
    place: str = ""
    link: str = ""
    note: str = ""


@dataclass(frozen=True)
class Undertaking:
    """What somebody undertook to do by a day: a post or a person of the family, one of both."""

    words: str
    due_on: date
    post_id: UUID | None = None
    person_id: UUID | None = None


@dataclass(frozen=True)
class Minutes:
    """What is written of a meeting. `present` and `apologies` are ids of posts and of people; everybody else asked did not
    come."""

    present: Collection[UUID]
    text: str
    apologies: Collection[UUID] = ()
    decided: Sequence[str] = ()
    actions: Sequence[Undertaking] = ()
    has_changed_the_work: bool | None = None
    next_review_on: date | None = None


@service(PLAN_MEETING, on="case")
def plan_meeting(
    *,
    case: Case,
    purpose: Purpose,
    when: WhenAndWhere,
    posts: Iterable[Post],
    people: Iterable[UUID],
    by: Actor,
    at: datetime,
) -> Meeting:
    """Plan a meeting and ask people to it. Posts are written to, naming nobody; family are written to only by e-mail that is
    marked safe for them, and are otherwise to be told in the way that is."""
    lock_open(case)
    _refuse_when(when, at)
    asked, family = list(posts), list(people)
    if not family and not [post for post in asked if post.pk not in by.post_ids]:
        raise rules.SOMEBODY_ASKED.refused()
    meeting = Meeting.objects.create(
        reference=new_reference("M"),
        case=case,
        purpose=purpose,
        starts_at=when.starts_at,
        minutes_long=when.minutes_long,
        place=when.place.strip()[:160],
        link=when.link.strip(),
        note=when.note.strip()[:500],
        state=MeetingState.PLANNED,
        planned_by=by.account_id,
        planned_at=at,
    )
    _ask(meeting, case, asked, family, at=at)
    _tell(meeting, "You are asked to a meeting", by=by, at=at)
    chronicle(
        MEETING_PLANNED,
        case,
        by=by,
        at=at,
        code=purpose,
        words={"reference": meeting.reference, "when": _when(meeting)},
    )
    note(changed=("meeting",), subject=meeting)
    return meeting


def _ask(meeting: Meeting, case: Case, posts: Iterable[Post], family: Iterable[UUID], *, at: datetime) -> set[UUID]:
    """A place for each of them: the team around the child and people of the case. Returns the places' ids."""
    posts, family = list(posts), list(family)
    held = CaseMember.objects.filter(CaseMember.held_at(at), case=case)
    if {post.pk for post in posts} - set(held.values_list("post_id", flat=True)):
        raise rules.ASKED_OF_TEAM.refused()
    if set(family) - set(CasePerson.objects.filter(case=case).values_list("person_id", flat=True)):
        raise rules.FAMILY_OF_CASE.refused()
    made = [MeetingPlace.objects.create(meeting=meeting, post=post) for post in dict.fromkeys(posts)]
    made += [MeetingPlace.objects.create(meeting=meeting, person_id=each) for each in dict.fromkeys(family)]
    return {place.pk for place in made}


def _refuse_when(when: WhenAndWhere, at: datetime) -> None:
    if when.starts_at <= at:
        raise rules.TO_COME.refused()
    if not when.place.strip() and not when.link.strip():
        raise rules.PLACE_OR_LINK.refused()


def _when(meeting: Meeting) -> str:
    local = timezone.localtime(meeting.starts_at)
    return f"{date_with_weekday(local.date())} at {time_short(local)}"


def _tell(meeting: Meeting, subject: str, *, by: Actor, at: datetime, only: Collection[UUID] | None = None) -> None:
    """Write to everybody who is asked, or only to these places. Nobody's name and no place goes to a post: they sign in and
    see both."""
    about = ("casework.case", str(meeting.case_id))
    duty = duty_holder(by, meeting.case)
    for place in meeting.places.select_related("post__account"):
        if only is not None and place.pk not in only:
            continue
        if place.post is not None:
            body = f"{subject}: {meeting.reference}, {_when(meeting)}. Sign in to Joinedup to see what it is about and where."
            owe_message(
                to=place.post.account.email, subject=f"{subject}: {meeting.reference}", body=body, about=about, at=at
            )
            _told(place, "message", at)
        elif place.person_id is not None and (address := _safe_address(place.person_id)):
            where = " ".join(part for part in (meeting.place, meeting.link) if part)
            body = (
                f"{subject}.\n\nWhen: {_when(meeting)}\nWhere: {where}\n\nIf you cannot come, or would like it to be different, "
                f"ring {duty.name} on {duty.phone or 'the number you have for them'}."
            )
            owe_message(to=address, subject=subject, body=body, about=about, at=at)
            _told(place, "message", at)


def _safe_address(person_id: UUID) -> str:
    """Where they may be written to by e-mail, as they said; empty where nobody knows that it is safe."""
    advice = safe_contact_for(person_id)
    if not advice.allows("email"):
        return ""
    try:
        validate_email(advice.details.strip())
    except ValidationError:
        return ""
    return advice.details.strip()


def _told(place: MeetingPlace, how: str, at: datetime) -> None:
    place.told_by, place.told_at = how, at
    place.save(update_fields=["told_by", "told_at"])


@service(CHANGE_MEETING, on="meeting")
def move_meeting(*, meeting: Meeting, when: WhenAndWhere, version: int, by: Actor, at: datetime) -> Meeting:
    """Another time or place. Everybody who was told is told again; family told otherwise are to be told again."""
    case = _planned(meeting)
    _refuse_when(when, at)
    claim_version(meeting, version)
    meeting.starts_at, meeting.minutes_long = when.starts_at, when.minutes_long
    meeting.place, meeting.link, meeting.note = when.place.strip()[:160], when.link.strip(), when.note.strip()[:500]
    meeting.times_changed += 1
    meeting.save(update_fields=["starts_at", "minutes_long", "place", "link", "note", "times_changed"])
    meeting.places.exclude(told_by="").update(told_by="", told_at=None)
    _tell(meeting, "A meeting has moved", by=by, at=at)
    chronicle(MEETING_MOVED, case, by=by, at=at, words={"reference": meeting.reference, "when": _when(meeting)})
    note(changed=("starts_at", "place"), subject=meeting)
    return meeting


def _planned(meeting: Meeting) -> Case:
    """The case of a meeting that is still planned, both locked; refuses (CW-225)."""
    case = lock_open(meeting.case)
    _refuse_unless(meeting, MeetingState.PLANNED)
    return case


def _refuse_unless(meeting: Meeting, *states: MeetingState) -> None:
    state = MeetingState(lock(meeting).state)
    if state not in states:
        raise rules.NOT_PLANNED.refused(state=MEETING_LABELS[state].lower())


@service(CHANGE_MEETING, on="meeting")
def invite_to_meeting(
    *, meeting: Meeting, posts: Iterable[Post], people: Iterable[UUID], by: Actor, at: datetime
) -> Meeting:
    """Ask more people to a meeting that is planned. Whoever is asked already is not asked again; the others are told as when
    it was planned."""
    case = _planned(meeting)
    there = {who for pair in meeting.places.values_list("post_id", "person_id") for who in pair if who}
    more, family = [post for post in posts if post.pk not in there], [each for each in people if each not in there]
    if not more and not family:
        raise rules.SOMEBODY_ASKED.refused()
    asked = _ask(meeting, case, more, family, at=at)
    _tell(meeting, "You are asked to a meeting", by=by, at=at, only=asked)
    note(people=family, changed=("places",), subject=meeting)
    return meeting


@service(CHANGE_MEETING, on="meeting")
def cancel_meeting(*, meeting: Meeting, reason: str, by: Actor, at: datetime) -> Meeting:
    """The meeting is not held, with the reason. The clock of the next review goes on."""
    case = _planned(meeting)
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    claim_version(meeting, meeting.version)
    meeting.state, meeting.ended_reason = MeetingState.CANCELLED, reason.strip()[:300]
    meeting.times_changed += 1
    meeting.save(update_fields=["state", "ended_reason", "times_changed"])
    _tell(meeting, "A meeting is cancelled", by=by, at=at)
    chronicle(
        MEETING_CANCELLED, case, by=by, at=at, words={"reference": meeting.reference, "reason": meeting.ended_reason}
    )
    note(changed=("state",), subject=meeting)
    return meeting


@service(CHANGE_MEETING, on="meeting")
def tell_family(*, meeting: Meeting, place: MeetingPlace, told_by: str, by: Actor, at: datetime) -> MeetingPlace:
    """Write down that a family member was told: in person, or by a letter where that is safe (CW-231)."""
    _planned(meeting)
    lock(place)
    if place.meeting_id != meeting.pk or place.person_id is None:
        raise rules.FAMILY_OF_CASE.refused()
    if told_by == "letter" and not may_contact(place.person_id, "letter"):
        raise rules.NOT_SAFE_THIS_WAY.refused()
    _told(place, told_by, at)
    note(people=[place.person_id], changed=("told_by",), subject=meeting)
    return place


@service(SEND_APOLOGIES, on="place")
def send_apologies(*, place: MeetingPlace, words: str, by: Actor, at: datetime) -> MeetingPlace:
    """Somebody asked cannot come; `words` are what they ask to be said for them."""
    lock_open(place.meeting.case)
    _refuse_unless(place.meeting, MeetingState.PLANNED)
    lock(place)
    place.presence, place.words = Presence.APOLOGIES, words.strip()[:200]
    place.save(update_fields=["presence", "words"])
    note(changed=("presence",), subject=place.meeting)
    return place


@service(MINUTE_MEETING, on="meeting")
def write_minutes(*, meeting: Meeting, minutes: Minutes, version: int, by: Actor, at: datetime) -> Meeting:
    """Who came, what was said, decided and undertaken. The first time, the meeting has been held, and the clock of the next
    review is counted from it; until the minutes are agreed they may be mended. Whoever saves second gets both texts."""
    case = lock_open(meeting.case)
    _refuse_unless(meeting, MeetingState.PLANNED, MeetingState.HELD)
    if meeting.starts_at > at:
        raise rules.NOT_OVER_YET.refused()
    if not minutes.present:
        raise rules.SOMEBODY_CAME.refused()
    _refuse_stale(meeting, minutes, version, by)
    claim_version(meeting, version)
    is_first = meeting.state == MeetingState.PLANNED
    meeting.state, meeting.minutes = MeetingState.HELD, minutes.text.strip()
    meeting.has_changed_the_work = minutes.has_changed_the_work
    meeting.minuted_by, meeting.minuted_at = by.account_id, at
    meeting.save(update_fields=["state", "minutes", "has_changed_the_work", "minuted_by", "minuted_at"])
    came = _write_presence(meeting, case, minutes)
    for words in minutes.decided:
        MeetingDecision.objects.create(
            meeting=meeting, words=words.strip()[:500], decided_at=meeting.starts_at, written_by=by.account_id
        )
    for each in minutes.actions:
        _undertake(meeting, each, at=at)
    if Purpose(meeting.purpose).sets_clock and (is_first or minutes.next_review_on):
        count_from_review(
            case, timezone.localdate(meeting.starts_at), minutes.next_review_on, on=timezone.localdate(at)
        )
    if is_first:
        said = {"reference": meeting.reference, "came": count_noun(came, "person", "people")}
        chronicle(MEETING_HELD, case, by=by, at=meeting.starts_at, code=meeting.purpose, words=said)
    people = list(CasePerson.objects.filter(case=case).values_list("person_id", flat=True))
    note(people=people, changed=("minutes", "presence"), subject=meeting)
    return meeting


def _refuse_stale(meeting: Meeting, minutes: Minutes, version: int, by: Actor) -> None:
    if meeting.version == version:
        return
    who = names_of_accounts(by, {meeting.minuted_by}).get(meeting.minuted_by, "") if meeting.minuted_by else ""
    raise Stale(theirs={"text": meeting.minutes}, yours={"text": minutes.text}, saved_by=who)


def _write_presence(meeting: Meeting, case: Case, minutes: Minutes) -> int:
    """Who came of those asked, and who came without: of the team around the child and the family only. Returns how many."""
    present = set(minutes.present)
    places = {place.post_id or place.person_id: place for place in meeting.places.all()}
    for who, place in places.items():
        if who in present:
            presence = Presence.PRESENT
        elif who in minutes.apologies or place.presence == Presence.APOLOGIES:
            presence = Presence.APOLOGIES
        else:
            presence = Presence.ABSENT
        place.presence = presence
        place.save(update_fields=["presence"])
    more = present - set(places)
    members = set(CaseMember.objects.filter(case=case, post_id__in=more).values_list("post_id", flat=True))
    family = set(CasePerson.objects.filter(case=case, person_id__in=more).values_list("person_id", flat=True))
    if more - members - family:
        raise rules.FAMILY_OF_CASE.refused()
    for post_id in members:
        MeetingPlace.objects.create(meeting=meeting, post_id=post_id, presence=Presence.PRESENT)
    for person_id in family:
        MeetingPlace.objects.create(meeting=meeting, person_id=person_id, presence=Presence.PRESENT)
    return len(present)


def _undertake(meeting: Meeting, said: Undertaking, *, at: datetime) -> MeetingAction:
    """Write down what somebody undertook; called only inside `write_minutes`. Once the plan keeps actions, this is the one
    place where those of a meeting are made."""
    if said.due_on < timezone.localdate(at):
        raise rules.ACTION_TO_COME.refused()
    asked = {who for pair in meeting.places.values_list("post_id", "person_id") for who in pair if who}
    if (said.post_id or said.person_id) not in asked:
        raise rules.ACTION_OWNER.refused()
    return MeetingAction.objects.create(
        meeting=meeting,
        case_id=meeting.case_id,
        words=said.words.strip()[:300],
        post_id=said.post_id,
        person_id=None if said.post_id else said.person_id,
        due_on=said.due_on,
    )


@service(MINUTE_MEETING, on="meeting")
def agree_minutes(*, meeting: Meeting, version: int, by: Actor, at: datetime) -> Meeting:
    """The minutes are agreed: they change no more."""
    case = lock_open(meeting.case)
    _refuse_unless(meeting, MeetingState.HELD)
    claim_version(meeting, version)
    meeting.state = MeetingState.AGREED
    meeting.save(update_fields=["state"])
    people = list(CasePerson.objects.filter(case=case).values_list("person_id", flat=True))
    note(people=people, changed=("state",), subject=meeting)
    return meeting


@service(END_ACTION, on="action")
def end_action(*, action: MeetingAction, is_done: bool, words: str, by: Actor, at: datetime) -> MeetingAction:
    """An action is done, or dropped with the reason."""
    lock_open(action.case)
    lock(action)
    if action.state != "open":
        raise rules.ACTION_ENDED.refused()
    if not is_done and not words.strip():
        raise rules.REASON_NEEDED.refused()
    claim_version(action, action.version)
    action.state, action.ended_words = "done" if is_done else "dropped", words.strip()[:300]
    action.ended_by, action.ended_at = by.account_id, at
    action.save(update_fields=["state", "ended_words", "ended_by", "ended_at"])
    people = list(CasePerson.objects.filter(case=action.case).values_list("person_id", flat=True))
    note(people=people, changed=("state",), subject=action.meeting)
    return action
