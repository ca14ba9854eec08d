"""The demo partnership for tests that only look at it, with a real id for every address."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from tests.architecture.urls_table import PEOPLE
from tests.support.database import Database, copy_of, django_uses, drop

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass
class Looked:
    """The demo as seen by everybody in the table: a signed-in client for each, and an id for every address."""

    clients: dict[str, Any]
    ids: dict[str, Any]
    kept: dict[tuple[str, str], Any] = field(default_factory=dict)
    shown_at: float = field(default_factory=time.monotonic)  # when everybody last showed who they are

    def answer(self, who: str, pattern: str) -> Any:
        """What somebody gets there; asked once for all the walks."""
        return self.answer_at(who, self.path(pattern))

    def answer_at(self, who: str, path: str) -> Any:
        """The same for an address with its ids in it."""
        if (who, path) in self.kept:
            return self.kept[who, path]
        answer = self.clients[who].get(path)
        if not answer.streaming:  # what streams can be read once
            self.kept[who, path] = answer
        return answer

    def path(self, pattern: str) -> str:
        """The address with real ids in it."""
        if pattern.startswith("^"):
            return "/account/password/reset/key/abc-def/"
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(self.ids[found.group(1)]), pattern)


@pytest.fixture(scope="session")
def looked_at(demo_template: str, django_db_blocker: Any) -> Iterator[tuple[Database, Looked]]:
    """A copy of the demo for all the walks: what one has asked, the next need not ask again."""
    database = copy_of(demo_template)
    with django_db_blocker.unblock(), django_uses(database):
        looked = Looked(_clients(), _ids())
    yield database, looked
    drop(database)


@pytest.fixture(scope="module")
def looked(looked_at: tuple[Database, Looked], django_db_blocker: Any) -> Iterator[Looked]:
    """The demo as everybody sees it. A test that changes something takes it back before it ends."""
    from django.conf import settings

    database, looked = looked_at
    before = settings.API_REQUESTS_PER_MINUTE
    settings.API_REQUESTS_PER_MINUTE = 1_000_000  # a walk asks them all at once
    with django_db_blocker.unblock(), django_uses(database):
        yield looked
    settings.API_REQUESTS_PER_MINUTE = before


@pytest.fixture(autouse=True)
def shown_lately(request: pytest.FixtureRequest) -> None:
    """A walk may outlast a quarter of an hour, after which people would be asked again who they are."""
    if "looked" not in request.fixturenames:
        return
    looked = request.getfixturevalue("looked")
    if time.monotonic() - looked.shown_at > 120:
        looked.shown_at = time.monotonic()
        for who, client in looked.clients.items():
            if who != "public":
                sign_in_freshly(client)


def _clients() -> dict[str, Any]:
    from django.test import Client

    from joinedup.access.models import Account

    clients = {"public": Client()}
    for who, name in PEOPLE.items():
        clients[who] = Client()
        clients[who].force_login(Account.objects.get(name=name), backend=BACKEND)
        sign_in_freshly(clients[who])
    return clients


def sign_in_freshly(client: Any) -> None:
    """As if the person had shown a minute ago who they are."""
    from joinedup.access.tests.factories import make_fresh

    make_fresh(client)


def _ids() -> dict[str, Any]:
    from joinedup.access.models import Account
    from joinedup.casework.models import Case
    from joinedup.core.models import OutboxMessage
    from joinedup.front_door.models import CaseNotice, Contact, DutyPage, Handover, Referral, StaffAllegation
    from joinedup.organisations.models import Organisation, Post, Team

    led = Case.objects.filter(state="open", lead_professional__account__name=PEOPLE["inside"])
    case = led.filter(notices__isnull=False).order_by("opened_at")[0]
    referral = Referral.objects.filter(
        state="in_triage", held_by__account__name=PEOPLE["worker"], people__person__isnull=False
    ).order_by("received_at")[0]
    person, record, keep_apart = _people(case)
    return {
        "person_id": person,
        "family_id": case.family_id,
        "record_id": record,
        "keep_apart_id": keep_apart,
        "contact_id": Contact.objects.filter(submitted_by__account__name=PEOPLE["sender"])[0].pk,
        "name": "mine",
        "referral_id": referral.pk,
        "place_id": referral.people.exclude(person=None)[0].pk,
        "page_id": DutyPage.objects.filter(accepted_at=None)[0].pk,
        "handover_id": Handover.objects.all()[0].pk,
        "allegation_id": StaffAllegation.objects.filter(state="received")[0].pk,
        "notice_id": CaseNotice.objects.filter(case=case)[0].pk,
        "case_id": case.pk,
        "joining_id": _sister(case),
        "hold_id": "01890a5d-ac96-774b-bcce-b302099a8059",  # the demo holds nothing back
        "leaving_id": case.people.order_by("pk")[0].person_id,
        "member_id": case.members.exclude(part="lead")[0].pk,
        "approval_id": _approval(),
        "account_id": Account.objects.get(name=PEOPLE["outsider"]).pk,
        "key_id": _key(),
        "key": "partnership.name",
        "token": "never-sent-to-anybody",
        "draft_id": "01890a5d-ac96-774b-bcce-b302099a8057",
        "message_id": OutboxMessage.objects.filter(about_kind="casework.case").order_by("created_at")[0].pk,
        "organisation_id": Organisation.objects.order_by("code")[0].pk,
        "team_id": Team.objects.filter(kind="case_management").order_by("code")[0].pk,
        "post_id": Post.objects.filter(account__name=PEOPLE["elsewhere"])[0].pk,
        **_directory(),
        **_family_page(case),
        **_assessments(case),
        **_notes(case),
        **_team(case),
        **_imports(),
        **_observations(),
        **_restricted(),
        **_questions(referral),
        **_indicators(),
        **_sharing(referral),
        **_plan(case),
        **_panels(),
        **_oversight(),
        **_universal(),
        **_funds(),
        **_benefits_ids(),
        **_costing_ids(),
        **_outcomes(),
        **_boards(),
        **_risks(),
        **_capacity(),
        **_children_plan(),
    }


def _outcomes() -> dict[str, Any]:
    """A measure of the illustration with its series and a reading; a measure that Joinedup counts; a file of readings."""
    from django.utils import timezone

    from joinedup.access.actor import system
    from joinedup.outcomes.models import Measure, Series
    from joinedup.outcomes.services import import_readings

    now = timezone.now()
    series = Series.objects.get(measure__code="NEET-SWINDON", cohort__code="ALL")
    run = import_readings(
        file_name="none.csv", content=b"measure,to,value\nNONE,2026-03-31,1\n", by=system(now), at=now
    )
    return {
        "series_id": series.pk, "partnership_measure_id": series.measure_id,
        "partnership_outcome_id": series.measure.outcome_id, "period_end": "2010-12-31", "table_kind": "csv",
        "reading_import_id": run.pk, "plan_measure_id": Measure.objects.get(code="SCALE").pk,
    }  # fmt: skip


def _funds() -> dict[str, Any]:
    """The aligned agreement of council and NHS with a variation that waits; the commissioning pool, what it still waits for,
    and the budget of a family that Amira holds."""
    from django.utils import timezone

    from joinedup.access.actor import system
    from joinedup.funds import services
    from joinedup.funds.models import AgreementPartner, BudgetLine, Entry, Fund, Instalment, Receipt, Scheme, Virement
    from joinedup.funds.services.reporting import freeze_report
    from joinedup.organisations.models import Post

    now = timezone.now()
    by, pool = system(now), Fund.objects.get(code="COMM")
    agreement = Fund.objects.get(code="INTEG").agreement
    variation = agreement.variations.first() or services.propose_variation(
        agreement=agreement, words="Speech therapy joins.", effective_on=now.date(), by=by, at=now
    )
    penny = Post.objects.get(account__name=PEOPLE["pool_manager"])
    # Of the year before, which is over whatever day it is.
    report = freeze_report(fund=pool, year=pool.year - 1, quarter=4, words="As planned.", by=by, at=now)
    authority = services.name_authority(agreement=agreement, level="budget_manager", post=penny, by=by, at=now)
    family = BudgetLine.objects.select_related("fund__agreement").get(code="FAM-01")
    over = services.OverSaid(1_000, "A cooker costs a little more.")
    allowance = services.allow_over_budget(line=family, said=over, by=by, at=now)
    return {
        "fund_agreement_id": agreement.pk, "clause": "aims", "variation_id": variation.pk, "authority_id": authority.pk,
        "partner_id": AgreementPartner.objects.get(agreement=agreement, organisation__code="COUNCIL").pk,
        "secondment_id": agreement.secondments.order_by("pk")[0].pk, "fund_id": pool.pk,
        "scheme_id": Scheme.objects.get(fund=pool, code="VUL").pk, "line_id": family.pk, "allowance_id": allowance.pk,
        "commitment_id": family.commitments.filter(state="open")[0].pk,
        "instalment_id": Instalment.objects.filter(contribution__fund=pool).order_by("due_on", "pk")[0].pk,
        "receipt_id": Receipt.objects.filter(instalment__contribution__fund=pool).order_by("instalment__due_on", "instalment__pk", "pk")[0].pk,
        "virement_id": Virement.objects.get(fund=pool, state="asked").pk,
        "posted_id": Entry.objects.filter(fund=pool).order_by("seal__number")[0].pk,
        "fund_partner_id": pool.host_id, "year": pool.year, "quarter": 1, "report_id": report.pk, "file_kind": "pdf",
        "treatment": "share", **_fund_statements(pool, now),
        "permitted_kind_id": agreement.permitted_kinds.get(kind="contract").pk,
        "fund_risk_id": pool.risks.get(number=1).pk, "fund_outcome_id": pool.outcomes.get(number=1).pk,
        "next_line_id": BudgetLine.objects.get(fund=pool, year=pool.year, code="VUL-01").pk,
    }  # fmt: skip


def _costing_ids() -> dict[str, Any]:
    """A price of the demo, and a report of the pool kept of a quarter of the year before."""
    from django.utils import timezone

    from joinedup.access.actor import system
    from joinedup.benefits.models import ActivityPrice
    from joinedup.benefits.services.activity_costs import keep_activity_report
    from joinedup.funds.models import Fund

    now = timezone.now()
    pool = Fund.objects.get(code="COMM")
    report = keep_activity_report(fund=pool, year=pool.year - 1, quarter=4, by=system(now), at=now)
    price = ActivityPrice.objects.filter(kind="visit", ends_on=None)[0]
    return {"activity_price_id": price.pk, "activity_report_id": report.pk}


def _boards() -> dict[str, Any]:
    """The public services board with its meeting of today, a strand whose sponsor it is to appoint, and the round it accepted
    nine days ago."""
    from joinedup.governance.models import AgendaItem, BoardAction, Decision, Meeting, Paper, Recommendation
    from joinedup.organisations.models import Organisation

    meeting = Meeting.objects.get(state="called")
    board = meeting.board
    decision = Decision.objects.get(effect="accept_round")
    return {
        "board_id": board.pk, "board_meeting_id": meeting.pk, "decision_id": decision.pk,
        "agenda_item_id": AgendaItem.objects.filter(meeting=meeting, kind="decision").order_by("position")[0].pk,
        "board_seat_id": board.seats.order_by("position")[0].pk,
        "appointment_id": board.seats.order_by("position")[1].appointments.get().pk,
        "delegation_id": board.delegations.order_by("kind")[0].pk, "board_action_id": BoardAction.objects.get().pk,
        "board_paper_id": Paper.objects.get().pk, "approving_body_id": Organisation.objects.get(code="NHS").pk,
        "recommendation_id": Recommendation.objects.get(organisation__code="COUNCIL").pk,
    }  # fmt: skip


def _capacity() -> dict[str, Any]:
    """What the demo read, its scenario, and its testing phase."""
    from joinedup.capacity.models import FlowReading, Scenario, TestingPhase

    return {
        "flow_reading_id": FlowReading.objects.get().pk, "scenario_id": Scenario.objects.get().pk,
        "testing_phase_id": TestingPhase.objects.get().pk,
    }  # fmt: skip


def _risks() -> dict[str, Any]:
    """A risk of the strategy board, on which nobody of the table sits, with its control; and an action on one of the trust’s."""
    from joinedup.governance.models import ProgressReport, Risk, RiskAction

    risk = Risk.objects.get(kind="policy")
    draft = ProgressReport.objects.get(state="draft")
    entry = draft.entries.get(element__letter="M")
    return {
        "progress_report_id": draft.pk, "progress_entry_id": entry.pk, "framework_element_id": entry.element_id,
        "risk_id": risk.pk, "risk_control_id": risk.controls.get().pk,
        "risk_action_id": RiskAction.objects.get(risk__kind="staff").pk,
    }  # fmt: skip


def _children_plan() -> dict[str, Any]:
    """The adopted plan with an action of it, and a need of it as a part."""
    from joinedup.governance.models import ChildrenPlan, PlanAction

    plan = ChildrenPlan.objects.get(state="adopted")
    action = PlanAction.objects.filter(priority__plan=plan).order_by("pk")[0]
    return {
        "children_plan_id": plan.pk, "children_plan_action_id": action.pk, "plan_part": "needs",
        "plan_part_id": plan.needs.order_by("position")[0].pk,
    }  # fmt: skip


def _benefits_ids() -> dict[str, Any]:
    """The demo's programme and what belongs to it."""
    from joinedup.benefits.models import ClaimSubject, Programme

    programme = Programme.objects.get()
    strand = programme.strands.get(code="families")
    subject = ClaimSubject.objects.get(programme=programme)
    model = strand.delivery_models.get(state="chosen")
    case = strand.cases.get(title="Families together")
    return {
        "business_case_id": case.pk, "case_round_id": case.rounds.get(number=2).pk, "case_part": "worth", "case_line": 1,
        "line_kind": "benefits", "case_file_kind": "xlsx",
        "programme_id": programme.pk, "strand_id": strand.pk, "overlap_table": "pairs", "loop_station": "contact",
        "delivery_model_id": model.pk, "delivery_state": "draft", "delivery_part": "staff",
        "delivery_line_id": model.staff.order_by("pk")[0].pk, "pay_rate_id": programme.pay_rates.order_by("pk")[0].pk,
        "claim_subject_id": subject.pk, "published_figure_id": subject.claims.order_by("pk")[0].pk,
        **_realised_ids(programme),
    }  # fmt: skip


