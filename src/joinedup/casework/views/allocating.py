"""Pages of the allocation meeting: the list that fills itself, deciding about one family after the other, the minutes."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import check
from joinedup.casework.allocating import Decided, Waiting, Why
from joinedup.casework.allocation_document import allocation_document, outcome_of
from joinedup.casework.forms.allocating import DecideForm, EndForm
from joinedup.casework.permissions import HOLD_ALLOCATION
from joinedup.casework.queries import allocating as reading
from joinedup.casework.services.allocating import begin_allocation, decide_allocation, end_allocation
from joinedup.casework.views.shared import GET_OR_POST, attempt, done, viewer_of
from joinedup.core.desk import Desk, uuid_of
from joinedup.core.documents import download
from joinedup.core.drafts import about_of, all_at_once, declare_form, ids_in
from joinedup.core.errors import NotPermitted, NotVisible
from joinedup.core.formats import london

_SHOWN = all_at_once(reading.allocations_shown)
DECISION = declare_form(
    "casework.allocation_decision", "Decision of an allocation meeting",
    lambda about: reverse("allocation_decide", kwargs=dict(zip(("allocation_id", "waits_id"), ids_in(about), strict=True))),
    shown=_SHOWN,
)  # fmt: skip
END = declare_form(
    "casework.allocation_end", "Minutes of an allocation meeting",
    lambda about: reverse("allocation_end", kwargs={"allocation_id": about}), shown=_SHOWN,
)  # fmt: skip


@login_required
@require_safe
def allocations(request: HttpRequest) -> HttpResponse:
    """The list of each team the viewer manages."""
    viewer = viewer_of(request)
    teams = reading.teams_to_allocate(viewer)
    if not teams:
        check(viewer, HOLD_ALLOCATION)
        raise NotVisible
    chosen = uuid_of(request.GET.get("team", ""))
    team = next((each for each in teams if each.pk == chosen), teams[0])
    page = reading.allocation_page(viewer, team.pk)
    here = reverse("allocations")
    tabs = [{"text": each.name, "href": f"{here}?team={each.pk}", "active": each.pk == team.pk} for each in teams]
    return render(
        request, "casework/allocations.jinja", {"page": page, "tabs": tabs if len(tabs) > 1 else [], "now": viewer.at}
    )


@login_required
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a team's meeting."""
    viewer = viewer_of(request)
    team_id = uuid_of(request.POST.get("team", ""))
    if team_id is None:
        raise NotVisible
    team = reading.team_to_allocate(viewer, team_id)
    begin_allocation(team=team, by=viewer, at=viewer.at)
    return redirect(f"{reverse('allocations')}?team={team.pk}")


@login_required
@require_http_methods(GET_OR_POST)
def decide(request: HttpRequest, allocation_id: UUID, waits_id: UUID) -> HttpResponse:
    """Decide about one family; the next follows by itself."""
    viewer = viewer_of(request)
    meeting = reading.allocation_meeting(viewer, allocation_id)
    if meeting.ended_at is not None:
        raise NotPermitted("This allocation meeting has ended. Its decisions stay as they are.", rule="CW-526")
    case, waiting = reading.waiting_to_decide(viewer, meeting, waits_id)
    candidates = reading.candidates_for(viewer, meeting, waiting)
    desk = Desk(request, DECISION, about_of(allocation_id, waits_id))
    suggested = waiting.suggested
    form = DecideForm(
        **desk.answers(),
        posts=[(str(each.post_id), f"{each.name}: {each.words}") for each in candidates],
        back=_back(waiting), today=london(viewer.at).date(),
        initial={"decision": "offer" if suggested else None, "post": str(suggested.post_id) if suggested else None},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        said = Decided(clean["decision"], clean["reason"], uuid_of(clean["post"] or ""), clean["hold_until"])
        call = lambda: decide_allocation(meeting=meeting.row, case=case, said=said, by=viewer, at=viewer.at)  # noqa: E731
        if attempt(form, call) is not None:
            desk.done()
            following = reading.next_to_decide(viewer, meeting.team_id, meeting.id)
            if following is not None:
                return done(
                    request, "allocation_decide", f"Decided: {waiting.reference}.", allocation_id=meeting.id, waits_id=following
                )  # fmt: skip
            return done(
                request, "allocation", f"Decided: {waiting.reference}. Nobody else waits.", allocation_id=meeting.id
            )
    context = {"meeting": meeting, "waiting": waiting, "form": form, "desk": desk, "now": viewer.at}
    return render(request, "casework/allocation_decide.jinja", context)


def _back(waiting: Waiting) -> str:
    """Where it would go back to, in words; empty where it cannot."""
    if not waiting.may_go_back:
        return ""
    if waiting.step_id is not None:
        return "Refuse the step: it stays with the team that asks"
    if Why.NEW in waiting.why:
        return "Back to the front door: it answers by its clock, and until then you hold the duty"
    return f"It stays with {waiting.led_by}" if waiting.led_by else "It stays with you, who hold the duty"


@login_required
@require_safe
def allocation(request: HttpRequest, allocation_id: UUID) -> HttpResponse:
    """One meeting and what it decided."""
    meeting = reading.allocation_meeting(viewer_of(request), allocation_id)
    return render(request, "casework/allocation.jinja", {"meeting": meeting, "outcome_of": outcome_of})


@login_required
@require_safe
def printed(request: HttpRequest, allocation_id: UUID, form: str) -> HttpResponse:
    """The minutes to print or keep."""
    viewer = viewer_of(request)
    meeting = reading.allocation_meeting(viewer, allocation_id)
    document = allocation_document(meeting, printed_by=viewer.name, printed_at=viewer.at)
    if form in {"pdf", "docx"}:
        return download(document, form, f"allocation-{meeting.reference}")
    if form != "page":
        raise Http404
    back = reverse("allocation", args=[allocation_id])
    return render(request, "casework/oversight_document.jinja", {"document": document, "back_href": back})


@login_required
@require_http_methods(GET_OR_POST)
def end(request: HttpRequest, allocation_id: UUID) -> HttpResponse:
    """End the meeting."""
    viewer = viewer_of(request)
    meeting = reading.allocation_meeting(viewer, allocation_id)
    if meeting.ended_at is not None:
        return redirect("allocation", allocation_id=allocation_id)
    desk = Desk(request, END, str(allocation_id))
    form = EndForm(**desk.answers(), initial={"present": viewer.name})
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        call = lambda: end_allocation(  # noqa: E731
            meeting=meeting.row, present=clean["present"], words=clean["words"], version=meeting.version, by=viewer,
            at=viewer.at,
        )  # fmt: skip
        if attempt(form, call) is not None:
            desk.done()
            return done(request, "allocation", "The meeting has ended.", allocation_id=allocation_id)
    back = reverse("allocations")
    context = {
        "form": form, "title": "End the meeting", "caption": f"{meeting.team}, {meeting.reference}", "desk": desk,
        "back_href": back, "cancel_href": back, "submit_text": "End the meeting",
    }  # fmt: skip
    return render(request, "core/question.jinja", context)
