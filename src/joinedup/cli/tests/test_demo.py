"""The demo is loaded once, whole, and says whom to sign in as."""

from __future__ import annotations

import pytest

from joinedup.access.models import AuditEvent
from joinedup.cli.demo import load_demo, people
from joinedup.organisations.tests.factories import AT, make_organisation


@pytest.mark.django_db
def test_nothing_is_loaded_where_there_is_something() -> None:
    make_organisation()
    before = AuditEvent.objects.count()
    load_demo(at=AT)
    assert AuditEvent.objects.count() == before
    assert people() == []
