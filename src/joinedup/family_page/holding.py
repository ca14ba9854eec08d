"""Which tables of the family's pages hold words of a case (`core.keeping`), and when they may not go yet."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from joinedup.core.keeping import Holding, Stop
from joinedup.family_page.models import FamilyMessage

_NAME, _DIGEST, _CODE = "the family’s pages", "a digest: it says nothing by itself", "a code"
_SOURCE = "the name of what it was made from, and an id"


def _of(model: str, by: str, /, *words: str, **stays: str) -> Holding:
    return Holding(f"family_page.{model}", _NAME, by, words, stays)


HOLDINGS = (
    _of("abusemark", "case", "reason", "ended_reason"),
    _of("familypage", "case", "understanding", "abuse_reason", "closed_reason", closed_code=_CODE, abuse_weighed=_CODE),
    _of("pagelink", "page__case", digest=_DIGEST),
    _of("pagecode", "link__page__case", digest=_DIGEST),
    _of("pagevisit", "link__page__case", digest=_DIGEST),
    _of("familymessage", "page__case", "words"),
    _of("release", "page__case", "title", "words", "override_reason", "withdrawn_reason", kind=_CODE, source_key=_SOURCE,
        source_digest=_DIGEST),
    _of("youngchoice", "page__case", source_key=_SOURCE),
)  # fmt: skip


def _unread(cases: Collection[UUID], at: datetime) -> set[UUID]:
    rows = FamilyMessage.objects.filter(page__case__in=list(cases), read_at__isnull=True)
    return set(rows.values_list("page__case_id", flat=True))


UNREAD = Stop("a member of the family wrote something that nobody has read", _unread)
