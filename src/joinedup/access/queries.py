"""Reading accounts, keys and the audit trail."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, Q, QuerySet, UUIDField

from joinedup.access import audit, grounds
from joinedup.access.actor import Actor
from joinedup.access.models import Account, ApiKey, AuditEvent
from joinedup.access.permissions import (
    CHANGE_SETTING,
    READ_ACCOUNTS,
    READ_AUDIT,
    READ_MESSAGE,
    READ_OUTBOX,
    READ_SETTINGS,
    SEE_OWN_WORK,
    can,
    check,
)
from joinedup.core import jobs, notifications, partnership
from joinedup.core.errors import NotVisible, Refused
from joinedup.core.formats import plural_of
from joinedup.core.models import Job, OutboxMessage, PartnershipSetting
from joinedup.core.partnership import Setting


def actor_from_key(text: str, *, at: datetime) -> Actor | None:
    """Who a key of a partner's system acts for, or None for a wrong, expired or revoked one."""
    parts = text.split("_", 2)
    if len(parts) != 3 or parts[0] != "ju" or not parts[1].isalnum():
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


@dataclass(frozen=True)
class AuditFilter:
    """What to look for in the trail; empty means everything. The ids give nothing away."""

    kind: str = ""
    actor_id: UUID | None = None
    subject_id: str = ""
    person_id: UUID | None = None


def audit_events(
    viewer: Actor, *, wanted: AuditFilter | None = None, before: int | None = None, limit: int = 50
) -> QuerySet[AuditEvent]:
    """The trail, newest first, a page at a time by key (never by offset), without what is about somebody withheld from
    the viewer: nobody reads about their own family."""
    check(viewer, READ_AUDIT)
    rows = AuditEvent.objects.select_related("seal", "words").order_by("-id")
    for hidden in grounds.withheld_from(viewer):
        ids = Func(hidden, function="ARRAY", output_field=ArrayField(UUIDField()))
        rows = rows.exclude(people__overlap=ids)
        texts = Func(hidden, template="(SELECT each::text FROM unnest(ARRAY(%(expressions)s)) each)")
        rows = rows.exclude(subject_id__in=texts)  # a page that was refused names nobody but in its address
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if wanted is not None:
        rows = _narrowed(rows, wanted)
    return rows[:limit]


def _narrowed(rows: QuerySet[AuditEvent], wanted: AuditFilter) -> QuerySet[AuditEvent]:
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.actor_id:
        rows = rows.filter(actor_id=wanted.actor_id)
    if wanted.subject_id:
        rows = rows.filter(subject_id=wanted.subject_id)
    if wanted.person_id:
        rows = rows.filter(people__contains=[wanted.person_id])
    return rows


@dataclass(frozen=True)
class AuditLine:
    """One event as the page shows it: who acted, what they did, and what kind of record it was about."""

    event: AuditEvent
    who: str
    did: str
    about: str
    is_sealed: bool
    words: dict[str, Any] | None
    is_redacted: bool


@dataclass(frozen=True)
class AuditPage:
    """A page of the trail; `next_before` is the key of the next one."""

    lines: list[AuditLine]
    next_before: int | None


def audit_page(viewer: Actor, *, wanted: AuditFilter, before: int | None = None, limit: int = 50) -> AuditPage:
    """The trail with names resolved. Looking at the trail leaves a row in it."""
    rows = list(audit_events(viewer, wanted=wanted, before=before, limit=limit + 1))
    shown = rows[:limit]
    names = names_of_accounts(viewer, {row.actor_id for row in shown if row.actor_id})
    lines = []
    for row in shown:
        words = getattr(row, "words", None)
        about = _noun(row.subject_kind)
        lines.append(
            AuditLine(
                event=row,
                who=names.get(row.actor_id, "An account that is not known") if row.actor_id else _nobody(row.via),
                did=_did(row, about),
                about=about,
                is_sealed=hasattr(row, "seal"),
                words=words.words if words else None,
                is_redacted=bool(words and words.redacted_at),
            )
        )
    # The words of an event may speak of whoever it touched: reading them is reading about them.
    people = {person for line in lines if line.words for person in line.event.people}
    people |= {wanted.person_id} if wanted.person_id else set()
    audit.record_read(viewer, subject=("access.auditevent", ""), people=people, purpose="audit", search=True)
    return AuditPage(lines, shown[-1].pk if len(rows) > limit else None)


def _noun(kind: str) -> str:
    """What people call a kind of record; the kind itself where there is no such record."""
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return kind


def _did(event: AuditEvent, noun: str) -> str:
    act = event.action.rpartition(".")[2].replace("_", " ")
    return {
        "read": f"Opened {'an' if noun[:1] in 'aeiou' else 'a'} {noun}",
        "search": f"Looked at a list of {plural_of(noun)}",
        "refusal": f"Was refused: {act}",
    }.get(event.kind, act.capitalize())


def _nobody(via: str) -> str:
    return "A member of the public" if via == "public" else "Joinedup"


