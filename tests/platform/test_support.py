"""What the other tests stand on: the right role, a database of one's own, the site, the browser, no network."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction

from tests.support.database import Database
from tests.support.site import LiveSite

if TYPE_CHECKING:
    from playwright.sync_api import Page


def who_and_where() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        user, name = cursor.fetchone()
    return user, name


@pytest.mark.django_db
def test_ordinary_tests_run_as_the_application_role() -> None:
    assert who_and_where() == ("joinedup_app", "ordinary")


@pytest.mark.parametrize("time", [1, 2])
def test_a_fresh_database_is_empty_each_time_and_keeps_what_is_committed(fresh_database: Database, time: int) -> None:
    organisations = apps.get_model("organisations", "Organisation").objects
    assert not organisations.exists()
    assert who_and_where() == ("joinedup_app", fresh_database.name)
    with fresh_database.as_owner() as owner:
        owner.execute("CREATE TABLE note (words text)")
        owner.execute("GRANT SELECT, INSERT ON note TO joinedup_app")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO note VALUES ('kept')")
    with fresh_database.as_application() as other:
        assert other.execute("SELECT words FROM note").fetchone() == ("kept",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            other.execute("DROP TABLE note")


def test_the_demo_is_there_for_those_who_ask(demo_database: Database) -> None:
    assert apps.get_model("organisations", "Organisation").objects.exists()


@pytest.mark.browser
def test_the_live_site_answers_a_browser(live_site: LiveSite, page: Page) -> None:
    answer = page.goto(f"{live_site.url}/health/")
    assert answer
    assert answer.status == 200


def test_there_is_no_network() -> None:
    with socket.socket() as outside, pytest.raises(PermissionError, match="must not use the network"):
        outside.connect(("192.0.2.1", 80))
