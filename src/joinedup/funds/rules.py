"""The rules of shared money, each with its code, the sentence a person reads, and its source. Pure.

R-1 to R-11 are the rules of the fund as a whole; FU-1xx are about agreements, budgets, contributions and virements, FU-2xx
about the ledger, FU-3xx about risk share and reports, FU-4xx about promises, budgets handed down and forecasts. `is_verified` is False where a source was not seen in its own words:
such a rule is this program's practice until somebody has checked it, and is never called law.
"""

from __future__ import annotations

from dataclasses import dataclass

from joinedup.core.errors import Refused
from joinedup.core.ruling import RuleRow
from joinedup.engines.ledger import REFUSALS
from joinedup.engines.money import format_pounds

_LOCAL = "local: practice of shared budgets"
_REG_7 = "law: NHS Bodies and Local Authorities Partnership Arrangements Regulations 2000 (SI 2000/617), regulation 7"
_REG_74 = f"{_REG_7}(4)"
_S75 = "law: National Health Service Act 2006, section 75"
_SWINDON = "local: after Swindon’s three agreements of 2008"
_UEA = "guidance: National Evaluation of Children’s Trust Pathfinders, table 3"
_CLAUSES = "local: clauses found in section 75 agreements"


@dataclass(frozen=True)
class Rule(RuleRow):
    """A rule of this part."""

    source: str = _LOCAL


# --- The fund as a whole.
OPENS_COMPLETE = Rule("R-1", "This cannot open yet. Still missing: {what}.", "", _REG_7)
CONTRIBUTIONS_ADD_UP = Rule(
    "R-2", "The contributions of {partner} come to {contributed}, but the budget it pays for is {budget}.", "", _CLAUSES
)
SPENT_FROM_BUDGET = Rule(
    "R-3", "There is {available} left on this line, and this is {amount}.", "amount", _CLAUSES
)  # fmt: skip
VIREMENT_WITHIN = Rule("R-4", "Money cannot be moved between these lines: {why}.", "to_line", _UEA)
REPORT_SAYS_ALL = Rule(
    "R-5",
    "A report says what the money did, what could go wrong and what was reached. Still missing: {what}.",
    "",
    _CLAUSES,
)
YEAR_ENDS_AGREED = Rule("R-6", "The year cannot close: {why}.", "", _CLAUSES)
SAME_FUNCTION = Rule(
    "R-7", "The rule for sharing what is over or under no longer fits this fund ({why}). Set it again.", "", _CLAUSES
)
SETTLED_WHEN_AGREED = Rule("R-8", "The partners have agreed to settle otherwise: {when}.", "quarter", _CLAUSES)
DISPUTE_SAYS_WHY = Rule("R-10", "Say which lines you dispute, and why.", "words", _CLAUSES)

