"""`joinedup serve` as a person at a terminal meets it: started, joined, killed in part and in whole, stopped."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from joinedup.cli.postgres import process_is_alive
from tests.platform.processes import PATIENCE, RunningSite, is_free, joinedup, wait_for

pytestmark = [
    pytest.mark.kills,
    pytest.mark.skipif(sys.platform != "linux", reason="Reads /proc to see which processes are left."),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    running = RunningSite(tmp_path_factory.mktemp("serve") / "data")
    try:
        yield running.wait_until_ready()
        running.stop()
        assert running.process.returncode == 0, running.said()
        assert running.processes() == {}
    finally:
        running.clear_away()


def test_it_answers_and_says_so_on_stdout_alone(site: RunningSite) -> None:
    assert site.health() == 200


def test_the_port_of_a_running_site_is_refused_in_a_sentence(site: RunningSite, tmp_path: Path) -> None:
    refused = joinedup("serve", "--data", tmp_path / "other", "--port", str(site.port))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"Port {site.port} is in use" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "other").exists(), "a refused start leaves nothing behind"


def test_another_command_joins_and_leaves_it_running(site: RunningSite) -> None:
    verified = joinedup("--data", site.data, "audit", "verify", "--json")
    assert verified.returncode == 0, verified.stderr
    assert json.loads(verified.stdout)["sound"] is True
    assert site.health() == 200


def test_the_web_server_and_the_keeper_do_not_know_the_owner(site: RunningSite) -> None:
    for word in ("joinedup.cli.web", "joinedup.cli.keeper", "joinedup.cli.worker"):
        environment = Path(f"/proc/{site.pid_of(word)}/environ").read_bytes()
        assert b"joinedup_app" in environment
        assert b"joinedup_owner" not in environment
        assert b"joinedup_super" not in environment


@pytest.mark.parametrize("word", ["joinedup.cli.web", "joinedup.cli.keeper", "joinedup.cli.worker", "/postgres -D"])
def test_what_is_killed_is_started_again(site: RunningSite, word: str) -> None:
    killed = site.pid_of(word)
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: not process_is_alive(killed))
    wait_for(lambda: any(word in words for words in site.processes().values()))
    wait_for(lambda: site.health() == 200)
    assert site.process.poll() is None


def test_after_killing_it_the_port_is_free_and_the_next_start_has_everything(tmp_path: Path) -> None:
    first = RunningSite(tmp_path / "data")
    second = None
    try:
        first.wait_until_ready()
        first.process.kill()
        first.process.wait(PATIENCE)
        wait_for(lambda: is_free(first.port))
        second = RunningSite(first.data, "--port", str(first.port))
        second.wait_until_ready()
        assert second.health() == 200
        second.stop()
        assert second.processes() == {}
    finally:
        for each in (first, second):
            if each is not None:
                each.clear_away()


def test_a_folder_that_cannot_be_written_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = joinedup("serve", "--data", tmp_path / "file" / "data", "--port", "0")
    assert refused.returncode == 2
    assert "choose another with --data" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_database_that_does_not_answer_is_said_in_a_sentence(tmp_path: Path) -> None:
    refused = joinedup(
        "migrate",
        "--data",
        tmp_path,
        DATABASE_URL="postgresql://somebody@127.0.0.1:9/none",
        JOINEDUP_SECRET_KEY="0123456789" * 6,
    )
    assert refused.returncode == 2
    assert "check DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_an_unknown_command_is_a_usage_error() -> None:
    assert joinedup("no-such-command").returncode == 2


def test_the_doctor_finds_a_healthy_machine(tmp_path: Path) -> None:
    looked = joinedup("doctor", "--json", "--data", tmp_path / "data")
    findings = json.loads(looked.stdout)
    assert {"Python", "Data folder", "Disk", "PostgreSQL", "Database"} <= {each["about"] for each in findings}
    assert all(each["is_ok"] for each in findings if each["about"] != "Port"), looked.stdout
    assert not (tmp_path / "data").exists(), "a doctor makes nothing"
