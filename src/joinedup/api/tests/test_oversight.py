"""Letters, the panel, supervision, the board, the allocation meeting and the quality audit by the API: what the pages do, for
whoever may do it there, and not a word more."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import docx
import pytest
from django.utils import timezone

from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.api.tests.test_api import client_with, is_problem, key_for
from joinedup.api.tests.test_cases import Cast, a_meeting, cast
from joinedup.casework.auditing import CURRENT, audit_spec
from joinedup.casework.models import Case, CaseAudit, CasePathway, CaseTask, LeadHandover, Panel, PanelRequest
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.core.models import OutboxMessage
from joinedup.organisations.tests.factories import make_post
from joinedup.person_index.models import Person, SafeContact
from joinedup.workforce.tests.factories import make_training
from tests.support.pdf import pages_of

pytestmark = pytest.mark.django_db
__all__ = ["cast"]
DAY = timedelta(days=1)
TODAY = timezone.localdate
ADDRESS = "3 Mock Lane, Mockham, ZZ1 1AA"


def reaches(cast: Cast, person: Person, how: str, details: str) -> None:
    SafeContact.objects.create(person=person, how=how, details=details, recorded_at=cast.at, source="test")


def signed_in(cast: Cast, who: str, role: Role, **more: Any) -> None:
    """Somebody more in the cast, with a key."""
    account, post = make_post(role=role, **more)
    cast.accounts[who], cast.posts[who], cast.clients[who] = account, post, client_with(key_for(account))


# --- Letters for a meeting.


def test_letters_go_to_whom_they_are_safe_for_and_are_read_by_whoever_may_send_them(cast: Cast) -> None:
    reaches(cast, cast.alex, "letter", ADDRESS)
    planned = cast.done("amira", "/meetings", a_meeting(cast, people=[cast.alex.pk, cast.rowan.pk]))
    letters = f"/meetings/{planned['id']}/letters"
    found = cast.get("amira", letters).json()
    assert [(each["name"], each["lines"][0]) for each in found["by_post"]] == [("Alex Testerfield", "3 Mock Lane")]
    assert ([each["name"] for each in found["without"]], found["by_email"]) == (["Rowan Testerfield"], [])
    pages = pages_of(cast.get("nia", f"{letters}/file").content)
    assert len(pages) == 1
    assert "Dear Alex Testerfield" in pages[0]
    word = cast.get("amira", f"{letters}/file?form=docx")
    assert (
        docx.Document(BytesIO(word.content)).tables[0].rows[1].cells[0].text.startswith("Alex Testerfield\n3 Mock Lane")
    )
    is_problem(cast.get("amira", f"{letters}/file?form=exe"), 422)
    # Who is in the team around the child sees the meeting, and sends nobody a letter.
    for path in (letters, f"{letters}/file"):
        is_problem(cast.get("cara", path), 403)
        for who in ("ben", "sanjay", "dev"):
            is_problem(cast.get(who, path), 404)
    assert cast.refused("cara", f"{letters}/posted") == "permission:casework.change_meeting"


def test_a_letter_s_words_keep_both_texts_and_give_nobody_away(cast: Cast) -> None:
    sam = make_person(given_name="Sam", at=cast.at)
    case = make_case(
        team=cast.case.team, family=make_family((make_person(at=cast.at), "child"), (cast.alex, "parent"), (sam, "parent"), at=cast.at),
        lead=cast.posts["amira"], at=cast.at,
    )  # fmt: skip
    reaches(cast, cast.alex, "letter", ADDRESS)
    reaches(cast, sam, "email", "sam@home.example")
    cast.url = f"/api/v1/cases/{case.pk}"
    planned = cast.done("amira", "/meetings", a_meeting(cast, people=[cast.alex.pk, sam.pk]))
    letters = f"/meetings/{planned['id']}/letters"
    said = {"version": 0, "words": "Please come, both of you."}
    kept = cast.done("amira", f"{letters}/words", said, put=True)
    assert (kept["words"], kept["version"]) == ("Please come, both of you.", 1)
    stale = is_problem(cast.send("nia", f"{letters}/words", said | {"words": "Mine."}, put=True), 409)
    assert (stale["rule"], stale["extra"]["theirs"]["words"]) == ("CO-1", "Please come, both of you.")
    away = {"version": 1, "words": "Alex lives at 3 Mock Lane, Mockham now."}
    assert cast.refused("amira", f"{letters}/words", away, put=True) == "CW-233"
    assert cast.refused("amira", f"{letters}/words", {"version": 1, "words": "  "}, put=True) == "CW-234"
    sent = cast.done("amira", f"{letters}/email", key="e-1")
    assert [(each["name"], each["sent_by"]) for each in sent["by_email"]] == [("Sam Testerfield", "Amira Testerly")]
    cast.done("amira", f"{letters}/email", key="e-1")
    cast.done("amira", f"{letters}/email")  # it has gone
    to_sam = OutboxMessage.objects.filter(to="sam@home.example", body__contains="Please come, both of you.")
    assert to_sam.count() == 1
    posted = cast.done("nia", f"{letters}/posted")
    assert posted["by_post"][0]["sent_by"] == "Nia Testnorth"
    cast.done("amira", f"/meetings/{planned['id']}/cancel", {"reason": "Two are ill."})
    is_problem(cast.get("amira", letters), 403)  # nobody is written to about a meeting that is not held


# --- The panel.


@pytest.fixture
def panel(cast: Cast) -> Cast:
    """The case is on the panel pathway; Pat of the school and Quin of a charity sit on panels."""
    school = cast.posts["cara"].host
    signed_in(cast, "pat", Role.REFERRER, host=school, employer=school, name="Pat Testschool")
    signed_in(cast, "quin", Role.REFERRER, host=school, employer=school, name="Quin Testcharity")
    there = cast.get("amira", "/pathway").json()
    said = {"version": there["version"], "pathway": "panel", "reason": "Feelings and behaviour."}
    assert cast.done("amira", "/pathway", said, put=True)["code"] == "panel"
    return cast


PAPERS = ["agreement", "views", "school", "tried"]


def asked(cast: Cast) -> str:
    """A request, with its papers there."""
    said = {"child_id": cast.rowan.pk, "services": ["Counselling"], "words": "She does not sleep."}
    made = cast.done("amira", "/panel-requests", said)
    where = f"/api/v1/panels/requests/{made['id']}"
    cast.done(
        "amira", f"{where}/papers", {"version": cast.get("amira", where).json()["version"], "papers": PAPERS}, put=True
    )
    return where


def convened(cast: Cast) -> str:
    people = [cast.accounts[name].email for name in ("pat", "quin")]
    said = {"team_id": cast.case.team_id, "starts_at": timezone.now() + 3 * DAY, "place": "Room 1", "people": people}
    return f"/api/v1/panels/{cast.done('nia', '/api/v1/panels', said)['id']}"


def listed(cast: Cast) -> tuple[str, str]:
    """A request on the list of a panel."""
    one, held = asked(cast), convened(cast)
    seen = cast.done("nia", f"{held}/list", {"request_id": one.rpartition("/")[2]})
    assert [each["state"] for each in seen["requests"]] == ["listed"]
    return one, held


def met(held: str) -> None:
    Panel.objects.filter(pk=held.rpartition("/")[2]).update(starts_at=timezone.now() - timedelta(hours=1))


def test_a_request_goes_to_a_panel_and_comes_back_decided(panel: Cast) -> None:
    cast = panel
    one, held = listed(cast)
    request = cast.get("pat", one).json()
    assert (request["words"], request["case_id"], request["may"]) == ("She does not sleep.", None, ["contribute"])
    cast.done("pat", f"{one}/contributions", {"words": "We see her at break."})
    decide = f"{one}/decision"
    assert cast.refused("nia", decide, {"version": 1, "came": [], "verdicts": [], "words_for_family": "x"}) == (
        "permission:casework.panel"
    )  # it has not met
    met(held)
    seats = [each["id"] for each in cast.get("nia", held).json()["seats"]]
    seen = cast.get("nia", one).json()
    verdict = {"service_id": seen["services"][0]["id"], "code": "not_agreed", "reason": "There is a wait."}
    said = {"version": seen["version"], "came": seats, "verdicts": [verdict], "words_for_family": "Not yet."}
    assert cast.refused("pat", decide, said) == "permission:casework.panel"
    assert cast.refused("nia", decide, said | {"came": seats[:1]}) == "CW-630"
    assert cast.refused("nia", decide, said | {"verdicts": []}) == "CW-631"
    decided = cast.done("nia", decide, said, key="d-1")
    assert (decided["line"]["state"], decided["services"][0]["said"][0]["code"]) == ("decided", "not_agreed")
    assert cast.done("nia", decide, said, key="d-1") == decided
    letter = cast.get("amira", f"{one}/letter")
    (page,) = pages_of(letter.content)
    assert all(words in page for words in ("Dear Alex Testerfield", "Not yet.", "There is a wait.", "Amira Testerly"))
    assert "OFFICIAL" not in page
    assert cast.get("amira", f"{one}/letter?form=docx").content[:2] == b"PK"
    assert cast.refused("amira", f"{one}/told", {"told_by": "letter"}) == "CW-231"
    assert cast.done("amira", f"{one}/told", {"told_by": "in_person"})["family_told_by"] == "in_person"
    again = cast.done("amira", f"{one}/disagree", {"words": "She needs it now."})
    assert (again["line"]["state"], again["disagreed_words"]) == ("disagreed", "She needs it now.")
    assert cast.refused("amira", f"{one}/disagree", {"words": "Still."}) == "CW-635"
    gone = cast.done("amira", f"{one}/withdraw", {"reason": "They have moved."})
    assert gone["line"]["state"] == "withdrawn"
    assert [each["state"] for each in cast.get("cara", "/panel-requests").json()] == ["withdrawn"]


def test_what_the_panel_refuses(panel: Cast) -> None:
    cast = panel
    said = {"child_id": cast.rowan.pk, "services": ["Counselling"], "words": "x"}
    assert cast.refused("amira", "/panel-requests", said | {"child_id": cast.alex.pk}) == "CW-105"
    assert cast.refused("cara", "/panel-requests", said) == "permission:casework.ask_panel"
    made = cast.done("amira", "/panel-requests", said)
    assert cast.refused("amira", "/panel-requests", said) == "CW-621"
    held = convened(cast)
    assert cast.refused("nia", f"{held}/list", {"request_id": made["id"]}) == "CW-623"  # the papers are wanting
    is_problem(cast.send("nia", f"{held}/list", {"request_id": uuid4()}), 404)
    people = [cast.accounts["pat"].email, "nobody@example.org"]
    said = {"team_id": cast.case.team_id, "starts_at": timezone.now() + DAY, "place": "Room 1", "people": people}
    unknown = is_problem(cast.send("nia", "/api/v1/panels", said), 422)
    assert "nobody@example.org" in unknown["message"]
    assert unknown["extra"]["faults"][0]["field"] == "people"
    own = said | {"people": [cast.accounts[name].email for name in ("pat", "quin")]}
    is_problem(cast.send("sanjay", "/api/v1/panels", own), 404)  # another team's
    is_problem(cast.send("amira", "/api/v1/panels", own), 404)
    is_problem(cast.send("nia", "/api/v1/panels", own | {"chair": "pat@x.example"}), 422)
    assert cast.refused("nia", "/api/v1/panels", own | {"starts_at": timezone.now() - DAY}) == "CW-625"
    assert cast.refused("amira", f"{held}/cancel", {"reason": "Snow."}) == "AC-404"
    assert cast.refused("pat", f"{held}/cancel", {"reason": "Snow."}) == "permission:casework.hold_panel"
    assert cast.done("nia", f"{held}/cancel", {"reason": "Snow."})["is_cancelled"]
    assert [each["is_cancelled"] for each in cast.get("pat", "/api/v1/panels").json()["past"]] == [True]


def test_the_partnership_s_panel_is_its_chair_s(panel: Cast) -> None:
    cast = panel
    one = asked(cast)
    said = {
        "chair": cast.accounts["pat"].email, "starts_at": timezone.now() + DAY, "place": "Room 1",
        "people": [cast.accounts["quin"].email],
    }  # fmt: skip
    held = f"/api/v1/panels/{cast.done('sanjay', '/api/v1/panels', said)['id']}"
    seen = cast.done("nia", f"{held}/list", {"request_id": one.rpartition("/")[2]})
    assert (seen["chair"], len(seen["requests"])) == ("Pat Testschool", 1)
    other = cast.get("sanjay", held).json()  # may put his own there, and reads nobody else's
    assert (other["requests"], other["others"]) == ([], 1)
    assert (cast.get("pat", held).json()["may_hold"], other["may_hold"]) == (True, False)


def test_the_panel_reads_the_request_and_nothing_of_the_case(panel: Cast) -> None:
    cast = panel
    one, held = listed(cast)
    for who in ("amira", "cara", "nia"):
        assert cast.get(who, one).json()["case_id"] == str(cast.case.pk)
    for who in ("ben", "dev", "sanjay"):
        is_problem(cast.get(who, one), 404)
        is_problem(cast.get(who, held), 404)
        is_problem(cast.send(who, f"{one}/contributions", {"words": "Let me in."}), 404)
    is_problem(cast.get("pat"), 404)
    assert cast.get("pat", one).json()["case_id"] is None
    for path, sent in (("withdraw", {"reason": "x"}), ("disagree", {"words": "x"}), ("told", {"told_by": "in_person"})):
        assert cast.refused("pat", f"{one}/{path}", sent) == "permission:casework.pursue_panel"
    is_problem(cast.get("pat", f"{one}/letter"), 403)
    read = AuditEvent.objects.filter(kind="read", purpose="API: request to the panel", actor_id=cast.accounts["pat"].pk)
    assert [set(each.people) for each in read][:1] == [{cast.rowan.pk}]
    assert PanelRequest.objects.count() == 1


def test_the_pathway_s_history_is_for_whoever_may_change_it(panel: Cast) -> None:
    cast = panel
    own, member = cast.get("amira", "/pathway").json(), cast.get("cara", "/pathway").json()
    assert own["history"][0]["name"] == "Early help"
    assert (member["code"], member["history"], member["choices"]) == ("panel", [], [])
    back = {"version": own["version"], "pathway": "early_help", "reason": "It is better."}
    assert cast.refused("cara", "/pathway", back, put=True) == "permission:casework.change_pathway"
    assert cast.refused("amira", "/pathway", back | {"reason": " "}, put=True).startswith("CW-60")
    is_problem(cast.get("ben", "/pathway"), 404)
    assert cast.done("nia", "/pathway", back, put=True)["code"] == "early_help"
    assert cast.refused("amira", "/pathway", back | {"pathway": "panel"}, put=True) == "CO-1"
    assert CasePathway.objects.filter(case=cast.case).count() == 3


# --- Supervision.


def supervised(cast: Cast, **more: Any) -> dict[str, Any]:
    talked = {
        "case_id": cast.case.pk, "reflection": "She is quieter.", "decision": "See her at school.",
        "action": "Ring the school.", "owner": "worker", "due_on": TODAY() + DAY,
    }  # fmt: skip
    return {"held_on": TODAY(), "discussed": "Workload.", "wellbeing": "Sleeps badly.", "cases": [talked]} | more


def test_a_supervision_is_between_the_two_of_them(cast: Cast) -> None:
    amira = f"/api/v1/supervisions/with/{cast.posts['amira'].pk}"
    assert [each["case_id"] for each in cast.get("nia", amira).json()] == [str(cast.case.pk)]
    for who in ("sanjay", "amira", "noor", "dev"):
        is_problem(cast.get(who, amira), 404)
        is_problem(cast.send(who, amira, supervised(cast)), 404)
    assert cast.refused("nia", amira, supervised(cast, held_on=TODAY() + DAY)) == "CW-502"
    held = cast.done("nia", amira, supervised(cast), key="s-1")
    assert cast.done("nia", amira, supervised(cast), key="s-1") == held
    one = f"/api/v1/supervisions/{held['id']}"
    for who in ("amira", "nia"):
        assert cast.get(who, one).json()["wellbeing"] == "Sleeps badly."
    for who in ("noor", "cara", "sanjay", "dev"):
        is_problem(cast.get(who, one), 404)
    assert [each["id"] for each in cast.get("amira", "/api/v1/supervisions").json()["rows"]] == [held["id"]]
    assert cast.get("noor", "/api/v1/supervisions").json()["rows"] == []
    listed = cast.get("nia", "/api/v1/supervisions").json()
    assert "Amira Testerly" in {each["name"] for each in [*listed["people"], *listed["idle"]]}
    # What was said of the family stands in its case, for the team around the child.
    (talked,) = cast.get("cara", "/supervision").json()
    assert (talked["reflection"], talked["decision"]) == ("She is quieter.", "See her at school.")
    is_problem(cast.get("ben", "/supervision"), 404)


def test_the_worker_answers_once_and_an_action_becomes_a_task_once(cast: Cast) -> None:
    made = cast.done("nia", f"/api/v1/supervisions/with/{cast.posts['amira'].pk}", supervised(cast))
    one = f"/api/v1/supervisions/{made['id']}"
    version = cast.get("amira", one).json()["version"]
    no = {"version": version, "agrees": False, "words": ""}
    assert cast.refused("nia", f"{one}/answer", no | {"agrees": True}) == "permission:casework.answer_supervision"
    assert cast.refused("amira", f"{one}/answer", no) == "CW-508"
    differs = cast.done("amira", f"{one}/answer", no | {"words": "It was the other child."})
    assert (differs["answer"], differs["answer_words"]) == ("differs", "It was the other child.")
    assert cast.refused("amira", f"{one}/answer", no | {"agrees": True}) == "CW-507"
    added = cast.done("nia", f"{one}/additions", {"words": "It was. Put right."})
    assert [(each["words"], each["by"]) for each in added["additions"]] == [("It was. Put right.", "Nia Testnorth")]
    task = f"{one}/families/{added['cases'][0]['id']}/task"
    is_problem(cast.send("cara", task), 404)  # sees what was said in the case, and not the supervision
    assert cast.done("amira", task)["cases"][0]["is_task"]
    assert cast.refused("amira", task) == "CW-509"
    assert CaseTask.objects.get().words == "Ring the school."


# --- The manager's board, and what is due.


def test_the_board_counts_and_each_number_has_its_list(cast: Cast) -> None:
    make_case(team=cast.case.team, at=cast.at)  # nobody leads it
    (team,) = cast.get("nia", "/api/v1/my-work/board").json()
    counts = {each["list"]: each["n"] for each in team["counts"]}
    assert (team["team"], team["open_cases"], counts["no-lead"]) == ("North team", 2, 1)
    for name, number in counts.items():
        listed = cast.get("nia", f"/api/v1/cases?list={name}&team_id={team['team_id']}").json()["cases"]
        assert len(listed) == number, name
    led = cast.get("nia", f"/api/v1/cases?lead_id={cast.posts['amira'].pk}").json()["cases"]
    assert [each["id"] for each in led] == [str(cast.case.pk)]
    loads = {each["name"]: each["leads"] for each in team["caseloads"]}
    assert loads == {"Amira Testerly": 1, "Noor Testerly": 0}
    assert cast.get("sanjay", f"/api/v1/cases?list=no-lead&team_id={team['team_id']}").json()["cases"] == []
    for who in ("amira", "dev"):
        is_problem(cast.get(who, "/api/v1/my-work/board"), 403)


def test_what_is_due_is_one_s_own(cast: Cast) -> None:
    Case.objects.filter(pk=cast.case.pk).update(review_due_on=TODAY() - DAY)
    (due,) = cast.get("amira", "/api/v1/my-work/due").json()
    assert (due["kind"], due["case_id"], due["is_overdue"]) == ("review", str(cast.case.pk), True)
    assert cast.get("ben", "/api/v1/my-work/due").json() == []
    waits = cast.get("nia", "/api/v1/my-work/duties").json()
    assert [each["case_id"] for each in waits["reviews"]] == [str(cast.case.pk)]
    assert cast.get("sanjay", "/api/v1/my-work/duties").json()["reviews"] == []


# --- The allocation meeting.


def test_an_allocation_meeting_decides_and_carries_it_out(cast: Cast) -> None:
    make_training(cast.accounts["noor"])
    waiting = make_case(team=cast.case.team, at=cast.at)
    team = f"/api/v1/allocation/teams/{cast.case.team_id}"
    assert cast.get("nia", "/api/v1/allocation/teams").json() == [
        {"team_id": str(cast.case.team_id), "name": "North team"}
    ]
    (row,) = cast.get("nia", team).json()["to_decide"]
    assert (row["case_id"], row["why"]) == (str(waiting.pk), ["new"])
    for who in ("amira", "sanjay", "dev"):
        is_problem(cast.get(who, team), 404)
        is_problem(cast.send(who, f"{team}/begin"), 404)
    is_problem(cast.get("amira", "/api/v1/allocation/teams"), 403)
    meeting = cast.done("nia", f"{team}/begin", key="b-1")
    assert cast.done("nia", f"{team}/begin", key="b-1") == meeting
    assert cast.refused("nia", f"{team}/begin") == "CW-525"
    one = f"/api/v1/allocation/{meeting['id']}"
    family = f"{one}/families/{waiting.pk}"
    names = {each["name"] for each in cast.get("nia", f"{family}/candidates").json()}
    assert "Noor Testerly" in names
    assert cast.refused("nia", f"{family}/decision", {"decision": "hold", "reason": "Ill."}) == "CW-523"
    assert cast.refused("nia", f"{family}/decision", {"decision": "offer", "reason": "x"}) == "CW-522"
    is_problem(cast.send("nia", f"{one}/families/{cast.case.pk}/decision", {"decision": "back", "reason": "x"}), 404)
    said = {"decision": "offer", "post_id": cast.posts["noor"].pk, "reason": "She knows the school."}
    is_problem(cast.send("sanjay", f"{family}/decision", said), 404)
    decided = cast.done("nia", f"{family}/decision", said)
    assert [(each["decision"], each["to"]) for each in decided["made"]] == [("offer", "Noor Testerly")]
    assert LeadHandover.objects.get().to_post_id == cast.posts["noor"].pk
    assert cast.refused("nia", f"{family}/decision", said) == "CW-528"
    end = {"version": decided["version"], "present": "Nia, Noor", "words": "Nothing else."}
    over = cast.done("nia", f"{one}/end", end)
    assert (over["present"], over["waiting"], over["ended_at"] is not None) == ("Nia, Noor", 0, True)
    assert cast.refused("nia", f"{one}/end", end) == "CW-526"
    assert cast.refused("nia", f"{family}/decision", said) == "CW-526"
    assert [each["id"] for each in cast.get("nia", team).json()["earlier"]] == [meeting["id"]]


# --- The quality audit.

SPEC = audit_spec(CURRENT)


def audited(cast: Cast) -> str:
    """Sanjay is to audit the case."""
    said = {"auditor_id": cast.posts["sanjay"].pk, "size": 1, "reason": "The monthly audit"}
    made = cast.done("nia", f"/api/v1/case-audits/teams/{cast.case.team_id}/draw", said)
    assert made["cases"] == 1
    return f"/api/v1/case-audits/{CaseAudit.objects.get().pk}"


def filled(cast: Cast, one: str) -> None:
    for group in SPEC.groups:
        answers = {item.code: {"answer": "met", "evidence": "Page 2"} for item in group.items}
        cast.done("sanjay", f"{one}/headings/{group.code}", {"answers": answers}, put=True)


def test_an_audit_lends_the_case_until_it_is_done(cast: Cast) -> None:
    draw = f"/api/v1/case-audits/teams/{cast.case.team_id}/draw"
    said = {"auditor_id": cast.posts["nia"].pk, "size": 1, "reason": " "}
    assert cast.refused("nia", draw, said) == "CW-550"
    for who in ("sanjay", "amira"):
        assert cast.refused(who, draw, said) == "permission:casework.draw_audit"
    is_problem(cast.get("sanjay"), 404)
    one = audited(cast)
    assert cast.get("sanjay").status_code == 200
    assert [each["reference"] for each in cast.get("sanjay", "/api/v1/case-audits").json()["to_do"]] == [
        cast.case.reference
    ]
    for who in ("nia", "amira", "ben", "dev"):  # not before it is done
        is_problem(cast.get(who, one), 404)
    group = SPEC.groups[0]
    heading = f"{one}/headings/{group.code}"
    bare = {group.items[0].code: {"answer": "partly", "evidence": " "}}
    assert cast.refused("sanjay", heading, {"answers": bare}, put=True) == "CW-545"
    assert cast.refused("sanjay", heading, {"answers": {"ZZ": {"answer": "met"}}}, put=True) == "CW-544"
    is_problem(cast.send("sanjay", f"{one}/headings/nowhere", {"answers": {}}, put=True), 404)
    assert cast.refused("sanjay", f"{one}/finish", {"strengths": "x"}) == "CW-544"
    filled(cast, one)
    finding = {"words": "The family tree is missing.", "owner_id": cast.posts["amira"].pk, "due_on": TODAY() + DAY}
    wrong = finding | {"owner_id": cast.posts["ben"].pk}
    assert cast.refused("sanjay", f"{one}/finish", {"strengths": "x", "findings": [wrong]}) == "CW-546"
    done = cast.done("sanjay", f"{one}/finish", {"strengths": "Her words.", "findings": [finding]})
    assert (done["percent"], done["may"], done["sees_case"]) == (100, ["ask_again"], False)
    is_problem(cast.get("sanjay"), 404)
    for who in ("nia", "amira"):
        assert cast.get(who, one).json()["findings"][0]["owner"] == "Amira Testerly"
        assert [each["percent"] for each in cast.get(who, "/audits").json()] == [100]
    assert cast.get("cara", "/audits").json() == []
    is_problem(cast.get("cara", one), 404)
    assert cast.refused("sanjay", heading, {"answers": {}}, put=True) == "CW-543"


def test_a_second_look_counts_and_the_results_hold_no_name(cast: Cast) -> None:
    signed_in(cast, "ciaran", Role.TEAM_MANAGER, name="Ciaran Testcentre")
    one = audited(cast)
    filled(cast, one)
    cast.done("sanjay", f"{one}/finish", {"strengths": "Her words."})
    second = {"post_id": cast.posts["ciaran"].pk}
    assert cast.refused("amira", f"{one}/second", second) == "permission:casework.ask_second_look"
    assert cast.refused("nia", f"{one}/second", {"post_id": cast.posts["sanjay"].pk}) == "CW-547"
    assert cast.done("nia", f"{one}/second", second)["second"] == "Ciaran Testcentre"
    assert cast.refused("nia", f"{one}/second", second) == "CW-548"
    item = SPEC.groups[0].items[0].code
    look = {"answers": {item: "not_met"}, "words": "It is not in the plan."}
    assert cast.refused("nia", f"{one}/again", look) == "CW-548"
    looked = cast.done("ciaran", f"{one}/again", look)
    assert (looked["first_percent"], looked["percent"], looked["second_words"]) == (100, 97, "It is not in the plan.")
    results = cast.get("sanjay", f"/api/v1/case-audits/results?team_id={cast.case.team_id}").json()
    assert (results["overall"]["percent"], results["overall"]["not_met"], results["overall"]["audits"]) == (97, 1, 1)
    assert "Testerfield" not in str(results)
    for who in ("amira", "dev"):
        is_problem(cast.get(who, "/api/v1/case-audits/results"), 403)


# --- The family's money.


def test_whoever_sees_the_case_without_its_budget_reads_none(cast: Cast) -> None:
    assert cast.get("amira", "/money").json() == {"budgets": [], "choices": [], "may_promise": False}
    said = {"line_id": uuid4(), "pence": 100, "what": "Shoes", "kind": "help", "record_id": uuid4(), "key": "a"}
    for who in ("amira", "ben"):
        is_problem(cast.send(who, "/money/promises", said), 404)


def test_money_is_promised_by_whoever_holds_the_family_s_budget() -> None:
    from joinedup.casework.tests.test_money import Home

    home = Home()
    amira, nia = (client_with(key_for(each)) for each in (home.amira, home.nia))
    money = f"/api/v1/cases/{home.case.pk}/money"
    there = amira.get(money).json()
    assert (there["may_promise"], there["budgets"][0]["left"]) == (True, 50_000)
    action = next(each for each in there["choices"] if each["kind"] == "action")
    said = {
        "line_id": there["budgets"][0]["line_id"], "pence": 4_500, "what": "School shoes", "kind": "action",
        "record_id": action["id"], "key": "a",
    }  # fmt: skip
    send = lambda client, **more: client.post(f"{money}/promises", said | more, content_type="application/json")  # noqa: E731
    assert is_problem(send(amira, pence=20_001), 422)["rule"] == "FU-141"
    assert is_problem(send(amira, what="Shoes for Rowan"), 422)["rule"] == "CW-572"
    after = send(amira).json()["budgets"][0]
    assert (after["left"], [each["about"] for each in after["promises"]]) == (45_500, ["Find school shoes"])
    assert send(amira).json()["budgets"][0]["left"] == 45_500  # its own key: once
    other = f"/api/v1/cases/{home.other.pk}/money/promises"
    assert amira.post(other, said, content_type="application/json").status_code == 404
    assert nia.get(money).status_code == 200
