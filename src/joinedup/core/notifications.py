"""Messages that leave the building: written with the change that owes them, sent by the keeper afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet

from joinedup.core.models import OutboxMessage

_MOST_ATTEMPTS = 8
PeopleOf = Callable[[list[str]], set[UUID]]
_people_of: dict[str, PeopleOf] = {}
_kept_apart: set[str] = set()
# For a kind of record: those of them, as text, of which a viewer is to learn nothing.
HiddenFrom = Callable[[Any], "QuerySet[Any, str]"]
_hidden_from: dict[str, HiddenFrom] = {}


def people_are_found_by(about_kind: str, find: PeopleOf) -> None:
    """Called from a part's `apps.py`: whom messages about this kind of record concern, for the audit trail."""
    _people_of[about_kind] = find


def keep_apart(about_kind: str) -> None:
    """Called from a part's `apps.py`: that there is a message about such a record is itself nobody else's to see."""
    _kept_apart.add(about_kind)


def hide_messages_about(about_kind: str, hidden: HiddenFrom) -> None:
    """Called from a part's `apps.py`: which records of a kind are hidden from a viewer, and messages about them too."""
    _hidden_from[about_kind] = hidden


def people_concerned(messages: Iterable[OutboxMessage]) -> set[UUID]:
    """Everybody these messages concern; one query for each kind of record."""
    ids: dict[str, list[str]] = {}
    for message in messages:
        ids.setdefault(message.about_kind, []).append(message.about_id)
    return set().union(*(_people_of[kind](found) for kind, found in ids.items() if kind in _people_of))


def owe_message(*, to: str, subject: str, body: str, about: tuple[str, str], at: datetime) -> OutboxMessage:
    """Put a message in the outbox inside the caller's transaction. `about` is (kind, id) of what it concerns."""
    return OutboxMessage.objects.create(
        to=to, subject=subject, body=body, about_kind=about[0], about_id=about[1], created_at=at, next_try_at=at
    )


def deliver_outbox(*, at: datetime, most: int = 50) -> int:
    """Send what is due, each message in its own transaction; returns how many went. Safe to run twice at once: a row
    being sent is locked and skipped. A failure waits longer each time and is given up, visibly, after eight tries."""
    sent = 0
    due = OutboxMessage.objects.filter(sent_at__isnull=True, next_try_at__lte=at, attempts__lt=_MOST_ATTEMPTS)
    for message_id in list(due.order_by("next_try_at").values_list("id", flat=True)[:most]):
        sent += _deliver_one(message_id, at)
    return sent


def messages_given_up() -> int:
    """How many messages were tried eight times and not sent: somebody who was to be told does not know."""
    return OutboxMessage.objects.filter(sent_at__isnull=True, attempts__gte=_MOST_ATTEMPTS).count()


def _deliver_one(message_id: UUID, at: datetime) -> int:
    with transaction.atomic():
        waiting = OutboxMessage.objects.select_for_update(skip_locked=True)
        message = waiting.filter(pk=message_id, sent_at__isnull=True).first()
        if message is None:
            return 0
        message.attempts += 1
        try:
            EmailMessage(
                message.subject, message.body, to=[message.to], headers={"Message-ID": f"<{message.id}@joinedup>"}
            ).send()
        except (OSError, ValueError) as error:  # no mail server, or an address or subject no mail can be made of
            message.problem = str(error)[:300]
            message.next_try_at = at + timedelta(minutes=2**message.attempts)
            message.save(update_fields=["attempts", "problem", "next_try_at"])
            return 0
        message.sent_at, message.problem = at, ""
        message.save(update_fields=["attempts", "problem", "sent_at"])
        return 1


def outbox(viewer: Any) -> QuerySet[OutboxMessage]:
    """Newest first, without what is kept apart and what is about a record hidden from the viewer; the page that shows it
    checks who may look."""
    rows = OutboxMessage.objects.exclude(about_kind__in=_kept_apart)
    for about_kind, hidden in _hidden_from.items():
        rows = rows.exclude(about_kind=about_kind, about_id__in=hidden(viewer))
    return rows.order_by("-created_at", "-id")
