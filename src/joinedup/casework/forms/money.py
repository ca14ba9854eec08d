"""Questions about money for a family."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import Form, HiddenField, RadiosField, SelectField, TextField
from joinedup.engines.money import parse_pounds


def amount(text: str) -> int:
    """An amount in pounds above nought, in pence."""
    pence = int(parse_pounds(text))
    if pence <= 0:
        raise ValueError("Enter an amount above nought, such as £25 or £25.50")
    return pence


class PromiseForm(Form):
    """What money is promised for, how much, and what the fund is told."""

    key = HiddenField()
    about = SelectField(
        label="What is it for?", error="Choose what it is for", hint="An action of the plan, or help that is given"
    )
    amount = TextField(
        label="How much, in pounds?", width=10, inputmode="decimal", validator=amount, error="Enter how much"
    )
    line = RadiosField(label="From which budget?", error="Choose the budget")
    what = TextField(
        label="What is bought?", max_length=200, error="Enter what is bought",
        hint="Whoever keeps the fund reads this. Name nobody of the family, such as “School shoes, one pair”",
    )  # fmt: skip

    def __init__(
        self, *args: Any, budgets: Iterable[tuple[str, str]], things: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["line"]).set_options(budgets)
        cast(ChoiceComponent, self.fields["about"]).set_options([("", "Choose"), *things])
