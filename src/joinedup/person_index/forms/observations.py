"""What somebody fills in about observations: a file of them, its columns, finding one, withdrawing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from joinedup.core.forms import CheckboxField, FileField, Form, SelectField, TextareaField, TextField
from joinedup.person_index.observing import FIELDS, KINDS

if TYPE_CHECKING:
    from joinedup.person_index.queries import ObservationPreview

_NOT_USED = ("", "Not used")


class UploadForm(Form):
    """Whose observations, and the file."""

    agency = SelectField(label="Who observed this?", error="Select the agency the observations come from")
    file = FileField(
        label="The file",
        hint="A CSV file or an Excel workbook (.xlsx) with a row for each observation: the agency’s own reference of the "
        "person, what was observed, the day, and a number where there is one.",
        accept=".csv,.tsv,.txt,.xlsx",
        error="Choose the agency’s file",
    )

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], most_megabytes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency, file = self.fields["agency"], self.fields["file"]
        assert isinstance(agency, SelectField)  # noqa: S101 - for the type checker
        assert isinstance(file, FileField)  # noqa: S101
        agency.set_options(agencies)
        if len(agencies) == 1:
            agency.initial = agencies[0][0]
        file.most_megabytes = most_megabytes


class ColumnsForm(Form):
    """Which column holds what: one question for each, answered with the guess."""

    def __init__(self, *args: Any, ahead: ObservationPreview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = [(f"column-{place}", column) for place, column in enumerate(ahead.columns)]
        for name, column in self.columns:
            self.fields[name] = SelectField(
                label=f"What “{column.title}” holds",
                choices=[_NOT_USED, *FIELDS.items()],
                initial=column.field,
                required=False,
            )
        self.fields["is_remembered"] = CheckboxField(
            label="Read this agency’s next file with the same titles in the same way", initial=True, required=False
        )

    @property
    def said(self) -> dict[str, str]:
        """What each title holds, as answered."""
        return {column.title: self.cleaned_data[name] for name, column in self.columns}


class FindForm(Form):
    """Observations of one person by the agency's own reference, or of one kind."""

    reference = TextField(
        label="Your reference of the person", required=False, max_length=100, width=20, spellcheck=False
    )
    kind = SelectField(
        label="What was observed", required=False,
        choices=[("", "Anything"), *((code, kind.name) for code, kind in KINDS.items())],
    )  # fmt: skip


class WithdrawForm(Form):
    """Why an observation was wrong."""

    reason = TextareaField(
        label="Why was this observation wrong?", max_length=300, rows=3, error="Enter why it was wrong",
        hint="For example, it was about somebody else of the same name.",
    )  # fmt: skip
