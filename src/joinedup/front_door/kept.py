"""The front door's forms that are kept while somebody types, each with where it is opened again and who may see it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from django.urls import reverse

from joinedup.access.actor import Actor
from joinedup.casework.queries import sent_back_shown
from joinedup.core.drafts import (
    DraftForm,
    Typed,
    all_at_once,
    declare_form,
    ids_in,
    longest,
    one_by_one,
    unsaid,
)
from joinedup.front_door.queries import allegation_for_change
from joinedup.front_door.queries.kept import askings_shown, handovers_shown, notices_shown, referrals_shown
from joinedup.front_door.queries.restricted_matches import guardian_match_for_change
from joinedup.person_index.queries import withheld_among

_REFERRALS = all_at_once(referrals_shown)


def _of(page: str, record: str) -> Callable[[str], str]:
    return lambda about: reverse(page, kwargs={record: about})


def _of_referral(name: str, title: str, page: str) -> DraftForm:
    return declare_form(f"front_door.{name}", title, _of(page, "referral_id"), shown=_REFERRALS)


def _of_question(name: str, title: str, page: str) -> DraftForm:
    """About a referral and one question sent to a partner because of it."""

    def href(about: str) -> str:
        referral_id, question_id = ids_in(about)
        return reverse(page, kwargs={"referral_id": referral_id, "question_id": question_id})

    return declare_form(f"front_door.{name}", title, href, shown=_REFERRALS)


def _child(typed: Typed) -> str:
    """The first child's name, as typed."""
    names = [typed.get(f"children-0-{part}", [""])[0] for part in ("given_name", "family_name")]
    return " ".join(name for name in names if name) or longest(typed)


def _not_withheld(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    return set(ids) - withheld_among(viewer, ids)


REFERRAL = declare_form("front_door.refer", "Referral to the front door", lambda about: reverse("refer"), says=_child)
CALL_ABOUT = declare_form(
    "front_door.call_about",
    "Phone call",
    _of("refer_about", "person_id"),
    says=_child,
    shown=all_at_once(_not_withheld),
)
REFERRAL_BY_LINK = declare_form(
    "front_door.refer_by_link", "Referral to the front door", lambda about: reverse("link_refer"), says=_child
)
HELP = declare_form("front_door.ask_for_help", "Ask for help", lambda about: reverse("ask_for_help_form"))
LISTED = declare_form(
    "front_door.refer_listed",
    "Ask for help for a listed child",
    _of("refer_listed", "child_id"),
    shown=all_at_once(_not_withheld),
)
RATING = _of_referral("rating", "Rate a referral", "referral_rating")
AGREEMENT = _of_referral("agreement", "What the family knows and agrees to", "referral_agreement")
DECISION = _of_referral("decision", "Decide a referral", "referral_decision")
SEND_BACK = _of_referral("send_back", "Send a proposed decision back", "referral_confirm")
ALLOCATION = _of_referral("allocation", "Allocate a referral", "referral_allocate")
REPLY = _of_referral("reply", "Tell the referrer", "referral_reply")


def _of_place(page: str) -> Callable[[str], str]:
    """About somebody named in a referral: its id, a colon and the place."""

    def href(about: str) -> str:
        referral_id, _, place_id = about.partition(":")
        return reverse(page, kwargs={"referral_id": UUID(referral_id), "place_id": int(place_id)})

    return href


def _places(viewer: Actor, abouts: Collection[str]) -> list[str]:
    seen = referrals_shown(viewer, {UUID(about.partition(":")[0]) for about in abouts})
    return [about for about in abouts if UUID(about.partition(":")[0]) in seen]


def of_place(referral_id: UUID, place_id: int) -> str:
    """What a form about somebody named in a referral is about."""
    return f"{referral_id}:{place_id}"


NEW_PERSON = declare_form(
    "front_door.new_person", "Why somebody is new", _of_place("referral_search"), says=unsaid, shown=_places
)
TAKE_BACK = declare_form(
    "front_door.take_back", "Take back who somebody is", _of_place("referral_undo"), says=unsaid, shown=_places
)

ASK_PARTNERS = _of_referral("ask_partners", "Ask partners what they know", "referral_ask_partners")
JUDGEMENT = _of_referral("judgement", "Record a judgement", "referral_judgement")
WITHDRAW = _of_question("withdraw_question", "Withdraw a question to a partner", "referral_withdraw_question")
LATE_ANSWER = _of_question("late_answer", "What a partner told us late", "referral_late_answer")
_ASKINGS = all_at_once(askings_shown)
BASIS = declare_form(
    "front_door.basis", "May partners be asked?", _of("referral_agree_to_ask", "asking_id"), shown=_ASKINGS
)
NOT_AGREED = declare_form("front_door.not_agreed", "Partners are not to be asked", BASIS.href, shown=_ASKINGS)
ASKING_REVIEW = declare_form(
    "front_door.asking_review", "Review of asking at once", _of("asking_review", "serious_id"), shown=_ASKINGS
)

NOTICE = declare_form(
    "front_door.notice", "Answer a contact about a case", _of("notice", "notice_id"), shown=all_at_once(notices_shown)
)
SENT_BACK = declare_form(
    "front_door.sent_back", "Answer a team that sent a family back", _of("sent_back_one", "sent_back_id"),
    shown=all_at_once(sent_back_shown),
)  # fmt: skip
HANDOVER = declare_form(
    "front_door.handover",
    "What became of a hand-over",
    _of("handover", "handover_id"),
    shown=all_at_once(handovers_shown),
)
ALLEGATION = declare_form(
    "front_door.allegation",
    "Close an allegation",
    _of("allegation", "allegation_id"),
    shown=one_by_one(allegation_for_change),
)
GUARDIAN = declare_form(
    "front_door.guardian",
    "Answer as a guardian",
    _of("guardian_match", "match_id"),
    says=unsaid,
    shown=one_by_one(guardian_match_for_change),
)
