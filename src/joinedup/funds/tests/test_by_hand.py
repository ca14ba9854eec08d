"""What is posted to a ledger by hand, and a receipt that was wrong: what is refused, where, and who may."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from joinedup.access.actor import system
from joinedup.access.models import Account as Person
from joinedup.access.roles import Role
from joinedup.api.tests.test_api import client_with, is_problem, key_for
from joinedup.core.models import Draft as Kept
from joinedup.engines.ledger import EntryKind
from joinedup.funds import chart, services
from joinedup.funds.models import Account, Entry, Instalment, Posting, Receipt
from joinedup.funds.services.ledger import close_period, open_year
from joinedup.funds.tests.factories import Shared, make_open
from joinedup.funds.tests.ledgers import World, make_world
from joinedup.organisations.tests.factories import AT, make_organisation, make_post
from tests.architecture.conftest import BACKEND, sign_in_freshly

pytestmark = pytest.mark.django_db
BY = system(AT)


def person(role: Role, organisation: str) -> Person:
    host = make_organisation(code=organisation)
    return make_post(role=role, host=host, at=timezone.now() - timedelta(days=9))[0]


def signed_in(role: Role, organisation: str) -> Client:
    client = Client()
    client.force_login(person(role, organisation), backend=BACKEND)
    sign_in_freshly(client)
    return client


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def host(world: World) -> Client:
    return signed_in(Role.POOL_MANAGER, "COUNCIL")


def said(world: World, **more: Any) -> dict[str, str]:
    """Bank interest on a day in April, with what is said otherwise."""
    day: date = more.pop("on", date(2026, 4, 15))
    first = {
        "key": "once", "kind": "ordinary", "amount": "25", "debit": chart.BANK, "credit": chart.OTHER_INCOME,
        "debit_line": "", "credit_line": "", "partner": "", "stream": "", "memo": "Interest, bank statement 7",
        "dated_on-day": str(day.day), "dated_on-month": str(day.month), "dated_on-year": str(day.year),
    }  # fmt: skip
    told = {name: str(value) for name, value in (first | more).items()}
    return told | {side: str(world.accounts[told[side]]) for side in ("debit", "credit")}


def page(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def lines(entry: Entry) -> list[tuple[str, int]]:
    rows = Posting.objects.filter(entry=entry).order_by("place")
    return list(rows.values_list("account__code", "pence"))


def test_an_entry_is_checked_then_posted_once(world: World, host: Client) -> None:
    there = reverse("fund_ledger_post", args=[world.fund.pk])
    assert there in page(host.get(reverse("fund_ledger", args=[world.fund.pk])))
    assert "Post to the ledger" in page(host.get(there))
    checked = page(host.post(there, said(world)))
    assert "Check before it is posted" in checked
    for words in (
        "£25 on either side",
        "15 April 2026",
        "1000 Bank",
        "4100 Other income",
        "Interest, bank statement 7",
    ):
        assert words in checked
    assert not Entry.objects.filter(fund=world.fund).exists()
    assert Kept.objects.filter(form="funds.ledger_post").count() == 1  # kept until it is posted
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', checked))
    again = page(host.get(f"{there}?draft={sent['_draft']}"))
    assert "Interest, bank statement 7" in again
    for _ in range(2):  # sent twice, it is posted once
        answer = host.post(there, sent)
        assert answer.status_code == 302
    entry = Entry.objects.get(fund=world.fund)
    assert answer["Location"] == reverse("fund_entry", args=[entry.pk])
    assert (entry.kind, entry.dated_on, entry.memo) == ("ordinary", date(2026, 4, 15), "Interest, bank statement 7")
    assert lines(entry) == [(chart.BANK, 2_500), (chart.OTHER_INCOME, -2_500)]
    assert not Kept.objects.filter(form="funds.ledger_post").exists()


def test_spending_stands_on_its_budget_line_and_what_is_owed_names_the_partner(world: World, host: Client) -> None:
    there, line = reverse("fund_ledger_post", args=[world.fund.pk]), world.lines[1]
    told = said(
        world, debit=chart.EXPENDITURE, credit=chart.OWED_TO_PARTNERS, debit_line=line.pk,
        partner=world.partners[0].pk, confirmed="yes",
    )  # fmt: skip
    assert host.post(there, told).status_code == 302
    spent, owed = Posting.objects.filter(entry__fund=world.fund).order_by("place")
    assert (spent.line_id, spent.scheme_id, spent.partner_id) == (line.pk, world.scheme.pk, line.partner_id)
    assert (owed.line_id, owed.partner_id) == (None, world.partners[0].pk)


def test_an_accrual_says_when_it_is_taken_back_and_is(world: World, host: Client) -> None:
    there = reverse("fund_ledger_post", args=[world.fund.pk])
    told = said(
        world, kind="accrual", debit=chart.EXPENDITURE, credit=chart.ACCRUED, debit_line=world.lines[0].pk
    )  # fmt: skip
    assert "posted on 31 March 2027 and taken back on 1 April 2027" in page(host.post(there, told))
    assert "Open the year 2027/28 first" in page(host.post(there, told | {"confirmed": "yes"}))
    assert not Entry.objects.filter(fund=world.fund).exists()
    open_year(fund=world.fund, year=2027, by=BY, at=AT)
    for _ in range(2):
        assert host.post(there, told | {"confirmed": "yes"}).status_code == 302
    accrual, back = Entry.objects.filter(fund=world.fund).order_by("dated_on")
    assert (accrual.kind, accrual.dated_on) == ("accrual", date(2027, 3, 31))
    assert (back.reverses_id, back.dated_on) == (accrual.pk, date(2027, 4, 1))
    assert lines(back) == [(code, -pence) for code, pence in lines(accrual)]


def test_an_opening_balance_is_under_headings_that_go_on(world: World, host: Client) -> None:
    there = reverse("fund_ledger_post", args=[world.fund.pk])
    told = said(world, kind="opening", credit=chart.CARRIED_FORWARD, on=date(2026, 4, 1))
    assert host.post(there, told | {"confirmed": "yes"}).status_code == 302
    assert Entry.objects.get(fund=world.fund).kind == EntryKind.OPENING
    other = said(world, kind="opening", key="two")
    assert "4100 Other income begins each year at nought" in page(host.post(there, other))


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"memo": " "}, "memo", "Say why it is posted"),
        ({"amount": "0"}, "amount", "above nought"),
        ({"on": date(2031, 5, 1)}, "dated_on-day", "not in the future"),
        ({"on": date(2025, 5, 1)}, "dated_on-day", "lies in no month of this fund"),
        ({"on": date(2026, 4, 2), "closed": True}, "dated_on-day", "The period is closed"),
        ({"debit": chart.EXPENDITURE}, "debit_line", "5000 Spent on services is spent from a budget"),
        ({"credit": chart.EXPENDITURE}, "credit_line", "choose its budget line, one of 2026/27"),
        ({"credit": chart.OWED_BY_PARTNERS}, "partner", "choose the partner"),
        ({"credit": chart.BANK}, "credit", "This would change nothing"),
        ({"credit": chart.BUDGETS}, "credit", "Select"),
    ],
)
def test_a_refusal_stands_at_its_field(
    world: World, host: Client, more: dict[str, Any], field: str, words: str
) -> None:
    told = dict(more)
    if told.pop("closed", False):
        close_period(period=world.month(1), by=BY, at=AT)
    answer = page(host.post(reverse("fund_ledger_post", args=[world.fund.pk]), said(world, **told)))
    assert "There is a problem" in answer
    if words != "Select":  # what is not offered is refused in the words of the field
        assert words in answer
    assert f'href="#id_{field}' in answer
    assert not Entry.objects.filter(fund=world.fund).exists()
    assert not Kept.objects.filter(form="funds.ledger_post").exists()


def test_a_heading_of_its_own_is_added_once(world: World, host: Client) -> None:
    there = reverse("fund_heading_new", args=[world.fund.pk])
    told = {"code": "5050", "name": "Transport", "kind": "expenditure"}
    assert host.post(there, told).status_code == 302
    assert Account.objects.get(fund=world.fund, code="5050").kind == "expenditure"
    assert "has a heading 5050 already" in page(host.post(there, told))
    assert "5050 Transport" in page(host.get(reverse("fund_ledger_post", args=[world.fund.pk])))


def test_who_may_post(world: World) -> None:
    for name in ("fund_ledger_post", "fund_heading_new"):
        there = reverse(name, args=[world.fund.pk])
        assert signed_in(Role.FINANCE_DIRECTOR, "COUNCIL").get(there).status_code == 200
        partner = signed_in(Role.POOL_MANAGER, "NHS")
        assert partner.get(there).status_code == partner.post(there, said(world)).status_code == 403
        assert there not in page(partner.get(reverse("fund_ledger", args=[world.fund.pk])))
        assert signed_in(Role.FINANCE_DIRECTOR, "ELSEWHERE").get(there).status_code == 404
        assert signed_in(Role.KEY_WORKER, "COUNCIL").get(there).status_code == 404
    assert not Entry.objects.filter(fund=world.fund).exists()


# --- By the API.


def send(client: Client, path: str, key: str = "", **sent: Any) -> Any:
    more = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    body = json.dumps(sent, default=str)
    return client.post(f"/api/v1/funds/{path}", body, content_type="application/json", **more)


def test_the_api_posts_by_the_same_rules(world: World) -> None:
    host = client_with(key_for(person(Role.POOL_MANAGER, "COUNCIL")))
    path, line = f"{world.fund.pk}/ledger", world.lines[0]
    two = [{"heading": chart.BANK, "pence": 2_500}, {"heading": chart.OTHER_INCOME, "pence": -2_500}]
    body = {"dated_on": "2026-04-15", "memo": "Interest", "lines": two}
    made = send(host, f"{path}/entries", "one", **body)
    assert made.status_code == 201
    assert send(host, f"{path}/entries", "one", **body).json() == made.json()
    assert lines(Entry.objects.get(fund=world.fund)) == [(chart.BANK, 2_500), (chart.OTHER_INCOME, -2_500)]

    def rule(lines: Any, **more: Any) -> Any:
        return send(host, f"{path}/entries", **(body | {"lines": lines} | more)).json()["rule"]

    assert rule([two[0], two[1] | {"pence": -2_400}]) == "FU-202"
    assert rule([two[0] | {"heading": "NONE"}, two[1]]) == "FU-204"
    assert rule([two[0] | {"line_id": UUID(int=1)}, two[1]]) == "FU-214"
    assert rule([two[0] | {"heading": chart.OTHER_FUNDS}, two[1]]) == "FU-241"
    assert rule([two[0] | {"heading": chart.EXPENDITURE}, two[1]]) == "FU-239"
    assert rule(two, dated_on="2031-01-01") == "FU-237"
    assert rule(two, memo=" ") == "FU-119"
    costs = [
        {"heading": chart.EXPENDITURE, "pence": 900, "line_id": line.pk}, {"heading": chart.ACCRUED, "pence": -900}
    ]  # fmt: skip
    accrual = {"dated_on": "2026-04-15", "memo": "Rent of March", "lines": costs}
    assert send(host, f"{path}/accruals", **accrual).json()["rule"] == "FU-224"
    open_year(fund=world.fund, year=2027, by=BY, at=AT)
    posted = send(host, f"{path}/accruals", **accrual).json()
    assert (posted["dated_on"], posted["taken_back_on"]) == ("2027-03-31", "2027-04-01")
    heading = {"code": "5050", "name": "Transport", "kind": "expenditure"}
    assert send(host, f"{path}/headings", **heading).status_code == 201
    assert send(host, f"{path}/headings", **heading).json()["rule"] == "FU-227"
    partner = client_with(key_for(person(Role.POOL_MANAGER, "NHS")))
    stranger = client_with(key_for(person(Role.FINANCE_DIRECTOR, "ELSEWHERE")))
    for name, sent in (("entries", body), ("accruals", accrual), ("headings", heading)):
        is_problem(send(partner, f"{path}/{name}", **sent), 403)
        is_problem(send(stranger, f"{path}/{name}", **sent), 404)
    assert Entry.objects.filter(fund=world.fund).count() == 3


# --- A receipt that was wrong.


def received() -> tuple[Shared, Receipt]:
    """Money recorded for the first instalment of an open pool."""
    shared, now = make_open(), timezone.now()
    assert shared.fund is not None
    instalment = Instalment.objects.filter(contribution__fund=shared.fund).order_by("due_on", "pk")[0]
    return shared, services.record_receipt(
        fund=shared.fund, instalment=instalment, pence=1_000_000, received_on=timezone.localdate(now), reference="Bank 1",
        by=system(now), at=now,
    )  # fmt: skip


def client_of(shared: Shared, name: str) -> Client:
    actor = {"manager": shared.pool_manager, "nhs": shared.directors["nhs"]}[name]
    assert actor is not None
    client = Client()
    client.force_login(Person.objects.get(pk=actor.account_id), backend=BACKEND)
    sign_in_freshly(client)
    return client


def test_a_wrong_receipt_is_taken_back_on_its_page() -> None:
    shared, receipt = received()
    assert shared.fund is not None
    manager, listed = client_of(shared, "manager"), reverse("fund_contributions", args=[shared.fund.pk])
    there = reverse("fund_receipt_back", args=[receipt.instalment_id, receipt.pk])
    assert there in page(manager.get(listed))
    assert "£10,000" in page(manager.get(there))
    assert "Say why it is taken back" in page(manager.post(there, {"reason": ""}))
    nhs = client_of(shared, "nhs")
    assert nhs.get(there).status_code == nhs.post(there, {"reason": "Wrong"}).status_code == 403
    assert there not in page(nhs.get(listed))
    assert not Receipt.objects.filter(corrects=receipt).exists()
    assert manager.post(there, {"reason": "Recorded twice"}).status_code == 302
    back = Receipt.objects.get(corrects=receipt)
    assert (back.pence, back.reference) == (-1_000_000, "Recorded twice")
    assert back.entry_id is not None
    assert sum(pence for _, pence in lines(Entry.objects.get(pk=back.entry_id))) == 0
    shown = page(manager.get(listed))
    assert "(taken back)" in shown
    assert there not in shown
    assert "There is a problem" in page(manager.post(there, {"reason": "Once more"}))
    assert manager.get(reverse("fund_receipt_back", args=[receipt.instalment_id, 10**12])).status_code == 404


def test_a_wrong_receipt_is_taken_back_by_the_api() -> None:
    shared, receipt = received()
    assert shared.fund is not None
    assert shared.pool_manager is not None
    manager = client_with(key_for(Person.objects.get(pk=shared.pool_manager.account_id)))
    path = f"instalments/{receipt.instalment_id}/receipts/{receipt.pk}/corrections"
    nhs = client_with(key_for(Person.objects.get(pk=shared.directors["nhs"].account_id)))
    is_problem(send(nhs, path, reason="Wrong"), 403)
    assert send(manager, path, reason=" ").json()["rule"] == "FU-119"
    back = send(manager, path, "one", reason="Recorded twice")
    assert back.status_code == 201
    assert send(manager, path, "one", reason="Recorded twice").json() == back.json()
    assert (back.json()["corrects"], back.json()["pence"]) == (receipt.pk, -1_000_000)
    assert send(manager, path, reason="Again").json()["rule"] == "FU-153"
    rows = manager.get(f"/api/v1/funds/{shared.fund.pk}/instalments").json()
    (row,) = [each for each in rows if each["receipts"]]
    assert [(each["pence"], each["is_taken_back"]) for each in row["receipts"]] == [
        (1_000_000, True),
        (-1_000_000, False),
    ]
    is_problem(send(manager, f"instalments/{receipt.instalment_id}/receipts/999999/corrections", reason="No"), 404)
