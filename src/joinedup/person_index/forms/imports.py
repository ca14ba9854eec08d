"""What somebody fills in to import an agency's file: which file, which column is which, and why it is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from joinedup.core.forms import CheckboxField, FileField, Form, RadiosField, SelectField, TextareaField
from joinedup.person_index.agency_file_mapping import DATE_ORDERS, FIELDS

if TYPE_CHECKING:
    from joinedup.person_index.agency_file import FirstRows

NOT_USED = ("", "Not used")


class UploadForm(Form):
    """Whose records, and the file."""

    agency = SelectField(label="Whose records are these?", error="Select the agency the records come from")
    file = FileField(
        label="The file",
        hint="A CSV file or an Excel workbook (.xlsx), as the agency’s system gives it. Column titles may be called "
        "anything: on the next page you say which is which.",
        accept=".csv,.tsv,.txt,.xlsx",
        error="Choose the agency’s file",
    )

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], most_megabytes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency, file = self.fields["agency"], self.fields["file"]
        assert isinstance(agency, SelectField)  # noqa: S101 - for the type checker
        assert isinstance(file, FileField)  # noqa: S101
        agency.set_options(agencies)
        file.most_megabytes = most_megabytes


class ColumnsForm(Form):
    """Which column holds what: one question for each, answered with the guess."""

    def __init__(self, *args: Any, first: FirstRows, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = [(f"column-{place}", guess) for place, guess in enumerate(first.guessed)]
        for name, guess in self.columns:
            self.fields[name] = SelectField(
                label=f"What “{guess.title}” holds",
                choices=[NOT_USED, *FIELDS.items()],
                initial=guess.field,
                required=False,
            )
        self.fields["date_order"] = RadiosField(
            label="How are dates with slashes meant?",
            choices=list(DATE_ORDERS.items()),
            initial=first.mapping.date_order,
            error="Select how dates are meant",
            small=True,
        )
        self.fields["is_remembered"] = CheckboxField(
            label="Read this agency’s next file with the same titles in the same way", initial=True, required=False
        )

    @property
    def said(self) -> dict[str, str]:
        """The field of each title, as answered."""
        return {guess.title: self.cleaned_data[name] for name, guess in self.columns}


class SheetForm(Form):
    """Which sheet of a workbook."""

    sheet = RadiosField(label="Which sheet holds the records?", error="Select a sheet")

    def __init__(self, *args: Any, sheets: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sheet"]
        assert isinstance(field, RadiosField)  # noqa: S101 - for the type checker
        field.set_options([(name, name) for name in sheets])


class UndoForm(Form):
    """Why an import is undone."""

    reason = TextareaField(
        label="Why is this import undone?",
        hint="For example, the agency sent the wrong file.",
        max_length=300,
        rows=3,
        error="Enter why this import is undone",
    )
