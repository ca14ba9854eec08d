"""Pages of whoever answers for what comes from other directories: sources, held records, and services that may be one."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from joinedup.access.middleware import viewer_of
from joinedup.core.asking import pressed
from joinedup.core.documents import attachment
from joinedup.core.tabular import report_csv
from joinedup.directory import services
from joinedup.directory.queries import duplicates as pairs
from joinedup.directory.queries import sources as read
from joinedup.directory.services.held import MENDABLE


@login_required
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Every directory that is taken in."""
    rows, count = read.sources(viewer_of(request))
    return render(request, "directory/sources.jinja", {"rows": rows, "pairs": count})


@login_required
@require_safe
def source(request: HttpRequest, directory_source_id: UUID) -> HttpResponse:
    """One of them: its readings, what waits, what is held."""
    page = read.source_page(viewer_of(request), directory_source_id)
    return render(request, "directory/source.jinja", {"page": page})


@login_required
@require_POST
def source_do(request: HttpRequest, directory_source_id: UUID) -> HttpResponse:
    """Trust it or not, approve what waits, look again at what is held."""
    viewer = viewer_of(request)
    row, then = (
        read.source_to_change(viewer, directory_source_id),
        reverse("directory_source", args=[directory_source_id]),
    )
    if "approve" in request.POST:
        call, done = lambda: services.approve_source(source=row, by=viewer, at=viewer.at), "It is approved and public."
        return pressed(request, call, done, then)
    if "again" in request.POST:
        again = lambda: services.check_again(source=row, by=viewer, at=viewer.at)  # noqa: E731 - one of three calls
        return pressed(request, again, "What is held was looked at again.", then)
    is_trusted = "trust" in request.POST
    words = (
        "What it says becomes public at once from now on."
        if is_trusted
        else "What it says waits for an assurer from now on."
    )
    return pressed(
        request, lambda: services.trust_source(source=row, is_trusted=is_trusted, by=viewer, at=viewer.at), words, then
    )


@login_required
@require_safe
def faults_csv(request: HttpRequest, directory_source_id: UUID) -> HttpResponse:
    """What its keepers should mend, as a table for them."""
    text = report_csv(read.faults_of_source(viewer_of(request), directory_source_id))
    return attachment(text.encode(), "text/csv; charset=utf-8", "to-mend.csv")


@login_required
@require_safe
def held(request: HttpRequest, staged_id: UUID) -> HttpResponse:
    """One record that is held, with why."""
    page = read.held_page(viewer_of(request), staged_id)
    return render(request, "directory/held.jinja", {"page": page, "fields": MENDABLE})


@login_required
@require_POST
def held_do(request: HttpRequest, staged_id: UUID) -> HttpResponse:
    """Put one field right, leave it out, or say whether its place may be known."""
    viewer = viewer_of(request)
    row = read.held_to_decide(viewer, staged_id)
    then, said = reverse("directory_source", args=[row.source_id]), request.POST
    if "secret" in said or "open" in said:
        is_secret = "secret" in said
        words = (
            "It is taken without a place." if is_secret else "It comes in with its place when the source is read next."
        )
        return pressed(
            request,
            lambda: services.decide_secrecy(staged=row, is_secret=is_secret, by=viewer, at=viewer.at),
            words,
            then,
        )
    if "leave" in said:
        reason = str(said.get("reason", ""))
        return pressed(
            request,
            lambda: services.leave_record(staged=row, reason=reason, by=viewer, at=viewer.at),
            "It is left out.",
            then,
        )
    field, now = str(said.get("field", "")), str(said.get("now", ""))[:600]
    return pressed(
        request, lambda: services.mend_record(staged=row, field=field, now=now, by=viewer, at=viewer.at),
        "It was put right and looked at again.", then,
    )  # fmt: skip


@login_required
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """Services that may be one, and what was decided lately."""
    viewer = viewer_of(request)
    count, rows = pairs.suspected(viewer)
    decided = [*pairs.suspected(viewer, state="same")[1], *pairs.suspected(viewer, state="different")[1]]
    return render(request, "directory/duplicates.jinja", {"count": count, "rows": rows, "decided": decided})


@login_required
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Look for them again."""
    viewer = viewer_of(request)
    return pressed(
        request,
        lambda: services.look_for_duplicates(by=viewer, at=viewer.at),
        "Every service was compared again.",
        reverse("duplicates"),
    )


@login_required
@require_safe
def pair(request: HttpRequest, duplicate_pair_id: UUID) -> HttpResponse:
    """Two services side by side."""
    return render(request, "directory/pair.jinja", {"page": pairs.pair_page(viewer_of(request), duplicate_pair_id)})


@login_required
@require_POST
def pair_decide(request: HttpRequest, duplicate_pair_id: UUID) -> HttpResponse:
    """They are one, they are two, or the decision is taken back."""
    viewer = viewer_of(request)
    row, then = pairs.pair_to_decide(viewer, duplicate_pair_id), reverse("duplicates")
    if "undo" in request.POST:
        return pressed(
            request,
            lambda: services.undo_duplicate(pair=row, by=viewer, at=viewer.at),
            "The decision is taken back.",
            then,
        )
    if "different" in request.POST:
        words = "They are two services. Nobody is asked again."
        return pressed(request, lambda: services.decide_different(pair=row, by=viewer, at=viewer.at), words, then)
    kept = row.second if "second" in request.POST else row.first
    words = f"“{kept.name}” is kept, and the other leads to it."
    return pressed(request, lambda: services.decide_same(pair=row, kept=kept, by=viewer, at=viewer.at), words, then)
