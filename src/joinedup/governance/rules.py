"""The rules of boards and what they decide, each with its code, the sentence a person reads, and its source. Pure.

GV-1xx are about boards and who sits on them, GV-2xx about meetings, GV-3xx about decisions, GV-4xx about risks and what
proposals mean.
"""

from __future__ import annotations

from dataclasses import dataclass

from joinedup.core.ruling import RuleRow


@dataclass(frozen=True)
class Rule(RuleRow):
    """A rule of this part."""

    source: str = "local: terms of reference of partnership boards"


# --- GV-7xx: what is taken higher.
_HIGHER = "local: sponsors and senior accountable officers are told what goes wrong in what they answer for"
ESCALATE_ACTION = Rule(
    "GV-701", "An action nobody did long after its day is taken to the chair of the board that asked for it.", source=_HIGHER
)  # fmt: skip
ESCALATE_RISK = Rule(
    "GV-702", "A risk over what its board accepts is taken to the chair of that board.", source=_HIGHER
)
ESCALATE_BENEFIT = Rule("GV-703", "A lost benefit is taken to the officer who answers for its strand.", source=_HIGHER)

# --- GV-1xx: boards.
BOARD_NAME = Rule("GV-101", "Enter what the board is called.", "name")
BOARD_DUTIES = Rule("GV-102", "Say what the board is for and what its duties are.", "duties")
BOARD_QUORUM = Rule("GV-103", "At least two voting members make a quorum.", "quorum_members")
BOARD_BODIES = Rule("GV-104", "The quorum cannot ask for more bodies than members.", "quorum_bodies")
TERMS_DAY = Rule(
    "GV-105", "Terms of reference are in force from {day} already. New ones begin after that.", "starts_on"
)
TERMS_WHY = Rule("GV-106", "Say why the terms of reference change.", "why")
BOARD_CLOSED = Rule("GV-107", "This board has ended.")
PARENT_OPEN = Rule("GV-108", "Choose a board that is not itself part of another.", "parent")
TERMS_MOVED = Rule(
    "GV-109", "Somebody else changed the terms of reference while you were looking at them. Look again, then decide."
)
SEAT_TITLE = Rule("GV-110", "Enter what the seat is called.", "title")
ONE_CHAIR = Rule("GV-111", "The board has a chair’s seat already: {seat}.", "is_chair")
SEAT_TAKEN = Rule("GV-112", "{name} holds this seat since {day}. End that first.", "starts_on")
SEAT_NAME = Rule("GV-113", "Choose somebody in post, or enter the name of a member who has no post here.", "name")
SEAT_BODY = Rule("GV-114", "{name} holds no post at {organisation} and cannot sit for it.", "post")
SEAT_HOW = Rule(
    "GV-115", "Say by whom the member was appointed and where that is written.", "how",
    source="Wiltshire’s progress report to scrutiny: a lead member who was never formally designated counts as none",
)  # fmt: skip
SEAT_DAY = Rule("GV-116", "The seat was last held until {day}. The next member begins after that.", "starts_on")
APPOINTMENT_ENDED = Rule("GV-117", "This appointment has ended already.")
APPOINTMENT_DAY = Rule("GV-118", "An appointment ends on its first day, {day}, or later.", "ends_on")
REASON_NEEDED = Rule("GV-119", "Say why.", "reason")
POWER_SOURCE = Rule("GV-120", "Say where the power was given: which body, on which day, under which minute.", "source")
POWER_HELD = Rule("GV-121", "The board holds this power since {day}. End that first.", "kind")
POWER_NEVER = Rule(
    "GV-122", "A {kind} is given no power to decide: what it says is a recommendation.", "kind",
    source="overview and scrutiny recommends and holds to account; it does not decide",
)  # fmt: skip
POWER_ENDED = Rule("GV-123", "This power has ended already.")
TODAY_OR_BEFORE = Rule("GV-124", "Enter a day that is not after today.", "ends_on")
SAT_LATER = Rule(
    "GV-125", "{name} was at the meeting of {day}. Enter that day or a later one.", "ends_on",
    source="minutes say who was there; ending an appointment does not rewrite them",
)  # fmt: skip

