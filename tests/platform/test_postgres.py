"""The embedded PostgreSQL: started, joined, adopted, killed and stopped."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from joinedup.cli.postgres import EmbeddedPostgres, process_is_alive
from joinedup.core.errors import Refused
from tests.platform.processes import PATIENCE, wait_for

pytestmark = pytest.mark.kills


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder with a space in its name that nobody else may enter."""
    folder = tmp_path / "the data"
    folder.mkdir(mode=0o700)
    yield folder
    EmbeddedPostgres(folder).stop_if_abandoned()
    for note in tmp_path.glob("*/postgres-socket"):
        shutil.rmtree(note.read_text(), ignore_errors=True)


def pid_of(server: EmbeddedPostgres) -> int:
    return int((server.cluster / "postmaster.pid").read_text().split()[0])


def write_a_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (note text)")
        connection.execute("INSERT INTO kept VALUES ('saved')")


def rows(url: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert found
    return int(found[0])


def start_and_die(data: Path) -> None:
    EmbeddedPostgres(data).start()
    os.kill(os.getpid(), signal.SIGKILL)


def let_a_command_be_killed(data: Path) -> None:
    command = multiprocessing.get_context("spawn").Process(target=start_and_die, args=(data,))
    command.start()
    command.join(PATIENCE)
    assert command.exitcode == -signal.SIGKILL


def test_it_keeps_what_was_saved_and_leaves_no_process(data: Path) -> None:
    server = EmbeddedPostgres(data)
    with server as urls:
        write_a_row(urls.owner)
        pid = pid_of(server)
    assert not process_is_alive(pid)
    with EmbeddedPostgres(data) as urls:
        assert rows(urls.owner) == 1


def test_the_application_owns_nothing_and_there_is_no_port(data: Path) -> None:
    with EmbeddedPostgres(data) as urls:
        with (
            psycopg.connect(urls.application) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute("CREATE TABLE mine (note text)")
        with psycopg.connect(urls.superuser) as connection:
            settings = dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())
            rights = connection.execute(
                "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = 'joinedup_app'"
            ).fetchone()
    assert rights == (False, False, False)
    assert settings["listen_addresses"] == ""
    assert (settings["fsync"], settings["synchronous_commit"], settings["full_page_writes"]) == ("on", "on", "on")


def test_secrets_and_socket_are_private(data: Path) -> None:
    with EmbeddedPostgres(data) as urls:
        secrets = data / "postgres-secrets.json"
        socket = Path((data / "postgres-socket").read_text())
        wrong = urls.application.replace(json.loads(secrets.read_text())["joinedup_app"], "guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(data.stat().st_mode) == 0o700, "a user's folder keeps its rights"


def test_a_second_command_joins_and_the_last_one_out_stops_it(data: Path) -> None:
    first, second = EmbeddedPostgres(data), EmbeddedPostgres(data)
    first.start()
    second.start()
    pid = pid_of(first)
    first.stop()
    assert second.is_running()
    assert pid_of(second) == pid
    second.stop()
    assert not process_is_alive(pid)


def test_a_server_left_by_a_killed_command_is_adopted(data: Path) -> None:
    let_a_command_be_killed(data)
    server = EmbeddedPostgres(data)
    pid = pid_of(server)
    assert process_is_alive(pid)
    with server as urls:
        assert pid_of(server) == pid
        write_a_row(urls.owner)
    assert not process_is_alive(pid)


def test_a_killed_server_is_started_again_with_everything_saved(data: Path) -> None:
    with (server := EmbeddedPostgres(data)) as urls:
        for round_ in range(1, 4):
            write_a_row(urls.owner)
            os.kill(pid_of(server), signal.SIGKILL)
            wait_for(lambda: not server.is_running())
            assert server.ensure_running()
            assert rows(urls.owner) == round_
        assert not server.ensure_running()


def test_a_lock_with_the_number_of_another_program_is_seen_through(data: Path) -> None:
    """After a restart of the machine the number in the lock may belong to anything."""
    with (server := EmbeddedPostgres(data)):
        lock = (server.cluster / "postmaster.pid").read_text().splitlines()
    (server.cluster / "postmaster.pid").write_text("\n".join([str(os.getppid()), *lock[1:]]) + "\n")
    assert not server.is_running()
    with server as urls:
        write_a_row(urls.owner)


def test_a_half_made_cluster_is_made_anew(data: Path) -> None:
    (data / "postgres.new").mkdir()
    (data / "postgres.new" / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(data) as urls:
        write_a_row(urls.owner)
    assert not (data / "postgres.new").exists()


def test_a_lost_socket_folder_is_replaced(data: Path) -> None:
    with EmbeddedPostgres(data) as urls:
        write_a_row(urls.owner)
    shutil.rmtree((data / "postgres-socket").read_text())
    with EmbeddedPostgres(data) as urls:
        assert rows(urls.owner) == 1


def test_a_copied_data_folder_is_an_installation_of_its_own(data: Path, tmp_path: Path) -> None:
    with EmbeddedPostgres(data) as urls:
        write_a_row(urls.owner)
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)
    with EmbeddedPostgres(data) as original, EmbeddedPostgres(copy) as copied:
        write_a_row(original.owner)
        assert (rows(original.owner), rows(copied.owner)) == (2, 1)


def test_errors_in_the_log_carry_no_personal_words(data: Path) -> None:
    with EmbeddedPostgres(data) as urls, psycopg.connect(urls.owner, autocommit=True) as connection:
        connection.execute("CREATE TABLE people (name text PRIMARY KEY)")
        for _ in range(2):
            try:
                connection.execute("INSERT INTO people VALUES (%s)", ["Ottilie Quickfall"])
            except psycopg.errors.UniqueViolation:
                continue
    log = (data / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "Ottilie" not in log


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda data: (data / "postgres" / "PG_VERSION").write_text("17\n"), "made by PostgreSQL 17"),
        (lambda data: (data / "postgres-secrets.json").unlink(), "is missing"),
        (
            lambda data: (data / "postgres-secrets.json").write_text(
                json.dumps(dict.fromkeys(("joinedup_super", "joinedup_owner", "joinedup_app"), "other"))
            ),
            "restore both from the same backup",
        ),
    ],
)
def test_what_cannot_work_is_said_in_a_sentence(data: Path, spoil: object, sentence: str) -> None:
    with EmbeddedPostgres(data):
        pass
    assert callable(spoil)
    spoil(data)
    with pytest.raises(Refused, match=sentence):
        EmbeddedPostgres(data).start()


def test_a_file_in_place_of_the_folder_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="is not a folder"):
        EmbeddedPostgres(tmp_path / "file").start()
