"""The look: vendored files unchanged, pages that render with and without their context, and what a browser sees."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.template import engines
from django.template.loader import get_template
from jinja2 import Environment
from jinja2.exceptions import UndefinedError

from joinedup.core.gallery import gallery_context

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

STATIC = Path(__file__).resolve().parent.parent / "static"
TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
GOVUK = STATIC / "core/govuk"
TODAY = date(2026, 11, 22)
LAYOUT: dict[str, Any] = {
    "viewer": SimpleNamespace(name="Amira Example", is_signed_in=True, roles=()),
    "navigation": [
        {"text": "Home", "href": "/", "active": True},
        {"text": "My cases", "href": "/cases/", "active": False, "count": 12},
    ],
    "partnership_name": "Exampleshire Children's Partnership",
    "demo": True,
    "printed_at": datetime(2026, 11, 22, 15, 40, tzinfo=UTC),
    "emergency": {"text": "If a child is in danger now, call 999. Then call 01632 960 100.", "phone": "01632 960 100"},
    "csp_nonce": "abc",
}


@pytest.fixture
def jinja() -> Environment:
    return engines["jinja2"].env


def rendered(name: str, **context: Any) -> str:
    """Render without a request, so that no database is asked."""
    return str(get_template(name).render({**LAYOUT, **context}))


def component(env: Environment, call: str, **context: Any) -> str:
    names = ", ".join(name for name in dir(env.get_template("core/components.jinja").module) if name[0] not in "_g")
    return env.from_string(f'{{% from "core/components.jinja" import {names} %}}{{{{ {call} }}}}').render(**context)


def test_vendored_files_are_what_the_script_wrote() -> None:
    recorded = json.loads((GOVUK / "manifest.json").read_text())
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in GOVUK.iterdir()
        if path.name != "manifest.json"
    }
    assert found == recorded["sha256"]
    assert recorded["integrity"].startswith("sha512-")


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.*")), ids=lambda path: path.name)
def test_nothing_that_is_not_ours_to_use_ships(path: Path) -> None:
    text = path.read_text().lower()
    if path.name != "LICENCE.txt":
        for word in ("transport", "@font-face", "crest", "crown", "sourcemappingurl"):
            assert word not in text
    for address in re.findall(r"https?://[^\s\"')]+", text):
        assert address == "http://www.w3.org/2000/svg"


def test_no_template_carries_a_style_or_a_script_of_its_own() -> None:
    for path in TEMPLATES.rglob("*.*"):
        text = path.read_text()
        assert not re.search(r"\sstyle=|<style|\son\w+=\"", text), path.name
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path.name


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503"])
def test_error_pages_need_no_context(name: str) -> None:
    html = get_template(f"{name}.html").render({})
    assert '<html lang="en-GB"' in html
    assert html.count("<h1") == 1
    assert "<title>" in html


def test_a_page_carries_who_where_and_what_to_do_in_danger() -> None:
    html = rendered("core/gallery.jinja", **gallery_context(TODAY))
    assert "<title>Component gallery – Joinedup</title>" in html
    assert "Skip to main content" in html
    assert "OFFICIAL-SENSITIVE. Printed by Amira Example on 22 November 2026 at 3:40pm" in html
    assert 'href="tel:01632960100"' in html
    assert "Invented people" in html
    assert "12<span" in html
    assert "GOV.UK" not in html


def test_without_a_demonstration_nothing_says_so() -> None:
    assert "Invented people" not in rendered("404.html", demo=False)


def test_a_page_with_errors_says_so_first() -> None:
    html = rendered("core/gallery.jinja", **gallery_context(TODAY, {}))
    assert "<title>Error: Component gallery – Joinedup</title>" in html
    assert html.index("There is a problem") < html.index("<h1")


def test_a_mistyped_name_is_an_error_and_a_missing_key_is_not(jinja: Environment) -> None:
    with pytest.raises(UndefinedError):
        jinja.from_string("{{ emergancy }}").render()
    with pytest.raises(UndefinedError):
        jinja.from_string("{{ who.naem }}").render(who=SimpleNamespace(name="A"))
    assert jinja.from_string("{{ row.hint }}").render(row={}) == ""


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("status_tag('Waiting', 'amber')", "govuk-tag--orange"),
        ("status_tag('In progress', 'blue')", ">In progress<"),
        ("rating_tag('red')", "Red"),
        ("rating_tag(none)", "Not rated"),
        ("rating_tag('green', 'On course')", "On course"),
        ("due('1 May 2026', true)", "overdue"),
        ("due('1 May 2026', '3 days late')", "3 days late"),
        ("person_name('Bryony Quill', '/x')", 'href="/x"'),
        ("count_link(1204, '/x', 'referrals')", "1,204"),
        ("pager()", ""),
        ("pager('', '/2', 'Showing 1 to 25 of 93')", "Showing 1 to 25 of 93"),
        ("empty_state('Nothing waits', action={'href': '/x', 'text': 'Refer'})", ">Refer</a>"),
        ("summary_list([('Name', ''), {'label': 'Team', 'value': 'North', 'href': '/x'}])", "Not provided"),
        ("identity_bar('Bryony', [('School', none)])", "Not recorded"),
        ("worklist([], [], 'Cases', empty='No cases.')", "No cases."),
        ("sub_navigation([{'text': 'Plan', 'href': '/p', 'active': true}])", 'aria-current="page"'),
        ("emergency_notice('Call 999.', '01632 960 100')", 'href="tel:999"'),
    ],
)
def test_components(jinja: Environment, call: str, expected: str) -> None:
    assert expected in component(jinja, call)


def test_a_restricted_person_has_no_name(jinja: Environment) -> None:
    html = component(jinja, "person_name('Bryony Quill', '/x', restricted=true)")
    assert "Bryony" not in html
    assert "href" not in html


def test_a_worklist_stays_a_table_for_a_screen_reader(jinja: Environment) -> None:
    columns = [{"key": "who", "text": "Child"}, {"key": "n", "text": "Visits", "numeric": True}]
    html = component(jinja, "worklist(columns, rows, 'Visits')", columns=columns, rows=[{"who": "Bryony", "n": 0}])
    for role in ("table", "rowgroup", "row", "columnheader", "rowheader", "cell"):
        assert f'role="{role}"' in html
    assert 'data-label="Visits"' in html
    assert '<span class="app-worklist__value">0</span>' in html


@pytest.mark.parametrize(
    "call",
    [
        "status_tag(bad)", "rating_tag('red', bad)", "due(bad, bad)", "person_name(bad, bad, note=bad)",
        "timeline([{'title': bad, 'when': bad, 'by': bad, 'description': bad}])", "identity_bar(bad, [(bad, bad)])",
        "worklist([{'key': 'a', 'text': bad}], [{'a': bad}, {'a': {'text': bad, 'href': bad}}], bad)",
        "summary_list([(bad, bad), {'label': bad, 'value': bad, 'href': bad}], title=bad)", "banner(bad, title=bad)",
        "empty_state(bad, bad, {'text': bad, 'href': bad})", "sub_navigation([{'text': bad, 'href': bad}], bad)",
        "filters(bad, bad, [{'text': bad, 'href': bad}])", "pager(bad, bad, bad)", "emergency_notice(bad, bad)",
        "check_answers([{'title': bad, 'rows': [(bad, bad)]}])", "count_link(3, bad, bad)",
    ],
)  # fmt: skip
def test_components_escape(jinja: Environment, call: str) -> None:
    html = component(jinja, call, bad='"><script>alert(1)</script>')
    assert "<script" not in html
    assert '""><' not in html


def test_a_conflict_shows_both_texts() -> None:
    fields = [
        {"name": "story", "label": "Story", "yours": "<b>mine</b>", "theirs": "theirs"},
        {"name": "same", "label": "Same", "yours": "x", "theirs": "x"},
    ]
    html = rendered("core/conflict.jinja", fields=fields, saved_by="Ben", version=4, saved_at=LAYOUT["printed_at"])
    assert "&lt;b&gt;mine" in html
    assert "What Ben saved" in html
    assert 'name="choice-story"' in html
    assert "choice-same" not in html


def test_a_refusal_shows_its_sentence_and_loses_nothing() -> None:
    html = rendered("core/refused.jinja", sentence="It is closed.", rule="CW-4", extra={})
    assert "It is closed." in html
    assert "Rule CW-4" in html
    stale = rendered(
        "core/refused.jinja", sentence="Ben saved first.", extra={"yours": {"plan": "mine"}, "theirs": {"plan": "his"}}
    )
    assert "mine" in stale
    assert "his" in stale


class _Account:
    """As allauth passes a form: names, labels and errors."""

    def __getitem__(self, name: str) -> Any:
        return SimpleNamespace(auto_id=f"id_{name}", html_name=name, label=name, errors=[], value=lambda: "")

    is_bound, errors, fields = False, {}, {}


@pytest.mark.parametrize("path", sorted((TEMPLATES / "account").glob("*.html")), ids=lambda path: path.name)
def test_account_pages(path: Path) -> None:
    amira = {"name": "Amira Example", "post": "Social worker", "organisation": "Council", "account_id": 7}
    html = rendered(f"account/{path.name}", form=_Account(), demo_people=[("Practitioners", [amira])])
    assert html.count("<h1") == 1
    if path.name == "login.html":
        assert 'autocomplete="current-password"' in html
        assert "Social worker" in html


# --- In a browser. Files come from the disk, so no site and no database are needed.

GALLERY_STATES = {"empty": None, "wrong": {}}
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@pytest.fixture
def gallery(page: Page) -> Page:
    """A page on which http://gallery/empty and http://gallery/wrong show the component gallery."""

    def answer(route: Route) -> None:
        path = route.request.url.split("http://gallery", 1)[1].split("?")[0].split("#")[0]
        if path.startswith("/static/"):
            file = STATIC / re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", path.removeprefix("/static/"))
            route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])
        elif path == "/search":
            words = route.request.post_data or ""
            route.fulfill(
                body=f'<ul data-count="{words.count("Bry")}"><li>Bryony Quill</li></ul>', content_type="text/html"
            )
        elif path == "/find":
            route.fulfill(body=SEARCH_PAGE, content_type="text/html")
        else:
            html = rendered("core/gallery.jinja", **gallery_context(TODAY, GALLERY_STATES[path.strip("/")]))
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route("http://gallery/**", answer)
    return page


