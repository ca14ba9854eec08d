"""After the decision: allocation, hand-over, closing, telling the referrer; and the inboxes beside the worklists."""

from __future__ import annotations

from typing import Any

import pytest

from joinedup.casework.tests.factories import make_case
from joinedup.front_door import services
from joinedup.front_door.codes import Outcome
from joinedup.front_door.lifecycle import State
from joinedup.front_door.models import CaseNotice, DutyPage, DutyPeriod, Handover, Referral, StaffAllegation
from joinedup.front_door.tests.factories import (
    AT,
    Partnership,
    decided,
    make_partnership,
    places_of,
    search_all,
    send,
    set_duty,
    triage,
    with_family,
)
from joinedup.front_door.tests.pages import Visitor, errors, heading, primary_buttons, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Partnership:
    return make_partnership()


def fresh(referral: Referral) -> Referral:
    referral.refresh_from_db()
    return referral


class TestAllocation:
    def told(self, referral: Referral, team: Any, **more: str) -> dict[str, str]:
        return {"team": str(team.pk), "version": str(fresh(referral).version), **more}

    def test_the_advised_team_is_chosen_already(self, place: Partnership) -> None:
        manager, referral = Visitor(place.accounts["manager"]), decided(place)
        page = manager.open("referral_allocate", referral_id=referral.pk)
        assert heading(page) == "Which team takes this family?"
        assert "North team Advised" in words(page)
        assert f'value="{place.north_team.pk}" checked' in page.content.decode()
        assert "0 of 10" in words(page)
        assert primary_buttons(page) == 1

    def test_chosen_then_once_more_to_be_sure(self, place: Partnership) -> None:
        manager, referral = Visitor(place.accounts["manager"]), decided(place)
        told = self.told(referral, place.north_team)
        check = manager.send("referral_allocate", told, referral_id=referral.pk)
        assert heading(check) == "Allocate to North team?"
        assert fresh(referral).state == State.DECIDED
        done = manager.send("referral_allocate", told | {"is_sure": "yes"}, referral_id=referral.pk)
        assert done.status_code == 302
        assert fresh(referral).team == place.north_team
        assert referral.case is not None
        assert referral.case.reference in words(manager.open("referral", referral_id=referral.pk))

    def test_another_team_needs_a_reason(self, place: Partnership) -> None:
        manager, referral = Visitor(place.accounts["manager"]), decided(place)
        told = self.told(referral, place.south_team)
        assert errors(manager.send("referral_allocate", told, referral_id=referral.pk)) == [
            "Enter why this team takes the family"
        ]
        told |= {"reason": "Knows the grandmother", "is_sure": "yes"}
        assert manager.send("referral_allocate", told, referral_id=referral.pk).status_code == 302

    def test_allocated_already(self, place: Partnership) -> None:
        manager, referral = Visitor(place.accounts["manager"]), decided(place)
        told = self.told(referral, place.north_team, is_sure="yes")
        manager.send("referral_allocate", told, referral_id=referral.pk)
        again = manager.send("referral_allocate", told, referral_id=referral.pk)
        assert "already allocated to North team" in words(again)

    def test_only_the_manager(self, place: Partnership) -> None:
        referral = decided(place)
        assert Visitor(place.accounts["worker"]).open("referral_allocate", referral_id=referral.pk).status_code == 404
        assert Visitor(place.accounts["teacher"]).open("referral_allocate", referral_id=referral.pk).status_code == 404


