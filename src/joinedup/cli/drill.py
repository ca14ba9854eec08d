"""The restore drill: the newest backup restored into a throw-away place, compared with what it says of itself, and
twenty pages of the site opened there as the people who work with it. A backup nobody has restored is a hope.

The restored site runs in a process of its own (`python -m joinedup.cli.drill`): a program knows one database only.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from joinedup.cli import dump
from joinedup.cli.archive import read_manifest
from joinedup.cli.database import database
from joinedup.cli.postgres import SHORT_FOLDER
from joinedup.core.errors import Refused

PAGES = 20
MOST_PEOPLE = 12
_LINK = re.compile(r'<a[^>]*\bhref="(/[^"#?]*)"')
_LEFT_ALONE = ("/account/", "/static/", "/api/", "/demo/", "/help/")


@dataclass
class Drilled:
    """How a drill went. `differences` is empty when everything was as it should be."""

    backup: str
    taken_at: str = ""
    tables: int = 0
    rows: int = 0
    chain_head: str = ""
    pages: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)


def drill(file: Path, *, passphrase_file: Path | None, phrase: bytes | None) -> Drilled:
    """Restore into a throw-away place, compare, open pages, clear away; nothing of the installation is touched."""
    told = read_manifest(file, phrase)
    place = Path(tempfile.mkdtemp(prefix="joinedup-drill-", dir=_roomy()))
    data = place / "data"
    outcome = Drilled(backup=str(file), taken_at=str(told.get("taken_at", "")))
    try:
        began = time.monotonic()
        arguments = ["restore", str(file), "--data", str(data)]
        arguments += ["--passphrase-file", str(passphrase_file)] if passphrase_file else []
        done = _joinedup(["-m", "joinedup", *arguments])
        outcome.seconds["restore"] = round(time.monotonic() - began, 2)
        if done.returncode:
            outcome.differences.append(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no restore")
            return outcome
        began = time.monotonic()
        done = _joinedup(["-m", "joinedup.cli.drill", str(data), json.dumps(told["facts"])])
        outcome.seconds["compare and open pages"] = round(time.monotonic() - began, 2)
        if done.returncode or not done.stdout.strip():
            outcome.differences.append(
                f"The restored site does not work: {(done.stderr.strip() or 'no answer')[-300:]}"
            )
            return outcome
        for name, value in json.loads(done.stdout.strip().splitlines()[-1]).items():
            setattr(outcome, name, value)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return outcome


def _roomy() -> Path:
    return Path(os.environ.get("TMPDIR") or SHORT_FOLDER)


def _joinedup(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """A process of the restored installation: without this one's database, and asking nobody for a second factor."""
    apart = ("DATABASE_URL", "JOINEDUP_OWNER_DATABASE_URL", "JOINEDUP_DATA", "JOINEDUP_DEMO", "DJANGO_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(apart)}
    environment = {key: value for key, value in kept.items() if "_OIDC_" not in key}
    environment |= {"JOINEDUP_SECOND_FACTOR_ROLES": "none", "JOINEDUP_EMAIL_BACKEND": _NO_MAIL}
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


_NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"


# --- In the process of the restored site ------------------------------------------------------------------------------


def look_over(data: Path, told: dump.Facts) -> dict[str, Any]:
    """Compare the restored database with the manifest, and open pages; returns what `Drilled` is told."""
    with database(data, migrate=False):
        from django.utils import timezone

        from joinedup.access.services import verify_audit
        from joinedup.cli.backup import owner_url

        with dump.snapshot(owner_url()) as (connection, _):
            found = dump.facts_of(connection)
        # An older backup has been brought up to date since the restore itself compared it, table by table.
        wrong = dump.differences(told, found) if found["migrations"] == told["migrations"] else []
        chain = verify_audit(at=datetime.fromtimestamp(0, timezone.get_default_timezone()))
        wrong += [fault.sentence for fault in chain.faults[:5]]
        opened, failed = _open_pages(str(found["chain"]["head"]))
    return {
        "tables": len(found["tables"]),
        "rows": sum(table["rows"] for table in found["tables"].values()),
        "chain_head": found["chain"]["head"],
        "pages": opened,
        "differences": wrong + failed,
    }


def _open_pages(seed: str) -> tuple[int, list[str]]:
    """Twenty pages as people of different roles see them: their first page, and what it leads to."""
    choose = random.Random(seed)  # noqa: S311 # the same pages for the same backup
    opened, failed, seen = 0, [], set()
    people = _people(choose)
    if not people:
        return 0, []
    waiting = [(person, "/") for person in people]
    while waiting and opened < PAGES:
        person, address = waiting.pop(0)
        if (person["name"], address) in seen:
            continue
        seen.add((person["name"], address))
        response = person["client"].get(address, secure=True, follow=True, headers={"host": "localhost"})
        if response.status_code != 200 or b"<h1" not in response.content:
            failed.append(f"{address} as {person['role']}: {response.status_code}")
            continue
        opened += 1
        links = [link for link in _LINK.findall(response.content.decode()) if not link.startswith(_LEFT_ALONE)]
        fresh = sorted({link for link in links if link != "/" and (person["name"], link) not in seen})
        waiting += [(person, link) for link in choose.sample(fresh, min(3, len(fresh)))]
    if opened < PAGES:
        failed.append(f"Only {opened} of {PAGES} pages could be opened.")
    return opened, failed


def _people(choose: random.Random) -> list[dict[str, Any]]:
    """Somebody for every role that is held now, each with a browser of their own."""
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.utils import timezone

    from joinedup.access.grounds import standings_of

    at = timezone.now()
    accounts = list(get_user_model().objects.filter(is_active=True).order_by("pk"))
    choose.shuffle(accounts)
    found: dict[str, dict[str, Any]] = {}
    for account in accounts[:400]:
        for standing in standings_of(account.pk, at):
            if standing.role.value not in found and len(found) < MOST_PEOPLE:
                client = Client(raise_request_exception=False)
                client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
                found[standing.role.value] = {"name": str(account.pk), "role": standing.role.value, "client": client}
    return [found[role] for role in sorted(found)]


if __name__ == "__main__":
    try:
        print(json.dumps(look_over(Path(sys.argv[1]), json.loads(sys.argv[2]))))
    except Refused as refusal:
        sys.exit(str(refusal))
