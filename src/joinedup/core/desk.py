"""A form that is kept while somebody types, as a view uses it.

    desk = Desk(request, DECISION, about=str(referral_id))
    form = DecisionForm(**desk.answers(), …)
    if request.method == "POST" and form.is_valid():
        …
        desk.done()
    return render(…, {"form": form, "desk": desk})

In the template ``{{ kept_notice(desk) }}`` above the form, ``<form {{ kept_attributes() }}>``, ``{{ kept_fields(desk) }}``
inside it and ``{{ kept_button() }}`` beside its button (all from ``core/drafts.jinja``).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from joinedup.core import drafts
from joinedup.core.drafts import DraftForm, Typed
from joinedup.core.models import Draft, new_id

_SENT = "drafts_sent"
_REMEMBERED = 20


@dataclass(frozen=True)
class Version:
    """Another unfinished version of the form, and where it differs from the one shown."""

    id: UUID
    saved_at: datetime
    differences: tuple[tuple[str, str, str], ...]  # question, what is said there, what is said here


class Desk:
    """One form of one person: what was kept of it, and what becomes of it."""

    def __init__(
        self,
        request: HttpRequest,
        form: DraftForm,
        about: str = "",
        *,
        reopen: bool = True,
        is_sent: bool | None = None,
    ) -> None:
        viewer = getattr(request, "viewer", None)
        self.request, self.form, self.about = request, form, about
        self.at: datetime = viewer.at if viewer else timezone.now()
        self.holder = drafts.holder_of(viewer.account_id if viewer else None, request.session)
        self.mark = drafts.mark_of(self.holder)
        # On a page of two forms only one of them was sent; the other is given back as it was kept.
        self.is_sent = request.method == "POST" if is_sent is None else is_sent
        self.kept = self._kept() if not self.is_sent and reopen else None
        self.id = self.kept.pk if self.kept else new_id()
        self.version = self.kept.version if self.kept else 0
        self.page = secrets.token_hex(12)
        if self.is_sent:
            self.id = uuid_of(request.POST.get("_draft", "")) or self.id
            self.version = _whole(request.POST.get("_draft_version", ""))
            self.page = request.POST.get("_draft_page", "")[:32] or self.page

    def _kept(self) -> Draft | None:
        wanted = self.request.GET.get("draft", "")
        if wanted == "new":
            return None
        chosen = uuid_of(wanted)
        if chosen:
            found = drafts.draft_of(self.holder, chosen)
            if found and (found.form, found.about) == (self.form.name, self.about):
                return found
        return drafts.newest(self.holder, self.form.name, self.about)

    @property
    def saved_at(self) -> datetime | None:
        """When what is shown was kept; None on an empty form."""
        return self.kept.saved_at if self.kept else None

    @property
    def typed(self) -> QueryDict | None:
        """What was kept, as if it had just been sent; None where nothing was."""
        return as_sent(self.kept.typed) if self.kept else None

    @property
    def is_new_wanted(self) -> bool:
        """The person asked for an empty form."""
        return self.request.GET.get("draft") == "new"

    def answers(self) -> dict[str, Any]:
        """What a form is made with: what was sent, else what was kept (which nobody judges yet), else nothing."""
        if self.is_sent:
            return {"data": self.request.POST}
        return {"data": self.typed, "is_being_changed": True} if self.kept else {"data": None}

    @property
    def others(self) -> list[Version]:
        """Other unfinished versions of this form."""
        if self.kept is None:
            return []
        here = self.kept.typed
        return [Version(each.pk, each.saved_at, differences(each.typed, here)) for each in drafts.others_of(self.kept)]

    def keep(self) -> None:
        """Keep what was sent until it has been checked and sent on."""
        typed = drafts.typed_in(self.request.POST)
        holder = drafts.holder_of(_account(self.request), self.request.session, make=True)
        saved = drafts.keep(
            holder=holder, form=self.form.name, about=self.about, draft_id=self.id,
            version=self.version, typed=typed, at=self.at, page=self.page,
            whence=drafts.whence_of(address_of(self.request)), is_sent=True,
        )  # fmt: skip
        self.id, self.version = saved.draft.pk, saved.draft.version

    def done(self, draft_id: UUID | None = None) -> None:
        """It was sent: nothing of it stays, and a save that comes late is not kept."""
        gone = draft_id or self.id
        drafts.discard(self.holder, gone)
        drafts.discard_form(self.holder, self.form.name, self.about)
        remember_sent(self.request, gone)


def address_of(request: HttpRequest) -> str:
    """The visitor's address: in production the last one the proxy in front of us wrote down."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.SECURE else ""
    return forwarded.split(",")[-1].strip() or request.META.get("REMOTE_ADDR", "")


def as_sent(typed: Typed) -> QueryDict:
    """Kept answers as a form reads them."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, list(values))
    return data


def differences(there: Typed, here: Typed) -> tuple[tuple[str, str, str], ...]:
    """The questions two versions answer differently, with both answers."""
    names = [name for name in {**there, **here} if not name.startswith("_") and not name.endswith("-count")]
    pairs = [(name, ", ".join(there.get(name, [])), ", ".join(here.get(name, []))) for name in names]
    return tuple((question_of(name), one, other) for name, one, other in pairs if one.strip() != other.strip())


def question_of(name: str) -> str:
    """A field's name as words, for a list of differences."""
    words = [part for part in name.split("-") if not part.isdigit()]
    return " ".join(words).replace("_", " ").strip().capitalize()


def remember_sent(request: HttpRequest, draft_id: UUID) -> None:
    """So that a save still on its way when the form was sent does not bring it back."""
    request.session[_SENT] = [*request.session.get(_SENT, []), str(draft_id)][-_REMEMBERED:]


def was_sent(request: HttpRequest, draft_id: UUID) -> bool:
    """Whether this browser has sent or deleted that draft."""
    return str(draft_id) in request.session.get(_SENT, [])


def uuid_of(text: str) -> UUID | None:
    """An id from a page, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _account(request: HttpRequest) -> UUID | None:
    viewer = getattr(request, "viewer", None)
    return viewer.account_id if viewer else None
