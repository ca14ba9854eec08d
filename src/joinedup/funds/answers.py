"""What shared money answers on the first page: what a partner owes or is owed, what moved since it last signed, what is left."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.urls import reverse

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.core.answers import Fact, register_answer
from joinedup.core.formats import date_long
from joinedup.engines.ledger import Book, Control, Kind
from joinedup.funds.lifecycle import WORKING
from joinedup.funds.models import Balance, BalanceSignature, Entry, Fund
from joinedup.funds.permissions import READ_FUNDS
from joinedup.funds.pounds import in_pounds

_MOST = 4


def owed(viewer: Actor) -> Iterator[Fact]:
    """What is open in the ledger between each fund and the viewer’s organisations; one statement."""
    if not can(viewer, READ_FUNDS):
        return
    rows = Balance.objects.filter(
        partner__organisation_id__in=viewer.organisation_ids, book=Book.ACTUAL, account__control=Control.PARTNER
    )
    columns = "fund_id", "fund__name", "partner__organisation__name"
    sums = rows.values_list(*columns).annotate(pence=Sum(F("debit") - F("credit"))).order_by(*columns)
    there = sorted((each for each in sums if each[3]), key=lambda each: -abs(each[3]))
    for fund_id, fund, body, pence in there[:_MOST]:
        words = f"{body} owes {fund}" if pence > 0 else f"{fund} owes {body}"
        yield Fact(words, reverse("fund_balances", args=[fund_id]), value=in_pounds(abs(pence)), urgent=pence > 0)
    if not there:
        yield Fact("open between your organisation and shared funds", reverse("fund_agreements"), value=in_pounds(0))
    elif len(there) > _MOST:
        yield Fact("more fund[s] with something open", reverse("fund_agreements"), n=len(there) - _MOST)


def moved(viewer: Actor) -> Iterator[Fact]:
    """What was posted in each fund since the viewer’s organisation last signed its balances, or else since the fund’s year
    began; two statements."""
    if not can(viewer, READ_FUNDS):
        return
    mine = BalanceSignature.objects.filter(partner__organisation_id__in=viewer.organisation_ids, fund_id=OuterRef("pk"))
    funds = (
        Fund.objects.visible_to(viewer)
        .filter(agreement__state__in=list(WORKING))
        .annotate(signed_at=Subquery(mine.order_by("-signed_at").values("signed_at")[:1]))
        .values_list("pk", "name", "year", "signed_at")
    )
    there = {pk: (name, signed_at) for pk, name, _, signed_at in funds}
    since = Q(pk__in=[])
    for pk, _, year, signed_at in funds:
        since |= Q(fund=pk, posted_at__gt=signed_at) if signed_at else Q(fund=pk, period__year=year)
    rows = Entry.objects.filter(since, book=Book.ACTUAL).values_list("fund_id").order_by()
    found = {fund_id: (n, pence) for fund_id, n, pence in rows.annotate(n=Count("pk"), pence=Sum("pence"))}
    for fund_id, (n, pence) in sorted(found.items(), key=lambda each: -each[1][1])[:_MOST]:
        name, signed_at = there[fund_id]
        when = f"you last signed, on {date_long(signed_at)}" if signed_at else "its year began, unsigned so far"
        words = f"posted in {name} since {when}, in {n:,} {'entry' if n == 1 else 'entries'}"
        yield Fact(words, reverse("fund_ledger", args=[fund_id]), value=in_pounds(int(pence)))
    if not found:
        yield Fact("posted since you last signed", reverse("fund_agreements"), value=in_pounds(0))


def left(viewer: Actor) -> Iterator[Fact]:
    """What is left of each fund’s budget this year once what was spent and promised is taken off; one statement."""
    if not can(viewer, READ_FUNDS):
        return
    rows = Balance.objects.filter(
        fund__in=Fund.objects.visible_to(viewer).filter(agreement__state__in=list(WORKING)), period__year=F("fund__year"),
        account__kind=Kind.EXPENDITURE, is_closing=False, book__in=[Book.BUDGET, Book.ACTUAL, Book.COMMITMENT],
    )  # fmt: skip
    columns = "fund_id", "fund__name", "book"
    found: dict[tuple[object, str], dict[str, int]] = {}
    for fund_id, name, book, pence in (
        rows.values_list(*columns).annotate(pence=Sum(F("debit") - F("credit"))).order_by(*columns)
    ):
        found.setdefault((fund_id, name), {})[book] = int(pence)
    there = [
        (fund_id, name, books.get(Book.BUDGET, 0), books.get(Book.ACTUAL, 0) + books.get(Book.COMMITMENT, 0))
        for (fund_id, name), books in found.items()
    ]
    there.sort(key=lambda each: (each[2] - each[3]) / max(each[2], 1))
    for fund_id, name, budget, used in there[:_MOST]:
        words = f"left of {in_pounds(budget)} in {name}" if used <= budget else f"more than the budget of {name}"
        yield Fact(words, reverse("fund", args=[fund_id]), value=in_pounds(abs(budget - used)), urgent=used > budget)
    if not there:
        yield Fact("funds with an approved budget", reverse("fund_agreements"), n=0)


register_answer("funds.owed", "what a partner owes to shared funds and is owed by them", owed)
register_answer("funds.moved", "what was posted in each fund since the viewer’s organisation last signed", moved)
register_answer("funds.left", "what is left of each fund’s budget", left)
