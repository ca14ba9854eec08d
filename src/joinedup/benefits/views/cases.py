"""Pages on which a business case is built: its list of what is left, a page for each part and line, and its rounds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.middleware import viewer_of
from joinedup.access.permissions import check
from joinedup.benefits import case_building as building
from joinedup.benefits.case_building import PART, Part
from joinedup.benefits.case_figures import Kind, shown
from joinedup.benefits.forms.cases import BeginForm, KeepForm, PartForm, WithdrawForm
from joinedup.benefits.permissions import KEEP_ROUND, WRITE_CASE
from joinedup.benefits.queries import cases as queries
from joinedup.benefits.queries.case_figures import reports_taken
from joinedup.benefits.queries.cases import CasePage
from joinedup.benefits.queries.programmes import programme_seen, strand_for
from joinedup.benefits.services import cases as services
from joinedup.benefits.views.shared import show
from joinedup.core.asking import attempt, posted, pressed
from joinedup.core.desk import Desk
from joinedup.core.drafts import all_at_once, declare_form
from joinedup.core.errors import NotPermitted, NotVisible, Refused, Stale
from joinedup.core.forms import Form, resolve_conflict

GET_OR_POST = ["GET", "HEAD", "POST"]
KEEP = declare_form(
    "benefits.case_keep", "A round of a business case", lambda about: reverse("case_keep", args=[about]),
    shown=all_at_once(queries.cases_shown),
)  # fmt: skip
_NEW = {"changes": "benefit", "costs": "cost"}


@login_required
@require_safe
def cases(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """The business cases of a programme, by strand."""
    viewer = viewer_of(request)
    programme = programme_seen(viewer, programme_id)
    rows = queries.cases_of(viewer, programme_id, withdrawn=request.GET.get("withdrawn") == "yes")
    return show(
        request,
        "benefits/case_list.jinja",
        programme=programme,
        here="business_cases",
        rows=rows,
        may_begin=not WRITE_CASE.roles.isdisjoint(viewer.roles),
    )


@login_required
@require_http_methods(GET_OR_POST)
def begin(request: HttpRequest, strand_id: UUID) -> HttpResponse:
    """Begin the case for a strand."""
    viewer = viewer_of(request)
    strand = strand_for(viewer, strand_id)
    check(viewer, WRITE_CASE, strand)
    form = BeginForm(posted(request))
    if request.method == "POST" and form.is_valid():
        title = form.cleaned_data["title"]
        made = attempt(form, lambda: services.begin_case(strand=strand, title=title, by=viewer, at=viewer.at))
        if made is not None:
            return redirect("business_case", business_case_id=made.pk)
    back = reverse("business_cases", args=[strand.programme_id])
    page = {
        "form": form, "title": "What is the case called?", "caption": strand.name, "back_href": back, "cancel_href": back,
        "is_illustration": strand.programme.is_illustration,
    }  # fmt: skip
    return render(request, "benefits/case_question.jinja", page)


@login_required
@require_safe
def case(request: HttpRequest, business_case_id: UUID) -> HttpResponse:
    """A case as a list of its parts: what is done, what is left, and the page that mends it."""
    page = queries.case_page(viewer_of(request), business_case_id)
    left = [(wrong, _href(page, wrong.part, wrong.place)) for wrong in page.left]
    return render(request, "benefits/case.jinja", {"page": page, "left": left})


@login_required
@require_safe
def answers(request: HttpRequest, business_case_id: UUID) -> HttpResponse:
    """Everything that was said, part by part."""
    page = queries.case_page(viewer_of(request), business_case_id)
    sections = [section for part in PART.values() for section in _said(page, part)]
    taken = reports_taken(viewer_of(request), page.row.model)
    return render(request, "benefits/case_answers.jinja", {"page": page, "sections": sections, "taken": taken})


def _said(page: CasePage, part: Part) -> list[dict[str, Any]]:
    """A card for each page of a part."""
    lines = page.row.model.get(part.lines, []) if part.lines else [page.row.model]
    found = []
    for place, line in enumerate(lines):
        label = f"{part.title}: {building.label_of(line, place, part.lines)}" if part.lines else part.title
        rows = _rows(page, part, place)
        if page.may_write and rows:
            href = _href(page, part.code, place if part.lines else None)
            rows = [{**rows[0], "href": href, "hidden": label}, *rows[1:]]
        if rows:
            found.append({"title": label, "rows": rows})
    return found


def _rows(page: CasePage, part: Part, place: int) -> list[dict[str, Any]]:
    asks = building.asks(part.code, page.row.model, page.agencies, place)
    known = building.values(part.code, page.row.model, page.agencies, place)
    shares = part.code in {"gains", "pays"}
    return [
        {"label": ask.label, "value": _words(ask.kind, known[ask.name])}
        for ask in asks
        if not shares or known[ask.name] is not None
    ]


def _words(kind: Kind, value: Any) -> str:
    words = shown(kind, value)
    return words[:1].upper() + words[1:] if kind is Kind.GRADE else words


def _href(page: CasePage, part: str, place: int | None) -> str:
    if place is None:
        return reverse("case_part", args=[page.row.pk, part])
    return reverse("case_line", args=[page.row.pk, part, place + 1])


def _part(code: str) -> Part:
    if code not in PART:
        raise Http404
    return PART[code]


@login_required
@require_http_methods(GET_OR_POST)
def part(request: HttpRequest, business_case_id: UUID, case_part: str) -> HttpResponse:
    """A part of a case: one page of questions, or the list of its lines."""
    wanted = _part(case_part)
    page = queries.case_page(viewer_of(request), business_case_id)
    if not wanted.lines:
        return _asked(request, page, wanted, 0)
    if request.method == "POST":
        raise Http404
    rows = [
        {
            "name": building.label_of(line, place, wanted.lines), "href": _href(page, wanted.code, place), "place": place,
            "says": _summary(page, wanted, place),
            "wrong": [each.sentence for each in page.left if (each.part, each.place) == (wanted.code, place)],
        }
        for place, line in enumerate(page.row.model.get(wanted.lines, []))
    ]  # fmt: skip
    new = _href(page, wanted.code, len(rows)) if wanted.code in _NEW else ""
    more = {"page": page, "part": wanted, "rows": rows, "new_href": new, "noun": _NEW.get(wanted.code, "")}
    return render(request, "benefits/case_lines.jinja", more)


def _summary(page: CasePage, wanted: Part, place: int) -> str:
    """What is said of a line, in a row of a list."""
    said = [row for row in _rows(page, wanted, place) if row["value"] and row["label"] not in _NAMES]
    return "; ".join(f"{row['label'].rstrip('?')}: {row['value']}" for row in said)


_NAMES = {"What is the benefit?", "What is it?", "Code", "Source", "Where is the figure from?"}


@login_required
@require_http_methods(GET_OR_POST)
def line(request: HttpRequest, business_case_id: UUID, case_part: str, case_line: int) -> HttpResponse:
    """The page of one line in a part: its number from 1, or one more for a new one."""
    wanted = _part(case_part)
    page = queries.case_page(viewer_of(request), business_case_id)
    there = len(page.row.model.get(wanted.lines, [])) if wanted.lines else 0
    most = there + (1 if wanted.code in _NEW else 0)
    if not 1 <= case_line <= most and request.method != "POST":
        raise Http404
    return _asked(request, page, wanted, max(case_line - 1, 0))


def _asked(request: HttpRequest, page: CasePage, wanted: Part, place: int) -> HttpResponse:
    """Show the page of a part or line, or save it."""
    viewer = viewer_of(request)
    check(viewer, WRITE_CASE, page.row)
    is_resolving = request.method == "POST" and request.POST.get("resolving") == "yes"
    sent = resolve_conflict(request.POST) if is_resolving else posted(request)
    asks = building.asks(wanted.code, page.row.model, page.agencies, place)
    kept = building.answers(wanted.code, page.row.model, page.agencies, place)
    seen = building.mark_of(wanted.code, page.row.model, place)
    form = PartForm(sent, part=wanted.code, asks=asks, kept=kept, initial={"seen": seen})
    if sent is not None and form.is_valid():
        try:
            return _saved(request, page, wanted, place, form)
        except Stale as stale:
            return _conflict(request, page, wanted, place, stale)
        except (NotVisible, NotPermitted):
            raise
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, page, wanted, place, form)


def _saved(request: HttpRequest, page: CasePage, wanted: Part, place: int, form: PartForm) -> HttpResponse:
    viewer = viewer_of(request)
    values = form.values()
    if wanted.code == "changes" and values.get("name") and not values.get("code"):
        values["code"] = _free_code(page, place)
    after = services.save_part(
        case=page.row, part=wanted.code, place=place, values=values, seen=form.cleaned_data["seen"] or "", by=viewer,
        at=viewer.at,
    )  # fmt: skip
    messages.success(request, "Saved.")
    if not wanted.lines:
        return redirect("business_case", business_case_id=page.row.pk)
    later = [each.place for each in building.faults(after.model) if each.part == wanted.code and each.place is not None]
    following = next((each for each in later if each > place), None)
    if wanted.code in _NEW or following is None:
        return redirect("case_part", business_case_id=page.row.pk, case_part=wanted.code)
    return redirect("case_line", business_case_id=page.row.pk, case_part=wanted.code, case_line=following + 1)


def _free_code(page: CasePage, place: int) -> str:
    """A code for a benefit nobody gave one: B and a number that is free."""
    lines = page.row.model.get("benefits", [])
    taken = {each.get("code") for at, each in enumerate(lines) if at != place}
    return next(f"B{number}" for number in range(place + 1, place + 100) if f"B{number}" not in taken)


def _page(request: HttpRequest, page: CasePage, wanted: Part, place: int, form: Form) -> HttpResponse:
    lines = page.row.model.get(wanted.lines, []) if wanted.lines else []
    back = reverse("case_part", args=[page.row.pk, wanted.code]) if wanted.lines else _case_href(page)
    title = wanted.title
    if wanted.lines:
        is_there = place < len(lines)
        label = (
            building.label_of(lines[place], place, wanted.lines) if is_there else f"a new {_NEW.get(wanted.code, '')}"
        )
        title = f"{wanted.title}: {label}"
    kind = wanted.lines if wanted.code in _NEW and place < len(lines) else ""
    more = {
        "page": page, "part": wanted, "form": form, "title": title, "caption": page.row.title, "back_href": back,
        "cancel_href": back, "submit_text": "Save and continue", "place": place, "kind": kind,
        "mark": building.mark_of(wanted.code, page.row.model, place), "is_illustration": page.is_illustration,
    }  # fmt: skip
    return render(request, "benefits/case_part.jinja", more)


def _case_href(page: CasePage) -> str:
    return reverse("business_case", args=[page.row.pk])


def _conflict(request: HttpRequest, page: CasePage, wanted: Part, place: int, stale: Stale) -> HttpResponse:
    """Both versions of a page, to choose from."""
    now = queries.case_page(viewer_of(request), page.row.pk)
    theirs, yours = stale.extra["theirs"], stale.extra["yours"]
    asks = building.asks(wanted.code, now.row.model, now.agencies, place)
    fields = [
        {"name": ask.name, "label": ask.label, "yours": yours.get(ask.name, ""), "theirs": theirs.get(ask.name, "")}
        for ask in asks
    ]
    rate = {"name": "flat_rate", "label": "Rate a year", "yours": "", "theirs": ""}
    more = {
        "fields": fields, "saved_by": now.saved_by, "saved_at": now.row.saved_at, "version": now.row.version,
        "hidden": [("resolving", "yes"), ("seen", building.mark_of(wanted.code, now.row.model, place))],
        "cancel_href": _case_href(now),
    }  # fmt: skip
    if wanted.code == "frame":
        _flat_rates(fields, rate)
        fields.append(rate)
    return render(request, "core/conflict.jinja", more, status=409)


def _flat_rates(fields: list[dict[str, str]], rate: dict[str, str]) -> None:
    """A flat rate is a choice and a figure on the page: so it is in its two versions."""
    for field in fields:
        for side in ("yours", "theirs"):
            if field["name"] == "discount" and field[side][:1].isdigit():
                rate[side], field[side] = field[side], "flat"


@login_required
@require_POST
def remove(request: HttpRequest, business_case_id: UUID, line_kind: str, case_line: int) -> HttpResponse:
    """Take a benefit or a cost out."""
    viewer = viewer_of(request)
    row = queries.case_for(viewer, business_case_id)
    if line_kind not in {"benefits", "costs"} or case_line < 1:
        raise Http404
    then = reverse("case_part", args=[row.pk, "changes" if line_kind == "benefits" else "costs"])
    mark = request.POST.get("mark", "")
    call = lambda: services.remove_line(  # noqa: E731
        case=row, kind=line_kind, place=case_line - 1, seen=mark, by=viewer, at=viewer.at
    )
    return pressed(request, call, "Removed.", then)


@login_required
@require_http_methods(GET_OR_POST)
def keep(request: HttpRequest, business_case_id: UUID) -> HttpResponse:
    """Keep the case as it stands as its next round."""
    viewer = viewer_of(request)
    page = queries.case_page(viewer, business_case_id)
    check(viewer, KEEP_ROUND, page.row)
    rounds = queries.rounds_of(viewer, business_case_id)
    changed = queries.changed_since(page, rounds[0]) if rounds else []
    desk = Desk(request, KEEP, about=str(page.row.pk))
    form = KeepForm(**desk.answers(), is_first=not rounds, initial={"version": str(page.row.version)})
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        version = int(clean["version"]) if str(clean["version"]).isdecimal() else 0
        made = attempt(
            form,
            lambda: services.keep_round(case=page.row, why=clean["why"], version=version, by=viewer, at=viewer.at),
        )
        if made is not None:
            desk.done()
            messages.success(request, f"Round {made.number} is kept.")
            return redirect("case_rounds", business_case_id=page.row.pk)
    more = {
        "page": page, "form": form, "desk": desk, "changed": changed, "number": len(rounds) + 1,
        "title": f"Keep round {len(rounds) + 1}", "caption": page.row.title, "back_href": _case_href(page),
        "cancel_href": _case_href(page), "submit_text": "Keep this round", "is_illustration": page.is_illustration,
    }  # fmt: skip
    return render(request, "benefits/case_keep.jinja", more)


@login_required
@require_http_methods(GET_OR_POST)
def withdraw(request: HttpRequest, business_case_id: UUID) -> HttpResponse:
    """Withdraw a case."""
    viewer = viewer_of(request)
    page = queries.case_page(viewer, business_case_id)
    check(viewer, WRITE_CASE, page.row)
    form = WithdrawForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(form, lambda: services.withdraw_case(case=page.row, reason=reason, by=viewer, at=viewer.at))
        if done is not None:
            messages.success(request, "The case is withdrawn. It can be brought back.")
            return redirect("business_case", business_case_id=page.row.pk)
    more = {
        "form": form, "title": "Withdraw this case", "caption": page.row.title, "back_href": _case_href(page),
        "cancel_href": _case_href(page), "submit_text": "Withdraw it", "is_illustration": page.is_illustration,
    }  # fmt: skip
    return render(request, "benefits/case_question.jinja", more)


@login_required
@require_POST
def bring_back(request: HttpRequest, business_case_id: UUID) -> HttpResponse:
    """Undo a withdrawal."""
    viewer = viewer_of(request)
    row = queries.case_for(viewer, business_case_id)
    call = lambda: services.bring_back_case(case=row, by=viewer, at=viewer.at)  # noqa: E731
    return pressed(request, call, "The case is back.", reverse("business_case", args=[row.pk]))
