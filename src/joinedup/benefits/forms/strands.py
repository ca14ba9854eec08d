"""The questions about a programme, its strands, who sponsors them and which families are in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from joinedup.benefits.cohort import KINDS, Criteria
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    CheckboxesField,
    DateField,
    FileField,
    Form,
    HiddenField,
    NumberField,
    Option,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
)

_DAY = "For example, 1 4 2027"


def _choose(form: Form, name: str, options: Iterable[Option]) -> None:
    cast(ChoiceComponent, form.fields[name]).set_options(list(options))


class ProgrammeForm(Form):
    """What a programme is called, is for, when it runs and who is in it."""

    version = HiddenField(required=False)
    title = TextField(label="What is the programme called?", max_length=200, error="Enter what the programme is called")
    purpose = TextareaField(label="What is it for?", rows=3, max_length=2000, required=False)
    starts_on = DateField(
        label="First day", hint="The first day of the first year of its business cases. For example, 1 4 2027",
        error="Enter the first day",
    )  # fmt: skip
    years = NumberField(
        label="Over how many years is it planned?",
        least=1,
        most=60,
        width=3,
        error="Enter a number of years from 1 to 60",
    )
    partners = CheckboxesField(label="Who are the partners?", error="Choose at least two partners")
    manager = SelectField(label="Who manages it?", required=False)
    agreement = SelectField(label="Under which agreement to share money?", required=False)

    def __init__(
        self,
        *args: Any,
        partners: Iterable[Option],
        managers: Iterable[Option],
        agreements: Iterable[Option],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "partners", partners)
        _choose(self, "manager", managers)
        _choose(self, "agreement", agreements)


class SponsorForm(Form):
    """Who sponsors a strand, and why they."""

    sponsor = RadiosField(
        label="Which partner sponsors it?", hint="The one with most to lose or to gain. It answers that the strand is delivered.",
        error="Select the partner that sponsors it",
    )  # fmt: skip
    reason = TextField(
        label="What has it to lose or to gain?",
        max_length=400,
        error="Say what the sponsor has to lose or to gain by this strand",
    )
    officer = SelectField(label="Which officer of it answers for the strand?", required=False)
    starts_on = DateField(label="From which day?", hint=_DAY, error="Enter the day")

    def __init__(self, *args: Any, sponsors: Iterable[Option], officers: Iterable[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "sponsor", sponsors)
        _choose(self, "officer", officers)


class StrandForm(SponsorForm):
    """A strand to add: its name first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["starts_on"]
        name = TextField(label="What is the strand called?", max_length=120, error="Enter what the strand is called")
        self.fields = {"name": name} | self.fields


class RenameForm(Form):
    """Another name, and why."""

    name = TextField(label="What is it called now?", max_length=120, error="Enter what the strand is called")
    reason = TextField(label="Why?", max_length=400, required=False)


class ReasonForm(Form):
    """Why."""

    reason = TextField(label="Why?", max_length=400, error="Say why")


class MergeForm(Form):
    """Into which strand, and why."""

    into = RadiosField(label="Into which strand?", error="Choose another open strand")
    reason = TextField(label="Why?", max_length=400, error="Say why")

    def __init__(self, *args: Any, options: Iterable[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "into", options)


class CohortForm(Form):
    """What families are found by among open case work, and how many are expected."""

    levels = CheckboxesField(label="Level of need", required=False, small=True)
    needs = CheckboxesField(label="Need in the family plan", required=False, small=True)
    factors = CheckboxesField(label="Factor in a signed assessment", required=False, small=True)
    statutory = CheckboxesField(label="Statutory plan in force", required=False, small=True)
    teams = CheckboxesField(label="Team", required=False, small=True)
    localities = CheckboxesField(label="Locality", required=False, small=True)
    expected = NumberField(
        label="How many families or people are expected?", least=0, most=10_000_000, width=10, required=False,
        hint="Needed where there is no live case work to find them in",
    )  # fmt: skip
    expected_source = TextField(label="Where is that number from?", max_length=300, required=False)

    def __init__(self, *args: Any, choices: Mapping[str, Mapping[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in KINDS:
            _choose(self, kind, (Option(code, words) for code, words in choices[kind].items()))

    def criteria(self) -> Criteria:
        """What was chosen."""
        return Criteria(**{kind: tuple(self.cleaned_data[kind]) for kind in KINDS})


class FamiliesForm(Form):
    """References of cases whose families are put in."""

    references = TextareaField(
        label="References of cases", hint="One on each line, such as C-7K3M-9QXH. No names.", rows=6, max_length=60_000,
        required=False,
    )  # fmt: skip
    file = FileField(
        label="Or a file of them", hint="CSV with the references in its first column", accept=".csv,.txt", most_megabytes=1,
        required=False,
    )  # fmt: skip
    starts_on = DateField(label="In the strand from which day?", hint=_DAY, error="Enter the day")

    def listed(self) -> tuple[list[str], str]:
        """The references and how they came: from a list, or by hand. A file is believed to be a list of references; a
        heading in it is passed over."""
        file = self.cleaned_data.get("file")
        if file:
            text = file.read().decode("utf-8-sig", errors="replace")
            cells = [re.split(r"[,;\t]", line)[0].strip().strip('"') for line in text.splitlines()]
            found = [each for each in cells if each]
            return (found[1:] if found and not re.search(r"\d|-", found[0]) else found), "file"
        return re.split(r"[\s,;]+", self.cleaned_data.get("references") or ""), "hand"


class TakeOutForm(Form):
    """References of cases whose families are taken out, and why."""

    references = TextField(
        label="References of cases", hint="With spaces between them", max_length=1000, error="Enter a reference"
    )
    reason = TextField(label="Why?", max_length=400, error="Say why")
    last_day = DateField(label="Which was their last day in the strand?", hint=_DAY, error="Enter the last day")


class CaseStrandForm(Form):
    """The family of one case into a strand, or out of one."""

    strand = RadiosField(label="Which strand?", error="Choose the strand")
    doing = RadiosField(
        label="What happened?", error="Choose what happened",
        choices=[Option("in", "The family came into it"), Option("out", "The family left it")],
    )  # fmt: skip
    day = DateField(label="On which day?", hint="Of a family that left: the last day it counts", error="Enter the day")
    reason = TextField(label="Why did it leave?", max_length=400, required=False)

    def __init__(self, *args: Any, strands: Iterable[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "strand", strands)
