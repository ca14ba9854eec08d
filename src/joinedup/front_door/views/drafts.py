"""Unfinished forms of every part: kept while somebody types, listed for their author, deleted when they say so.

Everything here is about the asker's own drafts: an id of somebody else's finds nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from joinedup.core import drafts
from joinedup.core.desk import address_of, differences, remember_sent, uuid_of, was_sent
from joinedup.core.errors import NotVisible, Refused
from joinedup.front_door.views.shared import is_too_often, viewer_of

if TYPE_CHECKING:
    from joinedup.core.models import Draft

# A visitor who types without pause saves about 1,200 times an hour.
_MOST_SAVES_AN_HOUR = 3_000


def _holder(request: HttpRequest, *, make: bool = False) -> str:
    return drafts.holder_of(viewer_of(request).account_id, request.session, make=make)


def _is_theirs(request: HttpRequest) -> bool:
    """Whether the page was made for whoever is here now: after a sign-out its words are nobody else's."""
    return request.POST.get("_draft_holder", "") == drafts.mark_of(_holder(request))


def _clock(draft: Draft) -> str:
    return f"{timezone.localtime(draft.saved_at):%H:%M:%S}"


@require_POST
def save(request: HttpRequest) -> JsonResponse:
    """What the script sends every few seconds."""
    if not _is_theirs(request):
        return JsonResponse({"signed_out": True}, status=401)
    if not viewer_of(request).is_signed_in and is_too_often(request, "draft", _MOST_SAVES_AN_HOUR):
        return JsonResponse({"sentence": "Too much was sent from this address. Send the form soon."}, status=429)
    draft_id = uuid_of(request.POST.get("_draft", ""))
    if draft_id is None or was_sent(request, draft_id):
        return JsonResponse({"gone": True}, status=410)
    try:
        saved = _save(request, draft_id)
    except drafts.Gone:
        return JsonResponse({"gone": True}, status=410)
    except Refused as refusal:
        return JsonResponse({"sentence": refusal.sentence}, status=409)
    opened = request.POST.get("_draft_opened", "")
    others = [
        {"at": _clock(each), "differences": differences(each.typed, saved.draft.typed)}
        for each in saved.others
        if saved.is_apart or each.saved_at.isoformat() > opened
    ]
    kept: dict[str, Any] = {"id": str(saved.draft.pk), "version": saved.draft.version, "at": _clock(saved.draft)}
    return JsonResponse(kept | {"others": others})


def _save(request: HttpRequest, draft_id: UUID, *, version: int | None = None) -> drafts.Saved:
    sent = request.POST.get("_draft_version", "")
    seen = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 8 else 0
    return drafts.keep(
        holder=_holder(request, make=True),
        form=request.POST.get("_draft_form", ""),
        about=request.POST.get("_draft_about", ""),
        draft_id=draft_id,
        version=seen if version is None else version,
        typed=drafts.typed_in(request.POST),
        at=viewer_of(request).at,
        page=request.POST.get("_draft_page", "")[:32],
        whence=drafts.whence_of(address_of(request)),
    )


@require_safe
def token(request: HttpRequest) -> JsonResponse:
    """A fresh token for a page that stayed open over a new sign-in, and whose page it would be."""
    return JsonResponse({"token": get_token(request), "holder": drafts.mark_of(_holder(request))})


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """The button “Save and come back later”, for those without scripts and those who want to be sure."""
    if not _is_theirs(request):
        return redirect("account_login")
    draft_id = uuid_of(request.POST.get("_draft", "")) or uuid4()
    try:
        saved = _save(request, draft_id)
    except drafts.Gone:  # sent or deleted in another window: these words become a draft of their own
        saved = _save(request, uuid4(), version=0)
    messages.success(request, "Saved. It is not sent yet.")
    if viewer_of(request).is_signed_in:
        return redirect("drafts")
    form = drafts.declared_form(saved.draft.form)
    return redirect(form.href(saved.draft.about) if form else "home")


@login_required
@require_safe
def unfinished(request: HttpRequest) -> HttpResponse:
    """The viewer's own unfinished forms."""
    viewer = viewer_of(request)
    rows = drafts.unfinished(_holder(request), at=viewer.at, viewer=viewer)
    return render(request, "front_door/drafts.jinja", {"rows": rows})


@require_POST
def delete(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Delete one; nobody else's is found."""
    found = drafts.draft_of(_holder(request), draft_id)
    if found is None:
        raise NotVisible
    form = drafts.declared_form(found.form)
    drafts.discard(found.holder, draft_id)
    remember_sent(request, draft_id)
    messages.success(request, "Deleted.")
    if viewer_of(request).is_signed_in and "from_list" in request.POST:
        return redirect("drafts")
    return redirect(f"{form.href(found.about)}?draft=new" if form else "home")


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """A visitor leaves in a hurry: nothing they typed stays in this browser's session."""
    holder = _holder(request)
    if holder.startswith("visitor:"):
        for row in drafts.unfinished(holder, at=viewer_of(request).at):
            drafts.discard(holder, row.id)
        request.session.flush()
    return HttpResponse(status=204)
