"""Answering young people: what waits, one question, who answers and who stands in, and what is published of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.middleware import viewer_of
from joinedup.access.permissions import can
from joinedup.core.asking import attempt, posted, pressed
from joinedup.core.desk import Desk
from joinedup.core.drafts import declare_form, unsaid
from joinedup.directory import services
from joinedup.directory.forms_young import AnswererForm, ApproveForm, AwayForm, YoungAnswerForm, YoungPublishForm
from joinedup.directory.permissions import KEEP_ANSWERERS
from joinedup.directory.queries import advising, young
from joinedup.directory.services.advising import AdviceSaid
from joinedup.directory.young_lifecycle import QUESTION_LABELS, QuestionState

ANSWER = declare_form(
    "directory.young_answer",
    "Answer to a young person",
    lambda about: reverse("young_question", args=[about]),
    says=unsaid,
)
PUBLISH = declare_form(
    "directory.young_publish", "Answer for everybody", lambda about: reverse("young_publish", args=[about]), says=unsaid
)


@login_required
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """What waits."""
    viewer = viewer_of(request)
    context = {
        "pages": young.young_questions(viewer), "labels": {str(key): words for key, words in QUESTION_LABELS.items()},
        "waiting": advising.advice_waiting(viewer), "keeps": can(viewer, KEEP_ANSWERERS),
    }  # fmt: skip
    return render(request, "directory/young/questions.jinja", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, young_question_id: UUID) -> HttpResponse:
    """One question, and its answer."""
    viewer = viewer_of(request)
    page = young.question_page(viewer, young_question_id)
    desk = Desk(request, ANSWER, str(young_question_id))
    form = YoungAnswerForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        sent = attempt(
            form,
            lambda: services.answer_question(
                question=page.question,
                version=page.question.version,
                answer=form.cleaned_data["answer"],
                by=viewer,
                at=viewer.at,
            ),
        )
        if sent is not None:
            desk.done()
            messages.success(request, "Your answer is there for whoever has the code.")
            return redirect("young_question", young_question_id)
    return render(request, "directory/young/question.jinja", {"page": page, "form": form, "desk": desk})


@login_required
@require_POST
def hold(request: HttpRequest, young_question_id: UUID) -> HttpResponse:
    """Somebody has it."""
    viewer = viewer_of(request)
    page = young.question_page(viewer, young_question_id)
    return pressed(
        request, lambda: services.hold_question(question=page.question, by=viewer, at=viewer.at),
        "You have this question. Others are told no more.", reverse("young_question", args=[young_question_id]),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, young_question_id: UUID) -> HttpResponse:
    """An answered question in words for everybody; another person approves it."""
    viewer = viewer_of(request)
    page = young.question_page(viewer, young_question_id)
    desk = Desk(request, PUBLISH, str(young_question_id))
    form = YoungPublishForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        said = AdviceSaid("answer", form.cleaned_data["title"], form.cleaned_data["words"], is_for_young=True)
        sent = attempt(form, lambda: services.write_advice(said=said, by=viewer, at=viewer.at))
        if sent is not None:
            desk.done()
            messages.success(request, "It is public once somebody else has approved it.")
            return redirect("young_questions")
    is_answered = page.question.state == QuestionState.ANSWERED
    context = {"page": page, "form": form, "desk": desk, "is_answered": is_answered}
    return render(request, "directory/young/publish.jinja", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, advice_text_id: UUID) -> HttpResponse:
    """Somebody else reads it and makes it public."""
    viewer = viewer_of(request)
    text = advising.advice_text(viewer, advice_text_id)
    form = ApproveForm(posted(request))
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: services.approve_advice(
                text=text, review_on=form.cleaned_data["review_on"], by=viewer, at=viewer.at
            ),
        )
        if done is not None:
            messages.success(request, "The page is public.")
            return redirect("young_questions")
    return render(request, "directory/young/approve.jinja", {"text": text, "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answerers(request: HttpRequest) -> HttpResponse:
    """Who answers, in the order in which they stand in."""
    viewer = viewer_of(request)
    page = young.answerers_page(viewer)
    form = AnswererForm(posted(request))
    form.fields["post"].set_options(page.choices)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        named = attempt(
            form, lambda: services.name_answerer(post_id=UUID(form.cleaned_data["post"]), by=viewer, at=viewer.at)
        )
        if named is not None:
            messages.success(request, "Named.")
            return redirect("young_answerers")
    return render(request, "directory/young/answerers.jinja", {"page": page, "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def away(request: HttpRequest, answerer_id: UUID) -> HttpResponse:
    """The days somebody is away."""
    viewer = viewer_of(request)
    row = young.answerer(viewer, answerer_id)
    form = AwayForm(posted(request), initial={"away_from": row.away_from, "away_until": row.away_until})
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        done = attempt(
            form,
            lambda: services.set_away(
                answerer=row, away_from=clean["away_from"], away_until=clean["away_until"], by=viewer, at=viewer.at
            ),
        )
        if done is not None:
            messages.success(request, "Changed.")
            return redirect("young_answerers")
    return render(request, "directory/young/away.jinja", {"row": row, "form": form})


@login_required
@require_POST
def end(request: HttpRequest, answerer_id: UUID) -> HttpResponse:
    """Somebody answers no more."""
    viewer = viewer_of(request)
    row = young.answerer(viewer, answerer_id)
    return pressed(
        request, lambda: services.end_answerer(answerer=row, by=viewer, at=viewer.at), "They answer no more.",
        reverse("young_answerers"),
    )  # fmt: skip
