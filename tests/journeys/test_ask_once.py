"""Ask once, in the browser: a school finds the child in its own record, nothing is asked again on the way to the team,
and nothing that is typed is lost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import browser_of_their_own, choose, follow, press, sign_in, tap, wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.support.site import LiveSite

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Pupil:
    """A child on the demo school's roll whom nobody works with yet."""

    given_name: str
    family_name: str
    postcode: str


def pupil(site: LiveSite, *, is_old: bool) -> Pupil:
    """Somebody on the roll, as it was lately or long ago."""
    with site.database.as_owner() as connection:
        row = connection.execute(
            """
            SELECT r.given_name, r.family_name, r.postcode FROM person_index_agencyrecord r
            JOIN organisations_organisation o ON o.id = r.agency_id AND o.code = 'ALDERACADEMY'
            JOIN person_index_recordlink l ON l.record_id = r.id AND l.separated_at IS NULL
            JOIN person_index_familymember m ON m.person_id = l.person_id AND m.ends_on IS NULL
            WHERE (r.as_of < now() - interval '28 days') = %s
              AND NOT EXISTS (SELECT 1 FROM casework_case c WHERE c.family_id = m.family_id)
              AND NOT EXISTS (SELECT 1 FROM front_door_referral f WHERE f.family_id = m.family_id)
              AND NOT EXISTS (SELECT 1 FROM front_door_referralperson rp WHERE rp.person_id = l.person_id)
            ORDER BY r.family_name, r.given_name LIMIT 1
            """,
            [is_old],
        ).fetchone()
    assert row is not None, "nobody on the roll is free"
    return Pupil(*row)


def counted(site: LiveSite, reference: str) -> list[str]:
    """The fields counted as asked again in one referral."""
    with site.database.as_owner() as connection:
        rows = connection.execute(
            "SELECT r.field FROM front_door_repeat r JOIN front_door_contact c ON c.id = r.contact_id"
            " WHERE c.reference = %s ORDER BY 1",
            [reference],
        ).fetchall()
    return [row[0] for row in rows]


def begin(page: Page, site: LiveSite, child: Pupil) -> None:
    """Rowan finds the child in the school's own record; the form arrives filled in."""
    sign_in(page, site, "Rowan Testerfield")
    press(page, "Ask for help for a child or family")
    page.get_by_label("First name").fill(child.given_name.lower())
    page.get_by_label("Last name").fill(child.family_name)
    press(page, "Find the child")
    follow(page.get_by_role("link", name=f"{child.given_name} {child.family_name}").first)
    expect(page.get_by_label("First name").first).to_have_value(child.given_name)
    expect(page.locator("main")).to_contain_text("From your school’s record,")


def finish(page: Page) -> str:
    """The rest of the form, which only the school can tell; the reference."""
    choose(page, "Is a child in danger now?", "No")
    choose(page, "What is this about?", "A child or family needs help")
    page.get_by_label("What are you worried about?").fill("Tired, hungry, and often late since the autumn.")
    choose(page, "Does the family know you are asking for help?", "Yes")
    choose(page, "Do they agree?", "Yes")
    press(page, "Check your answers")
    press(page, "Send to the front door")
    found = re.search(r"R-\w{4}-\w{4}", page.locator("main").inner_text())
    assert found, page.locator("main").inner_text()
    return found[0]


