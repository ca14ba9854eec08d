"""The questions of whoever keeps a record true, and of whoever says that one is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any, cast

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    CheckboxesField,
    CheckboxField,
    DateField,
    EmailField,
    Form,
    HiddenField,
    NumberField,
    Option,
    PostcodeField,
    RadiosField,
    TelephoneField,
    TextareaField,
    TextField,
)
from joinedup.directory.codes import WEEKDAYS
from joinedup.directory.correcting import METHODS, OUTCOMES, RESULTS, WHAT
from joinedup.directory.editing import PLACE_FIELDS
from joinedup.directory.profile import is_format

_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
COSTS = {"free": "It is free", "paid": "There is a cost", "": "I do not know yet"}


def _clock(text: str) -> str:
    try:
        return time.fromisoformat(text.strip().replace(".", ":").zfill(5)).strftime("%H:%M")
    except ValueError as wrong:
        raise ValueError("Enter a time like 09:30") from wrong


def _web(text: str) -> str:
    found = text.strip()
    if not found.startswith(("http://", "https://")):
        found = f"https://{found}"
    if not is_format("uri", found):
        raise ValueError("Enter a web address like https://placeholder.example")
    return found


class RecordForm(Form):
    """What a provider says of a service. `categories` are offered by id; a secret address is not asked for."""

    number = HiddenField(required=False)
    name = TextField(label="What is the service called?", max_length=200, error="Enter what the service is called")
    description = TextareaField(
        label="What happens there?", hint="In plain words, as you would tell a parent.", max_length=5000,
        error="Say what happens there",
    )  # fmt: skip
    categories = CheckboxesField(label="What kind of help is it?", required=False, small=True)
    minimum_age = NumberField(
        label="From what age?", hint="Leave empty for any age.", least=0, most=120, width=3, required=False
    )
    maximum_age = NumberField(
        label="Up to what age?", hint="Leave empty for any age.", least=0, most=120, width=3, required=False
    )
    days = CheckboxesField(
        label="On which days?", choices=list(zip(WEEKDAYS, _DAY_NAMES, strict=True)), required=False, small=True
    )
    opens_at = TextField(label="From what time?", hint="For example, 09:30", width=5, validator=_clock, required=False)
    closes_at = TextField(
        label="Until what time?", hint="For example, 15:00", width=5, validator=_clock, required=False
    )
    place_name = TextField(label="What is the place called?", max_length=200, required=False)
    address_1 = TextField(label="Number and street", max_length=200, required=False)
    city = TextField(label="Town or city", max_length=100, required=False)
    state_province = TextField(label="County", max_length=100, required=False)
    postal_code = PostcodeField(label="Postcode", required=False)
    access = TextField(
        label="How do people get in?",
        hint="For example, a ramp, a lift, an accessible toilet.",
        max_length=500,
        required=False,
    )
    cost = RadiosField(label="What does it cost?", choices=list(COSTS.items()), required=False)
    fees = TextField(
        label="If there is a cost, how much?", hint="For example, £2 each time", max_length=500, required=False
    )
    phone = TelephoneField(label="Phone number for the public", required=False)
    email = EmailField(label="Email address for the public", required=False)
    url = TextField(label="Web page", max_length=400, validator=_web, required=False)
    languages = TextField(
        label="Which languages are spoken?", hint="For example, English, Polish", max_length=300, required=False
    )
    alert = TextField(
        label="Is there a notice people must see?",
        hint="For example, no session in half-term.",
        max_length=500,
        required=False,
    )

    STEPS = (
        ("about", "About the service", ("name", "description", "categories")),
        ("who", "Who is it for?", ("minimum_age", "maximum_age", "languages")),
        ("when", "When is it?", ("days", "opens_at", "closes_at")),
        ("where", "Where is it?", PLACE_FIELDS),
        ("cost", "What does it cost?", ("cost", "fees")),
        ("contact", "How do people reach you?", ("phone", "email", "url")),
    )

    def __init__(
        self,
        *args: Any,
        categories: Mapping[str, str],
        is_address_secret: bool,
        only: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["categories"]).set_options([Option(*each) for each in categories.items()])
        gone = set(PLACE_FIELDS) if is_address_secret else set()
        gone |= set(self.fields) - set(only) if only else set()
        gone |= set() if categories else {"categories"}
        for name in gone & set(self.fields):
            del self.fields[name]


class DecideForm(Form):
    """Approve a change or send it back."""

    decision = RadiosField(
        label="What do you decide?", error="Select what you decide",
        choices=[("approve", "Approve: the public reads it from now on"), ("back", "Send it back to be mended")],
    )  # fmt: skip
    reason = TextareaField(
        label="What is to be mended?", hint="Only where you send it back. The provider reads it.", max_length=600, rows=3,
        required=False,
    )  # fmt: skip


class AssureForm(Form):
    """Somebody made sure of a record."""

    method = RadiosField(
        label="How did you check it?", choices=list(METHODS.items()), error="Select how you checked it"
    )
    how = TextareaField(
        label="Whom did you ask, or what did you see?",
        max_length=600,
        rows=3,
        error="Say whom you asked or what you saw",
    )


class ClosureForm(Form):
    """Closed for some days."""

    starts_on = DateField(label="First day it is closed", hint="For example, 21 12 2026", error="Enter the first day")
    ends_on = DateField(label="Last day it is closed", hint="Leave empty where nobody knows yet.", required=False)
    instead = TextareaField(
        label="What can people do instead?", hint="Everybody reads it.", max_length=600, rows=3,
        error="Say what people can do instead",
    )  # fmt: skip


class DatesForm(Form):
    """From when to when a service is shown."""

    visible_from = DateField(label="First day it is shown", hint="Leave empty to show it now.", required=False)
    visible_until = DateField(label="Last day it is shown", hint="Leave empty for no end.", required=False)


class WhyRecordForm(Form):
    """Why a record is archived or brought back."""

    why = TextareaField(label="Why?", max_length=600, rows=3, error="Say why")


class SampleForm(Form):
    """How many to draw."""

    size = NumberField(label="How many records?", least=1, most=200, width=3, error="Enter how many records")
    is_of_trusted = CheckboxField(label="Only those whose small changes went through at once", required=False)


class CheckForm(Form):
    """What a phone check found."""

    result = RadiosField(label="What did you find?", choices=list(RESULTS.items()), error="Select what you found")
    words = TextareaField(
        label="If something is wrong, what?", hint="It goes to the provider to be mended.", max_length=600, rows=3,
        required=False,
    )  # fmt: skip


class WrongForm(Form):
    """What somebody says is wrong. `more` is left empty by people; what fills every box fills it."""

    what = RadiosField(label="What is wrong?", choices=list(WHAT.items()), error="Select what is wrong")
    words = TextareaField(
        label="Tell us more", hint="Do not write anything about yourself or your family.", max_length=2000, rows=4,
        error="Say what is wrong, in a few words",
    )  # fmt: skip
    email = EmailField(
        label="Your email address, if you want an answer", hint="We send one answer and then forget it.", required=False
    )
    more = HiddenField(required=False)


class AnswerForm(Form):
    """What came of what somebody said."""

    outcome = RadiosField(label="What came of it?", choices=list(OUTCOMES.items()), error="Select what came of it")
    answer = TextareaField(
        label="What did you do or find?", hint="Whoever told us reads it, where they left an address.", max_length=600, rows=3,
        error="Say what you did or found",
    )  # fmt: skip
