"""The API against its own schema, with data of every kind: never a fault of the server, always what the schema says.

A few hundred cases run always; five thousand with `./run deep`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

QUICK, DEEP = 5, 250  # cases for each address, once with right and once with wrong data

_never_on_time = settings(
    max_examples=QUICK,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)


@pytest.fixture(scope="module")
def api(shared_site: Any) -> Iterator[dict[str, str]]:
    """The running site's address and the keys of people who between them may use every address of the API."""
    from django.conf import settings as django_settings
    from django.utils import timezone

    from joinedup.access.actor import system
    from joinedup.access.queries import account_with_address
    from joinedup.access.roles import Role
    from joinedup.access.services import issue_api_key
    from joinedup.organisations.queries import demo_people

    now = timezone.now()
    by = system(now)

    def key_of(role: Role) -> str:
        person = next(one for _, people in demo_people(by) for one in people if one.role == role)
        account = account_with_address(by, person.email)
        return issue_api_key(account=account, label="tests", expires_at=now + timedelta(days=1), by=by, at=now)[1]

    before = django_settings.API_REQUESTS_PER_MINUTE
    django_settings.API_REQUESTS_PER_MINUTE = 1_000_000
    yield {
        "url": shared_site.url,
        "key": key_of(Role.FRONT_DOOR_MANAGER),
        "case_key": key_of(Role.KEY_WORKER),
        "manager_key": key_of(Role.TEAM_MANAGER),
        "money_key": key_of(Role.POOL_MANAGER),
        "board_key": key_of(Role.GOVERNANCE_OFFICER),
    }
    django_settings.API_REQUESTS_PER_MINUTE = before