# --- Powers and partners.
POWER_KNOWN = Rule("FU-101", "Choose the legal power the agreement is made under.", "power")
POWER_IN_FORCE = Rule(
    "FU-102", "{power} was not in force on {day}. An agreement is made under a power of its own time.", "power"
)
PARTNER_ELIGIBLE = Rule(
    "FU-103", "{organisation} cannot be a partner under {power}: it is a {kind}, and {why}.", "organisation", _S75
)
PARTNER_ONCE = Rule("FU-104", "{organisation} is a partner already.", "organisation")
PARTNER_EXISTS = Rule("FU-105", "{organisation} did not exist on {day}.", "organisation")
DRAFT_ONLY = Rule("FU-106", "This agreement is {state}. Its terms change by a variation, not by hand.")
MOVE_FORBIDDEN = Rule("FU-107", "This cannot be done: the agreement is {state}.")
TITLE_NEEDED = Rule("FU-108", "Give the agreement a title.", "title")
DATES_RUN_FORWARD = Rule(
    "FU-109", "The agreement begins before it is reviewed, and is reviewed no later than it ends.", "review_on"
)
AIMS_FIRST = Rule(
    "FU-110",
    "Say first what you want to achieve. How budgets are set and risk is shared comes after the aims and outcomes.",
    "words",
    _SWINDON,
)
WORDS_NEEDED = Rule("FU-111", "Say it in words, or leave this item for later.", "words", f"{_REG_7}(3)")
HOST_IS_PARTNER = Rule("FU-112", "The host is one of the partners.", "host", _REG_74, False)
MANAGER_OF_HOST = Rule(
    "FU-113", "The pool manager is an officer of the host, in post on the day.", "pool_manager", _REG_74, False
)
SHEET_OF_PARTNER = Rule("FU-114", "Only {organisation} publishes how its own budget works.", "", _SWINDON)
SHEET_SAYS = Rule("FU-115", "Answer every question of the sheet: the other partners read nothing else.", "", _SWINDON)
CHIEF_AUTHORISES = Rule("FU-116", "Only a chief finance officer of {organisation} authorises for it.")
AUTHORISED_ONCE = Rule("FU-117", "{organisation} has authorised this already.")
READY_FIRST = Rule("FU-118", "An agreement is authorised once it is complete and marked as ready.")
REASON_NEEDED = Rule("FU-119", "Say why.", "reason")
VARIATION_WAITS = Rule("FU-120", "A variation already waits for the partners’ agreement. Finish or withdraw it first.")
VARIATION_SETTLED = Rule("FU-121", "This variation is {state} already.")
NOTICE_LONG_ENOUGH = Rule(
    "FU-122", "Notice is {months} months: the last day is {day} at the earliest.", "ends_on", _CLAUSES
)
SUCCESSOR_FITS = Rule(
    "FU-123",
    "{successor} does not take over from {predecessor} on that day: no such succession is recorded.",
    "successor",
)
DECISION_NAMED = Rule("FU-124", "Name the decision: whose it was, its date and its minute.", "decision")
STAFF_SECONDED = Rule("FU-125", "That post is no secondment between partners of this agreement, or has ended.", "post")
STAFF_ONCE = Rule("FU-126", "That secondment is attached already.", "post")
HOST_STAYS = Rule("FU-127", "{organisation} hosts {what}. Name another host first.", "organisation")
OPEN_FOR_MONEY = Rule("FU-128", "The agreement is {state}: no money moves under it.")

# --- Budgets.
POWER_ALLOWS_MODEL = Rule("FU-130", "{power} does not allow a {model} fund.", "model")
FUND_NAMED = Rule("FU-131", "Give the fund a name and a code that is not in use.", "code")
SCHEME_OF_FUND = Rule("FU-132", "That scheme belongs to another fund.", "scheme")
LINE_NAMED = Rule("FU-133", "Give the line a name and a code that this fund does not use this year.", "code")
AMOUNT_POSITIVE = Rule("FU-134", "Enter an amount above nought.", "amount")
PARENT_WIDER = Rule("FU-135", "A budget for {place} is cut from a wider one of the same fund and year.", "parent")
PARENT_COVERS = Rule(
    "FU-136", "{parent} has {left} left to hand on, and this is {amount}.", "amount"
)  # fmt: skip
TIER_FITS_MODEL = Rule("FU-137", "A line of a fund that is {model} is not “{tier}”.", "tier", _UEA)
RING_FENCE_CONSENTED = Rule("FU-138", "{stream} needs the consent of {whose} before it is used in this fund.", "stream")
RING_FENCE_PERMITTED = Rule(
    "FU-139", "{stream} may not be spent on “{scheme}”: it is not among its permitted services.", "stream"
)
CONSENT_NAMED = Rule("FU-140", "Say who consented, when, and where that is written down.", "consented_by")
HOLDER_LIMITED = Rule(
    "FU-141", "You may commit up to {limit} at a time from this budget. Ask the pool manager for more.", "amount"
)
HOLDER_ONLY = Rule("FU-142", "Only whoever holds this budget commits from it.")
LIMIT_NEEDED = Rule("FU-143", "Say who holds the budget and how much they may commit at a time.", "limit")
BUDGET_BEFORE_OPENING = Rule(
    "FU-144", "The budget is approved. It changes by a virement or a variation, not by hand.", "amount"
)
POOLED_ALREADY = Rule("FU-145", "Only an aligned fund is moved to a pooled one.", "fund", _UEA)

