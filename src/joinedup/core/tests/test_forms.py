"""Forms: what they accept, what they say when they do not, and the markup they make."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
from django import forms as django_forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from joinedup.core.errors import Refused
from joinedup.core.forms import (
    CheckboxesField,
    CheckboxField,
    DateField,
    EmailField,
    FileField,
    Form,
    HiddenField,
    NHSNumberField,
    NumberField,
    Option,
    PostcodeField,
    RadiosField,
    SelectField,
    TelephoneField,
    TextareaField,
    TextField,
    YesNoField,
    error_summary,
    resolve_conflict,
)


def judged(field: django_forms.Field, text: Any, name: str = "answer") -> tuple[Any, list[str]]:
    """Clean one value in a form of one field; return the clean value and the errors."""
    form = type("One", (Form,), {name: field})({name: text} if not isinstance(text, dict) else text)
    return form.cleaned_data.get(name) if form.is_valid() else None, list(form.errors.get(name, []))


def upper_only(text: str) -> str:
    if text != text.upper():
        raise ValueError("Write it in capitals")
    return text.strip("-")


@pytest.mark.parametrize(
    ("field", "text", "clean", "errors"),
    [
        (TextField(label="Family name"), " Quill ", "Quill", []),
        (TextField(label="Family name"), "", None, ["Enter family name"]),
        (TextField(label="NHS number"), "", None, ["Enter NHS number"]),
        (TextField(label="Name", error="Enter the child's name"), " ", None, ["Enter the child's name"]),
        (TextField(label="What is it?"), "", None, ["Enter an answer to “What is it?”"]),
        (TextField(label="Name", required=False), "", "", []),
        (TextField(label="Name", max_length=3), "Quill", None, ["Name must be 3 characters or less"]),
        (TextField(label="Code", validator=upper_only), "-AB-", "AB", []),
        (TextField(label="Code", validator=upper_only), "ab", None, ["Write it in capitals"]),
        (TextField(label="Code", validator=upper_only, required=False), "", "", []),
        (TextareaField(label="Story", max_length=3), "a\r\nb", "a\nb", []),
        (EmailField(), "a@b.example", "a@b.example", []),
        (EmailField(), "a@b", None, ["Enter an email address in the correct format, like name@example.com"]),
        (TelephoneField(), "01632 960 001", "01632 960 001", []),
        (TelephoneField(), "+44 (0)1632-960001 ext 12", "+44 (0)1632-960001 ext 12", []),
        (TelephoneField(), "999", None, ["Enter a phone number, like 01632 960 001 or 07700 900 982"]),
        (TelephoneField(), "call me", None, ["Enter a phone number, like 01632 960 001 or 07700 900 982"]),
        (NumberField(label="Children"), "1,204", 1204, []),
        (NumberField(label="Children"), "two", None, ["Children must be a whole number"]),
        (NumberField(label="Children"), "²", None, ["Children must be a whole number"]),
        (NumberField(label="Children", least=1), "0", None, ["Children must be 1 or more"]),
        (NumberField(label="Children", most=20), "21", None, ["Children must be 20 or fewer"]),
        (NumberField(label="Children", required=False), "", None, []),
        (YesNoField(label="Does the family know?"), "yes", True, []),
        (YesNoField(label="Does the family know?"), "no", False, []),
        (YesNoField(label="Knows?", error="Select whether they know"), "", None, ["Select whether they know"]),
        (YesNoField(label="Knows?", required=False), "", None, []),
        (RadiosField(label="Team", choices=[("n", "North")]), "", None, ["Select team"]),
        (RadiosField(label="Team", choices=[Option("n", "North", "Near the sea")]), "n", "n", []),
        (RadiosField(label="Team", choices=lambda: [("n", "North")]), "n", "n", []),
        (SelectField(label="Team", choices=[("n", "North")]), "n", "n", []),
        (CheckboxField(label="I agree"), "", None, ["Tick the box to say “I agree”"]),
        (CheckboxField(label="I agree"), "yes", True, []),
        (CheckboxField(label="I agree", required=False), "", False, []),
        (HiddenField(), "7", "7", []),
        (NHSNumberField(required=False), "", "", []),
        (PostcodeField(), "EX1 1AA", "EX1 1AA", []),
    ],
)
def test_fields(field: django_forms.Field, text: str, clean: Any, errors: list[str]) -> None:
    assert judged(field, text) == (clean, errors)


def test_an_unknown_choice_is_refused() -> None:
    for kind in (RadiosField, SelectField):
        assert judged(kind(label="Team", choices=[("n", "North")]), "x")[1]


def test_checkboxes_give_a_list() -> None:
    field = CheckboxesField(label="Who helps?", choices=[("s", "School"), ("p", "Police")], required=False)
    assert judged(field, ["s", "p"]) == (["s", "p"], [])


def parts(day: str, month: str, year: str) -> dict[str, str]:
    return {"answer-day": day, "answer-month": month, "answer-year": year}


@pytest.mark.parametrize(
    ("sent", "clean", "error", "wrong"),
    [
        (parts("3", "3", "2015"), date(2015, 3, 3), "", ()),
        (parts(" 03 ", "Mar", "2015"), date(2015, 3, 3), "", ()),
        (parts("1", "SEPT.", "2015"), date(2015, 9, 1), "", ()),
        (parts("29", "february", "2012"), date(2012, 2, 29), "", ()),
        ({"answer": "2015-03-03"}, date(2015, 3, 3), "", ()),
        ({"answer": date(2015, 3, 3)}, date(2015, 3, 3), "", ()),
        ({"answer": datetime(2015, 3, 3, 9, 0)}, date(2015, 3, 3), "", ()),
        ({"answer": "3/3/15"}, None, "Date of birth must be a real date", ("day", "month", "year")),
        ({}, None, "Enter date of birth", ("day", "month", "year")),
        (parts("", "", ""), None, "Enter date of birth", ("day", "month", "year")),
        (parts("3", "3", ""), None, "Date of birth must include a year", ("year",)),
        (parts("", "", "2015"), None, "Date of birth must include a day and month", ("day", "month")),
        (parts("32", "3", "2015"), None, "Date of birth must be a real date", ("day",)),
        (parts("3", "13", "2015"), None, "Date of birth must be a real date", ("month",)),
        (parts("3", "ma", "2015"), None, "Date of birth must be a real date", ("month",)),
        (parts("x", "y", "2015"), None, "Date of birth must be a real date", ("day", "month")),
        (parts("²", "3", "2015"), None, "Date of birth must be a real date", ("day",)),
        (parts("29", "2", "2015"), None, "Date of birth must be a real date", ("day",)),
        (parts("3", "3", "15"), None, "Date of birth must have a year of 4 numbers, for example 2019", ("year",)),
        (parts("3", "3", "0015"), None, "Date of birth must have a year of 4 numbers, for example 2019", ("year",)),
        (parts("9", "9", "2027"), None, "Date of birth must be today or in the past", ("day", "month", "year")),
        (
            parts("1", "1", "1890"), None,
            "Date of birth must be the same as or after 1 January 1900", ("day", "month", "year"),
        ),
    ],
)  # fmt: skip
def test_dates(sent: dict[str, Any], clean: date | None, error: str, wrong: tuple[str, ...]) -> None:
    class OneDate(Form):
        answer = DateField(
            label="Date of birth", earliest=date(1900, 1, 1), latest=date(2026, 11, 22),
            latest_error="Date of birth must be today or in the past",
        )  # fmt: skip

    form = OneDate(sent)
    assert form.is_valid() == (not error)
    assert form.cleaned_data.get("answer") == clean
    html = form["answer"].as_field_group()
    marked = tuple(re.findall(r'input--error"[^>]*name="answer-(\w+)"|id="answer', html))
    classes = {part: f'id="id_answer-{part}"' in html for part in ("day", "month", "year")}
    assert all(classes.values())
    assert tuple(p for p in ("day", "month", "year") if _is_marked(html, p)) == wrong, marked
    if error:
        assert list(form.errors["answer"]) == [error]
        assert f'href="#id_answer-{wrong[0]}"' in form.error_summary()


def _is_marked(html: str, part: str) -> bool:
    tag = re.search(rf'<input[^>]*id="id_answer-{part}"[^>]*>', html)
    return tag is not None and "govuk-input--error" in tag.group()


@given(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6))
def test_no_text_breaks_a_date(day: str, month: str, year: str) -> None:
    value, errors = judged(DateField(label="Date of birth"), parts(day, month, year))
    assert isinstance(value, date) != bool(errors)


@given(st.dates(date(1000, 1, 1)))
def test_every_date_survives_the_boxes(day: date) -> None:
    sent = parts(str(day.day), f"{day:%B}", str(day.year))
    assert judged(DateField(label="Date of birth"), sent) == (day, [])


def test_an_initial_date_fills_the_boxes() -> None:
    class Born(Form):
        born_on = DateField(label="Born")

    html = Born(initial={"born_on": date(2015, 3, 9)})["born_on"].as_field_group()
    assert [re.search(rf'name="born_on-{part}"[^>]*value="(\d+)"', html)[1] for part in ("day", "month", "year")] == [
        "9", "3", "2015",
    ]  # fmt: skip
    assert not Born({"born_on": "2015-03-09"}, initial={"born_on": date(2015, 3, 9)}).has_changed()
    assert Born({"born_on": "2015-03-10"}, initial={"born_on": date(2015, 3, 9)}).has_changed()


class Referral(Form):
    """Questions below questions."""

    family_knows = YesNoField(label="Does the family know?", conditional={"no": "why_not"})
    why_not = RadiosField(
        label="Why not?", choices=[("risk", "It would put somebody at risk"), ("other", "Other")],
        conditional={"other": "other_reason"},
    )  # fmt: skip
    other_reason = TextareaField(label="What is the reason?", max_length=200)
    letter = FileField(label="Letter", required=False, accept=".pdf", most_megabytes=1)


def test_a_question_that_was_not_asked_is_not_required() -> None:
    form = Referral({"family_knows": "yes", "why_not": "nonsense", "other_reason": "left over"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"family_knows": True, "why_not": "", "other_reason": "", "letter": None}


def test_a_question_that_was_asked_is_required() -> None:
    form = Referral({"family_knows": "no", "why_not": "other", "other_reason": ""})
    assert dict(form.errors) == {"other_reason": ["Enter an answer to “What is the reason?”"]}


def test_an_empty_chooser_asks_only_for_itself() -> None:
    assert list(Referral({}).errors) == ["family_knows"]


class Visit(Form):
    """One field under two choices, and two fields under one."""

    outcome = RadiosField(
        label="Outcome", choices=[("seen", "Seen"), ("part", "Partly seen"), ("none", "Not seen")],
        conditional={"seen": ("notes", "child_words"), "part": "notes"},
    )  # fmt: skip
    notes = TextField(label="Notes")
    child_words = TextField(label="What the child said", required=False)


@pytest.mark.parametrize(("outcome", "errors"), [("seen", ["notes"]), ("part", ["notes"]), ("none", [])])
def test_a_field_may_be_under_two_choices(outcome: str, errors: list[str]) -> None:
    assert list(Visit({"outcome": outcome}).errors) == errors


def test_a_revealed_field_is_inside_its_choice_and_nowhere_else() -> None:
    html = str(Referral())
    assert html.count('name="why_not"') == 2  # its two radios
    assert html.count('name="other_reason"') == 1
    assert html.index('id="conditional-id_family_knows-2"') < html.index('name="why_not"')


def test_files() -> None:
    too_big = SimpleUploadedFile("a.pdf", b"x" * (1024 * 1024 + 1))
    form = Referral({"family_knows": "yes"}, {"letter": too_big})
    assert dict(form.errors) == {"letter": ["The selected file must be smaller than 1MB"]}
    assert form.is_multipart()
    assert 'accept=".pdf"' in form["letter"].as_field_group()
    empty = Referral({"family_knows": "yes"}, {"letter": SimpleUploadedFile("a.pdf", b"")})
    assert dict(empty.errors) == {"letter": ["The selected file is empty"]}


def test_markup_ties_label_hint_and_error_to_the_control() -> None:
    class Named(Form):
        family_name = TextField(label="Family name", hint="As on official letters", width=20, spellcheck=False)

    html = Named({"family_name": ""})["family_name"].as_field_group()
    assert '<label class="govuk-label govuk-label--s" for="id_family_name">' in html
    assert 'id="id_family_name-hint"' in html
    assert 'id="id_family_name-error"' in html
    assert 'aria-describedby="id_family_name-hint id_family_name-error"' in html
    assert 'spellcheck="false"' in html
    assert 'autocomplete="off"' in html
    assert "govuk-input--width-20" in html


def test_a_question_page_has_the_label_as_its_heading() -> None:
    assert re.search(r'<h1 class="govuk-label-wrapper">', Visit()["notes"].as_question())
    assert re.search(r'<h1 class="govuk-fieldset__heading">', Visit()["outcome"].as_question())
    assert "<h1" not in Visit()["notes"].as_field_group()


def test_optional_fields_say_so_unless_they_are_revealed() -> None:
    assert "Letter (optional)" in Referral()["letter"].as_field_group()
    assert "(optional)" not in Visit()["child_words"].as_field_group()


@pytest.mark.parametrize("text", ['<script>alert("x")</script>', "a & b", "O'Neill “Bé”", "</textarea><b>"])
def test_what_people_type_is_escaped(text: str) -> None:
    class Both(Form):
        line = TextField(label="Line")
        story = TextareaField(label="Story")
        pick = RadiosField(label=text, choices=[("a", text)], hint=text, error=text)

    form = Both({"line": text, "story": text})
    for html in (str(form), form.error_summary()):
        assert "<script" not in html
        assert "<b>" not in html
    assert "&lt;" in str(form) or "<" not in text


def test_lines_survive_being_shown_again_inside_another_question() -> None:
    story = "One\n\n  indented\nlast"
    form = Referral({"family_knows": "no", "why_not": "other", "other_reason": story.replace("\n", "\r\n")})
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", str(form), re.DOTALL)
    assert shown is not None
    assert shown[1].replace("&#10;", "\n") == story


def test_an_empty_text_area_is_empty() -> None:
    assert re.search(r"<textarea[^>]*></textarea>", Referral()["other_reason"].as_field_group())


def test_hidden_fields_render_plainly() -> None:
    class Versioned(Form):
        version = HiddenField()

    assert Versioned(initial={"version": 4})["version"].as_field_group() == (
        '<input type="hidden" id="id_version" name="version" value="4">'
    )
    assert 'href="' not in Versioned({}).error_summary()


def test_options_may_be_set_by_the_form() -> None:
    form = Visit()
    form.fields["outcome"].set_options([Option("x", "Extra", "Rarely used")])
    html = form["outcome"].as_field_group()
    assert "Rarely used" in html
    assert "Partly" not in html
    assert "Rarely used" not in str(Visit()["outcome"].as_field_group())


def test_a_select_starts_with_nothing_chosen() -> None:
    class Pick(Form):
        team = SelectField(label="Team", choices=[("n", "North"), ("s", "South")])

    assert re.search(r'<option value="" selected>Choose one</option>', Pick()["team"].as_field_group())
    assert re.search(r'<option value="s" selected>', Pick(initial={"team": "s"})["team"].as_field_group())


def test_the_summary_is_empty_until_something_is_wrong() -> None:
    assert Referral().error_summary() == ""
    assert error_summary(Referral({"family_knows": "yes"})) == ""


def test_a_refusal_shows_at_its_field_or_at_the_top() -> None:
    form = Visit({"outcome": "none"})
    form.refuse(Refused("Visits cannot be in the future.", field="outcome"))
    form.refuse(Refused("The case is closed.", rule="CW-1"))
    assert 'href="#id_outcome"' in form.error_summary()
    assert "The case is closed." in form.error_summary()
    assert "Visits cannot be in the future." in form["outcome"].as_field_group()


def test_django_forms_have_a_summary_too() -> None:
    class Plain(django_forms.Form):
        login = django_forms.EmailField()

    assert 'href="#id_login"' in error_summary(Plain({"login": ""}))


class Child(Form):
    """One child."""

    name = TextField(label="Name")
    born_on = DateField(label="Date of birth", required=False)
    needs = CheckboxesField(label="Needs", required=False, choices=[("a", "A"), ("b", "B")])


def group_data(count: int, **fields: Any) -> QueryDict:
    data = QueryDict(mutable=True)
    data["children-count"] = str(count)
    for name, value in fields.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return data


def test_a_group_starts_with_the_least() -> None:
    group = Child.stack("children", noun="child", least=2)
    assert len(group) == 2
    assert not group.is_valid()
    assert "Child 2" in str(group)
    assert "Remove" not in str(group)
    assert "Add another child" in str(group)


def test_a_group_can_be_filled_from_what_is_known() -> None:
    group = Child.stack("children", initial=[{"name": "Marigold"}, {"name": "Bryony"}], noun="child")
    assert [item["name"].value() for item in group] == ["Marigold", "Bryony"]


def test_adding_keeps_what_was_typed_and_judges_nothing() -> None:
    data = group_data(1, children__0__name="", **{"children-0-born_on-day": "3", "children-add": "1"})
    group = Child.stack("children", data, noun="child")
    assert group.is_changing
    assert not group.is_valid()
    assert len(group) == 2
    assert group.error_summary() == ""
    assert re.search(r'name="children-0-born_on-day"[^>]*value="3"', str(group))


def test_removing_moves_the_later_ones_up() -> None:
    data = group_data(
        3, children__0__name="A", children__1__name="B", children__2__name="C", children__2__needs=["a", "b"],
        **{"children-remove": "1"},
    )  # fmt: skip
    group = Child.stack("children", data, noun="child")
    assert [item["name"].value() for item in group] == ["A", "C"]
    assert group.items[1]["needs"].value() == ["a", "b"]


@pytest.mark.parametrize("sent", ["0", "-1", "x", "", "99999", "²"])
def test_a_strange_count_is_harmless(sent: str) -> None:
    group = Child.stack("children", {"children-count": sent, "children-0-name": "A"}, most=3)
    assert 1 <= len(group) <= 3


def test_a_group_stays_within_its_limits() -> None:
    full = Child.stack("children", group_data(3, **{"children-add": "1"}), most=3)
    assert len(full) == 3
    assert "Add another" not in str(full)
    last = Child.stack("children", group_data(1, **{"children-remove": "0"}))
    assert len(last) == 1


def test_empty_extra_items_are_skipped_and_others_judged() -> None:
    group = Child.stack("children", group_data(3, children__0__name="A", children__2__name="C"))
    assert group.is_valid()
    assert [one["name"] for one in group.cleaned] == ["A", "C"]
    wrong = Child.stack("children", group_data(2, children__1__needs="a"), noun="child")
    assert not wrong.is_valid()
    summary = error_summary(wrong)
    assert "Child 1: Enter name" in summary
    assert "Child 2: Enter name" in summary
    assert 'href="#id_children-1-name"' in summary


def test_a_conflict_page_becomes_an_ordinary_form_again() -> None:
    data = QueryDict("version=4&a=mine&theirs-a=yours&choice-a=theirs&b=kept&theirs-b=other&choice-b=yours")
    resolved = resolve_conflict(data)
    assert (resolved["a"], resolved["b"], resolved["version"]) == ("yours", "kept", "4")


@given(st.text(max_size=200))
def test_no_text_breaks_a_form(text: str) -> None:
    form = Referral({"family_knows": "no", "why_not": "other", "other_reason": text})
    form.is_valid()
    assert "<textarea" in str(form)
