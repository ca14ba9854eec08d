"""Children, parents and carers as a referrer types them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings

from joinedup.core.forms import DateField, PostcodeField, RadiosField, SelectField, TextField
from joinedup.engines.linkage import identifiers
from joinedup.front_door.forms.reminded import Reminded, still_field

if TYPE_CHECKING:
    from joinedup.front_door.queries.known_before import KnownField

# A due date further off than this is a slip of the pen.
_LONGEST_WAIT = timedelta(days=300)

RELATIONSHIPS = (
    ("mother", "Mother"), ("father", "Father"), ("step-parent", "Step-parent"), ("grandparent", "Grandparent"),
    ("foster carer", "Foster carer"), ("other relative", "Another relative"), ("carer", "Another carer"),
)  # fmt: skip


SEXES = (("F", "Female"), ("M", "Male"), ("U", "Not known"))

# Facts of a child, and the question of this form that each is asked by.
_ASKED_AS = {
    "birth_date": "born_on", "expected_on": "born_on", "nhs_number": "number", "upn": "number",
}  # fmt: skip


def number_of_child(text: str) -> tuple[str, str]:
    """Return (NHS number, unique pupil number) from one box that takes either."""
    if any(character.isalpha() for character in text):
        return "", identifiers.upn(text)
    return identifiers.nhs_number(text, allow_synthetic=settings.DEMO), ""


class ChildForm(Reminded):
    """One child. A date that has not come yet is the day a baby is expected, so that nobody is asked twice."""

    template_name = "front_door/child_fields.jinja"

    given_name = TextField(label="First name", max_length=100, required=False, spellcheck=False)
    family_name = TextField(label="Last name", max_length=100, required=False, spellcheck=False)
    born_on = DateField(
        label="Date of birth", hint="For example, 27 3 2019. For a baby who is not born yet, the date expected.",
        required=False, earliest=date(1990, 1, 1),
    )  # fmt: skip
    sex = RadiosField(label="Sex", choices=SEXES, required=False, inline=True)
    address = TextField(label="Address", max_length=300, required=False, hint="Or write “no fixed address”")
    postcode = PostcodeField(required=False, validator=identifiers.postcode)
    school = TextField(label="School, nursery or college", max_length=160, required=False, spellcheck=False)
    number = TextField(
        label="NHS number or unique pupil number", max_length=20, required=False, width=20, spellcheck=False,
        hint="Only if you have it to hand. It finds the right child at once.", validator=number_of_child,
    )  # fmt: skip

    def told(self, today: date, *, needs: str) -> None:
        """Tell the form today's date, and what it needs: a "name", a name or a "place", or "nothing"."""
        self.today, self.needs = today, needs
        for name in ("given_name", "family_name"):
            cast(Any, self.fields[name]).marks_optional = False  # one of them is needed
        field = cast(DateField, self.fields["born_on"])
        field.latest = today + _LONGEST_WAIT
        field.latest_error = "Date of birth must be in the past, or be the date a baby is expected"

    def remind(self, known: dict[str, KnownField], old: set[str]) -> None:
        """Show what one's own organisation knows already, and ask once whether an address that is old still stands."""
        self.show(
            {_ASKED_AS.get(name, name): fact for name, fact in known.items()},
            leave=("address", "postcode") if "home" in old else (),
        )
        home = [known[name] for name in ("address", "postcode") if name in known]
        if "home" in old and home:
            said = ", ".join(str(fact.value) for fact in home)
            question = still_field(
                said, home[0].sentence, reveals=("address", "postcode"), label="Is this address still right?"
            )
            self.ask_again("home", question)

    def clean(self) -> dict[str, Any]:
        """A child has part of a name, a date on which a baby is expected, or in danger a place to go to."""
        told = super().clean() or {}
        if told.get("still_home") == "yes":
            told |= {name: str(self.known[name].value) for name in ("address", "postcode") if name in self.known}
        expected = (born := told.get("born_on")) and born > self.today
        known = {
            "name": told.get("given_name") or told.get("family_name") or expected,
            "place": told.get("given_name") or told.get("family_name") or told.get("address") or told.get("postcode"),
            "nothing": True,
        }[self.needs]
        if not known and not self.errors:
            place = " or where they are" if self.needs == "place" else ", or as much of it as you know"
            self.add_error("given_name", f"Enter the child’s name{place}")
        return told


class CarerForm(Reminded):
    """A parent or carer, as far as the referrer knows. How to reach them safely is asked once, further down."""

    template_name = "front_door/carer_fields.jinja"

    given_name = TextField(label="First name", max_length=100, required=False, spellcheck=False)
    family_name = TextField(label="Last name", max_length=100, required=False, spellcheck=False)
    relationship = SelectField(label="Who they are to the child", choices=RELATIONSHIPS, required=False)
