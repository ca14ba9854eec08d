"""Bringing agreements over: reading the extract, entering them with their true dates, and reconciling."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted
from joinedup.information_sharing import queries, rules, services
from joinedup.information_sharing.codes import INVOLVEMENT_ITEM
from joinedup.information_sharing.golive import LEAST, Register, columns_of, read_register
from joinedup.information_sharing.golive_reconciling import KINDS, Here, reconcile
from joinedup.information_sharing.golive_terms import read_items, read_posts
from joinedup.information_sharing.models import (
    Agreement,
    AgreementBroughtOver,
    AgreementItem,
    AgreementPost,
    AgreementTransition,
)
from joinedup.information_sharing.rules import ItemRule
from joinedup.information_sharing.tests.factories import ask, make_world
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team

TODAY = date(2026, 11, 18)
NAMES = (
    "reference", "title", "status", "purposes", "bases", "assessment", "assessed_on", "starts_on", "review_on",
    "expires_on", "party", "signed_by", "signed_as", "signed_on", "asks", "answers", "shares", "leaves_out",
)  # fmt: skip
HEADER = [
    "Agreement reference", "Title", "Status", "Purposes", "Lawful basis", "Impact assessment",
    "Impact assessment date", "Starts on", "Review on", "Expires on", "Party", "Signed by", "Signed as", "Signed on",
    "Asks", "Answers", "Shares", "Leaves out",
]  # fmt: skip
COUNCIL = {
    "reference": "A1", "title": "Deciding together", "purposes": "decide_help; To protect a child from harm",
    "bases": "public_task, safeguarding", "assessment": "DPIA 7", "assessed_on": "1/2/2026", "starts_on": "1/3/2026",
    "review_on": "2027-03-01", "expires_on": "1 March 2029", "party": "council", "signed_by": "Sam Testsigner", "signed_as": "Director",
    "signed_on": "27/2/2026", "asks": "amira@council.example",
}  # fmt: skip
ALDER = {
    "reference": "A1", "party": "ALDER", "signed_by": "Rowan Testhead", "signed_as": "Head", "signed_on": "3/3/2026",
    "answers": "rowan@alder.example",
    "shares": "Involvement [aged 4 to 20] = On a roll from 4 to 20. | Attendance [the last 2 years, at levels 3 and 4] = Absence is a sign.",
    "leaves_out": "Counselling = Told in confidence.",
}  # fmt: skip


def row(base: dict[str, str], **changes: str) -> list[str]:
    told = base | changes
    return [told.get(name, "") for name in NAMES]


def read(*rows: list[str], today: date = TODAY) -> Register:
    return read_register(HEADER, list(enumerate(rows, start=2)), today=today)


# --- Reading, without a database --------------------------------------------------------------------------------------


def test_rows_of_one_reference_are_one_agreement() -> None:
    register = read(row(COUNCIL), row(ALDER))
    assert (register.rows, register.read, register.faults) == (2, 1, [])
    agreement = register.agreements[0]
    assert (agreement.reference, agreement.purposes) == ("A1", ("decide_help", "protect"))
    assert agreement.bases == ("public_task", "safeguarding")
    assert (agreement.starts_on, agreement.expires_on) == (date(2026, 3, 1), date(2029, 3, 1))
    council, alder = agreement.parties
    assert (council.signed_on, council.signatory_title, council.items) == (date(2026, 2, 27), "Director", ())
    assert [(item.code, item.rule) for item in alder.items] == [
        (INVOLVEMENT_ITEM, ItemRule(minimum_age=4, maximum_age=20)),
        ("attendance", ItemRule(years_back=2, levels=frozenset({3, 4}))),
        ("counselling", ItemRule(is_allowed=False)),
    ]
    line = register.lines[0]
    assert (line.state, line.parties, line.signatures) == ("In force", "ALDER, COUNCIL", "2 of 2")


@pytest.mark.parametrize(
    ("council", "alder", "faults"),
    [
        ({"title": ""}, {}, [(2, "title")]),
        ({"purposes": ""}, {}, [(2, "purposes")]),
        ({"purposes": "marketing"}, {}, [(2, "purposes")]),
        ({"bases": ""}, {}, [(2, "lawful basis")]),
        ({"assessment": ""}, {}, [(2, "impact assessment")]),
        ({"assessed_on": ""}, {}, [(2, "impact assessed on")]),
        ({"assessed_on": "1/12/2026"}, {}, [(2, "impact assessed on")]),
        ({"starts_on": ""}, {}, [(2, "starts on")]),
        ({"starts_on": "31/2/2026"}, {}, [(2, "starts on")]),
        ({"review_on": "soon"}, {}, [(2, "review on")]),
        ({"review_on": "1/4/2029"}, {}, [(2, "expires on")]),
        ({"expires_on": ""}, {}, [(2, "expires on")]),
        ({"expires_on": "1/3/2150"}, {}, [(2, "expires on")]),
        ({"status": "dormant"}, {}, [(2, "status")]),
        ({"title": "x" * 201}, {}, [(2, "title")]),
        ({"asks": ""}, {}, [(2, "asks")]),
        ({"asks": "Amira Testerly"}, {}, [(2, "asks")]),
        ({"party": ""}, {}, [(2, "party")]),
        ({}, {"party": "COUNCIL"}, [(2, "party"), (3, "party")]),
        ({}, {"title": "Another"}, [(3, "title")]),
        ({}, {"signed_by": ""}, [(3, "signed by")]),
        ({}, {"signed_on": ""}, [(3, "signed on")]),
        ({}, {"signed_on": "19/11/2026"}, [(3, "signed on")]),
        ({}, {"answers": ""}, [(2, "answers")]),
        ({}, {"shares": "Attendance = Absence is a sign."}, [(3, "shares")]),
        ({}, {"shares": "Involvement"}, [(3, "shares")]),
        ({}, {"shares": "Involvement [on Tuesdays] = why"}, [(3, "shares")]),
        ({}, {"leaves_out": "Attendance = listed twice"}, [(3, "leaves out")]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_where_and_why_and_keeps_every_row_out(
    council: dict[str, str], alder: dict[str, str], faults: list[tuple[int, str]]
) -> None:
    register = read(row(COUNCIL, **council), row(ALDER, **alder))
    own = [(fault.row, fault.field) for fault in register.faults if "of the same agreement cannot" not in fault.reason]
    assert sorted(own) == faults
    assert {fault.row for fault in register.faults} == {2, 3}, "no row is dropped silently"
    assert all(fault.reason.endswith(".") for fault in register.faults)
    assert (register.agreements, register.faulty, len(register.lines)) == ([], 1, 1)


def test_a_row_without_a_reference_belongs_to_no_other() -> None:
    register = read(row(COUNCIL), row(ALDER, reference=""))
    assert (register.read, register.faulty) == (2, 2)
    assert {(fault.row, fault.field) for fault in register.faults} >= {(3, "reference"), (2, "party")}


def test_what_has_ended_or_expired_stays_behind() -> None:
    register = read(
        row(COUNCIL, status="Ended", title=""), row(ALDER),
        row(COUNCIL, reference="A2", expires_on="18/11/2026", review_on=""), row(ALDER, reference="A2"),
    )  # fmt: skip
    assert (register.read, register.ended, register.lines, register.faults) == (2, ["A1", "A2"], [], [])


def test_a_draft_may_lack_what_a_signature_needs() -> None:
    bare = dict.fromkeys(
        ("signed_by", "signed_on", "assessment", "assessed_on", "review_on", "expires_on", "starts_on"), ""
    )
    register = read(row(COUNCIL, **bare), row(ALDER, signed_by="", signed_on="", answers=""))
    assert register.faults == []
    assert (register.lines[0].state, register.lines[0].signatures) == ("Draft", "0 of 2")
    half = read(row(COUNCIL), row(ALDER, signed_by="", signed_on=""))
    assert (half.faults, half.lines[0].state, half.lines[0].signatures) == ([], "Draft", "1 of 2")


def test_whoever_answers_and_lists_nothing_shares_the_least_an_answer_says() -> None:
    register = read(row(COUNCIL), row(ALDER, shares="", leaves_out=""))
    assert [(item.code, item.justification) for item in register.agreements[0].parties[1].items] == [
        (INVOLVEMENT_ITEM, LEAST)
    ]


def test_the_digest_is_of_what_is_said_and_not_of_where_it_stands() -> None:
    first = read(row(COUNCIL), row(ALDER)).agreements[0].digest
    assert read(row(ALDER), row(COUNCIL)).agreements[0].digest == first
    assert read(row(COUNCIL), row(ALDER, asks="otto@alder.example")).agreements[0].digest != first
    assert read(row(COUNCIL), row(ALDER), today=TODAY + timedelta(days=300)).agreements[0].digest == first


def test_a_file_without_the_columns_is_refused_with_their_names() -> None:
    with pytest.raises(ValueError, match="purposes, lawful basis, party"):
        columns_of(["Agreement reference", "Title"])


@pytest.mark.parametrize(
    "rule",
    [
        ItemRule(minimum_age=4, maximum_age=20), ItemRule(minimum_age=16), ItemRule(maximum_age=17, years_back=1),
        ItemRule(years_back=5, levels=frozenset({3, 4})), ItemRule(levels=frozenset({1, 2, 4})),
        ItemRule(minimum_age=0, maximum_age=4, years_back=2, levels=frozenset({4})),
    ],
)  # fmt: skip
def test_the_words_of_the_register_are_read_back(rule: ItemRule) -> None:
    items, reasons = read_items(f"Attendance [{rules.rule_in_words(rule)}] = why", is_allowed=True)
    assert (reasons, [item.rule for item in items]) == ([], [rule])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Attendance", "why “Attendance” is shared"),
        ("= why", "cannot be read"),
        ("A [aged 9 to 4] = why", "must not be below"),
        ("A [the last 0 years] = why", "no age"),
        ("A [at level 7] = why", "cannot be read"),
        ("A = why; a = why", "listed twice"),
    ],
)
def test_an_item_that_cannot_be_read(text: str, words: str) -> None:
    reasons = read_items(text, is_allowed=True)[1]
    assert len(reasons) == 1
    assert words in reasons[0]


def test_posts_are_read_by_address_and_title() -> None:
    posts, reasons = read_posts("Amira@Council.example; otto@alder.example (Lead, pastoral), nobody")
    assert [(post.address, post.title) for post in posts] == [
        ("amira@council.example", ""), ("otto@alder.example", "Lead, pastoral"),
    ]  # fmt: skip
    assert len(reasons) == 1


CELLS = st.sampled_from(["", "A1", "A2", "T", "decide_help", "public_task", "1/3/2026", "1/3/2029", "COUNCIL", "ALDER",
                         "x", "ended", "amira@council.example", "involvement = why"])  # fmt: skip
GOOD = st.sampled_from([row(COUNCIL), row(ALDER), row(COUNCIL, reference="A2"), row(ALDER, reference="A2")])
STANDING = st.lists(
    st.builds(
        Here, agreement=st.uuids().map(str), legacy_reference=st.sampled_from(["", "A1", "A2", "A3"]),
        state=st.sampled_from(["Draft", "In force"]), parties=st.just("ALDER, COUNCIL"),
        signatures=st.sampled_from(["1 of 2", "2 of 2"]), starts=st.just("2026-03-01"), review=st.just("2027-03-01"),
        expires=st.just("2029-03-01"),
    ),
    max_size=6, unique_by=lambda one: one.legacy_reference or one.agreement,
)  # fmt: skip


@given(
    rows=st.lists(GOOD | st.lists(CELLS, min_size=len(NAMES), max_size=len(NAMES)), max_size=8), here=STANDING
)  # fmt: skip
def test_the_totals_add_up_whatever_comes(rows: list[list[str]], here: list[Here]) -> None:
    register = read(*rows)
    assert register.rows == len(rows)
    assert register.read == len(register.ended) + len(register.agreements) + register.faulty
    reported = {fault.row for fault in register.faults}
    assert reported.isdisjoint(party.row for each in register.agreements for party in each.parties)
    found = reconcile(register, here)
    assert found.legacy == register.read - len(register.ended)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for count in found.counts:
        sums[count.kind][0] += count.legacy
        sums[count.kind][1] += count.here
    for kind, both in sums.items():
        assert both == [found.legacy, found.here], kind
    missing = sum(one.what == "not here" for one in found.differences)
    extra = sum(one.what == "only here" for one in found.differences)
    assert found.legacy - missing == found.here - extra


# --- Bringing over ----------------------------------------------------------------------------------------------------


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    council = make_organisation(code="COUNCIL", name="Testerfield Council")
    alder = make_organisation(code="ALDER", name="Alder Sample Academy", kind="school")
    door = make_team(code="FRONTDOOR", kind="front_door", host=council)
    amira, asker = make_post(
        role=Role.FRONT_DOOR_WORKER, team=door, name="Amira Testerly", email="amira@council.example"
    )
    _, answerer = make_post(
        role=Role.REFERRER, employer=alder, name="Rowan Testerfield", email="rowan@alder.example", title="Lead"
    )
    iris, _ = make_post(role=Role.INFORMATION_GOVERNANCE, employer=council, name="Iris Testguard")
    return {"council": council, "alder": alder, "amira": amira, "iris": iris, "asker": asker, "answerer": answerer}


def bring(*rows: list[str], at: Any = AT) -> services.AgreementsBroughtOver:
    return services.bring_agreements_over(register=read(*rows), by=system(at), at=at)


def counts(**changes: int) -> dict[str, int]:
    return {"read": 1, "created": 0, "unchanged": 0, "ended": 0, "rejected": 0} | changes


def test_a_signed_agreement_is_in_force_with_its_true_dates(world: dict[str, Any]) -> None:
    result = bring(row(COUNCIL), row(ALDER))
    assert (result.counts, result.rejected) == (counts(created=1), [])
    agreement = Agreement.objects.get()
    assert (agreement.state, agreement.starts_on, agreement.expires_on) == (
        "in_force", date(2026, 3, 1), date(2029, 3, 1),
    )  # fmt: skip
    assert (agreement.impact_assessment, agreement.impact_assessed_on) == ("DPIA 7", date(2026, 2, 1))
    assert dict(agreement.parties.values_list("organisation__code", "signed_on")) == {
        "COUNCIL": date(2026, 2, 27), "ALDER": date(2026, 3, 3),
    }  # fmt: skip
    assert set(AgreementPost.objects.values_list("part", "post_id", "named_at")) == {
        ("asks", world["asker"].pk, AT), ("answers", world["answerer"].pk, AT),
    }  # fmt: skip
    assert AgreementItem.objects.get(code="attendance").rule == ItemRule(years_back=2, levels=frozenset({3, 4}))
    moves = list(AgreementTransition.objects.order_by("pk").values_list("end", "reason"))
    assert [end for end, _ in moves] == ["draft", "signed", "in_force"]
    assert moves[0][1] == (
        "Brought over from an earlier register, agreement A1. Signed by every party by 3 March 2026, to start on "
        "1 March 2026."
    )
    brought = AgreementBroughtOver.objects.get()
    assert (brought.reference, brought.agreement, brought.brought_at) == ("A1", agreement, AT)
    assert brought.as_supplied["title"] == "Deciding together"
    assert AuditEvent.objects.get(action="information_sharing.bring_agreements_over").words.words["created"] == 1
    record = queries.agreement(actor_of(world["iris"], AT), agreement.pk)
    assert (record.brought_over, record.brought_at) == ("A1", AT)


def test_its_page_says_where_it_came_from(world: dict[str, Any]) -> None:
    bring(row(COUNCIL), row(ALDER))
    own = services.draft_next(agreement=Agreement.objects.get(), by=system(AT), at=AT)
    client = Client()
    client.force_login(world["iris"], backend="allauth.account.auth_backends.AuthenticationBackend")
    for agreement, is_brought in ((Agreement.objects.get(state="in_force"), True), (own, False)):
        page = client.get(f"/sharing/agreements/{agreement.pk}/").content.decode()
        assert "Deciding together" in page
        assert ("Agreement A1 of an earlier register, on 18 November 2026" in page) is is_brought
        assert ("Brought over from an earlier register, agreement A1." in page) is is_brought


def test_one_party_has_not_signed_so_nothing_is_in_force(world: dict[str, Any]) -> None:
    assert bring(row(COUNCIL), row(ALDER, signed_by="", signed_on="")).counts["created"] == 1
    agreement = Agreement.objects.get()
    assert agreement.state == "draft"
    assert list(agreement.parties.filter(signed_on=None).values_list("organisation__code", flat=True)) == ["ALDER"]


def test_one_that_starts_later_is_signed_and_waits_for_its_day(world: dict[str, Any]) -> None:
    bring(row(COUNCIL, starts_on="1/12/2026"), row(ALDER))
    agreement = Agreement.objects.get()
    assert agreement.state == "signed"
    assert agreement.state_on(date(2026, 12, 1)) == "in_force"


def test_somebody_can_ask_under_it(db: None) -> None:
    world = make_world()
    services.end_agreement(agreement=world.agreement, reason="Replaced.", by=system(AT), at=AT)
    addresses = {name: world.accounts[name].email for name in ("Amira", "Rowan")}
    assert bring(row(COUNCIL, asks=addresses["Amira"]), row(ALDER, answers=addresses["Rowan"])).counts["created"] == 1
    brought = Agreement.objects.get(brought_over__reference="A1")
    request = ask(world, agreement_id=brought.pk)
    assert (request.state, request.agreement) == ("asked", brought)


def test_again_changes_nothing_and_what_changed_there_is_reported(world: dict[str, Any]) -> None:
    bring(row(COUNCIL), row(ALDER))
    before = [list(table.objects.order_by("pk").values()) for table in (Agreement, AgreementPost, AgreementTransition)]
    later = AT + timedelta(days=1)
    assert bring(row(ALDER), row(COUNCIL), at=later).counts == counts(unchanged=1)
    changed = bring(row(COUNCIL, expires_on="1/3/2030"), row(ALDER), at=later)
    assert changed.counts == counts(rejected=1)
    assert [(fault.row, fault.field) for fault in changed.rejected] == [(2, "reference"), (3, "reference")]
    assert changed.rejected[0].reason == rules.AGREEMENT_KNOWN.sentence
    after = [list(table.objects.order_by("pk").values()) for table in (Agreement, AgreementPost, AgreementTransition)]
    assert after == before


@pytest.mark.parametrize(
    ("council", "alder", "at", "words"),
    [
        ({"party": "NOWHERE"}, {}, (2, "party"), "no organisation"),
        ({"bases": "whim"}, {}, (2, "lawful basis"), "“whim”"),
        ({"asks": "dev@council.example"}, {}, (2, "asks"), "could ask"),
        ({}, {"asks": "rowan@alder.example"}, (3, "asks"), "could ask"),
        ({}, {"answers": "amira@council.example"}, (3, "answers"), "could answer"),
        ({}, {"answers": "rowan@alder.example (Head)"}, (3, "answers"), "could answer"),
        ({}, {"shares": "", "leaves_out": "Involvement = never"}, (2, "reference"), "something that may be shared"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_rejected_and_nothing_of_it_stays(
    world: dict[str, Any], council: dict[str, str], alder: dict[str, str], at: tuple[int, str], words: str
) -> None:
    good = (row(COUNCIL, reference="A9"), row(ALDER, reference="A9"))
    result = bring(row(COUNCIL, **council), row(ALDER, **alder), *good)
    assert result.counts == counts(read=2, created=1, rejected=1)
    own = {(fault.row, fault.field): fault.reason for fault in result.rejected}
    assert words in own[at]
    assert {fault.row for fault in result.rejected} == {2, 3}
    assert AgreementBroughtOver.objects.get().reference == "A9"
    assert Agreement.objects.count() == 1


def test_somebody_with_several_posts_is_named_by_title(world: dict[str, Any]) -> None:
    account = world["answerer"].account
    _, deputy = make_post(role=Role.REFERRER, employer=world["alder"], account=account, title="Deputy head")
    result = bring(row(COUNCIL), row(ALDER))
    assert "several such posts" in next(fault.reason for fault in result.rejected if fault.field == "answers")
    assert bring(row(COUNCIL), row(ALDER, answers="rowan@alder.example (deputy head)")).counts["created"] == 1
    assert AgreementPost.objects.get(part="answers").post == deputy


def test_nobody_brings_agreements_over_through_the_site(world: dict[str, Any]) -> None:
    for who in ("iris", "amira"):
        with pytest.raises(NotPermitted):
            services.bring_agreements_over(register=read(row(COUNCIL)), by=actor_of(world[who], AT), at=AT)
        with pytest.raises(NotPermitted):
            queries.agreements_reconciliation(actor_of(world[who], AT), read(row(COUNCIL)))


def test_the_reconciliation_names_what_is_behind_each_difference(world: dict[str, Any]) -> None:
    rows = [
        row(COUNCIL), row(ALDER),
        row(COUNCIL, reference="A2"), row(ALDER, reference="A2"),
        row(COUNCIL, reference="A3", party="NOWHERE"), row(ALDER, reference="A3"),
        row(COUNCIL, reference="A4", starts_on="never"), row(ALDER, reference="A4"),
        row(COUNCIL, reference="A5", status="ended"), row(ALDER, reference="A5"),
    ]  # fmt: skip
    assert bring(*rows).counts == counts(read=5, created=2, ended=1, rejected=2)
    first, second = (Agreement.objects.get(brought_over__reference=each) for each in ("A1", "A2"))
    services.review_agreement(
        agreement=first, words="All is well.", next_review_on=date(2027, 6, 1), by=system(AT), at=AT
    )
    services.end_agreement(agreement=second, reason="Replaced.", by=system(AT), at=AT)
    own = services.draft_next(agreement=second, by=system(AT), at=AT)
    found = queries.agreements_reconciliation(system(AT), read(*rows))
    assert (found.legacy, found.here, found.is_even) == (4, 2, False)
    said = {(one.what, one.legacy_reference): one for one in found.differences}
    assert said.keys() == {
        ("other review", "A1"), ("not here", "A2"), ("not here", "A3"), ("not here", "A4"), ("only here", ""),
    }  # fmt: skip
    assert said["other review", "A1"].reason == "2027-03-01 there, 2027-06-01 here."
    assert "is over: ended" in said["not here", "A2"].reason
    assert said["not here", "A3"].reason == "It has not been brought over."
    assert "starts on" in said["not here", "A4"].reason
    assert said["only here", ""].agreement == own.reference
    states = {count.value: (count.legacy, count.here) for count in found.counts if count.kind == "state"}
    assert states == {"Draft": (0, 1), "In force": (3, 1), "not readable": (1, 0)}


def test_an_even_reconciliation_says_so_and_what_changes_there_is_seen(world: dict[str, Any]) -> None:
    bring(row(COUNCIL), row(ALDER))
    assert queries.agreements_reconciliation(system(AT), read(row(COUNCIL), row(ALDER))).is_even
    changed = queries.agreements_reconciliation(system(AT), read(row(COUNCIL, bases="public_task"), row(ALDER)))
    assert [one.what for one in changed.differences] == ["changed there"]
    gone = queries.agreements_reconciliation(system(AT), read(row(COUNCIL, status="ended"), row(ALDER)))
    assert [(one.what, one.reason) for one in gone.differences] == [("only here", "The file says that it has ended.")]
    assert len({count.kind for count in changed.counts}) == len(KINDS)
