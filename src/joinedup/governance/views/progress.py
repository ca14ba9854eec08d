"""Pages of the framework and of the reports on it."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import can, check
from joinedup.core.desk import Desk
from joinedup.core.documents import attachment, download
from joinedup.core.figures import Table
from joinedup.core.tabular import UnreadableFile
from joinedup.governance import rules, services
from joinedup.governance.evidence import every_figure
from joinedup.governance.forms.progress import (
    BandForm,
    ElementForm,
    EntryForm,
    ImportForm,
    ReportForm,
    SignForm,
    TextsForm,
)
from joinedup.governance.kept import ELEMENT, ELEMENT_ENTRY, ELEMENT_NEW, REPORT_TEXTS, SIGNATURE
from joinedup.governance.permissions import (
    BEGIN_REPORT,
    IMPORT_REPORTS,
    KEEP_FRAMEWORK,
    RUN_MEETINGS,
    SET_BAND,
    SIGN_COLOUR,
    WRITE_ENTRY,
    WRITE_REPORT,
)
from joinedup.governance.progress_content import TEXTS, faults_of
from joinedup.governance.progress_document import changes_document, report_document, tally_words
from joinedup.governance.progress_file import read_reports, template
from joinedup.governance.queries import boards as board_queries
from joinedup.governance.queries import framework as framework_queries
from joinedup.governance.queries import progress as queries
from joinedup.governance.queries.risks import boards_with_risks, owners_to_choose
from joinedup.governance.services import ElementSaid, EntrySaid
from joinedup.governance.views.shared import (
    GET_OR_POST,
    asked,
    chosen,
    options,
    posted,
    pressed,
    show,
    viewer_of,
    whole,
)


@login_required
@require_safe
def framework(request: HttpRequest) -> HttpResponse:
    """The framework with the figures that speak for each element."""
    return show(
        request, "governance/framework.jinja", here="progress_reports", page=framework_queries.framework_page(viewer_of(request))
    )  # fmt: skip


@login_required
@require_POST
def begin_framework(request: HttpRequest) -> HttpResponse:
    """Begin with the standard elements."""
    viewer = viewer_of(request)
    day = timezone.localdate(viewer.at)
    return pressed(
        request, lambda: services.begin_framework(starts_on=day, by=viewer, at=viewer.at), "The framework is there.",
        reverse("framework"),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def element_new(request: HttpRequest) -> HttpResponse:
    """An element more."""
    return _element(request, None)


@login_required
@require_http_methods(GET_OR_POST)
def element(request: HttpRequest, framework_element_id: UUID) -> HttpResponse:
    """Change an element."""
    return _element(request, framework_queries.element_for(viewer_of(request), framework_element_id))


def _element(request: HttpRequest, row: Any) -> HttpResponse:
    viewer = viewer_of(request)
    check(viewer, KEEP_FRAMEWORK)
    layers = framework_queries.layers_to_choose(viewer)
    owners = owners_to_choose(viewer, RUN_MEETINGS.roles)
    first: dict[str, Any] = {}
    if row is not None:
        first = {name: getattr(row, name) for name in ("version", "letter", "name", "words", "judged")}
        first |= {
            "layer": str(row.layer_id),
            "owner": str(row.owner_id or ""),
            "figures": [each.figure for each in row.figures.all()],
        }
    desk = Desk(request, ELEMENT_NEW) if row is None else Desk(request, ELEMENT, str(row.pk))
    form = ElementForm(
        **desk.answers(), initial=first,
        offers={
            "layer": options((each.pk, each.name) for each in layers), "figures": options((each.name, each.words) for each in every_figure()),
            "owner": options((key, f"{each.account.name}, {each.title}") for key, each in owners.items()),
        },
    )  # fmt: skip
    if row is not None:
        del form.fields["layer"]

    def save() -> None:
        clean = form.cleaned_data
        said = ElementSaid(clean["letter"], clean["name"], clean["words"], clean["judged"], tuple(clean["figures"]))
        owner = chosen(owners.values(), clean["owner"])
        if row is None:
            services.add_element(
                layer=chosen(layers, clean["layer"]), said=said, owner=owner, starts_on=timezone.localdate(viewer.at), by=viewer, at=viewer.at
            )  # fmt: skip
        else:
            services.change_element(
                element=row, said=said, owner=owner, version=whole(clean["version"]), by=viewer, at=viewer.at
            )

    return asked(
        request, form, save, desk=desk, done="Saved. Reports that are published stay as they were.", then=reverse("framework"),
        title="Change an element" if row else "Add an element", submit_text="Save", cancel_href=reverse("framework"),
    )  # fmt: skip


@login_required
@require_POST
def element_end(request: HttpRequest, framework_element_id: UUID) -> HttpResponse:
    """It is asked for no longer."""
    viewer = viewer_of(request)
    row = framework_queries.element_for(viewer, framework_element_id)
    return pressed(
        request, lambda: services.end_element(element=row, by=viewer, at=viewer.at), "The element ends today.", reverse("framework")
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def band(request: HttpRequest, framework_element_id: UUID) -> HttpResponse:
    """Write down a band a board set."""
    viewer = viewer_of(request)
    seen = framework_queries.element_seen(viewer, framework_element_id)
    boards = _boards(viewer, SET_BAND)
    form = BandForm(
        posted(request), initial={"starts_on": timezone.localdate(viewer.at)},
        offers={
            "board": options((each.pk, name) for each, name in boards),
            "figure": options((each.figure.name, each.figure.words) for each in seen.figures),
        },
    )  # fmt: skip

    def save() -> None:
        clean = form.cleaned_data
        services.set_band(
            board=chosen([each for each, _ in boards], clean["board"]), element=seen.row, figure=clean["figure"],
            green_from=clean["green_from"], amber_from=clean["amber_from"], source=clean["source"], starts_on=clean["starts_on"],
            by=viewer, at=viewer.at,
        )  # fmt: skip

    return asked(
        request, form, save, done="The band is written down.", then=reverse("framework"), title="Write down a band",
        caption=f"{seen.row.letter} {seen.row.name}", submit_text="Save", cancel_href=reverse("framework"),
    )  # fmt: skip


def _boards(viewer: Any, permission: Any, *, narrowed: bool = True) -> list[tuple[Any, str]]:
    """The boards for which the viewer may do something; whoever may for none is refused."""
    names = board_queries.names_of_boards(viewer)
    rows = boards_with_risks(viewer)
    found = [(each, names[each.pk]) for each in rows if not narrowed or can(viewer, permission, each)]
    if not found:
        check(viewer, permission)
    return sorted(found, key=lambda pair: pair[1])


@login_required
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """Every report, and what can be begun."""
    viewer = viewer_of(request)
    return show(
        request, "governance/progress.jinja", here="progress_reports", rows=queries.reports(viewer), may_begin=can(viewer, BEGIN_REPORT)
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a report."""
    viewer = viewer_of(request)
    check(viewer, BEGIN_REPORT)
    boards = _boards(viewer, BEGIN_REPORT, narrowed=False)
    form = ReportForm(posted(request), offers={"board": options((each.pk, name) for each, name in boards)})
    made: list[UUID] = []

    def save() -> None:
        clean = form.cleaned_data
        row = services.begin_report(
            board=chosen([each for each, _ in boards], clean["board"]), title=clean["title"], starts_on=clean["starts_on"],
            ends_on=clean["ends_on"], by=viewer, at=viewer.at,
        )  # fmt: skip
        made.append(row.pk)

    return asked(
        request, form, save, done="The report is begun, with an entry for each element.", then=lambda: _page(made[0]),
        title="Begin a progress report", submit_text="Begin", cancel_href=reverse("progress_reports"),
    )  # fmt: skip