SEARCH_PAGE = """<!DOCTYPE html><html lang="en-GB"><title>Find</title><body><main>
<form method="post" action="/search" data-search-as-you-type data-target="#results">
<input type="hidden" name="csrfmiddlewaretoken" value="t"><label>Name <input name="q"></label><button>Search</button></form>
<div id="results" data-noun="person" data-plural="people"></div></main>
<script type="module" src="/static/core/app.js"></script></body></html>"""


@pytest.mark.browser
@pytest.mark.parametrize("state", list(GALLERY_STATES))
@pytest.mark.parametrize("width", [320, 375, 768, 1366])
def test_every_component_is_accessible_and_fits(gallery: Page, width: int, state: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    gallery.set_viewport_size({"width": width, "height": 800})
    gallery.goto(f"http://gallery/{state}")
    found = Axe().run(gallery)
    assert found.violations_count == 0, found.generate_report()
    assert gallery.evaluate("document.documentElement.scrollWidth") <= width
    clipped = gallery.evaluate(
        """() => [...document.querySelectorAll("main *")].filter((element) => {
             const box = element.getBoundingClientRect(), style = getComputedStyle(element);
             return box.width > 1 && style.position !== "absolute" && !element.closest("thead") && (box.right > innerWidth + 1 || box.left < -1);
           }).map((element) => element.className)"""
    )
    assert clipped == []


@pytest.mark.browser
def test_targets_are_large_enough_to_touch(gallery: Page) -> None:
    gallery.set_viewport_size({"width": 375, "height": 800})
    gallery.goto("http://gallery/empty")
    small = gallery.evaluate(
        """() => [...document.querySelectorAll("button, summary, .app-chip, .app-sub-navigation__link, .app-header a")]
             .filter((element) => element.getClientRects().length && !element.matches(".app-group__enter"))
             .filter((element) => element.getBoundingClientRect().height < 24).map((element) => element.textContent)"""
    )
    assert small == []


@pytest.mark.browser
def test_a_conditional_question_opens_with_its_choice(gallery: Page) -> None:
    gallery.goto("http://gallery/empty")
    assert not gallery.locator("#id_other_worry").is_visible()
    gallery.get_by_label("Something else").check()
    assert gallery.locator("#id_other_worry").is_visible()
    assert gallery.locator(".govuk-radios__input[aria-expanded]").count() == 0


@pytest.mark.browser
def test_leaving_with_unsent_words_is_questioned(gallery: Page) -> None:
    asked: list[str] = []
    gallery.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    gallery.goto("http://gallery/empty")
    gallery.goto("http://gallery/wrong")
    assert asked == []
    gallery.get_by_label("What has happened?").fill("He said he likes school.")
    gallery.goto("http://gallery/empty")
    assert asked == ["beforeunload"]


@pytest.mark.browser
def test_search_as_you_type(gallery: Page) -> None:
    sent: list[Any] = []
    gallery.on("request", lambda request: sent.append(request) if request.url.endswith("/search") else None)
    gallery.goto("http://gallery/find")
    gallery.get_by_label("Name").press_sequentially("Bryony", delay=5)
    gallery.get_by_role("status").filter(has_text="1 person found").wait_for(state="attached")
    assert gallery.locator("#results li").inner_text() == "Bryony Quill"
    assert gallery.evaluate("document.activeElement.name") == "q"
    assert [request.method for request in sent] == ["POST"]
    assert sent[0].headers["x-csrftoken"] == "t"
    assert "Bry" not in gallery.url


@pytest.mark.browser
def test_paper_is_marked_and_has_no_navigation(gallery: Page) -> None:
    gallery.goto("http://gallery/empty")
    gallery.emulate_media(media="print")
    assert gallery.get_by_text("OFFICIAL-SENSITIVE").is_visible()
    for hidden in (".govuk-service-navigation", ".app-filters", ".govuk-skip-link", ".app-demo", ".govuk-button"):
        assert not gallery.locator(hidden).first.is_visible()
    assert gallery.locator(".app-worklist thead").first.is_visible()
    gallery.set_viewport_size({"width": 500, "height": 800})  # a sheet is narrower than a screen
    assert gallery.evaluate("getComputedStyle(document.querySelector('.app-worklist tr')).display") == "table-row"
