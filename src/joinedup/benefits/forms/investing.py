"""The questions about how partners settle, what is frozen, and what is proposed to a fund."""

from __future__ import annotations

from joinedup.benefits.forms.realising import Offers
from joinedup.benefits.investing import BASES, METHODS
from joinedup.core.forms import DateField, Form, RadiosField, TextareaField, TextField, YesNoField


class SettlementForm(Form):
    """What is put to the partners."""

    method = RadiosField(
        label="How do the partners settle?", choices=list(METHODS.items()), error="Select how they settle"
    )
    basis = RadiosField(label="By what?", choices=list(BASES.items()), error="Select by what they settle")
    is_capped = YesNoField(
        label="Does nobody pay in more than is cashable?", error="Select whether nobody pays in more than is cashable",
        hint="Those who are paid then get less, in proportion",
    )  # fmt: skip
    starts_on = DateField(label="From which day?", error="Enter the day it begins")
    reason = TextareaField(
        label="Why this way, and where was it discussed?", max_length=4000, error="Say why the partners settle this way"
    )


class SignForm(Offers):
    """A body signs."""

    body = RadiosField(label="For which body do you sign?", error="Select for which body you sign")
    signed_on = DateField(
        label="On which day did your body decide this?",
        hint="For example, 3 12 2026",
        error="Enter the day it was decided",
    )
    minute = TextField(
        label="Where is that minuted?", hint="For example, cabinet, 3 December 2026, minute 14", max_length=500,
        error="Enter where your body’s decision is minuted",
    )  # fmt: skip


class FreezeQuarterForm(Offers):
    """Which quarter."""

    quarter = RadiosField(label="Which quarter?", error="Select the quarter")


class ProposeForm(Offers):
    """To which fund."""

    fund = RadiosField(
        label="To which fund?", error="Select the fund",
        hint="Nothing in it changes until somebody of the partner concerned, other than you, accepts it",
    )  # fmt: skip


class MeetingForm(Form):
    """For which meeting."""

    meeting_on = DateField(
        label="When is the meeting?", hint="For example, 3 12 2026", error="Enter the day of the meeting"
    )
