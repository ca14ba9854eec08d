"""The pages of the ledger: who sees them, what is on them, what their buttons do, and their files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.funds import chart
from joinedup.funds.models import Entry, Period
from joinedup.funds.queries import head_of_ledger
from joinedup.funds.services.ledger import open_year, post_entries
from joinedup.funds.tests.ledgers import AFTER, World, make_world, sign_year
from joinedup.organisations.tests.factories import AT, make_organisation, make_post
from tests.architecture.conftest import BACKEND, sign_in_freshly

pytestmark = pytest.mark.django_db
BY = system(AT)


def signed_in(role: Role, organisation: str) -> Client:
    account, _ = make_post(role=role, host=make_organisation(code=organisation), at=timezone.now() - timedelta(days=9))
    client = Client()
    client.force_login(account, backend=BACKEND)
    sign_in_freshly(client)
    return client


@pytest.fixture
def world() -> World:
    made = make_world()
    drafts = [made.spend(f"invoice {n}", 1_000 + n, line=n % 3) for n in range(4)]
    post_entries(fund=made.fund, drafts=[*drafts, made.receive("council", 50_000)], by=BY, at=AT)
    return made


@pytest.fixture
def host(world: World) -> Client:
    return signed_in(Role.FINANCE_DIRECTOR, "COUNCIL")


def url(name: str, world: World) -> str:
    return reverse(name, kwargs={"fund_id": world.fund.pk})


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_a_figure_opens_to_its_lines_and_a_line_to_its_entry(world: World, host: Client) -> None:
    shown = text(host.get(url("fund_ledger", world)))
    assert "£40.06 debit" in shown  # spent
    assert head_of_ledger(BY, world.fund)[1] in shown
    account = world.accounts[chart.EXPENDITURE]
    lines = text(host.get(f"{url('fund_ledger_lines', world)}?account={account}&book=actual&year=2026"))
    assert "£40.06 debit, from 4 lines" in lines
    entry = Entry.objects.get(fund=world.fund, key="invoice 2")
    assert reverse("fund_entry", kwargs={"posted_id": entry.pk}) in lines
    page = text(host.get(reverse("fund_entry", kwargs={"posted_id": entry.pk})))
    assert entry.seal.digest in page
    assert "£10.02" in page


def test_an_entry_is_taken_back_on_the_page(world: World, host: Client) -> None:
    entry = Entry.objects.get(fund=world.fund, key="invoice 2")
    there = reverse("fund_entry_reverse", kwargs={"posted_id": entry.pk})
    assert "Take back" in text(host.get(there))
    said = {"dated_on-day": "2", "dated_on-month": "5", "dated_on-year": "2026", "reason": "Paid twice"}
    answer = host.post(there, said | {"reason": ""})
    assert "Say why it is taken back" in text(answer)
    page = text(host.post(there, said, follow=True))
    assert "It is taken back" in page
    assert "Taken back by" in page
    assert Entry.objects.get(reverses=entry).memo == "Paid twice"
    assert "reversed already" in text(host.post(there, said))


@contextmanager
def now_it_is(moment: datetime) -> Iterator[None]:
    """Whoever asks, asks then."""
    with patch("joinedup.access.middleware.timezone.now", return_value=moment):
        yield


@pytest.fixture
def afterwards() -> Iterator[None]:
    """When the year is over."""
    with now_it_is(AFTER):
        yield


def test_a_month_that_is_not_over_has_no_button(world: World, host: Client) -> None:
    early = datetime(2026, 4, 30, 23, tzinfo=AFTER.tzinfo)
    april = world.month(1)
    with now_it_is(early):
        assert "Close April 2026" not in text(host.get(url("fund_months", world)))
        answer = host.post(url("fund_month_close", world), {"period": str(april.pk)})
    assert answer.status_code == 409
    assert "April 2026 ends on 30 April 2026." in answer.content.decode()


@pytest.mark.usefixtures("afterwards")
def test_a_month_is_closed_and_stays_closed(world: World, host: Client) -> None:
    months = text(host.get(url("fund_months", world)))
    assert "Close April 2026" in months
    april = world.month(1)
    answer = host.post(url("fund_month_close", world), {"period": str(april.pk)}, follow=True)
    assert "April 2026 is closed" in text(answer)
    assert Period.objects.get(pk=april.pk).state == "closed"
    assert host.post(url("fund_month_close", world), {"period": str(april.pk)}).status_code == 409
    other = make_world().month(1)
    assert host.post(url("fund_month_close", world), {"period": str(other.pk)}).status_code == 404


@pytest.mark.usefixtures("afterwards")
def test_a_year_is_closed_on_the_page(world: World, host: Client) -> None:
    there = url("fund_year_close", world)
    assert "£459.94 is left over" in text(host.get(there))
    assert "Open the year 2027/28 first" in text(host.post(there, {}))
    host.post(url("fund_year_open", world), {"year": "2027"})
    assert "has neither agreed nor disputed its balance" in text(host.post(there, {"returned_1": "59.94"}))
    sign_year(world.fund)
    assert host.post(there, {"returned_1": "59.94"}).status_code == 302
    assert set(Period.objects.filter(fund=world.fund, year=2026).values_list("state", flat=True)) == {"closed"}
    shown = text(host.get(f"{url('fund_ledger', world)}?year=2027"))
    assert "£59.94 credit" in shown
    assert "£400 credit" in shown


def test_files_add_up(world: World, host: Client) -> None:
    rows = list(csv.reader(io.StringIO(text(host.get(url("fund_ledger_csv", world))))))
    assert [row for row in rows if row[1] == "Total"] == [["", "Total", "0.00", "540.06", "540.06", "0.00"]]
    content = host.get(url("fund_ledger_xlsx", world)).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet["F2"].value == "=C2+D2-E2"
    account = world.accounts[chart.EXPENDITURE]
    lines = host.get(f"{url('fund_ledger_lines_xlsx', world)}?account={account}").content
    sheet = openpyxl.load_workbook(io.BytesIO(lines)).worksheets[0]
    assert sheet["J3"].value == "=J2+H3-I3"
    assert sheet["H6"].value == "=SUM(H2:H5)"
    values = openpyxl.load_workbook(io.BytesIO(lines), data_only=True).worksheets[0]
    assert values["J6"].value == pytest.approx(40.06)
    lines = list(csv.reader(io.StringIO(text(host.get(f"{url('fund_ledger_lines_csv', world)}?account={account}")))))
    assert [row[-1] for row in lines] == ["Balance", "10.00", "20.01", "30.03", "40.06"]


def test_who_sees_it(world: World) -> None:
    partner = signed_in(Role.POOL_MANAGER, "NHS")
    assert "Trial balance" in text(partner.get(url("fund_ledger", world)))
    assert "Close April" not in text(partner.get(url("fund_months", world)))
    assert partner.post(url("fund_month_close", world), {"period": str(world.month(1).pk)}).status_code == 403
    stranger = signed_in(Role.FINANCE_DIRECTOR, "ELSEWHERE")
    assert stranger.get(url("fund_ledger", world)).status_code == 404
    worker = signed_in(Role.KEY_WORKER, "COUNCIL")
    assert worker.get(url("fund_ledger", world)).status_code in {403, 404}


def test_a_fund_without_a_year(host: Client) -> None:
    world = make_world(opened=False)
    assert "no year is open" in text(host.get(url("fund_ledger", world)))
    assert "Open 2026/27" in text(host.get(url("fund_months", world)))
    host.post(url("fund_year_open", world), {"year": "2026"})
    assert Period.objects.filter(fund=world.fund).count() == 12
    assert open_year(fund=world.fund, year=2026, by=BY, at=AT)[0].number == 1


@pytest.mark.parametrize("wrong", ["account=x", "line=%00", "year=nine", "after=zzz", "book=petty"])
def test_odd_addresses(world: World, host: Client, wrong: str) -> None:
    assert host.get(f"{url('fund_ledger_lines', world)}?{wrong}").status_code in {200, 404}
