"""Money for a family: the budget that was cut for it, what is promised from it and for what."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.casework import queries
from joinedup.casework.forms.money import PromiseForm
from joinedup.casework.permissions import PROMISE_MONEY
from joinedup.casework.services.money import MoneyWanted, promise_money
from joinedup.casework.views.shared import GET_OR_POST, attempt, case_page, done, question, viewer_of
from joinedup.core.desk import uuid_of
from joinedup.core.errors import NotPermitted, NotVisible
from joinedup.engines.money import format_pounds

if TYPE_CHECKING:
    from joinedup.funds.queries import FamilyBudget

_TAB = "case_plan"


@login_required
@require_safe
def money(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The family's budgets and what is promised from each."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="money for the family")
    return case_page(
        request,
        "casework/money.jinja",
        frame,
        tab=_TAB,
        money=queries.family_money(viewer, frame),
        pounds=format_pounds,
    )


@login_required
@require_http_methods(GET_OR_POST)
def promise(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Promise money for an action of the plan, or for help that is given."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="money for the family")
    found = queries.family_money(viewer, frame)
    if not found.may_promise:
        raise NotPermitted(
            "Only whoever holds a budget of this family promises money from it.",
            rule=f"permission:{PROMISE_MONEY.name}",
        )
    budgets = [(str(each.line_id), _budget_words(each)) for each, _ in found.budgets if each.may_commit]
    form = PromiseForm(
        request.POST if request.method == "POST" else None, budgets=budgets,
        things=[(each.value, each.words) for each in found.choices],
        initial={"about": request.GET.get("for", ""), "line": budgets[0][0], "key": str(uuid4())},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        line = found.budget(uuid_of(clean["line"]) or uuid4())
        kind, _, record_id = clean["about"].partition(":")
        if line is None:
            raise NotVisible
        wanted = MoneyWanted(clean["amount"], clean["what"], kind, uuid_of(record_id) or uuid4(), clean["key"])
        call = lambda: promise_money(case=frame.row, line=line.row, wanted=wanted, by=viewer, at=viewer.at)  # noqa: E731
        if attempt(form, call) is not None:
            return done(request, "case_money", f"{format_pounds(clean['amount'])} is promised.", case_id=case_id)
    return question(
        request, frame, form, "Promise money", submit_text="Promise it", back_href=reverse("case_money", args=[case_id]),
        back_text="Back to the family’s money",
    )  # fmt: skip


def _budget_words(each: FamilyBudget) -> str:
    limit = f", at most {format_pounds(each.limit_pence)} at a time" if each.limit_pence is not None else ""
    return f"{each.name}: {format_pounds(each.figures.left)} left{limit}"
