"""Shared money by the API: the same figures, rules and viewers as the pages."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from joinedup.access.actor import system
from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.api.tests.test_api import client_with, is_problem, key_for
from joinedup.core.models import new_id
from joinedup.funds import services
from joinedup.funds.models import BudgetLine, Commitment, Instalment
from joinedup.funds.services import PartSaid
from joinedup.funds.services.sharing import RuleSaid, set_risk_share_rule
from joinedup.funds.tests.factories import YEAR, Shared, make_open
from joinedup.organisations.tests.factories import make_post

pytestmark = pytest.mark.django_db


class World:
    """A pool of £20m and £8m with a rule for what is over, and a family's budget of £500 that Amira holds."""

    def __init__(self) -> None:
        self.shared: Shared = make_open()
        assert self.shared.fund is not None
        self.fund, now = self.shared.fund, timezone.now()
        by = system(now)
        self.account, self.post_of_amira = make_post(
            role=Role.KEY_WORKER, employer=self.shared.council, name="Amira Testerly"
        )
        line = BudgetLine.objects.get(pk=self.shared.lines["SHORT-council"].pk)
        said = PartSaid(
            "F", "Family 1", 50_000, "family", family_id=new_id(), holder=self.post_of_amira, limit_pence=20_000
        )
        self.line = services.hand_on_budget(line=line, said=said, by=by, at=now)
        rule = RuleSaid(
            '{"name": "proportional"}',
            "7.2 By contributions.",
            "year_end",
            timezone.localdate(now) - timedelta(days=99),
        )
        set_risk_share_rule(fund=self.fund, said=rule, by=by, at=now)

    def who(self, name: str) -> Account:
        actors = {
            "manager": self.shared.pool_manager, "chief": self.shared.chiefs["council"], "nhs": self.shared.directors["nhs"]
        }  # fmt: skip
        if name == "amira":
            return self.account
        actor = actors[name]
        assert actor is not None
        return Account.objects.get(pk=actor.account_id)

    def get(self, who: str, path: str, **query: Any) -> Any:
        return client_with(key_for(self.who(who))).get(f"/api/v1/funds/{path}", query)

    def post(self, who: str, path: str, key: str = "", **sent: Any) -> Any:
        client = client_with(key_for(self.who(who)))
        more = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
        body = json.dumps(sent, default=str)
        return client.post(f"/api/v1/funds/{path}", body, content_type="application/json", **more)


@pytest.fixture
def world() -> World:
    return World()


def test_what_is_read_is_what_the_pages_say_and_nobody_elses(world: World) -> None:
    fund = world.fund.pk
    (row,) = world.get("manager", "agreements").json()
    assert [each["name"] for each in row["funds"]] == [world.fund.name]
    seen = world.get("manager", f"agreements/{row['id']}").json()
    assert (seen["state"], [task["what"] for task in seen["tasks"] if not task["is_done"]]) == ("open", [])
    page = world.get("manager", f"{fund}").json()
    assert page["total"]["budget"] == 2_800_000_000
    family = next(each for each in page["lines"] if each["code"] == "F")
    assert (family["parent_id"], family["figures"]["left"]) == (str(world.shared.lines["SHORT-council"].pk), 50_000)
    assert {each["name"]: each["agreed"] for each in page["partners"]} == {
        "Exampleshire Council": 2_000_000_000, "Exampleshire Integrated Care Board": 800_000_000
    }  # fmt: skip
    shown = world.get("manager", f"{fund}/risk-share").json()
    assert sum(shown["shares"].values()) + shown["unallocated"] + shown["contingency"] == shown["variance"]
    assert len(shown["hash"]) == 64
    assert len(world.get("manager", f"{fund}/forecast").json()["lines"]) == 5
    assert [each["quarter"] for each in world.get("manager", f"{fund}/reports").json()] == [1, 2, 3, 4, None]
    assert world.get("manager", f"{fund}/invoices").json() == world.get("manager", "disputes").json() == []
    for path in (
        f"{fund}",
        f"{fund}/ledger",
        f"{fund}/ledger/lines",
        f"{fund}/statements",
        f"{fund}/forecast",
        f"{fund}/risk-share",
    ):
        is_problem(world.get("amira", path), 404)
    is_problem(world.get("amira", "agreements"), 403)


def test_every_figure_opens_to_its_lines(world: World) -> None:
    fund = world.fund.pk
    instalment = Instalment.objects.filter(contribution__fund=world.fund).order_by("due_on", "pk")[0]
    services.call_instalments(fund=world.fund, by=system(timezone.now()), at=timezone.now())
    came = {"pence": 1_000_000, "received_on": timezone.localdate(), "reference": "Bank 1"}
    made = world.post("manager", f"instalments/{instalment.pk}/receipts", **came)
    assert made.status_code == 201
    shown = world.get("manager", f"{fund}/ledger").json()
    assert (shown["closing"], shown["debit"] == shown["credit"]) == (0, True)
    for row in shown["rows"]:
        lines = world.get("manager", f"{fund}/ledger/lines", account=row["account_id"], year=shown["year"]).json()
        assert lines["figure"] == row["closing"]
    entry = world.get("manager", f"entries/{made.json()['entry_id']}").json()
    assert sum(each["pence"] for each in entry["lines"]) == 0
    assert len(entry["digest"]) == 64
    for said in world.get("manager", f"{fund}/statements", quarter=4).json():
        for balance in said["balances"]:
            if balance["opens"]:
                found = world.get("manager", f"{fund}/ledger/lines", **balance["opens"]).json()
                assert found["figure"] == balance["pence"], balance
    is_problem(world.get("manager", f"{fund}/ledger/lines", book="gold"), 422)
    refused = world.post("manager", f"instalments/{instalment.pk}/receipts", **(came | {"pence": 10**12}))
    assert refused.json()["rule"] == "FU-153"
    is_problem(world.post("nhs", f"instalments/{instalment.pk}/receipts", **came), 403)


def test_a_promise_is_made_once_and_taken_back(world: World) -> None:
    said = {"pence": 18_000, "what": "A washing machine"}
    path = f"lines/{world.line.pk}/commitments"
    made = world.post("amira", path, "one", **said)
    assert made.status_code == 201
    assert world.post("amira", path, "one", **said).json() == made.json()
    assert Commitment.objects.count() == 1
    assert world.post("amira", path, pence=30_000, what="Beds").json()["rule"] == "FU-141"
    is_problem(world.post("manager", path, **said), 403)
    is_problem(world.post("amira", path, pence=1.5, what="Beds"), 422)
    gone = world.post("amira", f"commitments/{made.json()['id']}/release", reason="Given by a neighbour.")
    assert gone.json()["state"] == "released"


def test_a_statement_is_signed_as_it_was_read(world: World) -> None:
    year = YEAR - 1  # over, with nothing in it
    path, at = f"{world.fund.pk}/statements", {"year": year, "quarter": 4}
    read = world.get("chief", path, **at).json()[0]
    sent = {"partner_id": read["partner_id"], **at, "digest": read["digest"]}
    is_problem(world.post("nhs", f"{path}/signatures", **sent), 403)
    assert world.post("chief", f"{path}/signatures", **(sent | {"digest": "0" * 64})).json()["rule"] == "FU-311"
    signed = world.post("chief", f"{path}/signatures", **sent).json()
    assert (signed["decision"], signed["is_as_signed"]) == ("agreed", True)