OPERATIONS = (
    "GET /api/v1/activity",
    "GET /api/v1/activity/reports/{activity_report_id}",
    "GET /api/v1/activity/{fund_id}",
    "GET /api/v1/allocation/teams",
    "GET /api/v1/allocation/teams/{managed_team_id}",
    "GET /api/v1/allocation/{allocation_id}",
    "GET /api/v1/allocation/{allocation_id}/families/{waits_id}/candidates",
    "GET /api/v1/assessment-specs",
    "GET /api/v1/case-audits",
    "GET /api/v1/case-audits/results",
    "GET /api/v1/case-audits/{audit_id}",
    "GET /api/v1/cases",
    "GET /api/v1/cases/{case_id}",
    "GET /api/v1/cases/{case_id}/actions",
    "GET /api/v1/cases/{case_id}/agreement",
    "GET /api/v1/cases/{case_id}/assessments",
    "GET /api/v1/cases/{case_id}/assessments/{assessment_id}",
    "GET /api/v1/cases/{case_id}/audits",
    "GET /api/v1/cases/{case_id}/chronology",
    "GET /api/v1/cases/{case_id}/closure",
    "GET /api/v1/cases/{case_id}/help",
    "GET /api/v1/cases/{case_id}/lead/choices",
    "GET /api/v1/cases/{case_id}/meetings",
    "GET /api/v1/cases/{case_id}/meetings/{meeting_id}",
    "GET /api/v1/cases/{case_id}/meetings/{meeting_id}/calendar",
    "GET /api/v1/cases/{case_id}/meetings/{meeting_id}/letters",
    "GET /api/v1/cases/{case_id}/meetings/{meeting_id}/letters/file",
    "GET /api/v1/cases/{case_id}/money",
    "GET /api/v1/cases/{case_id}/notes",
    "GET /api/v1/cases/{case_id}/notes/{note_id}",
    "GET /api/v1/cases/{case_id}/notes/{note_id}/files/{file_id}",
    "GET /api/v1/cases/{case_id}/panel-requests",
    "GET /api/v1/cases/{case_id}/pathway",
    "GET /api/v1/cases/{case_id}/plan",
    "GET /api/v1/cases/{case_id}/plan/changes",
    "GET /api/v1/cases/{case_id}/reviews",
    "GET /api/v1/cases/{case_id}/reviews/{review_id}",
    "GET /api/v1/cases/{case_id}/steps",
    "GET /api/v1/cases/{case_id}/supervision",
    "GET /api/v1/cases/{case_id}/tasks",
    "GET /api/v1/cases/{case_id}/team",
    "GET /api/v1/funds/agreements",
    "GET /api/v1/funds/agreements/{fund_agreement_id}",
    "GET /api/v1/funds/agreements/{fund_agreement_id}/kinds",
    "GET /api/v1/funds/disputes",
    "GET /api/v1/funds/disputes/{dispute_id}",
    "GET /api/v1/funds/entries/{posted_id}",
    "GET /api/v1/funds/reports/{report_id}",
    "GET /api/v1/funds/{fund_id}",
    "GET /api/v1/funds/{fund_id}/forecast",
    "GET /api/v1/funds/{fund_id}/instalments",
    "GET /api/v1/funds/{fund_id}/invoices",
    "GET /api/v1/funds/{fund_id}/ledger",
    "GET /api/v1/funds/{fund_id}/ledger/lines",
    "GET /api/v1/funds/{fund_id}/next-year",
    "GET /api/v1/funds/{fund_id}/outcomes",
    "GET /api/v1/funds/{fund_id}/reports",
    "GET /api/v1/funds/{fund_id}/risk-share",
    "GET /api/v1/funds/{fund_id}/risks",
    "GET /api/v1/funds/{fund_id}/statements",
    "GET /api/v1/governance/boards/{board_id}/decisions",
    "GET /api/v1/governance/framework",
    "GET /api/v1/governance/plan",
    "GET /api/v1/governance/progress",
    "GET /api/v1/governance/progress/compared",
    "GET /api/v1/governance/progress/{progress_report_id}",
    "GET /api/v1/governance/risks",
    "GET /api/v1/governance/risks/{risk_id}",
    "GET /api/v1/information-requests",
    "GET /api/v1/lead-offers",
    "GET /api/v1/lead-offers/{offer_id}",
    "GET /api/v1/me",
    "GET /api/v1/measures",
    "GET /api/v1/my-work/board",
    "GET /api/v1/my-work/due",
    "GET /api/v1/my-work/duties",
    "GET /api/v1/observations",
    "GET /api/v1/organisations",
    "GET /api/v1/outcomes",
    "GET /api/v1/outcomes/measures/{partnership_measure_id}",
    "GET /api/v1/outcomes/series/{series_id}",
    "GET /api/v1/panels",
    "GET /api/v1/panels/requests/{panel_request_id}",
    "GET /api/v1/panels/requests/{panel_request_id}/letter",
    "GET /api/v1/panels/{panel_id}",
    "GET /api/v1/participation",
    "GET /api/v1/participation/{young_id}",
    "GET /api/v1/programmes",
    "GET /api/v1/programmes/benefits/{benefit_id}",
    "GET /api/v1/programmes/cases/{business_case_id}",
    "GET /api/v1/programmes/packs/{pack_id}",
    "GET /api/v1/programmes/published-figures",
    "GET /api/v1/programmes/quarters/{position_id}",
    "GET /api/v1/programmes/rounds/{case_round_id}",
    "GET /api/v1/programmes/strands/{strand_id}",
    "GET /api/v1/programmes/{programme_id}",
    "GET /api/v1/programmes/{programme_id}/benefits",
    "GET /api/v1/programmes/{programme_id}/cases",
    "GET /api/v1/programmes/{programme_id}/investment",
    "GET /api/v1/programmes/{programme_id}/overlap",
    "GET /api/v1/referrals",
    "GET /api/v1/referrals/{contact_id}",
    "GET /api/v1/referrals/{referral_id}/profile",
    "GET /api/v1/sessions",
    "GET /api/v1/sessions/{session_id}",
    "GET /api/v1/steps",
    "GET /api/v1/steps/{step_id}",
    "GET /api/v1/supervisions",
    "GET /api/v1/supervisions/with/{worker_id}",
    "GET /api/v1/supervisions/{supervision_id}",
    "GET /api/v1/worklist",
    "POST /api/v1/allocation/teams/{managed_team_id}/begin",
    "POST /api/v1/allocation/{allocation_id}/end",
    "POST /api/v1/allocation/{allocation_id}/families/{waits_id}/decision",
    "POST /api/v1/case-audits/teams/{managed_team_id}/draw",
    "POST /api/v1/case-audits/{audit_id}/again",
    "POST /api/v1/case-audits/{audit_id}/finish",
    "POST /api/v1/case-audits/{audit_id}/second",
    "POST /api/v1/cases/{case_id}/actions/{action_id}/end",
    "POST /api/v1/cases/{case_id}/actions/{action_id}/plan",
    "POST /api/v1/cases/{case_id}/agreement/basis",
    "POST /api/v1/cases/{case_id}/agreement/declined",
    "POST /api/v1/cases/{case_id}/agreement/help",
    "POST /api/v1/cases/{case_id}/agreement/sharing",
    "POST /api/v1/cases/{case_id}/agreement/withdrawals",
    "POST /api/v1/cases/{case_id}/agreement/withdrawals/{withdrawal_id}/decision",
    "POST /api/v1/cases/{case_id}/assessments",
    "POST /api/v1/cases/{case_id}/assessments/{assessment_id}/sign",
    "POST /api/v1/cases/{case_id}/check",
    "POST /api/v1/cases/{case_id}/chronology/{event_id}/back",
    "POST /api/v1/cases/{case_id}/chronology/{event_id}/ordinary",
    "POST /api/v1/cases/{case_id}/chronology/{event_id}/out",
    "POST /api/v1/cases/{case_id}/chronology/{event_id}/significant",
    "POST /api/v1/cases/{case_id}/close",
    "POST /api/v1/cases/{case_id}/deputy",
    "POST /api/v1/cases/{case_id}/handovers",
    "POST /api/v1/cases/{case_id}/handovers/{offer_id}/withdraw",
    "POST /api/v1/cases/{case_id}/help",
    "POST /api/v1/cases/{case_id}/help/{intervention_id}/end",
    "POST /api/v1/cases/{case_id}/lead",
    "POST /api/v1/cases/{case_id}/lead/take",
    "POST /api/v1/cases/{case_id}/meetings",
    "POST /api/v1/cases/{case_id}/meetings/{meeting_id}/agree",
    "POST /api/v1/cases/{case_id}/meetings/{meeting_id}/apologies",
    "POST /api/v1/cases/{case_id}/meetings/{meeting_id}/cancel",
    "POST /api/v1/cases/{case_id}/meetings/{meeting_id}/invitations",
    "POST /api/v1/cases/{case_id}/meetings/{meeting_id}/letters/email",
    "POST /api/v1/cases/{case_id}/meetings/{meeting_id}/letters/posted",
    "POST /api/v1/cases/{case_id}/meetings/{meeting_id}/told",
    "POST /api/v1/cases/{case_id}/money/promises",
    "POST /api/v1/cases/{case_id}/notes",
    "POST /api/v1/cases/{case_id}/notes/{note_id}/corrections",
    "POST /api/v1/cases/{case_id}/notes/{note_id}/files",
    "POST /api/v1/cases/{case_id}/panel-requests",
    "POST /api/v1/cases/{case_id}/plan",
    "POST /api/v1/cases/{case_id}/plan/actions/{plan_action_id}/mark",
    "POST /api/v1/cases/{case_id}/plan/changes/{change_id}/undo",
    "POST /api/v1/cases/{case_id}/plan/children/{plan_child_id}/lead",
    "POST /api/v1/cases/{case_id}/plan/children/{plan_child_id}/statutory",
    "POST /api/v1/cases/{case_id}/plan/needs",
    "POST /api/v1/cases/{case_id}/plan/needs/{need_id}/end",
    "POST /api/v1/cases/{case_id}/plan/needs/{need_id}/outcomes",
    "POST /api/v1/cases/{case_id}/plan/outcomes/{outcome_id}/actions",
    "POST /api/v1/cases/{case_id}/plan/taken-out",
    "POST /api/v1/cases/{case_id}/reviews",
    "POST /api/v1/cases/{case_id}/reviews/{review_id}/decision",
    "POST /api/v1/cases/{case_id}/reviews/{review_id}/progress",
    "POST /api/v1/cases/{case_id}/steps",
    "POST /api/v1/cases/{case_id}/tasks",
    "POST /api/v1/cases/{case_id}/tasks/{task_id}/done",
    "POST /api/v1/cases/{case_id}/team/family",
    "POST /api/v1/cases/{case_id}/team/family/{family_place_id}/leave",
    "POST /api/v1/cases/{case_id}/team/members",
    "POST /api/v1/cases/{case_id}/team/members/{member_id}/leave",
    "POST /api/v1/funds/commitments/{commitment_id}/release",
    "POST /api/v1/funds/disputes/{dispute_id}/answer",
    "POST /api/v1/funds/instalments/{instalment_id}/receipts",
    "POST /api/v1/funds/instalments/{instalment_id}/receipts/{receipt_id}/corrections",
    "POST /api/v1/funds/invoices/{recharge_id}/paid",
    "POST /api/v1/funds/invoices/{recharge_id}/sent",
    "POST /api/v1/funds/lines/{line_id}/commitments",
    "POST /api/v1/funds/{fund_id}/ledger/accruals",
    "POST /api/v1/funds/{fund_id}/ledger/entries",
    "POST /api/v1/funds/{fund_id}/ledger/headings",
    "POST /api/v1/funds/{fund_id}/next-year/lines",
    "POST /api/v1/funds/{fund_id}/outcomes/{fund_outcome_id}/actuals",
    "POST /api/v1/funds/{fund_id}/risks/raised",
    "POST /api/v1/funds/{fund_id}/risks/{fund_risk_id}/closed",
    "POST /api/v1/funds/{fund_id}/statements/signatures",
    "POST /api/v1/governance/progress/{progress_report_id}/published",
    "POST /api/v1/information-requests/{request_id}/answer",
    "POST /api/v1/information-requests/{request_id}/open",
    "POST /api/v1/information-requests/{request_id}/refuse",
    "POST /api/v1/lead-offers/{offer_id}/accept",
    "POST /api/v1/lead-offers/{offer_id}/decline",
    "POST /api/v1/observations",
    "POST /api/v1/panels",
    "POST /api/v1/panels/requests/{panel_request_id}/contributions",
    "POST /api/v1/panels/requests/{panel_request_id}/decision",
    "POST /api/v1/panels/requests/{panel_request_id}/disagree",
    "POST /api/v1/panels/requests/{panel_request_id}/told",
    "POST /api/v1/panels/requests/{panel_request_id}/withdraw",
    "POST /api/v1/panels/{panel_id}/cancel",
    "POST /api/v1/panels/{panel_id}/list",
    "POST /api/v1/participation/{young_id}",
    "POST /api/v1/people/match",
    "POST /api/v1/posts/find",
    "POST /api/v1/referrals",
    "POST /api/v1/sessions/{session_id}/attendance",
    "POST /api/v1/sessions/{session_id}/finish",
    "POST /api/v1/sessions/{session_id}/newcomers",
    "POST /api/v1/steps/{step_id}/accept",
    "POST /api/v1/steps/{step_id}/again",
    "POST /api/v1/steps/{step_id}/holder",
    "POST /api/v1/steps/{step_id}/refuse",
    "POST /api/v1/steps/{step_id}/settle",
    "POST /api/v1/steps/{step_id}/withdraw",
    "POST /api/v1/supervisions/with/{worker_id}",
    "POST /api/v1/supervisions/{supervision_id}/additions",
    "POST /api/v1/supervisions/{supervision_id}/answer",
    "POST /api/v1/supervisions/{supervision_id}/families/{part_id}/task",
    "PUT /api/v1/case-audits/{audit_id}/headings/{heading}",
    "PUT /api/v1/cases/{case_id}/assessments/{assessment_id}/sections/{code}",
    "PUT /api/v1/cases/{case_id}/meetings/{meeting_id}/letters/words",
    "PUT /api/v1/cases/{case_id}/meetings/{meeting_id}/minutes",
    "PUT /api/v1/cases/{case_id}/meetings/{meeting_id}/when",
    "PUT /api/v1/cases/{case_id}/pathway",
    "PUT /api/v1/cases/{case_id}/plan",
    "PUT /api/v1/cases/{case_id}/plan/actions/{plan_action_id}",
    "PUT /api/v1/cases/{case_id}/plan/children/{plan_child_id}",
    "PUT /api/v1/cases/{case_id}/plan/needs/{need_id}",
    "PUT /api/v1/cases/{case_id}/plan/outcomes/{outcome_id}",
    "PUT /api/v1/cases/{case_id}/plan/statutory/{link_id}",
    "PUT /api/v1/panels/requests/{panel_request_id}/papers",
)


