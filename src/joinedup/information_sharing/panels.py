"""What information sharing says on a child's page: why agreed indicators list them, to whom an agreement lets it be said."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.panels import About, Frame, Panel, register_panel
from joinedup.core.answers import Fact
from joinedup.information_sharing.permissions import READ_LISTED
from joinedup.information_sharing.queries import may_see_listed, reasons_about

_ADULT = 18


def noticed(viewer: Actor, frame: Frame) -> Iterator[Fact]:
    """How many indicators list the child now. Nothing for whoever no agreement names: they do not learn that there is a
    list."""
    age = frame.age(timezone.localdate(viewer.at))
    if age is None or age >= _ADULT or not may_see_listed(viewer):
        return
    reasons = reasons_about(viewer, frame.id)
    if reasons:
        words = "indicator[s] to look at: " + ", ".join(each.indicator for each in reasons)
        yield Fact(words, reverse("indicators_child", args=[frame.id]), n=len(reasons))


register_panel(
    Panel(
        "information_sharing.noticed", "Noticed early", 30, frozenset({About.PERSON}), READ_LISTED, noticed,
        "Nothing is listed for you.",
    )
)  # fmt: skip
