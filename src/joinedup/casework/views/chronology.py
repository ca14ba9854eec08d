"""Pages of a case's chronology: narrowed, printed, put right, what matters marked; and the family tree."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import can
from joinedup.casework import queries, services
from joinedup.casework.forms.notes import ChronologyFilter, PutBackForm, SignificantForm, TakeOutForm
from joinedup.casework.permissions import MARK_ENTRY, PUT_BACK_ENTRY, RECTIFY_ENTRY
from joinedup.casework.queries import chronology as reading
from joinedup.casework.services.chronology import mark_entry, take_out_entry
from joinedup.casework.views.shared import GET_OR_POST, attempt, case_page, done, question, viewer_of
from joinedup.core.desk import Desk, uuid_of
from joinedup.core.documents import attachment, download
from joinedup.core.drafts import DraftForm, about_of, all_at_once, declare_form, ids_in
from joinedup.core.errors import NotPermitted
from joinedup.core.formats import london

_ON_A_PAGE = 50


def _of_entry(form: str, title: str, page: str) -> DraftForm:
    """A form about one entry of a case's chronology; the entry's number is carried as an id of its own."""

    def address(about: str) -> str:
        case_id, event = ids_in(about)
        return reverse(page, kwargs={"case_id": case_id, "event_id": event.int})

    return declare_form(form, title, address, shown=all_at_once(queries.cases_shown))


SIGNIFICANT = _of_entry("casework.entry_significant", "A significant entry", "case_entry_significant")
TAKING_OUT = _of_entry("casework.entry_out", "Taking an entry out", "case_entry_out")
PUTTING_BACK = _of_entry("casework.entry_back", "Putting an entry back", "case_entry_back")


def _desk(request: HttpRequest, form: DraftForm, case_id: UUID, event_id: int) -> Desk:
    return Desk(request, form, about_of(case_id, UUID(int=event_id)))


def _narrowed(request: HttpRequest) -> reading.Narrowed:
    """What the address narrows to; what cannot be read narrows nothing."""
    get = request.GET
    return reading.Narrowed(
        kind=get.get("kind", "")[:60],
        organisation_id=uuid_of(get.get("agency", "")),
        since=_day(request, "since"),
        until=_day(request, "until"),
        is_significant=get.get("significant") in {"1", "yes", "on", "true"},
    )


def _day(request: HttpRequest, name: str) -> date | None:
    get = request.GET
    try:
        parts = (int(get[f"{name}-{part}"]) for part in ("year", "month", "day"))
        day = date.fromisoformat(get[name]) if get.get(name) else date(*parts)
    except (ValueError, LookupError, OverflowError):
        return None
    return day if 1900 <= day.year <= 2200 else None


@login_required
@require_safe
def chronology(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What happened to the family, newest first and page by page, each with its part of the timeline."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="chronology")
    narrowed, after = _narrowed(request), request.GET.get("after", "")[:200]
    shown = reading.chronology_of(viewer, frame, narrowed, after=after, most=_ON_A_PAGE)
    asked = request.GET.copy()
    asked.pop("after", None)
    form = ChronologyFilter(
        kinds=shown.kinds,
        agencies=[(str(pk), name) for pk, name in shown.organisations],
        initial={
            "kind": narrowed.kind,
            "agency": str(narrowed.organisation_id or ""),
            "since": narrowed.since,
            "until": narrowed.until,
            "significant": narrowed.is_significant,
        },
    )
    return case_page(
        request,
        "casework/chronology.jinja",
        frame,
        tab="case_chronology",
        shown=shown,
        filter=form,
        figure=shown.figure(london(viewer.at).date()),
        query=asked.urlencode(),
        is_later_page=bool(after),
        is_narrowed=narrowed != reading.Narrowed(),
    )


@login_required
@require_safe
def chronology_file(request: HttpRequest, case_id: UUID, form: str) -> HttpResponse:
    """The chronology as it is narrowed, every entry of it, to print (page, PDF, Word) or as CSV."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="chronology printed")
    shown = reading.whole_chronology(viewer, frame, _narrowed(request))
    name = f"chronology-{frame.reference}"
    if form == "csv":
        return attachment(shown.table().as_csv(), "text/csv; charset=utf-8", f"{name}.csv")
    document = reading.chronology_document(viewer, frame, shown)
    if form in {"pdf", "docx"}:
        return download(document, form, name)
    if form != "page":
        raise Http404
    return render(request, "casework/document.jinja", {"document": document, "frame": frame})


