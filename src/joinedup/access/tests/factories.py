"""Accounts and actors for tests. Standings are given directly: this part knows no posts."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.contrib.auth import SESSION_KEY

from joinedup.access.actor import Actor, Standing
from joinedup.access.models import Account
from joinedup.access.roles import Role

AT = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/London"))  # a Wednesday
PASSWORD = "correct horse battery staple"


def make_account(*, name: str = "Ada Testerfield", password: str | None = None, is_demo: bool = False) -> Account:
    """An account that may sign in when it is given a password."""
    account = Account(
        email=f"{name.split()[0].lower()}.{uuid4().hex[:6]}@council.example", name=name, opened_at=AT, is_demo=is_demo
    )
    if password:
        account.set_password(password)
    else:
        account.set_unusable_password()
    account.save(force_insert=True)
    return account


def make_standing(role: Role, *, ends_at: datetime | None = None, team_id: UUID | None = None) -> Standing:
    """A post with a role in an organisation nobody else is in."""
    return Standing(
        role=role,
        source_id=uuid4(),
        title=role.value.replace("_", " "),
        organisation_id=uuid4(),
        organisation_name="Testerfield Council",
        team_id=team_id,
        ends_at=ends_at,
    )


def make_actor(*roles: Role, account: Account | None = None, at: datetime = AT) -> Actor:
    """Somebody who holds these roles; with an account when the test needs one that is really there."""
    return Actor(
        account_id=account.pk if account else uuid4(),
        name=account.name if account else "Ada Testerfield",
        at=at,
        standings=tuple(make_standing(role) for role in roles),
    )


def make_fresh(
    client: Any, *, method: str = "demo", ago: timedelta = timedelta(minutes=1), at: datetime | None = None
) -> None:
    """The client's session as if the person had shown some time ago (before `at`, or now) who they are."""
    session = client.session
    now = at.timestamp() if at else time.time()
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": method, "at": now - ago.total_seconds()}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = client.session[SESSION_KEY]
    session.save()
