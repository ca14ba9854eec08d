"""The termination statement of a fund: as it would be today, and those that are frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Sum
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.core.errors import NotVisible
from joinedup.engines.ledger import Book, Control, Kind
from joinedup.funds import chart
from joinedup.funds.leaving import Ending, exits
from joinedup.funds.lifecycle import PARTNERSHIP_LABELS, PartnershipState
from joinedup.funds.models import (
    AgreementPartner,
    Balance,
    Contribution,
    Fund,
    LeavingItem,
    LeavingRule,
    LeavingStatement,
)
from joinedup.funds.permissions import PREPARE_LEAVING, READ_FUNDS
from joinedup.funds.queries.statements import digest_of
from joinedup.funds.queries.year import year_words
from joinedup.funds.settling import REDUNDANCIES, Redundancy

ENDING = frozenset({PartnershipState.IN_NOTICE, PartnershipState.ENDED})
_YEARLY = [Kind.INCOME, Kind.EXPENDITURE]
_DEFAULT_CLAUSE = "The agreement’s own rule is not recorded yet; shown in proportion to opening contributions."


@dataclass(frozen=True)
class LeavingPage:
    """What each partner would get or pay if the agreement ended on the day."""

    fund: Fund
    content: dict[str, Any]
    fault: str
    rule: LeavingRule | None
    items: tuple[LeavingItem, ...]
    statements: tuple[LeavingStatement, ...]
    is_ending: bool
    may: frozenset[str]


def leaving(viewer: Actor, fund: Fund) -> LeavingPage:
    """The statement as it would be today."""
    check(viewer, READ_FUNDS)
    on = timezone.localdate(viewer.at)
    rule = LeavingRule.objects.filter(fund=fund).first()
    items = tuple(_items(fund))
    content, fault = _content(fund, on)
    is_ending = fund.agreement.state in ENDING
    may = {
        "prepare": can(viewer, PREPARE_LEAVING, fund),
        "freeze": is_ending and not fault and can(viewer, PREPARE_LEAVING, fund),
    }
    return LeavingPage(
        fund, content, fault, rule, items, tuple(LeavingStatement.objects.filter(fund=fund).order_by("-number")), is_ending,
        frozenset(name for name, is_so in may.items() if is_so),
    )  # fmt: skip


def _items(fund: Fund) -> list[LeavingItem]:
    rows = LeavingItem.objects.filter(fund=fund, removed_at=None).select_related("partner__organisation")
    return list(rows.order_by("kind", "recorded_at", "pk"))


def leaving_item(viewer: Actor, fund: Fund, item_id: UUID) -> LeavingItem:
    """Something on the list of a fund."""
    check(viewer, READ_FUNDS)
    found = LeavingItem.objects.select_related("fund__host").filter(fund=fund, pk=item_id).first()
    if found is None:
        raise NotVisible
    return found


def leaving_statement(viewer: Actor, statement_id: UUID) -> LeavingStatement:
    """A frozen statement of a fund the viewer may see."""
    if not can(viewer, READ_FUNDS):
        raise NotVisible
    rows = LeavingStatement.objects.filter(fund__in=Fund.objects.visible_to(viewer))
    found = rows.select_related("fund__host__organisation", "fund__agreement").filter(pk=statement_id).first()
    if found is None:
        raise NotVisible
    return found


def is_unchanged(frozen: LeavingStatement) -> bool:
    """Whether the content still has the hash it was frozen with."""
    return digest_of(frozen.content) == frozen.digest


def _places(fund: Fund) -> list[AgreementPartner]:
    there = AgreementPartner.objects.filter(agreement=fund.agreement_id, left_on=None).select_related("organisation")
    return list(there.order_by("position"))


def _content(fund: Fund, on: date) -> tuple[dict[str, Any], str]:
    """The statement with every sum in whole pence, and why it cannot be made; empty where it can."""
    places = _places(fund)
    names = {str(each.pk): each.organisation.name for each in places}
    rule = LeavingRule.objects.filter(fund=fund).first()
    weights = _weights(fund, places, rule)
    books = _books(fund)
    items = _items(fund)
    assets = [each for each in items if each.kind == "asset"]
    staff = [each for each in items if each.kind == "redundancy"]
    redundancy_rule = Redundancy(rule.redundancy_rule) if rule else Redundancy.SHARED
    content: dict[str, Any] = {
        "title": "Termination statement",
        "fund": {"code": fund.code, "name": fund.name, "host": fund.host.organisation.name},
        "agreement": {"title": fund.agreement.title, "state": PARTNERSHIP_LABELS[PartnershipState(fund.agreement.state)]},
        "on": on.isoformat(), "year": fund.year, "year_words": year_words(fund.year),
        "clause": rule.clause if rule else _DEFAULT_CLAUSE, "redundancy": REDUNDANCIES[redundancy_rule],
        "weights": [{"partner": names[key], "weight": weight} for key, weight in weights.items()],
        "balances": books["balances"], "commitments": books["commitments"],
        "assets": [_item(each) for each in assets], "redundancies": [_item(each) for each in staff], "partners": [],
        "brought": books["brought"], "spent": books["spent"], "committed": books["committed"],
    }  # fmt: skip
    ending = Ending(
        weights=weights, contributed={key: books["contributed"].get(key, 0) for key in names}, brought=books["brought"],
        spent=books["spent"], committed=books["committed"], owed={key: books["owed"].get(key, 0) for key in names},
        assets=sum(each.pence for each in assets), kept=_by_partner(assets), redundancy=_by_partner(staff),
        redundancy_rule=redundancy_rule,
    )  # fmt: skip
    try:
        found = exits(ending)
    except ValueError as error:
        return content, f"{error.args[0]}: say by which rule the agreement shares what is left"
    content["partners"] = [
        {
            "id": key, "partner": names[key], "contributed": line.contributed, "brought": line.brought,
            "spending": line.spending, "contracts": line.contracts, "assets": line.assets, "kept": line.kept,
            "redundancy": line.redundancy, "part": line.part, "owed": line.owed, "gets": line.gets,
        }
        for key, line in found.items()
    ]  # fmt: skip
    return content, _fault(content, books)


def _fault(content: dict[str, Any], books: dict[str, Any]) -> str:
    if books["unallocated"]:
        return "nobody has agreed to bear a part of the overspend. The board decides first"
    stray = books["contributed_all"] - sum(each["contributed"] for each in content["partners"])
    owed = books["owed_all"] - sum(each["owed"] for each in content["partners"])
    if stray or owed:
        return "a partner that has left still stands in the books. Settle with it, or novate its place, first"
    return ""


def _item(each: LeavingItem) -> dict[str, Any]:
    return {"what": each.what, "pence": each.pence, "partner": each.partner.organisation.name if each.partner else ""}


def _by_partner(items: list[LeavingItem]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in items:
        if each.partner_id is not None:
            found[str(each.partner_id)] = found.get(str(each.partner_id), 0) + each.pence
    return found


def _weights(fund: Fund, places: list[AgreementPartner], rule: LeavingRule | None) -> dict[str, int]:
    """The rule's shares; without any, opening contributions."""
    if rule is not None and any(rule.weights.values()):
        return {str(each.pk): int(rule.weights.get(each.organisation.code, 0)) for each in places}
    rows = Contribution.objects.filter(fund=fund, year=fund.year, kind="cash").values_list("partner_id")
    agreed = dict(rows.annotate(pence=Sum("agreed_pence")).order_by())
    return {str(each.pk): int(agreed.get(each.pk, 0)) for each in places}


