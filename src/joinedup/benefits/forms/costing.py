"""The questions about prices of activity, unit cost databases, planned activity and what is overhead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from joinedup.benefits import costing
from joinedup.benefits.pounds import amount
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    CheckboxesField,
    CheckboxField,
    DateField,
    FileField,
    Form,
    NumberField,
    Option,
    RadiosField,
    SelectField,
    TextField,
)

_A_SERVICE = "a service"
_KINDS = [
    *((each.code, each.name) for each in costing.PROCESS),
    (_A_SERVICE, "Help given: one service"),
    (costing.OTHER_SERVICE, "Any other help given"),
]
_DAY = "For example, 1 4 2026"


class _OfAKind(Form):
    """Whatever is about one kind of activity."""

    kind = SelectField(label="Activity", choices=[("", "Choose"), *_KINDS], error="Choose the activity")
    service = TextField(
        label="Name of the service", hint="For “Help given: one service”, as it is recorded in cases", max_length=120,
        required=False,
    )  # fmt: skip

    def kind_chosen(self) -> str:
        """The code; empty where a service was chosen and not named."""
        kind, service = self.cleaned_data["kind"], (self.cleaned_data["service"] or "").strip()
        if kind == _A_SERVICE:
            return costing.service_kind(service) if service else ""
        return str(kind)


class PriceForm(_OfAKind):
    """What an activity costs from a day on."""

    amount = TextField(
        label="What it costs", hint="Without the overhead that is booked apart", prefix="£", width=10, inputmode="decimal",
        validator=amount, error="Enter what it costs",
    )  # fmt: skip
    unit = RadiosField(
        label="For what?", choices=list(costing.UNITS.items()), small=True, error="Select what the price is for"
    )
    starts_on = DateField(
        label="From which day?", hint=f"{_DAY}. The price before it ends the day before", error="Enter the day"
    )
    price_year = TextField(
        label="Price year", hint="For example, 2026/27", max_length=9, width=10, error="Enter the price year"
    )
    source = TextField(label="Where is it from?", max_length=300, error="Enter where it is from")
    is_verified = CheckboxField(label="Somebody held it against its source", required=False)


class EndPriceForm(Form):
    """Until when a price is in force."""

    ends_on = DateField(label="What is its last day?", hint=_DAY, error="Enter its last day")


class PricesFileForm(Form):
    """A table of prices."""

    file = FileField(
        label="File", hint="CSV or Excel, up to 5 MB", accept=".csv,.xlsx", most_megabytes=5, error="Choose the file"
    )


class UnitCostsFileForm(Form):
    """A unit cost database."""

    file = FileField(
        label="File", hint="The workbook (.xlsx) as it is published, up to 20 MB", accept=".xlsx", most_megabytes=20,
        error="Choose the file",
    )  # fmt: skip


class PlanForm(_OfAKind):
    """How much of an activity a year's plan has."""

    locality = SelectField(label="Locality", required=False)
    volume = NumberField(
        label="How many in the year?", hint="Nought takes it out of the plan. It is spread over the four quarters",
        least=0, most=1_000_000, width=10, error="Enter how many",
    )  # fmt: skip
    price = TextField(
        label="At which price for one?", hint="Leave empty for the price in the table on 1 April", prefix="£", width=10,
        inputmode="decimal", required=False, validator=amount, empty_value=None,
    )  # fmt: skip

    def __init__(self, *args: Any, localities: Sequence[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["locality"]).set_options([Option("", "No locality"), *localities])


class RolesForm(Form):
    """What is overhead, and what is no part of the comparison."""

    overhead = CheckboxesField(label="What is overhead?", required=False, small=True)
    outside = CheckboxesField(
        label="What has nothing to do with this activity?", hint="For example placements, or what another service spends",
        required=False, small=True,
    )  # fmt: skip
    outside_kinds = CheckboxesField(
        label="Which activity does this fund not pay for?", required=False, small=True,
        choices=[(code, name) for code, name in _KINDS if code != _A_SERVICE],
    )  # fmt: skip

    def __init__(self, *args: Any, money: Sequence[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("overhead", "outside"):
            cast(ChoiceComponent, self.fields[name]).set_options(list(money))

    def ids(self, name: str) -> frozenset[UUID]:
        """The lines and headings ticked."""
        return frozenset(UUID(each) for each in self.cleaned_data[name] or ())
