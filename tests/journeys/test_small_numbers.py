"""With six as the smallest number shown, the demo's programme and outcomes are read by three who may: nothing breaks, nothing
small is said, and each page tells why."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.journeys.steps import follow, settled, sign_in

pytestmark = pytest.mark.browser


def _keep_small_numbers() -> None:
    from joinedup.access.actor import system
    from joinedup.access.services import change_setting

    now = timezone.now()
    change_setting(
        key="benefits.suppress_below", value=6, starts_on=timezone.localdate(now), reason="As a partnership would.",
        by=system(now), at=now,
    )  # fmt: skip


def _look(page: Any, name: str) -> None:
    """Pictures for whoever wants to see them: JOINEDUP_PICTURES names a folder."""
    folder = os.environ.get("JOINEDUP_PICTURES")
    if not folder:
        return
    for wide in (1366, 375):
        page.set_viewport_size({"width": wide, "height": 900})
        page.screenshot(path=str(Path(folder) / f"{name}-{wide}.png"), full_page=True)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 760, "height": 900})
    page.screenshot(path=str(Path(folder) / f"{name}-print.png"), full_page=True)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1366, "height": 900})


def _says_nothing_small(page: Any) -> str:
    settled(page)
    text = str(page.locator("main").inner_text())
    assert not re.search(r"\b[1-5] (?:family|families|people)\b", text), text
    for row in page.locator("main table tr").all():
        cells = row.locator("th, td").all_inner_texts()
        if row.locator("xpath=ancestor::table[1]").locator("th", has_text="amilies").count():
            assert not [each for each in cells[1:] if re.fullmatch(r"[1-5]", each.strip())] or "strands" in cells[0], (
                cells
            )
    return text


@pytest.mark.parametrize("who", ["Perry Testplan", "Connie Testneeds", "Ledger Mockaudit"])
def test_programmes_and_outcomes_are_read_without_a_small_number(who: str, page: Any, live_site: Any) -> None:
    _keep_small_numbers()
    sign_in(page, live_site, who)
    page.goto(f"{live_site.url}/benefits/")
    if page.locator("main").get_by_role("link", name="Altogether better").count() == 0:
        pytest.skip(f"{who} stands for no partner of the demo's programme")
    follow(page.locator("main").get_by_role("link", name="Altogether better"))
    first = who.split()[0].lower()
    assert "is not shown" in _says_nothing_small(page)
    programme = page.url
    _look(page, f"{first}-programme")
    page.goto(f"{programme}overlap/")
    text = _says_nothing_small(page)
    assert "Nought is shown." in text
    _look(page, f"{first}-overlap")
    page.goto(programme)
    follow(page.locator("main").get_by_role("link", name="Early support", exact=True).first)
    _says_nothing_small(page)
    _look(page, f"{first}-strand")
    page.goto(f"{live_site.url}/outcomes/")
    settled(page)
    text = page.locator("main").inner_text()
    assert not re.search(r"\b[1-5] (?:cases|families|people)\b", text)
    _look(page, f"{first}-outcomes")
    follow(page.locator("main").get_by_role("link", name="By area").first)
    settled(page)
    _look(page, f"{first}-measure")
    follow(page.locator("main table a").first)
    settled(page)
    _look(page, f"{first}-series")