# --- Contributions.
INSTALMENTS_ADD_UP = Rule("FU-150", "The instalments come to {sum}, but the contribution is {agreed}.", "instalments")
INSTALMENTS_IN_YEAR = Rule("FU-151", "An instalment is due in the year of the contribution.", "due_on")
ROLL_FORWARD_FITS = Rule("FU-152", "After uplift, efficiency and charges nothing is left to pay in.", "base", _CLAUSES)
RECEIPT_NOT_MORE = Rule("FU-153", "{left} of this instalment is still to come, and this is {amount}.", "amount")
RECEIPT_BY_NOW = Rule("FU-154", "Money is received on a day that is not in the future.", "received_on")
CASH_OR_KIND = Rule("FU-155", "A contribution in kind is given, not paid: it never reaches the bank.", "kind")
RECORDED_BY_HOST = Rule("FU-156", "Only the host records what it has received.")
IN_KIND_ONE = Rule("FU-157", "What is given in kind has one value for the year.", "instalments")
CONTRIBUTION_PAID = Rule("FU-158", "Money has come in on this contribution. It changes by a variation.")
RECEIPT_BACK_ONCE = Rule("FU-149", "This receipt was taken back on {day}. If money came in after all, record it again.")
RECEIPT_BACK_STANDS = Rule(
    "FU-148",
    "This takes back another receipt and is not taken back itself. If money came in after all, record it again.",
)
NO_DETRIMENT = Rule(
    "FU-159",
    "{partner} would pay more than last year. That needs its own agreement: say where it is written.",
    "agreed",
    _CLAUSES,
)

# --- Virements.
BAND_FOUND = Rule("FU-160", "No band of {scheme} reaches {amount}. It needs a decision outside this scheme.", "amount")
AUTHORITY_HELD = Rule(
    "FU-161", "This needs the authority of {level}, because {amount} has been moved on this line this year. {who}"
)
VIREMENT_WAITS = Rule("FU-162", "This virement is {state} already.")
NOT_OWN_VIREMENT = Rule("FU-163", "Somebody other than whoever asked for a virement approves it.")
LINES_DIFFER = Rule("FU-164", "Choose two different lines.", "to_line")
VIREMENT_SCHEME_CHOSEN = Rule("FU-165", "The agreement does not say yet which virement scheme it follows.")
NOT_MORE_THAN_LEFT = Rule("FU-166", "{line} has {left} left, and this is {amount}.", "amount")
EVERY_PARTNER_AGREES = Rule(
    "FU-167", "Between capital and revenue every partner agrees first. Still to agree: {who}.", "", _CLAUSES
)

