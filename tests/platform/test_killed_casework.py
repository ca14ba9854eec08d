"""The web server is killed with -9, and now and then the database with it, while people write notes, change a plan, hold
reviews that step a family up and down, hand a case over, plan meetings and write letters: what was acknowledged is there,
nothing is half-done, and rows, chronology and audit trail agree.

Two rounds by default; `./run deep` does a hundred on the same data and writes docs/measurements/casework.md.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
import requests

from joinedup.cli.postgres import DatabaseUrls, EmbeddedPostgres
from tests.platform.at_work import MARK, Work
from tests.platform.processes import RunningSite, clean_environment, descendants, wait_for
from tests.support.figures import write_section

pytestmark = pytest.mark.kills
EVERY = 2  # in each second round the database is killed as well

# What was acknowledged, by the words or the id it is known by; then, of each, what must be there with it.
_WHOLE: dict[str, tuple[LiteralString, tuple[Any, ...]]] = {
    # Whom it names, its entries in the chronology, its rows in the audit trail.
    "note": (
        "SELECT n.words, (SELECT count(*) FROM casework_noteseen s WHERE s.note_id = n.id),"
        " (SELECT count(*) FROM chronology_event e WHERE e.source_kind = 'casework.casenote' AND e.source_id = n.id::text),"
        " (SELECT count(*) FROM access_auditevent a WHERE a.kind = 'write' AND a.action = 'casework.write_note'"
        "  AND a.subject_id = n.id::text) FROM casework_casenote n WHERE n.words LIKE %s",
        (2, 1, 1),
    ),
    # One step of the plan's history.
    "action": (
        "SELECT p.words, (SELECT count(*) FROM casework_planchange c WHERE c.target_id = p.id AND c.kind = 'action')"
        " FROM casework_planaction p WHERE p.words LIKE %s",
        (1,),
    ),
    # Who came, as many voices as children, its entry, its audit row, the next day, and the step it decided.
    "review": (
        "SELECT r.reason, r.state, (SELECT count(*) FROM casework_reviewplace p WHERE p.review_id = r.id) > 0,"
        " (SELECT count(*) FROM casework_reviewvoice v WHERE v.review_id = r.id)"
        "  = (SELECT count(*) FROM casework_planchild s WHERE s.plan_id = r.plan_id AND s.ended_at IS NULL),"
        " (SELECT count(*) FROM chronology_event e JOIN chronology_eventwords w ON w.event_id = e.id"
        "  WHERE e.kind = 'casework.review_held' AND w.words ->> 'reason' = r.reason),"
        " (SELECT count(*) FROM access_auditevent a WHERE a.kind = 'write' AND a.action = 'casework.decide_review'"
        "  AND a.subject_id = r.id::text), r.next_review_on IS NOT NULL,"
        " (SELECT count(*) FROM casework_step s WHERE s.review_id = r.id) = (r.decision <> 'continue')::int"
        " FROM casework_review r WHERE r.reason LIKE %s",
        ("decided", True, True, 1, 1, True, True),
    ),
    # Everybody asked, its entry, its audit row.
    "meeting": (
        "SELECT m.note, (SELECT count(*) FROM casework_meetingplace p WHERE p.meeting_id = m.id) > 1,"
        " (SELECT count(*) FROM access_auditevent a WHERE a.kind = 'write' AND a.action = 'casework.plan_meeting'"
        "  AND a.subject_id = m.id::text) FROM casework_meeting m WHERE m.note LIKE %s",
        (True, 1),
    ),
    "letter": (
        "SELECT l.words, l.written_by IS NOT NULL FROM casework_meetingletter l WHERE l.words LIKE %s", (True,),
    ),
    "meeting cancelled": (
        "SELECT m.ended_reason, m.state FROM casework_meeting m WHERE m.ended_reason LIKE %s", ("cancelled",),
    ),
    "offer": ("SELECT h.reason, h.from_post_id IS NOT NULL FROM casework_leadhandover h WHERE h.reason LIKE %s", (True,)),
}  # fmt: skip
# What may never be in the tables, of any case.
_NEVER: dict[str, LiteralString] = {
    "an open case with not exactly one lead, or a lead who is not in the team": (
        "SELECT c.id FROM casework_case c LEFT JOIN casework_casemember m ON m.case_id = c.id AND m.part = 'lead' AND m.left_at"
        " IS NULL WHERE c.state = 'open' GROUP BY c.id HAVING count(m.id) <> 1 OR bool_or(m.post_id IS DISTINCT FROM"
        " c.lead_professional_id)"
    ),
    "an open plan without a next review": (
        "SELECT p.id FROM casework_plan p JOIN casework_case c ON c.id = p.case_id WHERE p.state = 'open'"
        " AND (c.state = 'closed' OR c.review_due_on IS NULL)"
    ),
    "two open plans of a family": (
        "SELECT family_id FROM casework_plan WHERE state = 'open' GROUP BY family_id HAVING count(*) > 1"
    ),
    "two steps that wait": (
        "SELECT case_id FROM casework_step WHERE ended_at IS NULL GROUP BY case_id HAVING count(*) > 1"
    ),
    "a step whose answers do not end where it stands": (
        "SELECT s.id FROM casework_step s WHERE s.state IS DISTINCT FROM (SELECT a.state FROM casework_stepanswer a WHERE"
        " a.step_id = s.id ORDER BY a.at DESC, a.id DESC LIMIT 1)"
    ),
    "a letter that went to somebody who is not marked as told": (
        "SELECT l.id FROM casework_lettersent l JOIN casework_meetingplace p ON p.id = l.place_id WHERE p.told_at IS NULL"
    ),
}


class Site:
    """The web server alone, over a database of its own, so that it can be killed by itself."""

    def __init__(self, data: Path, urls: DatabaseUrls) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.data, self.urls = data, urls
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = clean_environment(
            DATABASE_URL=self.urls.application, JOINEDUP_DATA=str(self.data), JOINEDUP_DEMO="1",
            JOINEDUP_SECRET_KEY=(self.data / "secret-key").read_text().strip(), JOINEDUP_PARENT=str(os.getpid()),
        )  # fmt: skip
        command = [sys.executable, "-m", "joinedup.cli.web", "127.0.0.1", str(self.port), "2"]
        self.process = subprocess.Popen(command, env=environment)
        wait_for(self._answers)

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/health/", timeout=5).ok
        except requests.RequestException:
            return False

    def kill(self) -> None:
        """The master and its workers, all at once."""
        if self.process is None:
            return
        for pid in [self.process.pid, *descendants(self.process.pid)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait(60)
        self.process = None


def _is_quiet(connection: psycopg.Connection[Any]) -> bool:
    """What the killed processes had begun has ended: committed, or undone."""
    busy = "SELECT count(*) FROM pg_stat_activity WHERE usename LIKE '%%_app' AND pid <> pg_backend_pid()"
    row = connection.execute(busy).fetchone()
    return row is not None and row[0] == 0


def _check(urls: DatabaseUrls, work: Work) -> None:
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        wait_for(lambda: _is_quiet(connection))
        for what, (query, whole) in _WHOLE.items():
            rows: list[Any] = connection.execute(query, [f"{MARK}%"]).fetchall()
            assert {words for words, *_ in rows} >= set(work.kept[what]), f"{what}: something acknowledged is lost"
            assert {tuple(parts) for _, *parts in rows} <= {whole}, f"{what}: something is half-done"
        for what, query in _NEVER.items():
            assert connection.execute(query).fetchall() == [], what
        _check_plan(connection, work)
        _check_duty(connection, work)
        _check_steps(connection, work)


def _check_plan(connection: psycopg.Connection[Any], work: Work) -> None:
    """Every change of its words says what stood there before and after: a chain that ends in what it says now."""
    (plan,) = connection.execute(
        "SELECT id, family_words FROM casework_plan WHERE case_id = %s AND state = 'open'", [work.second]
    ).fetchall()
    changes: list[Any] = connection.execute(
        "SELECT c.before ->> 'family_words', c.after ->> 'family_words' FROM casework_planchange c"
        " WHERE c.plan_id = %s AND jsonb_exists(c.after, 'family_words') ORDER BY c.at, c.id", [plan[0]],
    ).fetchall()  # fmt: skip
    assert {after for _, after in changes} >= set(work.kept["words of a plan"]), "a change of the plan is lost"
    for (_, after), (before, _) in pairwise(changes):
        assert after == before, "the history of the plan has a gap"
    assert not changes or changes[-1][1] == plan[1], "the plan says something else than its history"
    ((audited,),) = connection.execute(
        "SELECT count(*) FROM access_auditevent WHERE kind = 'write' AND action = 'casework.write_plan' AND subject_id = %s"
        " AND 'family_words' = ANY(changed)", [str(plan[0])],
    ).fetchall()  # fmt: skip
    assert audited == len(changes), "the plan and the audit trail do not agree"


def _check_duty(connection: psycopg.Connection[Any], work: Work) -> None:
    """As many entries of the chronology and rows of the audit trail as offers accepted; whoever accepted last leads."""
    accepted: list[Any] = connection.execute(
        "SELECT id::text, to_post_id FROM casework_leadhandover WHERE case_id = %s AND state = 'accepted'"
        " ORDER BY answered_at, id", [work.handed],
    ).fetchall()  # fmt: skip
    assert {offer for offer, _ in accepted} >= set(work.kept["hand-over"]), "a hand-over is lost"
    ((lead, entries, audited),) = connection.execute(
        "SELECT lead_professional_id, (SELECT count(*) FROM chronology_event e WHERE e.kind = 'casework.lead_handed_over'"
        " AND e.source_id = c.id::text), (SELECT count(*) FROM access_auditevent a WHERE a.kind = 'write' AND a.action ="
        " 'casework.answer_handover' AND a.subject_id = c.id::text) FROM casework_case c WHERE id = %s", [work.handed],
    ).fetchall()  # fmt: skip
    assert entries == audited == len(accepted), "the hand-overs, the chronology and the audit trail do not agree"
    assert not accepted or accepted[-1][1] == lead, "somebody else leads than accepted last"


def _check_steps(connection: psycopg.Connection[Any], work: Work) -> None:
    """The steps accepted are a chain that ends at the level and in the team the case is in."""
    steps: list[Any] = connection.execute(
        "SELECT id::text, from_level, to_level, to_team_id FROM casework_step WHERE case_id = %s AND state = 'accepted'"
        " ORDER BY asked_at, id", [work.stepped],
    ).fetchall()  # fmt: skip
    assert {step for step, *_ in steps} >= set(work.kept["step"]), "a step is lost"
    for (_, _, after, _), (_, before, _, _) in pairwise(steps):
        assert after == before, "a step is missing between two"
    ((level, team, entries),) = connection.execute(
        "SELECT level, team_id, (SELECT count(*) FROM chronology_event e WHERE e.kind = 'casework.level_changed'"
        " AND e.source_id = c.id::text) FROM casework_case c WHERE id = %s", [work.stepped],
    ).fetchall()  # fmt: skip
    assert entries == len(steps), "the steps and the chronology do not agree"
    assert not steps or steps[-1][2:] == (level, team), "the case is elsewhere than the last step took it"


def _kill_again_and_again(data: Path, rounds: int) -> tuple[Work, float]:
    chance, began = random.Random(5), time.monotonic()
    with (server := EmbeddedPostgres(data)) as urls:
        site = Site(data, urls)
        work = Work(site.url, urls.owner)
        for number in range(rounds):
            site.start()
            if number == 0:
                work.begin()
            doomed = server if number % EVERY == EVERY - 1 else None
            _one_round(site, work, chance.uniform(0, 0.6), doomed)
            assert work.problems == []
            _check(urls, work)
    return work, time.monotonic() - began


def _one_round(site: Site, work: Work, pause: float, doomed: EmbeddedPostgres | None) -> None:
    """Everybody saves; once something was acknowledged, the site dies at whatever moment it is, and the database with it
    where that is doomed as well."""
    work.is_database_killed, before = False, work.saved
    threads = [threading.Thread(target=work.keep_saving, args=(act,), daemon=True) for act in work.acts]
    for thread in threads:
        thread.start()
    wait_for(lambda: work.saved >= before + 4 or work.problems)
    time.sleep(pause)
    if doomed:
        work.is_database_killed = True
        os.kill(int((doomed.cluster / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    site.kill()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    if doomed:
        wait_for(doomed.ensure_running)


def _verify(data: Path) -> None:
    """The keeper of the next start seals what was committed; then the trail verifies whole."""
    site = RunningSite(data, "--demo", "--port", "0")
    try:
        site.wait_until_ready()
        with psycopg.connect(EmbeddedPostgres(data).prepare().owner, autocommit=True) as connection:
            wait_for(lambda: _is_sealed(connection))
    finally:
        site.stop()
        site.clear_away()
    verified = subprocess.run(
        [sys.executable, "-m", "joinedup", "audit", "verify", "--json", "--data", str(data)],
        capture_output=True, text=True, check=False, env=clean_environment(), timeout=300,
    )  # fmt: skip
    assert json.loads(verified.stdout)["faults"] == [], verified.stdout


def _is_sealed(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute(
        "SELECT count(*) FROM access_auditevent e WHERE NOT EXISTS (SELECT 1 FROM access_auditseal s WHERE s.event_id = e.id)"
    ).fetchone()
    return row is not None and row[0] == 0


def test_killed_while_casework_is_saved(demo_folder: Path) -> None:
    work, _ = _kill_again_and_again(demo_folder, 2)
    assert work.saved >= 4
    _verify(demo_folder)


@pytest.mark.deep
def test_killed_a_hundred_times_while_casework_is_saved(demo_folder: Path) -> None:
    work, seconds = _kill_again_and_again(demo_folder, 100)
    _verify(demo_folder)
    kept = ", ".join(f"{len(said):,} × {what}" for what, said in work.kept.items())
    write_section(
        "casework.md", "A hundred kills",
        f"The web server killed with `kill -9` a hundred times, {100 // EVERY} times the database with it, while six people at "
        f"once saved. Acknowledged were: {kept}. **None was lost, none was half-done**; after each kill one lead for each open "
        "case, a next review for each open plan, and rows, chronology and audit trail that agree; at the end the trail verified. "
        f"{seconds:.0f} seconds. Written by `./run deep tests/platform/test_killed_casework.py`.",
    )  # fmt: skip
