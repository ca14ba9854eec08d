"""Asking more people to a meeting on its page: who is left to ask, who is told, and who may."""

from __future__ import annotations

import pytest

from joinedup.casework import services
from joinedup.casework.meeting import Purpose
from joinedup.casework.models import Meeting
from joinedup.casework.tests.test_meetings import WHEN, Table, table
from joinedup.casework.tests.test_views import Visitor, words
from joinedup.core.models import OutboxMessage
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team

__all__ = ["table"]
pytestmark = pytest.mark.django_db


def planned(table: Table) -> Meeting:
    return services.plan_meeting(
        case=table.case, purpose=Purpose.REVIEW, when=WHEN, posts=[table.lead], people=[table.mother.pk],
        by=actor_of(table.amira), at=AT,
    )  # fmt: skip


def test_who_is_not_asked_yet_is_offered_asked_and_told(table: Table) -> None:
    meeting = planned(table)
    where = {"case_id": table.case.pk, "meeting_id": meeting.pk}
    amira = Visitor(table.amira)
    assert "Ask more people" in words(amira.open("case_meeting", **where))
    page = words(amira.open("case_meeting_invite", **where))
    assert "Cara" in page
    assert "Sam" in page
    assert "Alex" not in page.partition("Ask more people")[2]  # she is asked already
    before = OutboxMessage.objects.count()
    sent = amira.send(
        "case_meeting_invite", {"posts": [str(table.teacher.pk)], "people": [str(table.father.pk)]}, **where
    )
    assert sent.status_code == 302
    assert {each.post_id or each.person_id for each in meeting.places.all()} == {
        table.lead.pk, table.mother.pk, table.teacher.pk, table.father.pk,
    }  # fmt: skip
    written = OutboxMessage.objects.order_by("pk")[before:]
    assert [each.to for each in written] == [table.cara.email]  # nothing is safe for the father: he is told by somebody
    rest = words(amira.open("case_meeting_invite", **where))
    assert "You are told whom to ring" in rest  # the child can still be asked
    services.invite_to_meeting(meeting=meeting, posts=[], people=[table.child.pk], by=actor_of(table.amira), at=AT)
    nobody = amira.open("case_meeting_invite", **where)
    assert "is asked already" in words(nobody)
    assert "Add to the team around the child" in words(nobody)
    assert "Ask them" not in words(nobody)


def test_nobody_ticked_is_said_and_a_meeting_that_is_over_asks_nobody(table: Table) -> None:
    meeting = planned(table)
    where = {"case_id": table.case.pk, "meeting_id": meeting.pk}
    amira = Visitor(table.amira)
    empty = amira.send("case_meeting_invite", {}, **where)
    assert empty.status_code == 200
    assert "There is a problem" in words(empty)
    services.cancel_meeting(meeting=meeting, reason="Snow.", by=actor_of(table.amira), at=AT)
    assert amira.open("case_meeting_invite", **where).status_code == 403


def test_others_find_nothing(table: Table) -> None:
    meeting = planned(table)
    where = {"case_id": table.case.pk, "meeting_id": meeting.pk}
    ben, _ = make_post(team=make_team(code="SOUTH"), name="Ben")
    assert Visitor(ben).open("case_meeting_invite", **where).status_code == 404
    sent = Visitor(ben).send("case_meeting_invite", {"people": [str(table.father.pk)]}, **where)
    assert sent.status_code == 404
    assert meeting.places.count() == 2
