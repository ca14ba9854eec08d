"""Decisions with PostgreSQL: what a board may decide, on which evidence, whose approval it needs, and what it does, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.benefits.models import Programme
from joinedup.benefits.services import cases
from joinedup.benefits.tests.factories import make_programme
from joinedup.benefits.tests.test_cases_services import filled
from joinedup.cli.keeper import NOW_AND_THEN
from joinedup.core.errors import NotPermitted, Refused
from joinedup.funds import services as money
from joinedup.funds.models import Authorisation, PartnershipAgreement, Virement
from joinedup.funds.tests.factories import Shared, make_agreement, make_open, make_ready
from joinedup.governance import rules, services
from joinedup.governance.effects import Body, effect_of
from joinedup.governance.lifecycle import DecisionState
from joinedup.governance.models import AgendaItem, Decision, Effected, EffectRefused, RoundAcceptance
from joinedup.governance.queries import decisions as queries
from joinedup.governance.services import ItemSaid, deciding
from joinedup.governance.tests.factories import (
    BEGAN,
    EVERYBODY,
    Table,
    make_meeting,
    make_person,
    make_table,
    said_for,
    votes_of,
)
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db
TODAY = AT.date()


def refused(call: Any, **said: Any) -> str:
    with pytest.raises(Refused) as found:
        call(**{"at": AT, **said})
    return found.value.rule


def held(table: Table, *items: ItemSaid, there: tuple[str, ...] = EVERYBODY) -> AgendaItem:
    return make_meeting(table, *items, there=there).items.get(position=1)


def empower(table: Table, kind: str, pence: int | None = None) -> None:
    services.give_power(
        board=table.board, kind=kind, limit_pence=pence, source="Cabinet, 4 March 2025, minute 12", starts_on=BEGAN,
        by=table.officer, at=AT,
    )  # fmt: skip


def about(kind: str, matter_id: Any) -> ItemSaid:
    return ItemSaid("decision", "What waits", matter_kind=kind, matter_id=matter_id)


def approve(table: Table, made: Decision, code: str, by: Actor | None = None, **said: Any) -> Any:
    plain = {"agrees": True, "body": "Cabinet", "approved_on": TODAY, "minute": "17"}
    return services.record_approval(
        organisation=table.organisations[code], decision=made, by=by or table.chiefs[code], at=AT, **(plain | said)
    )


def state_of(made: Decision, viewer: Actor) -> DecisionState:
    return queries.decision_page(viewer, made.pk).state


# --- What a board may decide.


def test_a_decision_in_words_stands_when_it_is_carried() -> None:
    table = make_table()
    made = services.record_decision(item=held(table), said=said_for(table), by=table.chair, at=AT)
    page = queries.decision_page(table.officer, made.pk)
    assert (page.state, page.row.vote_words, page.is_intact) == ("in_effect", "5 for, 0 against; carried", True)
    assert len(page.votes) == 5
    lost = said_for(table, votes=votes_of(table, *EVERYBODY, how="against"))
    other = services.record_decision(item=held(table), said=lost, by=table.chair, at=AT)
    assert state_of(other, table.officer) == "not_carried"
    assert not Effected.objects.filter(decision=other).exists()
    for change in ({"what": "Another"}, {"carried": True}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Decision.objects.filter(pk=other.pk).update(**change)


def test_what_is_refused_before_anything_is_written() -> None:
    table = make_table()
    item = held(table)
    record = {"item": item, "by": table.chair}
    for wrong, code in (
        ({"what": ""}, "GV-306"), ({"why": ""}, "GV-306"), ({"options": ""}, "GV-306"), ({"maker": None}, "GV-308"),
        ({"votes": {}}, "GV-311"), ({"votes": {item.pk: "for"}}, "GV-310"),
    ):  # fmt: skip
        assert refused(services.record_decision, **record, said=said_for(table, **wrong)) == code
    called = make_meeting(table).items.get(position=1)
    assert refused(services.record_decision, item=called, said=said_for(table), by=table.chair) == "GV-301"
    with pytest.raises(NotPermitted):
        services.record_decision(item=item, said=said_for(table), by=table.chiefs["NHS"], at=AT)
    assert not Decision.objects.exists()
    services.record_decision(**record, said=said_for(table), at=AT)
    assert refused(services.record_decision, **record, said=said_for(table)) == "GV-307"


@pytest.mark.parametrize("there", [("chair", "icb"), ("icb", "icb2"), ("chair",)])
def test_out_of_quorum_nothing_is_decided(there: tuple[str, ...]) -> None:
    table = make_table()
    item = held(table, there=there)
    said = said_for(table, votes=votes_of(table, *there))
    assert refused(services.record_decision, item=item, said=said, by=table.chair) == "GV-302"
    assert not Decision.objects.exists()


def test_who_withdraws_is_not_there_for_that_item() -> None:
    """Three of two bodies are there; one withdraws, and the board is out of quorum for that item alone."""
    table = make_table()
    meeting = make_meeting(
        table, ItemSaid("decision", "One"), ItemSaid("decision", "Two"), there=("chair", "dcs", "icb")
    )
    one, two = meeting.items.order_by("position")
    services.declare_interest(
        item=one, appointment_id=table.members["icb"].pk, words="Ours.", has_withdrawn=True, by=table.chair, at=AT
    )
    votes = votes_of(table, "chair", "dcs")
    assert refused(services.record_decision, item=one, said=said_for(table, votes=votes), by=table.chair) == "GV-302"
    services.record_decision(item=two, said=said_for(table, votes=votes), by=table.chair, at=AT)


# --- Virements.


def waiting_virement(pence: int = 9_000_000) -> tuple[Shared, Virement]:
    shared = make_open(make_agreement())
    made = money.ask_virement(
        from_line=shared.lines["SHORT-council"], to_line=shared.lines["CAMHS-nhs"], pence=pence, reason="Children wait.",
        by=shared.pool_manager, at=AT,
    )  # fmt: skip
    return shared, made


def test_a_board_approves_a_virement_above_the_officers_limit() -> None:
    """Decided in quorum and within its power; it is posted when the host has recorded its own approval, and not before."""
    table = make_table()
    _, virement = waiting_virement()
    empower(table, "approve_virement", 10_000_000)
    item = held(table, about("approve_virement", virement.pk))
    made = services.record_decision(item=item, said=said_for(table), by=table.chair, at=AT)
    assert (made.pence, made.evidence["pence"]) == (9_000_000, 9_000_000)
    assert state_of(made, table.officer) == "waiting"
    virement.refresh_from_db()
    assert virement.state == "asked"
    assert refused(services.carry_out_decision, decision=made, by=table.officer) == "GV-340"
    approve(table, made, "COUNCIL")
    virement.refresh_from_db()
    assert (virement.state, virement.decision) == ("approved", f"Public services board, decision {made.reference}")
    assert virement.entry_id is not None
    done = Effected.objects.get(decision=made)
    assert done.words.startswith("£90,000.00 moved from SHORT-council to CAMHS-nhs")
    assert refused(services.carry_out_decision, decision=made, by=table.officer) == "GV-340"
    with pytest.raises(DatabaseError), transaction.atomic():
        Effected.objects.create(decision=made, words="Twice", at=AT)


def test_without_the_power_or_beyond_it_a_virement_is_not_decided() -> None:
    table = make_table()
    _, virement = waiting_virement()
    item = held(table, about("approve_virement", virement.pk))
    assert refused(services.record_decision, item=item, said=said_for(table), by=table.chair) == "GV-303"
    empower(table, "approve_virement", 8_999_999)
    assert refused(services.record_decision, item=item, said=said_for(table), by=table.chair) == "GV-304"
    assert not Decision.objects.exists()


def test_what_changed_since_it_was_decided_is_not_carried_out() -> None:
    """The virement is settled elsewhere between decision and approval: the approval stands, the effect is refused with the
    rule, and nothing is posted twice."""
    table = make_table()
    shared, virement = waiting_virement()
    empower(table, "approve_virement")
    made = services.record_decision(
        item=held(table, about("approve_virement", virement.pk)), said=said_for(table), by=table.chair, at=AT
    )
    name = {"agreement": shared.agreement, "level": "cabinet", "by": shared.chiefs["council"], "at": AT}
    post = next(iter(shared.chiefs["nhs"].post_ids))
    money.name_authority(**name, post=Post.objects.get(pk=post))
    money.approve_virement(virement=virement, decision="Cabinet, minute 3", by=shared.chiefs["nhs"], at=AT)
    approve(table, made, "COUNCIL")
    page = queries.decision_page(table.officer, made.pk)
    assert (page.state, [each[2] for each in page.refusals]) == ("ready", ["GV-312"])
    again = services.carry_out_decision(decision=made, by=table.officer, at=AT)
    assert isinstance(again, EffectRefused)
    assert EffectRefused.objects.filter(decision=made).count() == 1
    assert not Effected.objects.filter(decision=made).exists()


def test_the_rules_of_the_part_hold_and_leave_nothing_half_done() -> None:
    """More was spent from the line since: what it has left no longer reaches, so funds refuses and its rule is written down."""
    table = make_table()
    shared, virement = waiting_virement(1_200_000_000)
    empower(table, "approve_virement")
    made = services.record_decision(
        item=held(table, about("approve_virement", virement.pk)), said=said_for(table), by=table.chair, at=AT
    )
    other = money.ask_virement(
        from_line=shared.lines["SHORT-council"], to_line=shared.lines["CAMHS-council"], pence=900_000_000,
        reason="Also.", by=shared.pool_manager, at=AT,
    )  # fmt: skip
    money.approve_virement(virement=other, decision="Council, minute 1", by=system(AT), at=AT)
    approve(table, made, "COUNCIL")
    virement.refresh_from_db()
    assert (virement.state, virement.entry_id) == ("asked", None)
    assert EffectRefused.objects.get(decision=made).rule == "FU-166"


# --- Partners, call-in.


def test_each_partner_answers_for_itself_once() -> None:
    table = make_table()
    agreement = signed_by_both()
    empower(table, "sign_agreement")
    made = services.record_decision(
        item=held(table, about("sign_agreement", agreement.pk)), said=said_for(table), by=table.chair, at=AT
    )
    with pytest.raises(NotPermitted, match="of that partner"):
        approve(table, made, "NHS", by=table.chiefs["COUNCIL"])
    director = make_person(Role.DIRECTOR, table.organisations["NHS"], "Icb Testdirector")
    for code, wrong in (
        ("GV-320", {"code": "POLICE"}), ("GV-322", {"minute": " "}), ("GV-322", {"body": ""}),
        ("GV-323", {"approved_on": TODAY + timedelta(days=1)}), ("GV-325", {"by": director}),
    ):  # fmt: skip
        with pytest.raises(Refused) as found:
            approve(table, made, **{"code": "NHS", **wrong})
        assert found.value.rule == code
    approve(table, made, "NHS")
    with pytest.raises(Refused, match="already"):
        approve(table, made, "NHS")
    assert [each.id for each in queries.waiting_for_viewer(table.chiefs["COUNCIL"])] == [made.pk]
    assert queries.waiting_for_viewer(table.chiefs["NHS"]) == []
    approve(table, made, "COUNCIL", agrees=False)
    assert state_of(made, table.officer) == "refused"
    agreement.refresh_from_db()
    assert agreement.state == "ready"
    assert not Authorisation.objects.exists()


def test_scrutiny_calls_in_and_it_waits() -> None:
    table = make_table(call_in_days=5)
    scrutiny = make_table(kind="scrutiny", name="Scrutiny", call_in_days=0)
    member = make_person(Role.SCRUTINY_MEMBER, table.organisations["COUNCIL"], "Scott Testscrutiny")
    made = services.record_decision(item=held(table), said=said_for(table), by=table.chair, at=AT)
    assert made.call_in_until is not None
    assert (made.call_in_until - TODAY).days == 7  # five working days from a Wednesday
    assert state_of(made, table.officer) == "call_in_open"
    with pytest.raises(NotPermitted, match="sits on a scrutiny committee"):
        services.call_in_decision(decision=made, reason="Why?", by=member, at=AT)
    services.appoint_member(
        seat=scrutiny.seats["young"], post=Post.objects.get(pk=next(iter(member.post_ids))), how="Council, minute 2",
        starts_on=BEGAN, by=table.officer, at=AT,
    )  # fmt: skip
    assert refused(services.call_in_decision, decision=made, reason=" ", by=member) == "GV-331"
    services.call_in_decision(decision=made, reason="Nobody asked the families.", by=member, at=AT)
    assert refused(services.call_in_decision, decision=made, reason="Again", by=member) == "GV-330"
    month = AT + timedelta(days=30)
    assert services.put_decisions_into_effect(at=month) == 0
    assert refused(services.answer_call_in, decision=made, is_confirmed=True, words="", by=table.chair) == "GV-119"
    services.answer_call_in(decision=made, is_confirmed=True, words="They were asked since.", by=table.chair, at=month)
    assert state_of(made, table.officer) == "in_effect"
    assert refused(services.answer_call_in, decision=made, is_confirmed=False, words="x", by=table.chair) == "GV-332"
    other = services.record_decision(item=held(table), said=said_for(table), by=table.chair, at=AT)
    services.call_in_decision(decision=other, reason="This too.", by=member, at=AT)
    services.answer_call_in(decision=other, is_confirmed=False, words="It is not to be.", by=table.chair, at=AT)
    assert state_of(other, table.officer) == "set_aside"


def test_it_takes_effect_by_itself_when_the_days_for_a_call_in_are_over() -> None:
    table = make_table(call_in_days=5)
    made = services.record_decision(item=held(table), said=said_for(table), by=table.chair, at=AT)
    assert services.put_decisions_into_effect(at=AT + timedelta(days=7)) == 0
    assert services.put_decisions_into_effect(at=AT + timedelta(days=8)) == 1
    assert services.put_decisions_into_effect(at=AT + timedelta(days=9)) == 0
    assert Effected.objects.get(decision=made).at == AT + timedelta(days=8)


# --- Agreements, business cases, sponsors.


def signed_by_both() -> PartnershipAgreement:
    shared = make_agreement()
    make_ready(shared)
    return PartnershipAgreement.objects.get(pk=shared.agreement.pk)


def test_an_agreement_is_signed_in_the_name_of_each_chief_finance_officer() -> None:
    table = make_table()
    agreement = signed_by_both()
    empower(table, "sign_agreement")
    made = services.record_decision(
        item=held(table, about("sign_agreement", agreement.pk)), said=said_for(table), by=table.chair, at=AT
    )
    approve(table, made, "COUNCIL")
    assert not Authorisation.objects.exists()
    approve(table, made, "NHS")
    agreement.refresh_from_db()
    assert agreement.state == "open"
    assert set(Authorisation.objects.values_list("by", flat=True)) == {
        table.chiefs[code].account_id for code in ("COUNCIL", "NHS")
    }
    assert "is signed by 2 partners and open" in Effected.objects.get(decision=made).words


def test_a_round_is_accepted_as_it_was_kept() -> None:
    table = make_table()
    run = make_programme()
    case = filled(run)
    kept = cases.keep_round(case=case, why="", version=2, by=run.manager, at=AT)
    empower(table, "accept_round")
    effect = effect_of("accept_round")
    assert effect is not None
    assert [each.id for each in effect.waiting(table.officer)] == [kept.pk]
    made = services.record_decision(
        item=held(table, about("accept_round", kept.pk)), said=said_for(table), by=table.chair, at=AT
    )
    for code in ("COUNCIL", "NHS", "POLICE"):
        assert not RoundAcceptance.objects.exists()
        approve(table, made, code)
    accepted = RoundAcceptance.objects.get()
    assert (accepted.round_id, accepted.digest, accepted.decision_id) == (kept.pk, kept.digest, made.pk)
    assert effect.waiting(table.officer) == []
    again = held(table, about("accept_round", kept.pk))
    assert refused(services.record_decision, item=again, said=said_for(table), by=table.chair) == "GV-312"


def test_a_sponsor_is_appointed_with_the_officer_who_answers() -> None:
    table = make_table()
    run = make_programme()
    empower(table, "name_sponsor")
    strand = run.strands["safer"]
    item = held(table, about("name_sponsor", strand.pk))
    nhs = table.organisations["NHS"]
    officer = next(iter(table.chiefs["NHS"].post_ids))
    wrong = {"sponsor": str(item.pk), "officer": str(officer)}
    assert refused(services.record_decision, item=item, said=said_for(table, chosen=wrong), by=table.chair) == "GV-313"
    chosen = {"sponsor": str(nhs.pk), "officer": str(officer)}
    made = services.record_decision(item=item, said=said_for(table, chosen=chosen), by=table.chair, at=AT)
    page = queries.decision_page(table.officer, made.pk)
    assert (page.waits_for, page.is_intact) == ((nhs.name,), True)
    assert dict(page.chosen)["Chosen: sponsor"] == nhs.name
    assert "Chief NHS Testpound" in dict(page.chosen)["Chosen: officer"]
    approve(table, made, "NHS")
    strand.refresh_from_db()
    assert (strand.sponsor_id, strand.officer_id) == (nhs.pk, officer)
    assert strand.sponsorships.get(ends_on=None).reason == f"Public services board, decision {made.reference}"
    assert Programme.objects.count() == 1


def test_an_officer_of_another_body_is_not_decided_on() -> None:
    """What could never have effect is refused when it is decided (GV-313); who went to another body since, by the programme
    (BN-114): the strand is as it was."""
    table = make_table()
    run = make_programme()
    empower(table, "name_sponsor")
    strand = run.strands["safer"]
    item = held(table, about("name_sponsor", strand.pk))
    post = Post.objects.get(pk=next(iter(table.chiefs["NHS"].post_ids)))
    chosen = {"sponsor": str(table.organisations["NHS"].pk), "officer": str(post.pk)}
    stranger = {**chosen, "officer": str(next(iter(table.chiefs["COUNCIL"].post_ids)))}
    with pytest.raises(Refused, match="holds a post at Exampleshire Integrated Care Board") as found:
        services.record_decision(item=item, said=said_for(table, chosen=stranger), by=table.chair, at=AT)
    assert (found.value.rule, found.value.field) == ("GV-313", "chosen_officer")
    assert not Decision.objects.exists()
    made = services.record_decision(item=item, said=said_for(table, chosen=chosen), by=table.chair, at=AT)
    council = table.organisations["COUNCIL"]
    Post.objects.filter(pk=post.pk).update(host=council, employer=council)
    services.record_approval(
        organisation=table.organisations["NHS"], decision=made, agrees=True, body="Its board", approved_on=TODAY, minute="17",
        by=system(AT), at=AT,
    )  # fmt: skip
    strand.refresh_from_db()
    assert strand.sponsor_id == table.organisations["POLICE"].pk
    assert EffectRefused.objects.get(decision=made).rule == "BN-114"


# --- What another decision, another day or another failure must not upset.


def test_two_boards_accept_one_round_and_the_second_is_written_down_as_too_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both saw the round waiting. The database lets one acceptance stand; the other board’s last answer is kept all the
    same, with the rule that stopped its effect."""
    table = make_table()
    run = make_programme()
    kept = cases.keep_round(case=filled(run), why="", version=2, by=run.manager, at=AT)
    empower(table, "accept_round")
    item = about("accept_round", kept.pk)
    first, second = [
        services.record_decision(item=held(table, item), said=said_for(table), by=table.chair, at=AT) for _ in range(2)
    ]
    effect = effect_of("accept_round")
    assert effect is not None
    waiting = effect.look(system(AT), kept.pk)
    for code in ("COUNCIL", "NHS", "POLICE"):
        approve(table, first, code)
    monkeypatch.setattr(effect, "look", lambda viewer, matter_id: waiting)  # read before the first was committed
    for code in ("COUNCIL", "NHS", "POLICE"):
        approve(table, second, code)
    assert RoundAcceptance.objects.get().decision_id == first.pk
    assert EffectRefused.objects.get(decision=second).rule == "GV-312"
    assert second.approvals.count() == 3
    assert not Effected.objects.filter(decision=second).exists()


