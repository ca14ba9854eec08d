"""The page on which somebody has the ledgers they may see verified."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from joinedup.access.permissions import check
from joinedup.funds import queries
from joinedup.funds.permissions import VERIFY_LEDGER
from joinedup.funds.views.shared import GET_OR_POST, show, viewer_of


@login_required
@require_http_methods(GET_OR_POST)
def verify(request: HttpRequest) -> HttpResponse:
    """Walk every chain and compare every total; nothing is changed."""
    viewer = viewer_of(request)
    check(viewer, VERIFY_LEDGER)
    found = queries.verify_ledger(viewer) if request.method == "POST" else None
    return show(request, "funds/verify.jinja", found=found)
