"""The questions about programmes, sessions and registers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    CheckboxesField,
    DateField,
    FileField,
    Form,
    HiddenField,
    NumberField,
    Option,
    PostcodeField,
    RadiosField,
    SelectField,
    TextField,
    YesNoField,
)
from joinedup.universal.codes import PROGRAMME_KINDS
from joinedup.universal.timing import read_time


class ProgrammeForm(Form):
    """What a programme is."""

    version = HiddenField(required=False)
    name = TextField(label="What is it called?", max_length=120, error="Enter what it is called")
    organisation = RadiosField(label="Who runs it?", error="Select who runs it")
    kind = SelectField(label="What kind is it?", choices=list(PROGRAMME_KINDS.items()), error="Select what kind it is")
    place = TextField(label="Where does it meet?", max_length=160, error="Enter where it meets")
    youngest = NumberField(label="Youngest age", required=False, least=0, most=120, hint="Leave empty for any age")
    oldest = NumberField(label="Oldest age", required=False, least=0, most=120)
    is_targeted = YesNoField(
        label="Is it for families who were asked to come?",
        hint="Such as a parenting course. Coming to it is written down as help given where a family’s plan names it.",
        conditional={"yes": "service"}, error="Select whether it is for families who were asked to come",
    )  # fmt: skip
    service = TextField(
        label="What do plans call it?",
        hint="Leave empty where they call it by its name",
        required=False,
        max_length=120,
    )

    def __init__(self, *args: Any, organisations: Iterable[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["organisation"]).set_options(list(organisations))


class EndForm(Form):
    """From when a programme meets no more."""

    version = HiddenField(required=False)
    ends_on = DateField(label="From which day does it meet no more?", hint="For example, 27 3 2026")


class PlanSessionsForm(Form):
    """When a programme meets."""

    first_on = DateField(label="Which day, or which is the first?", hint="For example, 27 3 2026")
    starts = TextField(
        label="From", validator=read_time, width=10, hint="For example, 15:30", error="Enter when it begins"
    )
    ends = TextField(label="To", validator=read_time, width=10, error="Enter when it ends")
    repeats = RadiosField(
        label="Does it repeat?",
        choices=[("once", "No, only that day"), ("term", "Every week in term"), ("always", "Every week, in holidays too")],
        conditional={"term": "until_term", "always": "until_always"}, error="Select whether it repeats",
    )  # fmt: skip
    until_term = DateField(label="Until which day?", subject="The last day")
    until_always = DateField(label="Until which day?", subject="The last day")
    staff = CheckboxesField(label="Who runs it?", required=False, small=True)

    def __init__(self, *args: Any, staff: Iterable[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["staff"]).set_options(list(staff))


class CancelForm(Form):
    """Why a session does not take place."""

    version = HiddenField(required=False)
    reason = TextField(label="Why does it not take place?", max_length=200, error="Enter why it does not take place")


class NewcomerForm(Form):
    """Somebody who came for the first time."""

    given_name = TextField(label="First name", max_length=100, width=20, error="Enter a first name", autocomplete="off")
    family_name = TextField(label="Last name", max_length=100, width=20, required=False, autocomplete="off")
    age = NumberField(
        label="Age", least=0, most=110, required=False, hint="In years. Enough where you do not know the date of birth"
    )
    birth_date = DateField(label="Date of birth", required=False, hint="For example, 27 3 2019")
    postcode = PostcodeField(required=False, hint="Only where they say it", autocomplete="off")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        born = cast(DateField, self.fields["birth_date"])
        born.latest, born.latest_error = on, "The date of birth must be in the past"


class SheetForm(Form):
    """A sign-in sheet kept elsewhere."""

    file = FileField(
        label="Which file?", accept=".csv,.xlsx", most_megabytes=5, error="Choose a file",
        hint="CSV or a workbook with a column for the name. Columns for date of birth, age and mark (here, late, left early, not here) are read, too.",
    )  # fmt: skip


class FindForm(Form):
    """A few letters of somebody's name."""

    words = TextField(label="Find somebody by name", max_length=100, error="Enter a name", width=20, autocomplete="off")
