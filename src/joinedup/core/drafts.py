"""Unfinished forms: kept on the server every few seconds, given back to whoever typed them, and to nobody else.

A draft has an id and a version. A page that saves over a newer version than it has read does not overwrite it: what it
holds becomes a draft of its own, and both are shown. Nothing is ever in an address or in the browser's storage.
No save writes to the audit trail: a draft is nobody's record until it is sent, and the service that takes it audits.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.signing import b62_decode, b62_encode
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import NoReverseMatch
from django.utils import timezone

from joinedup.core import partnership
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.models import Draft, new_id

Typed = dict[str, list[str]]
# Which of these records somebody may still see; a form about any other is in no list and no number of theirs.
Shown = Callable[[Any, Collection[str]], Collection[str]]

DRAFT_DAYS = partnership.declare_setting(
    "core.draft_days",
    "After how many days without a change an unfinished form is deleted.",
    14,
    check=partnership.between(1, 90),
)
# A visitor without an account can come back only while the browser is open and the session lives.
_VISITOR_HOURS = 2
_ASIDE = timedelta(days=1)  # for so long what was abandoned can be taken up again
_MOST_CHARACTERS = 200_000
# What all visitors together may fill (3,000 × 100 kB), and those of one place: a library or a hospital has one address
# for many people. Where there is no room, what nobody has touched for twenty minutes goes first.
_MOST_BYTES_OF_A_VISITOR = 100_000
_MOST_OF_VISITORS, _MOST_OF_A_PLACE = 3_000, 60
_UNTOUCHED = timedelta(minutes=20)
_MOST_OF_A_HOLDER = {"account": 60, "link": 10, "visitor": 5}
_OWN_FIELDS = ("csrfmiddlewaretoken", "_draft", "save_draft")
VISITOR_KEY, LINK_KEY = "draft_visitor", "draft_link"


@dataclass(frozen=True)
class DraftForm:
    """A form that is kept: its title in a list, where it is opened again, what it says of itself there, and who of its
    authors may still see what it is about."""

    name: str
    title: str
    href: Callable[[str], str]
    says: Callable[[Typed], str]
    shown: Shown | None = None


_declared: dict[str, DraftForm] = {}


def declare_form(
    name: str,
    title: str,
    href: Callable[[str], str],
    *,
    says: Callable[[Typed], str] | None = None,
    shown: Shown | None = None,
) -> DraftForm:
    """Called once at import time by the part that owns the form; `href` is told what the form is about."""
    _declared[name] = DraftForm(name, title, href, says or longest, shown)
    return _declared[name]


def unsaid(typed: Typed) -> str:
    """For forms whose words belong in no list, however short."""
    return "Open it to read it"


def one_by_one(look: Callable[[Any, UUID], object]) -> Shown:
    """`shown` by asking for each record; for the few who have few of them."""

    def shown(viewer: Any, abouts: Collection[str]) -> Collection[str]:
        return [about for about in abouts if _is_found(look, viewer, ids_in(about)[0])]

    return shown


def _is_found(look: Callable[[Any, UUID], object], viewer: Any, record_id: UUID) -> bool:
    try:
        look(viewer, record_id)
    except (NotVisible, NotPermitted):
        return False
    return True


@cache
def all_at_once(look: Callable[[Any, set[UUID]], Collection[UUID]]) -> Shown:
    """`shown` by one query for the first record that each form is about; the same for all forms that ask the same."""

    def shown(viewer: Any, abouts: Collection[str]) -> Collection[str]:
        first = {about: ids_in(about)[0] for about in abouts}
        seen = set(look(viewer, set(first.values())))
        return [about for about, record_id in first.items() if record_id in seen]

    return shown


def about_of(*ids: UUID) -> str:
    """What a form is about, where that is one record inside another."""
    return ".".join(b62_encode(each.int) for each in ids) if len(ids) > 1 else str(ids[0])


def ids_in(text: str) -> list[UUID]:
    """The records that a form is about, the outer one first. Raises ValueError for anything else."""
    if "." not in text:
        return [UUID(text)]
    return [UUID(int=b62_decode(each)) for each in text.split(".")]


def longest(typed: Typed) -> str:
    """The start of the longest text: enough for its author to know it again."""
    said = (text for name, values in typed.items() if name not in {"known", "version"} for text in values)
    texts = sorted(said, key=len, reverse=True)
    words = " ".join(texts[0].split()) if texts else ""
    return f"{words[:60]}…" if len(words) > 60 else words


def declared_form(name: str) -> DraftForm | None:
    """The form of that name."""
    return _declared.get(name)


# --- Whose it is.


def holder_of(account_id: UUID | None, session: Any, *, make: bool = False) -> str:
    """Who is typing: an account, whoever opened an e-mailed link in this browser, or this browser's session. Empty
    where a visitor has none yet; `make` gives them one."""
    if account_id is not None:
        return f"account:{account_id}"
    if session.get(LINK_KEY):
        return f"link:{session[LINK_KEY]}"
    if make and not session.get(VISITOR_KEY):
        session[VISITOR_KEY] = secrets.token_hex(16)
    return f"visitor:{session[VISITOR_KEY]}" if session.get(VISITOR_KEY) else ""


def mark_of(holder: str) -> str:
    """What a page carries to say who it was made for, so that nobody else's sign-in takes its text. Visitors are all
    alike: they have no session until something is kept."""
    if not holder or holder.startswith("visitor:"):
        return "visitor"
    return hashlib.sha256(f"{settings.SECRET_KEY}draft{holder}".encode()).hexdigest()[:24]


def whence_of(address: str) -> str:
    """A visitor's internet address as it is kept with a form: a digest nobody else can make, and gone with the form."""
    return hashlib.sha256(f"{settings.SECRET_KEY}whence{address}".encode()).hexdigest()


