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
from joinedup.engines.ledger import Book
from joinedup.funds.models import (
    Entry,
    ExtractRow,
    LedgerExtract,
    OverAllowed,
    PartnershipAgreement,
    PermittedKind,
    Posting,
)
from joinedup.funds.queries import extracts_of, verify_ledger
from joinedup.funds.queries.extracts import Settling
from joinedup.funds.queries.figures import room_of
from joinedup.funds.reconciling import Here, ReadRow, match, read_rows
from joinedup.funds.services.extracts import import_extract, post_unmatched
from joinedup.funds.services.ledger import post_entries
from joinedup.funds.tests.ledgers import APRIL, World, make_world
from joinedup.funds.tests.test_ledger_pages import signed_in
from joinedup.organisations.tests.factories import AT, make_post

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


def open_for_spending(made: World, *, pence: int = 200_000) -> None:
    """The agreement is open, permits the price of a contract all year, and each line has a budget in the ledger."""
    _, manager = make_post(role=Role.POOL_MANAGER)
    PartnershipAgreement.objects.filter(pk=made.fund.agreement_id).update(
        state="open", starts_on=date(2026, 4, 1), host=made.partners[0], pool_manager=manager
    )
    PermittedKind.objects.create(
        agreement=made.fund.agreement, kind="contract", starts_on=date(2026, 4, 1), written="Clause 7.3", recorded_at=AT
    )
    budgets = [
        made.spend(f"budget {place}", pence, on=date(2026, 4, 1), book=Book.BUDGET, line=place)
        for place in range(len(made.lines))
    ]
    post_entries(fund=made.fund, drafts=budgets, by=BY, at=AT)


def settled(world: World, extract: LedgerExtract, kind: str = "contract") -> Settling:
    return post_unmatched(fund=world.fund, extract=extract, kind=kind, by=BY, at=AT)


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    open_for_spending(made)
    drafts = [made.spend("INV-1", 1_000), made.spend("invoice B", 2_000), made.spend("ours alone", 7_700)]
    post_entries(fund=made.fund, drafts=[*drafts, made.spend("of the other", 900, line=1)], by=BY, at=AT)
    return made


def brought_in(world: World, content: bytes = FILE.encode(), name: str = "ledger.csv") -> LedgerExtract:
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
    first, again = settled(world, extract), settled(world, extract)
    assert ([row.reference for row, _ in first.posted], again.posted) == (["INV-9"], ())
    assert list(again.waits.values()) == ["No budget line of this partner in that year is “L77”."]
    assert Entry.objects.count() == before + 1
    posted = Posting.objects.get(extract_row__reference="INV-9")
    assert (posted.pence, posted.line_id, posted.entry.dated_on) == (123_450, world.lines[0].pk, date(2026, 4, 18))
    assert [each.reference for each in extracts_of(BY, world.fund)[0].not_here] == ["INV-10"]
    assert posted.entry.postings.get(place=2).memo == "The price of a contract"
    assert verify_ledger(BY).is_sound


SEVERAL = b"""date,reference,line,amount
15/04/2026,A,L0,600.00
16/04/2026,B,L0,500.00
17/04/2026,C,L0,300.00
18/04/2026,D,L0,-100.00
19/04/2026,E,L0,100.01
20/04/2026,F,L2,2000.00
"""


def test_what_fits_its_line_is_posted_and_the_rest_waits_with_the_sentence(db: None) -> None:
    made = make_world()
    open_for_spending(made)
    promise = made.spend("promised", 105_000, book=Book.COMMITMENT)
    post_entries(fund=made.fund, drafts=[promise], by=BY, at=AT)
    extract = brought_in(made, SEVERAL)
    done = settled(made, extract)
    # £950 of £2,000 is neither spent nor promised: A fits, B does not, C does; the credit D makes room for E.
    assert [row.reference for row, _ in done.posted] == ["A", "C", "D", "E", "F"]
    too_much = "There is £350.00 left on this line, and this is £500.00."
    assert done.waits == {ExtractRow.objects.get(reference="B").pk: too_much}
    assert int(room_of(BY, made.lines[0])) == 4_999
    assert int(room_of(BY, made.lines[2])) == 0
    (page,) = extracts_of(BY, made.fund)
    assert page.waits == {
        ExtractRow.objects.get(reference="B").pk: "There is £49.99 left on this line, and this is £500.00."
    }
    # What somebody with the authority allows over the budget covers it, as it does a purchase: not a penny short of it.
    allowed = {"line": made.lines[0], "reason": "The taxis of the spring.", "at": AT}
    OverAllowed.objects.create(**allowed, pence=45_000, cumulative_pence=45_000, left_pence=4_999)
    assert settled(made, extract).posted == ()
    OverAllowed.objects.create(**allowed, pence=1, cumulative_pence=45_001, left_pence=4_999)
    again = settled(made, extract)
    assert ([row.reference for row, _ in again.posted], again.waits) == (["B"], {})
    assert int(room_of(BY, made.lines[0])) == 0
    assert verify_ledger(BY).is_sound


def test_the_kind_is_one_the_agreement_permits_on_the_day_of_each_row(world: World) -> None:
    extract = brought_in(world, SEVERAL)
    before = Entry.objects.count()
    for kind in ("", "nonsense"):
        with pytest.raises(Refused) as refused:
            settled(world, extract, kind)
        assert refused.value.rule == "FU-336"
    done = settled(world, extract, "default")
    assert (done.posted, len(done.waits)) == ((), 6)
    assert (
        "The agreement does not permit “What a partner’s default costs” on 15 April 2026. It permits “The price of a contract”."
        in done.waits.values()
    )
    PermittedKind.objects.update(ends_on=date(2026, 4, 17))
    done = settled(world, extract)
    assert [row.reference for row, _ in done.posted] == ["A", "B"]
    assert all("on 1" in why or "on 20" in why for why in done.waits.values())
    assert Entry.objects.count() == before + 2


def test_an_agreement_that_is_not_in_force_spends_nothing(world: World) -> None:
    extract = brought_in(world)
    PartnershipAgreement.objects.update(state="ended")
    with pytest.raises(Refused) as refused:
        settled(world, extract)
    assert refused.value.rule == "FU-128"
    assert not ExtractRow.objects.filter(how="posted").exists()


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
    missing = host.post(there, {"extract": str(extract.pk)}).content.decode()
    assert "Select which kind of spending they are" in missing
    kind = f"{extract.pk}-kind"
    refused = host.post(there, {"extract": str(extract.pk), kind: "default"}, follow=True).content.decode()
    assert "Posted: 0 rows. 2 rows could not be posted: the list says why." in refused
    assert "The agreement does not permit “What a partner’s default costs” on 18 April 2026." in refused
    done = host.post(there, {"extract": str(extract.pk), kind: "contract"}, follow=True).content.decode()
    assert "Posted: 1 row. 1 row could not be posted: the list says why." in done
    assert "No budget line of this partner in that year is “L77”." in done
    partner = signed_in(Role.POOL_MANAGER, "NHS")
    assert partner.get(new).status_code == 403
    assert partner.post(there, {"extract": str(extract.pk)}).status_code == 403
    assert host.post(there, {"extract": "x"}).status_code == 404
