"""Next year's lines from this year's: what is carried into the base and what is not, made once, by who may."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.models.records import VersionMoved
from joinedup.funds import services
from joinedup.funds.contributing import RollForward
from joinedup.funds.models import BudgetLine, Fund, NextYearMade, NextYearSaid, NextYearStep
from joinedup.funds.next_year import Begun, Said, digest_of_plan, next_year, recurrent_by_line, worked
from joinedup.funds.queries.next_year import next_year_page
from joinedup.funds.services import ContributionSaid, LineSaid, PartSaid
from joinedup.funds.services.next_year import make_next_year, say_next_year, say_next_year_of_all
from joinedup.funds.services.virements import approve_virement, ask_virement
from joinedup.funds.tests.factories import (
    YEAR,
    Shared,
    add_fund,
    make_agreement,
    make_open,
    make_person,
    make_ready,
    make_stream,
)
from joinedup.funds.tests.figures import added_up, figures_on
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.tests.factories import AT, make_locality, make_organisation

A, B, C, PART = (UUID(int=each) for each in (1, 2, 3, 4))
BY = system(AT)


# --- The sum, pure.


@pytest.mark.parametrize(
    ("budget", "recurs", "moved", "said", "pence", "parts"),
    [
        (1_000_00, True, 0, Said(), 1_000_00, (0, 0, 0, 0)),
        (1_000_00, True, 200_00, Said(), 1_200_00, (0, 0, 0, 0)),
        (1_000_00, True, -200_00, Said(250, 150), 808_00, (0, 20_00, -12_00, 0)),
        (1_000_00, True, 0, Said(235, 0, -50_00, "Minute 4"), 973_50, (0, 23_50, 0, -50_00)),
        (1_000_00, False, 0, Said(250, 0), 0, (-1_000_00, 0, 0, 0)),
        (1_000_00, False, 300_00, Said(1_000, 0), 330_00, (-1_000_00, 30_00, 0, 0)),
        (1_000_00, False, 0, Said(0, 0, 80_00, "Once more"), 80_00, (-1_000_00, 0, 0, 80_00)),
        (1, True, 0, Said(5_000, 0), 2, (0, 1, 0, 0)),  # half a penny is rounded away from nought
        (1_000_00, True, -1_200_00, Said(), -200_00, (0, 0, 0, 0)),  # refused when it is made
    ],
)
def test_a_line_is_worked_out(
    budget: int, recurs: bool, moved: int, said: Said, pence: int, parts: tuple[int, ...]
) -> None:
    sums = worked(Begun(A, A, "A", budget, recurs), moved, said)
    assert sums.pence == pence
    assert (sums.once_pence, sums.uplift_pence, sums.efficiency_pence, sums.planned_pence) == parts
    assert sums.pence == sums.base_pence + sum(parts[1:])


def test_what_moves_between_parts_of_one_line_changes_nothing() -> None:
    lines = [Begun(A, A, "A", 100, True), Begun(B, B, "B", 50, True), Begun(PART, A, "", 0, True)]
    assert recurrent_by_line(lines, [(PART, A, 30)]) == {A: 0, B: 0}
    moved = recurrent_by_line(lines, [(PART, B, 30), (B, A, 5)])
    assert moved == {A: -25, B: 25}
    assert sum(moved.values()) == 0
    assert [each.pence for each in next_year(lines, [(PART, B, 30)], {})] == [70, 80]


def test_the_digest_is_of_what_was_read() -> None:
    lines = next_year([Begun(A, A, "A", 100, True)], [], {})
    other = next_year([Begun(A, A, "A", 100, True)], [], {A: Said(100)})
    assert digest_of_plan(2027, lines) == digest_of_plan(2027, list(lines))
    assert digest_of_plan(2027, lines) != digest_of_plan(2027, other)
    assert digest_of_plan(2028, lines) != digest_of_plan(2027, lines)


# --- Prepared and made.


def world() -> tuple[Shared, Fund, Actor]:
    shared = make_open()
    assert shared.fund is not None
    manager = make_person(Role.FINANCE_DIRECTOR, shared.council, "Florin Testshilling")
    return shared, shared.fund, manager


def moved(shared: Shared, start: str, end: str, pence: int, *, for_good: bool) -> None:
    asked = ask_virement(
        from_line=shared.lines[start], to_line=shared.lines[end], pence=pence, reason="More children wait.",
        is_recurrent=for_good, by=BY, at=AT,
    )  # fmt: skip
    approve_virement(virement=asked, decision="Board, minute 9", by=BY, at=AT)


def digest(viewer: Actor, fund: Fund) -> str:
    return next_year_page(viewer, fund.pk).digest


def refusal(call: object) -> str:
    with pytest.raises(Refused) as refused:
        call()  # type: ignore[operator]
    return str(refused.value.rule)


@pytest.mark.django_db
def test_a_virement_for_good_is_in_next_years_base_and_another_is_not() -> None:
    shared, fund, manager = world()
    moved(shared, "SHORT-council", "CAMHS-council", 40_000_000, for_good=True)
    moved(shared, "SHORT-council", "CAMHS-council", 10_000_000, for_good=False)
    page = next_year_page(manager, fund.pk)
    sums = {each.code: each.worked for each in page.lines}
    assert sums["CAMHS-COUNCIL"].pence == 540_000_000
    assert sums["SHORT-COUNCIL"].pence == 1_460_000_000
    assert (page.inside.before, page.inside.recurrent, page.inside.pence) == (2_800_000_000, 0, 2_800_000_000)
    assert [each.pence for each in page.recurrent] == [40_000_000]
    say_next_year_of_all(fund=fund, uplift=250, efficiency=100, by=manager, at=AT)
    camhs = shared.lines["CAMHS-nhs"]
    say_next_year(
        fund=fund, line=camhs, said=Said(300, 0, 5_000_000, "Minute 12"),
        version=NextYearSaid.objects.get(line=camhs).version, by=manager, at=AT,
    )  # fmt: skip
    page = next_year_page(manager, fund.pk)
    sums = {each.code: each.worked for each in page.lines}
    assert sums["CAMHS-COUNCIL"].pence == 540_000_000 + 13_500_000 - 5_400_000
    assert sums["CAMHS-NHS"].pence == 600_000_000 + 18_000_000 + 5_000_000
    parts = page.inside
    assert parts.pence == parts.before + parts.once + parts.recurrent + parts.uplift + parts.planned + parts.efficiency
    made = make_next_year(fund=fund, year=YEAR + 1, digest=page.digest, by=manager, at=AT)
    lines = {each.code: each for each in BudgetLine.objects.filter(fund=fund, year=YEAR + 1)}
    assert {code: each.budget_pence for code, each in lines.items()} == {
        each.code: each.worked.pence for each in page.lines
    }
    assert made.total_pence == sum(each.budget_pence for each in lines.values())
    # The steps stand as they were, whatever is moved later; and the page says what came too late.
    moved(shared, "SHORT-nhs", "CAMHS-nhs", 3_000_000, for_good=True)
    after = next_year_page(manager, fund.pk)
    assert (after.made, after.inside.pence) == (made, page.inside.pence)
    assert sorted(pence for _, pence in after.late) == [-3_000_000, 3_000_000]
    with pytest.raises(DatabaseError), transaction.atomic():
        NextYearStep.objects.update(pence=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        NextYearMade.objects.update(year=YEAR + 2)


@pytest.mark.django_db
def test_made_once() -> None:
    shared, fund, manager = world()
    read = digest(manager, fund)
    first = make_next_year(fund=fund, year=YEAR + 1, digest=read, by=manager, at=AT)
    assert make_next_year(fund=fund, year=YEAR + 1, digest=read, by=manager, at=AT) == first
    count = BudgetLine.objects.filter(fund=fund, year=YEAR + 1).count()
    assert (count, NextYearMade.objects.count()) == (4, 1)
    for call in (
        lambda: make_next_year(fund=fund, year=YEAR + 1, digest="", by=manager, at=AT),
        lambda: make_next_year(fund=fund, year=YEAR + 1, digest="0" * 64, by=manager, at=AT),
        lambda: say_next_year(fund=fund, line=shared.lines["CAMHS-nhs"], said=Said(1), version=0, by=manager, at=AT),
        lambda: say_next_year_of_all(fund=fund, uplift=1, efficiency=0, by=manager, at=AT),
    ):
        assert refusal(call) == "FU-462"


@pytest.mark.django_db
def test_what_is_refused() -> None:
    shared, fund, manager = world()
    line, read = shared.lines["CAMHS-nhs"], digest(manager, fund)
    say = {"fund": fund, "version": 0, "by": manager, "at": AT}
    for year in (YEAR - 1, YEAR, YEAR + 2):
        assert (
            refusal(lambda year=year: make_next_year(fund=fund, year=year, digest=read, by=manager, at=AT)) == "FU-460"
        )
    assert refusal(lambda: make_next_year(fund=fund, year=YEAR + 1, digest="0" * 64, by=manager, at=AT)) == "FU-463"
    assert refusal(lambda: say_next_year(line=line, said=Said(0, 0, 5), **say)) == "FU-119"
    assert refusal(lambda: say_next_year(line=line, said=Said(0, 0, -700_000_000, "All"), **say)) == "FU-464"
    assert NextYearSaid.objects.count() == 0
    row = say_next_year(line=line, said=Said(100), **say)
    with pytest.raises(VersionMoved):
        say_next_year(line=line, said=Said(200), **{**say, "version": row.version + 7})
    assert digest(manager, fund) != read
    assert refusal(lambda: make_next_year(fund=fund, year=YEAR + 1, digest=read, by=manager, at=AT)) == "FU-463"
    nhs = shared.directors["nhs"]
    for call in (
        lambda: say_next_year(line=line, said=Said(1), **{**say, "by": nhs}),
        lambda: say_next_year_of_all(fund=fund, uplift=1, efficiency=0, by=nhs, at=AT),
        lambda: make_next_year(fund=fund, year=YEAR + 1, digest=digest(manager, fund), by=nhs, at=AT),
    ):
        with pytest.raises(NotPermitted):
            call()
    stranger = make_person(Role.FINANCE_DIRECTOR, make_organisation(code="POLICE", kind="police"), "Far Testpenny")
    with pytest.raises(NotVisible):
        next_year_page(stranger, fund.pk)
    said = LineSaid("NEW", "New", shared.partners["nhs"], 100)
    services.add_line(
        agreement=shared.agreement, scheme=shared.schemes["CAMHS"], year=YEAR + 1, said=said, by=BY, at=AT
    )
    there = digest(manager, fund)
    assert refusal(lambda: make_next_year(fund=fund, year=YEAR + 1, digest=there, by=manager, at=AT)) == "FU-465"


@pytest.mark.django_db
def test_only_whole_lines_of_an_approved_year() -> None:
    shared = make_agreement()
    make_ready(shared)
    fund = shared.fund
    assert fund is not None
    line = shared.lines["CAMHS-nhs"]
    say = {"fund": fund, "said": Said(1), "version": 0, "by": BY, "at": AT}
    assert refusal(lambda: say_next_year(line=line, **say)) == "FU-128"
    for partner in shared.partners.values():
        partner.agreement.refresh_from_db()
        services.authorise(partner=partner, by=BY, at=AT)
    services.open_agreement(agreement=shared.agreement, by=BY, at=AT)
    fund.agreement.refresh_from_db()
    assert refusal(lambda: say_next_year(line=line, **say)) == "FU-461"
    services.approve_budget(agreement=shared.agreement, fund=fund, year=YEAR, by=BY, at=AT)
    old = BudgetLine.objects.create(
        fund=fund, scheme=line.scheme, partner=line.partner, year=YEAR - 1, code="OLD", name="Old", tier="pooled",
        budget_pence=1,
    )  # fmt: skip
    part = services.hand_on_budget(
        line=line, said=PartSaid("LOC", "North", 1_000, "locality", locality=make_locality()), by=BY, at=AT
    )
    for wrong in (old, part):
        assert refusal(lambda wrong=wrong: say_next_year(line=wrong, **say)) == "FU-466"


@pytest.mark.django_db
def test_ring_fence_holder_and_capital_stay_and_what_is_for_one_year_does_not() -> None:
    shared = make_agreement()
    fund, by = add_fund(shared), BY
    fenced = make_stream("DSG", "Dedicated schools grant", "dedicated_schools_grant", is_ring_fenced=True)
    services.record_consent(
        fund=fund, stream=fenced, schemes={shared.schemes["CAMHS"]: "Pupils"}, consented_by="The schools forum",
        consented_on=AT.date(), written="Minute 6", by=by, at=AT,
    )  # fmt: skip
    holder = shared.manager_post
    once = replace(shared_line(shared, "ONCE"), is_recurrent=False, is_capital=True)
    for scheme, said in (
        ("CAMHS", replace(shared_line(shared, "FENCED"), stream=fenced, holder=holder)),
        ("SHORT", once),
    ):
        services.add_line(agreement=shared.agreement, scheme=shared.schemes[scheme], year=YEAR, said=said, by=by, at=AT)
    for stream, pence in ((fenced, 100_000), (shared.streams["core"], 2_000_100_000)):
        more = ContributionSaid(shared.partners["council"], stream, YEAR, RollForward(pence))
        services.set_contribution(fund=fund, said=more, by=by, at=AT)
    make_open(shared)
    read = digest(by, fund)
    make_next_year(fund=fund, year=YEAR + 1, digest=read, by=by, at=AT)
    kept = BudgetLine.objects.get(fund=fund, year=YEAR + 1, code="FENCED")
    assert (kept.stream, kept.holder, kept.budget_pence, kept.is_recurrent) == (fenced, holder, 100_000, True)
    assert not BudgetLine.objects.filter(fund=fund, year=YEAR + 1, code="ONCE").exists()
    step = NextYearStep.objects.get(before__code="ONCE")
    assert (step.made, step.before_pence, step.once_pence, step.pence) == (None, 100_000, -100_000, 0)


def shared_line(shared: Shared, code: str) -> LineSaid:
    return LineSaid(code, code.capitalize(), shared.partners["council"], 100_000)


# --- On the pages.


@pytest.mark.django_db
def test_prepared_checked_and_made_on_the_pages() -> None:
    shared, fund, manager = world()
    moved(shared, "SHORT-council", "CAMHS-council", 40_000_000, for_good=True)
    host, other = Visitor(manager), Visitor(shared.directors["nhs"])
    assert "The lines of next year" in host.see("fund", fund.pk)
    page = host.see("fund_next_year", fund.pk)
    for words in (
        "They would come to <a",
        "£28,000,000",
        "+£400,000",
        "-£400,000",
        "£5,400,000",
        "More children wait.",
    ):
        assert words in page
    assert "Check and make the lines" not in other.see("fund_next_year", fund.pk)
    line = shared.lines["CAMHS-council"]
    working = other.see("fund_next_year_worked", fund.pk, line.pk)
    found, _ = figures_on(working)
    opened = [each for each in found if "/ledger/lines/" in each.href]
    assert [abs(each.pence) for each in opened] == [500_000_000, 40_000_000]
    for each in opened:  # what was approved, and what was moved for good on this very line
        assert added_up(other.actor, each.href) == (each.pence, each.pence)
    for name, args in (("fund_next_year_check", ()), ("fund_next_year_all", ()), ("fund_next_year_line", (line.pk,))):
        other.see(name, fund.pk, *args, status=403)
        host.see(name, fund.pk, *args)
    for told, words in (
        ({"uplift": "abc"}, "Enter a per cent such as 2.35"), ({"efficiency": "-1"}, "not below nought"),
        ({"uplift": "101"}, "no more than 100"),
    ):  # fmt: skip
        answer = host.send("fund_next_year_all", fund.pk, **told)
        assert answer.status_code == 200
        assert words in answer.content.decode()
    assert host.send("fund_next_year_all", fund.pk, uplift="2.5", efficiency="").status_code == 302
    row = NextYearSaid.objects.get(line=line)
    for told, words in (
        ({"planned": "x"}, "Enter an amount"), ({"planned": "500"}, "Say why"),
        ({"planned": "-9000000", "why": "Closed"}, "A budget is not below nought"),
    ):  # fmt: skip
        answer = host.send("fund_next_year_line", fund.pk, line.pk, version=row.version, **told)
        assert answer.status_code == 200, told
        assert words in answer.content.decode()
    told = {"version": row.version, "uplift": "2.5", "planned": "-1,000.50", "why": "Minute 8"}
    assert host.send("fund_next_year_line", fund.pk, line.pk, **told).status_code == 302
    check = host.see("fund_next_year_check", fund.pk)
    assert "4 lines of £28,698,999.50 under the agreement" in check
    read = next_year_page(manager, fund.pk).digest
    assert read in check
    for wrong in ({"digest": "", "year": YEAR + 1}, {"digest": read, "year": "no"}, {}):
        assert host.send("fund_next_year_check", fund.pk, **wrong).status_code == 200
    assert not NextYearMade.objects.exists()
    for _ in range(2):  # pressed twice
        assert host.send("fund_next_year_check", fund.pk, digest=read, year=YEAR + 1).status_code == 302
    assert NextYearMade.objects.count() == 1
    page = host.see("fund_next_year", fund.pk)
    assert "£28,698,999.50" in page
    assert "Approve the budget of 2027/28" in page
    assert "Approve the budget of 2027/28" in host.see("fund_approve", fund.pk, year=YEAR + 1)


@pytest.mark.django_db
def test_statements_of_the_page_do_not_grow_with_lines(django_assert_max_num_queries: Any) -> None:
    shared, fund, manager = world()
    for number in range(40):
        BudgetLine.objects.create(
            fund=fund, scheme=shared.schemes["SHORT"], partner=shared.partners["nhs"], year=YEAR, code=f"X{number}",
            name="More", tier="pooled", budget_pence=5,
        )  # fmt: skip
    with django_assert_max_num_queries(14):
        assert len(next_year_page(manager, fund.pk).lines) == 44
