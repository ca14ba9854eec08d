"""Forms of the end of an agreement, and of a legal power that a lawyer checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    DateField,
    Form,
    NumberField,
    Option,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
    YesNoField,
)
from joinedup.funds.pounds import amount
from joinedup.funds.settling import REDUNDANCIES


class LeavingRuleForm(Form):
    """By which rule what is left is shared."""

    redundancy = RadiosField(
        label="Who bears what ending posts costs?", choices=list(REDUNDANCIES.items()), error="Select who bears what ending posts costs",
    )  # fmt: skip
    clause = TextareaField(
        label="The agreement’s own words", hint="The clause on termination", max_length=4000,
        error="Give the agreement’s own words on what happens when it ends",
    )  # fmt: skip

    def __init__(self, *args: Any, partners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partners = partners
        shares = {
            f"weight_{place}": NumberField(
                label=f"Share of {name}", width=5, required=False,
                hint="Leave all of them empty to share in proportion to opening contributions" if place == 0 else "",
            )
            for place, (_, name) in enumerate(partners)
        }  # fmt: skip
        self.fields = {**shares, **self.fields}

    def weights(self) -> dict[str, int]:
        """Shares by the code of the organisation; none where all are empty."""
        said = {code: self.cleaned_data.get(f"weight_{place}") for place, (code, _) in enumerate(self.partners)}
        return (
            {code: int(each or 0) for code, each in said.items()}
            if any(each is not None for each in said.values())
            else {}
        )


class LeavingItemForm(Form):
    """Something the fund owns, or what ending posts costs."""

    kind = RadiosField(
        label="What is it?", choices=[("asset", "Something the fund owns"), ("redundancy", "What ending posts costs an employer")],
        error="Select what it is",
    )  # fmt: skip
    what = TextField(label="Describe it", max_length=200, error="Describe it")
    pence = TextField(
        label="What is it worth, or what does it cost?", prefix="£", width=10, inputmode="decimal", validator=amount,
        error="Enter what it is worth or costs",
    )  # fmt: skip
    partner = SelectField(label="Who keeps it, or whose staff are they?", required=False)

    def __init__(self, *args: Any, partners: Sequence[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["partner"]).set_options([Option("", "Nobody: it is sold"), *partners])


class PowerCheckForm(Form):
    """That a lawyer checked a power."""

    lawyer = TextField(label="Name of the lawyer", max_length=120, error="Enter the name of the lawyer")
    lawyer_of = TextField(label="Whom do they work for?", max_length=160, error="Enter whom they work for")
    checked_on = DateField(label="When did they check it?", hint="For example, 27 10 2026")
    is_right = YesNoField(
        label="Is what stands here right?", error="Select whether it is right", conditional={"no": "words"}
    )
    words = TextareaField(label="What is not right?", max_length=4000, error="Say what is not right")
    written = TextField(
        label="Where is their advice written?", hint="For example: letter of 27 October 2026, file LEG/77", max_length=300,
        error="Say where their advice is written",
    )  # fmt: skip

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = cast(DateField, self.fields["checked_on"])
        day.latest = on
        day.latest_error = "The day of the check must be today or in the past"