def test_from_the_school_to_the_team_nothing_is_asked_again(live_site: LiveSite, page: Page) -> None:
    child = pupil(live_site, is_old=False)
    begin(page, live_site, child)
    expect(page.get_by_label("Postcode").first).to_have_value(child.postcode)
    reference = finish(page)
    sign_in(page, live_site, "Ffion Testlake")
    page.goto(f"{live_site.url}/worklist/front_door/")
    follow(page.get_by_role("row").filter(has_text=reference).get_by_role("link").first)
    address = page.url
    press(page, "Start triage")
    page.goto(f"{address}people/")
    press(page, f"Search for {child.given_name}")
    expect(page.get_by_label("First name").first).to_have_value(child.given_name)  # typed once, by the school
    press(page, "Search")
    person = page.get_by_role("listitem").filter(has_text="This is the same person").filter(has_text=child.family_name)
    tap(person.first.get_by_text("This is the same person"))
    follow(person.first.get_by_role("button", name=re.compile("^Link to")))
    page.goto(f"{address}family/")
    page.get_by_role("radio").first.check()
    press(page, "Save")
    page.goto(f"{address}agreement/")
    group = page.get_by_role("group", name="Does the family know about this referral?").first
    expect(group.get_by_label("Yes", exact=True).first).to_be_checked()  # said by the school already
    assert counted(live_site, reference) == []
    with live_site.database.as_owner() as connection:
        row = connection.execute(
            "SELECT family_id FROM front_door_referral WHERE reference = %s", [reference]
        ).fetchone()
    assert row is not None
    page.goto(f"{live_site.url}/families/{row[0]}/")
    expect(page.locator("main")).to_contain_text("Asked again: 0 times")
    sign_in(page, live_site, "Marlow Testington")
    page.goto(f"{live_site.url}/asked-again/list/")
    expect(page.locator("main")).not_to_contain_text(reference)


def test_one_field_typed_again_is_counted_once(live_site: LiveSite, page: Page) -> None:
    child = pupil(live_site, is_old=True)
    begin(page, live_site, child)
    choose(page, "Is this address still right?", "It has changed")
    page.get_by_label("Postcode").first.fill(child.postcode.lower().replace(" ", ""))
    reference = finish(page)
    assert counted(live_site, reference) == ["postcode"]
    sign_in(page, live_site, "Marlow Testington")
    page.goto(f"{live_site.url}/asked-again/list/")
    expect(page.get_by_role("row").filter(has_text=reference)).to_have_count(1)


def test_an_old_address_confirmed_with_one_answer(live_site: LiveSite, page: Page) -> None:
    child = pupil(live_site, is_old=True)
    begin(page, live_site, child)
    expect(page.locator("main")).to_contain_text(child.postcode)
    choose(page, "Is this address still right?", "Yes, still right")
    reference = finish(page)
    assert counted(live_site, reference) == []
    expect(page.locator("main")).to_contain_text(child.postcode)


def kept(page: Page) -> None:
    """All that was typed so far, not only what stood there when it was saved last."""
    expect(page.locator("form[data-autosave]:not([data-unsaved])")).to_have_count(1)
    expect(page.locator("[data-autosave-status]")).to_contain_text("Kept at")


def test_two_windows_show_both_texts(live_site: LiveSite, page: Page) -> None:
    sign_in(page, live_site, "Rowan Testerfield")
    page.goto(f"{live_site.url}/referrals/new/?draft=new")
    worry = page.get_by_label("What are you worried about?")
    worry.fill("Tired.")
    kept(page)
    other = page.context.new_page()
    other.goto(f"{live_site.url}/referrals/new/")
    expect(other.get_by_text("We kept what you typed")).to_be_visible()
    other.get_by_label("What are you worried about?").fill("Tired and late.")
    kept(other)
    worry.fill("Tired and hungry.")
    expect(page.locator("[data-autosave-trouble]")).to_contain_text("Tired and late.")
    expect(page.locator("[data-autosave-trouble]")).to_contain_text("Tired and hungry.")
    other.close()
    page.goto(f"{live_site.url}/referrals/new/")
    expect(page.get_by_label("What are you worried about?")).to_have_value("Tired and hungry.")
    tap(page.get_by_text("Another unfinished referral was kept"))
    expect(page.locator(".app-kept-notice")).to_contain_text("Tired and late.")


