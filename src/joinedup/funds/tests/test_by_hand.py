"""What is posted to a ledger by hand, and a receipt that was wrong: what is refused, where, and who may."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from joinedup.access.actor import system
from joinedup.access.models import Account as Person
from joinedup.access.roles import Role
from joinedup.api.tests.test_api import client_with, is_problem, key_for
from joinedup.core.errors import Refused
from joinedup.core.formats import date_long
from joinedup.core.models import Draft as Kept
from joinedup.engines.ledger import Book, EntryKind
from joinedup.funds import chart, services
from joinedup.funds.models import (
    Account,
    Entry,
    EntrySpending,
    Instalment,
    PartnershipAgreement,
    Posting,
    Receipt,
    StreamPermit,
    StreamUse,
)
from joinedup.funds.services.by_hand import HandLine, HandSaid
from joinedup.funds.services.kinds import permit_kind
from joinedup.funds.services.ledger import close_period, open_year, post_entries
from joinedup.funds.tests.factories import Shared, make_open, make_stream
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


def opened(year: int = 2026) -> World:
    """A fund whose agreement is open and permits what contracts cost, each of its lines with £1,000."""
    world = make_world(year=year)
    agreement = world.fund.agreement
    _, agreement.pool_manager = make_post(role=Role.POOL_MANAGER)
    agreement.state, agreement.host, agreement.starts_on = "open", world.partners[0], date(year, 4, 1)
    agreement.save()
    permit_kind(agreement=agreement, kind="contract", starts_on=date(year, 4, 1), written="7.3", by=BY, at=AT)
    return world


@pytest.fixture
def world() -> World:
    return opened()


@pytest.fixture
def host(world: World) -> Client:
    return signed_in(Role.POOL_MANAGER, "COUNCIL")


def said(world: World, **more: Any) -> dict[str, str]:
    """Bank interest on a day in April, with what is said otherwise."""
    day: date = more.pop("on", date(2026, 4, 15))
    first = {
        "key": "once", "kind": "ordinary", "amount": "25", "debit": chart.BANK, "credit": chart.OTHER_INCOME,
        "debit_line": "", "credit_line": "", "spending": "", "partner": "", "stream": "", "memo": "Interest, bank statement 7",
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
        partner=world.partners[0].pk, spending="contract",
    )  # fmt: skip
    assert "The price of a contract" in page(host.post(there, told))
    assert host.post(there, told | {"confirmed": "yes"}).status_code == 302
    spending = EntrySpending.objects.get()
    assert spending.kind == "contract"
    shown = page(host.get(reverse("fund_entry", args=[spending.entry_id])))
    who = Person.objects.get(pk=spending.entry.posted_by).name
    for label, words in (("Kind of spending", "The price of a contract"), ("Posted by", who)):
        assert re.search(rf"{label} </dt> <dd [^>]*> {words} </dd>", shown), shown
    spent, owed = Posting.objects.filter(entry__fund=world.fund).order_by("place")
    assert (spent.line_id, spent.scheme_id, spent.partner_id) == (line.pk, world.scheme.pk, line.partner_id)
    assert (owed.line_id, owed.partner_id) == (None, world.partners[0].pk)


def test_an_accrual_says_when_it_is_taken_back_and_is() -> None:
    world, host = opened(2025), signed_in(Role.POOL_MANAGER, "COUNCIL")
    there = reverse("fund_ledger_post", args=[world.fund.pk])
    told = said(
        world, kind="accrual", debit=chart.EXPENDITURE, credit=chart.ACCRUED, debit_line=world.lines[0].pk, amount="1,000",
        spending="contract", on=date(2025, 4, 15),
    )  # fmt: skip
    for more in ({}, {"confirmed": "yes"}):  # already where it is checked
        early = page(host.post(there, told | more))
        assert "Open the year 2026/27 first" in early
        assert 'href="#id_dated_on' in early
    assert not Entry.objects.filter(fund=world.fund).exists()
    open_year(fund=world.fund, year=2026, by=BY, at=AT)
    assert "posted on 31 March 2026 and taken back on 1 April 2026" in page(host.post(there, told))
    for _ in range(2):  # the second is what was posted, although its line has nothing left
        assert host.post(there, told | {"confirmed": "yes"}).status_code == 302
    accrual, back = Entry.objects.filter(fund=world.fund).order_by("dated_on")
    assert (accrual.kind, accrual.dated_on) == ("accrual", date(2026, 3, 31))
    assert (back.reverses_id, back.dated_on) == (accrual.pk, date(2026, 4, 1))
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
        ({"kind": "accrual", "credit": chart.ACCRUED}, "dated_on-day", "which is still to come"),
        ({"debit": chart.EXPENDITURE}, "debit_line", "5000 Spent on services is spent from a budget"),
        ({"credit": chart.EXPENDITURE}, "credit_line", "choose its budget line, one of 2026/27"),
        ({"credit": chart.OWED_BY_PARTNERS}, "partner", "choose the partner"),
        ({"credit": chart.BANK}, "credit", "This would change nothing"),
        ({"credit": chart.BUDGETS}, "credit", "Select"),
        ({"credit": chart.UNALLOCATED}, "credit", "Select"),
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


def by_hand(world: World, *said: HandLine, spending: str = "contract", key: str = "one") -> HandSaid:
    return HandSaid(key, EntryKind.ORDINARY, date(2026, 4, 15), said, "Agency staff", spending)


def post(world: World, said: HandSaid) -> Entry:
    return services.post_by_hand(fund=world.fund, said=said, by=BY, at=timezone.now())[0]


def rule_of(world: World, said: HandSaid) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        post(world, said)
    return refused.value.rule, refused.value.field


def heading(world: World, code: str) -> Account:
    return Account.objects.get(fund=world.fund, code=code)


def test_what_is_spent_by_hand_is_held_to_what_is_bought(world: World) -> None:
    spent, bank = heading(world, chart.EXPENDITURE), heading(world, chart.BANK)
    line, other = world.lines[0], world.lines[1]
    budgets = [world.spend(f"budget {n}", 100_000, book=Book.BUDGET, line=n) for n in range(2)]
    post_entries(fund=world.fund, drafts=budgets, by=BY, at=AT)

    def cost(pence: int, **more: Any) -> HandSaid:
        return by_hand(world, HandLine(spent, pence, line), HandLine(bank, -pence), **more)

    assert rule_of(world, cost(100_001)) == ("R-3", "amount")
    assert rule_of(world, cost(500, spending="")) == ("FU-336", "spending")
    assert rule_of(world, cost(500, spending="provision")) == ("FU-337", "spending")
    agreement = PartnershipAgreement.objects.filter(pk=world.fund.agreement_id)
    agreement.update(state="ended", ends_on=date(2026, 9, 30))
    assert rule_of(world, cost(500))[0] == "FU-128"
    agreement.update(state="open", ends_on=None)
    first = post(world, cost(100_000))
    assert post(world, cost(100_000)) == first  # sent again it is the same, not more than is left
    assert rule_of(world, cost(1, key="two"))[0] == "R-3"
    # What is put on another line leaves room on the first and needs it on the other.
    post(world, by_hand(world, HandLine(spent, 60_000, other), HandLine(spent, -60_000, line), key="three"))
    assert (
        rule_of(world, by_hand(world, HandLine(spent, 60_000, other), HandLine(spent, -60_000, line), key="4"))[0]
        == "R-3"
    )
    post(world, cost(60_000, key="five"))
    # Two lines of one entry are one sum.
    whole = by_hand(
        world, HandLine(spent, 25_000, other), HandLine(heading(world, chart.IRRECOVERABLE_VAT), 25_000, other),
        HandLine(bank, -50_000), key="six",
    )  # fmt: skip
    assert rule_of(world, whole)[0] == "R-3"
    assert set(EntrySpending.objects.values_list("kind", flat=True)) == {"contract"}
    with pytest.raises(DatabaseError), transaction.atomic():
        EntrySpending.objects.update(kind="approved")


def test_ring_fenced_money_stays_what_it_is(world: World) -> None:
    fenced = make_stream("DSG", "Schools grant", "dsg", is_ring_fenced=True, keeps_balance=True, consent_of="the forum")
    line = world.lines[0]
    line.stream = fenced
    line.save()
    spent, bank, kept = (heading(world, each) for each in (chart.EXPENDITURE, chart.BANK, chart.CARRIED_FORWARD))
    cost = by_hand(world, HandLine(spent, 500, line), HandLine(bank, -500))
    came = by_hand(world, HandLine(bank, 500), HandLine(kept, -500, stream=fenced), key="two")
    assert rule_of(world, cost) == ("FU-138", "debit_line")
    assert rule_of(world, came) == ("FU-138", "stream")
    use = StreamUse.objects.create(
        fund=world.fund, stream=fenced, consented_by="The forum", consented_on=AT.date(), recorded_at=AT
    )
    assert rule_of(world, cost) == ("FU-139", "debit_line")
    StreamPermit.objects.create(use=use, scheme=world.scheme, why="Condition 4")
    post(world, cost)
    post(world, came)
    moved = by_hand(world, HandLine(kept, 500, stream=fenced), HandLine(kept, -500), key="three")
    assert rule_of(world, moved) == ("FU-244", "stream")
    other = by_hand(
        world, HandLine(kept, 500, stream=fenced), HandLine(heading(world, chart.OTHER_INCOME), -500), key="four"
    )
    assert rule_of(world, other) == ("FU-244", "stream")
    post(world, by_hand(world, HandLine(kept, 500), HandLine(kept, -500, stream=fenced), key="five"))


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
    assert rule(costs) == "FU-336"
    assert rule(costs, spending="approved") == "FU-337"
    over = [costs[0] | {"pence": 100_001}, costs[1] | {"pence": -100_001}]
    assert rule(over, spending="contract") == "R-3"
    is_problem(send(host, f"{path}/entries", **(body | {"lines": costs, "spending": "nonsense"})), 422)
    spent = send(host, f"{path}/entries", **(body | {"lines": costs, "spending": "contract"}))
    assert spent.status_code == 201
    accrual = {"dated_on": "2026-04-15", "memo": "Rent of March", "lines": costs, "spending": "contract"}
    assert send(host, f"{path}/accruals", **accrual).json()["rule"] == "FU-243"
    heading = {"code": "5050", "name": "Transport", "kind": "expenditure"}
    assert send(host, f"{path}/headings", **heading).status_code == 201
    assert send(host, f"{path}/headings", **heading).json()["rule"] == "FU-227"
    partner = client_with(key_for(person(Role.POOL_MANAGER, "NHS")))
    stranger = client_with(key_for(person(Role.FINANCE_DIRECTOR, "ELSEWHERE")))
    for name, sent in (("entries", body), ("accruals", accrual), ("headings", heading)):
        is_problem(send(partner, f"{path}/{name}", **sent), 403)
        is_problem(send(stranger, f"{path}/{name}", **sent), 404)
    assert Entry.objects.filter(fund=world.fund).count() == 2


def test_the_api_posts_an_accrual_once_its_year_has_ended() -> None:
    world = opened(2025)
    host = client_with(key_for(person(Role.POOL_MANAGER, "COUNCIL")))
    costs = [
        {"heading": chart.EXPENDITURE, "pence": 900, "line_id": world.lines[0].pk},
        {"heading": chart.ACCRUED, "pence": -900},
    ]
    told = {"dated_on": "2026-03-20", "memo": "Rent of March", "lines": costs, "spending": "contract"}
    assert send(host, f"{world.fund.pk}/ledger/accruals", **told).json()["rule"] == "FU-224"
    open_year(fund=world.fund, year=2026, by=BY, at=AT)
    posted = send(host, f"{world.fund.pk}/ledger/accruals", **told).json()
    assert (posted["dated_on"], posted["taken_back_on"]) == ("2026-03-31", "2026-04-01")


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
    again = page(manager.post(there, {"reason": "Once more"}))
    assert f"This receipt was taken back on {date_long(back.received_on)}" in again
    with pytest.raises(Refused, match="takes back another receipt"):
        services.correct_receipt(
            fund=shared.fund, receipt=back, reason="No", by=system(timezone.now()), at=timezone.now()
        )
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
    assert send(manager, path, reason="Again").json()["rule"] == "FU-149"
    rows = manager.get(f"/api/v1/funds/{shared.fund.pk}/instalments").json()
    (row,) = [each for each in rows if each["receipts"]]
    assert [(each["pence"], each["is_taken_back"]) for each in row["receipts"]] == [
        (1_000_000, True),
        (-1_000_000, False),
    ]
    is_problem(send(manager, f"instalments/{receipt.instalment_id}/receipts/999999/corrections", reason="No"), 404)
