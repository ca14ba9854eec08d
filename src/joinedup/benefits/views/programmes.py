"""Pages of programmes and their strands."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from joinedup.benefits.queries import programmes as queries
from joinedup.benefits.views.shared import show, viewer_of


@login_required
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """Every programme of the viewer's organisations."""
    return show(request, "benefits/programmes.jinja", rows=queries.programmes_of(viewer_of(request)))


@login_required
@require_safe
def programme(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """One programme: its partners and strands."""
    seen = queries.programme_seen(viewer_of(request), programme_id)
    return show(request, "benefits/programme.jinja", programme=seen, here="programme")
