"""The investment agreement with PostgreSQL: settled, versioned, frozen, proposed to a fund, and given to finance directors."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import DatabaseError, transaction

from joinedup.access.roles import Role
from joinedup.benefits.investing import METHODS
from joinedup.benefits.models import DirectorsPack, InvestmentAgreement, QuarterPosition, Return, Stake
from joinedup.benefits.pack import answers, document_of
from joinedup.benefits.pack_book import workbook_of
from joinedup.benefits.queries import investing as reading
from joinedup.benefits.services.investing import (
    SettlementSaid,
    decide_settlement,
    freeze_pack,
    freeze_position,
    propose_rebalanced,
)
from joinedup.benefits.tests.realised import Realised, make_realised
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.funds.models import Contribution, ContributionProposal
from joinedup.funds.services.proposals import accept_proposal
from joinedup.funds.tests.factories import YEAR
from joinedup.funds.tests.figures import recomputed
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post

pytestmark = pytest.mark.django_db


def decided(made: Realised, **said: object) -> InvestmentAgreement:
    facts = {"method": "equal_return", "basis": "forecast", "is_capped": False, "reason": "Board, minute 4.", "starts_on": date(2026, 11, 1)}  # fmt: skip
    return decide_settlement(
        programme=made.run.programme,
        said=SettlementSaid(**{**facts, **said}),
        by=made.run.manager,
        at=AT,  # type: ignore[arg-type]
    )


def refusal(call: object) -> str:
    with pytest.raises(Refused) as refused:
        call()  # type: ignore[operator]
    return refused.value.rule


def test_each_version_is_kept_with_what_it_stands_on() -> None:
    made = make_realised()
    assert refusal(lambda: decided(made, reason=" ")) == "BN-441"
    assert refusal(lambda: decided(made, method="chance")) == "BN-440"
    for number, method in enumerate(METHODS, start=1):
        row = decided(made, method=method)
        assert (row.number, sum(row.transfers.values())) == (number, 0)
    assert Stake.objects.filter(agreement=row).count() == Return.objects.filter(agreement=row).count() == 15
    care = Return.objects.get(agreement=row, organisation=made.run.organisations["COUNCIL"], year=0)
    assert (care.pence, care.cashable_pence) == (20_000_000, 10_000_000)
    with pytest.raises(DatabaseError), transaction.atomic():
        InvestmentAgreement.objects.update(reason="Another")
    page = reading.investment_page(made.run.directors["NHS"], made.run.programme.pk)
    assert [each.number for each in page.versions] == [3, 2, 1]
    assert all(sum(each.transfers.values()) == 0 for each in page.ways)
    key_worker = actor_of(make_post(name="Key Testworker")[0], AT)
    with pytest.raises(NotPermitted):
        reading.investment_page(key_worker, made.run.programme.pk)


def test_measured_settles_by_what_was_put_in_and_measured_so_far() -> None:
    made = make_realised()
    made.realise()
    made.bank(made.reduce(3_000_000), 3_000_000)
    page = reading.investment_page(made.run.directors["NHS"], made.run.programme.pk, basis="measured", capped=True)
    council = page.books.partners[0]
    assert (council.measured, council.banked, council.stake_due) == (5_000_000, 3_000_000, 6_000_000 * 232 // 365)
    assert all(each.transfers["COUNCIL"] <= 3_000_000 for each in page.ways)


def test_a_frozen_quarter_says_what_changed() -> None:
    made = make_realised()
    told = {"programme": made.run.programme, "by": made.run.manager, "at": AT}
    assert refusal(lambda: freeze_position(**told, year=2026, quarter=3)) == "BN-444"  # type: ignore[arg-type]
    first = freeze_position(**told, year=2026, quarter=1)  # type: ignore[arg-type]
    made.realise()
    second = freeze_position(**told, year=2026, quarter=2)  # type: ignore[arg-type]
    page = reading.position_page(made.run.directors["POLICE"], second.pk)
    assert page.is_unchanged
    assert [each.words for each in page.changes] == [
        "Exampleshire Council has gained, as measured £50,000 more: £50,000, was £0.",
        "SS1.0 Children in care (Exampleshire Council) went from forecast to realised.",
    ]
    assert reading.position_page(made.run.directors["POLICE"], first.pk).before is None
    with pytest.raises(DatabaseError), transaction.atomic():
        QuarterPosition.objects.update(quarter=4)
    other = make_organisation(code="OTHER", name="Another council")
    stranger = actor_of(make_post(role=Role.FINANCE_DIRECTOR, employer=other, name="Other Testpurse")[0], AT)
    with pytest.raises(NotVisible):
        reading.position_page(stranger, first.pk)


def test_next_years_contributions_are_proposed_and_nothing_changes_until_accepted() -> None:
    made = make_realised()
    fund, programme = made.shared.fund, made.run.programme
    assert fund is not None
    told = {"programme": programme, "fund": fund, "by": made.run.manager, "at": AT}
    assert refusal(lambda: propose_rebalanced(**told)) == "BN-442"  # type: ignore[arg-type]
    row = decided(made)
    proposed = propose_rebalanced(**told)  # type: ignore[arg-type]
    coming = {each.partner.organisation.code: each.change_pence for each in proposed}
    assert set(coming) == {"COUNCIL", "NHS"}
    assert coming["COUNCIL"] == pytest.approx(row.transfers["COUNCIL"] / 4, abs=1)  # four years begin after this day
    assert not Contribution.objects.filter(year=YEAR + 1).exists()
    mine = next(each for each in proposed if each.partner.organisation.code == "COUNCIL")
    accept_proposal(fund=fund, proposal=mine, words="Minute 9", by=made.run.directors["COUNCIL"], at=AT)
    assert Contribution.objects.get(year=YEAR + 1).agreed_pence == 2_000_000_000 + coming["COUNCIL"]
    with pytest.raises(NotVisible):  # the police are no partner of the fund
        propose_rebalanced(**{**told, "by": made.run.directors["POLICE"]})  # type: ignore[arg-type]
    assert ContributionProposal.objects.count() == 2


def test_the_pack_answers_for_each_partner_and_its_files_come_to_the_same() -> None:
    made = make_realised()
    freeze_position(programme=made.run.programme, year=2026, quarter=1, by=made.run.manager, at=AT)  # type: ignore[arg-type]
    made.realise()
    made.bank(made.reduce(3_000_000), 3_000_000)
    decided(made)
    later = AT + timedelta(days=1)
    row = freeze_pack(programme=made.run.programme, meeting_on=date(2026, 12, 3), by=made.run.manager, at=later)  # type: ignore[arg-type]
    assert reading.digest_of(row.content) == row.digest
    council, police = answers(row.content, "COUNCIL"), answers(row.content, "POLICE")
    assert council["measured"][0].startswith("SS1.0 Children in care: measured at £50,000 of £")
    assert "£30,000 of it banked" in council["measured"][0]
    assert council["decide"][0] == (
        "Whether £20,000 of SS1.0 Children in care can be banked, and which budget line it came out of."
    )
    assert "you pay in" in council["owed"][0]
    assert "you are paid" in police["owed"][0]
    assert police["measured"] == ["None of yours yet.", "Still only forecast or emerging: £60,000 over all years."]
    assert police["moved"][0].startswith("Nothing of yours since quarter 1 of 2026/27.")
    book = workbook_of(row.content, "COUNCIL", row.digest)
    assert recomputed(book) > 20
    assert openpyxl.load_workbook(io.BytesIO(book)).sheetnames == ["Answers", "Partners", "Settlement", "Benefits"]
    document = document_of(row.content, "COUNCIL", number=1, digest=row.digest, printed_by="x", printed_at=AT)
    assert document.as_pdf().startswith(b"%PDF")
    with pytest.raises(DatabaseError), transaction.atomic():
        DirectorsPack.objects.update(number=7)
    assert reading.pack_page(made.run.directors["POLICE"], row.pk).code == "POLICE"
    assert reading.pack_page(made.run.directors["POLICE"], row.pk, "NHS").code == "NHS"
