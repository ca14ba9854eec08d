"""Asking for an e-mailed link, and who writes behind it."""

from __future__ import annotations

from joinedup.core.forms import EmailField, Form, TelephoneField, TextField


class AskForLinkForm(Form):
    """Where the link goes."""

    email = EmailField(
        label="Your work email address",
        hint="At your school, surgery, police force, council or other partner",
        error="Enter your work email address",
    )


class SenderForm(Form):
    """Who is writing. Their address and organisation are those of the link."""

    referrer_name = TextField(
        label="Your name", max_length=120, spellcheck=False, autocomplete="name", error="Enter your name"
    )
    referrer_role = TextField(
        label="Your job", max_length=120, autocomplete="organization-title", error="Enter your job"
    )
    referrer_phone = TelephoneField(label="Your phone number", required=False, autocomplete="tel")
