"""What the whole loop answers on the first page: whether more is asked of the partnership than before."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.core.answers import Fact, register_answer
from joinedup.web.loop import STEPS, period_of, steps_counted
from joinedup.web.permissions import READ_LOOP

_SHOWN = ("contact", "plan", "review")


def whole(viewer: Actor) -> Iterator[Fact]:
    """Contacts, plans and reviews of this quarter beside the quarter before; one statement."""
    if not can(viewer, READ_LOOP):
        return
    period = period_of(viewer, "", "")
    for each, now, then in steps_counted(viewer, [each for each in STEPS if each.key in _SHOWN], period):
        href = f"{reverse('loop_station', args=[each.key])}?{period.query}"
        yield Fact(f"{each.words} this quarter; the whole quarter before: {then}", href, value=now)
    yield Fact("the whole loop, from contact to decision", f"{reverse('loop')}?{period.query}", value="All of it:")


register_answer("web.loop", "how much was asked and done this quarter beside the one before", whole)
