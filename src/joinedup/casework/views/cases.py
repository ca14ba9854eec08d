"""Pages of cases: the list, the first page of a case, and closing it."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from joinedup.casework import queries
from joinedup.casework.lifecycle import LABELS
from joinedup.casework.views.shared import case_page, viewer_of


@login_required
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The viewer's cases, newest first, by state, or those of a list."""
    asked = [request.GET.get(name, "") for name in ("list", "team", "lead")]
    chosen = queries.list_chosen(viewer_of(request), *asked)
    state = request.GET.get("state", "")
    state = state if state in {str(known) for known in LABELS} and chosen is None else ""
    narrow = chosen.narrow if chosen else None
    page = queries.cases(viewer_of(request), request.GET.get("after"), state=state, narrow=narrow)
    here = reverse("cases")
    tabs = [{"text": "All", "href": here, "active": not state}] + [
        {"text": label, "href": f"{here}?state={code}", "active": state == code, "count": page.counts.get(code, 0)}
        for code, label in LABELS.items()
    ]
    # A list of what is missing names it: each child without a plan, not only the family.
    left_out = (
        queries.siblings_left_out(viewer_of(request), [row.id for row in page.rows])
        if chosen is not None and chosen.name == "siblings"
        else {}
    )
    kept = chosen.query if chosen else f"state={state}"
    more = f"{here}?{kept}&after={page.next_cursor}" if page.next_cursor else ""
    context = {"page": page, "tabs": [] if chosen else tabs, "next_href": more, "state": state, "chosen": chosen}
    context["left_out"] = left_out
    return render(request, "casework/cases.jinja", context)


@login_required
@require_safe
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case: what is due next, the team around the child, the family, and what has happened."""
    record = queries.case(viewer_of(request), case_id, purpose="casework")
    pathway = queries.pathway_shown(viewer_of(request), record.frame)
    return case_page(request, "casework/case.jinja", record.frame, tab="case", record=record, pathway=pathway)
