"""What shared money says on a family's page: the budgets that were cut for it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from joinedup.access.actor import Actor
from joinedup.access.panels import About, Frame, Panel, register_panel
from joinedup.core.answers import Fact
from joinedup.funds.permissions import READ_HELD
from joinedup.funds.pounds import in_pounds
from joinedup.funds.queries import budgets_of_family


def budgets(viewer: Actor, frame: Frame) -> Iterator[Fact]:
    """What is left of each budget of the family that a post of the viewer's holds; others' are theirs to show."""
    for each in budgets_of_family(viewer, frame.id):
        if each.holder_post_id in viewer.post_ids:
            words = f"left of {in_pounds(each.figures.budget)} in {each.name}"
            yield Fact(words, reverse("held_budgets"), value=in_pounds(int(each.figures.left)), note=each.fund)


register_panel(
    Panel(
        "funds.budgets", "Money", 60, frozenset({About.FAMILY}), READ_HELD, budgets,
        "You hold no budget for this family.",
    )
)  # fmt: skip
