"""Money promised from a budget and what becomes of it; budgets passed on and handed back; more than is left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.models import new_id
from joinedup.engines.ledger import Book
from joinedup.funds import services
from joinedup.funds.models import BudgetLine, Commitment, Entry, OverAllowed, Posting
from joinedup.funds.queries.commitments import (
    budgets_of_family,
    budgets_to_hand_on,
    commitment_for_change,
    commitments_of,
    held_budgets,
)
from joinedup.funds.queries.figures import figures_of, room_of
from joinedup.funds.queries.funds import fund as fund_page
from joinedup.funds.queries.funds import line as line_page
from joinedup.funds.services import OverSaid, PartSaid
from joinedup.funds.services.buying import Bought, record_purchase, set_vat_regime
from joinedup.funds.tests.factories import Shared, make_open, make_person
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT, actor_of, make_locality, make_post

pytestmark = pytest.mark.django_db
BY = system(AT)


def refused(call: Callable[..., object], **kwargs: Any) -> str:
    with pytest.raises(Refused) as caught:
        call(**({"by": BY, "at": AT} | kwargs))
    return caught.value.rule


class Family:
    """A pool of which North has £10,000 that Nia holds, and a family £500 that Amira holds, £200 at a time."""

    def __init__(self) -> None:
        self.shared: Shared = make_open()
        whole = self.line(self.shared.lines["SHORT-council"].pk)
        account, nia = make_post(
            role=Role.TEAM_MANAGER, employer=self.shared.council, name="Nia Testnorth", title="Team manager"
        )
        self.nia = actor_of(account, AT)
        place = make_locality(name="North")
        said = PartSaid("N", "North", 1_000_000, "locality", locality=place, holder=nia)
        self.north = services.hand_on_budget(line=whole, said=said, by=BY, at=AT)
        account, amira = make_post(
            role=Role.KEY_WORKER, employer=self.shared.council, name="Amira Testerly", title="Key worker"
        )
        self.amira = actor_of(account, AT)
        account, self.ben_post = make_post(
            role=Role.KEY_WORKER, employer=self.shared.council, name="Ben Testerson", title="Key worker"
        )
        self.ben = actor_of(account, AT)
        self.family_id = new_id()
        said = PartSaid("F", "Family 1", 50_000, "family", family_id=self.family_id, holder=amira, limit_pence=20_000)
        self.budget = self.line(services.hand_on_budget(line=self.north, said=said, by=self.nia, at=AT).pk)

    def line(self, pk: Any) -> BudgetLine:
        return BudgetLine.objects.select_related("fund__agreement", "fund__host").get(pk=pk)

    def promise(self, pence: int = 20_000, key: str = "a", what: str = "A washing machine", **more: Any) -> Commitment:
        return services.commit_from_budget(
            **({"line": self.budget, "pence": pence, "what": what, "key": key, "by": self.amira, "at": AT} | more)
        )


@pytest.fixture
def family() -> Family:
    return Family()


def test_a_promise_has_a_record_with_whoever_made_it_and_counts_once(family: Family) -> None:
    first = family.promise(source=("casework.plansteps", "7"))
    assert (first.pence, first.what, first.state, first.about_kind) == (
        20_000,
        "A washing machine",
        "open",
        "casework.plansteps",
    )
    assert first.committed_by == family.amira.account_id
    entry = Entry.objects.get(pk=first.entry_id)
    assert (entry.book, entry.source_id) == (Book.COMMITMENT, str(first.pk))
    again = family.promise()
    assert again == first
    assert Commitment.objects.count() == 1
    assert (
        refused(services.commit_from_budget, line=family.budget, pence=100, what="Shoes", key="a", by=family.amira)
        == "FU-208"
    )
    assert figures_of(BY, family.budget).left == 30_000


def test_nobody_promises_over_the_limit_over_the_budget_or_from_anothers_budget(family: Family) -> None:
    said = {"line": family.budget, "what": "Beds", "by": family.amira}
    assert refused(services.commit_from_budget, pence=20_001, key="a", **said) == "FU-141"
    family.promise(key="a")
    family.promise(key="b", what="A cooker")
    assert refused(services.commit_from_budget, pence=10_001, key="c", **said) == "R-3"
    assert refused(services.commit_from_budget, pence=0, key="c", **said) == "FU-134"
    assert refused(services.commit_from_budget, pence=1, key="c", **(said | {"what": " "})) == "FU-119"
    with pytest.raises(NotPermitted):
        services.commit_from_budget(line=family.budget, pence=1, what="Shoes", key="d", by=family.ben, at=AT)


def test_what_is_not_needed_is_free_again_and_released_once(family: Family) -> None:
    first = family.promise()
    assert refused(services.release_commitment, commitment=first, reason=" ") == "FU-119"
    services.release_commitment(commitment=first, reason="A neighbour gave one.", by=family.amira, at=AT)
    services.release_commitment(commitment=first, reason="Twice.", by=family.amira, at=AT)
    first.refresh_from_db()
    assert (first.state, first.ended_because) == ("released", "A neighbour gave one.")
    assert figures_of(BY, family.budget).left == 50_000
    postings = Posting.objects.filter(line=family.budget, book=Book.COMMITMENT).order_by("id")
    assert [each.pence for each in postings] == [20_000, -20_000]
    assert refused(services.buy_committed, commitment=first, said=bought(family, 100)) == "FU-404"


def bought(family: Family, net: int, **more: Any) -> Bought:
    return Bought(
        **(
            {
                "delivered_by": family.shared.partners["council"], "supplier": "Placeholder Goods", "invoice": "R-1",
                "what": "A washing machine", "bought_on": AT.date(), "net_pence": net, "kind": "third_party",
            }
            | more
        )
    )  # fmt: skip


def test_what_was_promised_is_bought_and_the_whole_promise_ends(family: Family) -> None:
    set_vat_regime(
        partner=family.shared.partners["council"], regime="none", starts_on=AT.date() - timedelta(30), by=BY, at=AT
    )
    first = family.promise()
    over_limit = bought(family, 20_001)
    assert refused(services.buy_committed, commitment=first, said=over_limit, by=family.amira) == "FU-141"
    purchase = services.buy_committed(commitment=first, said=bought(family, 15_000), by=family.amira, at=AT)
    first.refresh_from_db()
    assert (first.state, first.purchase_id) == ("bought", purchase.pk)
    # £150 and £30 VAT that this partner cannot reclaim; the promise of £200 is gone.
    figures = figures_of(BY, family.budget)
    assert (figures.spent, figures.committed, figures.left) == (18_000, 0, 32_000)
    (shown,) = commitments_of(family.amira, family.budget)
    assert (shown.state_label, shown.cost_pence, shown.may_buy, shown.by) == ("Bought", 18_000, False, "Amira Testerly")
    assert refused(services.release_commitment, commitment=first, reason="Late.") == "FU-404"


def test_more_than_was_promised_is_bought_only_as_far_as_the_budget_reaches(family: Family) -> None:
    set_vat_regime(
        partner=family.shared.partners["council"], regime="s33", starts_on=AT.date() - timedelta(30), by=BY, at=AT
    )
    first = family.promise(pence=5_000)
    assert refused(services.buy_committed, commitment=first, said=bought(family, 50_001)) == "R-3"
    services.buy_committed(commitment=first, said=bought(family, 50_000), by=BY, at=AT)
    assert figures_of(BY, family.budget).left == 0


def test_a_budget_goes_to_another_lead_professional_and_what_is_left_goes_back(family: Family) -> None:
    family.promise()
    with pytest.raises(NotPermitted):
        services.pass_on_budget(line=family.budget, holder=family.ben_post, limit_pence=100, by=family.amira, at=AT)
    manager = Post.objects.get(pk=next(iter(family.shared.directors["nhs"].post_ids)))
    said: dict[str, Any] = {"line": family.budget, "by": family.nia}
    assert refused(services.pass_on_budget, holder=manager, limit_pence=100, **said) == "FU-413"
    assert refused(services.pass_on_budget, holder=family.ben_post, limit_pence=None, **said) == "FU-143"
    services.pass_on_budget(holder=family.ben_post, limit_pence=10_000, at=AT, **said)
    with pytest.raises(NotPermitted):
        family.promise(pence=1, key="z")
    family.promise(pence=10_000, key="b", what="Shoes", by=family.ben)
    with pytest.raises(NotPermitted):
        services.hand_back_budget(line=family.budget, reason="Help has ended.", by=family.amira, at=AT)
    assert services.hand_back_budget(line=family.budget, reason="Help has ended.", by=family.ben, at=AT) == 20_000
    assert refused(services.hand_back_budget, line=family.budget, reason="Again.") == "FU-406"
    assert figures_of(BY, family.north).left == 970_000
    assert (
        refused(services.hand_back_budget, line=family.line(family.shared.lines["SHORT-nhs"].pk), reason="No.")
        == "FU-407"
    )


def test_who_sees_which_budgets_of_a_family(family: Family) -> None:
    family.promise()
    (amiras,) = budgets_of_family(family.amira, family.family_id)
    assert (amiras.holder, amiras.limit_pence, amiras.figures.left, amiras.may_commit) == (
        "Amira Testerly",
        20_000,
        30_000,
        True,
    )
    assert [each.what for each in amiras.commitments] == ["A washing machine"]
    (nias,) = budgets_of_family(family.nia, family.family_id)
    assert (nias.may_commit, nias.may_pass_on) == (False, True)
    cara = make_person(Role.REFERRER, family.shared.nhs, "Cara Testwell")
    assert budgets_of_family(cara, family.family_id) == []
    assert budgets_of_family(family.amira, new_id()) == []
    assert [each.name for each in budgets_to_hand_on(family.nia)] == ["North"]
    assert budgets_to_hand_on(family.amira) == []
    assert [(each.name, len(each.open)) for each in held_budgets(family.amira)] == [("Family 1", 1)]
    with pytest.raises(NotVisible):
        commitment_for_change(family.ben, Commitment.objects.get().pk)


# --- More than is left.


def test_more_than_is_left_needs_somebody_with_the_authority_and_a_reason(family: Family) -> None:
    line = family.line(family.shared.lines["CAMHS-nhs"].pk)
    set_vat_regime(
        partner=family.shared.partners["nhs"], regime="s33", starts_on=AT.date() - timedelta(30), by=BY, at=AT
    )
    over = bought(family, 600_000_000 + 2_000_000, delivered_by=family.shared.partners["nhs"])
    purchase: dict[str, Any] = {"fund": line.fund, "line": line, "said": over}
    assert refused(record_purchase, **purchase) == "R-3"
    manager = family.shared.pool_manager
    assert manager is not None
    said = OverSaid(2_000_000, "A child was placed far away, and the court ordered visits.")
    record_purchase(
        fund=line.fund,
        line=line,
        said=bought(family, 600_000_000, delivered_by=family.shared.partners["nhs"], invoice="R-0"),
        by=BY,
        at=AT,
    )
    assert refused(services.allow_over_budget, line=line, said=said, by=manager) == "FU-401"
    post = Post.objects.get(pk=next(iter(manager.post_ids)))
    services.name_authority(agreement=family.shared.agreement, level="service_head", post=post, by=BY, at=AT)
    assert refused(services.allow_over_budget, line=line, said=OverSaid(2_000_000, " "), by=manager) == "FU-119"
    allowed = services.allow_over_budget(line=line, said=said, by=manager, at=AT)
    assert (allowed.level, allowed.left_pence, room_of(BY, line)) == ("service_head", 0, 2_000_000)
    more = OverSaid(600_000, "And more.")
    assert refused(services.allow_over_budget, line=line, said=more, by=manager) == "FU-401"  # splitting does not help
    record_purchase(
        fund=line.fund,
        line=line,
        said=bought(family, 2_000_000, delivered_by=family.shared.partners["nhs"]),
        by=BY,
        at=AT,
    )
    assert figures_of(BY, line).left == -2_000_000
    back: dict[str, Any] = {"line": line, "allowance": allowed, "by": manager}
    assert refused(services.take_back_allowance, reason="Not needed.", **back) == "FU-402"


def test_what_is_allowed_and_not_used_is_taken_back_once_and_all_of_it_stays_on_record(family: Family) -> None:
    line = family.line(family.shared.lines["SHORT-nhs"].pk)
    allowed = services.allow_over_budget(
        line=line, said=OverSaid(200_000_001, "Winter.", "Council, 12 November, minute 4"), by=BY, at=AT
    )
    said: dict[str, Any] = {"line": line, "allowance": allowed, "reason": "A mild winter."}
    services.take_back_allowance(by=BY, at=AT, **said)
    assert refused(services.take_back_allowance, **said) == "FU-412"
    assert [each.pence for each in OverAllowed.objects.order_by("at", "id")] == [200_000_001, -200_000_001]
    assert room_of(BY, line) == 200_000_000
    page = fund_page(family.shared.directors["nhs"], line.fund_id)
    assert {each.reason for each in page.over} == {"Winter.", "A mild winter."}
    shown = line_page(family.shared.directors["nhs"], line.pk)
    assert (shown.allowed, len(shown.over)) == (0, 2)


def test_the_pages_of_promises_ask_do_and_refuse(family: Family) -> None:
    amira: Actor = family.amira
    visitor = Visitor(amira)
    first = family.promise()
    page = visitor.see("fund_line", family.budget.pk)
    assert "A washing machine" in page
    assert "It is bought" in page
    assert "What it is for" not in page
    assert "A washing machine" in visitor.see("held_budgets")
    wrong = visitor.send("fund_commitment_release", first.pk, reason="")
    assert "Say why it is not needed" in wrong.content.decode()
    assert visitor.send("fund_commitment_release", first.pk, reason="Given.").status_code == 302
    assert Visitor(family.ben).see("fund_line", family.budget.pk, status=404)
    assert "Family 1" in Visitor(family.nia).see("fund_line", family.budget.pk)
    chief = Visitor(family.shared.chiefs["council"])
    answer = chief.send("fund_line_over", family.budget.pk, amount="600", reason="")
    assert "Say why" in answer.content.decode()
    told = chief.send("fund_line_over", family.budget.pk, amount="600", reason="A fire.")
    assert "needs the authority of" in told.content.decode()
