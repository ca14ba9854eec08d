"""The outbox sends once, waits longer after each failure and gives up visibly; a version can be claimed once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from joinedup.core import notifications
from joinedup.core.models import OutboxMessage, VersionMoved, claim_version, new_id, new_reference
from joinedup.core.notifications import deliver_outbox, messages_given_up, owe_message

AT = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/London"))
pytestmark = pytest.mark.django_db


def owed() -> OutboxMessage:
    return owe_message(to="worker@council.example", subject="A referral", body="Look at it.", about=("x", "1"), at=AT)


@pytest.fixture
def no_mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: EmailBackend, messages: object) -> int:
        raise ConnectionRefusedError("connection refused")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)


def test_a_message_goes_once() -> None:
    message = owed()
    assert deliver_outbox(at=AT) == 1
    assert deliver_outbox(at=AT) == 0
    message.refresh_from_db()
    assert (message.sent_at, message.attempts) == (AT, 1)
    assert [each.subject for each in mail.outbox] == ["A referral"]


def test_a_message_is_not_sent_before_its_time() -> None:
    owed()
    assert deliver_outbox(at=AT - timedelta(seconds=1)) == 0


@pytest.mark.usefixtures("no_mail_server")
def test_a_failure_waits_longer_each_time_and_is_given_up_in_sight() -> None:
    message, at, waits = owed(), AT, []
    for _ in range(20):
        deliver_outbox(at=at)
        before = message.next_try_at
        message.refresh_from_db()
        if message.next_try_at != before:
            waits.append(message.next_try_at - at)
        at = max(message.next_try_at, at)
    assert (message.attempts, message.sent_at) == (8, None)
    assert "refused" in message.problem
    assert waits == sorted(waits)
    assert waits[-1] > waits[0]
    assert messages_given_up() == 1


def test_one_that_fails_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = owed(), owed()
    send, refused = notifications.EmailMessage.send, [first.pk]

    def some(self: notifications.EmailMessage, *args: object, **kwargs: object) -> int:
        if refused and str(refused[0]) in self.extra_headers.get("Message-ID", ""):
            raise ConnectionResetError("reset")
        return send(self)

    monkeypatch.setattr(notifications.EmailMessage, "send", some)
    assert deliver_outbox(at=AT) == 1
    second.refresh_from_db()
    assert second.sent_at == AT
    refused.clear()
    assert deliver_outbox(at=AT + timedelta(hours=1)) == 1


def test_a_version_is_claimed_once() -> None:
    message = owed()
    same = OutboxMessage.objects.get(pk=message.pk)
    claim_version(message, 1)
    assert message.version == 2
    with pytest.raises(VersionMoved, match="Somebody else changed this"):
        claim_version(same, 1)
    claim_version(same, 2)


def test_identifiers_sort_by_time_and_references_can_be_read_out() -> None:
    made = [new_id() for _ in range(50)]
    assert len(set(made)) == 50
    assert [each.version for each in made] == [7] * 50
    assert sorted(made, key=lambda each: each.int >> 80) == made
    reference = new_reference("R")
    assert len(reference) == 11
    assert not set(reference[2:]) & set("ILOU01")
