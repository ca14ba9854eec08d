"""Pages of delivery models and the pay table."""

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
from joinedup.benefits.forms.delivery import CostForm, ModelForm, PayForm, SharesForm, StaffForm
from joinedup.benefits.lifecycle import CostKind, DeliveryState
from joinedup.benefits.permissions import RUN_PROGRAMME
from joinedup.benefits.queries import delivery as queries
from joinedup.benefits.queries import programmes
from joinedup.benefits.services import StaffSaid
from joinedup.benefits.views.shared import (
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
from joinedup.core.documents import attachment
from joinedup.core.errors import NotVisible
from joinedup.core.figures import csv_of


def _page(delivery_model_id: UUID) -> str:
    return reverse("delivery_model", args=[delivery_model_id])


def _for_change(request: HttpRequest, delivery_model_id: UUID) -> tuple[Any, Any, Any]:
    viewer = viewer_of(request)
    row = queries.delivery_for(viewer, delivery_model_id)
    check(viewer, RUN_PROGRAMME, row)
    return viewer, row, programmes.programme_seen(viewer, row.programme_id)


@login_required
@require_safe
def delivery(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Every delivery model of a programme, and the pay table."""
    viewer = viewer_of(request)
    page = queries.delivery_of_programme(viewer, programme_id)
    may_run = can(viewer, RUN_PROGRAMME, programmes.programme_for(viewer, programme_id))
    return show(
        request,
        "benefits/delivery.jinja",
        programme=page.programme,
        here="programme_delivery",
        page=page,
        may_run=may_run,
    )


@login_required
@require_safe
def model(request: HttpRequest, delivery_model_id: UUID) -> HttpResponse:
    """One delivery model: staff, costs, who pays, what is not funded."""
    viewer = viewer_of(request)
    row = queries.delivery_for(viewer, delivery_model_id)
    programme = programmes.programme_seen(viewer, row.programme_id)
    return show(
        request, "benefits/delivery_model.jinja", programme=programme, here="programme_delivery",
        seen=queries.delivery_seen(viewer, delivery_model_id), groups=queries.GROUPS, may_run=can(viewer, RUN_PROGRAMME, row),
    )  # fmt: skip


@login_required
@require_safe
def model_csv(request: HttpRequest, delivery_model_id: UUID) -> HttpResponse:
    """The lines of cost as a business case takes them."""
    viewer = viewer_of(request)
    row = queries.delivery_for(viewer, delivery_model_id)
    programme = programmes.programme_seen(viewer, row.programme_id)
    lines = queries.cost_lines(viewer, delivery_model_id)
    rows = [
        (
            each["name"],
            next(iter(each["agencies"])),
            str(each["grade"]),
            *(f"{pounds:.2f}" for pounds in each["amounts"]),
        )
        for each in lines
    ]
    stamp = [("Illustration: inputs invented",)] if programme.is_illustration else []
    content = csv_of([("Line", "Paid by", "Grade", *programme.year_names), *rows, *stamp])
    return attachment(content, "text/csv; charset=utf-8", "delivery-costs.csv")


@login_required
@require_http_methods(GET_OR_POST)
def draw_up(request: HttpRequest, strand_id: UUID) -> HttpResponse:
    """Begin another way of delivering a strand."""
    viewer = viewer_of(request)
    row = programmes.strand_for(viewer, strand_id)
    check(viewer, RUN_PROGRAMME, row)
    form = ModelForm(posted(request), initial={"grade": "3"})
    made: list[UUID] = []

    def save() -> None:
        clean = form.cleaned_data
        model = services.draw_up_delivery(
            strand=row, name=clean["name"], words=clean["words"], grade=int(clean["grade"]), by=viewer, at=viewer.at
        )
        made.append(model.pk)

    return asked(
        request, form, save, done="It is begun. Add staff, other costs and who pays.", then=lambda: _page(made[0]),
        title="Draw up a delivery model", caption=row.name, programme=row.programme, submit_text="Begin",
        cancel_href=reverse("strand", args=[strand_id]),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def change(request: HttpRequest, delivery_model_id: UUID) -> HttpResponse:
    """Its name, its words and how sure its costs are."""
    viewer, row, programme = _for_change(request, delivery_model_id)
    first = {"version": row.version, "name": row.name, "words": row.words, "grade": str(row.grade)}
    form = ModelForm(posted(request), initial=first)

    def save() -> None:
        clean = form.cleaned_data
        services.change_delivery(
            model=row, name=clean["name"], words=clean["words"], grade=int(clean["grade"]), version=whole(clean["version"]),
            by=viewer, at=viewer.at,
        )  # fmt: skip

    return _of_model(request, form, save, row, programme, "It is changed.", "Change the delivery model", "Save")


@login_required
@require_http_methods(GET_OR_POST)
def staff(request: HttpRequest, delivery_model_id: UUID) -> HttpResponse:
    """Add posts."""
    viewer, row, programme = _for_change(request, delivery_model_id)
    partners = programmes.partners_of(viewer, row.strand.programme)
    grades = list(dict.fromkeys(each.grade for each in queries.pay_table(viewer, row.programme_id)))
    form = StaffForm(
        posted(request), agencies=options((each.pk, each.name) for each in partners),
        grades=options((each, each) for each in grades), years=programme.year_names,
        initial={"first_year": "0", "last_year": str(programme.years - 1)},
    )  # fmt: skip

    def save() -> None:
        clean = form.cleaned_data
        said = StaffSaid(
            chosen(partners, clean["agency"]), clean["grade"], clean["base"], clean["people"],
            clean["full_time_equivalent"], int(clean["first_year"]), int(clean["last_year"]),
        )  # fmt: skip
        services.add_staff(model=row, said=said, by=viewer, at=viewer.at)

    inset = "" if grades else "The pay table is empty. Enter what a post of each grade costs first."
    return _of_model(request, form, save, row, programme, "The posts are added.", "Add staff", "Add", inset=inset)


@login_required
@require_http_methods(GET_OR_POST)
def cost(request: HttpRequest, delivery_model_id: UUID) -> HttpResponse:
    """Add another cost."""
    viewer, row, programme = _for_change(request, delivery_model_id)
    form = CostForm(posted(request), years=programme.year_names)

    def save() -> None:
        clean = form.cleaned_data
        services.add_delivery_cost(
            model=row, kind=CostKind(clean["kind"]), name=clean["name"], amounts=form.amounts(),
            is_unfunded=bool(clean["is_unfunded"]), by=viewer, at=viewer.at,
        )  # fmt: skip

    return _of_model(request, form, save, row, programme, "The cost is added.", "Add a cost", "Add")


@login_required
@require_POST
def remove(request: HttpRequest, delivery_model_id: UUID, delivery_part: str, delivery_line_id: UUID) -> HttpResponse:
    """Take posts or a cost out again."""
    viewer = viewer_of(request)
    row = queries.delivery_for(viewer, delivery_model_id)

    def take() -> None:
        if delivery_part == "staff":
            services.remove_staff(model=row, staff_id=delivery_line_id, by=viewer, at=viewer.at)
        else:
            services.remove_delivery_cost(model=row, cost_id=delivery_line_id, by=viewer, at=viewer.at)

    return pressed(request, take, "It is taken out.", _page(row.pk))


@login_required
@require_http_methods(GET_OR_POST)
def funding(request: HttpRequest, delivery_model_id: UUID) -> HttpResponse:
    """Who pays which part of each year."""
    viewer, row, programme = _for_change(request, delivery_model_id)
    partners = programmes.partners_of(viewer, row.strand.programme)
    seen = queries.delivery_seen(viewer, delivery_model_id)
    first: dict[str, Any] = {"version": row.version} | {
        f"share_{year}_{place}": f"{points / 100:g}"
        for year, parts in enumerate(seen.shares) for place, points in enumerate(parts) if points
    }  # fmt: skip
    form = SharesForm(
        posted(request), initial=first, years=programme.year_names, partners=[each.name for each in partners]
    )

    def save() -> None:
        shares = {
            year: {each.pk: points for each, points in zip(partners, parts, strict=True)}
            for year, parts in enumerate(form.shares())
        }
        services.apportion_funding(
            model=row, shares=shares, version=whole(form.cleaned_data["version"]), by=viewer, at=viewer.at
        )

    inset = "The part of each year’s cost that each partner pays, in per cent. What is left is shown as not yet funded."
    return _of_model(
        request, form, save, row, programme, "Who pays is settled.", "Who pays which part of each year?", "Save", inset=inset,
        template="benefits/delivery_funding.jinja",
    )  # fmt: skip


@login_required
@require_POST
def move(request: HttpRequest, delivery_model_id: UUID, delivery_state: str) -> HttpResponse:
    """Choose it, drop it, or take it up again."""
    viewer = viewer_of(request)
    row = queries.delivery_for(viewer, delivery_model_id)
    if delivery_state not in set(DeliveryState):
        raise NotVisible
    state = DeliveryState(delivery_state)
    return pressed(
        request, lambda: services.move_delivery(model=row, end=state, by=viewer, at=viewer.at),
        {"chosen": "It is chosen.", "dropped": "It is not taken further."}.get(state, "It is being drawn up again."),
        _page(row.pk),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def pay(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Add a row to the pay table."""
    viewer = viewer_of(request)
    row = programmes.programme_for(viewer, programme_id)
    check(viewer, RUN_PROGRAMME, row)
    form = PayForm(posted(request), initial={"starts_on": timezone.localdate(viewer.at)})
    back = reverse("programme_delivery", args=[programme_id])

    def save() -> None:
        clean = form.cleaned_data
        services.set_pay(
            programme=row, grade=clean["grade"], annual_pence=clean["annual"], starts_on=clean["starts_on"],
            source=clean["source"], by=viewer, at=viewer.at,
        )  # fmt: skip

    return asked(
        request, form, save, done="The pay table has it.", then=back, title="Add to the pay table", caption=row.title,
        programme=row, submit_text="Add", cancel_href=back,
    )  # fmt: skip


@login_required
@require_POST
def remove_pay(request: HttpRequest, programme_id: UUID, pay_rate_id: UUID) -> HttpResponse:
    """Take a row out of the pay table."""
    viewer = viewer_of(request)
    row = programmes.programme_for(viewer, programme_id)
    rate = queries.pay_rate_for(viewer, programme_id, pay_rate_id)
    return pressed(
        request, lambda: services.remove_pay(programme=row, rate=rate, by=viewer, at=viewer.at), "It is taken out.",
        reverse("programme_delivery", args=[programme_id]),
    )  # fmt: skip


def _of_model(
    request: HttpRequest,
    form: Any,
    save: Any,
    row: Any,
    programme: Any,
    done: str,
    title: str,
    submit: str,
    **page: Any,
) -> HttpResponse:
    return asked(
        request, form, save, done=done, then=_page(row.pk), title=title, caption=f"{row.strand.name}: {row.name}",
        programme=programme, submit_text=submit, cancel_href=_page(row.pk), **page,
    )  # fmt: skip