# --- The ledger. The sentences are the engine's, which a notebook can ask without this program.
TWO_LINES = Rule("FU-201", REFUSALS["FU-201"])
BALANCED = Rule("FU-202", REFUSALS["FU-202"])
WHOLE_PENCE = Rule("FU-203", REFUSALS["FU-203"])
HEADING_OF_FUND = Rule("FU-204", REFUSALS["FU-204"])
DAY_IN_PERIOD = Rule("FU-205", REFUSALS["FU-205"])
PERIOD_OPEN = Rule("FU-206", REFUSALS["FU-206"])
NO_LATE_LINES = Rule("FU-207", REFUSALS["FU-207"])
KEY_ONCE = Rule("FU-208", REFUSALS["FU-208"])
NEVER_CHANGED = Rule("FU-209", REFUSALS["FU-209"])
NO_REVERSAL_OF_A_REVERSAL = Rule("FU-210", REFUSALS["FU-210"])
REVERSED_ONCE = Rule("FU-211", REFUSALS["FU-211"])
REVERSAL_MIRRORS = Rule("FU-212", REFUSALS["FU-212"])
ONE_BOOK = Rule("FU-213", REFUSALS["FU-213"])
OF_ONE_FUND = Rule("FU-214", REFUSALS["FU-214"])
SUSPENSE_CLEAR = Rule("FU-215", REFUSALS["FU-215"])
PERIODS_CLOSE_IN_ORDER = Rule("FU-216", REFUSALS["FU-216"])
NOTHING_UNALLOCATED = Rule("FU-217", REFUSALS["FU-217"])
FUNDS_ANSWER_EACH_OTHER = Rule("FU-218", REFUSALS["FU-218"])
LINE_OF_AN_ENTRY = Rule("FU-219", REFUSALS["FU-219"])
PERIODS_FOLLOW = Rule("FU-221", REFUSALS["FU-221"])
TOTALS_AGREE = Rule("FU-222", REFUSALS["FU-222"])
RESULT_CARRIED = Rule("FU-223", REFUSALS["FU-223"])
YEAR_NOT_OPEN = Rule("FU-224", "Open the year {year} first: what was promised or accrued goes on in it.")
ONE_YEAR_AT_A_TIME = Rule("FU-225", "The year after {year} is opened next, and no other.", "year")
RETURN_ADDS_UP = Rule("FU-226", "{left} is left over, and what is returned comes to {returned}.", "returns")
HEADING_ONCE = Rule("FU-227", "This fund has a heading {code} already.", "code")
EXTRACT_READABLE = Rule("FU-228", "This file cannot be used: {why}", "file")
EXTRACT_MATCH_FITS = Rule("FU-229", "These do not match: {why}.")
ONE_FUND_TO_ANOTHER = Rule("FU-231", "Choose two different funds.", "to_fund")
PERIOD_OVER = Rule("FU-232", REFUSALS["FU-232"])
RING_FENCE_STAYS = Rule(
    "FU-233",
    "{left} is left over that is not ring-fenced, and what is returned comes to {returned}. Ring-fenced money is carried"
    " forward for what it was given for.",
    "returns",
)
TRANSFER_BETWEEN = Rule("FU-234", "Money cannot go from one of these funds to the other: {why}.", "to_fund", _UEA)
TRANSFER_WHOLE = Rule("FU-236", "That is not one of two entries by which money went from one fund to another.")
POSTED_BY_NOW = Rule("FU-237", "Give a day that is not in the future.", "dated_on")
TRANSFER_NOT_MORE = Rule("FU-235", "{fund} has {left} at the bank, and this is {amount}.", "amount")
HAND_CHANGES_SOMETHING = Rule(
    "FU-238", "This would change nothing: choose another heading, budget line or partner for one side.", "credit"
)
HAND_LINE_NAMED = Rule(
    "FU-239", "{heading} is spent from a budget: choose its budget line, one of {year}.", "debit_line"
)
HAND_PARTNER_NAMED = Rule("FU-240", "{heading} is what partners owe or are owed: choose the partner.", "partner")
HAND_HEADING_OPEN = Rule("FU-241", "{heading} is posted to by the program, never by hand.", "debit")
OPENING_GOES_ON = Rule(
    "FU-242", "{heading} begins each year at nought, so it has no opening balance.", "debit"
)  # fmt: skip
ACCRUED_AT_YEAR_END = Rule(
    "FU-243",
    "An accrual is dated {day}, which is still to come. Until the year ends, post what has happened as an entry.",
    "dated_on",
)
RING_FENCE_NOT_MOVED = Rule(
    "FU-244",
    "{stream} is ring-fenced: it is spent on its permitted services, and is not made into other money.",
    "stream",
    _CLAUSES,
)

