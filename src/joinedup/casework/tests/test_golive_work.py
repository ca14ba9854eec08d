"""Bringing the work of an old system over: reading each kind, landing at true dates, twice, the faults, and reconciling."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.casework import rules, services
from joinedup.casework.golive import Fault
from joinedup.casework.golive_work import (
    COLUMNS,
    Legacy,
    Line,
    Work,
    WorkExtract,
    known_titles,
    read_work,
    reconcile_work,
)
from joinedup.casework.models import (
    Assessment,
    Case,
    CaseBroughtOver,
    GoLiveRun,
    Plan,
    PlanAction,
    PlanNeed,
    PlanOutcome,
    Review,
    WorkBroughtOver,
)
from joinedup.casework.queries.golive_work import golive_run, work_reconciliation
from joinedup.casework.reviewing import Happened, replay
from joinedup.chronology.models import Event
from joinedup.core.errors import NotPermitted, Refused
from joinedup.engines.linkage.identifiers import birth_date
from joinedup.information_sharing.models import HelpAgreed, SharingBasis
from joinedup.organisations.models import Organisation
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.person_index.services import import_records

TODAY = AT.date()
ROWS: dict[Work, list[dict[str, str]]] = {
    Work.PLANS: [{"reference": "P1", "case": "C1", "opened_on": "3/9/2026", "family_words": "Sleep at night.", "status": "open"}],
    Work.NEEDS: [
        {"reference": "N1", "plan": "P1", "person": "K1", "code": "N2", "words": "Rowan does not sleep."},
        {"reference": "N2", "plan": "P1", "code": "Low income", "words": "Bills.", "end_code": "met", "end_words": "Paid.", "ended_on": "1/10/2026"},
    ],
    Work.OUTCOMES: [
        {"reference": "O1", "need": "N1", "words": "Sleeps five nights.", "measure": "MEASURE", "value": "2", "on": "4/9/2026",
         "target": "7", "target_on": "1/2/2027", "latest": "4", "latest_on": "20/10/2026"},
    ],
    Work.ACTIONS: [
        {"reference": "A1", "outcome": "O1", "words": "Ring the sleep clinic.", "owner": "amira@council.example", "due_on": "1/12/2026", "status": "in progress"},
        {"reference": "A2", "outcome": "O1", "words": "Blackout blind.", "due_on": "1/10/2026", "status": "done", "ended_on": "29/9/2026"},
    ],
    Work.REVIEWS: [
        {"reference": "R1", "plan": "P1", "held_on": "15/10/2026", "decision": "Carry on", "reason": "Going well.", "next_review_on": "25/11/2026"},
    ],
    Work.CONSENTS: [
        {"reference": "G1", "case": "C1", "person": "K1", "kind": "help", "given_by": "Ash Testerfield", "capacity": "parental_responsibility",
         "evidence": "in_person", "given_on": "2/9/2026"},
        {"reference": "G2", "case": "C1", "person": "K1", "kind": "sharing", "given_by": "Ash Testerfield", "capacity": "parental_responsibility",
         "evidence": "signed", "given_on": "2/9/2026", "organisations": "NHS", "information": "plan; assessment"},
    ],
    Work.ASSESSMENTS: [
        {"reference": "S1", "case": "C1", "person": "K1", "assessed_on": "2/9/2026", "element": "emotional", "score": "3", "words": "Worried."},
        {"reference": "S1", "case": "C1", "person": "K1", "assessed_on": "2/9/2026", "element": "General health", "score": "7"},
        {"reference": "S2", "case": "C1", "person": "K1", "assessed_on": "20/10/2026", "element": "emotional", "score": "5"},
    ],
}  # fmt: skip


def sample(kind: Work, rows: list[dict[str, str]] | None = None) -> WorkExtract:
    """The rows as a file that was read: a header of the first title of each column."""
    header = [column.titles[0] for column in COLUMNS[kind]]
    written = [[row.get(column.name, "") for column in COLUMNS[kind]] for row in (ROWS[kind] if rows is None else rows)]
    numbered = [(place, cells) for place, cells in enumerate(written, start=2)]
    return read_work(
        kind, header, numbered, read_date=lambda text: birth_date(text, today=date(2056, 12, 31)), today=TODAY
    )


# --- Reading, without a database.


@pytest.mark.parametrize("kind", list(Work))
def test_every_sample_is_read_whole(kind: Work) -> None:
    extract = sample(kind)
    assert extract.faults == []
    assert len(extract.rows) == len(extract.lines) == extract.read == len(ROWS[kind])


@pytest.mark.parametrize(
    ("kind", "change", "field"),
    [
        (Work.PLANS, {"case": ""}, "case"),
        (Work.PLANS, {"opened_on": "1/1/2027"}, "opened on"),
        (Work.PLANS, {"opened_on": "yesterday"}, "opened on"),
        (Work.NEEDS, {"code": "N77"}, "code"),
        (Work.NEEDS, {"end_code": "perhaps"}, "end code"),
        (Work.OUTCOMES, {"value": "many"}, "value"),
        (Work.OUTCOMES, {"target": "1e9"}, "target"),
        (Work.ACTIONS, {"status": "lost"}, "status"),
        (Work.REVIEWS, {"decision": "dance"}, "decision"),
        (Work.REVIEWS, {"held_on": ""}, "held on"),
        (Work.CONSENTS, {"kind": "maybe"}, "kind"),
        (Work.ASSESSMENTS, {"score": "high"}, "score"),
    ],
)
def test_a_row_that_cannot_be_read_is_a_fault(kind: Work, change: dict[str, str], field: str) -> None:
    extract = sample(kind, [ROWS[kind][0] | change])
    assert [fault.field for fault in extract.faults] == [field]
    assert extract.rows == []
    assert len(extract.lines) == 1


def test_a_reference_that_comes_twice_and_closed_plans_that_stay_behind() -> None:
    extract = sample(
        Work.PLANS,
        [ROWS[Work.PLANS][0], ROWS[Work.PLANS][0], ROWS[Work.PLANS][0] | {"reference": "P2", "status": "closed"}],
    )
    assert [(fault.row, fault.field) for fault in extract.faults] == [(3, "reference")]
    assert (len(extract.rows), extract.ended, extract.read) == (1, 1, 3)


def test_an_assessment_stays_out_whole() -> None:
    rows = [ROWS[Work.ASSESSMENTS][0], ROWS[Work.ASSESSMENTS][1] | {"score": "high"}, ROWS[Work.ASSESSMENTS][2]]
    extract = sample(Work.ASSESSMENTS, rows)
    assert {fault.row for fault in extract.faults} == {2, 3}
    assert [each.reference for each in extract.rows] == ["S2"]


def test_a_file_without_a_column_says_which() -> None:
    with pytest.raises(ValueError, match="opened on"):
        read_work(Work.PLANS, ["Plan reference", "Case reference"], [], read_date=birth_date, today=TODAY)  # type: ignore[arg-type]
    assert "planreference" in known_titles(Work.PLANS)


_LINES = st.lists(
    st.builds(
        Line, st.text("abc", min_size=1, max_size=2), st.sampled_from(["NORTH", "SOUTH"]), st.sampled_from(["open", "done"]),
        st.integers(0, 9).map(Decimal), st.integers(2, 99),
    ),
    max_size=8, unique_by=(lambda line: line.reference, lambda line: line.row),
)  # fmt: skip


@given(_LINES, _LINES)
def test_the_differences_explain_the_counts_exactly(there: list[Line], here: list[Line]) -> None:
    faults = [Fault(line.row or 0, "code", "", "No.") for line in there[:1]]
    found = reconcile_work(Work.NEEDS, there, here, faults)
    for by in ("team", "state"):
        rows = [each for each in found.counts if each.by == by]
        assert sum(each.legacy for each in rows) == len(there)
        assert sum(each.here for each in rows) == len(here)
        assert sum(each.here_total for each in rows) == sum(line.control for line in here)
    missing = sum(each.what == "not here" for each in found.differences)
    besides = sum(each.what == "only here" for each in found.differences)
    assert len(there) - len(here) == missing - besides
    if there == here and not faults:
        assert found.is_even


# --- With a database.


def make_start() -> tuple[Organisation, Case]:
    """A council whose case C1 came over with a child K1 and a parent Q1, led by Amira; and the NHS."""
    from joinedup.casework.tests.test_golive import HEADER, read

    council = make_organisation(code="COUNCIL", name="Exampleshire Council")
    make_organisation(code="NHS", name="Exampleshire Board", kind="nhs")
    team = make_team(code="NORTH", name="North team")
    account, _ = make_post(role=Role.KEY_WORKER, team=team, name="Amira Testerly")
    account.email = "amira@council.example"
    account.save()
    out = io.StringIO()
    names = ["person_id", "forename", "surname", "dob", "sex", "household"]
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows(
        [["K1", "Rowan", "Testerfield", "2016-03-04", "F", "H1"], ["Q1", "Ash", "Testerfield", "1988-01-02", "F", "H1"]]
    )
    import_records(agency_code="COUNCIL", file_name="people.csv", content=out.getvalue().encode(), by=system(AT), at=AT)
    extract = read(
        ["C1", "K1; Q1", "", "3", "1/9/2026", "NORTH", "amira@council.example", "2026-12-01", "open"], header=HEADER
    )
    services.bring_cases_over(agency=council, extract=extract, by=system(AT), at=AT)
    return council, CaseBroughtOver.objects.get(reference="C1").case


def measured() -> None:
    """The samples name a measure of this partnership."""
    from joinedup.outcomes.queries import measures

    scale = next(each for each in measures(system(AT)) if each.least == 1 and each.most == 10)
    ROWS[Work.OUTCOMES][0]["measure"] = scale.code


def bring(council: Organisation, kind: Work, rows: list[dict[str, str]] | None = None, by: Actor | None = None) -> Any:
    return services.bring_work_over(agency=council, extract=sample(kind, rows), by=by or system(AT), at=AT)


@pytest.mark.django_db
def test_everything_comes_over_once_at_its_true_dates() -> None:
    council, case = make_start()
    measured()
    for kind in Work:
        first = bring(council, kind)
        assert first.rejected == [], kind
        assert first.created == len(ROWS[kind])
    for kind in Work:
        again = bring(council, kind)
        assert (again.created, again.unchanged, again.rejected_rows) == (0, len(ROWS[kind]), 0), kind
    plan = Plan.objects.get(case=case)
    assert plan.opened_at.date() == date(2026, 9, 3)
    assert [(need.code, need.end_code) for need in PlanNeed.objects.order_by("pk")] == [("N2", ""), ("N7", "met")]
    assert PlanOutcome.objects.get().target == 7
    assert [(each.status, each.post.account.name) for each in PlanAction.objects.order_by("due_on")] == [  # type: ignore[union-attr]
        ("done", "Amira Testerly"), ("under_way", "Amira Testerly"),
    ]  # fmt: skip
    assert Review.objects.get().decision == "continue"
    case.refresh_from_db()
    assert case.review_due_on == date(2026, 11, 25)
    assert HelpAgreed.objects.get().given_on == date(2026, 9, 2)
    assert SharingBasis.objects.get().information == ["assessment", "plan"]
    states = Assessment.objects.order_by("signed_at").values_list("state", flat=True)
    assert list(states) == ["superseded", "signed"]
    assert WorkBroughtOver.objects.count() == 1 + 2 + 1 + 2 + 1 + 2 + 2


@pytest.mark.django_db
def test_the_chronology_adds_up_to_what_is_there() -> None:
    council, case = make_start()
    measured()
    for kind in (Work.PLANS, Work.NEEDS, Work.OUTCOMES, Work.ACTIONS, Work.REVIEWS):
        bring(council, kind)
    rows = Event.objects.filter(family_id=case.family_id).order_by("at", "pk").values_list("kind", "code")
    state = replay(Happened(kind, code) for kind, code in rows)
    assert (state.is_open, state.has_open_plan, state.open_needs) == (True, True, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "change", "rule"),
    [
        (Work.PLANS, {"case": "C9"}, rules.CASE_BROUGHT),
        (Work.PLANS, {"opened_on": "1/8/2026"}, rules.NOT_BEFORE_CASE),
        (Work.NEEDS, {"plan": "P9"}, rules.PLAN_BROUGHT),
        (Work.NEEDS, {"person": "K9"}, rules.PERSON_IN_CASE),
        (Work.OUTCOMES, {"need": "N9"}, rules.NEED_BROUGHT),
        (Work.OUTCOMES, {"measure": "NO-SUCH"}, rules.MEASURE_KNOWN),
        (Work.ACTIONS, {"outcome": "O9"}, rules.OUTCOME_BROUGHT),
        (Work.ACTIONS, {"owner": "nobody@council.example"}, rules.OWNER_HERE),
        (Work.REVIEWS, {"held_on": "1/8/2026"}, rules.NOT_BEFORE_CASE),
        (Work.CONSENTS, {"person": "K9"}, rules.PERSON_IN_CASE),
    ],
)
def test_a_row_that_cannot_land_is_listed_and_leaves_nothing(
    kind: Work, change: dict[str, str], rule: rules.Rule
) -> None:
    council, _ = make_start()
    measured()
    order = [Work.PLANS, Work.NEEDS, Work.OUTCOMES, Work.ACTIONS]
    for before in order[: order.index(kind)] if kind in order else [Work.PLANS] if kind is Work.REVIEWS else []:
        bring(council, before)
    result = bring(council, kind, [ROWS[kind][0] | change])
    assert [fault.reason for fault in result.rejected] == [rule.sentence]
    assert (result.created, result.rejected_rows) == (0, 1)
    assert not WorkBroughtOver.objects.filter(kind=kind).exists()


@pytest.mark.django_db
def test_a_row_that_says_otherwise_the_second_time_is_reported() -> None:
    council, _ = make_start()
    bring(council, Work.PLANS)
    again = bring(council, Work.PLANS, [ROWS[Work.PLANS][0] | {"family_words": "Something else."}])
    assert [fault.reason for fault in again.rejected] == [rules.BROUGHT_BEFORE.sentence]
    assert Plan.objects.get().family_words == "Sleep at night."


@pytest.mark.django_db
def test_the_reconciliation_finds_what_is_missing_and_what_is_besides() -> None:
    council, case = make_start()
    measured()
    for kind in Work:
        bring(council, kind)
        even = work_reconciliation(system(AT), council, sample(kind))
        assert even.is_even, (kind, even.differences)
        assert even.legacy == even.here > 0
    more = [*ROWS[Work.NEEDS], {"reference": "N3", "plan": "P1", "code": "N77", "words": "Unreadable."}]
    found = work_reconciliation(system(AT), council, sample(Work.NEEDS, more))
    assert [(each.what, each.reference) for each in found.differences] == [("not here", "N3")]
    fewer = work_reconciliation(system(AT), council, sample(Work.NEEDS, ROWS[Work.NEEDS][:1]))
    assert [(each.what, each.reference, each.case) for each in fewer.differences] == [
        ("only here", "N2", case.reference)
    ]
    PlanAction.objects.filter(status="under_way").update(status="to_do")
    changed = work_reconciliation(system(AT), council, sample(Work.ACTIONS))
    assert [each.what for each in changed.differences] == ["other state"]
    total = next(
        each for each in work_reconciliation(system(AT), council, sample(Work.ASSESSMENTS)).counts if each.by == "team"
    )
    assert total.legacy_total == total.here_total == 15


@pytest.mark.django_db
def test_who_may_bring_over_and_sign() -> None:
    council, _ = make_start()
    account, _ = make_post(
        role=Role.TEAM_MANAGER, team=make_team(code="SOUTH", name="South team"), name="Nia Testnorth"
    )
    with pytest.raises(NotPermitted):
        bring(council, Work.PLANS, by=actor_of(account, AT))
    with pytest.raises(NotPermitted):
        work_reconciliation(actor_of(account, AT), council, sample(Work.PLANS))
    manager = actor_of(make_post(role=Role.FRONT_DOOR_MANAGER, name="Marlow Testington")[0], AT)
    assert bring(council, Work.PLANS, by=manager).created == 1
    run = GoLiveRun.objects.create(
        agency=council, kind=Work.PLANS, what="compare", file_name="plans.csv", digest="0" * 64, asked_at=AT, ended_at=AT,
        counts={"there": 2, "here": 1, "differences": 1}, found={"counts": [], "differences": [{"what": "not here", "reference": "P2"}]},
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        services.sign_off_run(
            run=run, name="Marlow Testington", signed_as="Head of service", words="", by=manager, at=AT
        )
    assert refused.value.rule == rules.DIFFERENCES_OWNED.code
    signed = services.sign_off_run(
        run=run,
        name="Marlow Testington",
        signed_as="Head of service",
        words="It was a duplicate there.",
        by=manager,
        at=AT,
    )
    assert signed.signed_at == AT
    assert golive_run(manager, run.pk).signed_name == "Marlow Testington"
    with pytest.raises(Refused):
        services.sign_off_run(run=run, name="Again", signed_as="Nobody", words="No.", by=manager, at=AT)


def test_a_legacy_row_changes_its_digest_with_every_word() -> None:
    one = Legacy(2, "N1", {}, {"words": "a"})
    assert one.digest != Legacy(2, "N1", {}, {"words": "b"}).digest
    assert one.digest == Legacy(3, "N1", {}, {"words": "a"}).digest
    assert AT + timedelta(0) == AT