# --- Keeping.


@dataclass(frozen=True)
class Saved:
    """What became of a save: the draft as it is now, and the other drafts of the same form. `is_apart` when what was
    typed had to become a draft of its own, because somebody had saved another version meanwhile."""

    draft: Draft
    others: tuple[Draft, ...]
    is_apart: bool


class Gone(Refused):
    """The draft was sent or deleted meanwhile."""


def typed_in(data: Mapping[str, Any]) -> Typed:
    """What a form sent, without what the page itself put in it."""
    getlist = getattr(data, "getlist", lambda name: [data[name]])
    return {
        name: [str(value).replace("\x00", "") for value in getlist(name)]
        for name in data
        if not name.startswith(_OWN_FIELDS)
    }


@transaction.atomic
def keep(
    *,
    holder: str,
    form: str,
    about: str,
    draft_id: UUID,
    version: int,
    typed: Typed,
    at: datetime,
    page: str = "",
    whence: str = "",
    is_sent: bool = False,
) -> Saved:
    """Keep what is in a form. Never overwrites what this page had not read; `page` tells a page's own earlier save, whose
    answer it may never have had, from another window's. `whence` says where a visitor types (`whence_of`); what is being
    sent (`is_sent`) finds room in any case, so that nobody can stop a family from asking for help."""
    if not holder or form not in _declared or len(page) > 32 or not _can_be_opened(form, about):
        raise Refused("This form cannot be kept.", rule="CO-4")
    if len(json.dumps(typed)) > _MOST_CHARACTERS:
        raise Refused("This is too long to keep. Shorten it, or send what you have.", rule="CO-4")
    is_visitors = holder.startswith("visitor:")
    if is_visitors and len(json.dumps(typed, ensure_ascii=False).encode(errors="replace")) > _MOST_BYTES_OF_A_VISITOR:
        raise Refused("This is too long to keep. Shorten it, or send what you have.", rule="CO-4")
    same = Draft.objects.select_for_update().filter(holder=holder, form=form, about=about)
    there = same.filter(pk=draft_id).first()
    if (there is None and version) or (there is not None and there.aside_at is not None):
        raise Gone("This was sent or deleted meanwhile.", rule="CO-4")
    is_apart = there is not None and _is_another_windows(there, version, typed, page)
    if is_apart:
        there = same.filter(page=page).exclude(pk=draft_id).first() if page else None
    facts: dict[str, Any] = {"holder": holder, "form": form, "about": about, "typed": typed, "page": page}
    if is_visitors:
        facts["whence"] = whence or "unknown"
        if there is None:
            _make_room(facts["whence"], is_sent=is_sent, at=at)
    draft = _create(new_id() if is_apart else draft_id, facts, at) if there is None else _update(there, typed, page, at)
    return Saved(draft, tuple(_others(draft)), is_apart)


