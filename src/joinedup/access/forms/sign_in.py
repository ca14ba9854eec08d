"""Forms of signing in again and of the second factor. A code may be pasted, with or without spaces."""

from __future__ import annotations

import re
from typing import Any

from joinedup.core.forms import Form, HiddenField, TextField

_SPACES = re.compile(r"[\s-]+")


def _digits(text: str) -> str:
    found = _SPACES.sub("", text)
    if not found.isascii() or not found.isdigit() or len(found) not in (6, 8):
        raise ValueError("Enter the 6 digits your app shows, or one of your 8-digit recovery codes")
    return found


class CodeForm(Form):
    """A code of the app, or a recovery code."""

    code = TextField(
        label="Code",
        hint="The 6 digits your app shows now, or one of your recovery codes",
        width=10,
        max_length=20,
        autocomplete="one-time-code",
        inputmode="numeric",
        validator=_digits,
        error="Enter the code",
    )


class AgainByCodeForm(CodeForm):
    """Showing again who one is, with the second factor."""

    next = HiddenField(required=False)


class AgainByPasswordForm(Form):
    """Showing again who one is, with the password."""

    password = TextField(
        label="Password", width=20, autocomplete="current-password", spellcheck=False, error="Enter your password"
    )
    next = HiddenField(required=False)


class DemoAgainForm(Form):
    """An invented person of the demonstration has nothing to show."""

    next = HiddenField(required=False)


class SetUpForm(CodeForm):
    """The first code of an app that has just been given the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code your app shows now"
        self.fields["code"].help_text = "6 digits. They change every half minute."
