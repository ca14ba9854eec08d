"""What people do in the browser, in their words. Each step is one person's act."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.support.site import LiveSite


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
    page.get_by_role("button", name=re.compile(name)).click()
    expect(page.get_by_role("heading", name="Your work")).to_be_visible()


def press(page: Page, name: str) -> None:
    """Press a button or follow a link that looks like one, and wait for the page that follows."""
    starts = re.compile(rf"^\s*{re.escape(name)}\b")  # more may follow for those who listen
    page.locator("main").get_by_role("button", name=starts).or_(
        page.locator("main").get_by_role("link", name=starts)
    ).first.click()
    page.wait_for_load_state()


def choose(page: Page, question: str, answer: str) -> None:
    """Answer a question that has choices."""
    group = page.get_by_role("group", name=question).or_(page.get_by_role("radiogroup", name=question)).first
    group.get_by_label(answer, exact=True).first.check()


def fact(page: Page, name: str) -> Locator:
    """What a summary list says under a name."""
    return page.locator(f"dt:text-is('{name}') + dd").first
