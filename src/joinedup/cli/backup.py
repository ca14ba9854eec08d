"""Backup and restore: everything an installation is, in one file, and back again into an empty place.

What a backup holds: the database as of one moment, and the anchors of the audit trail up to that moment. The key that
signs sessions and encrypts second factors goes in only when the archive is encrypted; otherwise keep it elsewhere.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from joinedup import __version__
from joinedup.cli import dump
from joinedup.cli.archive import broken, read_manifest, unpack, write_archive
from joinedup.cli.data_folder import DEMO_MARK, is_a_demo, make_folder, write_private
from joinedup.cli.database import close_connections, database
from joinedup.cli.postgres import EmbeddedPostgres
from joinedup.core.errors import Refused

ENDING = ".joinedup-backup"
LAST = "last-backup.json"
DATABASE, ANCHORS, SECRET = "database.dump", "audit-anchors.log", "secret-key"


@dataclass(frozen=True)
class Taken:
    """A backup that was written."""

    path: Path
    taken_at: str
    rows: int
    tables: int
    bytes: int
    sha256: str
    is_encrypted: bool


# --- Taking ------------------------------------------------------------------------------------------------------------


def take_backup(data: Path, target: Path, *, phrase: bytes | None, at: datetime) -> Taken:
    """Write a backup to a file, or into a folder under a name of its own. The site may go on working meanwhile."""
    if target.is_dir():
        target = target / f"joinedup-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}{ENDING}"
    if target.exists():
        raise Refused(f"{target} is there already: a backup never replaces another.", rule="CL-6")
    if not target.parent.is_dir():
        raise Refused(f"There is no folder {target.parent} to write the backup to.", rule="CL-6")
    with database(data, migrate=False), _scratch(data) as scratch:
        from joinedup.access.services import seal_audit

        seal_audit(at=at)
        url = owner_url()
        with dump.snapshot(url) as (connection, name):
            facts = dump.facts_of(connection)
            if not facts["tables"]:
                raise Refused("There is nothing in the database to back up.", rule="CL-6")
            dump.dump(url, name, scratch / DATABASE)
        members = _members(data, scratch, facts, with_secret=phrase is not None)
    manifest: dict[str, Any] = {
        "version": __version__,
        "taken_at": at.astimezone(UTC).isoformat(),
        "is_demo": is_a_demo(data),
        "facts": facts,
    }
    try:
        digest = write_archive(target, manifest, members, phrase)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    rows = sum(table["rows"] for table in facts["tables"].values())
    taken = Taken(
        target.absolute(), manifest["taken_at"], rows, len(facts["tables"]), target.stat().st_size, digest, bool(phrase)
    )
    write_private(data / LAST, json.dumps({"path": str(taken.path), "taken_at": taken.taken_at, "sha256": digest}))
    return taken


@contextmanager
def _scratch(data: Path) -> Iterator[Path]:
    """A private folder inside the data folder, which holds the same rows anyway; what a killed backup left is swept."""
    for left in data.glob(".backup-*"):
        shutil.rmtree(left, ignore_errors=True)
    scratch = Path(tempfile.mkdtemp(prefix=".backup-", dir=data))
    try:
        yield scratch
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


def _members(data: Path, scratch: Path, facts: dump.Facts, *, with_secret: bool) -> dict[str, Path]:
    members = {DATABASE: scratch / DATABASE, ANCHORS: scratch / ANCHORS}
    members[ANCHORS].write_text(_anchors_up_to(data / ANCHORS, facts["chain"]["seq"]), encoding="ascii")
    if with_secret and (key := os.environ.get("JOINEDUP_SECRET_KEY_FILE")) and Path(key).parent == data:
        members[SECRET] = scratch / SECRET
        shutil.copyfile(key, members[SECRET])
    return members


def _anchors_up_to(path: Path, seq: int) -> str:
    """The anchors that the snapshot can answer for: later ones belong to rows it does not hold."""
    if not path.exists():
        return ""
    lines = (line for line in path.read_text(encoding="ascii").splitlines() if len(line.split(" ")) == 3)
    return "".join(f"{line}\n" for line in lines if line.split(" ")[1].isdigit() and int(line.split(" ")[1]) <= seq)


def owner_url() -> str:
    """The address of the role that owns the tables, else the program's own."""
    return _told("JOINEDUP_OWNER_DATABASE_URL") or _told("DATABASE_URL")


