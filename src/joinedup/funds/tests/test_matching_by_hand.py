"""An extract matched by hand: one with several, undone, and a reconciliation that adds up at every step."""

from __future__ import annotations

from datetime import date

import pytest

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.funds.models import ExtractMatch, ExtractRow, LedgerExtract, Posting
from joinedup.funds.queries.extracts import extracts_of
from joinedup.funds.queries.matching import MatchingPage, matching
from joinedup.funds.services.extracts import import_extract, post_unmatched
from joinedup.funds.services.ledger import post_entries
from joinedup.funds.services.matching import match_rows, unmatch, unmatch_row
from joinedup.funds.tests.factories import make_person
from joinedup.funds.tests.ledgers import World, make_world
from joinedup.funds.tests.test_extracts import open_for_spending
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.models import Organisation
from joinedup.organisations.tests.factories import AT, make_organisation

pytestmark = pytest.mark.django_db
BY = system(AT)
FILE = b"""date,reference,description,line,amount
15/04/2026,INV-1,Speech therapy,L0,10.00
16/04/2026,SPLIT-A,Half of it,L0,30.00
16/04/2026,SPLIT-B,The other half,L0,47.00
20/04/2026,INV-9,Taxis,L0,5.00
"""


@pytest.fixture
def world() -> World:
    made = make_world()
    open_for_spending(made)
    drafts = [
        made.spend("INV-1", 1000, on=date(2026, 4, 15)), made.spend("ours in one", 7700, on=date(2026, 4, 17)),
        made.spend("ours alone", 900, on=date(2026, 4, 18)),
    ]  # fmt: skip
    post_entries(fund=made.fund, drafts=drafts, by=BY, at=AT)
    return made


def brought_in(world: World) -> LedgerExtract:
    return import_extract(fund=world.fund, partner=world.partners[0], name="council.csv", content=FILE, by=BY, at=AT)


def row(reference: str) -> ExtractRow:
    return ExtractRow.objects.select_related("extract", "posting").get(reference=reference)


def line(key: str) -> Posting:
    return Posting.objects.get(entry__key=key, place=1)


def adds_up(page: MatchingPage) -> None:
    assert page.explained == page.difference
    for whole, parts in (
        (page.theirs, (page.matched_theirs, page.left_theirs)),
        (page.here, (page.matched_here, page.left_here)),
    ):
        assert whole.pence == sum(each.pence for each in parts)
        assert whole.count == sum(each.count for each in parts)


def test_two_rows_are_one_line(world: World) -> None:
    extract = brought_in(world)
    before = matching(BY, extract.pk)
    adds_up(before)
    assert (before.theirs.pence, before.here.pence, before.left_theirs.count, before.left_here.count) == (
        9200,
        9600,
        3,
        2,
    )
    rows = [row("SPLIT-A").pk, row("SPLIT-B").pk]
    match_rows(
        fund=world.fund, extract=extract, rows=rows, lines=[line("ours in one").pk], reason="Paid in two.", by=BY, at=AT
    )
    after = matching(BY, extract.pk)
    adds_up(after)
    assert [each.reference for each in after.rows] == ["INV-9"]
    assert [each.entry.key for each in after.lines] == ["ours alone"]
    (shown,) = extracts_of(BY, world.fund)
    assert (shown.matched, shown.not_here_count, shown.not_there_count) == (3, 1, 1)
    # What was matched by hand is not posted a second time.
    posted = post_unmatched(fund=world.fund, extract=extract, kind="contract", by=BY, at=AT).posted
    assert [each.reference for each, _ in posted] == ["INV-9"]
    adds_up(matching(BY, extract.pk))


