"""What the component gallery shows: every field and component with invented content.

The gallery page exists in the demonstration only; the accessibility test looks at it as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from joinedup.core.forms import (
    CheckboxesField,
    CheckboxField,
    DateField,
    EmailField,
    FileField,
    Form,
    NHSNumberField,
    NumberField,
    Option,
    PostcodeField,
    RadiosField,
    SelectField,
    TelephoneField,
    TextareaField,
    TextField,
    YesNoField,
)


class ChildForm(Form):
    """One child in a referral."""

    family_name = TextField(label="Family name", width=20, spellcheck=False, error="Enter the child's family name")
    born_on = DateField(label="Date of birth", hint="For example, 27 3 2019", is_birth_date=True)


class GalleryForm(Form):
    """One of every field."""

    family_name = TextField(label="Family name", spellcheck=False, error="Enter the child's family name")
    born_on = DateField(label="Date of birth", hint="For example, 27 3 2019", is_birth_date=True)
    nhs_number = NHSNumberField(hint="It is on letters from the NHS, like 943 476 5919", required=False)
    postcode = PostcodeField()
    email = EmailField(required=False)
    phone = TelephoneField(required=False)
    worry = RadiosField(
        label="What are you most worried about?",
        error="Select what you are most worried about",
        choices=[
            Option("school", "School attendance"),
            Option("home", "Things at home", "Money, housing, or how people get on"),
            Option("other", "Something else"),
        ],
        conditional={"other": "other_worry"},
    )
    other_worry = TextField(label="What is it?", error="Enter what you are worried about")
    helpers = CheckboxesField(
        label="Who is helping already?",
        hint="Select all that apply",
        required=False,
        choices=[("school", "School"), ("health", "Health visitor or school nurse"), ("police", "Police")],
    )
    family_knows = YesNoField(label="Does the family know?", error="Select whether the family knows")
    team = SelectField(label="Team", choices=[("north", "North locality"), ("south", "South locality")])
    children = NumberField(label="Children in the household", least=1, most=20, width=2)
    story = TextareaField(label="What has happened?", hint="In the child's own words first", max_length=600)
    letter = FileField(label="Letter", accept=".pdf,.docx", required=False)
    agreed = CheckboxField(label="I have told the family what happens next")


def gallery_context(on: date, data: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the context of ``core/gallery.jinja``; an empty ``data`` shows every field's error."""
    form = GalleryForm(data)
    form.fields["born_on"].latest = on  # type: ignore[attr-defined]
    return {
        "form": form,
        "children": ChildForm.stack("children", data, noun="child", least=1),
        "today": on,
        "columns": [
            {"key": "who", "text": "Child"},
            {"key": "team", "text": "Team"},
            {"key": "stage", "text": "Stage", "sort": "ascending", "sort_href": "#"},
            {"key": "days", "text": "Days open", "numeric": True},
            {"key": "due", "text": "Next due"},
            {"key": "status", "text": "Status"},
        ],
        "cases": [
            {"who": "Marigold Thistlewood", "born": date(2015, 3, 3), "team": "North locality", "stage": "Assessment",
             "days": 12, "due_on": date(2026, 11, 19), "late": "3 days late", "status": ("In progress", "blue")},
            {"who": "Octavius Pemberley-Featherstonehaugh", "born": date(2022, 8, 9), "team": "South locality",
             "stage": "Plan", "days": 48, "due_on": date(2026, 12, 1), "late": "", "status": ("On track", "green")},
            {"who": "Bryony Quill", "born": date(2010, 1, 30), "team": "North locality", "stage": "Review", "days": 1204,
             "due_on": date(2026, 11, 24), "late": "", "status": ("Waiting", "amber")},
        ],
    }  # fmt: skip
