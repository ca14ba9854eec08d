from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from itertools import product
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from joinedup.engines.periods import Clock, ClockKind
from joinedup.front_door import intake, placing, rules, telling
from joinedup.front_door.codes import (
    OUTCOME_LABELS,
    REFERRAL_SOURCES,
    WAYS_TO_TELL,
    Answer,
    Channel,
    MayBeTold,
    Outcome,
)
from joinedup.front_door.intake import NewContact, NewContactPerson, as_kept, faults, tidied
from joinedup.front_door.placing import Home, Placed, TeamLoad, advise, place
from joinedup.front_door.telling import Reach, Told, kind_of_referrer, ways_to_tell, what_may_be_told, words_for

LONDON = ZoneInfo("Europe/London")
TODAY = date(2026, 11, 18)
CHILD = NewContactPerson(given_name="Rowan", family_name="Testerfield")
GOOD = NewContact(channel=Channel.FORM, worry="Comes to school hungry.", people=(CHILD,))
CALL = replace(GOOD, channel=Channel.PHONE, source_code="2A", referrer_name="Ash Testerly")
PUBLIC = replace(
    GOOD, channel=Channel.PUBLIC, source_code="1C", safe_contact_how="phone", safe_contact_details="07700 900123"
)


def codes(contact: NewContact) -> list[tuple[str, str]]:
    return [(fault.rule, fault.field) for fault in faults(contact, on=TODAY)]


# --- What may come in.


@pytest.mark.parametrize("contact", [GOOD, CALL, PUBLIC])
def test_a_good_contact_has_no_faults(contact: NewContact) -> None:
    assert codes(contact) == []


def person(**facts: object) -> NewContact:
    return replace(GOOD, people=(replace(CHILD, **facts),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        (replace(GOOD, worry="  "), [("FD-1", "worry")]),
        (replace(GOOD, people=()), [("FD-2", "people")]),
        (replace(GOOD, people=(), is_about_staff_member=True), []),
        (replace(GOOD, people=(NewContactPerson(school="Testerfield School"),)), [("FD-2", "people")]),
        (replace(GOOD, people=(NewContactPerson(postcode="ZZ1 1AA"),)), []),
        (replace(CALL, referrer_name=""), [("FD-3", "referrer_name")]),
        (replace(CALL, referrer_name="", is_anonymous=True, source_code="9"), []),
        (replace(CALL, is_anonymous=True), [("FD-5", "is_anonymous")]),
        (replace(GOOD, is_anonymous=True), [("FD-5", "is_anonymous")]),
        (replace(CALL, source_code=""), [("FD-4", "source_code")]),
        (replace(CALL, source_code="ZZ"), [("FD-4", "source_code")]),
        (person(birth_date=TODAY), []),
        (person(birth_date=TODAY + timedelta(days=1)), [("FD-6", "people.0.birth_date")]),
        (person(expected_on=TODAY + timedelta(days=310)), []),
        (person(expected_on=TODAY + timedelta(days=311)), [("FD-7", "people.0.expected_on")]),
        (person(expected_on=TODAY, birth_date=TODAY), [("FD-7", "people.0.expected_on")]),
        (person(nhs_number="999 000 0027"), [("FD-8", "people.0.nhs_number")]),
        (person(postcode="nowhere"), [("FD-8", "people.0.postcode")]),
        (person(part="dog"), [("FD-11", "people.0.part")]),
        (person(sex="X"), [("FD-11", "people.0.sex")]),
        (person(given_name="a" * 101), [("FD-12", "people.0.given_name")]),
        (replace(GOOD, need_code="N99"), [("FD-11", "need_code")]),
        (replace(GOOD, family_agrees=Answer.NO), [("FD-9", "agreement_reason")]),
        (replace(GOOD, family_knows=Answer.NO, agreement_reason="It would put Rowan at risk."), []),
        (replace(GOOD, family_knows=Answer.NO, family_agrees=Answer.YES), [("FD-19", "family_agrees")]),
        (replace(PUBLIC, safe_contact_how=""), [("FD-10", "safe_contact_how")]),
        (replace(PUBLIC, safe_contact_details=""), [("FD-10", "safe_contact_details")]),
        (replace(PUBLIC, safe_contact_how="pigeon"), [("FD-11", "safe_contact_how")]),
        (replace(PUBLIC, people=()), []),
        (replace(GOOD, worry="a" * 20_001), [("FD-12", "worry")]),
    ],
)
def test_every_fault_of_a_contact(contact: NewContact, expected: list[tuple[str, str]]) -> None:
    assert codes(contact) == expected


