"""The rules of programmes and their benefits, each with its code, the sentence a person reads, and its source. Pure.

BN-1xx are about programmes, strands, cohorts and claims, BN-2xx about business cases, BN-3xx about the cost of activity,
BN-4xx about what was realised and the investment agreement.
"""

from __future__ import annotations

from dataclasses import dataclass

from joinedup.core.ruling import RuleRow


@dataclass(frozen=True)
class Rule(RuleRow):
    """A rule of this part."""

    source: str = "local: practice of community budgets"


# --- BN-1xx: programmes, strands, families, delivery, published figures.
TITLE_NEEDED = Rule("BN-101", "Enter what the programme is called.", "title")
PARTNERS_NEEDED = Rule("BN-102", "Choose at least two partners: a programme is of several.", "partners")
PARTNER_STAYS = Rule("BN-103", "{partner} sponsors a strand or pays for one, so it stays a partner.", "partners")
YEARS_NEEDED = Rule("BN-104", "Enter a number of years from 1 to 60.", "years")
YEARS_USED = Rule("BN-105", "{what} goes on until year {year}. The programme cannot be shorter.", "years")
STRAND_NAME = Rule("BN-110", "Enter what the strand is called.", "name")
STRAND_NAME_TAKEN = Rule("BN-111", "The programme has a strand of this name already.", "name")
SPONSOR_PARTNER = Rule(
    "BN-112", "{organisation} is no partner of the programme. A strand is sponsored by a partner.", "sponsor"
)
SPONSOR_REASON = Rule(
    "BN-113", "Say what the sponsor has to lose or to gain by this strand.", "reason",
    source="Cheshire West and Chester: the partner with most to lose or gain sponsors",
)  # fmt: skip
SPONSOR_OFFICER = Rule(
    "BN-114", "{officer} holds no post at {organisation}, and answers for nothing in its name.", "officer"
)
SPONSOR_DAY = Rule("BN-115", "The present sponsor began on {day}. The next one cannot begin before that.", "starts_on")
STRAND_MOVE = Rule("BN-116", "A strand that is {start} cannot become {end}.")
STRAND_OPEN = Rule("BN-117", "This strand is not open. Take it up again first.")
STRAND_REASON = Rule("BN-118", "Say why.", "reason")
MERGE_WITH = Rule("BN-120", "Choose another open strand of the same programme.", "into")
MERGE_CHAIN = Rule(
    "BN-121", "Strands were merged into this one. Merge them into the other first, or undo those mergers."
)
UNMERGE_LATE = Rule(
    "BN-122", "Something was done to {strand} since the merger, so it is not undone. Add a strand again instead."
)
COHORT_NOTHING = Rule("BN-130", "Choose what families are found by, or enter how many are expected.", "levels")
COHORT_SOURCE = Rule("BN-131", "Say where the expected number is from.", "expected_source")
COHORT_NO_RULE = Rule("BN-132", "Nothing was chosen that families are found by.")
COHORT_LIST_EMPTY = Rule("BN-133", "Enter at least one reference, or choose a file.", "references")
COHORT_DAY = Rule("BN-134", "Enter a day that is not after today.", "starts_on")
COHORT_UNKNOWN = Rule(
    "BN-135", "You work with no case of the reference {references}. Nothing was changed.", "references",
    source="local: a family is named by whoever works with it, and nobody learns of a case by trying references",
)  # fmt: skip
COHORT_MANY = Rule("BN-136", "At most {most} references at once.", "references")
COHORT_BY_RULE = Rule(
    "BN-137",
    "The families of this strand are found by rule. Only those put in by reference are taken out so; whom the rule finds"
    " stays as long as it finds them. Nothing was changed.",
    "references",
    source="local: whether a rule finds a family tells what is recorded of it",
)
COHORT_LAST_DAY = Rule("BN-138", "Enter a last day that is not after today.", "last_day")
COHORT_STEP = Rule(
    "BN-139",
    "By this rule fewer than {least} families would be other ones than by a rule that was used before. From the two totals"
    " they could be worked out, so nothing was changed. Choose a rule that differs by more families, or by none.",
    "levels",
    source="local: no number of families below the smallest shown follows from two that are shown (disclosure by differencing)",
)
DELIVERY_NAME = Rule("BN-140", "Enter what this way of delivering is called.", "name")
DELIVERY_PEOPLE = Rule("BN-141", "There cannot be more full-time posts than people.", "full_time_equivalent")
DELIVERY_YEARS = Rule("BN-142", "Enter years from 1 to {years}, the last not before the first.", "last_year")
DELIVERY_SHARES = Rule("BN-143", "The parts of year {year} come to more than 100 per cent.", "share_0_{place}")
DELIVERY_MOVE = Rule("BN-144", "A delivery model that is {start} cannot become {end}.")
DELIVERY_DRAFT = Rule("BN-145", "What is not taken further is not changed. Take it up again first.")
DELIVERY_PAY = Rule(
    "BN-146", "The pay table has nothing for {grade} in year {year}. Enter it before this model is chosen."
)
DELIVERY_AMOUNTS = Rule("BN-147", "Enter at least one amount above nought.", "amount_0")
PAY_TWICE = Rule("BN-148", "The pay table has {grade} from this day already.", "starts_on")
PAY_NAMED = Rule("BN-149", "Enter the grade and where its pay is from.", "grade")
CLAIM_SOURCE = Rule("BN-150", "Enter where the figure was published.", "source")
CLAIM_FIGURE = Rule("BN-151", "Enter either a sum of money or another number.", "pounds")
CLAIM_CORRECTED = Rule("BN-152", "This figure was corrected or withdrawn already.")
CLAIM_REASON = Rule("BN-153", "Say why it is withdrawn.", "reason")
CLAIM_SUBJECT = Rule("BN-154", "Choose what the figure is about, or enter something new.", "subject")
CLAIM_EXPLAINED = Rule("BN-155", "Say what explains the difference.", "explains")
DELIVERY_SAME = Rule("BN-160", "Nothing has changed since version {number}.")
DELIVERY_WHY = Rule("BN-161", "Say why it changed since the version before.", "why")

