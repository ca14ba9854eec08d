"""The first page of each role: three questions, each answered, with a number that leads to what it counts; few statements."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from joinedup.access.roles import Role
from joinedup.core.answers import declared_answers
from joinedup.core.errors import Refused
from joinedup.core.partnership import forget, store
from joinedup.organisations.tests.factories import AT, make_post
from joinedup.web.questions import _DEFAULT, COUNTS, HOME_QUESTIONS
from tests.support.statements import statements_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MOST = 24
ROLES = [Role(row["role"]) for row in _DEFAULT]


def test_every_question_of_the_default_is_answered_by_something_there_is() -> None:
    known = {each.key for each in declared_answers()} | set(COUNTS)
    for row in _DEFAULT:
        assert len(row["questions"]) == 3, row["role"]
        for question in row["questions"]:
            assert question["asks"].endswith("?")
            assert set(question["answers"]) <= known, question


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_the_first_page_answers_the_three_questions_of_the_role(role: Role, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("joinedup.access.middleware.timezone", SimpleNamespace(now=lambda: AT))
    account, _ = make_post(role=role)
    client = Client()
    client.force_login(account, backend=BACKEND)
    client.get("/")
    with CaptureQueriesContext(connection) as ran:
        page = client.get("/").content.decode()
    main = page.split("<main")[1].split("</main")[0]
    asked = next(row["questions"] for row in _DEFAULT if row["role"] == role)
    assert re.findall(r'<h2 class="govuk-heading-s">([^<]+)</h2>', main) == [each["asks"] for each in asked]
    for href in re.findall(r'app-fact__link[^"]*" href="([^"]+)"', main):
        assert client.get(href).status_code == 200, href
    assert statements_of(ran) <= MOST, statements_of(ran)


@pytest.mark.django_db
def test_whoever_holds_two_roles_chooses_and_the_questions_are_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("joinedup.access.middleware.timezone", SimpleNamespace(now=lambda: AT))
    account, post = make_post(role=Role.TEAM_MANAGER)
    make_post(role=Role.POOL_MANAGER, employer=post.host, host=post.host, account=account)
    client = Client()
    client.force_login(account, backend=BACKEND)
    assert "Who has room for the next family?" in client.get("/").content.decode()
    assert "Which fund runs out?" in client.get("/?as=pool_manager").content.decode()
    assert "Which fund runs out?" not in client.get("/?as=director").content.decode()  # not theirs
    rows = [{"role": "team_manager", "questions": [{"asks": "What now?", "answers": ["team.late"]}] * 3}]
    store(HOME_QUESTIONS.key, rows, starts_on=AT.date(), set_by=None, set_at=AT)
    assert client.get("/").content.decode().count("What now?") == 3
    for wrong in (
        [{"role": "nobody", "questions": rows[0]["questions"]}],
        [{"role": "team_manager", "questions": rows[0]["questions"][:2]}],
        [{"role": "team_manager", "questions": [{"asks": "What now?", "answers": ["no.such"]}] * 3}],
    ):
        with pytest.raises(Refused) as refusal:
            store(HOME_QUESTIONS.key, wrong, starts_on=AT.date(), set_by=None, set_at=AT)
        assert refusal.value.rule == "CO-3"
    forget()
