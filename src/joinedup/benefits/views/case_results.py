"""Pages of what a business case comes to: results and what if, rounds, options side by side, files out and in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.middleware import viewer_of
from joinedup.access.permissions import can, check
from joinedup.benefits import case_files, case_report, case_results
from joinedup.benefits.case_changes import differences
from joinedup.benefits.case_pictures import rounds_picture
from joinedup.benefits.case_report import ILLUSTRATION
from joinedup.benefits.case_trying import tried
from joinedup.benefits.forms.cases import CompareForm, DeliveryForm, OptionsForm, TakeOverForm, UploadForm, WhatIfForm
from joinedup.benefits.permissions import KEEP_ROUND, WRITE_CASE
from joinedup.benefits.pounds import marking_of
from joinedup.benefits.queries import cases as queries
from joinedup.benefits.queries.case_figures import reports_taken
from joinedup.benefits.queries.cases import CasePage, RoundSeen
from joinedup.benefits.queries.delivery import models_to_take
from joinedup.benefits.queries.programmes import programme_seen
from joinedup.benefits.services import cases as services
from joinedup.benefits.views.shared import show
from joinedup.core.asking import attempt, posted
from joinedup.core.desk import uuid_of
from joinedup.core.documents import Document, attachment, download
from joinedup.core.figures import Table
from joinedup.core.spreadsheet import SPREADSHEET
from joinedup.engines.appraisal import BadModel, Model, model_data, pounds, read
from joinedup.engines.appraisal.workbook import workbook_of

GET_OR_POST = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def results(request: HttpRequest, business_case_id: UUID) -> HttpResponse:
    """What a case comes to as it stands, and what if."""
    page = queries.case_page(viewer_of(request), business_case_id)
    form = WhatIfForm(request.GET if any(request.GET.get(name) for name in WhatIfForm.base_fields) else None)
    if page.left:
        return render(request, "benefits/case_results.jinja", {"page": page, "doc": None, "form": form, "then": None})
    model = queries.model_of(page)
    found = case_results.results_of(model)
    then = tried(model, form.cleaned_data) if form.is_valid() else None
    doc = _document(request, page.row.title, _about(page), page.row.model, found, page.names, page.is_illustration)
    more = {
        "page": page,
        "doc": doc,
        "form": form,
        "then": then,
        "taken": reports_taken(viewer_of(request), page.row.model),
        "may_keep": can(viewer_of(request), KEEP_ROUND, page.row),
    }
    return render(request, "benefits/case_results.jinja", more)


def _about(page: CasePage) -> str:
    strand = page.row.strand
    return f"{page.row.reference}. {strand.name}, {strand.programme.title}"


def _document(
    request: HttpRequest, title: str, about: str, model: Mapping[str, Any], found: Mapping[str, Any],
    names: Mapping[str, str], is_illustration: bool,
) -> Document:  # fmt: skip
    viewer = viewer_of(request)
    blocks = case_report.blocks_of(model, found, names, is_illustration=is_illustration)
    return Document(title, viewer.name, viewer.at, about, marking_of(is_illustration), blocks)


@login_required
@require_safe
def case_file(request: HttpRequest, business_case_id: UUID, case_file_kind: str) -> HttpResponse:
    """A case as it stands: TOML, JSON, workbook, CSV, PDF or Word."""
    page = queries.case_page(viewer_of(request), business_case_id)
    model = queries.model_of(page)
    doc = _document(
        request, page.row.title, _about(page), page.row.model, case_results.results_of(model), page.names,
        page.is_illustration,
    )  # fmt: skip
    named = replace(model, name=page.row.title)
    return _file(doc, named, case_file_kind, page.row.reference, is_illustration=page.is_illustration)


def _file(doc: Document, model: Model, kind: str, name: str, *, is_illustration: bool) -> HttpResponse:
    stamp = ILLUSTRATION if is_illustration else ""
    if stamp:
        model = replace(model, name=f"{model.name} ({stamp})")
    if kind == "xlsx":
        return attachment(workbook_of(model, stamp), SPREADSHEET, f"{name}.xlsx")
    if kind == "toml":
        return attachment(case_files.toml_of(model), "application/toml; charset=utf-8", f"{name}.toml")
    if kind == "json":
        return attachment(case_files.json_of(model), "application/json", f"{name}.json")
    if kind == "csv":
        table = case_report.csv_of(doc.blocks, is_illustration=is_illustration)
        return attachment(table, "text/csv; charset=utf-8", f"{name}.csv")
    if kind not in {"pdf", "docx"}:
        raise Http404
    return download(doc, kind, name)


@login_required
@require_safe
def rounds(request: HttpRequest, business_case_id: UUID) -> HttpResponse:
    """The rounds a case went through, beside each other."""
    viewer = viewer_of(request)
    page = queries.case_page(viewer, business_case_id)
    found = queries.rounds_of(viewer, business_case_id)
    oldest_first = found[::-1]
    columns = [(f"Round {each.number}", each.results) for each in oldest_first]
    form = CompareForm(request.GET if "first" in request.GET else None, rounds=oldest_first)
    compared = None
    if form.is_valid():
        one, other = (_of(found, form.cleaned_data[name]) for name in ("first", "second"))
        compared = {
            "one": one, "other": other, "changes": differences(one.model, other.model, page.names),
            "table": case_report.side_by_side(
                [(f"Round {one.number}", one.results), (f"Round {other.number}", other.results)], "Two rounds"
            ),
        }  # fmt: skip
    more = {
        "page": page, "rounds": found, "form": form, "compared": compared,
        "picture": rounds_picture(columns) if columns else None,
        "table": case_report.side_by_side(columns, "Rounds beside each other") if columns else None,
        "pounds": pounds, "may_keep": can(viewer, KEEP_ROUND, page.row) and page.may_write,
    }  # fmt: skip
    return render(request, "benefits/case_rounds.jinja", more)


def _of(found: list[RoundSeen], round_id: str) -> RoundSeen:
    return next(each for each in found if str(each.id) == round_id)


@login_required
@require_safe
def case_round(request: HttpRequest, case_round_id: UUID) -> HttpResponse:
    """One round as it was kept."""
    viewer = viewer_of(request)
    kept = queries.round_seen(viewer, case_round_id)
    page = queries.case_page(viewer, kept.case_id)
    more = {
        "page": page, "kept": kept, "doc": _round_document(request, page, kept), "digest": _grouped(kept.digest),
        "taken": reports_taken(viewer, kept.model),
    }  # fmt: skip
    return render(request, "benefits/case_round.jinja", more)


def _round_document(request: HttpRequest, page: CasePage, kept: RoundSeen) -> Document:
    title = f"{kept.case_title}, round {kept.number}"
    return _document(request, title, _about(page), kept.model, kept.results, page.names, kept.is_illustration)


def _grouped(digest: str) -> str:
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


@login_required
@require_safe
def round_file(request: HttpRequest, case_round_id: UUID, case_file_kind: str) -> HttpResponse:
    """A round as a file."""
    viewer = viewer_of(request)
    kept = queries.round_seen(viewer, case_round_id)
    page = queries.case_page(viewer, kept.case_id)
    model = replace(read(kept.model), name=f"{kept.case_title}, round {kept.number}")
    name = f"{kept.case_reference}-round-{kept.number}"
    return _file(
        _round_document(request, page, kept), model, case_file_kind, name, is_illustration=kept.is_illustration
    )


@login_required
@require_http_methods(GET_OR_POST)
def start_from(request: HttpRequest, case_round_id: UUID) -> HttpResponse:
    """Begin the next round from an earlier one: shown first, then taken over."""
    viewer = viewer_of(request)
    kept = queries.round_seen(viewer, case_round_id)
    page = queries.case_page(viewer, kept.case_id)
    back = reverse("case_rounds", args=[page.row.pk])
    source = f"round {kept.number}"
    return _taking(request, page, kept.model, source, title=f"Begin again from {source}", back=back, hidden={})


@login_required
@require_http_methods(GET_OR_POST)
def delivery(request: HttpRequest, business_case_id: UUID) -> HttpResponse:
    """Take in what a delivery model of the strand costs."""
    viewer = viewer_of(request)
    page = queries.case_page(viewer, business_case_id)
    check(viewer, WRITE_CASE, page.row)
    known = models_to_take(viewer, page.row.strand_id)
    back = reverse("case_part", args=[page.row.pk, "costs"])
    chosen = uuid_of(request.POST.get("delivery") or request.GET.get("delivery", ""))
    if chosen and chosen in {each for each, _, _ in known}:
        name = next(name for each, name, _ in known if each == chosen)
        model = queries.with_delivery_costs(viewer, page, chosen)
        return _taking(
            request, page, model, f"the delivery model {name}", title=f"Take in what “{name}” costs", back=back,
            hidden={"delivery": str(chosen)},
        )  # fmt: skip
    more = {
        "form": DeliveryForm(None, known=known), "known": known, "page": page, "back_href": back,
        "is_illustration": page.is_illustration,
    }  # fmt: skip
    return render(request, "benefits/case_delivery.jinja", more)


@login_required
@require_http_methods(GET_OR_POST)
def upload(request: HttpRequest, business_case_id: UUID) -> HttpResponse:
    """Take a case from a file: what would change is shown before anything is taken over."""
    viewer = viewer_of(request)
    page = queries.case_page(viewer, business_case_id)
    check(viewer, WRITE_CASE, page.row)
    back = reverse("business_case", args=[page.row.pk])
    if request.method == "POST" and "model" in request.POST:
        return _taking(request, page, _sent_model(request), "a file", title="Take the file over", back=back)
    form = UploadForm(posted(request), request.FILES or None)
    faults: list[Any] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            model = model_data(case_files.read_file(file.read(), file.name))
        except BadModel as bad:
            faults = bad.faults
            form.add_error("file", "This file cannot be taken over. What is wrong with it is listed below.")
        else:
            model.pop("name", None)
            return _taking(request, page, model, "a file", title="Take the file over", back=back, is_confirmed=False)
    more = {"page": page, "form": form, "faults": faults, "back_href": back, "is_illustration": page.is_illustration}
    return render(request, "benefits/case_upload.jinja", more)


def _sent_model(request: HttpRequest) -> dict[str, Any]:
    """The model a page of ours sent along; what is not one is refused by the service, which reads it again."""
    try:
        sent = json.loads(request.POST.get("model", ""))
    except (ValueError, RecursionError):
        raise Http404 from None
    if not isinstance(sent, dict):
        raise Http404
    return sent


def _taking(
    request: HttpRequest, page: CasePage, model: Mapping[str, Any], source: str, *, title: str, back: str,
    hidden: Mapping[str, str] | None = None, is_confirmed: bool = True,
) -> HttpResponse:  # fmt: skip
    """Show what a whole model would change, or take it over."""
    viewer = viewer_of(request)
    check(viewer, WRITE_CASE, page.row)
    is_sent = request.method == "POST" and is_confirmed and "version" in request.POST
    form = TakeOverForm(request.POST if is_sent else None, initial={"version": str(page.row.version)})
    if is_sent and form.is_valid():
        version = int(form.cleaned_data["version"])
        done = attempt(form, lambda: _take(page, model, version, source, viewer))
        if done is not None:
            messages.success(request, "Taken over. Nothing is kept as a round yet.")
            return redirect("business_case", business_case_id=page.row.pk)
    more = {
        "page": page, "form": form, "title": title, "caption": page.row.title, "back_href": back, "cancel_href": back,
        "submit_text": "Take it over", "changes": differences(page.row.model, model, page.names),
        "hidden": {"model": json.dumps(dict(model))} if hidden is None else hidden, "strangers": _strangers(page, model),
        "is_illustration": page.is_illustration, "form_action": _action(page, source),
    }  # fmt: skip
    return render(request, "benefits/case_taking.jinja", more)


def _action(page: CasePage, source: str) -> str:
    return reverse("case_upload", args=[page.row.pk]) if source == "a file" else ""


def _take(page: CasePage, model: Mapping[str, Any], version: int, source: str, viewer: Any) -> object:
    return services.take_over_model(case=page.row, model=model, version=version, source=source, by=viewer, at=viewer.at)


def _strangers(page: CasePage, model: Mapping[str, Any]) -> list[str]:
    """Agencies of the model that are no partners of the programme."""
    lines = [*model.get("costs", []), *model.get("benefits", [])]
    return sorted({name for line in lines for name in line.get("agencies", {})} - set(page.names))


@login_required
@require_safe
def options(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Several cases of a programme side by side, drawn with the same luck."""
    viewer = viewer_of(request)
    programme = programme_seen(viewer, programme_id)
    known = queries.open_cases(viewer, programme_id)
    form = OptionsForm(request.GET if "case" in request.GET else None, cases=known)
    found = []
    if form.is_valid():
        found = queries.options_of(viewer, programme_id, [UUID(each) for each in form.cleaned_data["case"]])
    table = odds = None
    if found:
        table = case_report.side_by_side([(each.title, each.results) for each in found], "Side by side")
        odds = Table(
            ("Case", "Best of these in", "Against the first, half the time"),
            tuple((each.title, f"{each.best * 100:.0f} % of draws", _against(each)) for each in found),
            f"Drawn {case_results.DRAWS:,} times with the same luck (seed {case_results.SEED})",
        )
    more = {"form": form, "found": found, "table": table, "odds": odds, "missing": len(known)}
    return show(request, "benefits/case_options.jinja", programme=programme, here="business_cases", **more)


def _against(option: queries.Option) -> str:
    spread = option.against_first
    if spread is None:
        return "–"
    return f"{pounds(spread.p50)} (P10 {pounds(spread.p10)}, P90 {pounds(spread.p90)})"
