"""The answer screen: involvement, whom to ring, the items the agreement allows here, why it is lawful, a judgement."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from joinedup.core.forms import (
    DateField,
    EmailField,
    Form,
    RadiosField,
    SelectField,
    TelephoneField,
    TextareaField,
    TextField,
)
from joinedup.information_sharing.codes import INVOLVEMENT_LABELS, REFUSAL_LABELS, Involvement, RefusalReason
from joinedup.information_sharing.queries import AnswerSeen, RequestToAnswer
from joinedup.information_sharing.services import ItemRefused, ItemSaid, NewAnswer

_REASONS = tuple((code.value, label) for code, label in REFUSAL_LABELS.items())
# A single item is refused with a reason of the list; "another reason" needs words, and so the page for the whole.
_REASONS_OF_AN_ITEM = tuple(each for each in _REASONS if each[0] != RefusalReason.OTHER)
_LEVELS = (
    ("", "Not for us to say"), ("1", "Level 1: universal"), ("2", "Level 2: additional or emerging"),
    ("3", "Level 3: multiple or complex"), ("4", "Level 4: specialist or statutory"),
)  # fmt: skip
_INVOLVED = ("worker", "worker_role", "service", "phone", "email", "started_on", "last_contact_on")
_COVERAGE = ("coverage_from", "coverage_to", "coverage_area")


class AnswerForm(Form):
    """One answer. The items come from the agreement; `told` adds a box for each that may be shared here."""

    involvement = RadiosField(
        label="Are you involved?", error="Select whether you are or were involved",
        choices=tuple((each.value, INVOLVEMENT_LABELS[each]) for each in Involvement),
        hints={Involvement.NONE_FOUND: "You looked, and your records hold nothing. Leave the boxes about the worker empty."},
    )  # fmt: skip
    worker = TextField(label="Who works, or last worked, with them", max_length=120, required=False, spellcheck=False)
    worker_role = TextField(label="Their role", max_length=120, required=False)
    service = TextField(label="Team or service", max_length=160, required=False, spellcheck=False)
    phone = TelephoneField(max_length=30, required=False)
    email = EmailField(max_length=254, required=False)
    started_on = DateField(label="Start of the last involvement", required=False, subject="The start")
    last_contact_on = DateField(label="Last contact", required=False, subject="The last contact")
    as_of = DateField(
        label="Your records say this as of", hint="The day up to which what you looked at is complete",
        error="Enter the day your records say this", subject="That day",
    )  # fmt: skip
    coverage_from = DateField(label="Your records go back to", required=False, subject="That day")
    coverage_to = DateField(label="And reach up to", required=False, subject="That day")
    coverage_area = TextField(
        label="Area your records cover", max_length=160, required=False, hint="For example, Exampleshire only"
    )
    basis = RadiosField(label="On which lawful basis do you share this?", error="Select a lawful basis", small=True)
    proportionality = TextareaField(
        label="Why is this necessary, and no more than is needed?", rows=2, max_length=2000,
        error="Enter why sharing this is necessary",
    )  # fmt: skip
    level_of_need = RadiosField(
        label="Which level of need do you see?", required=False, choices=_LEVELS, small=True,
        hint="Your professional judgement. It stands beside the others’, also where you disagree.",
    )  # fmt: skip
    judgement = TextareaField(label="What makes you say so?", rows=3, max_length=4000, required=False)

    def told(self, screen: RequestToAnswer, today: date) -> None:
        """Add the boxes of the items that may be shared here, and the bases to choose from."""
        self.screen = screen
        for name in (*_INVOLVED, *_COVERAGE, "level_of_need", "judgement"):
            cast(Any, self.fields[name]).marks_optional = False  # nearly everything is; the page says so once
        cast(Any, self.fields["basis"]).set_options((each.code, each.name, each.words) for each in screen.bases)
        for name in ("started_on", "last_contact_on", "as_of"):
            cast(DateField, self.fields[name]).latest = today
        for item in screen.allowed:
            self.fields[f"item_{item.code}"] = TextareaField(label=item.name, rows=2, max_length=4000, required=False)
            if item.years_back is not None:
                self.fields[f"when_{item.code}"] = DateField(
                    label="When was that?", required=False, subject=f"The day of “{item.name}”",
                    hint=f"The agreement goes back {item.years_back} years",
                )  # fmt: skip
            cast(Any, self.fields[f"item_{item.code}"]).marks_optional = False
            self.fields[f"not_{item.code}"] = SelectField(
                label="You hold it but do not share it, because", choices=_REASONS_OF_AN_ITEM, required=False,
                subject=f"Why “{item.name}” is not shared",
            )  # fmt: skip

    @staticmethod
    def first(screen: RequestToAnswer, today: date) -> dict[str, Any]:
        """What the boxes hold at first: the newest answer where one is put right, else what the agency's own record
        says already, with today for the day somebody looked."""
        if screen.request.answer is not None:
            return _as_answered(screen.request.answer)
        said: dict[str, Any] = {"as_of": today, "level_of_need": ""}
        if screen.prefilled.is_known:
            said["involvement"] = Involvement.CURRENT.value
        if len(screen.bases) == 1:
            said["basis"] = screen.bases[0].code
        return said | {f"item_{item.code}": item.prefilled.words for item in screen.allowed if item.prefilled}

    def clean(self) -> dict[str, Any]:
        """An item is either shared or not."""
        told = super().clean() or {}
        for item in self.screen.allowed:
            if told.get(f"item_{item.code}") and told.get(f"not_{item.code}"):
                self.add_error(f"not_{item.code}", f"Either share “{item.name}” or say why not")
        return told

    def answer(self) -> NewAnswer:
        """What the service takes."""
        told = self.cleaned_data
        codes = [item.code for item in self.screen.allowed]
        return NewAnswer(
            involvement=told["involvement"], as_of=told["as_of"], basis=told["basis"],
            proportionality=told["proportionality"], judgement=told["judgement"],
            level_of_need=int(told["level_of_need"]) if told["level_of_need"] else None,
            items=tuple(
                ItemSaid(code, told[f"item_{code}"], told.get(f"when_{code}"))
                for code in codes if told.get(f"item_{code}")
            ),
            refused=tuple(ItemRefused(code, told[f"not_{code}"]) for code in codes if told.get(f"not_{code}")),
            **{name: told[name] for name in (*_INVOLVED, *_COVERAGE)},
        )  # fmt: skip

    @property
    def coverage(self) -> list[Any]:
        """The boxes about what the records cover."""
        return [self[name] for name in _COVERAGE]

    def boxes_of(self, code: str) -> list[Any]:
        """The boxes of one item."""
        return [self[f"{kind}_{code}"] for kind in ("item", "when", "not") if f"{kind}_{code}" in self.fields]


def _as_answered(answer: AnswerSeen) -> dict[str, Any]:
    """The newest answer, to be put right."""
    names = (*_INVOLVED, *_COVERAGE, "involvement", "as_of", "proportionality", "judgement")
    said = {name: getattr(answer, name) for name in names}
    said["level_of_need"] = str(answer.level_of_need or "")
    for item in answer.items:
        said |= {f"item_{item.code}": item.words, f"when_{item.code}": item.happened_on}
    return said


class CorrectionForm(AnswerForm):
    """An answer that puts an earlier one right."""

    correction_reason = TextField(
        label="What was wrong with the earlier answer?", max_length=500, error="Enter what was wrong"
    )


class RefuseForm(Form):
    """A refusal to share anything."""

    reason_code = RadiosField(label="Why do you refuse?", choices=_REASONS, error="Select why you refuse")
    words = TextareaField(
        label="In your words", rows=4, max_length=2000, required=False,
        hint="Needed with “Another reason”. Whoever asked reads it, and so may the family one day.",
    )  # fmt: skip


class ReasonForm(Form):
    """One reason."""

    reason = TextareaField(label="Why?", rows=3, max_length=500, error="Enter why")
