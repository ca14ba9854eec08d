"""What casework writes into a family's chronology."""

from __future__ import annotations

from joinedup.chronology.kinds import declare_event

CASE_OPENED = declare_event("casework.case_opened", "Case opened")
LEAD_PROFESSIONAL_NAMED = declare_event("casework.lead_professional_named", "Lead professional named")
MEMBER_ADDED = declare_event("casework.member_added", "Joined the team around the child")
MEMBER_REMOVED = declare_event("casework.member_removed", "Left the team around the child")
CASE_CLOSED = declare_event("casework.case_closed", "Case closed")
CASE_BROUGHT_OVER = declare_event("casework.case_brought_over", "Case brought over from an earlier system")
