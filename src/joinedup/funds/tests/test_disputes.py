"""A balance that is disputed: begun by a signature, answered, taken further, settled; late; and the year's end."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from joinedup.access.actor import Actor
from joinedup.core import partnership
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.funds.models import Dispute, DisputeMove, Fund
from joinedup.funds.queries import disputes as reading
from joinedup.funds.queries import statements as signing
from joinedup.funds.services import disputes, reporting, sharing
from joinedup.funds.services.ledger import close_year, open_year
from joinedup.funds.settling import DisputeStep, step_ends_on, steps_of
from joinedup.funds.tests.factories import YEAR, Shared
from joinedup.funds.tests.test_risk_share_services import AFTER, overspent, set_rule
from joinedup.funds.tests.visiting import Visitor

pytestmark = pytest.mark.django_db
LATER = AFTER + timedelta(days=40)


def sign(
    shared: Shared, fund: Fund, name: str, quarter: int, *lines: str, words: str = "", at: datetime = AFTER
) -> None:
    place, director = shared.partners[name], shared.directors[name]
    found = signing.statement(director, fund, place.pk, year=YEAR, quarter=quarter)
    sharing.sign_balance(
        partner=place,
        fund=fund,
        year=YEAR,
        quarter=quarter,
        digest=found.digest,
        disputed=lines,
        words=words,
        by=director,
        at=at,
    )


def disputed(quarter: int = 1) -> tuple[Shared, Fund, Dispute]:
    shared, fund = overspent()
    set_rule(fund)
    sign(shared, fund, "nhs", quarter, "owed", words="We paid in June.")
    return shared, fund, Dispute.objects.select_related("fund", "partner").get()


def at_the_time(actor: Actor, at: datetime) -> Actor:
    from dataclasses import replace

    return replace(actor, at=at)


def test_a_signature_begins_it_and_its_days_are_working_days() -> None:
    _, _, row = disputed()
    assert row.lines == [["owed", "Still owed", 200_000_000]]
    # Ten working days after 20 April 2027, with the bank holiday of 3 May between.
    assert (row.step_ends_on, row.answer_by) == (date(2027, 5, 5), date(2027, 4, 27))
    assert list(DisputeMove.objects.values_list("kind", "words")) == [("raised", "We paid in June.")]
    with pytest.raises(DatabaseError), transaction.atomic():
        DisputeMove.objects.update(words="")


def test_answered_taken_further_and_settled() -> None:
    shared, _, row = disputed()
    council, nhs = shared.directors["council"], shared.directors["nhs"]
    with pytest.raises(Refused) as own:
        disputes.answer_dispute(dispute=row, words="No.", by=nhs, at=AFTER)
    assert own.value.rule == "FU-364"
    disputes.answer_dispute(dispute=row, words="It came in July.", by=council, at=AFTER)
    disputes.escalate_dispute(dispute=row, words="The officers read the day differently.", by=nhs, at=LATER)
    assert (row.step, row.step_ends_on) == (1, step_ends_on(date(2027, 5, 30), DisputeStep("chiefs", "", 10)))
    disputes.escalate_dispute(dispute=row, words="So do the chiefs.", by=nhs, at=LATER)
    with pytest.raises(Refused) as last:
        disputes.escalate_dispute(dispute=row, words="Further.", by=nhs, at=LATER)
    assert last.value.rule == "FU-362"
    with pytest.raises(Refused) as wordless:
        disputes.settle_dispute(dispute=row, decision="", by=council, at=LATER)
    assert wordless.value.rule == "FU-363"
    disputes.settle_dispute(dispute=row, decision="The mediator on 30 May 2027: July counts.", by=council, at=LATER)
    page = reading.dispute(council, row.pk)
    assert [each["title"] for each in page.moves] == [
        "Settled",
        "Taken further",
        "Taken further",
        "Answered",
        "Disputed",
    ]
    assert page.may == frozenset()
    with pytest.raises(Refused) as over:
        disputes.answer_dispute(dispute=row, words="But", by=council, at=LATER)
    assert over.value.rule == "FU-360"


def test_agreeing_after_all_settles_it_and_disputing_more_goes_on_with_the_same_clock() -> None:
    shared, fund, row = disputed()
    sign(shared, fund, "nhs", 1, "owed", "shared", words="And the share is wrong.", at=LATER)
    row.refresh_from_db()
    assert (len(row.lines), row.words, row.step_ends_on) == (2, "And the share is wrong.", date(2027, 5, 5))
    sign(shared, fund, "nhs", 1, at=LATER)
    row.refresh_from_db()
    assert row.decision == "The partner has agreed the balances."
    sign(shared, fund, "nhs", 1, "owed", words="Again.", at=LATER)
    assert Dispute.objects.filter(settled_at=None).count() == 1


def test_what_is_late() -> None:
    shared, _, row = disputed()
    in_time = at_the_time(shared.directors["council"], AFTER + timedelta(days=3))
    (shown,) = reading.disputes(in_time)
    assert (shown.is_late, shown.is_answer_late, shown.step.code) == (False, False, "officers")
    (shown,) = reading.disputes(at_the_time(in_time, AFTER + timedelta(days=8)))
    assert (shown.is_late, shown.is_answer_late, shown.is_step_late) == (True, True, False)
    (shown,) = reading.disputes(at_the_time(in_time, LATER))
    assert (shown.is_late, shown.is_step_late) == (True, True)
    assert row.is_open


def closing(shared: Shared, fund: Fund) -> None:
    director = shared.directors["council"]
    open_year(fund=fund, year=YEAR + 1, by=director, at=AFTER)
    close_year(fund=fund, year=YEAR, by=director, at=AFTER)


def ready_to_close() -> tuple[Shared, Fund]:
    shared, fund = overspent()
    set_rule(fund)
    sharing.post_risk_share(fund=fund, year=YEAR, by=shared.directors["council"], at=AFTER)
    sign(shared, fund, "council", 4)
    sign(shared, fund, "nhs", 4, "shared", words="The clause says otherwise.")
    return shared, fund


def test_the_year_closes_with_a_dispute_that_its_return_names() -> None:
    shared, fund = ready_to_close()
    with pytest.raises(Refused) as untold:
        closing(shared, fund)
    assert untold.value.rule == "FU-365"
    assert "Exampleshire Integrated Care Board is not disclosed" in untold.value.sentence
    made = reporting.freeze_report(fund=fund, year=YEAR, quarter=None, by=shared.directors["council"], at=AFTER)
    (told,) = made.content["disputes"]
    assert (told["lines"], told["words"]) == (["Its part of the shared overspend"], "The clause says otherwise.")
    closing(shared, fund)
    fund.refresh_from_db()
    assert fund.year == YEAR + 1


def test_or_refuses_where_the_partnership_has_set_it_so() -> None:
    partnership.store("funds.dispute_at_close", "refuse", starts_on=date(YEAR, 4, 1), set_by=None, set_at=AFTER)
    shared, fund = ready_to_close()
    reporting.freeze_report(fund=fund, year=YEAR, quarter=None, by=shared.directors["council"], at=AFTER)
    with pytest.raises(Refused) as unsettled:
        closing(shared, fund)
    assert "is not settled" in unsettled.value.sentence
    row = Dispute.objects.get()
    disputes.settle_dispute(
        dispute=row, decision="The board on 19 April: as posted.", by=shared.directors["council"], at=AFTER
    )
    closing(shared, fund)


def test_steps_are_a_setting_that_must_be_steps() -> None:
    for wrong in (
        [],
        [["a", "b"]],
        [["a", "b", 0]],
        [["a", "b", True]],
        [["a", "b", 5], ["a", "c", 5]],
        [["", "b", 5]],
    ):
        with pytest.raises(ValueError, match=r"step|working days"):
            steps_of(wrong)
    partnership.store(
        "funds.dispute_steps", [["board", "The board", 3]], starts_on=date(YEAR, 4, 1), set_by=None, set_at=AFTER
    )
    shared, _, row = disputed()
    assert (row.steps, row.step_ends_on) == ([["board", "The board", 3]], date(2027, 4, 23))
    assert reading.dispute(shared.directors["nhs"], row.pk).shown.is_last_step


def test_on_the_pages() -> None:
    shared, _, row = disputed()
    council, nhs = Visitor(shared.directors["council"], AFTER), Visitor(shared.directors["nhs"], AFTER)
    assert "1 balance statement disputed, none of them late." in council.see("fund_disputes")
    page = council.see("fund_dispute", row.pk)
    for words in (
        "try to settle it by 5 May 2027",
        "Nobody has answered yet",
        "Still owed",
        "We paid in June.",
        "an example nobody has checked",
    ):
        assert words in page
    assert page.count('govuk-button"') + page.count("govuk-button ") <= 2
    assert "Say what you answer" in council.send("fund_dispute_answer", row.pk, words="").content.decode()
    assert council.send("fund_dispute_answer", row.pk, words="It came in July.").status_code == 302
    refused = nhs.send("fund_dispute_answer", row.pk, words="No.").content.decode()
    assert "not whoever raised it" in refused
    assert nhs.send("fund_dispute_escalate", row.pk, words="No agreement.").status_code == 302
    assert council.send("fund_dispute_settle", row.pk, decision="The chiefs: July.").status_code == 302
    assert "No balance is disputed." in council.see("fund_disputes")


def test_who_may(django_assert_max_num_queries: object) -> None:
    shared, _, row = disputed()
    assert shared.pool_manager is not None
    with pytest.raises(NotPermitted):
        disputes.settle_dispute(dispute=row, decision="So.", by=shared.pool_manager, at=AFTER)
    from joinedup.access.roles import Role
    from joinedup.funds.tests.factories import make_person
    from joinedup.organisations.tests.factories import make_organisation

    stranger = make_person(
        Role.FINANCE_DIRECTOR, make_organisation(code="POLICE", kind="police"), "Elsewhere Testpenny"
    )
    assert reading.disputes(stranger) == []
    with pytest.raises(NotVisible):
        reading.dispute(stranger, row.pk)
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        reading.disputes(shared.directors["nhs"])
