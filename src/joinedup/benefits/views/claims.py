"""Pages of the register of published figures."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import can, check
from joinedup.benefits import services
from joinedup.benefits.forms.claims import ClaimForm, ExplainForm, WithdrawForm
from joinedup.benefits.kept import EXPLAINS
from joinedup.benefits.permissions import KEEP_CLAIMS
from joinedup.benefits.queries import claims as queries
from joinedup.benefits.queries import programmes
from joinedup.benefits.services import ClaimSaid
from joinedup.benefits.views.shared import GET_OR_POST, asked, options, posted, show, viewer_of
from joinedup.core.desk import Desk
from joinedup.core.documents import attachment


def _page(claim_subject_id: object) -> str:
    return reverse("claim_subject", args=[claim_subject_id])


@login_required
@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """The register, searched."""
    viewer = viewer_of(request)
    text = request.GET.get("words", "")[:100].strip()
    found = queries.claim_subjects(viewer, text=text)
    return show(request, "benefits/claims.jinja", subjects=found, words=text, may_keep=can(viewer, KEEP_CLAIMS))


@login_required
@require_safe
def claims_csv(request: HttpRequest) -> HttpResponse:
    """The register for a spreadsheet, as it was searched."""
    viewer = viewer_of(request)
    found = queries.claim_subjects(viewer, text=request.GET.get("words", "")[:100].strip())
    return attachment(queries.table_of_claims(found).as_csv(), "text/csv; charset=utf-8", "published-figures.csv")


@login_required
@require_safe
def subject(request: HttpRequest, claim_subject_id: UUID) -> HttpResponse:
    """Figures about one thing, side by side."""
    viewer = viewer_of(request)
    found = queries.subject_seen(viewer, claim_subject_id)
    return show(request, "benefits/claim_subject.jinja", subject=found, may_keep=can(viewer, KEEP_CLAIMS))


@login_required
@require_http_methods(GET_OR_POST)
def add(request: HttpRequest) -> HttpResponse:
    """Enter a figure."""
    viewer = viewer_of(request)
    check(viewer, KEEP_CLAIMS)
    subjects = queries.claim_subjects(viewer)
    mine = programmes.programmes_of(viewer)
    form = ClaimForm(
        posted(request), subjects=options((each.id, each.title) for each in subjects),
        programmes=options((each.id, each.title) for each in mine),
        initial={"subject": request.GET.get("about", ""), "how": "unknown"},
    )  # fmt: skip
    made: list[Any] = []

    def save() -> None:
        clean = form.cleaned_data
        if clean.get("subject") and not clean["title"].strip():
            about = queries.subject_for(viewer, UUID(clean["subject"]))
            row = services.register_claim(subject=about, said=_said(clean), by=viewer, at=viewer.at)
        else:
            own = programmes.programme_for(viewer, UUID(clean["programme"])) if clean.get("programme") else None
            row = services.register_claim_about(
                title=clean["title"], programme=own, said=_said(clean), by=viewer, at=viewer.at
            )
        made.append(row.subject_id)

    return asked(
        request, form, save, done="The figure is in the register.", then=lambda: _page(made[0]), title="Enter a published figure",
        submit_text="Enter", cancel_href=reverse("claims"),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def correct(request: HttpRequest, published_figure_id: UUID) -> HttpResponse:
    """Enter a figure as it should have been."""
    viewer = viewer_of(request)
    check(viewer, KEEP_CLAIMS)
    row = queries.claim_for(viewer, published_figure_id)
    names = ("what", "basis", "how", "unit", "price_year", "period", "area", "source", "published", "words")
    first = {name: getattr(row, name) for name in names}
    first |= {
        "pounds": f"{row.pence / 100:.2f}" if row.pence is not None else "",
        "number": f"{row.number.normalize():f}" if row.number is not None else "",
    }
    form = ClaimForm(posted(request), initial=first)
    del form.fields["title"]

    def save() -> None:
        services.correct_claim(claim=row, said=_said(form.cleaned_data), by=viewer, at=viewer.at)

    return asked(
        request, form, save, done="The figure is corrected. What was entered before stays in the list.",
        then=_page(row.subject_id), title="Correct a figure", caption=row.subject.title, submit_text="Save",
        cancel_href=_page(row.subject_id),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def withdraw(request: HttpRequest, published_figure_id: UUID) -> HttpResponse:
    """A figure should not have been entered."""
    viewer = viewer_of(request)
    check(viewer, KEEP_CLAIMS)
    row = queries.claim_for(viewer, published_figure_id)
    form = WithdrawForm(posted(request))

    def save() -> None:
        services.withdraw_claim(claim=row, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at)

    return asked(
        request, form, save, done="The figure is withdrawn.", then=_page(row.subject_id), title="Why is it withdrawn?",
        caption=row.what, submit_text="Withdraw", cancel_href=_page(row.subject_id),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def explain(request: HttpRequest, claim_subject_id: UUID) -> HttpResponse:
    """What explains the difference."""
    viewer = viewer_of(request)
    check(viewer, KEEP_CLAIMS)
    row = queries.subject_for(viewer, claim_subject_id)
    desk = Desk(request, EXPLAINS, str(claim_subject_id))
    form = ExplainForm(**desk.answers(), initial={"explains": row.explains})

    def save() -> None:
        services.explain_difference(subject=row, words=form.cleaned_data["explains"], by=viewer, at=viewer.at)

    return asked(
        request, form, save, desk=desk, done="It is said.", then=_page(row.pk), title="What explains the difference?",
        caption=row.title, submit_text="Save", cancel_href=_page(row.pk),
    )  # fmt: skip


def _said(clean: dict[str, Any]) -> ClaimSaid:
    names = ("what", "basis", "how", "source", "unit", "price_year", "period", "area", "published", "words")
    return ClaimSaid(**{name: clean[name] for name in names}, pence=clean["pounds"], number=clean["number"])
