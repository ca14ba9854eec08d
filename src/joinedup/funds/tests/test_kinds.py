"""Kinds of spending: dated, named by each purchase, refused where the agreement does not permit them (R-3); and how the column
came to a table that is sealed and full."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.core.database import grant_application_rights
from joinedup.core.errors import NotPermitted, Refused
from joinedup.core.formats import date_long
from joinedup.engines.ledger import EntryKind, Line
from joinedup.funds import chart, services
from joinedup.funds.models import Account, BudgetLine, Entry, Fund, PermittedKind, Purchase
from joinedup.funds.plan_book import plan_book
from joinedup.funds.queries.by_kind import spent_by_kind
from joinedup.funds.queries.figures import figures_of
from joinedup.funds.queries.plan import plan_of
from joinedup.funds.services import AgreementTerms, Draft, HandLine, HandSaid, LineSaid
from joinedup.funds.services.booking import line_of
from joinedup.funds.services.extracts import import_extract, post_unmatched
from joinedup.funds.services.kinds import end_kind, permit_kind
from joinedup.funds.services.ledger import post_entries, reverse_entry
from joinedup.funds.spending_kinds import Permitted, SpendingKind, kind_words, permitted_on
from joinedup.funds.tests.factories import YEAR, add_fund, make_agreement, make_person
from joinedup.funds.tests.figures import added_up, figures_on, recomputed
from joinedup.funds.tests.test_buying import MAY, bought, record, world
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.tests.factories import AT
from tests.support.database import APPLICATION, Database

BY = system(AT)
APRIL, JUNE = date(YEAR, 4, 1), date(YEAR, 6, 1)


@pytest.mark.parametrize(
    ("day", "permitted"),
    [
        (date(YEAR, 3, 31), []),
        (APRIL, ["contract"]),
        (date(YEAR, 5, 31), ["contract"]),
        (JUNE, ["third_party"]),
    ],
)
def test_what_is_permitted_on_a_day(day: date, permitted: list[str]) -> None:
    rows = [Permitted("contract", APRIL, JUNE), Permitted("third_party", JUNE)]
    assert permitted_on(rows, day) == [SpendingKind(each) for each in permitted]


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ((APRIL, None), (JUNE, None), True),
        ((APRIL, JUNE), (JUNE, None), False),
        ((APRIL, JUNE), (MAY, None), True),
        ((APRIL, None), (date(YEAR - 1, 4, 1), APRIL), False),
        ((APRIL, None), (date(YEAR - 1, 4, 1), JUNE), True),
        ((JUNE, JUNE), (APRIL, None), False),  # ended on its first day: it has none
    ],
)
def test_what_overlaps(one: tuple[date, date | None], other: tuple[date, date | None], both: bool) -> None:
    first, second = Permitted("contract", *one), Permitted("contract", *other)
    assert (first.overlaps(second), second.overlaps(first)) == (both, both)


def refusal(call: object) -> Refused:
    with pytest.raises(Refused) as refused:
        call()  # type: ignore[operator]
    return refused.value


@pytest.mark.django_db
def test_a_purchase_names_a_kind_the_agreement_permits() -> None:
    shared, fund = world()
    viewer = shared.directors["nhs"]
    for kind in ("", "nonsense"):
        assert refusal(lambda kind=kind: record(shared, bought(shared, kind=kind))).rule == "FU-336"
    said = refusal(lambda: record(shared, bought(shared, kind="default")))
    assert said.rule == "FU-337"
    assert "does not permit “What a partner’s default costs” on 11 May 2026" in said.sentence
    row = record(shared, bought(shared, kind="third_party"))
    assert (row.kind, Purchase.objects.get().kind) == ("third_party", "third_party")
    contract = PermittedKind.objects.get(agreement=shared.agreement, kind="contract")
    end_kind(agreement=shared.agreement, permitted=contract, ends_on=JUNE, written="Board, 2", by=BY, at=AT)
    record(shared, bought(shared, invoice="2", kind="contract"))  # of May, when it was permitted
    late = replace(bought(shared, invoice="3", kind="contract"), bought_on=JUNE)
    assert refusal(lambda: record(shared, late)).rule == "FU-337"
    kinds = spent_by_kind(viewer, fund, YEAR)
    assert [(each.kind, each.entries, each.spent) for each in kinds if each.spent] == [
        ("contract", 1, 120_00), ("third_party", 1, 120_00),
    ]  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        Purchase.objects.update(kind="contract")


@pytest.mark.django_db
def test_kinds_are_dated_and_do_not_overlap() -> None:
    shared, _ = world()
    facts = {"agreement": shared.agreement, "by": BY, "at": AT}
    for kind, day, written, rule in (
        ("nonsense", MAY, "7.3", "FU-336"), ("default", MAY, " ", "FU-124"), ("contract", MAY, "7.3", "FU-338"),
    ):  # fmt: skip
        assert refusal(
            lambda kind=kind, day=day, written=written: permit_kind(kind=kind, starts_on=day, written=written, **facts)
        ).rule == rule  # fmt: skip
    row = PermittedKind.objects.get(agreement=shared.agreement, kind="contract")
    before = row.starts_on - timedelta(days=1)
    assert refusal(lambda: end_kind(permitted=row, ends_on=before, written="7.3", **facts)).rule == "FU-339"
    end_kind(permitted=row, ends_on=JUNE, written="Board, 2", **facts)
    assert refusal(lambda: end_kind(permitted=row, ends_on=JUNE, written="Board, 2", **facts)).rule == "FU-339"
    for day in (MAY, date(YEAR - 2, 4, 1)):
        said = refusal(lambda day=day: permit_kind(kind="contract", starts_on=day, written="9", **facts))
        assert said.rule == "FU-338"
        assert "is permitted from 1 April 2025 until 1 June 2026 already" in said.sentence
    again = permit_kind(kind="contract", starts_on=JUNE, written="Clause 7.3 as varied", **facts)
    assert again.ends_on is None
    early = {"kind": "contract", "starts_on": date(YEAR - 2, 4, 1), "written": "Clause 7.3", **facts}
    assert refusal(lambda: permit_kind(ends_on=early["starts_on"], **early)).rule == "FU-340"
    assert refusal(lambda: permit_kind(ends_on=date(YEAR - 1, 4, 2), **early)).rule == "FU-338"
    assert permit_kind(ends_on=date(YEAR - 1, 4, 1), **early).ends_on == row.starts_on
    auditor = make_person(Role.AUDITOR, shared.council, "Ledger Mockaudit")
    with pytest.raises(NotPermitted):
        permit_kind(agreement=shared.agreement, kind="default", starts_on=MAY, written="x", by=auditor, at=AT)


@pytest.mark.django_db
def test_an_invoice_of_before_the_first_day_that_was_written_has_a_way_out() -> None:
    """Kinds permitted from the day an agreement was drafted on, and the agreement signed from an earlier day."""
    shared, _ = world()
    facts = {"agreement": shared.agreement, "by": BY, "at": AT}
    row = PermittedKind.objects.get(agreement=shared.agreement, kind="contract")
    PermittedKind.objects.filter(pk=row.pk).update(starts_on=JUNE)
    row.refresh_from_db()
    assert refusal(lambda: record(shared, bought(shared))).rule == "FU-337"
    # Either a row for the days before, until the one that is there begins.
    with transaction.atomic():
        permit_kind(kind="contract", starts_on=APRIL, ends_on=JUNE, written="Clause 7.3", **facts)
        record(shared, bought(shared))
        transaction.set_rollback(True)
    # Or the wrong row never counted and the right one takes its place, even from the same day.
    minute = "Board of 3 June, minute 4: " + "permitted expenditure begins with the agreement " * 5
    end_kind(permitted=row, ends_on=JUNE, written=minute, **facts)
    row.refresh_from_db()
    assert (row.written, row.ended_written) == ("Clause 7.3", minute.strip())
    assert refusal(lambda: record(shared, replace(bought(shared), bought_on=JUNE))).rule == "FU-337"
    permit_kind(kind="contract", starts_on=JUNE, ends_on=date(YEAR, 7, 1), written="Clause 7.3", **facts)
    permit_kind(kind="contract", starts_on=APRIL, ends_on=JUNE, written="Clause 7.3", **facts)
    record(shared, bought(shared))
    page = Visitor(shared.directors["council"]).see("fund_kinds", shared.agreement.pk)
    assert f"Never: it was to begin on {date_long(JUNE)}" in page
    assert f"Taken back: {minute.strip()}" in page
    with pytest.raises(DatabaseError), transaction.atomic():
        PermittedKind.objects.filter(ends_on=None).update(ended_written="Of nothing that ended")


@pytest.mark.django_db
def test_the_pages() -> None:
    shared, fund = world()
    host = Visitor(shared.directors["council"])
    page = host.see("fund_kinds", shared.agreement.pk)
    assert "The price of a contract" in page
    assert "Select which kind of spending" in host.send("fund_kind_new", shared.agreement.pk).content.decode()
    told = {
        "kind": "approved",
        "starts_on-day": "1",
        "starts_on-month": "5",
        "starts_on-year": str(YEAR),
        "written": "7.5",
    }
    assert host.send("fund_kind_new", shared.agreement.pk, **told).status_code == 302
    again = host.send("fund_kind_new", shared.agreement.pk, **told).content.decode()
    assert "is permitted from 1 May 2026 on already" in again
    row = PermittedKind.objects.get(kind="approved")
    end = {"ends_on-day": "1", "ends_on-month": "5", "ends_on-year": str(YEAR), "written": "x"}
    early = host.send("fund_kind_end", shared.agreement.pk, row.pk, **{**end, "ends_on-month": "4"})
    assert "It does not end before that day" in early.content.decode()
    assert host.send("fund_kind_end", shared.agreement.pk, row.pk, **{**end, "ends_on-month": "6"}).status_code == 302
    window = {"ends_on-day": "1", "ends_on-month": "5", "ends_on-year": str(YEAR)}
    before = {**told, **window, "starts_on-month": "4"}
    assert host.send("fund_kind_new", shared.agreement.pk, **before).status_code == 302
    page = host.see("fund_kinds", shared.agreement.pk)
    for words in ("From 1 April 2026, not from 1 May 2026 on", "Ended: x"):
        assert words in page
    record(shared, bought(shared))
    assert kind_words("contract") in host.see("fund_purchases", fund.pk)


@pytest.mark.django_db
def test_what_is_spent_by_kind_is_all_of_it_and_stands_beside_what_is_planned() -> None:
    """Purchases, what was posted by hand, rows of an extract, what is taken back, and what names no kind."""
    shared, fund = world()
    line = shared.lines["CAMHS-council"]
    BudgetLine.objects.filter(pk=line.pk).update(planned_kind="contract")
    line.refresh_from_db()
    record(shared, bought(shared))
    back = record(shared, bought(shared, invoice="2", kind="third_party"))
    reverse_entry(entry=Entry.objects.get(pk=back.entry_id), dated_on=JUNE, reason="Twice", by=BY, at=AT)
    spent, bank = (Account.objects.get(fund=fund, code=code) for code in (chart.EXPENDITURE, chart.BANK))
    said = HandSaid(
        "by hand", EntryKind.ORDINARY, MAY, [HandLine(spent, 700, line), HandLine(bank, -700)], "x", "provision"
    )
    by_hand, _ = services.post_by_hand(fund=fund, said=said, by=BY, at=AT)
    draft = Draft("of none", MAY, [line_of(line, 90), Line(chart.BANK, -90)])
    post_entries(fund=fund, drafts=[draft], by=BY, at=AT)
    rows = b"date,reference,line,amount\n12/05/2026,A,CAMHS-COUNCIL,5.00\n"
    extract = import_extract(fund=fund, partner=shared.partners["council"], name="l.csv", content=rows, by=BY, at=AT)
    assert len(post_unmatched(fund=fund, extract=extract, kind="contract", by=BY, at=AT).posted) == 1
    viewer = shared.directors["council"]
    kinds = spent_by_kind(viewer, fund, YEAR)
    assert [(each.kind, each.planned, each.spent, each.entries) for each in kinds] == [
        ("contract", 500_000_000, 125_00, 2), ("provision", 0, 7_00, 1), ("third_party", 0, 0, 2),
        ("", 2_300_000_000, 90, 1),
    ]  # fmt: skip
    assert sum(each.spent for each in kinds) == sum(figures_of(viewer, each).spent for each in shared.lines.values())
    page = Visitor(viewer).see("fund_purchases", fund.pk)
    found, _ = figures_on(page)
    assert {each.pence for each in found} == {500_000_000, 125_00, 7_00, 2_300_000_000, 90, 100_00, 20_00}
    for each in found:
        assert added_up(viewer, each.href) == (each.pence, each.pence), each.href
    reverse_entry(entry=by_hand, dated_on=JUNE, reason="Twice", by=BY, at=AT)
    assert [(each.spent, each.entries) for each in spent_by_kind(viewer, fund, YEAR)][1] == (0, 2)


@pytest.mark.django_db
def test_a_line_says_what_kind_it_is_planned_for() -> None:
    shared = make_agreement()
    fund = add_fund(shared)
    line, viewer = shared.lines["CAMHS-nhs"], shared.directors["council"]
    told = LineSaid(line.code, line.name, line.partner, line.budget_pence)
    facts = {"agreement": shared.agreement, "line": line, "by": BY, "at": AT}
    wrong = replace(told, planned_kind="nonsense")
    assert refusal(lambda: services.change_line(said=wrong, version=line.version, **facts)).rule == "FU-336"
    services.change_line(said=replace(told, planned_kind="provision"), version=line.version, **facts)
    # Before the budget is approved it is not in the ledger, and so opens to nothing.
    kinds = spent_by_kind(viewer, fund, YEAR)
    assert [(each.kind, each.planned, each.is_posted) for each in kinds] == [
        ("provision", 600_000_000, False), ("", 2_200_000_000, False),
    ]  # fmt: skip
    plan = plan_of(viewer, fund.pk)
    assert [each.kind for each in plan.lines].count("A partner’s own provision") == 1
    assert recomputed(plan_book(plan)) >= 30
    assert "A partner’s own provision" in Visitor(viewer).see("fund_line", line.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        BudgetLine.objects.filter(pk=line.pk).update(planned_kind="nonsense")


@pytest.mark.django_db
def test_the_plan_works_out_and_adds_up() -> None:
    shared, fund = world()
    record(shared, bought(shared))
    plan = plan_of(shared.directors["nhs"], fund.pk)
    assert (len(plan.income), len(plan.lines)) == (2, 4)
    assert sum(each.cash_pence for each in plan.income) == sum(each.pence for each in plan.lines) == 2_800_000_000
    assert recomputed(plan_book(plan)) >= 30
    answer = Visitor(shared.directors["nhs"]).answer("fund_plan_xlsx", fund.pk)
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert recomputed(answer.content) >= 30
    empty = plan_of(shared.directors["nhs"], fund.pk, year=YEAR + 5)
    assert recomputed(plan_book(empty)) >= 2


def test_the_column_comes_to_a_table_that_is_sealed_and_full(fresh_database: Database) -> None:
    shared, _ = world()
    old = record(shared, bought(shared))
    said = AgreementTerms(title="Not signed yet", power="S75")
    draft = services.draft_agreement(organisation=shared.council, terms=said, by=BY, at=AT)
    assert draft.starts_on is None
    for before in ("0009_next_years_lines", "0013_lines_stay_in_their_fund"):  # taken off, and put on tables with rows
        MigrationExecutor(connections["owner"]).migrate([("funds", before)])
    grant_application_rights(using="owner", role=APPLICATION)
    kept = Purchase.objects.get(pk=old.pk)
    assert (kept.kind, kept.net_pence) == ("", 100_00)
    assert kind_words(kept.kind) == "Bought before kinds were kept"
    there = PermittedKind.objects.filter(agreement=shared.agreement)
    assert sorted(there.values_list("kind", flat=True)) == ["approved", "contract", "provision", "third_party"]
    # Signed from an earlier day than it was drafted on, it permits what is bought from the year's first day.
    assert set(PermittedKind.objects.filter(agreement=draft).values_list("starts_on", flat=True)) == {APRIL}
    assert draft.drafted_at.date() > APRIL
    # What reports of earlier years never said is not asked of them.
    assert set(Fund.objects.values_list("risks_from", "year")) == {(YEAR, YEAR)}
    assert record(shared, bought(shared, invoice="2")).kind == "contract"
    with pytest.raises(DatabaseError), transaction.atomic():  # the database asks it of every new one
        Purchase.objects.create(
            **{f.attname: getattr(kept, f.attname) for f in Purchase._meta.concrete_fields if f.name not in {"id", "invoice"}},
            invoice="3",
        )  # fmt: skip