def test_all_faults_are_returned_at_once() -> None:
    wrong = NewContact(channel=Channel.PHONE, family_agrees=Answer.NO)
    assert [rule for rule, _ in codes(wrong)] == ["FD-1", "FD-2", "FD-3", "FD-4", "FD-9"]


def test_danger_waits_for_nothing_but_the_worry_and_a_way_to_find_the_child() -> None:
    messy = NewContact(
        channel=Channel.PHONE,
        worry="He is hurting them now.",
        people=(NewContactPerson(phone="07700 900123", nhs_number="1" * 30, part="neighbour", sex="?"),),
        is_immediate_danger=True,
        source_code="unknown",
        referrer_name="a" * 300,
        family_agrees=Answer.NO,
    )
    assert codes(messy) == []
    assert codes(replace(messy, people=())) == [("FD-2", "people")]
    kept = as_kept(messy)
    assert (kept.source_code, len(kept.referrer_name), kept.people[0].nhs_number) == ("", 120, "")
    assert (kept.people[0].part, kept.people[0].sex) == ("other", "U")
    assert kept.as_supplied["people"][0]["nhs_number"] == "1" * 30
    assert as_kept(GOOD) == GOOD


def test_tidying_changes_form_and_never_words() -> None:
    typed = replace(
        GOOD,
        worry=" Hungry\x00 \n",
        as_supplied={"note": ["a\x00b"]},
        people=(replace(CHILD, postcode="zz11aa", nhs_number="999 000 0026", upn="not one"),),
    )
    tidy = tidied(typed)
    assert (tidy.worry, tidy.as_supplied) == ("Hungry", {"note": ["ab"]})
    assert (tidy.people[0].postcode, tidy.people[0].nhs_number, tidy.people[0].upn) == (
        "ZZ1 1AA", "9990000026", "not one",
    )  # fmt: skip


def test_every_text_of_a_contact_has_a_limit() -> None:
    texts = {each.name for each in fields(NewContact) if each.type == "str"}
    assert texts == set(intake.MOST)
    assert {each.name for each in fields(NewContactPerson) if each.type == "str"} == set(intake.MOST_OF_A_PERSON)


@pytest.mark.parametrize(("knows", "agrees", "reason"), list(product(Answer, Answer, ["", "why"])))
def test_knowing_and_agreeing(knows: Answer, agrees: Answer, reason: str) -> None:
    fault = rules.agreement_fault(knows, agrees, reason)
    if (knows, agrees) == (Answer.NO, Answer.YES):
        assert fault is rules.ANSWERS_GO_TOGETHER
    elif Answer.NO in (knows, agrees) and not reason:
        assert fault is rules.REASON_FOR_NO
    else:
        assert fault is None


# --- Clocks.


@pytest.mark.parametrize(
    ("received", "clock", "due"),
    [
        # One working day, from a Wednesday morning; from a Friday evening over a weekend; over Easter 2026.
        ((2026, 11, 18, 10), Clock(ClockKind.WORKING_DAYS, 1), (2026, 11, 19, 17)),
        ((2026, 11, 20, 18), Clock(ClockKind.WORKING_DAYS, 1), (2026, 11, 24, 17)),
        ((2026, 4, 2, 16), Clock(ClockKind.WORKING_DAYS, 1), (2026, 4, 7, 17)),
        # Red in clock hours: past closing time, over a weekend, and over the night the clocks go back.
        ((2026, 11, 20, 16), Clock(ClockKind.CLOCK_HOURS, 4), (2026, 11, 20, 20)),
        ((2026, 11, 21, 23), Clock(ClockKind.CLOCK_HOURS, 4), (2026, 11, 22, 3)),
        ((2026, 10, 25, 0), Clock(ClockKind.CLOCK_HOURS, 4), (2026, 10, 25, 3)),
        ((2026, 11, 20, 16), Clock(ClockKind.WORKING_HOURS, 4), (2026, 11, 23, 12)),
        # No limit of its own: the default clock, so that nothing waits for ever.
        ((2026, 11, 18, 10), Clock(ClockKind.NONE), (2026, 11, 19, 17)),
    ],
)
def test_when_a_referral_must_be_decided(received: tuple[int, ...], clock: Clock, due: tuple[int, ...]) -> None:
    assert rules.decide_by(datetime(*received, tzinfo=LONDON), clock) == datetime(*due, tzinfo=LONDON)  # type: ignore[misc]