# --- Risk share, sign-off, reports and purchases.
METHOD_FITS = Rule("FU-301", "This way of sharing does not fit the fund: {why}.", "method")
CLAUSE_QUOTED = Rule("FU-302", "Give the agreement’s own words on who bears what.", "clause", _CLAUSES)
RULE_FOLLOWS = Rule("FU-303", "The rule in force began on {day}. A new one begins later.", "starts_on")
RULE_CHOSEN = Rule("FU-304", "The fund has no rule yet for sharing what is over or under.")
SHARED_ONCE = Rule("FU-305", "What was over or under in {when} is shared already.")
UNALLOCATED_WHOLE = Rule("FU-306", "{left} is nobody’s yet. Say who bears all of it.", "borne")
QUARTER_OVER = Rule("FU-310", "{when} ends on {day}. Until then nobody signs for it.", "quarter")
STATEMENT_SEEN = Rule("FU-311", "The statement has changed since you read it. Read it again before you sign.")
REPORT_AFTER = Rule("FU-320", "{when} ends on {day}. A report is frozen after that.", "quarter")
YEAR_SHARED_FIRST = Rule("FU-321", "Share what is over or under first: the annual return says who bears it.")
REGIME_KNOWN = Rule(
    "FU-330", "Say first how {partner} reclaims VAT.", "delivered_by", "guidance: HMRC manual VATGPB6640"
)
VAT_OF_ITS_KIND = Rule("FU-331", "{why}", "vat", "guidance: HMRC manual VATGPB6640")
INVOICE_ONCE = Rule("FU-332", "That invoice of {supplier} is recorded on this line already.", "invoice")
INVOICE_COMPLETE = Rule("FU-333", "Name the supplier, the invoice and what was bought.", "supplier")
INVOICE_OF_ITS_YEAR = Rule(
    "FU-335",
    "{day} lies after {year}, and {line} is a budget of that year. Choose the budget of its own year.",
    "bought_on",
)
KIND_NAMED = Rule("FU-336", "Say which kind of spending this is.", "kind", _CLAUSES)
KIND_PERMITTED = Rule(
    "FU-337", "The agreement does not permit “{kind}” on {day}. It permits {permitted}.", "kind", _CLAUSES
)
KIND_ONCE = Rule(
    "FU-338", "“{kind}” is permitted {days} already. Name days outside that, or end that first.", "starts_on", _CLAUSES
)
KIND_ENDS = Rule(
    "FU-339", "“{kind}” is permitted from {day}. It does not end before that day, and only once.", "ends_on", _CLAUSES
)
KIND_DAYS = Rule("FU-340", "It ends on a day after the one it begins on.", "ends_on", _CLAUSES)
REGIME_ONCE = Rule("FU-334", "{partner} has a way of reclaiming VAT from that day already.", "starts_on")

