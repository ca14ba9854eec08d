"""Builders for tests of boards. They call the services, as the program itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.governance import services
from joinedup.governance.models import Appointment, Board, Meeting, Seat
from joinedup.governance.queries.sitting import members_on
from joinedup.governance.services import DecisionSaid, ItemSaid, SeatSaid, TermsSaid
from joinedup.organisations.models import Organisation
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post

BEGAN = (AT - timedelta(days=400)).date()
BODIES = {
    "COUNCIL": "Exampleshire Council",
    "NHS": "Exampleshire Integrated Care Board",
    "POLICE": "Exampleshire Police",
}

KINDS = {"COUNCIL": "council", "NHS": "nhs", "POLICE": "police"}


@dataclass
class Table:
    """A public services board of three bodies, two seats each but one for the police, and the people around it."""

    board: Board
    organisations: dict[str, Organisation]
    officer: Actor
    chair: Actor
    chiefs: dict[str, Actor] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    members: dict[str, Appointment] = field(default_factory=dict)


def make_person(role: Role, organisation: Organisation, name: str, *, at: datetime = AT) -> Actor:
    """Somebody in post."""
    account, _ = make_post(role=role, employer=organisation, name=name, title=role.value.replace("_", " ").capitalize())
    return actor_of(account, at)


def terms(**said: Any) -> TermsSaid:
    """Terms of reference of a public services board."""
    plain = {"name": "Public services board", "duties": "It decides together.", "quorum_members": 3, "quorum_bodies": 2,
             "months_between": 2, "call_in_days": 0}  # fmt: skip
    return TermsSaid(**(plain | said))


def make_table(*, at: datetime = AT, kind: str = "public_services", **said: Any) -> Table:
    """The board with its chair (the council’s), four more members, and a seat for young people that nobody holds."""
    by = system(at)
    bodies = {code: make_organisation(code=code, name=name, kind=KINDS[code]) for code, name in BODIES.items()}
    board = services.set_up_board(kind=kind, host=bodies["COUNCIL"], said=terms(**said), starts_on=BEGAN, by=by, at=at)
    officer = make_person(Role.GOVERNANCE_OFFICER, bodies["COUNCIL"], "Gale Testminute")
    made = Table(board, bodies, officer, officer)
    for code, organisation in bodies.items():
        made.chiefs[code] = make_person(Role.CHIEF_FINANCE_OFFICER, organisation, f"Chief {code} Testpound")
    for name, code, kind_of, is_chair in (
        ("chair", "COUNCIL", "chief_officer", True), ("dcs", "COUNCIL", "director", False),
        ("icb", "NHS", "chief_officer", False), ("icb2", "NHS", "officer", False),
        ("police", "POLICE", "chief_officer", False),
    ):  # fmt: skip
        said_seat = SeatSaid(f"The {name}", kind_of, is_chair=is_chair)
        seat = services.add_seat(board=board, said=said_seat, organisation=bodies[code], starts_on=BEGAN, by=by, at=at)
        account, post = make_post(role=Role.DIRECTOR, employer=bodies[code], name=f"{name.title()} Testboard")
        made.seats[name] = seat
        made.members[name] = services.appoint_member(
            seat=seat, post=post, how="Minute 1", starts_on=BEGAN, by=by, at=at
        )
        if is_chair:
            made.chair = actor_of(account, at)
    young = SeatSaid("Representative of young people", "young_people")
    made.seats["young"] = services.add_seat(board=board, said=young, starts_on=BEGAN, by=by, at=at)
    return made


def make_meeting(table: Table, *items: ItemSaid, at: datetime = AT, there: tuple[str, ...] = ()) -> Meeting:
    """A meeting that began an hour ago with these items; held where `there` names who is present."""
    by = system(at)
    early = at - timedelta(hours=2)
    meeting = services.plan_meeting(
        board=table.board, starts_at=at - timedelta(hours=1), place="Room 1", by=system(early), at=early
    )
    for each in items or (ItemSaid("decision", "Go on together"),):
        services.add_item(meeting=meeting, said=each, by=by, at=at)
    services.call_meeting(meeting=meeting, by=by, at=at)
    if there:
        attendance = {table.members[name].pk: "present" for name in there}
        services.hold_meeting(meeting=meeting, attendance=attendance, by=by, at=at)
    meeting.refresh_from_db()
    return meeting


EVERYBODY = ("chair", "dcs", "icb", "icb2", "police")


def votes_of(table: Table, *names: str, how: str = "for") -> dict[UUID, str]:
    """The same vote of each."""
    return {table.members[name].pk: how for name in names}


def said_for(table: Table, **said: Any) -> DecisionSaid:
    """A decision everybody is for."""
    plain = {"what": "Do it.", "why": "It helps.", "options": "Do nothing.", "maker": table.organisations["COUNCIL"],
             "votes": votes_of(table, *EVERYBODY)}  # fmt: skip
    return DecisionSaid(**(plain | said))


def names_on(table: Table, at: datetime = AT) -> list[str]:
    """Who sits there now."""
    return [each.name for each in members_on(system(at), table.board.pk, at)]