# --- BN-2xx: business cases.
CASE_TITLE = Rule("BN-201", "Enter what the case is called.", "title")
CASE_WITHDRAWN = Rule("BN-202", "This case was withdrawn. Bring it back before changing it.")
LINE_GONE = Rule("BN-203", "Somebody removed this line while you were looking at it.")
LINES_ENOUGH = Rule("BN-204", "A case has at most {most} benefits and {most} costs.")
CASE_UNFINISHED = Rule("BN-205", "The case is not finished: {left}")
ROUND_UNCHANGED = Rule("BN-206", "Nothing has changed since round {number}.")
ROUND_WHY = Rule("BN-207", "Say why it changed since the round before.", "why")
CASE_MODEL = Rule("BN-208", "This cannot be taken over: {faults}", "file")
STRAND_NOT_OPEN = Rule("BN-209", "This strand is no longer open, so no case is begun for it.")
WITHDRAW_REASON = Rule("BN-210", "Say why the case is withdrawn.", "reason")
NOT_WITHDRAWN = Rule("BN-211", "This case is not withdrawn.")
LINE_NAME = Rule("BN-212", "Enter what it is.", "name")

# --- BN-4xx: what was realised, and the investment agreement.
BENEFIT_MOVE_FORBIDDEN = Rule("BN-401", "A benefit that is {start} cannot become {end}.", "end")
BENEFIT_REASON = Rule("BN-402", "Say why.", "reason")
BENEFIT_EFFECT = Rule(
    "BN-403", "Choose the series it is measured by: a benefit is emerging or realised once something was measured.", "series",
)  # fmt: skip
BENEFIT_EVIDENCE = Rule(
    "BN-404", "Say where the evidence stands on the five-step scale, and what it is.", "level",
    source="the five-step scientific methods scale used by local partnerships",
)  # fmt: skip
BENEFIT_NEVER_READ = Rule("BN-405", "This series has not been read yet, so nothing was measured by it.", "series")
BENEFIT_WORTH = Rule(
    "BN-406", "Enter what it has been worth so far. A realised benefit is worth more than nought.", "worth"
)
BENEFIT_BELOW_BANKED = Rule(
    "BN-407", "{banked} of it is banked. It cannot be measured below that until so much was reversed.", "worth"
)
BENEFIT_LEVEL_HELD = Rule(
    "BN-408",
    "The series stands at step {most} of the scale, so this benefit stands no higher. Record on the series what it was compared with first.",
    "level",
    source="the five-step scientific methods scale used by local partnerships",
)
BENEFIT_DIFFERS = Rule(
    "BN-409",
    "{worked} Say why {said} is right instead; it is kept with your name.",
    "differs",
)
BANK_REALISED_ONLY = Rule("BN-410", "Only what was realised can be banked. This benefit is {state}.")
BANK_POSTING = Rule(
    "BN-411", "Choose the posting that reduced a budget line of {partner}. Without it nothing was taken out of a budget.", "posting",
)  # fmt: skip
BANK_POSTING_USED = Rule(
    "BN-412",
    "That posting lowered its line by {reduced}, of which {left} is not banked yet. {amount} is more.",
    "amount",
)
BANK_NOT_MORE = Rule(
    "BN-413", "{measured} was measured, {forecast} forecast in all and {banked} is banked already. {amount} more is too much.", "amount",
)  # fmt: skip
BANK_PROVIDER = Rule(
    "BN-414", "Cash from a provider leaves something behind: enter its fixed cost, the notice period and the service at risk.", "provider",
)  # fmt: skip
BANK_REVERSED_ONCE = Rule("BN-415", "This was reversed already, or is itself a reversal.")
BANK_AMOUNT = Rule("BN-416", "Enter an amount above nought.", "amount")
BANK_LINE_FALL = Rule(
    "BN-417",
    "Over its year {line} is {fall} below its opening budget, and {banked} of that is banked already. {amount} more is too much.",
    "amount",
)
BANK_EVENTS = Rule(
    "BN-418",
    "This benefit rests on avoided events: {claims} of {kinds} at {unit} each come to {most}, and {banked} is banked already. {amount} more needs more claims; {once}.",
    "amount",
)
EVENT_CLAIMED = Rule(
    "BN-420", "This event is claimed already by the strand {strand}, for {start} to {end}. One event of one person counts once.", "starts_on",
)  # fmt: skip
EVENT_PERIOD = Rule("BN-421", "The last day cannot be before the first, nor after today.", "ends_on")
EVENT_PERSON = Rule("BN-422", "Choose somebody this case is about.", "person")
EVENT_RELEASED = Rule("BN-423", "This claim was given up already.")
EVENT_KIND = Rule("BN-424", "Choose what was avoided.", "kind")
EVENT_BANKED_ON = Rule(
    "BN-425", "{banked} was banked on this and the other claims of the benefit. Take that back first."
)
EVENT_BEFORE_START = Rule(
    "BN-426", "The programme began on {start}: nothing before that was avoided by the strand {strand}.", "starts_on"
)
EVENT_OUTSIDE = Rule(
    "BN-427",
    "This family was not in the strand {strand} by the last day, so what did not happen to it is no doing of that strand.",
    "benefit",
    source="local: a strand is credited with what it did for the families it works with",
)
TAKE_UP_NOTHING = Rule("BN-430", "There is no round of a business case whose benefits are not here yet.")
SETTLE_METHOD = Rule(
    "BN-440", "The partners’ stakes do not allow this way of settling: nobody puts anything in.", "method"
)
SETTLE_REASON = Rule("BN-441", "Say why the partners settle this way.", "reason")
PROPOSE_AGREED_FIRST = Rule(
    "BN-442", "The partners have not agreed yet how they settle: no version is signed by every one of them."
)
PROPOSE_FUND = Rule("BN-443", "None of the partners who pay or are paid is a partner of this fund.", "fund")
QUARTER_OVER = Rule("BN-444", "A quarter is frozen when it is over.", "quarter")
PROPOSE_NOTHING = Rule(
    "BN-445", "Nothing more is to move: what the funds accepted and what waits there already come to what was agreed."
)
SIGN_MINUTE = Rule("BN-446", "Enter where your body’s decision is minuted.", "minute")
SIGN_DAY = Rule("BN-447", "Enter the day it was decided: from {first} to today.", "signed_on")
SIGN_ONCE = Rule("BN-448", "{partner} has signed this version already.")
SIGN_NEWEST = Rule("BN-449", "Version {number} has taken this one’s place. Sign that.")
SIGN_OWN = Rule("BN-451", "You sign for your own body, as its finance director or chief finance officer.")
PACK_MEETING = Rule("BN-450", "Enter the day of the meeting.", "meeting_on")

