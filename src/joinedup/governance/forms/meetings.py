"""The questions about meetings: when, what is on the agenda, who was there, what was agreed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

from joinedup.core.forms import (
    DateField,
    FileField,
    Form,
    HiddenField,
    NumberField,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
    YesNoField,
)
from joinedup.governance.codes import ATTENDANCE, ITEM_KINDS
from joinedup.governance.forms.boards import Offers
from joinedup.governance.queries.sitting import Member


def clock(text: str) -> time:
    """A time of day such as 14:30."""
    try:
        return time.fromisoformat(text.strip().replace(".", ":").zfill(5))
    except ValueError:
        raise ValueError("Enter a time such as 14:30.") from None


class MeetingForm(Form):
    """When and where a board meets."""

    day = DateField(label="On which day?", hint="For example, 1 12 2026", error="Enter the day of the meeting")
    begins = TextField(
        label="At what time?", hint="For example, 14:30", width=5, validator=clock, error="Enter a time such as 14:30"
    )
    minutes_long = NumberField(
        label="For how many minutes?", width=3, least=15, most=600, error="Enter for how many minutes"
    )
    place = TextField(label="Where?", max_length=200, required=False)


class ItemForm(Offers):
    """Something for the agenda: what is due, or something of one’s own."""

    due = RadiosField(label="What is it?", required=False)
    title = TextField(label="Or something else", max_length=200, required=False)
    kind = SelectField(
        label="What kind of item is it?", choices=list(ITEM_KINDS.items()), error="Choose what kind of item it is"
    )
    words = TextareaField(label="What should members know about it?", max_length=4000, required=False)
    is_exempt = YesNoField(
        label="Is it withheld from the public?", error="Select whether it is withheld from the public",
        conditional={"yes": "exempt_reason"},
    )  # fmt: skip
    exempt_reason = TextField(
        label="Under which heading is it exempt?", hint="For example, information about somebody’s financial affairs",
        max_length=300, error="Say under which heading it is exempt",
    )  # fmt: skip


class PaperForm(Form):
    """A paper."""

    title = TextField(label="What is the paper called?", max_length=200, error="Enter what the paper is called")
    file = FileField(
        label="Paper", hint="A PDF, a Word document or plain text of at most 10MB", accept=".pdf,.docx,.txt", most_megabytes=10,
        error="Choose a paper",
    )  # fmt: skip


class AttendanceForm(Form):
    """Who is there."""

    def __init__(self, *args: Any, members: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in members:
            name = f"member_{each.id.hex}"
            self.fields[name] = RadiosField(
                label=f"{each.name}, {each.seat}", choices=list(ATTENDANCE.items()), inline=True, error=f"Select whether {each.name} is there"
            )  # fmt: skip


class ReasonForm(Form):
    """Why."""

    reason = TextField(label="Why?", max_length=400, error="Say why")


class InterestForm(Offers):
    """An interest in an item."""

    member = SelectField(label="Who declares an interest?", error="Choose who declares an interest")
    words = TextField(label="What is the interest?", max_length=400, error="Say what the interest is")
    has_withdrawn = YesNoField(
        label="Do they withdraw from the item?", hint="Whoever withdraws counts neither for the quorum nor in the vote",
        error="Select whether they withdraw",
    )  # fmt: skip


class MinuteForm(Form):
    """What was said and agreed."""

    version = HiddenField(required=False)
    minute = TextareaField(
        label="What was said and agreed?", rows=8, max_length=8000, error="Enter what was said and agreed"
    )


class ActionForm(Form):
    """What somebody is asked to do."""

    words = TextField(label="What is to be done?", max_length=300, error="Say what is to be done")
    owner = TextField(label="By whom?", max_length=160, error="Say by whom")
    due_on = DateField(label="By which day?", hint="For example, 1 12 2026", error="Enter by which day")


class DoneForm(Form):
    """What was done."""

    words = TextField(label="What was done?", max_length=300, error="Say what was done")


class RecommendForm(Offers):
    """What scrutiny recommends."""

    organisation = SelectField(label="To which body?", error="Choose to which body")
    words = TextareaField(label="What is recommended?", max_length=3000, error="Say what is recommended")
    reply_due_on = DateField(
        label="By which day is a reply due?", hint="For example, 1 12 2026", error="Enter by which day a reply is due"
    )


class ReplyForm(Form):
    """What the body answers."""

    is_accepted = YesNoField(label="Is the recommendation accepted?", error="Select whether it is accepted")
    reply = TextareaField(
        label="What will be done about it, or why not?", max_length=3000, error="Say what will be done, or why not"
    )
