"""Pages of a provider's editors: their services, one record with its history, and what they change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.middleware import viewer_of
from joinedup.access.permissions import can, check
from joinedup.core.asking import attempt, posted, pressed
from joinedup.core.desk import Desk
from joinedup.core.errors import NotPermitted, Stale
from joinedup.core.forms import Form
from joinedup.directory import services
from joinedup.directory.comparing import said_of
from joinedup.directory.editing import answers_of, written
from joinedup.directory.keeping_forms import ClosureForm, DatesForm, RecordForm
from joinedup.directory.kept import CLOSURE, RECORD, RECORD_NEW
from joinedup.directory.permissions import ASSURE_RECORDS, SEE_OWN_RECORDS
from joinedup.directory.queries import keeping

GET_OR_POST = ["GET", "HEAD", "POST"]
_SENT = "It was sent to be approved. Until then everybody reads the record as it is."
_THROUGH = "It is changed, and everybody reads it at once."
_NEW = "directory_new_record"


def asked(
    request: HttpRequest, form: Form, call: Callable[[], object], *, done: str, then: str | Callable[[], str], desk: Desk | None = None,
    template: str = "core/question.jinja", **page: Any,
) -> HttpResponse:  # fmt: skip
    """A page that asks and then does one thing: shown, shown again with what is wrong, or done and on to `then`."""
    if request.method == "POST" and form.is_valid():
        try:
            is_done = attempt(form, lambda: (call(),)) is not None
        except Stale as refusal:
            back = request.path
            context = {"sentence": refusal.sentence, "rule": refusal.rule, "extra": refusal.extra, "back_href": back}
            return render(request, "core/refused.jinja", context, status=refusal.status)
        if is_done:
            if desk is not None:
                desk.done()
            messages.success(request, done)
            return redirect(then() if callable(then) else then)
    return render(request, template, {"form": form, "desk": desk, **page})


def record_href(entry_id: object) -> str:
    """The page of a record."""
    return reverse("record", args=[entry_id])


@login_required
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """My services: what is overdue, what waits, and one button to confirm."""
    viewer = viewer_of(request)
    check(viewer, SEE_OWN_RECORDS)
    page = keeping.provider_home(viewer)
    if not page.providers and can(viewer, ASSURE_RECORDS):
        return redirect("directory_keep")
    return render(request, "directory/own.jinja", {"page": page})


@login_required
@require_safe
def record(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One record with what waits, what is missing and its history."""
    return render(request, "directory/record.jinja", {"page": keeping.record_page(viewer_of(request), entry_id)})


