"""Agreements: what each power takes, what is missing, who authorises, how they open, vary, move on and end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, Refused
from joinedup.funds import services
from joinedup.funds.lifecycle import PartnershipState
from joinedup.funds.models import AgreementItem, Authorisation, BudgetLine, PartnershipAgreement, Posting
from joinedup.funds.queries.gate import tasks_of
from joinedup.funds.services import AgreementTerms
from joinedup.funds.tests.factories import (
    SHEET,
    YEAR,
    add_contributions,
    add_fund,
    make_agreement,
    make_open,
    make_person,
    make_ready,
    write_items,
)
from joinedup.organisations.models import Succession
from joinedup.organisations.tests.factories import AT, make_organisation, make_post

pytestmark = pytest.mark.django_db
BY = system(AT)


def refused(call: Any, **kwargs: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        call(**kwargs, at=AT, **({} if "by" in kwargs else {"by": BY}))
    return caught.value


def test_section_75_takes_no_police_and_section_10_does() -> None:
    police = make_organisation(code="POLICE", name="Exampleshire Police", kind="police")
    shared = make_agreement()
    refusal = refused(services.add_partner, agreement=shared.agreement, organisation=police)
    assert refusal.rule == "FU-103"
    assert "police body" in refusal.sentence
    terms = AgreementTerms("Early help", "S10", date(YEAR, 4, 1), date(YEAR, 12, 1))
    services.change_terms(agreement=shared.agreement, terms=terms, version=shared.agreement.version, by=BY, at=AT)
    services.add_partner(agreement=shared.agreement, organisation=police, by=BY, at=AT)
    back = AgreementTerms("Early help", "S75", date(YEAR, 4, 1), date(YEAR, 12, 1))
    refusal = refused(services.change_terms, agreement=shared.agreement, terms=back, version=shared.agreement.version)
    assert refusal.rule == "FU-103"


@pytest.mark.parametrize(
    ("power", "starts_on", "rule"),
    [
        ("S31", date(2026, 4, 1), "FU-102"),  # section 75 has taken its place
        ("S75", date(2005, 4, 1), "FU-102"),  # not yet
        ("S99", date(2026, 4, 1), "FU-101"),
    ],
)
def test_an_agreement_is_made_under_a_power_of_its_own_time(power: str, starts_on: date, rule: str) -> None:
    council = make_organisation(code="COUNCIL", name="Exampleshire Council")
    terms = AgreementTerms("Pool", power, starts_on)
    assert refused(services.draft_agreement, organisation=council, terms=terms).rule == rule
    assert PartnershipAgreement.objects.count() == 0


def test_a_body_that_did_not_exist_is_no_partner() -> None:
    shared = make_agreement()
    gone = make_organisation(
        code="PCT", name="Exampleshire Primary Care Trust", kind="nhs", opened_on=date(2002, 4, 1), closed_on=date(2013, 3, 31)
    )  # fmt: skip
    assert refused(services.add_partner, agreement=shared.agreement, organisation=gone).rule == "FU-105"
    assert refused(services.add_partner, agreement=shared.agreement, organisation=shared.nhs).rule == "FU-104"


def test_aims_come_first_and_every_item_is_needed() -> None:
    shared = make_agreement()
    refusal = refused(services.write_item, agreement=shared.agreement, code="vat", words="As ever.")
    assert refusal.rule == "FU-110"
    assert refused(services.write_item, agreement=shared.agreement, code="outcomes", words="Less.").rule == "FU-110"
    write_items(shared)
    assert AgreementItem.objects.filter(agreement=shared.agreement).count() == 11
    refusal = refused(services.mark_ready, agreement=shared.agreement)
    assert refusal.rule == "R-1"
    for words in ("a host", "a pool manager", "the budget sheet of Exampleshire Council", "a fund with budget lines"):
        assert words in refusal.sentence


@pytest.mark.parametrize("missing", ["host", "sheet", "item", "fund", "contributions", "scheme"])
def test_one_thing_missing_is_enough_to_stay_closed(missing: str) -> None:
    shared = make_agreement(**({"virement_scheme": ""} if missing == "scheme" else {}))
    write_items(shared)
    if missing == "item":
        AgreementItem.objects.filter(code="disputes").delete()
    if missing != "host":
        assert shared.manager_post is not None
        services.name_host(
            agreement=shared.agreement, host=shared.partners["council"], pool_manager=shared.manager_post, by=BY, at=AT
        )
    for code, partner in shared.partners.items():
        if (missing, code) != ("sheet", "nhs"):
            services.publish_sheet(partner=partner, year=YEAR, said=SHEET, by=BY, at=AT)
    if missing != "fund":
        fund = add_fund(shared)
        if missing == "contributions":
            BudgetLine.objects.filter(fund=fund, code="CAMHS-NHS").update(budget_pence=1)
    refusal = refused(services.mark_ready, agreement=shared.agreement)
    assert refusal.rule == "R-1"
    shared.agreement.refresh_from_db()
    assert shared.agreement.state == PartnershipState.DRAFT
    undone = [task for task in tasks_of(BY, shared.agreement) if not task.is_done and task.group != "Authorisation"]
    assert len(undone) == (2 if missing in {"host", "fund"} else 1)


def test_from_draft_to_open_with_both_chiefs_authorising() -> None:
    shared = make_agreement()
    make_ready(shared)
    assert refused(services.open_agreement, agreement=shared.agreement).rule == "R-1"
    chief = shared.chiefs["council"]
    services.authorise(partner=shared.partners["council"], by=chief, at=AT)
    again = refused(services.authorise, partner=shared.partners["council"], by=chief)
    assert again.rule == "FU-117"
    with pytest.raises(NotPermitted):
        services.authorise(partner=shared.partners["nhs"], by=chief, at=AT)
    with pytest.raises(NotPermitted):
        services.authorise(partner=shared.partners["nhs"], by=shared.directors["nhs"], at=AT)
    assert refused(services.open_agreement, agreement=shared.agreement).rule == "R-1"
    services.authorise(partner=shared.partners["nhs"], by=shared.chiefs["nhs"], at=AT)
    assert shared.pool_manager is not None
    services.open_agreement(agreement=shared.agreement, by=shared.pool_manager, at=AT)
    shared.agreement.refresh_from_db()
    assert shared.agreement.state == PartnershipState.OPEN
    rows = Authorisation.objects.filter(agreement=shared.agreement).order_by("pk")
    assert [row.authorised_on for row in rows] == [AT.date(), AT.date()]
    assert all(row.post_id for row in rows)
    assert refused(services.write_item, agreement=shared.agreement, code="vat", words="Else.").rule == "FU-106"


def test_taking_the_draft_up_again_lets_authorisations_lapse() -> None:
    shared = make_agreement()
    make_ready(shared)
    services.authorise(partner=shared.partners["nhs"], by=BY, at=AT)
    services.take_up_again(agreement=shared.agreement, reason="The VAT clause was wrong.", by=BY, at=AT)
    services.mark_ready(agreement=shared.agreement, by=BY, at=AT)
    assert refused(services.open_agreement, agreement=shared.agreement).rule == "R-1"
    services.authorise(partner=shared.partners["nhs"], by=BY, at=AT)
    assert Authorisation.objects.filter(partner=shared.partners["nhs"]).count() == 2


def test_the_pool_manager_is_the_hosts_officer() -> None:
    shared = make_agreement()
    _, other = make_post(role=Role.POOL_MANAGER, employer=shared.nhs, name="Reed Testpool")
    host = shared.partners["council"]
    assert refused(services.name_host, agreement=shared.agreement, host=host, pool_manager=other).rule == "FU-113"
    assert shared.manager_post is not None
    services.name_host(agreement=shared.agreement, host=host, pool_manager=shared.manager_post, by=BY, at=AT)
    assert refused(services.remove_partner, agreement=shared.agreement, partner=host).rule == "FU-127"
    services.remove_partner(agreement=shared.agreement, partner=shared.partners["nhs"], by=BY, at=AT)


def test_only_a_partner_publishes_its_own_sheet() -> None:
    shared = make_agreement()
    with pytest.raises(NotPermitted):
        services.publish_sheet(
            partner=shared.partners["nhs"], year=YEAR, said=SHEET, by=shared.directors["council"], at=AT
        )
    sheet = services.publish_sheet(
        partner=shared.partners["nhs"], year=YEAR, said=SHEET, by=shared.directors["nhs"], at=AT
    )
    assert sheet.total_pence == SHEET.total_pence


def test_a_stranger_changes_nothing() -> None:
    shared = make_agreement()
    other = make_organisation(code="ELSEWHERE", name="Elsewhere Council")
    stranger = make_person(Role.FINANCE_DIRECTOR, other, "Stranger Testpenny")
    with pytest.raises(NotPermitted):
        services.write_item(agreement=shared.agreement, code="aims", words="Ours.", by=stranger, at=AT)
    assert not PartnershipAgreement.objects.visible_to(stranger).exists()
    assert PartnershipAgreement.objects.visible_to(shared.directors["nhs"]).count() == 1


def test_a_variation_takes_effect_with_the_last_authorisation() -> None:
    shared = make_open()
    variation = services.propose_variation(
        agreement=shared.agreement, words="Speech therapy joins the pool.", effective_on=date(2027, 1, 1),
        by=shared.directors["nhs"], at=AT,
    )  # fmt: skip
    other = {"agreement": shared.agreement, "words": "Another.", "effective_on": date(2027, 1, 1)}
    assert refused(services.propose_variation, **other).rule == "FU-120"
    for code in ("nhs", "council"):
        shared.agreement.refresh_from_db()
        assert shared.agreement.state == PartnershipState.OPEN
        services.authorise_variation(partner=shared.partners[code], variation=variation, by=shared.chiefs[code], at=AT)
    shared.agreement.refresh_from_db()
    variation.refresh_from_db()
    assert shared.agreement.state == PartnershipState.VARIED
    assert variation.effected_at == AT
    assert refused(services.withdraw_variation, agreement=shared.agreement, variation=variation).rule == "FU-121"


def test_notice_is_as_long_as_agreed() -> None:
    shared = make_open()
    early = {"agreement": shared.agreement, "ends_on": date(2027, 11, 17), "reason": "Reorganisation."}
    assert refused(services.give_notice, **early).rule == "FU-122"
    services.give_notice(**{**early, "ends_on": date(2027, 11, 18)}, by=BY, at=AT)
    shared.agreement.refresh_from_db()
    assert shared.agreement.state == PartnershipState.IN_NOTICE
    assert refused(services.open_agreement, agreement=shared.agreement).rule == "FU-107"
    services.end_agreement(agreement=shared.agreement, reason="It is over.", by=BY, at=AT)
    assert [row.end for row in shared.agreement.transitions.order_by("pk")][-2:] == ["in_notice", "ended"]


def test_a_successor_takes_over_and_history_stays() -> None:
    shared = make_open()
    assert shared.fund is not None
    services.call_instalments(fund=shared.fund, by=BY, at=AT)
    heir = make_organisation(code="NEWICB", name="Greater Exampleshire Integrated Care Board", kind="nhs")
    old = shared.partners["nhs"]
    said = {"agreement": shared.agreement, "predecessor": old, "successor": heir, "on": AT.date(), "decision": "Board, 11 November 2026, minute 7"}  # fmt: skip
    assert refused(services.novate_agreement, **said).rule == "FU-123"
    Succession.objects.create(predecessor=shared.nhs, successor=heir, on=AT.date(), reason="Boards were merged.")
    before = list(Posting.objects.order_by("pk").values_list("pk", "partner_id", "pence"))
    row = services.novate_agreement(**said, by=BY, at=AT)
    after = list(Posting.objects.order_by("pk").values_list("pk", "partner_id", "pence"))
    assert after[: len(before)] == before
    assert row.moved == {"COMM": {"1100": 600_000_000}}  # three quarters of £8m are due and not paid
    new = row.successor
    assert {(partner, pence) for _, partner, pence in after[len(before) :]} == {
        (new.pk, 600_000_000),
        (old.pk, -600_000_000),
    }
    assert new.succeeds_id == old.pk
    assert BudgetLine.objects.filter(partner=new).count() == 2
    old.refresh_from_db()
    assert old.left_on == AT.date()
    assert refused(services.novate_agreement, **said).rule == "FU-123"


def test_an_aligned_fund_becomes_a_pooled_one() -> None:
    shared = make_agreement()
    add_fund(shared, model="aligned")
    make_open(shared)
    fund = shared.fund
    assert fund is not None
    said = {
        "agreement": shared.agreement,
        "fund": fund,
        "words": "From April we pool.",
        "effective_on": date(2027, 4, 1),
    }
    assert refused(services.propose_pooling, **said).rule == "R-2"
    add_contributions_late(shared)
    variation = services.propose_pooling(**said, by=BY, at=AT)
    assert [each["partner"] for each in variation.effects] == [shared.council.name, shared.nhs.name]
    assert any("£8,000,000.00" in after for _, _, after in variation.effects[1]["changes"])
    for partner in shared.partners.values():
        services.authorise_variation(partner=partner, variation=variation, by=BY, at=AT)
    fund.refresh_from_db()
    assert fund.model == "pooled"
    assert set(BudgetLine.objects.filter(fund=fund).values_list("tier", flat=True)) == {"pooled"}
    assert refused(services.propose_pooling, **said).rule == "FU-145"


def add_contributions_late(shared: Any) -> None:
    add_contributions(shared, shared.fund)


def test_secondments_between_partners_are_attached_once() -> None:
    shared = make_agreement()
    _, nurse = make_post(employer=shared.nhs, host=shared.council, review_on=date(2027, 3, 1), name="Nell Testnurse")
    _, ours = make_post(employer=shared.council, name="Kit Testhelp")
    assert refused(services.attach_secondment, agreement=shared.agreement, post=ours).rule == "FU-125"
    row = services.attach_secondment(agreement=shared.agreement, post=nurse, by=BY, at=AT)
    assert refused(services.attach_secondment, agreement=shared.agreement, post=nurse).rule == "FU-126"
    services.detach_secondment(agreement=shared.agreement, secondment=row, by=BY, at=AT)
    services.attach_secondment(agreement=shared.agreement, post=nurse, by=BY, at=AT)
