"""Pages of the letters to a family asked to a meeting: as they will go out, their words, and that they went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.casework import queries, services
from joinedup.casework.forms.meetings import LetterForm
from joinedup.casework.views.shared import GET_OR_POST, case_page, question, viewer_of
from joinedup.core.desk import Desk
from joinedup.core.documents import PDF, WORD, attachment
from joinedup.core.drafts import about_of, all_at_once, declare_form, ids_in
from joinedup.core.errors import NotPermitted, NotVisible, Refused, Stale
from joinedup.core.formats import count_noun
from joinedup.core.forms import resolve_conflict

WORDS = declare_form(
    "casework.meeting_letter",
    "Letter for a meeting",
    lambda about: reverse("case_letter_words", kwargs=dict(zip(("case_id", "meeting_id"), ids_in(about), strict=True))),
    shown=all_at_once(queries.cases_shown),
)


def _letters(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> tuple[queries.CaseFrame, queries.MeetingLetters]:
    frame, letters = queries.letters_for(viewer_of(request), case_id, meeting_id)
    if "change" not in letters.meeting.may:
        raise NotPermitted(
            "You may not write to the family about this meeting as it is now.",
            rule="permission:casework.change_meeting",
        )
    return frame, letters


@login_required
@require_safe
def letters(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Every letter as it will go out, and who gets none and why."""
    frame, found = _letters(request, case_id, meeting_id)
    return case_page(
        request, "casework/letters.jinja", frame, tab="case_meetings", letters=found, meeting=found.meeting
    )


@login_required
@require_safe
def printed(request: HttpRequest, case_id: UUID, meeting_id: UUID, form: str) -> HttpResponse:
    """All of them as one PDF or one Word file, each on sheets of its own."""
    _, found = _letters(request, case_id, meeting_id)
    if form == "page" or (form in {"pdf", "docx"} and not found.by_post):
        return redirect("case_meeting_letters", case_id=case_id, meeting_id=meeting_id)
    if form not in {"pdf", "docx"}:
        raise Http404
    content, kind = (found.letters.as_pdf(), PDF) if form == "pdf" else (found.letters.as_docx(), WORD)
    return attachment(content, kind, f"letters-{found.meeting.reference}.{form}")


@login_required
@require_http_methods(GET_OR_POST)
def words(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> HttpResponse:
    """What the letter says."""
    viewer = viewer_of(request)
    frame, found = _letters(request, case_id, meeting_id)
    desk = Desk(request, WORDS, about_of(case_id, meeting_id))
    answers = desk.answers()
    if desk.is_sent:
        answers["data"] = resolve_conflict(request.POST)
    form = LetterForm(**answers, initial={"words": found.words, "version": found.version})
    back = reverse("case_meeting_letters", args=[case_id, meeting_id])
    if request.method == "POST" and form.is_valid():
        said = {"words": form.cleaned_data["words"], "version": form.seen_version}
        try:
            services.write_letter(meeting=found.meeting.row, **said, by=viewer, at=viewer.at)
        except Stale as stale:
            return _both(request, frame, found, stale, back)
        except (NotVisible, NotPermitted):
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            desk.done()
            messages.success(request, "The letter is kept. Look at it before you print or send it.")
            return redirect(back)
    return question(
        request, frame, form, "What the letter says", submit_text="Save", desk=desk, back_href=back,
        back_text="Back to the letters",
        intro="The same words go to everybody. When and where, and whom to ring, are set below them.",
    )  # fmt: skip


def _both(
    request: HttpRequest, frame: queries.CaseFrame, found: queries.MeetingLetters, stale: Stale, back: str
) -> HttpResponse:
    texts = {name: stale.extra[name]["words"] for name in ("yours", "theirs")}
    context = {
        "frame": frame, "fields": [{"name": "words", "label": "What the letter says", **texts}], "hidden": [],
        "version": found.version, "saved_by": stale.sentence.partition(" changed this")[0], "differing": [],
        "cancel_href": back, "page_has_errors": True,
    }  # fmt: skip
    return render(request, "casework/plan_conflict.jinja", context, status=409)


@login_required
@require_POST
def send(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Send the letter by e-mail to those for whom that is safe."""
    viewer = viewer_of(request)
    row = queries.meeting_for_change(viewer, case_id, meeting_id)
    return _done(request, case_id, meeting_id, "sent by e-mail", services.email_letters, row)


@login_required
@require_POST
def posted(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Write down that the letters were printed and posted."""
    viewer = viewer_of(request)
    row = queries.meeting_for_change(viewer, case_id, meeting_id)
    return _done(request, case_id, meeting_id, "written down as posted", services.record_letters_posted, row)


def _done(
    request: HttpRequest, case_id: UUID, meeting_id: UUID, what: str, call: Callable[..., int], row: Any
) -> HttpResponse:
    viewer = viewer_of(request)
    try:
        count = call(meeting=row, by=viewer, at=viewer.at)
    except (NotVisible, NotPermitted):
        raise
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        verb = "is" if count == 1 else "are"
        messages.success(request, f"{count_noun(count, 'letter')} {verb} {what}.")
    return redirect("case_meeting_letters", case_id=case_id, meeting_id=meeting_id)
