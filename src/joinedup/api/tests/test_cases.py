"""Case work by the API: the rules, refusals and viewers of the pages, and a request sent twice done once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from joinedup.access.actor import system
from joinedup.access.models import Account, AuditEvent
from joinedup.access.roles import Role
from joinedup.api.tests.test_api import client_with, is_problem, key_for
from joinedup.casework import services
from joinedup.casework.models import Case, CaseNote, Meeting
from joinedup.casework.planning import NeedSaid
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.core.models import KeptAnswer
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import make_organisation, make_post, make_team

pytestmark = pytest.mark.django_db


class Cast:
    """Amira leads, Cara of a school is in the team around the child, Nia manages the team; Ben works in another team, Dev in
    another partner."""

    def __init__(self) -> None:
        now = timezone.now()
        self.at = now - timedelta(days=20)
        north, south = make_team(code="NT", name="North team"), make_team(code="ST", name="South team")
        school = make_organisation(code="SCHOOL", name="Testerfield School", kind="school")
        clinic = make_organisation(code="CLINIC", name="Mock Lane Surgery", kind="nhs")
        self.south = south
        made = {
            "nia": make_post(role=Role.TEAM_MANAGER, team=north, name="Nia Testnorth"),
            "amira": make_post(team=north, name="Amira Testerly", phone="01632 960 101"),
            "noor": make_post(team=north, name="Noor Testerly"),
            "cara": make_post(role=Role.REFERRER, host=school, employer=school, name="Cara Testwell"),
            "ben": make_post(team=south, name="Ben Testerson"),
            "sanjay": make_post(role=Role.TEAM_MANAGER, team=south, name="Sanjay Testsouth"),
            "dev": make_post(role=Role.REFERRER, host=clinic, employer=clinic, name="Dev Testaway"),
        }
        self.accounts: dict[str, Account] = {name: each[0] for name, each in made.items()}
        self.posts: dict[str, Post] = {name: each[1] for name, each in made.items()}
        self.clients = {name: client_with(key_for(account)) for name, account in self.accounts.items()}
        self.rowan, self.alex = make_person(given_name="Rowan", at=self.at), make_person(given_name="Alex", at=self.at)
        self.case: Case = make_case(
            team=north, family=make_family((self.rowan, "child"), (self.alex, "parent"), at=self.at), lead=self.posts["amira"],
            at=self.at,
        )  # fmt: skip
        services.add_member(case=self.case, post=self.posts["cara"], by=system(self.at), at=self.at)
        self.url = f"/api/v1/cases/{self.case.pk}"

    def get(self, who: str, path: str = "") -> Any:
        return self.clients[who].get(path if path.startswith("/api") else f"{self.url}{path}")

    def send(self, who: str, path: str, said: Any = None, *, key: str = "", put: bool = False) -> Any:
        call = self.clients[who].put if put else self.clients[who].post
        where = path if path.startswith("/api") else f"{self.url}{path}"
        headers = {"idempotency-key": key} if key else {}
        body = "" if said is None else json.dumps(said, default=str)
        return call(where, body, content_type="application/json", headers=headers)

    def done(self, who: str, path: str, said: Any = None, **more: Any) -> Any:
        """Sent, and done."""
        answer = self.send(who, path, said, **more)
        assert answer.status_code in {200, 201}, answer.content
        return answer.json()

    def refused(self, who: str, path: str, said: Any = None, **more: Any) -> str:
        """Sent, and refused: the rule."""
        answer = self.send(who, path, said, **more)
        return str(is_problem(answer, answer.status_code)["rule"])

    def plan(self) -> None:
        """A plan with a need."""
        by = system(self.at)
        plan = services.open_plan(case=self.case, family_words="Quiet mornings.", contingency="", by=by, at=self.at)
        services.add_need(plan=plan, said=NeedSaid("N4", "Late for school", None), by=by, at=self.at)


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return Cast()


def a_note(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "visit", "result": "seen", "happened_at": timezone.now() - timedelta(hours=2), "minutes": 30,
        "seen": [{"person_id": cast.rowan.pk, "is_alone": True}], "words": "Warm and tidy.", "child_words": "I like it.",
    } | changes  # fmt: skip


READS = (
    "", "/notes", "/tasks", "/help", "/chronology", "/reviews", "/meetings", "/actions", "/team", "/agreement", "/steps",
)  # fmt: skip


def test_the_team_around_the_child_reads_it_and_nobody_else(cast: Cast) -> None:
    for path in READS:
        for who in ("amira", "cara", "nia"):
            assert cast.get(who, path).status_code == 200, (who, path)
        for who in ("ben", "sanjay", "dev"):
            is_problem(cast.get(who, path), 404)
    assert cast.get("amira", "/lead/choices").status_code == 200
    is_problem(cast.get("cara", "/lead/choices"), 403)  # she may not change who leads
    read = AuditEvent.objects.filter(kind="read", actor_id=cast.accounts["cara"].pk, purpose="API: case notes").get()
    assert set(read.people) == {cast.rowan.pk, cast.alex.pk}


def test_nobody_writes_in_another_s_case(cast: Cast) -> None:
    sent: dict[str, Any] = {
        "/notes": a_note(cast), "/tasks": {"words": "x", "owner_id": cast.posts["ben"].pk, "due_on": "2999-01-01"},
        "/team/members": {"post_id": cast.posts["ben"].pk}, "/lead/take": {"reason": "x"},
        "/handovers": {"post_id": cast.posts["ben"].pk, "reason": "x"},
        "/steps": {"to_level": 2, "to_team_id": cast.south.pk, "reason": "x"},
        "/close": {"version": 1, "code": "RC7", "reason": "x"},
        "/meetings": {"purpose": "other", "starts_at": timezone.now() + timedelta(days=1), "place": "x", "posts": []},
        "/agreement/help": {
            "person_id": cast.rowan.pk, "given_by": "x", "capacity": "themselves", "evidence": "signed", "given_on": "2026-01-01"
        },
    }  # fmt: skip
    before = AuditEvent.objects.filter(kind="write").count()
    for path, said in sent.items():
        for who in ("ben", "dev"):
            is_problem(cast.send(who, path, said), 404)
    for path in ("/lead/take", "/close"):
        is_problem(cast.send("amira", path, sent[path]), 403)  # the manager's
    assert AuditEvent.objects.filter(kind="write").count() == before


def test_a_visit_is_written_corrected_and_read_back(cast: Cast) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    written = cast.done("amira", "/notes", a_note(cast, next_step="Ring the school.", next_due_on=tomorrow))
    assert [(each["name"], each["is_alone"]) for each in written["seen"]] == [("Rowan Testerfield", True)]
    (task,) = cast.get("cara", "/tasks").json()
    assert task["words"] == "Ring the school."
    corrected = cast.done("cara", f"/notes/{written['id']}/corrections", {"words": "It was cold."})
    assert [each["words"] for each in corrected["additions"]] == ["It was cold."]
    assert corrected["words"] == "Warm and tidy."
    done = cast.done("amira", f"/tasks/{task['id']}/done", {"words": "They know."})
    assert done["done_words"] == "They know."
    assert cast.refused("amira", f"/tasks/{task['id']}/done", {}) == "CW-415"
    assert cast.refused("amira", "/notes", a_note(cast, seen=[])) == "CW-406"
    assert cast.refused("amira", "/notes", a_note(cast, happened_at=timezone.now() + timedelta(days=1))) == "CW-402"
    assert cast.refused("amira", "/notes", a_note(cast, colour="red")) == "API-422"


def test_notes_and_chronology_come_by_the_page(cast: Cast) -> None:
    same = timezone.now() - timedelta(days=1)
    for number in range(33):  # all at one moment: neither skipped nor repeated
        said: dict[str, Any] = {
            "kind": "note",
            "result": "seen",
            "minutes": None,
            "seen": {},
            "words": f"Note {number}.",
        }
        services.write_note(
            case=cast.case, happened_at=same, **said, child_words="", next_step="", by=system(timezone.now()),
            at=timezone.now(),
        )  # fmt: skip
    first = cast.get("amira", "/notes").json()
    second = cast.get("amira", f"/notes?after={first['next']}").json()
    ids = [each["id"] for each in first["notes"] + second["notes"]]
    assert (len(ids), len(set(ids)), second["next"]) == (33, 33, "")
    page, entries = cast.get("amira", "/chronology?kind=casework.note_written").json(), []
    while True:
        entries += [each["id"] for each in page["entries"]]
        if not page["next"]:
            break
        page = cast.get("amira", f"/chronology?kind=casework.note_written&after={page['next']}").json()
    assert len(entries) == len(set(entries)) == 33
    assert cast.get("amira", "/notes?after=nonsense").json()["notes"] == first["notes"]


def test_a_file_is_added_by_what_is_in_it_and_comes_back_as_it_was(cast: Cast) -> None:
    note = cast.done("amira", "/notes", a_note(cast))
    where = f"{cast.url}/notes/{note['id']}/files"
    send = lambda who, content: cast.clients[who].post(where, {"file": SimpleUploadedFile("a.pdf", content)})  # noqa: E731
    assert is_problem(send("amira", b"<html><script>"), 422)["rule"] == "CW-410"
    is_problem(send("ben", b"hello"), 404)
    (file,) = send("amira", b"Plain words.").json()["files"]
    assert (file["kind"], file["name"]) == ("txt", "a.txt")
    back = cast.get("cara", f"/notes/{note['id']}/files/{file['id']}")
    assert back.content == b"Plain words."
    assert "attachment" in back["Content-Disposition"]
    assert is_problem(cast.clients["amira"].post(where, {}), 422)["extra"]["faults"][0]["field"] == "file"
    is_problem(cast.get("ben", f"/notes/{note['id']}/files/{file['id']}"), 404)


def test_sent_twice_it_is_done_once(cast: Cast) -> None:
    said = a_note(cast)
    first = cast.send("amira", "/notes", said, key="k-1")
    again = cast.send("amira", "/notes", said, key="k-1")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert CaseNote.objects.count() == 1
    assert cast.refused("amira", "/notes", said | {"words": "Other."}, key="k-1") == "API-409"
    assert cast.refused("amira", "/tasks", {"words": "x"}, key="k-1") == "API-422"
    cast.done("amira", "/notes", said, key="k-2")
    cast.done("cara", "/notes", said, key="k-1")  # another account's key is another key
    assert CaseNote.objects.count() == 3


def test_a_refusal_is_not_remembered_but_it_is_recorded(cast: Cast) -> None:
    said = a_note(cast, happened_at=timezone.now() + timedelta(seconds=900))
    assert cast.refused("amira", "/notes", said, key="k-3") == "CW-402"
    assert not KeptAnswer.objects.exists()
    assert AuditEvent.objects.filter(kind="refusal", rule="CW-402").count() == 1
    cast.done("amira", "/notes", a_note(cast), key="k-3")


def test_what_was_answered_is_not_given_again_to_somebody_who_has_left(cast: Cast) -> None:
    said = a_note(cast)
    cast.done("cara", "/notes", said, key="k-4")
    (cara,) = [each for each in cast.get("amira", "/team").json()["members"] if each["name"] == "Cara Testwell"]
    cast.done("amira", f"/team/members/{cara['id']}/leave", {"reason": "Another school"})
    is_problem(cast.send("cara", "/notes", said, key="k-4"), 404)
    assert CaseNote.objects.count() == 1


def test_help_given_begins_and_ends(cast: Cast) -> None:
    said = {
        "service": "Sleep course", "words": "Six evenings", "delivered_by": "Children’s Centre", "people": [cast.rowan.pk],
        "starts_on": "2026-01-05", "hours": "6.5",
    }  # fmt: skip
    given = cast.done("amira", "/help", said)
    assert (given["people"], given["hours"], given["ends_on"]) == ("Rowan Testerfield", "6.50", None)
    assert cast.refused("amira", "/help", said | {"unit": "evenings"}) == "CW-418"
    assert cast.refused("amira", "/help", said | {"people": [uuid4()]}) == "CW-419"
    ended = cast.done("amira", f"/help/{given['id']}/end", {"ends_on": "2026-02-16", "hours": "9"})
    assert (ended["ends_on"], ended["hours"]) == ("2026-02-16", "9.00")
    assert [each["id"] for each in cast.get("nia", "/help").json()] == [given["id"]]


def test_the_team_is_found_joined_and_left(cast: Cast) -> None:
    found = cast.done("amira", "/api/v1/posts/find", {"text": "noor north"})
    assert [(each["name"], each["organisation"]) for each in found["posts"]] == [
        ("Noor Testerly", cast.posts["noor"].host.name)
    ]
    is_problem(cast.send("amira", "/api/v1/posts/find", {"text": "n"}), 422)
    team = cast.done("amira", "/team/members", {"post_id": found["posts"][0]["post_id"], "words": "Sleep"})
    assert {each["name"]: each["words"] for each in team["members"]}["Noor Testerly"] == "Sleep"
    assert cast.refused("amira", "/team/members", {"post_id": cast.posts["noor"].pk}) == "CW-7"
    _, post = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    assert cast.refused("amira", "/team/members", {"post_id": post.pk}) == "CW-235"
    family = cast.done("amira", "/team/family", {"person_id": cast.alex.pk, "words": "Mum"})["family"]
    left = cast.done("amira", f"/team/family/{family[0]['id']}/leave", {"reason": "She asked to."})
    assert (left["family"], left["family_left"][0]["words"]) == ([], "Mum")
    cast.done("amira", "/deputy", {"post_id": cast.posts["noor"].pk})
    assert [each["name"] for each in cast.get("nia", "/team").json()["members"] if each["is_deputy"]] == [
        "Noor Testerly"
    ]


def test_the_duty_is_offered_declined_and_accepted(cast: Cast) -> None:
    offer = {"post_id": cast.posts["noor"].pk, "reason": "She knows them."}
    assert [each["name"] for each in cast.get("amira", "/lead/choices").json()] == ["Noor Testerly"]
    waiting = cast.done("amira", "/handovers", offer)["handovers"]
    assert cast.refused("amira", "/handovers", offer) == "CW-203"
    one = f"/api/v1/lead-offers/{waiting[0]['id']}"
    assert [each["id"] for each in cast.get("noor", "/api/v1/lead-offers").json()] == [waiting[0]["id"]]
    seen = cast.get("noor", one)
    assert "Rowan" not in seen.content.decode()
    is_problem(cast.get("ben", one), 404)
    assert cast.done("noor", f"{one}/decline", {"answer": "Too many."})["state"] == "declined"
    assert cast.refused("noor", f"{one}/accept") == "CW-204"
    second = cast.done("amira", "/handovers", offer)["handovers"][0]["id"]
    assert cast.done("noor", f"/api/v1/lead-offers/{second}/accept", key="a-1")["state"] == "accepted"
    assert cast.done("noor", f"/api/v1/lead-offers/{second}/accept", key="a-1")["state"] == "accepted"
    duties = cast.get("noor", "/team").json()["duties"]
    assert [each["name"] for each in duties] == ["Amira Testerly", "Noor Testerly"]
    assert (duties[0]["ends_at"], duties[1]["ends_at"]) == (duties[1]["starts_at"], None)
    taken = cast.done("nia", "/lead/take", {"reason": "She is ill."})
    assert taken["duties"][-1]["is_manager"]
    assert cast.done("nia", "/lead", {"post_id": cast.posts["amira"].pk})["duties"][-1]["name"] == "Amira Testerly"


def a_meeting(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "purpose": "review", "starts_at": timezone.now() + timedelta(days=2), "place": "Children’s Centre",
        "posts": [cast.posts["amira"].pk], "people": [],
    } | changes  # fmt: skip


def test_a_meeting_is_planned_moved_and_more_are_asked(cast: Cast) -> None:
    assert cast.refused("amira", "/meetings", a_meeting(cast)) == "CW-223"  # nobody besides herself
    assert cast.refused("amira", "/meetings", a_meeting(cast, posts=[cast.posts["ben"].pk])) == "CW-232"
    planned = cast.done("amira", "/meetings", a_meeting(cast, people=[cast.alex.pk]))
    one = f"/meetings/{planned['id']}"
    more = cast.done("amira", f"{one}/invitations", {"posts": [cast.posts["cara"].pk], "people": [cast.alex.pk]})
    assert {each["name"] for each in more["seats"]} == {"Amira Testerly", "Cara Testwell", "Alex Testerfield"}
    assert cast.refused("amira", f"{one}/invitations", {"posts": [cast.posts["cara"].pk]}) == "CW-223"
    assert (
        cast.refused("cara", f"{one}/invitations", {"people": [cast.rowan.pk]}) == "permission:casework.change_meeting"
    )
    said = cast.done("cara", f"{one}/apologies", {"words": "Attendance is up."})["seats"]
    assert [each["words"] for each in said if each["presence"] == "apologies"] == ["Attendance is up."]
    when = {"version": planned["version"], "starts_at": timezone.now() + timedelta(days=3), "place": "At school"}
    moved = cast.done("amira", f"{one}/when", when, put=True)
    assert (moved["place"], moved["version"]) == ("At school", planned["version"] + 1)
    assert cast.refused("amira", f"{one}/when", when, put=True) == "CO-1"
    file = cast.get("cara", f"{one}/calendar")
    assert file["Content-Type"].startswith("text/calendar")
    assert "Testerfield" not in file.content.decode()
    assert cast.refused("amira", f"{one}/minutes", {"version": 1, "present": [], "text": "x"}, put=True) == "CW-224"
    assert cast.done("amira", f"{one}/cancel", {"reason": "Two are ill."})["state"] == "cancelled"


def test_minutes_of_two_who_write_at_once_are_both_kept(cast: Cast) -> None:
    planned = cast.done("amira", "/meetings", a_meeting(cast, people=[cast.alex.pk]))
    Meeting.objects.filter(pk=planned["id"]).update(starts_at=timezone.now() - timedelta(hours=1))
    one = f"/meetings/{planned['id']}"
    due = timezone.localdate() + timedelta(days=3)
    said = {
        "version": planned["version"], "present": [cast.posts["amira"].pk, cast.alex.pk], "text": "We looked at mornings.",
        "decided": ["Walk together."], "actions": [{"words": "Ring.", "due_on": due, "person_id": cast.alex.pk}],
    }  # fmt: skip
    held = cast.done("amira", f"{one}/minutes", said, put=True)
    assert (held["state"], held["decisions"][0]["words"]) == ("held", "Walk together.")
    stale = is_problem(cast.send("cara", f"{one}/minutes", said | {"text": "Mine."}, put=True), 409)
    assert (stale["rule"], stale["extra"]["theirs"], stale["extra"]["yours"]) == (
        "CO-1", {"text": "We looked at mornings."}, {"text": "Mine."},
    )  # fmt: skip
    (action,) = cast.get("cara", "/actions").json()
    assert action["owner"] == "Alex Testerfield"
    assert cast.refused("amira", f"/actions/{action['id']}/end", {"is_done": False}) == "CW-10"
    assert cast.done("amira", f"/actions/{action['id']}/end", {"is_done": True})["state"] == "done"
    assert cast.done("amira", f"{one}/agree", {"version": held["version"]})["state"] == "agreed"
    assert [each["came"] for each in cast.get("amira", "/meetings").json()] == [2]


def test_a_review_goes_from_who_came_to_its_decision(cast: Cast) -> None:
    begun = {
        "held_on": timezone.localdate(), "came": [{"post_id": cast.posts["amira"].pk, "came": True}],
        "voices": [{"child_id": cast.rowan.pk, "how": "said", "words": "It is better."}],
    }  # fmt: skip
    is_problem(cast.send("amira", "/reviews", begun), 404)  # there is no plan
    cast.plan()
    assert cast.refused("amira", "/reviews", begun | {"voices": []}) == "CW-335"
    review = cast.done("amira", "/reviews", begun)
    assert (review["came"], review["voices"][0]["name"]) == (["Amira Testerly"], "Rowan Testerfield")
    assert cast.refused("amira", "/reviews", begun) == "CW-332"
    one = f"/reviews/{review['id']}"
    decision = {"version": review["version"], "decision": "continue", "reason": "It works."}
    assert cast.refused("cara", f"{one}/decision", decision) == "permission:casework.decide_review"
    decided = cast.done("amira", f"{one}/decision", decision)
    assert (decided["state"], decided["decision"]) == ("decided", "continue")
    assert cast.refused("amira", f"{one}/decision", decision) == "CW-333"
    assert [each["id"] for each in cast.get("cara", "/reviews").json()] == [review["id"]]


def test_a_manager_decides_a_step_up_for_danger_and_the_family_is_theirs_no_more(cast: Cast) -> None:
    """The next review is set while the family is still theirs; the step takes effect last, and the answer says it all."""
    cast.plan()
    begun = {
        "held_on": timezone.localdate(), "came": [{"post_id": cast.posts["amira"].pk, "came": True}],
        "voices": [{"child_id": cast.rowan.pk, "how": "said", "words": "I am afraid."}],
    }  # fmt: skip
    review = cast.done("nia", "/reviews", begun)
    statutory = make_team(kind="statutory")
    make_post(role=Role.STATUTORY_OFFICER, team=statutory, name="Stella Testwick", is_registered_social_worker=True)
    decision = {
        "version": review["version"], "decision": "step_up", "reason": "Bruises.", "to_level": 4,
        "to_team_id": statutory.pk, "is_immediate": True,
    }  # fmt: skip
    decided = cast.done("nia", f"/reviews/{review['id']}/decision", decision)
    row = Case.objects.get(pk=cast.case.pk)
    assert (decided["state"], decided["next_review_on"]) == ("decided", row.review_due_on.isoformat())
    assert (row.team_id, row.level, row.lead_professional) == (statutory.pk, 4, None)
    is_problem(cast.get("nia"), 404)


def test_agreement_is_recorded_withdrawn_and_decided_upon(cast: Cast) -> None:
    said = {
        "person_id": cast.rowan.pk, "given_by": "Alex Testerfield", "capacity": "parental_responsibility",
        "evidence": "in_person", "given_on": timezone.localdate(),
    }  # fmt: skip
    school = cast.posts["cara"].host_id
    cast.done("amira", "/agreement/help", said)
    shared = cast.done("amira", "/agreement/sharing", said | {"organisations": [school], "information": ["plan"]})
    assert (shared["help"][0]["state"], shared["sharing"][0]["organisations"]) == ("in_force", ["Testerfield School"])
    is_problem(cast.send("amira", "/agreement/help", said | {"person_id": make_person().pk}), 404)
    basis = {"person_id": cast.rowan.pk, "basis": "public_task", "reason": "x", "organisations": [school],
             "information": ["plan"]}  # fmt: skip
    is_problem(cast.send("amira", "/agreement/basis", basis), 403)  # a manager's
    gone = cast.done(
        "amira", "/agreement/withdrawals", said | {"words": "No more.", "from_help": False, "from_sharing": True}
    )
    assert (gone["help"][0]["state"], gone["sharing"][0]["state"]) == ("in_force", "ended")
    decide = f"/agreement/withdrawals/{gone['withdrawals'][0]['id']}/decision"
    is_problem(cast.send("amira", decide, {"decision": "stop", "reason": "x"}), 403)
    settled = cast.done("nia", decide, {"decision": "continue_agreed", "reason": "The visits go on."})
    assert settled["withdrawals"][0]["decided_by"] == "Nia Testnorth"


def test_a_step_is_asked_refused_asked_again_and_accepted(cast: Cast) -> None:
    asked = {"to_level": 2, "to_team_id": cast.south.pk, "reason": "They have moved."}
    step = cast.done("amira", "/steps", asked)
    assert cast.refused("amira", "/steps", asked) == "CW-320"
    one = f"/api/v1/steps/{step['id']}"
    assert [each["id"] for each in cast.get("sanjay", "/api/v1/steps").json()] == [step["id"]]
    assert cast.get("sanjay", one).json()["may"] == ["answer"]
    is_problem(cast.get("ben", one), 404)
    assert cast.refused("amira", f"{one}/refuse", {"reason": "x"}) == "permission:casework.answer_step"
    assert cast.done("sanjay", f"{one}/refuse", {"reason": "No room."})["state"] == "refused"
    assert cast.done("amira", f"{one}/again", {"reason": "Please."})["state"] == "asked_again"
    taken = cast.done("sanjay", f"{one}/accept", {"lead_post_id": cast.posts["ben"].pk})
    assert taken["state"] == "accepted"
    assert cast.get("ben").json()["level"] == 2
    assert [each["reason"] for each in cast.get("ben", "/steps").json()] == ["They have moved."]


def test_a_case_closes_with_what_became_of_every_need(cast: Cast) -> None:
    cast.plan()
    (need,) = cast.get("amira", "/plan").json()["needs"]
    cast.case.refresh_from_db()
    said: dict[str, Any] = {"version": cast.case.version, "code": "RC7", "reason": "They do well."}
    is_problem(cast.get("nia", "/closure"), 404)
    assert cast.refused("nia", "/close", said) == "CW-340"
    closed = cast.done("nia", "/close", said | {"needs": [{"need_id": need["id"], "code": "met"}]})
    assert (closed["code"], closed["check_result"]) == ("RC7", "")
    assert cast.get("nia", "/closure").json() == closed
    assert cast.refused("nia", "/notes", a_note(cast)) == "CW-11"


def test_an_entry_is_marked_taken_out_and_put_back(cast: Cast) -> None:
    cast.done("amira", "/notes", a_note(cast))
    (entry,) = cast.get("amira", "/chronology?kind=casework.visit_made").json()["entries"]
    one = f"/chronology/{entry['id']}"
    marked = cast.done("amira", f"{one}/significant", {"impact": "She slept."})
    assert (marked["is_significant"], marked["impact"]) == (True, "She slept.")
    assert [each["id"] for each in cast.get("cara", "/chronology?is_significant=true").json()["entries"]] == [
        entry["id"]
    ]
    assert not cast.done("amira", f"{one}/ordinary")["is_significant"]
    out = cast.done("amira", f"{one}/out", {"code": "wrong", "words": "It was next door."})
    assert (out["taken_out"]["words"], out["said"]) == ("It was next door.", "")
    assert cast.get("amira", "/notes").json()["notes"][0]["words"] == ""
    assert cast.refused("amira", f"{one}/back", {"words": "x"}) == "permission:casework.put_back_entry"
    assert cast.done("nia", f"{one}/back", {"words": "It was right."})["taken_out"] is None
    assert cast.get("amira", "/notes").json()["notes"][0]["words"] == "Warm and tidy."
    is_problem(cast.send("ben", f"{one}/back", {"words": "x"}), 404)


def test_every_example_is_what_its_schema_takes() -> None:
    from ninja import Schema

    from joinedup.api import agreements, assessments, chronology, meetings, notes, plans, reviews, steps, team

    tried = 0
    for module in (agreements, assessments, chronology, meetings, notes, plans, reviews, steps, team):
        for schema in vars(module).values():
            if isinstance(schema, type) and issubclass(schema, Schema):
                extra = schema.model_config.get("json_schema_extra")
                for example in extra["examples"] if isinstance(extra, dict) else []:
                    schema.model_validate(example)
                    tried += 1
    assert tried > 40


def test_the_description_is_worked_out_once() -> None:
    from joinedup.api.v1 import api

    assert api.get_openapi_schema() is api.get_openapi_schema()
