"""How quick the ledger is, sealed and audited, and a public peer beside it in the same run.
`./run bench tests/bench/bench_ledger.py`; figures go to docs/measurements/ledger.md.

The embedded PostgreSQL saves to disk as it does in use. The peer, django-hordak, is installed from its registry into an
environment of its own and works on a database of its own on the same server.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
import pytest

from joinedup.cli.postgres import DatabaseUrls, EmbeddedPostgres
from tests.bench.ledger_report import write_report
from tests.platform.processes import ROOT, clean_environment, joinedup

pytestmark = pytest.mark.bench
POSTINGS = int(os.environ.get("JOINEDUP_BENCH_POSTINGS", "1000000"))
SINGLE, BULK = min(1000, POSTINGS // 10), min(20_000, POSTINGS // 10)
PEER = "django-hordak==2.0.0"


def load(urls: DatabaseUrls, what: str, fund: str = "-", name: str = "-", count: int = 0) -> dict[str, Any]:
    """One process of `ledger_load`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.ledger_load", what, fund, name, str(count)],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env=clean_environment(
            DATABASE_URL=urls.application, JOINEDUP_DEMO="1", JOINEDUP_SECRET_KEY="only-for-the-bench-" + "x" * 40
        ),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout))


def together(urls: DatabaseUrls, funds: list[str], name: str, count: int) -> float:
    """Entries a second of several processes at once, each posting one entry at a time to its fund."""
    with ThreadPoolExecutor(len(funds)) as pool:
        asked = [pool.submit(load, urls, "one", fund, f"{name} {n}", count) for n, fund in enumerate(funds)]
        return sum(each.result()["per_second"] for each in asked)


# The entry's trigger without the chain and the totals: what a sealer that comes afterwards would leave in it.
def unchained(urls: DatabaseUrls) -> str:
    """Put the trigger that only checks in place of the whole one; returns the whole one."""
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        row = connection.execute("SELECT pg_get_functiondef('funds_entry_added()'::regprocedure)").fetchone()
        assert row
        whole = str(row[0])
        less, heads = re.subn(r"SELECT head\.number.*?FOR UPDATE;",
                              "SELECT 0, repeat('0', 64) INTO last_number, last_digest;", whole)  # fmt: skip
        less, cut = re.subn(r"-- The chain, and then the totals\..*?-- The end of the chain\.", "", less, flags=re.S)
        assert (heads, cut) == (2, 1)
        connection.execute(less)
    return whole


def restored(urls: DatabaseUrls, whole: str) -> None:
    """Put the whole trigger back, and take away what was never sealed."""
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        connection.execute(whole)
        for table in ("funds_posting", "funds_entry"):
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER sealed_rows")
        unsealed = "SELECT id FROM funds_entry WHERE NOT EXISTS (SELECT 1 FROM funds_entryseal WHERE entry_id = funds_entry.id)"
        connection.execute(f"DELETE FROM funds_posting WHERE entry_id IN ({unsealed})")
        connection.execute(f"DELETE FROM funds_entry WHERE id IN ({unsealed})")
        for table in ("funds_posting", "funds_entry"):
            connection.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER sealed_rows")


def peer(urls: DatabaseUrls, folder: Path) -> dict[str, Any]:
    """django-hordak's figures."""
    subprocess.run([sys.executable, "-m", "venv", folder / "peer"], check=True)
    python = folder / "peer" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", PEER, "psycopg[binary]", "setuptools"], check=True)
    with psycopg.connect(urls.superuser, autocommit=True) as connection:
        connection.execute("CREATE DATABASE peer OWNER joinedup_owner")
    parts = urlsplit(urls.owner)
    host = parse_qs(parts.query)["host"][0]
    done = subprocess.run(
        [python, Path(__file__).with_name("hordak_peer.py"), host, "peer", str(parts.username),
         unquote(str(parts.password)), str(SINGLE), str(BULK), str(POSTINGS)],
        capture_output=True, text=True, check=False, env=clean_environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout))


