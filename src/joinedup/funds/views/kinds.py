"""Pages of the kinds of spending an agreement permits."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import can, check
from joinedup.core.errors import NotVisible
from joinedup.funds.forms.buying import KindEndForm, KindForm
from joinedup.funds.permissions import PERMIT_KINDS
from joinedup.funds.queries.agreements import agreement_for_change
from joinedup.funds.queries.buying import kinds_of
from joinedup.funds.services import kinds as writing
from joinedup.funds.spending_kinds import Permitted, kind_words
from joinedup.funds.views.shared import GET_OR_POST, asked, posted, show, viewer_of


@login_required
@require_safe
def kinds(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """Every kind with its days."""
    viewer = viewer_of(request)
    agreement = agreement_for_change(viewer, fund_agreement_id)
    on = timezone.localdate(viewer.at)
    rows = [
        {
            "row": each, "words": kind_words(each.kind),
            "is_now": Permitted(each.kind, each.starts_on, each.ends_on).covers(on),
            "is_taken_back": each.starts_on == each.ends_on,
        }
        for each in kinds_of(viewer, agreement.pk)
    ]  # fmt: skip
    return show(
        request, "funds/kinds.jinja", agreement=agreement, rows=rows, may_set=can(viewer, PERMIT_KINDS, agreement)
    )


@login_required
@require_http_methods(GET_OR_POST)
def kind_new(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """Permit a kind of spending."""
    viewer = viewer_of(request)
    agreement = agreement_for_change(viewer, fund_agreement_id)
    check(viewer, PERMIT_KINDS, agreement)
    form = KindForm(posted(request))
    back = reverse("fund_kinds", args=[agreement.pk])

    def permit() -> object:
        said = {name: form.cleaned_data[name] for name in ("kind", "starts_on", "ends_on", "written")}
        return writing.permit_kind(agreement=agreement, by=viewer, at=viewer.at, **said)

    return asked(
        request, form, permit, done="It is permitted.", then=back, title="Permit a kind of spending",
        caption=agreement.title, submit_text="Save", back_href=back, cancel_href=back,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def kind_end(request: HttpRequest, fund_agreement_id: UUID, permitted_kind_id: UUID) -> HttpResponse:
    """From a day on it is permitted no longer."""
    viewer = viewer_of(request)
    agreement = agreement_for_change(viewer, fund_agreement_id)
    check(viewer, PERMIT_KINDS, agreement)
    row = next((each for each in kinds_of(viewer, agreement.pk) if each.pk == permitted_kind_id), None)
    if row is None:
        raise NotVisible
    form = KindEndForm(posted(request))
    back = reverse("fund_kinds", args=[agreement.pk])

    def end() -> object:
        said = {name: form.cleaned_data[name] for name in ("ends_on", "written")}
        return writing.end_kind(agreement=agreement, permitted=row, by=viewer, at=viewer.at, **said)

    return asked(
        request, form, end, done="It is permitted until then.", then=back, title=f"End “{kind_words(row.kind)}”",
        caption=agreement.title, submit_text="Save", back_href=back, cancel_href=back,
    )  # fmt: skip