@login_required
@require_http_methods(GET_OR_POST)
def edit(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Propose a change."""
    viewer = viewer_of(request)
    entry = keeping.entry_for(viewer, entry_id)
    back = record_href(entry_id)
    if entry.waiting_id is not None:
        messages.info(request, "A change of this record waits to be decided. Withdraw it first to change it again.")
        return redirect(back)
    newest = entry.versions.order_by("-number").first()
    document = newest.document if newest else {}
    terms = keeping.categories(viewer)
    desk = Desk(request, RECORD, str(entry_id))
    form = RecordForm(
        **desk.answers(), initial={**answers_of(document, tuple(terms)), "number": keeping.newest_number(entry)},
        categories=terms, is_address_secret=entry.is_address_secret,
    )  # fmt: skip
    went: list[Any] = []

    def save() -> None:
        clean = form.cleaned_data
        changed = written(
            document,
            {**answers_of(document, tuple(terms)), **clean},
            terms=terms,
            is_address_secret=entry.is_address_secret,
        )
        row = services.write_record(
            provider=entry.provider,
            entry=entry,
            document=changed,
            number=_whole(clean["number"]),
            by=viewer,
            at=viewer.at,
        )
        went.append(row)

    answer = asked(
        request, form, save, desk=desk, done=_SENT, then=back, title="Change the record", caption=entry.name,
        submit_text="Send to be approved", cancel_href=back, template="directory/edit.jinja", is_secret=entry.is_address_secret,
    )  # fmt: skip
    return answer


def _whole(text: object) -> int | None:
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 9 else None


@login_required
@require_POST
def confirm(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Nothing has changed."""
    viewer = viewer_of(request)
    entry = keeping.entry_for(viewer, entry_id)
    then = reverse("my_services") if request.POST.get("from") == "home" else record_href(entry_id)
    return pressed(
        request, lambda: services.confirm_entry(entry=entry, by=viewer, at=viewer.at),
        f"Thank you. “{entry.name}” is confirmed as of today.", then,
    )  # fmt: skip


@login_required
@require_POST
def withdraw(request: HttpRequest, entry_version_id: UUID) -> HttpResponse:
    """Take back a change that waits."""
    viewer = viewer_of(request)
    version = keeping.version_for(viewer, entry_version_id)
    return pressed(
        request, lambda: services.withdraw_version(entry_version=version, by=viewer, at=viewer.at),
        "The change is withdrawn. The record stays as it was.", record_href(version.entry_id),
    )  # fmt: skip


@login_required
@require_POST
def restore(request: HttpRequest, entry_version_id: UUID) -> HttpResponse:
    """Back to an earlier version, as a new one."""
    viewer = viewer_of(request)
    version = keeping.version_for(viewer, entry_version_id)
    return pressed(
        request,
        lambda: services.return_to_version(entry=version.entry, entry_version=version, by=viewer, at=viewer.at),
        f"Version {version.number} was sent to be approved again.", record_href(version.entry_id),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def closure(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Closed for some days."""
    viewer = viewer_of(request)
    entry = keeping.entry_for(viewer, entry_id)
    first = {"starts_on": entry.closed_from, "ends_on": entry.closed_until, "instead": entry.closed_instead}
    desk = Desk(request, CLOSURE, str(entry_id))
    form = ClosureForm(**desk.answers(), initial=first)

    def save() -> None:
        clean = form.cleaned_data
        services.close_for_now(
            entry=entry,
            starts_on=clean["starts_on"],
            ends_on=clean["ends_on"],
            instead=clean["instead"],
            by=viewer,
            at=viewer.at,
        )

    back = record_href(entry_id)
    return asked(
        request, form, save, desk=desk, done="Everybody is told at once on the days you gave.", then=back,
        title="Close the service for now", caption=entry.name, submit_text="Save", cancel_href=back,
    )  # fmt: skip


@login_required
@require_POST
def reopen(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Open again."""
    viewer = viewer_of(request)
    entry = keeping.entry_for(viewer, entry_id)
    return pressed(
        request,
        lambda: services.open_again(entry=entry, by=viewer, at=viewer.at),
        "It is shown as open again.",
        record_href(entry_id),
    )


@login_required
@require_http_methods(GET_OR_POST)
def dates(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """From when to when it is shown."""
    viewer = viewer_of(request)
    entry = keeping.entry_for(viewer, entry_id)
    form = DatesForm(
        posted(request), initial={"visible_from": entry.visible_from, "visible_until": entry.visible_until}
    )

    def save() -> None:
        clean = form.cleaned_data
        services.schedule_entry(
            entry=entry,
            visible_from=clean["visible_from"],
            visible_until=clean["visible_until"],
            by=viewer,
            at=viewer.at,
        )

    back = record_href(entry_id)
    return asked(
        request, form, save, done="The days are saved.", then=back, title="From when to when is it shown?", caption=entry.name,
        submit_text="Save", cancel_href=back,
    )  # fmt: skip


# --- A new service, one thing on a page.


@login_required
@require_http_methods(GET_OR_POST)
def new(request: HttpRequest, record_step: str) -> HttpResponse:
    """Ask one thing about a new service; what was answered waits in the session until it is checked and sent."""
    viewer = viewer_of(request)
    provider = _provider(viewer)
    names = [each[0] for each in RecordForm.STEPS if not (provider.is_address_secret and each[0] == "where")]
    step = record_step
    if step not in names:
        raise Http404
    _, title, only = next(each for each in RecordForm.STEPS if each[0] == step)
    held = dict(request.session.get(_NEW, {}))
    desk = Desk(request, RECORD_NEW) if step == "about" else None
    data = desk.answers() if desk else {"data": posted(request)}
    form = RecordForm(
        **data,
        initial=held,
        categories=keeping.categories(viewer),
        is_address_secret=provider.is_address_secret,
        only=only,
    )
    if request.method == "POST" and form.is_valid():
        if desk is not None:
            desk.done()
        request.session[_NEW] = held | form.cleaned_data
        place = names.index(step) + 1
        is_back = request.GET.get("check") == "1" or place == len(names)
        return redirect("record_new_check") if is_back else redirect("record_new", record_step=names[place])
    place = names.index(step)
    before = reverse("record_new", args=[names[place - 1]]) if place else reverse("my_services")
    return render(
        request, "core/question.jinja",
        {"form": form, "desk": desk, "title": title, "caption": f"A new service, step {place + 1} of {len(names)}", "back_href": before},
    )  # fmt: skip


def _provider(viewer: Any) -> Any:
    found = keeping.own_providers(viewer)
    if not found:
        raise NotPermitted(
            "Only an editor of a provider enters its services.", rule="permission:directory.write_records"
        )
    return found[0]


@login_required
@require_http_methods(GET_OR_POST)
def new_check(request: HttpRequest) -> HttpResponse:
    """Check the answers, then send them to be approved."""
    viewer = viewer_of(request)
    provider, held = _provider(viewer), dict(request.session.get(_NEW, {}))
    if not held.get("name"):
        return redirect("record_new", record_step="about")
    terms, secret = keeping.categories(viewer), provider.is_address_secret
    document = written({}, answers_of({}) | held, terms=terms, is_address_secret=secret)
    form, made = Form(posted(request)), list[UUID]()

    def save() -> None:
        row = services.write_record(provider=provider, document=document, by=viewer, at=viewer.at)
        request.session.pop(_NEW, None)
        made.append(row.entry_id)

    steps = [(name, title) for name, title, _ in RecordForm.STEPS if not (secret and name == "where")]
    return asked(
        request, form, save, done="It was sent to be approved. Nobody else sees it before.", then=lambda: record_href(made[0]),
        template="directory/new_check.jinja", rows=list(said_of(document).items()), steps=steps, provider=provider,
    )  # fmt: skip