def _realised_ids(programme: Any) -> dict[str, Any]:
    """The benefit that is banked, with its row; a claim; a frozen quarter and pack; what is proposed to the pool."""
    from joinedup.benefits.models import AvoidedEvent, BankEntry
    from joinedup.funds.models import ContributionProposal

    banked = BankEntry.objects.get()
    return {
        "benefit_id": banked.benefit_id, "bank_entry_id": banked.pk, "avoided_event_id": AvoidedEvent.objects.order_by("pk")[0].pk,
        "settlement_id": programme.investment_agreements.get().pk,
        "position_id": programme.positions.get(number=2).pk, "pack_id": programme.packs.get().pk,
        "contribution_proposal_id": ContributionProposal.objects.filter(state="waits").order_by("pk")[0].pk,
    }  # fmt: skip


def _fund_statements(pool: Any, now: Any) -> dict[str, Any]:
    """The demo's invoice, dispute and extract; what is listed for the end of the pool, and a statement of it."""
    from joinedup.access.actor import system
    from joinedup.funds.models import Dispute, ExtractMatch, ExtractRow, LeavingStatement, LedgerExtract, Recharge
    from joinedup.funds.services.leaving import add_leaving_item

    item = add_leaving_item(fund=pool, kind="asset", what="A minibus", pence=900_000, by=system(now), at=now)
    content = {
        "title": "Termination statement", "fund": {"code": pool.code, "name": pool.name, "host": ""}, "on": str(now.date()),
        "agreement": {"title": pool.agreement.title, "state": "Ended"}, "clause": "As it was put in.", "redundancy": "Shared",
        "partners": [], "balances": [], "commitments": [], "assets": [], "redundancies": [],
        "ledger": {"number": 1, "digest": "0" * 64},
    }  # fmt: skip
    statement = LeavingStatement.objects.create(
        fund=pool, number=1, on=now.date(), content=content, digest="0" * 64, ledger_number=1, ledger_digest="0" * 64,
        frozen_at=now,
    )  # fmt: skip
    extract = LedgerExtract.objects.order_by("imported_at", "pk")[0]
    return {
        "leaving_item_id": item.pk, "leaving_statement_id": statement.pk, "extract_id": extract.pk,
        "extract_row_id": ExtractRow.objects.filter(extract=extract).exclude(posting=None).order_by("number")[0].pk,
        "hand_match_id": ExtractMatch.objects.filter(extract=extract, undone_at=None).order_by("matched_at", "pk")[0].pk,
        "recharge_id": Recharge.objects.order_by("number", "pk")[0].pk,
        "dispute_id": Dispute.objects.order_by("raised_at", "pk")[0].pk,
    }  # fmt: skip