PARTNER_HAS_STAKE = Rule(
    "BN-460",
    "{partner} has a stake in version {number} of the investment agreement, so it stays a partner.",
    "partners",
)
PARTNER_GAINS = Rule("BN-461", "{partner} gains {benefits}, so it stays a partner.", "partners")

# --- BN-3xx: what activity costs.
PRICE_KIND = Rule("BN-301", "Choose a kind of activity, or enter the name of the service.", "kind")
PRICE_BEFORE = Rule(
    "BN-302", "There is a price from {day} on already. A new one begins after it; what it cost then stays.", "starts_on"
)
PRICE_UNIT = Rule("BN-303", "{kind} is priced {unit}.", "unit")
PRICE_SOURCE = Rule("BN-304", "Enter where the figure comes from.", "source")
PRICE_YEAR = Rule("BN-305", "Enter the year of the price, such as 2026/27.", "price_year")
PRICE_ENDED = Rule("BN-306", "This price ends on {day} already.")
PRICE_END = Rule("BN-307", "A price ends on its first day, {day}, or later.", "ends_on")
PRICE_AMOUNT = Rule("BN-308", "Enter an amount from £0 to £1,000,000.", "amount")
COSTS_FILE = Rule("BN-310", "{why}", "file")
COSTS_SAME = Rule("BN-311", "This file was read on {day} already, and nothing in it has changed.", "file")
PLAN_VOLUME = Rule("BN-320", "Enter how many are planned: a whole number, nought or more.", "volume")
PLAN_PRICE = Rule(
    "BN-321", "There is no price for this on {day}. Enter one here, or put it into the table of prices.", "price"
)
PLAN_KEPT = Rule("BN-322", "A report of {quarter} was kept, so the plan of that year stays as it was.", "year")
REPORT_OVER = Rule("BN-330", "{quarter} is over on {day}. A report is kept after that.")
REPORT_NOTHING = Rule("BN-331", "Nothing was recorded, planned or spent in {quarter}.")
UNRECORDED_TOO_MUCH = Rule(
    "BN-340",
    "{place}: {share} of what was spent directly is explained by no recorded activity, and at most {limit} % may be. These"
    " costs cannot be used in a business case until more of the work is recorded, or its prices are put right.",
    source="local: the setting benefits.unrecorded_percent",
)
NOTHING_SPENT = Rule(
    "BN-341", "{place}: nothing was spent directly in this quarter, so there is no cost to use in a business case."
)
REPORT_STALE = Rule(
    "BN-342",
    "A later report of the same quarter was kept. Use that one in a business case.",
)
MEASURED_NOTHING = Rule("BN-343", "Nothing in this report has a measured cost under that name. Choose again.", "kind")
MEASURED_BROKEN = Rule(
    "BN-344", "This report does not have the hash it was kept with any more, so nothing is taken from it.", "kind"
)
MEASURED_TIMES = Rule("BN-345", "Enter how many a year, above nought.", "times")
UNIT_COST_EMPTY = Rule("BN-346", "This unit cost has no value that can be taken.", "unit_cost")
