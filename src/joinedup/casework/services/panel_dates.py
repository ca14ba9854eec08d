"""The dates of panels, of one team or of the partnership: their people, and what is on their list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework import events, rules
from joinedup.casework.lifecycle import PanelRequestState
from joinedup.casework.models import CaseMember, Panel, PanelRequest, PanelSeat
from joinedup.casework.permissions import CONVENE_PANEL, CONVENE_PARTNERSHIP_PANEL, HOLD_PANEL, LIST_REQUEST
from joinedup.casework.services.panel_steps import _chronicle, _lock_panel, _lock_request, _move, _when, _write
from joinedup.casework.services.steps import lock, lock_open
from joinedup.core.models import claim_version, new_reference
from joinedup.information_sharing.codes import Information
from joinedup.information_sharing.queries import bases_to_share

if TYPE_CHECKING:
    from joinedup.organisations.models import Post, Team

_STATE = PanelRequestState
LEAST_NAMED = 2


@service(CONVENE_PANEL, on="team")
def convene_panel(
    *, team: Team, starts_at: datetime, place: str, posts: Iterable[Post], by: Actor, at: datetime
) -> Panel:
    """Name the date and the people of a team's panel: named posts of the partners, who are written to. Raises Refused (CW-4,
    CW-222, CW-625, CW-626)."""
    return _convene(Panel(team=team), starts_at, place, posts, by, at)


@service(CONVENE_PARTNERSHIP_PANEL, on="chair")
def convene_partnership_panel(
    *, chair: Post, starts_at: datetime, place: str, posts: Iterable[Post], by: Actor, at: datetime
) -> Panel:
    """The same for the panel of the whole partnership, which takes requests of every team and is held by its chair, of any
    partner. Raises Refused (CW-4, CW-222, CW-625, CW-626)."""
    return _convene(Panel(chair=chair), starts_at, place, [*posts, chair], by, at)


def _convene(panel: Panel, starts_at: datetime, place: str, posts: Iterable[Post], by: Actor, at: datetime) -> Panel:
    """Called only inside guarded services."""
    if starts_at <= at:
        raise rules.PANEL_AHEAD.refused()
    if not place.strip():
        raise rules.PLACE_OR_LINK.refused()
    named = {post.pk: post for post in posts}
    if len([pk for pk in named if pk not in by.post_ids]) < LEAST_NAMED:
        raise rules.PANEL_NAMED.refused()
    if any(not post.is_held_at(at) for post in named.values()):
        raise rules.POST_HELD.refused()
    panel.reference, panel.starts_at, panel.place = new_reference("B"), starts_at, place.strip()[:160]
    panel.planned_by, panel.planned_at = by.account_id, at
    panel.save(force_insert=True)
    PanelSeat.objects.bulk_create([PanelSeat(panel=panel, post=post) for post in named.values()])
    when = _when(panel)
    for post in named.values():
        _write(
            post,
            f"You are asked to a panel: {panel.reference}",
            f"It meets {when}. Sign in to Joinedup for its list.",
            at,
        )
    note(changed=("panel",), subject=panel)
    return panel


@service(LIST_REQUEST, on="request")
def list_request(*, panel: Panel, request: PanelRequest, by: Actor, at: datetime) -> PanelRequest:
    """Put a request on the list of the team's own panel or of the partnership's: from now on its people read it. Each
    partner there needs a basis on which this may be shared with them (CW-628)."""
    _lock_request(request)
    _lock_panel(panel)
    if panel.team_id not in {None, request.case.team_id}:
        raise rules.REQUEST_FORBIDS.refused(state="another team’s")
    _refuse_unbased(panel, request, by, at)
    claim_version(request, request.version)
    _move(request, _STATE.LISTED, by=by, at=at)
    request.panel = panel
    request.save(update_fields=["state", "panel"])
    _chronicle(events.PANEL_LISTED, request, by=by, at=at, words={"panel": panel.reference, "when": _when(panel)})
    note(changed=("state",))
    return request


def _refuse_unbased(panel: Panel, request: PanelRequest, by: Actor, at: datetime) -> None:
    """Partners who are in the team around the child already work with the family; of the others each needs a basis."""
    there = set(
        CaseMember.objects.filter(CaseMember.held_at(at), case=request.case).values_list("post__host_id", flat=True)
    )
    there.add(request.case.team.host_id)
    hosts = {seat.post.host_id: seat.post.host for seat in panel.seats.select_related("post__host")}
    on = timezone.localdate(at)
    wanting = sorted(
        host.name
        for pk, host in hosts.items()
        if pk not in there and not bases_to_share(by, request.child_id, pk, Information.ASSESSMENT, on=on)
    )
    if wanting:
        raise rules.SHARING_BASED.refused(names="; ".join(wanting))


@service(HOLD_PANEL, on="panel")
def cancel_panel(*, panel: Panel, reason: str, by: Actor, at: datetime) -> Panel:
    """The panel does not meet, with the reason; what was on its list waits for another. The clocks go on."""
    requests = list(
        PanelRequest.objects.filter(panel=panel, state=_STATE.LISTED).select_related("case").order_by("case_id")
    )
    for request in requests:
        lock_open(request.case)
    _lock_panel(panel)
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    if panel.starts_at <= at:
        raise rules.PANEL_OVER.refused()
    claim_version(panel, panel.version)
    panel.cancelled_at, panel.cancelled_reason = at, reason.strip()[:300]
    panel.save(update_fields=["cancelled_at", "cancelled_reason"])
    for request in requests:
        lock(request)
        claim_version(request, request.version)
        _move(request, _STATE.COMPLETE, by=by, at=at, reason=reason)
        request.panel = None
        request.save(update_fields=["state", "panel"])
    for seat in panel.seats.select_related("post__account"):
        _write(seat.post, f"A panel is cancelled: {panel.reference}", f"It was to meet {_when(panel)}.", at)
    note(people=[each.child_id for each in requests], changed=("state",), subject=panel)
    return panel