# --- GV-2xx: meetings.
MEETING_MOVE = Rule("GV-201", "A meeting that is {start} cannot become {end}.")
MEETING_PAST = Rule("GV-202", "Enter a time that is not over yet.", "day")
MEETING_EMPTY = Rule("GV-203", "There is nothing on the agenda yet, so the meeting cannot be called.")
MEETING_EARLY = Rule("GV-204", "The meeting begins on {moment}. It can be recorded as held from then on.")
AGENDA_SHUT = Rule("GV-205", "The meeting is {state}, so its agenda is not changed any more.")
ITEM_TITLE = Rule("GV-206", "Enter what the item is called.", "title")
ITEM_TWICE = Rule("GV-207", "This is on the agenda already.", "due")
EXEMPT_REASON = Rule(
    "GV-208", "Say under which heading the item is withheld from the public.", "exempt_reason",
    source="Local Government Act 1972, Schedule 12A: descriptions of exempt information", is_verified=False,
)  # fmt: skip
PAPER_KIND = Rule("GV-209", "Attach a PDF, a Word document or plain text of at most 10MB.", "file")
MINUTES_SHUT = Rule("GV-210", "The meeting is {state}. Its minutes are written once it is held, until they are agreed.")
MINUTES_MISSING = Rule("GV-211", "Nothing is written yet under {items}. Minutes are agreed when every item has them.")
NOT_MEMBER = Rule("GV-212", "{name} is no member of this board on the day of the meeting.")
ACTION_WHAT = Rule("GV-213", "Say what is to be done, and by whom.", "words")
ACTION_DONE = Rule("GV-214", "This was recorded as done on {day}.")
ACTION_HOW = Rule("GV-215", "Say what was done.", "words")
INTEREST_WHAT = Rule("GV-216", "Say what the interest is.", "words")
MEETING_GONE = Rule("GV-217", "The day of the meeting is over, so nothing is added to it.")
ITEM_DECIDED = Rule("GV-218", "This item was decided, so it stays on the agenda.")
INTEREST_LATE = Rule("GV-219", "An interest is declared before the item is decided.")

# --- GV-3xx: decisions.
DECISION_HELD = Rule("GV-301", "The meeting is {state}. A board decides in a meeting that is held.")
NO_QUORUM = Rule(
    "GV-302", "The board cannot decide this out of quorum: {words}.", source="the board’s terms of reference in force on the day"
)  # fmt: skip
NO_POWER = Rule("GV-303", "{board} holds no power to decide this: {what}.", source="the board’s scheme of delegation")
BEYOND_POWER = Rule(
    "GV-304", "{amount} is beyond what {board} may decide, which ends at {limit}.", source="the board’s scheme of delegation"
)  # fmt: skip
SCRUTINY_RECOMMENDS = Rule(
    "GV-305", "A {kind} decides nothing: record a recommendation instead.",
    source="overview and scrutiny recommends and holds to account; it does not decide",
)  # fmt: skip
DECISION_WORDS = Rule("GV-306", "Say what is decided, why, and what else could have been done.", "what")
DECISION_ONCE = Rule("GV-307", "This item was decided already.")
DECISION_MAKER = Rule("GV-308", "Choose the body in whose name this is decided.", "maker")
CHOICE_NEEDED = Rule("GV-313", "Choose: {what}")
VOTE_WITHDRAWN = Rule("GV-309", "{name} declared an interest and withdrew, and does not vote on this.")
VOTE_ABSENT = Rule("GV-310", "{name} was not there, or has no vote.")
VOTE_NONE = Rule("GV-311", "Record at least one vote.")
MATTER_GONE = Rule("GV-312", "This no longer waits to be decided: {why}")
APPROVAL_BODY = Rule(
    "GV-320", "This decision does not use a power of {organisation}, so its approval is not asked for."
)
APPROVAL_ONCE = Rule("GV-321", "{organisation} has recorded its answer already.")
APPROVAL_MINUTE = Rule("GV-322", "Enter the body that approved it, the day and the minute.", "minute")
APPROVAL_DAY = Rule("GV-323", "Enter a day that is not after today.", "approved_on")
APPROVAL_CLOSED = Rule("GV-324", "This decision is {state}, so no partner’s answer is asked for.")
APPROVAL_EARLY = Rule(
    "GV-326", "Enter {day} or a later day: the papers of the meeting went out on that day, and nobody could answer them before.",
    "approved_on",
)  # fmt: skip
APPROVAL_ROLE = Rule("GV-325", "Only a {role} of {organisation} approves this.")
CALL_IN_OVER = Rule("GV-330", "This decision cannot be called in any more, or never could.")
CALL_IN_REASON = Rule("GV-331", "Say why the decision is called in.", "reason")
CALL_IN_ANSWERED = Rule("GV-332", "This decision is not called in, or the call-in was answered.")
NOT_READY = Rule("GV-340", "This decision is {state}, so it cannot take effect.")
EFFECT_CHANGED = Rule(
    "GV-341", "What was decided on is no longer as it was: {what}. Put it on an agenda again.", source="evidence is frozen when a board decides"
)  # fmt: skip
RECOMMEND_WORDS = Rule("GV-350", "Say what is recommended, to which body.", "words")
REPLY_WORDS = Rule("GV-351", "Say what the body will do about it, or why not.", "reply")
REPLY_ONCE = Rule("GV-352", "The reply was given on {day}.")
RECOMMEND_SCRUTINY = Rule("GV-353", "Only a scrutiny committee records recommendations with a reply due.")

