"""Money from one fund to another, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.core.errors import Refused
from joinedup.funds import chart
from joinedup.funds.models import Entry, Fund, FundingStream, PartnershipAgreement, StreamUse
from joinedup.funds.queries.ledger import trial_balance
from joinedup.funds.queries.verifying import verify_ledger
from joinedup.funds.services.ledger import close_period, open_year, post_entry, reverse_entry
from joinedup.funds.services.transfers import take_back_transfer, transfer_between_funds
from joinedup.funds.tests.ledgers import APRIL, MAY, World, make_world
from joinedup.organisations.tests.factories import AT, make_organisation, make_post
from tests.architecture.conftest import BACKEND, sign_in_freshly

pytestmark = pytest.mark.django_db
BY = system(AT)


def two_pools(model: str = "pooled") -> tuple[World, Fund]:
    """A fund with £100 at the bank, and a second one of the same agreement."""
    world = make_world()
    _, manager = make_post(role=Role.POOL_MANAGER, host=world.partners[0].organisation)
    PartnershipAgreement.objects.filter(pk=world.fund.agreement_id).update(
        state="open", host=world.partners[0], starts_on=date(2026, 4, 1), pool_manager=manager
    )
    world.fund.refresh_from_db()
    other = Fund.objects.create(
        agreement=world.fund.agreement, code=f"{world.fund.code}B", name="The other pool", model=model,
        host=world.partners[1], power="section_75", year=2026,
    )  # fmt: skip
    open_year(fund=other, year=2026, by=BY, at=AT)
    post_entry(fund=world.fund, draft=world.receive("council", 10_000), by=BY, at=AT)
    return world, other


def move(world: World, other: Fund, **said: Any) -> tuple[Entry, Entry]:
    asked = {
        "key": "1",
        "pence": 4_000,
        "dated_on": APRIL,
        "decision": "Both chiefs, minute 4",
        "by": BY,
        "at": AT,
    } | said
    return transfer_between_funds(fund=world.fund, to_fund=other, **asked)


def refusal(call: object) -> str:
    with pytest.raises(Refused) as caught, transaction.atomic():
        call()  # type: ignore[operator]
    return caught.value.rule


def standing(fund: Fund) -> dict[str, int]:
    shown = trial_balance(BY, fund, year=2026)
    assert shown.closing == 0
    return {row.code: row.closing for row in shown.rows if row.closing}


def test_both_funds_balance_and_answer_each_other() -> None:
    world, other = two_pools()
    out, into = move(world, other)
    assert out.pair == into.pair is not None
    assert standing(world.fund) == {chart.BANK: 6_000, chart.OTHER_FUNDS: 4_000, chart.CONTRIBUTIONS: -10_000}
    assert standing(other) == {chart.BANK: 4_000, chart.OTHER_FUNDS: -4_000}
    again = move(world, other)
    assert (again[0].pk, again[1].pk) == (out.pk, into.pk)
    assert verify_ledger(BY).is_sound


def test_it_goes_back_whole() -> None:
    world, other = two_pools()
    out, _ = move(world, other)
    assert refusal(lambda: reverse_entry(entry=out, dated_on=MAY, reason="Half of it", by=BY, at=AT)) == "FU-218"
    take_back_transfer(fund=world.fund, entry=out, dated_on=MAY, reason="It was not needed", by=BY, at=AT)
    assert standing(other) == {}
    assert standing(world.fund) == {chart.BANK: 10_000, chart.CONTRIBUTIONS: -10_000}

    def again() -> object:
        return take_back_transfer(fund=world.fund, entry=out, dated_on=MAY, reason="Again", by=BY, at=AT)

    assert refusal(again) == "FU-211"
    bought = post_entry(fund=world.fund, draft=world.spend("invoice", 1), by=BY, at=AT)
    wrong = {"fund": world.fund, "entry": bought, "dated_on": MAY, "reason": "x", "by": BY, "at": AT}
    assert refusal(lambda: take_back_transfer(**wrong)) == "FU-236"


@pytest.mark.parametrize("model", ["aligned", "joint", "grant"])
def test_only_pooled_funds_give_and_take(model: str) -> None:
    world, other = two_pools(model)
    with pytest.raises(Refused, match="The other pool is") as caught, transaction.atomic():
        move(world, other)
    assert caught.value.rule == "FU-234"
    assert not Entry.objects.filter(fund=other).exists()


def test_what_else_is_refused() -> None:
    world, other = two_pools()
    assert refusal(lambda: move(world, world.fund)) == "FU-231"
    assert refusal(lambda: move(world, other, pence=0)) == "FU-134"
    assert refusal(lambda: move(world, other, decision=" ")) == "FU-124"
    assert refusal(lambda: move(world, other, pence=10_001)) == "FU-235"
    assert refusal(lambda: move(world, other, dated_on=date(2031, 1, 1))) == "FU-237"
    assert refusal(lambda: move(world, other, dated_on=date(2021, 1, 1))) == "FU-205"
    assert refusal(lambda: move(world, make_world().fund)) == "FU-234"
    close_period(period=world.month(1), by=BY, at=AT)
    assert refusal(lambda: move(world, other)) == "FU-206"
    assert not Entry.objects.filter(fund=other).exists()
    PartnershipAgreement.objects.filter(pk=world.fund.agreement_id).update(state="ended")
    world.fund.refresh_from_db()
    assert refusal(lambda: move(world, other, dated_on=MAY)) == "FU-128"


def test_ring_fenced_money_goes_where_its_consent_goes() -> None:
    world, other = two_pools()
    grant = FundingStream.objects.create(
        code="PHG", name="Public health", kind="public_health_grant", is_ring_fenced=True
    )
    assert refusal(lambda: move(world, other, stream=grant)) == "FU-234"
    StreamUse.objects.create(
        fund=other, stream=grant, consented_by="The department", consented_on=APRIL, recorded_at=AT
    )
    move(world, other, stream=grant)
    assert standing(other)[chart.BANK] == 4_000


def director(host: str = "COUNCIL") -> Client:
    account, _ = make_post(
        role=Role.FINANCE_DIRECTOR, host=make_organisation(code=host), at=timezone.now() - timedelta(days=9)
    )
    client = Client()
    client.force_login(account, backend=BACKEND)
    sign_in_freshly(client)
    return client


def test_its_page_moves_money_once_and_takes_it_back() -> None:
    world, other = two_pools()
    host, here = director(), reverse("fund_transfer", args=[world.fund.pk])
    page = host.get(here).content.decode()
    assert "£100 at the bank" in page
    assert "The other pool" in page
    said = {
        "key": "once", "to_fund": str(other.pk), "amount": "40", "stream": "", "decision": "Both chiefs, minute 4",
        "dated_on-day": "1", "dated_on-month": "4", "dated_on-year": "2026",
    }  # fmt: skip
    assert "There is a problem" in host.post(here, said | {"amount": "101"}).content.decode()
    assert "Say who agreed" in host.post(here, said | {"decision": ""}).content.decode()
    assert not Entry.objects.filter(fund=other).exists()
    for _ in range(2):  # sent twice, it is moved once
        assert host.post(here, said).status_code == 302
    assert standing(other) == {chart.BANK: 4_000, chart.OTHER_FUNDS: -4_000}
    out = Entry.objects.get(fund=world.fund, source_kind="funds.transfer")
    shown = host.get(reverse("fund_entry", args=[out.pk])).content.decode()
    assert "Take it back" in shown
    back = {"reason": "Not needed", "dated_on-day": "1", "dated_on-month": "5", "dated_on-year": "2026"}
    assert host.post(reverse("fund_entry_reverse", args=[out.pk]), back).status_code == 302
    assert standing(other) == {}
    assert "Take it back" not in host.get(reverse("fund_entry", args=[out.pk])).content.decode()


def test_who_gets_its_page() -> None:
    world, other = two_pools()
    here = reverse("fund_transfer", args=[world.fund.pk])
    assert director("COUNCIL").get(here).status_code == 200
    assert director("ELSEWHERE").get(here).status_code == 404
    Fund.objects.filter(pk=other.pk).update(model="aligned")
    refused = director("COUNCIL").get(here)
    assert refused.status_code == 409
    assert "no other pooled fund" in refused.content.decode()
