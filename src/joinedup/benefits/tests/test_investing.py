"""The investment agreement with PostgreSQL: settled, versioned, frozen, proposed to a fund, and given to finance directors."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import DatabaseError, transaction

from joinedup.access.roles import Role
from joinedup.benefits.investing import METHODS
from joinedup.benefits.models import (
    DirectorsPack,
    InvestmentAgreement,
    QuarterPosition,
    Return,
    SettlementSignature,
    Stake,
)
from joinedup.benefits.pack import answers, document_of
from joinedup.benefits.pack_book import workbook_of
from joinedup.benefits.queries import investing as reading
from joinedup.benefits.services import ProgrammeSaid, change_programme
from joinedup.benefits.services.investing import (
    SettlementSaid,
    decide_settlement,
    freeze_pack,
    freeze_position,
    propose_rebalanced,
)
from joinedup.benefits.services.signing import SignatureSaid, sign_settlement
from joinedup.benefits.tests.realised import Realised, make_realised
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.models import new_id
from joinedup.funds.models import Contribution, ContributionProposal, Fund
from joinedup.funds.services.proposals import accept_proposal
from joinedup.funds.tests.factories import YEAR
from joinedup.funds.tests.figures import recomputed
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post

pytestmark = pytest.mark.django_db


def decided(made: Realised, **said: Any) -> InvestmentAgreement:
    """Put to the partners, not signed."""
    facts: dict[str, Any] = {"method": "equal_return", "basis": "forecast", "is_capped": False, "reason": "Board, minute 4.", "starts_on": date(2026, 11, 1)}  # fmt: skip
    told: dict[str, Any] = {"programme": made.run.programme, "by": made.run.manager, "at": AT}
    return decide_settlement(said=SettlementSaid(**{**facts, **said}), **told)


def agreed(made: Realised, **said: Any) -> InvestmentAgreement:
    """Signed by every partner."""
    return made.sign(decided(made, **said))


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        call()
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


BEGUN = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def test_a_frozen_quarter_says_how_things_stood_at_its_end_and_what_changed() -> None:
    made = make_realised(begun=BEGUN)
    summer = datetime(2026, 8, 3, 9, 0, tzinfo=UTC)
    made.move("emerging", worth_pence=0, at=summer)
    made.move("realised", at=summer)
    told: dict[str, Any] = {"programme": made.run.programme, "by": made.run.manager, "at": AT}
    assert refusal(lambda: freeze_position(**told, year=2026, quarter=3)) == "BN-444"
    assert refusal(lambda: freeze_position(**told, year=2026, quarter=5)) == "BN-444"
    first = freeze_position(**told, year=2026, quarter=1)
    second = freeze_position(**told, year=2026, quarter=2)
    made.move("lost")  # after both quarters had ended
    assert (first.content["as_at"], second.content["as_at"]) == ("2026-06-30", "2026-09-30")
    states = {each["title"].split()[0]: each["state"] for each in first.content["benefits"]}
    assert set(states.values()) == {"forecast"}
    page = reading.position_page(made.run.directors["POLICE"], second.pk)
    assert page.is_unchanged
    assert [each.words for each in page.changes] == [
        "Exampleshire Council has gained, as measured £50,000 more: £50,000, was £0.",
        "SS1.0 Children in care (Exampleshire Council) went from forecast to realised.",
    ]
    again = freeze_position(**told, year=2026, quarter=2)
    assert again.digest == second.digest  # what was recorded after the quarter changes nothing of it
    assert reading.position_page(made.run.directors["POLICE"], first.pk).before is None
    with pytest.raises(DatabaseError), transaction.atomic():
        QuarterPosition.objects.update(quarter=4)
    other = make_organisation(code="OTHER", name="Another council")
    stranger = actor_of(make_post(role=Role.FINANCE_DIRECTOR, employer=other, name="Other Testpurse")[0], AT)
    with pytest.raises(NotVisible):
        reading.position_page(stranger, first.pk)


def test_before_the_programme_began_a_quarter_holds_nothing() -> None:
    made = make_realised()
    told: dict[str, Any] = {"programme": made.run.programme, "by": made.run.manager, "at": AT}
    row = freeze_position(**told, year=2026, quarter=2)
    assert row.content["benefits"] == []
    assert {each["stake"] for each in row.content["partners"]} == {0}


def test_the_hash_of_a_quarter_names_its_agreement_and_quarter() -> None:
    content: dict[str, Any] = {"settlement": {"id": "1", "number": 1}, "quarter": {"year": 2026, "quarter": 1}}
    made = make_realised()
    key = made.run.programme.pk
    one = reading.position_digest(key, 2026, 1, content)
    assert one != reading.position_digest(key, 2026, 2, content)
    assert one != reading.position_digest(key, 2025, 1, content)
    assert one != reading.position_digest(new_id(), 2026, 1, content)
    assert one != reading.position_digest(key, 2026, 1, content | {"settlement": {"id": "2", "number": 1}})
    told: dict[str, Any] = {"programme": made.run.programme, "by": made.run.manager, "at": AT}
    row = freeze_position(**told, year=2026, quarter=2)
    moved = QuarterPosition(**{each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields})
    moved.pk, moved.number, moved.quarter = new_id(), 7, 1  # the same content under another quarter
    moved.save(force_insert=True)
    assert not reading.position_page(made.run.directors["POLICE"], moved.pk).is_unchanged


def test_what_was_agreed_before_signing_says_so() -> None:
    made = make_realised()
    row = decided(made)
    programme = made.run.programme.pk
    # As migration 0005 finds a version: decided, and nobody was asked to sign.
    stakes = list(Stake.objects.filter(agreement=row))
    row.pk, row.number, row.is_before_signing, row._state.adding = new_id(), row.number + 1, True, True
    row.save()
    for each in stakes:
        each.pk, each.agreement, each._state.adding = None, row, True
        each.save()
    words = "greed before signing was asked"
    visitor = Visitor(made.run.directors["NHS"])
    page = visitor.see("investment", programme)
    assert page.count(words) == 2  # above, and beside the version alone that was there
    assert "not counted until every partner signs" in page
    assert words in visitor.see("settlement_sign", row.pk)
    assert reading.books_of(made.run.directors["NHS"], programme).agreed is None
    made.sign(row)
    assert words not in visitor.see("investment", programme)
    agreed = reading.books_of(made.run.directors["NHS"], programme).agreed
    assert agreed is not None
    assert agreed.row.pk == row.pk


def test_a_version_counts_once_every_partner_has_signed() -> None:
    made = make_realised()
    row = decided(made)
    book = reading.books_of(made.run.directors["NHS"], made.run.programme.pk)
    assert book.agreed is None
    assert book.to_sign is not None
    assert [each.code for each in book.to_sign.unsigned] == ["COUNCIL", "NHS", "POLICE"]
    told: dict[str, Any] = {"settlement": row, "by": made.run.directors["NHS"], "at": AT}
    ours, theirs = (made.run.organisations[code].pk for code in ("NHS", "POLICE"))
    with pytest.raises(NotPermitted) as refused:
        sign_settlement(said=SignatureSaid(theirs, AT.date(), "x"), **told)
    assert refused.value.rule == "BN-451"
    with pytest.raises(NotPermitted):
        sign_settlement(said=SignatureSaid(ours, AT.date(), "x"), **{**told, "by": made.run.manager})
    assert refusal(lambda: sign_settlement(said=SignatureSaid(ours, AT.date(), " "), **told)) == "BN-446"
    late = AT.date() + timedelta(days=1)
    assert refusal(lambda: sign_settlement(said=SignatureSaid(ours, late, "Minute"), **told)) == "BN-447"
    made.sign(row, "NHS", "COUNCIL")
    assert refusal(lambda: made.sign(row, "NHS")) == "BN-448"
    assert reading.books_of(made.run.directors["NHS"], made.run.programme.pk).agreed is None
    propose: dict[str, Any] = {
        "programme": made.run.programme,
        "fund": made.shared.fund,
        "by": made.run.manager,
        "at": AT,
    }
    assert refusal(lambda: propose_rebalanced(**propose)) == "BN-442"
    made.sign(row, "POLICE")
    book = reading.books_of(made.run.directors["NHS"], made.run.programme.pk)
    assert book.agreed is not None
    assert book.agreed.row == row
    assert {each.name for each in book.agreed.signatures} == {f"Director {code}" for code in made.run.directors}
    later = decided(made, method="shapley")
    assert refusal(lambda: made.sign(row, "POLICE")) == "BN-449"
    book = reading.books_of(made.run.directors["NHS"], made.run.programme.pk)
    assert (book.agreed.row if book.agreed else None, book.to_sign.row if book.to_sign else None) == (row, later)
    with pytest.raises(DatabaseError), transaction.atomic():
        SettlementSignature.objects.update(minute="Another")


def test_next_years_contributions_are_proposed_and_nothing_changes_until_accepted() -> None:
    made = make_realised()
    fund, programme = made.shared.fund, made.run.programme
    told: dict[str, Any] = {"programme": programme, "fund": fund, "by": made.run.manager, "at": AT}
    assert refusal(lambda: propose_rebalanced(**told)) == "BN-442"
    row = agreed(made)
    proposed = propose_rebalanced(**told)
    coming = {each.partner.organisation.code: each.change_pence for each in proposed}
    assert set(coming) == {"COUNCIL", "NHS"}
    assert coming["COUNCIL"] == pytest.approx(row.transfers["COUNCIL"] / 4, abs=1)  # four years begin after this day
    assert not Contribution.objects.filter(year=YEAR + 1).exists()
    accept(made, "COUNCIL")
    assert Contribution.objects.get(year=YEAR + 1).agreed_pence == 2_000_000_000 + coming["COUNCIL"]
    with pytest.raises(NotVisible):  # the police are no partner of the fund
        propose_rebalanced(**{**told, "by": made.run.directors["POLICE"]})
    assert ContributionProposal.objects.count() == 2


def accept(made: Realised, code: str) -> None:
    waiting = ContributionProposal.objects.get(state="waits", partner__organisation__code=code)
    told: dict[str, Any] = {"fund": made.shared.fund, "by": made.run.directors[code], "at": AT}
    accept_proposal(proposal=waiting, words="Minute 9", **told)


def test_only_the_change_is_proposed_and_nought_withdraws_what_waits() -> None:
    made = make_realised()
    told: dict[str, Any] = {"programme": made.run.programme, "fund": made.shared.fund, "by": made.run.manager, "at": AT}
    row = agreed(made)
    propose_rebalanced(**told)
    accept(made, "COUNCIL")
    again = propose_rebalanced(
        **told
    )  # the council's is in the base already; only what the NHS was not asked yet is left
    assert [each.partner.organisation.code for each in again] == ["NHS"]
    accept(made, "NHS")
    assert refusal(lambda: propose_rebalanced(**told)) == "BN-445"
    assert made.shared.fund is not None
    Fund.objects.filter(pk=made.shared.fund.pk).update(year=YEAR + 1)  # a year on, the base holds last year's change
    told["fund"] = Fund.objects.get(pk=made.shared.fund.pk)
    assert refusal(lambda: propose_rebalanced(**told)) == "BN-445"
    other = agreed(made, method="equal_net_gain")
    more = {each.partner.organisation.code: each.change_pence for each in propose_rebalanced(**told)}
    there = sum(ContributionProposal.objects.filter(state="accepted", partner__organisation__code="COUNCIL").values_list("change_pence", flat=True))  # fmt: skip
    wanted = (other.transfers["COUNCIL"] - there) / 3  # one year of it is paid; three years are left
    assert more["COUNCIL"] == pytest.approx(wanted - there, abs=1)
    made.sign(decided(made, method="equal_return"))  # back to the first: what waits no longer applies
    assert propose_rebalanced(**told) == []
    assert not ContributionProposal.objects.filter(state="waits").exists()
    withdrawn = ContributionProposal.objects.filter(state="replaced", decided_by=told["by"].account_id).exclude(
        decision=""
    )
    assert withdrawn.count() == 2
    assert row.number == 1


def test_whoever_proposed_does_not_accept_and_only_the_partner_itself_does() -> None:
    made = make_realised()
    agreed(made)
    told: dict[str, Any] = {"programme": made.run.programme, "fund": made.shared.fund, "at": AT}
    propose_rebalanced(by=made.run.directors["COUNCIL"], **told)
    mine = ContributionProposal.objects.get(state="waits", partner__organisation__code="COUNCIL")
    said: dict[str, Any] = {"fund": made.shared.fund, "proposal": mine, "words": "Minute", "at": AT}
    assert refusal(lambda: accept_proposal(by=made.run.directors["COUNCIL"], **said)) == "FU-454"
    assert refusal(lambda: accept_proposal(by=made.run.directors["NHS"], **said)) == "FU-455"
    assert accept_proposal(by=made.shared.chiefs["council"], **said).agreed_pence


def test_a_partner_with_a_stake_or_a_benefit_stays() -> None:
    made = make_realised()
    run = made.run
    said = ProgrammeSaid("Altogether better", "One plan for families.", date(2026, 4, 1), 5)
    left = [run.organisations[code] for code in ("COUNCIL", "POLICE")]

    def change() -> object:
        run.programme.refresh_from_db()
        told: dict[str, Any] = {
            "programme": run.programme,
            "version": run.programme.version,
            "by": run.manager,
            "at": AT,
        }
        return change_programme(said=said, partners=left, **told)

    with pytest.raises(Refused, match=r"Board gains CR2\.0 Violence at home, so it stays") as refused:
        change()
    assert refused.value.rule == "BN-461"
    decided(made)
    with pytest.raises(Refused, match="Board has a stake in version 1") as refused:
        change()
    assert refused.value.rule == "BN-460"


def test_the_pack_shows_each_reader_proposals_of_the_funds_they_see_alone() -> None:
    made = make_realised()
    agreed(made)
    told: dict[str, Any] = {"programme": made.run.programme, "by": made.run.manager, "at": AT}
    propose_rebalanced(fund=made.shared.fund, **told)
    row = freeze_pack(meeting_on=date(2026, 12, 3), **told)
    nhs, police = made.run.directors["NHS"], made.run.directors["POLICE"]
    pages = {name: reading.pack_page(who, row.pk) for name, who in (("nhs", nhs), ("police", police))}
    assert {name: len(page.content["proposals"]) for name, page in pages.items()} == {"nhs": 2, "police": 0}
    assert all(page.is_unchanged for page in pages.values())
    assert any("into Commissioning pool" in words for words in answers(pages["nhs"].content, "NHS")["decide"])
    assert "Commissioning pool" not in str(answers(pages["police"].content, "NHS"))
    assert reading.live_pack(police, made.run.programme.pk).content["proposals"] == []


def test_the_pack_answers_for_each_partner_and_its_files_come_to_the_same() -> None:
    made = make_realised(begun=BEGUN)
    told: dict[str, Any] = {"programme": made.run.programme, "by": made.run.manager}
    freeze_position(year=2026, quarter=1, at=AT, **told)
    made.realise()
    made.bank(made.reduce(3_000_000), 3_000_000)
    made.sign(decided(made), "NHS")
    unsigned = freeze_pack(meeting_on=date(2026, 12, 3), at=AT, **told)
    assert "have not agreed how they settle" in answers(unsigned.content, "COUNCIL")["owed"][0]
    assert any(
        words.startswith("Whether you sign version 1") for words in answers(unsigned.content, "COUNCIL")["decide"]
    )
    assert not any("sign version" in words for words in answers(unsigned.content, "NHS")["decide"])
    made.sign(InvestmentAgreement.objects.get(), "COUNCIL", "POLICE")
    row = freeze_pack(meeting_on=date(2026, 12, 3), at=AT + timedelta(days=1), **told)
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
    assert openpyxl.load_workbook(io.BytesIO(book)).sheetnames == [
        "Answers",
        "Partners",
        "Settlement",
        "Benefits",
        "Parameters",
        "Unit costs",
    ]
    document = document_of(row.content, "COUNCIL", number=1, digest=row.digest, printed_by="x", printed_at=AT)
    assert document.as_pdf().startswith(b"%PDF")
    with pytest.raises(DatabaseError), transaction.atomic():
        DirectorsPack.objects.update(number=7)
    assert reading.pack_page(made.run.directors["POLICE"], row.pk).code == "POLICE"
    assert reading.pack_page(made.run.directors["POLICE"], row.pk, "NHS").code == "NHS"
