"""Setting a rule, looking at what it would do, posting by it, and signing balances."""

from __future__ import annotations

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction

from joinedup.access.actor import system
from joinedup.core.errors import NotPermitted, Refused
from joinedup.engines.ledger import Line
from joinedup.engines.riskshare import digest, read_text, share_out
from joinedup.funds import chart
from joinedup.funds.forecasting import Method
from joinedup.funds.models import Balance, BalanceSignature, Entry, Fund, RiskShareRule, RiskShareRun
from joinedup.funds.queries import sharing as looking
from joinedup.funds.queries import statements as signing
from joinedup.funds.queries.year import fund_year
from joinedup.funds.services import sharing
from joinedup.funds.services.ledger import close_year, open_year
from joinedup.funds.services.posting import Draft, put_into_ledger
from joinedup.funds.services.sharing import RuleSaid
from joinedup.funds.tests.factories import YEAR, Shared, make_open, say_for_reports
from joinedup.funds.tests.ledgers import sign_year
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db
AFTER = datetime(2027, 4, 20, 10, 0, tzinfo=ZoneInfo("Europe/London"))
MARCH = date(YEAR + 1, 3, 15)
PROPORTIONAL = '{"name": "proportional"}'
CAPPED = '{"name": "capped", "caps": {"COUNCIL": 90000000, "NHS": 25000000}}'


def spend(shared: Shared, line: str, pence: int, on: date = MARCH) -> None:
    row = shared.lines[line]
    assert shared.fund is not None
    where = {"line": str(row.pk), "scheme": str(row.scheme_id), "partner": str(row.partner_id), "tier": row.tier}
    lines = [Line(chart.EXPENDITURE, pence, **where), Line(chart.BANK, -pence)]
    put_into_ledger(fund=shared.fund, drafts=[Draft(f"spent {line} {on} {pence}", on, lines)], by=system(AT), at=AT)


def overspent(on: date = MARCH) -> tuple[Shared, Fund]:
    """Swindon's £28m with £1.4m over, all of it on child mental health of the NHS's line."""
    shared = make_open()
    assert shared.fund is not None
    for key, row in shared.lines.items():
        spend(shared, key, row.budget_pence + (140_000_000 if key == "CAMHS-nhs" else 0), on)
    shared.fund.refresh_from_db()
    say_for_reports(shared, at=AFTER)
    return shared, shared.fund


def set_rule(
    fund: Fund, terms: str = PROPORTIONAL, starts_on: date = date(YEAR, 4, 1), settles: str = "year_end"
) -> RiskShareRule:
    said = RuleSaid(terms, "Each partner bears what it contributed when the year opened.", settles, starts_on)
    return sharing.set_risk_share_rule(fund=fund, said=said, by=system(AT), at=AT)


def owed(fund: Fund, code: str) -> dict[str, int]:
    rows = Balance.objects.filter(fund=fund, account__code=code).select_related("partner__organisation")
    return {row.partner.organisation.code: row.debit - row.credit for row in rows if row.partner}


def test_what_is_posted_is_what_the_page_showed_by_the_same_function() -> None:
    shared, fund = overspent()
    rule = set_rule(fund)
    viewer = shared.directors["nhs"]
    figures = fund_year(viewer, fund)
    seen = looking.shared_out(figures, figures.outturns(Method.COMMITMENTS), rule.terms)
    assert seen.result.shares == {"COUNCIL": 100_000_000, "NHS": 40_000_000}
    entries = Entry.objects.count()
    run = sharing.post_risk_share(fund=fund, year=YEAR, by=shared.directors["council"], at=AFTER)
    assert Entry.objects.count() == entries + 1
    assert (run.inputs, run.output, run.digest) == (seen.record.inputs, seen.record.output, seen.record.hash)
    assert share_out(read_text(run.inputs)).as_data() == run.output
    assert run.digest == digest(run.function, run.function_version, run.inputs, run.output)
    assert json.loads(run.inputs)["method"] == {"name": "proportional"}
    assert owed(fund, chart.OWED_BY_PARTNERS) == {"COUNCIL": 100_000_000, "NHS": 40_000_000}
    with pytest.raises(Refused, match="shared already"):
        sharing.post_risk_share(fund=fund, year=YEAR, by=shared.directors["council"], at=AFTER)


def test_looking_posts_nothing() -> None:
    shared, fund = overspent()
    set_rule(fund)
    before = (Entry.objects.count(), RiskShareRun.objects.count())
    figures = fund_year(shared.directors["nhs"], fund)
    then = looking.shared_out(figures, figures.outturns(Method.COMMITMENTS), CAPPED, {"SHORT": -10_000_000})
    assert then.result.as_data() == {"COUNCIL": 90_000_000, "NHS": 25_000_000, "unallocated": 15_000_000}
    assert (Entry.objects.count(), RiskShareRun.objects.count()) == before


