"""Pages of one strand: who sponsors it, what was done to it, its families; and how strands overlap."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import can, check
from joinedup.benefits import services
from joinedup.benefits.forms.strands import (
    CaseStrandForm,
    CohortForm,
    FamiliesForm,
    MergeForm,
    ReasonForm,
    RenameForm,
    SponsorForm,
    StrandForm,
    TakeOutForm,
)
from joinedup.benefits.kept import FAMILIES
from joinedup.benefits.permissions import RUN_PROGRAMME, works_with_families
from joinedup.benefits.queries import cohorts as cohort_queries
from joinedup.benefits.queries import programmes as queries
from joinedup.benefits.queries import strands as strand_queries
from joinedup.benefits.services import StrandSaid
from joinedup.benefits.views.shared import GET_OR_POST, asked, chosen, options, posted, pressed, show, viewer_of
from joinedup.core.desk import Desk
from joinedup.core.documents import attachment
from joinedup.core.errors import NotVisible
from joinedup.core.figures import csv_of

_NAMED = (
    "You can name families you work with, by the references of their cases. Any other reference is answered as an unknown one, "
    "whether or not there is such a case, and whether a family was in the strand is not answered."
)


def _page(strand_id: UUID) -> str:
    return reverse("strand", args=[strand_id])


@login_required
@require_safe
def strand(request: HttpRequest, strand_id: UUID) -> HttpResponse:
    """One strand in full."""
    viewer = viewer_of(request)
    page = strand_queries.strand_page(viewer, strand_id)
    may_run = can(viewer, RUN_PROGRAMME, queries.programme_for(viewer, page.programme.id))
    return show(
        request, "benefits/strand.jinja", programme=page.programme, here="", page=page, may_run=may_run,
        may_name=may_run and works_with_families(viewer),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def add(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Another strand of a programme."""
    viewer = viewer_of(request)
    row = queries.programme_for(viewer, programme_id)
    check(viewer, RUN_PROGRAMME, row)
    form, partners, officers = _sponsor_form(viewer, row, StrandForm, posted(request), {})
    made: list[UUID] = []

    def save() -> None:
        clean = form.cleaned_data
        said = StrandSaid("", clean["name"], clean["reason"])
        sponsor, officer = chosen(partners, clean["sponsor"]), chosen(officers, clean["officer"])
        added = services.add_strand(programme=row, said=said, sponsor=sponsor, officer=officer, by=viewer, at=viewer.at)
        made.append(added.pk)

    return asked(
        request, form, save, done="The strand is added. Say who is in it.", then=lambda: _page(made[0]),
        title="Add a strand", caption=row.title, programme=row, submit_text="Add",
        cancel_href=reverse("programme", args=[programme_id]),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def sponsor(request: HttpRequest, strand_id: UUID) -> HttpResponse:
    """Another sponsor, or another officer who answers for it."""
    viewer, row = _for_change(request, strand_id)
    first = {
        "sponsor": str(row.sponsor_id), "officer": str(row.officer_id or ""), "starts_on": timezone.localdate(viewer.at)
    }  # fmt: skip
    form, partners, officers = _sponsor_form(viewer, row.programme, SponsorForm, posted(request), first)

    def save() -> None:
        clean = form.cleaned_data
        services.sponsor_strand(
            strand=row, sponsor=chosen(partners, clean["sponsor"]), officer=chosen(officers, clean["officer"]),
            reason=clean["reason"], starts_on=clean["starts_on"], by=viewer, at=viewer.at,
        )  # fmt: skip

    return _of_strand(request, form, save, row, "The sponsor is named.", "Who sponsors the strand?", "Save")


def _sponsor_form(
    viewer: Any, row: Any, kind: type[SponsorForm], data: Any, first: dict[str, Any]
) -> tuple[Any, Any, Any]:
    partners = queries.partners_of(viewer, row)
    officers = queries.officers_to_choose(viewer, partners)
    form = kind(
        data, initial=first, sponsors=options((each.pk, each.name) for each in partners),
        officers=options((each.pk, f"{each.account.name}, {each.title}, {each.employer.name}") for each in officers),
    )  # fmt: skip
    return form, partners, officers


@login_required
@require_http_methods(GET_OR_POST)
def rename(request: HttpRequest, strand_id: UUID) -> HttpResponse:
    """Another name."""
    viewer, row = _for_change(request, strand_id)
    form = RenameForm(posted(request), initial={"name": row.name})

    def save() -> None:
        services.rename_strand(
            strand=row, name=form.cleaned_data["name"], reason=form.cleaned_data["reason"], by=viewer, at=viewer.at
        )

    return _of_strand(request, form, save, row, "The strand is renamed.", "Rename the strand", "Save")


@login_required
@require_http_methods(GET_OR_POST)
def close(request: HttpRequest, strand_id: UUID) -> HttpResponse:
    """Close a strand."""
    viewer, row = _for_change(request, strand_id)
    form = ReasonForm(posted(request))

    def save() -> None:
        services.close_strand(strand=row, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at)

    return _of_strand(
        request, form, save, row, "The strand is closed.", "Why is the strand closed?", "Close the strand"
    )


@login_required
@require_http_methods(GET_OR_POST)
def reopen(request: HttpRequest, strand_id: UUID) -> HttpResponse:
    """Take a closed strand up again, or undo its merger."""
    viewer, row = _for_change(request, strand_id)
    form = ReasonForm(posted(request))
    is_merged = row.merged_into_id is not None

    def save() -> None:
        act = services.unmerge_strand if is_merged else services.reopen_strand
        act(strand=row, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at)

    title = "Why is the merger undone?" if is_merged else "Why is the strand taken up again?"
    return _of_strand(
        request,
        form,
        save,
        row,
        "The strand stands on its own again.",
        title,
        "Undo the merger" if is_merged else "Take it up again",
    )


@login_required
@require_http_methods(GET_OR_POST)
def merge(request: HttpRequest, strand_id: UUID) -> HttpResponse:
    """Merge a strand into another; who loses sponsorship is said before."""
    viewer, row = _for_change(request, strand_id)
    others = queries.strands_to_join(viewer, row)
    form = MergeForm(
        posted(request), options=options((each.pk, f"{each.name}, sponsored by {each.sponsor.name}") for each in others),
        initial={"into": request.GET.get("into", "")},
    )  # fmt: skip

    def save() -> None:
        into = chosen(others, form.cleaned_data["into"])
        services.merge_strand(strand=row, into=into, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at)

    inset = (
        f"{row.sponsor.name} sponsors {row.name} and would sponsor it no longer, unless it sponsors the other strand too. "
        "Its families, costs and cases stay, and the merger can be undone while nothing was done since."
    )
    return _of_strand(request, form, save, row, "The strands are merged.", f"Merge {row.name}", "Merge", inset=inset)


# --- Families.


@login_required
@require_http_methods(GET_OR_POST)
def define_cohort(request: HttpRequest, strand_id: UUID) -> HttpResponse:
    """What families are found by."""
    viewer, row = _for_change(request, strand_id)
    seen = cohort_queries.cohort_of(viewer, row)
    first: dict[str, Any] = {kind: list(getattr(seen.criteria, kind)) for kind in cohort_queries.KINDS}
    first |= {"expected": seen.expected, "expected_source": seen.expected_source}
    form = CohortForm(posted(request), initial=first, choices=cohort_queries.choices_of_cohort(viewer))

    def save() -> None:
        clean = form.cleaned_data
        services.define_cohort(
            strand=row, criteria=form.criteria(), expected=clean["expected"], expected_source=clean["expected_source"],
            by=viewer, at=viewer.at,
        )  # fmt: skip

    inset = (
        "A family is found while its case is open and it has everything that is asked. Of one kind, any will do. Choose "
        "nothing where families come from a list. They are found again every morning."
    )
    return _of_strand(
        request, form, save, row, "Who is in the strand is settled.", "Who is in this strand?", "Save", inset=inset
    )


@login_required
@require_POST
def refresh(request: HttpRequest, strand_id: UUID) -> HttpResponse:
    """Find the families again now."""
    viewer = viewer_of(request)
    row = queries.strand_for(viewer, strand_id)
    return pressed(
        request, lambda: services.refresh_cohort(strand=row, by=viewer, at=viewer.at), "The families were found again.",
        _page(strand_id),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def families(request: HttpRequest, strand_id: UUID) -> HttpResponse:
    """Put families in by the references of their cases."""
    viewer, row = _for_change(request, strand_id)
    desk = Desk(request, FAMILIES, str(strand_id))
    form = FamiliesForm(
        **desk.answers(), files=request.FILES or None, initial={"starts_on": timezone.localdate(viewer.at)}
    )

    def save() -> None:
        references, source = form.listed()
        services.put_in_families(
            strand=row, references=references, starts_on=form.cleaned_data["starts_on"], source=source, by=viewer,
            at=viewer.at,
        )  # fmt: skip

    return _of_strand(
        request, form, save, row, "The families are in the strand.", "Put families in", "Put in", desk=desk,
        inset=_NAMED,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def take_out(request: HttpRequest, strand_id: UUID) -> HttpResponse:
    """Take families out by the references of their cases."""
    viewer, row = _for_change(request, strand_id)
    form = TakeOutForm(posted(request), initial={"last_day": timezone.localdate(viewer.at)})

    def save() -> None:
        clean = form.cleaned_data
        services.take_out_families(
            strand=row,
            references=clean["references"].replace(",", " ").split(),
            reason=clean["reason"],
            last_day=clean["last_day"],
            by=viewer,
            at=viewer.at,
        )

    return _of_strand(
        request, form, save, row, "Whoever of them was in the strand counts until that day.", "Take families out",
        "Take out", inset=_NAMED,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Say that a family one works with came into a strand, or left it."""
    viewer = viewer_of(request)
    case, strands = strand_queries.strands_for_case(viewer, case_id)
    form = CaseStrandForm(
        posted(request), initial={"day": timezone.localdate(viewer.at)},
        strands=options((each.pk, f"{each.name}, {each.programme.title}") for each in strands),
    )  # fmt: skip

    def save() -> None:
        clean = form.cleaned_data
        to: dict[str, Any] = {"references": [case.reference], "by": viewer, "at": viewer.at}
        strand_ = chosen(strands, clean["strand"])
        if clean["doing"] == "in":
            services.put_in_families(strand=strand_, starts_on=clean["day"], source="hand", **to)
        else:
            services.take_out_families(strand=strand_, last_day=clean["day"], reason=clean["reason"] or "", **to)

    back = reverse("case", args=[case_id])
    return asked(
        request, form, save, done="It is written down.", then=back, title="The family and a programme’s strand",
        caption=case.reference, submit_text="Save", cancel_href=back, back_href=back,
        inset="A strand’s families are counted and never named: its partners see a number, and no small one.",
    )  # fmt: skip


def _for_change(request: HttpRequest, strand_id: UUID) -> tuple[Any, Any]:
    viewer = viewer_of(request)
    row = queries.strand_for(viewer, strand_id)
    check(viewer, RUN_PROGRAMME, row)
    return viewer, row


def _of_strand(
    request: HttpRequest, form: Any, save: Any, row: Any, done: str, title: str, submit_text: str, **page: Any
) -> HttpResponse:
    return asked(
        request, form, save, done=done, then=_page(row.pk), title=title, caption=row.name, programme=row.programme,
        submit_text=submit_text, cancel_href=_page(row.pk), **page,
    )  # fmt: skip


# --- Overlap.


@login_required
@require_safe
def overlap(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """How the strands overlap, and which had better be one."""
    viewer = viewer_of(request)
    page = cohort_queries.overlap_of(viewer, programme_id)
    may_run = can(viewer, RUN_PROGRAMME, queries.programme_for(viewer, programme_id))
    return show(
        request,
        "benefits/overlap.jinja",
        programme=page.programme,
        here="programme_overlap",
        page=page,
        may_run=may_run,
    )


@login_required
@require_safe
def overlap_csv(request: HttpRequest, programme_id: UUID, overlap_table: str) -> HttpResponse:
    """The overlap for a spreadsheet: `combinations` or `pairs`."""
    if overlap_table not in {"combinations", "pairs"}:
        raise NotVisible
    page = cohort_queries.overlap_of(viewer_of(request), programme_id)
    found = page.table if overlap_table == "pairs" else page.figure.table
    stamp = [("Illustration: inputs invented",)] if page.programme.is_illustration else []
    content = csv_of([found.columns, *found.rows, *stamp])
    return attachment(content, "text/csv; charset=utf-8", f"strands-{overlap_table}-{page.on.isoformat()}.csv")
