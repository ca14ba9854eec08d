"""What this part itself puts before boards: decisions that wait for their power, actions that are overdue, replies owed."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.governance.agenda import Asking, Due, register_agenda_source
from joinedup.governance.effects import effect_of
from joinedup.governance.models import BoardAction, Recommendation
from joinedup.governance.queries.risks import over_appetite


def _decisions(viewer: Actor, asking: Asking) -> Iterator[Due]:
    for kind in sorted(asking.powers):
        effect = effect_of(kind)
        for each in effect.waiting(viewer) if effect else ():
            yield Due(
                "decision", each.title, each.words, kind, each.id, is_illustration=each.is_illustration
            )  # fmt: skip


def _actions(viewer: Actor, asking: Asking) -> Iterator[Due]:
    rows = BoardAction.objects.filter(
        done_on=None, due_on__lt=asking.on, item__meeting__board_id=asking.board_id
    ).order_by("due_on", "pk")
    day = timezone.localdate(viewer.at)
    for each in rows:
        why = f"{each.owner} was to do it by {each.due_on:%-d %B %Y}."
        yield Due("action", each.words, why, "action", each.pk, is_overdue=each.due_on < day)


def _replies(viewer: Actor, asking: Asking) -> Iterator[Due]:
    rows = Recommendation.objects.filter(
        replied_at=None, reply_due_on__lt=asking.on, item__meeting__board_id=asking.board_id
    ).select_related("organisation")
    for each in rows.order_by("reply_due_on", "pk"):
        why = f"{each.organisation.name} owed a reply by {each.reply_due_on:%-d %B %Y}."
        yield Due("report", f"No reply yet: {each.words[:150]}", why, "recommendation", each.pk, is_overdue=True)


def _risks(viewer: Actor, asking: Asking) -> Iterator[Due]:
    for each in over_appetite(viewer, asking.board_id):
        why = (
            f"It scores {each.current.value}; the board accepts {each.appetite} and below. {each.owner} looks after it."
        )
        yield Due("report", f"Risk over appetite: {each.title}", why, "risk", each.id, is_overdue=each.is_due)


for _name, _source in (("decisions", _decisions), ("actions", _actions), ("replies", _replies), ("risks", _risks)):
    register_agenda_source(_name, _source)
