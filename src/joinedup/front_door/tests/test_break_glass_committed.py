"""The row that says who opened a record in an emergency is committed before anything is shown."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from django.db import connection

from joinedup.front_door.tests.pages import Visitor
from joinedup.front_door.tests.test_break_glass import World, told_of
from joinedup.person_index.models import BreakGlass


def test_a_fault_after_the_row_shows_nothing_and_keeps_the_row(fresh_database: Any) -> None:
    """It is a transaction of its own: what fails afterwards fails with nothing on the page, and the row stays."""
    world = World()
    visitor = Visitor(world.place.accounts["other_key_worker"])
    visitor.client.raise_request_exception = False
    with (
        patch("joinedup.person_index.views.break_glass.redirect", side_effect=RuntimeError("power cut")),
        patch("joinedup.access.fresh.is_fresh", return_value=True),
    ):
        answer = visitor.send("break_glass", told_of())
    assert answer.status_code == 500
    assert "Linnet" not in answer.content.decode()
    connection.close()  # another session sees only what was committed
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_auditevent WHERE action = 'person_index.break_glass'")
        assert cursor.fetchone() == (1,)
    assert BreakGlass.objects.count() == 1
