"""Boards with PostgreSQL: who sits there, since when nobody does, terms that stay, powers, and who may keep them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.governance import services
from joinedup.governance.models import Appointment, Board, BoardTerms
from joinedup.governance.queries import boards as queries
from joinedup.governance.queries.sitting import terms_on
from joinedup.governance.services import SeatSaid
from joinedup.governance.tests.factories import BEGAN, make_person, make_table, names_on, terms
from joinedup.governance.views.boards import KEEP_SEATS
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT, make_post

pytestmark = pytest.mark.django_db
TODAY = AT.date()


def refused(call: Any, **said: Any) -> str:
    with pytest.raises(Refused) as found:
        call(**{"at": AT, **said})
    return found.value.rule


def test_a_board_is_set_up_by_who_keeps_boards() -> None:
    table = make_table()
    officer, council = table.officer, table.organisations["COUNCIL"]
    said = {"kind": "working_group", "host": council, "starts_on": TODAY, "by": officer}
    part = services.set_up_board(**said, said=terms(name="Workforce group"), parent=table.board, at=AT)
    assert queries.board_page(officer, table.board.pk).parts == ((part.pk, "Workforce group"),)
    for wrong, code in (
        ({"name": " "}, "GV-101"), ({"duties": ""}, "GV-102"), ({"quorum_members": 1, "quorum_bodies": 1}, "GV-103"),
        ({"quorum_bodies": 4}, "GV-104"),
    ):  # fmt: skip
        assert refused(services.set_up_board, **said, said=terms(**wrong)) == code
    assert refused(services.set_up_board, **said, said=terms(), parent=part) == "GV-108"
    before = Board.objects.count()
    with pytest.raises(NotPermitted):
        services.set_up_board(**{**said, "by": table.chair}, said=terms(), at=AT)
    assert Board.objects.count() == before
    assert AuditEvent.objects.filter(kind="refusal", rule="permission:governance.keep_boards").exists()


def test_terms_are_dated_and_stay() -> None:
    table = make_table()
    change = {"board": table.board, "starts_on": TODAY, "by": table.officer}
    new = terms(name="Exampleshire public services board", quorum_members=4)
    assert refused(services.change_terms, **change, said=new, why="", number=1) == "GV-106"
    assert refused(services.change_terms, **{**change, "starts_on": BEGAN}, said=new, why="x", number=1) == "GV-105"
    services.change_terms(**change, said=new, why="A new name.", number=1, at=AT)
    assert refused(services.change_terms, **change, said=new, why="Both wrote.", number=1) == "GV-109"
    by = system(AT)
    assert terms_on(by, table.board.pk, TODAY).quorum_members == 4
    assert terms_on(by, table.board.pk, TODAY - timedelta(days=1)).name == "Public services board"
    page = queries.board_page(table.officer, table.board.pk)
    assert (page.name, [each.name for each in page.earlier]) == (new.name, ["Public services board"])
    with pytest.raises(DatabaseError), transaction.atomic():
        BoardTerms.objects.filter(board=table.board).update(quorum_members=2)


def test_a_seat_nobody_holds_says_since_when() -> None:
    """Never filled, left by its holder, and left by somebody whose post has ended."""
    table = make_table()
    gaps = {each.seat: each.since for each in queries.gaps_of(table.officer, queries.names_of_boards(table.officer))}
    assert gaps == {"Representative of young people": BEGAN}
    last = TODAY - timedelta(days=10)
    services.end_appointment(appointment=table.members["dcs"], ends_on=last, reason="Retired.", by=table.officer, at=AT)
    Post.objects.filter(board_appointments=table.members["police"]).update(ends_at=AT - timedelta(days=5))
    page = queries.board_page(table.officer, table.board.pk)
    assert {each.title: each.since for each in page.gaps} == {
        "The dcs": last + timedelta(days=1), "The police": TODAY - timedelta(days=4),
        "Representative of young people": BEGAN,
    }  # fmt: skip
    assert names_on(table) == ["Chair Testboard", "Icb Testboard", "Icb2 Testboard"]
    assert "Police Testboard" in names_on(table, AT - timedelta(days=6))
    line = next(each for each in queries.boards(table.officer) if each.id == table.board.pk)
    assert (line.seats, len(line.gaps)) == (6, 3)


def test_appointing_and_ending() -> None:
    table = make_table()
    by, young = table.officer, table.seats["young"]
    said = {
        "seat": young,
        "name": "Robin Testyoung",
        "how": "Elected by the youth council",
        "starts_on": TODAY,
        "by": by,
    }
    assert refused(services.appoint_member, **{**said, "name": ""}) == "GV-113"
    assert refused(services.appoint_member, **{**said, "how": " "}) == "GV-115"
    made = services.appoint_member(**said, at=AT)
    assert refused(services.appoint_member, **said) == "GV-112"
    _, stranger = make_post(role=Role.DIRECTOR, employer=table.organisations["POLICE"])
    end = {"appointment": table.members["dcs"], "by": by}
    assert refused(services.end_appointment, **end, ends_on=BEGAN - timedelta(days=1), reason="x") == "GV-118"
    assert refused(services.end_appointment, **end, ends_on=TODAY + timedelta(days=1), reason="x") == "GV-124"
    assert refused(services.end_appointment, **end, ends_on=TODAY, reason="") == "GV-119"
    services.end_appointment(**end, ends_on=TODAY, reason="Another post.", at=AT)
    assert refused(services.end_appointment, **end, ends_on=TODAY, reason="x") == "GV-117"
    seat = {"seat": table.seats["dcs"], "how": "Minute 9", "by": by}
    assert refused(services.appoint_member, **seat, name="Ann Testnext", starts_on=TODAY) == "GV-116"
    tomorrow = TODAY + timedelta(days=1)
    assert refused(services.appoint_member, **seat, post=stranger, starts_on=tomorrow) == "GV-114"
    with pytest.raises(NotPermitted):
        services.appoint_member(**{**said, "by": table.chair}, at=AT)
    assert Appointment.objects.filter(seat=young).get() == made


def test_one_chair_and_a_seat_needs_a_name() -> None:
    table = make_table()
    said = {"board": table.board, "starts_on": TODAY, "by": table.officer}
    assert refused(services.add_seat, **said, said=SeatSaid("", "officer")) == "GV-110"
    assert refused(services.add_seat, **said, said=SeatSaid("Another chair", "officer", is_chair=True)) == "GV-111"


def test_powers_are_given_once_with_their_source_and_never_to_scrutiny() -> None:
    table = make_table()
    said = {"kind": "approve_virement", "limit_pence": 100, "starts_on": TODAY, "by": table.officer}
    assert refused(services.give_power, board=table.board, source="", **said) == "GV-120"
    given = services.give_power(board=table.board, source="Cabinet, minute 4", **said, at=AT)
    assert refused(services.give_power, board=table.board, source="x", **said) == "GV-121"
    services.end_power(delegation=given, by=table.officer, at=AT)
    assert refused(services.end_power, delegation=given, by=table.officer) == "GV-123"
    council = table.organisations["COUNCIL"]
    scrutiny = services.set_up_board(
        kind="scrutiny", host=council, said=terms(name="Scrutiny"), starts_on=BEGAN, by=table.officer, at=AT
    )
    assert refused(services.give_power, board=scrutiny, source="x", **said) == "GV-122"


def test_whoever_may_be_offered_a_seat_can_use_it() -> None:
    """Each chairs a board and plans its meeting; of a board they do not sit on they may only read."""
    table = make_table()
    council = table.organisations["COUNCIL"]
    for role in sorted(KEEP_SEATS - {Role.GOVERNANCE_OFFICER}):
        who = make_person(role, council, f"{role.value} Testchair")
        made = services.set_up_board(
            kind="executive", host=council, said=terms(name=f"Board of {role.value}"), starts_on=BEGAN, by=table.officer, at=AT
        )  # fmt: skip
        seat = services.add_seat(
            board=made, said=SeatSaid("Chair", "officer", is_chair=True), organisation=council, starts_on=BEGAN,
            by=table.officer, at=AT,
        )  # fmt: skip
        post = Post.objects.get(pk=next(iter(who.post_ids)))
        services.appoint_member(seat=seat, post=post, how="Minute 2", starts_on=BEGAN, by=table.officer, at=AT)
        assert queries.board_page(who, made.pk).seats[0].holder
        services.plan_meeting(board=made, starts_at=AT + timedelta(days=9), by=who, at=AT)
        with pytest.raises(NotPermitted, match="chairs this one"):
            services.plan_meeting(board=table.board, starts_at=AT + timedelta(days=9), by=who, at=AT)


def test_who_sees_boards() -> None:
    table = make_table()
    council = table.organisations["COUNCIL"]
    for role in (Role.DIRECTOR, Role.BOARD_MEMBER, Role.SCRUTINY_MEMBER, Role.AUDITOR, Role.TEAM_MANAGER):
        assert queries.board_page(make_person(role, council, f"{role.value} Testlook"), table.board.pk).gaps
    for role in (Role.KEY_WORKER, Role.REFERRER, Role.SYSTEM_ADMINISTRATOR):
        with pytest.raises(NotPermitted):
            queries.boards(make_person(role, council, f"{role.value} Testnot"))
    with pytest.raises(NotVisible):
        queries.board_page(table.officer, table.seats["young"].pk)