def _make_room(whence: str, *, is_sent: bool, at: datetime) -> None:
    """Room for one more visitor's form, among those of one place and among all."""
    visitors = Draft.objects.exclude(whence="")
    for these, most in ((visitors.filter(whence=whence), _MOST_OF_A_PLACE), (visitors, _MOST_OF_VISITORS)):
        if these.count() < most:
            continue
        these.filter(saved_at__lt=at - _UNTOUCHED).delete()
        if (left := these.count()) < most:
            continue
        if not is_sent:
            raise Refused(
                "So many people are filling in this form that yours cannot be kept while you type. It stays on this "
                "page: send it when you are ready, or ring us.",
                rule="CO-8",
            )
        oldest = these.order_by("saved_at", "pk").values("pk")[: left - most + 1]
        Draft.objects.filter(pk__in=list(oldest.values_list("pk", flat=True))).delete()


def _can_be_opened(form: str, about: str) -> bool:
    try:
        return len(about) <= 60 and bool(_declared[form].href(about))
    except (NoReverseMatch, LookupError, ValueError):
        return False


def _is_another_windows(there: Draft, version: int, typed: Typed, page: str) -> bool:
    return there.version != version and there.typed != typed and not (page and there.page == page)


def _update(draft: Draft, typed: Typed, page: str, at: datetime) -> Draft:
    if draft.typed != typed:
        draft.version += 1
    draft.typed, draft.page, draft.saved_at = typed, page, at
    draft.save(update_fields=["typed", "page", "saved_at", "version"])
    return draft


def _create(draft_id: UUID, facts: dict[str, Any], at: datetime) -> Draft:
    most = _MOST_OF_A_HOLDER[facts["holder"].partition(":")[0]]
    for old in Draft.objects.filter(holder=facts["holder"]).order_by("-saved_at")[most - 1 :]:
        old.delete()
    try:
        with transaction.atomic():
            return Draft.objects.create(pk=draft_id, **facts, started_at=at, saved_at=at)
    except IntegrityError:  # somebody else's id: it stays theirs
        return Draft.objects.create(**facts, started_at=at, saved_at=at)


def _others(draft: Draft) -> Iterable[Draft]:
    same = _standing(draft.holder).filter(form=draft.form, about=draft.about).exclude(pk=draft.pk)
    return [each for each in same.order_by("-saved_at")[:5] if each.typed != draft.typed]


# --- Coming back.


def newest(holder: str, form: str, about: str = "") -> Draft | None:
    """What was kept last of this form."""
    if not holder:
        return None
    return _standing(holder).filter(form=form, about=about).order_by("-saved_at").first()


def draft_of(holder: str, draft_id: UUID) -> Draft | None:
    """One draft of this holder; somebody else's does not exist for them."""
    return _standing(holder).filter(pk=draft_id).first() if holder else None


def _standing(holder: str) -> QuerySet[Draft]:
    """What somebody has begun, without what they abandoned."""
    return Draft.objects.filter(holder=holder, aside_at__isnull=True)


def others_of(draft: Draft) -> list[Draft]:
    """Other unfinished versions of the same form, the newest first."""
    return list(_others(draft))


@dataclass(frozen=True)
class Unfinished:
    """One row of somebody's unfinished forms."""

    id: UUID
    title: str
    says: str
    href: str
    saved_at: datetime
    deleted_on: datetime


