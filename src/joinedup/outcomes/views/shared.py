"""What the pages of the partnership's outcomes have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from joinedup.access.middleware import viewer_of as viewer_of  # handed on to the views of this part
from joinedup.core.asking import attempt
from joinedup.core.asking import posted as posted
from joinedup.core.asking import pressed as pressed
from joinedup.core.documents import attachment
from joinedup.core.figures import Table
from joinedup.core.forms import Form, Option
from joinedup.core.spreadsheet import SPREADSHEET, workbook_of

GET_OR_POST = ["GET", "HEAD", "POST"]


def asked(
    request: HttpRequest,
    form: Form,
    call: Callable[[], object],
    *,
    done: str,
    then: str | Callable[[], str],
    template: str = "outcomes/question.jinja",
    **page: Any,
) -> HttpResponse:
    """A page that asks and then does one thing: shown, shown again with what is wrong, or done and on to `then`."""
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: (call(),)) is not None:
        messages.success(request, done)
        return redirect(then() if callable(then) else then)
    return render(request, template, {"form": form, **page})


def options(pairs: Iterable[tuple[object, str]]) -> list[Option]:
    """Choices of records."""
    return [Option(str(key), words) for key, words in pairs]


def chosen(rows: Iterable[Any], key: object) -> Any:
    """The record somebody chose, or None."""
    return next((each for each in rows if str(getattr(each, "pk", None) or each.id) == str(key or "")), None)


def table_file(table: Table, file_kind: str, name: str) -> HttpResponse:
    """A table as CSV or as a workbook."""
    if file_kind == "csv":
        return attachment(table.as_csv(), "text/csv; charset=utf-8", f"{name}.csv")
    if file_kind == "xlsx":
        return attachment(workbook_of([table]), SPREADSHEET, f"{name}.xlsx")
    raise Http404
