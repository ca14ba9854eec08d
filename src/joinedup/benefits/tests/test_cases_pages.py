"""The pages of business cases: built from nothing, two people at once, results, rounds, files out and in."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch
from uuid import UUID

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from joinedup.access.actor import Actor
from joinedup.access.models import Account
from joinedup.benefits.models import BusinessCase, Round
from joinedup.benefits.services import cases as services
from joinedup.benefits.tests.factories import Run, make_programme
from joinedup.benefits.tests.test_cases_services import begun, example, filled
from joinedup.engines.appraisal import read, read_text
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
STATEMENTS = 25


@pytest.fixture(autouse=True)
def _at_that_moment() -> Iterator[None]:
    """Whatever the clock says: posts are held at that moment."""
    with patch("joinedup.access.middleware.timezone.now", return_value=AT):
        yield


def client_of(actor: Actor | None) -> Client:
    client = Client()
    assert actor is not None
    client.force_login(Account.objects.get(pk=actor.account_id), backend=BACKEND)
    return client


def text_of(answer: Any) -> str:
    plain = re.sub(r"<(script|svg).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", plain).split())


class Writing:
    """Somebody who writes a case page by page, as the browser sends it."""

    def __init__(self, client: Client, case_id: UUID) -> None:
        self.client, self.base = client, f"/benefits/cases/{case_id}/"

    def page(self, path: str) -> Any:
        return self.client.get(self.base + path)

    def hidden(self, path: str, name: str) -> str:
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', self.page(path).content.decode())
        return found[1] if found else ""

    def send(self, path: str, **typed: str) -> Any:
        return self.client.post(self.base + path, {"seen": self.hidden(path, "seen"), **typed})


def test_a_case_is_built_from_nothing() -> None:
    """In the order a person thinks: every page saves by itself, what is left is listed with the page that mends it."""
    run = make_programme(is_illustration=True)
    client = client_of(run.manager)
    answer = client.post(f"/benefits/strands/{run.strands['families'].pk}/cases/begin/", {"title": "As agreed"})
    case = BusinessCase.objects.get()
    assert answer["Location"] == f"/benefits/cases/{case.pk}/"
    it = Writing(client, case.pk)
    first = text_of(it.page(""))
    assert "1 of 8 parts are complete" in first
    assert "How many people join is not said yet." in first
    assert "Illustration: inputs invented" in first
    assert "There are no results yet: 3 things are" in text_of(it.page("results/"))
    assert it.send("frame/edit/", years="3", price_year="2024", discount="flat", flat_rate="3").status_code == 302
    it.send("who/edit/", intake_0="100", intake_1="120", grade="2")
    it.send(
        "changes/1/edit/", name="Fewer moves of home", prevalence="50", engagement="80", retention="90", impact="40", deadweight="25"
    )  # fmt: skip
    assert "Fewer moves of home: what one is worth is not said yet." in text_of(it.page(""))
    it.send("sure/edit/", grade_0="3")
    it.send("worth/1/edit/", take="SS1.0")
    it.send("gains/1/edit/", agency_0="75", agency_1="20", other_agency="Courts", other_share="5", cashable="40")
    it.send("costs/1/edit/", name="Two key workers", amount_0="90,000", amount_1="£95,000.50", grade="2")
    assert "Two key workers: whose share it is is not said yet" in text_of(it.page(""))
    it.send("pays/1/edit/", agency_0="60", agency_1="50")
    wrong = text_of(it.page(""))
    assert "the shares must add up to 1, not 1.1" in wrong
    it.send("pays/1/edit/", agency_0="60", agency_1="40")
    case.refresh_from_db()
    model = read(case.model)
    assert (model.intakes, model.discount.bands[0][1], model.cohort_grade) == ((100.0, 120.0), 0.03, 2)
    [line] = model.benefits
    assert (line.code, line.prevalence, line.impact, line.unit_cost.fiscal, line.rag) == (
        "B1",
        0.5,
        0.4,
        51080.0,
        "amber",
    )
    assert dict(line.agencies) == {"COUNCIL": 0.75, "NHS": 0.2, "Courts": 0.05}
    assert model.costs[0].amounts == (90000.0, 95000.5, 0.0)
    assert "8 of 8 parts are complete" in text_of(it.page(""))
    results = text_of(it.page("results/"))
    assert "It pays: every £1 brings public purses" in results
    assert "not verified" in results
    said = text_of(it.page("said/"))
    assert "Courts 5 %" in said
    version = it.hidden("keep/", "version")
    assert it.client.post(f"{it.base}keep/", {"why": "", "version": version}).status_code == 302
    assert Round.objects.get().number == 1


def test_what_is_no_answer_is_said_at_its_question() -> None:
    run = make_programme()
    case = begun(run)
    it = Writing(client_of(run.manager), case.pk)
    answer = it.send("changes/1/edit/", name="Moves", impact="140", lag="soon")
    assert answer.status_code == 200
    assert "“How many of those does it help?” must be from 0 to 100 per cent" in text_of(answer)
    assert "“After how many years does it start?” must be a number" in text_of(answer)
    assert "Enter what it is" in text_of(it.send("changes/1/edit/", impact="40"))
    assert "Enter whose share this is" in text_of(_with_line(run, it, case, "gains/1/edit/", other_share="5"))
    assert it.page("changes/9/edit/").status_code == 404
    assert it.page("nothing/edit/").status_code == 404
    assert BusinessCase.objects.get().version == 2  # only the line of the last but one was saved


def _with_line(run: Run, it: Writing, case: BusinessCase, path: str, **typed: str) -> Any:
    it.send("changes/1/edit/", name="Moves", code="B1")
    return it.send(path, **typed)


def test_two_people_on_one_page_lose_nothing() -> None:
    """The second sees both versions, chooses, and saves; on different pages nobody notices the other."""
    run = make_programme()
    case = filled(run)
    one, other = (Writing(client_of(who), case.pk) for who in (run.manager, run.directors["COUNCIL"]))
    seen = one.hidden("sure/edit/", "seen")
    other.send("sure/edit/", grade_0="2", grade_1="4", grade_2="4")
    other.send("who/edit/", intake_0="1")
    answer = one.client.post(f"{one.base}sure/edit/", {"seen": seen, "grade_0": "5", "grade_1": "4", "grade_2": "4"})
    assert answer.status_code == 409
    assert "Director COUNCIL saved a change" in text_of(answer)
    page = answer.content.decode()
    found = re.search(r'name="seen"[^>]*value="([^"]*)"', page)
    assert found is not None
    assert 'name="theirs-grade_0" value="2"' in page
    chosen = {
        "seen": found[1], "resolving": "yes", "grade_0": "5", "theirs-grade_0": "2", "choice-grade_0": "yours",
        "grade_1": "4", "grade_2": "4",
    }  # fmt: skip
    assert one.client.post(f"{one.base}sure/edit/", chosen).status_code == 302
    case.refresh_from_db()
    assert [line["grade"] for line in case.model["benefits"]] == [5, 4, 4]


def test_results_what_if_and_files() -> None:
    """The same answer on the page, in what if, and in every file; an illustration says so everywhere."""
    run = make_programme(is_illustration=True)
    case = filled(run)
    it = Writing(client_of(run.directors["NHS"]), case.pk)
    page = text_of(it.page("results/"))
    assert page.index("Illustration: inputs invented") < page.index("It pays: every £1 brings public purses £1.06 back")
    assert "prices, 11 years old" in page
    assert "Of 20,000 draws of all inputs at once (seed 1)" in page
    then = text_of(it.page("results/?impact=50&later=1&evidence=worse"))
    assert "What if It loses money for public purses" in then
    assert "must be a number" in text_of(it.page("results/?impact=half"))
    again = read_text(it.page("files/toml/").content)
    assert (again.benefits, again.costs) == (read(case.model).benefits, read(case.model).costs)
    assert again.name == "As agreed (Illustration: inputs invented)"
    assert read_text(it.page("files/json/").content) == again
    assert it.page("files/csv/").content.decode().startswith("Illustration: inputs invented")
    book = openpyxl.load_workbook(io.BytesIO(it.page("files/xlsx/").content))
    assert "Illustration: inputs invented" in [row[0].value for row in book["Answer"].iter_rows(max_col=1)]
    assert it.page("files/pdf/").content.startswith(b"%PDF")
    assert it.page("files/docx/").content.startswith(b"PK")
    assert it.page("files/exe/").status_code == 404


def test_a_file_shows_what_would_change_before_it_is_taken_over() -> None:
    """An edited workbook, a file of somebody else's, one with faults."""
    run = make_programme()
    case = filled(run)
    it = Writing(client_of(run.manager), case.pk)
    book = openpyxl.load_workbook(io.BytesIO(it.page("files/xlsx/").content), data_only=True)
    book["Years"]["B4"] = 450
    shown = _upload(it, book)
    assert "People who join: year 1 from 400 to 450" in text_of(shown)
    case.refresh_from_db()
    assert case.model["cohort"]["size"][0] == 400.0
    model = re.search(r'name="model" value="([^"]*)"', shown.content.decode())
    assert model is not None
    sent = {"model": model[1].replace("&#34;", '"').replace("&quot;", '"'), "version": str(case.version)}
    assert it.client.post(f"{it.base}upload/", sent).status_code == 302
    case.refresh_from_db()
    assert case.model["cohort"]["size"][0] == 450.0
    assert "changed this while you were looking" in text_of(it.client.post(f"{it.base}upload/", sent))
    book["Benefits"]["F2"] = "most"
    assert "Benefits!F2 Impact must be a number, not “most”" in text_of(_upload(it, book))
    other = openpyxl.Workbook()
    other["Sheet"]["A1"] = "Shopping"
    assert "no workbook of a business case from here" in text_of(_upload(it, other))
    broken = SimpleUploadedFile("case.toml", b"years = 'five'\n")
    assert "$.years" in text_of(it.client.post(f"{it.base}upload/", {"file": broken}))
    assert it.client.post(f"{it.base}upload/", {"model": "[1]", "version": "1"}).status_code == 404
    nasty = json.dumps({"years": 10**6})
    assert it.client.post(f"{it.base}upload/", {"model": nasty, "version": str(case.version)}).status_code == 200


