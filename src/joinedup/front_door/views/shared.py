"""What the front door's views have in common: drafts kept on the server, refusals shown on the form, the record's tabs."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, QueryDict

from joinedup.access.middleware import viewer_of as viewer_of  # handed on to the views of this part
from joinedup.core import drafts
from joinedup.core.asking import attempt, posted
from joinedup.core.desk import address_of, uuid_of

__all__ = ["attempt", "posted"]

if TYPE_CHECKING:
    from joinedup.core.models import Draft


def checking(request: HttpRequest, name: str) -> Draft | None:
    """The draft whose answers are being checked before they are sent; None once they are."""
    holder = drafts.holder_of(viewer_of(request).account_id, request.session)
    chosen = uuid_of(request.session.get(name, ""))
    return drafts.draft_of(holder, chosen) if chosen else None


def keep_draft(request: HttpRequest, name: str) -> None:
    """Keep what was typed on the server until it is sent. Never in an address or in the browser's storage."""
    typed = {key: request.POST.getlist(key) for key in request.POST if key != "csrfmiddlewaretoken"}
    request.session[name] = typed


def draft(request: HttpRequest, name: str) -> QueryDict | None:
    """What was typed before, as if it had just been sent; None when nothing was."""
    kept = request.session.get(name)
    if kept is None:
        return None
    data = QueryDict(mutable=True)
    for key, values in kept.items():
        data.setlist(key, values)
    return data


def forget_draft(request: HttpRequest, name: str) -> None:
    """Once sent, nothing stays in the session."""
    request.session.pop(name, None)


def is_too_often(request: HttpRequest, what: str, most: int) -> bool:
    """Count what one internet address does in this hour. Kept by digest only, and forgotten after the hour."""
    seen = f"{settings.SECRET_KEY}{address_of(request)}{viewer_of(request).at:%Y%m%d%H}"
    key = f"{what}-{hashlib.sha256(seen.encode()).hexdigest()}"
    cache.add(key, 0, timeout=3600)
    return bool(cache.incr(key) > most)
