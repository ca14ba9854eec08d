"""The questions about how a strand is delivered, what it costs and who pays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from joinedup.benefits.lifecycle import COST_KINDS
from joinedup.benefits.pounds import amount
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    CheckboxField,
    DateField,
    Form,
    HiddenField,
    NumberField,
    Option,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
)

GRADES = [
    ("1", "1: current figures from agencies’ own systems"),
    ("2", "2: from local statistics, a year or two old"),
    ("3", "3: national analysis of similar areas; monitored elsewhere"),
    ("4", "4: general national analysis; practitioners’ monitoring"),
    ("5", "5: from abroad, or from another kind of service"),
    ("6", "6: somebody’s judgement that nothing backs yet"),
]


def posts(text: str) -> Decimal:
    """Full-time equivalents with at most two places."""
    try:
        number = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        raise ValueError("Enter a number such as 12.5.") from None
    exponent = number.as_tuple().exponent
    if not number.is_finite() or number <= 0 or number >= 100_000 or not isinstance(exponent, int) or exponent < -2:
        raise ValueError("Enter a number above nought with at most two places, such as 12.5.")
    return number


def per_cent(text: str) -> int:
    """A per cent with up to two places, in hundredths of it."""
    try:
        number = Decimal(text.strip().removesuffix("%").strip())
    except InvalidOperation:
        raise ValueError("Enter a per cent such as 33.3.") from None
    if not number.is_finite() or not 0 <= number <= 100 or number * 100 != int(number * 100):
        raise ValueError("Enter a per cent from 0 to 100 with at most two places.")
    return int(number * 100)


class ModelForm(Form):
    """What a way of delivering is called, and how sure its costs are."""

    version = HiddenField(required=False)
    name = TextField(label="What is this way of delivering called?", max_length=160, error="Enter what it is called")
    words = TextField(label="How does it work, in a sentence or two?", max_length=600, required=False)
    grade = RadiosField(label="How sure are its costs?", choices=GRADES, error="Select how sure the costs are")


class PayForm(Form):
    """A row of the pay table."""

    grade = TextField(
        label="Grade", hint="As it is called in the delivery models", max_length=60, error="Enter the grade"
    )
    annual = TextField(
        label="Cost of a full-time post a year", hint="Pay with on-costs", prefix="£", width=10, validator=amount,
        error="Enter the cost of a post a year",
    )  # fmt: skip
    starts_on = DateField(label="From which day?", hint="For example, 1 4 2027", error="Enter the day")
    source = TextField(label="Where is it from?", max_length=300, error="Enter where the pay is from")


class StaffForm(Form):
    """Posts of one agency, grade and base."""

    agency = RadiosField(label="Which agency do they come from?", error="Select the agency")
    grade = SelectField(label="Grade", hint="Of the pay table", error="Select the grade")
    base = TextField(label="Where are they based?", max_length=120, error="Enter where they are based")
    people = NumberField(label="How many people?", least=1, most=10_000, error="Enter how many people")
    full_time_equivalent = TextField(
        label="Full-time equivalents", width=5, validator=posts, error="Enter how many full-time posts that is"
    )
    first_year = SelectField(label="From which year?", error="Select the first year")
    last_year = SelectField(label="To which year?", error="Select the last year")

    def __init__(
        self, *args: Any, agencies: Iterable[Option], grades: Iterable[Option], years: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        of_year = [Option(str(place), name) for place, name in enumerate(years)]
        for name, found in (("agency", agencies), ("grade", grades), ("first_year", of_year), ("last_year", of_year)):
            cast(ChoiceComponent, self.fields[name]).set_options(list(found))


class CostForm(Form):
    """Another cost, year by year."""

    kind = RadiosField(
        label="What does the money go on?", choices=[(each.value, words) for each, words in COST_KINDS.items()],
        error="Select what the money goes on",
    )  # fmt: skip
    name = TextField(label="What is it called?", max_length=160, error="Enter what it is called")
    is_unfunded = CheckboxField(label="Nobody has promised this money yet", required=False)

    def __init__(self, *args: Any, years: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year_fields = [f"amount_{place}" for place in range(len(years))]
        for place, name in enumerate(years):
            self.fields[f"amount_{place}"] = TextField(
                label=name, prefix="£", width=10, required=False, validator=amount, empty_value=None
            )

    def amounts(self) -> list[int]:
        """Pence in each year; an empty one is nought."""
        return [int(self.cleaned_data.get(each) or 0) for each in self.year_fields]


class SharesForm(Form):
    """Which part of each year each partner pays."""

    version = HiddenField(required=False)

    def __init__(self, *args: Any, years: Sequence[str], partners: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years, self.partners = years, partners
        for year, name in enumerate(years):
            for place, partner in enumerate(partners):
                self.fields[f"share_{year}_{place}"] = TextField(
                    label=f"{partner}, {name}",
                    suffix="%",
                    width=5,
                    required=False,
                    validator=per_cent,
                    empty_value=None,
                )

    def shares(self) -> list[list[int]]:
        """By year, hundredths of a per cent in the partners' order."""
        return [
            [int(self.cleaned_data.get(f"share_{year}_{place}") or 0) for place in range(len(self.partners))]
            for year in range(len(self.years))
        ]


class VersionForm(Form):
    """Why a delivery model changed since the version before."""

    why = TextareaField(
        label="Why did it change since the version before?", max_length=2000, rows=4,
        error="Say why it changed since the version before",
    )  # fmt: skip
    version = HiddenField(required=False)

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            self.fields["why"].required = False
            self.fields["why"].label = "Anything to say about this version?"


class CompareVersionsForm(Form):
    """Two versions of a delivery model; 0 is the model as it stands now."""

    first = SelectField(label="Compare", error="Select a version")
    second = SelectField(label="With", error="Select what to compare it with")

    def __init__(self, *args: Any, numbers: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [Option(str(each), f"Version {each}") for each in numbers] + [Option("0", "As it stands now")]
        for name in ("first", "second"):
            cast(ChoiceComponent, self.fields[name]).set_options(options)
