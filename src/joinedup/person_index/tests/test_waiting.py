"""While an import decides whose records are whose, somebody at a page is told so and not left waiting."""

from __future__ import annotations

import pytest
from django.db import transaction

from joinedup.core.errors import Refused
from joinedup.person_index.services.facts import _PERSON_INDEX_LOCK, _lock_index
from tests.support.database import Database


def test_a_decision_during_an_import_is_refused_in_a_sentence(fresh_database: Database) -> None:
    with fresh_database.as_application() as importing:
        importing.execute("SELECT pg_advisory_lock(%s)", [_PERSON_INDEX_LOCK])
        with pytest.raises(Refused, match="being imported just now") as told, transaction.atomic():
            _lock_index(patience=0.2)
        assert told.value.rule == "PI-17"
        importing.execute("SELECT pg_advisory_unlock(%s)", [_PERSON_INDEX_LOCK])
    with transaction.atomic():
        _lock_index(patience=0.2)
        _lock_index()
