"""A real browser. Tests that ask for it skip, with a sentence, where there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

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


def chromium_path() -> str | None:
    """The browser to use: JOINEDUP_TEST_BROWSER, or Chromium or Chrome where the system keeps it."""
    names = (os.environ.get("JOINEDUP_TEST_BROWSER", ""), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    from playwright.sync_api import sync_playwright

    path = chromium_path()
    if path is None:
        pytest.skip("No Chromium found: install the package chromium, or set JOINEDUP_TEST_BROWSER to a browser.")
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def console_errors() -> list[str]:
    """What the browser complained about. A test that expects a complaint removes it from this list."""
    return []


def _note_error(url: str, message: ConsoleMessage, errors: list[str]) -> None:
    """Keep an error. A page without a head, such as the health check, has the browser ask for an icon by itself."""
    if message.type == "error" and not message.location.get("url", "").endswith("/favicon.ico"):
        errors.append(f"{url}: {message.text}")


@pytest.fixture
def page(browser: Browser, console_errors: list[str]) -> Iterator[Page]:
    """A page in a context of its own, as wide as an office laptop. Any error in the browser fails the test."""
    context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="en-GB")
    context.set_default_timeout(10_000)
    opened = context.new_page()
    opened.on("pageerror", lambda error: console_errors.append(f"{opened.url}: {error}"))
    opened.on("console", lambda message: _note_error(opened.url, message, console_errors))
    yield opened
    context.close()
    if console_errors:
        pytest.fail("The browser reported errors:\n" + "\n".join(console_errors), pytrace=False)
