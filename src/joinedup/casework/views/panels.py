"""Pages of pathways and panels: which pathway a case is on, asking the panel, its dates and lists, one request, deciding."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.casework import permissions as may
from joinedup.casework import queries, services
from joinedup.casework.forms.cases import ReasonForm
from joinedup.casework.forms.panels import (
    PARTNERSHIP,
    AskForm,
    ConveneForm,
    DecideForm,
    DisagreeForm,
    PathwayForm,
    WordsForm,
)
from joinedup.casework.panel_document import decision_letters
from joinedup.casework.views.shared import GET_OR_POST, attempt, done, frame_to, question, viewer_of
from joinedup.core.desk import Desk
from joinedup.core.documents import PDF, WORD, attachment
from joinedup.core.drafts import DraftForm, all_at_once, declare_form
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.formats import count_noun, date_with_weekday, london, time_short
from joinedup.core.forms import Form, Option

if TYPE_CHECKING:
    from joinedup.casework.models import Panel
    from joinedup.organisations.models import Post, Team

_CASES, _REQUESTS, _PANELS = (
    all_at_once(queries.cases_shown),
    all_at_once(queries.requests_shown),
    all_at_once(queries.panels_shown),
)
PATHWAY = declare_form(
    "casework.change_pathway", "Put a case on another pathway",
    lambda about: reverse("case_pathway", kwargs={"case_id": about}), shown=_CASES,
)  # fmt: skip
ASKING = declare_form(
    "casework.ask_panel", "Ask the panel", lambda about: reverse("panel_ask", kwargs={"case_id": about}), shown=_CASES
)
CONVENING = declare_form("casework.convene_panel", "Name a panel’s date", lambda about: reverse("panel_new"))
CANCELLING = declare_form(
    "casework.cancel_panel", "Cancel a panel", lambda about: reverse("panel_cancel", kwargs={"panel_id": about}),
    shown=_PANELS,
)  # fmt: skip


def _of_request(name: str, title: str, page: str) -> DraftForm:
    return declare_form(
        f"casework.panel_{name}",
        title,
        lambda about: reverse(page, kwargs={"panel_request_id": about}),
        shown=_REQUESTS,
    )


WRITING = _of_request("contribution", "Write for the panel", "panel_write")
DECIDING = _of_request("decision", "What the panel decided", "panel_decide")
DISAGREEING = _of_request("disagreement", "Not agreed with the panel", "panel_disagree")
WITHDRAWING = _of_request("withdrawal", "Withdraw a request to the panel", "panel_withdraw")


# --- In the case.


@login_required
@require_http_methods(GET_OR_POST)
def pathway(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Which pathway the case is on and was, and putting it on another."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, may.CHANGE_PATHWAY)
    on = timezone.localdate(viewer.at)
    desk = Desk(request, PATHWAY, str(case_id))
    choices = [
        Option(each.code, each.name, each.summary)
        for each in queries.pathways_open(on)
        if each.code != frame.pathway.code and frame.level in each.levels
    ]
    form = PathwayForm(**desk.answers(), pathways=choices, initial={"version": frame.version})
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        call = lambda: services.change_pathway(  # noqa: E731
            case=frame.row, pathway=clean["pathway"], reason=clean["reason"], version=form.seen_version, by=viewer, at=viewer.at
        )  # fmt: skip
        if attempt(form, call) is not None:
            desk.done()
            return done(
                request, "case", "The pathway is changed. Team, plan and level stay as they were.", case_id=case_id
            )
    history = queries.pathway_history(viewer, frame.row)
    context = {
        "frame": frame, "form": form, "title": "Put the case on another pathway", "desk": desk, "submit_text": "Change the pathway",
        "intro": f"It is on {frame.pathway.name} now. Team, plan and level stay as they are.", "history": history,
    }  # fmt: skip
    return render(request, "casework/pathway_form.jinja", context)


@login_required
@require_http_methods(GET_OR_POST)
def ask(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask the panel about a child: one referral for every service."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, may.ASK_PANEL)
    terms = frame.pathway.panel
    if terms is None:
        raise Http404
    desk = Desk(request, ASKING, str(case_id))
    children = [(str(each.person_id), each.name) for each in frame.children]
    form = AskForm(**desk.answers(), children=children, services=terms.services, initial=_only_child(children))
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        asked = attempt(
            form,
            lambda: services.ask_panel(
                case=frame.row, child_id=UUID(clean["child"]), words=clean["words"], services=form.asked_for, by=viewer,
                at=viewer.at,
            ),
        )  # fmt: skip
        if asked is not None:
            desk.done()
            return done(
                request, "panel_request", "The panel is asked. Say which papers are there.", panel_request_id=asked.pk
            )
    return question(
        request, frame, form, "Ask the panel", submit_text="Ask the panel", desk=desk,
        intro=f"It decides within {count_noun(terms.working_days, 'working day')} of today.",
    )  # fmt: skip


def _only_child(children: list[tuple[str, str]]) -> dict[str, str]:
    return {"child": children[0][0]} if len(children) == 1 else {}


# --- The panel's dates.


@login_required
@require_safe
def panels(request: HttpRequest) -> HttpResponse:
    """The dates of the panels somebody holds or sits on, and what waits for one."""
    return render(request, "casework/panels.jinja", {"page": queries.panels(viewer_of(request))})


@login_required
@require_http_methods(GET_OR_POST)
def panel_new(request: HttpRequest) -> HttpResponse:
    """Name a date and the panel's people, beginning with those of the last one."""
    viewer = viewer_of(request)
    teams = queries.teams_to_convene(viewer)
    if not teams:
        raise Http404
    desk = Desk(request, CONVENING)
    form = ConveneForm(
        **desk.answers(), teams=[*((str(team.pk), team.name) for team in teams), (PARTNERSHIP, "The whole partnership")],
        earliest=london(viewer.at).date(),
        initial={"team": str(teams[0].pk), "people": "\n".join(queries.addresses_of_last(viewer, teams[0].pk))},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["team"]
        team = next((each for each in teams if str(each.pk) == chosen), None)
        named = attempt(form, lambda: _convene(request, form, team))
        if named is not None:
            desk.done()
            return done(request, "panel", "The panel is named, and its people are written to.", panel_id=named.pk)
    back = reverse("panels")
    context = {"form": form, "title": "Name a panel’s date", "back_href": back, "cancel_href": back, "desk": desk}
    return render(request, "core/question.jinja", context | {"submit_text": "Name the panel"})


def _convene(request: HttpRequest, form: ConveneForm, team: Team | None) -> Panel:
    viewer, clean = viewer_of(request), form.cleaned_data
    when: dict[str, Any] = {
        "starts_at": timezone.make_aware(datetime.combine(clean["on"], clean["time"])), "place": clean["place"],
        "posts": _people(viewer, form.addresses, "people"), "by": viewer, "at": viewer.at,
    }  # fmt: skip
    if team is not None:
        return services.convene_panel(team=team, **when)
    return services.convene_partnership_panel(chair=_people(viewer, [clean["chair"]], "chair")[0], **when)


def _people(viewer: Actor, addresses: list[str], field: str) -> list[Post]:
    posts, unknown = queries.people_of_addresses(viewer, addresses)
    if unknown:
        raise Refused(f"Nobody who could sit on a panel has this address now: {', '.join(unknown)}.", field=field)
    return posts


@login_required
@require_safe
def panel(request: HttpRequest, panel_id: UUID) -> HttpResponse:
    """One date: its people, its list, and what could be put on it."""
    return render(request, "casework/panel.jinja", {"panel": queries.panel(viewer_of(request), panel_id)})


@login_required
@require_POST
def panel_list(request: HttpRequest, panel_id: UUID, panel_request_id: UUID) -> HttpResponse:
    """Put a request on the list of a date."""
    viewer = viewer_of(request)
    held = queries.panel_for_change(viewer, panel_id)
    asked = queries.request_for_change(viewer, panel_request_id)
    try:
        services.list_request(panel=held, request=asked, by=viewer, at=viewer.at)
    except (NotVisible, NotPermitted):
        raise
    except Refused as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, f"{asked.reference} is on the list.")
    return redirect("panel", panel_id=panel_id)