def _universal() -> dict[str, Any]:
    """Today's session of the outsider's youth club, a young person Amira's team follows, youth justice, and a file."""
    from django.utils import timezone

    from joinedup.access.models import Account
    from joinedup.access.queries import actor_for_account
    from joinedup.organisations.models import Organisation
    from joinedup.universal import queries, services
    from joinedup.universal.models import JusticeInvolvement, ParticipationImport, Session

    now = timezone.now()
    session = Session.objects.filter(programme__organisation__code="SAMPLERS", state="planned").order_by("held_on")[0]
    inside, lead = (
        actor_for_account(Account.objects.get(name=PEOPLE[who]).pk, at=now) for who in ("inside", "data_lead")
    )
    young = queries.follow_up(inside, "neither").rows[0].person_id
    schools = Organisation.objects.get(code="SCHOOLS")
    if not ParticipationImport.objects.exists():
        services.import_participation(
            organisation=schools,
            file_name="destinations.csv",
            content=b"Reference,Status\nX,neither\n",
            by=lead,
            at=now,
        )
    return {
        "session_id": session.pk, "session_programme_id": session.programme_id, "young_id": young, "doing": "neither",
        "spell_id": queries.spells_of(inside, young)[0].id, "justice_id": JusticeInvolvement.objects.all()[0].pk,
        "participation_import_id": ParticipationImport.objects.all()[0].pk, "table": "areas",
    }  # fmt: skip