def unfinished(holder: str, *, at: datetime, viewer: Any = None) -> list[Unfinished]:
    """Somebody's unfinished forms, the newest first. With a viewer, without those about records they may see no more."""
    days = timedelta(days=int(partnership.value(DRAFT_DAYS, on=timezone.localdate(at))))
    rows = _standing(holder).order_by("-saved_at") if holder else Draft.objects.none()
    gone = _no_more_seen(((row.form, row.about) for row in rows), viewer)
    shown = [row for row in rows if row.form in _declared and (row.form, row.about) not in gone]
    return [_unfinished(row, _declared[row.form], days) for row in shown]


def _no_more_seen(kept: Iterable[tuple[str, str]], viewer: Any) -> set[tuple[str, str]]:
    """The forms and records that a viewer may see no more, asked once for every kind of record."""
    asked: dict[Shown, set[tuple[str, str]]] = {}
    for name, record in kept:
        shown = _declared[name].shown if viewer is not None and name in _declared else None
        if shown is not None:
            asked.setdefault(shown, set()).add((name, record))
    gone: set[tuple[str, str]] = set()
    for shown, forms in asked.items():
        seen = set(shown(viewer, {record for _, record in forms}))
        gone |= {each for each in forms if each[1] not in seen}
    return gone


def _unfinished(row: Draft, form: DraftForm, days: timedelta) -> Unfinished:
    href = f"{form.href(row.about)}?draft={row.pk}"
    return Unfinished(row.pk, form.title, form.says(row.typed), href, row.saved_at, row.saved_at + days)


def count_unfinished(holder: str, viewer: Any = None) -> int:
    """How many forms somebody has not finished, as their list shows them."""
    if not holder:
        return 0
    kept = list(_standing(holder).filter(form__in=list(_declared)).values_list("form", "about"))
    gone = _no_more_seen(kept, viewer)
    return sum(each not in gone for each in kept)


def move_drafts(holders: Iterable[str], holder: str) -> None:
    """Give the unfinished forms of earlier holders to the one that took their place; they lose them."""
    Draft.objects.filter(holder__in=list(holders)).update(holder=holder)


# --- Going.


def discard(holder: str, draft_id: UUID) -> int:
    """Delete one draft of this holder; returns how many went."""
    return Draft.objects.filter(holder=holder, pk=draft_id).delete()[0] if holder else 0


def put_aside(holder: str, draft_id: UUID, *, at: datetime) -> Draft | None:
    """Abandon a draft: it stands in no list, and for a day `take_up` brings it back."""
    found = draft_of(holder, draft_id)
    if found is not None:
        found.aside_at = at
        found.save(update_fields=["aside_at"])
    return found


def newest_aside(holder: str, form: str, about: str, *, at: datetime) -> Draft | None:
    """What was abandoned last of this form, less than a day ago."""
    aside = Draft.objects.filter(holder=holder, form=form, about=about, aside_at__gte=at - _ASIDE)
    return aside.order_by("-aside_at").first() if holder else None


def take_up(holder: str, draft_id: UUID, *, at: datetime) -> Draft | None:
    """Bring back a draft that was abandoned less than a day ago."""
    aside = Draft.objects.filter(holder=holder, pk=draft_id, aside_at__gte=at - _ASIDE)
    found = aside.first() if holder else None
    if found is not None:
        found.aside_at = None
        found.save(update_fields=["aside_at"])
    return found


def discard_form(holder: str, form: str, about: str) -> None:
    """Delete every version of a form about one record, once it is sent."""
    if holder and about:
        Draft.objects.filter(holder=holder, form=form, about=about).delete()


def tidy_drafts(*, at: datetime) -> int:
    """Delete what nobody came back to: after the setting's days, a visitor's after two hours. The keeper's duty."""
    days = int(partnership.value(DRAFT_DAYS, on=timezone.localdate(at)))
    old = Draft.objects.filter(saved_at__lt=at - timedelta(days=days))
    left = Draft.objects.filter(saved_at__lt=at - timedelta(hours=_VISITOR_HOURS), holder__startswith="visitor:")
    aside = Draft.objects.filter(aside_at__lt=at - _ASIDE)
    return old.delete()[0] + left.delete()[0] + aside.delete()[0]
