"""The register: what an agreement says, who may share what, who may ask, who signed, how it was reviewed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast

from joinedup.core.forms import (
    CheckboxesField,
    DateField,
    Form,
    NumberField,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
    YesNoField,
)
from joinedup.information_sharing.codes import INVOLVEMENT_ITEM, INVOLVEMENT_NAME, PURPOSES
from joinedup.information_sharing.queries import AgreementRecord, BasisChoice, PartySeen
from joinedup.information_sharing.rules import ItemRule
from joinedup.information_sharing.services import ItemTerms, Terms

_LEVELS = tuple((str(level), f"Level {level}") for level in (1, 2, 3, 4))


class TermsForm(Form):
    """What an agreement says as a whole."""

    title = TextField(label="Title", max_length=200, error="Enter a title")
    purposes = CheckboxesField(
        label="What may be asked for?", choices=tuple(PURPOSES.items()), error="Select at least one purpose"
    )
    purpose_words = TextareaField(
        label="Say it in plain words", rows=3, max_length=2000, required=False,
        hint="The privacy notice prints it. Write it for a parent.",
    )  # fmt: skip
    bases = CheckboxesField(label="On which lawful bases?", error="Select at least one lawful basis")
    impact_assessment = TextField(label="Reference of the impact assessment", max_length=60, width=20, required=False)
    impact_assessed_on = DateField(label="Day of the impact assessment", required=False, subject="That day")
    starts_on = DateField(label="Starts on", required=False, subject="The start")
    review_on = DateField(label="Review by", required=False, subject="The review")
    expires_on = DateField(
        label="Expires on", required=False, subject="The expiry",
        hint="From this day nothing can be asked or answered under it any more",
    )  # fmt: skip
    kept_for = TextField(label="How long what is shared is kept", max_length=300, required=False)
    how_to_object = TextField(label="How somebody can object", max_length=500, required=False)

    def offer(self, bases: Iterable[BasisChoice]) -> None:
        """Set which bases can be chosen."""
        options = [(each.code, each.name, f"{each.words} {each.source}.") for each in bases]
        cast(CheckboxesField, self.fields["bases"]).set_options(options)

    @staticmethod
    def first(record: AgreementRecord) -> dict[str, Any]:
        """An agreement as it is."""
        names = (
            "title", "purpose_words", "impact_assessment", "impact_assessed_on", "starts_on", "review_on", "expires_on",
            "kept_for", "how_to_object",
        )  # fmt: skip
        said = {name: getattr(record, name) for name in names}
        return said | {"purposes": [code for code, _ in record.purposes], "bases": [each.code for each in record.bases]}

    def terms(self) -> Terms:
        """What the service takes."""
        return Terms(**self.cleaned_data)


class PartyForm(Form):
    """An organisation that becomes a party."""

    organisation = SelectField(label="Which organisation?", error="Select an organisation")

    def offer(self, organisations: Iterable[tuple[str, str]]) -> None:
        """Set whom one can choose."""
        cast(SelectField, self.fields["organisation"]).set_options(organisations)


class RecordsForm(Form):
    """Whose records in the index are the party's own."""

    records_from = SelectField(
        label="Who sends in this organisation’s records?", required=False,
        hint="Leave empty where it does so itself. A school’s records may come from the schools’ forum.",
    )  # fmt: skip

    def offer(self, organisations: Iterable[tuple[str, str]]) -> None:
        """Set whom one can choose."""
        cast(SelectField, self.fields["records_from"]).set_options(organisations)


