"""Benefits on their pages: asked, shown before it is banked, refused in words; the register has no names."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, connection, transaction

from joinedup.access.roles import Role
from joinedup.benefits.models import AvoidedEvent, BankEntry, Benefit, BusinessCase
from joinedup.benefits.realising import AVOIDED_KINDS, episode_of
from joinedup.benefits.services.avoided import EventSaid, claim_event, release_event
from joinedup.benefits.tests.realised import Realised, make_realised
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.core.errors import NotVisible, Refused
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team

if TYPE_CHECKING:
    from joinedup.casework.models import Case

pytestmark = pytest.mark.django_db


def test_a_director_banks_on_the_pages_and_is_shown_what_stays_behind() -> None:
    made = make_realised()
    made.realise()
    posting, row = made.reduce(3_000_000), made.benefit()
    director, nhs = Visitor(made.run.directors["COUNCIL"]), Visitor(made.run.directors["NHS"])
    nhs.see("benefit_bank", row.pk, status=403)
    assert "Bank it" in director.see("benefit", row.pk)
    assert "Choose the posting" in director.send("benefit_bank", row.pk).content.decode()
    told = {
        "posting": str(posting), "amount": "30,000", "from_provider": "yes", "reason": "Two placements fewer.", "key": "k",
        "provider": "Mock Homes", "fixed_cost": "12,000", "notice_months": "6", "service_at_risk": "A home for four",
    }  # fmt: skip
    assert "Enter the provider" in director.send("benefit_bank", row.pk, **{**told, "provider": ""}).content.decode()
    check = director.send("benefit_bank", row.pk, **told).content.decode()
    for words in ("Check before you bank", "£12,000", "£18,000", "18 May 2027", "A home for four"):
        assert words in check
    assert not BankEntry.objects.exists()
    assert "Two placements fewer." in director.send("benefit_bank", row.pk, **told, change="yes").content.decode()
    assert director.send("benefit_bank", row.pk, **told, confirmed="yes").status_code == 302
    entry = BankEntry.objects.get()
    assert (entry.pence, entry.fixed_cost_pence, entry.notice_months) == (3_000_000, 1_200_000, 6)
    page = nhs.see("benefit", row.pk)
    assert "Mock Homes" in page
    assert "Take it back" not in page
    assert director.send("bank_reverse", entry.pk, reason="Bought again.").status_code == 302
    assert "Taken back" in director.see("benefit", row.pk)


def test_the_manager_moves_a_benefit_on_its_page() -> None:
    made = make_realised()
    assert made.run.manager is not None
    manager, row = Visitor(made.run.manager), made.benefit()
    told = {
        "end": "emerging",
        "reason": "The second quarter.",
        "worth": "0",
        "level": "2",
        "evidence": "Before and after.",
        "differs": "Counted from half of the cases.",
    }
    wrong = manager.send("benefit_move", row.pk, **told, series="").content.decode()
    assert "Choose the series it is measured by" in wrong
    assert manager.send("benefit_move", row.pk, **told, series=str(made.series.pk)).status_code == 302
    page = manager.see("benefit", row.pk)
    assert "Before and after." in page
    assert "Counted from half of the cases. (signed Perry Testplan)" in page
    listed = manager.see("benefits_of_programme", made.run.programme.pk, state="emerging")
    assert "Children in care" in listed
    assert f"/benefits/benefit/{row.pk}/" in listed
    assert f"/benefits/benefit/{made.benefit('CR2.0 NHS').pk}/" not in listed


def around(made: Realised) -> tuple[Visitor, Case]:
    """A key worker of the council who leads a case."""
    team = make_team(host=made.run.organisations["COUNCIL"])
    account, post = make_post(role=Role.KEY_WORKER, team=team, name="Amira Testerly")
    child = make_person(given_name="Rowan", family_name="Testerfield")
    case = make_case(team=team, family=make_family((child, "child")), lead=post)
    return Visitor(actor_of(account, AT)), case


def test_one_event_of_one_person_is_claimed_by_one_strand() -> None:
    made = make_realised()
    amira, case = around(made)
    person = case.people.get().person
    care, violence = made.benefit(), made.benefit("CR2.0 NHS")
    said = EventSaid(person.pk, "care_entry", date(2026, 5, 1), date(2026, 8, 1), "The panel did not need to meet.")
    told: dict[str, Any] = {"case": case, "by": amira.actor, "at": AT}
    claim = claim_event(benefit=care, said=said, **told)
    later = EventSaid(person.pk, "care_entry", date(2026, 8, 1), date(2026, 9, 1), "Again.")
    with pytest.raises(Refused, match="Families together, for 1 May 2026 to 1 August 2026"):
        claim_event(benefit=violence, said=later, **told)
    with pytest.raises(DatabaseError, match="claimed already"), transaction.atomic():
        AvoidedEvent.objects.create(
            benefit=violence, case=claim.case, person=person, kind="care_entry", starts_on=date(2026, 7, 1),
            ends_on=date(2026, 7, 2), why="x", claimed_at=AT,
        )  # fmt: skip
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        AvoidedEvent.objects.update(benefit=violence)
    ben = actor_of(make_post(role=Role.KEY_WORKER, team=make_team(), name="Ben Testerson")[0], AT)
    with pytest.raises(NotVisible):
        claim_event(benefit=care, said=later, case=claim.case, by=ben, at=AT)
    assert made.run.manager is not None
    release_event(event=claim, reason="It happened after all.", by=made.run.manager, at=AT)
    assert claim_event(benefit=violence, said=later, **told).pk
    register = Visitor(made.run.directors["POLICE"]).see("avoided_events", made.run.programme.pk)
    assert "Coming into care" in register
    assert "Testerfield" not in register
    assert str(claim.case_id) not in register


def test_entry_and_months_in_care_are_one_episode() -> None:
    made = make_realised()
    amira, case = around(made)
    person = case.people.get().person
    care, violence = made.benefit(), made.benefit("CR2.0 NHS")
    safer = BusinessCase.objects.create(
        strand=made.run.strands["safer"], reference="BC-9", title="Safer", begun_at=AT, saved_at=AT
    )
    Benefit.objects.filter(pk=violence.pk).update(case=safer)
    violence.refresh_from_db()
    told: dict[str, Any] = {"case": case, "by": amira.actor, "at": AT}
    claim_event(benefit=care, said=EventSaid(person.pk, "care_entry", date(2026, 5, 1), date(2026, 5, 1), "x"), **told)
    months = EventSaid(person.pk, "care_months", date(2026, 5, 2), date(2026, 9, 1), "x")
    with pytest.raises(Refused, match="Families together") as refused:
        claim_event(benefit=violence, said=months, **told)
    assert refused.value.rule == "BN-420"
    row: dict[str, Any] = {
        "benefit": violence, "case": case, "person": person, "kind": "care_months", "starts_on": date(2026, 5, 2),
        "ends_on": date(2026, 9, 1), "why": "x", "claimed_at": AT,
    }  # fmt: skip
    with pytest.raises(DatabaseError, match="claimed already"), transaction.atomic():
        AvoidedEvent.objects.create(**row)
    claim_event(benefit=care, said=months, **told)  # the line itself goes on with its own episode; it counts once
    AvoidedEvent.objects.create(**{**row, "kind": "exclusion"})
    visit = {**row, "kind": "emergency_attendance", "ends_on": date(2026, 5, 2)}
    AvoidedEvent.objects.create(**visit)
    with pytest.raises(DatabaseError, match="claimed already"), transaction.atomic():
        AvoidedEvent.objects.create(**{**visit, "benefit": care, "kind": "hospital_admission"})
    AvoidedEvent.objects.create(**{**visit, "starts_on": date(2026, 6, 1), "ends_on": date(2026, 6, 1)})


def test_the_database_groups_kinds_as_the_program_does() -> None:
    with connection.cursor() as cursor:
        for kind in AVOIDED_KINDS:
            cursor.execute("SELECT benefits_episode_of(%s)", [kind])
            assert cursor.fetchone() == (episode_of(kind),)


def test_claimed_on_the_page_of_a_case() -> None:
    made = make_realised()
    amira, case = around(made)
    person = case.people.get().person
    case_id = case.pk
    assert "Rowan" in amira.see("avoided_event_claim", case_id)
    Visitor(made.run.directors["COUNCIL"]).see("avoided_event_claim", case_id, status=404)
    days = {f"{name}-{part}": value for name in ("starts_on", "ends_on") for part, value in (("day", "1"), ("month", "5"), ("year", "2026"))}  # fmt: skip
    told = {
        "benefit": str(made.benefit().pk),
        "person": str(person.pk),
        "kind": "care_entry",
        "why": "The panel.",
        **days,
    }
    assert amira.send("avoided_event_claim", case_id, **told).status_code == 302
    assert "is claimed already" in amira.send("avoided_event_claim", case_id, **told).content.decode()


def test_the_agreement_and_the_pack_on_their_pages() -> None:
    made = make_realised()
    assert made.run.manager is not None
    programme = made.run.programme.pk
    manager, police = Visitor(made.run.manager), Visitor(made.run.directors["POLICE"])
    assert "have not agreed yet" in police.see("investment", programme)
    days = {"starts_on-day": "1", "starts_on-month": "11", "starts_on-year": "2026"}
    told = {"method": "shapley", "basis": "forecast", "is_capped": "no", **days}
    assert "Say why the partners" in manager.send("investment_decide", programme, **told).content.decode()
    assert manager.send("investment_decide", programme, **told, reason="Board.").status_code == 302
    row = made.run.programme.investment_agreements.get()
    page = police.see("investment", programme)
    assert "have not agreed yet" in page
    assert "Sign version 1" in page
    assert "Sign version" not in manager.see("investment", programme)
    manager.see("settlement_sign", row.pk, status=403)
    assert "Enter where your body’s decision" in police.send("settlement_sign", row.pk).content.decode()
    day = {"signed_on-day": "18", "signed_on-month": "11", "signed_on-year": "2026"}
    body = str(made.run.organisations["POLICE"].pk)
    assert police.send("settlement_sign", row.pk, body=body, minute="Minute 4", **day).status_code == 302
    assert "There is nothing left for you to sign" in police.see("settlement_sign", row.pk)
    assert "waits for Exampleshire Council, Exampleshire" in police.see("investment", programme)
    made.sign(row, "COUNCIL", "NHS")
    assert "settle by shapley" in police.see("investment", programme, basis="measured", capped="yes")
    fund = made.shared.fund
    assert fund is not None
    assert manager.send("investment_propose", programme, fund=str(fund.pk)).status_code == 302
    assert manager.send("investment_freeze", programme, quarter="2026-2").status_code == 302
    assert "Waits for a decision" in manager.see("investment", programme)
    meeting = {"meeting_on-day": "3", "meeting_on-month": "12", "meeting_on-year": "2026"}
    assert manager.send("directors_pack_freeze", programme, **meeting).status_code == 302
    frozen = made.run.programme.packs.get()
    page = police.see("directors_pack_frozen", frozen.pk)
    assert "What must I decide?" in page.partition('<h2 class="govuk-heading-l app-page-break">The evidence')[0]
    assert police.answer("directors_pack_file", frozen.pk, "xlsx").content.startswith(b"PK")
    assert police.answer("directors_pack_file", frozen.pk, "csv").status_code == 404
    assert "As it would be today" in police.see("directors_pack", programme)
    position = made.run.programme.positions.get()
    quarter = police.see("investment_quarter", position.pk)
    assert "No earlier quarter was frozen" in quarter
    assert "As it stood on 30 September 2026" in quarter


def test_net_values_of_a_programme_open_the_round_they_are_of() -> None:
    made = make_realised()
    page = Visitor(made.run.directors["POLICE"]).see("programme", made.run.programme.pk)
    assert f'href="/benefits/rounds/{made.round.pk}/"' in page
