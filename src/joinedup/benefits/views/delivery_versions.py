"""Pages of the versions of a delivery model."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import can, check
from joinedup.benefits import services
from joinedup.benefits.forms.delivery import CompareVersionsForm, VersionForm
from joinedup.benefits.permissions import RUN_PROGRAMME
from joinedup.benefits.queries import delivery_versions as queries
from joinedup.benefits.queries import programmes
from joinedup.benefits.queries.delivery import delivery_for
from joinedup.benefits.views.shared import GET_OR_POST, asked, show, viewer_of, whole
from joinedup.core.desk import Desk
from joinedup.core.drafts import all_at_once, declare_form

KEEP = declare_form(
    "benefits.delivery_version", "A version of a delivery model", lambda about: reverse("delivery_keep", args=[about]),
    shown=all_at_once(queries.models_shown),
)  # fmt: skip


@login_required
@require_safe
def versions(request: HttpRequest, delivery_model_id: UUID) -> HttpResponse:
    """The versions of a delivery model, and two of them beside each other."""
    viewer = viewer_of(request)
    page = queries.versions_of(viewer, delivery_model_id)
    numbers = [each.number for each in reversed(page.versions)]
    form = CompareVersionsForm(request.GET if "first" in request.GET else None, numbers=numbers)
    compared = None
    if form.is_valid():
        chosen = sorted((int(form.cleaned_data[name]) for name in ("first", "second")), key=lambda each: each or 10_000)
        compared = page.compared(*chosen)
    return show(
        request, "benefits/delivery_versions.jinja", programme=programmes.programme_seen(viewer, page.row.programme_id),
        here="programme_delivery", page=page, form=form, compared=compared,
        may_run=can(viewer, RUN_PROGRAMME, page.row),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def keep(request: HttpRequest, delivery_model_id: UUID) -> HttpResponse:
    """Keep the model as it stands as its next version."""
    viewer = viewer_of(request)
    row = delivery_for(viewer, delivery_model_id)
    check(viewer, RUN_PROGRAMME, row)
    page = queries.versions_of(viewer, delivery_model_id)
    desk = Desk(request, KEEP, about=str(row.pk))
    form = VersionForm(**desk.answers(), is_first=not page.versions, initial={"version": str(row.version)})
    back = reverse("delivery_versions", args=[row.pk])

    def save() -> object:
        clean = form.cleaned_data
        return services.keep_delivery_version(
            model=row, why=clean["why"] or "", version=whole(clean["version"]), by=viewer, at=viewer.at
        )

    return asked(
        request, form, save, done="The version is kept.", then=back, desk=desk,
        title=f"Keep version {len(page.versions) + 1}", caption=f"{row.strand.name}: {row.name}",
        programme=programmes.programme_seen(viewer, row.programme_id), submit_text="Keep this version", cancel_href=back,
        template="benefits/delivery_keep.jinja", page=page,
    )  # fmt: skip
