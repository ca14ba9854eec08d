"""The questions about a forecast: by which method, kept for what reason, and what drives a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from joinedup.core.forms import Form, SelectField, TextField
from joinedup.funds.forecasting import METHOD_NAMES, Method
from joinedup.funds.forms.funds import Offering
from joinedup.funds.pounds import amount


class MethodForm(Form):
    """All lines by one method."""

    method = SelectField(
        label="Work out every line by", choices=[("", "The method kept for each line"), *((each.value, name) for each, name in METHOD_NAMES.items())],
        required=False,
    )  # fmt: skip


class KeepForm(Form):
    """A forecast to be kept, with a method for each line (id, name, the method first shown, whether its cases are known)."""

    def __init__(self, *args: Any, lines: Sequence[tuple[str, str, Method, bool]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {f"line_{key}": key for key, _, _, _ in lines}
        for key, name, method, has_flow in lines:
            choices = [
                (each.value, words) for each, words in METHOD_NAMES.items() if has_flow or each is not Method.CASE_FLOW
            ]
            shown = method if has_flow or method is not Method.CASE_FLOW else Method.PROFILE
            self.fields[f"line_{key}"] = SelectField(label=name, choices=choices, initial=shown.value)
        self.fields["words"] = TextField(
            label="What explains it?", hint="For the quarter’s report. Leave empty where nothing does", max_length=500,
            required=False,
        )  # fmt: skip

    def methods(self) -> dict[str, Method]:
        """The method of each line."""
        return {key: Method(self.cleaned_data[name]) for name, key in self.names.items()}


class DriverForm(Offering):
    """What drives a line, and what one of them costs a month."""

    measure = SelectField(label="What drives it?", error="Choose what drives it")
    unit = TextField(
        label="What does one cost a month?", prefix="£", width=10, inputmode="decimal", validator=amount,
        error="Enter what one costs a month",
    )  # fmt: skip
    source = TextField(
        label="Where does the price come from?", hint="For example, the contract, or a unit cost with its year",
        max_length=300, error="Say where the price comes from",
    )  # fmt: skip
