"""Who may do what at the front door. What somebody may do alone and what needs a second person is in `rules`."""

from __future__ import annotations

from typing import Any

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, declare
from joinedup.access.roles import FRONT_DOOR, PROFESSIONALS, Role
from joinedup.person_index.permissions import ANSWER_MATCH, GUARDIANS

_DECIDERS = {Role.SOCIAL_WORKER, Role.FRONT_DOOR_MANAGER}
_CASE = {Role.KEY_WORKER, Role.TEAM_MANAGER}


def _is_theirs_to_answer(viewer: Actor, notice: Any) -> bool:
    """The case's lead professional, or a manager of the case's team."""
    if notice.case.lead_professional_id in viewer.post_ids:
        return True
    return any(
        standing.role == Role.TEAM_MANAGER and standing.team_id == notice.case.team_id for standing in viewer.standings
    )


# --- Coming in.
SUBMIT_REFERRAL = declare("front_door.submit_referral", "send a referral to the front door", roles=PROFESSIONALS)
TAKE_CALL = declare("front_door.take_call", "write down a phone call to the front door", roles=FRONT_DOOR)
ASK_FOR_HELP = declare("front_door.ask_for_help", "ask for help", roles=set(), public=True)
READ_SENT_CONTACTS = declare(
    "front_door.read_sent_contacts", "see what they sent to the front door", roles=PROFESSIONALS
)

# --- Triage.
READ_WORKLIST = declare("front_door.read_worklist", "see the front door's worklists", roles=FRONT_DOOR | _CASE)
READ_REFERRAL = declare("front_door.read_referral", "read a referral", roles=FRONT_DOOR | _CASE)
TAKE_REFERRAL = declare("front_door.take_referral", "take a referral into triage", roles=FRONT_DOOR)
SEARCH_FOR = declare("front_door.search_for", "search for somebody named in a referral", roles=FRONT_DOOR)
IDENTIFY_PERSON = declare("front_door.identify_person", "say who somebody in a referral is", roles=FRONT_DOOR)
CREATE_PERSON_FOR = declare("front_door.create_person_for", "enter somebody new from a referral", roles=FRONT_DOOR)
UNDO_IDENTIFICATION = declare(
    "front_door.undo_identification", "take back who somebody in a referral is", roles=FRONT_DOOR
)
CHOOSE_FAMILY = declare("front_door.choose_family", "say which family a referral is about", roles=FRONT_DOOR)
RATE_REFERRAL = declare("front_door.rate_referral", "rate a referral", roles=FRONT_DOOR)
RECORD_AGREEMENT = declare(
    "front_door.record_agreement", "record what the family knows and agrees to", roles=FRONT_DOOR
)
PROPOSE_DECISION = declare("front_door.propose_decision", "propose a decision on a referral", roles=FRONT_DOOR)
DECIDE = declare("front_door.decide", "decide a referral", roles=FRONT_DOOR)
CONFIRM_DECISION = declare("front_door.confirm_decision", "decide what somebody else proposed", roles=_DECIDERS)
SEND_BACK_DECISION = declare("front_door.send_back_decision", "send a proposed decision back", roles=_DECIDERS)

# --- Comparing notes with partners.
READ_PROFILE = declare("front_door.read_profile", "see what partners know", roles=FRONT_DOOR | _CASE)
ASK_PARTNERS = declare("front_door.ask_partners", "ask partners what they know", roles=FRONT_DOOR)
AGREE_TO_ASK = declare(
    "front_door.agree_to_ask",
    "agree to asking partners without the family’s agreement",
    roles={Role.FRONT_DOOR_MANAGER},
)
WITHDRAW_QUESTION = declare("front_door.withdraw_question", "withdraw a question to a partner", roles=FRONT_DOOR)
REVIEW_ASKING = declare(
    "front_door.review_asking",
    "review partners having been asked at level 4 or red",
    roles={Role.FRONT_DOOR_MANAGER},
)
RECORD_JUDGEMENT = declare(
    "front_door.record_judgement", "record how a professional judges a referral", roles=FRONT_DOOR
)
RECORD_LATE_ANSWER = declare(
    "front_door.record_late_answer", "write down an answer that came after the decision", roles=FRONT_DOOR
)

