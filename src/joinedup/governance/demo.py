"""The demo’s boards with their meetings: one held with decisions that wait, one today that was called, one to come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.governance import demo_people, demo_plans, demo_progress, demo_risks, services
from joinedup.governance.agenda import Asking, Due, due_for
from joinedup.governance.codes import ILLUSTRATION
from joinedup.governance.demo_boards import BOARDS, UNCHECKED, BoardOf
from joinedup.governance.queries.sitting import members_on
from joinedup.governance.services import DecisionSaid, ItemSaid
from joinedup.organisations.queries import organisation_with_code, posts_with_role

if TYPE_CHECKING:
    from joinedup.governance.models import AgendaItem, Board, Meeting
    from joinedup.organisations.models import Post

_BEGAN = timedelta(days=395)
_RENAMED = timedelta(days=210)
_PAPER = b"""Illustration: inputs invented

Progress of the six strands

Every family in the programme has one plan and one lead professional. The figures are on the programme's own pages.
"""


def load(*, at: datetime) -> None:
    """Set the boards up as they would stand at `at`."""
    posts = demo_people.load(at=at)
    for role in Role:
        posts |= {
            post.account.name: post for post in posts_with_role(system(at), role) if post.account.name not in posts
        }
    made: dict[str, Board] = {}
    for each in BOARDS:
        made[each.code] = _board(each, made.get(each.part_of), posts, at)
    _rename(made["safeguarding"], at)
    _held(made["public_services"], at)
    _today(made["public_services"], at)
    _plan(made["finance"], at, 9, "virements")
    _scrutiny(made["scrutiny"], at)
    demo_risks.load(made, posts, at=at)
    demo_progress.load(made["trust"], posts, at=at)
    demo_plans.load(made["trust"], posts, at=at)


def _board(each: BoardOf, parent: Board | None, posts: dict[str, Post], at: datetime) -> Board:
    began = at - _BEGAN
    by, day = system(began), began.date()
    host = organisation_with_code(by, "COUNCIL")
    board = services.set_up_board(
        kind=each.kind, host=host, said=each.terms, starts_on=day, parent=parent, by=by, at=began
    )
    for chair in each.seats:
        body = organisation_with_code(by, chair.body) if chair.body else None
        seat = services.add_seat(board=board, said=chair.said, organisation=body, starts_on=day, by=by, at=began)
        if chair.who:
            post = posts.get(chair.who)
            services.appoint_member(
                seat=seat, post=post, name=chair.who, how="First meeting of the board, minute 2", starts_on=day, by=by, at=began
            )  # fmt: skip
    for kind, limit in each.powers:
        services.give_power(
            board=board, kind=kind, limit_pence=limit, source="Scheme of delegation of the partners, first edition, part 3",
            starts_on=day, by=by, at=began,
        )  # fmt: skip
    return board


def _rename(board: Board, at: datetime) -> None:
    """Boards and their duties were replaced; what was there before stays to be read."""
    then = at - _RENAMED
    terms = board.terms.get(number=1)
    said = services.TermsSaid(
        "Safeguarding partners", "The local authority, the integrated care board and the police make safeguarding arrangements together.",
        f"Children Act 2004, section 16E{UNCHECKED}", terms.quorum_members, terms.quorum_bodies, terms.months_between,
    )  # fmt: skip
    services.change_terms(
        board=board, said=said, starts_on=then.date(), why="Safeguarding children boards were replaced by safeguarding partners.",
        number=1, by=system(then), at=then,
    )  # fmt: skip


def _meeting(board: Board, starts_at: datetime, planned: datetime, place: str) -> Meeting:
    by = system(planned)
    return services.plan_meeting(board=board, starts_at=starts_at, place=place, by=by, at=planned)


def _due(board: Board, kinds: frozenset[str], at: datetime) -> list[Due]:
    return due_for(system(at), Asking(board.pk, kinds, timezone.localdate(at)))


def _add(meeting: Meeting, each: Due, at: datetime) -> AgendaItem:
    said = ItemSaid(each.kind, each.title, each.why, matter_kind=each.matter_kind, matter_id=each.matter_id)
    return services.add_item(meeting=meeting, said=said, by=system(at), at=at)


def _held(board: Board, at: datetime) -> None:
    """Nine days ago: a round that waits for the partners, and something in words that is in effect; its minutes are agreed."""
    then = at - timedelta(days=9)
    meeting = _meeting(board, then, then - timedelta(days=20), "Exampleshire House")
    by = system(then)
    progress = services.add_item(
        meeting=meeting, said=ItemSaid("report", "Progress of the six strands", f"{ILLUSTRATION}."), by=by, at=then
    )
    services.attach_paper(item=progress, title="Progress of the six strands", content=_PAPER, by=by, at=then)
    round_ = next(iter(_due(board, frozenset({"accept_round"}), at)), None)
    items = [_add(meeting, round_, then)] if round_ else []
    plain = ItemSaid(
        "decision", "One board paper for all partners", "The same paper goes to every partner’s own board."
    )
    items.append(services.add_item(meeting=meeting, said=plain, by=by, at=then))
    lease = ItemSaid(
        "report",
        "Lease of the Mockton centre",
        exempt_reason="Information about somebody’s financial affairs",
        is_exempt=True,
    )
    services.add_item(meeting=meeting, said=lease, by=by, at=then)
    services.call_meeting(meeting=meeting, by=by, at=then)
    members = members_on(by, board.pk, then)
    services.hold_meeting(meeting=meeting, attendance={each.id: "present" for each in members}, by=by, at=then)
    for item in items:
        _decide(item, {each.id: "for" for each in members if each.has_vote}, then)
    for item in meeting.items.order_by("position"):
        services.write_minute(item=item, minute="Discussed and agreed.", version=item.version, by=by, at=then)
    services.set_action(
        item=progress, words="Bring the figures of the third quarter", owner="Perry Testplan", due_on=(at - timedelta(days=2)).date(),
        by=by, at=then,
    )  # fmt: skip
    services.agree_minutes(meeting=meeting, by=by, at=then)


def _decide(item: AgendaItem, votes: dict[object, str], at: datetime) -> None:
    said = DecisionSaid(
        item.title, "The partners gain more together than each alone.", "Go on as before; wait for the next round.",
        organisation_with_code(system(at), "COUNCIL"), dict(votes),  # type: ignore[arg-type]
    )  # fmt: skip
    services.record_decision(item=item, said=said, by=system(at), at=at)


def _today(board: Board, at: datetime) -> None:
    """Called, and begun an hour ago: who keeps the minutes records who is there and what is decided."""
    then = at - timedelta(days=4)
    by = system(then)
    meeting = _meeting(board, at - timedelta(hours=1), then, "Exampleshire House")
    for each in _due(board, frozenset({"name_sponsor"}), at)[:2]:
        _add(meeting, each, then)
    services.add_item(meeting=meeting, said=ItemSaid("other", "Next meeting"), by=by, at=then)
    services.call_meeting(meeting=meeting, by=by, at=then)


def _plan(board: Board, at: datetime, days: int, place: str) -> None:
    _meeting(board, at + timedelta(days=days), at, f"Exampleshire House, room for {place}")


def _scrutiny(board: Board, at: datetime) -> None:
    """Held a month ago; one recommendation waits for its reply, one was answered."""
    then = at - timedelta(days=30)
    by = system(then)
    meeting = _meeting(board, then, then - timedelta(days=10), "Council chamber")
    item = services.add_item(meeting=meeting, said=ItemSaid("report", "How long children wait"), by=by, at=then)
    services.call_meeting(meeting=meeting, by=by, at=then)
    members = members_on(by, board.pk, then)
    services.hold_meeting(meeting=meeting, attendance={each.id: "present" for each in members}, by=by, at=then)
    for code, words, days in (
        ("COUNCIL", "Name the lead member for children formally.", 28), ("NHS", "Publish how long children wait.", 56),
    ):  # fmt: skip
        services.recommend(
            item=item, organisation=organisation_with_code(by, code), words=words,
            reply_due_on=(then + timedelta(days=days)).date(), by=by, at=then,
        )  # fmt: skip
