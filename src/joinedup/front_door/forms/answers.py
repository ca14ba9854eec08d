"""What was typed, said back: the check pages before sending, and the contact that is sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from joinedup.core.fields import Bound
from joinedup.core.formats import date_long, nhs
from joinedup.core.forms import Form
from joinedup.front_door.codes import Answer, Channel
from joinedup.front_door.forms.ask import WHO, AskForHelpForm
from joinedup.front_door.forms.people import SEXES, ChildForm
from joinedup.front_door.forms.refer import ANONYMOUS, ReferralPage
from joinedup.front_door.intake import NewContact, NewContactPerson

Row = dict[str, str]
Section = dict[str, Any]

NO_FIXED_ADDRESS = "no fixed address"


# --- The referral form.


def referral_contact(page: ReferralPage, *, key: str) -> NewContact:
    """The contact a complete referral page describes. `key` makes sending it twice the same as once."""
    told = page.form.cleaned_data
    writer = page.caller or page.sender
    caller = writer.cleaned_data if writer else {}
    in_danger = told["danger"] is True
    is_individual = caller.get("source_code", "") in {"1A", "1B", "1C", "1D"}
    return NewContact(
        channel=Channel.PHONE if page.caller else Channel.FORM,
        worry=told["worry"],
        people=tuple(_people(page)),
        source_code=caller.get("source_code", ""),
        referrer_name=caller.get("referrer_name", ""),
        referrer_role=caller.get("referrer_role", ""),
        referrer_phone=caller.get("referrer_phone", ""),
        referrer_email=caller.get("referrer_email", ""),
        relationship_to_child=caller.get("referrer_role", "") if is_individual else "",
        is_anonymous=caller.get("source_code") == ANONYMOUS,
        going_well=told["going_well"],
        tried_already=told["tried_already"],
        wanted=told["wanted"],
        childs_words=told["childs_words"],
        need_code="N1" if told["about"] == "harm" else told["need_code"] or "",
        is_immediate_danger=in_danger,
        is_safeguarding_concern=told["about"] == "harm" or (in_danger and told["about"] != "staff"),
        is_about_staff_member=told["about"] == "staff",
        family_knows=Answer(told["knows"] or Answer.NOT_ASKED),
        family_agrees=Answer(told["agrees"] or Answer.NOT_ASKED),
        agreement_reason=told["why_not_told"] or told["why_not_agreed"] or "",
        interpreter_language=told["interpreter_language"] or "",
        communication_needs=told["communication_needs"] or "",
        idempotency_key=key,
        **_safe_contact(told),
    )


def _safe_contact(told: dict[str, Any]) -> dict[str, Any]:
    """How the family can be reached. Nothing is assumed safe that nobody said."""
    if told["reach"] == "usual" and told["usual_phone"]:
        return {"safe_contact_how": "phone", "safe_contact_details": told["usual_phone"]}
    if told["reach"] != "some":
        return {}
    return {
        "safe_contact_how": told["safe_how"],
        "safe_contact_details": told["safe_details"] or "",
        "safe_contact_when": told["safe_when"] or "",
        "safe_contact_not_through": told["safe_not_through"] or "",
    }


def _people(page: ReferralPage) -> Iterable[NewContactPerson]:
    for form in page.child_forms:
        if form.has_changed():
            yield _child(form)
    for carer in page.carers.cleaned:
        if any(carer.values()):
            yield NewContactPerson(part="parent", **carer)


def _child(form: ChildForm) -> NewContactPerson:
    told = form.cleaned_data
    born, (nhs_number, upn) = told["born_on"], told["number"] or ("", "")
    is_expected = born is not None and born > form.today
    has_none = told["address"].strip(" .").lower() == NO_FIXED_ADDRESS
    return NewContactPerson(
        part="child",
        given_name=told["given_name"],
        family_name=told["family_name"],
        birth_date=None if is_expected else born,
        expected_on=born if is_expected else None,
        sex=told["sex"] or "U",
        address="" if has_none else told["address"],
        postcode=told["postcode"],
        is_no_fixed_address=has_none,
        nhs_number=nhs_number,
        upn=upn,
        school=told["school"],
    )


def referral_sections(page: ReferralPage, *, back: str) -> list[Section]:
    """The referral said back, each answer with its way back to the question."""
    contact = referral_contact(page, key="")
    sections: list[Section] = []
    if page.caller:
        sections.append({"title": "Who is calling", "rows": _rows(page.caller, page.caller.fields, back)})
    if page.sender:
        sections.append({"title": "You", "rows": _rows(page.sender, page.sender.fields, back)})
    urgent = _rows(page.form, ["danger", "about", "need_code"], back)
    sections.append({"title": "How serious it is", "rows": urgent})
    for number, person in enumerate(contact.people):
        sections.append(_person_section(number, person, back))
    if not contact.people:
        sections.append({"title": "The child", "rows": [_row("Name", "", f"{back}#children")]})
    sections.append(
        {
            "title": "What you are worried about",
            "rows": _rows(
                page.form, ["worry", "childs_words", "going_well", "tried_already", "wanted", "need_code"], back
            ),
        }
    )
    agreement = ["knows", "agrees", "why_not_agreed", "why_not_told"]
    reaching = [
        *_still(page, "safe", "phone"),
        "reach",
        "usual_phone",
        "safe_how",
        "safe_details",
        "safe_when",
        "safe_not_through",
    ]
    talking = [*_still(page, "talking"), "language_help", "interpreter_language", "communication_needs"]
    sections.append(
        {
            "title": "The family",
            "rows": _rows(page.form, [*agreement, *reaching, *talking], back, always=("knows", "reach")),
        }
    )
    return sections


def _still(page: ReferralPage, *groups: str) -> list[str]:
    return [f"still_{group}" for group in groups if f"still_{group}" in page.form.fields]


def _person_section(number: int, person: NewContactPerson, back: str) -> Section:
    is_child = person.part == "child"
    anchor = f"{back}#{'children' if is_child else 'carers'}"
    name = f"{person.given_name} {person.family_name}".strip()
    pairs = [("Name", name)]
    if is_child:
        due = f"Expected {date_long(person.expected_on)}" if person.expected_on else ""
        place = ", ".join(part for part in (person.address, person.postcode) if part)
        pairs += [
            ("Date of birth", date_long(person.birth_date) or due),
            ("Sex", dict(SEXES)[person.sex] if person.sex != "U" else ""),
            ("Address", "No fixed address" if person.is_no_fixed_address else place),
            ("School, nursery or college", person.school),
            ("NHS number or unique pupil number", nhs(person.nhs_number) or person.upn),
        ]
    else:
        pairs.append(("Who they are to the child", person.relationship.capitalize()))
    title = ("Child" if is_child else "Parent or carer") + (f": {name}" if name else "")
    return {
        "title": title,
        "rows": [_row(label, value, anchor, name or f"person {number + 1}") for label, value in pairs],
    }


# --- The public page.


def help_contact(form: AskForHelpForm, *, key: str) -> NewContact:
    """What somebody who asks for help themselves has told."""
    told = form.cleaned_data
    how = told["how"]
    details = {"phone": told["phone"], "text": told["mobile"], "email": told["email"], "through": told["trusted"]}
    is_phone = how in {"phone", "text"}
    return NewContact(
        channel=Channel.PUBLIC,
        worry=told["worry"],
        wanted=told["wanted"],
        people=tuple(_people_of_help(told)),
        source_code=WHO[told["who"]],
        referrer_name=_full_name(told["given_name"], told["family_name"]),
        referrer_phone=details[how] if is_phone else "",
        referrer_email=told["email"] or "",
        relationship_to_child={"me": "self", "my_child": "parent or carer", "other": ""}[told["who"]],
        is_immediate_danger=told["danger"] is True,
        family_knows=Answer.YES if told["who"] != "other" else Answer.NOT_ASKED,
        family_agrees=Answer.YES if told["who"] != "other" else Answer.NOT_ASKED,
        safe_contact_how=how,
        safe_contact_details=details[how] or "",
        safe_contact_when=told["when"],
        safe_contact_not_through=told["not_through"],
        interpreter_language=told["interpreter_language"] or "",
        communication_needs=told["communication_needs"] or "",
        idempotency_key=key,
    )


def _full_name(given_name: str, family_name: str) -> str:
    return f"{given_name} {family_name}".strip()


def _people_of_help(told: dict[str, Any]) -> Iterable[NewContactPerson]:
    mine: dict[str, Any] = {
        "given_name": told["given_name"],
        "family_name": told["family_name"],
        "postcode": told["postcode"],
    }
    born = told["born_on"]
    if told["who"] == "me":
        yield NewContactPerson(part="child", birth_date=born, **mine)
        return
    prefix = "child" if told["who"] == "my_child" else "other"
    child: dict[str, Any] = {name: told[f"{prefix}_{name}"] or "" for name in ("given_name", "family_name")}
    if any(child.values()) or born:
        postcode = told["postcode"]
        yield NewContactPerson(part="child", birth_date=born, postcode=postcode, **child)
    if told["who"] == "my_child":
        yield NewContactPerson(part="parent", relationship="parent or carer", **mine)


def help_sections(form: AskForHelpForm, *, back: str) -> list[Section]:
    """What somebody typed, said back before it is sent."""
    needs = [
        "who", "child_given_name", "child_family_name", "other_given_name", "other_family_name", "danger", "worry", "wanted",
    ]  # fmt: skip
    contact = ["how", "phone", "mobile", "email", "trusted", "when", "not_through"]
    talking = ["language_help", "interpreter_language", "communication_needs"]
    return [
        {"title": "What you told us", "rows": _rows(form, needs, back, always=("who", "danger", "worry", "wanted"))},
        {"title": "About you", "rows": _rows(form, ["given_name", "family_name", "born_on", "postcode"], back)},
        {
            "title": "How to contact you",
            "rows": _rows(form, [*contact, *talking], back, always=("how", "when", "not_through")),
        },
    ]


# --- Both.


def _rows(form: Form, names: Iterable[str], back: str, *, always: Iterable[str] | None = None) -> list[Row]:
    """One row for each answer, and for each empty question of `always` (by default those that hang on no other)."""
    names = list(names)
    kept = {name for name in names if not cast(Bound, form[name]).is_revealed} if always is None else set(always)
    said = [(name, _said(form, name)) for name in names]
    return [
        _row(str(form.fields[name].label), value, f"{back}#{form[name].auto_id}")
        for name, value in said
        if value or name in kept
    ]


def _row(label: str, value: str, href: str, about: str = "") -> Row:
    hidden = f"{label.lower()} of {about}" if about else label.lower()
    return {"label": label, "value": value, "href": href, "hidden": hidden}


def _said(form: Form, name: str) -> str:
    value = form.cleaned_data.get(name)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    choices = getattr(form.fields[name], "choices", None)
    if choices is not None and value:
        return str(dict(choices).get(value, value))
    return date_long(value) if hasattr(value, "isoformat") else str(value or "")
