"""Preparing the end of an agreement: the rule, what the fund owns, what ending posts cost, and the statement that is frozen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.funds import rules
from joinedup.funds.models import AgreementPartner, Fund, LeavingItem, LeavingRule, LeavingStatement
from joinedup.funds.permissions import PREPARE_LEAVING
from joinedup.funds.queries.leaving import ENDING, _content
from joinedup.funds.queries.statements import digest_of
from joinedup.funds.services.posting import head_of
from joinedup.funds.services.steps import _lock, _said
from joinedup.funds.settling import Redundancy


@service(PREPARE_LEAVING, on="fund")
def set_leaving_rule(
    *, fund: Fund, weights: Mapping[str, int], redundancy: str, clause: str, by: Actor, at: datetime
) -> LeavingRule:
    """Say by which rule what is left is shared, with the agreement's own words. No weights means in proportion to opening
    contributions. Raises Refused (FU-351, FU-370)."""
    _lock(fund)
    words = _said(clause, rules.LEAVING_CLAUSE, 4000)
    if weights and (min(weights.values()) < 0 or not any(weights.values())):
        raise rules.RECHARGE_WEIGHTS.refused("weight_0")
    facts = {
        "weights": dict(weights), "redundancy_rule": Redundancy(redundancy), "clause": words, "recorded_at": at,
        "recorded_by": by.account_id,
    }  # fmt: skip
    rule, _ = LeavingRule.objects.update_or_create(fund=fund, defaults=facts)
    note(subject=rule, changed=("leaving",), words={"fund": fund.code})
    return rule


@service(PREPARE_LEAVING, on="fund")
def add_leaving_item(
    *, fund: Fund, kind: str, what: str, pence: int, partner: AgreementPartner | None = None, by: Actor, at: datetime
) -> LeavingItem:
    """Put on the list what the fund owns (and who keeps it), or what ending posts costs their employer. Raises Refused
    (FU-134, FU-371, FU-372)."""
    said = _said(what, rules.LEAVING_ITEM, 200)
    if pence <= 0:
        raise rules.AMOUNT_POSITIVE.refused()
    if partner is not None and partner.agreement_id != fund.agreement_id:
        raise rules.LEAVING_WHOSE.refused()
    if kind == "redundancy" and partner is None:
        raise rules.LEAVING_WHOSE.refused()
    item = LeavingItem.objects.create(
        fund=fund, kind=kind, what=said, pence=pence, partner=partner, recorded_at=at, recorded_by=by.account_id
    )
    note(subject=item, changed=("leaving",), words={"what": said})
    return item


@service(PREPARE_LEAVING, on="fund")
def remove_leaving_item(*, fund: Fund, item: LeavingItem, by: Actor, at: datetime) -> LeavingItem:
    """Take something off the list. Raises Refused (FU-374)."""
    _lock(item)
    if item.removed_at is not None or item.fund_id != fund.pk:
        raise rules.LEAVING_GONE.refused()
    item.removed_at = at
    item.save(update_fields=["removed_at"])
    note(subject=item, changed=("leaving",), words={"what": item.what})
    return item


@service(PREPARE_LEAVING, on="fund")
def freeze_leaving(*, fund: Fund, by: Actor, at: datetime) -> LeavingStatement:
    """Freeze the termination statement with its hash and the head of the ledger's chain; once more, and it corrects the one
    before. Raises Refused (FU-373, R-11)."""
    _lock(fund)
    if fund.agreement.state not in ENDING:
        raise rules.LEAVING_DAY.refused()
    today = timezone.localdate(at)
    content, fault = _content(fund, today)
    if fault:
        raise rules.LEAVING_ADDS_UP.refused(why=fault)
    number, chained = head_of(fund)
    again = LeavingStatement.objects.filter(fund=fund).count() + 1
    content |= {"ledger": {"number": number, "digest": chained}, "number": again}
    statement = LeavingStatement.objects.create(
        fund=fund, number=again, on=today, content=content, digest=digest_of(content), ledger_number=number,
        ledger_digest=chained, frozen_at=at, frozen_by=by.account_id,
    )  # fmt: skip
    note(subject=statement, changed=("leaving",), words={"fund": fund.code, "hash": statement.digest})
    return statement