def test_a_fault_of_the_database_that_is_no_second_settling_is_not_taken_for_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Anything else than a row that is there already is a bug: it is raised, and the answer is not half recorded."""
    table = make_table()
    _, virement = waiting_virement()
    empower(table, "approve_virement")
    made = services.record_decision(
        item=held(table, about("approve_virement", virement.pk)), said=said_for(table), by=table.chair, at=AT
    )

    def broken(*args: Any, **kwargs: Any) -> str:
        raise IntegrityError("a check of a table")

    monkeypatch.setattr(effect_of("approve_virement"), "carry_out", broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        approve(table, made, "COUNCIL")
    assert not made.approvals.exists()
    assert not EffectRefused.objects.exists()


def test_one_decision_that_fails_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keeper puts the rest into effect and then reports; what a part refused is not tried every ten minutes."""
    table = make_table(call_in_days=5)
    one, two, three = [
        services.record_decision(item=held(table), said=said_for(table), by=table.chair, at=AT) for _ in range(3)
    ]
    effect = deciding._effect

    def once(decision: Decision, *, by: Actor, at: datetime) -> str:
        if decision.pk == one.pk:
            raise RuntimeError("something of this one is broken")
        if decision.pk == two.pk:
            raise rules.MATTER_GONE.refused(why="it was settled.")
        return effect(decision, by=by, at=at)

    monkeypatch.setattr(deciding, "_effect", once)
    later = AT + timedelta(days=8)
    with pytest.raises(RuntimeError, match="this one is broken"):
        services.put_decisions_into_effect(at=later)
    assert list(Effected.objects.values_list("decision_id", flat=True)) == [three.pk]
    assert list(EffectRefused.objects.values_list("decision_id", flat=True)) == [two.pk]
    monkeypatch.undo()
    assert services.put_decisions_into_effect(at=later) == 1
    assert set(Effected.objects.values_list("decision_id", flat=True)) == {one.pk, three.pk}
    assert isinstance(services.carry_out_decision(decision=two, by=table.officer, at=later), Effected)


