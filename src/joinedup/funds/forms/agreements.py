"""The questions about an agreement: its terms, items, partners, sheets, variations and its end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    DateField,
    Form,
    HiddenField,
    NumberField,
    Option,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
)
from joinedup.funds.pounds import amount
from joinedup.funds.powers import POWERS
from joinedup.funds.virement_schemes import SCHEMES

_DAY = "For example, 1 4 2027"


class Choosing(Form):
    """A form of which one question chooses among records."""

    chosen = ""

    def __init__(self, *args: Any, options: Iterable[Option] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.chosen:
            cast(ChoiceComponent, self.fields[self.chosen]).set_options(list(options))


class TermsForm(Form):
    """What an agreement is called, rests on and runs for."""

    version = HiddenField(required=False)
    title = TextField(label="What is it about?", max_length=200, error="Enter what it is about")
    power = RadiosField(
        label="Under which legal power?",
        choices=[Option(each.code, each.name, each.words) for each in POWERS.values()],
        error="Select the legal power",
    )  # fmt: skip
    starts_on = DateField(label="First day", hint=_DAY, required=False)
    review_on = DateField(label="Reviewed by", required=False)
    ends_on = DateField(label="Last day", hint="Leave empty where it runs until somebody gives notice", required=False)
    notice_months = NumberField(label="Months of notice", least=1, most=36, error="Enter how many months of notice")
    days_to_pay = NumberField(
        label="Days to pay an instalment", hint="It is overdue after that", least=1, most=120,
        error="Enter how many days there are to pay",
    )  # fmt: skip
    virement_scheme = SelectField(
        label="Who may approve moving money between lines?", required=False,
        choices=[(each.code, each.name) for each in SCHEMES.values()],
    )  # fmt: skip


class DraftForm(TermsForm):
    """The same, with the organisation that begins it."""

    organisation = RadiosField(label="Which organisation begins it?", error="Select the organisation that begins it")

    def __init__(self, *args: Any, options: Iterable[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["organisation"]).set_options(list(options))


class PartnerForm(Choosing):
    """Who else takes part."""

    chosen = "organisation"
    organisation = SelectField(label="Which organisation takes part?", error="Select the organisation")


class HostForm(Choosing):
    """Who holds the money, and which of its officers manages it."""

    chosen = "pool_manager"
    pool_manager = RadiosField(
        label="Who manages the fund, for which host?", error="Select the pool manager",
        hint="An officer of the partner that holds and accounts for the money",
    )  # fmt: skip


class ItemForm(Form):
    """What the agreement says under one item."""

    words = TextareaField(label="What does the agreement say?", rows=10, max_length=8000, error="Say it in words")


class ReasonForm(Form):
    """Why."""

    reason = TextField(label="Why?", max_length=500, error="Say why")


class NoticeForm(ReasonForm):
    """The last day, and why."""

    ends_on = DateField(label="What is the last day?", hint=_DAY, error="Enter the last day")


class SheetForm(Form):
    """How a partner's own budget works, on one page."""

    total = TextField(
        label="What do you spend on these services in all?", prefix="£", width=20, validator=amount, error="Enter the amount"
    )  # fmt: skip
    set_how = TextareaField(
        label="How and when is your budget set?", rows=3, max_length=1500, error="Say how your budget is set"
    )
    decided_by = TextareaField(
        label="Who decides, and up to which amounts?", rows=3, max_length=1500, error="Say who decides"
    )
    pressures = TextareaField(
        label="What drives your costs?", rows=3, max_length=1500, error="Say what drives your costs"
    )
    savings = TextareaField(
        label="What savings are asked of you?", rows=3, max_length=1500, error="Say what savings are asked"
    )
    carried = TextareaField(
        label="What may you carry into the next year?", rows=3, max_length=1500, error="Say what you may carry forward"
    )
    ring_fences = TextareaField(
        label="Which of your money is ring-fenced?", rows=3, max_length=1500, error="Say which money is ring-fenced"
    )
    ask = TextField(label="Whom do partners ask?", max_length=200, error="Enter whom partners ask")


class VariationForm(Form):
    """What is to change, from which day on."""

    words = TextareaField(label="What changes, and why?", rows=8, max_length=4000, error="Say what changes")
    effective_on = DateField(label="From which day?", hint=_DAY, error="Enter the day")


class NovationForm(Choosing):
    """Which body takes whose place, by which decision."""

    chosen = "predecessor"
    predecessor = RadiosField(label="Whose place is taken?", error="Select the partner")
    successor = SelectField(label="Which body takes it?", error="Select the successor")
    on = DateField(label="From which day?", hint=_DAY, error="Enter the day")
    decision = TextField(
        label="By which decision?",
        hint="Whose it was, its date and its minute",
        max_length=300,
        error="Name the decision",
    )

    def __init__(self, *args: Any, successors: Iterable[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["successor"]).set_options(list(successors))


class PostForm(Choosing):
    """Which post."""

    chosen = "post"
    post = SelectField(label="Whose post?", error="Select the post")


class AuthorityForm(PostForm):
    """Who may approve virements at which level."""

    level = RadiosField(label="Up to which level may they approve?", error="Select the level")

    def __init__(self, *args: Any, levels: Iterable[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["level"]).set_options(list(levels))
