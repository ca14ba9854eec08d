"""Who may do what with a case."""

from __future__ import annotations

from typing import Any

from joinedup.access.actor import Actor
from joinedup.access.permissions import declare
from joinedup.access.roles import FRONT_DOOR, Role
from joinedup.casework.answering import ANSWER_FOR_TEAM
from joinedup.casework.rules import MAY_CARRY_IT, MAY_SETTLE


def _answers_for(viewer: Actor, team_id: Any) -> bool:
    """Manages a team; a statutory team's officers answer for what comes to it, each of them."""
    return any(each.role in ANSWER_FOR_TEAM and each.team_id == team_id for each in viewer.standings)


def _manages_the_team(viewer: Actor, case: Any) -> bool:
    return _answers_for(viewer, case.team_id)


def _leads_or_manages(viewer: Actor, case: Any) -> bool:
    return case.lead_professional_id in viewer.post_ids or _manages_the_team(viewer, case)


def is_in_team(viewer: Actor, case: Any) -> bool:
    """In the team around the child now, or managing the case's team. Asked by every noun of casework."""
    return _leads_or_manages(viewer, case) or case.is_in_team(viewer)


# Anybody who may lead, in any partner, and the managers of teams; which cases is a matter of rows.
_LEADERS = MAY_CARRY_IT | {Role.TEAM_MANAGER}
_OWN_TEAM = "for a case of their own team"
_LEADS = "for a case they lead or whose team they manage"

# Whoever is in a team around a child, of whichever partner; which cases is a matter of rows, not of roles.
READ_CASES = declare(
    "casework.read_cases",
    "see cases",
    roles={Role.REFERRER, Role.KEY_WORKER, Role.TEAM_MANAGER, Role.STATUTORY_OFFICER},
)
READ_TEAM_LOADS = declare(
    "casework.read_team_loads", "see how many open cases each team has", roles=FRONT_DOOR | {Role.TEAM_MANAGER}
)
FIND_OPEN_CASE = declare("casework.find_open_case", "see whether a family has an open case", roles=FRONT_DOOR)
OPEN_CASE = declare("casework.open_case", "open a case", roles=FRONT_DOOR)
NAME_LEAD_PROFESSIONAL = declare(
    "casework.name_lead_professional",
    "name the lead professional of a case",
    roles={Role.TEAM_MANAGER, Role.STATUTORY_OFFICER},
    within=_manages_the_team,
    within_sentence=_OWN_TEAM,
)
ADD_MEMBER = declare(
    "casework.add_member",
    "add somebody to the team around the child",
    roles=_LEADERS,
    within=_leads_or_manages,
    within_sentence=_LEADS,
)
FIND_POSTS = declare("casework.find_posts", "look up who could join a team around a child", roles=_LEADERS)
REMOVE_MEMBER = declare(
    "casework.remove_member",
    "end somebody's place in the team around the child",
    roles=_LEADERS,
    within=lambda viewer, member: _leads_or_manages(viewer, member.case),
    within_sentence=_LEADS,
)
CLOSE_CASE = declare(
    "casework.close_case",
    "close a case",
    roles={Role.TEAM_MANAGER, Role.STATUTORY_OFFICER},
    within=_manages_the_team,
    within_sentence=_OWN_TEAM,
)
BRING_CASES_OVER = declare(
    "casework.bring_cases_over", "bring open cases over from an old system", roles=()
)  # at go-live, from the command line
RECONCILE_CASES = declare("casework.reconcile_cases", "reconcile cases with an old system's", roles=())

# --- The team around the child and its lead professional.

_IN_TEAM = "for a case they are in the team around, or whose team they manage"


def _leads_case_of(viewer: Actor, record: Any) -> bool:
    return _leads_or_manages(viewer, record.case)


