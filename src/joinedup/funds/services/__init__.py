"""Every write of shared money, by noun. Others import from here."""

from joinedup.funds.rules import LEDGER_RULES
from joinedup.funds.services.agreements import (
    AgreementTerms,
    add_partner,
    change_terms,
    draft_agreement,
    end_agreement,
    give_notice,
    mark_ready,
    name_host,
    open_agreement,
    remove_partner,
    take_up_again,
    write_item,
)
from joinedup.funds.services.authorising import (
    authorise,
    authorise_variation,
    novate_agreement,
    propose_pooling,
    propose_variation,
    withdraw_variation,
)
from joinedup.funds.services.budgets import (
    LineSaid,
    PartSaid,
    add_line,
    add_scheme,
    approve_budget,
    change_line,
    hand_on_budget,
    open_fund,
    record_consent,
)
from joinedup.funds.services.by_hand import HandLine, HandSaid, post_by_hand
from joinedup.funds.services.commitments import (
    OverSaid,
    allow_over_budget,
    buy_committed,
    commit_from_budget,
    hand_back_budget,
    pass_on_budget,
    release_commitment,
    take_back_allowance,
)
from joinedup.funds.services.contributions import (
    ContributionSaid,
    call_instalments,
    correct_receipt,
    record_receipt,
    remind_of_contributions,
    set_contribution,
)
from joinedup.funds.services.daily import look_after_funds, run_fund_day, start_fund_day
from joinedup.funds.services.disputes import answer_dispute
from joinedup.funds.services.forecasts import keep_forecast, set_line_driver
from joinedup.funds.services.ledger import Draft, add_heading
from joinedup.funds.services.next_year import make_next_year
from joinedup.funds.services.proposals import propose_contributions
from joinedup.funds.services.recharges import mark_recharge_sent, record_recharge_paid
from joinedup.funds.services.risks import RiskSaid, close_risk, raise_risk, say_actual
from joinedup.funds.services.sharing import sign_balance
from joinedup.funds.services.sheets import SheetSaid, attach_secondment, detach_secondment, publish_sheet
from joinedup.funds.services.virements import (
    agree_to_virement,
    approve_virement,
    ask_virement,
    decline_virement,
    end_authority,
    name_authority,
    withdraw_virement,
)
from joinedup.funds.spending_kinds import SpendingKind

__all__ = [
    "LEDGER_RULES",
    "AgreementTerms",
    "ContributionSaid",
    "Draft",
    "HandLine",
    "HandSaid",
    "LineSaid",
    "OverSaid",
    "PartSaid",
    "RiskSaid",
    "SheetSaid",
    "SpendingKind",
    "add_heading",
    "add_line",
    "add_partner",
    "add_scheme",
    "agree_to_virement",
    "allow_over_budget",
    "answer_dispute",
    "approve_budget",
    "approve_virement",
    "ask_virement",
    "attach_secondment",
    "authorise",
    "authorise_variation",
    "buy_committed",
    "call_instalments",
    "change_line",
    "change_terms",
    "close_risk",
    "commit_from_budget",
    "correct_receipt",
    "decline_virement",
    "detach_secondment",
    "draft_agreement",
    "end_agreement",
    "end_authority",
    "give_notice",
    "hand_back_budget",
    "hand_on_budget",
    "keep_forecast",
    "look_after_funds",
    "make_next_year",
    "mark_ready",
    "mark_recharge_sent",
    "name_authority",
    "name_host",
    "novate_agreement",
    "open_agreement",
    "open_fund",
    "pass_on_budget",
    "post_by_hand",
    "propose_contributions",
    "propose_pooling",
    "propose_variation",
    "publish_sheet",
    "raise_risk",
    "record_consent",
    "record_receipt",
    "record_recharge_paid",
    "release_commitment",
    "remind_of_contributions",
    "remove_partner",
    "run_fund_day",
    "say_actual",
    "set_contribution",
    "set_line_driver",
    "sign_balance",
    "start_fund_day",
    "take_back_allowance",
    "take_up_again",
    "withdraw_variation",
    "withdraw_virement",
    "write_item",
]