@login_required
@require_http_methods(GET_OR_POST)
def panel_cancel(request: HttpRequest, panel_id: UUID) -> HttpResponse:
    """The panel does not meet: why."""
    viewer = viewer_of(request)
    held = queries.panel_for_change(viewer, panel_id)
    check(viewer, may.HOLD_PANEL, held)
    desk = Desk(request, CANCELLING, str(panel_id))
    form = ReasonForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.cancel_panel(panel=held, reason=reason, by=viewer, at=viewer.at)):
            desk.done()
            return done(request, "panels", "The panel is cancelled. What was on its list waits for another.")
    back = reverse("panel", args=[panel_id])
    local = london(held.starts_at)
    context = {
        "form": form, "title": "Cancel the panel", "back_href": back, "cancel_href": back, "desk": desk,
        "submit_text": "Cancel the panel", "caption": f"{date_with_weekday(local.date())} at {time_short(local)}",
    }  # fmt: skip
    return render(request, "core/question.jinja", context)


# --- One request.


def _page(request: HttpRequest, seen: queries.PanelRequestSeen, form: Form, title: str, **more: object) -> HttpResponse:
    """One question about a request."""
    context = {"seen": seen, "form": form, "title": title, **more}
    return render(request, "casework/panel_question.jinja", context)


