"""The questions about the partnership's outcomes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from joinedup.core.errors import Refused
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    CheckboxesField,
    DateField,
    FileField,
    Form,
    NumberField,
    Option,
    RadiosField,
    SelectField,
    TextField,
)
from joinedup.outcomes.codes import DIRECTION_LABELS, EVIDENCE, FORMS, FREQUENCIES
from joinedup.outcomes.counting import COUNTERS
from joinedup.outcomes.valuing import Said

_DAY = "For example, 31 3 2027"


def amount(text: str) -> Decimal:
    """A number as people type it: 6, 16.5, 6.5%, 1,204."""
    plain = text.replace(",", "").replace(" ", "").removesuffix("%")
    if not re.fullmatch(r"-?\d{1,9}(\.\d{1,2})?", plain, re.ASCII):
        raise ValueError("Enter a number, such as 16.5")
    return Decimal(plain)


def _amount(label: str, *, required: bool = False, hint: str = "", error: str = "") -> TextField:
    return TextField(
        label=label, hint=hint, required=required, validator=amount, width=10, inputmode="decimal", empty_value=None,
        error=error or "Enter the value",
    )  # fmt: skip


def _code(text: str) -> str:
    plain = text.strip().upper()
    if not re.fullmatch(r"[A-Z0-9_-]{2,20}", plain):
        raise ValueError("Use 2 to 20 letters, digits or hyphens")
    return plain


def _code_field() -> TextField:
    return TextField(
        label="Short code", hint="For files that are brought in, such as NEET", width=10, validator=_code,
        error="Enter a short code",
    )  # fmt: skip


class Offering(Form):
    """A form whose questions choose among records: `offers` gives each its options."""

    def __init__(self, *args: Any, offers: Mapping[str, Iterable[Option]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in (offers or {}).items():
            cast(ChoiceComponent, self.fields[name]).set_options(list(options))


class OutcomeForm(Offering):
    """An outcome."""

    name = TextField(label="What shall be different?", max_length=160, error="Enter what shall be different")
    words = TextField(label="For whom, and how one would notice", max_length=1000, required=False)
    code = _code_field()
    entry = SelectField(label="Which outcome of a framework does it belong to?", required=False)


class MeasureForm(Form):
    """A measure of an outcome."""

    name = TextField(label="What is measured?", max_length=160, error="Enter what is measured")
    code = _code_field()
    definition = TextField(
        label="How exactly is it counted?", hint="Who counts, who is left out, on which day", max_length=2000,
        error="Say how it is counted",
    )  # fmt: skip
    counted = RadiosField(
        label="Where do its readings come from?",
        choices=[
            Option("no", "They are brought in from a file or written by hand"),
            Option("yes", "Joinedup counts them from the work itself"),
        ],
        conditional={"no": ("form", "unit", "direction"), "yes": ("counter",)}, error="Select where its readings come from",
    )  # fmt: skip
    counter = SelectField(
        label="What is counted?", choices=[("", "Choose"), *((each.code, each.name) for each in COUNTERS.values())],
        error="Choose what is counted",
    )  # fmt: skip
    form = RadiosField(
        label="What kind of number is it?", choices=list(FORMS.items()), error="Select what kind of number it is"
    )
    unit = TextField(
        label="In which unit?", hint="Such as per cent, families, days", max_length=60, width=20, error="Enter the unit"
    )
    direction = RadiosField(
        label="Which way is better?", choices=[(each.value, words) for each, words in DIRECTION_LABELS.items()],
        error="Select which way is better",
    )  # fmt: skip
    frequency = RadiosField(
        label="How often is it read?", choices=list(FREQUENCIES.items()), error="Select how often it is read"
    )
    source = TextField(
        label="Whose number is it?",
        hint="The return, register or survey it comes from",
        max_length=300,
        error="Say where it comes from",
    )
    invented = CheckboxesField(
        label="Illustration",
        choices=[("yes", "Its numbers are invented. Say so on every page and file")],
        required=False,
    )


class CohortForm(Offering):
    """A group of people. `group` is one of families another part knows."""

    name = TextField(
        label="Who are they?",
        hint="Such as families of the first strand, or a town like ours",
        max_length=160,
        error="Say who they are",
    )
    code = _code_field()
    definition = TextField(label="Who belongs to it, exactly?", max_length=1000, required=False)
    youngest = NumberField(
        label="Youngest age", hint="Where Joinedup shall count by age", least=0, most=120, required=False
    )
    oldest = NumberField(label="Oldest age", least=0, most=120, required=False)
    group = SelectField(
        label="Which families?", required=False,
        hint="Where Joinedup shall count by the families of a strand. Whoever was in it on the day of each thing counts",
    )  # fmt: skip


class SeriesForm(Offering):
    """Where and of whom a measure is read."""

    areas = CheckboxesField(label="In which areas?", error="Select at least one area")
    cohort = SelectField(label="Of whom?", error="Choose of whom")
    starts_on = DateField(
        label="When does the return begin?", hint="Until then nothing is behind. Leave empty where it begins at the baseline. For example, 1 4 2028",
        required=False,
    )  # fmt: skip


class ValueForm(Form):
    """What a period came to. The value, or the two numbers behind it, or all three."""

    starts_on = DateField(label="The period begins on", hint="For example, 1 1 2027")
    ends_on = DateField(label="It ends on", hint=_DAY)
    value = _amount("Value")
    numerator = _amount(
        "How many", hint="Of a share or mean: the two numbers behind it, so that few people can be kept hidden"
    )
    denominator = NumberField(label="Of how many", least=0, required=False)
    source = TextField(label="Where does it come from?", max_length=300, error="Say where it comes from")
    reason = TextField(
        label="Why does it differ from what was there?", hint="Only where there is a value of this period already",
        max_length=500, required=False,
    )  # fmt: skip

    def said(self) -> Said:
        """The answers as the service takes them."""
        clean = self.cleaned_data
        return Said(
            clean["starts_on"],
            clean["ends_on"],
            clean["value"],
            clean["source"],
            clean["numerator"],
            clean["denominator"],
        )


class TakeBackForm(Form):
    """Why a reading is taken back."""

    reason = TextField(label="Why is it taken back?", max_length=500, error="Say why it is taken back")


_POINTS = 6


class TrajectoryForm(Form):
    """Up to six points of a trajectory and the day it begins."""

    starts_on = DateField(
        label="When does the return begin?", hint="Until then nothing is behind. Leave empty where it begins at the baseline. For example, 1 4 2028",
        required=False,
    )  # fmt: skip
    reason = TextField(
        label="Why is the trajectory changed?", hint="Only where there was one", max_length=500, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(_POINTS):
            self.fields[f"on_{place}"] = DateField(
                label=f"Point {place + 1}: by", hint=_DAY if not place else "", required=False
            )
            self.fields[f"value_{place}"] = _amount(f"Point {place + 1}: it shall have come to")
        self.order_fields(
            ["starts_on", *(f"{name}_{place}" for place in range(_POINTS) for name in ("on", "value")), "reason"]
        )

    def clean(self) -> dict[str, Any]:
        """Each point has both its day and its value, and each day comes once."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        days: set[date] = set()
        for place in range(_POINTS):
            day, value = clean.get(f"on_{place}"), clean.get(f"value_{place}")
            if f"on_{place}" in self.errors or f"value_{place}" in self.errors:
                continue
            if (day is None) != (value is None):
                self.add_error(
                    f"{'on' if day is None else 'value'}_{place}", "Give both the day and the value of a point"
                )
            elif day in days:
                self.add_error(f"on_{place}", "This day is there already")
            elif day is not None:
                days.add(day)
        return clean

    def targets(self) -> dict[date, Decimal]:
        """The points that were given."""
        pairs = ((self.cleaned_data[f"on_{place}"], self.cleaned_data[f"value_{place}"]) for place in range(_POINTS))
        return {day: value for day, value in pairs if day is not None and value is not None}

    def refuse(self, refusal: Refused) -> None:
        """A refusal about the points stands at the first of them."""
        refusal.field = {"targets": "on_0"}.get(refusal.field, refusal.field)
        super().refuse(refusal)


class ComparisonForm(Offering):
    """How far a change is the work's doing."""

    level = RadiosField(
        label="On which step of the scientific scale?",
        choices=[Option(str(step), each.name, each.words) for step, each in EVIDENCE.items()], error="Select the step",
    )  # fmt: skip
    words = TextField(
        label="Why that step?", hint="What makes the groups alike, and what does not", max_length=1000, error="Say why"
    )
    other = SelectField(label="Which group is it compared with?", required=False)
    before_on = DateField(
        label="Last day of the period before the work",
        hint="A period both have a reading of. For example, 31 3 2025",
        required=False,
    )
    after_on = DateField(
        label="Last day of the period after", hint="Leave empty for the newest both have", required=False
    )


class FileForm(Form):
    """A file of readings."""

    file = FileField(label="File", hint="CSV or Excel, up to 5 MB", error="Choose the file")
