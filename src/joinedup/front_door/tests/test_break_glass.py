"""A record opened in an emergency: own account, reason, fresh sign-in, one person, one hour, to read only, audited before
anything is shown, reviewed by somebody else."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib import import_module
from pkgutil import walk_packages
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError

import joinedup
from joinedup.access import audit
from joinedup.access.actor import Actor, Standing, system
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.models import OutboxMessage, new_id
from joinedup.front_door.tests.factories import make_partnership
from joinedup.front_door.tests.pages import Visitor, words
from joinedup.organisations.tests.factories import AT, actor_of, make_post
from joinedup.person_index import queries, services
from joinedup.person_index.models import BreakGlass, Family, Person
from joinedup.person_index.queries import SearchQuery
from joinedup.person_index.restricting import BG_3, minutes_left, reason_fault
from joinedup.person_index.tests.factories import make_family, make_person, nhs_number

pytestmark = pytest.mark.django_db

NUMBER = nhs_number(5150)
ASKED = SearchQuery(nhs_number=NUMBER)
WHY = "The police ask where he may have gone tonight."
HOUR = timedelta(hours=1)


class World:
    """A child nobody at the desk has a ground to see, a key worker on call, and two people of information governance."""

    def __init__(self) -> None:
        self.place = make_partnership()
        self.child = make_person(
            given_name="Linnet", family_name="Casebook", birth_date=date(2012, 12, 12), nhs_number=NUMBER
        )
        self.sibling = make_person(given_name="Finch", family_name="Casebook", birth_date=date(2014, 1, 1))
        self.family = make_family((self.child, "child"), (self.sibling, "child"))
        self.gwen, self.gwen_post = make_post(role=Role.INFORMATION_GOVERNANCE, name="Gwen Testward")
        self.iris, self.iris_post = make_post(role=Role.INFORMATION_GOVERNANCE, name="Iris Testguard")

    def worker(self, at: Any = AT) -> Actor:
        return self.place.actor("other_key_worker", at)

    def open(self, at: Any = AT, by: Actor | None = None, **told: Any) -> BreakGlass | None:
        given = {"query": ASKED, "reason_code": "missing", "reason": WHY} | told
        return services.open_in_emergency(**given, by=by or self.worker(at), at=at)

    def restrict(self, category: str) -> Any:
        return services.impose_restriction(
            query=ASKED, category=category, reason="Invented.", guardians=[self.gwen_post],
            by=actor_of(self.iris, AT), at=AT,
        )  # fmt: skip

    def sees(self, at: Any = AT, by: Actor | None = None) -> bool:
        return Person.objects.visible_to(by or self.worker(at)).filter(pk=self.child.pk).exists()


@pytest.fixture
def world() -> World:
    return World()


# --- Opening.


def test_it_opens_one_person_for_one_hour(world: World) -> None:
    assert not world.sees()
    opened = world.open()
    assert opened is not None
    assert world.sees()
    assert set(Person.objects.visible_to(world.worker()).values_list("pk", flat=True)) == {world.child.pk}
    page = queries.family(world.worker(), world.family.pk, purpose="test")
    assert [mate.person_id for mate in page.members] == [world.child.pk], "not for browsing"


def test_it_expires_to_the_minute_even_within_a_session(world: World) -> None:
    world.open()
    assert world.sees(AT + HOUR - timedelta(seconds=1))
    assert not world.sees(AT + HOUR)
    with pytest.raises(NotVisible):
        queries.person(world.worker(AT + HOUR), world.child.pk, purpose="test")


def test_it_cannot_be_extended_without_a_new_reason(world: World) -> None:
    world.open()
    with pytest.raises(Refused) as refused:
        world.open(AT + timedelta(minutes=30))
    assert refused.value.rule == "BG-5"
    for reason in ("", "too short", "x" * 19, "   spaces only do not   "[:18]):
        with pytest.raises(Refused) as refused:
            world.open(AT + HOUR, reason=reason)
        assert refused.value.rule == "BG-2"
    again = world.open(AT + HOUR, reason="A second reason, typed anew and long enough.")
    assert again is not None
    assert again.ends_at == AT + 2 * HOUR


def test_it_ends_early(world: World) -> None:
    opened = world.open()
    assert opened is not None
    later = AT + timedelta(minutes=5)
    services.end_emergency(emergency=opened, by=world.worker(later), at=later)
    assert not world.sees(later)


@pytest.mark.parametrize(
    ("code", "text", "rule"),
    [("", WHY, "BG-1"), ("curious", WHY, "BG-1"), ("danger", "short", "BG-2"), ("danger", " " * 40, "BG-2")],
)
def test_a_reason_is_needed(code: str, text: str, rule: str) -> None:
    fault = reason_fault(code, text)
    assert fault is not None
    assert fault.code == rule
    assert reason_fault("danger", WHY) is None


def test_minutes_left_are_whole() -> None:
    assert [minutes_left(AT + HOUR, AT + timedelta(seconds=each)) for each in (0, 1, 3541, 3600, 4000)] == [
        60,
        60,
        1,
        0,
        0,
    ]


def test_own_account_only(world: World) -> None:
    for by in (
        Actor(None, "Somebody", AT, "web", world.worker().standings),
        Actor(world.worker().account_id, "A key", AT, "api", world.worker().standings),
    ):
        with pytest.raises((NotPermitted, Refused)):
            world.open(by=by)
    assert not BreakGlass.objects.exists()


@pytest.mark.parametrize("category", ["witness_protection", "adoption_sealed"])
def test_never_for_witness_protection_nor_what_is_sealed(world: World, category: str) -> None:
    world.restrict(category)
    assert world.open() is None
    assert not BreakGlass.objects.exists()
    assert not world.sees()
    told = OutboxMessage.objects.filter(about_kind="person_index.restrictedmatch", to=world.gwen.email)
    assert told.count() == 1, "the guardian learns of the attempt"
    row = AuditEvent.objects.filter(action="person_index.break_glass").latest("id")
    assert row.actor_id == world.worker().account_id
    assert row.words.words["opened"] is False


def test_a_restriction_that_comes_within_the_hour_shuts_it(world: World) -> None:
    world.open()
    world.restrict("witness_protection")
    assert not world.sees(AT + timedelta(minutes=1))


def test_other_categories_open_and_the_guardian_is_told_at_once(world: World) -> None:
    world.restrict("high_risk")
    assert not world.sees()
    assert world.open() is not None
    assert world.sees()
    told = set(OutboxMessage.objects.filter(about_kind="person_index.breakglass").values_list("to", flat=True))
    assert told == {world.gwen.email, world.iris.email}
    text = " ".join(OutboxMessage.objects.values_list("body", flat=True))
    assert not any(word in text for word in ("Linnet", "Casebook", NUMBER))


def test_never_for_somebody_excluded(world: World) -> None:
    services.declare_own_family(
        kind="relative",
        given_name="Finch",
        family_name="Casebook",
        birth_date=date(2014, 1, 1),
        by=world.worker(),
        at=AT,
    )
    assert world.open() is None, "the child is in the family of the relative"
    assert not world.sees()


def test_it_says_the_same_for_nobody_for_two_and_for_what_never_opens(world: World) -> None:
    make_person(given_name="Two", family_name="Alike", birth_date=date(2010, 1, 1), postcode="ZZ1 1AA")
    make_person(given_name="Two", family_name="Alike", birth_date=date(2010, 1, 1), postcode="ZZ2 2BB")
    world.restrict("witness_protection")
    asked = (SearchQuery("Nobody", "Whatever", date(1999, 1, 1)), SearchQuery("Two", "Alike", date(2010, 1, 1)), ASKED)
    assert [world.open(query=query) for query in asked] == [None, None, None]


# --- The audit row comes first.


def test_the_audit_row_is_written_with_it(world: World) -> None:
    world.open()
    row = AuditEvent.objects.filter(action="person_index.break_glass").latest("id")
    assert (row.people, row.actor_id) == ([world.child.pk], world.worker().account_id)
    assert row.words.words["reason"] == WHY


def test_where_it_cannot_be_written_nothing_is_shown(world: World) -> None:
    with (
        patch.object(audit, "_save_with_words", side_effect=DatabaseError("no room")),
        pytest.raises(DatabaseError),
    ):
        world.open()
    assert not BreakGlass.objects.exists()
    assert not world.sees()


def told_of(form: dict[str, str] | None = None) -> dict[str, str]:
    given = {"nhs_number": NUMBER, "reason_code": "missing", "reason": WHY, "knows": "yes"}
    return given | (form or {})


# --- The pages.


def test_the_interruption_wants_a_fresh_sign_in(world: World) -> None:
    visitor = Visitor(world.place.accounts["other_key_worker"])
    with patch("joinedup.access.fresh.is_fresh", return_value=False):
        for answer in (visitor.open("break_glass"), visitor.send("break_glass", told_of())):
            assert answer.status_code == 302
            assert "/account/again/" in answer["Location"]
    assert not BreakGlass.objects.exists()


def test_the_page_opens_the_record_with_a_banner_and_closes_it(world: World) -> None:
    visitor = Visitor(world.place.accounts["other_key_worker"])
    with patch("joinedup.access.fresh.is_fresh", return_value=True):
        before = visitor.open("break_glass")
        assert "Linnet" not in words(before)
        answer = visitor.send("break_glass", told_of())
    opened = BreakGlass.objects.get()
    assert answer["Location"] == f"/people/{world.child.pk}/"
    visitor.at = AT + timedelta(minutes=12)
    page = visitor.open("person", person_id=world.child.pk)
    assert "Linnet Casebook" in words(page)
    assert "in 48 minutes" in words(page)
    assert "You have one record open in an emergency" in words(visitor.open("my_posts"))
    assert visitor.send("break_glass_end", emergency_id=opened.pk).status_code == 302
    assert visitor.open("person", person_id=world.child.pk).status_code == 404
    assert "emergency." not in words(visitor.open("my_posts"))


def test_the_page_says_the_same_sentence_when_nothing_opens(world: World) -> None:
    world.restrict("witness_protection")
    visitor = Visitor(world.place.accounts["other_key_worker"])
    with patch("joinedup.access.fresh.is_fresh", return_value=True):
        shut = visitor.send("break_glass", told_of())
        nobody = visitor.send("break_glass", told_of({"nhs_number": nhs_number(777)}))
    assert BG_3.sentence in words(shut)
    assert words(shut).replace(NUMBER, "N") == words(nobody).replace(nhs_number(777), "N")


# --- To read, and nothing else: every service of the program.


def every_service() -> Iterator[tuple[str, Any]]:
    for module in walk_packages(joinedup.__path__, "joinedup."):
        if ".services" in module.name and ".tests" not in module.name:
            loaded = import_module(module.name)
            for name, thing in vars(loaded).items():
                if hasattr(thing, "permission") and inspect.unwrap(thing).__module__ == loaded.__name__:
                    yield f"{module.name}.{name}", thing


def test_every_service_refuses_on_that_ground_alone(world: World) -> None:
    """The guard is asked before the permission: whatever leads to the person is refused before a line of the service
    runs, for whoever holds the role."""
    world.open()
    account = world.worker().account_id
    walked = 0
    for name, function in every_service():
        if name.endswith((".end_emergency", ".review_emergency")):
            continue
        roles = function.permission.roles or set(Role)
        standings = tuple(Standing(role, new_id(), "Post", new_id(), "Somewhere") for role in roles)
        by = Actor(account, "On call", AT, "web", standings)
        given = _leading_to(function, world)
        if given is None:
            continue
        with pytest.raises(NotPermitted) as refused:
            function(**given, by=by, **_moment(function))
        assert refused.value.rule == "BG-4", name
        walked += 1
    assert walked > 60, walked


def _moment(function: Callable[..., Any]) -> dict[str, Any]:
    return {"at": AT} if "at" in inspect.signature(function).parameters else {"on": AT.date()}


def _leading_to(function: Callable[..., Any], world: World) -> dict[str, Any] | None:
    """Arguments of which one leads to the opened person: themselves, a record of theirs, their id."""
    names = [name for name in inspect.signature(function).parameters if name not in {"by", "at", "on"}]
    if not names:
        return None
    given: dict[str, Any] = dict.fromkeys(names)
    for name in names:
        if name == "person":
            return given | {name: world.child}
        if name == "family":
            return given | {name: world.family}
        if name == "person_id":
            return given | {name: world.child.pk}
    return given | {names[0]: SimpleNamespace(person_id=world.child.pk, pk=new_id())}


def test_real_writes_are_refused_and_go_through_on_a_lasting_ground(world: World) -> None:
    world.open()
    by = world.worker()
    with pytest.raises(NotPermitted) as refused:
        services.record_safe_contact(person=world.child, how="letter", source="him", by=by, at=AT)
    assert refused.value.rule == "BG-4"
    with pytest.raises(NotPermitted):
        services.leave_family(family=Family.objects.get(), person=world.sibling, ends_on=AT.date(), by=by, at=AT)
    services.record_safe_contact(person=world.child, how="letter", source="him", by=system(AT), at=AT)


# --- The review.


def test_somebody_else_reviews_it_within_a_working_day(world: World) -> None:
    opened = world.open()
    assert opened is not None
    assert opened.review_by == AT.replace(hour=17) + timedelta(days=1)
    found = queries.emergencies(actor_of(world.iris, AT))
    assert [row.id for row in found.waiting] == [opened.pk]
    assert {label: count for label, count, _ in found.by_reason}["A child is missing"] == 1
    for outcome, said, rule in (("", "Words.", "BG-7"), ("justified", " ", "BG-8")):
        with pytest.raises(Refused) as refused:
            services.review_emergency(emergency=opened, outcome=outcome, words=said, by=actor_of(world.iris, AT), at=AT)
        assert refused.value.rule == rule
    services.review_emergency(emergency=opened, outcome="not_justified", words="The lead could have been rung.",
                              by=actor_of(world.iris, AT), at=AT)  # fmt: skip
    found = queries.emergencies(actor_of(world.iris, AT))
    assert not found.waiting
    assert [(row.outcome, row.review_words) for row in found.reviewed] == [
        ("Not justified", "The lead could have been rung.")
    ]
    assert [bad for label, _, bad in found.by_reason if label == "A child is missing"] == [1]


def test_nobody_reviews_their_own(world: World) -> None:
    both = make_post(role=Role.INFORMATION_GOVERNANCE, account=world.place.accounts["other_key_worker"])[0]
    opened = world.open()
    assert opened is not None
    with pytest.raises(NotPermitted):
        services.review_emergency(emergency=opened, outcome="justified", words="Fine.", by=actor_of(both, AT), at=AT)


def test_unreviewed_is_chased_once_and_comes_before_the_board(world: World) -> None:
    opened = world.open()
    assert opened is not None
    assert services.chase_reviews(at=opened.review_by) == 0
    late = opened.review_by + timedelta(minutes=1)
    assert services.chase_reviews(at=late) == 1
    assert services.chase_reviews(at=late) == 0
    row = queries.emergencies(actor_of(world.iris, AT + timedelta(hours=49))).waiting[0]
    assert row.is_overdue
    assert row.is_before_the_board
    assert OutboxMessage.objects.filter(subject__startswith="Overdue").count() == 2


def test_review_page(world: World) -> None:
    opened = world.open()
    assert opened is not None
    visitor = Visitor(world.iris)
    assert "Linnet Casebook" in words(visitor.open("emergencies"))
    told = {"outcome": "justified", "words": "The boy was found an hour later."}
    assert visitor.send("emergency", told, emergency_id=opened.pk).status_code == 302
    assert BreakGlass.objects.get().outcome == "justified"
