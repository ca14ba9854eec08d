"""What information sharing writes into a family's chronology: that it was asked and answered; the words lie apart."""

from __future__ import annotations

from joinedup.chronology.kinds import declare_event

INFORMATION_ASKED = declare_event("information_sharing.asked", "Information asked of a partner")
REQUEST_OPENED = declare_event("information_sharing.opened", "Request for information opened")
INFORMATION_SHARED = declare_event("information_sharing.answered", "Information shared by a partner")
ANSWER_CORRECTED = declare_event("information_sharing.corrected", "Shared information corrected")
SHARING_REFUSED = declare_event("information_sharing.refused", "Partner refused to share")
REQUEST_WITHDRAWN = declare_event("information_sharing.withdrawn", "Request for information withdrawn")
REQUEST_CLOSED = declare_event("information_sharing.closed", "Request for information closed")
INDICATORS_LOOKED_AT = declare_event(
    "information_sharing.indicators_looked_at", "Somebody looked at what indicators listed"
)
BASIS_GIVEN = declare_event("information_sharing.basis_given", "Reason given for asking without the family’s agreement")
HELP_AGREED = declare_event("information_sharing.help_agreed", "Agreement to this help recorded")
SHARING_BASED = declare_event("information_sharing.sharing_based", "Basis for sharing recorded")
SHARING_DECLINED = declare_event("information_sharing.sharing_declined", "Family declined to share")
AGREEMENT_WITHDRAWN = declare_event("information_sharing.agreement_withdrawn", "Agreement withdrawn")
WITHDRAWAL_DECIDED = declare_event("information_sharing.withdrawal_decided", "Manager decided after a withdrawal")
