"""Forms of the ledger: taking an entry back, closing a year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from joinedup.core.forms import DateField, FileField, Form, Option, RadiosField, TextField
from joinedup.funds.pounds import any_amount


class ReverseForm(Form):
    """When and why an entry is taken back."""

    dated_on = DateField(label="Day of the reversal", hint="A day in a month that is still open.")
    reason = TextField(label="Why is it taken back?", max_length=300, error="Say why it is taken back")


class CloseYearForm(Form):
    """What each partner gets back of what is left over; the rest is carried forward."""

    def __init__(self, *args: Any, partners: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partners = partners
        for place, (_, name) in enumerate(partners):
            self.fields[f"returned_{place}"] = TextField(
                label=f"Returned to {name}", required=False, validator=any_amount, width=10,
                hint="Leave empty to carry it forward. Below nought where the partner pays." if place == 0 else "",
            )  # fmt: skip

    def returns(self) -> dict[UUID, int]:
        """Pence for each partner that gets something back."""
        said = {key: self.cleaned_data.get(f"returned_{place}") for place, (key, _) in enumerate(self.partners)}
        return {key: int(pence) for key, pence in said.items() if pence}


class ExtractForm(Form):
    """A file of a partner's ledger."""

    file = FileField(
        label="File", hint="CSV or Excel, up to 20 MB, with a date, an amount and a reference in each row.",
        error="Choose the file",
    )  # fmt: skip

    def __init__(self, *args: Any, partners: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {
            "partner": RadiosField(
                label="Whose ledger is it from?", error="Choose the partner",
                choices=[Option(str(key), name) for key, name in partners],
            )
        } | self.fields  # fmt: skip
