"""The questions of the front door: what they need, what they leave out, and what they make of the answers."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from django.http import QueryDict

from joinedup.core.errors import Refused
from joinedup.core.formats import LONDON
from joinedup.core.forms import DateField
from joinedup.front_door.codes import Answer, Channel
from joinedup.front_door.forms.answers import help_contact, help_sections, referral_contact, referral_sections
from joinedup.front_door.forms.ask import AskForHelpForm
from joinedup.front_door.forms.inboxes import TurnForm, _time_of_day
from joinedup.front_door.forms.refer import ReferralPage
from joinedup.front_door.forms.triage import AgreementForm, DecisionForm, RatingForm

TODAY = date(2026, 11, 18)
WHOLE = {
    "danger": "no",
    "about": "help",
    "children-count": "1",
    "children-0-given_name": "Rowan",
    "children-0-family_name": "Testerfield",
    "carers-count": "1",
    "worry": "Rowan comes to school hungry.\nThree days running.",
    "knows": "yes",
    "agrees": "yes",
}


def data(**changes: str) -> QueryDict:
    told = QueryDict(mutable=True)
    told.update({name.replace("__", "-"): value for name, value in (WHOLE | changes).items()})
    return told


def page(is_call: bool = False, **changes: str) -> ReferralPage:
    return ReferralPage(data(**changes), today=TODAY, is_call=is_call)


class TestReferral:
    def test_a_school_is_asked_at_most_twenty_questions(self) -> None:
        blank = ReferralPage(None, today=TODAY, is_call=False)
        forms = [blank.form, *blank.children, *blank.carers]
        # First and last name are two boxes of one question.
        asked = [field.name for form in forms for field in form.groups() if field.name != "family_name"]
        assert len(asked) <= 20

    def test_whole(self) -> None:
        sent = page()
        assert sent.is_valid(), sent.error_summary()
        contact = referral_contact(sent, key="once")
        assert (contact.channel, contact.family_knows, contact.family_agrees) == (Channel.FORM, Answer.YES, Answer.YES)
        assert [person.given_name for person in contact.people] == ["Rowan"]
        assert contact.worry == "Rowan comes to school hungry.\nThree days running."
        assert contact.idempotency_key == "once"
        assert sent.stands(contact)

    def test_danger_needs_only_a_name_and_a_worry(self) -> None:
        sent = page(danger="yes", about="", knows="", agrees="", **{"children-0-family_name": ""})
        assert sent.is_valid(), sent.error_summary()
        contact = referral_contact(sent, key="")
        assert contact.is_immediate_danger
        assert contact.is_safeguarding_concern
        assert sent.stands(contact)

    def test_danger_needs_some_way_to_find_the_child(self) -> None:
        nobody = {"children-0-given_name": "", "children-0-family_name": ""}
        assert not page(danger="yes", **nobody).is_valid()
        assert page(danger="yes", **nobody, **{"children-0-address": "3 Example Row"}).is_valid()

    def test_all_that_is_missing_is_said_at_once(self) -> None:
        empty = QueryDict("children-count=1&carers-count=1")
        sent = ReferralPage(empty, today=TODAY, is_call=True)
        assert not sent.is_valid()
        said = str(sent.error_summary())
        for sentence in (
            "Select whether a child is in danger now",
            "Select what this is about",
            "Enter the child’s name",
            "Enter what you are worried about",
            "Select whether the family knows",
            "Select who is calling",
        ):
            assert sentence in said

    def test_nothing_is_judged_while_a_child_is_added(self) -> None:
        sent = page(worry="", knows="", **{"children-add": "1"})
        assert sent.is_changing
        assert not sent.error_summary()
        assert not sent.has_errors
        assert "Enter what you are worried about" not in str(sent.form)
        assert len(sent.children) == 2

    def test_a_date_to_come_is_when_a_baby_is_expected(self) -> None:
        born = {"children-0-born_on-day": "3", "children-0-born_on-month": "4", "children-0-born_on-year": "2027"}
        sent = page(**born)
        assert sent.is_valid()
        (child,) = referral_contact(sent, key="").people
        assert (child.birth_date, child.expected_on) == (None, date(2027, 4, 3))

    def test_a_baby_has_no_name_yet(self) -> None:
        born = {"children-0-born_on-day": "3", "children-0-born_on-month": "4", "children-0-born_on-year": "2027"}
        assert page(**born, **{"children-0-given_name": "", "children-0-family_name": ""}).is_valid()

    def test_a_date_too_far_ahead_is_a_slip(self) -> None:
        born = {"children-0-born_on-day": "3", "children-0-born_on-month": "4", "children-0-born_on-year": "2029"}
        assert not page(**born).is_valid()

    @pytest.mark.parametrize(
        ("typed", "numbers"),
        [("943 476 5919", ("9434765919", "")), ("B801200005001", ("", "B801200005001")), ("", ("", ""))],
    )
    def test_one_box_takes_either_number(self, typed: str, numbers: tuple[str, str]) -> None:
        sent = page(**{"children-0-number": typed})
        assert sent.is_valid(), sent.error_summary()
        (child,) = referral_contact(sent, key="").people
        assert (child.nhs_number, child.upn) == numbers

    def test_a_wrong_number_says_what_is_wrong(self) -> None:
        sent = page(**{"children-0-number": "943 476 5918"})
        assert not sent.is_valid()
        assert "943 476 5918" in str(sent.children)

    def test_no_fixed_address(self) -> None:
        sent = page(**{"children-0-address": "No fixed address."})
        assert sent.is_valid()
        (child,) = referral_contact(sent, key="").people
        assert child.is_no_fixed_address
        assert not child.address

    def test_an_empty_carer_is_left_out(self) -> None:
        sent = page(**{"carers-0-given_name": "Ash", "carers-0-relationship": "mother", "carers-count": "2"})
        assert sent.is_valid()
        assert [person.part for person in referral_contact(sent, key="").people] == ["child", "parent"]

    def test_a_no_needs_its_reason(self) -> None:
        assert not page(knows="no").is_valid()
        sent = page(knows="no", why_not_told="It could put Rowan at risk.", why_not_agreed="left over")
        assert sent.is_valid()
        contact = referral_contact(sent, key="")
        assert (contact.family_knows, contact.family_agrees) == (Answer.NO, Answer.NOT_ASKED)
        assert contact.agreement_reason == "It could put Rowan at risk."

    @pytest.mark.parametrize(
        ("told", "how", "details"),
        [
            ({"reach": "usual", "usual_phone": "01632 960 001"}, "phone", "01632 960 001"),
            ({"reach": "usual"}, "", ""),
            ({"reach": "unknown", "usual_phone": "01632 960 001"}, "", ""),
            ({"reach": ""}, "", ""),
            ({"reach": "some", "safe_how": "text", "safe_details": "07700 900 001"}, "text", "07700 900 001"),
        ],
    )
    def test_nothing_is_assumed_safe(self, told: dict[str, str], how: str, details: str) -> None:
        sent = page(**told)
        assert sent.is_valid(), sent.error_summary()
        contact = referral_contact(sent, key="")
        assert (contact.safe_contact_how, contact.safe_contact_details) == (how, details)

    def test_the_front_doors_own_rules_are_shown_at_their_question(self) -> None:
        sent = page(reach="some", safe_how="text")
        assert sent.is_valid()
        assert not sent.stands(referral_contact(sent, key=""))
        assert "safe_details" in sent.form.errors

    def test_a_worry_about_staff_is_no_safeguarding_concern_of_the_child(self) -> None:
        sent = page(about="staff")
        assert sent.is_valid()
        contact = referral_contact(sent, key="")
        assert contact.is_about_staff_member
        assert not contact.is_safeguarding_concern

    def test_a_call_is_asked_who_is_calling(self) -> None:
        assert not page(is_call=True).is_valid()
        sent = page(is_call=True, source_code="1A", referrer_name="Nan Testerfield", referrer_role="grandmother")
        assert sent.is_valid()
        contact = referral_contact(sent, key="")
        assert (contact.channel, contact.source_code) == (Channel.PHONE, "1A")
        assert contact.relationship_to_child == "grandmother"

    def test_somebody_anonymous_is_never_named(self) -> None:
        assert not page(is_call=True, source_code="9", referrer_name="Nan").is_valid()
        sent = page(is_call=True, source_code="9")
        assert sent.is_valid()
        assert referral_contact(sent, key="").is_anonymous

    def test_a_refusal_is_shown_where_it_belongs(self) -> None:
        sent = page()
        assert sent.is_valid()
        faults = [{"field": "people.0.birth_date", "sentence": "Too early."}, {"field": "odd", "sentence": "Odd."}]
        sent.refuse(Refused("Too early.", extra={"faults": faults}))
        assert sent.children.items[0].errors["born_on"] == ["Too early."]
        assert sent.form.non_field_errors() == ["Odd."]

    def test_the_check_page_leads_back_to_each_question(self) -> None:
        sent = page(knows="no", why_not_told="A reason")
        assert sent.is_valid()
        sections = referral_sections(sent, back="/form/")
        rows = [row for section in sections for row in section["rows"]]
        assert all(row["href"].startswith("/form/#") for row in rows)
        assert [row["value"] for row in rows if row["label"] == "Why have they not been told?"] == ["A reason"]
        assert "Which way is safe?" not in [row["label"] for row in rows]


ASKED = {
    "who": "my_child", "child_given_name": "Rowan", "danger": "no", "worry": "Rowan does not sleep.",
    "given_name": "Ash", "how": "text", "mobile": "07700 900 123",
}  # fmt: skip


def asked(**changes: str) -> AskForHelpForm:
    return AskForHelpForm(QueryDict("", mutable=True) | (ASKED | changes), today=TODAY)


class TestAskingForHelp:
    def test_a_parent(self) -> None:
        form = asked(not_through="My ex")
        assert form.is_valid(), form.errors
        contact = help_contact(form, key="")
        assert (contact.channel, contact.source_code) == (Channel.PUBLIC, "1A")
        assert [(person.part, person.given_name) for person in contact.people] == [
            ("child", "Rowan"),
            ("parent", "Ash"),
        ]
        assert (contact.safe_contact_how, contact.safe_contact_details) == ("text", "07700 900 123")
        assert contact.safe_contact_not_through == "My ex"
        assert contact.family_agrees == Answer.YES

    def test_a_young_person(self) -> None:
        form = asked(who="me", given_name="Rowan", how="through", trusted="Miss Example at school")
        assert form.is_valid(), form.errors
        contact = help_contact(form, key="")
        assert contact.source_code == "1C"
        assert [(person.part, person.given_name) for person in contact.people] == [("child", "Rowan")]
        assert contact.referrer_phone == ""

    def test_for_somebody_else_the_family_has_not_agreed(self) -> None:
        form = asked(who="other", other_given_name="Poppy")
        assert form.is_valid(), form.errors
        contact = help_contact(form, key="")
        assert contact.family_knows == Answer.NOT_ASKED
        assert [person.given_name for person in contact.people] == ["Poppy"]

    def test_the_safe_way_needs_its_number(self) -> None:
        form = asked(how="phone", mobile="07700 900 123")
        assert not form.is_valid()
        assert list(form.errors) == ["phone"]

    def test_the_hidden_box_loses_nothing(self) -> None:
        form = asked(leave_empty="http://spam.example")
        assert not form.is_valid()
        assert form["worry"].value() == "Rowan does not sleep."
        assert form["leave_empty"].value() == ""

    def test_said_back(self) -> None:
        form = asked()
        assert form.is_valid()
        rows = [row for section in help_sections(form, back="/ask/") for row in section["rows"]]
        said = {row["label"]: row["value"] for row in rows}
        assert said["Who needs help?"] == "My child"
        assert said["Mobile number"] == "07700 900 123"
        assert "Leave this box empty" not in said


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("9", time(9)),
        ("9am", time(9)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("17:30", time(17, 30)),
        ("5.15pm", time(17, 15)),
    ],
)
def test_times_of_day(typed: str, at: time) -> None:
    assert _time_of_day(typed) == at


@pytest.mark.parametrize("typed", ["25", "13pm", "9:75", "noon", "-1"])
def test_no_times_of_day(typed: str) -> None:
    with pytest.raises(ValueError, match="Enter a time"):
        _time_of_day(typed)


def turn(**changes: str) -> TurnForm:
    told = {
        "post": "a", "starts_on": "2026-11-18", "starts_at": "9am", "ends_on": "2026-11-18", "ends_at": "5pm"
    }  # fmt: skip
    form = TurnForm(told | changes)
    form.offer([("a", "Amira Testerly")])
    return form


def test_a_turn_on_duty() -> None:
    form = turn()
    assert form.is_valid(), form.errors
    assert form.starts == datetime(2026, 11, 18, 9, tzinfo=LONDON)
    assert not turn(ends_at="9am").is_valid()


def test_a_new_rating_needs_no_reason_a_changed_one_does() -> None:
    choices = [("red", "Red")]
    assert RatingForm({"rating": "red"}, ratings=choices, is_rated=False).is_valid()
    assert not RatingForm({"rating": "red"}, ratings=choices, is_rated=True).is_valid()


def test_what_somebody_else_changed_is_shown_beside_ones_own() -> None:
    form = RatingForm(QueryDict("rating=red&version=3"), ratings=[("red", "Red")], is_rated=False)
    assert form.is_valid()
    assert form.seen_version == 3
    form.refuse(Refused("Changed.", extra={"theirs": {"rating": "blue"}, "yours": {"rating": "red"}}))
    form.look_again(4)
    assert form.conflict["theirs"] == {"rating": "blue"}
    assert form["version"].value() == "4"
    assert form["rating"].value() == "red"


def test_agreement() -> None:
    form = AgreementForm({"knows": "no", "why_not_told": "Risk", "agrees": "yes"})
    assert form.is_valid(), form.errors
    assert form.told() == {"knows": Answer.NO, "agrees": Answer.NOT_ASKED, "reason": "Risk"}
    assert form.asked_as("agreement_reason") == "why_not_told"


def decision(told: dict[str, Any], *, forced: bool = False) -> DecisionForm:
    whole = {"level": "2", "outcome": "early_help", "reason": "A reason"} | told
    return DecisionForm(whole, agencies={"1": "Exampleshire Council"}, look_back="3 contacts", must_look_back=forced)


@pytest.mark.parametrize(
    ("told", "missing"),
    [
        ({}, []),
        ({"outcome": "advice"}, ["advice_given"]),
        ({"outcome": "single_agency"}, ["agency"]),
        ({"outcome": "single_agency", "agency": "1"}, []),
        ({"outcome": "no_further_action"}, ["look_back"]),
        ({"outcome": "no_further_action", "look_back": "Nothing new."}, []),
    ],
)
def test_an_outcome_asks_for_what_it_needs(told: dict[str, Any], missing: list[str]) -> None:
    form = decision(told, forced=True)
    form.is_valid()
    assert list(form.errors) == missing


def test_birth_dates_stop_at_today() -> None:
    field = asked().fields["born_on"]
    assert isinstance(field, DateField)
    assert field.latest == TODAY