class TestHandOver:
    def test_preview_receipt_and_what_comes_back(self, place: Partnership) -> None:
        worker, statutory = Visitor(place.accounts["worker"]), Visitor(place.accounts["statutory"])
        referral = decided(place, Outcome.STATUTORY, 4, worry="Rowan has a bruise.")
        preview = worker.open("referral_hand_over", referral_id=referral.pk)
        assert "This is what is sent." in words(preview)
        assert "Rowan has a bruise." in words(preview)
        assert worker.send("referral_hand_over", referral_id=referral.pk).status_code == 302
        handover = Handover.objects.get()
        assert handover.receipt in words(worker.open("referral", referral_id=referral.pk))

        inbox = statutory.open("handovers")
        assert handover.receipt in words(inbox)
        page = statutory.open("handover", handover_id=handover.pk)
        assert "Rowan has a bruise." in words(page)
        assert "Confirm that we have it" in words(page)
        assert statutory.send("handover_receive", handover_id=handover.pk).status_code == 302
        nobody = statutory.send("handover", {"status": "open"}, handover_id=handover.pk)
        assert errors(nobody) == ["Name the worker once the case is open."]
        told = {"status": "open", "worker": "Stella Example", "statutory_reference": "S-1",
                "next_date": "2026-12-01", "next_date_means": "Assessment due"}  # fmt: skip
        assert statutory.send("handover", told, handover_id=handover.pk).status_code == 302
        back = words(worker.open("referral", referral_id=referral.pk))
        assert "Stella Example" in back
        assert "1 December 2026" in back

    def test_nothing_there_for_others(self, place: Partnership) -> None:
        referral = decided(place, Outcome.STATUTORY, 4)
        services.hand_over(referral=referral, by=place.actor("worker"), at=AT)
        handover = Handover.objects.get()
        for who in ("teacher", "key_worker", "worker"):
            visitor = Visitor(place.accounts[who])
            assert visitor.open("handovers").status_code == 404
            assert visitor.open("handover", handover_id=handover.pk).status_code == 404


class TestClosingAndTelling:
    def test_close(self, place: Partnership) -> None:
        worker, referral = Visitor(place.accounts["worker"]), decided(place, Outcome.ADVICE, 1)
        assert "Information and advice" in words(worker.open("referral_close", referral_id=referral.pk))
        assert worker.send("referral_close", referral_id=referral.pk).status_code == 302
        assert fresh(referral).state == State.CLOSED

    def test_what_goes_on_is_not_closed(self, place: Partnership) -> None:
        worker, referral = Visitor(place.accounts["worker"]), decided(place)
        refused = worker.send("referral_close", referral_id=referral.pk)
        assert "goes on to its next place" in words(refused)

    def test_tell_the_referrer(self, place: Partnership) -> None:
        worker, referral = Visitor(place.accounts["worker"]), decided(place)
        page = worker.open("referral_reply", referral_id=referral.pk)
        assert "may be told the decision" in words(page)
        assert referral.reference in words(page)
        missing = worker.send("referral_reply", {"how": "phone", "text": ""}, referral_id=referral.pk)
        assert errors(missing) == ["Enter what they are told"]
        done = worker.send("referral_reply", {"how": "on_screen", "text": "Early help it is."}, referral_id=referral.pk)
        assert done.status_code == 302
        teacher = Visitor(place.accounts["teacher"])
        assert "Early help it is." in words(teacher.open("sent_contact", contact_id=referral.contact_id))
        again = worker.send("referral_reply", {"how": "on_screen", "text": "Again."}, referral_id=referral.pk)
        assert "already been told" in words(again)


class TestDuty:
    def test_red_waits_until_a_named_person_accepts(self, place: Partnership) -> None:
        set_duty(place, "social_worker")
        send(place, is_immediate_danger=True)
        page = DutyPage.objects.get()
        social_worker = Visitor(place.accounts["social_worker"])
        board = social_worker.open("duty")
        assert heading(board) == "Duty"
        assert "I accept this" in words(board)
        assert "Social worker Testerly" in words(board)
        accepted = social_worker.send("duty_accept", page_id=page.pk)
        assert accepted.url == f"/referrals/{page.referral_id}/"
        assert "No red referral is waiting" in words(social_worker.open("duty"))
        second = Visitor(place.accounts["worker"]).send("duty_accept", page_id=page.pk)
        assert second.status_code in {404, 409}

    def test_the_rota(self, place: Partnership) -> None:
        manager = Visitor(place.accounts["manager"])
        assert heading(manager.open("duty_set")) == "Who is on duty"
        told = {
            "turns-count": "1", "turns-0-post": str(place.posts["social_worker"].pk),
            "turns-0-starts_on": "2026-11-18", "turns-0-starts_at": "5pm",
            "turns-0-ends_on": "2026-11-19", "turns-0-ends_at": "9am",
        }  # fmt: skip
        assert manager.send("duty_set", told).url == "/duty/"
        assert DutyPeriod.objects.get().post == place.posts["social_worker"]
        wrong = manager.send("duty_set", told | {"turns-0-ends_on": "2026-11-17"})
        assert errors(wrong) == ["Turn 1: The turn must end after it starts"]
        added = manager.send("duty_set", told | {"turns-add": "1", "turns-0-post": ""})
        assert "Turn 2" in words(added)
        assert errors(added) == []

    def test_who_may(self, place: Partnership) -> None:
        worker = Visitor(place.accounts["worker"])
        assert "Change who is on duty" not in words(worker.open("duty"))
        assert worker.open("duty_set").status_code == 403
        assert Visitor(place.accounts["teacher"]).open("duty").status_code == 404


