"""Who may do what with sharing agreements and requests. Which posts may ask and answer is named in each agreement."""

from __future__ import annotations

from typing import Any

from joinedup.access.actor import Actor
from joinedup.access.permissions import declare
from joinedup.access.roles import FRONT_DOOR, PROFESSIONALS, Role
from joinedup.information_sharing.models import is_worked_with

_GOVERNANCE = {Role.INFORMATION_GOVERNANCE}
_MANAGERS = {Role.FRONT_DOOR_MANAGER, Role.TEAM_MANAGER}
_ASKERS = FRONT_DOOR | {Role.TEAM_MANAGER, Role.KEY_WORKER}


def _asked_it(viewer: Actor, request: Any) -> bool:
    """A post of theirs asked it, or they manage where it was asked."""
    if request.asked_by_id in viewer.post_ids:
        return True
    asked_by = request.asked_by
    return any(
        standing.role in _MANAGERS and standing.team_id is not None and standing.team_id == asked_by.team_id
        for standing in viewer.standings
    )


# --- The register.
READ_AGREEMENTS = declare("information_sharing.read_agreements", "see the sharing agreements", roles=_GOVERNANCE)
DRAFT_AGREEMENT = declare("information_sharing.draft_agreement", "draft a sharing agreement", roles=_GOVERNANCE)
CHANGE_DRAFT = declare("information_sharing.change_draft", "change the draft of a sharing agreement", roles=_GOVERNANCE)
NAME_POST = declare(
    "information_sharing.name_post", "say which posts may ask and answer under an agreement", roles=_GOVERNANCE
)
SIGN_AGREEMENT = declare(
    "information_sharing.sign_agreement", "record a signature under a sharing agreement", roles=_GOVERNANCE
)
END_AGREEMENT = declare("information_sharing.end_agreement", "end a sharing agreement", roles=_GOVERNANCE)
REVIEW_AGREEMENT = declare("information_sharing.review_agreement", "review a sharing agreement", roles=_GOVERNANCE)
SETTLE_AGREEMENT = declare(
    "information_sharing.settle_agreement", "write down what the day has made of an agreement", roles=_GOVERNANCE
)
VERIFY_BASIS = declare(
    "information_sharing.verify_basis", "say that a lawful basis was checked against the law", roles=_GOVERNANCE
)
# At go-live, from the command line only.
BRING_AGREEMENTS_OVER = declare(
    "information_sharing.bring_agreements_over", "bring sharing agreements over from an earlier register", roles=()
)
RECONCILE_AGREEMENTS = declare(
    "information_sharing.reconcile_agreements", "reconcile sharing agreements with an earlier register", roles=()
)
READ_REFUSALS = declare(
    "information_sharing.read_refusals",
    "see how often sharing was refused",
    roles=_GOVERNANCE | {Role.FRONT_DOOR_MANAGER},
)
# --- Noticing early which children may need help. Which posts see the list is named in the agreements.
READ_INDICATORS = declare(
    "information_sharing.read_indicators", "see which indicators were agreed", roles=PROFESSIONALS | _GOVERNANCE
)
PROPOSE_INDICATOR = declare("information_sharing.propose_indicator", "propose an indicator", roles=_GOVERNANCE)
READ_PROPOSALS = declare(
    "information_sharing.read_proposals",
    "see which indicators are proposed",
    roles=_GOVERNANCE | {Role.FRONT_DOOR_MANAGER},
)
AGREE_INDICATOR = declare(
    "information_sharing.agree_indicator", "agree to an indicator, or decline it",
    roles=_GOVERNANCE | {Role.FRONT_DOOR_MANAGER},
    within=lambda viewer, proposal: viewer.account_id not in (proposal.proposed_by, proposal.begun_by),
    within_sentence="that somebody else proposed",
)  # fmt: skip
# The demonstration only: what a board agreed to before there was a second person to ask.
DECLARE_INDICATOR = declare("information_sharing.declare_indicator", "declare an indicator alone", roles=())
END_INDICATOR = declare("information_sharing.end_indicator", "stop using an indicator", roles=_GOVERNANCE)
READ_LISTED = declare("information_sharing.read_listed", "see the children that indicators list", roles=PROFESSIONALS)
RECORD_LOOK = declare(
    "information_sharing.record_look", "record what they found about a listed child", roles=PROFESSIONALS
)
READ_INDICATOR_REVIEW = declare(
    "information_sharing.read_indicator_review",
    "see how often indicators listed children without need",
    roles=_GOVERNANCE | {Role.FRONT_DOOR_MANAGER},
)

# --- Asking.
GIVE_BASIS = declare(
    "information_sharing.give_basis", "give a reason for asking without the family’s agreement", roles=_MANAGERS
)
ASK_FOR_INFORMATION = declare("information_sharing.ask", "ask a partner what it knows of somebody", roles=_ASKERS)
READ_ASKED = declare("information_sharing.read_asked", "see the requests they asked", roles=_ASKERS)
READ_CLOSED = declare(
    "information_sharing.read_closed",
    "read what a partner answered once the question is closed",
    roles=_GOVERNANCE | {Role.FRONT_DOOR_MANAGER},
)
WITHDRAW_REQUEST = declare(
    "information_sharing.withdraw_request", "withdraw a request", roles=_ASKERS, within=_asked_it,
    within_sentence="that their own post or team asked",
)  # fmt: skip
CLOSE_REQUEST = declare(
    "information_sharing.close_request", "close a request", roles=_ASKERS, within=_asked_it,
    within_sentence="that their own post or team asked",
)  # fmt: skip

# --- Answering. Who answers is whoever an agreement in force names for the organisation asked.
READ_TO_ANSWER = declare(
    "information_sharing.read_to_answer", "see the requests that wait for their answer", roles=PROFESSIONALS
)
ANSWER_REQUEST = declare("information_sharing.answer_request", "answer a request", roles=PROFESSIONALS)
REFUSE_REQUEST = declare("information_sharing.refuse_request", "refuse a request", roles=PROFESSIONALS)

# --- Agreement of the family.
_WORKERS = FRONT_DOOR | {Role.TEAM_MANAGER, Role.KEY_WORKER, Role.REFERRER, Role.STATUTORY_OFFICER}
_WORKED_WITH = "for people they work with"
READ_CONSENT = declare("information_sharing.read_consent", "see what a family agreed to", roles=_WORKERS)
RECORD_CONSENT = declare(
    "information_sharing.record_consent", "record what a family agrees to or declines", roles=_WORKERS,
    within=lambda viewer, person: is_worked_with(viewer, person.pk), within_sentence=_WORKED_WITH,
)  # fmt: skip
RECORD_BASIS = declare(
    "information_sharing.record_basis", "record a lawful basis for sharing without agreement",
    roles=_MANAGERS | {Role.STATUTORY_OFFICER},
    within=lambda viewer, person: is_worked_with(viewer, person.pk), within_sentence=_WORKED_WITH,
)  # fmt: skip
WITHDRAW_CONSENT = declare(
    "information_sharing.withdraw_consent", "record that agreement was withdrawn", roles=_WORKERS,
    within=lambda viewer, person: is_worked_with(viewer, person.pk), within_sentence=_WORKED_WITH,
)  # fmt: skip
DECIDE_WITHDRAWAL = declare(
    "information_sharing.decide_withdrawal", "decide what follows when agreement was withdrawn",
    roles=_MANAGERS | {Role.STATUTORY_OFFICER},  # who manages a team for statutory work
    within=lambda viewer, withdrawal: is_worked_with(viewer, withdrawal.person_id), within_sentence=_WORKED_WITH,
)  # fmt: skip
