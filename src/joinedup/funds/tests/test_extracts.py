"""A partner's ledger extract: read, matched, what is left on either side, posted; and its pages."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.core.errors import Refused
from joinedup.funds.models import Entry, ExtractRow, Posting
from joinedup.funds.queries import extracts_of, verify_ledger
from joinedup.funds.reconciling import Here, ReadRow, match, read_rows
from joinedup.funds.services.extracts import import_extract, post_unmatched
from joinedup.funds.services.ledger import post_entries
from joinedup.funds.tests.ledgers import APRIL, World, make_world
from joinedup.funds.tests.test_ledger_pages import signed_in
from joinedup.organisations.tests.factories import AT

BY = system(AT)
FILE = """Council ledger, period 1
Posting date,Reference,Description,Cost centre,Amount
15/04/2026,INV-1,Speech therapy,L0,£10.00
17/04/2026,other name,Play sessions,L0,20.00
18/04/2026,INV-9,Taxis,L0,"1,234.50"
18/04/2026,INV-10,Nobody's,L77,5.00
31/04/2026,INV-11,Never,L0,5.00
19/04/2026,INV-12,Odd,L0,five
"""


def row(number: int, pence: int, reference: str = "", day: int = 15) -> ReadRow:
    return ReadRow(number, date(2026, 4, day), reference, "", "", pence)


def here(key: int, pence: int, *references: str, day: int = 15) -> Here:
    return Here(key, date(2026, 4, day), pence, frozenset(references))


def pairs(rows: list[ReadRow], lines: list[Here]) -> list[tuple[int, int, str]]:
    return [(each.number, each.line, each.how) for each in match(rows, lines)]


def test_matching() -> None:
    assert pairs([row(1, 500, "INV 1")], [here(7, 500, "inv1")]) == [(1, 7, "reference")]
    assert pairs([row(1, 500, "INV 1")], [here(7, 400, "inv1")]) == []
    assert pairs([row(1, 500)], [here(7, 500, day=20)]) == [(1, 7, "amount")]
    assert pairs([row(1, 500)], [here(7, 500, day=21)]) == []
    # Two of the same amount in the same days are for a person to tell apart.
    assert pairs([row(1, 500)], [here(7, 500), here(8, 500)]) == []
    assert pairs([row(1, 500), row(2, 500)], [here(7, 500)]) == []
    # A reference is taken before an amount, and nothing twice.
    assert pairs([row(1, 500), row(2, 500, "b")], [here(7, 500, "b"), here(8, 500)]) == [
        (1, 8, "amount"),
        (2, 7, "reference"),
    ]
    assert pairs([row(1, 500, "b"), row(2, 500, "b")], [here(7, 500, "b", day=9), here(8, 500, "b")]) == [
        (1, 8, "reference"),
        (2, 7, "reference"),
    ]


def test_debit_and_credit_columns() -> None:
    read = read_rows(
        ["Date", "Dr", "Cr"], [(2, ["2026-04-15", "5.00", ""]), (3, ["2026-04-15", "", "7"]), (4, ["", "1", ""])]
    )
    assert [each.pence for each in read.rows] == [500, -700]
    assert [(each.row, each.field) for each in read.rejected] == [(4, "date")]
    with pytest.raises(ValueError, match="column for the date"):
        read_rows(["Name", "Amount"], [])


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    drafts = [made.spend("INV-1", 1_000), made.spend("invoice B", 2_000), made.spend("ours alone", 7_700)]
    post_entries(fund=made.fund, drafts=[*drafts, made.spend("of the other", 900, line=1)], by=BY, at=AT)
    return made


def brought_in(world: World, content: bytes = FILE.encode(), name: str = "ledger.csv") -> object:
    return import_extract(fund=world.fund, partner=world.partners[0], name=name, content=content, by=BY, at=AT)


def test_what_is_left_on_either_side_is_listed(world: World) -> None:
    extract = brought_in(world)
    (page,) = extracts_of(BY, world.fund)
    assert (page.rows, page.matched, page.not_here_count, page.not_here_pence) == (4, 2, 2, 123_950)
    assert [each.how for each in ExtractRow.objects.exclude(posting=None).order_by("number")] == ["reference", "amount"]
    assert [line.entry.key for line in page.not_there] == ["ours alone"]
    assert (page.not_there_count, page.not_there_pence) == (1, 7_700)
    assert [(each["row"], each["field"]) for each in page.rejected] == [(7, "date"), (8, "amount")]
    assert brought_in(world) == extract
    assert ExtractRow.objects.count() == 4


def test_rows_whose_line_is_known_are_posted_once(world: World) -> None:
    extract = brought_in(world)
    before = Entry.objects.count()
    assert post_unmatched(fund=world.fund, extract=extract, by=BY, at=AT) == 1  # type: ignore[arg-type]
    assert post_unmatched(fund=world.fund, extract=extract, by=BY, at=AT) == 0  # type: ignore[arg-type]
    assert Entry.objects.count() == before + 1
    posted = Posting.objects.get(extract_row__reference="INV-9")
    assert (posted.pence, posted.line_id, posted.entry.dated_on) == (123_450, world.lines[0].pk, date(2026, 4, 18))
    assert [each.reference for each in extracts_of(BY, world.fund)[0].not_here] == ["INV-10"]
    assert verify_ledger(BY).is_sound


def test_a_workbook_is_read_too(world: World) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Date", "Reference", "Amount"])
    book.active.append([APRIL, "INV-1", 10])
    target = io.BytesIO()
    book.save(target)
    brought_in(world, target.getvalue(), "ledger.xlsx")
    assert extracts_of(BY, world.fund)[0].matched == 1


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"name,amount\nx,1\n", b"date,amount\nnever,1\n"])
def test_what_cannot_be_used_says_why(world: World, content: bytes) -> None:
    with pytest.raises(Refused) as caught:
        brought_in(world, content)
    assert caught.value.rule == "FU-228"


def test_the_pages(world: World) -> None:
    host = signed_in(Role.FINANCE_DIRECTOR, "COUNCIL")
    there = reverse("fund_extracts", kwargs={"fund_id": world.fund.pk})
    assert "No partner’s extract" in host.get(there).content.decode()
    new = reverse("fund_extract_new", kwargs={"fund_id": world.fund.pk})
    said = {"partner": str(world.partners[0].pk), "file": SimpleUploadedFile("april.csv", FILE.encode())}
    shown = host.post(new, said, follow=True).content.decode()
    assert "In the extract and not here: 2, £1,239.50" in shown
    assert "Rows that could not be read: 2" in shown
    broken = {"partner": said["partner"], "file": SimpleUploadedFile("april.csv", b"name\nx\n")}
    assert "It needs a column for the date" in host.post(new, broken).content.decode()
    extract = ExtractRow.objects.first().extract  # type: ignore[union-attr]
    assert "Posted: 1 row." in host.post(there, {"extract": str(extract.pk)}, follow=True).content.decode()
    partner = signed_in(Role.POOL_MANAGER, "NHS")
    assert partner.get(new).status_code == 403
    assert partner.post(there, {"extract": str(extract.pk)}).status_code == 403
    assert host.post(there, {"extract": "x"}).status_code == 404
