"""The end of an agreement: what each partner gets by the agreement's rule, frozen once it is in notice; and a power checked."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from joinedup.access.actor import system
from joinedup.core.errors import NotPermitted, Refused
from joinedup.engines.ledger import Book
from joinedup.funds import chart, services
from joinedup.funds.leaving import Ending, exits
from joinedup.funds.leaving_document import workbook_of_leaving
from joinedup.funds.models import Balance, LeavingStatement, PowerCheck
from joinedup.funds.queries import leaving as reading
from joinedup.funds.queries.power_checks import power_page
from joinedup.funds.services import leaving as writing
from joinedup.funds.services import sharing
from joinedup.funds.services.booking import commitment
from joinedup.funds.services.posting import put_into_ledger
from joinedup.funds.services.power_checks import CheckSaid, record_power_check
from joinedup.funds.settling import Redundancy
from joinedup.funds.tests.factories import YEAR, Shared
from joinedup.funds.tests.figures import recomputed
from joinedup.funds.tests.test_risk_share_services import AFTER, MARCH, overspent, set_rule
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.tests.factories import AT

NAMES = ("A", "B", "C")
SUMS = st.integers(0, 10**12)


def each(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[dict[str, int]]:
    return st.fixed_dictionaries(dict.fromkeys(NAMES, numbers))


@given(
    each(st.integers(1, 10**9)),
    each(SUMS),
    SUMS,
    SUMS,
    SUMS,
    each(st.integers(-(10**9), 10**9)),
    SUMS,
    each(SUMS),
    st.sampled_from(Redundancy),
)
def test_parts_come_to_what_is_left(
    weights: dict[str, int], contributed: dict[str, int], brought: int, spent: int, committed: int, owed: dict[str, int],
    assets: int, redundancy: dict[str, int], rule: Redundancy,
) -> None:  # fmt: skip
    found = exits(
        Ending(weights, contributed, brought, spent, committed, owed, assets, {"A": assets // 3}, redundancy, rule)
    )
    left = sum(contributed.values()) + brought - spent - committed + assets - assets // 3
    assert sum(line.part for line in found.values()) == left
    assert sum(line.gets for line in found.values()) == left - sum(owed.values())


def test_a_rule_without_shares_is_no_rule() -> None:
    with pytest.raises(ValueError, match="share"):
        exits(Ending({"A": 0}, {}, 0, 0, 0, {}))


def ending() -> Shared:
    shared, fund = overspent()
    services.call_instalments(fund=fund, by=system(AFTER), at=AFTER)
    line = shared.lines["CAMHS-nhs"]
    draft = commitment(line, 70_000_00, on=MARCH, key="promise", memo="Therapy to July", source=("", ""))
    put_into_ledger(fund=fund, drafts=[draft], by=system(AT), at=AT)
    return shared


@pytest.mark.django_db
def test_what_is_in_the_books_is_shared_by_the_rule() -> None:
    shared = ending()
    fund, director = shared.fund, shared.directors["council"]
    assert fund is not None
    writing.set_leaving_rule(
        fund=fund, weights={"COUNCIL": 5, "NHS": 2}, redundancy="shared", clause="Five to two.", by=director, at=AFTER
    )
    add = {"fund": fund, "by": director, "at": AFTER}
    writing.add_leaving_item(**add, kind="asset", what="A minibus", pence=21_000_00, partner=shared.partners["council"])
    writing.add_leaving_item(
        **add, kind="redundancy", what="Two posts", pence=14_000_00, partner=shared.partners["nhs"]
    )
    page = reading.leaving(director, fund)
    council, nhs = page.content["partners"]
    assert (council["contributed"], nhs["contributed"]) == (2_000_000_000, 800_000_000)
    assert (council["spending"], nhs["spending"]) == (2_100_000_000, 840_000_000)
    assert (council["contracts"], nhs["contracts"]) == (50_000_00, 20_000_00)
    assert (council["assets"], council["kept"], nhs["assets"]) == (15_000_00, 21_000_00, 6_000_00)
    assert (council["redundancy"], nhs["redundancy"]) == (10_000_00, -10_000_00)
    # Nobody has paid anything in yet: both owe their contributions and get less than nothing.
    assert (council["owed"], nhs["owed"]) == (2_000_000_000, 800_000_000)
    bank = Balance.objects.filter(fund=fund, account__code=chart.BANK, book=Book.ACTUAL)
    cash = sum(row.debit - row.credit for row in bank)
    # What the partners get comes to the bank, less promises; the minibus is kept, so nothing of it is sold.
    assert council["gets"] + nhs["gets"] == cash - 70_000_00
    assert next((row["code"], row["pence"]) for row in page.content["balances"]) == (chart.BANK, cash)
    assert recomputed(workbook_of_leaving(page.content)) > 10


@pytest.mark.django_db
def test_frozen_once_it_is_in_notice_and_never_changed() -> None:
    shared = ending()
    fund, director = shared.fund, shared.directors["council"]
    assert fund is not None
    with pytest.raises(Refused) as early:
        writing.freeze_leaving(fund=fund, by=director, at=AFTER)
    assert early.value.rule == "FU-373"
    shared.agreement.refresh_from_db()
    services.give_notice(
        agreement=shared.agreement, ends_on=date(YEAR + 2, 6, 30), reason="A new plan.", by=director, at=AFTER
    )
    fund.refresh_from_db()
    made = writing.freeze_leaving(fund=fund, by=director, at=AFTER)
    assert reading.is_unchanged(made)
    assert made.content["ledger"]["digest"] == made.ledger_digest
    with pytest.raises(DatabaseError), transaction.atomic():
        LeavingStatement.objects.update(digest="0" * 64)
    host = Visitor(director, AFTER)
    page = host.see("fund_leaving_statement", made.pk)
    assert "Hash of this statement" in page
    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK"), ("csv", b"Part,")):
        assert host.answer("fund_leaving_statement_file", made.pk, kind).content.startswith(start)


@pytest.mark.django_db
def test_not_while_nobody_bears_a_part_of_the_overspend() -> None:
    shared, fund = overspent()
    set_rule(fund, '{"name": "capped", "caps": {"COUNCIL": 90000000, "NHS": 25000000}}')
    sharing.post_risk_share(fund=fund, year=YEAR, by=shared.directors["council"], at=AFTER)
    assert "nobody has agreed to bear" in reading.leaving(shared.directors["nhs"], fund).fault


@pytest.mark.django_db
def test_on_the_pages() -> None:
    shared = ending()
    fund = shared.fund
    assert fund is not None
    host, nhs = Visitor(shared.directors["council"], AFTER), Visitor(shared.directors["nhs"], AFTER)
    assert "If the agreement ended on 20 April 2027" in nhs.see("fund_leaving", fund.pk)
    wrong = host.send("fund_leaving_rule", fund.pk, weight_0="5", weight_1="2").content.decode()
    assert "Give the agreement’s own words" in wrong
    told = {"weight_0": "5", "weight_1": "2", "redundancy": "employer", "clause": "Five to two."}
    assert host.send("fund_leaving_rule", fund.pk, **told).status_code == 302
    wrong = host.send(
        "fund_leaving_item", fund.pk, kind="redundancy", what="Two posts", pence="14,000"
    ).content.decode()
    assert "Say whose staff they are" in wrong
    assert host.send("fund_leaving_item", fund.pk, kind="asset", what="A minibus", pence="21,000").status_code == 302
    page = host.see("fund_leaving", fund.pk)
    assert "A minibus" in page
    item = reading.leaving(shared.directors["council"], fund).items[0]
    assert host.send("fund_leaving_item_remove", fund.pk, item.pk).status_code == 302
    assert "A minibus" not in host.see("fund_leaving", fund.pk)
    nhs.see("fund_leaving_rule", fund.pk, status=403)


# --- A power that was checked.


def check_said(**facts: object) -> CheckSaid:
    said = {
        "lawyer": "Portia Testlaw",
        "lawyer_of": "Mock Chambers",
        "checked_on": date(YEAR, 10, 1),
        "is_right": True,
        "written": "Letter",
    }
    return CheckSaid(**{**said, **facts})  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_named_lawyer_checked_the_power() -> None:
    shared, _ = overspent()
    director = shared.directors["nhs"]
    facts = {"agreement": shared.agreement, "by": director, "at": AT}
    assert not power_page(director, shared.agreement.pk).is_verified
    for said, rule in (
        (check_said(checked_on=date(YEAR, 12, 1)), "FU-391"), (check_said(is_right=False), "FU-392"),
        (check_said(lawyer=" "), "FU-390"), (check_said(written=""), "FU-390"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            record_power_check(**facts, said=said)
        assert refused.value.rule == rule
    record_power_check(**facts, said=check_said(is_right=False, words="The day is wrong.", checked_on=date(YEAR, 9, 1)))
    assert not power_page(director, shared.agreement.pk).is_verified
    record_power_check(**facts, said=check_said())
    page = power_page(director, shared.agreement.pk)
    assert (page.is_verified, len(page.checks)) == (True, 2)
    with pytest.raises(DatabaseError), transaction.atomic():
        PowerCheck.objects.update(lawyer="Somebody else")
    assert shared.pool_manager is not None
    with pytest.raises(NotPermitted):
        record_power_check(agreement=shared.agreement, said=check_said(), by=shared.pool_manager, at=AT)


@pytest.mark.django_db
def test_the_check_on_its_page() -> None:
    shared, _ = overspent()
    nhs = Visitor(shared.directors["nhs"])
    assert "No lawyer has checked yet" in nhs.see("fund_power", shared.agreement.pk)
    told = {
        "lawyer": "Portia Testlaw",
        "lawyer_of": "Mock Chambers",
        "written": "Letter of 1 October",
        "is_right": "no",
    }
    day = {"checked_on-day": "1", "checked_on-month": "10", "checked_on-year": str(YEAR)}
    wrong = nhs.send("fund_power_check", shared.agreement.pk, **told, **day).content.decode()
    assert "Say what is not right" in wrong
    assert nhs.send("fund_power_check", shared.agreement.pk, **{**told, "is_right": "yes"}, **day).status_code == 302
    assert "Portia Testlaw of Mock Chambers checked it on 1 October 2026 and found it right." in nhs.see(
        "fund_power", shared.agreement.pk
    )
    assert "The power was checked by Portia Testlaw" in nhs.see("fund_agreement", shared.agreement.pk)