def _oversight() -> dict[str, Any]:
    """Amira's supervision that waits for her answer, the North team's allocation meeting with somebody who waits, and quality
    audits: one that Nia does, one of hers to look at again, and one done in her team."""
    from django.utils import timezone

    from joinedup.access.actor import system
    from joinedup.casework.models import AllocationMeeting, CaseAudit, SentBack, Supervision
    from joinedup.casework.queries.allocating import waiting_of_team

    supervision = Supervision.objects.get(worker__account__name=PEOPLE["inside"], answer="")
    meeting = AllocationMeeting.objects.get(ended_at=None)
    nia = {"auditor__account__name": PEOPLE["own_team"]}
    waiting = [each for each in waiting_of_team(system(timezone.now()), meeting.team_id) if each.step_id is None]
    return {
        "supervision_id": supervision.pk,
        "part_id": supervision.cases.order_by("pk")[0].pk,
        "worker_id": supervision.worker_id,
        "allocation_id": meeting.pk,
        "managed_team_id": meeting.team_id,
        "sent_back_id": SentBack.objects.order_by("sent_at")[0].pk,
        "waits_id": waiting[0].case_id,
        "audit_id": CaseAudit.objects.get(done_at=None, **nia).pk,
        "looked_id": CaseAudit.objects.get(second__account__name=PEOPLE["own_team"], second_at=None).pk,
        "done_id": CaseAudit.objects.get(done_at__isnull=False, second=None).pk,
        "heading": "c",
    }


