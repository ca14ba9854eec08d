"""Proposing an indicator a page at a time; a second person agrees; what it would do is told beforehand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.information_sharing import queries, services
from joinedup.information_sharing.indicators import Condition, Joined, Weight
from joinedup.information_sharing.lifecycle import (
    PROPOSAL_LABELS,
    PROPOSAL_MOVES,
    PROPOSAL_OWNERS,
    UNDECIDED,
    ProposalState,
    may_move_proposal,
)
from joinedup.information_sharing.models import Indicator, IndicatorProposal, IndicatorVersion
from joinedup.information_sharing.services import ItemTerms, ProposalChanges
from joinedup.information_sharing.tests.factories import AT, TODAY, World, make_agreement, make_world
from joinedup.person_index.services import import_observations
from joinedup.person_index.tests.factories import make_record

ATTENDANCE = Condition("attendance", below=Decimal(85))
MISSING = Condition("missing_episode", times=2)
SHARED = tuple(ItemTerms(code, code, f"Why {code}.") for code in ("attendance", "missing_episode"))


def test_every_state_of_a_proposal_has_its_moves_its_words_and_its_owner() -> None:
    assert set(PROPOSAL_MOVES) == set(PROPOSAL_LABELS) == set(PROPOSAL_OWNERS) == set(ProposalState)
    assert {state for state, ends in PROPOSAL_MOVES.items() if ends} == UNDECIDED
    assert {state for state in ProposalState if may_move_proposal(state, ProposalState.AGREED)} == {
        ProposalState.PROPOSED
    }
    assert all(PROPOSAL_OWNERS[state] != "nobody" for state in UNDECIDED)


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    made.agreement = make_agreement(
        parties=[(made.council, ()), (made.school, SHARED)], askers=[(made.council, made.posts["Amira"])],
        answerers=[(made.school, made.posts["Rowan"])], purposes=("find_early",),
    )  # fmt: skip
    return made


def written(world: World, **changes: Any) -> IndicatorProposal:
    """A proposal with everything said, by Iris."""
    by = world.by("Iris")
    begun = services.begin_proposal(name="Away or missing", wording="Is often away from school.", by=by, at=AT)
    said = {
        "conditions": (ATTENDANCE, MISSING), "joined": Joined.ANY, "window_days": 90, "ages": (5, 17),
        "weight": Weight.STRONG, "ground": (world.agreement.reference, "public_task"),
        "review_on": TODAY + timedelta(days=200),
    } | changes  # fmt: skip
    return services.change_proposal(proposal=begun, changes=ProposalChanges(**said), by=by, at=AT)


def proposed(world: World, **changes: Any) -> IndicatorProposal:
    return services.propose_indicator(proposal=written(world, **changes), by=world.by("Iris"), at=AT)


def agree(world: World, proposal: IndicatorProposal, name: str = "Marlow", **said: Any) -> IndicatorVersion:
    told = {"agreed_by": "The partnership board", "agreed_on": TODAY} | said
    return services.agree_indicator(proposal=proposal, by=world.by(name), at=AT, **told)


def pupils(world: World, number: int, attendance: int = 70) -> None:
    for each in range(number):
        make_record(agency=world.school, agency_reference=f"P{each}", given_name=f"Isla{each}",
                    family_name="Testerwick", birth_date=date(2014, 5, 2) + timedelta(days=each))  # fmt: skip
    lines = "\n".join(f"P{each},attendance,2026-11-02,{attendance}" for each in range(number))
    content = f"reference,kind,date,value\n{lines}".encode()
    import_observations(agency_code=world.school.code, file_name="s.csv", content=content, by=system(AT), at=AT)


# --- Two people.


def test_what_one_proposes_another_agrees_to_and_it_is_in_use(world: World) -> None:
    pupils(world, 1)
    proposal = proposed(world)
    assert not IndicatorVersion.objects.exists()
    assert queries.listed_children(world.by("Amira")).listed == 0
    made = agree(world, proposal)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.made_id, made.joined, len(made.conditions)) == ("agreed", made.pk, "any", 2)
    assert queries.listed_children(world.by("Amira")).listed == 1
    seen = queries.indicator_seen(world.by("Amira"), made.indicator_id)
    assert seen.now.two_people == "Proposed by Iris Testguard, agreed to here by Marlow Testington"
    assert AuditEvent.objects.filter(action="information_sharing.agree_indicator", kind="write").count() == 1


@pytest.mark.parametrize("name", ["Iris", "Amira", "Rowan"])
def test_whoever_proposed_it_and_whoever_may_not_agree_do_not(world: World, name: str) -> None:
    proposal = proposed(world)
    with pytest.raises(NotPermitted):
        agree(world, proposal, name)
    with pytest.raises(NotPermitted):
        services.decline_indicator(proposal=proposal, reason="No.", by=world.by(name), at=AT)
    assert not IndicatorVersion.objects.exists()


def test_the_database_holds_it_too(world: World) -> None:
    proposal = proposed(world)
    made = agree(world, proposal)
    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorProposal.objects.filter(pk=proposal.pk).update(decided_by=world.accounts["Iris"].pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorProposal.objects.filter(pk=proposal.pk).update(made=None)
    assert made.number == 1


@pytest.mark.parametrize("name", ["Amira", "Rowan", "Dev"])
def test_others_neither_write_nor_read_proposals(world: World, name: str) -> None:
    proposal = proposed(world)
    by = world.by(name)
    with pytest.raises(NotPermitted):
        services.begin_proposal(name="Mine", wording="Says a thing or two.", by=by, at=AT)
    with pytest.raises(NotPermitted):
        queries.proposal_seen(by, proposal.pk)
    assert queries.proposals_waiting(by) == []


# --- What is refused.


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"conditions": (Condition("ethnicity"),)}, "IN-2"),
        ({"conditions": (ATTENDANCE, Condition("postcode"))}, "IN-2"),
        ({"conditions": ()}, "IN-3"),
        ({"conditions": (Condition("attendance"),)}, "IN-5"),
        ({"window_days": 2}, "IN-4"),
        ({"ages": (12, 3)}, "IN-7"),
        ({"ground": ("SA-0000-0000", "public_task")}, "IN-11"),
        ({"ground": ("", "")}, "IN-11"),
        ({"review_on": TODAY}, "IN-10"),
    ],
)
def test_what_breaks_a_rule_is_refused_where_it_is_said(world: World, changes: dict[str, Any], rule: str) -> None:
    with pytest.raises(Refused) as refusal:
        written(world, **changes)
    assert refusal.value.rule == rule


def test_what_is_missing_is_said_before_it_can_be_proposed(world: World) -> None:
    by = world.by("Iris")
    begun = services.begin_proposal(name="Away", wording="Is often away from school.", by=by, at=AT)
    with pytest.raises(Refused, match="what has to have been observed, how far to look back") as refusal:
        services.propose_indicator(proposal=begun, by=by, at=AT)
    assert refusal.value.rule == "IN-21"


def test_what_was_proposed_is_changed_no_more_and_decided_once(world: World) -> None:
    proposal = proposed(world)
    changes = ProposalChanges(window_days=30)
    with pytest.raises(Refused, match="waiting for a second person") as refusal:
        services.change_proposal(proposal=proposal, changes=changes, by=world.by("Iris"), at=AT)
    assert refusal.value.rule == "IN-22"
    declined = services.decline_indicator(proposal=proposal, reason="Too wide.", by=world.by("Marlow"), at=AT)
    assert (declined.state, declined.decision_reason) == ("declined", "Too wide.")
    for again in (lambda: agree(world, proposal),
                  lambda: services.withdraw_proposal(proposal=proposal, by=world.by("Iris"), at=AT)):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            again()
        assert refusal.value.rule == "IN-22"
    assert not Indicator.objects.exists()


def test_nobody_agrees_without_saying_who_did(world: World) -> None:
    proposal = proposed(world)
    for said in ({"agreed_by": " "}, {"agreed_on": None}, {"agreed_on": TODAY + timedelta(days=1)}):
        with pytest.raises(Refused) as refusal:
            agree(world, proposal, **said)
        assert refusal.value.rule == "IN-9"
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


def test_an_indicator_changes_by_a_proposal_one_at_a_time(world: World) -> None:
    first = agree(world, proposed(world))
    by = world.by("Iris")
    change = services.begin_change(indicator=first.indicator, reason="Too wide.", by=by, at=AT)
    assert (change.conditions, change.weight, change.review_on) == (first.conditions, "strong", None)
    with pytest.raises(Refused) as refusal:
        services.begin_change(indicator=first.indicator, reason="Mine too.", by=by, at=AT)
    assert refusal.value.rule == "IN-23"
    changes = ProposalChanges(conditions=(ATTENDANCE,), review_on=TODAY + timedelta(days=90))
    services.change_proposal(proposal=change, changes=changes, by=by, at=AT)
    services.propose_indicator(proposal=change, by=by, at=AT)
    second = agree(world, change)
    first.refresh_from_db()
    assert (second.number, first.end_reason, len(second.conditions)) == (2, "Too wide.", 1)


# --- What it would do.


@pytest.mark.parametrize(
    ("number", "attendance", "said"),
    [
        (0, 0, "about no child"),
        (2, 70, "fewer than 5 children"),
        (6, 70, "about 6 children"),
        (6, 90, "about no child"),
    ],
)
def test_whom_it_would_speak_about_is_told_as_a_number_and_never_by_name(
    world: World, number: int, attendance: int, said: str
) -> None:
    pupils(world, number, attendance)
    seen = queries.proposal_seen(world.by("Iris"), written(world).pk)
    assert said in seen.preview[0]
    assert seen.preview[1] == "It is a strong reason: each of them would be listed."
    row = AuditEvent.objects.filter(purpose="preview of an indicator").latest("id")
    assert row.people == []


def test_each_condition_says_who_shares_it_and_why(world: World) -> None:
    seen = queries.proposal_seen(world.by("Iris"), written(world).pk)
    assert [each.shared_by for each in seen.conditions] == [
        (("Alder Sample Academy", "Why attendance."),), (("Alder Sample Academy", "Why missing_episode."),),
    ]  # fmt: skip
    unshared = written(world, name="Other", wording="Has rent arrears at home.",
                       conditions=(Condition("rent_arrears", reaching=Decimal(8)),))  # fmt: skip
    pupils(world, 1)
    assert queries.proposal_seen(world.by("Iris"), unshared.pk).conditions[0].shared_by == ()


# --- Pages.


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages read the clock; here it stands still."""
    monkeypatch.setattr(timezone, "now", lambda: AT)


