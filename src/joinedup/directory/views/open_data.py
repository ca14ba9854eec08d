"""The directory as open data: what there is to take, and files of it, for anybody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from joinedup.access.middleware import viewer_of
from joinedup.core.documents import attachment
from joinedup.directory.queries.feed import licences
from joinedup.directory.queries.files import KINDS, file_of_everything


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """What is open, under which licence, and where it comes from."""
    context = {
        "feed": request.build_absolute_uri(reverse("feed_details")),
        "files": [(words, reverse("open_data_file", args=[kind])) for kind, (words, _, _) in KINDS.items()],
        "licences": licences(viewer_of(request)),
    }
    return render(request, "directory/open_data.jinja", context)


@require_safe
def file(request: HttpRequest, open_data_kind: str) -> HttpResponse:
    """Everything as one file."""
    if open_data_kind not in KINDS:
        raise Http404
    _, name, kind = KINDS[open_data_kind]
    content = file_of_everything(viewer_of(request), open_data_kind, address=request.build_absolute_uri("/"))
    response = attachment(content, kind, name)
    response["Access-Control-Allow-Origin"] = "*"
    return response