def _panels() -> dict[str, Any]:
    """The North team's panel to come, the request that was on the list of the one before, and a reconciliation to sign."""
    from django.utils import timezone

    from joinedup.casework.models import GoLiveRun, Panel, PanelRequest
    from joinedup.organisations.models import Organisation

    now = timezone.now()
    run = GoLiveRun.objects.create(
        agency=Organisation.objects.order_by("code")[0], kind="plans", what="compare", file_name="plans.csv", digest="0" * 64,
        asked_at=now, ended_at=now, counts={"there": 1, "here": 0, "differences": 1},
        found={"counts": [], "differences": [{"what": "not here", "reference": "P1", "case": "", "case_id": "", "row": 2, "reason": "No."}]},
    )  # fmt: skip
    return {
        "panel_id": Panel.objects.filter(starts_at__gt=now)[0].pk,
        "panel_request_id": PanelRequest.objects.get(state="listed").pk,
        "golive_run_id": run.pk,
    }


def _plan(case: Any) -> dict[str, Any]:
    """What stands in the plan of the case in question, a review of it under way, and a step of another case of Amira's
    that the other team is asked for."""
    from django.utils import timezone

    from joinedup.access.actor import system
    from joinedup.casework import services
    from joinedup.casework.models import Plan, PlanAction, PlanNeed, PlanOutcome, StatutoryPlan, Step
    from joinedup.casework.planning import StatutorySaid
    from joinedup.organisations.models import Team

    plan = Plan.objects.get(case=case, state="open")
    by = system(timezone.now())
    section = plan.sections.order_by("pk")[0]
    if not plan.reviews.filter(state="begun").exists():
        services.begin_review(
            plan=plan, held_on=by.at.date(), by=by, at=by.at,
            attendance=services.Attendance(posts={case.lead_professional_id: True}),
            voices=[services.Voice(each.pk, "said", "It is better.") for each in plan.sections.all()],
        )  # fmt: skip
    if not StatutoryPlan.objects.filter(section=section).exists():
        said = StatutorySaid("child_in_need", by.at.date(), "Exampleshire Council", "In force")
        services.link_statutory_plan(plan=plan, section_id=section.pk, said=said, by=by, at=by.at)
    step = Step.objects.filter(state="waiting", to_team__name__startswith="South").first()
    if step is None:
        south = Team.objects.get(name__startswith="South")
        step = services.ask_step(case=case, to_level=5 - case.level, to_team=south, reason="It moves.", by=by, at=by.at)
    return {
        "plan_child_id": section.pk, "link_id": StatutoryPlan.objects.filter(section=section)[0].pk,
        "need_id": PlanNeed.objects.filter(plan=plan).order_by("pk")[0].pk,
        "outcome_id": PlanOutcome.objects.filter(need__plan=plan).order_by("pk")[0].pk,
        "plan_action_id": PlanAction.objects.filter(outcome__need__plan=plan).order_by("pk")[0].pk,
        "kind": "need", "item_id": PlanNeed.objects.filter(plan=plan).order_by("pk")[0].pk,
        "change_id": plan.changes.order_by("pk")[0].pk, "review_id": plan.reviews.get(state="begun").pk, "step_id": step.pk,
    }  # fmt: skip


def _directory() -> dict[str, Any]:
    """A service of the directory with a place, and the lists and words around it."""
    from joinedup.directory.models import Entry, EntryPlace, Term
    from joinedup.directory.upkeep_models import Correction, SampleItem

    places = EntryPlace.objects.select_related("entry").filter(entry__provider__name="Placeholder Family Support")
    place = places.order_by("entry__name")[0]
    item = SampleItem.objects.filter(checked_at=None).order_by("place")[0]
    term = Term.objects.order_by("taxonomy__name", "name")[0]
    return {
        "entry_id": place.entry_id,
        "entry_place_id": place.pk,
        "entry_version_id": Entry.objects.get(waiting__isnull=False, provider=place.entry.provider_id).waiting_id,
        "sample_id": item.sample_id,
        "sample_item_id": item.pk,
        "correction_id": Correction.objects.get(said_by=None, answered_at=None).pk,
        "record_step": "about",
        "provider_id": place.entry.provider_id,
        "taxonomy_id": term.taxonomy_id,
        "taxonomy_term_id": term.pk,
        **_taken_in_ids(),
        **_young_ids(),
    }


