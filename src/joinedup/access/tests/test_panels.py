"""The registry of panels: who is shown which, in what order, and that a refusal looks like nothing there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest

from joinedup.access import panels
from joinedup.access.actor import Actor, Standing
from joinedup.access.panels import About, Frame, Panel, panels_for, register_panel
from joinedup.access.permissions import Permission
from joinedup.access.roles import Role
from joinedup.core.answers import Fact
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.organisations.tests.factories import AT

WORKERS = Permission("test.work", "work", frozenset({Role.KEY_WORKER}))
FINANCE = Permission("test.pay", "pay", frozenset({Role.CHIEF_FINANCE_OFFICER}))
MINE = Permission(
    "test.mine", "see what is theirs", frozenset({Role.KEY_WORKER}), lambda viewer, record: True, "of theirs"
)


@pytest.fixture(autouse=True)
def no_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_panels", {})


def _viewer(*roles: Role) -> Actor:
    held = tuple(Standing(role, uuid4(), "A post", uuid4(), "Exampleshire") for role in roles)
    return Actor(account_id=uuid4(), name="Amira Testerly", at=AT, standings=held)


def _frame(about: About = About.PERSON, people: int = 1) -> Frame:
    return Frame(about, uuid4(), tuple(uuid4() for _ in range(people)), date(2015, 3, 14))


def _says(*labels: str) -> panels.Give:
    return lambda viewer, frame: [Fact(label, "/there/", n=1) for label in labels]


def test_each_part_says_its_own_in_the_order_of_the_page_to_whoever_may() -> None:
    register_panel(Panel("b.last", "Money", 60, frozenset(About), WORKERS, _says("pound[s]"), "None."))
    register_panel(Panel("a.first", "Help", 10, frozenset({About.PERSON}), WORKERS, _says("case[s]"), "None."))
    register_panel(Panel("c.finance", "Pay", 5, frozenset(About), FINANCE, _says("bill[s]"), "None."))
    register_panel(Panel("d.narrow", "Mine", 7, frozenset(About), MINE, _says("thing[s]"), "None."))
    amira = _viewer(Role.KEY_WORKER)
    assert [each.title for each in panels_for(amira, _frame())] == ["Help", "Money"]
    assert [each.title for each in panels_for(amira, _frame(About.FAMILY))] == ["Money"]
    assert [each.title for each in panels_for(_viewer(Role.CHIEF_FINANCE_OFFICER), _frame())] == ["Pay"]
    assert panels_for(_viewer(), _frame()) == ()


@pytest.mark.parametrize("error", [NotVisible(), NotPermitted("No."), Refused("No.")])
def test_a_refusal_and_nothing_there_are_not_told_apart(error: Exception) -> None:
    def refuses(viewer: Actor, frame: Frame) -> Iterator[Fact]:
        yield Fact("case[s]", "/there/", n=1)
        raise error

    register_panel(Panel("a.refuses", "Help", 10, frozenset(About), WORKERS, refuses, "Nothing here."))
    (refused,) = panels_for(_viewer(Role.KEY_WORKER), _frame())
    register_panel(Panel("a.refuses", "Help", 10, frozenset(About), WORKERS, _says(), "Nothing here."))
    (empty,) = panels_for(_viewer(Role.KEY_WORKER), _frame())
    assert refused == empty
    assert (empty.facts, empty.empty) == ((), "Nothing here.")


def test_nobody_to_speak_of_asks_nothing() -> None:
    def asked(viewer: Actor, frame: Frame) -> Iterator[Fact]:
        raise AssertionError("nobody is on the page")

    register_panel(Panel("a.asks", "Help", 10, frozenset(About), WORKERS, asked, "Nothing here."))
    (panel,) = panels_for(_viewer(Role.KEY_WORKER), _frame(people=0))
    assert panel.facts == ()


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(2015, 3, 14), date(2026, 3, 13), 10), (date(2015, 3, 14), date(2026, 3, 14), 11),
        (date(2012, 2, 29), date(2026, 2, 28), 13), (date(2012, 2, 29), date(2026, 3, 1), 14), (None, date(2026, 1, 1), None),
    ],
)  # fmt: skip
def test_whole_years(born: date | None, on: date, years: int | None) -> None:
    assert Frame(About.PERSON, uuid4(), (), born).age(on) == years
