"""The questions by which a business case takes a figure that was measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from joinedup.benefits.case_figures import Kind, value_of
from joinedup.benefits.pounds import in_pounds
from joinedup.core.forms import CheckboxField, Form, HiddenField, Option, RadiosField, TextField

if TYPE_CHECKING:
    from joinedup.benefits.case_measured import MeasuredUnit


def _above_nought(text: str) -> float:
    try:
        found = value_of(Kind.PEOPLE, text)
    except ValueError as wrong:
        raise ValueError(f"How many a year {wrong}.") from None
    return float(found or 0)


class MeasuredForm(Form):
    """Which measured cost is taken, and as a line of cost how many there are a year."""

    report, place, seen = HiddenField(required=False), HiddenField(required=False), HiddenField(required=False)
    kind = RadiosField(label="Which measured cost?", error="Select a measured cost")
    with_overhead = CheckboxField(
        label="With overhead",
        required=False,
        hint="What was booked on overhead in that place and quarter is in it too",
    )
    times = TextField(
        label="How many a year?", hint="The same in every year; you can change each year on the next page", width=10,
        inputmode="decimal", validator=cast(Callable[[str], Any], _above_nought), error="Enter how many a year",
    )  # fmt: skip

    def __init__(self, *args: Any, units: Sequence[MeasuredUnit], is_cost: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [
            Option(
                each.kind, f"{each.name}: {in_pounds(each.pence)} {each.per}",
                f"{in_pounds(each.full_pence)} with overhead; measured over {each.volume_words}",
            )
            for each in units
        ]  # fmt: skip
        cast(RadiosField, self.fields["kind"]).set_options(options)
        if not is_cost:
            del self.fields["times"]