# --- GV-4xx: risks, and what a proposal means.
_RISKS = "local: the risk register of the partnership"
RISK_WORDS = Rule(
    "GV-401", "Say what causes the risk, what might happen, and what that would do.", "cause", source=_RISKS
)
RISK_TITLE = Rule("GV-402", "Enter what the risk is called.", "title", source=_RISKS)
RISK_OTHER = Rule("GV-403", "Say what kind of risk it is.", "kind_words", source=_RISKS)
SCORE_GRID = Rule("GV-404", "Score likelihood and impact from 1 to 5.", "current_likelihood", source=_RISKS)
SCORE_CONTROLS = Rule(
    "GV-405", "With its controls the risk cannot score more ({current}) than without them ({inherent}).", "current_likelihood",
    source=_RISKS,
)  # fmt: skip
SCORE_TARGET = Rule(
    "GV-406", "The score it is to come to ({target}) cannot be above where it is now ({current}).", "target_likelihood",
    source=_RISKS,
)  # fmt: skip
REVIEW_WHY = Rule("GV-407", "Say what the review found.", "why", source=_RISKS)
REVIEW_NEXT = Rule("GV-408", "Review it again on a day after this one, within a year.", "next_review_on", source=_RISKS)
RISK_CLOSED = Rule("GV-409", "This risk was closed on {day}.", source=_RISKS)
RISK_MOVED = Rule(
    "GV-410", "Somebody else reviewed this risk while you were looking at it. Look again, then decide.", source=_RISKS
)
CONTROL_WORDS = Rule("GV-411", "Say what keeps the risk in check.", "words", source=_RISKS)
CONTROL_ENDED = Rule("GV-412", "This control ended on {day}.", source=_RISKS)
RISK_ACTION_WORDS = Rule("GV-413", "Say what is to be done about it.", "words", source=_RISKS)
RISK_ACTION_DAY = Rule("GV-414", "Enter a day that is not before today.", "due_on", source=_RISKS)
RISK_ACTION_DONE = Rule("GV-415", "This was recorded as done on {day}.", source=_RISKS)
RISK_ACTION_HOW = Rule("GV-416", "Say what was done.", "words", source=_RISKS)
RISK_OWNER = Rule("GV-417", "{name} has left that post. Choose somebody in post.", "owner", source=_RISKS)
RISK_CLOSE_WHY = Rule("GV-418", "Say why the risk is closed.", "why", source=_RISKS)
RISK_ACTIONS_OPEN = Rule(
    "GV-419", "{number} of its actions are still open. Record what became of them first.", source=_RISKS
)
APPETITE_MOST = Rule("GV-420", "Enter a score from 1 to 25.", "most", source=_RISKS)
APPETITE_SOURCE = Rule(
    "GV-421", "Say where the board set it: the meeting and the minute.", "source",
    source="local: how much risk is accepted is a board’s to say, not an officer’s",
)  # fmt: skip
APPETITE_DAY = Rule(
    "GV-422", "The board set this from {day} on already. Enter a later day.", "starts_on", source=_RISKS
)
IMPLICATIONS_WORDS = Rule(
    "GV-430", "Say what it means for money and for the environment; where there is nothing, say that.", "financial",
    source="a report to scrutiny states environmental impact, risk and financial implications",
)  # fmt: skip
IMPLICATIONS_LATE = Rule(
    "GV-431", "This was decided already. What it means for money and the environment is written before.",
    source="evidence is frozen when a board decides",
)  # fmt: skip

