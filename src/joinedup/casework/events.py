"""What casework writes into a family's chronology."""

from __future__ import annotations

from joinedup.chronology.kinds import declare_event

CASE_OPENED = declare_event("casework.case_opened", "Case opened")
LEAD_PROFESSIONAL_NAMED = declare_event("casework.lead_professional_named", "Lead professional named")
MEMBER_ADDED = declare_event("casework.member_added", "Joined the team around the child")
MEMBER_REMOVED = declare_event("casework.member_removed", "Left the team around the child")
CASE_CLOSED = declare_event("casework.case_closed", "Case closed")
CASE_BROUGHT_OVER = declare_event("casework.case_brought_over", "Case brought over from an earlier system")
LEAD_HANDED_OVER = declare_event(
    "casework.lead_handed_over", "Lead professional changed by handover", says=["From {before} to {who}"]
)
DUTY_WITH_MANAGER = declare_event(
    "casework.duty_with_manager",
    "The team manager holds the lead professional’s duty",
    says=["{before} led until then"],
)
DEPUTY_NAMED = declare_event("casework.deputy_named", "Deputy of the lead professional named")
FAMILY_JOINED = declare_event("casework.family_joined", "Family joined the team around the child")
FAMILY_LEFT = declare_event("casework.family_left", "Family left the team around the child")
PERSON_JOINED = declare_event("casework.person_joined", "Joined the case", says=["{person}", "{reason}"])
PERSON_LEFT = declare_event("casework.person_left", "Left the case", says=["{person}: {why}", "{reason}"])
MEETING_PLANNED = declare_event("casework.meeting_planned", "Meeting planned", says=["{when}", "{reference}"])
MEETING_MOVED = declare_event("casework.meeting_moved", "Meeting moved", says=["Now {when}", "{reference}"])
MEETING_CANCELLED = declare_event("casework.meeting_cancelled", "Meeting cancelled")
MEETING_HELD = declare_event("casework.meeting_held", "Meeting held", says=["{came} came", "{reference}"])

# The plan, its reviews, the steps between levels, and closing. `reviewing.replay` adds them up.
PLAN_OPENED = declare_event("casework.plan_opened", "Family plan begun")
PLAN_CLOSED = declare_event("casework.plan_closed", "Family plan closed")
NEED_ADDED = declare_event("casework.need_added", "Need added to the family plan")
NEED_ENDED = declare_event("casework.need_ended", "Need ended", says=["{need}"])
NEED_REMOVED = declare_event("casework.need_removed", "Need taken out of the family plan")
NEED_RESTORED = declare_event("casework.need_restored", "Need put back into the family plan")
OUTCOME_AGREED = declare_event("casework.outcome_agreed", "Outcome agreed", says=["{outcome}"])
ACTION_AGREED = declare_event("casework.action_agreed", "Action agreed")
ACTION_ENDED = declare_event("casework.action_ended", "Action done or stopped", says=["{action}", "{what}"])
STATUTORY_PLAN_READ = declare_event("casework.statutory_plan_read", "Statutory plan read back")
REVIEW_HELD = declare_event("casework.review_held", "Review held", says=["{decision}", "{reason}"])
STEP_ASKED = declare_event("casework.step_asked", "Step asked for")
STEP_REFUSED = declare_event("casework.step_refused", "Step refused")
STEP_ASKED_AGAIN = declare_event("casework.step_asked_again", "Step asked for again")
STEP_WITHDRAWN = declare_event("casework.step_withdrawn", "Step withdrawn")
DISAGREEMENT_OPENED = declare_event("casework.disagreement_opened", "Teams disagree about a step")
LEVEL_CHANGED = declare_event("casework.level_changed", "Level of need changed", says=["{team}", "{reason}"])
CHANGE_CHECKED = declare_event(
    "casework.change_checked", "Whether the change has lasted was checked", says=["{result}", "{words}"]
)
ASSESSMENT_STARTED = declare_event("casework.assessment_started", "Assessment begun")
ASSESSMENT_SIGNED = declare_event(
    "casework.assessment_signed", "Assessment signed", says=["{reference}", "To be looked at again by {review}"]
)
ASSESSMENT_SUPERSEDED = declare_event("casework.assessment_superseded", "Assessment superseded by a later one")

# Notes, visits and help given. A note's own words are not in the timeline: who reads the case reads them there.
VISIT_MADE = declare_event("casework.visit_made", "Visit")
CALL_MADE = declare_event("casework.call_made", "Phone call")
NOTE_WRITTEN = declare_event("casework.note_written", "Case note")
INTERVENTION_GIVEN = declare_event(
    "casework.intervention_given",
    "Help given",
    says=(
        "{service}: {what}",
        "By {by}",
    ),
    quantity_means="hours",
)
INTERVENTION_ENDED = declare_event("casework.intervention_ended", "Help ended", quantity_means="further hours")
SUPERVISED = declare_event("casework.supervised", "Discussed in supervision")
MONEY_PROMISED = declare_event("casework.money_promised", "Money promised", says=["{amount}: {what}"])
SENT_BACK = declare_event("casework.sent_back", "Sent back to the front door", says=["{reason}"])
SENT_BACK_ANSWERED = declare_event(
    "casework.sent_back_answered", "The front door answered", says=["{answer}", "{team}", "{words}"]
)
ALLOCATION_DECIDED = declare_event("casework.allocation_decided", "Decided at an allocation meeting")
CASE_AUDITED = declare_event("casework.case_audited", "Quality of the work audited")
INTERVENTION_TAKEN_BACK = declare_event(
    "casework.intervention_taken_back",
    "Help given was recorded by mistake",
    says=("{service}",),
    quantity_means="hours taken back",
)

# Pathways, the panel, and what came over from an old system besides the case itself.
PATHWAY_CHANGED = declare_event("casework.pathway_changed", "Pathway changed")
PANEL_ASKED = declare_event("casework.panel_asked", "Panel asked")
PANEL_PAPERS = declare_event("casework.panel_papers", "Papers for the panel complete")
PANEL_LISTED = declare_event("casework.panel_listed", "On the list of a panel")
PANEL_CONTRIBUTED = declare_event("casework.panel_contributed", "A partner wrote for the panel")
PANEL_DECIDED = declare_event("casework.panel_decided", "Panel decided")
PANEL_DISAGREED = declare_event("casework.panel_disagreed", "Panel’s decision not agreed with")
PANEL_WITHDRAWN = declare_event("casework.panel_withdrawn", "Request to the panel withdrawn")
FAMILY_TOLD = declare_event("casework.family_told", "Family told what the panel decided")
WORK_BROUGHT_OVER = declare_event("casework.work_brought_over", "Brought over from an earlier system")
