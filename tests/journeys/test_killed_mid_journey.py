"""Everything is killed with -9 while a school sends referrals: what it was told had arrived is there, whole, and sound.

One round by default; `./run deep` does twenty on the same data.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from joinedup.cli.postgres import EmbeddedPostgres
from tests.platform.processes import RunningSite, clean_environment

pytestmark = pytest.mark.kills

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"[^>]*?value="([^"]*)"')
_REFERENCE = re.compile(r"R-\w{4}-\w{4}")
# For every referral: how many contacts, children, first moves, audit rows of its sending, events and replies it has.
_WHOLE = """
SELECT c.reference,
       (SELECT count(*) FROM front_door_contactperson p WHERE p.contact_id = c.id),
       (SELECT count(*) FROM front_door_referralperson p WHERE p.referral_id = r.id),
       (SELECT count(*) FROM front_door_referraltransition t WHERE t.referral_id = r.id),
       (SELECT count(*) FROM access_auditevent e WHERE e.action = 'front_door.submit_referral'
        AND e.kind = 'write' AND e.subject_id = c.id::text),
       (SELECT count(*) FROM chronology_event v WHERE v.source_id = r.id::text)
FROM front_door_contact c LEFT JOIN front_door_referral r ON r.contact_id = c.id
WHERE c.worry = 'Sent while the power failed.'
"""


class School:
    """Rowan at a keyboard: sends one referral after another and writes down each reference shown."""

    def __init__(self, url: str) -> None:
        self.url, self.http = url, requests.Session()
        self.references: list[str] = []
        self.problem = ""

    def open(self, path: str) -> str:
        return self.http.get(self.url + path, timeout=60).text

    def send(self, path: str, page: str, **answers: str) -> requests.Response:
        """Fill in the form of a page (its hidden fields as they are) and send it."""
        main = page[page.index("<main") :]
        return self.http.post(self.url + path, data={**dict(_HIDDEN.findall(main)), **answers}, timeout=60)

    def sign_in(self) -> None:
        page = self.open("/account/login/")
        form = next(each for each in page.split("<form") if "Rowan Testerfield" in each)
        answer = self.http.post(f"{self.url}/demo/sign-in/", data=dict(_HIDDEN.findall(form)), timeout=60)
        assert answer.ok, answer.text

    def refer(self) -> str:
        """One referral, from the form to the receipt; the reference it shows."""
        answers = {
            "danger": "no", "about": "help", "worry": "Sent while the power failed.", "knows": "yes", "agrees": "yes",
            "children-0-given_name": "Juniper", "children-0-family_name": "Testsong",
        }  # fmt: skip
        check = self.send("/referrals/new/", self.open("/referrals/new/"), **answers)
        assert check.url.endswith("/referrals/new/check/"), check.text
        receipt = self.send("/referrals/new/check/", check.text)
        found = _REFERENCE.search(receipt.text[receipt.text.index("<main") :])
        assert found, receipt.text
        return found[0]

    def keep_sending(self) -> None:
        """Until the site is gone."""
        try:
            self.sign_in()
            while True:
                self.references.append(self.refer())
        except requests.RequestException:
            return
        except (AssertionError, ValueError) as problem:
            self.problem = str(problem)[:2000]


def _one_round(data: Path, *, pause: float, acknowledged: set[str]) -> None:
    site = RunningSite(data, "--demo", "--port", "0")
    try:
        site.wait_until_ready()
        school = School(site.url)
        typing = threading.Thread(target=school.keep_sending, daemon=True)
        typing.start()
        began = time.monotonic()
        while len(school.references) < 2 and typing.is_alive() and time.monotonic() - began < 180:
            time.sleep(0.02)
        time.sleep(pause)
        for pid in [site.process.pid, *site.processes()]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        typing.join(120)
        # A page cut off in the middle may not read as one; before the kill every page must.
        assert len(school.references) >= 2, school.problem
        acknowledged.update(school.references)
    finally:
        site.clear_away()


def _check(data: Path, acknowledged: set[str]) -> None:
    with EmbeddedPostgres(data) as urls, psycopg.connect(urls.owner) as connection:
        rows: list[Any] = connection.execute(_WHOLE).fetchall()
    assert acknowledged <= {row[0] for row in rows}, "a referral that was acknowledged is lost"
    for reference, people, places, moves, audited, events in rows:
        assert (people, places, moves, audited, events) == (1, 1, 1, 1, 1), f"{reference} is half-done"
    time.sleep(1)
    verified = subprocess.run(
        [sys.executable, "-m", "joinedup", "audit", "verify", "--json", "--data", str(data)],
        capture_output=True, text=True, check=False, env=clean_environment(), timeout=300,
    )  # fmt: skip
    faults = json.loads(verified.stdout)["faults"]
    # What was committed in the last second has no seal yet: the keeper of the next start gives it one.
    assert [each for each in faults if each["code"] != "unsealed"] == [], verified.stdout


def _rounds(data: Path, rounds: int) -> None:
    acknowledged, chance = set[str](), random.Random(3)
    for _ in range(rounds):
        _one_round(data, pause=chance.uniform(0, 0.6), acknowledged=acknowledged)
        _check(data, acknowledged)
    assert len(acknowledged) >= 2 * rounds


def test_killed_mid_journey_nothing_acknowledged_is_lost(demo_folder: Path) -> None:
    _rounds(demo_folder, 1)


@pytest.mark.deep
def test_killed_twenty_times_mid_journey(tmp_path: Path) -> None:
    _rounds(tmp_path / "data", 20)  # killed in its first start's minutes as well
