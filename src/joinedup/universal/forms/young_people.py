"""The questions about what young people do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import DateField, FileField, Form, HiddenField, Option, RadiosField, SelectField, TextField
from joinedup.universal.codes import JUSTICE_KINDS, REASONS, STATUSES


class DoingForm(Form):
    """What somebody does, and since when."""

    status = RadiosField(
        label="What are they doing?", choices=[(code.value, words) for code, words in STATUSES.items()],
        conditional={"neither": "reason"}, error="Select what they are doing",
    )  # fmt: skip
    reason = SelectField(label="Why?", choices=list(REASONS.items()), required=False)
    provider = TextField(label="Where?", hint="The school, college or employer", required=False, max_length=160)
    starts_on = DateField(label="Since when?", hint="For example, 27 3 2026")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        starts = cast(DateField, self.fields["starts_on"])
        starts.latest, starts.latest_error = on, "The day must be today or in the past"


class TakeBackForm(Form):
    """Why what was recorded is taken back."""

    version = HiddenField(required=False)
    reason = TextField(label="Why is it taken back?", max_length=200, error="Enter why it is taken back")


class DoingFileForm(Form):
    """A file of a school or college."""

    organisation = RadiosField(label="Whose file is it?", error="Select whose file it is")
    file = FileField(
        label="Which file?", accept=".csv,.xlsx", most_megabytes=10, error="Choose a file",
        hint="CSV or a workbook with your own reference of each young person and what they do (education, employment, training, neither, unknown). Columns for where, since when and why are read, too.",
    )  # fmt: skip

    def __init__(self, *args: Any, organisations: Iterable[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["organisation"]).set_options(list(organisations))


class JusticeForm(Form):
    """Youth-justice involvement."""

    kind = RadiosField(label="What kind is it?", choices=list(JUSTICE_KINDS.items()), error="Select what kind it is")
    post = SelectField(label="Who works with them?", error="Select who works with them")
    starts_on = DateField(label="Since when?", hint="For example, 27 3 2026")

    def __init__(self, *args: Any, posts: Iterable[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["post"]).set_options(list(posts))


class JusticeEndForm(Form):
    """When youth-justice involvement ended."""

    version = HiddenField(required=False)
    ends_on = DateField(label="On which day did it end?", hint="For example, 27 3 2026")
