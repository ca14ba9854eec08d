"""What the front door writes into a family's chronology. Nothing is written of allegations against staff."""

from __future__ import annotations

from joinedup.chronology.kinds import declare_event

REFERRAL_RECEIVED = declare_event("front_door.referral_received", "Referral received")
REFERRAL_TAKEN = declare_event("front_door.referral_taken", "Triage started")
REFERRAL_RATED = declare_event("front_door.referral_rated", "Referral rated")
PERSON_IDENTIFIED = declare_event("front_door.person_identified", "Named in a referral", places="joins")
IDENTIFICATION_UNDONE = declare_event(
    "front_door.identification_undone", "Not the person named in a referral after all", places="parts"
)
FAMILY_CHOSEN = declare_event("front_door.family_chosen", "Referral about this family", places="family")
FAMILY_TAKEN_BACK = declare_event(
    "front_door.family_taken_back", "Referral no longer about any family", places="family"
)
AGREEMENT_RECORDED = declare_event("front_door.agreement_recorded", "What the family knows and agrees to recorded")
ASKING_WAITS = declare_event("front_door.asking_waits", "A manager is to say whether partners may be asked")
ASKING_NOT_AGREED = declare_event("front_door.asking_not_agreed", "Partners not asked: the manager did not agree")
JUDGEMENT_RECORDED = declare_event("front_door.judgement_recorded", "A professional’s judgement recorded")
LATE_ANSWER_CAME = declare_event("front_door.late_answer_came", "A partner answered after the decision")
DECISION_PROPOSED = declare_event("front_door.decision_proposed", "Decision proposed")
DECISION_SENT_BACK = declare_event("front_door.decision_sent_back", "Proposed decision sent back")
REFERRAL_DECIDED = declare_event("front_door.referral_decided", "Referral decided")
REFERRAL_ALLOCATED = declare_event("front_door.referral_allocated", "Allocated to a team")
REFERRAL_TAKEN_BACK = declare_event("front_door.referral_taken_back", "Taken back from a team into triage")
REFERRAL_HANDED_OVER = declare_event("front_door.referral_handed_over", "Handed over to statutory social care")
HANDOVER_UPDATED = declare_event("front_door.handover_updated", "News from statutory social care")
REFERRAL_PASSED = declare_event("front_door.referral_passed", "New contact passed to the lead professional")
NOTICE_ACKNOWLEDGED = declare_event("front_door.notice_acknowledged", "Lead professional answered a new contact")
REFERRAL_RETURNED = declare_event("front_door.referral_returned", "Contact returned to the front door")
REFERRER_TOLD = declare_event("front_door.referrer_told", "Referrer told")
REFERRER_NOT_TOLD = declare_event("front_door.referrer_not_told", "Referrer could not be told")
REFERRAL_CLOSED = declare_event("front_door.referral_closed", "Referral closed")
DUTY_PAGED = declare_event("front_door.duty_paged", "Person on duty paged")
PAGE_ACCEPTED = declare_event("front_door.page_accepted", "Red referral accepted")
ASSESSMENT_REGISTERED = declare_event(
    "front_door.assessment_registered", "A trained professional offers to assess and lead"
)
