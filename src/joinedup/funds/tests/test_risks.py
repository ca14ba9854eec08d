"""Risks and outcomes: kept by who may, and carried by every report as they were when it was frozen (R-5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.models.records import VersionMoved
from joinedup.funds.models import AgreementItem, Fund, FundOutcome, FundRisk
from joinedup.funds.queries import reports, risks
from joinedup.funds.report_document import _checks
from joinedup.funds.services import reporting
from joinedup.funds.services.risks import RiskSaid, add_outcome, change_risk, close_risk, raise_risk, say_actual
from joinedup.funds.tests.factories import YEAR, Shared, make_open, make_person, say_for_reports
from joinedup.funds.tests.test_risk_share_services import AFTER
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.tests.factories import AT, make_organisation, make_post

pytestmark = pytest.mark.django_db
BY = system(AT)


def world() -> tuple[Shared, Fund, RiskSaid]:
    shared = make_open()
    assert shared.fund is not None
    assert shared.manager_post is not None
    said = RiskSaid("Late equipment", "One supplier.", "Breaks missed.", "medium", shared.manager_post, "A second one.")
    return shared, shared.fund, said


def refusal(call: object) -> str:
    with pytest.raises(Refused) as refused:
        call()  # type: ignore[operator]
    return str(refused.value.rule)


def test_a_report_is_not_frozen_before_it_says_all() -> None:
    shared, fund, said = world()
    freeze = {"fund": fund, "year": YEAR, "quarter": 1, "by": shared.directors["council"], "at": AFTER}
    with pytest.raises(Refused) as bare:
        reporting.freeze_report(**freeze)
    assert bare.value.rule == "R-5"
    for words in ("what could go wrong, or why nothing could", "how the aims of the agreement are measured"):
        assert words in bare.value.sentence
    measure = add_outcome(fund=fund, measure="Families seen", target="90%", by=BY, at=AT)
    with pytest.raises(Refused) as half:
        reporting.freeze_report(**freeze, no_risks="Nothing is known.")
    assert "where “Families seen” stands in quarter 1 of 2026/27" in half.value.sentence
    say_actual(fund=fund, outcome=measure, year=YEAR, quarter=1, actual="81%", narrative="Rota.", by=BY, at=AT)
    without = reporting.freeze_report(**freeze, no_risks="Nothing is known.")
    assert (without.content["risks"], without.content["no_risks"]) == ([], "Nothing is known.")
    row = raise_risk(fund=fund, said=said, by=BY, at=AT)
    frozen = reporting.freeze_report(**freeze)
    # What is said afterwards changes nothing that is frozen.
    change_risk(fund=fund, risk=row, said=replace(said, likelihood="now"), version=row.version, by=BY, at=AT)
    say_actual(fund=fund, outcome=measure, year=YEAR, quarter=1, actual="99%", by=BY, at=AT)
    frozen.refresh_from_db()
    assert reports.is_unchanged(frozen)
    assert frozen.content["risks"][0]["likelihood"] == "Possible"
    assert frozen.content["outcomes"] == [
        {"measure": "Families seen", "target": "90%", "actual": "81%", "narrative": "Rota."}
    ]
    assert frozen.content["aims"] == "Aims, as agreed."


def test_a_year_before_they_were_kept_is_reported_without() -> None:
    """Joinedup was brought up to date in 2027/28: the return of 2026/27 is not refused for what nobody kept in it."""
    shared, fund, said = world()
    Fund.objects.filter(pk=fund.pk).update(year=YEAR + 1, risks_from=YEAR + 1)
    fund.refresh_from_db()
    host = Visitor(shared.directors["council"])
    assert risks.missing_in_report(fund, YEAR, None) == []
    assert ": neither was kept here." in host.see("fund_risks", fund.pk, when=f"{YEAR}-4")
    freeze = {"fund": fund, "year": YEAR, "by": shared.directors["council"], "at": AFTER}
    raise_risk(fund=fund, said=said, by=BY, at=AFTER)  # known when the report is frozen, not in its year
    bare = reporting.freeze_report(**freeze, quarter=4)
    assert (bare.content["risks"], bare.content["not_kept"]) == ([], "Risks and outcomes were not kept in this year.")
    assert "Risks and outcomes were not kept in this year." in host.see("fund_report", bare.pk)
    rows = dict(_checks(bare.content, "0" * 64))
    assert rows["Risks and outcomes"] == "Risks and outcomes were not kept in this year."
    measure = add_outcome(fund=fund, measure="M", target="T", starts_on=date(YEAR, 4, 1), by=BY, at=AFTER)
    say_actual(fund=fund, outcome=measure, year=YEAR, quarter=4, actual="81%", by=BY, at=AFTER)
    half = reporting.freeze_report(**freeze, quarter=4)
    assert half.content["not_kept"] == "Risks were not kept in this year."
    assert half.content["outcomes"][0]["actual"] == "81%"
    whole = reporting.freeze_report(**freeze, quarter=3, no_risks="The paper file says none.")
    assert whole.content["no_risks"] == "The paper file says none."
    # From the year on in which they are kept, everything is asked, and no year's end takes that back.
    say_nothing = {"fund": fund, "year": YEAR + 1, "quarter": 1}
    assert [each[:5] for each in risks.missing_in_report(**say_nothing)] == ["where"]
    Fund.objects.filter(pk=fund.pk).update(year=YEAR + 5)
    fund.refresh_from_db()
    assert [each[:5] for each in risks.missing_in_report(**say_nothing)] == ["where"]


def test_a_closed_year_is_measured_from_its_own_first_day() -> None:
    """The year moved on before anybody said how the aims are measured: the page takes the day they are measured from."""
    shared, fund, _ = world()
    Fund.objects.filter(pk=fund.pk).update(year=YEAR + 1)
    host = Visitor(shared.directors["council"], AFTER)
    page = host.see("fund_outcome_new", fund.pk)
    assert 'value="2027"' in page  # the open year's first day, unless somebody says otherwise
    told = {"measure": "Families seen", "target": "90%", "starts_on-day": "1", "starts_on-month": "4"}
    assert host.send("fund_outcome_new", fund.pk, **told).status_code == 200  # half a day is none
    assert host.send("fund_outcome_new", fund.pk, **told, **{"starts_on-year": str(YEAR)}).status_code == 302
    measure = FundOutcome.objects.get()
    assert measure.starts_on == date(YEAR, 4, 1)
    freeze = {"fund": fund, "year": YEAR, "quarter": 2, "by": shared.directors["council"], "at": AFTER}
    assert refusal(lambda: reporting.freeze_report(**freeze, no_risks="None.")) == "R-5"
    say_actual(fund=fund, outcome=measure, year=YEAR, quarter=2, actual="81%", by=BY, at=AFTER)
    frozen = reporting.freeze_report(**freeze, no_risks="None.")
    assert "not_kept" not in frozen.content
    assert frozen.content["outcomes"][0]["actual"] == "81%"


def test_without_aims_nothing_is_measured() -> None:
    _, fund, _ = world()
    AgreementItem.objects.filter(agreement=fund.agreement, code="aims").delete()
    assert refusal(lambda: add_outcome(fund=fund, measure="M", target="T", by=BY, at=AT)) == "FU-473"
    assert risks.missing_in_report(fund, YEAR, 1, no_risks="None.") == []


def test_a_risk_closed_before_the_quarter_is_not_reported() -> None:
    shared, fund, said = world()
    say_for_reports(shared, at=AFTER)
    gone = raise_risk(fund=fund, said=said, by=BY, at=AT)
    close_risk(fund=fund, risk=gone, because="Bought.", by=BY, at=AT)  # in November: the third quarter
    by = shared.directors["council"]
    said_of = {
        quarter: [
            (each["reference"], bool(each["closed"]))
            for each in reporting.freeze_report(fund=fund, year=YEAR, quarter=quarter, by=by, at=AFTER).content["risks"]
        ]
        for quarter in (2, 3, 4)
    }
    assert said_of == {2: [("R1", False), ("R2", False)], 3: [("R1", False), ("R2", True)], 4: [("R1", False)]}


def test_what_is_refused() -> None:
    shared, fund, said = world()
    for name in ("event", "cause", "effect", "action"):
        assert (
            refusal(lambda name=name: raise_risk(fund=fund, said=replace(said, **{name: " "}), by=BY, at=AT))
            == "FU-470"
        )
    assert refusal(lambda: raise_risk(fund=fund, said=replace(said, likelihood="x"), by=BY, at=AT)) == "FU-470"
    assert refusal(lambda: raise_risk(fund=fund, said=replace(said, owner=None), by=BY, at=AT)) == "FU-476"
    police = make_organisation(code="POLICE", kind="police")
    _, far = make_post(role=Role.FINANCE_DIRECTOR, employer=police, name="Far Testpenny")
    assert refusal(lambda: raise_risk(fund=fund, said=replace(said, owner=far), by=BY, at=AT)) == "FU-476"
    row = raise_risk(fund=fund, said=said, by=BY, at=AT)
    with pytest.raises(VersionMoved):
        change_risk(fund=fund, risk=row, said=said, version=row.version + 5, by=BY, at=AT)
    assert refusal(lambda: close_risk(fund=fund, risk=row, because=" ", by=BY, at=AT)) == "FU-119"
    close_risk(fund=fund, risk=row, because="Gone.", by=BY, at=AT)
    assert refusal(lambda: close_risk(fund=fund, risk=row, because="Again.", by=BY, at=AT)) == "FU-471"
    assert refusal(lambda: add_outcome(fund=fund, measure=" ", target="T", by=BY, at=AT)) == "FU-472"
    measure = add_outcome(fund=fund, measure="M", target="T", by=BY, at=AT)
    actual = {"fund": fund, "outcome": measure, "year": YEAR, "by": BY, "at": AT}
    assert refusal(lambda: say_actual(**actual, quarter=4, actual="1")) == "FU-474"
    assert refusal(lambda: say_actual(**actual, quarter=3, actual=" ")) == "FU-475"
    auditor = make_person(Role.AUDITOR, shared.council, "Ledger Mockaudit")
    with pytest.raises(NotPermitted):
        raise_risk(fund=fund, said=said, by=auditor, at=AT)
    stranger = make_person(Role.FINANCE_DIRECTOR, police, "Other Testpenny")
    with pytest.raises(NotVisible):
        risks.risks_page(stranger, fund.pk)
    with pytest.raises(NotVisible):
        risks.risk_for_change(stranger, row.pk)
    assert FundRisk.objects.count() == 1


def test_the_pages() -> None:
    shared, fund, said = world()
    host, nhs = Visitor(shared.directors["council"]), Visitor(shared.directors["nhs"])
    page = host.see("fund_risks", fund.pk)
    for words in ("No risk is written down", "Nothing is measured yet", "cannot be reported yet"):
        assert words in page
    answer = host.send("fund_risk_new", fund.pk, event="", owner="").content.decode()
    for words in ("Enter what could go wrong", "Say why it might", "Choose who answers for it"):
        assert words in answer
    wrong = host.send("fund_risk_new", fund.pk, event="x", owner="nonsense", likelihood="nonsense")
    assert wrong.status_code == 200
    assert said.owner is not None
    told = {
        "event": "Late equipment", "cause": "One supplier.", "effect": "Missed.", "likelihood": "high",
        "owner": said.owner.pk, "action": "A second.",
    }  # fmt: skip
    assert nhs.send("fund_risk_new", fund.pk, **told).status_code == 302
    row = FundRisk.objects.get()
    assert "Late equipment" in host.see("fund_risk_change", row.pk)
    assert host.send("fund_risk_change", row.pk, **told, version="").status_code in {200, 409}
    assert (
        host.send("fund_risk_change", row.pk, **{**told, "event": "Very late"}, version=row.version).status_code == 302
    )
    day = {"starts_on-day": "1", "starts_on-month": "4", "starts_on-year": str(YEAR)}
    assert host.send("fund_outcome_new", fund.pk, measure="Families seen", target="90%", **day).status_code == 302
    measure = FundOutcome.objects.get()
    host.see("fund_outcome_actual", measure.pk, YEAR, 2)
    host.see("fund_outcome_actual", measure.pk, YEAR, 5, status=404)
    assert host.send("fund_outcome_actual", measure.pk, YEAR, 2, actual="84%", narrative="Better.").status_code == 302
    page = host.see("fund_risks", fund.pk, when=f"{YEAR}-2")
    for words in ("Very late", "84%", "Better.", "Likely"):
        assert words in page
    assert "cannot be reported" not in page
    assert host.see("fund_risks", fund.pk, when="nonsense")
    assert host.send("fund_risk_close", row.pk, because="").status_code == 200
    assert host.send("fund_risk_close", row.pk, because="Delivered.").status_code == 302
    assert "Delivered." in host.see("fund_risks", fund.pk)
    assert date(YEAR, 11, 18) == FundRisk.objects.get().closed_on