# --- Invoices of joint budgets, disputes, leaving, matches by hand, powers that were checked.
RECHARGED_JOINT = Rule(
    "R-9", "Only a joint budget is invoiced. {fund} is {model}: {why}.", "", _UEA
)  # fmt: skip
LEAVING_ADDS_UP = Rule("R-11", "The statement cannot be made: {why}.", "", _CLAUSES)
RECHARGE_TERMS = Rule("FU-350", "Say first how this budget is shared between the partners.", "")
RECHARGE_WEIGHTS = Rule(
    "FU-351", "Give every partner its share of the cost, and at least one of them more than nought.", "weights"
)
RECHARGE_PERIOD = Rule(
    "FU-352", "{when} is not over yet. A share of the actual cost is invoiced after {day}.", "ends_on"
)
RECHARGE_ONCE = Rule("FU-353", "Up to {day} everything is invoiced already.", "ends_on")
RECHARGE_NOTHING = Rule("FU-354", "No partner has anything to pay for that time.", "ends_on")
RECHARGE_STEPS = Rule("FU-355", "This is {state} already.")
CREDIT_SAYS_WHY = Rule("FU-356", "Say why it is taken back.", "reason")
CREDITED_ONCE = Rule("FU-357", "{reference} is taken back already, by {by}.")
CREDIT_OF_INVOICE = Rule("FU-358", "A credit note is not taken back. Invoice the partner again.")
VAT_HAS_REASON = Rule(
    "FU-359", "Invoiced in this way there is less VAT. Say what it is for in the service, not for tax.", "reason",
    "guidance: HMRC looks at arrangements that have no reason but the tax", False,
)  # fmt: skip
DISPUTE_OPEN = Rule("FU-360", "This dispute is settled already.")
ANSWER_SAYS = Rule("FU-361", "Say what you answer.", "words")
LAST_STEP = Rule("FU-362", "This is the last step. It ends with a decision.")
SETTLED_BY = Rule("FU-363", "Say what was decided, by whom and when.", "decision", _CLAUSES)
NOT_OWN_ANSWER = Rule("FU-364", "The other partners answer a dispute, not whoever raised it.", "")
DISPUTE_STOPS_CLOSING = Rule(
    "FU-365", "The year cannot close: {why}.", "", "local: setting “a dispute at the end of the year”"
)  # fmt: skip
LEAVING_CLAUSE = Rule("FU-370", "Give the agreement’s own words on what happens when it ends.", "clause", _CLAUSES)
LEAVING_ITEM = Rule("FU-371", "Say what it is, and what it is worth.", "what")
LEAVING_WHOSE = Rule("FU-372", "Say whose staff they are.", "partner")
LEAVING_DAY = Rule("FU-373", "A termination statement is frozen once the agreement is in notice or has ended.", "")
LEAVING_GONE = Rule("FU-374", "That is off the list already.")
MATCH_ADDS_UP = Rule(
    "FU-380", "These do not match: {left} on the left and {right} on the right differ by {difference}."
)
MATCH_CHOSEN = Rule("FU-381", "Choose at least one row on the left and one line on the right.", "rows")
MATCH_SAYS_WHY = Rule("FU-382", "Say why they are the same.", "reason")
MATCH_FREE = Rule("FU-383", "One of them is matched already. Read the page again.", "rows")
UNMATCH_SAYS_WHY = Rule("FU-384", "Say why they are not the same.", "reason")
UNMATCH_POSTED = Rule("FU-385", "That row was posted from the extract. Take its entry back instead.")
POWER_CHECK_NAMES = Rule("FU-390", "Name the lawyer, whom they work for, and where their advice is written.", "lawyer")
POWER_CHECK_DAY = Rule("FU-391", "A check lies on a day that is not in the future.", "checked_on")
POWER_CHECK_FOUND = Rule("FU-392", "Say what is not right.", "words")

# --- Promises, budgets handed down, what is allowed over a budget, forecasts.
OVER_AUTHORITY = Rule(
    "FU-401",
    "More than is left needs the authority of {level}: with this, {amount} is allowed over this line’s budget this year. {who}",
    "",
    _CLAUSES,
)
OVER_USED = Rule("FU-402", "{used} of it is spent or promised already, so it cannot be taken back.")
COMMITMENT_OPEN = Rule("FU-404", "This promise is {state} already.")
YEAR_NOW_OPEN = Rule("FU-405", "This budget is of {year}, which is no longer the fund’s open year.")
HANDED_BACK_LEFT = Rule("FU-406", "There is nothing left of this budget to hand back.")
HANDED_DOWN_ONLY = Rule("FU-407", "Only a budget cut from a wider one is handed back or passed on.")
MEASURE_KNOWN = Rule("FU-408", "Choose what drives this line.", "measure")
PRICE_SOURCED = Rule("FU-409", "Say where the price comes from.", "source")
FORECAST_LINES = Rule("FU-410", "That line is not among those this fund forecasts.", "line")
FORECAST_FLOW = Rule("FU-411", "Nobody has said yet what drives {line}, so its cases cannot be counted.", "method")
HOLDER_FITS = Rule(
    "FU-413", "A budget is held by a budget holder, a team manager or a key worker of a partner, in post.", "holder"
)
OVER_SETTLED = Rule("FU-412", "That is taken back already.")
PROMISES_GO_ON = Rule(
    "FU-414", "Say what becomes of what is promised on budgets that do not go on in {year}: {which}.", "promises"
)
PROMISE_FITS = Rule("FU-415", "{line} cannot take the promise on: {why}.", "promises")

