"""The forms of shared money that are kept while somebody types."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from joinedup.core.drafts import declare_form


def _of(page: str, record: str) -> Callable[[str], str]:
    return lambda about: reverse(page, kwargs={record: about})


def _of_two(page: str, first: str, second: str) -> Callable[[str], str]:
    return lambda about: reverse(page, kwargs=dict(zip((first, second), about.split(" ", 1), strict=True)))


ITEM = declare_form(
    "funds.item", "What an agreement says", _of_two("fund_agreement_item", "fund_agreement_id", "clause")
)
SHEET = declare_form("funds.sheet", "How your budget works", _of("budget_sheet_publish", "partner_id"))
VARIATION = declare_form("funds.variation", "Vary an agreement", _of("fund_variation_new", "fund_agreement_id"))
POOLING = declare_form("funds.pooling", "Pool an aligned fund", _of("fund_pooling", "fund_id"))
DISPUTE_ANSWER = declare_form("funds.dispute_answer", "Answer to a dispute", _of("fund_dispute_answer", "dispute_id"))
DISPUTE_ESCALATE = declare_form(
    "funds.dispute_escalate", "Take a dispute further", _of("fund_dispute_escalate", "dispute_id")
)
DISPUTE_SETTLE = declare_form("funds.dispute_settle", "Settle a dispute", _of("fund_dispute_settle", "dispute_id"))
RECHARGE_TERMS = declare_form(
    "funds.recharge_terms", "How a joint budget is invoiced", _of("fund_recharge_terms", "fund_id")
)
RECHARGE_CREDIT = declare_form(
    "funds.recharge_credit", "Take an invoice back", _of("fund_recharge_credit", "recharge_id")
)
LEAVING_RULE = declare_form("funds.leaving_rule", "How what is left is shared", _of("fund_leaving_rule", "fund_id"))
POWER_CHECK = declare_form(
    "funds.power_check", "A lawyer checked a power", _of("fund_power_check", "fund_agreement_id")
)
RECEIPT_BACK = declare_form(
    "funds.receipt_back", "Take back what came in", _of_two("fund_receipt_back", "instalment_id", "receipt_id")
)
