"""A date as three boxes (day, month, year), with errors that say which box is wrong.

Import ``DateField`` from ``core.forms``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from joinedup.core.fields import Bound, Component, Params
from joinedup.core.formats import date_long

PARTS = ("day", "month", "year")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


class TypedDate(NamedTuple):
    """What was typed into the three boxes."""

    day: str = ""
    month: str = ""
    year: str = ""


class DateError(ValidationError):
    """A date that cannot be used, and which of its boxes are wrong."""

    def __init__(self, message: str, parts: tuple[str, ...] = PARTS) -> None:
        super().__init__(message, code="date")
        self.parts = parts


class DateBoxes(forms.Widget):
    """Reads ``name-day``, ``name-month`` and ``name-year``, or one ISO date under ``name``."""

    input_type = "text"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> TypedDate | str | None:
        """Return the three texts, or the single ISO text a program sent."""
        if any(f"{name}-{part}" in data for part in PARTS):
            return TypedDate(*(str(data.get(f"{name}-{part}") or "").strip() for part in PARTS))
        return data.get(name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Say whether the form left the date out altogether."""
        return name not in data and not any(f"{name}-{part}" in data for part in PARTS)


def month_number(text: str) -> int | None:
    """Return the month for ``3``, ``03``, ``Mar`` or ``march``; None when it is no month."""
    if text.isascii() and text.isdigit():
        number = int(text[:4])
        return number if 1 <= number <= 12 else None
    word = text.rstrip(".").lower()
    matches = [index for index, name in enumerate(MONTHS, start=1) if len(word) >= 3 and name.startswith(word)]
    return 9 if word == "sept" else matches[0] if len(matches) == 1 else None


class DateField(Component, forms.Field):
    """A date. ``earliest`` and ``latest`` limit it and may be set by the form, which knows today."""

    component: ClassVar[str] = "date-input"
    has_legend: ClassVar[bool] = True
    widget = DateBoxes

    def __init__(
        self, *, label: str, earliest: date | None = None, latest: date | None = None,
        earliest_error: str = "", latest_error: str = "", is_birth_date: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(label=label, **kwargs)
        self.earliest, self.latest = earliest, latest
        self.earliest_error, self.latest_error = earliest_error, latest_error
        self.is_birth_date = is_birth_date
        if not self.subject:
            self.subject = "Date"

    def to_python(self, value: Any) -> date | None:
        """Return the date, or say what is wrong with it and where."""
        if value is None or value == "" or value == TypedDate():
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        return self._from_boxes(value) if isinstance(value, TypedDate) else self._from_text(str(value))

    def _from_text(self, text: str) -> date:
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            raise DateError(self.sentence("must be a real date")) from None

    def _from_boxes(self, typed: TypedDate) -> date:
        empty = tuple(part for part in PARTS if not getattr(typed, part))
        if empty:
            raise DateError(self.sentence(f"must include a {' and '.join(empty)}"), empty)
        month = month_number(typed.month)
        numeric = {part: getattr(typed, part).isascii() and getattr(typed, part).isdigit() for part in ("day", "year")}
        wrong = tuple(
            part
            for part, is_right in (
                ("day", numeric["day"] and len(typed.day) <= 2 and 1 <= int(typed.day) <= 31),
                ("month", month is not None),
                ("year", numeric["year"]),
            )
            if not is_right
        )
        if wrong:
            raise DateError(self.sentence("must be a real date"), wrong)
        if not re.fullmatch(r"[1-9]\d{3}", typed.year):
            raise DateError(self.sentence("must have a year of 4 numbers, for example 2019"), ("year",))
        try:
            return date(int(typed.year), month or 0, int(typed.day))
        except ValueError:
            raise DateError(self.sentence("must be a real date"), ("day",)) from None

    def validate(self, value: Any) -> None:
        """Ask whether it is required, and whether it lies within the limits."""
        super().validate(value)
        if value is None:
            return
        if self.earliest and value < self.earliest:
            raise DateError(
                self.earliest_error or self.sentence(f"must be the same as or after {date_long(self.earliest)}")
            )
        if self.latest and value > self.latest:
            raise DateError(
                self.latest_error or self.sentence(f"must be the same as or before {date_long(self.latest)}")
            )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare dates, not the way they were typed."""
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True

    def typed(self, bound: Bound) -> TypedDate:
        """Return what to put back into the boxes."""
        value = bound.value()
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value.strip())
            except ValueError:
                return TypedDate(day=value)
        if isinstance(value, date):
            return TypedDate(str(value.day), str(value.month), str(value.year))
        return value if isinstance(value, TypedDate) else TypedDate()

    def wrong_parts(self, bound: Bound) -> tuple[str, ...]:
        """Return the boxes that the first error is about."""
        errors = bound.errors.as_data()
        return getattr(errors[0], "parts", PARTS) if errors else ()

    def error_target(self, bound: Bound) -> str:
        """Return the id of the first wrong box."""
        return f"{bound.auto_id}-{(self.wrong_parts(bound) or PARTS)[0]}"

    def own_params(self, bound: Bound) -> Params:
        """Return the three boxes."""
        typed, wrong = self.typed(bound), self.wrong_parts(bound)
        items = []
        for part in PARTS:
            classes = f"govuk-input--width-{4 if part == 'year' else 2}"
            item: Params = {"name": part, "value": getattr(typed, part) or None}
            item["classes"] = classes + (" govuk-input--error" if part in wrong else "")
            if part == "month":
                item["inputmode"] = "text"
            if self.is_birth_date:
                item["autocomplete"] = "off"
            items.append(item)
        return {"namePrefix": bound.html_name, "items": items}
