"""The memorandum account as a document (page, PDF, Word), as CSV and as a workbook in which one may change a figure of the year
and see what each partner would book."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from joinedup.core.documents import Block, Document, Facts, Heading, Paragraph
from joinedup.core.figures import Table, csv_of
from joinedup.funds.memorandum import TREATMENTS, Treatment
from joinedup.funds.money_book import Cell, Formula, Sheet, book_of, letter
from joinedup.funds.pounds import in_pounds, pounds_number

if TYPE_CHECKING:
    from joinedup.funds.queries.memorandum import Account, MemorandumPage

KEYS = (
    ("expenditure", "Expenditure"), ("income", "Income from partners"), ("net", "Net cost"), ("bank", "Bank"),
    ("owed_by_partners", "Owed by partners"), ("owed_to_partners", "Owed to partners"), ("owed_to_suppliers", "Owed to suppliers"),
)  # fmt: skip
MEANS: dict[Treatment, str] = {
    Treatment.GROSS_HOST: "One partner controls the fund: it books all of it, and the others book what they paid.",
    Treatment.SHARE: "All control it together: each books its share of everything.",
    Treatment.AGENT: "The host only handles the money: each books its own part, the host what it holds for the others.",
}
CAVEAT = "Which treatment applies is for the partners and their auditors to agree: control decides. This program only works each out."


def says(page: MemorandumPage, year: str) -> str:
    """What the account means, in a sentence."""
    if page.account is None:
        return f"There is no memorandum account of {year}: contributions and what each bears do not come to what the shared lines cost."
    whole = in_pounds(page.account.year.total_spent)
    if page.account.is_over:
        return f"However the partners book it, the fund cost {whole} in {year}; only whose books show how much differs."
    return f"However the partners book it, the fund is expected to cost {whole} in {year}, if every instalment comes in and every supplier is paid."


def tables_of(page: MemorandumPage) -> list[Table]:
    """A table for each treatment, a column for each partner."""
    names = [each.name for each in page.partners]
    found = []
    for treatment, words in TREATMENTS.items():
        if treatment in page.books:
            mine = page.books[treatment]
            rows = tuple(
                (label, *(in_pounds(getattr(mine[each.code], key)) for each in page.partners)) for key, label in KEYS
            )
            found.append(Table(("", *names), rows, words))
    return found


def document_of(page: MemorandumPage, *, year: str, printed_by: str, printed_at: datetime) -> Document:
    """The account as a document."""
    blocks: list[Block] = [
        Paragraph(says(page, year)), Facts([("Fund", f"{page.fund.name} ({page.fund.code})"), ("Host", page.fund.host.organisation.name)]),
    ]  # fmt: skip
    for treatment, table in zip(page.books, tables_of(page), strict=True):
        blocks += [Heading(TREATMENTS[treatment]), Paragraph(MEANS[treatment]), table]
    blocks.append(Paragraph(CAVEAT, is_quiet=True))
    return Document(
        title="Memorandum account", subtitle=f"{page.fund.name}, {year}", printed_by=printed_by, printed_at=printed_at,
        marking="OFFICIAL", blocks=blocks,
    )  # fmt: skip


def csv_of_memorandum(page: MemorandumPage) -> str:
    """A row for each treatment and figure, a column for each partner, in pounds."""
    rows = [("Treatment", "Figure", *(each.name for each in page.partners))]
    for treatment, mine in page.books.items():
        rows += [
            (TREATMENTS[treatment], label, *(pounds_number(getattr(mine[each.code], key)) for each in page.partners))
            for key, label in KEYS
        ]
    return csv_of(rows)


def workbook_of_memorandum(page: MemorandumPage, year: str) -> bytes:
    """The year's figures on the first sheet; a sheet for each treatment works from them."""
    account = page.account
    if account is None:
        return book_of([Sheet("Year", ("Figure",), [(says(page, year),)])])
    host = account.year.host
    rows: list[tuple[Cell, ...]] = []
    for each in page.partners:
        nobodys = account.year.nobodys if each.code == host else 0
        cost = Formula("=B{r}-C{r}+D{r}+E{r}", int(account.year.cost_to(each.code)))
        own = account.own.get(each.code, 0)
        rows.append(
            (
                each.name,
                each.agreed,
                own,
                account.year.borne[each.code],
                nobodys,
                cost,
                account.year.received[each.code],
            )
        )
    columns = (
        "Partner",
        "Contributed",
        "Ring-fenced and carried forward",
        "Its part of what is over or under",
        "Nobody’s, so the host’s exposure",
        "Cost to it",
        "Received from it",
    )
    sheets = [Sheet("Year", columns, rows, "Total", (says(page, year), CAVEAT))]
    for treatment in page.books:
        sheets.append(_sheet(page, account, treatment))
    return book_of(sheets)


_NAMES = {Treatment.GROSS_HOST: "Gross host", Treatment.SHARE: "Share", Treatment.AGENT: "Agent"}


def _sheet(page: MemorandumPage, account: Account, treatment: Treatment) -> Sheet:
    """One treatment: expenditure, income and net from the year's sheet, and what each holds and owes."""
    places = {each.code: number for number, each in enumerate(page.partners, start=2)}
    host, last = account.year.host, len(page.partners) + 1
    rows: list[tuple[Cell, ...]] = []
    for each in page.partners:
        mine, here = page.books[treatment][each.code], places[each.code]
        spent, income = f"=Year!F{here}", "=0"
        if treatment is Treatment.GROSS_HOST and each.code == host:
            spent = f"=SUM(Year!F2:F{last})"
            income = f"=SUM(Year!F2:F{last})-Year!F{here}"
        rows.append(
            (
                each.name, Formula(spent, int(mine.expenditure)), Formula(income, int(mine.income)),
                Formula("=B{r}-C{r}", int(mine.net)), int(mine.bank), int(mine.owed_by_partners), int(mine.owed_to_partners),
                int(mine.owed_to_suppliers),
                Formula("=E{r}+F{r}-G{r}-H{r}", int(mine.bank + mine.owed_by_partners - mine.owed_to_partners - mine.owed_to_suppliers)),
            )
        )  # fmt: skip
    columns = ("Partner", *(label for _, label in KEYS), "Bank and debts together")
    return Sheet(
        _NAMES[treatment],
        columns,
        rows,
        "Total",
        (MEANS[treatment], f"The total of column {letter(3)} is the same in every treatment."),
    )