def test_what_does_not_match(world: World) -> None:
    extract = brought_in(world)
    a, b, one = row("SPLIT-A").pk, row("SPLIT-B").pk, line("ours in one").pk
    for rows, lines, why, rule in (
        ([a], [one], "So.", "FU-380"), ([], [one], "So.", "FU-381"), ([a], [], "So.", "FU-381"), ([a, b], [one], " ", "FU-382"),
        ([row("INV-1").pk], [line("INV-1").pk], "So.", "FU-383"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            match_rows(fund=world.fund, extract=extract, rows=rows, lines=lines, reason=why, by=BY, at=AT)
        assert refused.value.rule == rule
    assert ExtractMatch.objects.count() == 0


def test_undone_and_made_again(world: World) -> None:
    extract = brought_in(world)
    rows, lines = [row("SPLIT-A").pk, row("SPLIT-B").pk], [line("ours in one").pk]
    facts = {"fund": world.fund, "extract": extract, "rows": rows, "lines": lines, "by": BY, "at": AT}
    made = match_rows(**facts, reason="Paid in two.")
    with pytest.raises(Refused) as wordless:
        unmatch(fund=world.fund, match=made, reason="", by=BY, at=AT)
    assert wordless.value.rule == "FU-384"
    unmatch(fund=world.fund, match=made, reason="That was May’s.", by=BY, at=AT)
    page = matching(BY, extract.pk)
    adds_up(page)
    assert (page.left_theirs.count, [each.stands for each in page.by_hand]) == (3, [False])
    with pytest.raises(Refused) as twice:
        unmatch(fund=world.fund, match=made, reason="Again.", by=BY, at=AT)
    assert twice.value.rule == "FU-383"
    match_rows(**facts, reason="It was April’s after all.")
    adds_up(matching(BY, extract.pk))


def test_what_the_program_matched_is_undone_too(world: World) -> None:
    extract = brought_in(world)
    first = row("INV-1")
    assert first.how == "reference"
    unmatch_row(fund=world.fund, row=first, reason="Another invoice of that number.", by=BY, at=AT)
    page = matching(BY, extract.pk)
    adds_up(page)
    assert (page.left_theirs.count, page.left_here.count, len(page.by_hand)) == (4, 3, 1)
    post_unmatched(fund=world.fund, extract=extract, kind="contract", by=BY, at=AT)
    with pytest.raises(Refused) as posted:
        unmatch_row(fund=world.fund, row=row("INV-9"), reason="No.", by=BY, at=AT)
    assert posted.value.rule == "FU-385"


def test_on_the_page_without_scripts(world: World) -> None:
    extract = brought_in(world)
    council, nhs = Organisation.objects.get(code="COUNCIL"), Organisation.objects.get(code="NHS")
    host = Visitor(make_person(Role.POOL_MANAGER, council, "Penny Testpool"))
    other = Visitor(make_person(Role.FINANCE_DIRECTOR, nhs, "Goldie Mockpenny"))
    page = host.see("fund_extract_match", extract.pk)
    for words in ("This ledger has £4 more than theirs", "Half of it", "£77, 17 April 2026", "Match them"):
        assert words in page
    wrong = host.send(
        "fund_extract_match",
        extract.pk,
        rows=[str(row("SPLIT-A").pk)],
        lines=[str(line("ours in one").pk)],
        reason="So.",
    )
    assert "£30.00 on the left and £77.00 on the right differ by £47.00" in wrong.content.decode()
    empty = host.send("fund_extract_match", extract.pk).content.decode()
    assert "Choose at least one row on the left" in empty
    told = {
        "rows": [str(row("SPLIT-A").pk), str(row("SPLIT-B").pk)],
        "lines": [str(line("ours in one").pk)],
        "reason": "In two.",
    }
    assert other.send("fund_extract_match", extract.pk, **told).status_code == 403
    assert host.send("fund_extract_match", extract.pk, **told).status_code == 302
    match = ExtractMatch.objects.get()
    assert "Match them" not in other.see("fund_extract_match", extract.pk)
    assert host.send("fund_extract_unmatch", match.pk, reason="No.").status_code == 302
    assert host.send("fund_extract_row_unmatch", extract.pk, row("INV-1").pk, reason="No.").status_code == 302
    stranger = Visitor(
        make_person(Role.FINANCE_DIRECTOR, make_organisation(code="POLICE", kind="police"), "Far Testpenny")
    )
    for page_name, args in (("fund_extract_match", (extract.pk,)), ("fund_extract_unmatch", (match.pk,))):
        stranger.see(page_name, *args, status=404)


def test_only_the_hosts_finance_people(world: World) -> None:
    extract = brought_in(world)
    nhs = make_person(Role.FINANCE_DIRECTOR, Organisation.objects.get(code="NHS"), "Goldie Mockpenny")
    with pytest.raises(NotPermitted):
        match_rows(fund=world.fund, extract=extract, rows=[], lines=[], reason="", by=nhs, at=AT)
    stranger = make_person(Role.FINANCE_DIRECTOR, make_organisation(code="POLICE", kind="police"), "Far Testpenny")
    with pytest.raises(NotVisible):
        matching(stranger, extract.pk)


def test_wrong_input_is_said_in_words(world: World) -> None:
    """Whatever is sent by hand: no error of the program, and a sentence that says what to do."""
    extract = brought_in(world)
    host = Visitor(make_person(Role.POOL_MANAGER, Organisation.objects.get(code="COUNCIL"), "Penny Testpool"))
    here, there = str(line("ours in one").pk), [str(row("SPLIT-A").pk), str(row("SPLIT-B").pk)]
    matched_row, matched_line = str(row("INV-1").pk), str(line("INV-1").pk)
    for told, words in (
        ({}, "Choose at least one row on the left"),
        ({"rows": ["nonsense"], "lines": [here], "reason": "So."}, "There is a problem"),
        ({"rows": there, "lines": ["9" * 40], "reason": "So."}, "There is a problem"),
        ({"rows": there, "lines": ["-1"], "reason": "So."}, "There is a problem"),
        ({"rows": [matched_row], "lines": [here], "reason": "So."}, "There is a problem"),
        ({"rows": there, "lines": [matched_line], "reason": "So."}, "There is a problem"),
        ({"rows": there, "lines": [here], "reason": ""}, "Say why they are the same"),
        ({"rows": there, "lines": [here], "reason": "x" * 301}, "300"),
        ({"rows": there, "lines": [here], "reason": "a\x00b"}, "There is a problem"),
        ({"rows": there[:1], "lines": [here], "reason": "So."}, "differ by £47.00"),
    ):
        answer = host.send("fund_extract_match", extract.pk, **told)
        assert answer.status_code == 200, told
        assert words in answer.content.decode(), told
    assert ExtractMatch.objects.count() == 0
    told = {"rows": there, "lines": [here], "reason": "In two."}
    assert host.send("fund_extract_match", extract.pk, **told).status_code == 302
    # Sent a second time by the button behind it: nothing more is matched, and it is said.
    again = host.send("fund_extract_match", extract.pk, **told)
    assert (again.status_code, ExtractMatch.objects.count()) == (200, 1)
    assert "There is a problem" in again.content.decode()
    match = ExtractMatch.objects.get()
    for reason in ("", " ", "x" * 301, "a\x00b"):
        assert host.send("fund_extract_unmatch", match.pk, reason=reason).status_code == 200
    assert host.send("fund_extract_unmatch", match.pk, reason="No.").status_code == 302
    twice = host.send("fund_extract_unmatch", match.pk, reason="No.")
    assert "matched already" in twice.content.decode()
