"""The one door for writes: permission, transaction, audit row, and the refusal that survives the rollback."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from joinedup.access import audit, guard, services
from joinedup.access.actor import Actor, public, system
from joinedup.access.models import Account, AuditEvent, AuditWords
from joinedup.access.permissions import OPEN_ACCOUNT, Permission, can, check, declare, declared_permissions
from joinedup.access.roles import Role
from joinedup.access.tests.factories import AT, make_account, make_actor
from joinedup.core import partnership
from joinedup.core.emergency import DUTY_PHONE
from joinedup.core.errors import NotPermitted, Refused
from joinedup.core.models import PartnershipSetting

ADMINISTRATOR = make_actor(Role.SYSTEM_ADMINISTRATOR)


def open_account(**changes: Any) -> Account:
    given: dict[str, Any] = {
        "email": "ben@council.example",
        "name": "Ben Testerfield",
        "password": None,
        "by": ADMINISTRATOR,
        "at": AT,
    }
    return services.open_account(**(given | changes))


@pytest.mark.django_db
def test_a_write_and_its_row_are_one() -> None:
    account = open_account()
    row = AuditEvent.objects.get()
    assert (row.kind, row.action, row.actor_id, row.at) == (
        "write",
        "access.open_account",
        ADMINISTRATOR.account_id,
        AT,
    )
    assert (row.subject_kind, row.subject_id) == ("access.account", str(account.pk))
    assert row.changed == ["email", "name"]
    assert set(row.post_ids) == ADMINISTRATOR.post_ids
    assert "Ben" not in str(row.__dict__), "no name in the trail"


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM_ADMINISTRATOR])
def test_other_roles_are_refused_with_who_may(role: Role) -> None:
    with pytest.raises(NotPermitted, match="Only a system administrator may"):
        open_account(by=make_actor(role))
    assert not Account.objects.exists()
    assert AuditEvent.objects.get().kind == "refusal"


@pytest.mark.django_db
def test_the_public_and_a_post_that_has_ended_are_refused() -> None:
    for nobody in (public(AT), make_actor()):
        with pytest.raises(NotPermitted):
            open_account(by=nobody)


def test_a_refusal_survives_the_rollback(fresh_database: Any) -> None:
    open_account()
    with pytest.raises(Refused, match="already an account"):
        open_account()
    assert list(AuditEvent.objects.order_by("id").values_list("kind", "rule")) == [("write", ""), ("refusal", "AC-2")]
    with fresh_database.as_application() as other:
        assert other.execute("SELECT count(*) FROM access_auditevent WHERE kind = 'refusal'").fetchone() == (1,)


def test_when_the_audit_fails_nothing_is_saved(fresh_database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(OSError, match="the disk is full"):
        open_account()
    assert not Account.objects.exists()


def test_a_service_that_breaks_leaves_neither_change_nor_row(fresh_database: Any) -> None:
    @guard.service(OPEN_ACCOUNT)
    def half(*, by: Actor, at: datetime) -> None:
        make_account()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half(by=ADMINISTRATOR, at=AT)
    assert not Account.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_service_inside_a_service_writes_one_refusal_and_rolls_back_both(fresh_database: Any) -> None:
    @guard.service(OPEN_ACCOUNT)
    def outer(*, by: Actor, at: datetime) -> None:
        open_account()
        open_account()

    with pytest.raises(Refused):
        outer(by=ADMINISTRATOR, at=AT)
    assert not Account.objects.exists()
    assert list(AuditEvent.objects.values_list("kind", flat=True)) == ["refusal"]


def test_how_a_service_is_called() -> None:
    with pytest.raises(TypeError, match="keyword"):
        services.open_account("ben@council.example")  # type: ignore[misc]
    with pytest.raises(TypeError, match="by=Actor"):
        services.open_account(email="x@y.example", name="x", password=None, at=AT)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="told the time"):
        guard.moment_of({})
    with pytest.raises(TypeError, match="aware"):
        guard.moment_of({"at": datetime(2026, 11, 18, 10, 0)})
    assert guard.moment_of({"on": date(2026, 11, 18)}).date() == date(2026, 11, 18)


@pytest.mark.django_db
def test_words_are_kept_apart_from_the_row() -> None:
    account = make_account()
    services.close_account(account=account, reason="left the council", by=ADMINISTRATOR, at=AT)
    row = AuditEvent.objects.get()
    assert row.words.words == {"reason": "left the council"}
    assert row.words_digest == audit.digest_of_words(row.words.salt, row.words.words)
    assert "left" not in str({name: value for name, value in row.__dict__.items() if name != "_state"})


@pytest.mark.django_db
def test_words_are_redacted_once_with_a_reason() -> None:
    by = make_actor(Role.INFORMATION_GOVERNANCE)
    services.close_account(account=make_account(), reason="a private reason", by=ADMINISTRATOR, at=AT)
    words = AuditWords.objects.get()
    services.redact_audit_words(words=words, reason="an erasure was granted", by=by, at=AT)
    words.refresh_from_db()
    assert (words.words, words.salt, words.redaction_reason) == (None, "", "an erasure was granted")
    with pytest.raises(Refused, match="already"):
        services.redact_audit_words(words=words, reason="again", by=by, at=AT)
    with pytest.raises(NotPermitted):
        services.redact_audit_words(words=words, reason="mine", by=ADMINISTRATOR, at=AT)


@pytest.mark.django_db
def test_closing_an_account_ends_its_keys_and_nobody_closes_their_own() -> None:
    account = make_account()
    key, _ = services.issue_api_key(
        account=account, label="School records", expires_at=AT + timedelta(days=30), by=system(AT), at=AT
    )
    services.close_account(account=account, reason="left", by=ADMINISTRATOR, at=AT)
    key.refresh_from_db()
    assert key.revoked_at == AT
    administrator = make_account(name="Cara Testerfield")
    with pytest.raises(Refused, match="your own account"):
        services.close_account(
            account=administrator,
            reason="by mistake",
            by=make_actor(Role.SYSTEM_ADMINISTRATOR, account=administrator),
            at=AT,
        )


@pytest.mark.django_db
def test_a_setting_changes_from_a_day_on_and_never_in_the_past() -> None:
    phone = DUTY_PHONE
    today = AT.date()
    with pytest.raises(Refused, match="today or from a later day"):
        services.change_setting(
            key=phone.key,
            value="01632 960 200",
            starts_on=today - timedelta(days=1),
            reason="x",
            by=ADMINISTRATOR,
            at=AT,
        )
    services.change_setting(
        key=phone.key,
        value="01632 960 200",
        starts_on=today + timedelta(days=2),
        reason="merger",
        by=ADMINISTRATOR,
        at=AT,
    )
    assert partnership.value(phone, on=today) == phone.default
    assert partnership.value(phone, on=today + timedelta(days=2)) == "01632 960 200"
    with pytest.raises(Refused, match="kind of value"):
        services.change_setting(key=phone.key, value=3, starts_on=today, reason="x", by=ADMINISTRATOR, at=AT)
    with pytest.raises(NotPermitted):
        services.change_setting(
            key=phone.key, value="Mine", starts_on=today, reason="x", by=make_actor(Role.KEY_WORKER), at=AT
        )
    assert PartnershipSetting.objects.count() == 1


@pytest.mark.parametrize("role", list(Role))
def test_nobody_holds_a_permission_they_were_not_given(role: Role) -> None:
    for permission in declared_permissions():
        if permission.within is None and not permission.public:
            assert can(make_actor(role), permission) == (role in permission.roles), permission.name


def test_permissions_are_declared_once_and_narrowed_in_words() -> None:
    with pytest.raises(ValueError, match="twice"):
        declare("access.open_account", "again", roles={Role.KEY_WORKER})
    with pytest.raises(ValueError, match="go together"):
        declare("access.new_one", "do it", roles={Role.KEY_WORKER}, within=lambda viewer, record: True)
    narrowed = Permission("x", "do it", frozenset({Role.KEY_WORKER}), lambda viewer, record: record == "mine", "in x")
    assert can(make_actor(Role.KEY_WORKER), narrowed, "mine")
    assert not can(make_actor(Role.KEY_WORKER), narrowed, "theirs")
    assert not can(make_actor(Role.KEY_WORKER), narrowed)
    assert can(system(AT), narrowed)
    with pytest.raises(NotPermitted, match="may in x"):
        check(make_actor(Role.KEY_WORKER), narrowed, "theirs")