# --- GV-5xx: the framework and the reports on it.
_FRAMEWORK = "a progress report to a scrutiny committee: four layers, 23 elements, a colour with its reason"
FRAMEWORK_BEGUN = Rule("GV-501", "There is a framework already. Change its elements.", source=_FRAMEWORK)
ELEMENT_LETTER_WRONG = Rule("GV-502", "Enter one to three letters or digits.", "letter", source=_FRAMEWORK)
ELEMENT_LETTER = Rule("GV-503", "Another element has the letter {letter}.", "letter", source=_FRAMEWORK)
ELEMENT_NAME = Rule("GV-504", "Enter what the element is called.", "name", source=_FRAMEWORK)
ELEMENT_ENDED = Rule("GV-505", "This element ended on {day}.", source=_FRAMEWORK)
BAND_FIGURE = Rule("GV-506", "Choose a figure that speaks for this element.", "figure", source=_FRAMEWORK)
BAND_ORDER = Rule("GV-507", "Green begins {which} where amber begins.", "green_from", source=_FRAMEWORK)
BAND_SOURCE = Rule("GV-508", "Say where the board set it: the meeting and the minute.", "source", source=_FRAMEWORK)
BAND_LATE = Rule(
    "GV-509", "A band is set before the period it is for: enter today or a later day.", "starts_on",
    source="local: nobody draws the band round the value",
)  # fmt: skip
BAND_DAY = Rule(
    "GV-510", "A band of this figure is in force from that day or a later one already.", "starts_on", source=_FRAMEWORK
)
REPORT_TITLE = Rule("GV-520", "Enter what the report is called.", "title", source=_FRAMEWORK)
REPORT_PERIOD = Rule("GV-521", "The period ends after it begins, and not after today.", "ends_on", source=_FRAMEWORK)
REPORT_OPEN = Rule(
    "GV-522", "A report to this board is being written already. Publish it or give it up first.", source=_FRAMEWORK
)
REPORT_SHUT = Rule("GV-523", "The report is {state}, so it is not changed any more.", source=_FRAMEWORK)
REPORT_FAULTS = Rule("GV-524", "The report cannot be published yet. {what}", source=_FRAMEWORK)
ENTRY_COLOUR = Rule("GV-525", "Choose one of the colours.", "colour", source=_FRAMEWORK)
SIGN_NOT_NEEDED = Rule(
    "GV-530", "This colour is what its bands say, or no figure speaks: no reason is signed.", source=_FRAMEWORK
)
SIGN_OTHER = Rule(
    "GV-531", "Somebody else than who wrote the judgement signs why it stands outside its bands.",
    source="local: two people for a colour the figures do not bear out",
)  # fmt: skip
SIGN_WORDS = Rule("GV-532", "Say why the colour stands although its bands say otherwise.", "words", source=_FRAMEWORK)
IMPORT_EMPTY = Rule("GV-540", "Nothing in the file can be used: {why}", "file", source=_FRAMEWORK)

