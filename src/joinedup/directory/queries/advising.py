"""Advice, parenting programmes and published answers: what is found by the same words as services, and one page of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F, Q

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.directory.finding_models import Advice, AdviceText
from joinedup.directory.permissions import PUBLISH_ADVICE, READ_DIRECTORY

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from joinedup.directory.queries.narrowing import Words

KINDS: dict[str, str] = {"advice": "Advice", "programme": "Parenting programme", "answer": "A question somebody asked"}
_MOST = 5


@dataclass(frozen=True)
class Advised:
    """A page of advice as a result and as a page."""

    id: UUID
    kind: str
    title: str
    words: str
    ages: str
    evidence: str
    places: str
    checked_on: date | None
    is_for_young: bool

    @property
    def kind_words(self) -> str:
        """What it is, in words."""
        return KINDS[self.kind]


def ages_of(text: AdviceText) -> str:
    """Whom it is for, in words."""
    least, most = text.minimum_age, text.maximum_age
    if least is None and most is None:
        return "All ages"
    if most is None:
        return f"{least} and over"
    return f"Up to {most}" if not least else f"{least} to {most}"


def _advised(text: AdviceText) -> Advised:
    return Advised(
        text.advice_id, text.advice.kind, text.title, text.words, ages_of(text), text.evidence, text.places,
        text.approved_at.date() if text.approved_at else None, text.advice.is_for_young,
    )  # fmt: skip


def _public() -> QuerySet[AdviceText]:
    rows = AdviceText.objects.filter(advice__published=F("pk"), advice__withdrawn_at=None)
    return rows.select_related("advice")


def advice_found(viewer: Actor, words: Words, age: int | None, *, is_for_young: bool = False) -> tuple[Advised, ...]:
    """Advice with the words, best first, five at most. One statement."""
    check(viewer, READ_DIRECTORY)
    if not words.text:
        return ()
    is_meant, rank = words.matched("directory_advicetext.searched", is_wider=False)
    rows = _public().filter(is_meant, advice__is_for_young=is_for_young).annotate(rank=rank)
    if age is not None:
        rows = rows.filter(Q(minimum_age=None) | Q(minimum_age__lte=age), Q(maximum_age=None) | Q(maximum_age__gte=age))
    return tuple(_advised(each) for each in rows.order_by("-rank", "title")[:_MOST])


def advice_for_young(viewer: Actor, *, most: int = 50) -> tuple[Advised, ...]:
    """Everything published for young people, newest first. One statement."""
    check(viewer, READ_DIRECTORY)
    return tuple(_advised(each) for each in _public().filter(advice__is_for_young=True).order_by("-approved_at")[:most])


def advice_page(viewer: Actor, advice_id: UUID) -> Advised:
    """One page of advice that is public. NotVisible otherwise."""
    check(viewer, READ_DIRECTORY)
    text = _public().filter(advice=advice_id).first()
    if text is None:
        raise NotVisible
    return _advised(text)


def advice_to_keep(viewer: Actor) -> list[Advice]:
    """Every page of advice with its texts, those to be reviewed first, for whoever keeps the directory. Two statements."""
    check(viewer, PUBLISH_ADVICE)
    rows = Advice.objects.select_related("published").prefetch_related("texts")
    return list(rows.order_by(F("review_on").asc(nulls_first=True), "id")[:200])


def advice_waiting(viewer: Actor) -> list[AdviceText]:
    """Wordings that wait to be approved, the oldest first. One statement."""
    check(viewer, PUBLISH_ADVICE)
    rows = AdviceText.objects.filter(approved_at=None, sent_back="").select_related("advice")
    return list(rows.order_by("written_at")[:50])


def advice_text(viewer: Actor, text_id: UUID) -> AdviceText:
    """One wording, approved or not. NotVisible where there is none."""
    check(viewer, PUBLISH_ADVICE)
    text = AdviceText.objects.select_related("advice").filter(pk=text_id).first()
    if text is None:
        raise NotVisible
    return text