def _books(fund: Fund) -> dict[str, Any]:
    """What the ledger says, in pence."""
    pence = Sum(F("debit") - F("credit"))
    actual = Balance.objects.filter(fund=fund, book=Book.ACTUAL)
    of_year = actual.filter(period__year=fund.year, is_closing=False)
    contributions = of_year.filter(account__code=chart.CONTRIBUTIONS)
    income = dict(contributions.values_list("partner_id").annotate(p=pence).order_by())
    kinds = dict(of_year.filter(account__kind__in=_YEARLY).values_list("account__kind").annotate(p=pence).order_by())
    carried = actual.filter(account__kind=Kind.EQUITY).aggregate(p=Sum(F("debit") - F("credit"), default=0))["p"]
    owed = dict(actual.filter(account__control=Control.PARTNER).values_list("partner_id").annotate(p=pence).order_by())
    unallocated = actual.filter(account__control=Control.UNALLOCATED).aggregate(
        p=Sum(F("debit") - F("credit"), default=0)
    )
    contributed_all = -sum(int(each) for each in income.values())
    return {
        "contributed": {str(key): -int(value) for key, value in income.items() if key}, "contributed_all": contributed_all,
        "brought": -int(carried) - int(kinds.get(Kind.INCOME, 0)) - contributed_all, "spent": int(kinds.get(Kind.EXPENDITURE, 0)),
        "owed": {str(key): int(value) for key, value in owed.items() if key}, "owed_all": sum(int(each) for each in owed.values()),
        "unallocated": int(unallocated["p"]), "balances": _balances(fund), **_commitments(fund),
    }  # fmt: skip


def _balances(fund: Fund) -> list[dict[str, Any]]:
    """What the fund has and owes, heading by heading."""
    rows = Balance.objects.filter(fund=fund, book=Book.ACTUAL, account__kind__in=[Kind.ASSET, Kind.LIABILITY])
    sums = rows.values_list("account_id", "account__code", "account__name").annotate(p=Sum(F("debit") - F("credit")))
    return [
        {"account": str(key), "code": code, "heading": name, "pence": int(p)}
        for key, code, name, p in sums.order_by("account__code")
        if p
    ]


def _commitments(fund: Fund) -> dict[str, Any]:
    """What is promised and still runs off, line by line."""
    rows = Balance.objects.filter(
        fund=fund, book=Book.COMMITMENT, account__kind=Kind.EXPENDITURE, period__year=fund.year, is_closing=False
    )
    sums = rows.values_list("line_id", "line__code", "line__name").annotate(p=Sum(F("debit") - F("credit")))
    found = [
        {"line": str(key), "name": f"{code} {name}", "pence": int(p)}
        for key, code, name, p in sums.order_by("line__code")
        if p
    ]
    return {"commitments": found, "committed": sum(each["pence"] for each in found)}
