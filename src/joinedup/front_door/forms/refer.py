"""The one referral form that every agency uses, and the extra questions for a phone call."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.forms.utils import ErrorDict
from django.http import QueryDict

from joinedup.core.errors import Refused
from joinedup.core.forms import (
    EmailField,
    Form,
    FormGroup,
    RadiosField,
    SelectField,
    TelephoneField,
    TextareaField,
    TextField,
    YesNoField,
    error_summary,
)
from joinedup.front_door import intake
from joinedup.front_door.asking import GROUPS, Shown, is_old
from joinedup.front_door.codes import PRIMARY_NEEDS, REFERRAL_SOURCES, SAFE_WAYS
from joinedup.front_door.forms.link import SenderForm
from joinedup.front_door.forms.people import CarerForm, ChildForm
from joinedup.front_door.forms.reminded import Reminded, still_field
from joinedup.front_door.intake import NewContact

if TYPE_CHECKING:
    from joinedup.front_door.queries.known_before import KnownBefore, KnownField

ANONYMOUS = "9"

WAYS = tuple((code, label) for code, label in SAFE_WAYS.items() if code != "none")

# Where this form asks for what a contact holds under another name.
_ASKED_AS = {
    "family_knows": ("knows",), "family_agrees": ("agrees", "knows"), "safe_contact_how": ("safe_how",),
    "agreement_reason": ("why_not_told", "why_not_agreed", "knows"), "safe_contact_details": ("safe_details", "usual_phone"),
    "safe_contact_when": ("safe_when",), "safe_contact_not_through": ("safe_not_through",),
}  # fmt: skip


_SAFE = ("reach", "safe_how", "safe_details", "safe_when", "safe_not_through")
# The main needs in the order a school would look for one; "not stated" is an empty answer.
NEEDS = tuple((code, label) for code, label in PRIMARY_NEEDS.items() if code != "N0")


class ReferralForm(Reminded):
    """What the referrer knows about the worry, the family's agreement, and reaching the family safely."""

    danger = YesNoField(
        label="Is a child in danger now?", label_size="m",
        hints={"yes": "Call 999 first. Then send this with only a name and your worry: the duty person is called at once."},
        error="Select whether a child is in danger now", inline=False,
    )  # fmt: skip
    about = RadiosField(
        label="What is this about?", label_size="m", error="Select what this is about",
        choices=(
            ("harm", "A child may be being harmed, neglected or exploited"),
            ("help", "A child or family needs help"),
            ("staff", "Somebody who works with children may have harmed a child",
             "This goes only to the designated officer, who deals with worries about staff and volunteers. "
             "It is never put on the child’s record that other agencies share. You need not name a child."),
        ),
        conditional={"help": "need_code"},
    )  # fmt: skip
    need_code = SelectField(
        label="What is the main need?", choices=NEEDS, required=False,
        hint="The one that fits best. Leave it if none does.",
    )  # fmt: skip
    worry = TextareaField(
        label="What are you worried about?", max_length=4000, rows=7, label_size="m",
        hint="What has happened, when, and what you have seen or heard yourself", error="Enter what you are worried about",
        subject="What you are worried about",
    )  # fmt: skip
    childs_words = TextareaField(
        label="What does the child say?",
        subject="What the child says",
        max_length=2000,
        rows=3,
        required=False,
        hint="In their own words if you can",
    )
    going_well = TextareaField(
        label="What is going well?", subject="What is going well", max_length=2000, rows=3, required=False
    )
    tried_already = TextareaField(
        label="What has been tried already?",
        subject="What has been tried already",
        max_length=2000,
        rows=3,
        required=False,
    )
    wanted = TextareaField(
        label="What would help?",
        subject="What would help",
        max_length=2000,
        rows=3,
        required=False,
        hint="What you, the child or the family want",
    )
    knows = RadiosField(
        label="Does the family know you are asking for help?", label_size="m",
        choices=(("yes", "Yes"), ("no", "No")), conditional={"yes": "agrees", "no": "why_not_told"},
        error="Select whether the family knows",
    )  # fmt: skip
    agrees = RadiosField(
        label="Do they agree?",
        choices=(("yes", "Yes"), ("no", "No"), ("not_asked", "They have not been asked")),
        conditional={"no": "why_not_agreed"}, error="Select whether the family agrees",
    )  # fmt: skip
    why_not_agreed = TextareaField(
        label="Why do they not agree?",
        subject="Why they do not agree",
        max_length=1000,
        rows=3,
        error="Enter why the family does not agree",
    )
    why_not_told = TextareaField(
        label="Why have they not been told?", subject="Why they have not been told", max_length=1000, rows=3, error="Enter why the family has not been told",
        hint="For example, telling them could put a child at risk",
    )  # fmt: skip
    reach = RadiosField(
        label="Is it safe to contact the family in the usual ways?", label_size="m", required=False,
        choices=(("usual", "Yes"), ("some", "Only in some ways or at some times"), ("unknown", "I do not know")),
        conditional={"usual": "usual_phone", "some": ("safe_how", "safe_details", "safe_when", "safe_not_through")},
    )  # fmt: skip
    usual_phone = TelephoneField(label="The family’s phone number", required=False)
    safe_how = RadiosField(label="Which way is safe?", choices=WAYS, error="Select which way is safe", small=True)
    safe_details = TextField(label="The number, address or person to use", max_length=254, required=False)
    safe_when = TextField(label="When is it safe?", subject="When it is safe", max_length=200, required=False)
    safe_not_through = TextField(
        label="Who must not know, answer or pass on a message?", max_length=300, required=False
    )
    language_help = YesNoField(
        label="Does anybody need an interpreter, or help to communicate?", label_size="m", required=False,
        conditional={"yes": ("interpreter_language", "communication_needs")},
    )  # fmt: skip
    interpreter_language = TextField(label="Language", max_length=60, required=False)
    communication_needs = TextField(
        label="Other help",
        max_length=300,
        required=False,
        hint="For example, large print, sign language, a text relay service",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            return
        if self.data.get(self.add_prefix("danger")) == "yes":
            for name, field in self.fields.items():
                field.required = field.required and name in {"danger", "worry"}
        if self.data.get(self.add_prefix("about")) == "staff":
            self.fields["knows"].required = False  # there may be no family to tell

    def remind(self, known: dict[str, KnownField], old: set[str]) -> None:
        """Show how the family was reached and helped to talk before. What is old is asked about, never taken as read;
        that a number is known never says that it is safe to ring it."""
        if "phone" in known:
            self._remind_phone(known["phone"], is_to_confirm="phone" in old)
        if "safe" in known:
            self._remind_safe(known["safe"], is_to_confirm="safe" in old)
        talking: dict[str, KnownField] = {
            name: known[name] for name in ("interpreter_language", "communication_needs") if name in known
        }
        if talking and "talking" in old:
            said = ", ".join(str(fact.value) for fact in talking.values())
            question = still_field(
                said, next(iter(talking.values())).sentence, reveals=("language_help",),
                label="Does anybody still need an interpreter, or help to communicate?",
            )  # fmt: skip
            question.label_size = "m"
            self.known = {**self.known, **talking}
            self.ask_again("talking", question)
        elif talking:
            self.fill({"language_help": True})
            self.show(talking)

    def _remind_phone(self, fact: KnownField, *, is_to_confirm: bool) -> None:
        self.show({"usual_phone": fact}, leave=("usual_phone",) if is_to_confirm else ())
        if is_to_confirm:
            question = still_field(
                str(fact.value), fact.sentence, reveals=("usual_phone",), label="Is this number still right?"
            )
            self.ask_again("phone", question)
            reach = cast(RadiosField, self.fields["reach"])
            reach.conditional = {**reach.conditional, "usual": ("still_phone",)}

    def _remind_safe(self, fact: KnownField, *, is_to_confirm: bool) -> None:
        said = dict(fact.value)
        answers = {f"safe_{name}": value for name, value in said.items()} | {"reach": "some"}
        self.safe_before = answers
        if not is_to_confirm:
            self.fill(answers)
            self.fields["reach"].help_text = fact.sentence
            return
        words = [SAFE_WAYS[said["how"]], said["details"], said["when"]]
        words += [f"not through {said['not_through']}"] if said["not_through"] else []
        question = still_field(
            ", ".join(word for word in words if word), fact.sentence, reveals=("reach",),
            label="Is this still a safe way to reach the family?",
        )  # fmt: skip
        question.label_size = "m"
        self.ask_again("safe", question)

    safe_before: dict[str, Any] = {}

    def clean(self) -> dict[str, Any]:
        """What was confirmed counts as said."""
        told = super().clean() or {}
        if told.get("still_phone") == "yes":
            told["usual_phone"] = str(self.known["usual_phone"].value)
        if told.get("still_safe") == "yes":
            told |= self.safe_before
        if told.get("still_talking") == "yes":
            told["language_help"] = True
            told |= {
                name: str(self.known[name].value)
                for name in ("interpreter_language", "communication_needs")
                if name in self.known
            }
        return told


class CallerForm(Form):
    """Who is on the phone. Asked only where somebody at the front door writes down a call."""

    source_code = SelectField(
        label="Who is calling?", choices=tuple(REFERRAL_SOURCES.items()), error="Select who is calling",
        hint="Choose “Anonymous” if they will not say. Then leave the rest of this part empty.",
    )  # fmt: skip
    referrer_name = TextField(label="Caller’s name", max_length=120, required=False, spellcheck=False)
    referrer_role = TextField(
        label="Their job, or who they are to the child", max_length=120, required=False,
        hint="For example, midwife, neighbour, grandmother",
    )  # fmt: skip
    referrer_phone = TelephoneField(label="Caller’s phone number", required=False)
    referrer_email = EmailField(label="Caller’s email address", required=False, autocomplete="off")

    def clean(self) -> dict[str, Any]:
        """Somebody anonymous is not named, even by a slip."""
        told = super().clean() or {}
        if told.get("source_code") == ANONYMOUS:
            for name in ("referrer_name", "referrer_phone", "referrer_email"):
                if told.get(name):
                    self.add_error(name, "Leave this empty when the caller is anonymous")
        return told


class ReferralPage:
    """All of the referral page: the forms on it, and what they say when they are complete."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        today: date,
        is_call: bool,
        is_link: bool = False,
        known: KnownBefore | None = None,
        confirm_after: dict[str, int] | None = None,
        is_unjudged: bool = False,
    ) -> None:
        self.caller = CallerForm(data) if is_call else None
        self.sender = SenderForm(data) if is_link else None
        carers = [{name: fact.value for name, fact in each.items()} for each in known.carers] if known else []
        self.children = ChildForm.stack("children", data, noun="child")
        self.carers = CarerForm.stack("carers", data, noun="parent or carer", most=6, initial=carers)
        self.form = ReferralForm(data)
        self.today, self.known, self.is_unjudged = today, known, is_unjudged
        needs = "name"
        if data is not None and data.get("about") == "staff":
            needs = "nothing"
        elif data is not None and data.get("danger") == "yes":
            needs = "place"
        for child in self.child_forms:
            child.told(today, needs=needs)
        self.old = self._old(known, confirm_after or {})
        if known is not None:
            self._remind(known, is_urgent=needs != "name")
        if self.is_changing or is_unjudged:
            for part in self.parts:
                for each in part if isinstance(part, FormGroup) else [part]:
                    _leave_unjudged(each)

    def _old(self, known: KnownBefore | None, days: dict[str, int]) -> set[str]:
        """Which groups of what is known must be asked about before they are used again."""
        if known is None:
            return set()
        return {
            group
            for group, (kind, _, _) in GROUPS.items()
            if is_old(kind, known.said_of(group), on=self.today, days=days)
        }

    def _remind(self, known: KnownBefore, *, is_urgent: bool) -> None:
        child = self.child_forms[0]
        child.is_urgent = self.form.is_urgent = is_urgent
        child.remind(known.child, self.old)
        self.form.remind(known.family, self.old)
        for form, facts in zip(self.carers, known.carers, strict=False):
            cast(CarerForm, form).show(facts)

    def shown(self) -> Shown | None:
        """What the page arrived with and what became of it, for counting what was asked again."""
        if self.known is None:
            return None
        asked = self.child_forms[0].asked() | self.form.asked()
        left = {name for group in asked for name in GROUPS[group][2]}
        child = tuple(name for name in self.known.child if name not in left)
        family = tuple(name for name in self._family_fields() if name not in left)
        return Shown(self.known.key, child, family, asked)

    def _family_fields(self) -> tuple[str, ...]:
        known = self.known.family if self.known else {}
        names = [name for name in ("interpreter_language", "communication_needs") if name in known]
        return (
            (*names, *GROUPS["safe"][2])
            if "safe" in known
            else (*names, *GROUPS["phone"][2])
            if "phone" in known
            else tuple(names)
        )

    @property
    def child_forms(self) -> list[ChildForm]:
        """The children, one form each."""
        return [cast(ChildForm, form) for form in self.children]

    @property
    def parts(self) -> list[Form | FormGroup]:
        """The forms in the order of the page."""
        writer = self.caller or self.sender
        return [*([writer] if writer else []), self.children, self.carers, self.form]

    @property
    def is_changing(self) -> bool:
        """True when a button to add or remove somebody was pressed, so nothing is judged yet."""
        return self.children.is_changing or self.carers.is_changing

    def is_valid(self) -> bool:
        """Judge every part, so that the summary names everything at once."""
        judged = [part.is_valid() for part in self.parts]
        return all(judged)

    def stands(self, contact: NewContact) -> bool:
        """Judge the whole by the front door's own rules, and show what is wrong at its question."""
        found = intake.faults(contact, on=self.today)
        for fault in found:
            part, name = self._asked_at(fault.field)
            part.add_error(name, fault.sentence)
        return not found

    @property
    def has_errors(self) -> bool:
        """True once something was judged and found wrong."""
        return not self.is_unjudged and any(part.is_bound and bool(part.errors) for part in self.parts)

    def error_summary(self) -> str:
        """One summary for the page."""
        return error_summary(*self.parts)

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal at the question it belongs to, or above the page when there is none."""
        for field, sentence in _faults_of(refusal):
            part, name = self._asked_at(field)
            part.add_error(name, sentence)

    def _asked_at(self, field: str) -> tuple[Form, str | None]:
        if field.startswith("people."):
            number, _, name = field.removeprefix("people.").partition(".")
            filled = [form for form in self.child_forms if form.has_changed()]
            if number.isdigit() and int(number) < len(filled):
                child = filled[int(number)]
                asked = {"birth_date": "born_on", "expected_on": "born_on", "nhs_number": "number", "upn": "number"}
                name = asked.get(name, name)
                return child, name if name in child.fields else "given_name"
            return self.children.items[0], "given_name"
        writer = self.caller or self.sender
        if writer and field in writer.fields:
            return writer, field
        names = _ASKED_AS.get(field, (field,))
        return self.form, next((name for name in names if self.form.cleaned_data.get(name)), self._first_known(names))

    def _first_known(self, names: tuple[str, ...]) -> str | None:
        return next((name for name in names if name in self.form.fields), None)


def _leave_unjudged(form: Form) -> None:
    """While somebody is added or removed, nothing is right or wrong yet."""
    form._errors = ErrorDict()
    form.cleaned_data = {}


def _faults_of(refusal: Refused) -> list[tuple[str, str]]:
    """The faults a refusal lists, as (field, sentence); the refusal itself when it lists none."""
    listed = refusal.extra.get("faults") or [{"field": refusal.field, "sentence": refusal.sentence}]
    return [(str(fault["field"]), str(fault["sentence"])) for fault in listed]
