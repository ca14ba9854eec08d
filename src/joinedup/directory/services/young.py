"""Young people's questions: asked without a name, told to a named adult, answered, taken higher when nobody does, and destroyed."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.core.formats import date_long
from joinedup.core.models import claim_version
from joinedup.core.notifications import owe_message
from joinedup.directory import rules
from joinedup.directory.danger import hints_in
from joinedup.directory.finding_models import Answerer, QuestionTold, YoungQuestion
from joinedup.directory.permissions import ANSWER_YOUNG, ASK_YOUNG, KEEP_ANSWERERS
from joinedup.directory.settings import young_clock
from joinedup.directory.young_lifecycle import (
    CODE_LETTERS,
    QUESTION_MOVES,
    QuestionState,
    Turn,
    goes_higher,
    in_order,
    mark_of_code,
    told_at_once,
)  # fmt: skip
from joinedup.engines.periods import add_working_days
from joinedup.organisations.queries import post_with_id, posts_with_role

if TYPE_CHECKING:
    from joinedup.organisations.models import Post

ABOUT = "directory.youngquestion"
_OPEN = (QuestionState.ASKED, QuestionState.HELD)
_WHY = {
    "asked": "A young person asked a question. It waits for you until {due}.",
    "danger": "A young person asked a question that hints at danger. Please open it now.",
    "cover": "A young person’s question waits for you, because the person it waited for is away. Answer it by {due}.",
    "unopened": "A young person’s question hints at danger and nobody has opened it. Whoever reads this first: please open it now.",
    "late": "A young person’s question should have been answered by {due}. Please see that it is.",
}


def _new_code() -> str:
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(12))
    return f"{letters[:4]} {letters[4:8]} {letters[8:]}"


def _order(on: date, at: datetime) -> list[Post]:
    """Who answers, in order, among those whose post is held now."""
    rows = {each.post_id: each for each in Answerer.objects.filter(ended_at=None).select_related("post__account")}
    turns = [
        Turn(each.post_id, each.place, each.away_from, each.away_until)
        for each in rows.values()
        if each.post.is_held_at(at)
    ]
    return [rows[post_id].post for post_id in in_order(turns, on)]


def _tell(question: YoungQuestion, posts: list[Post], reason: str, at: datetime) -> int:
    """Each once for each reason. What was written never leaves in a message."""
    told = 0
    for post in posts:
        _, is_new = QuestionTold.objects.get_or_create(
            young_question=question, post=post, reason=reason, defaults={"told_at": at}
        )
        if is_new:
            told += 1
            words = _WHY[reason].format(due=date_long(question.due_on))
            body = f"{words} Sign in, go to Services, then to Questions from young people. Its reference is {question.reference}."
            owe_message(
                to=post.account.email, subject=f"A young person’s question ({question.reference})", body=body,
                about=(ABOUT, str(question.pk)), at=at,
            )  # fmt: skip
    return told


@service(ASK_YOUNG)
def ask_question(*, words: str, ages: str = "", by: Actor, at: datetime) -> tuple[YoungQuestion, str]:
    """Keep a question and tell the adult whose turn it is; where it hints at danger whoever stands in, too. Returns it with the
    code its answer is read with, which is kept nowhere. Raises Refused (DR-240 where nobody answers, DR-241)."""
    if not words.strip():
        raise rules.YOUNG_WORDS.refused()
    today = timezone.localdate(at)
    order = _order(today, at)
    if not order:
        raise rules.NOBODY_ANSWERS.refused()
    code, is_danger = _new_code(), bool(hints_in(words))
    mark = mark_of_code(code)
    row = YoungQuestion.objects.create(
        code_mark=mark, reference=mark[:6].upper(), words=words.strip()[:4000], ages=ages[:8], is_danger=is_danger,
        asked_at=at, due_on=add_working_days(today, young_clock(today).days), post=order[0],
    )  # fmt: skip
    ids = told_at_once([each.pk for each in order], is_danger=is_danger)
    _tell(row, [each for each in order if each.pk in ids], "danger" if is_danger else "asked", at)
    note(subject=row, changed=("state",))
    return row, code


def _moved(question: YoungQuestion, to: QuestionState) -> YoungQuestion:
    row = YoungQuestion.objects.select_for_update().get(pk=question.pk)
    if to not in QUESTION_MOVES[QuestionState(row.state)]:
        raise rules.ANSWERED_ALREADY.refused()
    row.state = to
    return row


@service(ANSWER_YOUNG, on="question")
def hold_question(*, question: YoungQuestion, by: Actor, at: datetime) -> YoungQuestion:
    """Somebody has read it and sees to it; nobody else is told any more that nobody has. Raises Refused (DR-243, DR-244)."""
    if question.state == QuestionState.HELD:
        raise rules.HELD_ALREADY.refused(name=question.answered_name or "Somebody")
    row = _moved(question, QuestionState.HELD)
    row.opened_at, row.opened_by, row.answered_name = at, by.account_id, by.name[:200]
    row.save(update_fields=["state", "opened_at", "opened_by", "answered_name"])
    note(subject=row, changed=("state", "opened_at"))
    return row


@service(ANSWER_YOUNG, on="question")
def answer_question(*, question: YoungQuestion, version: int, answer: str, by: Actor, at: datetime) -> YoungQuestion:
    """Answer a question under one's own name. Raises Refused (DR-244, DR-245)."""
    if not answer.strip():
        raise rules.ANSWER_WORDS.refused()
    row = _moved(question, QuestionState.ANSWERED)
    claim_version(row, version)
    row.answer, row.answered_at, row.answered_by = answer.strip()[:6000], at, by.account_id
    row.answered_name, row.opened_at = by.name[:200], row.opened_at or at
    row.opened_by = row.opened_by or by.account_id
    row.save()
    note(subject=row, changed=("state", "answer"))
    return row