class TestAllegations:
    def test_from_the_queue_to_its_end(self, place: Partnership) -> None:
        send(place, is_about_staff_member=True, worry="The coach shouted at Rowan.")
        allegation = StaffAllegation.objects.get()
        officer = Visitor(place.accounts["designated"])
        assert allegation.contact.reference in words(officer.open("allegations"))
        page = officer.open("allegation", allegation_id=allegation.pk)
        assert "The coach shouted at Rowan." in words(page)
        assert primary_buttons(page) == 1
        assert officer.send("allegation_take", allegation_id=allegation.pk).status_code == 302
        missing = officer.send("allegation", {"reason": ""}, allegation_id=allegation.pk)
        assert errors(missing) == ["Enter how this ended"]
        assert officer.send("allegation", {"reason": "Not so"}, allegation_id=allegation.pk).url == "/allegations/"
        assert "Not so" in words(officer.open("allegation", allegation_id=allegation.pk))

    def test_nobody_else(self, place: Partnership) -> None:
        send(place, is_about_staff_member=True)
        allegation = StaffAllegation.objects.get()
        for who in ("manager", "social_worker", "teacher", "key_worker"):
            visitor = Visitor(place.accounts[who])
            assert visitor.open("allegations").status_code == 404
            assert visitor.open("allegation", allegation_id=allegation.pk).status_code == 404


class TestNotices:
    @pytest.fixture
    def notice(self, place: Partnership) -> CaseNotice:
        first = with_family(place)
        assert first.family is not None
        make_case(team=place.north_team, family=first.family, lead=place.posts["key_worker"])
        referral = triage(place)
        search_all(place, referral)
        person = places_of(first)[0].person_id
        assert person is not None
        services.identify_person(
            place=places_of(referral)[0], person_id=person, reason="Same", by=place.actor("worker"), at=AT
        )
        return CaseNotice.objects.get()

    def test_acknowledged(self, place: Partnership, notice: CaseNotice) -> None:
        lead = Visitor(place.accounts["key_worker"])
        assert notice.referral.reference in words(lead.open("notices"))
        page = lead.open("notice", notice_id=notice.pk)
        assert notice.case.reference in words(page)
        missing = lead.send("notice", {"what": "acknowledge"}, notice_id=notice.pk)
        assert errors(missing) == ["Enter what you will do"]
        told = {"what": "acknowledge", "response": "I visit tomorrow."}
        assert lead.send("notice", told, notice_id=notice.pk).url == "/notices/"
        front_door = Visitor(place.accounts["worker"])
        assert "I visit tomorrow." in words(front_door.open("referral", referral_id=notice.referral_id))

    def test_sent_back(self, place: Partnership, notice: CaseNotice) -> None:
        manager = Visitor(place.accounts["team_manager"])
        told = {"what": "return", "reason": "Another family"}
        assert manager.send("notice", told, notice_id=notice.pk).url == "/notices/"
        assert fresh(notice.referral).state == State.IN_TRIAGE

    def test_nothing_there_for_another_team(self, place: Partnership, notice: CaseNotice) -> None:
        other = Visitor(place.accounts["other_key_worker"])
        assert notice.referral.reference not in words(other.open("notices"))
        assert other.open("notice", notice_id=notice.pk).status_code == 404
        assert Visitor(place.accounts["teacher"]).open("notice", notice_id=notice.pk).status_code == 404
