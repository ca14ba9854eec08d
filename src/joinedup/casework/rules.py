"""The rules of casework, each with its code, the sentence a person reads, and its source. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from joinedup.access.roles import Role
from joinedup.core.ruling import RuleRow


@dataclass(frozen=True)
class Rule(RuleRow):
    """A rule of this part."""

    source: str = "local: one team and one lead professional around the child"


ONE_OPEN_CASE = Rule("CW-1", "This family already has an open case.")
SOMEBODY_IN_IT = Rule("CW-2", "A case is about at least one child.", "people")
MAY_LEAD = Rule(
    "CW-3",
    "The lead professional is a key worker of the case’s own team, or somebody of any partner whose training to assess or "
    "to lead is in date.",
    "post",
    source="local: any trained professional may lead, from a school or a clinic too",
)
POST_HELD = Rule("CW-4", "That post is not held at the moment.", "post")
REASON_TO_CHANGE = Rule("CW-5", "Say why somebody else is to lead.", "reason")
LEAD_ALREADY = Rule("CW-6", "They lead this case already.", "post")
MEMBER_ALREADY = Rule("CW-7", "They are in the team around this child already.", "post")
LEAD_IS_REPLACED = Rule("CW-8", "Whoever leads is replaced, not removed. Name another first.")
LEFT_ALREADY = Rule("CW-9", "They have left the team around this child already.")
REASON_NEEDED = Rule("CW-10", "Give a reason.", "reason")
CASE_IS_CLOSED = Rule("CW-11", "This case is closed. A new referral opens a new one.")
_GO_LIVE = "local: going live with the open cases of an old system"
KNOWN_BEFORE = Rule(
    "CW-12", "This case has been brought over and its row now says otherwise. Change it here, not there.", "reference",
    source=_GO_LIVE,
)  # fmt: skip
KNOWN_PEOPLE = Rule(
    "CW-13", "No record with the reference {references}. Import the agency’s records of people first.", "people",
    source=_GO_LIVE,
)  # fmt: skip
ONE_FAMILY = Rule(
    "CW-14", "These people are in different families. Say which household it is, or make two cases.", "people",
    source=_GO_LIVE,
)  # fmt: skip
KNOWN_TEAM = Rule("CW-15", "There is no team with this code.", "team", source=_GO_LIVE)
KNOWN_LEAD = Rule(
    "CW-16", "Nobody with this address holds a key worker’s post in that team now.", "lead", source=_GO_LIVE
)
OPENED_IN_TIME = Rule("CW-17", "A case cannot have been opened after today.", "opened_on", source=_GO_LIVE)

_JOINING = "local: a section for each child; siblings are seen"
ALREADY_IN_CASE = Rule("CW-18", "They are in this case already.", "person", source=_JOINING)
OF_THE_FAMILY = Rule(
    "CW-19", "Nobody with that record can be added here. Choose somebody of this family, or ask the front door to put them "
    "into the family’s record first.", "person", source=_JOINING,
)  # fmt: skip
PART_KNOWN = Rule(
    "CW-20", "Choose whether this is a child, a parent, a carer or somebody else.", "part", source=_JOINING
)
SEEN_BY_ALL = Rule(
    "CW-21", "Not everybody in the team around the child may see this person’s record, so they cannot join as it is now. "
    "Speak with whoever guards the record first.", "person", source=_JOINING,
)  # fmt: skip
WHY_JOINING = Rule("CW-22", "Say why they join.", "reason", source=_JOINING)
NOT_IN_CASE = Rule("CW-23", "They are not in this case.", "person", source=_JOINING)
LAST_CHILD = Rule("CW-24", "A case is about at least one child. Close the case instead.", "person", source=_JOINING)
LEAVING_SAID = Rule("CW-25", "Choose why they leave, and say it in a sentence.", "why", source=_JOINING)
LEAVING_DAY = Rule("CW-26", "They left today or before, and not before they joined.", "left_on", source=_JOINING)
NEEDS_OF_CHILD = Rule("CW-27", "Say what became of each of their needs in the plan.", "needs", source=_JOINING)
CHILD_HAS_LEFT = Rule("CW-28", "They are in this case no more. What was written stays as it was.", source=_JOINING)
BABY_BORN = Rule(
    "CW-29", "A baby who is written down here was born within the last year. Anybody else is put into the family’s record "
    "by the front door, who looks first whether they are known.", "birth_date", source=_JOINING,
)  # fmt: skip

# CW-101 to CW-199: the common assessment.
_ASSESSING = "local: who may assess depends on recorded training; the CAF form and its audit"
TRAINED_TO_SIGN = Rule(
    "CW-101", "Only somebody whose training in the common assessment counts today may sign. {standing} Ask your team’s "
    "manager, who books the course and records it.", source=_ASSESSING,
)  # fmt: skip
COMPLETE_TO_SIGN = Rule("CW-102", "Before it can be signed, these need an answer: {what}.", source=_ASSESSING)
REVIEW_OF_ASSESSMENT = Rule(
    "CW-103", "An assessment is looked at again within {weeks} weeks: by {day}.", "review_on", source=_ASSESSING
)
AGREED_TO_HELP = Rule(
    "CW-104", "Record first whether the family agrees to this help. At level 4 it is not asked for.", source=_ASSESSING
)
CHILD_OF_CASE = Rule("CW-105", "This case is not about that child.", "child", source=_ASSESSING)
ONE_DRAFT = Rule(
    "CW-106", "An assessment of {child} has been begun already: {reference}. Go on with that one.", "child",
    source=_ASSESSING,
)  # fmt: skip
SIGNED_ALREADY = Rule(
    "CW-107", "This assessment is signed: its words do not change. Begin another to say something new.",
    source=_ASSESSING,
)  # fmt: skip
ANSWER_READABLE = Rule("CW-108", "Some answers cannot be read.", source=_ASSESSING)
SECTION_ASKED = Rule("CW-109", "This version of the assessment does not ask that.", source=_ASSESSING)
SEEN_IN_PAST = Rule("CW-110", "The day of the assessment is today or in the past.", "seen_on", source=_ASSESSING)
BORN_IN_PAST = Rule("CW-111", "The date of birth is today or in the past.", "birth_date", source=_ASSESSING)
IN_PLACE_OF = Rule(
    "CW-112",
    "“{label}” is answered in the place of “{other}”, not beside it: leave one of them empty.",
    source=_ASSESSING,
)

# CW-201 to CW-299: the team around the child, its lead professional and its meetings.
HAND_OVER_INSTEAD = Rule(
    "CW-201", "Somebody leads this case. They keep the duty until somebody else accepts it: hand it over instead.",
    "post",
)  # fmt: skip
QUALIFIED_TO_LEAD = Rule(
    "CW-202", "While statutory social work is open for a child of this case (level 4, or a linked plan such as child in need, "
    "child protection or looked after), a registered social worker leads.", "post",
    source="local: statutory work is held by a qualified social worker",
)  # fmt: skip
ONE_HANDOVER = Rule("CW-203", "A handover of this case waits for its answer. Withdraw it before you offer another.")
HANDOVER_ANSWERED = Rule("CW-204", "This handover has had its answer.")
CANNOT_LEAD = Rule("CW-205", "They cannot lead this case. Choose somebody else.", "post")
WHY_DECLINE = Rule("CW-206", "Say why you decline, so that the right person is found next.", "answer")
MANAGER_HAS_IT = Rule("CW-207", "Nobody leads this case, so the duty is the team manager’s already.")
DEPUTY_OF_TEAM = Rule(
    "CW-208", "The deputy is somebody in the team around the child, other than whoever leads.", "post"
)
FAMILY_OF_CASE = Rule("CW-209", "Only people of the family in this case take part as the family.", "person")
FAMILY_ALREADY = Rule("CW-210", "They are in the team around the child already.", "person")
TO_COME = Rule("CW-221", "A meeting is planned for a time to come.", "starts_at")
PLACE_OR_LINK = Rule("CW-222", "Say where it is, or give the link.", "place")
SOMEBODY_ASKED = Rule("CW-223", "Ask at least one person besides yourself.", "posts")
NOT_OVER_YET = Rule("CW-224", "This meeting has not begun yet.")
NOT_PLANNED = Rule("CW-225", "This meeting is {state}, so that cannot be changed any more.")
SOMEBODY_CAME = Rule("CW-226", "Say who came: at least one person did.", "present")
REVIEW_IN_TIME = Rule(
    "CW-227", "The next review is at most {weeks} weeks away: by {day}.", "next_review_on",
    source="Swindon: a review in six weeks, with the same people around the table",
)  # fmt: skip
ACTION_ENDED = Rule("CW-228", "This action has ended already.")
ACTION_TO_COME = Rule("CW-229", "An action is due today or later.", "due_on")
ACTION_OWNER = Rule("CW-230", "An action is done by somebody who was asked to the meeting.", "owner")
NOT_SAFE_THIS_WAY = Rule(
    "CW-231", "Writing to them has not been recorded as safe. Tell them in the way that is.", "told_by",
    source="local: whoever writes asks first how it is safe to",
)  # fmt: skip

ASKED_OF_TEAM = Rule(
    "CW-232", "Of professionals, those in the team around the child are asked. Add them to it first.", "posts"
)
MAY_JOIN_TEAM = Rule(
    "CW-235", "Somebody who works with children joins: choose another post.", "post",
    source="local: whoever keeps the system, its trail or its records works in no case",
)  # fmt: skip
LETTER_GIVES_AWAY = Rule(
    "CW-233", "This letter goes to everybody who is asked. Take out what says where or how one of them can be reached.",
    "words", source="local: nothing is copied between separated adults",
)  # fmt: skip
LETTER_SAID = Rule("CW-234", "Write what the letter says.", "words")

# CW-301 to CW-399: the family's plan, its reviews, steps between levels, and closing.
_PLAN = "local: one plan for the whole family, whatever strands it is in"
_DISAGREE = "local: professional disagreement is settled step by step, each with a clock"
ONE_PLAN = Rule("CW-301", "This family has an open plan already.", source=_PLAN)
PLAN_IS_CLOSED = Rule("CW-302", "This plan is closed and stays as it was.", source=_PLAN)
NEED_CODED = Rule("CW-303", "Choose what kind of need it is.", "code", source="guidance: children in need census")
NEED_SAID = Rule("CW-304", "Say what the need is.", "words", source=_PLAN)
OUTCOME_SAID = Rule("CW-305", "Say what will be different.", "words", source=_PLAN)
BASELINE_IS_PAST = Rule("CW-306", "Say how it is today or was before, not how it will be.", "on", source=_PLAN)
TARGET_IS_BETTER = Rule(
    "CW-307", "The target must be better than where they start, or the same to hold it.", "target", source=_PLAN
)
TARGET_TO_COME = Rule("CW-312", "The target is reached after the day of the baseline.", "target_on", source=_PLAN)
ACTION_SAID = Rule("CW-308", "Say what is to be done.", "words", source=_PLAN)
ONE_OWNER = Rule("CW-309", "One person does it: choose who.", "owner", source=_PLAN)
STATUTORY_KIND = Rule("CW-310", "Choose which statutory plan it is.", "kind", source=_PLAN)
STATUTORY_HELD = Rule("CW-311", "Say who holds the statutory plan and where it stands.", "holder", source=_PLAN)
STATUTORY_DATES = Rule("CW-313", "A plan cannot end before it starts.", "ends_on", source=_PLAN)
ITEM_GONE = Rule("CW-314", "This was taken out of the plan. Put it back first.", source=_PLAN)
OWNER_KNOWN = Rule("CW-315", "Choose somebody of the family, or a post that is held now.", "owner", source=_PLAN)
ACTION_FORBIDS = Rule("CW-316", "An action that is “{start}” cannot become “{end}”.", "status", source=_PLAN)
UNDO_TOO_LATE = Rule("CW-317", "It was changed again since. Undo the newer change first.", source=_PLAN)
NEED_ENDED_ALREADY = Rule("CW-318", "This need has ended. Undo that first.", source=_PLAN)
CHILD_LED_ELSEWHERE = Rule("CW-319", "Whoever leads this plan leads for this child already.", source=_PLAN)
STEP_WAITS = Rule("CW-320", "A step up or down waits for its answer. Settle or withdraw it first.")
LEVEL_EXISTS = Rule("CW-321", "Choose level 2, 3 or 4.", "level", source="local: threshold document")
ANOTHER_LEVEL = Rule("CW-322", "The family is at this level already.", "level", source="local: threshold document")
TEAM_FITS_LEVEL = Rule(
    "CW-323", "Level 4 goes to statutory social care, and levels 2 and 3 to a case-management team.", "team",
    source="local: threshold document",
)  # fmt: skip
ONLY_UP_AT_ONCE = Rule("CW-324", "Only a step up takes effect at once. A step down is accepted first.", "is_immediate")
NOBODY_THERE = Rule("CW-325", "Nobody in {team} could take it on now. Choose another team, and ring them.", "team")
STEP_FORBIDS = Rule("CW-326", "This step is “{state}”, so that cannot be done now.")
WHY_REFUSED = Rule("CW-327", "Say why your team refuses, so that it can be answered.", "reason")
LEAD_OF_RECEIVER = Rule(
    "CW-328", "Name somebody of the receiving team who may lead; at level 4 a registered social worker.", "lead"
)
LAST_STAGE = Rule("CW-329", "This is the last step: the family moves, or stays.", "outcome", source=_DISAGREE)
STAGE_OVER = Rule("CW-330", "This step of the disagreement is over.", source=_DISAGREE)
DISAGREEMENT_SAID = Rule("CW-331", "Write down what was said and decided.", "words", source=_DISAGREE)
SETTLED_BY = Rule(
    "CW-349",
    "Name who settles it: somebody in post whom this step of the disagreement is for.",
    "holder",
    source=_DISAGREE,
)
ONE_REVIEW = Rule("CW-332", "A review of this plan is under way. Finish it first.")
REVIEW_DECIDED = Rule("CW-333", "This review is decided and stays as it is.")
REVIEW_IS_PAST = Rule("CW-334", "A review is held today or was held before.", "held_on")
CHILD_HEARD = Rule(
    "CW-335", "Say what each child said, or why they were not heard.", "voices",
    source="local: the child’s voice is in every review",
)  # fmt: skip
OUTCOMES_READ = Rule("CW-336", "Say how far each outcome has come before deciding: {names}.", "decision")
DECISION_KNOWN = Rule("CW-337", "Choose what happens next.", "decision")
SOMEBODY_CAME_TO_IT = Rule("CW-338", "Say who came: at least one person did.", "came")
LEAD_NAMED_KNOWN = Rule(
    "CW-351", "Say whether the family could name who leads for them, or that nobody asked.", "named_lead"
)
STEP_WITH_DECISION = Rule("CW-339", "Say which level and team it steps to.", "level")
NEEDS_ENDED = Rule(
    "CW-340", "Say what became of every need before the case closes.", "needs",
    source="local: the outcome of every need is recorded at closing",
)  # fmt: skip
REVIEW_BEGUN = Rule("CW-341", "A review of the plan is under way. Decide it first.")
CLOSURE_CODED = Rule("CW-343", "Choose the reason for closing.", "code", source="guidance: children in need census")
CHECKED_ALREADY = Rule("CW-344", "It was checked already.")
CHECK_SAID = Rule("CW-345", "Say what you found.", "words")
PLAN_FIRST = Rule("CW-346", "There is no open plan to review. Make the plan first.")
PLAN_HAS_A_NEED = Rule("CW-347", "The plan has no need in it yet. Add one before you review it.")

STATUTORY_ABUSE = Rule(
    "CW-348", "A category of abuse belongs to a child protection plan or a section 47 enquiry.", "abuse",
    source="guidance: children in need census",
)  # fmt: skip

_RECTIFY = "guidance: a mistake in a record is put right by an addition that says who and why [memory]"
NOTE_SAID = Rule("CW-401", "Write what happened.", "words")
NOTE_IN_TIME = Rule("CW-402", "The time of a visit or call is not in the future.", "happened_on")
SEEN_IN_CASE = Rule("CW-403", "Only somebody in this case can be named as seen.", "seen")
ALONE_WAS_SEEN = Rule("CW-404", "Somebody seen alone was seen: tick both.", "alone")
NOBODY_SEEN = Rule("CW-405", "If nobody answered, nobody was seen. Change one of the two.", "seen")
SOMEBODY_SEEN = Rule("CW-406", "Say who was seen, or that nobody answered.", "seen")
NOTE_KIND = Rule("CW-407", "Choose what kind of note this is and what came of it.", "kind")
CORRECTION_SAID = Rule("CW-408", "Write what was wrong and what is right.", "words", source=_RECTIFY)
NOTE_OUT = Rule("CW-409", "This note was taken out and is not added to.", source=_RECTIFY)
FILE_TYPE = Rule(
    "CW-410", "Add a PDF, a Word file without macros, a photograph (JPEG, PNG, HEIC) or plain text.", "file"
)
FILE_SIZE = Rule("CW-411", "A file has at most {megabytes} MB, and a note at most {files} files.", "file")
TASK_SAID = Rule("CW-412", "Write what is to be done.", "words")
TASK_DUE = Rule("CW-413", "A task is due today or later.", "due_on")
TASK_OWNER = Rule("CW-414", "A task belongs to somebody in the team around the child.", "owner")
TASK_DONE_ALREADY = Rule("CW-415", "This task is done already.")
HELP_SAID = Rule("CW-416", "Say what help was given, which service gave it, and who.", "words")
HELP_DATES = Rule("CW-417", "Help ends on the day it began or later, and neither day is in the future.", "ends_on")
HELP_COUNTED = Rule(
    "CW-418", "Hours are more than 0. A number of something needs its unit, and a unit its number.", "quantity"
)
HELP_FOR = Rule("CW-419", "Say for whom in this case.", "people")
HELP_ENDED_ALREADY = Rule("CW-420", "This help has ended already.")
OUT_SAID = Rule("CW-421", "Choose why the entry is taken out, and say it in a sentence.", "words", source=_RECTIFY)
OUT_ALREADY = Rule("CW-422", "This entry is taken out already.", source=_RECTIFY)
RIGHT_PEOPLE = Rule("CW-423", "Choose somebody else in this case, or nobody.", "people", source=_RECTIFY)
IMPACT_SAID = Rule("CW-424", "Write what it meant for the child.", "impact")
KEPT_LONG_ENOUGH = Rule(
    "CW-425", "The words of a case are destroyed {years} years after it closed, not before.",
    source="local: how long records are kept",
)  # fmt: skip
NOT_OUT = Rule("CW-427", "This entry is not taken out.", source=_RECTIFY)
BACK_SAID = Rule("CW-428", "Say in a sentence why the entry is put back.", "words", source=_RECTIFY)
RECORDED_INSTEAD = Rule(
    "CW-429",
    "It was recorded about somebody else instead, and stands there. Take that entry out first.",
    source=_RECTIFY,
)
DESTROYING_SAID = Rule(
    "CW-430", "Say why the words are destroyed now.", "reason", source="local: how long records are kept"
)
_KEEPING = "local: how long records are kept"
WORDS_WAIT = Rule("CW-431", "The words of this case may not go yet: {why}.", source=_KEEPING)
HOLD_SAID = Rule("CW-432", "Choose what the words are kept for, and say it in a sentence.", "reason", source=_KEEPING)
HOLD_REVIEWED = Rule(
    "CW-433", "A hold is looked at again on a later day, within {months} months.", "review_on", source=_KEEPING
)
HELD_ALREADY = Rule("CW-434", "The words of this case are held for that already.", "kind", source=_KEEPING)
VISIT_LENGTH = Rule("CW-426", "A visit lasts between 1 minute and 24 hours.", "minutes")

# CW-501 to CW-599: the manager's half: supervision, allocation meetings, quality audit.
_SUPERVISION = "local: what was said in supervision about a family stands in its case"
OWN_SUPERVISION = Rule("CW-501", "Nobody supervises themselves.", "worker", source=_SUPERVISION)
SUPERVISION_IS_PAST = Rule("CW-502", "A supervision is today or was before.", "held_on", source=_SUPERVISION)
SUPERVISION_IN_TIME = Rule(
    "CW-503", "The next supervision is at most {weeks} weeks after this one: by {day}.", "next_on", source=_SUPERVISION
)
SUPERVISION_SAID = Rule("CW-504", "Write what you talked about.", "discussed", source=_SUPERVISION)
CASE_TALKED_ABOUT = Rule(
    "CW-505", "Say for each family what you thought about and what was decided.", "cases", source=_SUPERVISION
)
SUPERVISION_ACTION = Rule(
    "CW-506", "Say what is to be done, by which of you two, and by when: today or later.", "cases", source=_SUPERVISION
)
SUPERVISION_ANSWERED = Rule("CW-507", "The worker has said already whether they agree.", source=_SUPERVISION)
SUPERVISION_DIFFERS = Rule(
    "CW-508", "Say in your own words where you see it differently.", "words", source=_SUPERVISION
)
TASK_MADE_ALREADY = Rule("CW-509", "This is a task already.", source=_SUPERVISION)
CORRECTION_OF_SUPERVISION = Rule("CW-510", "Write what was wrong and what is right.", "words", source=_SUPERVISION)
_ALLOCATION = "local: a team’s weekly allocations meeting"
ALLOCATION_CHOSEN = Rule("CW-521", "Choose what is decided.", "decision", source=_ALLOCATION)
ALLOCATION_TO_SOMEBODY = Rule("CW-522", "Choose who is asked to lead.", "post", source=_ALLOCATION)
HOLD_A_WHILE = Rule("CW-523", "Hold it until a day after today, within {days} days.", "hold_until", source=_ALLOCATION)
ALLOCATION_REASON = Rule(
    "CW-524", "Give the reason: the minutes and the next meeting need it.", "reason", source=_ALLOCATION
)
MEETING_GOES_ON = Rule(
    "CW-525", "This team’s allocation meeting of {day} has not ended. Go on with that one.", source=_ALLOCATION
)
ALLOCATION_OVER = Rule(
    "CW-526", "This allocation meeting has ended. Its decisions stay as they are.", source=_ALLOCATION
)
NOT_ON_THE_LIST = Rule("CW-527", "This family does not wait for this team any more.", source=_ALLOCATION)
DECIDED_ALREADY = Rule("CW-528", "This meeting has decided about this family already.", source=_ALLOCATION)
WITH_FRONT_DOOR = Rule(
    "CW-529", "The front door looks at it again, and answers by {day}. Until then your team’s manager holds the duty.",
    source=_ALLOCATION,
)  # fmt: skip
SENT_BACK_ONCE = Rule(
    "CW-530", "The front door has looked again: this family stays with your team. Offer the lead to somebody, and speak with "
    "the front door’s manager where you still see it differently.", "decision", source=_ALLOCATION,
)  # fmt: skip
SENT_BACK_SETTLED = Rule("CW-531", "This is settled already: {state}.", source=_ALLOCATION)
SENT_BACK_ANSWER = Rule("CW-532", "Say why, so that the team that asked understands it.", "words", source=_ALLOCATION)
SENT_BACK_TEAM = Rule(
    "CW-533", "Choose another team: at levels 2 and 3 a case-management team, at level 4 statutory social care.", "team",
    source=_ALLOCATION,
)  # fmt: skip
SENT_BACK_NEW = Rule(
    "CW-534", "Only a family that nobody has led yet goes back to the front door. Step it up or down, or close it.",
    "decision", source=_ALLOCATION,
)  # fmt: skip
_AUDIT = "local: quality audit of case work; nobody audits what they worked on"
AUDITOR_MAY = Rule(
    "CW-541",
    "Choose somebody who may audit and is in post now: a manager of a team, or a statutory officer.",
    "auditor",
    source=_AUDIT,
)
NOTHING_TO_DRAW = Rule(
    "CW-542", "There is no case to draw that the auditor has not worked on.", "auditor", source=_AUDIT
)
AUDIT_OPEN = Rule("CW-543", "This audit is done. What it found stays; a second look can be asked for.", source=_AUDIT)
AUDIT_COMPLETE = Rule("CW-544", "Before it is done, say for these what you found: {items}.", source=_AUDIT)
AUDIT_EVIDENCE = Rule(
    "CW-545", "Say what it rests on where something is only partly met, or not: {items}.", source=_AUDIT
)
FINDING_SAID = Rule(
    "CW-546", "Say what must be put right, who does it, and by when: today or later.", "findings", source=_AUDIT
)
SECOND_BY_ANOTHER = Rule(
    "CW-547", "A second look is somebody else’s, who has not worked on this case either.", "post", source=_AUDIT
)
SECOND_COMES_AFTER = Rule("CW-548", "A second look comes after the first, and once.", source=_AUDIT)
SECOND_SAID = Rule("CW-549", "Say what you looked at and why you see it so.", "words", source=_AUDIT)
SAMPLE_REASON = Rule("CW-550", "Say what the sample is for.", "reason", source=_AUDIT)
_ONE_LIST = "local: what was undertaken is written down once and followed in one list"
ACTION_PLANNED = Rule("CW-561", "This action has ended, or stands in the plan already.", source=_ONE_LIST)
PLAN_OF_CASE = Rule("CW-562", "Choose an outcome of this family’s plan.", "outcome", source=_ONE_LIST)

_MONEY = "Cheshire West: family budgets a key worker can unlock, with spend limits"
MONEY_FOR = Rule(
    "CW-571", "Choose an action of this family’s plan, or help that is given to them.", "about", source=_MONEY
)
MONEY_WITHOUT_NAMES = Rule(
    "CW-572", "Say it without “{name}”: whoever keeps the fund reads it, and sees no family.", "what", source=_MONEY
)

# CW-601 to CW-699: pathways, the panel, and the work of earlier systems.
_PATHWAY = "local: early support and the panel are configurations of the same case"
_PANEL = "Wiltshire: integrated access, one referral and one panel of the partners"
PATHWAY_KNOWN = Rule("CW-601", "Choose one of the pathways that are open here.", "pathway", source=_PATHWAY)
PATHWAY_ALREADY = Rule("CW-602", "The case is on this pathway already.", "pathway", source=_PATHWAY)
PATHWAY_REASON = Rule("CW-603", "Say why the pathway changes.", "reason", source=_PATHWAY)
PATHWAY_LEVEL = Rule("CW-604", "This pathway is not for the family’s level of need.", "pathway", source=_PATHWAY)
LEAD_OF_PATHWAY = Rule("CW-605", "On this pathway somebody in another role leads.", "post", source=_PATHWAY)
PATHWAY_LEAD_FIRST = Rule(
    "CW-606", "Whoever leads now may not lead on that pathway. Hand the case over first to somebody who may.", "pathway",
    source=_PATHWAY,
)  # fmt: skip
PANEL_WAITS = Rule(
    "CW-607", "The panel is still asked. It decides first, or the request is withdrawn.", "pathway", source=_PANEL
)
CLOSURE_OF_PATHWAY = Rule("CW-608", "A case on this pathway does not close for that reason.", "code", source=_PATHWAY)
ACTION_KIND = Rule("CW-609", "Choose one of the kinds of action of this pathway.", "kind", source=_PATHWAY)
PATHWAY_SHIPPED = Rule(
    "CW-610", "A pathway that comes with the program is changed by the setting, not by a file. Choose another code.", "code",
    source=_PATHWAY,
)  # fmt: skip
HAS_PANEL = Rule("CW-620", "This case’s pathway has no panel. Change the pathway first.", source=_PANEL)
ONE_REQUEST = Rule("CW-621", "The panel is asked about this child already: {reference}.", "child", source=_PANEL)
REQUEST_SAID = Rule("CW-622", "Say what is asked for, and of which service.", "words", source=_PANEL)
REQUEST_FORBIDS = Rule("CW-623", "This request is “{state}”, so that cannot be done now.", source=_PANEL)
PAPERS_WANTED = Rule("CW-624", "These papers are still wanted: {what}.", "papers", source=_PANEL)
PANEL_AHEAD = Rule("CW-625", "A panel meets at a time to come.", "starts_at", source=_PANEL)
PANEL_NAMED = Rule("CW-626", "Name at least two partners’ people besides yourself.", "posts", source=_PANEL)
PANEL_OVER = Rule("CW-627", "This panel has met, or was cancelled.", source=_PANEL)
SHARING_BASED = Rule(
    "CW-628", "There is no basis yet on which this may be shared with: {names}. Record the family’s agreement, or another "
    "basis, first.", source=_PANEL,
)  # fmt: skip
PANEL_NOT_MET = Rule("CW-629", "The panel has not met yet.", source=_PANEL)
PANEL_CAME = Rule("CW-630", "Say who of the panel was there: at least two were.", "came", source=_PANEL)
PANEL_DECIDES = Rule("CW-631", "Decide about every service that was asked for, each with its reason.", source=_PANEL)
OTHER_SERVICE_NAMED = Rule("CW-632", "Name the service that fits better.", source=_PANEL)
FAMILY_WORDS = Rule("CW-633", "Write to the family in plain words what was decided and what happens now.", "words_for_family",
                    source=_PANEL)  # fmt: skip
DISAGREE_IN_TIME = Rule("CW-634", "The time to disagree ended on {day}.", source=_PANEL)
DISAGREE_ONCE = Rule("CW-635", "The panel has looked at it again already. What follows is a complaint.", source=_PANEL)
DISAGREE_SAID = Rule("CW-636", "Write who disagrees, and why.", "words", source=_PANEL)
CONTRIBUTION_SAID = Rule("CW-637", "Write what your agency knows or can give.", "words", source=_PANEL)
_WORK = "local: going live with the plans, reviews and agreements of an old system"
BROUGHT_BEFORE = Rule(
    "CW-660",
    "This has been brought over and its row now says otherwise. Change it here, not there.",
    "reference",
    source=_WORK,
)
CASE_BROUGHT = Rule("CW-661", "No case with this reference has been brought over and is open.", "case", source=_WORK)
PLAN_BROUGHT = Rule("CW-662", "No plan with this reference has been brought over.", "plan", source=_WORK)
PLAN_HERE = Rule("CW-663", "This family has an open plan here already.", "reference", source=_WORK)
PERSON_IN_CASE = Rule("CW-664", "Nobody in that case has this reference.", "person", source=_WORK)
MEASURE_KNOWN = Rule("CW-665", "There is no measure with this code.", "measure", source=_WORK)
OWNER_HERE = Rule(
    "CW-666",
    "Nobody with this address holds a post now. Leave it empty for whoever leads the case.",
    "owner",
    source=_WORK,
)
NEED_BROUGHT = Rule("CW-667", "No need with this reference has been brought over.", "need", source=_WORK)
OUTCOME_BROUGHT = Rule("CW-668", "No outcome with this reference has been brought over.", "outcome", source=_WORK)
NOT_BEFORE_CASE = Rule("CW-669", "This is before the case was opened.", source=_WORK)
SIGN_OFF_SAID = Rule("CW-670", "Write your name and what you answer for.", "name", source=_WORK)
DIFFERENCES_OWNED = Rule("CW-671", "There are differences. Say why they may stand.", "words", source=_WORK)

RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))


# Whose posts may carry a lead professional's duty: those who work with children themselves, in any partner.
MAY_CARRY_IT = frozenset({Role.KEY_WORKER, Role.REFERRER, Role.STATUTORY_OFFICER})
# Whose posts may settle a disagreement between two teams: whoever answers for one of them, and above them those who answer for
# a service or for safeguarding in the partnership. Which of these a step of it is for, the setting says.
MAY_SETTLE = frozenset({Role.TEAM_MANAGER, Role.STATUTORY_OFFICER, Role.DIRECTOR, Role.DESIGNATED_OFFICER})
# Whose posts can join a team around a child: everybody who works with children, in any partner.
MAY_JOIN = MAY_CARRY_IT | {Role.TEAM_MANAGER}
STATUTORY_LEVEL = 4


@dataclass(frozen=True)
class Candidate:
    """What the rules ask of a post that would lead."""

    role: str
    team_id: UUID | None
    is_held: bool
    is_trained: bool
    is_social_worker: bool


def needs_social_worker(level: int, *, has_social_work: bool) -> bool:
    """Whether a registered social worker leads (CW-202): at level 4, and at any level while a statutory plan that social work
    leads (`codes.SOCIAL_WORK`) is in force for a child of the case."""
    return has_social_work or level >= STATUTORY_LEVEL


def lead_fault(post: Candidate, case_team: UUID, level: int, *, has_social_work: bool = False) -> Rule | None:
    """Who may be lead professional (CW-3, CW-4, CW-202): a post that is held now, of the case's own team or trained, and
    registered as a social worker while statutory social work is open."""
    if not post.is_held:
        return POST_HELD
    own = post.role in {Role.KEY_WORKER, Role.STATUTORY_OFFICER} and post.team_id == case_team
    if post.role not in MAY_CARRY_IT or not (own or post.is_trained):
        return MAY_LEAD
    needed = needs_social_worker(level, has_social_work=has_social_work)
    return QUALIFIED_TO_LEAD if needed and not post.is_social_worker else None


def is_member_at(at: datetime, joined_at: datetime, left_at: datetime | None) -> bool:
    """In the team around the child from the moment of joining up to, but not including, that of leaving."""
    return joined_at <= at and (left_at is None or at < left_at)