PROPOSE_HANDOVER = declare(
    "casework.propose_handover",
    "offer the lead professional's duty to somebody else",
    roles=_LEADERS,
    within=_leads_or_manages,
    within_sentence=_LEADS,
)
WITHDRAW_HANDOVER = declare(
    "casework.withdraw_handover",
    "take back the offer of a lead professional's duty",
    roles=_LEADERS,
    within=_leads_case_of,
    within_sentence=_LEADS,
)
ANSWER_HANDOVER = declare(
    "casework.answer_handover",
    "accept or decline a lead professional's duty",
    roles=MAY_CARRY_IT,
    within=lambda viewer, handover: handover.to_post_id in viewer.post_ids,
    within_sentence="that was offered to them",
)
TAKE_DUTY = declare(
    "casework.take_duty",
    "take the lead professional's duty upon themselves",
    roles={Role.TEAM_MANAGER, Role.STATUTORY_OFFICER},
    within=_manages_the_team,
    within_sentence=_OWN_TEAM,
)
PASS_DUTY_TO_MANAGER = declare(
    "casework.pass_duty_to_manager", "write down that the team manager holds a leaver's duty", roles=()
)  # the program does, when a post ends
CHASE_REVIEW = declare("casework.chase_review", "tell a team's managers of a review that is overdue", roles=())
CHASE_QUALIFIED_LEAD = declare(
    "casework.chase_qualified_lead", "tell a team's managers that a registered social worker is to lead", roles=()
)
CHASE_LATE_ANSWER = declare(
    "casework.chase_late_answer", "tell whoever is to answer that the time for it has run out", roles=()
)
NAME_DEPUTY = declare(
    "casework.name_deputy",
    "name the deputy of a lead professional",
    roles=_LEADERS,
    within=_leads_or_manages,
    within_sentence=_LEADS,
)
ADD_FAMILY = declare(
    "casework.add_family",
    "bring somebody of the family into the team around the child",
    roles=_LEADERS,
    within=_leads_or_manages,
    within_sentence=_LEADS,
)
REMOVE_FAMILY = declare(
    "casework.remove_family",
    "end a family member's place in the team around the child",
    roles=_LEADERS,
    within=_leads_case_of,
    within_sentence=_LEADS,
)
SET_REVIEW_CLOCK = declare(
    "casework.set_review_clock",
    "say by when the next review is",
    roles=_LEADERS,
    within=is_in_team,
    within_sentence=_IN_TEAM,
)
READ_SENT_BACK = declare(
    "casework.read_sent_back", "see which families teams have sent back", roles={Role.FRONT_DOOR_MANAGER}
)
ANSWER_SENT_BACK = declare(
    "casework.answer_sent_back", "answer a team that has sent a family back", roles={Role.FRONT_DOOR_MANAGER}
)
CHASE_SENT_BACK = declare(
    "casework.chase_sent_back", "tell whoever waits that the front door has not answered in time", roles=()
)  # the program does
READ_BOARD = declare("casework.read_board", "see the board of a team's casework", roles=ANSWER_FOR_TEAM)

PROMISE_MONEY = declare(
    "casework.promise_money",
    "promise money from a family's budget",
    roles={Role.KEY_WORKER, Role.TEAM_MANAGER},
    within=_leads_or_manages,
    within_sentence=_LEADS,
)

# --- Meetings.

PLAN_MEETING = declare(
    "casework.plan_meeting",
    "plan a meeting of the team around the child",
    roles=_LEADERS,
    within=_leads_or_manages,
    within_sentence=_LEADS,
)
CHANGE_MEETING = declare(
    "casework.change_meeting",
    "move, cancel or invite to a meeting",
    roles=_LEADERS,
    within=_leads_case_of,
    within_sentence=_LEADS,
)
SEND_APOLOGIES = declare(
    "casework.send_apologies",
    "send apologies for a meeting",
    roles=_LEADERS,
    within=lambda viewer, place: place.post_id in viewer.post_ids,
    within_sentence="that they are asked to",
)
MINUTE_MEETING = declare(
    "casework.minute_meeting",
    "write who came to a meeting, its minutes, decisions and actions",
    roles=_LEADERS,
    within=lambda viewer, meeting: is_in_team(viewer, meeting.case),
    within_sentence=_IN_TEAM,
)
END_ACTION = declare(
    "casework.end_action",
    "say that an action is done or dropped",
    roles=_LEADERS,
    within=lambda viewer, action: action.post_id in viewer.post_ids or _leads_or_manages(viewer, action.case),
    within_sentence="that is theirs, or for a case they lead or whose team they manage",
)

# --- The common assessment.

START_ASSESSMENT = declare(
    "casework.start_assessment", "begin an assessment", roles=_LEADERS, within=is_in_team, within_sentence=_IN_TEAM
)
WRITE_ASSESSMENT = declare(
    "casework.write_assessment",
    "write in an assessment",
    roles=_LEADERS,
    within=lambda viewer, section: is_in_team(viewer, section.assessment.case),
    within_sentence=_IN_TEAM,
)
SIGN_ASSESSMENT = declare(
    "casework.sign_assessment",
    "sign an assessment",
    roles=_LEADERS,
    within=lambda viewer, assessment: is_in_team(viewer, assessment.case),
    within_sentence=_IN_TEAM,
)

