"""What people do in the browser, in their words. Each step is one person's act.

No journey may hang on luck, so whatever is clicked or typed by key goes through these (a test holds every journey to it):

* `press(page, "Save")`: a button, or a link that looks like one, in the main part; waits for the page that follows.
* `follow(locator)`: anything else that leads to a page; waits for that page.
* `tap(locator)`: a click that stays on the page (a disclosure, a choice made by script).
* `keys(page, "k", "3")`: keys that stay on the page; `with next_page(page): keys(page, "Enter")` for one that leads on.
* `type_out(locator, "Rowan")`: typed key by key, for what the page does meanwhile; otherwise `fill` will do.
* `settled(page)`: what all of them begin and end with: the page is loaded and its scripts answer.
* `wait_for(lambda: …)`: for what is to come about elsewhere, such as in the database.
* `browser_of_their_own(browser)`: another person's browser, beside the fixtures `page` and `plain` (without scripts).

What a page shows is asked with `expect(...)`, which waits. Sleeping, and asking for a place or a key directly, are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.platform.processes import wait_for
from tests.support.browser import PAGE_MS, context_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

    from tests.support.site import LiveSite

__all__ = [
    "KnownChild", "browser_of_their_own", "choose", "fact", "follow", "keys", "known_child", "next_page", "press",
    "settled", "sign_in", "tap", "type_out", "wait_for",
]  # fmt: skip


def settled(page: Page) -> None:
    """Wait until the page is loaded and, where scripts run, until they have set themselves up."""
    page.wait_for_load_state("load")
    expect(page.locator("html:not([data-ready]) > body.js-enabled")).to_have_count(0, timeout=PAGE_MS)


@contextmanager
def next_page(page: Page) -> Iterator[None]:
    """What is done within leads to another page: wait for that one, not for anything that is on both."""
    settled(page)
    with page.expect_event("load", timeout=PAGE_MS):
        yield
    settled(page)


def follow(locator: Locator) -> None:
    """Click what leads to a page, and wait for the page."""
    with next_page(locator.page):
        locator.click(timeout=PAGE_MS)  # it waits for the answer, too


def tap(locator: Locator) -> None:
    """Click what stays on the page."""
    settled(locator.page)
    locator.click()


def keys(page: Page, *names: str) -> None:
    """Press keys, one after another, wherever the focus is."""
    settled(page)
    for name in names:
        page.keyboard.press(name)


def type_out(field: Locator, words: str) -> None:
    """Type into a field as a person does, key by key."""
    settled(field.page)
    field.press_sequentially(words)


@contextmanager
def browser_of_their_own(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page in another person's browser."""
    with context_in(browser, **options) as context:
        yield context.new_page()


@dataclass(frozen=True)
class KnownChild:
    """A child whom agencies know and whom nobody works with yet."""

    given_name: str
    family_name: str
    birth_date: Any
    postcode: str


def known_child(site: LiveSite, *, postcodes: str = "^ZZ[12] ", least_age: int = 0) -> KnownChild:
    """A child of the demo in a locality, of an age, in a family without a case or referral, whose name is no twin's."""
    with site.database.as_owner() as connection:
        row = connection.execute(
            """
            SELECT p.given_name, p.family_name, p.birth_date, max(r.postcode) FROM person_index_person p
            JOIN person_index_familymember m ON m.person_id = p.id AND m.ends_on IS NULL
            JOIN person_index_recordlink l ON l.person_id = p.id AND l.separated_at IS NULL
            JOIN person_index_agencyrecord r ON r.id = l.record_id
            WHERE p.birth_date > now() - interval '15 years' AND p.birth_date < now() - make_interval(years => %s)
              AND NOT EXISTS (SELECT 1 FROM casework_case c WHERE c.family_id = m.family_id)
              AND NOT EXISTS (SELECT 1 FROM front_door_referral f WHERE f.family_id = m.family_id)
              AND NOT EXISTS (SELECT 1 FROM front_door_referralperson rp WHERE rp.person_id = p.id)
              AND 1 = (SELECT count(*) FROM person_index_person q WHERE q.family_name = p.family_name
                       AND q.birth_date = p.birth_date)
              AND 1 = (SELECT count(*) FROM person_index_familymember n WHERE n.person_id = p.id)
            GROUP BY p.id HAVING min(r.postcode) ~ %s AND min(r.postcode) = max(r.postcode)
            ORDER BY p.family_name, p.given_name LIMIT 1
            """,
            [least_age, postcodes],
        ).fetchone()
    assert row is not None, "the demo has no such child"
    return KnownChild(*row)


def sign_in(page: Page, site: LiveSite, name: str) -> None:
    """Sign in as somebody of the demo (signing out whoever was there)."""
    page.context.clear_cookies()
    page.goto(f"{site.url}/account/login/")
    follow(page.get_by_role("button", name=re.compile(name)))
    expect(page.get_by_role("heading", name="Your work")).to_be_visible()


def press(page: Page, name: str) -> None:
    """Press a button or follow a link that looks like one, and wait for the page that follows."""
    starts = re.compile(rf"^\s*{re.escape(name)}\b")  # more may follow for those who listen
    main = page.locator("main")
    follow(main.get_by_role("button", name=starts).or_(main.get_by_role("link", name=starts)).first)


def choose(page: Page, question: str, answer: str) -> None:
    """Answer a question that has choices."""
    group = page.get_by_role("group", name=question).or_(page.get_by_role("radiogroup", name=question)).first
    group.get_by_label(answer, exact=True).first.check()


def fact(page: Page, name: str) -> Locator:
    """What a summary list says under a name."""
    return page.locator(f"dt:text-is('{name}') + dd").first
