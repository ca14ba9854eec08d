"""What is asked when a family agrees, declines or withdraws, and when a manager decides what follows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast
from uuid import UUID

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import CheckboxesField, DateField, Form, RadiosField, SelectField, TextareaField, TextField
from joinedup.information_sharing.codes import CAPACITIES, EVIDENCES, INFORMATION, OUTCOMES_OF_WITHDRAWAL
from joinedup.information_sharing.services import Said, Scope

Choices = Iterable[tuple[str, str]]


class VoiceForm(Form):
    """About whom, who spoke, in what right, how and when."""

    person = RadiosField(label="About whom?", error="Select whom it is about")
    given_by = TextField(label="Who said it?", max_length=160, error="Enter who said it")
    capacity = RadiosField(
        label="In what right?", choices=CAPACITIES, conditional={"competent_young_person": "reasons"},
        error="Select in what right",
    )  # fmt: skip
    reasons = TextareaField(
        label="Why do you think they can decide this themselves?", max_length=2000, rows=4,
        error="Enter why you think they can decide this themselves",
    )  # fmt: skip
    evidence = RadiosField(label="How was it said?", choices=EVIDENCES, error="Select how it was said")
    given_on = DateField(label="When was it said?")

    def __init__(self, *args: Any, people: Choices, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["person"]).set_options(list(people))
        day = cast(DateField, self.fields["given_on"])
        day.initial = on
        day.latest, day.latest_error = on, "The day must be today or in the past"

    @property
    def person_id(self) -> UUID:
        """Whom it is about."""
        return UUID(self.cleaned_data["person"])

    def said(self) -> Said:
        """Who spoke, as the services take it."""
        names = ("given_by", "capacity", "evidence", "given_on")
        return Said(reasons=self.cleaned_data.get("reasons") or "", **{name: self.cleaned_data[name] for name in names})


class HelpForm(VoiceForm):
    """Agreement to this help."""

    expires_on = DateField(
        label="Until when?", required=False, hint="Leave empty where it holds for as long as help goes on"
    )


class ScopeForm(Form):
    """With whom what is shared, and until when."""

    organisations = CheckboxesField(
        label="With which agencies?", error="Select which agencies",
        hint="Those in the team around the child come first",
    )  # fmt: skip
    information = CheckboxesField(label="What may be shared?", choices=INFORMATION, error="Select what may be shared")
    expires_on = DateField(label="Until when?", required=False, hint="Leave empty for the longest time allowed")

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["organisations"]).set_options(list(organisations))

    def scope(self) -> Scope:
        """The scope, as the services take it."""
        clean = self.cleaned_data
        return Scope([UUID(each) for each in clean["organisations"]], clean["information"], clean.get("expires_on"))


class SharingForm(ScopeForm, VoiceForm):
    """Agreement to sharing."""

    field_order = (
        "person",
        "organisations",
        "information",
        "given_by",
        "capacity",
        "reasons",
        "evidence",
        "given_on",
        "expires_on",
    )


class BasisForm(ScopeForm):
    """A lawful basis without agreement."""

    person = RadiosField(label="About whom?", error="Select whom it is about")
    basis = SelectField(label="On which lawful basis?", error="Select a lawful basis")
    reason = TextareaField(
        label="Why is sharing needed, and no more than is needed?",
        max_length=2000,
        rows=4,
        error="Enter why it is needed",
    )
    field_order = ("person", "basis", "reason", "organisations", "information", "expires_on")

    def __init__(self, *args: Any, people: Choices, bases: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["person"]).set_options(list(people))
        cast(ChoiceComponent, self.fields["basis"]).set_options(list(bases))

    @property
    def person_id(self) -> UUID:
        """Whom it is about."""
        return UUID(self.cleaned_data["person"])


class DeclineForm(VoiceForm):
    """A no to sharing."""

    words = TextareaField(
        label="What do they not want shared, and with whom?", max_length=2000, error="Enter what they said"
    )


class WithdrawForm(VoiceForm):
    """Agreement is withdrawn."""

    what = CheckboxesField(
        label="What do they no longer agree to?", choices=(("help", "This help"), ("sharing", "Sharing")),
        error="Select what they no longer agree to",
    )  # fmt: skip
    words = TextareaField(label="What did they say?", max_length=2000, error="Enter what they said")


class DecideForm(Form):
    """What follows a withdrawal."""

    decision = RadiosField(label="What follows?", choices=OUTCOMES_OF_WITHDRAWAL, error="Select what follows")
    reason = TextareaField(label="Why?", max_length=2000, error="Enter why", hint="The family may read this")
