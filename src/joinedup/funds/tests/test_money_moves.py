"""Budgets, ring-fences, contributions and virements: what is refused, what is posted, and who may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, Refused
from joinedup.core.models import OutboxMessage, new_id
from joinedup.engines.ledger import Book
from joinedup.funds import services
from joinedup.funds.contributing import RollForward
from joinedup.funds.models import BudgetLine, Contribution, Entry, Instalment
from joinedup.funds.queries.contributions import contributions
from joinedup.funds.queries.figures import figures_of
from joinedup.funds.queries.funds import fund as fund_page
from joinedup.funds.services import ContributionSaid, LineSaid, PartSaid
from joinedup.funds.tests.factories import YEAR, Shared, add_fund, make_agreement, make_open, make_person, make_stream
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT, make_cluster, make_locality, make_post

pytestmark = pytest.mark.django_db
BY = system(AT)


def refused(call: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as caught:
        call(**({"by": BY, "at": AT} | kwargs))
    return caught.value.rule


@pytest.fixture
def shared() -> Shared:
    return make_open()


def post_of(actor: Any) -> Post:
    return Post.objects.get(pk=next(iter(actor.post_ids)))


# --- Budgets.


def test_an_approved_budget_is_in_the_ledger_and_changes_by_hand_no_more(shared: Shared) -> None:
    page = fund_page(shared.directors["nhs"], shared.fund.pk)  # type: ignore[union-attr]
    assert page.total.budget == 2_800_000_000
    assert page.is_approved
    line = shared.lines["CAMHS-nhs"]
    said = LineSaid("CAMHS-NHS", "More", shared.partners["nhs"], 1)
    assert refused(services.change_line, agreement=shared.agreement, line=line, said=said, version=1) == "FU-144"
    assert refused(services.approve_budget, agreement=shared.agreement, fund=shared.fund, year=YEAR) == "FU-144"


def test_an_aligned_fund_has_no_pooled_line_and_a_grant_power_no_pool() -> None:
    shared = make_agreement()
    fund = add_fund(shared, model="aligned")
    said = LineSaid("X", "X", shared.partners["nhs"], 100, "pooled")
    scheme = shared.schemes["CAMHS"]
    assert refused(services.add_line, agreement=shared.agreement, scheme=scheme, year=YEAR, said=said) == "FU-137"
    twice = LineSaid("CAMHS-NHS", "Again", shared.partners["nhs"], 100, "in_view")
    assert refused(services.add_line, agreement=shared.agreement, scheme=scheme, year=YEAR, said=twice) == "FU-133"
    grant = make_agreement(title="Grant", power="S256")
    host = grant.partners["council"]
    new = {"agreement": grant.agreement, "code": "G", "name": "Grant", "host": host, "year": YEAR}
    assert refused(services.open_fund, model="pooled", **new) == "FU-130"
    assert services.open_fund(model="grant", **new, by=BY, at=AT).model == "grant"
    assert fund.model == "aligned"


def test_ring_fenced_money_needs_consent_and_a_permitted_scheme() -> None:
    shared = make_agreement()
    fund = add_fund(shared)
    grant = make_stream(
        "DSG",
        "Dedicated schools grant",
        "dedicated_schools_grant",
        is_ring_fenced=True,
        consent_of="the schools forum",
        keeps_balance=True,
    )
    said = LineSaid("DSG-1", "Attendance", shared.partners["council"], 100, stream=grant)
    line = {"agreement": shared.agreement, "year": YEAR, "said": said}
    assert refused(services.add_line, scheme=shared.schemes["SHORT"], **line) == "FU-138"
    consent = {
        "fund": fund,
        "stream": grant,
        "schemes": {shared.schemes["SHORT"]: "Pupils"},
        "consented_by": "The schools forum",
        "consented_on": date(2026, 2, 1),
        "written": "Minute 6",
    }
    assert refused(services.record_consent, **{**consent, "written": " "}) == "FU-140"
    services.record_consent(**consent, by=BY, at=AT)
    assert refused(services.add_line, scheme=shared.schemes["CAMHS"], **line) == "FU-139"
    services.add_line(scheme=shared.schemes["SHORT"], **line, by=BY, at=AT)
    from joinedup.funds.queries.gate import standing_of

    assert standing_of(BY, shared.agreement).unbalanced == ("Exampleshire Council",)
    services.set_contribution(
        fund=fund, said=ContributionSaid(shared.partners["council"], grant, YEAR, RollForward(100)), by=BY, at=AT
    )
    assert standing_of(BY, shared.agreement).unbalanced == ()


def test_budgets_are_handed_on_down_to_a_family_with_a_limit(shared: Shared) -> None:
    line = BudgetLine.objects.select_related("fund__agreement").get(pk=shared.lines["SHORT-council"].pk)
    place = make_locality(name="North")
    cluster = make_cluster(locality=place, name="Alder")
    account, post = make_post(role=Role.KEY_WORKER, name="Amira Testerly")
    assert account.pk
    too_much = PartSaid("N", "North", 1_500_000_001, "locality", locality=place)
    assert refused(services.hand_on_budget, line=line, said=too_much) == "FU-136"
    north = services.hand_on_budget(
        line=line, said=PartSaid("N", "North", 1_000_000, "locality", locality=place), by=BY, at=AT
    )
    alder = services.hand_on_budget(
        line=north, said=PartSaid("A", "Alder", 400_000, "cluster", cluster=cluster), by=BY, at=AT
    )
    wider = PartSaid("N2", "North again", 100, "locality", locality=place)
    assert refused(services.hand_on_budget, line=alder, said=wider) == "FU-135"
    nobody = PartSaid("F", "Family", 50_000, "family", family_id=new_id())
    assert refused(services.hand_on_budget, line=alder, said=nobody) == "FU-143"
    whole = PartSaid("F", "Family", 50_000, "family", family_id=new_id(), holder=post, limit_pence=20_000)
    family = services.hand_on_budget(line=alder, said=whole, by=BY, at=AT)
    assert [figures_of(BY, each).left for each in (north, alder, family)] == [600_000, 350_000, 50_000]
    assert figures_of(BY, line).left == 1_499_000_000
    amira = make_actor(post)
    commit = {"line": family, "what": "A washing machine", "by": amira}
    assert refused(services.commit_from_budget, pence=20_001, key="a", **commit) == "FU-141"
    first = services.commit_from_budget(pence=20_000, key="a", at=AT, **commit)
    assert services.commit_from_budget(pence=20_000, key="a", at=AT, **commit) == first
    services.commit_from_budget(pence=20_000, key="b", at=AT, **commit)
    assert refused(services.commit_from_budget, pence=10_001, key="c", **commit) == "R-3"
    assert figures_of(BY, family).left == 10_000
    other = make_person(Role.KEY_WORKER, shared.council, "Ben Testerson")
    with pytest.raises(NotPermitted):
        services.commit_from_budget(line=family, pence=100, what="Shoes", key="d", by=other, at=AT)


def make_actor(post: Post) -> Any:
    from joinedup.organisations.tests.factories import actor_of

    return actor_of(post.account, AT)


# --- Contributions.


def test_a_contribution_is_rolled_forward_and_paid_in_four_parts(shared: Shared) -> None:
    assert shared.fund is not None
    said = RollForward(18_000_000_00, 0, 300, 250_000_00, 150, 120_000_00)
    stream = make_stream("OTHER", "Another grant", "grant")
    whole = ContributionSaid(shared.partners["council"], stream, YEAR, said)
    assert refused(services.set_contribution, fund=shared.fund, said=whole) == "FU-159"
    agreed = ContributionSaid(shared.partners["council"], stream, YEAR, said, detriment="Board, minute 4")
    row = services.set_contribution(fund=shared.fund, said=agreed, by=BY, at=AT)
    assert row.agreed_pence == 18_400_000_00
    parts = Instalment.objects.filter(contribution=row).order_by("number")
    assert [each.pence for each in parts] == [4_600_000_00] * 4
    assert [each.due_on for each in parts] == [date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1)]
    odd = ContributionSaid(
        shared.partners["nhs"], stream, YEAR, RollForward(100), instalments=((date(2026, 5, 1), 60),)
    )
    assert refused(services.set_contribution, fund=shared.fund, said=odd) == "FU-150"
    late = ContributionSaid(
        shared.partners["nhs"], stream, YEAR, RollForward(100), instalments=((date(2027, 4, 1), 100),)
    )
    assert refused(services.set_contribution, fund=shared.fund, said=late) == "FU-151"
    nothing = ContributionSaid(shared.partners["nhs"], stream, YEAR, RollForward(100, charges_pence=100))
    assert refused(services.set_contribution, fund=shared.fund, said=nothing) == "FU-152"


def test_what_is_due_is_owed_received_and_reminded_of_once(shared: Shared) -> None:
    fund = shared.fund
    assert fund is not None
    assert services.call_instalments(fund=fund, by=BY, at=AT) == 6  # three quarters of two partners
    assert services.call_instalments(fund=fund, by=BY, at=AT) == 0
    nhs = Instalment.objects.filter(contribution__partner=shared.partners["nhs"]).order_by("number")
    first = nhs[0]
    paid = {"fund": fund, "instalment": first, "received_on": date(2026, 4, 9), "reference": "ICB 1"}
    assert refused(services.record_receipt, pence=200_000_001, **paid) == "FU-153"
    services.record_receipt(pence=150_000_000, **paid, by=BY, at=AT)
    assert refused(services.record_receipt, pence=60_000_000, **paid) == "FU-153"
    assert (
        refused(services.record_receipt, pence=1, **{**paid, "received_on": AT.date() + timedelta(days=1)}) == "FU-154"
    )
    page = contributions(shared.directors["nhs"], fund.pk)
    assert (page.owed, page.received, page.overdue) == (2_100_000_000, 150_000_000, 1_950_000_000)
    with pytest.raises(NotPermitted):
        services.record_receipt(pence=100, **paid, by=shared.directors["nhs"], at=AT)
    assert services.remind_of_contributions(fund=fund, by=BY, at=AT) == 6
    sent = OutboxMessage.objects.filter(about_kind="funds.fund")
    assert sent.count() == 4  # the chief and the director of each partner
    assert sum("£500,000.00" in each.body for each in sent) == 2  # what is left of the NHS's first
    assert services.remind_of_contributions(fund=fund, by=BY, at=AT) == 0


def test_a_receipt_is_put_right_by_another_and_in_kind_never_reaches_the_bank(shared: Shared) -> None:
    fund = shared.fund
    assert fund is not None
    rooms = ContributionSaid(
        shared.partners["nhs"], shared.streams["nhs"], YEAR, RollForward(15_000_000), kind="in_kind"
    )
    assert refused(services.set_contribution, fund=fund, said=rooms) == "FU-155"
    given = ContributionSaid(
        shared.partners["nhs"], shared.streams["nhs"], YEAR, RollForward(15_000_000), "in_kind", "Rooms"
    )
    row = services.set_contribution(fund=fund, said=given, by=BY, at=AT)
    services.call_instalments(fund=fund, by=BY, at=AT)
    assert Entry.objects.get(source_id=str(row.instalments.get().pk)).book == Book.MEMORANDUM
    part = Instalment.objects.filter(contribution__partner=shared.partners["nhs"], contribution__kind="cash").order_by(
        "number"
    )[0]
    receipt = services.record_receipt(
        fund=fund, instalment=part, pence=200_000_000, received_on=AT.date(), reference="ICB 1", by=BY, at=AT
    )
    services.correct_receipt(fund=fund, receipt=receipt, reason="Another fund’s money", by=BY, at=AT)
    assert refused(services.correct_receipt, fund=fund, receipt=receipt, reason="Again") == "FU-149"
    assert contributions(BY, fund.pk).received == 0
    again = ContributionSaid(shared.partners["nhs"], shared.streams["nhs"], YEAR, RollForward(1))
    assert refused(services.set_contribution, fund=fund, said=again) == "FU-158"
    assert Contribution.objects.filter(fund=fund).count() == 3


# --- Virements.


def name(shared: Shared, level: str, actor: Any) -> None:
    services.name_authority(agreement=shared.agreement, level=level, post=post_of(actor), by=BY, at=AT)


def ask(shared: Shared, start: str, end: str, pence: int, **more: Any) -> Any:
    lines = {
        key: BudgetLine.objects.select_related("fund__agreement", "stream").get(pk=each.pk)
        for key, each in shared.lines.items()
    }
    said = {"from_line": lines[start], "to_line": lines[end], "pence": pence, "reason": "The waiting list."}
    return services.ask_virement(**{**said, "by": shared.pool_manager, "at": AT, **more})


def test_splitting_a_virement_does_not_help(shared: Shared) -> None:
    small = ask(shared, "SHORT-council", "CAMHS-nhs", 2_000_000)
    assert small.level == "service_head"
    second = ask(shared, "SHORT-council", "CAMHS-nhs", 2_000_000)
    assert (second.level, second.cumulative_pence) == ("chief_officer", 4_000_000)
    third = ask(shared, "SHORT-council", "CAMHS-council", 4_000_000)
    assert third.level == "cabinet"


def test_a_person_with_the_authority_approves_and_a_balanced_entry_is_posted(shared: Shared) -> None:
    virement = ask(shared, "SHORT-council", "CAMHS-nhs", 3_000_000)
    chief, director = shared.chiefs["council"], shared.directors["nhs"]
    approve = {"virement": virement}
    assert refused(services.approve_virement, **approve, by=shared.pool_manager) == "FU-163"
    assert refused(services.approve_virement, **approve, by=chief) == "FU-161"
    name(shared, "service_head", director)
    assert refused(services.approve_virement, **approve, by=director) == "FU-161"
    name(shared, "cabinet", chief)
    services.approve_virement(**approve, by=chief, at=AT)
    entry = Entry.objects.get(source_id=str(virement.pk))
    assert (entry.book, entry.pence) == (Book.BUDGET, 3_000_000)
    assert figures_of(BY, shared.lines["CAMHS-nhs"]).budget == 603_000_000
    assert figures_of(BY, shared.lines["SHORT-council"]).budget == 1_497_000_000
    assert refused(services.approve_virement, **approve, by=chief) == "FU-162"


def test_a_committee_decides_by_its_minute(shared: Shared) -> None:
    virement = ask(shared, "SHORT-council", "CAMHS-nhs", 9_000_000)
    name(shared, "cabinet", shared.chiefs["council"])
    assert refused(services.approve_virement, virement=virement, by=shared.chiefs["council"]) == "FU-124"
    services.approve_virement(virement=virement, decision="Cabinet, minute 12", by=shared.chiefs["council"], at=AT)
    virement.refresh_from_db()
    assert virement.decision == "Cabinet, minute 12"


def test_more_than_is_left_is_not_moved_also_when_it_was_asked_for_in_time(shared: Shared) -> None:
    with pytest.raises(Refused) as caught:
        ask(shared, "SHORT-nhs", "CAMHS-nhs", 200_000_001)
    assert caught.value.rule == "FU-166"
    first, second = (ask(shared, "SHORT-nhs", "CAMHS-nhs", 150_000_000) for _ in range(2))
    name(shared, "council", shared.chiefs["nhs"])
    services.approve_virement(virement=first, decision="Council, minute 1", by=shared.chiefs["nhs"], at=AT)
    assert (
        refused(services.approve_virement, virement=second, decision="Council, minute 2", by=shared.chiefs["nhs"])
        == "FU-166"
    )
    services.decline_virement(virement=second, reason="There is not enough left.", by=shared.chiefs["nhs"], at=AT)


def test_between_capital_and_revenue_every_partner_agrees(shared: Shared) -> None:
    BudgetLine.objects.filter(pk=shared.lines["CAMHS-nhs"].pk).update(is_capital=True)
    virement = ask(shared, "SHORT-council", "CAMHS-nhs", 1_000_000)
    name(shared, "council", shared.chiefs["council"])
    assert refused(services.approve_virement, virement=virement, by=shared.chiefs["council"]) == "FU-167"
    for code in ("council", "nhs"):
        services.agree_to_virement(partner=shared.partners[code], virement=virement, by=shared.directors[code], at=AT)
    services.approve_virement(virement=virement, by=shared.chiefs["council"], at=AT)


def test_partners_money_never_crosses_in_an_aligned_fund() -> None:
    shared = make_agreement()
    add_fund(shared, model="aligned")
    make_open(shared)
    with pytest.raises(Refused) as caught:
        ask(shared, "SHORT-council", "CAMHS-nhs", 100)
    assert caught.value.rule == "R-4"
    assert "keeps its own money" in caught.value.sentence
    assert ask(shared, "SHORT-council", "CAMHS-council", 100).state == "asked"


def test_below_the_first_limit_waverley_only_notifies() -> None:
    shared = make_open(make_agreement(virement_scheme="waverley"))
    small = ask(shared, "SHORT-council", "SHORT-nhs", 9_999)
    assert (small.state, small.level) == ("approved", "budget_manager")
    crossing = ask(shared, "SHORT-council", "CAMHS-council", 100)
    assert (crossing.state, crossing.level) == ("asked", "management_board")  # one up, on £100.99 moved this year
