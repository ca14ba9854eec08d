"""Every page in a real browser, as the person who uses it: axe finds nothing, nothing is cut off at four widths."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from tests.architecture.conftest import BACKEND, _ids, sign_in_freshly
from tests.architecture.urls_table import PEOPLE, TABLE, Only
from tests.journeys.steps import settled
from tests.support.browser import context_in

pytestmark = pytest.mark.browser
COOKIE = "joinedup_session"
WIDTHS = (320, 375, 768, 1366)
OFFICE = {"width": 1366, "height": 900}

# Pages that only exist after something has been typed, or that answer with no page.
NO_PAGE = {
    "open-data/<slug:open_data_kind>/",
    "capacity/scenarios/<uuid:scenario_id>/as/<slug:file_kind>/",
    "boards/papers/<uuid:board_paper_id>/file/", "boards/meetings/<uuid:board_meeting_id>/calendar/", "boards/risks/as/<slug:file_kind>/",
    "boards/progress/<uuid:progress_report_id>/as/<slug:file_kind>/",
    "boards/plans/<uuid:children_plan_id>/as/<slug:file_kind>/",
    "funds/<uuid:fund_id>/risk-share/tried/", "health/", "api/v1/openapi.json", "account/inactive/", "drafts/token/", "work/<uuid:job_id>/state/",
    "find/searches/file/", "cases/<uuid:case_id>/notes/<uuid:note_id>/files/<uuid:file_id>/", "cases/<uuid:case_id>/family-tree/csv/",
    "cases/<uuid:case_id>/assessments/family/csv/",
    "assessments/<uuid:assessment_id>/beside/csv/", "cases/<uuid:case_id>/meetings/<uuid:meeting_id>/letters/",
    "cases/<uuid:case_id>/meetings/<uuid:meeting_id>/calendar/", "sessions/<uuid:session_id>/find/", "funds/reports/<uuid:report_id>/<slug:file_kind>/",
    "funds/<uuid:fund_id>/statements/<uuid:fund_partner_id>/<int:year>/<int:quarter>/<slug:file_kind>/",
    "funds/<uuid:fund_id>/memorandum/<int:year>/<slug:file_kind>/", "funds/<uuid:fund_id>/termination/draft/<slug:file_kind>/",
    "benefits/activity/<uuid:fund_id>/<int:year>/<int:quarter>/<slug:file_kind>/",
    "benefits/activity/reports/<uuid:activity_report_id>/<slug:file_kind>/",
    "outcomes/measures/<uuid:partnership_measure_id>/as/<str:table_kind>/",
    "outcomes/series/<uuid:series_id>/as/<str:table_kind>/",
    "benefits/cases/<uuid:business_case_id>/files/<slug:case_file_kind>/",
    "benefits/rounds/<uuid:case_round_id>/files/<slug:case_file_kind>/", "benefits/packs/<uuid:pack_id>/file/<slug:file_kind>/",
    "funds/terminations/<uuid:leaving_statement_id>/<slug:file_kind>/", "funds/invoices/<uuid:recharge_id>/file/<slug:file_kind>/",
}  # fmt: skip
PAGES = [
    pattern
    for pattern, row in TABLE.items()
    if not row.post_only
    and not pattern.startswith(("api/", "open-referral/"))
    and pattern not in NO_PAGE
    and not pattern.endswith((".csv", ".xlsx"))
    and (row.status == 200 or row.public == 200)
]


def _reader(row: Only) -> str:
    """Who looks: the person with the most on the page."""
    if row.public == 200 and row.status != 200:
        return "public"
    for who in ("administrator", "governance", "designated", "statutory", "own_team", "manager", "worker"):
        if who in row.audience and who not in row.besides and len(row.audience) < 8:
            return who
    if row.is_public:
        return "public"
    return next(
        (who for who in ("inside", "worker", *PEOPLE) if who in row.audience and who not in row.besides), "public"
    )


@pytest.fixture(scope="module")
def visit(shared_site: Any, chromium: Any) -> Iterator[Any]:
    """Open a page as somebody: `with visit(who, pattern) as page`. One tab is handed from one person to the next, because
    a new one costs the browser more than the page does; a tab in which something was wrong is closed."""
    ids = _ids()
    sessions: dict[Any, str] = {}
    signed_in: dict[Any, Any] = {}
    tabs: list[Any] = []
    with ExitStack() as open_still:

        def tab() -> Any:
            if not tabs or tabs[-1].is_closed() or not chromium.running().contexts:
                tabs.append(open_still.enter_context(context_in(chromium.running())).new_page())
            return tabs[-1]

        def sign_in(page: Any, who: str) -> None:
            # Some pages ask again who it is after a quarter of an hour: everybody signs in anew every five minutes.
            key = (who, int(time.monotonic() // 300))
            if signed_in.get(page) == key:
                return
            page.goto(f"{shared_site.url}/health/")  # so what the page before still asks for brings no session back
            page.context.clear_cookies()
            if who != "public":
                sessions[key] = sessions.get(key) or _session_of(who)
                page.context.add_cookies([{"name": COOKIE, "value": sessions[key], "url": shared_site.url}])
            signed_in[page] = key

        @contextmanager
        def open_page(who: str, pattern: str) -> Iterator[Any]:
            page = tab()
            try:
                sign_in(page, who)
                yield arrived(page, who, pattern)
            except BaseException:
                page.close()
                raise

        def arrived(page: Any, who: str, pattern: str) -> Any:
            page.set_viewport_size(OFFICE)
            path = "account/password/reset/key/abc-def/"
            if not pattern.startswith("^"):
                path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(ids[found.group(1)]), pattern)
            response = page.goto(f"{shared_site.url}/{path}")
            assert response is not None
            assert response.status == 200, f"{who} at /{path}: {response.status}"
            settled(page)
            return page

        yield open_page


def _session_of(who: str) -> str:
    from django.contrib.auth import SESSION_KEY
    from django.test import Client

    from joinedup.access.models import Account

    client = Client()
    client.force_login(Account.objects.get(name=PEOPLE[who]), backend=BACKEND)
    assert SESSION_KEY in client.session
    sign_in_freshly(client)
    return str(client.cookies[COOKIE].value)


# What reaches past the right edge, or text that its box cuts off. Things hidden on purpose are left out.
_CUT_OFF = """() => {
  const wide = document.documentElement.clientWidth;
  const wrong = [];
  // Kept for screen readers only, or in a box that scrolls by itself, as a wide table may.
  const apart = node => {
    for (let box = node; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (style.clipPath !== "none" || (style.clip && style.clip !== "auto")) return true;
      if (box !== node && ["auto", "scroll"].includes(style.overflowX)) return true;
    }
    return false;
  };
  if (document.documentElement.scrollWidth > wide) wrong.push("the page scrolls sideways");
  for (const node of document.querySelectorAll("main *, header *, footer *")) {
    const style = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    if (!box.width || !box.height || style.visibility === "hidden" || style.display === "none") continue;
    if (node.closest(".govuk-visually-hidden, [hidden], details:not([open]) > :not(summary), .govuk-skip-link")) continue;
    if (box.width <= 1 || box.height <= 1 || style.clipPath !== "none" || style.position === "absolute") continue;
    const own = Array.from(node.childNodes).some(child => child.nodeType === 3 && child.textContent.trim());
    if (!own || apart(node)) continue;
    const name = node.tagName.toLowerCase() + "." + node.className + " '" + node.textContent.trim().slice(0, 40) + "'";
    if (box.right > wide + 1) wrong.push("past the edge: " + name);
    const clips = style.overflowX === "hidden" || style.overflowX === "clip" || style.textOverflow === "ellipsis";
    if (clips && node.scrollWidth > node.clientWidth + 1) wrong.push("cut off: " + name);
  }
  return [...new Set(wrong)].slice(0, 8);
}"""


_AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what passes need not be described
}


@pytest.mark.parametrize("pattern", PAGES)
def test_nothing_is_cut_off_and_axe_finds_nothing(visit: Any, pattern: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with visit(_reader(TABLE[pattern]), pattern) as page:
        assert page.locator("h1").count() == 1, "one main heading"
        assert page.title().endswith("Joinedup")
        found = Axe().run(page, options=_AXE)
        assert [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]] == []
        wrong = {}
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wrong[width] = page.evaluate(_CUT_OFF)
        assert {width: faults for width, faults in wrong.items() if faults} == {}
        primary = page.locator("main .govuk-button:not(.govuk-button--secondary):not(.govuk-button--inverse)")
        assert primary.count() <= 1, "one primary button"
