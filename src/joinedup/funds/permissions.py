"""Who may agree, budget, pay in, move and read shared money. Whose agreements: `visible_to` and the partners decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import declare
from joinedup.access.roles import FINANCE, Role
from joinedup.funds.models import AgreementPartner, BudgetLine

_CHIEFS = frozenset({Role.CHIEF_FINANCE_OFFICER})
_DIRECTORS = _CHIEFS | {Role.FINANCE_DIRECTOR}
_MANAGERS = _DIRECTORS | {Role.POOL_MANAGER}
HOLDERS = frozenset({Role.BUDGET_HOLDER, Role.KEY_WORKER, Role.TEAM_MANAGER})
_OF_PARTNER = "of a partner of the agreement"
_OF_HOST = "of the partner that hosts it"
_OWN = "for the organisation they work for"


def _organisations(viewer: Actor, roles: frozenset[Role]) -> set[UUID]:
    return {each.organisation_id for each in viewer.standings if each.role in roles}


def _is_partner(viewer: Actor, agreement_id: UUID, roles: frozenset[Role]) -> bool:
    """A post of theirs with one of the roles stands for an organisation that is a partner there now."""
    there = AgreementPartner.objects.filter(agreement_id=agreement_id, left_on=None)
    return there.filter(organisation_id__in=_organisations(viewer, roles)).exists()


def _of_agreement(roles: frozenset[Role]) -> Any:
    return lambda viewer, agreement: _is_partner(viewer, agreement.pk, roles)


def _of_fund(roles: frozenset[Role]) -> Any:
    return lambda viewer, fund: _is_partner(viewer, fund.agreement_id, roles)


def _own_place(roles: frozenset[Role]) -> Any:
    """The partner itself: the sheet, the authorisation and the consent are nobody else's."""
    return lambda viewer, partner: partner.organisation_id in _organisations(viewer, roles)


def _of_its_host(viewer: Actor, fund: Any) -> bool:
    return fund.host.organisation_id in _organisations(viewer, _MANAGERS)


READ_FUNDS = declare("funds.read_funds", "see shared budgets and the agreements behind them", roles=FINANCE)
READ_HELD = declare("funds.read_held_budgets", "see the budgets they hold themselves", roles=HOLDERS)

# --- Agreements.
DRAFT_AGREEMENT = declare(
    "funds.draft_agreement", "draft an agreement to share money", roles=_MANAGERS,
    within=lambda viewer, organisation: organisation.pk in _organisations(viewer, _MANAGERS),
    within_sentence=_OWN,
)  # fmt: skip
CHANGE_AGREEMENT = declare(
    "funds.change_agreement", "change the draft of an agreement to share money", roles=_MANAGERS,
    within=_of_agreement(_MANAGERS), within_sentence=_OF_PARTNER,
)  # fmt: skip
PUBLISH_SHEET = declare(
    "funds.publish_sheet", "publish how a partner’s own budget works", roles=_DIRECTORS,
    within=_own_place(_DIRECTORS), within_sentence=_OWN,
)  # fmt: skip
AUTHORISE_AGREEMENT = declare(
    "funds.authorise_agreement", "authorise an agreement or a variation for a partner", roles=_CHIEFS,
    within=_own_place(_CHIEFS), within_sentence=_OWN,
)  # fmt: skip
OPEN_AGREEMENT = declare(
    "funds.open_agreement", "open an agreement to share money", roles=_CHIEFS | {Role.POOL_MANAGER},
    within=_of_agreement(_CHIEFS | {Role.POOL_MANAGER}), within_sentence=_OF_PARTNER,
)  # fmt: skip
VARY_AGREEMENT = declare(
    "funds.vary_agreement", "propose to vary an agreement to share money", roles=_MANAGERS,
    within=_of_agreement(_MANAGERS), within_sentence=_OF_PARTNER,
)  # fmt: skip
END_AGREEMENT = declare(
    "funds.end_agreement", "give notice of an agreement to share money, or end it", roles=_DIRECTORS,
    within=_of_agreement(_DIRECTORS), within_sentence=_OF_PARTNER,
)  # fmt: skip
NOVATE_AGREEMENT = declare(
    "funds.novate_agreement", "move an agreement to a successor body", roles=_CHIEFS,
    within=_of_agreement(_CHIEFS), within_sentence=_OF_PARTNER,
)  # fmt: skip
ATTACH_SECONDMENT = declare(
    "funds.attach_secondment", "attach a secondment to an agreement", roles=_MANAGERS,
    within=_of_agreement(_MANAGERS), within_sentence=_OF_PARTNER,
)  # fmt: skip

