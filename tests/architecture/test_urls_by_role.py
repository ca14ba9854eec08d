"""Every address × every kind of viewer, against the demo partnership, as the table declares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.conftest import Looked
from tests.architecture.urls_table import PEOPLE, TABLE


def _addresses(resolver: Any, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _addresses(one, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield before + str(one.pattern)


def test_every_address_is_in_the_table_and_nothing_else_is() -> None:
    assert set(_addresses(get_resolver())) == set(TABLE)


@pytest.mark.parametrize("pattern", TABLE)
def test_who_gets_what(looked: Looked, pattern: str) -> None:
    row = TABLE[pattern]
    path = looked.path(pattern)
    got = {}
    for who in looked.clients:
        response = looked.answer(who, pattern)
        got[who] = response.status_code
        if who == "public" and response.status_code == 302 and row.public == 302 and not row.is_public:
            assert response["Location"].startswith("/account/login/"), (
                f"{path} leads the public to {response['Location']}"
            )
    assert got == {who: row.expected(who) for who in looked.clients}


@pytest.mark.parametrize("pattern", [pattern for pattern, row in TABLE.items() if not row.is_public])
def test_what_is_not_theirs_takes_nothing_from_them(looked: Looked, pattern: str) -> None:
    """Sent to, an address does no more for somebody than it shows them, and no write is left behind."""
    from joinedup.access.models import AuditEvent

    row = TABLE[pattern]
    if "/login" in pattern or "demo/" in pattern:
        return
    writes = AuditEvent.objects.filter(kind="write")
    before = writes.count()
    for who, client in looked.clients.items():
        if who in row.audience and who not in row.besides:
            continue
        response = client.post(looked.path(pattern), {})
        if who == "public":
            assert response.status_code in {302, 401, 403, 405}, f"{who} at {pattern}: {response.status_code}"
        else:
            # 400 where the API reads what was sent before anybody is asked for leave.
            refused = {403, 404, 405} | ({400} if pattern.startswith("api/") else set())
            assert response.status_code in refused, f"{who} at {pattern}: {response.status_code}"
    assert writes.count() == before


def test_everybody_in_the_table_is_in_the_demo(looked: Looked) -> None:
    assert set(looked.clients) == {"public", *PEOPLE}


def test_ids_nobody_has_are_404_for_everybody(looked: Looked) -> None:
    nobody = dict.fromkeys(looked.ids, "00000000-0000-7000-8000-000000000000") | {"place_id": 999_999_999}
    nobody |= {"name": "mine", "key": "partnership.name"}
    strange = Looked(looked.clients, nobody)
    for pattern, row in TABLE.items():
        if "<uuid" not in pattern or row.post_only:
            continue
        for who in sorted(row.audience):
            status = looked.clients[who].get(strange.path(pattern)).status_code
            assert status in {403, 404}, f"{who} at {pattern}: {status}"


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize("pattern", TABLE)
def test_every_answer_carries_its_protection(looked: Looked, pattern: str) -> None:
    for who in ("public", "worker", "inside", "administrator"):
        response = looked.answer(who, pattern)
        assert {name: response.get(name) for name in HEADERS} == HEADERS
        assert "no-store" in response["Cache-Control"]
        policy = response.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http:" not in policy


def test_no_name_travels_in_an_address(looked: Looked) -> None:
    """Links on every page hold ids and codes, never what somebody is called or was born on."""
    import re

    from joinedup.person_index.models import Person

    names = {name.lower() for name in Person.objects.values_list("family_name", flat=True) if name and len(name) > 4}
    links: dict[str, str] = {}  # each once: most pages have the same ones
    for pattern in TABLE:
        for who in ("worker", "inside", "manager", "statutory"):
            page = looked.answer(who, pattern).content.decode("utf-8", "replace")
            links |= dict.fromkeys(re.findall(r'(?:href|action)="([^"]*)"', page), pattern)
    assert len(links) > 100
    wrong = [
        f"{pattern}: {link}"
        for link, pattern in links.items()
        if not link.startswith("mailto:") and any(name in link.lower() for name in names)
    ]
    assert wrong == []
