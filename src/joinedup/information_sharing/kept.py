"""The forms of information sharing that are kept while somebody types. What an answer says is in no list."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from joinedup.core.drafts import all_at_once, declare_form, unsaid
from joinedup.information_sharing.queries.kept import asked_shown, children_shown, to_answer_shown


def _of(page: str, record: str) -> Callable[[str], str]:
    return lambda about: reverse(page, kwargs={record: about})


_TO_ANSWER = all_at_once(to_answer_shown)
ANSWER = declare_form(
    "information_sharing.answer",
    "Answer a partner’s request",
    _of("request_to_answer", "request_id"),
    says=unsaid,
    shown=_TO_ANSWER,
)
CORRECTION = declare_form(
    "information_sharing.correction",
    "Put an answer right",
    _of("request_correct", "request_id"),
    says=unsaid,
    shown=_TO_ANSWER,
)
REFUSAL = declare_form(
    "information_sharing.refusal",
    "Refuse to share",
    _of("request_refuse", "request_id"),
    says=unsaid,
    shown=_TO_ANSWER,
)
WITHDRAWAL = declare_form(
    "information_sharing.withdrawal",
    "Withdraw a request",
    _of("request_withdraw", "request_id"),
    says=unsaid,
    shown=all_at_once(asked_shown),
)
LOOK = declare_form(
    "information_sharing.look",
    "What you found about a listed child",
    _of("indicators_child", "child_id"),
    says=unsaid,
    shown=all_at_once(children_shown),
)

# The register names nobody: agreements and indicators.
TERMS = declare_form("information_sharing.draft", "Draft an agreement", lambda about: reverse("agreement_draft"))
CHANGED_TERMS = declare_form(
    "information_sharing.change_draft", "Change the draft of an agreement", _of("agreement_change", "agreement_id")
)
AGREEMENT_REVIEW = declare_form(
    "information_sharing.review", "Review an agreement", _of("agreement_review", "agreement_id")
)
AGREEMENT_END = declare_form("information_sharing.end", "End an agreement", _of("agreement_end", "agreement_id"))
INDICATOR = declare_form(
    "information_sharing.indicator", "Propose an indicator", lambda about: reverse("indicator_propose")
)
INDICATOR_WORDS = declare_form(
    "information_sharing.indicator_words",
    "What an indicator says",
    lambda about: reverse("indicator_step", kwargs={"proposed_id": about, "step": "words"}),
)
INDICATOR_DECLINED = declare_form(
    "information_sharing.indicator_declined",
    "Why you decline an indicator",
    _of("indicator_decline", "proposed_id"),
)
INDICATOR_CHANGE = declare_form(
    "information_sharing.indicator_change", "Change an indicator", _of("indicator_change", "indicator_id")
)
INDICATOR_END = declare_form(
    "information_sharing.indicator_end", "Stop using an indicator", _of("indicator_end", "indicator_id")
)
