"""Every write at the front door, by noun. Others import from here."""

from joinedup.front_door.services.allegations import close_allegation, take_allegation
from joinedup.front_door.services.allocation import allocate_referral
from joinedup.front_door.services.asked_at_once import review_asking
from joinedup.front_door.services.contacts import ask_for_help, submit_referral
from joinedup.front_door.services.decisions import (
    close_referral,
    confirm_decision,
    decide,
    propose_decision,
    send_back_decision,
)
from joinedup.front_door.services.duty import DutyTurn, accept_page, page_overdue, set_duty
from joinedup.front_door.services.guardian_reminders import remind_guardians
from joinedup.front_door.services.handovers import hand_over, receive_handover, update_handover
from joinedup.front_door.services.links import open_link, renew_link, send_link, submit_by_link, tidy_links
from joinedup.front_door.services.notes import (
    Asked,
    agree_to_ask,
    ask_partners,
    record_judgement,
    record_late_answer,
    refuse_to_ask,
    withdraw_question,
)
from joinedup.front_door.services.notices import acknowledge_notice, pass_to_case, return_to_front_door
from joinedup.front_door.services.people import (
    choose_family,
    create_person_for,
    identify_person,
    search_for,
    undo_identification,
)
from joinedup.front_door.services.registering import register_assessment
from joinedup.front_door.services.replies import excuse_reply, tell_referrer
from joinedup.front_door.services.restricted_matches import answer_guardian_match
from joinedup.front_door.services.sent_back import answer_team
from joinedup.front_door.services.triage import rate_referral, record_agreement, take_referral

__all__ = [
    "Asked",
    "DutyTurn",
    "accept_page",
    "acknowledge_notice",
    "agree_to_ask",
    "allocate_referral",
    "answer_guardian_match",
    "answer_team",
    "ask_for_help",
    "ask_partners",
    "choose_family",
    "close_allegation",
    "close_referral",
    "confirm_decision",
    "create_person_for",
    "decide",
    "excuse_reply",
    "hand_over",
    "identify_person",
    "open_link",
    "page_overdue",
    "pass_to_case",
    "propose_decision",
    "rate_referral",
    "receive_handover",
    "record_agreement",
    "record_judgement",
    "record_late_answer",
    "refuse_to_ask",
    "register_assessment",
    "remind_guardians",
    "renew_link",
    "return_to_front_door",
    "review_asking",
    "search_for",
    "send_back_decision",
    "send_link",
    "set_duty",
    "submit_by_link",
    "submit_referral",
    "take_allegation",
    "take_referral",
    "tell_referrer",
    "tidy_links",
    "undo_identification",
    "update_handover",
    "withdraw_question",
]
