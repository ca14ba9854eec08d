"""Which tables of the front door hold words of a case through its referrals (`core.keeping`), and when they may not go yet. What
was told to the front door in a contact is the front door's own, and has a time of its own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from joinedup.core.keeping import Holding, Reach, Stop
from joinedup.front_door.lifecycle import OPEN
from joinedup.front_door.models import Referral

_NAME, _CODE = "referrals, and what partners were asked and answered", "a code"
_REFERRAL, _REQUEST = "front_door.referral", "information_sharing.informationrequest"


def _of(model: str, /, *words: str, by: str = "referral", **stays: str) -> Holding:
    return Holding(f"front_door.{model}", _NAME, by, words, stays, of=_REFERRAL)


def _asked(model: str, /, *words: str, by: str = "request", **stays: str) -> Holding:
    return Holding(f"information_sharing.{model}", _NAME, by, words, stays, of=_REQUEST)


HOLDINGS = (
    _of("referral", "agreement_reason", by="pk", reference="a reference"),
    _of("allocation", "reason", rule=_CODE),
    _of("asking", "question", "why_without_agreement", "news", "not_agreed_reason", purpose=_CODE, footing=_CODE),
    _of("askingreview", "words", by="asking__referral"),
    _of("casenotice", "response", "return_reason"),
    _of("decision", "reason", "look_back", "advice_given", "sent_back_reason"),
    _of("handover", "content", "worker", "status", receipt="a receipt", statutory_reference="a reference",
        next_date_means=_CODE),
    _of("judgement", "said_by", "words", "differs_because"),
    _of("lateanswer", "said_by", "words", "told"),
    _of("ratinggiven", "reason"),
    _of("referralperson", part=_CODE, how=_CODE),
    _of("referraltransition", "reason", start=_CODE, end=_CODE),
    _of("referrerreply", "why_nothing", "subject", "text", may_be_told=_CODE, how=_CODE),
    _asked("informationrequest", "reason", by="pk", reference="a reference", purpose=_CODE, rating=_CODE,
           subject_kind=_CODE, subject_id="an id"),
    _asked("requesttransition", "reason", start=_CODE, end=_CODE),
    _asked("answer", "correction_reason", "service", "worker", "worker_role", "phone", "email", "coverage_area",
           "proportionality", "judgement"),
    _asked("answeritem", "name", "words", "source", by="answer__request", code=_CODE),
    _asked("refusal", "item_name", "words", item_code=_CODE),
)  # fmt: skip
REACHES = (Reach(_REFERRAL, "case"), Reach(_REQUEST, "subject_id", of=_REFERRAL))


def _undecided(cases: Collection[UUID], at: datetime) -> set[UUID]:
    rows = Referral.objects.filter(case__in=list(cases), state__in=[each.value for each in OPEN])
    return {case_id for case_id in rows.values_list("case_id", flat=True) if case_id}


UNDECIDED = Stop("a referral that belongs to it is still open at the front door", _undecided)
