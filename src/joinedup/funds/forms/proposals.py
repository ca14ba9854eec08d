"""The questions about a contribution that another part proposes."""

from __future__ import annotations

from joinedup.core.forms import Form, TextField


class ProposalAcceptForm(Form):
    """Where it was decided."""

    words = TextField(
        label="Where was this decided?", hint="For example: chief finance officers, 4 November 2026, minute 12", max_length=300,
        error="Say where this was decided",
    )  # fmt: skip


class ProposalDeclineForm(Form):
    """Why not."""

    words = TextField(label="Why is it declined?", max_length=300, error="Say why it is declined")