# --- The family's plan, its reviews, steps between levels, closing.

WRITE_PLAN = declare(
    "casework.write_plan",
    "write in a family's plan",
    roles=_LEADERS,
    within=lambda viewer, plan: is_in_team(viewer, plan.case),
    within_sentence=_IN_TEAM,
)
OPEN_PLAN = declare(
    "casework.open_plan",
    "begin a family's plan",
    roles=_LEADERS,
    within=is_in_team,
    within_sentence=_IN_TEAM,
)
LEAD_FOR_CHILD = declare(
    "casework.lead_for_child",
    "say whose lead professional is that of a child in two households",
    roles={Role.TEAM_MANAGER, Role.STATUTORY_OFFICER},
    within=lambda viewer, section: _manages_the_team(viewer, section.plan.case),
    within_sentence=_OWN_TEAM,
)
REVIEW_PLAN = declare(
    "casework.review_plan",
    "review a family's plan",
    roles=_LEADERS,
    within=lambda viewer, plan: is_in_team(viewer, plan.case),
    within_sentence=_IN_TEAM,
)
DECIDE_REVIEW = declare(
    "casework.decide_review",
    "decide a review",
    roles=_LEADERS,
    within=lambda viewer, review: _leads_or_manages(viewer, review.plan.case),
    within_sentence=_LEADS,
)
ASK_STEP = declare(
    "casework.ask_step",
    "step a family up or down",
    roles=_LEADERS,
    within=_leads_or_manages,
    within_sentence=_LEADS,
)
PURSUE_STEP = declare(
    "casework.pursue_step",
    "ask again for a step, or withdraw it",
    roles=_LEADERS,
    within=_leads_case_of,
    within_sentence=_LEADS,
)
ANSWER_STEP = declare(
    "casework.answer_step",
    "accept or refuse a step",
    roles={Role.TEAM_MANAGER, Role.STATUTORY_OFFICER},
    within=lambda viewer, step: _answers_for(viewer, step.to_team_id),
    within_sentence="for the team that is asked",
)
SETTLE_DISAGREEMENT = declare(
    "casework.settle_disagreement",
    "write down how a disagreement between teams was settled, or who is to settle it",
    roles=MAY_SETTLE,
    within=lambda viewer, step: step.is_settled_by(viewer) or any(_answers_for(viewer, each) for each in step.teams),
    within_sentence="for one of the two teams, or as whoever is named to settle it",
)
READ_STEPS = declare("casework.read_steps", "see the steps and reviews that wait for them", roles=_LEADERS | MAY_SETTLE)
CHECK_CHANGE = declare(
    "casework.check_change",
    "write down whether a change has lasted",
    roles=_LEADERS,
    within=lambda viewer, closure: _leads_or_manages(viewer, closure.case),
    within_sentence=_LEADS,
)
COUNT_RE_REFERRALS = declare(
    "casework.count_re_referrals",
    "count the families who came back after their case had closed",
    roles=FRONT_DOOR | {Role.TEAM_MANAGER},
)
WITHDRAW_FAMILY_AGREEMENT = declare(
    "casework.withdraw_family_agreement",
    "record that a family withdraws its agreement",
    roles=_LEADERS,
    within=is_in_team,
    within_sentence=_IN_TEAM,
)

