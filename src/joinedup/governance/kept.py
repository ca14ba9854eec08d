"""The forms of boards that are kept while somebody types."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from joinedup.core.drafts import declare_form


def _of(page: str, record: str) -> Callable[[str], str]:
    return lambda about: reverse(page, kwargs={record: about})


def _new(about: str) -> str:
    return reverse("board_new")


BOARD = declare_form("governance.board", "A board", _new)
TERMS = declare_form("governance.terms", "Terms of reference", _of("board_terms", "board_id"))
ITEM = declare_form("governance.item", "An item of an agenda", _of("agenda_add", "board_meeting_id"))
MINUTE = declare_form("governance.minute", "Minutes of an item", _of("item_minute", "agenda_item_id"))
DECISION = declare_form("governance.decision", "A board’s decision", _of("item_decide", "agenda_item_id"))
RECOMMENDATION = declare_form("governance.recommendation", "A recommendation", _of("item_recommend", "agenda_item_id"))
REPLY = declare_form("governance.reply", "A reply to scrutiny", _of("recommendation_reply", "recommendation_id"))
CALL_IN = declare_form("governance.call_in", "Calling a decision in", _of("decision_call_in", "decision_id"))
CALL_IN_ANSWER = declare_form("governance.call_in_answer", "Answering a call-in", _of("decision_answer", "decision_id"))
RISK = declare_form("governance.risk", "A risk", lambda about: reverse("risk_new"))
RISK_REVIEW = declare_form("governance.risk_review", "A review of a risk", _of("risk_review", "risk_id"))
RISK_ACTION_DONE = declare_form(
    "governance.risk_action_done", "What was done about a risk", _of("risk_action_done", "risk_action_id")
)
IMPLICATIONS = declare_form(
    "governance.implications", "What a proposal means", _of("item_implications", "agenda_item_id")
)
ELEMENT_NEW = declare_form(
    "governance.element_new", "A new element of the framework", lambda about: reverse("framework_element_new")
)
ELEMENT = declare_form(
    "governance.element", "An element of the framework", _of("framework_element", "framework_element_id")
)
ELEMENT_ENTRY = declare_form(
    "governance.progress_entry", "What a report says of an element", _of("progress_entry", "progress_entry_id")
)
REPORT_TEXTS = declare_form(
    "governance.progress_texts", "The texts of a progress report", _of("progress_texts", "progress_report_id")
)
SIGNATURE = declare_form("governance.signature", "Why a colour stands", _of("progress_sign", "progress_entry_id"))