def test_what_is_nobodys_stops_the_end_of_the_year_until_the_board_decides() -> None:
    shared, fund = overspent()
    set_rule(fund, CAPPED)
    director = shared.directors["council"]
    open_year(fund=fund, year=YEAR + 1, by=system(AFTER), at=AFTER)
    sharing.post_risk_share(fund=fund, year=YEAR, by=director, at=AFTER)
    assert looking.unallocated(director, fund, YEAR) == 25_000_000
    with pytest.raises(Refused) as refused:
        close_year(fund=fund, year=YEAR, by=director, at=AFTER)
    assert refused.value.rule == "FU-217"
    host = signing.statements(director, fund, year=YEAR, quarter=4)[0]
    assert ("unallocated", 25_000_000) in [(line.code, line.pence) for line in host.lines]
    council, nhs = shared.partners["council"].pk, shared.partners["nhs"].pk
    for wrong in ({council: 1}, {council: 30_000_000, nhs: -5_000_000}, {}):
        with pytest.raises(Refused) as refused:
            sharing.decide_unallocated(
                fund=fund, year=YEAR, borne=wrong, decision="Board, minute 7", by=director, at=AFTER
            )
        assert refused.value.rule == "FU-306"
    sharing.decide_unallocated(
        fund=fund,
        year=YEAR,
        borne={council: 20_000_000, nhs: 5_000_000},
        decision="Board, minute 7",
        by=director,
        at=AFTER,
    )
    assert looking.unallocated(director, fund, YEAR) == 0
    assert owed(fund, chart.OWED_BY_PARTNERS) == {"COUNCIL": 110_000_000, "NHS": 30_000_000}
    with pytest.raises(Refused, match="neither agreed nor disputed") as refused:
        close_year(fund=fund, year=YEAR, by=director, at=AFTER)
    assert refused.value.rule == "R-6"
    sign_year(fund, YEAR, at=AFTER)
    spend(shared, "SHORT-council", 100)
    with pytest.raises(Refused, match="has signed a statement that has changed since") as refused:
        close_year(fund=fund, year=YEAR, by=director, at=AFTER)
    assert refused.value.rule == "R-6"
    sign_year(fund, YEAR, at=AFTER)
    close_year(fund=fund, year=YEAR, by=director, at=AFTER)


def test_an_underspend_goes_back() -> None:
    shared = make_open()
    assert shared.fund is not None
    set_rule(shared.fund, CAPPED)
    for key, row in shared.lines.items():
        spend(shared, key, row.budget_pence - (35_000_000 if key == "SHORT-council" else 0))
    run = sharing.post_risk_share(fund=shared.fund, year=YEAR, by=shared.directors["council"], at=AFTER)
    assert run.output == {"COUNCIL": -25_000_000, "NHS": -10_000_000, "unallocated": 0}
    assert owed(shared.fund, chart.OWED_TO_PARTNERS) == {"COUNCIL": -25_000_000, "NHS": -10_000_000}


def test_each_quarter_posts_what_is_new() -> None:
    shared, fund = overspent(date(YEAR, 5, 15))
    set_rule(fund, settles="quarterly")
    director = shared.directors["council"]
    first = sharing.post_risk_share(fund=fund, year=YEAR, quarter=1, by=director, at=AFTER)
    # Everything was spent in May: against a quarter's budget that is three quarters of it over.
    assert first.output == {"COUNCIL": 1_600_000_000, "NHS": 640_000_000, "unallocated": 0}
    sharing.post_risk_share(fund=fund, year=YEAR, quarter=4, by=director, at=AFTER)
    assert owed(fund, chart.OWED_BY_PARTNERS) == {"COUNCIL": 1_600_000_000, "NHS": 640_000_000}
    assert owed(fund, chart.OWED_TO_PARTNERS) == {"COUNCIL": -1_500_000_000, "NHS": -600_000_000}
    with pytest.raises(Refused, match="shared already"):
        sharing.post_risk_share(fund=fund, year=YEAR, quarter=3, by=director, at=AFTER)