# Whoever may lead writes in the cases they are in the team around; so does the case's manager.
WRITE_NOTE = declare(
    "casework.write_note",
    "write notes, tasks and help given in a case",
    roles=_LEADERS,
    within=is_in_team,
    within_sentence=_IN_TEAM,
)
CORRECT_NOTE = declare(
    "casework.correct_note",
    "correct a case note or add a file to it",
    roles=_LEADERS,
    within=lambda viewer, note: is_in_team(viewer, note.case),
    within_sentence=_IN_TEAM,
)
DO_TASK = declare(
    "casework.do_task",
    "say that a task is done",
    roles=_LEADERS,
    within=lambda viewer, task: is_in_team(viewer, task.case),
    within_sentence=_IN_TEAM,
)
END_INTERVENTION = declare(
    "casework.end_intervention",
    "say that help has ended",
    roles=_LEADERS,
    within=lambda viewer, help_given: is_in_team(viewer, help_given.case),
    within_sentence=_IN_TEAM,
)
GIVE_ATTENDED_HELP = declare(
    "casework.give_attended_help", "write down as help given that a child came to a targeted session", roles=()
)  # the program does, when a register is finished
TAKE_BACK_ATTENDED_HELP = declare(
    "casework.take_back_attended_help", "take back help given when a register is corrected", roles=()
)
MARK_ENTRY = declare(
    "casework.mark_entry",
    "say which entries of a chronology matter",
    roles=_LEADERS,
    within=is_in_team,
    within_sentence=_IN_TEAM,
)
RECTIFY_ENTRY = declare(
    "casework.rectify_entry",
    "take an entry out of a chronology",
    roles=_LEADERS,
    within=_leads_or_manages,
    within_sentence=_LEADS,
)
_KEEPERS = frozenset({Role.INFORMATION_GOVERNANCE})
DESTROY_WORDS = declare(
    "casework.destroy_words",
    "destroy the words of a closed case when the time for keeping them is over",
    roles=_KEEPERS,
)
HOLD_WORDS = declare("casework.hold_words", "keep the words of a case past their time", roles=_KEEPERS)
PUT_BACK_ENTRY = declare(
    "casework.put_back_entry",
    "put an entry back into a chronology",
    roles={Role.TEAM_MANAGER, Role.STATUTORY_OFFICER},
    within=_manages_the_team,
    within_sentence=_OWN_TEAM,
)
WRITE_VISITS = declare("casework.write_visits", "record a visit", roles=_LEADERS)
# Whose day is visits: on their first page it is the button.
WRITE_VISITS_FIRST = declare(
    "casework.write_visits_first", "record a visit from the button of their first page", roles={Role.KEY_WORKER}
)
SEE_OWN_TASKS = declare("casework.see_own_tasks", "see the tasks they undertook", roles=_LEADERS)

# --- The manager's half: supervision, allocation meetings, quality audit.

_MANAGERS = ANSWER_FOR_TEAM


def _supervises(viewer: Actor, post: Any) -> bool:
    """Manages their team, or is named as whoever supervises the post. Nobody supervises themselves."""
    named = {post.line_supervisor_id, post.clinical_supervisor_id} & viewer.post_ids
    manages = any(each.role in ANSWER_FOR_TEAM and each.team_id == post.team_id for each in viewer.standings)
    return post.account_id != viewer.account_id and bool(named or (manages and post.team_id))


SUPERVISE = declare(
    "casework.supervise", "write down a supervision", roles=_MANAGERS, within=_supervises,
    within_sentence="of somebody they supervise",
)  # fmt: skip
ANSWER_SUPERVISION = declare(
    "casework.answer_supervision", "say whether they agree with a supervision", roles=_LEADERS,
    within=lambda viewer, held: held.worker.account_id == viewer.account_id, within_sentence="of their own",
)  # fmt: skip
CORRECT_SUPERVISION = declare(
    "casework.correct_supervision", "put something right beside a supervision", roles=_LEADERS,
    within=lambda viewer, held: held.manager_id in viewer.post_ids or held.worker.account_id == viewer.account_id,
    within_sentence="that was theirs",
)  # fmt: skip
READ_SUPERVISIONS = declare("casework.read_supervisions", "see their supervisions", roles=_LEADERS)
HOLD_ALLOCATION = declare(
    "casework.hold_allocation", "hold an allocation meeting", roles={Role.TEAM_MANAGER},
    within=lambda viewer, team: _answers_for(viewer, team.pk), within_sentence="of their own team",
)  # fmt: skip
DECIDE_ALLOCATION = declare(
    "casework.decide_allocation", "decide at an allocation meeting", roles={Role.TEAM_MANAGER},
    within=lambda viewer, meeting: _answers_for(viewer, meeting.team_id), within_sentence="of their own team",
)  # fmt: skip
DRAW_AUDIT = declare(
    "casework.draw_audit", "draw cases for a quality audit", roles={Role.TEAM_MANAGER},
    within=lambda viewer, team: _answers_for(viewer, team.pk), within_sentence="of their own team",
)  # fmt: skip
AUDIT_CASE = declare(
    "casework.audit_case", "audit a case", roles=_MANAGERS,
    within=lambda viewer, audit: audit.auditor_id in viewer.post_ids, within_sentence="that they were asked to",
)  # fmt: skip
ASK_SECOND_LOOK = declare(
    "casework.ask_second_look", "ask for a second look at an audit", roles=_MANAGERS,
    within=lambda viewer, audit: _manages_the_team(viewer, audit.case) or audit.auditor_id in viewer.post_ids,
    within_sentence="of their own team’s case, or that they did themselves",
)  # fmt: skip
LOOK_AGAIN = declare(
    "casework.look_again", "take a second look at an audit", roles=_MANAGERS,
    within=lambda viewer, audit: audit.second_id in viewer.post_ids, within_sentence="that they were asked to",
)  # fmt: skip
READ_AUDITS = declare(
    "casework.read_audits", "see audits of their own cases, and those they are asked to do", roles=_LEADERS
)
READ_AUDIT_RESULTS = declare(
    "casework.read_audit_results", "see what quality audits found, as numbers",
    roles=_MANAGERS | {Role.FRONT_DOOR_MANAGER, Role.INFORMATION_GOVERNANCE},
)  # fmt: skip

