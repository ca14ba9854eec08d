"""What a young person, and whoever answers them, is asked."""

from __future__ import annotations

from joinedup.core.forms import DateField, Form, SelectField, TextareaField, TextField

AGES = [
    ("", "I would rather not say"),
    ("under11", "Under 11"),
    ("11to13", "11 to 13"),
    ("14to16", "14 to 16"),
    ("17to25", "17 to 25"),
]


class YoungAskForm(Form):
    """A question without a name."""

    words = TextareaField(
        label="What do you want to ask?", hint="Do not tell us your name, your school or where you live.", max_length=4000,
        error="Write what you want to ask",
    )  # fmt: skip
    ages = SelectField(label="How old are you?", required=False, choices=AGES)


class YoungCodeForm(Form):
    """The code that was given with a question."""

    code = TextField(
        label="Your code", hint="It has 12 letters and numbers.", max_length=20, width=20, error="Type your code"
    )


class YoungAnswerForm(Form):
    """The answer."""

    answer = TextareaField(
        label="Your answer", hint="In short, plain words. Your name is shown with it.", max_length=6000, rows=9,
        error="Write the answer",
    )  # fmt: skip


class YoungPublishForm(Form):
    """An answered question in words that could be anybody's."""

    title = TextField(label="The question, in other words", max_length=200, error="Write the question in other words")
    words = TextareaField(
        label="The answer, for everybody", hint="Take out whatever could say who asked: names, places, dates, what only they lived through.",
        max_length=6000, rows=9, error="Write the answer for everybody",
    )  # fmt: skip


class ApproveForm(Form):
    """The day a page is looked at again."""

    review_on = DateField(label="When is it looked at again?", error="Enter the day it is looked at again")


class AnswererForm(Form):
    """Who answers next."""

    post = SelectField(label="Who else answers young people?", error="Choose who answers")


class AwayForm(Form):
    """From when to when somebody is away."""

    away_from = DateField(label="Away from", required=False)
    away_until = DateField(label="Away until", required=False)
