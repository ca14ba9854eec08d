"""A real browser. Tests that ask for it skip, with a sentence, where there is none.

JOINEDUP_TEST_SLOWDOWN=6 makes the browser six times as slow as the machine: what hangs on luck then fails.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, BrowserType, ConsoleMessage, Page

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
# How long something on a page, and a page, may take on a machine that does much else. A test that passes never waits so long.
PATIENCE_MS = 15_000
PAGE_MS = 45_000


def chromium_path() -> str | None:
    """The browser to use: JOINEDUP_TEST_BROWSER, or Chromium or Chrome where the system keeps it."""
    names = (os.environ.get("JOINEDUP_TEST_BROWSER", ""), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


class Chromium:
    """The browser of the session; started again should it have died, so that one crash fails one test."""

    def __init__(self, kind: BrowserType, path: str) -> None:
        self._kind, self._path = kind, path
        self._running: Browser | None = None

    def running(self) -> Browser:
        """The browser, alive."""
        if self._running is None or not self._running.is_connected():
            self._running = self._kind.launch(executable_path=self._path, args=list(FLAGS), timeout=PAGE_MS * 2)
        return self._running

    def close(self) -> None:
        """End it."""
        if self._running is not None and self._running.is_connected():
            self._running.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """One Chromium for the session."""
    from playwright.sync_api import expect, sync_playwright

    path = chromium_path()
    if path is None:
        pytest.skip("No Chromium found: install the package chromium, or set JOINEDUP_TEST_BROWSER to a browser.")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as driver:
        program = Chromium(driver.chromium, path)
        yield program
        program.close()


@pytest.fixture
def browser(chromium: Chromium) -> Browser:
    """The browser, alive. Contexts in it are opened with `context_in`."""
    return chromium.running()


@contextmanager
def context_in(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """Somebody's own browser, as wide as an office laptop, with patience for a slow machine."""
    wanted: dict[str, Any] = {"viewport": {"width": 1366, "height": 900}, "locale": "en-GB", **options}
    context = browser.new_context(**wanted)
    be_patient(context)
    try:
        yield context
    finally:
        if browser.is_connected():
            context.close()


def be_patient(context: BrowserContext) -> None:
    """Wait as long as a slow machine needs; on request make it slow."""
    context.set_default_timeout(PATIENCE_MS)
    context.set_default_navigation_timeout(PAGE_MS)
    rate = float(os.environ.get("JOINEDUP_TEST_SLOWDOWN", "1"))
    if rate > 1:
        context.on(
            "page",
            lambda page: context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate}),
        )


@pytest.fixture
def console_errors() -> list[str]:
    """What the browser complained about. A test that expects a complaint removes it from this list."""
    return []


def _note_error(url: str, message: ConsoleMessage, errors: list[str]) -> None:
    """Keep an error. A page without a head, such as the health check, has the browser ask for an icon by itself; and what
    is typed is saved as it is typed, so a save on its way when the form was sent is told that its draft is gone."""
    about = message.location.get("url", "")
    is_late_save = about.endswith("/drafts/save/") and "410" in message.text
    if message.type == "error" and not is_late_save and not about.endswith("/favicon.ico"):
        errors.append(f"{url}: {message.text}")


@pytest.fixture
def page(browser: Browser, console_errors: list[str]) -> Iterator[Page]:
    """A page in a context of its own. Any error in the browser fails the test."""
    with context_in(browser) as context:
        opened = context.new_page()
        opened.on("pageerror", lambda error: console_errors.append(f"{opened.url}: {error}"))
        opened.on("console", lambda message: _note_error(opened.url, message, console_errors))
        yield opened
    if console_errors:
        pytest.fail("The browser reported errors:\n" + "\n".join(console_errors), pytrace=False)


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page in a browser that runs no scripts."""
    with context_in(browser, java_script_enabled=False) as context:
        yield context.new_page()