# --- Budgets.
SET_BUDGET = declare(
    "funds.set_budget", "set up a fund, its schemes and its budget lines", roles=_MANAGERS,
    within=_of_agreement(_MANAGERS), within_sentence=_OF_PARTNER,
)  # fmt: skip
CONSENT_TO_STREAM = declare(
    "funds.consent_to_stream", "record the consent to use ring-fenced money", roles=_DIRECTORS,
    within=_of_fund(_DIRECTORS), within_sentence=_OF_PARTNER,
)  # fmt: skip
HAND_ON_BUDGET = declare(
    "funds.hand_on_budget", "cut a budget for a locality, a cluster or a family from a wider one",
    roles=_MANAGERS | {Role.BUDGET_HOLDER, Role.TEAM_MANAGER},
    within=lambda viewer, line: line.holder_id in viewer.post_ids or _is_partner(viewer, line.fund.agreement_id, _MANAGERS),
    within_sentence="of a fund of their own organisation, or that they hold",
)  # fmt: skip
COMMIT_BUDGET = declare(
    "funds.commit_budget", "commit money from a budget", roles=HOLDERS,
    within=lambda viewer, line: line.holder_id in viewer.post_ids, within_sentence="that they hold themselves",
)  # fmt: skip
PASS_ON_BUDGET = declare(
    "funds.pass_on_budget", "pass a budget on to another holder", roles=_MANAGERS | {Role.BUDGET_HOLDER, Role.TEAM_MANAGER},
    within=lambda viewer, line: holds_above(viewer, line) or _is_partner(viewer, line.fund.agreement_id, _MANAGERS),
    within_sentence="that was cut from one they hold, or of a fund of their own organisation",
)  # fmt: skip
HAND_BACK_BUDGET = declare(
    "funds.hand_back_budget", "hand back what is left of a budget", roles=_MANAGERS | HOLDERS,
    within=lambda viewer, line: holds_above(viewer, line) or _holds_or_manages(viewer, line),
    within_sentence="that they hold or that was cut from one they hold, or of a fund of their own organisation",
)  # fmt: skip
RELEASE_COMMITMENT = declare(
    "funds.release_commitment", "release money that was promised", roles=HOLDERS | _MANAGERS,
    within=lambda viewer, commitment: _holds_or_manages(viewer, commitment.line),
    within_sentence="from a budget they hold, or of a fund of their own organisation",
)  # fmt: skip
BUY_COMMITTED = declare(
    "funds.buy_committed", "record that what was promised is bought", roles=HOLDERS | _MANAGERS,
    within=lambda viewer, commitment: _holds_or_keeps(viewer, commitment.line),
    within_sentence="from a budget they hold, or of a fund their own organisation hosts",
)  # fmt: skip
ALLOW_OVER = declare(
    "funds.allow_over_budget", "allow more to be spent on a line than is left of it", roles=_MANAGERS | {Role.BUDGET_HOLDER},
    within=lambda viewer, line: _is_partner(viewer, line.fund.agreement_id, _MANAGERS | {Role.BUDGET_HOLDER}),
    within_sentence=_OF_PARTNER,
)  # fmt: skip
FORECAST_FUND = declare(
    "funds.keep_forecast", "keep a forecast of a fund, and say what drives its lines", roles=_MANAGERS,
    within=_of_fund(_MANAGERS), within_sentence=_OF_PARTNER,
)  # fmt: skip
RUN_DAY = declare(
    "funds.run_day",
    "look after a fund for the day",
    roles={Role.POOL_MANAGER},
    within=_of_its_host,
    within_sentence=_OF_HOST,
)
RUN_DAYS = declare("funds.run_days", "have every fund looked after for the day", roles={Role.POOL_MANAGER})


def holds_above(viewer: Actor, line: BudgetLine) -> bool:
    """Holds a budget that this one was cut from, at whatever remove."""
    above = line.parent
    while above is not None:
        if above.holder_id in viewer.post_ids:
            return True
        above = above.parent
    return False


def _holds_or_manages(viewer: Actor, line: Any) -> bool:
    return line.holder_id in viewer.post_ids or _is_partner(viewer, line.fund.agreement_id, _MANAGERS)


def _holds_or_keeps(viewer: Actor, line: Any) -> bool:
    return line.holder_id in viewer.post_ids or _of_its_host(viewer, line.fund)


