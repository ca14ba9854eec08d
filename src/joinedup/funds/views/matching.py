"""Matching a partner's extract by hand: two lists side by side, and a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from joinedup.access.permissions import check
from joinedup.core.formats import date_long
from joinedup.core.forms import Option
from joinedup.funds.forms.matching import MatchForm, UnmatchForm
from joinedup.funds.permissions import SETTLE_EXTRACT
from joinedup.funds.pounds import in_pounds
from joinedup.funds.queries import matching as reading
from joinedup.funds.services import matching as writing
from joinedup.funds.views.shared import GET_OR_POST, asked, attempt, posted, show, viewer_of

if TYPE_CHECKING:
    from joinedup.funds.models import ExtractRow, Posting


def _row(row: ExtractRow) -> Option:
    words = " ".join(each for each in (row.reference, row.words) if each) or f"Row {row.number}"
    return Option(str(row.pk), f"{in_pounds(row.pence)}, {date_long(row.dated_on)}", words)


def _line(line: Posting) -> Option:
    words = line.memo or line.entry.memo or line.entry.key
    return Option(str(line.pk), f"{in_pounds(line.pence)}, {date_long(line.entry.dated_on)}", words)


@login_required
@require_http_methods(GET_OR_POST)
def matching(request: HttpRequest, extract_id: UUID) -> HttpResponse:
    """What is left of an extract beside what is left here: choose on both sides and say why."""
    viewer = viewer_of(request)
    page = reading.matching(viewer, extract_id)
    if request.method == "POST":
        check(viewer, SETTLE_EXTRACT, page.fund)
    form = MatchForm(
        posted(request), rows=[_row(each) for each in page.rows], lines=[_line(each) for each in page.lines]
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: writing.match_rows(
                fund=page.fund, extract=page.extract, rows=form.chosen_rows(), lines=form.chosen_lines(),
                reason=form.cleaned_data["reason"], by=viewer, at=viewer.at,
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, "Matched.")
            return redirect("fund_extract_match", extract_id=extract_id)
    return show(request, "funds/matching.jinja", page=page, form=form)


def _back(extract_id: UUID) -> str:
    return reverse("fund_extract_match", kwargs={"extract_id": extract_id})


@login_required
@require_http_methods(GET_OR_POST)
def unmatch(request: HttpRequest, hand_match_id: UUID) -> HttpResponse:
    """Undo a match by hand."""
    viewer = viewer_of(request)
    match = reading.match_of(viewer, hand_match_id)
    fund = match.extract.fund
    check(viewer, SETTLE_EXTRACT, fund)
    form = UnmatchForm(posted(request))
    back = _back(match.extract_id)
    return asked(
        request, form,
        lambda: writing.unmatch(fund=fund, match=match, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at),
        done="They are free again.", then=back, back_href=back, cancel_href=back, title="Undo the match",
        caption=f"{in_pounds(match.pence)}: {match.reason}", submit_text="Undo it",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def unmatch_row(request: HttpRequest, extract_id: UUID, extract_row_id: UUID) -> HttpResponse:
    """Undo a match the program made itself."""
    viewer = viewer_of(request)
    extract = reading.extract_of(viewer, extract_id)
    row = reading.row_of(viewer, extract, extract_row_id)
    check(viewer, SETTLE_EXTRACT, extract.fund)
    form = UnmatchForm(posted(request))
    back = _back(extract_id)
    return asked(
        request, form,
        lambda: writing.unmatch_row(fund=extract.fund, row=row, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at),
        done="They are free again.", then=back, back_href=back, cancel_href=back, title="Undo the match",
        caption=f"Row {row.number}, {in_pounds(row.pence)}", submit_text="Undo it",
    )  # fmt: skip