def _told(name: str) -> str:
    """A variable, or the content of the file NAME_FILE names, before there are settings."""
    file = os.environ.get(f"{name}_FILE")
    return Path(file).read_text(encoding="utf-8").strip() if file else os.environ.get(name, "")


# --- Finding -----------------------------------------------------------------------------------------------------------


def newest_backup(data: Path, place: Path | None) -> Path:
    """The file given, the newest in the folder given, or the last one taken from this data folder."""
    if place is not None and place.is_file():
        return place
    if place is not None:
        found = sorted(place.glob(f"*{ENDING}"), key=lambda path: path.stat().st_mtime)
        if not found:
            raise Refused(f"There is no backup in {place}.", rule="CL-7")
        return found[-1]
    last = last_backup(data)
    if last is None or not Path(last["path"]).exists():
        raise Refused("No backup has been taken from here, or it is gone: name one with --from.", rule="CL-7")
    return Path(last["path"])


def last_backup(data: Path) -> dict[str, Any] | None:
    """What is remembered of the last backup taken from this data folder."""
    try:
        found = json.loads((data / LAST).read_text(encoding="utf-8"))
        datetime.fromisoformat(found["taken_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return dict(found)


# --- Restoring ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Restored:
    """A restore that was made and proved."""

    taken_at: str
    version: str
    tables: int
    rows: int
    sealed: int
    head: str
    migrations_applied: int
    brought_secret_key: bool


def restore_backup(data: Path, file: Path, *, phrase: bytes | None, at: datetime) -> Restored:
    """Restore into an empty data folder, or into the empty database DATABASE_URL names. Everything is proved before
    the place gets its name: killed at any moment, it is as empty as before. Raises Refused with what to do."""
    manifest = read_manifest(file, phrase)
    _refuse_newer(file, manifest)
    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"):
        return _restore_to_server(data, file, phrase, at)
    if data.exists() and any(data.iterdir()):
        raise Refused(
            f"{data} is not empty: a restore never replaces anything. Name a new folder with --data.", rule="CL-8"
        )
    draft = data.with_name(f".{data.name}.restoring")
    _sweep(draft)
    make_folder(draft)
    try:
        restored = _restore_into(draft, file, phrase, at)
        if data.exists():
            data.rmdir()
        (draft / "postgres-socket").unlink(missing_ok=True)
        draft.rename(data)
    except BaseException:
        _sweep(draft)
        raise
    return restored


def _sweep(draft: Path) -> None:
    """Clear away what a killed restore left, and the server it may have left running."""
    if not draft.exists():
        return
    left = EmbeddedPostgres(draft)
    if (draft / "postgres").exists() and not left.stop_if_abandoned():
        raise Refused(f"Another restore is working in {draft}; wait until it ends.", rule="CL-8")
    note = draft / "postgres-socket"
    if note.exists():
        shutil.rmtree(note.read_text().strip(), ignore_errors=True)
    shutil.rmtree(draft, ignore_errors=True)


def _restore_into(draft: Path, file: Path, phrase: bytes | None, at: datetime) -> Restored:
    """Everything of a restore into a data folder but its name."""
    unpacked = draft / ".unpacked"
    unpacked.mkdir(mode=0o700)
    manifest = unpack(file, unpacked, phrase)
    for name in (ANCHORS, SECRET):
        if (unpacked / name).exists():
            shutil.move(unpacked / name, draft / name)
    if manifest.get("is_demo"):
        (draft / DEMO_MARK).touch()
    server = EmbeddedPostgres(draft)
    urls = server.start()
    try:
        dump.load(urls.owner, unpacked / DATABASE, application=_user_of(urls.application))
        shutil.rmtree(unpacked)
        with database(draft, migrate=False):
            return _prove(file, manifest, at, migrate=True)
    finally:
        close_connections()
        server.stop()


def _restore_to_server(data: Path, file: Path, phrase: bytes | None, at: datetime) -> Restored:
    url = owner_url()
    make_folder(data)
    if not dump.is_empty(url):
        raise Refused("The database is not empty: a restore never replaces anything. Make a new one.", rule="CL-8")
    if (data / ANCHORS).exists() and (data / ANCHORS).stat().st_size:
        raise Refused(f"{data / ANCHORS} belongs to another audit trail: name a new folder with --data.", rule="CL-8")
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=data) as folder:
        unpacked = Path(folder)
        manifest = unpack(file, unpacked, phrase)
        application = _user_of(_told("DATABASE_URL"))
        dump.load(url, unpacked / DATABASE, application="" if application == _user_of(url) else application)
        shutil.move(unpacked / ANCHORS, data / ANCHORS)
        try:
            with database(data, migrate=False):
                return _prove(file, manifest, at, migrate=False)
        except BaseException:
            close_connections()
            dump.clear(url)
            (data / ANCHORS).unlink(missing_ok=True)
            raise


def _user_of(url: str) -> str:
    from psycopg.conninfo import conninfo_to_dict

    return str(conninfo_to_dict(url).get("user") or "")


def _refuse_newer(file: Path, manifest: dict[str, Any]) -> None:
    """An archive of a newer program holds what this one would not understand."""
    written_by = str(manifest.get("version", ""))
    if _ordered(written_by) > _ordered(__version__):
        raise Refused(
            f"{file} was written by Joinedup {written_by}; this is {__version__}. Update it first.", rule="CL-4"
        )


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))


