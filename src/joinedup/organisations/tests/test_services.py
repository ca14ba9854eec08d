"""Keeping the partnership: what succeeds, what is refused and with which rule, and that the audit trail says so."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, Refused
from joinedup.organisations import services
from joinedup.organisations.models import LocalityPostcode, Post, TeamLocality
from joinedup.organisations.tests.factories import (
    AT,
    LONG_AGO,
    actor_of,
    make_account,
    make_locality,
    make_organisation,
    make_post,
    make_team,
)

pytestmark = pytest.mark.django_db
BY = system(AT)


def refused(rule: str, **call: Any) -> None:
    function = call.pop("call")
    with pytest.raises(Refused) as caught:
        function(**call)
    assert caught.value.rule == rule
    assert caught.value.sentence.endswith(".")
    assert AuditEvent.objects.filter(kind="refusal", rule=rule).exists()


def nhs_history() -> tuple[Any, Any, Any]:
    trust = make_organisation(code="PCT", kind="nhs", opened_on=date(2002, 4, 1), closed_on=date(2013, 3, 31))
    group = make_organisation(code="CCG", kind="nhs", opened_on=date(2013, 4, 1))
    board = make_organisation(code="NHS", kind="nhs", opened_on=date(2022, 7, 1))
    return trust, group, board


def test_bodies_succeed_one_another_and_history_stays() -> None:
    trust, group, board = nhs_history()
    services.succeed_organisation(
        predecessor=trust, successor=group, on=date(2013, 4, 1), reason="Reform of 2012", by=BY, at=AT
    )
    services.succeed_organisation(
        predecessor=group, successor=board, on=date(2022, 7, 1), reason="Reform of 2022", by=BY, at=AT
    )
    group.refresh_from_db()
    trust.refresh_from_db()
    assert group.closed_on == date(2022, 6, 30)
    assert (trust.name, trust.closed_on) == ("Organisation PCT", date(2013, 3, 31))
    row = AuditEvent.objects.filter(action="organisations.succeed_organisation").latest("id")
    assert row.subject_id == str(group.pk)


def test_succession_refusals() -> None:
    trust, group, board = nhs_history()
    succeed = {"call": services.succeed_organisation, "reason": "Reform", "by": BY, "at": AT}
    refused("OR-18", predecessor=trust, successor=group, on=date(2013, 4, 2), **succeed)
    refused("OR-16", predecessor=group, successor=board, on=date(2022, 6, 1), **succeed)
    refused("OR-17", predecessor=group, successor=group, on=date(2022, 7, 1), **succeed)
    services.succeed_organisation(
        predecessor=group, successor=board, on=date(2022, 7, 1), reason="Reform", by=BY, at=AT
    )
    refused("OR-17", predecessor=board, successor=group, on=date(2026, 7, 1), **succeed)


def test_an_organisation_with_people_in_post_does_not_close() -> None:
    charity = make_organisation(code="CHARITY", kind="voluntary", opened_on=date(2010, 1, 1))
    _, post = make_post(employer=charity, ends_at=AT + timedelta(days=10))
    close = {"call": services.close_organisation, "reason": "Merged", "by": BY, "at": AT}
    refused("OR-15", organisation=charity, closed_on=AT.date(), **close)
    refused("OR-13", organisation=charity, closed_on=date(2009, 1, 1), **close)
    services.end_post(post=post, ends_at=AT + timedelta(hours=1), reason="Closing", version=1, by=BY, at=AT)
    services.close_organisation(organisation=charity, closed_on=AT.date(), reason="Merged", by=BY, at=AT)
    refused("OR-14", organisation=charity, closed_on=AT.date(), **close)


def test_codes_are_unique_and_tidy() -> None:
    organisation = make_organisation(code=" council ".strip())
    assert organisation.code == "COUNCIL"
    refused("OR-12", call=services.open_organisation, code="council", name="Again", kind="council", by=BY, at=AT)
    refused(
        "OR-13", call=services.open_organisation, code="X", name="X", kind="nhs", by=BY, at=AT,
        opened_on=date(2020, 1, 2), closed_on=date(2020, 1, 1),
    )  # fmt: skip


def test_postcodes_belong_to_one_locality() -> None:
    north = make_locality(code="NORTH", prefixes=("zz1", "ZZ2  3"))
    south = make_locality(code="SOUTH")
    services.map_postcodes(locality=north, prefixes=["ZZ1", "zz5 2ab"], by=BY, at=AT)
    assert set(LocalityPostcode.objects.values_list("prefix", flat=True)) == {"ZZ1", "ZZ2 3", "ZZ5 2AB"}
    refused("OR-20", call=services.map_postcodes, locality=south, prefixes=["ZZ1"], by=BY, at=AT)
    refused("OR-19", call=services.map_postcodes, locality=south, prefixes=["nowhere"], by=BY, at=AT)


def test_localities_of_a_team_change_on_a_day_and_keep_their_history() -> None:
    north, south = make_locality(code="NORTH"), make_locality(code="SOUTH")
    team = make_team(localities=(north,))
    services.set_team_localities(team=team, localities=[north, south], on=date(2026, 1, 1), by=BY, at=AT)
    services.set_team_localities(team=team, localities=[south], on=date(2026, 6, 1), by=BY, at=AT)
    rows = {row.locality_id: (row.starts_on, row.ends_on) for row in TeamLocality.objects.filter(team=team)}
    assert rows == {
        north.pk: (LONG_AGO.date(), date(2026, 5, 31)),
        south.pk: (date(2026, 1, 1), None),
    }


def test_a_post_takes_its_host_from_the_team_and_its_funding_from_the_employer() -> None:
    nhs, team = make_organisation(code="NHS", kind="nhs"), make_team()
    _, post = make_post(team=team, employer=nhs, ends_at=AT + timedelta(days=90))
    assert post.is_secondment
    assert post.host == team.host
    assert list(post.funding.values_list("organisation__code", "share")) == [("NHS", 10_000)]
    row = AuditEvent.objects.filter(action="organisations.appoint_to_post").latest("id")
    assert (row.subject_kind, row.subject_id) == ("organisations.post", str(post.pk))


def test_appointment_refusals() -> None:
    council = make_organisation(code="COUNCIL")
    nhs = make_organisation(code="NHS", kind="nhs", opened_on=date(2022, 7, 1))
    account = make_account()
    own, own_post = make_post(employer=council)
    post = {
        "call": services.appoint_to_post, "account": account, "title": "Worker", "role": Role.KEY_WORKER,
        "employer": council, "starts_at": LONG_AGO, "by": BY, "at": AT,
    }  # fmt: skip
    refused("OR-1", **post | {"employer": nhs, "host": council})
    refused("OR-2", **post, funding={council: 6_000, nhs: 3_999})
    refused("OR-2", **post, funding={})
    refused("OR-3", **post | {"employer": nhs, "starts_at": datetime(2022, 6, 30, 9, tzinfo=ZoneInfo("Europe/London"))})
    refused("OR-4", **post | {"account": own}, line_supervisor=own_post)
    refused("OR-5", **post, ends_at=LONG_AGO)
    refused("OR-6", **post, full_time_equivalent=Decimal("1.01"))
    refused("OR-7", **post | {"role": Role.SOCIAL_WORKER})
    refused("OR-8", **post | {"starts_at": LONG_AGO - timedelta(days=1)}, clinical_supervisor=own_post)
    assert not Post.objects.filter(account=account).exists()


def test_a_post_ends_when_it_is_ended_and_not_in_the_past() -> None:
    account, post = make_post(ends_at=AT + timedelta(days=5))
    end = {"call": services.end_post, "post": post, "reason": "Left", "by": BY, "at": AT}
    refused("OR-9", ends_at=AT - timedelta(minutes=1), version=1, **end)
    services.end_post(post=post, ends_at=AT, reason="Left", version=1, by=BY, at=AT)
    assert actor_of(account, AT).standings == ()
    assert actor_of(account, AT - timedelta(microseconds=1)).roles == {Role.KEY_WORKER}
    refused("OR-10", ends_at=AT + timedelta(days=1), version=2, **end)
    refused("CO-1", ends_at=AT + timedelta(days=1), version=1, **end)


def test_a_secondment_is_extended_only_while_it_runs_and_only_forwards() -> None:
    nhs = make_organisation(code="NHS", kind="nhs", opened_on=date(2022, 7, 1))
    account, post = make_post(team=make_team(), employer=nhs, ends_at=AT + timedelta(days=5))
    extend = {"call": services.extend_post, "post": post, "reason": "Still needed", "by": BY}
    refused("OR-11", ends_at=AT + timedelta(days=5), version=1, at=AT, **extend)
    refused("OR-10", ends_at=AT + timedelta(days=9), version=1, at=AT + timedelta(days=5), **extend)
    services.extend_post(post=post, ends_at=AT + timedelta(days=30), reason="Still needed", version=1, by=BY, at=AT)
    assert actor_of(account, AT + timedelta(days=6)).roles == {Role.KEY_WORKER}


def test_only_the_administrator_keeps_the_partnership() -> None:
    manager, _ = make_post(role=Role.FRONT_DOOR_MANAGER)
    administrator, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    with pytest.raises(NotPermitted) as caught:
        services.open_locality(code="X", name="X", by=actor_of(manager), at=AT)
    assert "system administrator" in caught.value.sentence
    services.open_locality(code="X", name="X", by=actor_of(administrator), at=AT)
