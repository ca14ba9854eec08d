"""“Something wrong?”: anybody says what is wrong with a record, without saying who they are."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from joinedup.access.middleware import viewer_of
from joinedup.core.asking import attempt, posted
from joinedup.core.desk import address_of
from joinedup.core.pace import is_too_fast
from joinedup.directory import rules, services
from joinedup.directory.keeping_forms import WrongForm
from joinedup.directory.queries import finding, keeping

_MOST_A_MINUTE = 5


@require_http_methods(["GET", "HEAD", "POST"])
def say_wrong(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The questions, then thanks. Five a minute from one address; of the address only a mark is counted, and not kept."""
    viewer = viewer_of(request)
    page = finding.service_page(viewer, entry_id)
    form = WrongForm(posted(request))
    is_done = False
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        mark = UUID(bytes=hashlib.sha256(f"wrong:{address_of(request)}".encode()).digest()[:16])
        if is_too_fast("say-wrong", mark, minute=int(viewer.at.timestamp()) // 60, most=_MOST_A_MINUTE):
            form.refuse(rules.TOO_MANY_SAID.refused())
        elif clean["more"]:
            is_done = True  # something that fills every box: it is thanked, and nothing is kept
        else:
            is_done = attempt(form, lambda: services.receive_correction(
                entry=keeping.public_entry(entry_id), what=clean["what"], words=clean["words"], email=clean["email"] or "", by=viewer,
                at=viewer.at,
            )) is not None  # fmt: skip
    return render(
        request, "directory/wrong.jinja", {"form": form, "page": page, "is_done": is_done, "entry_id": entry_id}
    )