def test_it_is_written_a_page_at_a_time_and_agreed_to(clock: None, client: Any, world: World) -> None:
    pupils(world, 6)
    client.force_login(world.accounts["Iris"])
    begun = client.post(
        reverse("indicator_propose"), {"name": "Away", "wording": "Is often away from school."}, follow=True
    )
    assert "What has to have been observed?" in begun.content.decode()
    address = begun.request["PATH_INFO"]
    one = {"conditions-count": "1", "conditions-0-kind": "attendance", "conditions-0-times": "1",
           "conditions-0-limit_means": "below", "conditions-0-limit": "85", "joined": "any"}  # fmt: skip
    more = client.post(address, one | {"conditions-add": "1"}).content.decode()
    assert "Condition 2" in more
    assert "There is a problem" not in more
    two = one | {"conditions-count": "2", "conditions-1-kind": "missing_episode", "conditions-1-times": "2"}
    wrong = client.post(address, two | {"conditions-0-limit": "x"}).content.decode()
    assert "Condition 1: The limit must be between 0 and 100 per cent" in wrong
    fewer = client.post(address, two | {"conditions-remove": "0"}).content.decode()
    assert "Condition 2" not in fewer
    page = client.post(address, two, follow=True)
    for answers in (
        {"window_days": "90", "minimum_age": "", "maximum_age": ""},
        {"weight": "strong"},
        {"ground": f"{world.agreement.reference}|public_task"},
        {"review_on-day": "1", "review_on-month": "5", "review_on-year": "2027"},
    ):
        assert page.status_code == 200
        page = client.post(page.request["PATH_INFO"], answers, follow=True)
    summary = page.content.decode()
    assert "Today it would speak about 6 children." in summary
    proposal = IndicatorProposal.objects.get()
    kept = {"proposed_id": proposal.pk}
    done = client.post(reverse("indicator_hand_over", kwargs=kept), follow=True).content.decode()
    assert "Somebody else has to agree before it is used." in done
    assert client.get(reverse("indicator_agree", kwargs=kept)).status_code == 403
    assert "Proposals that wait" in client.get(reverse("indicators")).content.decode()

    client.force_login(world.accounts["Marlow"])
    agreed = {"agreed_by": "The board", "agreed_on-day": "17", "agreed_on-month": "11", "agreed_on-year": "2026"}
    assert "Enter who agreed to it" in client.post(reverse("indicator_agree", kwargs=kept), {}).content.decode()
    done = client.post(reverse("indicator_agree", kwargs=kept), agreed, follow=True).content.decode()
    assert "Agreed. The indicator is in use from now." in done
    assert "agreed to here by Marlow Testington" in done


