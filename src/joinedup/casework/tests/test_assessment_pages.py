"""Pages and API of assessments and of the family's agreement: one walk each, refusals said, and nothing for outsiders."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from joinedup.access.models import Account
from joinedup.casework.models import Assessment, AssessmentSection
from joinedup.casework.tests.assessed import Work, agree, begin, fill, make_work, section_of, signed
from joinedup.information_sharing.models import HelpAgreed, SharingBasis, SharingDeclined, Withdrawal
from joinedup.organisations.tests.factories import AT
from tests.support.statements import statements_of

pytestmark = pytest.mark.django_db
_NOW = "joinedup.access.middleware.timezone.now"


class Visitor:
    """One browser at a moment."""

    def __init__(self, account: Account, at: Any = AT) -> None:
        self.client, self.at = Client(), at
        with patch(_NOW, return_value=at):
            self.client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")

    def open(self, page: str, *args: Any) -> Any:
        with patch(_NOW, return_value=self.at), CaptureQueriesContext(connection) as ran:
            response = self.client.get(reverse(page, args=args), secure=True)
        ran_in_all = statements_of(ran)
        assert ran_in_all <= 25, f"{page}: {ran_in_all} statements"
        return response

    def send(self, told: dict[str, Any], page: str, *args: Any) -> Any:
        with patch(_NOW, return_value=self.at):
            return self.client.post(reverse(page, args=args), told, secure=True)

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        with patch(_NOW, return_value=self.at):
            return self.client.generic(
                method, f"/api/v1{path}", json.dumps(body or {}), content_type="application/json", secure=True
            )


def words(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def work() -> Work:
    return make_work()


def test_begin_accept_correct_and_go_on(work: Work) -> None:
    amira = Visitor(work.accounts["amira"])
    assert "Begin an assessment of Rowan Testerfield" in words(amira.open("case_assessments", work.case.pk))
    assert amira.send({}, "assessment_start", work.case.pk, work.child.pk).status_code == 302
    row = Assessment.objects.get()
    tasks = words(amira.open("assessment", row.pk))
    assert "0 of 30 sections are completed" in tasks
    assert "known already" in tasks
    child = section_of(row, "child")
    page = amira.open("assessment_section", child.pk)
    assert "From what was entered about them, 18 November 2026." in words(page)
    sent = {
        "version": "1", "still_given_name": "yes", "still_family_name": "changed", "family_name": "Testfield",
        "accept_all": "yes",
    }  # fmt: skip
    gone = amira.send(sent, "assessment_section", child.pk)
    assert gone.status_code == 302
    assert str(section_of(row, "home").pk) in gone["Location"]
    child.refresh_from_db()
    assert child.answers["given_name"] == "Rowan"
    assert child.answers["family_name"] == "Testfield"
    assert child.settled["birth_date"] == "accepted"
    assert child.settled["family_name"] == "corrected"
    again = amira.send({}, "assessment_start", work.case.pk, work.child.pk)
    assert (
        "has been begun already" in words(amira.client.get(again["Location"], secure=True)) or again.status_code == 302
    )


def test_every_section_opens_with_few_queries(work: Work) -> None:
    row = begin(work)
    amira = Visitor(work.accounts["amira"])
    for section in AssessmentSection.objects.filter(assessment=row):
        page = amira.open("assessment_section", section.pk)
        assert page.status_code == 200, section.code
        assert page.content.decode().count("<h1") == 1, section.code


def test_a_mistake_is_shown_at_its_question_and_nothing_typed_is_lost(work: Work) -> None:
    row = begin(work)
    child = section_of(row, "child")
    amira = Visitor(work.accounts["amira"])
    told = {"version": "1", "still_nhs_number": "changed", "nhs_number": "1234567890", "known_as": "Ro"}
    page = amira.send(told, "assessment_section", child.pk)
    assert page.status_code == 200
    assert "There is a problem" in words(page)
    assert 'value="Ro"' in page.content.decode()
    child.refresh_from_db()
    assert child.saved_at is None


def test_two_people_both_keep_their_text_on_the_page(work: Work) -> None:
    row = begin(work)
    health = section_of(row, "health")
    amira, noor = Visitor(work.accounts["amira"]), Visitor(work.accounts["noor"])
    noor.send({"version": "1", "strengths": "Noor’s words", "score": "4"}, "assessment_section", health.pk)
    page = amira.send({"version": "1", "strengths": "Amira’s words", "score": "6"}, "assessment_section", health.pk)
    assert page.status_code == 409
    assert "Noor’s words" in words(page)
    assert "Amira’s words" in words(page)
    assert "Noor Testerly" in words(page)
    chosen = {
        "resolving": "yes", "version": "2", "strengths": "Both our words", "choice-strengths": "yours",
        "theirs-strengths": "Noor’s words", "needs": "", "score": "6", "choice-score": "theirs", "theirs-score": "4",
    }  # fmt: skip
    assert amira.send(chosen, "assessment_section", health.pk).status_code == 302
    health.refresh_from_db()
    assert (health.answers["strengths"], health.answers["score"]) == ("Both our words", 4)


def test_signing_is_refused_to_the_untrained_with_the_way_to_be_trained(work: Work) -> None:
    agree(work)
    row = begin(work)
    fill(work, row)
    noor, amira = Visitor(work.accounts["noor"]), Visitor(work.accounts["amira"])
    assert noor.open("assessment_check", row.pk).status_code == 200
    refused = noor.send({"version": "1"}, "assessment_check", row.pk)
    assert "Only somebody whose training in the common assessment counts today may sign." in words(refused)
    assert "who books the course" in words(refused)
    assert amira.send({"version": "1"}, "assessment_check", row.pk).status_code == 302
    page = words(amira.open("assessment", row.pk))
    assert "Signed by Amira Testerly" in page
    assert amira.open("assessment_check", row.pk).status_code == 404
    assert amira.open("assessment_section", section_of(row, "health").pk).status_code == 302


def test_printed_as_a_page_a_pdf_and_word_without_how_to_reach_anybody(work: Work) -> None:
    agree(work)
    row = signed(work)
    amira = Visitor(work.accounts["amira"])
    page = amira.open("assessment_printed", row.pk, "page")
    assert "1 Example Row" not in words(page), "a printed copy goes from hand to hand"
    assert "General health" in words(page)
    pdf = amira.open("assessment_printed", row.pk, "pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert "Testerfield" not in pdf["Content-Disposition"]
    assert amira.open("assessment_printed", row.pk, "docx").content.startswith(b"PK")
    assert amira.open("assessment_printed", row.pk, "exe").status_code == 404


def test_beside_the_one_before_with_charts_as_tables_and_csv(work: Work) -> None:
    agree(work)
    signed(work, scores={"health": 3})
    later = AT + timedelta(days=30)
    second = signed(work, at=later, scores={"health": 7})
    amira = Visitor(work.accounts["amira"], later)
    text = words(amira.open("assessment_beside", second.pk))
    assert "Distance travelled: Rowan Testerfield as a table" in text
    csv = amira.open("assessment_beside_csv", second.pk).content.decode()
    assert "General health,3,7" in csv


def test_nothing_for_outsiders(work: Work) -> None:
    agree(work)
    row = signed(work)
    ben = Visitor(work.accounts["ben"])
    for page, about in (
        ("case_assessments", (work.case.pk,)), ("assessment", (row.pk,)), ("assessment_check", (row.pk,)),
        ("assessment_section", (section_of(row, "health").pk,)), ("assessment_printed", (row.pk, "pdf")),
        ("assessment_beside", (row.pk,)), ("case_agreement", (work.case.pk,)), ("case_withdraw", (work.case.pk,)),
    ):  # fmt: skip
        assert ben.open(page, *about).status_code == 404, page
    assert ben.send({}, "assessment_start", work.case.pk, work.child.pk).status_code == 404


def _spoken(work: Work, **more: Any) -> dict[str, Any]:
    return {
        "person": str(work.child.pk), "given_by": "Ash Testerfield", "capacity": "parental_responsibility",
        "evidence": "in_person", "given_on-day": "18", "given_on-month": "11", "given_on-year": "2026", **more,
    }  # fmt: skip


def test_agreement_is_recorded_declined_withdrawn_and_decided(work: Work) -> None:
    amira, manager = Visitor(work.accounts["amira"]), Visitor(work.accounts["manager"])
    case = work.case.pk
    assert "Nobody’s agreement is recorded yet" in words(amira.open("case_agreement", case))
    for page in ("case_agree_help", "case_agree_sharing", "case_sharing_declined", "case_withdraw"):
        assert amira.open(page, case).status_code == 200, page
    assert amira.send(_spoken(work), "case_agree_help", case).status_code == 302
    health = str(work.posts["cara"].host_id)
    scope = {"organisations": [health], "information": ["plan", "assessment"]}
    assert amira.send(_spoken(work, **scope), "case_agree_sharing", case).status_code == 302
    assert amira.open("case_sharing_basis", case).status_code == 403
    based = {"person": str(work.child.pk), "basis": "safeguarding", "reason": "A risk at home.", **scope}
    assert manager.send(based, "case_sharing_basis", case).status_code == 302
    assert amira.send(_spoken(work, words="Not with housing."), "case_sharing_declined", case).status_code == 302
    assert amira.send(_spoken(work, words="Enough.", what=["sharing"]), "case_withdraw", case).status_code == 302
    row = Withdrawal.objects.get()
    assert SharingBasis.objects.filter(ended_at__isnull=True).get().basis is not None
    assert (HelpAgreed.objects.count(), SharingDeclined.objects.count()) == (1, 1)
    text = words(manager.open("case_agreement", case))
    assert "A manager decides what follows" in text
    assert "Safeguarding of children and people at risk" in text
    assert amira.open("case_withdrawal_decide", case, row.pk).status_code == 403
    assert manager.open("case_withdrawal_decide", case, row.pk).status_code == 200
    decided = {"decision": "continue_agreed", "reason": "Help goes on."}
    assert manager.send(decided, "case_withdrawal_decide", case, row.pk).status_code == 302
    assert "Help goes on." in words(amira.open("case_agreement", case))


def test_a_form_of_agreement_says_what_is_missing(work: Work) -> None:
    amira = Visitor(work.accounts["amira"])
    young = _spoken(work, capacity="competent_young_person", reasons="")
    page = amira.send(young, "case_agree_help", work.case.pk)
    assert "Enter why you think they can decide this themselves" in words(page)
    assert not HelpAgreed.objects.exists()


def test_the_api_follows_the_same_rules(work: Work) -> None:
    amira, noor, ben = (Visitor(work.accounts[name]) for name in ("amira", "noor", "ben"))
    base = f"/cases/{work.case.pk}/assessments"
    specs = amira.call("GET", "/assessment-specs").json()
    assert [len(spec["sections"]) for spec in specs] == [30, 30]
    asked = {each["code"]: each for part in specs[-1]["sections"] for each in part["questions"]}
    assert [code for code, _ in asked["upn_unknown"]["choices"]] == [f"UN{number}" for number in range(1, 8)]
    assert asked["upn_unknown"]["instead_of"] == "upn"
    assert asked["factors"]["unconfirmed"] == ["22A", "23A", "24A"]
    begun = amira.call("POST", base, {"child_id": str(work.child.pk)})
    assert begun.status_code == 201, begun.content
    one = f"{base}/{begun.json()['id']}"
    child = next(each for each in begun.json()["sections"] if each["code"] == "child")
    assert child["known"]["given_name"]["value"] == "Rowan"
    body = {"version": 1, "answers": {"score": 4, "needs": "Asthma."}}
    written = amira.call("PUT", f"{one}/sections/health", body)
    assert (written.status_code, written.json()["version"]) == (200, 2)
    stale = noor.call("PUT", f"{one}/sections/health", {"version": 1, "answers": {"needs": "Other."}})
    assert stale.status_code == 409
    assert stale.json()["extra"]["theirs"]["needs"] == "Asthma."
    wrong = amira.call("PUT", f"{one}/sections/health", {"version": 2, "answers": {"score": 12}})
    assert (wrong.status_code, wrong.json()["extra"]["faults"][0]["field"]) == (422, "score")
    assert amira.call("POST", f"{one}/sign", {"version": 1}).json()["rule"] == "CW-102"
    assert noor.call("POST", f"{one}/sign", {"version": 1}).json()["rule"] == "CW-101"
    assert ben.call("GET", one).status_code == 404
    assert len(amira.call("GET", base).json()) == 1
    other = f"/cases/{begun.json()['id']}/assessments/{begun.json()['id']}"
    assert amira.call("GET", other).status_code == 404