# --- After the decision.
ALLOCATE_REFERRAL = declare(
    "front_door.allocate_referral", "allocate a referral to a team", roles={Role.FRONT_DOOR_MANAGER}
)
ANSWER_TEAM = declare(
    "front_door.answer_team", "answer a team that has sent a family back", roles={Role.FRONT_DOOR_MANAGER}
)
HAND_OVER = declare("front_door.hand_over", "hand a referral to statutory social care", roles=FRONT_DOOR)
READ_HANDOVERS = declare("front_door.read_handovers", "see what was handed over", roles={Role.STATUTORY_OFFICER})
UPDATE_HANDOVER = declare(
    "front_door.update_handover", "say what became of a hand-over", roles={Role.STATUTORY_OFFICER}
)
PASS_TO_CASE = declare("front_door.pass_to_case", "pass a referral to an open case", roles=FRONT_DOOR)
READ_NOTICES = declare("front_door.read_notices", "see referrals about their open cases", roles=_CASE)
ACKNOWLEDGE_NOTICE = declare(
    "front_door.acknowledge_notice",
    "acknowledge a referral about an open case",
    roles=_CASE,
    within=_is_theirs_to_answer,
    within_sentence="for a case they lead or whose team they manage",
)
RETURN_TO_FRONT_DOOR = declare(
    "front_door.return_to_front_door",
    "return a referral to the front door",
    roles=_CASE,
    within=_is_theirs_to_answer,
    within_sentence="for a case they lead or whose team they manage",
)
CLOSE_REFERRAL = declare("front_door.close_referral", "close a decided referral", roles=FRONT_DOOR)
READ_REPLIES_OWED = declare("front_door.read_replies_owed", "see which referrers are owed an answer", roles=FRONT_DOOR)
TELL_REFERRER = declare("front_door.tell_referrer", "tell the referrer what was decided", roles=FRONT_DOOR)

# --- Duty.
READ_DUTY_BOARD = declare("front_door.read_duty_board", "see who is on duty", roles=FRONT_DOOR)
ACCEPT_PAGE = declare("front_door.accept_page", "accept a red referral", roles=FRONT_DOOR)
SET_DUTY = declare("front_door.set_duty", "say who is on duty", roles={Role.FRONT_DOOR_MANAGER})

# --- Allegations against people who work with children: the designated officer's alone.
READ_ALLEGATIONS = declare(
    "front_door.read_allegations", "see allegations against staff", roles={Role.DESIGNATED_OFFICER}
)
TAKE_ALLEGATION = declare("front_door.take_allegation", "take an allegation", roles={Role.DESIGNATED_OFFICER})
CLOSE_ALLEGATION = declare("front_door.close_allegation", "close an allegation", roles={Role.DESIGNATED_OFFICER})

# --- Asking once.
READ_REPEATS = declare(
    "front_door.read_repeats",
    "see how often families are asked again",
    roles={Role.FRONT_DOOR_MANAGER, Role.TEAM_MANAGER, Role.INFORMATION_GOVERNANCE},
)
REFER_BY_LINK = declare("front_door.refer_by_link", "send a referral by an e-mailed link", roles=set(), public=True)

# --- Restricted records: their guardians.
READ_GUARDIAN_MATCHES = declare(
    "front_door.read_guardian_matches", "see what waits for them as a guardian of a record", roles=GUARDIANS
)
ANSWER_FOR_RECORD = declare(
    "front_door.answer_for_record",
    "answer for a restricted record",
    roles=GUARDIANS,
    within=lambda viewer, match: can(viewer, ANSWER_MATCH, match),
    within_sentence="for a record they are a guardian of",
)
REGISTER_ASSESSMENT = declare(
    "front_door.register_assessment", "register an assessment of a child they told the front door of",
    roles=PROFESSIONALS, within=lambda viewer, contact: contact.submitted_by_id in viewer.post_ids,
    within_sentence="for what a post of theirs sent",
)  # fmt: skip