@login_required
@require_http_methods(GET_OR_POST)
def entry_significant(request: HttpRequest, case_id: UUID, event_id: int) -> HttpResponse:
    """Say that an entry matters, and what it meant for the child."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="chronology")
    shown = reading.entry_of(viewer, frame, event_id)
    if shown.entry.taken_out is not None or not can(viewer, MARK_ENTRY, frame.row):
        raise NotPermitted("You may not mark this entry.", rule=f"permission:{MARK_ENTRY.name}")
    desk = _desk(request, SIGNIFICANT, case_id, event_id)
    form = SignificantForm(**desk.answers(), initial={"impact": shown.entry.impact})
    if request.method == "POST" and form.is_valid():
        impact = form.cleaned_data["impact"]
        marked = attempt(
            form,
            lambda: (
                mark_entry(
                    case=frame.row, event_id=event_id, is_significant=True, impact=impact, by=viewer, at=viewer.at
                )
                or True
            ),
        )
        if marked:
            desk.done()
            return done(request, "case_chronology", "Marked as significant.", case_id=case_id)
    return question(
        request, frame, form, "This entry is significant", submit_text="Save", intro=shown.what, desk=desk,
        entry_out=reverse("case_entry_out", args=[case_id, event_id]) if can(viewer, RECTIFY_ENTRY, frame.row) else "",
        back_href=reverse("case_chronology", args=[case_id]), back_text="Back to the chronology",
    )  # fmt: skip


@login_required
@require_POST
def entry_ordinary(request: HttpRequest, case_id: UUID, event_id: int) -> HttpResponse:
    """Take back that an entry matters."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    mark_entry(case=case, event_id=event_id, is_significant=False, by=viewer, at=viewer.at)
    return done(request, "case_chronology", "No longer marked as significant.", case_id=case_id)


@login_required
@require_http_methods(GET_OR_POST)
def entry_out(request: HttpRequest, case_id: UUID, event_id: int) -> HttpResponse:
    """Take an entry out, or record it about the right child."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="chronology")
    shown = reading.entry_of(viewer, frame, event_id)
    if shown.entry.taken_out is not None or not can(viewer, RECTIFY_ENTRY, frame.row):
        raise NotPermitted("You may not take this entry out.", rule=f"permission:{RECTIFY_ENTRY.name}")
    desk = _desk(request, TAKING_OUT, case_id, event_id)
    form = TakeOutForm(**desk.answers(), people=[(str(each.person_id), each.name) for each in frame.people])
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        out = attempt(
            form,
            lambda: (
                take_out_entry(
                    case=frame.row,
                    event_id=event_id,
                    code=clean["code"],
                    words=clean["words"],
                    people=[UUID(each) for each in clean["people"]],
                    by=viewer,
                    at=viewer.at,
                )
                or True
            ),
        )
        if out:
            desk.done()
            return done(request, "case_chronology", "The entry is taken out.", case_id=case_id)
    return question(
        request, frame, form, "Take this entry out", submit_text="Take it out", is_warning=True, intro=shown.what, desk=desk,
        back_href=reverse("case_chronology", args=[case_id]), back_text="Back to the chronology",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def entry_back(request: HttpRequest, case_id: UUID, event_id: int) -> HttpResponse:
    """A manager puts back what was taken out."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="chronology")
    shown = reading.entry_of(viewer, frame, event_id)
    if shown.entry.taken_out is None or not can(viewer, PUT_BACK_ENTRY, frame.row):
        raise NotPermitted("You may not put this entry back.", rule=f"permission:{PUT_BACK_ENTRY.name}")
    desk = _desk(request, PUTTING_BACK, case_id, event_id)
    form = PutBackForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]

        def put_back() -> bool:
            services.put_back_entry(case=frame.row, event_id=event_id, words=words, by=viewer, at=viewer.at)
            return True

        if attempt(form, put_back):
            desk.done()
            return done(request, "case_chronology", "The entry is put back.", case_id=case_id)
    return question(
        request, frame, form, "Put this entry back", submit_text="Put it back", intro=shown.what, desk=desk,
        back_href=reverse("case_chronology", args=[case_id]), back_text="Back to the chronology",
    )  # fmt: skip


@login_required
@require_safe
def family_tree(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The family as a tree, from the relationships that are recorded."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="family tree")
    figure = reading.case_family_tree(viewer, frame)
    return case_page(request, "casework/family_tree.jinja", frame, tab="case_chronology", figure=figure)


@login_required
@require_safe
def family_tree_csv(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The family tree's table."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="family tree")
    figure = reading.case_family_tree(viewer, frame)
    return attachment(figure.csv, "text/csv; charset=utf-8", f"family-{frame.reference}.csv")
