"""Young people's questions: nobody is named, somebody named answers, danger reaches a person first, nothing waits in silence."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from joinedup.access.actor import public, system
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, Refused
from joinedup.core.models import OutboxMessage
from joinedup.directory import services
from joinedup.directory.danger import hints_in
from joinedup.directory.finding_models import QuestionTold, YoungQuestion
from joinedup.directory.queries import advising, young
from joinedup.directory.services.advising import AdviceSaid
from joinedup.directory.young_lifecycle import (
    QUESTION_MOVES,
    QuestionState,
    Turn,
    goes_higher,
    identifying,
    in_order,
    told_at_once,
)
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT, actor_of, make_account, make_post

ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("I want to die", ["wants to die"]), ("i dont want to be here any more", ["wants to die"]), ("KMS lol", ["wants to die"]),
        ("I’ve been cutting myself", ["hurts themselves"]), ("my dad hits me", ["somebody hurts them"]),
        ("he keeps touching me", ["sexual harm"]), ("he wants nudes", ["sexual harm"]), ("scared to go home", ["afraid at home"]),
        ("I ran away", ["away from home"]), ("they make me sell drugs", ["weapons or being made to"]),
        ("help me please", ["says it is urgent"]), ("How do I join the music club?", []), ("I am scared of my exam", []),
        ("my goldfish died and I am sad", []), ("This homework is killing me", []), ("", []),
    ],
)  # fmt: skip
def test_what_hints_at_danger(words: str, expected: list[str]) -> None:
    assert list(hints_in(words)) == expected


def test_the_clock_and_who_is_told() -> None:
    turns = [Turn(TWO, 2), Turn(ONE, 1, date(2026, 11, 23), date(2026, 11, 25)), Turn(THREE, 3)]
    assert in_order(turns, date(2026, 11, 22)) == [ONE, TWO, THREE]
    assert in_order(turns, date(2026, 11, 25)) == [TWO, THREE, ONE]  # away, but never nobody
    assert told_at_once([ONE, TWO, THREE], is_danger=False) == [ONE]
    assert told_at_once([ONE, TWO, THREE], is_danger=True) == [ONE, TWO]
    due, asked = date(2026, 11, 25), AT
    for state, is_danger, minutes, on, expected in (
        ("asked", True, 29, due, ""), ("asked", True, 30, due, "unopened"), ("held", True, 99, due, ""),
        ("asked", False, 99, due, ""), ("held", True, 99, date(2026, 11, 26), "late"), ("answered", True, 99, date(2027, 1, 1), ""),
    ):  # fmt: skip
        at = asked + timedelta(minutes=minutes)
        assert goes_higher(state, is_danger=is_danger, asked_at=asked, due_on=due, at=at, on=on, minutes=30) == expected
    assert {state for state, moves in QUESTION_MOVES.items() if not moves} == {QuestionState.REMOVED}
    assert {each for moves in QUESTION_MOVES.values() for each in moves} | {QuestionState.ASKED} == set(QuestionState)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("I live at ZZ1 1SA", "ZZ1 1SA"), ("write to a@b.example", "a@b.example"), ("ring 07700 900 982", "07700 900 982"),
        ("on 3/4/2026 it", "3/4/2026"), ("my name is Kim", "my name is Kim"), ("at Alder Sample Academy they", "Alder Sample Academy"),
        ("My friend is sad. What can I do?", ""),
    ],
)  # fmt: skip
def test_what_could_say_who_somebody_is(words: str, told: str) -> None:
    assert identifying(words).strip() == told


def _answering(name: str, role: Role = Role.SOCIAL_WORKER) -> Post:
    return make_post(account=make_account(name=name), role=role)[1]


@pytest.mark.django_db
def test_a_question_is_asked_answered_and_published() -> None:
    with pytest.raises(Refused, match="Nobody can answer"):
        services.ask_question(words="How?", by=public(AT), at=AT)
    first, second = _answering("Sorrel Testwright"), _answering("Marlow Testington", Role.FRONT_DOOR_MANAGER)
    manager, worker = actor_of(second.account), actor_of(first.account)
    for post in (first, second):
        services.name_answerer(post_id=post.pk, by=manager, at=AT)
    for wrong in (first, make_post(role=Role.KEY_WORKER)[1]):
        with pytest.raises(Refused):
            services.name_answerer(post_id=wrong.pk, by=manager, at=AT)
    with pytest.raises(NotPermitted):
        services.name_answerer(post_id=first.pk, by=worker, at=AT)
    question, code = services.ask_question(words="How do I make friends?", by=public(AT), at=AT)
    assert code.replace(" ", "") not in str(vars(question))
    assert [each.to for each in OutboxMessage.objects.all()] == [first.account.email]
    assert "friends" not in OutboxMessage.objects.get().body
    assert young.answer_for_code(public(AT), code.lower()).state == "asked"
    with pytest.raises(Refused, match="We do not know this code"):
        young.answer_for_code(public(AT), "AAAA AAAA AAAA")
    with pytest.raises(Refused):
        services.answer_question(question=question, version=question.version, answer=" ", by=worker, at=AT)
    services.answer_question(question=question, version=question.version, answer="Say hello.", by=worker, at=AT)
    with pytest.raises(Refused, match="answered already"):
        services.answer_question(question=question, version=question.version, answer="Again", by=manager, at=AT)
    found = young.answer_for_code(public(AT), code)
    assert (found.answer, found.answered_name) == ("Say hello.", "Sorrel Testwright")
    with pytest.raises(NotPermitted):
        young.young_questions(actor_of(make_post(role=Role.KEY_WORKER)[0]))
    with pytest.raises(Refused) as refusal:
        services.write_advice(said=AdviceSaid("answer", "Friends at Alder School", "Say hello."), by=worker, at=AT)
    assert refusal.value.rule == "DR-246"
    text = services.write_advice(
        said=AdviceSaid("answer", "Friends", "Say hello.", is_for_young=True), by=worker, at=AT
    )
    review = timezone.localdate(AT) + timedelta(days=180)
    with pytest.raises(Refused, match="Nobody approves"):
        services.approve_advice(text=text, review_on=review, by=worker, at=AT)
    with pytest.raises(Refused):
        services.approve_advice(text=text, review_on=timezone.localdate(AT), by=manager, at=AT)
    assert advising.advice_for_young(public(AT)) == ()
    services.approve_advice(text=text, review_on=review, by=manager, at=AT)
    assert [each.title for each in advising.advice_for_young(public(AT))] == ["Friends"]
    page = Client().get(reverse("found_advice", args=[text.advice_id])).content.decode()
    assert "Say hello." in page
    assert "govuk-exit-this-page" in page  # the way out and the help lines, as on every page of theirs
    for line in young.young_site(public(AT)).help_lines:
        assert str(escape(line)) in page
    assert services.look_after_young_questions(at=AT + timedelta(days=91)) == 1
    kept = YoungQuestion.objects.get()
    assert (kept.words, kept.answer, kept.state) == ("", "", "removed")


@pytest.mark.django_db
def test_danger_and_what_nobody_answers_go_higher() -> None:
    first, second, third = _answering("A"), _answering("B"), _answering("C")
    manager = _answering("M", Role.FRONT_DOOR_MANAGER)
    by = actor_of(manager.account)
    rows = [services.name_answerer(post_id=post.pk, by=by, at=AT) for post in (first, second, third)]
    danger, _ = services.ask_question(words="My dad hits me", by=public(AT), at=AT)
    plain, _ = services.ask_question(words="Is there a club?", by=public(AT), at=AT)

    def told(question: YoungQuestion, reason: str) -> set[UUID]:
        return set(
            QuestionTold.objects.filter(young_question=question, reason=reason).values_list("post_id", flat=True)
        )

    assert told(danger, "danger") == {first.pk, second.pk}
    assert told(plain, "asked") == {first.pk}
    assert services.look_after_young_questions(at=AT + timedelta(minutes=29)) == 0
    assert services.look_after_young_questions(at=AT + timedelta(minutes=31)) == 4
    assert told(danger, "unopened") == {first.pk, second.pk, third.pk, manager.pk}
    assert services.look_after_young_questions(at=AT + timedelta(minutes=32)) == 0
    services.hold_question(question=danger, by=by, at=AT)
    with pytest.raises(Refused, match="M has this question"):
        services.hold_question(question=YoungQuestion.objects.get(pk=danger.pk), by=by, at=AT)
    today = timezone.localdate(AT)
    services.set_away(answerer=rows[0], away_from=today, away_until=today + timedelta(days=2), by=by, at=AT)
    services.look_after_young_questions(at=AT + timedelta(hours=1))
    assert told(plain, "cover") == {second.pk}
    services.look_after_young_questions(at=AT + timedelta(days=8))
    assert told(plain, "late") == {first.pk, second.pk, third.pk, manager.pk}
    for row in rows[1:]:
        services.end_answerer(answerer=row, by=by, at=AT)
    rows[0].refresh_from_db()
    with pytest.raises(Refused, match="Somebody must answer"):
        services.end_answerer(answerer=rows[0], by=by, at=AT)


@pytest.mark.django_db
def test_the_site_in_the_browser_s_door() -> None:
    client, ask = Client(), reverse("young_ask")
    assert "Nobody can answer here just now" in client.get(ask).content.decode()
    services.name_answerer(post_id=_answering("A").pk, by=system(AT), at=AT)
    assert "working days or less" in client.get(ask).content.decode()
    sent = client.post(ask, {"words": "I want to die"}).content.decode()
    assert "It sounds as if you may not be safe" in sent
    code = re.search(r'young-code">([A-Z0-9 ]+)<', sent)
    assert code is not None
    answer = client.post(reverse("young_answer"), {"code": code[1]}).content.decode()
    assert "do not wait. Call 999" in answer
    assert "There is a problem" in client.post(reverse("young_answer"), {"code": "wrong"}).content.decode()
    for name in ("young_home", "young_now"):
        page = client.get(reverse(name)).content.decode()
        assert "govuk-exit-this-page" in page
        assert "Childline" in page
    assert client.get(reverse("young_questions")).status_code == 302