@service(KEEP_ANSWERERS)
def name_answerer(*, post_id: UUID, by: Actor, at: datetime) -> Answerer:
    """Somebody answers young people from now on, after those who do already. Raises Refused (DR-251, DR-252)."""
    post = post_with_id(by, post_id)
    if post.role not in ANSWER_YOUNG.roles or not post.is_held_at(at):
        raise rules.MAY_NOT_ANSWER.refused()
    if Answerer.objects.filter(post=post, ended_at=None).exists():
        raise rules.WHO_ANSWERS.refused(name=post.account.name)
    last = Answerer.objects.filter(ended_at=None).order_by("-place").values_list("place", flat=True).first()
    row = Answerer.objects.create(post=post, place=(last or 0) + 1)
    note(subject=row, changed=("post",))
    return row


@service(KEEP_ANSWERERS, on="answerer")
def set_away(
    *, answerer: Answerer, away_from: date | None, away_until: date | None, by: Actor, at: datetime
) -> Answerer:
    """Somebody is away from a day to a day, when the next one answers; without days they are here. Raises Refused (DR-254)."""
    if (away_from is None) != (away_until is None) or (away_from and away_until and away_until < away_from):
        raise rules.AWAY_DAYS.refused()
    claim_version(answerer, answerer.version)
    answerer.away_from, answerer.away_until = away_from, away_until
    answerer.save(update_fields=["away_from", "away_until"])
    note(subject=answerer, changed=("away_from", "away_until"))
    return answerer


@service(KEEP_ANSWERERS, on="answerer")
def end_answerer(*, answerer: Answerer, by: Actor, at: datetime) -> Answerer:
    """Somebody answers no more. Raises Refused (DR-253) where nobody would be left for what waits."""
    others = Answerer.objects.filter(ended_at=None).exclude(pk=answerer.pk)
    if not others.exists() and YoungQuestion.objects.filter(state__in=_OPEN).exists():
        raise rules.LAST_ANSWERER.refused()
    claim_version(answerer, answerer.version)
    answerer.ended_at = at
    answerer.save(update_fields=["ended_at"])
    note(subject=answerer, changed=("ended_at",))
    return answerer


def look_after_young_questions(*, at: datetime) -> int:
    """Take higher what nobody opened or answered in time, hand what waits for somebody who is away to whoever stands in, and
    destroy words that were kept long enough; returns what was done. For the keeper: safe to repeat and in two keepers at once."""
    by, done, today = system(at), 0, timezone.localdate(at)
    for question in YoungQuestion.objects.filter(state__in=_OPEN).order_by("asked_at"):
        done += _chase(question=question, by=by, at=at)
    before = at - timedelta(days=young_clock(today).keep_days)
    for question in YoungQuestion.objects.filter(state=QuestionState.ANSWERED, answered_at__lt=before):
        done += _destroy(question=question, by=by, at=at)
    return done


@service(ANSWER_YOUNG, on="question")
def _chase(*, question: YoungQuestion, by: Actor, at: datetime) -> int:
    row = YoungQuestion.objects.select_for_update(of=("self",)).select_related("post").get(pk=question.pk)
    today, told = timezone.localdate(at), 0
    order = _order(today, at)
    if row.state == QuestionState.ASKED and order and row.post_id != order[0].pk:
        # Who it waited for is away, has left or answers no more.
        row.post = order[0]
        row.save(update_fields=["post"])
        told += _tell(row, order[:1], "cover", at)
    why = goes_higher(
        row.state, is_danger=row.is_danger, asked_at=row.asked_at, due_on=row.due_on, at=at, on=today,
        minutes=young_clock(today).danger_minutes,
    )  # fmt: skip
    if why:
        managers = [each for each in posts_with_role(by, Role.FRONT_DOOR_MANAGER) if each.is_held_at(at)]
        everybody = {each.pk: each for each in [*order, *managers]}
        told += _tell(row, list(everybody.values()), why, at)
    if told:
        note(changed=("told",))
    return told


@service(ANSWER_YOUNG, on="question")
def _destroy(*, question: YoungQuestion, by: Actor, at: datetime) -> int:
    row = _moved(question, QuestionState.REMOVED)
    row.words = row.answer = ""
    row.save(update_fields=["state", "words", "answer"])
    note(changed=("words", "answer"))
    return 1