def test_the_keeper_puts_decisions_into_effect() -> None:
    assert "joinedup.governance.services:put_decisions_into_effect" in NOW_AND_THEN


def test_a_partner_cannot_have_answered_before_the_papers_went_out() -> None:
    """Called three days before it was held: an answer of that day stands, one of the day before is refused (GV-326); what was
    put on the agenda after that could be answered from then on."""
    table = make_table()
    agreement = signed_by_both()
    empower(table, "sign_agreement")
    called = AT - timedelta(days=3)
    by = system(called)
    meeting = services.plan_meeting(board=table.board, starts_at=AT - timedelta(hours=1), by=by, at=called)
    services.add_item(meeting=meeting, said=about("sign_agreement", agreement.pk), by=by, at=called)
    services.call_meeting(meeting=meeting, by=by, at=called)
    services.add_item(meeting=meeting, said=ItemSaid("decision", "Late"), by=system(AT), at=AT)
    attendance = {each.pk: "present" for each in table.members.values()}
    services.hold_meeting(meeting=meeting, attendance=attendance, by=table.chair, at=AT)
    signed, late = meeting.items.order_by("position")
    made = services.record_decision(item=signed, said=said_for(table), by=table.chair, at=AT)
    day = called.date()
    with pytest.raises(Refused, match="15 November 2026") as found:
        approve(table, made, "NHS", approved_on=day - timedelta(days=1))
    assert (found.value.rule, found.value.field) == ("GV-326", "approved_on")
    assert approve(table, made, "NHS", approved_on=day).approved_on == day
    nhs = table.organisations["NHS"]
    said = said_for(table, bodies=(Body(nhs.pk, nhs.name),))
    words = services.record_decision(item=late, said=said, by=table.chair, at=AT)
    with pytest.raises(Refused, match="18 November 2026"):
        approve(table, words, "NHS", approved_on=day)
    approve(table, words, "NHS")