@pytest.fixture(scope="module")
def operations(api: dict[str, str]) -> dict[str, Any]:
    schema = schemathesis.openapi.from_url(f"{api['url']}/api/v1/openapi.json")
    return {operation.ok().label: operation.ok() for operation in schema.get_all_operations()}


def _key_for(name: str, api: dict[str, str]) -> str:
    if "/funds" in name:
        return api["money_key"]
    if "/governance" in name:
        return api["board_key"]
    if any(each in name for each in ("/panels", "/supervisions", "/allocation", "/case-audits", "/my-work/")):
        return api["manager_key"]
    of_cases = ("/cases", "/measures", "/steps", "/lead-offers", "/posts")
    return api["case_key" if any(each in name for each in of_cases) else "key"]


# Well-formed is not yet right: a date of birth in the future fits the schema and is refused by a rule (422).
LEFT_OUT = [positive_data_acceptance]


def _try(operation: Any, mode: GenerationMode, key: str, examples: int) -> None:
    headers = {"Authorization": f"Bearer {key}"} if key else {}

    @settings(_never_on_time, max_examples=examples)
    @given(case=operation.as_strategy(generation_mode=mode))
    def try_one(case: Any) -> None:
        case.call_and_validate(headers=headers, excluded_checks=LEFT_OUT)

    try_one()


def test_every_operation_is_tried(operations: dict[str, Any]) -> None:
    assert sorted(operations) == sorted(OPERATIONS)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", OPERATIONS)
def test_the_api_does_what_its_schema_says(
    operations: dict[str, Any], api: dict[str, str], name: str, mode: GenerationMode
) -> None:
    _try(operations[name], mode, _key_for(name, api), QUICK)


@pytest.mark.deep
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", OPERATIONS)
def test_the_api_does_so_five_thousand_times(
    operations: dict[str, Any], api: dict[str, str], name: str, mode: GenerationMode
) -> None:
    _try(operations[name], mode, _key_for(name, api), DEEP)
