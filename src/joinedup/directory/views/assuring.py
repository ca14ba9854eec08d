"""Pages of whoever keeps the directory true: what waits, what is overdue, samples, what is said to be wrong."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.middleware import viewer_of
from joinedup.access.permissions import check
from joinedup.core.asking import posted, pressed
from joinedup.core.desk import Desk
from joinedup.core.errors import NotVisible
from joinedup.directory import services
from joinedup.directory.completeness import LABELS
from joinedup.directory.correcting import WHAT
from joinedup.directory.keeping_forms import AnswerForm, AssureForm, CheckForm, DecideForm, SampleForm, WhyRecordForm
from joinedup.directory.kept import ANSWER, ARCHIVE, ASSURANCE, CHECK, DECISION
from joinedup.directory.lifecycle import RecordState
from joinedup.directory.permissions import ASSURE_RECORDS
from joinedup.directory.queries import keeping
from joinedup.directory.views.keeping import GET_OR_POST, asked, record_href


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What there is to do."""
    viewer = viewer_of(request)
    return render(
        request,
        "directory/keep.jinja",
        {"page": keeping.assurer_home(viewer), "form": SampleForm(initial={"size": "10"})},
    )


@login_required
@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """Records of one kind, a page at a time."""
    viewer, said = viewer_of(request), request.GET
    only = said.get("only", "") if said.get("only", "") in keeping.ONLY else "all"
    missing = said.get("missing", "") if said.get("missing", "") in LABELS else ""
    asked_page = said.get("page", "1")
    page = max(1, int(asked_page)) if asked_page.isascii() and asked_page.isdigit() and len(asked_page) < 6 else 1
    total, rows = keeping.record_list(viewer, only, page, missing)
    return render(request, "directory/records.jinja", {
        "total": total, "rows": rows, "only": only, "missing": missing, "page": page, "kinds": keeping.ONLY, "labels": LABELS,
        "is_more": page * keeping.MOST_LISTED < total, "most": keeping.MOST_LISTED,
    })  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def decide(request: HttpRequest, entry_version_id: UUID) -> HttpResponse:
    """What a change would change, and the decision on it."""
    viewer = viewer_of(request)
    check(viewer, ASSURE_RECORDS)
    version = keeping.version_for(viewer, entry_version_id)
    if version.entry.waiting_id != version.pk:
        raise NotVisible
    desk = Desk(request, DECISION, str(entry_version_id))
    form = DecideForm(**desk.answers())

    def save() -> None:
        clean = form.cleaned_data
        services.decide_version(
            entry_version=version,
            is_approved=clean["decision"] == "approve",
            reason=clean["reason"],
            by=viewer,
            at=viewer.at,
        )

    return asked(
        request, form, save, desk=desk, done="Decided.", then=reverse("directory_keep"), template="directory/decide.jinja",
        title=version.entry.name, caption="A change that waits", submit_text="Save", cancel_href=record_href(version.entry_id),
        changes=keeping.version_changes(version), version=version,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def assure(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Made sure today."""
    viewer = viewer_of(request)
    check(viewer, ASSURE_RECORDS)
    entry = keeping.entry_for(viewer, entry_id)
    desk = Desk(request, ASSURANCE, str(entry_id))
    form = AssureForm(**desk.answers())

    def save() -> None:
        clean = form.cleaned_data
        services.assure_entry(entry=entry, how=clean["how"], method=clean["method"], by=viewer, at=viewer.at)

    return asked(
        request, form, save, desk=desk, done="It is assured as of today.", then=record_href(entry_id), title="Make sure of a record",
        caption=entry.name, submit_text="Save", cancel_href=record_href(entry_id),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def archive(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Take a record out for good, or bring it back."""
    viewer = viewer_of(request)
    check(viewer, ASSURE_RECORDS)
    entry = keeping.entry_for(viewer, entry_id)
    is_archived = entry.state == RecordState.ARCHIVED
    desk = Desk(request, ARCHIVE, str(entry_id))
    form = WhyRecordForm(**desk.answers())

    def save() -> None:
        call = services.bring_back if is_archived else services.archive_entry
        call(entry=entry, why=form.cleaned_data["why"], by=viewer, at=viewer.at)

    return asked(
        request, form, save, desk=desk, done="It is back." if is_archived else "It is archived. Its history is kept.",
        then=record_href(entry_id), caption=entry.name, cancel_href=record_href(entry_id),
        title="Why is the record brought back?" if is_archived else "Why is the record archived?", submit_text="Bring back" if is_archived else "Archive",
        template="directory/why.jinja",
    )  # fmt: skip


@login_required
@require_POST
def trust(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """Let a provider's small changes through at once, or no longer."""
    viewer = viewer_of(request)
    provider = keeping.provider_for(viewer, provider_id)
    wanted = request.POST.get("trust") == "yes"
    then = (
        record_href(request.POST["entry"])
        if keeping.is_record(viewer, request.POST.get("entry", ""))
        else reverse("directory_keep")
    )
    done = f"Phone and hours of {provider.name} {'go through at once from now on' if wanted else 'wait to be approved again'}."
    return pressed(
        request, lambda: services.set_trust(provider=provider, is_trusted=wanted, by=viewer, at=viewer.at), done, then
    )


# --- Samples.


@login_required
@require_http_methods(GET_OR_POST)
def draw(request: HttpRequest) -> HttpResponse:
    """Draw a sample."""
    viewer = viewer_of(request)
    check(viewer, ASSURE_RECORDS)
    form, made = SampleForm(posted(request), initial={"size": "10"}), list[Any]()

    def save() -> None:
        clean = form.cleaned_data
        made.append(
            services.draw_sample(
                size=clean["size"], is_of_trusted=bool(clean["is_of_trusted"]), by=viewer, at=viewer.at
            )
        )

    return asked(
        request, form, save, done="The sample is drawn.", then=lambda: reverse("sample", args=[made[0].pk]), title="Draw a sample",
        submit_text="Draw", cancel_href=reverse("directory_keep"),
    )  # fmt: skip


@login_required
@require_safe
def sample(request: HttpRequest, sample_id: UUID) -> HttpResponse:
    """Whom to ring, and what was found."""
    line, rows = keeping.sample_page(viewer_of(request), sample_id)
    return render(request, "directory/sample.jinja", {"line": line, "rows": rows})


@login_required
@require_http_methods(GET_OR_POST)
def check_one(request: HttpRequest, sample_item_id: UUID) -> HttpResponse:
    """What ringing one service found."""
    viewer = viewer_of(request)
    item = keeping.sample_item_for(viewer, sample_item_id)
    desk = Desk(request, CHECK, str(sample_item_id))
    form = CheckForm(**desk.answers())

    def save() -> None:
        clean = form.cleaned_data
        services.check_item(item=item, result=clean["result"], words=clean["words"], by=viewer, at=viewer.at)

    back = reverse("sample", args=[item.sample_id])
    return asked(
        request, form, save, desk=desk, done="Written down.", then=back, title="What did the check find?", caption=item.entry.name,
        submit_text="Save", cancel_href=back, template="directory/check.jinja", said=keeping.public_words(item.entry),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def answer(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    """Answer what somebody says is wrong; of its provider's editors, too."""
    viewer = viewer_of(request)
    row = keeping.correction_for(viewer, correction_id)
    desk = Desk(request, ANSWER, str(correction_id))
    form = AnswerForm(**desk.answers())

    def save() -> None:
        clean = form.cleaned_data
        services.answer_correction(
            correction=row, outcome=clean["outcome"], answer=clean["answer"], by=viewer, at=viewer.at
        )

    back = record_href(row.entry_id)
    return asked(
        request, form, save, desk=desk, done="Answered.", then=back, title="Somebody says it is wrong", caption=row.entry.name,
        submit_text="Save", cancel_href=back, template="directory/answer.jinja", row=row, what=WHAT.get(row.what, ""),
    )  # fmt: skip
