"""Kinds of spending: dated, named by each purchase, refused where the agreement does not permit them (R-3); and how the column
came to a table that is sealed and full."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.core.database import grant_application_rights
from joinedup.core.errors import NotPermitted, Refused
from joinedup.funds.models import PermittedKind, Purchase
from joinedup.funds.plan_book import plan_book
from joinedup.funds.queries.buying import spent_by_kind
from joinedup.funds.queries.plan import plan_of
from joinedup.funds.services.kinds import end_kind, permit_kind
from joinedup.funds.spending_kinds import Permitted, SpendingKind, kind_words, permitted_on
from joinedup.funds.tests.factories import YEAR, make_person
from joinedup.funds.tests.figures import recomputed
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
    assert spent_by_kind(viewer, fund, YEAR) == [("contract", 1, 120_00), ("third_party", 1, 120_00)]
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
    assert refusal(lambda: end_kind(permitted=row, ends_on=row.starts_on, written="7.3", **facts)).rule == "FU-339"
    end_kind(permitted=row, ends_on=JUNE, written="Board, 2", **facts)
    assert refusal(lambda: end_kind(permitted=row, ends_on=JUNE, written="Board, 2", **facts)).rule == "FU-339"
    for day in (MAY, date(YEAR - 2, 4, 1)):
        assert (
            refusal(lambda day=day: permit_kind(kind="contract", starts_on=day, written="9", **facts)).rule == "FU-338"
        )
    again = permit_kind(kind="contract", starts_on=JUNE, written="Clause 7.3 as varied", **facts)
    assert again.ends_on is None
    auditor = make_person(Role.AUDITOR, shared.council, "Ledger Mockaudit")
    with pytest.raises(NotPermitted):
        permit_kind(agreement=shared.agreement, kind="default", starts_on=MAY, written="x", by=auditor, at=AT)


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
    assert "is permitted on that day already" in again
    row = PermittedKind.objects.get(kind="approved")
    end = {"ends_on-day": "1", "ends_on-month": "5", "ends_on-year": str(YEAR), "written": "x"}
    early = host.send("fund_kind_end", shared.agreement.pk, row.pk, **end)
    assert "It ends on a later day" in early.content.decode()
    assert host.send("fund_kind_end", shared.agreement.pk, row.pk, **{**end, "ends_on-month": "6"}).status_code == 302
    record(shared, bought(shared))
    assert kind_words("contract") in host.see("fund_purchases", fund.pk)


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
    for before in ("0010_risks_and_outcomes", "0011_kinds_of_spending"):  # taken off, and put on a table with rows
        MigrationExecutor(connections["owner"]).migrate([("funds", before)])
    grant_application_rights(using="owner", role=APPLICATION)
    kept = Purchase.objects.get(pk=old.pk)
    assert (kept.kind, kept.net_pence) == ("", 100_00)
    assert kind_words(kept.kind) == "Bought before kinds were kept"
    there = PermittedKind.objects.filter(agreement=shared.agreement)
    assert sorted(there.values_list("kind", flat=True)) == ["approved", "contract", "provision", "third_party"]
    assert record(shared, bought(shared, invoice="2")).kind == "contract"
    with pytest.raises(DatabaseError), transaction.atomic():  # the database asks it of every new one
        Purchase.objects.create(
            **{f.attname: getattr(kept, f.attname) for f in Purchase._meta.concrete_fields if f.name not in {"id", "invoice"}},
            invoice="3",
        )  # fmt: skip
