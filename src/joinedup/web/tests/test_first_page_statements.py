"""The first page of whoever manages a team: as many statements however much waits, and never more than a page may take."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from joinedup.access.roles import Role
from joinedup.casework.models import (
    AuditSample,
    Case,
    CaseAccess,
    CaseAudit,
    CaseTask,
    Disagreement,
    LeadHandover,
    Step,
    Supervision,
)
from joinedup.casework.services import add_member
from joinedup.casework.tests.factories import make_case
from joinedup.core.drafts import holder_of, keep
from joinedup.information_sharing.models import Withdrawal
from joinedup.organisations.models import Team
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from tests.support.statements import statements_of

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DAY = timedelta(days=1)
MOST = 24


class Manager:
    """Nia manages a team and, as a second post, shared money; she leads cases herself and is supervised."""

    def __init__(self) -> None:
        self.north, self.south = make_team(code="NT", name="North team"), make_team(code="ST", name="South team")
        self.account, self.post = make_post(role=Role.TEAM_MANAGER, team=self.north, name="Nia Testnorth")
        _, self.worker = make_post(role=Role.KEY_WORKER, team=self.north, name="Amira Testerly")
        _, self.above = make_post(role=Role.STATUTORY_OFFICER, team=self.south, name="Stella Testwick")
        council = make_organisation(code="CNL", name="Exampleshire Council")
        make_post(role=Role.POOL_MANAGER, employer=council, host=council, account=self.account)
        self.by = actor_of(self.account)

    def add_one_of_everything(self) -> None:
        """One more of all that can stand on her page."""
        hers = self._led_by_her(self.north, AT - 60 * DAY)
        add_member(
            case=make_case(team=self.north, lead=self.worker, at=AT - 90 * DAY), post=self.post, by=self.by, at=AT
        )
        offered = make_case(team=self.south, at=AT - DAY)
        LeadHandover.objects.create(case=offered, to_post=self.post, state="proposed", reason="x", proposed_at=AT - DAY)
        _withdrawn(hers)
        _step(hers, self.north, self.south, "refused")
        _step(make_case(team=self.south, at=AT - DAY), self.south, self.north, "waiting")
        _step(make_case(team=self.north, at=AT - DAY), self.north, self.south, "disagreed")
        CaseTask.objects.create(case=hers, words="Ring", owner=self.post, due_on=AT.date() - DAY, set_at=AT)
        Supervision.objects.create(
            worker=self.post,
            manager=self.above,
            held_on=AT.date(),
            discussed="x",
            next_on=AT.date() + DAY,
            written_at=AT,
        )
        self._audit(make_case(team=self.south, at=AT - DAY))
        for form in ("casework.note", "casework.task", "casework.close", "casework.review_begin", "casework.step"):
            self._unfinished(form, hers)

    def _led_by_her(self, team: Team, at: datetime) -> Case:
        case = make_case(team=team, lead=self.worker, at=at)
        Case.objects.filter(pk=case.pk).update(lead_professional=self.post)
        return case

    def _audit(self, case: Case) -> None:
        sample = AuditSample.objects.create(
            reference=f"S{AuditSample.objects.count()}", team=self.south, auditor=self.post, seed=1, drawn_from=1,
            digest="0" * 64, reason="x", drawn_at=AT,
        )  # fmt: skip
        access = CaseAccess.objects.create(case=case, post=self.post, reason="x", starts_at=AT, ends_at=AT + 14 * DAY)
        CaseAudit.objects.create(sample=sample, case=case, spec_version=1, auditor=self.post, access=access)

    def _unfinished(self, form: str, case: Case) -> None:
        keep(
            holder=holder_of(self.account.pk, {}), form=form, about=str(case.pk), draft_id=uuid4(), version=0,
            typed={"words": ["Half a sentence"]}, at=AT,
        )  # fmt: skip


def _withdrawn(case: Case) -> None:
    person = case.people.get().person
    Withdrawal.objects.create(
        subject_kind="casework.case", subject_id=str(case.pk), person=person, withdrew_help=True, withdrew_sharing=False,
        words="We manage.", due_at=AT - DAY, recorded_at=AT - 2 * DAY,
    )  # fmt: skip


def _step(case: Case, sender: Team, receiver: Team, state: str) -> None:
    step = Step.objects.create(
        case=case, state=state, from_level=3, to_level=2, from_team=sender, to_team=receiver, reason="x",
        refusals=2 if state == "disagreed" else 0, asked_at=AT - DAY, answer_by=AT - DAY,
    )  # fmt: skip
    if state == "disagreed":
        Disagreement.objects.create(step=step, number=1, who="Both managers", opened_at=AT - DAY, due_at=AT + DAY)


def opened(client: Client) -> tuple[int, str]:
    with CaptureQueriesContext(connection) as ran:
        page = client.get("/").content.decode()
    return statements_of(ran), page


def test_the_managers_first_page_takes_few_statements_however_much_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("joinedup.access.middleware.timezone", SimpleNamespace(now=lambda: AT))
    nia, client = Manager(), Client()
    client.force_login(nia.account, backend=BACKEND)
    client.get("/")  # the session is new
    nia.add_one_of_everything()
    few, page = opened(client)
    for words in (
        "case you are asked to lead", "overdue reviews in your team", "agreement withdrawn, to decide", "supervision overdue",
        "supervision for you to answer", "quality audit for you to do", "your task", "your unfinished forms",
        "steps up or down waiting for you", "What is due in shared money", "Your cases",
    ):  # fmt: skip
        assert words in page, words
    for _ in range(3):
        nia.add_one_of_everything()
    many, page = opened(client)
    shown = " ".join(re.sub("<[^>]*>", " ", page).split())
    for words in ("12 steps up or down waiting for you", "4 quality audits for you to do", "20 your unfinished forms"):
        assert words in shown, shown
    assert few == many <= MOST, (few, many)
