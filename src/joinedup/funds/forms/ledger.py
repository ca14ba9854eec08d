"""Forms of the ledger: taking an entry back, closing a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from joinedup.core.forms import DateField, FileField, Form, Option, RadiosField, SelectField, TextField
from joinedup.funds.pounds import any_amount
from joinedup.funds.spending_kinds import SPENDING_KINDS


class ReverseForm(Form):
    """When and why an entry is taken back; `on` is today, after which nothing is posted."""

    dated_on = DateField(
        label="Day of the reversal", hint="A day in a month that is still open, and no later than today.",
        latest_error="Give a day that is not in the future.",
    )  # fmt: skip
    reason = TextField(label="Why is it taken back?", max_length=300, error="Say why it is taken back")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(DateField, self.fields["dated_on"]).latest = on


@dataclass(frozen=True)
class Ending:
    """A promise whose budget does not go on: in words, with what may become of it and what is offered first."""

    id: UUID
    words: str
    choices: Sequence[Option]
    first: str


class CloseYearForm(Form):
    """What each partner gets back of what is left over, the rest being carried forward; and what becomes of promises whose
    budget does not go on: each with its words, its choices, and the one that is offered first."""

    def __init__(
        self, *args: Any, partners: Sequence[tuple[UUID, str]], promises: Sequence[Ending] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.partners, self.promises = partners, promises
        for place, each in enumerate(promises):
            self.fields[f"promise_{place}"] = SelectField(
                label=each.words, choices=[Option("", "Choose what happens to it"), *each.choices],
                error=f"Say what happens to {each.words}", initial=each.first,
            )  # fmt: skip
        if promises:
            self.fields["promises_reason"] = TextField(
                label="Why is what you take back not needed?", required=False, max_length=200,
                hint="Only if you take something back.",
            )  # fmt: skip
        for place, (_, name) in enumerate(partners):
            self.fields[f"returned_{place}"] = TextField(
                label=f"Returned to {name}", required=False, validator=any_amount, width=10, prefix="£",
                hint="Leave empty to carry it forward. Below nought where the partner pays." if place == 0 else "",
            )  # fmt: skip

    def returns(self) -> dict[UUID, int]:
        """Pence for each partner that gets something back."""
        said = {key: self.cleaned_data.get(f"returned_{place}") for place, (key, _) in enumerate(self.partners)}
        return {key: int(pence) for key, pence in said.items() if pence}

    def becomes(self) -> dict[UUID, str]:
        """What was chosen for each promise."""
        return {each.id: self.cleaned_data[f"promise_{place}"] for place, each in enumerate(self.promises)}

    @property
    def reason(self) -> str:
        """Why those taken back are not needed."""
        return str(self.cleaned_data.get("promises_reason") or "")


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


class SettleForm(Form):
    """Which kind of spending the rows are that are posted from an extract."""

    kind = SelectField(
        label="Which kind of spending are they?", error="Select which kind of spending they are",
        choices=[Option("", "Choose the kind"), *(Option(each.value, words) for each, words in SPENDING_KINDS.items())],
    )  # fmt: skip
