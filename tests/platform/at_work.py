"""People who save case work over HTTP again and again, each act by itself, for tests that kill the site under them.

Where an act was cut off in the middle, its next turn goes on from what stands in the tables.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any, LiteralString

import psycopg
import requests
from django.utils import timezone

from tests.support.forms import form_with

MARK = "Written while it was killed"
AMIRA, BEN, CARA, CIARAN, STELLA = (
    "Amira Testerly",
    "Ben Testerson",
    "Cara Testwell",
    "Ciaran Testcentre",
    "Stella Testwick",
)
CENTRAL, SOUTH, STATUTORY = "Central team", "South team", "Assessment and protection"
_ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class Down(Exception):
    """The site answers that it cannot: its database is gone."""


class Person:
    """Somebody at a keyboard, signed in once: a session outlives the web server."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name, self.http = url, name, requests.Session()

    def sign_in(self) -> None:
        page = self.http.get(f"{self.url}/account/login/", timeout=60).text
        form = next(each for each in page.split("<form") if self.name in each)
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)"[^>]*?value="([^"]*)"', form))
        assert self.http.post(f"{self.url}/demo/sign-in/", data=hidden, timeout=60).ok

    def read(self, path: str) -> str:
        answer = self.http.get(self.url + path, timeout=60)
        if answer.status_code >= 500:
            raise Down(f"{answer.status_code} at {path}")
        assert answer.status_code == 200, f"{answer.status_code} at {path} for {self.name}"
        return answer.text

    def save(self, path: str, field: str, *, shown_on: str = "", **answers: Any) -> str:
        """Fill in the form with a field and send it to `path`; returns where it leads, once it is saved."""
        form = form_with(self.read(shown_on or path), field)
        sent = self.http.post(self.url + path, data=form.answers(**answers), timeout=60, allow_redirects=False)
        if sent.status_code >= 500:
            raise Down(f"{sent.status_code} at {path}")
        assert sent.status_code == 302, f"{sent.status_code} at {path} for {self.name}: {_complaint(sent.text)}"
        return sent.headers["Location"]


def _complaint(page: str) -> str:
    """What a page says is wrong."""
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.find("There is a problem") :]))
    return words[:300]


