"""The registry of panels: what each part knows of a person or of a family, brought together on one page by nobody's import.

    register_panel(Panel("funds.budgets", "Money", 60, frozenset({About.FAMILY}), READ_HELD, budgets, "No budget was cut."))

The page finds out once whom the viewer may see and gives every panel the same frame. A panel reads nothing of anybody else: not
by the family, nor by a case, unless it asks again whether the viewer may see that. Whether it is empty because nothing is there
or because something is withheld is not to be told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import Permission, can
from joinedup.core.answers import Fact
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.formats import age_years


class About(StrEnum):
    """Whose page it is."""

    PERSON = "person"
    FAMILY = "family"


@dataclass(frozen=True)
class Frame:
    """Whom a page is about, as far as its viewer may see them. `people` are the entries of the person, or the members of the
    family that the page names; `born` is the person's date of birth where it is known."""

    about: About
    id: UUID
    people: tuple[UUID, ...]
    born: date | None = None

    def age(self, on: date) -> int | None:
        """Whole years on a day; None where the date of birth is not known."""
        return None if self.born is None else age_years(self.born, on)


Give = Callable[[Actor, Frame], Iterable[Fact]]


@dataclass(frozen=True)
class Panel:
    """What a part can say. Shown to whoever holds `permission`, which no record narrows; lower `order` comes first. `give`
    takes as many statements however much there is; the page that shows it audits the read."""

    key: str
    title: str
    order: int
    about: frozenset[About]
    permission: Permission
    give: Give
    empty: str


@dataclass(frozen=True)
class PanelShown:
    """A panel with what it says to one viewer."""

    key: str
    title: str
    facts: tuple[Fact, ...]
    empty: str


_panels: dict[str, Panel] = {}


def register_panel(panel: Panel) -> None:
    """Called from a part's `apps.py`; the key is `part.what`."""
    _panels[panel.key] = panel


def declared_panels() -> list[Panel]:
    """Every panel, in the order of the page."""
    return sorted(_panels.values(), key=lambda each: (each.order, each.key))


def panels_for(viewer: Actor, frame: Frame) -> tuple[PanelShown, ...]:
    """What every part says to a viewer who has been shown these people and whose read is audited. A part that refuses says
    what it says when there is nothing."""
    shown = []
    for panel in declared_panels():
        if frame.about in panel.about and can(viewer, panel.permission):
            shown.append(PanelShown(panel.key, panel.title, _given(viewer, panel, frame), panel.empty))
    return tuple(shown)


def _given(viewer: Actor, panel: Panel, frame: Frame) -> tuple[Fact, ...]:
    try:
        return tuple(panel.give(viewer, frame)) if frame.people else ()
    except (NotVisible, NotPermitted, Refused):
        return ()