def test_ledger(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert joinedup("migrate", "--data", data).returncode == 0
    began_at = os.getloadavg()[0]
    with EmbeddedPostgres(data) as urls:
        fund, second = load(urls, "setup")["funds"]
        figures: dict[str, Any] = {"one": load(urls, "one", fund, "one", SINGLE)}
        figures["two at once, one fund"] = together(urls, [fund, fund], "both", SINGLE // 2)
        figures["two at once, two funds"] = together(urls, [fund, second], "each", SINGLE // 2)
        figures["bulk"] = load(urls, "bulk", fund, "bulk", BULK)
        whole = unchained(urls)
        figures["unchained one"] = load(urls, "one", fund, "bare one", SINGLE)
        figures["unchained together"] = together(urls, [fund, fund], "bare both", SINGLE // 2)
        figures["unchained bulk"] = load(urls, "bulk", fund, "bare bulk", BULK)
        restored(urls, whole)
        posted = 2 * (2 * SINGLE + BULK)
        load(urls, "bulk", fund, "fill", (POSTINGS - posted) // 2)
        with psycopg.connect(urls.owner, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        figures["trial"] = load(urls, "trial", fund)
        figures["late"] = load(urls, "one", fund, "late", SINGLE)
        figures["peer"] = peer(urls, tmp_path)
    write_report(_report(figures, began_at))
    assert figures["trial"]["postings"] >= POSTINGS * 0.99


def _report(found: dict[str, Any], began_at: float) -> list[str]:
    trial, other = found["trial"], found["peer"]
    return [
        "# The ledger, measured",
        "",
        f"Measured on {time.strftime('%d %B %Y').lstrip('0')}: {os.cpu_count()} cores ({platform.machine()}), Python"
        f" {platform.python_version()}, the embedded PostgreSQL saving to disk, load average {began_at:.1f} before the start"
        f" and {os.getloadavg()[0]:.1f} at the end. Written by `./run bench tests/bench/bench_ledger.py`.",
        "",
        "Every figure of ours is of the whole service: permission, idempotency key, rules, the database’s own checks, the"
        " chain, the running totals and the audit row, committed. An entry has two lines. The peer"
        f" ({PEER.replace('==', ' ')}, installed from its registry for this run, on a database of the same server) checks that"
        " a transaction balances; it has no key, no period, no seal and no audit row, and what is posted in it can be edited.",
        "",
        "| what | ours | django-hordak |",
        "|---|---|---|",
        f"| entries a second, one at a time | {found['one']['per_second']:,.0f} | {other['one']:,.0f} |",
        f"| entries a second, a thousand at once | {found['bulk']['per_second']:,.0f} | {other['bulk']:,.0f} |",
        f"| postings there | {trial['postings']:,} | {other['postings']:,} |",
        f"| entries a second, one at a time, with all of them there | {found['late']['per_second']:,.0f} | – |",
        f"| trial balance of them all, seconds (median; target 0.15) | {trial['trial']:.4f} | {other['trial']:.3f} |",
        f"| the same by a plain sum of every line, seconds | {trial['plain']:.3f} | – |",
        f"| verifying every entry, line, seal and total, seconds (target 60) | {trial['verify']:.1f} | – |",
        f"| memory that verifying took, MB | {trial['verify_mb']:.0f} | – |",
        "",
        "Every entry of ours there was posted through the service; the peer’s beyond the timed ones were put in by SQL past its"
        " triggers. Verifying reads one moment of the ledger in the order of the chain, a few thousand entries at a time; the"
        " database lines up each entry’s text, and the program hashes it.",
        "",
        "The trial balance is read from the running totals that the seal keeps; in the run it is compared with the plain sum,"
        " and they are the same to the penny.",
        "",
        "## The chain in the transaction, or afterwards",
        "",
        "“Afterwards” is the same trigger without the chain and the totals, as a sealer that comes a second later would leave"
        " it (ADR 18).",
        "",
        "| entries a second | chained in the transaction | chained afterwards |",
        "|---|---|---|",
        f"| one at a time | {found['one']['per_second']:,.0f} | {found['unchained one']['per_second']:,.0f} |",
        f"| two processes, one fund | {found['two at once, one fund']:,.0f} | {found['unchained together']:,.0f} |",
        f"| two processes, two funds | {found['two at once, two funds']:,.0f} | – |",
        f"| a thousand at once | {found['bulk']['per_second']:,.0f} | {found['unchained bulk']['per_second']:,.0f} |",
    ]