# --- Deciding.

ASKED = rules.Question(outcome=Outcome.EARLY_HELP, level=2, reason="Hungry.", family_agrees=Answer.YES)


@pytest.mark.parametrize(("outcome", "level", "concern"), list(product(Outcome, [1, 2, 3, 4, None], [True, False])))
def test_what_needs_two_people(outcome: Outcome, level: int | None, concern: bool) -> None:
    needs = rules.needs_two_people(outcome, level, is_safeguarding_concern=concern)
    assert needs == (level == 4 or outcome == "statutory" or (outcome == "no_further_action" and concern))


@pytest.mark.parametrize(("outcome", "level"), list(product(Outcome, [0, 1, 2, 3, 4, 5, None])))
def test_level_four_is_statutory_and_only_that(outcome: Outcome, level: int | None) -> None:
    found = rules.decision_faults(replace(ASKED, outcome=outcome, level=level, has_agency=True, advice_given="Yes."))
    if level not in (1, 2, 3, 4):
        expected = ["FD-32"]
    else:
        expected = ["FD-35"] if (level == 4) != (outcome == Outcome.STATUTORY) else []
    assert [fault.rule for fault in found] == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (ASKED, []),
        (replace(ASKED, reason=" "), [("FD-32", "reason")]),
        (replace(ASKED, family_agrees=Answer.NO), [("FD-33", "outcome")]),
        (replace(ASKED, family_agrees=Answer.NOT_ASKED), [("FD-33", "outcome")]),
        (replace(ASKED, family_agrees=Answer.NO, agreement_reason="Too dangerous to ask."), []),
        (replace(ASKED, outcome=Outcome.FAMILY_SUPPORT, family_agrees=Answer.NO), [("FD-33", "outcome")]),
        (replace(ASKED, outcome=Outcome.ADVICE, family_agrees=Answer.NO, advice_given="Breakfast club."), []),
        (replace(ASKED, outcome=Outcome.ADVICE), [("FD-36", "advice_given")]),
        (replace(ASKED, outcome=Outcome.SINGLE_AGENCY), [("FD-34", "agency")]),
        (replace(ASKED, outcome=Outcome.SINGLE_AGENCY, has_agency=True), []),
        (replace(ASKED, outcome=Outcome.NO_FURTHER_ACTION, earlier_contacts=2), []),
        (replace(ASKED, outcome=Outcome.NO_FURTHER_ACTION, earlier_contacts=3), [("FD-37", "look_back")]),
        (replace(ASKED, outcome=Outcome.NO_FURTHER_ACTION, earlier_contacts=3, look_back="All school."), []),
        (replace(ASKED, outcome=Outcome.EARLY_HELP, earlier_contacts=9), []),
        (replace(ASKED, unsearched=("Rowan",)), [("FD-38", "outcome")]),
        (replace(ASKED, outcome=Outcome.STATUTORY, level=4, unsearched=("Rowan",)), []),
    ],
)
def test_what_stops_a_decision(asked: rules.Question, expected: list[tuple[str, str]]) -> None:
    assert [(fault.rule, fault.field) for fault in rules.decision_faults(asked)] == expected


def test_the_sentence_names_those_not_searched_for() -> None:
    fault = rules.decision_faults(replace(ASKED, unsearched=("Ada", "Ben", "Cy")))[0]
    assert "Ada, Ben and Cy are not searched for yet" in fault.sentence


def test_rules_have_codes_sentences_and_sources_of_their_own() -> None:
    assert len({rule.code for rule in rules.RULES}) == len(rules.RULES)
    assert all(rule.sentence and rule.source for rule in rules.RULES)
    assert all(not rule.is_verified for rule in rules.RULES if "Working Together" in rule.source)


# --- Telling the referrer.