def _taken_in_ids() -> dict[str, Any]:
    """Another directory that was taken in, of which one record is held, and one may be a service we know. Nothing of it is public."""
    from django.utils import timezone

    from joinedup.access.actor import system
    from joinedup.directory import services
    from joinedup.directory.models import DuplicatePair, Entry, Source, Staged

    now = timezone.now()
    by = system(now)
    source = Source.objects.filter(name="Mockshire").first()
    if source is None:
        source = services.add_source(name="Mockshire", licence="OGL v3", is_trusted=False, by=by, at=now)
        others = Entry.objects.filter(approved__isnull=False, is_address_secret=False).select_related("provider")
        known = others.exclude(provider__name="Placeholder Family Support").order_by("name")[0]
        twin = {
            "id": "1", "name": known.name, "status": "active", "description": "As Mockshire says it.",
            "organization": {"id": "1", "name": known.provider.name, "email": known.provider.email},
        }  # fmt: skip
        services.harvest(source=source, records=[twin, {"id": "2", "name": ""}], by=by, at=now)
        services.look_for_duplicates(by=by, at=now)
    return {
        "directory_source_id": source.pk,
        "staged_id": Staged.objects.filter(source=source).exclude(faults=[])[0].pk,
        "duplicate_pair_id": DuplicatePair.objects.filter(state="suspected")[0].pk,
        "open_data_kind": "hsds",
    }


def _young_ids() -> dict[str, Any]:
    """A question of a young person that waits, who answers first, and a page of advice."""
    from joinedup.directory.finding_models import AdviceText, Answerer, YoungQuestion

    text = AdviceText.objects.exclude(approved_at=None).order_by("written_at")[0]
    return {
        "young_question_id": YoungQuestion.objects.filter(state="asked")[0].pk, "advice_text_id": text.pk,
        "answerer_id": Answerer.objects.order_by("place")[0].pk, "advice_id": text.advice_id,
    }  # fmt: skip


def _family_page(case: Any) -> dict[str, Any]:
    """The page of a parent in the case in question, what was shared there and what they wrote, and somebody without a page."""
    from joinedup.family_page.models import FamilyMessage, FamilyPage, Release

    page = FamilyPage.objects.get(case=case, is_young=False, closed_at=None)
    without = case.people.exclude(person__in=FamilyPage.objects.filter(case=case).values("person"))
    return {
        "family_page_id": page.pk,
        "reader_id": (without.first() or case.people.exclude(person=page.person_id)[0]).person_id,
        "release_id": Release.objects.filter(page=page, withdrawn_at=None).order_by("pk")[0].pk,
        "family_message_id": FamilyMessage.objects.filter(page=page).order_by("pk")[0].pk,
    }


def _assessments(case: Any) -> dict[str, Any]:
    """What the one inside is writing, a withdrawal their manager decides on, and a course somebody completed."""
    from joinedup.casework.models import Assessment
    from joinedup.information_sharing.models import Withdrawal
    from joinedup.workforce.models import Training

    draft = Assessment.objects.get(state="draft", started_by__account__name=PEOPLE["inside"])
    return {
        "assessment_id": draft.pk,
        "about_id": draft.child_id,
        "section_id": draft.sections.get(code="health").pk,
        "form": "page",
        "withdrawal_id": Withdrawal.objects.filter(decided_at=None, subject_id=str(case.pk))[0].pk,
        "training_id": Training.objects.order_by("recorded_at")[0].pk,
    }


def _team(case: Any) -> dict[str, Any]:
    """A meeting to come, a parent asked to it and in the team, an action still open, and the offer of another case."""
    from joinedup.casework.models import FamilyPlace, LeadHandover, Meeting, MeetingAction

    meeting = Meeting.objects.filter(case=case, state="planned").order_by("starts_at")[0]
    return {
        "meeting_id": meeting.pk,
        "seat_id": meeting.places.filter(person__isnull=False).order_by("pk")[0].pk,
        "family_place_id": FamilyPlace.objects.filter(case=case, left_at=None)[0].pk,
        "action_id": MeetingAction.objects.filter(case=case, state="open").order_by("pk")[0].pk,
        "offer_id": LeadHandover.objects.get(state="proposed").pk,
    }


def _notes(case: Any) -> dict[str, Any]:
    """A visit with a file beside it, a task to do, help that goes on, and the entry of the visit."""
    from joinedup.casework.models import CaseTask, Intervention, NoteFile
    from joinedup.chronology.models import Event

    file = NoteFile.objects.filter(note__case=case)[0]
    return {
        "note_id": file.note_id,
        "file_id": file.pk,
        "task_id": CaseTask.objects.filter(case=case, done_at=None)[0].pk,
        "intervention_id": Intervention.objects.filter(case=case, ends_on=None)[0].pk,
        "event_id": Event.objects.get(source_kind="casework.casenote", source_id=str(file.note_id)).pk,
    }


