"""Who may see boards, keep them, run their meetings, approve for a partner, and call a decision in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import declare
from joinedup.access.roles import Role
from joinedup.governance.codes import SCRUTINY
from joinedup.governance.models import Appointment

_DIRECTORS = frozenset({Role.DIRECTOR, Role.CHIEF_FINANCE_OFFICER, Role.FINANCE_DIRECTOR})
_MEMBERS = _DIRECTORS | {Role.BOARD_MEMBER, Role.SCRUTINY_MEMBER, Role.COMMISSIONER}
# Whoever may be offered a seat can use it, also the chair’s: which board is narrowed by where they sit.
_SEATED = _MEMBERS | {Role.PROGRAMME_MANAGER, Role.POOL_MANAGER, Role.TEAM_MANAGER}
_RUN = _SEATED | {Role.GOVERNANCE_OFFICER}
_READ = _RUN | {Role.AUDITOR}


def _sitting(viewer: Actor) -> Any:
    day = timezone.localdate(viewer.at)
    there = Appointment.objects.filter(post_id__in=viewer.post_ids, starts_on__lte=day)
    return there.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def sits_on(viewer: Actor, board_id: UUID) -> bool:
    """Whether a post of theirs is appointed to a seat of the board today."""
    return bool(_sitting(viewer).filter(seat__board_id=board_id).exists())


def reads_exempt(viewer: Actor, board_id: UUID) -> bool:
    """Exempt items are for the board, whoever keeps its papers, and the auditor."""
    return viewer.is_system or viewer.has_role(Role.GOVERNANCE_OFFICER, Role.AUDITOR) or sits_on(viewer, board_id)


def _board_id(record: Any) -> UUID:
    """Of a board or of anything that belongs to one."""
    found: UUID = getattr(record, "board_id", None) or record.pk
    return found


def _runs(viewer: Actor, record: Any) -> bool:
    """The officers who keep the boards, and the board’s own chair."""
    if viewer.has_role(Role.GOVERNANCE_OFFICER):
        return True
    return bool(_sitting(viewer).filter(seat__board_id=_board_id(record), seat__is_chair=True).exists())


def _of_scrutiny(viewer: Actor, record: Any) -> bool:
    return bool(_sitting(viewer).filter(seat__board__kind=SCRUTINY).exists())


def _for_body(viewer: Actor, organisation: Any) -> bool:
    return any(each.role in _DIRECTORS and each.organisation_id == organisation.pk for each in viewer.standings)


READ_BOARDS = declare("governance.read_boards", "see boards, their meetings and their decisions", roles=_READ)
KEEP_BOARDS = declare(
    "governance.keep_boards",
    "set boards up, change their terms and appoint their members",
    roles={Role.GOVERNANCE_OFFICER},
)
RUN_MEETINGS = declare(
    "governance.run_meetings", "run the meetings of a board and record what it decides", roles=_RUN, within=_runs,
    within_sentence="who keeps the boards or chairs this one",
)  # fmt: skip
APPROVE_FOR_PARTNER = declare(
    "governance.approve_for_partner", "record a partner’s own answer to a decision", roles=_DIRECTORS, within=_for_body,
    within_sentence="of that partner",
)  # fmt: skip
REPLY_TO_SCRUTINY = declare(
    "governance.reply_to_scrutiny", "reply to what scrutiny recommends to a body", roles=_DIRECTORS, within=_for_body,
    within_sentence="of that body",
)  # fmt: skip
CALL_IN_DECISION = declare(
    "governance.call_in_decision", "call a decision in", roles={Role.SCRUTINY_MEMBER}, within=_of_scrutiny,
    within_sentence="who sits on a scrutiny committee",
)  # fmt: skip
CARRY_OUT_DECISION = declare(
    "governance.carry_out_decision", "have a decision take effect that is ready to", roles=_RUN, within=_runs,
    within_sentence="who keeps the boards or chairs this one",
)  # fmt: skip
ESCALATE = declare(
    "governance.escalate", "take what goes wrong to those who answer for it (the program itself does)", roles=()
)
READ_PUBLISHED = declare(
    "governance.read_published", "read what boards publish of their meetings", roles=(), public=True
)


# --- The risk register.


def _sits_or_keeps(viewer: Actor, board: Any) -> bool:
    """The officers who keep the boards, and whoever sits on the board that answers for the risk."""
    return viewer.has_role(Role.GOVERNANCE_OFFICER) or sits_on(viewer, _board_id(board))


def _keeps_risk(viewer: Actor, risk: Any) -> bool:
    return risk.owner_id in viewer.post_ids or _sits_or_keeps(viewer, risk)


def _does_action(viewer: Actor, action: Any) -> bool:
    return action.owner_id in viewer.post_ids or _keeps_risk(viewer, action.risk)


READ_RISKS = declare("governance.read_risks", "see the risk register", roles=_READ)
RAISE_RISK = declare(
    "governance.raise_risk", "put a risk on the register of a board", roles=_RUN, within=_sits_or_keeps,
    within_sentence="who keeps the boards or sits on this one",
)  # fmt: skip
KEEP_RISK = declare(
    "governance.keep_risk", "review a risk, change its controls and actions, and close it", roles=_RUN, within=_keeps_risk,
    within_sentence="who owns it, keeps the boards or sits on the board that answers for it",
)  # fmt: skip
FINISH_RISK_ACTION = declare(
    "governance.finish_risk_action", "record that an action on a risk is done", roles=_RUN, within=_does_action,
    within_sentence="who was asked to do it, or keeps the risk",
)  # fmt: skip
SET_APPETITE = declare(
    "governance.set_appetite", "write down which risks a board accepts", roles=_RUN, within=_runs,
    within_sentence="who keeps the boards or chairs this one",
)  # fmt: skip


# --- The framework and the reports on it.
_WRITERS = frozenset({Role.GOVERNANCE_OFFICER, Role.PROGRAMME_MANAGER})


def _writes_entry(viewer: Actor, entry: Any) -> bool:
    """Whoever writes reports, and the owner of the element."""
    return viewer.has_role(*_WRITERS) or entry.element.owner_id in viewer.post_ids


READ_PROGRESS = declare("governance.read_progress", "see the framework and the reports on it", roles=_READ)
KEEP_FRAMEWORK = declare("governance.keep_framework", "change the elements of the framework", roles=_WRITERS)
SET_BAND = declare(
    "governance.set_band", "write down the bands a board set for a figure", roles=_RUN, within=_runs,
    within_sentence="who keeps the boards or chairs this one",
)  # fmt: skip
BEGIN_REPORT = declare("governance.begin_report", "begin a progress report", roles=_WRITERS)
WRITE_REPORT = declare("governance.write_report", "write a progress report", roles=_WRITERS)
WRITE_ENTRY = declare(
    "governance.write_entry", "write what a progress report says of an element", roles=_RUN, within=_writes_entry,
    within_sentence="who writes reports or owns the element",
)  # fmt: skip
SIGN_COLOUR = declare("governance.sign_colour", "sign why a colour stands outside its bands", roles=_DIRECTORS)
PUBLISH_REPORT = declare(
    "governance.publish_report", "publish a progress report or give it up", roles=_RUN, within=_runs,
    within_sentence="who keeps the boards or chairs this one",
)  # fmt: skip
IMPORT_REPORTS = declare("governance.import_reports", "bring in what other partnerships published", roles=_WRITERS)


# --- The children and young people’s plan.
_PLANNERS = frozenset({Role.GOVERNANCE_OFFICER, Role.DIRECTOR})
_CONTRIBUTORS = _PLANNERS | {Role.COMMISSIONER}


def _does_plan_action(viewer: Actor, action: Any) -> bool:
    return viewer.has_role(*_CONTRIBUTORS) or action.owner_id in viewer.post_ids


READ_PLANS = declare("governance.read_plans", "see the plans for children and young people", roles=_READ)
KEEP_PLAN = declare("governance.keep_plan", "begin, propose and withdraw the plan for children", roles=_PLANNERS)
WRITE_PLAN = declare("governance.write_plan", "write the parts of the plan for children", roles=_CONTRIBUTORS)
REPORT_PLAN_ACTION = declare(
    "governance.report_plan_action", "report how far an action of the plan is", roles=_RUN, within=_does_plan_action,
    within_sentence="who writes the plan or was asked to do it",
)  # fmt: skip
ADOPT_PLAN = declare(
    "governance.adopt_plan", "adopt the plan by a board’s decision (the program itself does)", roles=()
)
READ_ADOPTED_PLAN = declare(
    "governance.read_adopted_plan", "read the plan for children that is in force", roles=(), public=True
)