def names_of_accounts(viewer: Actor, ids: set[UUID]) -> dict[UUID, str]:
    """Names for the account ids on a page, in one query."""
    return dict(Account.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


@dataclass(frozen=True)
class AccountPage:
    """A page of accounts in name order; `next_after` is the key of the next one."""

    accounts: list[Account]
    next_after: UUID | None


def accounts(viewer: Actor, *, after: UUID | None = None, limit: int = 50) -> AccountPage:
    """Everybody who may sign in, or once could, in the order of names."""
    check(viewer, READ_ACCOUNTS)
    rows = Account.objects.order_by("name", "id")
    last = Account.objects.filter(pk=after).first() if after else None
    if last is not None:
        rows = rows.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    found = list(rows[: limit + 1])
    return AccountPage(found[:limit], found[limit - 1].pk if len(found) > limit else None)


def account(viewer: Actor, account_id: UUID) -> Account:
    """One account, for the administrator."""
    check(viewer, READ_ACCOUNTS)
    found = Account.objects.filter(pk=account_id).first()
    if found is None:
        raise NotVisible()
    return found


def account_with_address(viewer: Actor, email: str) -> Account:
    """The account with an e-mail address, for the administrator who issues a key."""
    check(viewer, READ_ACCOUNTS)
    found = Account.objects.filter(email__iexact=email.strip()).first()
    if found is None:
        raise Refused("There is no account with that e-mail address.", rule="AC-6", field="email")
    return found


def api_keys(viewer: Actor) -> list[ApiKey]:
    """The keys of partners' systems, newest first; there is at most a handful for each partner."""
    check(viewer, READ_ACCOUNTS)
    return list(ApiKey.objects.select_related("account").order_by("-issued_at", "-id")[:500])


def keys_nobody_agreed_to(viewer: Actor) -> int:
    """How many keys still work that were issued before two people had to agree, and that nobody else has agreed to."""
    check(viewer, READ_ACCOUNTS)
    return ApiKey.objects.filter(approval=None, revoked_at=None, expires_at__gt=viewer.at).count()


def api_key(viewer: Actor, key_id: UUID) -> ApiKey:
    """One key, for the administrator."""
    check(viewer, READ_ACCOUNTS)
    found = ApiKey.objects.select_related("account").filter(pk=key_id).first()
    if found is None:
        raise NotVisible()
    return found


@dataclass(frozen=True)
class SettingLine:
    """A setting of the partnership: what is in force, since when, and what is coming."""

    setting: Setting
    value: Any
    since: date | None
    coming: list[tuple[date, Any]]


def settings_of_partnership(viewer: Actor, *, on: date) -> list[SettingLine]:
    """Every setting with the value in force on a day and the values that are dated later."""
    check(viewer, READ_SETTINGS)
    rows = list(PartnershipSetting.objects.order_by("starts_on", "id").values_list("key", "starts_on", "value"))
    lines = []
    for setting in partnership.declared_settings():
        past = [(day, value) for key, day, value in rows if key == setting.key and day <= on]
        coming = [(day, value) for key, day, value in rows if key == setting.key and day > on]
        since, value = past[-1] if past else (None, setting.default)
        lines.append(SettingLine(setting, value, since, coming))
    return lines


def setting_of_partnership(viewer: Actor, key: str, *, on: date) -> SettingLine:
    """One setting, for the form that changes it."""
    check(viewer, CHANGE_SETTING)
    for line in settings_of_partnership(viewer, on=on):
        if line.setting.key == key:
            return line
    raise NotVisible()


@dataclass(frozen=True)
class OutboxPage:
    """A page of messages on their way out; `next_before` is the key of the next one."""

    messages: list[OutboxMessage]
    next_before: UUID | None
    may_read: bool


def outbox(viewer: Actor, *, waiting_only: bool = False, before: UUID | None = None, limit: int = 50) -> OutboxPage:
    """What is on its way out and what went, newest first. Looking leaves a row in the trail."""
    check(viewer, READ_OUTBOX)
    rows = notifications.outbox(viewer)
    if waiting_only:
        rows = rows.filter(sent_at__isnull=True)
    last = notifications.outbox(viewer).filter(pk=before).first() if before else None
    if last is not None:
        rows = rows.filter(Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk))
    found = list(rows[: limit + 1])
    people = notifications.people_concerned(found[:limit])
    audit.record_read(viewer, subject=("core.outboxmessage", ""), people=people, purpose="outbox", search=True)
    return OutboxPage(found[:limit], found[limit - 1].pk if len(found) > limit else None, can(viewer, READ_MESSAGE))


def message(viewer: Actor, message_id: UUID) -> OutboxMessage:
    """One message with its text, for the front door; the administrator sees only that it is there."""
    check(viewer, READ_MESSAGE)
    found = notifications.outbox(viewer).filter(pk=message_id).first()
    if found is None:
        raise NotVisible()
    people = notifications.people_concerned([found])
    audit.record_read(viewer, subject=("core.outboxmessage", str(found.pk)), people=people, purpose="outbox")
    return found


@dataclass(frozen=True)
class WorkPage:
    """Somebody's background work, newest first, and where the next page begins."""

    jobs: list[Job]
    next_before: UUID | None


def background_work(viewer: Actor, *, before: UUID | None = None, limit: int = 25) -> WorkPage:
    """What the viewer asked the program to do in the background. Nobody sees anybody else's."""
    check(viewer, SEE_OWN_WORK)
    rows = jobs.jobs_of(viewer.account_id) if viewer.account_id else Job.objects.none()
    found = list((rows.filter(pk__lt=before) if before else rows)[: limit + 1])
    return WorkPage(found[:limit], found[limit - 1].pk if len(found) > limit else None)


def background_job(viewer: Actor, job_id: UUID) -> Job:
    """One piece of the viewer's own background work."""
    check(viewer, SEE_OWN_WORK)
    job = jobs.jobs_of(viewer.account_id).filter(pk=job_id).first() if viewer.account_id else None
    if job is None:
        raise NotVisible()
    return job
