"""The young people's site: advice, help at once, a question without a name. Nothing here says or keeps who somebody is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.middleware import viewer_of
from joinedup.core.asking import attempt, posted
from joinedup.core.desk import Desk
from joinedup.core.drafts import declare_form, unsaid
from joinedup.directory import services
from joinedup.directory.danger import hints_in
from joinedup.directory.forms_young import YoungAskForm, YoungCodeForm
from joinedup.directory.queries import young

ASK = declare_form("directory.young_ask", "Ask a question", lambda about: reverse("young_ask"), says=unsaid)


def _shown(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    site = young.young_site(viewer_of(request))
    return render(request, f"directory/young/{template}.jinja", {"site": site, **context})


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return _shown(request, "home")


@require_safe
def now(request: HttpRequest) -> HttpResponse:
    """Help at once."""
    return _shown(request, "now")


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """A question without a name; what hints at danger is answered with help at once, and reaches a person first."""
    viewer = viewer_of(request)
    desk = Desk(request, ASK)
    form = YoungAskForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        asked = attempt(
            form, lambda: services.ask_question(words=clean["words"], ages=clean["ages"] or "", by=viewer, at=viewer.at)
        )
        if asked is not None:
            desk.done()
            question, code = asked
            return _shown(request, "sent", code=code, question=question)
    hints = hints_in(request.POST.get("words", "")) if request.method == "POST" else ()
    return _shown(request, "ask", form=form, desk=desk, hints=hints)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """The answer to whoever has the code; the code is sent, never written into an address."""
    form, found = YoungCodeForm(posted(request)), None
    if request.method == "POST" and form.is_valid():
        found = attempt(form, lambda: young.answer_for_code(viewer_of(request), form.cleaned_data["code"]))
    return _shown(request, "answer", form=form, found=found)
