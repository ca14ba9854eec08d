"""One question at a time: rating, agreement, decision, and what comes after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.http import QueryDict

from joinedup.core.errors import Refused
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import Form, HiddenField, Option, RadiosField, SelectField, TextareaField
from joinedup.front_door.codes import LEVELS_OF_NEED, OUTCOME_LABELS, WAYS_TO_TELL, Answer, Outcome

Choices = Iterable[tuple[str, str] | Option]


class VersionedForm(Form):
    """A form about a referral somebody else may be changing. It carries the version that was looked at, and a refusal
    keeps both texts so that the page can show what changed."""

    version = HiddenField(required=False)
    conflict: Mapping[str, Any] = {}

    @property
    def seen_version(self) -> int:
        """The version of the referral the person was looking at."""
        sent = str(self.cleaned_data.get("version") or "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0

    def refuse(self, refusal: Refused) -> None:
        """Show the sentences of a refusal at their fields, and keep what was changed meanwhile."""
        self.conflict = refusal.extra if "theirs" in refusal.extra else {}
        listed = refusal.extra.get("faults") or [{"field": refusal.field, "sentence": refusal.sentence}]
        for fault in listed:
            name = self.asked_as(str(fault["field"]))
            self.add_error(name if name in self.fields else None, str(fault["sentence"]))

    def asked_as(self, field: str) -> str:
        """The field of this form that asks for what a service calls `field`."""
        return field

    def look_again(self, version: int) -> None:
        """After a refusal: what was typed stays, and sending it again is about the referral as it is now."""
        if self.is_bound:
            data = cast(QueryDict, self.data).copy()
            data["version"] = str(version)
            self.data = data

    def offer(self, name: str, choices: Choices) -> None:
        """Set the choices of a question that come from outside the form."""
        cast(ChoiceComponent, self.fields[name]).set_options(choices)


class RatingForm(VersionedForm):
    """How soon it must be decided."""

    rating = RadiosField(label="How soon must this be decided?", label_size="m", error="Select a rating")
    reason = TextareaField(
        label="Why?",
        max_length=1000,
        rows=3,
        required=False,
        hint="Needed when the rating changes. The history is kept.",
    )

    def __init__(self, *args: Any, ratings: Choices, is_rated: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("rating", ratings)
        self.fields["reason"].required = is_rated
        self.fields["reason"].error_messages["required"] = "Enter why the rating changes"


class AgreementForm(VersionedForm):
    """Whether the family knows of the referral, and agrees to help."""

    knows = RadiosField(
        label="Does the family know about this referral?", label_size="m", error="Select whether the family knows",
        choices=((Answer.YES, "Yes"), (Answer.NO, "No"), (Answer.NOT_ASKED, "They have not been asked yet")),
        conditional={Answer.YES: "agrees", Answer.NO: "why_not_told"},
    )  # fmt: skip
    agrees = RadiosField(
        label="Do they agree to help?", error="Select whether the family agrees",
        choices=((Answer.YES, "Yes"), (Answer.NO, "No"), (Answer.NOT_ASKED, "They have not been asked yet")),
        conditional={Answer.NO: "why_not_agreed"},
    )  # fmt: skip
    why_not_agreed = TextareaField(
        label="Why do they not agree?", max_length=1000, rows=3, error="Enter why the family does not agree"
    )
    why_not_told = TextareaField(
        label="Why has the family not been told?",
        max_length=1000,
        rows=3,
        error="Enter why the family has not been told",
    )

    def asked_as(self, field: str) -> str:
        """The reason is asked under the answer it belongs to."""
        if field in {"reason", "agreement_reason"}:
            return "why_not_told" if self.cleaned_data.get("knows") == Answer.NO else "why_not_agreed"
        return field

    def told(self) -> dict[str, Any]:
        """What the service is told."""
        clean = self.cleaned_data
        return {
            "knows": Answer(clean["knows"]),
            "agrees": Answer(clean["agrees"] or Answer.NOT_ASKED),
            "reason": clean["why_not_told"] or clean["why_not_agreed"] or "",
        }


class DecisionForm(VersionedForm):
    """Level of need and what is to happen. What an outcome needs is asked under it."""

    level = RadiosField(
        label="Level of need", label_size="m", error="Select the level of need",
        choices=tuple((str(level), label) for level, label in LEVELS_OF_NEED.items()),
    )  # fmt: skip
    outcome = RadiosField(
        label="What is to happen?", label_size="m", error="Select what is to happen",
        choices=tuple((outcome.value, label) for outcome, label in OUTCOME_LABELS.items()),
        conditional={Outcome.ADVICE: "advice_given", Outcome.SINGLE_AGENCY: "agency", Outcome.NO_FURTHER_ACTION: "look_back"},
    )  # fmt: skip
    advice_given = TextareaField(
        label="What advice was given?", max_length=2000, rows=4, error="Enter the advice given"
    )
    agency = SelectField(label="Which agency will help?", error="Select which agency will help")
    look_back = TextareaField(label="What did you find when you looked back?", max_length=2000, rows=4, required=False)
    reason = TextareaField(
        label="Reason for the decision", label_size="m", max_length=2000, rows=5, error="Enter the reason for the decision",
        hint="Write it so that the family could read it one day",
    )  # fmt: skip

    def __init__(
        self, *args: Any, agencies: Mapping[str, Any], look_back: str, must_look_back: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = agencies
        self.offer("agency", [(key, str(agency)) for key, agency in agencies.items()])
        self.fields["look_back"].help_text = look_back
        self.fields["look_back"].required = must_look_back
        self.fields["look_back"].error_messages["required"] = "Enter what you found when you looked back"


class SendBackForm(Form):
    """Why a proposed decision goes back to triage."""

    reason = TextareaField(
        label="What must be looked at again?", max_length=1000, rows=4, error="Enter what must be looked at again"
    )


class AllocationForm(VersionedForm):
    """Which team, and why when it is not the one advised."""

    team = RadiosField(label="Which team takes this family?", error="Select a team")
    reason = TextareaField(label="Reason", max_length=1000, rows=3, required=False)

    def __init__(self, *args: Any, teams: Choices, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("team", teams)
        self.fields["reason"].required = needs_reason
        self.fields["reason"].error_messages["required"] = "Enter why this team takes the family"
        self.fields["reason"].help_text = (
            "Say why this team takes the family"
            if needs_reason
            else "Needed only when you choose another team than the one advised"
        )


class ReplyForm(Form):
    """Telling the referrer, or saying why they cannot be told."""

    NOT_TOLD = "not_told"

    how = RadiosField(
        label="How will you tell them?", label_size="m", error="Select how you will tell them",
        conditional={NOT_TOLD: "why_not"},
    )  # fmt: skip
    why_not = TextareaField(
        label="Why can they not be told?", max_length=300, rows=2, error="Enter why the referrer cannot be told",
        hint="For example, they have asked us since not to contact them",
    )  # fmt: skip
    text = TextareaField(
        label="What they are told", label_size="m", max_length=4000, rows=9, error="Enter what they are told",
        hint="Change the words if you need to. Keep to what this referrer may be told.",
    )  # fmt: skip

    def __init__(self, *args: Any, ways: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(way, WAYS_TO_TELL[way]) for way in ways]
        cast(ChoiceComponent, self.fields["how"]).set_options([*choices, (self.NOT_TOLD, "They cannot be told")])


class FamilyForm(Form):
    """Which family the referral is about."""

    family = RadiosField(label="Which family is this about?", error="Select a family")

    def __init__(self, *args: Any, families: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["family"]).set_options(families)