@pytest.mark.parametrize(
    ("source", "relationship", "anonymous", "kind"),
    [
        ("1A", "grandparent", False, "relative"),
        ("1A", "Mother", False, "self"),
        ("1A", "parent or carer", False, "self"),
        ("1B", "neighbour", False, "relative"),
        ("1C", "", False, "self"),
        ("1D", "", False, "relative"),
        ("9", "", False, "anonymous"),
        ("2A", "", True, "anonymous"),
        ("10", "", False, "relative"),
        ("", "", False, "relative"),
        *(
            (code, "", False, "professional")
            for code in REFERRAL_SOURCES
            if code not in {"1A", "1B", "1C", "1D", "9", "10"}
        ),
    ],
)
def test_what_kind_of_referrer_somebody_is(source: str, relationship: str, anonymous: bool, kind: str) -> None:
    assert kind_of_referrer(source, relationship, is_anonymous=anonymous) == kind


@pytest.mark.parametrize(
    ("kind", "reachable", "may"),
    [
        ("professional", True, MayBeTold.DECISION),
        ("self", True, MayBeTold.DECISION),
        ("relative", True, MayBeTold.RECEIPT),
        ("relative", False, MayBeTold.RECEIPT),
        ("anonymous", True, MayBeTold.RECEIPT),
        ("anonymous", False, MayBeTold.NOTHING),
    ],
)
def test_what_each_kind_may_be_told(kind: str, reachable: bool, may: MayBeTold) -> None:
    assert what_may_be_told(kind, can_be_reached=reachable)[0] == may


@pytest.mark.parametrize(
    ("reach", "ways", "address"),
    [
        (Reach("professional", "01632 960001", "a@school.example", sees_screen=True), ("email", "phone", "letter", "on_screen"), "a@school.example"),
        (Reach("professional"), ("phone", "letter"), ""),
        (Reach("self", "01632 960001", "a@home.example", "phone", "01632 960009"), ("phone",), ""),
        (Reach("self", "", "a@home.example", "email", "safe@home.example"), ("email",), "safe@home.example"),
        (Reach("self", "01632 960001", "a@home.example", "none"), (), ""),
        (Reach("self", "01632 960001", "a@home.example"), ("email", "phone"), "a@home.example"),
        (Reach("self", safe_how="through", safe_details="Aunt"), ("through",), ""),
    ],
)  # fmt: skip
def test_only_safe_ways_are_used(reach: Reach, ways: tuple[str, ...], address: str) -> None:
    assert ways_to_tell(reach) == ways
    assert set(ways) <= set(WAYS_TO_TELL)
    assert telling.address_for(reach) == address


@pytest.mark.parametrize("outcome", ["", *Outcome])
def test_words_for_every_outcome_and_kind(outcome: str) -> None:
    told = Told("R-2345-6789", datetime(2026, 11, 18, 10, tzinfo=LONDON), outcome, 2 if outcome else None, "North team")
    _, professional = words_for("professional", told)
    assert "R-2345-6789" in professional
    assert not outcome or OUTCOME_LABELS[Outcome(outcome)].lower() in professional
    _, own = words_for("self", told)
    assert "Level" not in own
    for kind in ("relative", "anonymous"):
        _, receipt = words_for(kind, told)
        assert "North team" not in receipt
        assert receipt == words_for(kind, replace(told, outcome=""))[1]


# --- Placing and allocating.

NORTH_HOME = Home("1 Example Row", "NORTH", "North")
SOUTH_HOME = Home("2 Example Row", "SOUTH", "South")
NOWHERE = Home("", "", "", is_no_fixed_address=True)
OUTSIDE = Home("3 Faraway Road", "", "")
NO_POSTCODE = Home("4 Example Row", "", "", has_postcode=False)
SCHOOL, DUTY = ("EAST", "East"), ("WEST", "West")


@pytest.mark.parametrize(
    ("homes", "school", "locality", "rule"),
    [
        ([NORTH_HOME], SCHOOL, "NORTH", rules.LIGHTEST_LOAD),
        ([NORTH_HOME, SOUTH_HOME], None, "NORTH", rules.TWO_HOMES),
        ([SOUTH_HOME, NORTH_HOME], None, "SOUTH", rules.TWO_HOMES),
        ([NORTH_HOME, NORTH_HOME], None, "NORTH", rules.LIGHTEST_LOAD),
        ([OUTSIDE], SCHOOL, "", rules.OUTSIDE_AREA),
        ([NOWHERE], SCHOOL, "EAST", rules.NO_FIXED_ADDRESS),
        ([NOWHERE], None, "WEST", rules.NO_FIXED_ADDRESS),
        ([NO_POSTCODE], SCHOOL, "EAST", rules.NO_FIXED_ADDRESS),
        ([], None, "WEST", rules.NO_FIXED_ADDRESS),
    ],
)
def test_where_a_family_belongs(
    homes: list[Home], school: tuple[str, str] | None, locality: str, rule: rules.Rule
) -> None:
    placed = place(homes, school=school, duty=DUTY)
    assert (placed.locality, placed.rule) == (locality, rule)
    assert placed.reason


