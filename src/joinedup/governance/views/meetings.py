"""Pages of meetings: planned, called, held and minuted, and what lies beside each item."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import check
from joinedup.casework.noting import FILE_TYPES
from joinedup.core.desk import Desk
from joinedup.core.documents import attachment
from joinedup.core.errors import NotVisible
from joinedup.core.formats import LONDON, date_time
from joinedup.core.forms import Option
from joinedup.governance import services
from joinedup.governance.codes import ILLUSTRATION
from joinedup.governance.forms.meetings import (
    ActionForm,
    AttendanceForm,
    DoneForm,
    InterestForm,
    ItemForm,
    MeetingForm,
    MinuteForm,
    PaperForm,
    ReasonForm,
)
from joinedup.governance.kept import ITEM, MINUTE
from joinedup.governance.permissions import RUN_MEETINGS
from joinedup.governance.queries import boards as board_queries
from joinedup.governance.queries import meetings as queries
from joinedup.governance.queries.sitting import members_at, members_on
from joinedup.governance.services import ItemSaid
from joinedup.governance.views.shared import GET_OR_POST, asked, options, posted, pressed, show, viewer_of, whole


def _page(meeting_id: object) -> str:
    return reverse("board_meeting", args=[meeting_id])


def _running(request: HttpRequest, meeting_id: UUID) -> tuple[Any, Any]:
    viewer = viewer_of(request)
    row = queries.meeting_for(viewer, meeting_id)
    check(viewer, RUN_MEETINGS, row)
    return viewer, row


def _item(request: HttpRequest, item_id: UUID) -> tuple[Any, Any]:
    viewer = viewer_of(request)
    row = queries.item_for(viewer, item_id)
    check(viewer, RUN_MEETINGS, row)
    return viewer, row


@login_required
@require_http_methods(GET_OR_POST)
def plan(request: HttpRequest, board_id: UUID) -> HttpResponse:
    """Plan a meeting of a board."""
    viewer = viewer_of(request)
    board = board_queries.board_for(viewer, board_id)
    check(viewer, RUN_MEETINGS, board)
    form = MeetingForm(posted(request), initial={"minutes_long": 120})
    made: list[UUID] = []

    def save() -> None:
        clean = form.cleaned_data
        starts_at = datetime.combine(clean["day"], clean["begins"], LONDON)
        row = services.plan_meeting(
            board=board, starts_at=starts_at, minutes_long=clean["minutes_long"], place=clean["place"], by=viewer, at=viewer.at
        )  # fmt: skip
        made.append(row.pk)

    return asked(
        request, form, save, done="The meeting is planned. Make its agenda.", then=lambda: _page(made[0]),
        title="Plan a meeting", caption=board_queries.names_of_boards(viewer)[board_id], submit_text="Plan",
        cancel_href=reverse("board", args=[board_id]),
    )  # fmt: skip


@login_required
@require_safe
def meeting(request: HttpRequest, board_meeting_id: UUID) -> HttpResponse:
    """One meeting."""
    return show(request, "governance/meeting.jinja", page=queries.meeting_page(viewer_of(request), board_meeting_id))


@login_required
@require_http_methods(GET_OR_POST)
def add_item(request: HttpRequest, board_meeting_id: UUID) -> HttpResponse:
    """Put on the agenda what is due, or something of one’s own."""
    viewer, row = _running(request, board_meeting_id)
    due = {each.key: each for each in queries.due_for_meeting(viewer, row)}
    desk = Desk(request, ITEM, str(board_meeting_id))
    offers = [
        Option(
            key,
            f"{each.title}{' (overdue)' if each.is_overdue else ''}",
            f"{each.why} {ILLUSTRATION}." if each.is_illustration else each.why,
        )
        for key, each in due.items()
    ]
    form = ItemForm(
        **desk.answers(), initial={"is_exempt": False, "kind": "report"}, offers={"due": offers} if due else {}
    )
    if not due:
        del form.fields["due"]
        form.fields["title"].label = "What is it?"
    else:
        form.fields["kind"].help_text = "What is due above has a kind already"

    def save() -> None:
        clean = form.cleaned_data
        found = due.get(clean.get("due") or "")
        shared = {
            "words": clean["words"],
            "exempt_reason": clean["exempt_reason"],
            "is_exempt": bool(clean["is_exempt"]),
        }
        if found is not None:
            title = clean["title"].strip() or found.title
            said = ItemSaid(found.kind, title, matter_kind=found.matter_kind, matter_id=found.matter_id, **shared)
        else:
            said = ItemSaid(clean["kind"], clean["title"], **shared)
        services.add_item(meeting=row, said=said, by=viewer, at=viewer.at)

    return asked(
        request, form, save, desk=desk, done="It is on the agenda.", then=_page(row.pk), title="Add to the agenda",
        caption=date_time(row.starts_at), submit_text="Add", cancel_href=_page(row.pk),
    )  # fmt: skip


@login_required
@require_POST
def take_off(request: HttpRequest, agenda_item_id: UUID) -> HttpResponse:
    """Take something off the agenda."""
    viewer, row = _item(request, agenda_item_id)
    return pressed(
        request, lambda: services.take_off_item(item=row, by=viewer, at=viewer.at), "It is off the agenda.",
        _page(row.meeting_id),
    )  # fmt: skip


@login_required
@require_POST
def call(request: HttpRequest, board_meeting_id: UUID) -> HttpResponse:
    """The agenda goes out."""
    viewer, row = _running(request, board_meeting_id)
    return pressed(
        request, lambda: services.call_meeting(meeting=row, by=viewer, at=viewer.at),
        "The meeting is called. Its agenda is published, but for exempt items.", _page(row.pk),
    )  # fmt: skip


@login_required
@require_POST
def agree(request: HttpRequest, board_meeting_id: UUID) -> HttpResponse:
    """The minutes are agreed."""
    viewer, row = _running(request, board_meeting_id)
    return pressed(
        request, lambda: services.agree_minutes(meeting=row, by=viewer, at=viewer.at),
        "The minutes are agreed and published, but for exempt items.", _page(row.pk),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def hold(request: HttpRequest, board_meeting_id: UUID) -> HttpResponse:
    """The meeting is held: who is there."""
    viewer, row = _running(request, board_meeting_id)
    members = members_on(viewer, row.board_id, row.starts_at)
    form = AttendanceForm(posted(request), members=members)

    def save() -> None:
        said = {each.id: form.cleaned_data[f"member_{each.id.hex}"] for each in members}
        services.hold_meeting(meeting=row, attendance=said, by=viewer, at=viewer.at)

    inset = "" if members else "Nobody is appointed to the board on that day."
    return _of_meeting(request, form, save, row, "The meeting is held. Record what it decides.", "Who is there?", inset)


@login_required
@require_http_methods(GET_OR_POST)
def cancel(request: HttpRequest, board_meeting_id: UUID) -> HttpResponse:
    """The meeting will not be held."""
    viewer, row = _running(request, board_meeting_id)
    form = ReasonForm(posted(request))
    form.fields["reason"].label = "Why is the meeting cancelled?"

    def save() -> None:
        services.cancel_meeting(meeting=row, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at)

    return _of_meeting(request, form, save, row, "The meeting is cancelled.", "Cancel the meeting")


@login_required
@require_http_methods(GET_OR_POST)
def paper(request: HttpRequest, agenda_item_id: UUID) -> HttpResponse:
    """Lay a paper beside an item."""
    viewer, row = _item(request, agenda_item_id)
    form = PaperForm(posted(request), request.FILES if request.method == "POST" else None)

    def save() -> None:
        content = form.cleaned_data["file"].read()
        services.attach_paper(item=row, title=form.cleaned_data["title"], content=content, by=viewer, at=viewer.at)

    return _of_item(request, form, save, row, "The paper is beside the item.", "Attach a paper")


@login_required
@require_safe
def paper_file(request: HttpRequest, board_paper_id: UUID) -> HttpResponse:
    """A paper, saved and never opened in the site’s own window."""
    viewer = viewer_of(request)
    row = queries.paper_for(viewer, board_paper_id)
    if row.kind not in FILE_TYPES:
        raise NotVisible
    stamp = queries.stamp_of(viewer, row.item)  # the file is as it was brought; its name says what it is about
    name = f"{stamp} - {row.title}" if stamp else row.title
    return attachment(bytes(row.content), FILE_TYPES[row.kind], f"{name}.{row.kind}")


@login_required
@require_http_methods(GET_OR_POST)
def interest(request: HttpRequest, agenda_item_id: UUID) -> HttpResponse:
    """A member declares an interest."""
    viewer, row = _item(request, agenda_item_id)
    members = members_at(viewer, row.meeting)
    form = InterestForm(posted(request), offers={"member": options((each.id, each.words) for each in members)})

    def save() -> None:
        clean = form.cleaned_data
        services.declare_interest(
            item=row, appointment_id=UUID(clean["member"]), words=clean["words"], has_withdrawn=clean["has_withdrawn"],
            by=viewer, at=viewer.at,
        )  # fmt: skip

    return _of_item(request, form, save, row, "The interest is declared.", "Declare an interest")


@login_required
@require_http_methods(GET_OR_POST)
def minute(request: HttpRequest, agenda_item_id: UUID) -> HttpResponse:
    """Write what was said and agreed."""
    viewer, row = _item(request, agenda_item_id)
    desk = Desk(request, MINUTE, str(agenda_item_id))
    form = MinuteForm(**desk.answers(), initial={"minute": row.minute, "version": row.version})

    def save() -> None:
        clean = form.cleaned_data
        services.write_minute(
            item=row, minute=clean["minute"], version=whole(clean["version"]), by=viewer, at=viewer.at
        )

    return _of_item(request, form, save, row, "The minutes are written.", "What was said and agreed?", desk)


@login_required
@require_http_methods(GET_OR_POST)
def action(request: HttpRequest, agenda_item_id: UUID) -> HttpResponse:
    """Ask somebody to do something."""
    viewer, row = _item(request, agenda_item_id)
    form = ActionForm(posted(request))

    def save() -> None:
        services.set_action(item=row, **form.cleaned_data, by=viewer, at=viewer.at)

    return _of_item(request, form, save, row, "It is in the action log.", "Record an action")


@login_required
@require_http_methods(GET_OR_POST)
def action_done(request: HttpRequest, board_action_id: UUID) -> HttpResponse:
    """An action is done."""
    viewer = viewer_of(request)
    row = queries.action_for(viewer, board_action_id)
    check(viewer, RUN_MEETINGS, row)
    form = DoneForm(posted(request))

    def save() -> None:
        services.finish_action(action=row, words=form.cleaned_data["words"], by=viewer, at=viewer.at)

    return asked(
        request, form, save, done="It is done.", then=reverse("board_actions"), title="What was done?", caption=row.words,
        submit_text="Save", cancel_href=reverse("board_actions"),
    )  # fmt: skip


@login_required
@require_safe
def actions(request: HttpRequest) -> HttpResponse:
    """The action log."""
    rows = queries.open_actions(viewer_of(request))
    return show(request, "governance/actions.jinja", here="board_actions", rows=rows)


def _of_meeting(
    request: HttpRequest, form: Any, save: Any, row: Any, done: str, title: str, inset: str = ""
) -> HttpResponse:
    return asked(
        request, form, save, done=done, then=_page(row.pk), title=title, caption=date_time(timezone.localtime(row.starts_at)),
        submit_text="Save", cancel_href=_page(row.pk), inset=inset,
    )  # fmt: skip


def _of_item(
    request: HttpRequest, form: Any, save: Any, row: Any, done: str, title: str, desk: Desk | None = None
) -> HttpResponse:
    return asked(
        request, form, save, done=done, then=_page(row.meeting_id), desk=desk, title=title, caption=row.title,
        submit_text="Save", cancel_href=_page(row.meeting_id), is_illustration=bool(queries.stamp_of(viewer_of(request), row)),
    )  # fmt: skip
