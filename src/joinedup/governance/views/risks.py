"""Pages of the risk register: the grid, one risk, and what its keepers change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import can, check
from joinedup.core.desk import Desk, uuid_of
from joinedup.core.documents import attachment, download
from joinedup.core.spreadsheet import SPREADSHEET, workbook_of
from joinedup.governance import services
from joinedup.governance.forms.risks import (
    AppetiteForm,
    ControlForm,
    ImplicationsForm,
    OwnerForm,
    ReviewForm,
    RiskActionForm,
    RiskForm,
    WhyForm,
    WordsForm,
)
from joinedup.governance.kept import IMPLICATIONS, RISK, RISK_ACTION_DONE, RISK_REVIEW
from joinedup.governance.permissions import FINISH_RISK_ACTION, KEEP_RISK, RAISE_RISK, RUN_MEETINGS, SET_APPETITE
from joinedup.governance.queries import boards as board_queries
from joinedup.governance.queries import meetings as meeting_queries
from joinedup.governance.queries import risks as queries
from joinedup.governance.queries.risks import Wanted
from joinedup.governance.risk_document import register_document, register_table
from joinedup.governance.risk_scoring import RISK_KINDS, Score, months_on
from joinedup.governance.services import RiskSaid
from joinedup.governance.views.shared import (
    GET_OR_POST,
    asked,
    chosen,
    options,
    posted,
    show,
    viewer_of,
    whole,
)

ONLY = {"over": "Over what is accepted", "due": "Due to be reviewed", "closed": "Closed"}


def _page(risk_id: object) -> str:
    return reverse("risk", args=[risk_id])


def _wanted(request: HttpRequest) -> Wanted:
    """What the address narrows the register to; what it says wrongly is left out."""
    said = request.GET
    kind = said.get("kind", "")
    parts = said.get("cell", "").split("-")
    cell = Score(*(int(each) for each in parts)) if len(parts) == 2 and all(e in "12345" and e for e in parts) else None
    only = said.get("only", "")
    return Wanted(
        kind if kind in RISK_KINDS else "", uuid_of(said.get("board", "")), cell, only if only in ONLY else ""
    )


@login_required
@require_safe
def risks(request: HttpRequest) -> HttpResponse:
    """The register with its grid, whole or narrowed to a cell, a kind, a board, or what is over or due."""
    viewer, wanted = viewer_of(request), _wanted(request)
    page = queries.register(viewer, wanted)
    return show(
        request, "governance/risks.jinja", here="risks", page=page, wanted=wanted, kinds=RISK_KINDS, only=ONLY,
        may_raise=bool(_boards_to_raise(viewer)),
    )  # fmt: skip


def _boards_to_raise(viewer: Any) -> list[tuple[Any, str]]:
    names = board_queries.names_of_boards(viewer)
    found = [(each, names[each.pk]) for each in queries.boards_with_risks(viewer) if can(viewer, RAISE_RISK, each)]
    return sorted(found, key=lambda pair: pair[1])


@login_required
@require_safe
def file(request: HttpRequest, file_kind: str) -> HttpResponse:
    """The whole register as a workbook, a PDF or a Word document."""
    viewer = viewer_of(request)
    page = queries.register(viewer)
    if file_kind == "xlsx":
        tables = [register_table(page.lines), page.picture.table]
        return attachment(workbook_of(tables), SPREADSHEET, "risk-register.xlsx")
    if file_kind not in {"pdf", "docx"}:
        raise Http404
    document = register_document(page, printed_by=viewer.name, printed_at=viewer.at)
    return download(document, file_kind, "risk-register")


@login_required
@require_safe
def risk(request: HttpRequest, risk_id: UUID) -> HttpResponse:
    """One risk in full."""
    return show(request, "governance/risk.jinja", page=queries.risk_page(viewer_of(request), risk_id))


@login_required
@require_http_methods(GET_OR_POST)
def new(request: HttpRequest) -> HttpResponse:
    """Put a risk on the register."""
    viewer = viewer_of(request)
    boards = {str(each.pk): (each, name) for each, name in _boards_to_raise(viewer)}
    if not boards:
        check(viewer, RAISE_RISK)
    owners = queries.owners_to_choose(viewer, RAISE_RISK.roles)
    desk = Desk(request, RISK)
    form = RiskForm(
        **desk.answers(), initial={"review_months": "3"},
        offers={"board": options((key, name) for key, (_, name) in boards.items()), "owner": _owners(owners)},
    )  # fmt: skip
    made: list[UUID] = []

    def save() -> None:
        clean = form.cleaned_data
        said = RiskSaid(
            clean["kind"], clean["title"], clean["cause"], clean["event"], clean["effect"], form.scores(),
            int(clean["review_months"]), clean["kind_words"],
        )  # fmt: skip
        row = services.raise_risk(
            board=boards[clean["board"]][0], said=said, owner=chosen(owners.values(), clean["owner"]), by=viewer, at=viewer.at
        )  # fmt: skip
        made.append(row.pk)

    return asked(
        request, form, save, desk=desk, done="The risk is on the register.", then=lambda: _page(made[0]),
        title="Put a risk on the register", submit_text="Save", cancel_href=reverse("risks"),
    )  # fmt: skip


def _owners(found: dict[UUID, Any]) -> list[Any]:
    return options((key, f"{each.account.name}, {each.title}") for key, each in found.items())


def _keeping(request: HttpRequest, risk_id: UUID) -> tuple[Any, Any]:
    viewer = viewer_of(request)
    row = queries.risk_for(viewer, risk_id)
    check(viewer, KEEP_RISK, row)
    return viewer, row


@login_required
@require_http_methods(GET_OR_POST)
def review(request: HttpRequest, risk_id: UUID) -> HttpResponse:
    """Score it again."""
    viewer, row = _keeping(request, risk_id)
    page = queries.risk_page(viewer, risk_id)
    last = page.reviews[-1]
    first: dict[str, Any] = {
        f"{name}_{side}": str(getattr(getattr(last, name), side))
        for name in ("inherent", "current", "target")
        for side in ("likelihood", "impact")
    }
    day = timezone.localdate(viewer.at)
    first |= {"number": page.number, "next_review_on": months_on(day, row.review_months)}
    desk = Desk(request, RISK_REVIEW, str(risk_id))
    form = ReviewForm(**desk.answers(), initial=first)

    def save() -> None:
        clean = form.cleaned_data
        services.review_risk(
            risk=row, scores=form.scores(), why=clean["why"], next_review_on=clean["next_review_on"],
            number=whole(clean["number"]), by=viewer, at=viewer.at,
        )  # fmt: skip

    return asked(
        request, form, save, desk=desk, done="The review is recorded. Earlier scores stay.", then=_page(risk_id),
        title="Review the risk", caption=row.title, submit_text="Save", cancel_href=_page(risk_id),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def control(request: HttpRequest, risk_id: UUID) -> HttpResponse:
    """Something that keeps it in check."""
    viewer, row = _keeping(request, risk_id)
    form = ControlForm(posted(request))

    def save() -> None:
        clean = form.cleaned_data
        services.add_control(risk=row, words=clean["words"], works=clean["works"], by=viewer, at=viewer.at)

    return _of_risk(request, form, save, row, "The control is recorded.", "Add a control")


@login_required
@require_http_methods(GET_OR_POST)
def control_end(request: HttpRequest, risk_control_id: UUID) -> HttpResponse:
    """A control is no longer there."""
    viewer = viewer_of(request)
    found = queries.control_for(viewer, risk_control_id)
    check(viewer, KEEP_RISK, found.risk)
    form = WhyForm(posted(request))

    def save() -> None:
        reason = form.cleaned_data["why"]
        services.end_control(risk=found.risk, control=found, reason=reason, by=viewer, at=viewer.at)

    return _of_risk(request, form, save, found.risk, "The control has ended.", "End a control", found.words)


@login_required
@require_http_methods(GET_OR_POST)
def action(request: HttpRequest, risk_id: UUID) -> HttpResponse:
    """Something to be done about it."""
    viewer, row = _keeping(request, risk_id)
    owners = queries.owners_to_choose(viewer, RAISE_RISK.roles)
    form = RiskActionForm(posted(request), offers={"owner": _owners(owners)})

    def save() -> None:
        clean = form.cleaned_data
        services.set_risk_action(
            risk=row, words=clean["words"], owner=chosen(owners.values(), clean["owner"]), due_on=clean["due_on"], by=viewer,
            at=viewer.at,
        )  # fmt: skip

    return _of_risk(request, form, save, row, "The action is recorded.", "Add an action")


@login_required
@require_http_methods(GET_OR_POST)
def action_done(request: HttpRequest, risk_action_id: UUID) -> HttpResponse:
    """It is done."""
    viewer = viewer_of(request)
    found = queries.risk_action_for(viewer, risk_action_id)
    check(viewer, FINISH_RISK_ACTION, found)
    desk = Desk(request, RISK_ACTION_DONE, str(risk_action_id))
    form = WordsForm(**desk.answers())

    def save() -> None:
        services.finish_risk_action(action=found, words=form.cleaned_data["words"], by=viewer, at=viewer.at)

    return _of_risk(request, form, save, found.risk, "Recorded as done.", "Record an action as done", found.words, desk)


@login_required
@require_http_methods(GET_OR_POST)
def owner(request: HttpRequest, risk_id: UUID) -> HttpResponse:
    """Somebody else looks after it."""
    viewer, row = _keeping(request, risk_id)
    owners = queries.owners_to_choose(viewer, RAISE_RISK.roles)
    form = OwnerForm(posted(request), initial={"owner": str(row.owner_id)}, offers={"owner": _owners(owners)})

    def save() -> None:
        post = chosen(owners.values(), form.cleaned_data["owner"])
        services.change_owner(risk=row, owner=post, by=viewer, at=viewer.at)

    return _of_risk(request, form, save, row, "Recorded who looks after it.", "Change who looks after it")


@login_required
@require_http_methods(GET_OR_POST)
def close(request: HttpRequest, risk_id: UUID) -> HttpResponse:
    """It can no longer happen."""
    viewer, row = _keeping(request, risk_id)
    form = WhyForm(posted(request))

    def save() -> None:
        services.close_risk(risk=row, why=form.cleaned_data["why"], by=viewer, at=viewer.at)

    return _of_risk(request, form, save, row, "The risk is closed. It stays on the register.", "Close the risk")


def _of_risk(
    request: HttpRequest,
    form: Any,
    save: Any,
    row: Any,
    done: str,
    title: str,
    caption: str = "",
    desk: Desk | None = None,
) -> HttpResponse:
    return asked(
        request, form, save, done=done, then=_page(row.pk), desk=desk, title=title, caption=caption or row.title,
        submit_text="Save", cancel_href=_page(row.pk),
    )  # fmt: skip


@login_required
@require_safe
def appetite(request: HttpRequest, board_id: UUID) -> HttpResponse:
    """What a board accepts of each kind."""
    viewer = viewer_of(request)
    row = board_queries.board_for(viewer, board_id)
    return show(
        request, "governance/appetite.jinja", board=row, name=board_queries.names_of_boards(viewer)[board_id],
        rows=queries.appetite_table(viewer, board_id), may_set=can(viewer, SET_APPETITE, row),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def set_appetite(request: HttpRequest, board_id: UUID) -> HttpResponse:
    """Write down what a board accepts."""
    viewer = viewer_of(request)
    row = board_queries.board_for(viewer, board_id)
    check(viewer, SET_APPETITE, row)
    form = AppetiteForm(posted(request), initial={"starts_on": timezone.localdate(viewer.at)})
    back = reverse("risk_appetite", args=[board_id])

    def save() -> None:
        clean = form.cleaned_data
        services.set_appetite(
            board=row, kind=clean["kind"], most=clean["most"], words=clean["words"], source=clean["source"],
            starts_on=clean["starts_on"], by=viewer, at=viewer.at,
        )  # fmt: skip

    return asked(
        request, form, save, done="Written down.", then=back, title="What the board accepts",
        caption=board_queries.names_of_boards(viewer)[board_id], submit_text="Save", cancel_href=back,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def implications(request: HttpRequest, agenda_item_id: UUID) -> HttpResponse:
    """What a proposal means for money and the environment, and on which risks it bears."""
    viewer = viewer_of(request)
    row = meeting_queries.item_for(viewer, agenda_item_id)
    check(viewer, RUN_MEETINGS, row)
    last = queries.implications_of(viewer, [row.pk]).get(row.pk)
    lines = queries.risk_lines(viewer)
    first = {} if last is None else {
        "financial": last.financial, "environmental": last.environmental,
        "risks": [str(each.risk_id) for each in last.risks.all()],
    }  # fmt: skip
    desk = Desk(request, IMPLICATIONS, str(agenda_item_id))
    form = ImplicationsForm(
        **desk.answers(), initial=first, offers={"risks": options((each.id, each.title) for each in lines)}
    )
    if not lines:
        del form.fields["risks"]
    back = reverse("board_meeting", args=[row.meeting_id])

    def save() -> None:
        clean = form.cleaned_data
        wanted = [queries.risk_for(viewer, UUID(each)) for each in clean.get("risks") or ()]
        services.write_implications(
            item=row, financial=clean["financial"], environmental=clean["environmental"], risks=wanted, by=viewer, at=viewer.at
        )  # fmt: skip

    return asked(
        request, form, save, desk=desk, done="Written down with the item.", then=back, title="What it means", caption=row.title,
        submit_text="Save", cancel_href=back,
    )  # fmt: skip
