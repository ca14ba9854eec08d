"""The partnership's pages: what they show, who may change a post, and that a secondment's access ends to the minute."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from joinedup.access.actor import public, system
from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.access.tests.factories import make_fresh
from joinedup.core.errors import NotPermitted, NotVisible
from joinedup.organisations import queries, services
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import (
    AT,
    actor_of,
    make_account,
    make_cluster,
    make_locality,
    make_organisation,
    make_post,
    make_team,
)

pytestmark = pytest.mark.django_db


def signed_in(account: Account, at: datetime = AT) -> Client:
    client = Client()
    with patch("joinedup.access.middleware.timezone.now", return_value=at):
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        make_fresh(client, at=at)
    return client


def get(client: Client, name: str, at: datetime = AT, **kwargs: Any) -> Any:
    with patch("joinedup.access.middleware.timezone.now", return_value=at):
        return client.get(reverse(name, kwargs=kwargs), secure=True)


def post(client: Client, name: str, data: dict[str, Any], at: datetime = AT, **kwargs: Any) -> Any:
    with patch("joinedup.access.middleware.timezone.now", return_value=at):
        return client.post(reverse(name, kwargs=kwargs), data, secure=True)


@pytest.fixture
def world() -> dict[str, Any]:
    north = make_locality(code="NORTH", name="North", prefixes=("ZZ1",))
    make_cluster(code="OAK", name="Oak cluster", locality=north)
    team = make_team(code="NORTHERN", name="Northern team", localities=(north,), base="Testbridge Centre", case_cap=5)
    trust = make_organisation(code="PCT", name="Exampleshire Trust", kind="nhs", opened_on=date(2002, 4, 1))
    group = make_organisation(code="CCG", name="Exampleshire Group", kind="nhs", opened_on=date(2013, 4, 1))
    board = make_organisation(code="NHS", name="Exampleshire Board", kind="nhs", opened_on=date(2022, 7, 1))
    for earlier, later, day in ((trust, group, date(2013, 4, 1)), (group, board, date(2022, 7, 1))):
        services.succeed_organisation(
            predecessor=earlier, successor=later, on=day, reason="Reform", by=system(AT), at=AT
        )
    ben, manager = make_post(role=Role.TEAM_MANAGER, team=team, name="Ben Testerson")
    cara, secondment = make_post(
        team=team, name="Cara Testwell", employer=board, ends_at=AT + timedelta(days=7),
        funding={board: 4_000, team.host: 6_000}, line_supervisor=manager, full_time_equivalent=Decimal("0.60"),
    )  # fmt: skip
    admin, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR, name="Ada Adminson")
    return locals()


def test_access_ends_the_minute_a_secondment_ends_in_an_open_session(world: dict[str, Any]) -> None:
    end = world["secondment"].ends_at
    client = signed_in(world["cara"], at=end - timedelta(minutes=1))
    assert get(client, "partnership", at=end - timedelta(seconds=1)).status_code == 200
    ended = get(client, "partnership", at=end)
    assert ended.status_code == 403
    assert "Northern team" not in ended.content.decode()


def test_access_ends_at_once_when_a_post_is_ended_in_an_open_session(world: dict[str, Any]) -> None:
    client = signed_in(world["cara"])
    assert get(client, "my_posts").status_code == 200
    answer = post(
        signed_in(world["admin"]), "post_end", {"when": "now", "reason": "Back to the ward", "version": "1"},
        post_id=world["secondment"].pk,
    )  # fmt: skip
    assert answer.status_code == 302
    assert get(client, "my_posts").status_code == 403
    assert queries.posts_in_team(system(AT), world["team"].pk) == [world["manager"]]


def test_the_overview_shows_teams_by_employer_and_posts_that_end_soon(world: dict[str, Any]) -> None:
    text = get(signed_in(world["ben"]), "partnership").content.decode()
    for words in ("Northern team", "Exampleshire Board", "Testbridge Centre", "Oak cluster", "Cara Testwell", "Former"):
        assert words in text
    strength = next(row for row in queries.team_strengths(actor_of(world["ben"])) if row.team == world["team"])
    assert (strength.posts, strength.secondments, strength.full_time_equivalent) == (2, 1, Decimal("1.60"))
    assert [(share.employer.code, share.posts) for share in strength.shares] == [("COUNCIL", 1), ("NHS", 1)]


def test_a_line_of_successors_is_shown_from_any_place_in_it(world: dict[str, Any]) -> None:
    for body in (world["trust"], world["group"], world["board"]):
        page = queries.organisation_page(actor_of(world["ben"]), body.pk)
        assert [era.organisation.code for era in page.eras] == ["PCT", "CCG", "NHS"]
        text = get(signed_in(world["ben"]), "organisation", organisation_id=body.pk).content.decode()
        assert "1 April 2002 to 31 March 2013" in text
    board = queries.organisation_page(actor_of(world["ben"]), world["board"].pk)
    assert [seconded.account.name for seconded in board.seconded] == ["Cara Testwell"]


def test_the_team_page_says_who_pays_and_who_supervises(world: dict[str, Any]) -> None:
    text = get(signed_in(world["cara"]), "team", team_id=world["team"].pk).content.decode()
    assert "Organisation COUNCIL" not in text
    for words in (
        "Exampleshire Council 60%",
        "Exampleshire Board 40%",
        "Secondment",
        "Ben Testerson",
        "Ends soon",
        "0.60",
    ):
        assert words in text


def test_only_the_administrator_is_offered_and_given_the_forms(world: dict[str, Any]) -> None:
    held = world["secondment"]
    for account, allowed in ((world["ben"], False), (world["cara"], False), (world["admin"], True)):
        client = signed_in(account)
        assert ("End this post" in get(client, "post", post_id=held.pk).content.decode()) is allowed
        assert get(client, "post_end", post_id=held.pk).status_code == (200 if allowed else 403)
        assert get(client, "post_extend", post_id=held.pk).status_code == (200 if allowed else 403)


def test_the_administrator_extends_a_secondment(world: dict[str, Any]) -> None:
    held, client = world["secondment"], signed_in(world["admin"])
    day = {"last_day": "2027-03-31"}
    refused = post(client, "post_extend", {"reason": "Needed", "version": "9"} | day, post_id=held.pk)
    assert "Somebody else changed this" in refused.content.decode()
    answer = post(client, "post_extend", {"reason": "Needed", "version": "1"} | day, post_id=held.pk)
    assert answer.status_code == 302, answer.content.decode()
    assert Post.objects.get(pk=held.pk).ends_at == datetime(2027, 4, 1, tzinfo=AT.tzinfo)


def test_the_administrator_appoints_somebody(world: dict[str, Any]) -> None:
    dev, client = make_account(name="Dev Testaway", email="dev@charity.example"), signed_in(world["admin"])
    said = {
        "email": "dev@charity.example", "title": "Key worker", "role": "key_worker", "team": str(world["team"].pk),
        "employer": str(world["board"].pk), "full_time_equivalent": "0.5", "starts_on": "2026-11-18",
    }  # fmt: skip
    refused = post(client, "appoint", said)
    assert "A secondment must have an end" in refused.content.decode()
    answer = post(client, "appoint", said | {"last_day": "2027-03-31"})
    assert answer.status_code == 302, answer.content.decode()
    held = Post.objects.get(account=dev)
    assert (held.starts_at, held.end_in_words) == (AT, "the end of 31 March 2027")
    assert get(signed_in(dev), "partnership").status_code == 200
    assert get(signed_in(world["ben"]), "appoint").status_code == 403


def test_who_sees_what(world: dict[str, Any]) -> None:
    dev = make_account(name="Dev Outsider")
    for name in ("partnership", "my_posts"):
        assert Client().get(reverse(name), secure=True).status_code == 302
        assert get(signed_in(dev), name).status_code == 403
        assert get(signed_in(world["cara"]), name).status_code == 200
    with pytest.raises(NotPermitted):
        queries.partnership(public(AT))
    with pytest.raises(NotVisible):
        queries.organisation_page(actor_of(world["ben"]), world["team"].pk)


def test_a_postcode_finds_its_locality_and_the_teams_that_serve_it(world: dict[str, Any]) -> None:
    south = make_locality(code="SOUTH", name="South", prefixes=("ZZ1 2", "ZZ"))
    viewer = actor_of(world["ben"])
    found = {
        code: queries.locality_for_postcode(viewer, code) for code in ("ZZ1 1AA", "ZZ1 2AA", "ZZ9 9ZZ", "YY1 1YY", "")
    }
    assert found == {"ZZ1 1AA": world["north"], "ZZ1 2AA": south, "ZZ9 9ZZ": south, "YY1 1YY": None, "": None}
    assert queries.teams_serving(viewer, world["north"], on=AT.date()) == [world["team"]]
    assert queries.teams_serving(viewer, south, on=AT.date()) == []
    assert queries.teams_serving(viewer, None, on=AT.date()) == [world["team"]]


def test_ones_own_post_and_those_one_supervises(world: dict[str, Any]) -> None:
    ben = actor_of(world["ben"])
    assert queries.post_of(ben, {Role.TEAM_MANAGER}) == world["manager"]
    assert queries.post_of(ben, {Role.KEY_WORKER}) is None
    assert queries.posts_answering_to(ben, [world["manager"].pk], Role.KEY_WORKER, []) == [world["secondment"]]
    assert queries.posts_with_role(ben, Role.KEY_WORKER, team_id=world["team"].pk) == [world["secondment"]]
    assert [held.pk for held in queries.posts_ending(ben)] == [world["secondment"].pk]
    assert queries.posts_ending(ben, within=timedelta(days=6)) == []


def test_people_of_the_demo_are_those_opened_for_it(world: dict[str, Any]) -> None:
    assert queries.demo_people(public(AT)) == []
    make_post(
        account=make_account(name="Rowan Testerfield", email="rowan@school.example", is_demo=True), role=Role.REFERRER
    )
    ((title, people),) = queries.demo_people(public(AT))
    assert title == "Ask the front door for help"
    assert str(people[0]).startswith("Rowan Testerfield, Referrer")


@pytest.mark.parametrize("name", ["partnership", "team"])
def test_queries_stay_as_many_as_the_partnership_grows(world: dict[str, Any], name: str) -> None:
    client = signed_in(world["ben"])
    kwargs = {"team_id": world["team"].pk} if name == "team" else {}
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert get(client, name, **kwargs).status_code == 200
        counts.append(len(caught))
        for _ in range(4):
            make_post(team=world["team"], line_supervisor=world["manager"])
            make_team(localities=(make_locality(),))
    assert counts[1] <= counts[0] <= 25
