"""Backup, restore and the drill, with the real command on the demo partnership; and what they refuse."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from joinedup.cli.archive import MAGIC, MANIFEST, read_manifest
from joinedup.cli.backup import last_backup
from joinedup.cli.postgres import OWNER, EmbeddedPostgres
from tests.platform.processes import ROOT, clean_environment, joinedup
from tests.support.database import Database, _as_superuser, copy_of, drop

pytestmark = pytest.mark.kills

PHRASE = "a passphrase that is long enough"


@pytest.fixture(scope="module")
def installation(demo_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The demo on a server, as `DATABASE_URL` names it: what to set for a command."""
    database = copy_of(demo_template)
    data = tmp_path_factory.mktemp("installation")
    (data / "demonstration-only").touch()
    yield {
        "DATABASE_URL": database.urls.application,
        "JOINEDUP_OWNER_DATABASE_URL": database.urls.owner,
        "JOINEDUP_DATA": str(data),
        "PYTHONPATH": str(ROOT / "src"),
    }
    drop(database)


@pytest.fixture(scope="module")
def backup(installation: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it."""
    folder = tmp_path_factory.mktemp("backups")
    done = joinedup("backup", folder, "--json", **installation)
    assert done.returncode == 0, done.stderr
    taken = json.loads(done.stdout)
    assert taken["rows"] > 1000
    return Path(taken["path"])


@pytest.fixture
def phrase(tmp_path: Path) -> Path:
    file = tmp_path / "phrase"
    file.write_text(f"{PHRASE}\n")
    return file


def restore(file: Path, data: Path, *more: str | Path) -> subprocess.CompletedProcess[str]:
    return joinedup("restore", file, "--data", data, *more, PYTHONPATH=str(ROOT / "src"))


def clear_away(data: Path) -> None:
    """The socket folder of a data folder that pytest will remove."""
    note = data / "postgres-socket"
    if note.exists():
        shutil.rmtree(note.read_text(), ignore_errors=True)


def nothing_is_there(data: Path) -> bool:
    return not data.exists() and not data.with_name(f".{data.name}.restoring").exists()


def test_the_drill_on_the_demo(installation: dict[str, str], backup: Path) -> None:
    done = joinedup("drill", "--json", **installation)
    assert done.returncode == 0, done.stdout + done.stderr
    outcome = json.loads(done.stdout)
    told = read_manifest(backup, None)["facts"]
    assert outcome["differences"] == []
    assert (outcome["pages"], outcome["tables"]) == (20, len(told["tables"]))
    assert outcome["rows"] == sum(table["rows"] for table in told["tables"].values())
    assert outcome["chain_head"] == told["chain"]["head"]
    assert set(outcome["seconds"]) == {"restore", "compare and open pages"}


def test_a_backup_is_private_and_says_what_is_in_it(installation: dict[str, str], backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with tarfile.open(backup) as tar:  # any tar opens it
        assert tar.getnames() == [MANIFEST, "database.dump", "audit-anchors.log"]
    manifest = read_manifest(backup, None)
    assert manifest["facts"]["tables"]["access_account"]["rows"] > 10
    assert "access_auditevent" in manifest["facts"]["sealed"]
    assert "django_session" not in manifest["facts"]["tables"]
    last = last_backup(Path(installation["JOINEDUP_DATA"]))
    assert last is not None
    assert Path(last["path"]) == backup
    assert list(backup.parent.iterdir()) == [backup]
    assert list(Path(installation["JOINEDUP_DATA"]).glob(".backup-*")) == []


def test_a_restored_installation_works_and_is_sealed(backup: Path, tmp_path: Path) -> None:
    data = tmp_path / "restored"
    done = restore(backup, data)
    assert done.returncode == 0, done.stderr
    try:
        with EmbeddedPostgres(data) as urls:
            with psycopg.connect(urls.application) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("DELETE FROM access_auditevent")
            with psycopg.connect(urls.owner) as connection, pytest.raises(psycopg.errors.IntegrityError):
                connection.execute("DELETE FROM access_auditevent")
            with psycopg.connect(urls.application) as connection:
                assert connection.execute("SELECT count(*) FROM django_session").fetchone() == (0,)
                new = connection.execute(
                    "INSERT INTO access_auditevent (kind, action, post_ids, via, subject_kind, subject_id, people,"
                    " purpose, rule, changed, at, words_digest) VALUES ('read', 'a.b', '{}', 'cli', '', '', '{}', '',"
                    " '', '{}', now(), '') RETURNING id"
                ).fetchone()
                last = connection.execute("SELECT max(event_id) FROM access_auditseal").fetchone()
                assert new is not None
                assert last is not None
                assert new[0] > last[0], "numbers go on where they were"
        again = restore(backup, data)
        assert (again.returncode, again.stderr.count("is not empty")) == (2, 1)
        verified = joinedup("audit", "verify", "--data", data, PYTHONPATH=str(ROOT / "src"))
        assert verified.returncode == 0, verified.stderr
    finally:
        clear_away(data)


def rewrite(backup: Path, into: Path, change: Any) -> Path:
    """The archive with its members changed by hand: `change` gets {name: bytes}."""
    members: dict[str, bytes] = {}
    with tarfile.open(backup) as tar:
        for entry in tar:
            content = tar.extractfile(entry)
            assert content is not None
            members[entry.name] = content.read()
    change(members)
    with tarfile.open(into, "w") as tar:
        for name, content_bytes in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content_bytes)
            tar.addfile(entry, io.BytesIO(content_bytes))
    return into


def change_manifest(**new: Any) -> Any:
    def change(members: dict[str, bytes]) -> None:
        members[MANIFEST] = json.dumps({**json.loads(members[MANIFEST]), **new}).encode()

    return change


def change_byte(members: dict[str, bytes]) -> None:
    middle = len(members["database.dump"]) // 2
    dump = bytearray(members["database.dump"])
    dump[middle] ^= 1
    members["database.dump"] = bytes(dump)


def add_a_stranger(members: dict[str, bytes]) -> None:
    members["../../elsewhere"] = b"not yours"


def lose_the_anchors(members: dict[str, bytes]) -> None:
    del members["audit-anchors.log"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (change_byte, "is not what was written"),
        (add_a_stranger, "something its manifest does not name"),
        (lose_the_anchors, "audit-anchors.log is missing"),
        (change_manifest(version="99.1.0"), "was written by Joinedup 99.1.0"),
        (change_manifest(format=2), "newer Joinedup (format 2)"),
    ],
)
def test_what_was_changed_or_is_newer_is_refused(backup: Path, tmp_path: Path, change: Any, words: str) -> None:
    wrong = rewrite(backup, tmp_path / "wrong", change)
    done = restore(wrong, tmp_path / "restored")
    assert done.returncode == 2
    assert words in done.stderr
    assert nothing_is_there(tmp_path / "restored")
    assert not (tmp_path.parent / "elsewhere").exists()


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_what_was_cut_short_is_refused(backup: Path, tmp_path: Path, share: float) -> None:
    whole = backup.read_bytes()
    cut = tmp_path / "cut"
    cut.write_bytes(whole[: int(len(whole) * share)])
    done = restore(cut, tmp_path / "restored")
    assert (done.returncode, done.stdout) == (2, "")
    assert nothing_is_there(tmp_path / "restored")


def test_rows_that_do_not_match_the_manifest_are_refused(backup: Path, tmp_path: Path) -> None:
    def one_more(members: dict[str, bytes]) -> None:
        manifest = json.loads(members[MANIFEST])
        manifest["facts"]["tables"]["access_account"]["rows"] += 1
        manifest["facts"]["migrations"].append("access.9999_from_the_future")
        members[MANIFEST] = json.dumps(manifest).encode()

    done = restore(rewrite(backup, tmp_path / "wrong", one_more), tmp_path / "restored")
    assert done.returncode == 2
    assert "access_account" in done.stderr
    assert nothing_is_there(tmp_path / "restored")


def test_encrypted_and_back(installation: dict[str, str], tmp_path: Path, phrase: Path) -> None:
    file = tmp_path / "sealed"
    done = joinedup("backup", file, "--passphrase-file", phrase, "--json", **installation)
    assert done.returncode == 0, done.stderr
    whole = file.read_bytes()
    assert whole.startswith(MAGIC)
    assert b"database.dump" not in whole
    without = restore(file, tmp_path / "restored")
    assert (without.returncode, "is encrypted" in without.stderr) == (2, True)
    other = tmp_path / "other"
    other.write_text("quite another passphrase")
    wrong = restore(file, tmp_path / "restored", "--passphrase-file", other)
    assert (wrong.returncode, "does not open with this passphrase" in wrong.stderr) == (2, True)
    for name, bad in {
        "changed": whole[:-5000] + bytes([whole[-5000] ^ 1]) + whole[-4999:],
        "cut": whole[: len(MAGIC) + 23 + (1 << 20) + 16],  # exactly after the first frame
    }.items():
        (tmp_path / name).write_bytes(bad)
        assert restore(tmp_path / name, tmp_path / "restored", "--passphrase-file", phrase).returncode == 2, name
    assert nothing_is_there(tmp_path / "restored")
    try:
        right = restore(file, tmp_path / "restored", "--passphrase-file", phrase)
        assert right.returncode == 0, right.stderr
    finally:
        clear_away(tmp_path / "restored")


def test_a_short_passphrase_and_a_name_that_is_taken_are_refused(
    installation: dict[str, str], backup: Path, tmp_path: Path
) -> None:
    short = tmp_path / "short"
    short.write_text("hunter2")
    done = joinedup("backup", tmp_path / "x", "--passphrase-file", short, **installation)
    assert (done.returncode, "at least 16" in done.stderr) == (2, True)
    done = joinedup("backup", backup, **installation)
    assert (done.returncode, "never replaces another" in done.stderr) == (2, True)


@pytest.fixture
def empty_server(demo_template: str) -> Iterator[Database]:
    """A database of the server with nothing in it."""
    _as_superuser(sql.SQL("CREATE DATABASE restore_here OWNER {}").format(sql.Identifier(OWNER)))
    from tests.support.database import _urls_of

    database = Database("restore_here", _urls_of("restore_here"))
    yield database
    drop(database)


def test_restored_to_a_server(backup: Path, empty_server: Database, tmp_path: Path) -> None:
    there = {
        "DATABASE_URL": empty_server.urls.application,
        "JOINEDUP_OWNER_DATABASE_URL": empty_server.urls.owner,
        "JOINEDUP_DATA": str(tmp_path / "there"),
        "JOINEDUP_DEMO": "1",
        "PYTHONPATH": str(ROOT / "src"),
    }
    done = joinedup("restore", backup, **there)
    assert done.returncode == 0, done.stderr
    with empty_server.as_application() as connection:
        assert (connection.execute("SELECT count(*) FROM access_account").fetchone() or (0,))[0] > 10
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE access_auditevent SET kind = 'x'")
    again = joinedup("restore", backup, **{**there, "JOINEDUP_DATA": str(tmp_path / "other")})
    assert (again.returncode, "is not empty" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    "after", [0.4, 1.6, *(pytest.param(moment, marks=pytest.mark.deep) for moment in (0.7, 1.0, 1.3, 1.9, 2.2, 3.0))]
)
def test_killed_while_restoring_leaves_nothing(backup: Path, tmp_path: Path, after: float) -> None:
    data = tmp_path / "restored"
    command = [sys.executable, "-m", "joinedup", "restore", str(backup), "--data", str(data)]
    process = subprocess.Popen(command, env=clean_environment(PYTHONPATH=str(ROOT / "src")), stderr=subprocess.DEVNULL)
    time.sleep(after)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(60)
    was_done = data.exists()  # by the time of the kill it may have been through
    assert not was_done or (data / "postgres" / "PG_VERSION").exists()
    try:
        if not was_done:
            done = restore(backup, data)
            assert done.returncode == 0, done.stderr
        assert not data.with_name(f".{data.name}.restoring").exists()
    finally:
        EmbeddedPostgres(data).stop_if_abandoned()
        clear_away(data)
