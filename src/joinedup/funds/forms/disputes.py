"""Forms of disputed balances."""

from __future__ import annotations

from joinedup.core.forms import Form, TextareaField


class AnswerForm(Form):
    """What the other partners say."""

    words = TextareaField(label="What do you answer?", max_length=4000, error="Say what you answer")


class EscalateForm(Form):
    """Why a dispute is taken further."""

    words = TextareaField(
        label="Why was it not settled here?", hint="Whoever takes it up reads this first", max_length=4000,
        error="Say why it was not settled",
    )  # fmt: skip


class SettleForm(Form):
    """How a dispute ended."""

    decision = TextareaField(
        label="What was decided, by whom and when?",
        hint="For example: the chief officers on 3 May 2027: the invoice of June counts for the first quarter",
        max_length=4000, error="Say what was decided, by whom and when",
    )  # fmt: skip
