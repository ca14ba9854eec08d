"""What every step of a panel does: its terms, moving a request, its event, locking, and writing to somebody in post."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note
from joinedup.casework import rules
from joinedup.casework.lifecycle import PANEL_REQUEST_LABELS, PanelRequestState, may_move_request
from joinedup.casework.models import Case, Panel, PanelRequest, PanelTransition
from joinedup.casework.pathways import PanelTerms
from joinedup.casework.queries.pathways import pathway_of
from joinedup.casework.services.steps import lock, lock_open
from joinedup.chronology.kinds import EventKind
from joinedup.chronology.services import record_event
from joinedup.core.formats import date_with_weekday, time_short
from joinedup.core.notifications import owe_message

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


def _terms(case: Case, at: datetime) -> PanelTerms:
    panel = pathway_of(case.pathway, timezone.localdate(at)).panel
    if panel is None:
        raise rules.HAS_PANEL.refused()
    return panel


def _move(request: PanelRequest, end: PanelRequestState, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Change the state in memory and write the row of it; the caller saves. Refuses (CW-623) what the table does not allow."""
    start = PanelRequestState(request.state)
    if not may_move_request(start, end):
        raise rules.REQUEST_FORBIDS.refused(state=PANEL_REQUEST_LABELS[start].lower())
    request.state = end
    _write_transition(request, start, end, by=by, at=at, reason=reason)


def _write_transition(
    request: PanelRequest, start: str, end: PanelRequestState, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    PanelTransition.objects.create(
        request=request, start=start, end=end, at=at, by=by.account_id, reason=reason.strip()[:500]
    )


def _lock_request(request: PanelRequest) -> PanelRequest:
    """The case first and the request after it, as everywhere; the case is open."""
    case = lock_open(request.case)
    lock(request)
    request.case = case
    return request


def _chronicle(
    kind: EventKind,
    request: PanelRequest,
    *,
    by: Actor,
    at: datetime,
    code: str = "",
    words: Mapping[str, str] | None = None,
) -> None:
    """One event about the child, and the child in the audit row."""
    case = request.case
    note(people=[request.child_id], subject=request)
    record_event(
        kind, source=request, by=by, at=at, people=[request.child_id], family_id=case.family_id, team_id=case.team_id,
        code=code, words={"reference": request.reference, **(words or {})},
    )  # fmt: skip


def _about(request: PanelRequest) -> tuple[str, str]:
    return ("casework.case", str(request.case_id))


def _when(panel: Panel) -> str:
    local = timezone.localtime(panel.starts_at)
    return f"{date_with_weekday(local.date())} at {time_short(local)}"


def _write(post: Post, subject: str, body: str, at: datetime, about: tuple[str, str] = ("", "")) -> None:
    owe_message(to=post.account.email, subject=subject, body=body, about=about, at=at)


def _lock_panel(panel: Panel) -> Panel:
    lock(panel)
    if panel.cancelled_at is not None:
        raise rules.PANEL_OVER.refused()
    return panel
