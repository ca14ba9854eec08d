"""Accounts, keys of partners' systems, settings, and the keeping of the audit trail."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from joinedup.access import chain
from joinedup.access.actor import Actor
from joinedup.access.grounds import leave, standings_of
from joinedup.access.guard import note, service
from joinedup.access.models import Account, ApiKey, Approval, AuditWords
from joinedup.access.permissions import (
    CHANGE_SETTING,
    CLOSE_ACCOUNT,
    ISSUE_API_KEY,
    OPEN_ACCOUNT,
    REDACT_AUDIT,
    REVOKE_API_KEY,
    SIGN_IN_DEMO_PERSON,
    VERIFY_AUDIT,
)
from joinedup.access.services.approvals import (
    LONGEST_KEY,
    _key_to_collect,
    agree_to_proposal,
    approve_proposal,
    propose,
    propose_key,
    propose_reset,
    propose_to_keep,
    refuse_proposal,
    withdraw_proposal,
)
from joinedup.access.services.background import cancel_background_work
from joinedup.access.services.sign_in import (
    end_second_factor,
    make_recovery_codes,
    set_up_second_factor,
    show_second_factor,
)
from joinedup.core import partnership
from joinedup.core.errors import NotVisible, Refused
from joinedup.core.formats import date_long
from joinedup.core.notifications import owe_message

__all__ = [
    "agree_to_proposal",
    "approve_proposal",
    "cancel_background_work",
    "change_setting",
    "close_account",
    "end_second_factor",
    "issue_api_key",
    "make_recovery_codes",
    "open_account",
    "propose",
    "propose_key",
    "propose_reset",
    "propose_to_keep",
    "redact_audit_words",
    "refuse_proposal",
    "revoke_api_key",
    "seal_audit",
    "seal_backlog",
    "set_up_second_factor",
    "show_second_factor",
    "sign_in_demo_person",
    "verify_audit",
    "verify_audit_trail",
    "withdraw_proposal",
]


@service(OPEN_ACCOUNT)
def open_account(
    *, email: str, name: str, password: str | None, by: Actor, at: datetime, is_demo: bool = False
) -> Account:
    """Open an account that can sign in once a post gives it a standing. Without a password it is set by e-mail reset."""
    email = email.strip().lower()
    if Account.objects.filter(email__iexact=email).exists():
        raise Refused("There is already an account with that e-mail address.", rule="AC-2", field="email")
    account = Account(email=email, name=name.strip(), opened_at=at, is_demo=is_demo)
    if password is None:
        account.set_unusable_password()
    else:
        account.set_password(password)
    account.save(force_insert=True)
    note(changed=("email", "name"))
    return account


@service(CLOSE_ACCOUNT, on="account")
def close_account(*, account: Account, reason: str, by: Actor, at: datetime) -> None:
    """Close an account at once: open sessions end with the next click. What the person did stays theirs."""
    if account.pk == by.account_id:
        raise Refused("You cannot close your own account. Ask another administrator.", rule="AC-7")
    held = frozenset(standing.source_id for standing in standings_of(account.pk, at))
    account.is_active = False
    account.save(update_fields=["is_active"])
    ApiKey.objects.filter(account=account, revoked_at__isnull=True).update(revoked_at=at)
    leave(held, at=at, reason=f"The account of {account.name} was closed.")
    note(changed=("is_active",))


@service(ISSUE_API_KEY, on="account")
def issue_api_key(
    *, account: Account, label: str, expires_at: datetime, by: Actor, at: datetime, approval: Approval | None = None
) -> tuple[ApiKey, str]:
    """Issue a key for a partner's system. The text is returned once and never kept; only its digest is.

    A person needs a proposal of theirs that somebody else agreed to (AC-24), and gets what was agreed to.
    """
    agreed = None
    if not by.is_system:
        agreed = _key_to_collect(approval.pk if approval else UUID(int=0), by=by, at=at)
        account, label = agreed.account, agreed.payload["label"]
        expires_at = datetime.fromisoformat(agreed.payload["expires_at"])
    if expires_at <= at or expires_at - at > LONGEST_KEY:
        raise Refused("A key lasts at most one year from today.", rule="AC-3", field="expires_at")
    prefix, secret = secrets.token_hex(5), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        account=account,
        label=label,
        prefix=prefix,
        digest=hashlib.sha256(secret.encode()).hexdigest(),
        issued_at=at,
        expires_at=expires_at,
        approval=agreed,
    )
    # Whoever holds the text acts as this person, so the person hears of it from the program itself.
    owe_message(
        to=account.email,
        subject="A key that acts for your Joinedup account was issued",
        body=f"A system named “{label}” can now use Joinedup as you, until {date_long(expires_at)}. If you did not "
        "expect this, tell whoever looks after information governance at once.",
        about=("access.apikey", str(key.pk)),
        at=at,
    )
    note(subject=key)
    return key, f"ju_{prefix}_{secret}"


@service(REVOKE_API_KEY, on="key")
def revoke_api_key(*, key: ApiKey, reason: str, by: Actor, at: datetime) -> None:
    """End a key at once."""
    if key.revoked_at is not None:
        raise Refused("That key has been revoked already.", rule="AC-8")
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])


@service(CHANGE_SETTING)
def change_setting(*, key: str, value: Any, starts_on: date, reason: str, by: Actor, at: datetime) -> None:
    """Give a partnership setting a new value from a day on; the old one stays in force until then and on record."""
    if starts_on < timezone.localdate(at):
        raise Refused(
            "A setting changes from today or from a later day: what was decided under the old value stays as it was.",
            rule="AC-5",
            field="starts_on",
        )
    partnership.store(key, value, starts_on=starts_on, set_by=by.account_id, set_at=at)
    note(changed=(key,), words={"value": value, "starts_on": starts_on.isoformat()})


@service(REDACT_AUDIT, on="words")
def redact_audit_words(*, words: AuditWords, reason: str, by: Actor, at: datetime) -> None:
    """Destroy the personal words kept with one event (an erasure that was granted). The chain still verifies."""
    if words.redacted_at is not None:
        raise Refused("Those words have been redacted already.", rule="AC-4")
    words.words, words.salt = None, ""
    words.redacted_at, words.redacted_by, words.redaction_reason = at, by.account_id, reason[:300]
    words.save()


@service(VERIFY_AUDIT)
def verify_audit_trail(*, by: Actor, at: datetime) -> chain.Verification:
    """Walk the chain because somebody asks; what was found is kept with the trail itself."""
    found = chain.verify(at=at)
    note(words={"sealed": found.sealed, "head": found.head, "faults": [fault.sentence for fault in found.faults[:50]]})
    return found


@service(SIGN_IN_DEMO_PERSON)
def sign_in_demo_person(*, account_id: UUID, by: Actor, at: datetime) -> Account:
    """The invented person a visitor of the demonstration has chosen to be. Anywhere else nobody is found."""
    account = Account.objects.filter(pk=account_id, is_demo=True, is_active=True).first() if settings.DEMO else None
    if account is None:
        raise NotVisible()
    note(subject=account)
    return account


_LOOK_THROUGH_ALL = 30  # seconds: what was committed very late is found by then


def seal_audit(*, at: datetime) -> int:
    """Chain what was committed and anchor the head. Run each second by the keeper; not a person's act, so unguarded."""
    sealed = chain.seal(everything=at.second % _LOOK_THROUGH_ALL < 2)
    if sealed:
        chain.write_anchor(at=at)
    return sealed


def seal_backlog(*, at: datetime) -> int:
    """Seal everything that was committed, however much: after rows were written in bulk. As `seal_audit` otherwise."""
    sealed = 0
    while found := chain.seal(most=20_000, everything=False) or chain.seal(most=20_000):
        sealed += found
    chain.write_anchor(at=at)
    return sealed


def verify_audit(*, at: datetime) -> chain.Verification:
    """Walk the chain; used by `joinedup audit verify`, the audit page and the restore drill. Reads only."""
    return chain.verify(at=at)
