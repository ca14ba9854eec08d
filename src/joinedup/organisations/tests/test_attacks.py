"""An administrator, who sees no child's record, tries to give themselves a post that does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from joinedup.access import second_factor
from joinedup.access.models import Account, Approval
from joinedup.access.permissions import can
from joinedup.access.roles import Role
from joinedup.access.services import approve_proposal, issue_api_key, propose_key, propose_reset
from joinedup.core.errors import NotPermitted, Refused
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


def propose(account: Account, by: Account, at: datetime = AT, role: Role = Role.FRONT_DOOR_MANAGER) -> Approval:
    return services.propose_appointment(
        account=account, title="Manager", role=role, employer=make_organisation(), starts_at=at,
        by=actor_of(by, at), at=at,
    )  # fmt: skip


def test_an_administrator_appoints_somebody_they_control() -> None:
    """What gives much power takes a second person, who is neither the first nor the one it is for."""
    ada, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    iris, _ = make_post(role=Role.INFORMATION_GOVERNANCE)
    puppet = make_account()
    for role in (Role.FRONT_DOOR_MANAGER, Role.SYSTEM_ADMINISTRATOR, Role.INFORMATION_GOVERNANCE, Role.TEAM_MANAGER):
        assert services.needs_two_people(role, actor_of(ada, AT))
    with pytest.raises(Refused) as alone:
        appoint(puppet, by=ada)
    assert alone.value.rule == "OR-22"
    asked = propose(puppet, by=ada)
    with pytest.raises(Refused) as own:
        services.approve_appointment(approval=asked, by=actor_of(ada, AT), at=AT)
    assert own.value.rule == "AC-21"
    assert not Post.objects.filter(account=puppet).exists()
    post = services.approve_appointment(approval=asked, by=actor_of(iris, AT), at=AT)
    assert (post.role, post.account_id, post.starts_at) == (Role.FRONT_DOOR_MANAGER, puppet.pk, AT)
    assert set(OutboxMessage.objects.values_list("to", flat=True)) == {ada.email, puppet.email}
    with pytest.raises(Refused) as twice:
        services.approve_appointment(approval=asked, by=actor_of(iris, AT), at=AT)
    assert twice.value.rule == "AC-23"
    assert Post.objects.filter(account=puppet).count() == 1


def test_a_second_person_cannot_agree_to_their_own_post() -> None:
    ada, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    iris, _ = make_post(role=Role.INFORMATION_GOVERNANCE)
    asked = propose(iris, by=ada, role=Role.SYSTEM_ADMINISTRATOR)
    with pytest.raises(Refused) as caught:
        services.approve_appointment(approval=asked, by=actor_of(iris, AT), at=AT)
    assert caught.value.rule == "AC-21"


def test_a_proposal_goes_stale_and_a_worker_may_not_agree() -> None:
    ada, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    iris, _ = make_post(role=Role.INFORMATION_GOVERNANCE)
    ben, _ = make_post(role=Role.FRONT_DOOR_MANAGER)
    asked = propose(make_account(), by=ada)
    with pytest.raises(NotPermitted):
        services.approve_appointment(approval=asked, by=actor_of(ben, AT), at=AT)
    late = AT + timedelta(days=15)
    with pytest.raises(Refused) as caught:
        services.approve_appointment(approval=asked, by=actor_of(iris, late), at=late)
    assert caught.value.rule == "AC-23"


def test_which_roles_take_two_people_is_a_setting(settings: Any) -> None:
    ada, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    settings.TWO_PERSON_ROLES = ["system_administrator"]
    assert appoint(make_account(), by=ada).role == Role.FRONT_DOOR_MANAGER


def test_a_key_is_issued_to_who_proposed_it_once_somebody_else_agreed() -> None:
    ada, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    bea, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    hazel, _ = make_post(role=Role.REFERRER)
    by = actor_of(ada, AT)
    ends = AT + timedelta(days=9)
    with pytest.raises(Refused) as alone:
        issue_api_key(account=hazel, label="Quiet", expires_at=ends, by=by, at=AT)
    assert alone.value.rule == "AC-24"
    asked = propose_key(account=hazel, label="Clinic", expires_at=ends, by=by, at=AT)
    for approver in (ada, hazel):
        with pytest.raises(Refused):
            approve_proposal(approval=asked, by=actor_of(approver, AT), at=AT)
    with pytest.raises(Refused):
        issue_api_key(account=hazel, label="Clinic", expires_at=ends, approval=asked, by=by, at=AT)
    approve_proposal(approval=asked, by=actor_of(bea, AT), at=AT)
    with pytest.raises(Refused):  # who agreed does not get the text
        issue_api_key(account=hazel, label="Clinic", expires_at=ends, approval=asked, by=actor_of(bea, AT), at=AT)
    # What was agreed to is issued, whatever is asked for now.
    key, text = issue_api_key(
        account=bea, label="Other", expires_at=AT + timedelta(days=300), approval=asked, by=by, at=AT
    )
    assert (key.account_id, key.label, key.expires_at) == (hazel.pk, "Clinic", ends)
    assert text.startswith("ju_")
    with pytest.raises(Refused):
        issue_api_key(account=hazel, label="Clinic", expires_at=ends, approval=asked, by=by, at=AT)


def test_a_lost_phone_is_put_right_by_two_people() -> None:
    ada, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    iris, _ = make_post(role=Role.INFORMATION_GOVERNANCE)
    dev, _ = make_post(role=Role.REFERRER)
    second_factor.keep_secret(dev, second_factor.new_secret(), counter=0)
    second_factor.new_recovery_codes(dev)
    asked = propose_reset(account=dev, reason="Phone in the canal", by=actor_of(ada, AT), at=AT)
    assert OutboxMessage.objects.get().to == dev.email, "told before anything happens"
    with pytest.raises(Refused):
        approve_proposal(approval=asked, by=actor_of(ada, AT), at=AT)
    assert second_factor.codes_left(dev) == 10
    approve_proposal(approval=asked, by=actor_of(iris, AT), at=AT)
    assert second_factor.codes_left(dev) == 0
    assert not second_factor.forget(dev)


def test_the_database_too_refuses_who_proposed_it() -> None:
    ada, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    asked = propose(make_account(), by=ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=asked.pk).update(outcome="approved", decided_by=ada, decided_at=AT)


def test_an_administrator_extends_their_own_post() -> None:
    ada, post = make_post(role=Role.SYSTEM_ADMINISTRATOR, ends_at=AT + timedelta(days=1))
    with pytest.raises(Refused) as caught:
        services.extend_post(
            post=post, ends_at=AT + timedelta(days=99), reason="More", version=post.version, by=actor_of(ada, AT), at=AT
        )
    assert caught.value.rule == "OR-21"


def test_an_administrator_alone_keeps_a_friend_in_a_powerful_post() -> None:
    ada, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    _, post = make_post(role=Role.FRONT_DOOR_MANAGER, ends_at=AT + timedelta(days=1))
    with pytest.raises(Refused) as caught:
        services.extend_post(
            post=post, ends_at=AT + timedelta(days=99), reason="More", version=post.version, by=actor_of(ada, AT), at=AT
        )
    assert caught.value.rule == "OR-23"
    _, ordinary = make_post(role=Role.KEY_WORKER, ends_at=AT + timedelta(days=1))
    services.extend_post(
        post=ordinary, ends_at=AT + timedelta(days=99), reason="More", version=ordinary.version,
        by=actor_of(ada, AT), at=AT,
    )  # fmt: skip


def test_an_administrator_issues_a_key_for_somebody_who_sees_children_in_secret() -> None:
    ada, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    marlow, _ = make_post(role=Role.FRONT_DOOR_MANAGER)
    iris, _ = make_post(role=Role.INFORMATION_GOVERNANCE)
    ends, by = AT + timedelta(days=9), actor_of(ada, AT)
    asked = propose_key(account=marlow, label="Quiet", expires_at=ends, by=by, at=AT)
    approve_proposal(approval=asked, by=actor_of(iris, AT), at=AT)
    issue_api_key(account=marlow, label="Quiet", expires_at=ends, approval=asked, by=by, at=AT)
    message = OutboxMessage.objects.get(to=marlow.email, subject__startswith="A key that acts")
    assert "Quiet" in message.body
    assert "ju_" not in message.body