def _prove(file: Path, manifest: dict[str, Any], at: datetime, *, migrate: bool) -> Restored:
    """Every table as it was, every migration known, every seal in place, the audit chain whole. Django is ready."""
    from joinedup.cli.database import migrate_database

    with dump.snapshot(owner_url()) as (connection, _):
        found = dump.facts_of(connection)
    told: dump.Facts = manifest["facts"]
    wrong = dump.differences(told, found)
    if wrong:
        raise broken(file, "; ".join(wrong[:5]))
    unknown = sorted(set(told["migrations"]) - _known_migrations())
    if unknown:
        raise Refused(
            f"{file} was written by a newer Joinedup, with changes this one does not know ({', '.join(unknown[:3])}).",
            rule="CL-4",
        )
    applied = migrate_database() if migrate else 0
    head = _check_chain(file, manifest, at)
    return Restored(
        taken_at=str(manifest["taken_at"]),
        version=str(manifest["version"]),
        tables=len(found["tables"]),
        rows=sum(table["rows"] for table in found["tables"].values()),
        sealed=told["chain"]["seq"],
        head=head,
        migrations_applied=applied,
        brought_secret_key=SECRET in manifest["members"],
    )


def _known_migrations() -> set[str]:
    from django.db.migrations.loader import MigrationLoader

    return {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}}


def _check_chain(file: Path, manifest: dict[str, Any], at: datetime) -> str:
    """Walk the chain as of the moment of the backup: what was unsealed then is not late now."""
    from joinedup.access.services import verify_audit

    found = verify_audit(at=datetime.fromisoformat(manifest["taken_at"]))
    if not found.is_sound:
        raise broken(file, f"the audit trail in it is not whole ({found.faults[0].sentence})")
    if manifest["facts"]["chain"]["seq"] and found.head != manifest["facts"]["chain"]["head"]:
        raise broken(file, "the audit trail in it ends otherwise than it says")
    return found.head


__all__ = ["Restored", "Taken", "last_backup", "newest_backup", "restore_backup", "take_backup"]
