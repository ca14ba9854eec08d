"""A year of shared money in the words of those who answer for it: bought and refused, the risk share moved, balances signed and
disputed, the year ended with its annual return, and a figure opened down to its entry by the auditor."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import choose, follow, press, settled, sign_in, tap

pytestmark = pytest.mark.browser
COUNCIL, NHS = "Exampleshire Council", "Exampleshire Integrated Care Board"


def _no_faults(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    settled(page)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    assert [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]] == []


def _fund(page: Any, live_site: Any, name: str) -> None:
    """From the list of agreements to one fund."""
    page.goto(f"{live_site.url}/funds/")
    follow(page.locator("main").get_by_role("link", name=name).first)


def _part(page: Any, name: str) -> None:
    """From one page of a fund to another."""
    follow(page.get_by_role("navigation", name="This fund").get_by_role("link", name=name, exact=True))


def _today(live_site: Any) -> Any:
    with live_site.database.as_owner() as connection:
        return connection.execute("SELECT (now() AT TIME ZONE 'Europe/London')::date").fetchone()[0]


def _count(live_site: Any, what: str) -> int:
    with live_site.database.as_owner() as connection:
        return int(connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0])


def _day(page: Any, question: str, day: Any) -> None:
    group = page.get_by_role("group", name=question)
    for name, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(name).fill(str(value))


def _promise(page: Any, pounds: str, what: str) -> None:
    press(page, "Promise money")
    page.get_by_label("How much?").fill(pounds)
    page.get_by_label("For what?").fill(what)
    press(page, "Set it aside")


def test_a_lead_professional_and_a_budget_holder_buy_and_are_refused_over_the_budget(page: Any, live_site: Any) -> None:
    sign_in(page, live_site, "Amira Testerly")
    page.goto(f"{live_site.url}/funds/held/")
    _no_faults(page)
    follow(page.get_by_role("link", name="Family budget 1"))
    _promise(page, "300", "A cooker")
    expect(page.get_by_text("You may commit up to £250.00 at a time").first).to_be_visible()
    page.get_by_label("How much?").fill("200")
    press(page, "Set it aside")
    expect(page.get_by_text("The money is set aside")).to_be_visible()
    cooker = page.get_by_role("row").filter(has_text="A cooker")
    follow(cooker.get_by_role("link", name="It is bought"))
    _no_faults(page)
    page.get_by_label("Where was it bought?").fill("Placeholder Electricals")
    page.get_by_label("Number of the invoice or receipt").fill("R-77")
    _day(page, "Date of the invoice or receipt", _today(live_site))
    page.get_by_label("Amount without VAT").fill("150")
    press(page, "Record it")
    expect(page.get_by_role("row").filter(has_text="A cooker")).to_contain_text("Bought")
    _no_faults(page)

    sign_in(page, live_site, "Marina Testbudget")
    page.goto(f"{live_site.url}/funds/held/")
    follow(page.get_by_role("link", name="Short breaks"))
    _promise(page, "3,000,000", "A new respite home")
    expect(
        page.get_by_text(re.compile(r"There is £[\d,.]+ left on this line, and this is £3,000,000\.00")).first
    ).to_be_visible()
    _no_faults(page)
    follow(page.get_by_role("link", name="Cancel"))
    _promise(page, "12,000", "Saturday clubs in spring")
    follow(
        page.get_by_role("row").filter(has_text="Saturday clubs in spring").get_by_role("link", name="It is not needed")
    )
    page.get_by_label("Why is it not needed?").fill("The schools run them.")
    press(page, "Release it")
    expect(page.get_by_role("row").filter(has_text="Saturday clubs in spring")).to_contain_text("Not needed")


def test_the_section_151_officer_moves_the_risk_share_and_the_partners_sign_and_dispute(
    page: Any, live_site: Any
) -> None:
    before = _count(live_site, "funds_entry")
    sign_in(page, live_site, "Sterling Testpound")
    _fund(page, live_site, "Commissioning pool")
    _part(page, "Forecast")
    _no_faults(page)
    _part(page, "Risk share")
    form = page.locator("form[data-moves]")
    form.get_by_role("textbox", name="Community health for children: more or less than forecast").fill("400,000")
    says = form.get_by_role("status")
    expect(says).to_contain_text(f"{NHS}: £")
    expect(page.locator("#tried")).to_contain_text("As tried")
    first = says.inner_text()
    choose(page, "Who bears what is over?", "By opening contributions")
    expect(says).not_to_have_text(first)
    slider = form.get_by_role("slider", name="Social work with children: more or less than forecast, as a slider")
    second = says.inner_text()
    slider.focus()
    slider.fill("100000")
    expect(says).not_to_have_text(second)
    _no_faults(page)
    assert _count(live_site, "funds_entry") == before  # looking posts nothing

    sign_in(page, live_site, "Florin Testshilling")
    quarter = _latest_quarter(_today(live_site))
    if quarter == 0:
        return  # in the first three months of a year nobody signs yet
    _sign_page(page, live_site, "Commissioning pool", COUNCIL, quarter)
    choose(page, "Do you agree these balances?", "Yes, they are agreed")
    press(page, "Sign")
    sign_in(page, live_site, "Crispin Mockguinea")
    _sign_page(page, live_site, "Commissioning pool", NHS, quarter)
    tap(page.get_by_label("No, some of them are disputed"))
    press(page, "Sign")
    expect(page.get_by_text("Select the lines you dispute").first).to_be_visible()
    _no_faults(page)
    page.get_by_label(re.compile("Its part of the shared")).check()
    page.get_by_label("Why?").fill("Agency posts are the council’s own choice.")
    press(page, "Sign")
    expect(page.locator("main")).to_contain_text("Disputed")
    expect(page.locator("main")).to_contain_text("Agency posts are the council’s own choice.")
    _no_faults(page)


def _latest_quarter(day: Any) -> int:
    """The latest quarter of the year a day lies in that is over; nought in the first three months."""
    return ((day.month - 4) % 12) // 3


def _sign_page(page: Any, live_site: Any, fund: str, partner: str, quarter: int) -> None:
    _fund(page, live_site, fund)
    _part(page, "Balances")
    follow(
        page.get_by_role("navigation", name="Quarters").get_by_role("link", name=re.compile(f"^Quarter {quarter}\\b"))
    )
    section = page.locator("section").filter(has=page.get_by_role("heading", name=partner))
    link = section.get_by_role("link", name="Agree or dispute")
    if link.count() == 0:  # signed already: by its address
        address = section.get_by_role("link", name="The statement, to print or download").get_attribute("href")
        page.goto(f"{live_site.url}{str(address).replace('/statements/', '/balances/')}")
        return
    follow(link)


def test_the_risk_share_is_tried_without_scripts(plain: Any, live_site: Any) -> None:
    sign_in(plain, live_site, "Sterling Testpound")
    _fund(plain, live_site, "Commissioning pool")
    _part(plain, "Risk share")
    choose(plain, "Who bears what is over?", "By opening contributions")
    plain.get_by_role("textbox", name="Community health for children: more or less than forecast").fill("400,000")
    press(plain, "See what moves")
    expect(plain.locator("#tried")).to_contain_text("As tried")
    expect(plain.locator("#tried")).to_contain_text("In proportion to what each partner contributed")


def test_a_year_ends_with_its_annual_return(page: Any, live_site: Any) -> None:
    pool = "Disabled children’s pool"
    sign_in(page, live_site, "Penny Testpool")
    page.goto(f"{live_site.url}/funds/due/")
    expect(page.get_by_role("row").filter(has_text="Share what is over or under")).to_contain_text(pool)
    _no_faults(page)
    _fund(page, live_site, pool)
    _part(page, "Reports")
    follow(page.get_by_role("row").filter(has_text="Annual return").get_by_role("link", name="Freeze it"))
    press(page, "Freeze")
    expect(page.get_by_text("Share what is over or under first").first).to_be_visible()
    _fund(page, live_site, pool)
    _part(page, "Ledger")
    follow(page.get_by_role("link", name="Months and closing"))
    day = _today(live_site)
    year = day.year if day.month >= 4 else day.year - 1
    follow(page.get_by_role("button", name=f"Open {year}/{(year + 1) % 100:02d}"))

    sign_in(page, live_site, "Sterling Testpound")
    _fund(page, live_site, pool)
    _part(page, "Risk share")
    press(page, "Post what each partner bears")
    expect(page.get_by_text("Posted. What went in, what came out and the hash are below.")).to_be_visible()
    _no_faults(page)
    for name, partner in (("Florin Testshilling", COUNCIL), ("Crispin Mockguinea", NHS)):
        sign_in(page, live_site, name)
        _sign_page(page, live_site, pool, partner, 4)
        choose(page, "Do you agree these balances?", "Yes, they are agreed")
        press(page, "Sign")

    sign_in(page, live_site, "Penny Testpool")
    _fund(page, live_site, pool)
    _part(page, "Reports")
    follow(page.get_by_role("row").filter(has_text="Annual return").get_by_role("link", name="Freeze it"))
    press(page, "Freeze")
    expect(page.get_by_text("The report is frozen, with its hash")).to_be_visible()
    follow(page.get_by_role("link", name="Annual return", exact=True))
    expect(page.get_by_role("heading", name="Annual return").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("£1,200,000")
    _no_faults(page)

    sign_in(page, live_site, "Sterling Testpound")
    _fund(page, live_site, pool)
    _part(page, "Ledger")
    follow(page.get_by_role("link", name="Months and closing"))
    follow(page.get_by_role("link", name="Close the year"))
    _no_faults(page)
    press(page, "Close the year")
    expect(page.get_by_text("The year is closed")).to_be_visible()


def test_an_auditor_opens_a_figure_down_to_its_entry_and_verifies_the_ledger(page: Any, live_site: Any) -> None:
    sign_in(page, live_site, "Ledger Mockaudit")
    _fund(page, live_site, "Commissioning pool")
    _part(page, "Reports")
    follow(page.get_by_role("navigation", name="Years").get_by_role("link").first)
    follow(page.get_by_role("link", name="Annual return"))
    expect(page.locator("main")).to_contain_text("£20,000,000")
    _no_faults(page)
    follow(page.locator("main table").get_by_role("link", name=re.compile("£")).first)
    expect(page.locator("[data-figure]")).to_contain_text("£")
    _no_faults(page)
    follow(page.locator("main tbody").get_by_role("link").first)
    expect(page.get_by_role("heading", name="Its seal")).to_be_visible()
    _no_faults(page)
    follow(page.get_by_role("link", name="Trial balance"))
    follow(page.get_by_role("link", name="Verify the ledger"))
    press(page, "Verify now")
    expect(page.get_by_text(re.compile(r"Sound\. [\d,]+ entries follow one from another"))).to_be_visible()
    _no_faults(page)
