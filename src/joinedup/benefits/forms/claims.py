"""The questions about a published figure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from joinedup.benefits.lifecycle import CLAIM_BASES, CLAIM_HOWS
from joinedup.benefits.pounds import any_amount
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import Form, Option, RadiosField, SelectField, TextareaField, TextField


def number(text: str) -> Decimal:
    """A number that is no sum of money."""
    try:
        found = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        raise ValueError("Enter a number such as 2.28.") from None
    exponent = found.as_tuple().exponent
    if not found.is_finite() or abs(found) >= 10**10 or not isinstance(exponent, int) or exponent < -4:
        raise ValueError("Enter a number with at most four places.")
    return found


class ClaimForm(Form):
    """A figure as it was published."""

    subject = SelectField(label="What is it about?", required=False, hint="Choose, or enter something new below")
    title = TextField(label="Or something new", max_length=200, required=False)
    programme = SelectField(label="Is it about one of your own programmes, or to be read beside it?", required=False)
    what = TextField(
        label="What is the figure?", hint="In the words of the source", max_length=200, error="Enter what the figure is"
    )
    pounds = TextField(
        label="Sum of money", prefix="£", width=20, required=False, validator=any_amount, empty_value=None
    )
    number = TextField(label="Or another number", width=10, required=False, validator=number, empty_value=None)
    unit = TextField(
        label="Of what, or per what?", hint="Such as “per family” or “families”", max_length=80, required=False
    )
    basis = RadiosField(
        label="Is it gross or net?", choices=list(CLAIM_BASES.items()), error="Select whether it is gross or net"
    )
    how = RadiosField(
        label="Was it measured or is it a forecast?", choices=list(CLAIM_HOWS.items()),
        error="Select whether it was measured or is a forecast",
    )  # fmt: skip
    price_year = TextField(label="At the prices of which year?", width=10, max_length=20, required=False)
    period = TextField(label="Over which time?", max_length=80, required=False)
    area = TextField(label="Where?", max_length=120, required=False)
    source = TextField(label="Where was it published?", max_length=300, error="Enter where the figure was published")
    published = TextField(label="When was it published?", max_length=60, width=20, required=False)
    words = TextField(label="What should a reader know about it?", max_length=600, required=False)

    def __init__(
        self, *args: Any, subjects: Iterable[Option] = (), programmes: Iterable[Option] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, found in (("subject", list(subjects)), ("programme", list(programmes))):
            if found:
                cast(ChoiceComponent, self.fields[name]).set_options(found)
            else:
                del self.fields[name]


class ExplainForm(Form):
    """What explains that figures differ."""

    explains = TextareaField(
        label="What explains that these figures differ?",
        rows=6,
        max_length=3000,
        error="Say what explains the difference",
    )


class WithdrawForm(Form):
    """Why."""

    reason = TextField(label="Why is it withdrawn?", max_length=400, error="Say why it is withdrawn")