class Work:
    """Six kinds of saves, each by itself and again and again; `kept` is what was acknowledged, `problems` what should not
    have been answered."""

    def __init__(self, url: str, owner: str) -> None:
        self.people = {name: Person(url, name) for name in (AMIRA, BEN, CARA, CIARAN, STELLA)}
        self.owner = owner
        self.kept: dict[str, list[str]] = defaultdict(list)
        self.problems: list[str] = []
        self.is_database_killed = False
        self.number = 0
        self.first, self.second = self._led_by(AMIRA)[:2]
        self.handed, self.stepped = self._led_by(BEN)[:2]
        self.met = self._led_by(CARA)[0]

    @property
    def acts(self) -> tuple[Callable[[], None], ...]:
        return self.note, self.plan, self.review, self.handover, self.step, self.meeting

    @property
    def saved(self) -> int:
        """How many saves were acknowledged."""
        return sum(map(len, self.kept.values()))

    def keep_saving(self, act: Callable[[], None]) -> None:
        """Until the site is gone."""
        try:
            while True:
                act()
        except (requests.RequestException, ConnectionError):
            return
        except (Down, psycopg.OperationalError) as gone:
            if not self.is_database_killed:
                self.problems.append(f"{act.__name__}: {gone}")
        except Exception as problem:
            self.problems.append(f"{act.__name__}: {type(problem).__name__}: {problem}"[:3000])

    def ask(self, query: LiteralString, *values: Any) -> list[Any]:
        """Where things stand, from the tables."""
        with psycopg.connect(self.owner, autocommit=True, connect_timeout=30) as connection:
            return connection.execute(query, values).fetchall()

    def begin(self) -> None:
        """Everybody signs in; Cara joins the team around the child that she will lead now and then; the family that will be
        stepped up and down gets a plan with a need."""
        for person in self.people.values():
            person.sign_in()
        there = f"/cases/{self.handed}/members/add/{self._post(CARA, SOUTH)}/"
        self.people[BEN].save(there, "words", words="Their health visitor")
        plan = f"/cases/{self.stepped}/plan/"
        ben = self.people[BEN]
        ben.save(f"{plan}start/", "family_words", family_words="Quiet mornings.")
        ben.save(f"{plan}needs/add/", "words", section="family", code="N4", words="Late for school")

    def _words(self) -> str:
        self.number += 1
        return f"{MARK}: {self.number}"

    def _led_by(self, name: str) -> list[str]:
        return [str(case) for (case,) in self.ask(
            "SELECT c.id FROM casework_case c JOIN organisations_post o ON o.id = c.lead_professional_id JOIN access_account a"
            " ON a.id = o.account_id WHERE a.name = %s AND c.state = 'open' ORDER BY c.opened_at, c.id", name,
        )]  # fmt: skip

    def _post(self, name: str, team: str) -> str:
        ((post,),) = self.ask(
            "SELECT o.id FROM organisations_post o JOIN access_account a ON a.id = o.account_id JOIN organisations_team t"
            " ON t.id = o.team_id WHERE a.name = %s AND t.name = %s AND (o.ends_at IS NULL OR o.ends_at > now())", name, team,
        )  # fmt: skip
        return str(post)

    # --- The acts.

    def note(self) -> None:
        """A visit: whom Amira saw, and her words."""
        words, path = self._words(), f"/cases/{self.first}/notes/new/"
        amira = self.people[AMIRA]
        seen = form_with(amira.read(path), "words").choices["seen"][:2]
        amira.save(path, "words", kind="visit", result="seen", seen=seen, words=words)
        self.kept["note"].append(words)

    def plan(self) -> None:
        """The family's words, then one more action."""
        amira, plan = self.people[AMIRA], f"/cases/{self.second}/plan/"
        words = self._words()
        amira.save(f"{plan}words/", "family_words", family_words=words)
        self.kept["words of a plan"].append(words)
        path = re.search(rf"{plan}outcomes/{_ID}/actions/add/", amira.read(plan))
        assert path is not None, "no action can be added"
        words, due = self._words(), timezone.localdate() + timedelta(days=9)
        owner = f"post:{self._post(AMIRA, 'North team')}"
        amira.save(path[0], "words", words=words, owner=owner, **_date("due_on", due))
        self.kept["action"].append(words)

    def review(self) -> None:
        """From its beginning, or from where a kill has left it, to the decision to carry on."""
        self._review(self.people[AMIRA], self.first, {"decision": "continue"})

    def _review(self, person: Person, case: str, decision: dict[str, str]) -> None:
        reviews = f"/cases/{case}/reviews/"
        page = person.read(reviews)
        if f"{reviews}begin/" in page:
            form = form_with(person.read(f"{reviews}begin/"), "came")
            said = {name: "said" for name in form.asked if name.startswith("how-")}
            said |= {name: "It is better." for name in form.asked if name.startswith("words-")}
            person.save(f"{reviews}begin/", "came", came=form.choices["came"][0], **said)
            page = person.read(reviews)
        for path in sorted(set(re.findall(rf"{reviews}outcomes/{_ID}/", page))):
            person.save(path, "value", value="5", words="")
        decide = re.search(rf"{reviews}{_ID}/decide/", person.read(reviews))
        assert decide is not None, "the review cannot be decided"
        words = self._words()
        person.save(decide[0], "decision", reason=words, **decision)
        self.kept["review"].append(words)

    def handover(self) -> None:
        """Whoever leads offers it to the other, who accepts."""
        ((leads,),) = self.ask(
            "SELECT a.name FROM casework_case c JOIN organisations_post o ON o.id = c.lead_professional_id JOIN access_account a"
            " ON a.id = o.account_id WHERE c.id = %s", self.handed,
        )  # fmt: skip
        taker, team = (CARA, SOUTH) if leads == BEN else (BEN, CENTRAL)
        if not self._offers():
            words = self._words()
            self.people[leads].save(
                f"/cases/{self.handed}/handover/", "post", post=self._post(taker, team), reason=words
            )
            self.kept["offer"].append(words)
        (offer,) = self._offers()
        self.people[taker].save(f"/cases/offers/{offer}/", "answer", answer="accept")
        self.kept["hand-over"].append(offer)

    def _offers(self) -> list[str]:
        rows = self.ask("SELECT id FROM casework_leadhandover WHERE case_id = %s AND state = 'proposed'", self.handed)
        return [str(offer) for (offer,) in rows]

    def step(self) -> None:
        """A review steps the family up or down, and the other team takes it."""
        ((level,),) = self.ask("SELECT level FROM casework_case WHERE id = %s", self.stepped)
        asker, receiver, lead, team = (BEN, STELLA, STELLA, STATUTORY) if level == 3 else (STELLA, CIARAN, BEN, CENTRAL)
        if not self._steps():
            way = "up" if level == 3 else "down"
            team_id = str(self.ask("SELECT id FROM organisations_team WHERE name = %s", team)[0][0])
            wanted = {f"{way}_level": "4" if level == 3 else "3", f"{way}_team": team_id}
            self._review(self.people[asker], self.stepped, {"decision": f"step_{way}", **wanted})
        (step,) = self._steps()
        self.people[receiver].save(f"/steps/{step}/answer/", "answer", answer="accept", lead=self._post(lead, team))
        self.kept["step"].append(step)

    def _steps(self) -> list[str]:
        rows = self.ask("SELECT id FROM casework_step WHERE case_id = %s AND ended_at IS NULL", self.stepped)
        return [str(step) for (step,) in rows]

    def meeting(self) -> None:
        """A meeting is planned, the letter to the family written and posted, and the meeting cancelled."""
        cara, meetings = self.people[CARA], f"/cases/{self.met}/meetings/"
        words, path = self._words(), f"{meetings}plan/"
        asked = form_with(cara.read(path), "place").choices
        when = _date("on", timezone.localdate() + timedelta(days=20)) | {
            "time": "10:00",
            "place": "The school",
            "note": words,
        }
        there = cara.save(path, "place", posts=asked.get("posts", []), people=asked["people"], **when)
        self.kept["meeting"].append(words)
        words = self._words()
        cara.save(f"{there}letters/words/", "words", words=words)
        self.kept["letter"].append(words)
        cara.save(f"{there}letters/posted/", "csrfmiddlewaretoken", shown_on=f"{there}letters/words/")
        words = self._words()
        cara.save(f"{there}cancel/", "reason", reason=words)
        self.kept["meeting cancelled"].append(words)


def _date(name: str, on: Any) -> dict[str, str]:
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}
