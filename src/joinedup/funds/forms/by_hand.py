"""The questions about what is posted to a ledger by hand, about a heading of the fund's own, and about a wrong receipt."""

from __future__ import annotations

from joinedup.core.errors import Refused
from joinedup.core.forms import DateField, Form, HiddenField, Option, RadiosField, SelectField, TextareaField, TextField
from joinedup.engines.ledger import EntryKind, Kind
from joinedup.funds.forms.funds import Offering
from joinedup.funds.pounds import amount

KINDS = [
    Option(EntryKind.ORDINARY.value, "An entry", "Something that happened on the day you give"),
    Option(
        EntryKind.ACCRUAL.value, "An accrual",
        "A cost or income of a year that has ended, paid in the next. It is posted on 31 March and taken back on 1 April by itself",
    ),
    Option(EntryKind.OPENING.value, "An opening balance", "What the fund began with, before its ledger was kept here"),
]  # fmt: skip
HEADING_KINDS = {
    Kind.ASSET: "What the fund has or is owed", Kind.LIABILITY: "What the fund owes", Kind.INCOME: "Income",
    Kind.EXPENDITURE: "Spending", Kind.EQUITY: "Kept or carried forward",
}  # fmt: skip
_AT = {"FU-203": "amount", "FU-205": "dated_on", "FU-206": "dated_on", "FU-224": "dated_on"}


class PostForm(Offering):
    """What is posted: two sides of the same amount."""

    key = HiddenField(required=False, max_length=80)
    kind = RadiosField(label="What do you post?", choices=KINDS, error="Select what you post")
    dated_on = DateField(
        label="On what day?", hint="In a month that is open, and no later than today. For an accrual, any day of its year",
        error="Enter the day",
    )  # fmt: skip
    amount = TextField(
        label="How much?", hint="It is debited and credited", prefix="£", width=20, inputmode="decimal", validator=amount,
        error="Enter the amount",
    )  # fmt: skip
    debit = SelectField(label="Debit which heading?", error="Choose the heading that is debited")
    debit_line = SelectField(
        label="Budget line of the debit", hint="Needed for spending, which is always from a budget", required=False
    )
    credit = SelectField(label="Credit which heading?", error="Choose the heading that is credited")
    credit_line = SelectField(label="Budget line of the credit", required=False)
    spending = SelectField(
        label="Which kind of spending?", hint="Needed where something is spent. The agreement permits it on that day",
        required=False,
    )  # fmt: skip
    partner = SelectField(label="Partner", hint="Needed for what partners owe or are owed", required=False)
    stream = SelectField(label="Which money?", hint="Only if it is of one grant and on no budget line", required=False)
    memo = TextareaField(
        label="Why is it posted?", hint="Where it is written down, such as a bank statement or a decision. No names of children",
        rows=3, max_length=300, error="Say why it is posted",
    )  # fmt: skip

    def refuse(self, refusal: Refused) -> None:
        """What the ledger refuses of every entry, at the field that mends it."""
        refusal.field = refusal.field or _AT.get(refusal.rule, "")
        super().refuse(refusal)


class HeadingForm(Form):
    """A heading of the fund's own."""

    code = TextField(label="Code", hint="Such as 5050", max_length=20, width=10, error="Enter a code")
    name = TextField(label="What is it called?", max_length=120, error="Enter what it is called")
    kind = RadiosField(
        label="What does it count?", choices=[Option(each.value, words) for each, words in HEADING_KINDS.items()],
        error="Select what it counts",
    )  # fmt: skip


class ReceiptBackForm(Form):
    """Money was recorded that did not come in so."""

    reason = TextareaField(
        label="Why is it taken back?", hint="For example, it was recorded for another partner", rows=3, max_length=120,
        error="Say why it is taken back",
    )  # fmt: skip