# --- Contributions.
SET_CONTRIBUTION = declare(
    "funds.set_contribution", "set what a partner puts in", roles=_MANAGERS,
    within=_of_fund(_MANAGERS), within_sentence=_OF_PARTNER,
)  # fmt: skip
_PROPOSERS = _DIRECTORS | {Role.PROGRAMME_MANAGER, Role.COMMISSIONER}
PROPOSE_CONTRIBUTIONS = declare(
    "funds.propose_contributions", "propose what partners put in next year", roles=_PROPOSERS,
    within=_of_fund(_PROPOSERS), within_sentence=_OF_PARTNER,
)  # fmt: skip
RECORD_RECEIPT = declare(
    "funds.record_receipt", "record what a fund has received", roles=_MANAGERS, within=_of_its_host, within_sentence=_OF_HOST
)  # fmt: skip
REMIND_OF_CONTRIBUTIONS = declare(
    "funds.remind_of_contributions", "remind partners of what they owe", roles={Role.POOL_MANAGER},
    within=_of_its_host, within_sentence=_OF_HOST,
)  # fmt: skip

# --- Virements.
NAME_AUTHORITY = declare(
    "funds.name_authority", "say who may approve virements", roles=_CHIEFS,
    within=_of_agreement(_CHIEFS), within_sentence=_OF_PARTNER,
)  # fmt: skip


def _asks_for_line(viewer: Actor, line: Any) -> bool:
    held = isinstance(line, BudgetLine) and line.holder_id in viewer.post_ids
    return held or _is_partner(viewer, line.fund.agreement_id, _MANAGERS)


ASK_VIREMENT = declare(
    "funds.ask_virement", "ask to move money from a budget line", roles=_MANAGERS | {Role.BUDGET_HOLDER},
    within=_asks_for_line, within_sentence="of a fund of their own organisation, or that they hold",
)  # fmt: skip
DECIDE_VIREMENT = declare(
    "funds.decide_virement", "approve or decline a virement", roles=_MANAGERS | {Role.BUDGET_HOLDER},
    within=lambda viewer, virement: _is_partner(viewer, virement.fund.agreement_id, _MANAGERS | {Role.BUDGET_HOLDER}),
    within_sentence=_OF_PARTNER,
)  # fmt: skip
AGREE_TO_VIREMENT = declare(
    "funds.agree_to_virement", "agree for a partner to a virement", roles=_DIRECTORS,
    within=_own_place(_DIRECTORS), within_sentence=_OWN,
)  # fmt: skip
WITHDRAW_VIREMENT = declare(
    "funds.withdraw_virement", "withdraw a virement", roles=_MANAGERS | {Role.BUDGET_HOLDER},
    within=lambda viewer, virement: virement.asked_by == viewer.account_id,
    within_sentence="that they asked for themselves",
)  # fmt: skip


# --- The ledger. Which funds somebody may look into at all is decided by partners, in `visible_to`.
def _for_host(viewer: Actor, record: Any) -> bool:
    """Stands for the host of the fund that the record is, or belongs to."""
    fund = getattr(record, "fund", record)
    return fund.host.organisation_id in viewer.organisation_ids


PREPARE_NEXT_YEAR = declare(
    "funds.prepare_next_year", "prepare the next year’s budget lines of a fund", roles=_MANAGERS, within=_for_host,
    within_sentence=_OF_HOST,
)  # fmt: skip
READ_LEDGER = declare("funds.read_ledger", "read the ledger of a fund", roles=FINANCE)
VERIFY_LEDGER = declare("funds.verify_ledger", "verify the ledger", roles=FINANCE)
ANCHOR_LEDGER = declare(
    "funds.anchor_ledger", "keep the head of a fund’s ledger in the audit trail", roles=_MANAGERS, within=_for_host,
    within_sentence=_OF_HOST,
)  # fmt: skip
TRANSFER_BETWEEN_FUNDS = declare(
    "funds.transfer_between_funds", "move money from one fund to another", roles=_DIRECTORS, within=_for_host,
    within_sentence=_OF_HOST,
)  # fmt: skip
POST_ENTRY = declare(
    "funds.post_entry", "post to the ledger of a fund", roles=_MANAGERS, within=_for_host, within_sentence=_OF_HOST
)
REVERSE_ENTRY = declare(
    "funds.reverse_entry", "reverse what was posted", roles=_MANAGERS, within=_for_host, within_sentence=_OF_HOST
)
OPEN_YEAR = declare(
    "funds.open_year", "open a year of a fund", roles=_MANAGERS, within=_for_host, within_sentence=_OF_HOST
)
CLOSE_PERIOD = declare(
    "funds.close_period", "close a month of a fund", roles=_MANAGERS, within=_for_host, within_sentence=_OF_HOST
)
CLOSE_YEAR = declare(
    "funds.close_year", "close a year of a fund", roles=_DIRECTORS, within=_for_host, within_sentence=_OF_HOST
)
IMPORT_EXTRACT = declare(
    "funds.import_extract", "bring in a partner’s ledger extract", roles=_MANAGERS, within=_for_host,
    within_sentence=_OF_HOST,
)  # fmt: skip
SETTLE_EXTRACT = declare(
    "funds.settle_extract", "settle a row of a partner’s ledger extract", roles=_MANAGERS, within=_for_host,
    within_sentence=_OF_HOST,
)  # fmt: skip