def _upload(it: Writing, book: Any) -> Any:
    target = io.BytesIO()
    book.save(target)
    return it.client.post(f"{it.base}upload/", {"file": SimpleUploadedFile("case.xlsx", target.getvalue())})


def test_rounds_options_and_the_list() -> None:
    """Rounds beside each other, compared, begun from again; cases side by side with the same luck; statements bounded."""
    run = make_programme()
    case = filled(run)
    services.keep_round(case=case, why="", version=case.version, by=run.manager, at=AT)
    case.refresh_from_db()
    worse = example()
    worse["benefits"][0]["engagement"] = 0.45
    case = services.take_over_model(case=case, model=worse, version=case.version, source="x", by=run.manager, at=AT)
    services.keep_round(case=case, why="Fewer took it up.", version=case.version, by=run.manager, at=AT)
    other = filled(run, "safer")
    it = Writing(client_of(run.manager), case.pk)
    first, second = Round.objects.order_by("number")
    page = text_of(it.page(f"rounds/?first={first.pk}&second={second.pk}"))
    assert "Engagement of “Children who do not come into care”: from 80 % to 45 %" in page
    assert "Why: Fewer took it up." in page
    assert f"Digest of case and results: {first.digest[:8]}" in text_of(it.client.get(f"/benefits/rounds/{first.pk}/"))
    assert it.client.get(f"/benefits/rounds/{first.pk}/files/pdf/").content.startswith(b"%PDF")
    again = f"/benefits/rounds/{first.pk}/begin-again/"
    assert "from 45 % to 80 %" in text_of(it.client.get(again))
    case.refresh_from_db()
    assert it.client.post(again, {"version": str(case.version)}).status_code == 302
    case.refresh_from_db()
    assert case.model["benefits"][0]["engagement"] == 0.8
    options = f"/benefits/programmes/{run.programme.pk}/cases/side-by-side/"
    beside = text_of(it.client.get(f"{options}?case={case.pk}&case={other.pk}"))
    assert "with the same luck (seed 1)" in beside
    assert "£0 (P10 £0, P90 £0)" in beside  # two cases that say the same never differ
    assert "As agreed" in text_of(it.client.get(f"/benefits/programmes/{run.programme.pk}/cases/"))
    for path in ("", "said/", "results/", "rounds/", "worth/edit/", "worth/1/edit/", "keep/", "upload/", "delivery/"):
        with CaptureQueriesContext(
            connection,
        ) as counted:
            assert it.page(path).status_code == 200, path
        assert len(counted) <= STATEMENTS, f"{path}: {len(counted)} statements"
    for address in (options, f"/benefits/programmes/{run.programme.pk}/cases/", f"/benefits/rounds/{first.pk}/"):
        with CaptureQueriesContext(connection) as counted:
            assert it.client.get(address).status_code == 200, address
        assert len(counted) <= STATEMENTS, f"{address}: {len(counted)} statements"


def test_withdrawn_and_brought_back_on_the_page() -> None:
    run = make_programme()
    case = filled(run)
    it = Writing(client_of(run.manager), case.pk)
    assert it.send("withdraw/", reason="Another was chosen").status_code == 302
    assert "This case was withdrawn" in text_of(it.page(""))
    assert "As agreed" not in text_of(it.client.get(f"/benefits/programmes/{run.programme.pk}/cases/"))
    assert it.client.post(f"{it.base}bring-back/").status_code == 302
    mark = it.hidden("changes/1/edit/", "mark")
    assert it.client.post(f"{it.base}lines/benefits/1/remove/", {"mark": mark}).status_code == 302
    case.refresh_from_db()
    assert len(case.model["benefits"]) == 2
    assert it.client.post(f"{it.base}lines/benefits/1/remove/", {"mark": mark}).status_code == 409
