"""The command line: where data goes, and how failures are said."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from joinedup.cli import main as command_line
from joinedup.cli.data_folder import default_data_folder
from joinedup.cli.main import Plainspoken, main
from joinedup.cli.options import data_option
from joinedup.cli.serve import claim_port, serve_site
from joinedup.core.errors import Refused


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would have been served."""
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr(command_line, "serve_site", lambda data, **rest: calls.append({"data": data, **rest}))
    monkeypatch.delenv("JOINEDUP_DATA", raising=False)
    return calls


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {"data": default_data_folder(), "host": "127.0.0.1", "port": 8000, "demo": True}),
        (["--port", "81"], {"data": default_data_folder(), "host": "127.0.0.1", "port": 81, "demo": True}),
        (["--data", "/x"], {"data": Path("/x"), "host": "127.0.0.1", "port": 8000, "demo": True}),
        (["serve"], {"data": default_data_folder(), "host": "127.0.0.1", "port": 8000, "demo": False}),
        (["serve", "--data", "/y"], {"data": Path("/y"), "host": "127.0.0.1", "port": 8000, "demo": False}),
        (["--data", "/x", "serve", "--demo"], {"data": Path("/x"), "host": "127.0.0.1", "port": 8000, "demo": True}),
        (
            ["--data", "/x", "serve", "--data", "/y"],
            {"data": Path("/y"), "host": "127.0.0.1", "port": 8000, "demo": False},
        ),
    ],
)
def test_where_and_what_is_served(served: list[dict[str, Any]], arguments: list[str], expected: dict[str, Any]) -> None:
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert served == [expected]


@pytest.mark.parametrize("variable", ["JOINEDUP_DATA", "JOINEDUP_PORT"])
def test_the_environment_says_where_too(
    served: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "/99" if variable == "JOINEDUP_DATA" else "99")
    CliRunner().invoke(main, ["serve"])
    assert str(served[0]["data" if variable == "JOINEDUP_DATA" else "port"]).strip("/") == "99"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Refused("The budget is spent.", rule="FU-1"), "The budget is spent."),
        (PermissionError(13, "Permission denied", "/x/y"), "/x/y may not be read or written (Permission denied)."),
        (FileNotFoundError(2, "No such file or directory", "/x"), "/x: No such file or directory."),
        (OSError(28, "No space left on device", "/x"), "/x: No space left on device."),
    ],
)
def test_expected_failures_are_one_sentence(error: Exception, sentence: str) -> None:
    @click.group(cls=Plainspoken)
    def group() -> None: ...

    @group.command()
    @data_option
    def fail(data: Path) -> None:
        raise error

    result = CliRunner().invoke(group, ["fail"])
    assert (result.exit_code, result.stderr, result.stdout) == (2, sentence + "\n", "")


def test_a_bug_is_not_hidden() -> None:
    @click.group(cls=Plainspoken)
    def group() -> None: ...

    @group.command()
    def fail() -> None:
        raise ZeroDivisionError

    assert isinstance(CliRunner().invoke(group, ["fail"]).exception, ZeroDivisionError)


def test_the_demo_listens_on_this_machine_only(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="this machine only"):
        serve_site(tmp_path, host="0.0.0.0", port=0, demo=True)


def test_a_demo_folder_is_not_served_as_the_real_thing(tmp_path: Path) -> None:
    (tmp_path / "demonstration-only").touch()
    with pytest.raises(Refused, match="holds the demonstration"):
        serve_site(tmp_path, host="127.0.0.1", port=0, demo=False)


def test_a_port_in_use_and_a_strange_address_are_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"Port {port} is in use"):
            claim_port("127.0.0.1", port)
    with pytest.raises(Refused, match="not an address of this machine"):
        claim_port("203.0.113.9", 0)
