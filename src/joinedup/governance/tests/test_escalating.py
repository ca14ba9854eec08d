"""What goes wrong reaches whoever answers for it, once for as long as it stays so; and a meeting goes into a calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.benefits.services import sponsor_strand
from joinedup.benefits.tests.realised import make_realised
from joinedup.core.errors import NotPermitted
from joinedup.core.models import OutboxMessage
from joinedup.governance import services
from joinedup.governance.models import BoardAction, Escalation
from joinedup.governance.services.escalating import ToTell, look_after_escalations, tell_higher
from joinedup.governance.tests.factories import AT, EVERYBODY, make_meeting, make_table
from joinedup.governance.tests.test_risks import _raised
from joinedup.organisations.tests.factories import make_post

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DAY = timedelta(days=1)


def _told() -> list[str]:
    return list(
        OutboxMessage.objects.filter(about_kind="governance.escalation")
        .order_by("created_at")
        .values_list("to", flat=True)
    )


def test_an_action_long_overdue_is_taken_to_the_chair_once() -> None:
    table = make_table()
    meeting = make_meeting(table, there=EVERYBODY)
    item = meeting.items.get()
    action = services.set_action(
        item=item, words="Ask the schools.", owner="Dcs", due_on=AT.date(), by=table.officer, at=AT
    )
    chair = table.members["chair"].post
    assert chair is not None
    assert look_after_escalations(at=AT + 14 * DAY) == 0  # not long enough
    assert look_after_escalations(at=AT + 15 * DAY) == 1
    assert look_after_escalations(at=AT + 16 * DAY) == 0  # told once
    assert _told() == [chair.account.email]
    message = OutboxMessage.objects.get(about_kind="governance.escalation")
    assert "Ask the schools." in message.body
    assert "GV-701" in message.body
    assert AuditEvent.objects.filter(action="governance.escalate", kind="write").count() == 1
    services.finish_action(
        action=BoardAction.objects.get(pk=action.pk), words="Done.", by=table.officer, at=AT + 17 * DAY
    )
    assert look_after_escalations(at=AT + 40 * DAY) == 0


def test_a_risk_over_what_its_board_accepts_is_taken_to_the_chair() -> None:
    table = make_table()
    _raised(table)
    assert look_after_escalations(at=AT + DAY) == 0  # nobody has said what is accepted
    services.set_appetite(
        board=table.board, kind="staff", most=9, source="Minute 4", starts_on=AT.date(), by=table.officer, at=AT
    )
    assert look_after_escalations(at=AT + DAY) == 1
    assert look_after_escalations(at=AT + 2 * DAY) == 0
    assert "accepts 9" in OutboxMessage.objects.get(about_kind="governance.escalation").body


def test_a_lost_benefit_is_taken_to_the_officer_of_its_strand() -> None:
    made = make_realised()
    made.move("lost")
    assert look_after_escalations(at=AT + DAY) == 0  # nobody answers for the strand
    benefit = made.benefit()
    strand = benefit.case.strand
    account, officer = make_post(role=Role.DIRECTOR, employer=strand.sponsor, name="Dora Testdirector")
    sponsor_strand(
        strand=strand, sponsor=strand.sponsor, officer=officer, reason="Minute 3", starts_on=AT.date(), by=made.run.manager, at=AT
    )  # fmt: skip
    assert look_after_escalations(at=AT + DAY) == 1
    assert look_after_escalations(at=AT + 2 * DAY) == 0
    assert _told() == [account.email]
    told = Escalation.objects.get()
    assert (told.kind, told.matter_id, told.post_id) == ("benefit", benefit.pk, officer.pk)
    assert "GV-703" in OutboxMessage.objects.get(about_kind="governance.escalation").body


def test_only_the_program_takes_anything_higher() -> None:
    table = make_table()
    chair = table.members["chair"].post
    assert chair is not None
    matter = ToTell("risk", table.board.pk, AT.date(), chair, "Words", "GV-702")
    with pytest.raises(NotPermitted):
        tell_higher(matter=matter, by=table.officer, at=AT)
    assert not Escalation.objects.exists()


def test_a_meeting_goes_into_a_calendar_without_what_it_is_about() -> None:
    table = make_table()
    meeting = make_meeting(table)
    client = Client()
    account, _ = make_post(role=Role.BOARD_MEMBER, employer=table.organisations["COUNCIL"])
    client.force_login(account, backend=BACKEND)
    answer = client.get(f"/boards/meetings/{meeting.pk}/calendar/")
    words = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert f"UID:{meeting.pk}@joinedup" in words.replace("\r\n ", "")
    assert "STATUS:CONFIRMED" in words
    assert "Go on together" not in words
    assert "Room 1" not in words
    worker, _ = make_post(role=Role.KEY_WORKER)
    client.force_login(worker, backend=BACKEND)
    assert client.get(f"/boards/meetings/{meeting.pk}/calendar/").status_code == 403
