"""What the keeper does for families' pages: writes down what is closed already, and takes sent links out of the outbox."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import F

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.family_page.models import FamilyPage
from joinedup.family_page.permissions import KEEP_PAGES
from joinedup.family_page.queries.guarding import guard_of
from joinedup.family_page.queries.messages import sent_links
from joinedup.family_page.reading import WHY_LABELS
from joinedup.family_page.services.steps import end_page, lock

_AT_ONCE = 40


def close_family_pages(*, at: datetime) -> int:
    """Write down, page after page in turn, what every reading works out by itself: a page that something closes is closed.
    Returns how many were."""
    by = system(at)
    rows = FamilyPage.objects.filter(closed_at__isnull=True).select_related("case")
    found = list(rows.order_by(F("looked_at").asc(nulls_first=True), "pk")[:_AT_ONCE])
    return sum(close_if_it_must(page=page, by=by, at=at) for page in found)


@service(KEEP_PAGES)
def close_if_it_must(*, page: FamilyPage, by: Actor, at: datetime) -> bool:
    """Close a page where something closes it now. It is then not opened again by itself when that something goes away."""
    lock(page)
    if page.closed_at is not None:
        return False
    why = guard_of(by, page).why
    page.looked_at = at
    page.save(update_fields=["looked_at"])
    if why is not None:
        end_page(page, why, reason=WHY_LABELS[why], by=by, at=at)
    note(people=[page.person_id] if why else [], subject=page, changed=("closed",) if why else ())
    return why is not None


def tidy_page_links(*, at: datetime) -> int:
    """A link or a code that was sent does not stay in the outbox. In the demonstration it is read there."""
    return 0 if settings.DEMO else sent_links().update(body="")
