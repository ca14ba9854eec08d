"""Questions about a visit, a task, help given, and an entry of a chronology."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from joinedup.casework.forms.suggesting import SuggestingField
from joinedup.casework.noting import KINDS, RESULTS, read_time
from joinedup.chronology.kinds import TAKEN_OUT_BECAUSE
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    CheckboxesField,
    CheckboxField,
    DateField,
    FileField,
    Form,
    NumberField,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
)

Pairs = Iterable[tuple[str, str]]


class NoteForm(Form):
    """A visit, a call or a note, in the order in which it is told."""

    kind = RadiosField(label="What was it?", choices=list(KINDS.items()), error="Choose what it was")
    result = RadiosField(
        label="What came of it?", choices=list(RESULTS.items()), error="Choose what came of it", initial="seen"
    )
    seen = CheckboxesField(label="Who was seen or spoken to?", required=False)
    alone = CheckboxesField(label="Who of them was seen alone?", required=False)
    words = TextareaField(
        label="What happened?", hint="What you saw and heard, and what was done", rows=6, error="Write what happened"
    )
    child_words = TextareaField(label="The child’s own words", required=False, rows=3)
    next_step = TextareaField(label="Next step", required=False, rows=2)
    next_due_on = DateField(
        label="By when?", required=False, hint="With a day, the next step is put on your tasks", subject="The day"
    )
    happened_on = DateField(label="On which day?", error="Enter the day")
    happened_time = TextField(
        label="At what time?", width=5, spellcheck=False, validator=read_time, error="Enter the time",
        hint="For example, 14:30",
    )  # fmt: skip
    minutes = NumberField(label="How many minutes did it take?", required=False, least=1, most=1440)

    def __init__(self, *args: Any, people: Pairs, children: Pairs, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["seen"]).set_options(people)
        alone = list(children)
        cast(ChoiceComponent, self.fields["alone"]).set_options(alone)
        if not alone:
            del self.fields["alone"]
        day = cast(DateField, self.fields["happened_on"])
        day.latest, day.latest_error = today, "The day must be today or in the past"
        due = cast(DateField, self.fields["next_due_on"])
        due.earliest, due.earliest_error = today, "The day must be today or later"


class CorrectionForm(Form):
    """What is wrong with a note, and what is right."""

    words = TextareaField(
        label="What was wrong, and what is right?", rows=5, error="Write what was wrong and what is right",
        hint="What you wrote before stays above it",
    )  # fmt: skip


class NoteFileForm(Form):
    """A file beside a note."""

    file = FileField(
        label="Choose a file",
        accept=".pdf,.docx,.txt,.jpg,.jpeg,.png,.heic",
        hint="PDF, Word, plain text or a photograph",
        error="Choose a file",
    )


class TaskForm(Form):
    """Who does what by when."""

    words = TextField(label="What is to be done?", max_length=300, error="Write what is to be done")
    owner = SelectField(label="Who does it?", error="Choose who does it")
    due_on = DateField(label="By when?", error="Enter the day")

    def __init__(self, *args: Any, owners: Pairs, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["owner"]).set_options(owners)
        due = cast(DateField, self.fields["due_on"])
        due.earliest, due.earliest_error = today, "The day must be today or later"


class TaskDoneForm(Form):
    """How a task was done."""

    words = TextField(label="What was done?", max_length=300, required=False)


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        raise ValueError("Enter a number, such as 6 or 1.5") from None
    if not number.is_finite() or not 0 < number <= 100_000 or number != round(number, 2):
        raise ValueError("Enter a number above 0 with at most two decimal places")
    return number


class InterventionForm(Form):
    """Help that was given."""

    service = SuggestingField(label="Which service?", max_length=120, error="Enter the service")
    words = TextField(label="What was given?", max_length=500, error="Write what was given")
    people = CheckboxesField(label="For whom?", error="Choose for whom")
    delivered_by = TextField(label="Who gave it?", max_length=120, error="Enter who gave it")
    starts_on = DateField(label="From which day?", error="Enter the day it began")
    ends_on = DateField(label="Until which day?", required=False, hint="Leave it empty while it goes on")
    hours = TextField(
        label="How many hours?", required=False, width=5, inputmode="decimal", validator=_number, empty_value=None
    )
    quantity = TextField(
        label="How many?", required=False, width=5, inputmode="decimal", validator=_number, empty_value=None,
        hint="Where something other than hours is counted",
    )  # fmt: skip
    unit = TextField(label="Of what?", required=False, max_length=40, width=20, hint="For example, sessions")

    def __init__(self, *args: Any, people: Pairs, today: date, services: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(SuggestingField, self.fields["service"]).suggest(services)
        cast(ChoiceComponent, self.fields["people"]).set_options(people)
        for name in ("starts_on", "ends_on"):
            day = cast(DateField, self.fields[name])
            day.latest, day.latest_error = today, "The day must be today or in the past"


class InterventionEndForm(Form):
    """When help ended."""

    ends_on = DateField(label="When did it end?", error="Enter the day it ended")
    hours = TextField(
        label="How many hours were given in all?", required=False, width=5, inputmode="decimal", validator=_number,
        empty_value=None,
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = cast(DateField, self.fields["ends_on"])
        day.latest, day.latest_error = today, "The day must be today or in the past"


class SignificantForm(Form):
    """What an entry meant for the child."""

    impact = TextareaField(
        label="What did it mean for the child?", rows=4, max_length=1000, error="Write what it meant for the child",
        hint="For example: she stopped sleeping through, and said she was afraid of the evenings",
    )  # fmt: skip


class TakeOutForm(Form):
    """Why an entry is taken out, and whom it is about instead."""

    code = RadiosField(
        label="Why is it taken out?", choices=list(TAKEN_OUT_BECAUSE.items()), error="Choose why",
        conditional={"wrong_person": "people"},
    )  # fmt: skip
    people = CheckboxesField(
        label="Whom is it about?", required=False, hint="Leave it empty if it is about nobody in this case"
    )
    words = TextareaField(
        label="Say it in a sentence", rows=3, max_length=500, error="Say in a sentence why it is taken out"
    )

    def __init__(self, *args: Any, people: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["people"]).set_options(people)


class PutBackForm(Form):
    """Why an entry is put back."""

    words = TextareaField(
        label="Why is it put back?", rows=3, max_length=300, error="Say in a sentence why it is put back"
    )


class ChronologyFilter(Form):
    """What a chronology is narrowed to."""

    kind = SelectField(label="What", required=False)
    agency = SelectField(label="Recorded for", required=False)
    since = DateField(label="From", required=False)
    until = DateField(label="To", required=False)
    significant = CheckboxField(label="Only what is significant", required=False)

    def __init__(self, *args: Any, kinds: Pairs, agencies: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["kind"]).set_options([("", "Everything"), *kinds])
        cast(ChoiceComponent, self.fields["agency"]).set_options([("", "Everybody"), *agencies])