class ItemForm(Form):
    """One thing a party may share, or may not."""

    name = TextField(label="What", max_length=160, error="Enter what is shared")
    is_allowed = YesNoField(label="May it be shared?", inline=True, error="Select whether it may be shared")
    justification = TextField(
        label="Why it is, or why not", max_length=500, error="Enter why it is shared, or why it is not"
    )
    minimum_age = NumberField(label="From the age of", least=0, most=120, width=3, required=False)
    maximum_age = NumberField(label="Up to the age of", least=0, most=120, width=3, required=False)
    years_back = NumberField(label="How many years back", least=1, most=100, width=3, required=False)
    levels = CheckboxesField(
        label="At which levels of need",
        choices=_LEVELS,
        required=False,
        inline=True,
        small=True,
        hint="None: at every level",
    )
    column = TextField(
        label="Column of its own file that says it already", max_length=60, required=False, width=20, spellcheck=False
    )

    def clean(self) -> dict[str, Any]:
        """Ages run up."""
        told = super().clean() or {}
        low, high = told.get("minimum_age"), told.get("maximum_age")
        if low is not None and high is not None and high < low:
            self.add_error("maximum_age", "The upper age must not be below the lower")
        return told


def first_items(party: PartySeen) -> list[dict[str, Any]]:
    """The items of a party as they are; a new party starts with the one that every answer says."""
    if not party.items:
        return [{"name": INVOLVEMENT_NAME, "is_allowed": True}]
    return [
        {
            "name": item.name, "is_allowed": item.is_allowed, "justification": item.justification,
            "minimum_age": item.terms.minimum_age, "maximum_age": item.terms.maximum_age,
            "years_back": item.terms.years_back, "levels": [str(level) for level in sorted(item.terms.levels)],
            "column": item.column,
        }
        for item in party.items
    ]  # fmt: skip


def items_from(cleaned: Iterable[dict[str, Any]]) -> list[ItemTerms]:
    """What the service takes. An item keeps its code while it keeps its name; two of one name get numbers."""
    found: list[ItemTerms] = []
    for told in cleaned:
        code = INVOLVEMENT_ITEM if told["name"].strip() == INVOLVEMENT_NAME else _code_of(told["name"])
        taken = {item.code for item in found}
        rule = ItemRule(
            is_allowed=bool(told["is_allowed"]), minimum_age=told["minimum_age"], maximum_age=told["maximum_age"],
            years_back=told["years_back"], levels=frozenset(int(level) for level in told["levels"]),
        )  # fmt: skip
        code = code if code not in taken else f"{code[:27]}_{len(found)}"
        found.append(ItemTerms(code, told["name"], told["justification"], rule, told["column"]))
    return found


def _code_of(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:30] or "item"


class PostForm(Form):
    """A post that may ask or answer for a party."""

    part = RadiosField(
        label="What may the post do?", error="Select what the post may do",
        choices=(("asks", "Ask"), ("answers", "Answer for its organisation")),
    )  # fmt: skip
    post = SelectField(label="Which post?", error="Select a post")

    def offer(self, posts: Iterable[tuple[str, str]]) -> None:
        """Set which posts can be chosen: an organisation's id and a post's, joined by a colon."""
        cast(SelectField, self.fields["post"]).set_options(posts)


class SignForm(Form):
    """A signature."""

    party = SelectField(label="For which organisation?", error="Select an organisation")
    name = TextField(label="Who signed?", max_length=120, error="Enter who signed", spellcheck=False)
    title = TextField(label="Their position", max_length=120, error="Enter their position")
    signed_on = DateField(label="Signed on", error="Enter the day it was signed", subject="The day")

    def offer(self, parties: Iterable[tuple[str, str]]) -> None:
        """Set for whom one can sign."""
        cast(SelectField, self.fields["party"]).set_options(parties)


class ReviewForm(Form):
    """What a review found."""

    words = TextareaField(
        label="What did you look at, and what did you find?", rows=5, max_length=4000, error="Enter what you found"
    )
    next_review_on = DateField(
        label="Next review by", error="Enter the day of the next review", subject="The next review"
    )


class EndForm(Form):
    """Why an agreement ends."""

    reason = TextareaField(
        label="Why does it end today?", rows=3, max_length=500, error="Enter why it ends",
        hint="Whatever is open under it closes at once, and with it what anybody saw by it.",
    )  # fmt: skip