def test_a_change_begins_with_why_and_is_declined_with_why(clock: None, client: Any, world: World) -> None:
    made = agree(world, proposed(world))
    client.force_login(world.accounts["Iris"])
    address = reverse("indicator_change", kwargs={"indicator_id": made.indicator_id})
    assert "Enter why it changes" in client.post(address, {}).content.decode()
    begun = client.post(address, {"reason": "It misleads."}, follow=True).content.decode()
    assert "Proposed change of an indicator" in begun
    change = IndicatorProposal.objects.get(state="draft")
    step = reverse("indicator_step", kwargs={"proposed_id": change.pk, "step": "review"})
    client.post(step, {"review_on-day": "1", "review_on-month": "5", "review_on-year": "2027"})
    client.post(reverse("indicator_hand_over", kwargs={"proposed_id": change.pk}))
    client.force_login(world.accounts["Marlow"])
    decline = reverse("indicator_decline", kwargs={"proposed_id": change.pk})
    done = client.post(decline, {"reason": "It does not."}, follow=True).content.decode()
    assert "Declined" in done
    assert "It does not." in done
    unknown = reverse("indicator_step", kwargs={"proposed_id": change.pk, "step": "nothing"})
    client.force_login(world.accounts["Iris"])
    assert client.get(unknown).status_code == 404


def test_no_proposal_no_page(world: World) -> None:
    with pytest.raises(NotVisible):
        queries.proposal_seen(world.by("Iris"), world.agreement.pk)