def _sharing(referral: Any) -> dict[str, Any]:
    """A request of the worker to the sender's surgery, opened and not answered, and an agreement nobody has signed."""
    from dataclasses import replace

    from django.utils import timezone

    from joinedup.access.models import Account
    from joinedup.access.queries import actor_for_account
    from joinedup.information_sharing import services
    from joinedup.information_sharing.models import Agreement
    from joinedup.organisations.models import Organisation

    now = timezone.now()
    worker, sender, governance = (
        actor_for_account(Account.objects.get(name=PEOPLE[who]).pk, at=now)
        for who in ("worker", "sender", "governance")
    )
    agreement = Agreement.objects.in_force_on(now.date()).get(posts__post__account__name=PEOPLE["sender"])
    asking = services.Asking(
        agreement_id=agreement.pk, organisation_id=Organisation.objects.get(code="MOCKLANE").pk,
        person_id=referral.people.exclude(person=None)[0].person_id, purpose="protect",
        subject=("front_door.referral", str(referral.pk)), level=4, reason="Who works with the family?",
    )  # fmt: skip
    request = services.ask_for_information(asking=asking, by=worker, at=now)
    services.open_request(request=request, by=replace(sender, at=now), at=now)
    draft = services.draft_next(agreement=agreement, by=governance, at=now)
    party = draft.parties.get(organisation=asking.organisation_id)
    return {
        "request_id": request.pk, "agreement_id": draft.pk, "sharer_id": party.pk,
        "named_id": draft.posts.order_by("pk")[0].pk, "code": "public_task",
    }  # fmt: skip


def _questions(referral: Any) -> dict[str, Any]:
    """A question about the referral that waits for its answer, and an asking that waits for a manager."""
    from joinedup.front_door.models import Asking
    from joinedup.information_sharing.models import InformationRequest

    asked = InformationRequest.objects.filter(subject_id=str(referral.pk), state="asked").order_by("asked_at", "pk")
    waiting = Asking.objects.get(waits_for_manager=True)
    return {"question_id": asked[0].pk, "asking_id": waiting.pk, "serious_id": _asked_at_once()}


def _asked_at_once() -> Any:
    """Partners asked without waiting about a referral that was then decided below level 4."""
    from joinedup.front_door.models import Asking, Referral

    decided = Referral.objects.filter(decided_at__isnull=False, level__lt=4, people__person__isnull=False)
    referral = decided.order_by("received_at", "pk")[0]
    asked = Asking.objects.create(
        referral=referral, purpose="protect", level=4, footing="serious", question="Who works with them?",
        why_without_agreement="It looked like level 4.", organisations=[],
        people=[referral.people.exclude(person=None)[0].person_id], asked_at=referral.received_at,
    )  # fmt: skip
    return asked.pk


def _indicators() -> dict[str, Any]:
    """An indicator, and a child that the indicators list."""
    from django.utils import timezone

    from joinedup.access.actor import system
    from joinedup.information_sharing.models import Indicator
    from joinedup.information_sharing.queries import listed_children

    listed = listed_children(system(timezone.now())).children
    indicator = Indicator.objects.order_by("name")[0]
    return {
        "child_id": listed[0].person_id, "indicator_id": indicator.pk, "proposed_id": _proposal(indicator), "step": "conditions",
    }  # fmt: skip


def _proposal(indicator: Any) -> Any:
    """A change of an indicator that waits for somebody other than governance to agree."""
    from django.utils import timezone

    from joinedup.access.models import Account
    from joinedup.access.queries import actor_for_account
    from joinedup.information_sharing import services

    now = timezone.now()
    by = actor_for_account(Account.objects.get(name=PEOPLE["governance"]).pk, at=now)
    begun = services.begin_change(indicator=indicator, reason="It misleads.", by=by, at=now)
    changes = services.ProposalChanges(review_on=now.date() + timedelta(days=90))
    services.change_proposal(proposal=begun, changes=changes, by=by, at=now)
    return services.propose_indicator(proposal=begun, by=by, at=now).pk


def _restricted() -> dict[str, Any]:
    """A restriction that governance guards, somebody named in it, and what waits for its guardian."""
    from joinedup.person_index.models import BreakGlass, LinkProposal, LookAlike, RestrictedMatch, Restriction, StaffTie

    restriction = Restriction.objects.get(category="high_risk")
    return {
        "restriction_id": restriction.pk,
        "party_id": restriction.parties.order_by("added_at", "pk")[0].pk,
        "look_alike_id": LookAlike.objects.get(restriction=restriction).pk,
        "match_id": RestrictedMatch.objects.get(restriction=restriction).pk,
        "tie_id": StaffTie.objects.get().pk,
        "emergency_id": BreakGlass.objects.get().pk,
        "linkage_run_id": _linkage_run(),
        "agency_code": "SCHOOLS",
        "sealed_id": restriction.pk,  # no file: who is not named in one is told nothing
        "proposal_id": LinkProposal.objects.filter(state="waiting").order_by("pk")[0].pk,
    }


