"""Pages of boards: the list, one board, and what its keepers change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import can, check
from joinedup.core.desk import Desk
from joinedup.governance import services
from joinedup.governance.effects import effect_kinds
from joinedup.governance.forms.boards import AppointForm, BoardForm, ChangeTermsForm, EndForm, PowerForm, SeatForm
from joinedup.governance.kept import BOARD, TERMS
from joinedup.governance.permissions import KEEP_BOARDS, RUN_MEETINGS
from joinedup.governance.queries import boards as queries
from joinedup.governance.queries import decisions
from joinedup.governance.services import SeatSaid, TermsSaid
from joinedup.governance.views.shared import (
    GET_OR_POST,
    asked,
    chosen,
    options,
    posted,
    pressed,
    show,
    viewer_of,
    whole,
)
from joinedup.organisations.queries import open_organisations, posts_of_organisations


def _page(board_id: object) -> str:
    return reverse("board", args=[board_id])


@login_required
@require_safe
def boards(request: HttpRequest) -> HttpResponse:
    """Every board, the seats nobody holds, and what waits for the viewer’s own answer."""
    viewer = viewer_of(request)
    rows = queries.boards(viewer)
    gaps = sorted((each for row in rows for each in row.gaps), key=lambda each: each.since)
    return show(
        request, "governance/boards.jinja", here="boards", rows=rows, gaps=gaps, may_keep=can(viewer, KEEP_BOARDS),
        waiting=decisions.waiting_for_viewer(viewer),
    )  # fmt: skip


@login_required
@require_safe
def board(request: HttpRequest, board_id: UUID) -> HttpResponse:
    """One board in full."""
    viewer = viewer_of(request)
    page = queries.board_page(viewer, board_id)
    return show(
        request, "governance/board.jinja", page=page, may_keep=can(viewer, KEEP_BOARDS),
        may_run=can(viewer, RUN_MEETINGS, page.row), decisions=decisions.decisions_of_board(viewer, board_id),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def new(request: HttpRequest) -> HttpResponse:
    """Set a board up."""
    viewer = viewer_of(request)
    check(viewer, KEEP_BOARDS)
    desk = Desk(request, BOARD)
    hosts = list(open_organisations(viewer).exclude(kind="school"))
    wholes = queries.whole_boards(viewer)
    form = BoardForm(
        **desk.answers(), initial={"starts_on": timezone.localdate(viewer.at), "quorum_members": 3, "quorum_bodies": 2,
                                   "months_between": "2", "call_in_days": 0},
        offers={"host": options((each.pk, each.name) for each in hosts), "parent": options(wholes)},
    )  # fmt: skip
    made: list[UUID] = []

    def save() -> None:
        clean = form.cleaned_data
        parent = queries.board_for(viewer, UUID(clean["parent"])) if clean["parent"] else None
        row = services.set_up_board(
            kind=clean["kind"], host=chosen(hosts, clean["host"]), parent=parent, said=_terms(clean),
            starts_on=clean["starts_on"], by=viewer, at=viewer.at,
        )  # fmt: skip
        made.append(row.pk)

    return asked(
        request, form, save, desk=desk, done="The board is set up. Add its seats.", then=lambda: _page(made[0]),
        title="Set up a board", submit_text="Set up", cancel_href=reverse("boards"),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def terms(request: HttpRequest, board_id: UUID) -> HttpResponse:
    """New terms of reference."""
    viewer = viewer_of(request)
    check(viewer, KEEP_BOARDS)
    page = queries.board_page(viewer, board_id)
    latest = page.coming[-1] if page.coming else page.terms
    names = ("name", "duties", "legal_basis", "quorum_members", "quorum_bodies", "call_in_days", "number")
    first = {name: getattr(latest, name) for name in names} | {"months_between": str(latest.months_between)}
    desk = Desk(request, TERMS, str(board_id))
    form = ChangeTermsForm(**desk.answers(), initial=first)

    def save() -> None:
        clean = form.cleaned_data
        services.change_terms(
            board=page.row, said=_terms(clean), starts_on=clean["starts_on"], why=clean["why"],
            number=whole(clean["number"]), by=viewer, at=viewer.at,
        )  # fmt: skip

    return asked(
        request, form, save, desk=desk, done="The terms of reference are written. Those before stay as they were.",
        then=_page(board_id), title="New terms of reference", caption=page.name, submit_text="Save",
        cancel_href=_page(board_id),
    )  # fmt: skip


def _terms(clean: dict[str, Any]) -> TermsSaid:
    return TermsSaid(
        clean["name"], clean["duties"], clean["legal_basis"], clean["quorum_members"], clean["quorum_bodies"],
        int(clean["months_between"]), clean["call_in_days"],
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def add_seat(request: HttpRequest, board_id: UUID) -> HttpResponse:
    """A seat more."""
    viewer = viewer_of(request)
    check(viewer, KEEP_BOARDS)
    row = queries.board_for(viewer, board_id)
    bodies = list(open_organisations(viewer).exclude(kind="school"))
    form = SeatForm(
        posted(request), initial={"starts_on": timezone.localdate(viewer.at), "has_vote": True, "is_chair": False},
        offers={"organisation": options((each.pk, each.name) for each in bodies)},
    )  # fmt: skip

    def save() -> None:
        clean = form.cleaned_data
        said = SeatSaid(clean["title"], clean["kind"], clean["has_vote"], clean["is_chair"])
        services.add_seat(
            board=row, said=said, organisation=chosen(bodies, clean["organisation"]), starts_on=clean["starts_on"],
            by=viewer, at=viewer.at,
        )  # fmt: skip

    return _of_board(request, form, save, row.pk, "The seat is there. Appoint somebody to it.", "Add a seat", "Add")


@login_required
@require_http_methods(GET_OR_POST)
def appoint(request: HttpRequest, board_seat_id: UUID) -> HttpResponse:
    """Somebody takes a seat."""
    viewer = viewer_of(request)
    check(viewer, KEEP_BOARDS)
    row = queries.seat_for(viewer, board_seat_id)
    where = [row.organisation_id] if row.organisation_id else [each.pk for each in open_organisations(viewer)]
    people = {post.pk: post for _, post in posts_of_organisations(viewer, where) if post.role in KEEP_SEATS}
    form = AppointForm(
        posted(request), initial={"starts_on": timezone.localdate(viewer.at)},
        offers={"post": options((key, f"{each.account.name}, {each.title}") for key, each in people.items())},
    )  # fmt: skip

    def save() -> None:
        clean = form.cleaned_data
        services.appoint_member(
            seat=row, post=chosen(people.values(), clean["post"]), name=clean["name"], how=clean["how"],
            starts_on=clean["starts_on"], by=viewer, at=viewer.at,
        )  # fmt: skip

    return _of_board(
        request, form, save, row.board_id, "The member is appointed.", "Appoint a member", "Appoint", row.title
    )


# Who may be offered for a seat: people whose post is of the kind that sits on boards.
KEEP_SEATS = RUN_MEETINGS.roles


@login_required
@require_http_methods(GET_OR_POST)
def end(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """A member leaves."""
    viewer = viewer_of(request)
    check(viewer, KEEP_BOARDS)
    row = queries.appointment_for(viewer, appointment_id)
    form = EndForm(posted(request), initial={"ends_on": timezone.localdate(viewer.at)})

    def save() -> None:
        clean = form.cleaned_data
        services.end_appointment(
            appointment=row, ends_on=clean["ends_on"], reason=clean["reason"], by=viewer, at=viewer.at
        )

    caption = f"{row.name}, {row.seat.title}"
    return _of_board(
        request, form, save, row.seat.board_id, "The appointment has ended.", "End an appointment", "End", caption
    )


@login_required
@require_http_methods(GET_OR_POST)
def power(request: HttpRequest, board_id: UUID) -> HttpResponse:
    """Give a board a power to decide."""
    viewer = viewer_of(request)
    check(viewer, KEEP_BOARDS)
    row = queries.board_for(viewer, board_id)
    form = PowerForm(
        posted(request), initial={"starts_on": timezone.localdate(viewer.at)}, offers={"kind": options(effect_kinds().items())}
    )  # fmt: skip

    def save() -> None:
        clean = form.cleaned_data
        services.give_power(
            board=row, kind=clean["kind"], limit_pence=clean["limit"], source=clean["source"], starts_on=clean["starts_on"],
            by=viewer, at=viewer.at,
        )  # fmt: skip

    return _of_board(request, form, save, row.pk, "The board holds the power.", "Give the board a power", "Give")


@login_required
@require_POST
def end_power(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    """A board holds a power no longer."""
    viewer = viewer_of(request)
    check(viewer, KEEP_BOARDS)
    row = queries.power_for(viewer, delegation_id)
    return pressed(
        request, lambda: services.end_power(delegation=row, by=viewer, at=viewer.at), "The power ends today.",
        _page(row.board_id),
    )  # fmt: skip


def _of_board(
    request: HttpRequest, form: Any, save: Any, board_id: UUID, done: str, title: str, submit: str, caption: str = ""
) -> HttpResponse:
    name = caption or queries.board_page(viewer_of(request), board_id).name
    return asked(
        request, form, save, done=done, then=_page(board_id), title=title, caption=name, submit_text=submit,
        cancel_href=_page(board_id),
    )  # fmt: skip