def test_signed_out_while_writing_then_back_at_the_same_words(
    live_site: LiveSite, page: Page, console_errors: list[str]
) -> None:
    sign_in(page, live_site, "Rowan Testerfield")
    page.goto(f"{live_site.url}/referrals/new/?draft=new")
    page.get_by_label("What are you worried about?").fill("Tired.")
    kept(page)
    with live_site.database.as_owner() as connection:
        connection.execute("DELETE FROM django_session")
    page.get_by_label("What are you worried about?").fill("Tired and hungry.")
    expect(page.locator("[data-autosave-trouble]")).to_contain_text("You were signed out")
    again = page.context.new_page()
    again.goto(f"{live_site.url}/account/login/?next=/referrals/new/")
    expect(again.locator("main")).to_contain_text("it is kept")
    follow(again.get_by_role("button", name=re.compile("Rowan Testerfield")))
    expect(page.locator("[data-autosave-trouble]")).to_be_empty()
    again.goto(f"{live_site.url}/drafts/")
    follow(again.get_by_role("link", name="Referral to the front door").first)
    expect(again.get_by_label("What are you worried about?")).to_have_value("Tired and hungry.")
    console_errors[:] = [each for each in console_errors if "401" not in each and "403" not in each]


def drafts_of_visitors(site: LiveSite) -> int:
    with site.database.as_owner() as connection:
        row = connection.execute("SELECT count(*) FROM core_draft WHERE holder LIKE 'visitor:%'").fetchone()
    assert row is not None
    return int(row[0])


def test_leaving_the_public_page_in_a_hurry_leaves_nothing(live_site: LiveSite, page: Page) -> None:
    page.goto(f"{live_site.url}/help/ask/")
    page.get_by_label("What is worrying you?").fill("I am scared.")
    kept(page)
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<title>Weather</title>"))
    assert drafts_of_visitors(live_site) == 1
    follow(page.get_by_role("button", name=re.compile("Exit this page")).first)
    wait_for(lambda: drafts_of_visitors(live_site) == 0)
    page.goto(f"{live_site.url}/help/ask/")
    expect(page.get_by_label("What is worrying you?")).to_have_value("")
    assert drafts_of_visitors(live_site) == 0


def test_a_professional_without_an_account(
    live_site: LiveSite, page: Page, browser: Browser, console_errors: list[str]
) -> None:
    address = _link(live_site, page)
    page.goto(address)
    press(page, "Open my referral")
    page.get_by_label("Your name").fill("Jo Mockley")
    page.get_by_label("Your job").fill("Teacher")
    page.get_by_label("First name").first.fill("Juniper")
    page.get_by_label("What are you worried about?").fill("Tired.")
    kept(page)
    with browser_of_their_own(browser) as thief:
        thief.goto(address)
        press(thief, "Open my referral")
        expect(thief.locator("main")).to_contain_text("opened in another browser")
        thief.goto(f"{live_site.url}/referrals/by-link/form/")
        expect(thief.get_by_role("heading", name="Refer a child or family without an account")).to_be_visible()
    with browser_of_their_own(browser) as elsewhere:
        elsewhere.goto(_link(live_site, elsewhere))
        press(elsewhere, "Open my referral")
        expect(elsewhere.get_by_label("What are you worried about?")).to_have_value("Tired.")
        choose(elsewhere, "Is a child in danger now?", "No")
        choose(elsewhere, "What is this about?", "A child or family needs help")
        choose(elsewhere, "Does the family know you are asking for help?", "Yes")
        choose(elsewhere, "Do they agree?", "Yes")
        press(elsewhere, "Check your answers")
        press(elsewhere, "Send to the front door")
        expect(elsewhere.locator("main")).to_contain_text("Received")
        expect(elsewhere.locator("main")).not_to_contain_text("Juniper")
    page.goto(f"{live_site.url}/referrals/by-link/form/")
    expect(page.get_by_role("heading", name="Refer a child or family without an account")).to_be_visible()


def _link(site: LiveSite, page: Page) -> str:
    """Ask for a link, and read it where the demonstration keeps its messages."""
    page.goto(f"{site.url}/referrals/by-link/")
    page.get_by_label("Your work email address").fill("jo.mockley@alderacademy.example")
    press(page, "Send me a link")
    with site.database.as_owner() as connection:
        row = connection.execute(
            "SELECT body FROM core_outboxmessage WHERE about_kind = 'front_door.referrallink' ORDER BY created_at DESC"
        ).fetchone()
    assert row is not None
    found = re.search(r"http://\S+", row[0])
    assert found
    return found[0]
