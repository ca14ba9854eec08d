"""Shared money as a station of the loop: what each fund spent in the period."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Sum
from django.urls import reverse

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.core.stations import Evidence, Row, register_station
from joinedup.engines.ledger import Book, Kind
from joinedup.funds.models import Balance, Fund
from joinedup.funds.permissions import READ_FUNDS
from joinedup.funds.pounds import in_pounds


def cost(viewer: Actor, since: date, until: date) -> Evidence:
    """Budgeted and spent in the months of the period, by fund, of the agreements that the viewer’s organisations are partners
    of; one statement. The ledger’s months are whole, and so is the period."""
    rows = Balance.objects.filter(
        fund__in=Fund.objects.visible_to(viewer), period__starts_on__gte=since, period__ends_on__lte=until,
        account__kind=Kind.EXPENDITURE, is_closing=False, book__in=[Book.ACTUAL, Book.COMMITMENT],
    )  # fmt: skip
    columns = "fund__name", "fund_id", "book"
    found: dict[tuple[str, object], dict[str, int]] = {}
    for name, pk, book, pence in (
        rows.values_list(*columns).annotate(pence=Sum(F("debit") - F("credit"))).order_by(*columns)
    ):
        found.setdefault((name, pk), {})[book] = int(pence)
    opens = can(viewer, READ_FUNDS)
    lines = tuple(
        Row(
            name, (in_pounds(books.get(Book.ACTUAL, 0)), in_pounds(books.get(Book.COMMITMENT, 0))),
            reverse("fund_ledger", args=[pk]) if opens else "",
        )
        for (name, pk), books in found.items()
    )  # fmt: skip
    total = sum(books.get(Book.ACTUAL, 0) for books in found.values())
    note = "Of the agreements that your organisation is a partner of."
    return Evidence(in_pounds(total), "spent by shared funds", ("Fund", "Spent", "Promised besides"), lines, note)


register_station("cost", "Cost", 9, cost)