# --- Risk share, sign-off, reports and purchases.
SET_RISK_SHARE = declare(
    "funds.set_risk_share", "set how a fund shares what is over or under", roles=_MANAGERS, within=_for_host,
    within_sentence=_OF_HOST,
)  # fmt: skip
POST_RISK_SHARE = declare(
    "funds.post_risk_share",
    "post what each partner bears",
    roles=_DIRECTORS,
    within=_for_host,
    within_sentence=_OF_HOST,
)
SIGN_BALANCE = declare(
    "funds.sign_balance", "agree or dispute a partner’s balances", roles=_DIRECTORS, within=_own_place(_DIRECTORS),
    within_sentence=_OWN,
)  # fmt: skip
KEEP_RISKS = declare(
    "funds.keep_risks", "keep the risks and outcomes of a fund for its reports", roles=_MANAGERS,
    within=_of_fund(_MANAGERS), within_sentence=_OF_PARTNER,
)  # fmt: skip
FREEZE_REPORT = declare(
    "funds.freeze_report", "freeze a report on a fund", roles=_MANAGERS, within=_for_host, within_sentence=_OF_HOST
)
SET_VAT_REGIME = declare(
    "funds.set_vat_regime", "say how a partner reclaims VAT", roles=_MANAGERS, within=_own_place(_MANAGERS),
    within_sentence=_OWN,
)  # fmt: skip
PERMIT_KINDS = declare(
    "funds.permit_kinds", "say which kinds of spending an agreement permits", roles=_MANAGERS,
    within=_of_agreement(_MANAGERS), within_sentence=_OF_PARTNER,
)  # fmt: skip
RECORD_PURCHASE = declare(
    "funds.record_purchase",
    "record what a fund has bought",
    roles=_MANAGERS,
    within=_for_host,
    within_sentence=_OF_HOST,
)

# --- Invoices of joint budgets, disputes, leaving, powers that were checked.
SET_RECHARGE = declare(
    "funds.set_recharge",
    "say how a joint budget is invoiced",
    roles=_MANAGERS,
    within=_for_host,
    within_sentence=_OF_HOST,
)
ISSUE_RECHARGE = declare(
    "funds.issue_recharge", "invoice the partners of a joint budget", roles=_MANAGERS, within=_for_host,
    within_sentence=_OF_HOST,
)  # fmt: skip
ANSWER_DISPUTE = declare(
    "funds.answer_dispute", "answer a dispute about balances", roles=_MANAGERS,
    within=lambda viewer, dispute: _is_partner(viewer, dispute.fund.agreement_id, _MANAGERS), within_sentence=_OF_PARTNER,
)  # fmt: skip
SETTLE_DISPUTE = declare(
    "funds.settle_dispute", "take a dispute about balances further, or settle it", roles=_DIRECTORS,
    within=lambda viewer, dispute: _is_partner(viewer, dispute.fund.agreement_id, _DIRECTORS), within_sentence=_OF_PARTNER,
)  # fmt: skip
PREPARE_LEAVING = declare(
    "funds.prepare_leaving", "prepare the statement for the end of an agreement", roles=_MANAGERS, within=_for_host,
    within_sentence=_OF_HOST,
)  # fmt: skip
CHECK_POWER = declare(
    "funds.check_power", "record that a lawyer checked a legal power", roles=_DIRECTORS,
    within=_of_agreement(_DIRECTORS), within_sentence=_OF_PARTNER,
)  # fmt: skip
