"""The public page where a parent or a young person asks for help: few questions, in plain words."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.http import QueryDict

from joinedup.core.forms import (
    DateField,
    EmailField,
    Form,
    PostcodeField,
    RadiosField,
    TelephoneField,
    TextareaField,
    TextField,
    YesNoField,
)
from joinedup.engines.linkage import identifiers

# Who is asking, and the census code of that kind of referrer.
WHO = {"me": "1C", "my_child": "1A", "other": "1D"}


class AskForHelpForm(Form):
    """Everything on one page. Only the worry and one safe way to answer have to be given."""

    who = RadiosField(
        label="Who needs help?", label_size="m", error="Choose who needs help",
        choices=(
            ("me", "Me", "I am a child or young person"),
            ("my_child", "My child", "Or a child I look after"),
            ("other", "Another child or family", "Someone I know"),
        ),
        conditional={"my_child": ("child_given_name", "child_family_name"), "other": ("other_given_name", "other_family_name")},
    )  # fmt: skip
    child_given_name = TextField(label="Your child’s first name", max_length=100, required=False, spellcheck=False)
    child_family_name = TextField(label="Your child’s last name", max_length=100, required=False, spellcheck=False)
    other_given_name = TextField(label="The child’s first name", max_length=100, required=False, spellcheck=False)
    other_family_name = TextField(label="The child’s last name", max_length=100, required=False, spellcheck=False)
    danger = YesNoField(label="Is someone in danger right now?", label_size="m", error="Choose yes or no",
                        hints={"yes": "Please call 999 now. You can still send this page after."}, inline=False)  # fmt: skip
    worry = TextareaField(
        label="What is worrying you?", label_size="m", max_length=4000, rows=6, error="Tell us what is worrying you",
        hint="Use your own words. A few words are enough.",
    )  # fmt: skip
    wanted = TextareaField(label="What would help?", max_length=2000, rows=3, required=False)
    given_name = TextField(
        label="Your first name", max_length=100, error="Tell us your first name, or a name we can call you", spellcheck=False,
        autocomplete="given-name",
    )  # fmt: skip
    family_name = TextField(
        label="Your last name", max_length=100, required=False, spellcheck=False, autocomplete="family-name"
    )
    born_on = DateField(
        label="Date of birth of the child who needs help", hint="For example, 27 3 2012", required=False,
        earliest=date(1990, 1, 1), latest_error="The date of birth must be in the past",
    )  # fmt: skip
    postcode = PostcodeField(
        required=False, hint="So that the team nearest to you can help", validator=identifiers.postcode
    )
    how = RadiosField(
        label="How can we contact you safely?", label_size="m", error="Choose one safe way to contact you",
        choices=(
            ("phone", "Call me"), ("text", "Send me a text"), ("email", "Email me"),
            ("through", "Ask someone I trust to tell me", "For example, a teacher or an aunt"),
        ),
        conditional={"phone": "phone", "text": "mobile", "email": "email", "through": "trusted"},
    )  # fmt: skip
    phone = TelephoneField(error="Give us a number that is safe to call", autocomplete="tel")
    mobile = TelephoneField(label="Mobile number", error="Give us a number that is safe to text", autocomplete="tel")
    email = EmailField(error="Give us an email address that is safe to use")
    trusted = TextField(
        label="Who should we ask, and how can we reach them?", max_length=254, error="Tell us who we should ask"
    )
    when = TextField(
        label="When is it safe?", max_length=200, required=False, hint="For example, school days before 3pm"
    )
    not_through = TextField(
        label="Is there anyone who must not know?", max_length=300, required=False,
        hint="We will never leave a message with them or send anything they could see.",
    )  # fmt: skip
    language_help = YesNoField(
        label="Do you need help to talk to us?", label_size="m", required=False, hint="For example, an interpreter or sign language",
        conditional={"yes": ("interpreter_language", "communication_needs")},
    )  # fmt: skip
    interpreter_language = TextField(label="What language do you speak?", max_length=60, required=False)
    communication_needs = TextField(label="What else would help you to talk to us?", max_length=300, required=False)
    # People never see this box; programs that fill in forms do.
    leave_empty = TextField(label="Leave this box empty", required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(DateField, self.fields["born_on"])
        field.latest = today

    def clean(self) -> dict[str, Any]:
        """Ask a person whose browser filled in the hidden box to send again; never throw their words away."""
        told = super().clean() or {}
        if told.get("leave_empty"):
            data = cast(QueryDict, self.data).copy()
            data[self.add_prefix("leave_empty")] = ""
            self.data = data
            self.add_error(None, "Your message has not been sent yet. Press the button again to send it.")
        return told
