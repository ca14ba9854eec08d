"""An administrator, who sees no child's record, tries to give themselves a post that does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from joinedup.access.models import Account
from joinedup.access.permissions import can
from joinedup.access.roles import Role
from joinedup.access.services import issue_api_key
from joinedup.core.errors import Refused
from joinedup.core.models import OutboxMessage
from joinedup.organisations import services
from joinedup.organisations.models import Post
from joinedup.organisations.permissions import APPOINT_TO_POST
from joinedup.organisations.tests.factories import AT, actor_of, make_account, make_organisation, make_post

pytestmark = pytest.mark.django_db


def appoint(account: Account, by: Account, **facts: Any) -> Post:
    return services.appoint_to_post(
        account=account, title="Manager", role=Role.FRONT_DOOR_MANAGER, employer=make_organisation(), starts_at=AT,
        by=actor_of(by, AT), at=AT, **facts,
    )  # fmt: skip


def test_an_administrator_appoints_themselves() -> None:
    ada, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    assert can(actor_of(ada, AT), APPOINT_TO_POST)
    with pytest.raises(Refused) as caught:
        appoint(ada, by=ada)
    assert caught.value.rule == "OR-21"
    assert not Post.objects.filter(account=ada, role=Role.FRONT_DOOR_MANAGER).exists()
    assert appoint(make_account(), by=ada).role == Role.FRONT_DOOR_MANAGER


def test_an_administrator_extends_their_own_post() -> None:
    ada, post = make_post(role=Role.SYSTEM_ADMINISTRATOR, ends_at=AT + timedelta(days=1))
    with pytest.raises(Refused) as caught:
        services.extend_post(
            post=post, ends_at=AT + timedelta(days=99), reason="More", version=post.version, by=actor_of(ada, AT), at=AT
        )
    assert caught.value.rule == "OR-21"


def test_an_administrator_issues_a_key_for_somebody_who_sees_children_in_secret() -> None:
    ada, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    marlow, _ = make_post(role=Role.FRONT_DOOR_MANAGER)
    issue_api_key(account=marlow, label="Quiet", expires_at=AT + timedelta(days=9), by=actor_of(ada, AT), at=AT)
    message = OutboxMessage.objects.get(to=marlow.email)
    assert "Quiet" in message.body
    assert "ju_" not in message.body
