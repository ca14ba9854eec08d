"""Somebody at their browser, at a moment of the tests' choosing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from unittest.mock import patch

from django.test import Client
from django.urls import reverse

from joinedup.access.actor import Actor
from joinedup.access.models import Account
from joinedup.organisations.tests.factories import AT

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Visitor:
    """Signs in as an actor and opens pages by name."""

    def __init__(self, actor: Actor, at: datetime = AT) -> None:
        self.actor, self.client, self.at = actor, Client(), at
        with patch("joinedup.access.middleware.timezone.now", return_value=at):
            self.client.force_login(Account.objects.get(pk=actor.account_id), backend=BACKEND)

    def answer(self, page: str, *args: Any, **query: Any) -> Any:
        """What a GET gives."""
        with patch("joinedup.access.middleware.timezone.now", return_value=self.at):
            return self.client.get(reverse(page, args=args), query, secure=True)

    def see(self, page: str, *args: Any, status: int = 200, **query: Any) -> str:
        """The text of a page."""
        answer = self.answer(page, *args, **query)
        assert answer.status_code == status, answer.content.decode()[:800]
        return " ".join(answer.content.decode().split())

    def send(self, page: str, *args: Any, **told: Any) -> Any:
        """What a POST gives."""
        with patch("joinedup.access.middleware.timezone.now", return_value=self.at):
            return self.client.post(reverse(page, args=args), told, secure=True)