def _linkage_run() -> Any:
    """A look over the whole index."""
    from django.utils import timezone

    from joinedup.person_index.models import LinkageRun

    run = LinkageRun.objects.create(
        kind="nightly", model_name="test", started_at=timezone.now(), total=5, counts={"new": 2}
    )
    return run.pk


def _imports() -> dict[str, Any]:
    """A file that waits, one being imported and one that was, of the manager."""
    from django.utils import timezone

    from joinedup.access.models import Account
    from joinedup.access.queries import actor_for_account
    from joinedup.person_index import services

    now = timezone.now()
    manager = actor_for_account(Account.objects.get(name=PEOPLE["manager"]).pk, at=now)
    text = "Ref No;Full name;Born;Notes\nX-1;Rowan Testerfield;14/03/2015;=1+1\nX-2;;31/02/2015;\n"
    said: Any = {
        "agency_code": "HOUSING",
        "file_name": "tenants.csv",
        "content": text.encode(),
        "by": manager,
        "at": now,
    }
    done = services.import_records(**said)
    waiting, begun = services.keep_upload(**said), services.keep_upload(**said)
    job = services.start_import(upload=begun, by=manager, at=now)
    return {"upload_id": waiting.pk, "run_id": done.run_id, "which": "new", "job_id": job.pk}


def _observations() -> dict[str, Any]:
    """A file of observations that waits and one that was imported, of the manager; an observation of the schools."""
    from django.utils import timezone

    from joinedup.access.models import Account
    from joinedup.access.queries import actor_for_account
    from joinedup.person_index import services
    from joinedup.person_index.models import Observation

    now = timezone.now()
    manager = actor_for_account(Account.objects.get(name=PEOPLE["manager"]).pk, at=now)
    there = Observation.objects.filter(record__agency__code="SCHOOLS", replaced_at=None).select_related("record")[0]
    text = f"reference,kind,date,value\n{there.record.agency_reference},suspension,2026-01-05,2\nX,suspension,,2\n"
    said: Any = {"agency_code": "SCHOOLS", "file_name": "seen.csv", "content": text.encode(), "by": manager, "at": now}
    waiting = services.keep_observation_upload(**said)
    done = services.import_observations(**said)
    return {"waiting_id": waiting.pk, "brought_id": done.run_id, "observation_id": there.pk}


def _sister(case: Any) -> Any:
    """A child who is of the case's family since today, and in no case."""
    from django.utils import timezone

    from joinedup.access.actor import system
    from joinedup.person_index.services import NewPerson, create_person, join_family

    now = timezone.now()
    facts = NewPerson(given_name="Bryony", family_name="Testjoining", birth_date=now.date() - timedelta(days=2000))
    sister = create_person(facts=facts, source="test", by=system(now), at=now)
    join_family(family=case.family, person=sister, part="child", by=system(now), at=now)
    return sister.pk


def _people(case: Any) -> tuple[Any, Any, Any]:
    """A child of the case who is in no open referral, a record of the child, and a decision to keep it apart."""
    from joinedup.front_door.models import ReferralPerson
    from joinedup.person_index.models import KeepApart, Person, RecordLink

    busy = ReferralPerson.objects.exclude(referral__state="closed").exclude(person=None).values("person_id")
    children = case.people.filter(part="child").order_by("person_id")
    quiet = children.exclude(person_id__in=busy).first() or children[0]
    link = RecordLink.objects.filter(person_id=quiet.person_id)[0]
    other = Person.objects.filter(case_places=None, referral_places=None).order_by("pk")[0]
    kept = KeepApart.objects.create(
        record_id=link.record_id, person=other, reason="another child", decided_at=case.opened_at
    )
    return quiet.person_id, link.record_id, kept.pk


def _approval() -> Any:
    from django.utils import timezone

    from joinedup.access.models import Account
    from joinedup.access.queries import actor_for_account
    from joinedup.access.services import propose_key

    now = timezone.now()
    ada, hazel = (Account.objects.get(name=PEOPLE[who]) for who in ("administrator", "sender"))
    by = actor_for_account(ada.pk, at=now)
    return propose_key(account=hazel, label="Clinic", expires_at=now + timedelta(days=9), by=by, at=now).pk


def _key() -> Any:
    from django.utils import timezone

    from joinedup.access.actor import system
    from joinedup.access.models import Account
    from joinedup.access.services import issue_api_key

    now = timezone.now()
    account = Account.objects.get(name=PEOPLE["sender"])
    key, _ = issue_api_key(
        account=account, label="Surgery records", expires_at=now + timedelta(days=30), by=system(now), at=now
    )
    return key.pk
