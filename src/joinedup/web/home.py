"""The first page: what needs this person now, their posts, and what they often do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from joinedup.access.actor import Actor, Standing


@dataclass(frozen=True)
class Count:
    """A number that leads to the list behind it."""

    n: int
    label: str
    href: str
    urgent: bool = False


@dataclass(frozen=True)
class Action:
    """Something the person often does."""

    text: str
    href: str


@dataclass(frozen=True)
class Home:
    """What the first page shows."""

    counts: list[Count]
    actions: list[Action]
    standings: tuple[Standing, ...]


def home_of(viewer: Actor) -> Home:
    """The first page of a viewer."""
    return Home(list(_counts(viewer)), list(_actions(viewer)), viewer.standings)


def _counts(viewer: Actor) -> Iterator[Count]:
    yield from ()


def _actions(viewer: Actor) -> Iterator[Action]:
    yield from ()


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
