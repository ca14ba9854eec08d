"""How often families are asked again: the measure with its picture, what a number counts, and the file."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from joinedup.front_door import queries
from joinedup.front_door.asking import label_of
from joinedup.front_door.views.shared import viewer_of

# The picture: twelve columns in a box of these units.
_WIDTH, _HEIGHT, _FOOT, _LEFT = 720, 220, 34, 30


@login_required
@require_safe
def measure(request: HttpRequest) -> HttpResponse:
    """The number that should be nought, by month, organisation and field."""
    page = queries.repeats(viewer_of(request))
    return render(request, "front_door/repeats.jinja", {"page": page, "picture": _picture(page)})


def _picture(page: queries.RepeatsPage) -> dict[str, object]:
    """Columns as positions, so that the template draws without arithmetic."""
    step = (_WIDTH - _LEFT) / len(page.months)
    top = max(page.most, 4)
    columns = []
    for place, month in enumerate(page.months):
        height = round((_HEIGHT - _FOOT - 22) * month.repeats / top)
        columns.append(
            {
                "month": month,
                "x": round(_LEFT + place * step + step * 0.15),
                "y": _HEIGHT - _FOOT - max(height, 2),
                "width": round(step * 0.7),
                "height": max(height, 2),
                "middle": round(_LEFT + place * step + step / 2),
            }
        )
    return {"width": _WIDTH, "height": _HEIGHT, "foot": _HEIGHT - _FOOT, "left": _LEFT, "columns": columns}


@login_required
@require_safe
def counted(request: HttpRequest) -> HttpResponse:
    """What one number counts."""
    month, organisation, field = (request.GET.get(name, "")[:40] for name in ("month", "organisation", "field"))
    rows = queries.repeats_counted(viewer_of(request), month=month, organisation=organisation, field=field)
    context = {"rows": rows, "month": month, "organisation": organisation, "field": field, "label": label_of(field)}
    return render(request, "front_door/repeats_counted.jinja", context)


@login_required
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The measure for a spreadsheet."""
    text = queries.repeats_file(viewer_of(request))
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="asked-again.csv"'
    return response