def test_two_homes_are_both_named() -> None:
    reason = place([NORTH_HOME, SOUTH_HOME], school=None, duty=DUTY).reason
    assert "1 Example Row" in reason
    assert "2 Example Row" in reason


A, B, C = uuid4(), uuid4(), uuid4()
IN_NORTH = Placed("NORTH", rules.LIGHTEST_LOAD, "The home is in North.")


def team(team_id: object, open_cases: int, cap: int, serves: bool = True) -> TeamLoad:
    name = {A: "Team A", B: "Team B", C: "Team C"}[team_id]  # type: ignore[index]
    return TeamLoad(team_id, name, open_cases, cap, serves)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("teams", "advised", "rule", "needs_reason"),
    [
        ([team(A, 5, 10), team(B, 1, 10, serves=False)], A, rules.LIGHTEST_LOAD, False),
        # Load is relative to the cap: 8 of 20 is lighter than 5 of 10.
        ([team(A, 5, 10), team(B, 8, 20)], B, rules.LIGHTEST_LOAD, False),
        ([team(B, 5, 10), team(A, 5, 10)], A, rules.LIGHTEST_LOAD, False),
        ([team(A, 10, 10), team(B, 9, 10, serves=False)], B, rules.NEXT_LIGHTEST, False),
        ([team(A, 10, 10), team(B, 9, 10, serves=False), team(C, 2, 10, serves=False)], C, rules.NEXT_LIGHTEST, False),
        ([team(A, 1, 10, serves=False)], A, rules.NEXT_LIGHTEST, False),
        ([team(A, 12, 10), team(B, 10, 10, serves=False)], B, rules.ALL_FULL, True),
        ([team(A, 10, 10), team(B, 10, 10, serves=False)], A, rules.ALL_FULL, True),
        ([team(A, 0, 0)], A, rules.ALL_FULL, True),
        ([], None, rules.ALL_FULL, True),
    ],
)
def test_which_team_is_advised(teams: list[TeamLoad], advised: object, rule: rules.Rule, needs_reason: bool) -> None:
    found = advise(IN_NORTH, teams)
    assert (found.team_id, found.rule, found.needs_reason) == (advised, rule, needs_reason)
    assert found.reason.startswith("The home is in North.")


def test_outside_the_area_a_person_chooses() -> None:
    found = advise(place([OUTSIDE], school=None, duty=DUTY), [team(A, 0, 10)])
    assert (found.team_id, found.rule, found.needs_reason) == (None, rules.OUTSIDE_AREA, True)
    assert "own council" in found.reason


def test_the_rule_of_the_place_goes_with_the_advice() -> None:
    placed = place([NOWHERE], school=SCHOOL, duty=DUTY)
    assert advise(placed, [team(A, 0, 10)]).rule is rules.NO_FIXED_ADDRESS
    assert (
        placing.advise(place([NORTH_HOME, SOUTH_HOME], school=None, duty=DUTY), [team(A, 0, 10)]).rule
        is rules.TWO_HOMES
    )


# --- Red and hand-overs.


@pytest.mark.parametrize(
    ("order", "paged", "chosen"),
    [
        ([], [], None),
        ([A, B], [], A),
        ([A, B], [A], B),
        ([A, B], [A, B], A),
        ([A, B], [A, B, A], B),
        ([A, B], [C], A),
        ([A], [A, A], A),
        ([B, C], [A, B, C], B),
    ],
)
def test_who_is_paged_next(order: list[object], paged: list[object], chosen: object) -> None:
    assert rules.next_on_duty(order, paged) == chosen  # type: ignore[arg-type]


def test_what_the_statutory_service_may_report() -> None:
    stages = ["sent", "received", "open", "assessment", "plan", "closed"]
    allowed = {(start, end) for start, end in product(stages, stages) if rules.may_report(start, end)}
    forwards = {
        (start, end) for start, end in product(stages[:-1], stages[1:]) if stages.index(end) >= stages.index(start)
    }
    assert allowed == forwards | {("plan", "assessment")}
