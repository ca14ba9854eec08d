"""Contributions that another part proposes: nothing changes until the fund's own people accept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from joinedup.access.actor import Actor
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.funds.models import Contribution, ContributionProposal
from joinedup.funds.queries import proposals as reading
from joinedup.funds.services import proposals as writing
from joinedup.funds.tests.factories import YEAR, Shared, make_open, make_person
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.tests.factories import AT, make_organisation

pytestmark = pytest.mark.django_db
SOURCE = ("benefits.investmentagreement", "1")


def proposed(pence: int = 5_000_000) -> tuple[Shared, Actor, dict[str, ContributionProposal]]:
    shared = make_open()
    manager = make_person(Role.PROGRAMME_MANAGER, shared.council, "Perry Testplan")
    changes = {shared.partners["council"]: pence, shared.partners["nhs"]: -pence}
    assert shared.fund is not None
    made = writing.propose_contributions(
        fund=shared.fund, year=YEAR + 1, changes=changes, words="Equal return.", source=SOURCE, by=manager, at=AT
    )
    return shared, manager, {each.partner.organisation.code: each for each in made}


def test_accepting_sets_next_years_contribution_and_nothing_before() -> None:
    shared, manager, made = proposed()
    assert shared.fund is not None
    director = shared.directors["council"]
    assert not Contribution.objects.filter(year=YEAR + 1).exists()
    with pytest.raises(NotPermitted):
        writing.accept_proposal(fund=shared.fund, proposal=made["COUNCIL"], words="Minute 1", by=manager, at=AT)
    with pytest.raises(Refused) as refused:
        writing.accept_proposal(fund=shared.fund, proposal=made["COUNCIL"], words=" ", by=director, at=AT)
    assert refused.value.rule == "FU-453"
    row = writing.accept_proposal(fund=shared.fund, proposal=made["COUNCIL"], words="Minute 1", by=director, at=AT)
    assert (row.year, row.base_pence, row.planned_pence, row.agreed_pence) == (
        YEAR + 1, 2_000_000_000, 5_000_000, 2_005_000_000,
    )  # fmt: skip
    with pytest.raises(Refused) as again:
        writing.decline_proposal(fund=shared.fund, proposal=made["COUNCIL"], words="No", by=director, at=AT)
    assert again.value.rule == "FU-450"
    writing.decline_proposal(fund=shared.fund, proposal=made["NHS"], words="Not this year.", by=director, at=AT)
    page = reading.proposals_of(director, shared.fund.pk)
    assert {(each.partner, each.state) for each in page.rows} == {
        ("Exampleshire Council", "accepted"), ("Exampleshire Integrated Care Board", "declined"),
    }  # fmt: skip
    assert Contribution.objects.filter(year=YEAR + 1).count() == 1


def test_a_later_proposal_takes_the_place_of_one_that_waits_and_builds_on_what_was_rolled_forward() -> None:
    shared, manager, made = proposed()
    assert shared.fund is not None
    director = shared.directors["council"]
    writing.accept_proposal(fund=shared.fund, proposal=made["COUNCIL"], words="Minute 1", by=director, at=AT)
    changes = {shared.partners["council"]: 1_000_000, shared.partners["nhs"]: -1_000_000}
    later = writing.propose_contributions(
        fund=shared.fund, year=YEAR + 1, changes=changes, words="Again.", source=SOURCE, by=manager, at=AT
    )
    made["NHS"].refresh_from_db()
    assert made["NHS"].state == "replaced"
    row = writing.accept_proposal(fund=shared.fund, proposal=later[0], words="Minute 2", by=director, at=AT)
    assert row.agreed_pence == 2_006_000_000


def test_refused_where_nothing_would_be_left_or_nobody_may() -> None:
    shared, _, made = proposed(800_000_000)
    assert shared.fund is not None
    with pytest.raises(Refused) as refused:
        writing.accept_proposal(
            fund=shared.fund, proposal=made["NHS"], words="Minute", by=shared.directors["nhs"], at=AT
        )
    assert refused.value.rule == "FU-452"
    other = make_organisation(code="OTHER", name="Another council")
    stranger = make_person(Role.FINANCE_DIRECTOR, other, "Other Testpurse")
    with pytest.raises(NotVisible):
        reading.proposal_for_change(stranger, made["NHS"].pk)
    with pytest.raises(NotPermitted):
        writing.propose_contributions(
            fund=shared.fund, year=YEAR + 1, changes={}, words="x", source=SOURCE, by=stranger, at=AT
        )


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.rule


def test_two_pairs_of_eyes_and_the_second_are_the_partners_own() -> None:
    shared, _, made = proposed()
    council, nhs = shared.directors["council"], shared.directors["nhs"]
    told: dict[str, Any] = {"fund": shared.fund, "words": "Minute 1", "at": AT}
    assert refusal(lambda: writing.accept_proposal(proposal=made["COUNCIL"], by=nhs, **told)) == "FU-455"
    assert refusal(lambda: writing.accept_proposal(proposal=made["NHS"], by=council, **told)) == "FU-455"
    changes = {shared.partners["council"]: 1_000_000}
    said: dict[str, Any] = {"fund": shared.fund, "year": YEAR + 1, "words": "Mine.", "source": SOURCE, "at": AT}
    (own,) = writing.propose_contributions(changes=changes, by=council, **said)
    assert refusal(lambda: writing.accept_proposal(proposal=own, by=council, **told)) == "FU-454"
    assert writing.accept_proposal(proposal=own, by=shared.chiefs["council"], **told).planned_pence == 1_000_000
    page = reading.proposals_of(nhs, own.fund_id)
    assert {each.partner for each in page.rows if each.may_accept} == {"Exampleshire Integrated Care Board"}


def test_nought_withdraws_what_waits_and_nothing_of_anybody_elses() -> None:
    shared, manager, made = proposed()
    said: dict[str, Any] = {"fund": shared.fund, "year": YEAR + 1, "words": "Nothing more.", "by": manager, "at": AT}
    council, nhs = shared.partners["council"], shared.partners["nhs"]
    other = ("benefits.investmentagreement", "2")
    assert refusal(lambda: writing.propose_contributions(changes={council: 5}, source=other, **said)) == "FU-456"
    assert writing.propose_contributions(changes={council: 0, nhs: 0}, source=other, **said) == []
    assert ContributionProposal.objects.filter(state="waits").count() == 2
    assert writing.propose_contributions(changes={council: 0}, source=other, earlier=["1"], **said) == []
    made["COUNCIL"].refresh_from_db()
    assert (made["COUNCIL"].state, made["COUNCIL"].decision) == ("replaced", writing.WITHDRAWN)
    assert shared.fund is not None
    states = {
        each.partner: each.state_words
        for each in reading.proposals_of(shared.directors["council"], shared.fund.pk).rows
    }
    assert states["Exampleshire Council"] == "Withdrawn"


def test_on_the_pages() -> None:
    shared, _, made = proposed()
    assert shared.fund is not None
    host = Visitor(shared.directors["council"])
    assert "£20,050,000" in host.see("fund_proposals", shared.fund.pk)
    assert "Say where this was decided" in host.send("fund_proposal_accept", made["COUNCIL"].pk).content.decode()
    assert host.send("fund_proposal_accept", made["COUNCIL"].pk, words="Board, minute 4").status_code == 302
    assert host.send("fund_proposal_decline", made["NHS"].pk, words="Not now").status_code == 302
    page = host.see("fund_proposals", shared.fund.pk)
    assert "Board, minute 4" in page
    assert "Not now" in page
