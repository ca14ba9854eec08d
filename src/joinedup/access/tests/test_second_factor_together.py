"""Many guesses of a second factor at one moment, each in a connection of its own, as an attacker would send them."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

from django.db import connections

from joinedup.access import second_factor, services
from joinedup.access.actor import Actor
from joinedup.access.models import AuditEvent
from joinedup.access.tests.factories import AT, make_account
from joinedup.access.tests.test_second_factor import set_up
from joinedup.core.errors import Refused

_GUESSES = 12


def test_guesses_at_one_moment_are_counted_one_after_the_other(fresh_database: object) -> None:
    """The attack: send a dozen guesses at once, so that each is counted as the first. Five are wrong, the rest locked."""
    account = make_account()
    set_up(account)
    at = AT + timedelta(minutes=10)
    gate = threading.Barrier(_GUESSES)
    rules: list[str] = []

    def guess() -> None:
        try:
            gate.wait(20)
            services.show_second_factor(account=account, code="000000", by=Actor(account.pk, account.name, at), at=at)
        except Refused as refusal:
            rules.append(refusal.rule)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess) for _ in range(_GUESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Counter(rules) == {"AC-11": second_factor.MOST_WRONG, "AC-12": _GUESSES - second_factor.MOST_WRONG}
    written = AuditEvent.objects.filter(kind="refusal", action="access.show_second_factor")
    assert Counter(written.values_list("rule", flat=True)) == Counter(rules)
    assert set(written.values_list("subject_id", flat=True)) == {str(account.pk)}