# --- Pathways and the panel.

CHANGE_PATHWAY = declare(
    "casework.change_pathway", "put a case on another pathway", roles=_LEADERS, within=_leads_or_manages,
    within_sentence=_LEADS,
)  # fmt: skip
LOAD_PATHWAY = declare("casework.load_pathway", "add a pathway from a file", roles=())  # from the command line
ASK_PANEL = declare(
    "casework.ask_panel", "ask the panel", roles=_LEADERS, within=_leads_or_manages, within_sentence=_LEADS
)
PREPARE_PANEL = declare(
    "casework.prepare_panel", "say which papers of a request to the panel are there, and answer what it wants to know",
    roles=_LEADERS, within=lambda viewer, request: is_in_team(viewer, request.case), within_sentence=_IN_TEAM,
)  # fmt: skip
PURSUE_PANEL = declare(
    "casework.pursue_panel", "withdraw a request to the panel, or say that its decision is not agreed with", roles=_LEADERS,
    within=_leads_case_of, within_sentence=_LEADS,
)  # fmt: skip
READ_PANELS = declare("casework.read_panels", "see the panels they hold or sit on", roles=_LEADERS)
CONVENE_PANEL = declare(
    "casework.convene_panel", "name a panel’s date and people", roles=_MANAGERS,
    within=lambda viewer, team: _answers_for(viewer, team.pk), within_sentence=_OWN_TEAM,
)  # fmt: skip
CONVENE_PARTNERSHIP_PANEL = declare(
    "casework.convene_partnership_panel", "name the date, the chair and the people of the partnership’s panel",
    roles=_MANAGERS,
)  # fmt: skip
HOLD_PANEL = declare(
    "casework.hold_panel", "hold a panel, and write down what it decides", roles=_LEADERS,
    within=lambda viewer, panel: panel.chair_id in viewer.post_ids or _answers_for(viewer, panel.team_id),
    within_sentence="that they chair, or " + _OWN_TEAM,
)  # fmt: skip
LIST_REQUEST = declare(
    "casework.list_request", "put a request on a panel’s list", roles=_MANAGERS,
    within=lambda viewer, request: _answers_for(viewer, request.case.team_id), within_sentence=_OWN_TEAM,
)  # fmt: skip
WRITE_TO_PANEL = declare(
    "casework.write_to_panel", "write for the panel what their agency knows or can give", roles=_LEADERS,
    within=lambda viewer, request: request.has_seat(viewer) or is_in_team(viewer, request.case),
    within_sentence="for a request on the list of a panel they sit on, or " + _IN_TEAM.removeprefix("for "),
)  # fmt: skip

# --- Going live with the work of an old system, on the page and from the command line.

_GO_LIVE = frozenset({Role.FRONT_DOOR_MANAGER})
BRING_WORK_OVER = declare("casework.bring_work_over", "bring plans, reviews and assessments over", roles=_GO_LIVE)
RECONCILE_WORK = declare(
    "casework.reconcile_work", "compare an old system’s case work with what is here", roles=_GO_LIVE
)
SIGN_OFF_WORK = declare(
    "casework.sign_off_work", "sign that what came over was reconciled with what was there", roles=_GO_LIVE
)
