"""Somebody at a browser, at a fixed moment, for the tests of pages."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from joinedup.access.models import Account
from joinedup.access.tests.factories import make_fresh
from joinedup.core.partnership import forget
from joinedup.organisations.tests.factories import AT

MOST_QUERIES = 25
WHO_LEADS = (
    3  # more, where a case is open: who leads it, who holds the duty where nobody does, and whether it is statutory
)
_NOW = "joinedup.access.middleware.timezone.now"


class Visitor:
    """One browser. `account` None is the public. Addresses are names of pages with their parts."""

    def __init__(self, account: Account | None = None, at: datetime = AT) -> None:
        self.client, self.at = Client(), at
        if account is not None:
            with patch(_NOW, return_value=at):
                self.client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")

    def show_again(self) -> None:
        """As if the person had just shown who they are."""
        with patch(_NOW, return_value=self.at):
            make_fresh(self.client, at=self.at)

    def open(self, page: str, /, *, query: str = "", **parts: Any) -> Any:
        """Get a page; it never takes more queries than promised."""
        forget()  # settings are kept for five seconds: ask for them each time
        with patch(_NOW, return_value=self.at), CaptureQueriesContext(connection) as ran:
            response = self.client.get(reverse(page, kwargs=parts) + query, secure=True)
        most = MOST_QUERIES + (WHO_LEADS if 'aria-label="Lead professional' in response.content.decode() else 0)
        assert len(ran) <= most, f"{page}: {len(ran)} queries"
        return response

    def send(self, page: str, told: dict[str, Any] | None = None, /, *, typing: bool = False, **parts: Any) -> Any:
        """Post a form, as a button or while typing."""
        headers = {"X-Requested-With": "XMLHttpRequest"} if typing else {}
        with patch(_NOW, return_value=self.at):
            return self.client.post(reverse(page, kwargs=parts), told or {}, secure=True, headers=headers)


def words(response: Any) -> str:
    """What a person reads on the page."""
    body = re.sub(r"(?s)<(script|style|template)\b.*?</\1>", " ", response.content.decode())
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def heading(response: Any) -> str:
    """The one main heading."""
    found = re.findall(r"(?s)<h1[^>]*>(.*?)</h1>", response.content.decode())
    assert len(found) == 1, f"{len(found)} main headings"
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


def primary_buttons(response: Any) -> int:
    """Buttons that are neither secondary nor a warning nor hidden."""
    classes = re.findall(r'class="(govuk-button(?: [^"]*)?)"', response.content.decode())
    return sum("--secondary" not in each and "--warning" not in each for each in classes)


def errors(response: Any) -> list[str]:
    """The sentences of the error summary."""
    found = re.search(r'(?s)govuk-error-summary__list">(.*?)</ul>', response.content.decode())
    rows = re.findall(r"(?s)<li>(.*?)</li>", found[1]) if found else []
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]
