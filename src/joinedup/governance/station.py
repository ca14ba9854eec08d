"""Decisions as a station of the loop: what boards decided in the period, and what took effect."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.urls import reverse

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.core.formats import LONDON, date_long
from joinedup.core.stations import Evidence, Row, register_station
from joinedup.governance.codes import ILLUSTRATION
from joinedup.governance.permissions import READ_BOARDS
from joinedup.governance.queries.decisions import decided_between

_MOST = 100


def decisions(viewer: Actor, since: date, until: date) -> Evidence:
    """The newest hundred decisions of the period, an exempt one without its title; as many statements however many."""
    columns = ("Decision", "Board", "Decided", "Where it stands")
    if not can(viewer, READ_BOARDS):
        return Evidence("–", "decisions of boards", columns, ())
    first, after = (datetime.combine(day, time(), LONDON) for day in (since, until + timedelta(days=1)))
    number, lines = decided_between(viewer, first, after, most=_MOST)
    rows = tuple(
        Row(
            f"{each.reference}: {each.title}", (each.board, date_long(each.decided_at), each.state),
            reverse("board_decision", args=[each.id]) if each.title != "An exempt item" else "",
            ILLUSTRATION if each.is_illustration else "",
        )
        for each in lines
    )  # fmt: skip
    note = f"The newest {_MOST} of {number}." if number > _MOST else ""
    if any(each.note for each in rows):
        note = f"{ILLUSTRATION}. {note}".strip()
    return Evidence(f"{number:,}", "decisions of boards" if number != 1 else "decision of a board", columns, rows, note)


register_station("decision", "Decisions", 11, decisions)
