"""The same work in a browser that runs no scripts: the referral form, asking partners and answering, importing a file."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import fact, follow, known_child, press, sign_in, wait_for
from tests.journeys.test_compare_notes import (
    _asks_everybody_at_once,
    _front_door_finds_out_who,
    _school_and_police_answer,
    _school_refers,
    _surgery_refuses,
)
from tests.journeys.test_import_a_file import FILE, worker

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.site import LiveSite

__all__ = ["worker"]  # a fixture
pytestmark = pytest.mark.browser


def test_partners_are_asked_and_answer(live_site: LiveSite, plain: Page) -> None:
    """From the school's referral to three answers side by side."""
    child = known_child(live_site, least_age=6)
    reference = _school_refers(live_site, plain, child)
    address = _front_door_finds_out_who(live_site, plain, child, reference)
    _asks_everybody_at_once(plain, address, child)
    _school_and_police_answer(live_site, plain, reference)
    _surgery_refuses(live_site, plain, reference)
    sign_in(plain, live_site, "Ffion Testlake")
    plain.goto(f"{address}partners/")
    for words in ("Petal Testtutor", "Gil Samplestone", "Refused to share", "Professionals judge the level of need"):
        expect(plain.locator("main")).to_contain_text(words)


def test_a_second_child_is_added_taken_out_again_and_what_was_typed_stays(live_site: LiveSite, plain: Page) -> None:
    sign_in(plain, live_site, "Rowan Testerfield")
    plain.goto(f"{live_site.url}/referrals/new/?draft=new")
    plain.get_by_label("What are you worried about?").fill("Hungry and tired since the summer.")
    press(plain, "Add another child")
    second = plain.get_by_role("group", name="Child 2", exact=True)
    second.get_by_label("First name").fill("Juniper")
    follow(plain.get_by_role("button", name="Remove child 1"))
    expect(plain.get_by_role("group", name="Child 2", exact=True)).to_have_count(0)
    expect(plain.get_by_label("First name").first).to_have_value("Juniper")
    expect(plain.get_by_label("What are you worried about?")).to_have_value("Hungry and tired since the summer.")
    press(plain, "Check your answers")
    expect(plain.get_by_role("heading", name="There is a problem")).to_be_visible()
    press(plain, "Save and come back later")
    plain.goto(f"{live_site.url}/drafts/")
    follow(plain.get_by_role("main").get_by_role("link").first)
    expect(plain.get_by_label("What are you worried about?")).to_have_value("Hungry and tired since the summer.")


def test_a_file_is_imported_and_undone(live_site: LiveSite, plain: Page, worker: None, tmp_path: Path) -> None:
    file = tmp_path / "tenants.csv"
    file.write_bytes(FILE.encode("windows-1252"))
    sign_in(plain, live_site, "Marlow Testington")
    plain.goto(f"{live_site.url}/imports/new/")
    plain.get_by_label("Whose records are these?").select_option("HOUSING")
    plain.get_by_label("The file").set_input_files(file)
    press(plain, "Continue")
    for title, holds in {"Tenancy": "The agency's own reference", "Occupant": "Whole name", "Birth": "Date of birth",
                         "Quirk": "Postcode", "Where": "Address"}.items():  # fmt: skip
        plain.get_by_label(f"What “{title}” holds").select_option(holds)
    press(plain, "Continue")
    press(plain, "Start the import")
    # The page of the work asks for itself again until there is a receipt.
    expect(plain.get_by_role("heading", name="Receipt: tenants.csv")).to_be_visible(timeout=60_000)
    assert fact(plain, "Rows read").inner_text() == "5"
    press(plain, "Undo this import")
    plain.get_by_label("Why is this import undone?").fill("The agency sent last month's file.")
    press(plain, "Undo the import")
    expect(plain.get_by_role("heading", name="Undone", exact=True)).to_be_visible(timeout=60_000)