# --- GV-6xx: the children and young people’s plan.
_PLAN = "needs, priorities, outcomes, actions, measures and money in one plan; consultation recorded and shown"
PLAN_TITLE = Rule("GV-601", "Enter what the plan is called.", "title", source=_PLAN)
PLAN_PERIOD = Rule("GV-602", "The plan ends after it begins, and not before today.", "ends_on", source=_PLAN)
PLAN_BOARD = Rule("GV-603", "A {kind} adopts no plan: choose a board that decides.", "board", source=_PLAN)
PLAN_OPEN = Rule("GV-604", "This board has a plan that is not adopted yet: {title}.", "board", source=_PLAN)
PLAN_SHUT = Rule("GV-605", "The plan is {state}, so it is not changed.", source=_PLAN)
PLAN_MOVE = Rule("GV-606", "A plan that is {start} cannot become {end}.", source=_PLAN)
PLAN_WHY = Rule("GV-607", "Say why.", "words", source=_PLAN)
PLAN_OTHER_BOARD = Rule("GV-608", "This plan is for another board to adopt: {board}.", source=_PLAN)
PLAN_CHANGED = Rule(
    "GV-609", "The plan was changed since it was proposed. Propose it again.", source="what a board decides on is frozen"
)  # fmt: skip
NEED_TITLE = Rule("GV-610", "Say what children need.", "title", source=_PLAN)
NEED_EVIDENCE = Rule("GV-611", "Choose a figure, or state one with its source and its day.", "stated", source=_PLAN)
PRIORITY_TITLE = Rule("GV-612", "Enter what the priority is called.", "title", source=_PLAN)
OUTCOME_WORDS = Rule("GV-613", "Say what shall be different.", "words", source=_PLAN)
OUTCOME_HEADING = Rule("GV-614", "Choose the outcome of the framework, or name your own.", "heading", source=_PLAN)
PLAN_ACTION_WORDS = Rule("GV-615", "Say what will be done.", "words", source=_PLAN)
PLAN_ACTION_OWNER = Rule(
    "GV-616", "Choose a post, or enter the title of one, that does it.", "owner_title", source=_PLAN
)
PLAN_ACTION_DAY = Rule("GV-617", "Enter a day within the plan, from {first} to {last}.", "due_on", source=_PLAN)
MONEY_ONCE = Rule(
    "GV-618", "Choose a line of a shared budget, or enter an amount with where it is kept; not both.", "pence",
    source="local: an amount that stands in a ledger is read there and not typed again",
)  # fmt: skip
ALIGNMENT_WORDS = Rule(
    "GV-619", "Name the other plan, whose it is, and how this one goes with it.", "words", source=_PLAN
)
NO_CHILDREN_ASKED = Rule(
    "GV-620", "No consultation is recorded in which children or young people answered. Ask them first.",
    source="UEA and NCB, evaluation of children’s trust pathfinders: users are engaged in what is planned for them",
)  # fmt: skip
PRIORITY_BARE = Rule("GV-621", "Every priority needs an outcome with a measure, and an owner. {what}", source=_PLAN)
PLAN_OVER = Rule("GV-622", "The period of the plan ended on {day}.", source=_PLAN)
PLAN_OVERLAPS = Rule(
    "GV-623", "{title} is in force in that period. Say that this plan supersedes it, or change the period.", source=_PLAN
)  # fmt: skip
PLAN_EMPTY = Rule("GV-624", "The plan has no {what} yet.", source=_PLAN)
THEMES_OPEN = Rule("GV-625", "{number} of the things people said have no answer yet: we did, or why not.", source=_PLAN)
ROUND_DAYS = Rule("GV-630", "The consultation ends on its first day or later.", "ends_on", source=_PLAN)
ROUND_NUMBERS = Rule("GV-631", "Of {group}, no more can have answered than were asked.", "answered", source=_PLAN)
ROUND_NOBODY = Rule("GV-632", "Say who was asked: enter a number for at least one group.", "asked", source=_PLAN)
ROUND_WORDS = Rule("GV-633", "Say what the consultation was called, and how people were asked.", "method", source=_PLAN)
THEME_SAID = Rule("GV-634", "Say what people said.", "said", source=_PLAN)
THEME_ANSWER = Rule("GV-635", "Say what you did, or why you did not.", "words", source=_PLAN)
NO_CONTACT = Rule(
    "GV-636", "Leave out e-mail addresses, telephone numbers and dates of birth: it is read by everybody.",
    source="local: what people said is shown without saying who",
)  # fmt: skip
OTHER_PLAN = Rule("GV-637", "That belongs to another plan.", source=_PLAN)
PART_HELD = Rule("GV-638", "{what} hang on this. Remove or move them first.", source=_PLAN)
ACTION_STATE = Rule("GV-639", "Choose how far the action is.", "state", source=_PLAN)
ACTION_SAID = Rule("GV-640", "Say in a sentence how it stands.", "words", source=_PLAN)
ACTION_NOT_YET = Rule("GV-641", "Actions are reported on once the plan is adopted; it is {state}.", source=_PLAN)