def _page(report_id: object) -> str:
    return reverse("progress_report", args=[report_id])


@login_required
@require_safe
def report(request: HttpRequest, progress_report_id: UUID) -> HttpResponse:
    """One report: as it was published, or the draft with what is still missing."""
    viewer = viewer_of(request)
    page = queries.report_page(viewer, progress_report_id)
    document = report_document(page.content, printed_by=viewer.name, printed_at=viewer.at)
    faults = faults_of(page.content) if page.published is None else []
    return show(
        request, "governance/progress_report.jinja", page=page, document=document, faults=faults, tally=tally_words(page.content)
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def texts(request: HttpRequest, progress_report_id: UUID) -> HttpResponse:
    """What it says besides its table."""
    viewer = viewer_of(request)
    row = queries.report_for(viewer, progress_report_id)
    check(viewer, WRITE_REPORT, row)
    desk = Desk(request, REPORT_TEXTS, str(row.pk))
    form = TextsForm(
        **desk.answers(), initial={name: getattr(row, name) for name in ("version", *(key for key, _ in TEXTS))}
    )

    def save() -> None:
        clean = form.cleaned_data
        said = {name: clean[name] for name, _ in TEXTS}
        services.write_texts(report=row, texts=said, version=whole(clean["version"]), by=viewer, at=viewer.at)

    return asked(
        request, form, save, desk=desk, done="Saved.", then=_page(row.pk), title="The texts of the report", caption=row.title,
        submit_text="Save", cancel_href=_page(row.pk),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def entry(request: HttpRequest, progress_entry_id: UUID) -> HttpResponse:
    """What it says of one element, under the evidence as it is counted now."""
    viewer = viewer_of(request)
    row = queries.entry_for(viewer, progress_entry_id)
    check(viewer, WRITE_ENTRY, row)
    found = queries.element_as_it_stands(viewer, row)
    names = ("version", "done", "remains", "compared", "colour", "reason", "second_reason")
    desk = Desk(request, ELEMENT_ENTRY, str(row.pk))
    form = EntryForm(**desk.answers(), initial={name: getattr(row, name) for name in names})

    def save() -> None:
        clean = form.cleaned_data
        said = EntrySaid(*(clean[name] for name in names[1:]))
        services.write_entry(entry=row, said=said, version=whole(clean["version"]), by=viewer, at=viewer.at)

    return asked(
        request, form, save, desk=desk, done="Saved.", then=_page(row.report_id), template="governance/progress_entry.jinja",
        title=f"{row.element.letter} {row.element.name}", caption=row.report.title, submit_text="Save",
        cancel_href=_page(row.report_id), found=found,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def sign(request: HttpRequest, progress_entry_id: UUID) -> HttpResponse:
    """Sign why a colour stands outside its bands."""
    viewer = viewer_of(request)
    row = queries.entry_for(viewer, progress_entry_id)
    check(viewer, SIGN_COLOUR)
    found = queries.element_as_it_stands(viewer, row)
    desk = Desk(request, SIGNATURE, str(row.pk))
    form = SignForm(**desk.answers())

    def save() -> None:
        services.sign_reason(entry=row, words=form.cleaned_data["words"], by=viewer, at=viewer.at)

    return asked(
        request, form, save, desk=desk, done="Signed.", then=_page(row.report_id), template="governance/progress_entry.jinja",
        title="Sign why the colour stands", caption=f"{row.element.letter} {row.element.name}, {row.get_colour_display()}",
        submit_text="Sign", cancel_href=_page(row.report_id), found=found,
    )  # fmt: skip


@login_required
@require_POST
def count_again(request: HttpRequest, progress_report_id: UUID) -> HttpResponse:
    """Count the figures of a draft again."""
    viewer = viewer_of(request)
    row = queries.report_for(viewer, progress_report_id)
    return pressed(
        request, lambda: services.count_again(report=row, by=viewer, at=viewer.at), "Every figure was counted again.", _page(row.pk)
    )  # fmt: skip


@login_required
@require_POST
def publish(request: HttpRequest, progress_report_id: UUID) -> HttpResponse:
    """Publish it with its evidence."""
    viewer = viewer_of(request)
    row = queries.report_for(viewer, progress_report_id)
    return pressed(
        request, lambda: services.publish_report(report=row, by=viewer, at=viewer.at),
        "The report is published. Its evidence is frozen with it.", _page(row.pk),
    )  # fmt: skip


@login_required
@require_POST
def give_up(request: HttpRequest, progress_report_id: UUID) -> HttpResponse:
    """It is not published."""
    viewer = viewer_of(request)
    row = queries.report_for(viewer, progress_report_id)
    return pressed(
        request, lambda: services.give_up_report(report=row, by=viewer, at=viewer.at), "The report was given up.", reverse("progress_reports")
    )  # fmt: skip


@login_required
@require_safe
def file(request: HttpRequest, progress_report_id: UUID, file_kind: str) -> HttpResponse:
    """The report as PDF, Word or JSON."""
    viewer = viewer_of(request)
    page = queries.report_page(viewer, progress_report_id)
    name = f"progress-report-{page.row.reference}"
    if file_kind == "json":
        return attachment(json.dumps(page.content, ensure_ascii=False, indent=1), "application/json", f"{name}.json")
    if file_kind not in {"pdf", "docx"}:
        raise Http404
    frozen = page.published.digest if page.published else ""
    document = report_document(page.content, printed_by=viewer.name, printed_at=viewer.at, frozen=frozen)
    return download(document, file_kind, name)


@login_required
@require_safe
def changed(request: HttpRequest, progress_report_id: UUID) -> HttpResponse:
    """What changed since the last report to the same board."""
    viewer = viewer_of(request)
    row, found = queries.changes_since(viewer, progress_report_id)
    document = None
    if found is not None:
        document = changes_document(
            found.after, found.before, found.changes, printed_by=viewer.name, printed_at=viewer.at
        )
    return show(request, "governance/progress_changes.jinja", row=row, document=document)


@login_required
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Beside what other partnerships published."""
    viewer = viewer_of(request)
    page = queries.comparison(viewer)
    return show(request, "governance/progress_compare.jinja", page=page, may_import=can(viewer, IMPORT_REPORTS))


@login_required
@require_safe
def import_template(request: HttpRequest) -> HttpResponse:
    """The file to fill in."""
    check(viewer_of(request), IMPORT_REPORTS)
    return attachment(template(), "text/csv; charset=utf-8", "progress-reports.csv")


@login_required
@require_http_methods(GET_OR_POST)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Bring in what others published; what cannot be used is listed with why."""
    viewer = viewer_of(request)
    check(viewer, IMPORT_REPORTS)
    form = ImportForm(posted(request), request.FILES or None)
    rejected: list[dict[str, Any]] = []

    def save() -> None:
        sent = form.cleaned_data["file"]
        content = sent.read()
        try:
            read = read_reports(sent.name, content)
        except UnreadableFile as fault:
            raise rules.IMPORT_EMPTY.refused(why=str(fault)) from fault
        rejected.extend(read.rejected)
        if not read.reports:
            raise rules.IMPORT_EMPTY.refused(why=read.rejected[0]["reason"] if read.rejected else "it has no rows.")
        services.import_reports(
            file_name=sent.name, read=read, digest=hashlib.sha256(content).hexdigest(), source=form.cleaned_data["source"], by=viewer, at=viewer.at
        )  # fmt: skip

    page = asked(
        request, form, save, done="The reports are kept.", then=reverse("progress_compare"), title="Bring in reports of other partnerships",
        submit_text="Bring in", cancel_href=reverse("progress_compare"), template="governance/progress_import.jinja",
    )  # fmt: skip
    if page.status_code == 302 and rejected:
        rows = tuple((str(each["row"]), each["field"], each["value"], each["reason"]) for each in rejected[:200])
        table = Table(("Row", "Field", "Value", "Why"), rows, f"{len(rejected)} rows were left out")
        return show(request, "governance/progress_left_out.jinja", table=table)
    return page