def _changing(request: HttpRequest, panel_request_id: UUID, what: str) -> queries.PanelRequestSeen:
    """A request that the viewer may do this with now."""
    seen = queries.panel_request(viewer_of(request), panel_request_id)
    if what not in seen.may:
        raise NotPermitted("You may not do that with this request as it is now.", rule="permission:casework.panel")
    return seen


@login_required
@require_safe
def panel_request(request: HttpRequest, panel_request_id: UUID) -> HttpResponse:
    """One request: what was asked, its papers, what partners wrote, what was decided and who was told."""
    seen = queries.panel_request(viewer_of(request), panel_request_id)
    return render(request, "casework/panel_request.jinja", {"seen": seen})


@login_required
@require_POST
def panel_papers(request: HttpRequest, panel_request_id: UUID) -> HttpResponse:
    """Which papers are there."""
    viewer = viewer_of(request)
    seen = _changing(request, panel_request_id, "papers")
    sent = request.POST.get("version", "")
    saved = services.say_papers(
        request=seen.row, papers=request.POST.getlist("papers"), version=int(sent) if sent.isdecimal() and len(sent) < 8 else 0,
        by=viewer, at=viewer.at,
    )  # fmt: skip
    words = (
        "The papers are complete: it can be put on a list."
        if saved.state == "complete"
        else "Saved. Some papers are still wanted."
    )
    return done(request, "panel_request", words, panel_request_id=panel_request_id)


@login_required
@require_http_methods(GET_OR_POST)
def panel_write(request: HttpRequest, panel_request_id: UUID) -> HttpResponse:
    """What the viewer's agency knows or can give."""
    viewer = viewer_of(request)
    seen = _changing(request, panel_request_id, "contribute")
    desk = Desk(request, WRITING, str(panel_request_id))
    form = WordsForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        if attempt(form, lambda: services.contribute(request=seen.row, words=words, by=viewer, at=viewer.at)):
            desk.done()
            return done(
                request, "panel_request", "What you wrote stands with the request.", panel_request_id=panel_request_id
            )
    return _page(request, seen, form, "Write for the panel", submit_text="Add it", desk=desk)


