"""The front-door manager imports an agency's messy file: upload, a column put right, a look ahead, progress, receipt, undo."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import fact, follow, next_page, press, sign_in, tap

pytestmark = pytest.mark.browser

FILE = """Housing extract, run on 21 November 2026
Tenancy;Occupant;Birth;Quirk;Where
T-901;ROWAN INVENTED;14/03/2015;ZZ1 1AA;1 Invented Way
T-902;;31/02/2015;;
T-903;Mo Invented;2 January 1990;ZZ1 1AB;3 Invented Way
T-903;Mo Invented;2 January 1990;ZZ1 1AB;3 Invented Way
T-904;Ash Invented;1 May 2021;nowhere;4 Invented Way
"""


@pytest.fixture
def worker(live_site: Any) -> Iterator[None]:
    """Background work is done, in a thread of the test: what the worker process does for one job at a time."""
    from django.db import connection
    from django.utils import timezone

    from joinedup.access.background import run_in_name
    from joinedup.core.models import Job

    stopping = threading.Event()

    def work() -> None:
        while not stopping.wait(0.5):
            for job in Job.objects.filter(state="waiting"):
                run_in_name(job.pk, clock=timezone.now)
        connection.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    stopping.set()
    thread.join(60)


def _picture(page: Any, name: str) -> None:
    """Kept where JOINEDUP_PICTURES says, wide and narrow, for whoever looks the pages over."""
    folder = os.environ.get("JOINEDUP_PICTURES")
    if folder:
        for width in (1366, 375):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1366, "height": 900})


def test_a_messy_file_is_imported_and_undone(page: Any, live_site: Any, worker: None, tmp_path: Path) -> None:
    file = tmp_path / "tenants november.csv"
    file.write_bytes(FILE.encode("windows-1252"))
    sign_in(page, live_site, "Marlow Testington")
    page.goto(f"{live_site.url}/imports/")
    _picture(page, "list")
    press(page, "Import an agency’s file")
    press(page, "Continue")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    _picture(page, "upload-errors")
    page.get_by_label("Whose records are these?").select_option("HOUSING")
    page.get_by_label("The file").set_input_files(file)
    press(page, "Continue")

    expect(page.get_by_role("heading", name="Which column is which?")).to_be_visible()
    _picture(page, "columns")
    for title, holds in {
        "Tenancy": "The agency's own reference",
        "Occupant": "Whole name",
        "Birth": "Date of birth",
        "Quirk": "Postcode",
        "Where": "Address",
    }.items():
        page.get_by_label(f"What “{title}” holds").select_option(holds)
    press(page, "Continue")

    expect(page.get_by_role("heading", name="Check before you import")).to_be_visible()
    expect(page.get_by_role("table", name="What cannot be used so far")).to_contain_text("31/02/2015")
    expect(page.get_by_role("table", name="The first rows as they would land")).to_contain_text("ZZ1 1AA")
    _picture(page, "check")
    press(page, "Start the import")

    expect(page.get_by_role("heading", name="Receipt: tenants november.csv")).to_be_visible(timeout=60_000)
    _picture(page, "receipt")
    assert fact(page, "Rows read").inner_text() == "5"
    follow(page.get_by_role("link", name="new records"))
    expect(page.get_by_role("table")).to_contain_text("T-901")
    _picture(page, "records")
    with next_page(page):
        page.go_back()
    follow(page.get_by_role("link", name="rows rejected"))
    expect(page.get_by_role("table")).to_contain_text("31/02/2015")
    _picture(page, "rejected")
    with page.expect_download() as download:
        tap(page.get_by_role("link", name="Download as CSV"))
    assert Path(download.value.path()).read_text("utf-8-sig").startswith("row,field,value,reason")
    follow(page.get_by_role("link", name="Receipt"))

    press(page, "Undo this import")
    _picture(page, "undo")
    page.get_by_label("Why is this import undone?").fill("The agency sent last month's file.")
    press(page, "Undo the import")
    expect(page.get_by_role("heading", name="Undone", exact=True)).to_be_visible(timeout=60_000)
    _picture(page, "undone")
    assert fact(page, "Why").inner_text() == "The agency sent last month's file."
    follow(page.get_by_role("link", name="Agencies’ files").first)
    follow(page.get_by_role("link", name="Your background work"))
    expect(page.get_by_role("table")).to_contain_text("Undo the import of tenants november.csv")
    _picture(page, "work")


def test_without_a_worker_the_page_waits_and_the_import_is_cancelled(page: Any, live_site: Any, tmp_path: Path) -> None:
    file = tmp_path / "tenants.csv"
    file.write_text("ref,name\nT-1,Rowan Invented\n")
    sign_in(page, live_site, "Marlow Testington")
    page.goto(f"{live_site.url}/imports/new/")
    page.get_by_label("Whose records are these?").select_option("HOUSING")
    page.get_by_label("The file").set_input_files(file)
    press(page, "Continue")
    press(page, "Continue")
    press(page, "Start the import")
    expect(page.get_by_text("Waiting", exact=True)).to_be_visible()
    _picture(page, "progress")
    press(page, "Cancel it")
    expect(page.get_by_text("Cancelled before anything was changed.")).to_be_visible()
    _picture(page, "cancelled")
