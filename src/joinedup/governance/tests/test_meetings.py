"""Meetings with PostgreSQL: planned to agreed, agenda of what is due, papers, interests, minutes, actions, publication."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from joinedup.access.actor import public, system
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.governance import services
from joinedup.governance.models import AgendaItem, Meeting, Paper
from joinedup.governance.queries import decisions as scrutiny
from joinedup.governance.queries import meetings as queries
from joinedup.governance.queries import published
from joinedup.governance.services import ItemSaid
from joinedup.governance.tests.factories import (
    BEGAN,
    EVERYBODY,
    make_meeting,
    make_person,
    make_table,
    said_for,
    terms,
    votes_of,
)
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nA paper."


def refused(call: Any, **said: Any) -> str:
    with pytest.raises(Refused) as found:
        call(**{"at": AT, **said})
    return found.value.rule


def item_of(meeting: Meeting, number: int = 1) -> AgendaItem:
    return meeting.items.get(position=number)


def test_a_meeting_from_planned_to_agreed() -> None:
    table = make_table()
    by = table.chair
    yesterday = AT - timedelta(days=1)
    assert refused(services.plan_meeting, board=table.board, starts_at=yesterday, by=by) == "GV-202"
    later = services.plan_meeting(board=table.board, starts_at=AT + timedelta(hours=3), by=by, at=AT)
    assert refused(services.call_meeting, meeting=later, by=by) == "GV-203"
    assert refused(services.hold_meeting, meeting=later, attendance={}, by=by) == "GV-201"
    services.add_item(meeting=later, said=ItemSaid("report", "How we do"), by=by, at=AT)
    services.call_meeting(meeting=later, by=by, at=AT)
    assert refused(services.hold_meeting, meeting=later, attendance={}, by=by) == "GV-204"
    then = AT + timedelta(hours=4)
    assert refused(services.hold_meeting, meeting=later, attendance={later.pk: "present"}, by=by, at=then) == "GV-212"
    services.hold_meeting(meeting=later, attendance={table.members["icb"].pk: "present"}, by=by, at=then)
    assert dict(later.attendance.values_list("appointment__name", "kind"))["Dcs Testboard"] == "absent"
    assert refused(services.agree_minutes, meeting=later, by=by) == "GV-211"
    services.write_minute(item=item_of(later), minute="Noted.", version=1, by=by, at=then)
    assert refused(services.write_minute, item=item_of(later), minute="Mine.", version=1, by=by) == "CO-1"
    services.agree_minutes(meeting=later, by=by, at=then)
    assert refused(services.write_minute, item=item_of(later), minute="No.", version=2, by=by) == "GV-210"
    assert list(later.steps.order_by("at", "pk").values_list("state", flat=True)) == [
        "planned", "called", "held", "minutes_agreed",
    ]  # fmt: skip
    assert refused(services.cancel_meeting, meeting=later, reason="x", by=by) == "GV-201"


def test_only_its_chair_or_who_keeps_boards_runs_a_meeting() -> None:
    table = make_table()
    meeting = make_meeting(table)
    other = make_person(Role.DIRECTOR, table.organisations["NHS"], "Other Testchair")
    for stranger in (other, table.chiefs["COUNCIL"]):
        with pytest.raises(NotPermitted, match="chairs this one"):
            services.add_item(meeting=meeting, said=ItemSaid("report", "Mine"), by=stranger, at=AT)
        with pytest.raises(NotPermitted):
            queries.due_for_meeting(stranger, meeting)
    for one in (table.chair, table.officer):
        services.add_item(meeting=meeting, said=ItemSaid("report", "Theirs"), by=one, at=AT)


def test_the_agenda_is_made_of_what_is_due() -> None:
    """An overdue action of this board, not of another, once."""
    table = make_table()
    first = make_meeting(table, there=EVERYBODY)
    action = services.set_action(
        item=item_of(first), words="Write the plan", owner="Dcs Testboard", due_on=AT.date() + timedelta(days=2), by=table.chair, at=AT
    )  # fmt: skip
    assert (
        refused(services.set_action, item=item_of(first), words="", owner="x", due_on=AT.date(), by=table.chair)
        == "GV-213"
    )
    month = AT + timedelta(days=30)
    following = services.plan_meeting(board=table.board, starts_at=month, by=table.chair, at=AT)
    (due,) = queries.due_for_meeting(table.chair, following)
    assert (due.kind, due.title, due.matter_id, due.is_overdue) == ("action", "Write the plan", action.pk, False)
    said = ItemSaid(due.kind, due.title, matter_kind=due.matter_kind, matter_id=due.matter_id)
    put = services.add_item(meeting=following, said=said, by=table.chair, at=AT)
    assert refused(services.add_item, meeting=following, said=said, by=table.chair) == "GV-207"
    assert queries.due_for_meeting(table.chair, following) == []
    services.take_off_item(item=put, by=table.chair, at=AT)
    assert len(queries.due_for_meeting(table.chair, following)) == 1
    assert refused(services.finish_action, action=action, words=" ", by=table.chair) == "GV-215"
    services.finish_action(action=action, words="It is written.", by=table.chair, at=AT)
    assert refused(services.finish_action, action=action, words="Again", by=table.chair) == "GV-214"
    assert queries.due_for_meeting(table.chair, following) == []
    assert refused(services.add_item, meeting=first, said=ItemSaid("report", "Late"), by=table.chair) == "GV-205"
    assert refused(services.add_item, meeting=following, said=ItemSaid("report", ""), by=table.chair) == "GV-206"
    assert refused(services.take_off_item, item=item_of(first), by=table.chair) == "GV-205"


def test_papers_are_what_is_in_them_and_stay() -> None:
    table = make_table()
    meeting = make_meeting(table)
    item = item_of(meeting)
    assert (
        refused(services.attach_paper, item=item, title="Photo", content=b"\x89PNG\r\n\x1a\n", by=table.chair)
        == "GV-209"
    )
    made = services.attach_paper(item=item, title="Plan", content=PDF, by=table.chair, at=AT)
    assert (made.kind, made.size, len(made.digest)) == ("pdf", len(PDF), 64)
    assert bytes(queries.paper_for(table.chiefs["NHS"], made.pk).content) == PDF
    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.filter(pk=made.pk).update(title="Another")


def test_an_interest_is_declared_before_it_is_decided() -> None:
    table = make_table()
    meeting = make_meeting(table, there=EVERYBODY)
    item, police = item_of(meeting), table.members["police"].pk
    said = {
        "item": item,
        "appointment_id": police,
        "words": "It is my service.",
        "has_withdrawn": True,
        "by": table.chair,
    }
    assert refused(services.declare_interest, **{**said, "words": ""}) == "GV-216"
    assert refused(services.declare_interest, **{**said, "appointment_id": item.pk}) == "GV-212"
    services.declare_interest(**said, at=AT)
    decided = said_for(table)
    assert refused(services.record_decision, item=item, said=decided, by=table.chair) == "GV-309"
    votes = {each: how for each, how in decided.votes.items() if each != police}
    services.record_decision(item=item, said=said_for(table, votes=votes), by=table.chair, at=AT)
    late = {**said, "appointment_id": table.members["icb"].pk}
    assert refused(services.declare_interest, **late) == "GV-219"


def test_who_declares_again_is_counted_as_they_said_last() -> None:
    """First the member stays, then withdraws: their vote is refused and the quorum is without them; both rows stay."""
    table = make_table()
    there = ("chair", "dcs", "icb")
    meeting = make_meeting(table, there=there)
    item, icb = item_of(meeting), table.members["icb"].pk
    said: dict[str, Any] = {
        "item": item, "appointment_id": icb, "words": "It is our service.", "by": table.chair, "at": AT,
    }  # fmt: skip
    first = services.declare_interest(**said, has_withdrawn=False)
    assert services.declare_interest(**said, has_withdrawn=False).pk == first.pk  # sent twice
    last = services.declare_interest(**{**said, "at": AT + timedelta(minutes=5)}, has_withdrawn=True)
    assert last.pk != first.pk
    assert item.interests.count() == 2
    (shown,) = queries.meeting_page(table.chair, meeting.pk).items[0].interests
    assert shown == ("Icb Testboard", "It is our service.", True)
    decided = said_for(table, votes=votes_of(table, *there))
    assert refused(services.record_decision, item=item, said=decided, by=table.chair) == "GV-302"
    full = make_meeting(table, there=EVERYBODY)
    said["item"] = item_of(full)
    services.declare_interest(**said, has_withdrawn=True)
    assert refused(services.record_decision, item=item_of(full), said=said_for(table), by=table.chair) == "GV-309"
    services.declare_interest(**{**said, "at": AT + timedelta(minutes=5)}, has_withdrawn=False)
    made = services.record_decision(item=item_of(full), said=said_for(table), by=table.chair, at=AT)
    assert made.votes.count() == 5


def test_ending_an_appointment_does_not_rewrite_a_meeting_that_was_held() -> None:
    """Nobody leaves before a meeting they were at (GV-125); who was away may, and stays written down as it was."""
    table = make_table()
    meeting = make_meeting(table, there=("chair", "dcs", "icb", "police"))
    end = {"reason": "Retired.", "by": table.officer}
    before = AT.date() - timedelta(days=1)
    police, away = table.members["police"], table.members["icb2"]
    assert refused(services.end_appointment, appointment=police, ends_on=before, **end) == "GV-125"
    services.end_appointment(appointment=police, ends_on=AT.date(), at=AT, **end)
    services.end_appointment(appointment=away, ends_on=before, at=AT, **end)
    Post.objects.filter(board_appointments=table.members["dcs"]).update(ends_at=AT - timedelta(days=5))
    page = queries.meeting_page(table.officer, meeting.pk)
    assert [(each.name.split()[0], how) for each, how in page.members] == [
        ("Chair", "Present"), ("Dcs", "Present"), ("Icb", "Present"), ("Icb2", "Absent"), ("Police", "Present"),
    ]  # fmt: skip
    assert page.quorum is not None
    assert page.quorum.members == 4
    votes = votes_of(table, "chair", "dcs", "icb", "police")
    made = services.record_decision(item=item_of(meeting), said=said_for(table, votes=votes), by=table.officer, at=AT)
    assert made.votes.count() == 4


def test_exempt_items_are_withheld_from_all_but_the_board() -> None:
    table = make_table()
    secret = ItemSaid("decision", "Close the Mockton centre", "Its lease ends.", "Financial affairs", is_exempt=True)
    assert refused(
        services.add_item, meeting=services.plan_meeting(board=table.board, starts_at=AT, by=table.chair, at=AT),
        said=ItemSaid("report", "x", is_exempt=True), by=table.chair,
    ) == "GV-208"  # fmt: skip
    meeting = make_meeting(table, secret, ItemSaid("report", "How we do"))
    services.attach_paper(item=item_of(meeting), title="Lease of the centre", content=PDF, by=table.chair, at=AT)
    attendance = {each.pk: "present" for each in table.members.values()}
    services.hold_meeting(meeting=meeting, attendance=attendance, by=table.chair, at=AT)
    made = services.record_decision(item=item_of(meeting), said=said_for(table), by=table.chair, at=AT)
    for number in (1, 2):
        services.write_minute(
            item=item_of(meeting, number), minute="The lease is given up.", version=1, by=table.chair, at=AT
        )
    services.agree_minutes(meeting=meeting, by=table.chair, at=AT)
    reader = make_person(Role.PROGRAMME_MANAGER, table.organisations["COUNCIL"], "Perry Testplan")
    seen = queries.meeting_page(reader, meeting.pk).items
    assert (seen[0].title, seen[0].is_withheld, seen[0].decision, seen[0].papers) == ("An exempt item", True, None, ())
    with pytest.raises(NotVisible):
        queries.item_for(reader, item_of(meeting).pk)
    paper = item_of(meeting).papers.get()
    with pytest.raises(NotVisible):
        queries.paper_for(reader, paper.pk)
    board = queries.meeting_page(table.chair, meeting.pk).items
    assert (board[0].title, board[0].decision and board[0].decision.id) == ("Close the Mockton centre", made.pk)
    page = published.published_meeting(public(AT), meeting.pk)
    assert "Mockton" not in repr(page)
    assert "lease is given up" not in repr(page.items[0])
    assert (page.items[0].withheld, page.items[1].minute) == ("Financial affairs", "The lease is given up.")


def test_what_is_published_and_when() -> None:
    """Nothing before a meeting is called; its minutes and decisions once they are agreed."""
    table = make_table()
    planned = services.plan_meeting(board=table.board, starts_at=AT + timedelta(days=9), by=table.chair, at=AT)
    with pytest.raises(NotVisible):
        published.published_meeting(public(AT), planned.pk)
    meeting = make_meeting(table, there=EVERYBODY)
    services.record_decision(item=item_of(meeting), said=said_for(table), by=table.chair, at=AT)
    assert [each.id for each in published.published_meetings(public(AT))] == [meeting.pk]
    assert published.published_meeting(public(AT), meeting.pk).items[0].decision == ""
    services.write_minute(item=item_of(meeting), minute="Agreed.", version=1, by=table.chair, at=AT)
    services.agree_minutes(meeting=meeting, by=table.chair, at=AT)
    item = published.published_meeting(public(AT), meeting.pk).items[0]
    assert (item.decision, item.decided, item.minute) == ("Do it.", "5 for, 0 against; carried", "Agreed.")


def test_the_forward_plan_names_boards_nobody_has_planned_for() -> None:
    table = make_table()
    reader = table.chiefs["NHS"]
    (missing,) = published.forward_plan(reader)
    assert (missing.id, missing.is_late, missing.should_be_by) == (None, True, BEGAN + timedelta(days=62))
    meeting = services.plan_meeting(board=table.board, starts_at=AT + timedelta(days=9), by=table.chair, at=AT)
    services.add_item(meeting=meeting, said=ItemSaid("decision", "Go on"), by=table.chair, at=AT)
    exempt = ItemSaid("decision", "Hidden", exempt_reason="Somebody’s affairs", is_exempt=True)
    services.add_item(meeting=meeting, said=exempt, by=table.chair, at=AT)
    (coming,) = published.forward_plan(reader)
    assert (coming.id, coming.decides, coming.exempt) == (meeting.pk, ("Go on",), 1)


def test_scrutiny_recommends_and_a_reply_is_owed() -> None:
    table = make_table(kind="scrutiny", name="Scrutiny committee")
    nhs, by = table.organisations["NHS"], table.chair
    meeting = make_meeting(table, ItemSaid("report", "Waiting times"), there=EVERYBODY)
    item, due = item_of(meeting), AT.date() + timedelta(days=28)
    assert refused(services.record_decision, item=item, said=said_for(table), by=by) == "GV-305"
    said = {"item": item, "organisation": nhs, "words": "Publish waiting times.", "reply_due_on": due, "by": by}
    assert refused(services.recommend, **{**said, "organisation": None}) == "GV-350"
    made = services.recommend(**said, at=AT)
    later = services.plan_meeting(board=table.board, starts_at=AT + timedelta(days=60), by=by, at=AT)
    assert [each.matter_id for each in queries.due_for_meeting(by, later)] == [made.pk]
    reply = {"recommendation": made, "is_accepted": True, "reply": "From April.", "organisation": nhs}
    with pytest.raises(NotPermitted, match="of that body"):
        services.reply_to_scrutiny(**reply, by=table.chiefs["POLICE"], at=AT)
    chief = table.chiefs["NHS"]
    assert refused(services.reply_to_scrutiny, **{**reply, "reply": ""}, by=chief) == "GV-351"
    services.reply_to_scrutiny(**reply, by=chief, at=AT)
    assert refused(services.reply_to_scrutiny, **reply, by=chief) == "GV-352"
    secret = ItemSaid("report", "A contract", exempt_reason="Financial affairs", is_exempt=True)
    closed = make_meeting(table, secret, there=EVERYBODY)
    hidden = services.recommend(**{**said, "item": item_of(closed), "words": "Look at it again."}, at=AT)
    listed = {each.id: each.may_reply for each in scrutiny.recommendations(chief)}
    assert listed == {made.pk: False, hidden.pk: True}
    assert scrutiny.recommendation_for(chief, hidden.pk) == hidden
    assert {each.id for each in scrutiny.recommendations(by)} == {made.pk, hidden.pk}
    stranger = table.chiefs["POLICE"]
    assert {each.id for each in scrutiny.recommendations(stranger)} == {made.pk}
    with pytest.raises(NotVisible):
        scrutiny.recommendation_for(stranger, hidden.pk)
    other = services.set_up_board(
        kind="trust", host=nhs, said=terms(name="Trust board"), starts_on=BEGAN, by=system(AT), at=AT
    )
    theirs = services.plan_meeting(board=other, starts_at=AT, by=system(AT), at=AT)
    their_item = services.add_item(meeting=theirs, said=ItemSaid("report", "x"), by=system(AT), at=AT)
    assert refused(services.recommend, **{**said, "item": their_item, "by": system(AT)}) == "GV-353"
