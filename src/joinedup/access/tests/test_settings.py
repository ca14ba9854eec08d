"""Settings from the environment, and the check that keeps the demonstration out of a real service."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from joinedup.access.checks import demo_is_not_production
from joinedup.config.env import database_from_url, env_bool, env_int, env_list, env_text


@pytest.mark.parametrize(("text", "value"), [("1", True), ("true", True), ("0", False), ("False", False), ("", True)])
def test_a_switch(monkeypatch: pytest.MonkeyPatch, text: str, value: bool) -> None:
    monkeypatch.setenv("JOINEDUP_X", text)
    assert env_bool("JOINEDUP_X", default=True) is value


@pytest.mark.parametrize("text", ["yes", "on", "of", "2", "ture"])
def test_a_typing_slip_in_a_switch_stops_the_start(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("JOINEDUP_X", text)
    with pytest.raises(ImproperlyConfigured, match="JOINEDUP_X must be 1 or 0"):
        env_bool("JOINEDUP_X", default=False)


def test_numbers_lists_and_secrets_from_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JOINEDUP_X", "12")
    assert env_int("JOINEDUP_X", 5) == 12
    monkeypatch.setenv("JOINEDUP_X", "a, b,,c ")
    assert env_list("JOINEDUP_X") == ["a", "b", "c"]
    with pytest.raises(ImproperlyConfigured, match="JOINEDUP_X must be a whole number"):
        env_int("JOINEDUP_X", 5)
    secret = tmp_path / "secret"
    secret.write_text("from the vault\n", encoding="utf-8")
    monkeypatch.setenv("JOINEDUP_X_FILE", str(secret))
    assert env_text("JOINEDUP_X") == "from the vault"
    monkeypatch.setenv("JOINEDUP_X_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match=r"JOINEDUP_X_FILE names .* which cannot be read"):
        env_text("JOINEDUP_X")


def test_a_database_address() -> None:
    found = database_from_url(
        "DATABASE_URL", "postgresql://us%40er:p%2Fw@db.example:5433/children?sslmode=require", pool=True
    )
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("us@er", "p/w", "db.example", "5433")
    assert (found["NAME"], found["OPTIONS"]["sslmode"]) == ("children", "require")
    assert database_from_url("X", "postgres:///?host=/run/x", pool=False)["HOST"] == "/run/x"
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must begin with postgresql://"):
        database_from_url("DATABASE_URL", "sqlite:///x", pool=False)


def test_the_demo_refuses_a_real_host(settings: Any) -> None:
    settings.DEMO, settings.ALLOWED_HOSTS = True, ["127.0.0.1", "localhost"]
    assert demo_is_not_production(None) == []
    settings.ALLOWED_HOSTS = ["joinedup.council.example", "127.0.0.1"]
    (found,) = demo_is_not_production(None)
    assert found.id == "joinedup.E001"
    assert "anybody may sign in as anybody" in found.msg
    settings.DEMO = False
    assert demo_is_not_production(None) == []


@pytest.mark.parametrize("hosts", ["joinedup.council.example", "*", ".example", "127.0.0.1,evil.example"])
def test_the_server_does_not_start_as_a_demo_on_a_real_host(hosts: str) -> None:
    done = start({"JOINEDUP_DEMO": "1", "JOINEDUP_HOSTS": hosts})
    assert done.returncode != 0
    assert "anybody may sign in as anybody" in done.stderr


def test_the_server_does_not_start_without_a_secret() -> None:
    done = start({"JOINEDUP_DEMO": "0", "JOINEDUP_SECRET_KEY": ""})
    assert done.returncode != 0
    assert "Set JOINEDUP_SECRET_KEY" in done.stderr


def start(changes: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Load what the web server loads, in a process of its own; no database is asked."""
    return subprocess.run(
        [sys.executable, "-c", "import joinedup.config.wsgi"],
        env={**os.environ, **changes},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
