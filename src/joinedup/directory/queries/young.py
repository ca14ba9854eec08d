"""The young people's site and its staff pages: whoever has a code reads their answer, whoever answers reads what waits."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.directory import rules
from joinedup.directory.danger import hints_in
from joinedup.directory.finding_models import Answerer, YoungQuestion
from joinedup.directory.permissions import ANSWER_YOUNG, ASK_YOUNG, KEEP_ANSWERERS
from joinedup.directory.queries.advising import Advised, advice_for_young
from joinedup.directory.settings import young_clock, young_help_lines
from joinedup.directory.young_lifecycle import QuestionState, mark_of_code
from joinedup.organisations.queries import posts_with_role

MOST_LISTED = 100


@dataclass(frozen=True)
class YoungSite:
    """What every page of the site knows. `answers` says whether somebody answers questions now."""

    help_lines: tuple[str, ...]
    days: int
    answers: bool
    advice: tuple[Advised, ...]


@dataclass(frozen=True)
class QuestionPage:
    """One question for whoever answers it, with what it hints at and who was told."""

    question: YoungQuestion
    hints: tuple[str, ...]
    waits_for: str
    told: tuple[tuple[str, str], ...]
    is_late: bool
    is_open: bool


def young_site(viewer: Actor) -> YoungSite:
    """For anybody. Three statements."""
    check(viewer, ASK_YOUNG)
    on = timezone.localdate(viewer.at)
    rows = Answerer.objects.filter(ended_at=None).select_related("post")
    answers = any(each.post.is_held_at(viewer.at) for each in rows)
    return YoungSite(tuple(young_help_lines(on)), young_clock(on).days, answers, advice_for_young(viewer, most=12))


def answer_for_code(viewer: Actor, code: str) -> YoungQuestion:
    """The question a code belongs to, with its answer where there is one. Raises Refused (DR-242)."""
    check(viewer, ASK_YOUNG)
    row = YoungQuestion.objects.filter(code_mark=mark_of_code(code)).first()
    if row is None:
        raise rules.CODE_UNKNOWN.refused()
    return row


def young_questions(viewer: Actor) -> list[QuestionPage]:
    """What waits, danger first, then what is due first; then what was answered lately. Two statements."""
    check(viewer, ANSWER_YOUNG)
    rows = YoungQuestion.objects.exclude(state=QuestionState.REMOVED).select_related("post__account")
    order = (F("answered_at").asc(nulls_first=True), F("is_danger").desc(), "due_on", "asked_at")
    return [_page(each, viewer, ()) for each in rows.order_by(*order)[:MOST_LISTED]]


def _page(row: YoungQuestion, viewer: Actor, told: tuple[tuple[str, str], ...]) -> QuestionPage:
    is_open = row.state in {QuestionState.ASKED, QuestionState.HELD}
    is_late = is_open and timezone.localdate(viewer.at) > row.due_on
    return QuestionPage(row, hints_in(row.words), row.post.account.name, told, is_late, is_open)


def question_page(viewer: Actor, question_id: UUID) -> QuestionPage:
    """One question. NotVisible where there is none. Two statements."""
    check(viewer, ANSWER_YOUNG)
    row = YoungQuestion.objects.select_related("post__account").filter(pk=question_id).first()
    if row is None:
        raise NotVisible
    told = [
        (each.post.account.name, each.reason) for each in row.told.select_related("post__account").order_by("told_at")
    ]
    return _page(row, viewer, tuple(told))


@dataclass(frozen=True)
class AnswerersPage:
    """Who answers, in order, and who might for whoever keeps the list."""

    rows: tuple[Answerer, ...]
    choices: tuple[tuple[str, str], ...]


def answerers_page(viewer: Actor) -> AnswerersPage:
    """For whoever keeps the list. Three statements."""
    check(viewer, KEEP_ANSWERERS)
    rows = tuple(Answerer.objects.filter(ended_at=None).select_related("post__account").order_by("place"))
    named = {each.post_id for each in rows}
    posts = [one for role in sorted(ANSWER_YOUNG.roles) for one in posts_with_role(viewer, role)]
    choices = tuple(
        (str(each.pk), f"{each.account.name}, {each.title}")
        for each in posts
        if each.pk not in named and each.is_held_at(viewer.at)
    )
    return AnswerersPage(rows, choices)


def answerer(viewer: Actor, answerer_id: UUID) -> Answerer:
    """One who answers, for whoever keeps the list."""
    check(viewer, KEEP_ANSWERERS)
    row = Answerer.objects.select_related("post__account").filter(pk=answerer_id, ended_at=None).first()
    if row is None:
        raise NotVisible
    return row
