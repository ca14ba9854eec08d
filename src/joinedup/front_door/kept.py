"""The front door's forms that are kept while somebody types, each with where it is opened again."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from joinedup.core.drafts import Typed, declare_form, longest


def _of_referral(page: str) -> Callable[[str], str]:
    return lambda about: reverse(page, kwargs={"referral_id": about})


def _child(typed: Typed) -> str:
    """The first child's name, as typed."""
    names = [typed.get(f"children-0-{part}", [""])[0] for part in ("given_name", "family_name")]
    return " ".join(name for name in names if name) or longest(typed)


REFERRAL = declare_form("front_door.refer", "Referral to the front door", lambda about: reverse("refer"), says=_child)
REFERRAL_BY_LINK = declare_form(
    "front_door.refer_by_link", "Referral to the front door", lambda about: reverse("link_refer"), says=_child
)
HELP = declare_form("front_door.ask_for_help", "Ask for help", lambda about: reverse("ask_for_help_form"))
RATING = declare_form("front_door.rating", "Rate a referral", _of_referral("referral_rating"))
AGREEMENT = declare_form(
    "front_door.agreement", "What the family knows and agrees to", _of_referral("referral_agreement")
)
DECISION = declare_form("front_door.decision", "Decide a referral", _of_referral("referral_decision"))
SEND_BACK = declare_form("front_door.send_back", "Send a proposed decision back", _of_referral("referral_confirm"))
ALLOCATION = declare_form("front_door.allocation", "Allocate a referral", _of_referral("referral_allocate"))
REPLY = declare_form("front_door.reply", "Tell the referrer", _of_referral("referral_reply"))
NOTICE = declare_form(
    "front_door.notice", "Answer a contact about a case", lambda about: reverse("notice", kwargs={"notice_id": about})
)
ALLEGATION = declare_form(
    "front_door.allegation", "Close an allegation", lambda about: reverse("allegation", kwargs={"allegation_id": about})
)
