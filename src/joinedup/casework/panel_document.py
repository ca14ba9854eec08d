"""What a panel decided, as letters to the family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from joinedup.access.actor import Actor
from joinedup.core.formats import date_long, london
from joinedup.core.letters import Letter, Letters

if TYPE_CHECKING:
    from joinedup.casework.queries import CaseFrame, PanelRequestSeen


def decision_letters(seen: PanelRequestSeen, frame: CaseFrame, viewer: Actor) -> Letters:
    """A letter for each parent on a sheet of its own, so that none says who else got one: what was decided in plain words,
    about each service, what to do if they do not agree. It is given to them in person, or posted where that is safe; no
    address stands on it."""
    adults = [each.name for each in frame.adults if each.part == "parent"] or [frame.family]
    return Letters(
        title=f"What the panel decided, {seen.line.reference}",
        sender=[each for each in (frame.team, frame.duty.name, frame.duty.phone) if each],
        on=date_long(london(viewer.at).date()), reference=seen.line.reference,
        letters=[_letter(name, seen, frame) for name in adults], printed_at=viewer.at,
    )  # fmt: skip


def _letter(name: str, seen: PanelRequestSeen, frame: CaseFrame) -> Letter:
    words = f"This is what the panel decided about {seen.line.child}.\n\n{seen.words_for_family}"
    return Letter(
        to=[name], words=words, facts=[(each, said) for each, said in _decided(seen)], close=_close(seen, frame),
        signed=[each for each in (frame.duty.name, frame.duty.title) if each],
    )  # fmt: skip


def _decided(seen: PanelRequestSeen) -> list[tuple[str, str]]:
    """Each service with the newest decision about it."""
    found = []
    for each in seen.services:
        if each.said:
            last = each.said[0]
            instead = f": {last.instead}" if last.instead else ""
            found.append((each.name, f"{last.label}{instead}. {last.reason}"))
    return found


def _close(seen: PanelRequestSeen, frame: CaseFrame) -> str:
    ring = f"Ring {frame.duty.name} on {frame.duty.phone or 'the number you have for them'}"
    if seen.disagree_until is None:
        return f"{ring} if you have a question."
    return (
        f"If you do not agree, tell us by {date_long(seen.disagree_until)}. The panel then looks at it again, and you may say in "
        f"your own words what it should know. {ring} to say so, or if you have a question."
    )
