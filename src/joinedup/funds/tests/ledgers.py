"""A fund with a year open, for tests of the ledger: its rows written plainly, its ledger opened by the service."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from joinedup.access.actor import system
from joinedup.engines.ledger import Book, Line
from joinedup.funds import chart
from joinedup.funds.models import (
    Account,
    AgreementPartner,
    BudgetApproval,
    BudgetLine,
    Fund,
    PartnershipAgreement,
    Period,
    Scheme,
)
from joinedup.funds.queries.statements import statements
from joinedup.funds.services.ledger import open_year
from joinedup.funds.services.posting import Draft
from joinedup.funds.services.sharing import sign_balance
from joinedup.organisations.tests.factories import AT, make_organisation

_number = itertools.count(1)
APRIL, MAY, NOVEMBER, MARCH = date(2026, 4, 15), date(2026, 5, 15), date(2026, 11, 10), date(2027, 3, 15)


@dataclass
class World:
    """A fund with what hangs on it, each by a short name."""

    fund: Fund
    partners: list[AgreementPartner]
    scheme: Scheme
    lines: list[BudgetLine]
    accounts: dict[str, UUID] = field(default_factory=dict)

    def month(self, number: int, year: int = 2026) -> Period:
        """One month of the fund, 1 for April."""
        return Period.objects.get(fund=self.fund, year=year, number=number)

    def spend(self, key: str, pence: int = 1000, *, on: date = APRIL, book: Book = Book.ACTUAL, line: int = 0) -> Draft:
        """Something bought and paid, or with another book what it balances against."""
        other = {Book.BUDGET: chart.BUDGETS, Book.COMMITMENT: chart.COMMITMENTS}.get(book, chart.BANK)
        one = self.lines[line]
        spent = Line(
            chart.EXPENDITURE, pence, line=str(one.pk), scheme=str(self.scheme.pk), partner=str(one.partner_id)
        )
        return Draft(key, on, [spent, Line(other, -pence)], book)

    def receive(self, key: str, pence: int = 1000, *, on: date = APRIL, partner: int = 0) -> Draft:
        """A contribution received."""
        return Draft(
            key,
            on,
            [Line(chart.BANK, pence), Line(chart.CONTRIBUTIONS, -pence, partner=str(self.partners[partner].pk))],
        )


AFTER = datetime(2027, 4, 20, 10, 0, tzinfo=ZoneInfo("Europe/London"))
"""When the year 2026/27 is over."""


def sign_year(fund: Fund, year: int = 2026, *, at: datetime = AFTER) -> None:
    """Every partner agrees its balances at the end of a year."""
    for each in statements(system(at), fund, year=year, quarter=4):
        sign_balance(
            partner=each.partner.place, fund=fund, year=year, quarter=4, digest=each.digest, by=system(at), at=at
        )


def make_world(*, lines: int = 3, year: int = 2026, opened: bool = True) -> World:
    """A fund of two partners with a scheme and some lines, approved as they are planned, its year open."""
    number = next(_number)
    agreement = PartnershipAgreement.objects.create(
        reference=f"PA-{number:04}", title=f"Agreement {number}", power="section_75", drafted_at=AT
    )
    bodies = [make_organisation(code="COUNCIL"), make_organisation(code="NHS", kind="nhs")]
    partners = [
        AgreementPartner.objects.create(agreement=agreement, organisation=body, position=place)
        for place, body in enumerate(bodies, start=1)
    ]
    fund = Fund.objects.create(
        agreement=agreement, code=f"FUND{number}", name=f"Fund {number}", model="pooled", host=partners[0],
        power="section_75", year=year,
    )  # fmt: skip
    scheme = Scheme.objects.create(fund=fund, code="S1", name="Scheme", lead=partners[0])
    made = [
        BudgetLine.objects.create(
            fund=fund, scheme=scheme, partner=partners[place % 2], year=year, code=f"L{place}", name=f"Line {place}",
            tier="pooled", budget_pence=100_000,
        )
        for place in range(lines)
    ]  # fmt: skip
    world = World(fund, partners, scheme, made)
    BudgetApproval.objects.create(fund=fund, year=year, total_pence=100_000 * lines, at=AT)
    if opened:
        open_year(fund=fund, year=year, by=system(AT), at=AT)
        world.accounts = dict(Account.objects.filter(fund=fund).values_list("code", "id"))
    return world
