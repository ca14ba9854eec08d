"""The questions about boards, their seats and their powers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    DateField,
    Form,
    HiddenField,
    NumberField,
    Option,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
    YesNoField,
)
from joinedup.engines.money import parse_pounds
from joinedup.governance.codes import BOARD_KINDS, MONTHS_BETWEEN, SEAT_KINDS


def limit(text: str) -> int:
    """A limit of delegation in pence."""
    pence = int(parse_pounds(text))
    if pence <= 0:
        raise ValueError("Enter an amount above nought, such as £100,000.")
    return pence


class Offers(Form):
    """A form whose questions choose among records: `offers` gives each its options."""

    def __init__(self, *args: Any, offers: Mapping[str, Iterable[Option]] = {}, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in offers.items():
            cast(ChoiceComponent, self.fields[name]).set_options(list(options))


class TermsForm(Offers):
    """The terms of reference of a board."""

    number = HiddenField(required=False)
    name = TextField(label="What is the board called?", max_length=160, error="Enter what the board is called")
    duties = TextareaField(
        label="What is it for, and what are its duties?", max_length=6000, error="Say what the board is for and what its duties are",
    )  # fmt: skip
    legal_basis = TextField(
        label="Under which law, agreement or decision does it exist?", max_length=300, required=False
    )
    quorum_members = NumberField(
        label="How many voting members make a quorum?", width=2, least=2, most=60, error="Enter how many voting members make a quorum"
    )  # fmt: skip
    quorum_bodies = NumberField(
        label="From how many different bodies?", width=2, least=1, most=20, error="Enter from how many different bodies"
    )
    months_between = SelectField(
        label="How often does it meet?", choices=list(MONTHS_BETWEEN.items()), error="Choose how often it meets"
    )
    call_in_days = NumberField(
        label="For how many working days may scrutiny call a decision in?", hint="Enter 0 where there is no call-in", width=2,
        least=0, most=20, error="Enter the number of working days, or 0",
    )  # fmt: skip
    starts_on = DateField(label="From which day?", hint="For example, 1 4 2026", error="Enter from which day")


class BoardForm(TermsForm):
    """A board that is set up."""

    kind = RadiosField(
        label="What kind of board is it?", choices=list(BOARD_KINDS.items()), error="Select what kind of board it is"
    )
    host = SelectField(label="Which organisation keeps it?", error="Choose which organisation keeps it")
    parent = SelectField(label="Is it part of another board?", required=False)
    field_order = ("kind", "host", "parent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*self.field_order, *[name for name in self.fields if name not in self.field_order]])


class ChangeTermsForm(TermsForm):
    """New terms of reference."""

    why = TextField(label="Why do they change?", max_length=400, error="Say why the terms of reference change")


class SeatForm(Offers):
    """A seat."""

    title = TextField(
        label="What is the seat called?", hint="For example, lead member for children", max_length=120, error="Enter what the seat is called",
    )  # fmt: skip
    kind = SelectField(
        label="What kind of member sits there?", choices=list(SEAT_KINDS.items()), error="Choose what kind of member"
    )
    organisation = SelectField(
        label="For which body?", required=False, hint="Leave open where the seat is nobody’s in particular"
    )
    has_vote = YesNoField(label="Does it have a vote?", error="Select whether it has a vote")
    is_chair = YesNoField(label="Does it chair the board?", error="Select whether it chairs the board")
    starts_on = DateField(
        label="From which day is it to be filled?", hint="For example, 1 4 2026", error="Enter from which day it is to be filled"
    )  # fmt: skip


class AppointForm(Offers):
    """Somebody who is appointed to a seat."""

    post = SelectField(label="Who is appointed?", required=False, hint="People in post who can sit here")
    name = TextField(
        label="Or somebody without a post here", hint="A name alone, for example a representative of young people",
        max_length=160, required=False,
    )  # fmt: skip
    how = TextField(
        label="By whom were they appointed, and where is that written?", hint="For example, designated by the Leader, minute 14",
        max_length=300, error="Say by whom the member was appointed and where that is written",
    )  # fmt: skip
    starts_on = DateField(label="From which day?", hint="For example, 1 4 2026", error="Enter from which day")


class EndForm(Form):
    """When and why a member leaves."""

    ends_on = DateField(label="What is their last day?", hint="For example, 31 3 2026", error="Enter their last day")
    reason = TextField(label="Why?", max_length=300, error="Say why")


class PowerForm(Offers):
    """A power to decide."""

    kind = RadiosField(label="What may the board decide?", error="Select what the board may decide")
    limit = TextField(
        label="Up to which amount?", hint="Leave open where there is no limit", prefix="£", width=10, inputmode="decimal",
        required=False, validator=limit, empty_value=None,
    )  # fmt: skip
    source = TextField(
        label="Where was the power given?", hint="Which body, on which day, under which minute", max_length=300,
        error="Say where the power was given",
    )  # fmt: skip
    starts_on = DateField(label="From which day?", hint="For example, 1 4 2026", error="Enter from which day")
