"""`joinedup doctor`: looks at this machine and this installation and says, a line each, what is wrong and what to do."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from joinedup.cli.backup import last_backup
from joinedup.cli.data_folder import is_a_demo
from joinedup.cli.database import database, pending_migrations
from joinedup.cli.options import data_option, json_option
from joinedup.cli.postgres_account import choose_account, installed_programs
from joinedup.core.errors import Refused

ROOM_NEEDED = 500_000_000
OLDEST_BACKUP = timedelta(hours=26)  # a nightly one, and two hours of grace
UNSEALED_LIMIT = 100


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what was found and, where it is a problem, what to do."""

    about: str
    is_ok: bool
    says: str


@click.command()
@data_option
@json_option
def doctor(data: Path, as_json: bool) -> None:
    """Say what is wrong with this machine or this installation. Exit code 2 when something is."""
    findings = []
    for finding in examine(data):
        findings.append(finding)
        if not as_json:
            click.echo(f"{'OK     ' if finding.is_ok else 'PROBLEM'}  {finding.about}: {finding.says}")
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings]))
    if not all(finding.is_ok for finding in findings):
        raise click.exceptions.Exit(2)


def examine(data: Path) -> Iterator[Finding]:
    """Look at everything, cheap things first."""
    for look in (_python, _data_folder, _room, _programs, _browser, _port, _backup):
        yield look(data)
    yield from _database(data)


def _python(data: Path) -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    is_ok = sys.version_info >= (3, 11)
    return Finding("Python", is_ok, version if is_ok else f"{version} is too old; install Python 3.11 or newer.")


def _nearest(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())


def _data_folder(data: Path) -> Finding:
    place = _nearest(data)
    if place == data:
        try:
            with tempfile.TemporaryFile(dir=data):
                pass
            return Finding("Data folder", True, str(data))
        except OSError as error:
            return Finding("Data folder", False, f"{data} cannot be written ({error.strerror}); choose another --data.")
    if place.is_dir() and os.access(place, os.W_OK):
        return Finding("Data folder", True, f"{data} will be made at the first start")
    return Finding("Data folder", False, f"{data} cannot be made inside {place}; choose another --data.")


def _room(data: Path) -> Finding:
    free = shutil.disk_usage(_nearest(data)).free
    words = f"{free // 1_000_000:,} MB free"
    return Finding("Disk", free >= ROOM_NEEDED, words if free >= ROOM_NEEDED else f"only {words}; make room.")


def _programs(data: Path) -> Finding:
    if os.environ.get("DATABASE_URL"):
        return Finding("PostgreSQL", True, "DATABASE_URL names the server")
    try:
        programs = installed_programs()
        if data.exists():
            choose_account(data)
    except Refused as problem:
        return Finding("PostgreSQL", False, str(problem))
    return Finding("PostgreSQL", True, f"packaged, {programs.parent.name}")


def _browser(data: Path) -> Finding:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    return Finding("Browser for the tests", True, found or "none; the browser tests skip until chromium is installed")


def _port(data: Path) -> Finding:
    from joinedup.cli.serve import claim_port, is_healthy

    port = int(os.environ.get("JOINEDUP_PORT") or 8000)
    try:
        claim_port("127.0.0.1", port)
    except Refused as refusal:
        if is_healthy("127.0.0.1", port):
            return Finding("Port", True, f"{port}, where Joinedup is running")
        return Finding("Port", False, refusal.sentence)
    return Finding("Port", True, f"{port} is free")


def _backup(data: Path) -> Finding:
    last = last_backup(data)
    if last is None:
        has_data = (data / "postgres").exists() or bool(os.environ.get("DATABASE_URL"))
        if is_a_demo(data) or not has_data:
            return Finding("Backup", True, "none, and nothing that would be missed")
        return Finding("Backup", False, "none has ever been taken; run ./run backup FOLDER every night.")
    age = datetime.now(UTC) - datetime.fromisoformat(last["taken_at"])
    hours = f"{age.total_seconds() / 3600:,.0f} hours old"
    is_ok = age <= OLDEST_BACKUP or is_a_demo(data)
    return Finding("Backup", is_ok, hours if is_ok else f"the last is {hours}; is the nightly backup running?")