@login_required
@require_http_methods(GET_OR_POST)
def panel_decide(request: HttpRequest, panel_request_id: UUID) -> HttpResponse:
    """The decision page: who was there, what was decided about each service and why, and what the family is told."""
    viewer = viewer_of(request)
    seen = _changing(request, panel_request_id, "decide")
    held = queries.panel(viewer, seen.row.panel_id)  # type: ignore[arg-type]
    desk = Desk(request, DECIDING, str(panel_request_id))
    form = DecideForm(
        **desk.answers(), terms=seen.terms, services={each.id: each.name for each in seen.services if each.is_open},
        seats=[Option(str(each.id), f"{each.name}, {each.title}", each.organisation) for each in held.seats],
        initial={"version": seen.version, "came": [str(each.id) for each in held.seats if each.came is not False]},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = services.PanelSaid(
            came=frozenset(UUID(each) for each in form.cleaned_data["came"]), verdicts=form.verdicts,
            words_for_family=form.cleaned_data["words_for_family"],
        )  # fmt: skip
        call = lambda: services.decide_request(  # noqa: E731
            panel=held.row, request=seen.row, said=said, version=form.seen_version, by=viewer, at=viewer.at
        )
        decided = attempt(form, call)
        if decided is not None:
            desk.done()
            told = "The family has been written to." if decided.family_told_by else "The family is still to be told."
            return done(
                request, "panel_request", f"The decision is written down. {told}", panel_request_id=panel_request_id
            )
    return _page(request, seen, form, "What did the panel decide?", submit_text="Write down the decision", desk=desk)


@login_required
@require_http_methods(GET_OR_POST)
def panel_disagree(request: HttpRequest, panel_request_id: UUID) -> HttpResponse:
    """Somebody does not agree: the panel looks at it again."""
    viewer = viewer_of(request)
    seen = _changing(request, panel_request_id, "disagree")
    desk = Desk(request, DISAGREEING, str(panel_request_id))
    form = DisagreeForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        if attempt(form, lambda: services.disagree_with_panel(request=seen.row, words=words, by=viewer, at=viewer.at)):
            desk.done()
            return done(request, "panel_request", "The panel looks at it again.", panel_request_id=panel_request_id)
    return _page(request, seen, form, "Somebody does not agree", submit_text="Ask the panel to look again", desk=desk)


@login_required
@require_http_methods(GET_OR_POST)
def panel_withdraw(request: HttpRequest, panel_request_id: UUID) -> HttpResponse:
    """The panel is asked no more: why."""
    viewer = viewer_of(request)
    seen = _changing(request, panel_request_id, "withdraw")
    desk = Desk(request, WITHDRAWING, str(panel_request_id))
    form = ReasonForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(
            form, lambda: services.withdraw_panel_request(request=seen.row, reason=reason, by=viewer, at=viewer.at)
        ):
            desk.done()
            return done(request, "panel_request", "The request is withdrawn.", panel_request_id=panel_request_id)
    return _page(request, seen, form, "Withdraw the request", submit_text="Withdraw it", desk=desk, is_warning=True)


@login_required
@require_POST
def panel_told(request: HttpRequest, panel_request_id: UUID) -> HttpResponse:
    """The family was told, by letter or in person."""
    viewer = viewer_of(request)
    seen = _changing(request, panel_request_id, "tell")
    told_by = "letter" if request.POST.get("told_by") == "letter" else "in_person"
    try:
        services.tell_family_of_decision(request=seen.row, told_by=told_by, by=viewer, at=viewer.at)
    except (NotVisible, NotPermitted):
        raise
    except Refused as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, "Written down: the family was told.")
    return redirect("panel_request", panel_request_id=panel_request_id)


@login_required
@require_safe
def panel_letter(request: HttpRequest, panel_request_id: UUID, form: str) -> HttpResponse:
    """What the panel decided, as a letter to the family, in PDF or Word."""
    viewer = viewer_of(request)
    seen = _changing(request, panel_request_id, "letter")
    if form not in {"pdf", "docx"}:
        raise Http404
    frame = queries.case_frame(viewer, seen.row.case_id, purpose="letter of the panel")
    letters = decision_letters(seen, frame, viewer)
    content, kind = (letters.as_pdf(), PDF) if form == "pdf" else (letters.as_docx(), WORD)
    return attachment(content, kind, f"panel-{seen.line.reference}.{form}")