# --- FU-45x: contributions another part proposes.
PROPOSAL_WAITS = Rule("FU-450", "This proposal was {state} already.")
PROPOSAL_CONTRIBUTES = Rule(
    "FU-451", "{partner} puts no cash into this fund in {year}, so there is nothing the proposal could change. Set its contribution first.",
)  # fmt: skip
PROPOSAL_LEAVES = Rule(
    "FU-452", "{partner} would put in {pounds}, which is not above nought. Decline it, or agree on another sum."
)
PROPOSAL_SAYS_WHY = Rule("FU-453", "Say why, and where that is written down.", "words")
PROPOSAL_NOT_OWN = Rule("FU-454", "You proposed this yourself. Somebody else of {partner} accepts it.")
PROPOSAL_OF_PARTNER = Rule(
    "FU-455",
    "This is about what {partner} puts in. Its own finance director, chief finance officer or pool manager accepts it.",
)
PROPOSAL_OF_ANOTHER = Rule(
    "FU-456", "Something else is proposed for {partner} in {year} and waits for a decision. It is decided first."
)

# --- FU-46x: next year's lines from this year's.
NEXT_YEAR_AFTER = Rule("FU-460", "The year after {open} is prepared, which is {next}, and no other.", "year", _CLAUSES)
NEXT_YEAR_FROM_APPROVED = Rule(
    "FU-461",
    "The budget of {year} is not approved yet. The next year’s is prepared from an approved one.",
    "",
    _CLAUSES,
)
NEXT_YEAR_ONCE = Rule(
    "FU-462", "The lines of {year} are made already. Change them one by one until the budget is approved."
)
NEXT_YEAR_READ = Rule("FU-463", "The lines have changed since you read them. Read them again before they are made.")
NEXT_YEAR_NOT_BELOW = Rule(
    "FU-464", "{line} would come to {amount}. A budget is not below nought.", "planned", _CLAUSES
)
NEXT_YEAR_FREE = Rule("FU-465", "{year} has lines already: {lines}. Take those codes out of use first.")
NEXT_YEAR_LINE = Rule("FU-466", "That line is not one that is prepared: {why}.", "", _CLAUSES)

# --- FU-47x: risks and outcomes, which reports carry.
RISK_SAID = Rule(
    "FU-470", "Say what could go wrong, why, what it would do, and what is done about it.", "event", _CLAUSES
)
RISK_OPEN = Rule("FU-471", "{reference} is closed already.")
OUTCOME_SAID = Rule("FU-472", "Say what is measured and where it should be.", "measure", f"{_REG_7}(3)(a)")
OUTCOME_AIMED = Rule("FU-473", "The agreement has no aims yet. Write them first.", "", f"{_REG_7}(3)(a)")
OUTCOME_BY_NOW = Rule("FU-474", "{when} has not begun yet.", "actual")
OUTCOME_REACHED = Rule("FU-475", "Say where it stands now.", "actual")
OWNER_OF_FUND = Rule("FU-476", "A risk is owned by somebody of a partner of the agreement, in post.", "owner")

LEDGER_RULES = {each.code: each for each in list(vars().values()) if isinstance(each, Rule) and each.code[:4] == "FU-2"}


def contributions_do_not_add_up(partner: str, contributed: int, budget: int) -> Refused:
    """R-2, with both sums."""
    return CONTRIBUTIONS_ADD_UP.refused(
        partner=partner, contributed=format_pounds(contributed), budget=format_pounds(budget)
    )
