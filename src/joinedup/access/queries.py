"""Reading accounts, keys and the audit trail."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from joinedup.access import grounds
from joinedup.access.actor import Actor
from joinedup.access.models import Account, ApiKey, AuditEvent
from joinedup.access.permissions import READ_AUDIT, check


def actor_from_key(text: str, *, at: datetime) -> Actor | None:
    """Who a key of a partner's system acts for, or None for a wrong, expired or revoked one."""
    parts = text.split("_", 2)
    if len(parts) != 3 or parts[0] != "ju":
        return None
    key = ApiKey.objects.select_related("account").filter(prefix=parts[1], revoked_at__isnull=True).first()
    digest = hashlib.sha256(parts[2].encode()).hexdigest()
    # Compared even when there is no such key, so that the time taken gives nothing away.
    same = secrets.compare_digest(digest, key.digest if key else "0" * 64)
    if key is None or not same or key.expires_at <= at or not key.account.is_active:
        return None
    account = key.account
    return Actor(account.pk, account.name, at, "api", grounds.standings_of(account.pk, at))


def actor_for_account(account_id: UUID, *, at: datetime, via: str = "web") -> Actor:
    """The actor an account is at a moment; for tests, the demo and jobs done in somebody's name."""
    account = Account.objects.get(pk=account_id)
    return Actor(account.pk, account.name, at, via, grounds.standings_of(account.pk, at))


def audit_events(viewer: Actor, *, before: int | None = None, limit: int = 50) -> QuerySet[AuditEvent]:
    """The trail, newest first, a page at a time by key (never by offset)."""
    check(viewer, READ_AUDIT)
    rows = AuditEvent.objects.select_related("seal", "words").order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return rows[:limit]


def names_of_accounts(viewer: Actor, ids: set[UUID]) -> dict[UUID, str]:
    """Names for the account ids on a page, in one query."""
    return dict(Account.objects.filter(pk__in=ids).values_list("pk", "name"))
