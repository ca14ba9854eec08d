"""The questions about risks, what a board accepts, and what proposals mean."""

from __future__ import annotations

from joinedup.core.forms import (
    CheckboxesField,
    DateField,
    Form,
    HiddenField,
    NumberField,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
)
from joinedup.governance.forms.boards import Offers
from joinedup.governance.risk_scoring import (
    CONTROL_WORKS,
    IMPACTS,
    LIKELIHOODS,
    REVIEW_MONTHS,
    RISK_KINDS,
    Score,
    Scores,
)

_LIKELY = [(str(key), f"{key} {words}") for key, words in LIKELIHOODS.items()]
_IMPACT = [(str(key), f"{key} {words}") for key, words in IMPACTS.items()]


class ScoreForm(Offers):
    """Likelihood and impact, three times."""

    inherent_likelihood = SelectField(
        label="Without any controls, how likely is it?", choices=_LIKELY, error="Choose how likely it is without controls"
    )  # fmt: skip
    inherent_impact = SelectField(
        label="Without any controls, how bad would it be?", choices=_IMPACT, error="Choose how bad it would be without controls"
    )  # fmt: skip
    current_likelihood = SelectField(
        label="With the controls there are, how likely is it now?", choices=_LIKELY, error="Choose how likely it is now"
    )
    current_impact = SelectField(
        label="With the controls there are, how bad would it be?",
        choices=_IMPACT,
        error="Choose how bad it would be now",
    )
    target_likelihood = SelectField(
        label="How likely may it be in the end?", choices=_LIKELY, error="Choose how likely it may be in the end"
    )
    target_impact = SelectField(
        label="How bad may it be in the end?", choices=_IMPACT, error="Choose how bad it may be in the end"
    )

    def scores(self) -> Scores:
        """As the services take them."""
        inherent, current, target = (
            Score(int(self.cleaned_data[f"{name}_likelihood"]), int(self.cleaned_data[f"{name}_impact"]))
            for name in ("inherent", "current", "target")
        )
        return Scores(inherent, current, target)


class RiskForm(ScoreForm):
    """A risk that is put on the register."""

    board = SelectField(label="Which board answers for it?", error="Choose which board answers for it")
    kind = RadiosField(
        label="What is the risk to?", choices=list(RISK_KINDS.items()), error="Select what the risk is to"
    )
    kind_words = TextField(label="If other, what?", max_length=80, required=False)
    title = TextField(label="What is the risk called?", max_length=160, error="Enter what the risk is called")
    cause = TextareaField(label="What causes it?", max_length=3000, error="Say what causes it")
    event = TextareaField(label="What might happen?", max_length=3000, error="Say what might happen")
    effect = TextareaField(label="What would that do?", max_length=3000, error="Say what that would do")
    owner = SelectField(label="Who looks after it?", error="Choose who looks after it")
    review_months = SelectField(
        label="How often is it reviewed?", choices=list(REVIEW_MONTHS.items()), error="Choose how often it is reviewed"
    )
    field_order = ("board", "kind", "kind_words", "title", "cause", "event", "effect")


class ReviewForm(ScoreForm):
    """A review."""

    number = HiddenField(required=False)
    why = TextareaField(label="What did the review find?", max_length=3000, error="Say what the review found")
    next_review_on = DateField(
        label="When is it reviewed next?", hint="For example, 1 4 2027", error="Enter when it is reviewed next"
    )


class ControlForm(Form):
    """A control."""

    words = TextField(label="What keeps the risk in check?", max_length=400, error="Say what keeps the risk in check")
    works = RadiosField(
        label="How well does it work?", choices=list(CONTROL_WORKS.items()), error="Select how well it works"
    )


class RiskActionForm(Offers):
    """An action."""

    words = TextField(label="What is to be done?", max_length=400, error="Say what is to be done")
    owner = SelectField(label="Who does it?", error="Choose who does it")
    due_on = DateField(label="By when?", hint="For example, 1 4 2027", error="Enter by when")


class WordsForm(Form):
    """One thing to say."""

    words = TextareaField(label="What was done?", max_length=400, error="Say what was done")


class WhyForm(Form):
    """Why something ends."""

    why = TextField(label="Why?", max_length=300, error="Say why")


class OwnerForm(Offers):
    """Who looks after it from now on."""

    owner = SelectField(label="Who looks after it from now on?", error="Choose who looks after it")


class AppetiteForm(Form):
    """What a board accepts."""

    kind = RadiosField(label="Which kind of risk?", choices=list(RISK_KINDS.items()), error="Select which kind of risk")
    most = NumberField(
        label="What is the highest score the board accepts?", hint="Likelihood times impact, 1 to 25", least=1, most=25, width=2,
        error="Enter the highest score the board accepts",
    )  # fmt: skip
    words = TextField(label="What did the board say about it?", max_length=300, required=False)
    source = TextField(
        label="Where did it say so?", hint="The meeting and the minute", max_length=300, error="Say where the board said so"
    )  # fmt: skip
    starts_on = DateField(label="From which day?", hint="For example, 1 4 2026", error="Enter from which day")


class ImplicationsForm(Offers):
    """What a proposal means."""

    financial = TextareaField(
        label="What does it mean for money?", hint="Where it means nothing, say so", max_length=3000, error="Say what it means for money"
    )  # fmt: skip
    environmental = TextareaField(
        label="What does it mean for the environment?", hint="Travel, buildings, energy. Where it means nothing, say so",
        max_length=3000, error="Say what it means for the environment",
    )  # fmt: skip
    risks = CheckboxesField(label="Which risks does it bear on?", required=False)
