"""Two finance directors bring an agreement from the first draft to open: aims first, every item, both chiefs."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import choose, follow, press, settled, sign_in

pytestmark = pytest.mark.browser
TITLE = "Speech and language together"
ITEMS = (
    "Contributions and how they vary", "Functions covered", "People and services", "Staff, goods, services and accommodation",
    "Duration, review, variation and ending", "How the fund is managed and monitored", "Over- and underspends", "VAT", "Disputes",
)  # fmt: skip


def _no_faults(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    settled(page)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    assert [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]] == []


def _day(page: Any, question: str, *, year: int, month: int) -> None:
    group = page.get_by_role("group", name=question)
    for name, value in (("Day", 1), ("Month", month), ("Year", year)):
        group.get_by_label(name).fill(str(value))


def _task(page: Any, name: str) -> None:
    """From the agreement's task list to one of its tasks."""
    follow(page.locator("main").get_by_role("link", name=name, exact=True))


def _agreement(page: Any, live_site: Any) -> None:
    page.goto(f"{live_site.url}/funds/")
    follow(page.get_by_role("link", name=TITLE))


def _write(page: Any, name: str, words: str) -> None:
    _task(page, name)
    page.locator("main textarea").fill(words)
    press(page, "Save")


def _publish_sheet(page: Any) -> None:
    page.get_by_label("What do you spend on these services in all?").fill("2,400,000")
    for field in page.locator("main textarea").all():
        field.fill("As our finance regulations say.")
    page.get_by_label("Whom do partners ask?").fill("The finance director")
    press(page, "Publish")
    expect(page.get_by_text("The sheet is published to every partner")).to_be_visible()


def _line(page: Any, code: str, partner: str, pounds: str) -> None:
    follow(page.get_by_role("link", name="Add a line"))
    page.get_by_label("What is the line called?").fill(f"Therapists of the {partner}")
    page.get_by_label("Code", exact=True).fill(code)
    choose(page, "Whose money is it?", partner)
    page.get_by_label("Budget for the year").fill(pounds)
    choose(page, "How far is it inside the fund?", "Pooled")
    press(page, "Save")


def _contribution(page: Any, partner: str, stream: str, pounds: str) -> None:
    press(page, "Set a contribution")
    choose(page, "Which partner?", partner)
    page.get_by_label("From which money?").select_option(label=stream)
    page.get_by_label("First agreed for last year").fill(pounds)
    press(page, "Save")


COUNCIL, NHS = "Exampleshire Council", "Exampleshire Integrated Care Board"


def test_from_draft_to_open(page: Any, live_site: Any) -> None:
    year = _year(live_site)
    sign_in(page, live_site, "Florin Testshilling")
    page.goto(f"{live_site.url}/funds/")
    press(page, "Draft an agreement")
    page.get_by_label("What is it about?").fill(TITLE)
    choose(page, "Under which legal power?", "Section 75, National Health Service Act 2006")
    _day(page, "First day", year=year, month=4)
    _day(page, "Reviewed by", year=year + 1, month=1)
    page.get_by_label("Who may approve moving money").select_option(index=2)
    press(page, "Save draft")
    expect(page.get_by_text("Set the aims and the outcomes first")).to_be_visible()
    _no_faults(page)

    _task(page, "VAT")
    page.locator("main textarea").fill("By whoever delivers.")
    press(page, "Save")
    expect(page.get_by_text("Say first what you want to achieve").first).to_be_visible()
    _no_faults(page)
    follow(page.get_by_role("link", name="Cancel"))

    _write(page, "Aims", "Children are heard and answered by one service.")
    _write(page, "Outcomes", "Waiting times from 30 weeks to 12.")
    for name in ITEMS:
        _write(page, name, f"{name}: as the partners agreed on 3 February.")
    _task(page, "Two or more partners")
    page.get_by_label("Which organisation takes part?").select_option(label="Exampleshire Police")
    press(page, "Add")
    expect(page.get_by_text("section 75 is for NHS bodies and local authorities only").first).to_be_visible()
    page.get_by_label("Which organisation takes part?").select_option(label=NHS)
    press(page, "Add")
    _task(page, "Host")
    page.get_by_label("Penny Testpool").check()
    press(page, "Save")
    _task(page, f"How the budget of {COUNCIL} works")
    press(page, "Publish it")
    _publish_sheet(page)

    _agreement(page, live_site)
    follow(page.get_by_role("link", name="Add a fund"))
    page.get_by_label("What is the fund called?").fill("Speech pool")
    page.get_by_label("Short code").fill("SPEECH")
    choose(page, "How is the money held?", "Pooled")
    choose(page, "Who hosts it?", COUNCIL)
    page.get_by_label("First financial year").fill(str(year))
    press(page, "Save")
    follow(page.get_by_role("link", name="Add a service"))
    page.get_by_label("Which service?").fill("Speech therapy")
    page.get_by_label("Short code").fill("SLT")
    choose(page, "Which partner leads it?", NHS)
    press(page, "Save")
    _line(page, "SLT-C", COUNCIL, "300,000")
    _line(page, "SLT-N", NHS, "500,000")
    _no_faults(page)
    follow(page.get_by_role("navigation", name="This fund").get_by_role("link", name="Contributions"))
    _contribution(page, COUNCIL, "Council’s own money", "300,000")
    _contribution(page, NHS, "NHS allocation", "400,000")
    _agreement(page, live_site)
    follow(page.get_by_role("link", name="See what is there and what is missing"))
    for name in ("Contributions come to the budget", f"How the budget of {NHS} works", f"Authorised by {NHS}"):
        expect(page.locator("main li", has_text=name)).to_contain_text("Missing")

    sign_in(page, live_site, "Crispin Mockguinea")
    _agreement(page, live_site)
    follow(page.get_by_role("link", name="Publish your sheet"))
    _publish_sheet(page)
    _agreement(page, live_site)
    follow(page.get_by_role("link", name="Speech pool"))
    follow(page.get_by_role("navigation", name="This fund").get_by_role("link", name="Contributions"))
    _contribution(page, NHS, "NHS allocation", "500,000")
    _agreement(page, live_site)
    follow(page.get_by_role("link", name="See what is there and what is missing"))
    press(page, "Hand it to the chief finance officers")
    expect(page.get_by_text("The chief finance officers are asked to authorise it")).to_be_visible()

    for name, organisation in (("Sterling Testpound", COUNCIL), ("Goldie Mockpenny", NHS)):
        sign_in(page, live_site, name)
        _agreement(page, live_site)
        press(page, f"Authorise for {organisation}")
        expect(page.get_by_text(f"Authorised for {organisation}")).to_be_visible()

    sign_in(page, live_site, "Penny Testpool")
    _agreement(page, live_site)
    press(page, "Open the agreement")
    expect(page.get_by_text("The agreement is open")).to_be_visible()
    follow(page.get_by_role("link", name="Speech pool"))
    press(page, "Approve the budget")
    page.get_by_label("By which decision?").fill("Board, minute 3")
    press(page, "Approve")
    expect(page.get_by_text("The budget is approved and in the ledger")).to_be_visible()
    expect(page.get_by_text("£800,000").first).to_be_visible()
    _no_faults(page)


def _year(live_site: Any) -> int:
    """The financial year the site is in."""
    with live_site.database.as_owner() as connection:
        day = connection.execute("SELECT (now() AT TIME ZONE 'Europe/London')::date").fetchone()[0]
    return int(day.year if day.month >= 4 else day.year - 1)