def test_what_is_refused() -> None:
    shared, fund = overspent()
    director = shared.directors["council"]
    with pytest.raises(Refused) as none_yet:
        sharing.post_risk_share(fund=fund, year=YEAR, by=director, at=AFTER)
    assert none_yet.value.rule == "FU-304"
    with pytest.raises(Refused) as unfit:
        set_rule(fund, '{"name": "capped", "caps": {"POLICE": 1}}')
    assert unfit.value.rule == "FU-301"
    assert "$.method.caps.POLICE" in unfit.value.sentence
    with pytest.raises(Refused) as silent:
        sharing.set_risk_share_rule(
            fund=fund, said=RuleSaid(PROPORTIONAL, " ", "year_end", date(YEAR, 4, 1)), by=system(AT), at=AT
        )
    assert silent.value.rule == "FU-302"
    set_rule(fund)
    with pytest.raises(Refused) as earlier:
        set_rule(fund, starts_on=date(YEAR, 4, 1))
    assert earlier.value.rule == "FU-303"
    with pytest.raises(Refused) as too_soon:
        sharing.post_risk_share(fund=fund, year=YEAR, by=director, at=AT)
    assert too_soon.value.rule == "FU-310"
    with pytest.raises(Refused) as not_now:
        sharing.post_risk_share(fund=fund, year=YEAR, quarter=2, by=director, at=AFTER)
    assert not_now.value.rule == "R-8"
    with pytest.raises(NotPermitted):
        sharing.post_risk_share(fund=fund, year=YEAR, by=shared.directors["nhs"], at=AFTER)


def test_a_new_rule_follows_the_one_before_and_each_has_its_days() -> None:
    shared, fund = overspent()
    first = set_rule(fund)
    second = set_rule(fund, CAPPED, date(YEAR, 10, 1))
    first.refresh_from_db()
    assert first.ends_on == date(YEAR, 10, 1)
    viewer = shared.directors["nhs"]
    assert looking.rule_on(viewer, fund, date(YEAR, 9, 30)) == first
    assert looking.rule_on(viewer, fund, date(YEAR, 10, 1)) == second
    assert looking.rule_on(viewer, fund, date(YEAR, 1, 1)) == first


def test_finance_directors_sign_what_they_have_read() -> None:
    shared, fund = overspent()
    set_rule(fund)
    director, partner = shared.directors["nhs"], shared.partners["nhs"]
    found = signing.statement(director, fund, partner.pk, year=YEAR, quarter=1)
    assert [(line.code, line.pence) for line in found.lines][:2] == [("agreed", 800_000_000), ("due", 200_000_000)]
    wanted = {"partner": partner, "fund": fund, "year": YEAR, "quarter": 1, "at": AFTER}
    with pytest.raises(NotPermitted):
        sharing.sign_balance(**wanted, digest=found.digest, by=shared.directors["council"])
    with pytest.raises(Refused) as changed:
        sharing.sign_balance(**wanted, digest="0" * 64, by=director)
    assert changed.value.rule == "FU-311"
    with pytest.raises(Refused) as silent:
        sharing.sign_balance(**wanted, digest=found.digest, disputed=["owed"], by=director)
    assert silent.value.rule == "R-10"
    assert signing.unsigned(fund, YEAR, 1) == ["Exampleshire Council", "Exampleshire Integrated Care Board"]
    sharing.sign_balance(**wanted, digest=found.digest, disputed=["owed"], words="We paid in June.", by=director)
    again = signing.statement(director, fund, partner.pk, year=YEAR, quarter=1)
    assert again.signature is not None
    assert again.dispute is not None
    assert (again.signature.decision, again.dispute.step_ends_on) == ("disputed", date(2027, 5, 5))
    sharing.sign_balance(**wanted, digest=again.digest, by=director)
    assert signing.statement(director, fund, partner.pk, year=YEAR, quarter=1).is_signed_as_it_stands
    assert signing.unsigned(fund, YEAR, 1) == ["Exampleshire Council"]
    with pytest.raises(Refused) as early:
        sharing.sign_balance(**{**wanted, "quarter": 3, "at": AT}, digest=found.digest, by=director)
    assert early.value.rule == "FU-310"


def test_what_was_posted_and_signed_is_never_changed() -> None:
    shared, fund = overspent()
    set_rule(fund)
    run = sharing.post_risk_share(fund=fund, year=YEAR, by=shared.directors["council"], at=AFTER)
    found = signing.statement(shared.directors["nhs"], fund, shared.partners["nhs"].pk, year=YEAR, quarter=4)
    signed = sharing.sign_balance(
        partner=shared.partners["nhs"], fund=fund, year=YEAR, quarter=4, digest=found.digest, by=shared.directors["nhs"],
        at=AFTER,
    )  # fmt: skip
    for row in (run, signed):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(digest="0" * 64)
        with pytest.raises(DatabaseError), transaction.atomic():
            row.delete()
    assert BalanceSignature.objects.filter(digest=found.digest).count() == 1
