"""Keys from before two people had to agree: listed, proposed and agreed to, or ended."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from joinedup.access import grounds, queries, services
from joinedup.access.actor import system
from joinedup.access.models import Account, ApiKey, Approval
from joinedup.access.roles import Role
from joinedup.access.tests.factories import AT, make_account, make_actor, make_fresh, make_standing
from joinedup.cli import doctor
from joinedup.core.errors import NotPermitted, Refused

pytestmark = pytest.mark.django_db


def older_key(account: Account, *, at: datetime = AT, days: int = 90) -> ApiKey:
    """As an earlier version issued it, to one person alone."""
    key, _ = services.issue_api_key(
        account=account, label="Clinic", expires_at=at + timedelta(days=days), by=system(at), at=at
    )
    return key


def test_a_key_nobody_else_agreed_to_is_named_by_the_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    assert doctor._keys().is_ok
    older_key(make_account())
    found = doctor._keys()
    assert not found.is_ok
    assert found.says.startswith("1 issued before two people had to agree")


def test_a_second_person_agrees_and_it_goes_on() -> None:
    key = older_key(make_account(name="Hazel Mockwell"))
    ada = make_actor(Role.SYSTEM_ADMINISTRATOR, account=make_account(name="Ada Testkeeper"))
    iris = make_actor(Role.INFORMATION_GOVERNANCE, account=make_account(name="Iris Testguard"))
    asked = services.propose_to_keep(key=key, by=ada, at=AT)
    with pytest.raises(Refused) as twice:
        services.propose_to_keep(key=key, by=ada, at=AT)
    assert twice.value.rule == "AC-22"
    with pytest.raises(Refused) as own:
        services.approve_proposal(approval=asked, by=ada, at=AT)
    assert own.value.rule == "AC-21"
    assert queries.keys_nobody_agreed_to(system(AT)) == 1
    services.approve_proposal(approval=asked, by=iris, at=AT)
    key.refresh_from_db()
    assert key.approval == asked
    assert queries.keys_nobody_agreed_to(system(AT)) == 0
    with pytest.raises(Refused) as again:
        services.propose_to_keep(key=key, by=ada, at=AT)
    assert again.value.rule == "AC-23"


def test_a_key_that_ended_meanwhile_is_not_brought_back() -> None:
    key = older_key(make_account())
    ada = make_actor(Role.SYSTEM_ADMINISTRATOR, account=make_account(name="Ada Testkeeper"))
    iris = make_actor(Role.INFORMATION_GOVERNANCE, account=make_account(name="Iris Testguard"))
    asked = services.propose_to_keep(key=key, by=ada, at=AT)
    services.revoke_api_key(key=key, reason="Nobody knows it.", by=ada, at=AT)
    assert queries.keys_nobody_agreed_to(system(AT)) == 0
    with pytest.raises(Refused) as ended:
        services.approve_proposal(approval=asked, by=iris, at=AT)
    assert ended.value.rule == "AC-8"
    assert ApiKey.objects.get().approval is None


def test_only_an_administrator_proposes_it() -> None:
    key = older_key(make_account())
    with pytest.raises(NotPermitted):
        services.propose_to_keep(key=key, by=make_actor(Role.FRONT_DOOR_MANAGER), at=AT)


def test_the_page_says_so_and_offers_both(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    standing = make_standing(Role.SYSTEM_ADMINISTRATOR)
    monkeypatch.setattr(grounds, "_standing_sources", [lambda account_id, at: [standing]])
    client.force_login(make_account(), backend="allauth.account.auth_backends.AuthenticationBackend")
    make_fresh(client)
    key = older_key(make_account(name="Hazel Mockwell"), at=timezone.now())
    page = client.get(reverse("api_keys")).content.decode()
    assert "Issued before approvals" in page
    assert "One key that still works was" in page
    assert reverse("api_key_revoke", kwargs={"key_id": key.pk}) in page
    assert client.post(reverse("api_key_keep", kwargs={"key_id": key.pk})).status_code == 302
    assert Approval.objects.get().kind == "keep_key"
    assert (
        "waits for a second person"
        in client.post(reverse("api_key_keep", kwargs={"key_id": key.pk}), follow=True).content.decode()
    )
