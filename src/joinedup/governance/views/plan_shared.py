"""What the pages of the plan have in common: days and sums in words, as its content keeps them plain."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from joinedup.governance.plan_content import pounds_of
from joinedup.governance.plan_document import day_words
from joinedup.governance.views.shared import show


def show_plan(request: HttpRequest, template: str, *, here: str = "", **page: Any) -> HttpResponse:
    """A page of the plan."""
    return show(request, template, here=here, day_words=day_words, pounds=pounds_of, **page)
