"""Finding out who somebody named in a referral is."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, cast

from joinedup.core.forms import DateField, Form, NumberField, PostcodeField, TextareaField, TextField
from joinedup.engines.linkage import identifiers
from joinedup.front_door.forms.people import number_of_child
from joinedup.person_index.queries import SearchQuery

_DISTRICT = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")


def postcode_or_district(text: str) -> str:
    """A postcode, or as much of it as a caller may know."""
    plain = "".join(text.split()).upper()
    return plain if _DISTRICT.fullmatch(plain) else identifiers.postcode(text)


class SearchForm(Form):
    """What is known of somebody. Every part is optional, and half-typed answers simply do not help yet."""

    given_name = TextField(label="First name", max_length=100, required=False, spellcheck=False)
    family_name = TextField(label="Last name", max_length=100, required=False, spellcheck=False)
    birth_date = DateField(label="Date of birth", required=False, earliest=date(1900, 1, 1))
    age = NumberField(label="Or age in years", required=False, least=0, most=120, width=3)
    address = TextField(
        label="House and street, now or before", max_length=120, required=False, spellcheck=False, autocomplete="off"
    )
    postcode = PostcodeField(
        label="Postcode, or its first half", required=False, autocomplete="off", validator=postcode_or_district
    )
    number = TextField(
        label="NHS number or unique pupil number",
        max_length=20,
        required=False,
        width=20,
        spellcheck=False,
        validator=number_of_child,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in self.fields.values():
            cast(Any, each).marks_optional = False  # all of them are, so saying it five times says nothing
        field = cast(DateField, self.fields["birth_date"])
        field.latest, field.latest_error = today, "The date of birth must be in the past"

    def query(self) -> SearchQuery:
        """What to look for. What is not whole yet, such as half a date, is left out."""
        told = self.cleaned_data
        nhs_number, upn = told.get("number") or ("", "")
        return SearchQuery(
            given_name=told.get("given_name") or "",
            family_name=told.get("family_name") or "",
            birth_date=told.get("birth_date"),
            postcode=told.get("postcode") or "",
            nhs_number=nhs_number,
            upn=upn,
            address=told.get("address") or "",
            age=told.get("age"),
        )


class FindChildForm(Form):
    """Enough of a child to find them in one's own records."""

    given_name = TextField(label="First name", max_length=100, required=False, spellcheck=False)
    family_name = TextField(label="Last name", max_length=100, required=False, spellcheck=False)
    birth_date = DateField(
        label="Date of birth", hint="For example, 27 3 2019", required=False, earliest=date(1990, 1, 1)
    )
    number = TextField(
        label="Or NHS number, or unique pupil number", max_length=20, required=False, width=20, spellcheck=False,
        validator=number_of_child,
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in self.fields.values():
            cast(Any, each).marks_optional = False
        field = cast(DateField, self.fields["birth_date"])
        field.latest, field.latest_error = today, "The date of birth must be in the past"

    def clean(self) -> dict[str, Any]:
        """A name alone finds too many."""
        told = super().clean() or {}
        named = told.get("family_name") and (told.get("given_name") or told.get("birth_date"))
        if not named and not told.get("number") and not self.errors:
            self.add_error(
                "given_name", "Enter the first and last name, or the last name and date of birth, or a number"
            )
        return told

    def query(self) -> SearchQuery:
        """What to look for."""
        told = self.cleaned_data
        nhs_number, upn = told.get("number") or ("", "")
        return SearchQuery(
            given_name=told["given_name"], family_name=told["family_name"], birth_date=told["birth_date"],
            nhs_number=nhs_number, upn=upn,
        )  # fmt: skip


class SamePersonForm(Form):
    """Why this known person is the one in the referral."""

    reason = TextField(label="Why is this the same person?", max_length=300, error="Enter why this is the same person")


class NewPersonForm(Form):
    """Entering somebody new; a reason is needed where somebody known looks like them."""

    despite = TextareaField(
        label="Why is this none of them?", max_length=300, rows=2, required=False,
        hint="Needed when somebody on this page looks very much like them",
    )  # fmt: skip


class UndoForm(Form):
    """Why somebody turned out to be somebody else."""

    reason = TextareaField(label="Why is this wrong?", max_length=300, rows=3, error="Enter why this is wrong")
