"""Every write of shared money and of outcomes is reached by a page or the API, or the table here says why not: nothing is
forgotten when one is added. What an address calls is read from the program itself, down to the services."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.urls import URLPattern

import joinedup.funds.services
import joinedup.funds.urls
import joinedup.outcomes.services
import joinedup.outcomes.urls
from joinedup.api.tests.test_reach import _reached_from, _writes

_DRAFT = "a draft is made by the program: people post by `post_by_hand`, which holds it to budgets and permitted kinds"
_PLAN = "the plan of a family is made of it: the plan’s own pages and addresses do it, in the services of case work"
_PROGRAM = "the program itself does it, with nobody asking"

EXCUSED: dict[str, dict[str, str]] = {
    "funds": {
        "ledger.post_entry": _DRAFT,
        "ledger.post_entries": _DRAFT,
        "ledger.post_accrual": _DRAFT,
        "anchoring.anchor_ledger": _PROGRAM,
        "contributions.call_instalments": _PROGRAM,
        "daily.run_fund_day": _PROGRAM,
        "daily.start_fund_day": _PROGRAM,
        "proposals.propose_contributions": "an investment agreement proposes them, on the pages and in the services of benefits",
    },
    "outcomes": {
        "computing.count_readings": _PROGRAM,
        "computing.record_computed_readings": _PROGRAM,
        "computing.start_counting": _PROGRAM,
        "plan.record_baseline": _PLAN,
        "plan.record_reading": _PLAN,
    },
}
"""By part, then by module and name: why a service is not reached."""


def _services(package: ModuleType) -> Iterator[str]:
    """Every guarded service of a part, by the module that defines it."""
    for found in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        for name, value in vars(module).items():
            is_own = getattr(value, "__module__", "") == module.__name__
            if is_own and inspect.isfunction(value) and hasattr(value, "__wrapped__") and not name.startswith("_"):
                yield f"{found.name}.{name}"


def _pages(urls: ModuleType) -> Iterator[tuple[ModuleType, str]]:
    """The module and name of every page's view."""
    for pattern in urls.urlpatterns:
        if isinstance(pattern, URLPattern):
            view: Any = inspect.unwrap(pattern.callback)
            yield importlib.import_module(view.__module__), view.__name__


def _mentioned(urls: ModuleType) -> set[str]:
    found: set[str] = set()
    for module, name in _pages(urls):
        found |= _reached_from(module, name)
    for _, module, name in _writes():
        found |= _reached_from(module, name)
    return found


PARTS = {
    "funds": (joinedup.funds.services, joinedup.funds.urls),
    "outcomes": (joinedup.outcomes.services, joinedup.outcomes.urls),
}


@pytest.mark.parametrize("part", PARTS)
def test_every_service_is_reached_or_the_table_says_why_not(part: str) -> None:
    services, urls = PARTS[part]
    there, mentioned = set(_services(services)), _mentioned(urls)
    assert len(there) > 10
    assert "no_such_service" not in mentioned
    unreached = {key for key in there if key.partition(".")[2] not in mentioned}
    assert sorted(unreached) == sorted(EXCUSED[part])
    assert all(len(reason) > 20 for reason in EXCUSED[part].values())
