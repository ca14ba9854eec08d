"""Builders for tests of this part and the parts above. They call the services, as the program itself, at one moment."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from joinedup.access.actor import Actor, system
from joinedup.access.models import Account
from joinedup.access.queries import actor_for_account
from joinedup.access.roles import Role
from joinedup.access.services import open_account
from joinedup.organisations import services
from joinedup.organisations.models import Cluster, Locality, Organisation, Post, Team

AT = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/London"))  # a Wednesday
LONG_AGO = AT - timedelta(days=700)
_number = itertools.count(1)


def make_organisation(
    *, code: str = "", name: str = "", kind: str = "council", at: datetime = AT, **facts: Any
) -> Organisation:
    """An organisation; the same code twice gives the one that is there."""
    code = code or f"ORG{next(_number)}"
    there = Organisation.objects.filter(code=code).first()
    return there or services.open_organisation(
        code=code, name=name or f"Organisation {code}", kind=kind, by=system(at), at=at, **facts
    )


def make_locality(*, code: str = "", name: str = "", prefixes: tuple[str, ...] = (), at: datetime = AT) -> Locality:
    """A locality with its postcode prefixes."""
    code = code or f"LOC{next(_number)}"
    return services.open_locality(code=code, name=name or f"Locality {code}", prefixes=prefixes, by=system(at), at=at)


def make_cluster(*, locality: Locality, code: str = "", name: str = "", at: datetime = AT) -> Cluster:
    """A cluster of schools in a locality."""
    code = code or f"CLU{next(_number)}"
    return services.open_cluster(code=code, name=name or f"Cluster {code}", locality=locality, by=system(at), at=at)


def make_team(
    *,
    code: str = "",
    name: str = "",
    kind: str = "case_management",
    host: Organisation | None = None,
    localities: tuple[Locality, ...] = (),
    case_cap: int | None = None,
    at: datetime = AT,
    **facts: Any,
) -> Team:
    """A team hosted by the council, serving localities since long ago."""
    code = code or f"TEAM{next(_number)}"
    team = services.open_team(
        code=code,
        name=name or f"Team {code}",
        kind=kind,
        host=host or make_organisation(code="COUNCIL", name="Exampleshire Council"),
        case_cap=case_cap,
        by=system(at),
        at=at,
        **facts,
    )
    if localities:
        services.set_team_localities(team=team, localities=localities, on=LONG_AGO.date(), by=system(at), at=at)
    return team


def make_account(*, name: str = "", email: str = "", at: datetime = AT, is_demo: bool = False) -> Account:
    """An account without a password."""
    number = next(_number)
    return open_account(
        email=email or f"person{number}@council.example",
        name=name or f"Person Testerly {number}",
        password=None,
        is_demo=is_demo,
        by=system(at),
        at=at,
    )


def make_post(
    *,
    role: Role = Role.KEY_WORKER,
    team: Team | None = None,
    account: Account | None = None,
    name: str = "",
    email: str = "",
    title: str = "",
    employer: Organisation | None = None,
    host: Organisation | None = None,
    starts_at: datetime = LONG_AGO,
    ends_at: datetime | None = None,
    funding: Mapping[Organisation, int] | None = None,
    is_registered_social_worker: bool | None = None,
    at: datetime = AT,
    **facts: Any,
) -> tuple[Account, Post]:
    """Somebody in a post since long ago: `account, post = make_post(role=Role.TEAM_MANAGER, team=team, name="Ben …")`.

    The employer is the team's host, or the council, unless given; another employer makes it a secondment, which then
    needs `ends_at` or `review_on`.
    """
    account = account or make_account(name=name, email=email, at=at)
    if employer is None:
        employer = team.host if team else host or make_organisation(code="COUNCIL", name="Exampleshire Council")
    registered = role == Role.SOCIAL_WORKER if is_registered_social_worker is None else is_registered_social_worker
    post = services.appoint_to_post(
        account=account,
        title=title or str(role).replace("_", " ").capitalize(),
        role=role,
        team=team,
        employer=employer,
        host=host,
        starts_at=starts_at,
        ends_at=ends_at,
        funding=funding,
        is_registered_social_worker=registered,
        by=system(at),
        at=at,
        **facts,
    )
    return account, post


def actor_of(account: Account, at: datetime = AT, *, via: str = "web") -> Actor:
    """The person at work at a moment, with the standings their posts give them then."""
    return actor_for_account(account.pk, at=at, via=via)