def _database(data: Path) -> Iterator[Finding]:
    """Opens the database where there is one; a doctor makes nothing."""
    has_url = bool(os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"))
    if not has_url and not (data / "postgres").exists():
        yield Finding("Database", True, "none yet; the first start makes it")
        return
    try:
        with database(data, migrate=False):
            yield Finding("Database", True, "answers")
            for about, look in _LOOKS:
                yield _guarded(about, look)
    except Exception as problem:
        yield Finding("Database", False, str(problem).strip().splitlines()[0] if str(problem) else repr(problem))


def _guarded(about: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except Exception as problem:
        return Finding(about, False, f"could not be looked at ({type(problem).__name__})")


def _migrations() -> Finding:
    pending = pending_migrations()
    words = f"{len(pending)} are missing; run ./run migrate." if pending else "up to date"
    return Finding("Migrations", not pending, words)


def _audit() -> Finding:
    from django.utils import timezone

    from joinedup.access.services import verify_audit

    found = verify_audit(at=timezone.now())
    if not found.is_sound:
        return Finding("Audit trail", False, f"{len(found.faults)} faults; see ./run audit verify.")
    if found.unsealed > UNSEALED_LIMIT:
        return Finding("Audit trail", False, f"{found.unsealed} events are not sealed; is the keeper running?")
    return Finding("Audit trail", True, f"{found.sealed} events sealed")


def _messages() -> Finding:
    from joinedup.core.notifications import messages_given_up

    given_up = messages_given_up()
    words = f"{given_up} could not be sent; see the messages page, and the mail settings." if given_up else "none stuck"
    return Finding("Messages", not given_up, words)


def _keys() -> Finding:
    from django.utils import timezone

    from joinedup.access.actor import system
    from joinedup.access.queries import keys_nobody_agreed_to

    found = keys_nobody_agreed_to(system(timezone.now()))
    words = f"{found} issued before two people had to agree; propose or revoke them on the page of keys (/keys/)."
    return Finding("Keys of partners", not found, words if found else "a second person agreed to each that works")


def _background() -> Finding:
    from django.utils import timezone

    from joinedup.core.jobs import queue_health

    now = timezone.now()
    found = queue_health(
        failed_since=now - timedelta(days=1),
        waiting_since=now - timedelta(minutes=2),
        heard_since=now - timedelta(minutes=1),
    )
    wrong = []
    if found.waiting_long:
        wrong.append(
            f"{found.waiting_long} waiting for more than two minutes"
            + ("" if found.workers else "; no worker is running: ./run serve starts one, or run ./run worker")
        )
    if found.failed:
        wrong.append(f"{found.failed} failed within a day: {', '.join(found.failed_kinds)}")
    workers = f"{found.workers} {'worker' if found.workers == 1 else 'workers'} heard of within a minute"
    return Finding("Background work", not wrong, "; ".join(wrong) + "." if wrong else workers)


def _avoided_events() -> Finding:
    from django.utils import timezone

    from joinedup.access.actor import system
    from joinedup.benefits.queries import claimed_twice

    found = claimed_twice(system(timezone.now()))
    words = (
        f"{found} claimed twice from before that was refused; the programme’s register of avoided events lists them."
    )
    return Finding("Avoided events", not found, words if found else "each is claimed once")


def _demo() -> Finding:
    from django.conf import settings

    return Finding("Demo mode", True, "on: for trying out only" if settings.DEMO else "off")


_LOOKS: tuple[tuple[str, Callable[[], Finding]], ...] = (
    ("Migrations", _migrations),
    ("Audit trail", _audit),
    ("Messages", _messages),
    ("Keys of partners", _keys),
    ("Background work", _background),
    ("Avoided events", _avoided_events),
    ("Demo mode", _demo),
)