def test_what_an_agency_observed_is_imported_found_and_withdrawn(
    live_site: LiveSite, plain: Page, worker: None, tmp_path: Path
) -> None:
    """Delphine answers for the schools' records: she sends a file in, finds a row by the reference and withdraws it."""
    with live_site.database.as_owner() as connection:
        row = connection.execute(
            "SELECT r.agency_reference FROM person_index_agencyrecord r JOIN organisations_organisation o"
            " ON o.id = r.agency_id WHERE o.code = 'SCHOOLS' AND NOT EXISTS (SELECT 1 FROM person_index_observation b"
            " WHERE b.record_id = r.id) ORDER BY 1 LIMIT 1"
        ).fetchone()
    assert row is not None
    (reference,) = row
    file = tmp_path / "november.csv"
    file.write_text(f"Pupil,Was,Wann,Zahl\n{reference},attendance,2/11/2025,71\nX9,suspension,3/11/2025,2\n")
    sign_in(plain, live_site, "Delphine Testfold")
    plain.goto(f"{live_site.url}/observations/")
    follow(plain.get_by_role("link", name="Files of observations"))
    press(plain, "Import observations")
    plain.get_by_label("Who observed this?").select_option("SCHOOLS")
    plain.get_by_label("The file").set_input_files(file)
    press(plain, "Continue")
    for title, holds in {"Pupil": "The agency's own reference of the person", "Was": "What was observed",
                         "Wann": "The day", "Zahl": "The number: per cent, days or weeks"}.items():  # fmt: skip
        plain.get_by_label(f"What “{title}” holds").select_option(holds)
    press(plain, "Continue")
    expect(plain.get_by_role("table", name="The first rows as they would land")).to_contain_text("attendance 71")
    press(plain, "Start the import")
    expect(plain.get_by_role("heading", name="Receipt: november.csv")).to_be_visible(timeout=60_000)
    expect(plain.get_by_role("table", name="What was rejected")).to_contain_text("X9")
    plain.goto(f"{live_site.url}/observations/")
    plain.get_by_label("Your reference of the person").fill(reference)
    press(plain, "Find")
    found = plain.get_by_role("row").filter(has_text="Attendance 71 per cent")
    expect(found).to_have_count(1)
    assert reference not in plain.url
    follow(found.get_by_role("link"))
    plain.get_by_label("Why was this observation wrong?").fill("It was another pupil.")
    press(plain, "Withdraw it")
    expect(plain.locator("main")).to_contain_text("the same is not taken again")


@pytest.fixture
def stopped_midway(monkeypatch: pytest.MonkeyPatch) -> None:
    """Background work stands still in its middle until somebody cancels it, a minute at most."""
    from joinedup.core.running import RunningJob

    report, steps = RunningJob.report, itertools.count(1)

    def report_and_wait(self: RunningJob, done: int, total: int = 0, message: str = "") -> None:
        report(self, done, total, message)
        if next(steps) == 3 and self._cancelled.wait(60):
            report(self, done, total, message)

    monkeypatch.setattr(RunningJob, "report", report_and_wait)


def test_an_import_is_cancelled_while_it_runs(
    live_site: LiveSite, plain: Page, stopped_midway: None, worker: None, tmp_path: Path
) -> None:
    """Pressed in the middle of the work: nothing of it lands, and the page says so."""
    from joinedup.core.models import Job
    from joinedup.person_index.models import AgencyRecord, ImportRun
    from tests.bench.messy import messy_file

    file = tmp_path / "many.csv"
    file.write_bytes(messy_file(3_000))
    before = (AgencyRecord.objects.count(), ImportRun.objects.count())
    sign_in(plain, live_site, "Marlow Testington")
    plain.goto(f"{live_site.url}/imports/new/")
    plain.get_by_label("Whose records are these?").select_option("HOUSING")
    plain.get_by_label("The file").set_input_files(file)
    press(plain, "Continue")
    press(plain, "Continue")
    press(plain, "Start the import")
    wait_for(lambda: Job.objects.filter(state="running", total__gt=0).exists(), within=60)
    press(plain, "Cancel it")
    expect(plain.get_by_text("Cancelled before anything was changed.")).to_be_visible(timeout=30_000)
    job = Job.objects.get()
    wait_for(lambda: not _is_at_it(live_site), within=60)
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert (AgencyRecord.objects.count(), ImportRun.objects.count()) == before
    assert "many.csv" in _waiting(live_site, plain), "the file is there still, to be started again or removed"


def _is_at_it(site: LiveSite) -> bool:
    """Whether somebody still holds a transaction open to write."""
    with site.database.as_owner() as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_xid IS NOT NULL"
        ).fetchone()
    return row != (0,)


def _waiting(site: LiveSite, page: Page) -> str:
    page.goto(f"{site.url}/imports/")
    return page.locator("main").inner_text()
