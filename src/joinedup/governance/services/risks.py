"""Risks: raised, reviewed, kept in check, acted on and closed; what a board accepts; what a proposal means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.formats import date_long
from joinedup.core.models import new_reference
from joinedup.core.notifications import owe_message
from joinedup.governance import rules
from joinedup.governance.models import (
    AgendaItem,
    Board,
    Decision,
    ImplicatedRisk,
    Implications,
    Meeting,
    Risk,
    RiskAction,
    RiskAppetite,
    RiskControl,
    RiskReview,
)
from joinedup.governance.permissions import FINISH_RISK_ACTION, KEEP_RISK, RAISE_RISK, RUN_MEETINGS, SET_APPETITE
from joinedup.governance.risk_scoring import LARGEST, Scores, fault_of, months_on

if TYPE_CHECKING:
    from joinedup.organisations.models import Post

A_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class RiskSaid:
    """What is said of a risk when it is raised. `kind_words` names a kind that is none of the six."""

    kind: str
    title: str
    cause: str
    event: str
    effect: str
    scores: Scores
    review_months: int = 3
    kind_words: str = ""


@service(RAISE_RISK, on="board")
def raise_risk(*, board: Board, said: RiskSaid, owner: Post, by: Actor, at: datetime) -> Risk:
    """Put a risk on the register of the board that answers for it; its first review holds its scores. Refuses GV-401 to
    GV-406 and an owner who has left (GV-417)."""
    if not said.title.strip():
        raise rules.RISK_TITLE.refused()
    if not (said.cause.strip() and said.event.strip() and said.effect.strip()):
        raise rules.RISK_WORDS.refused()
    if said.kind == "other" and not said.kind_words.strip():
        raise rules.RISK_OTHER.refused()
    _judge(said.scores)
    _in_post(owner, at)
    day = timezone.localdate(at)
    next_on = months_on(day, said.review_months)
    made = Risk.objects.create(
        reference=new_reference("RK"), kind=said.kind, kind_words=said.kind_words.strip()[:80], title=said.title.strip()[:160],
        cause=said.cause.strip(), event=said.event.strip(), effect=said.effect.strip(), board=board, owner=owner,
        review_months=said.review_months, next_review_on=next_on, raised_at=at, raised_by=by.account_id,
    )  # fmt: skip
    _review(made, 1, said.scores, "As it was raised.", day, next_on, by, at)
    note(subject=made, changed=("risk",), words={"current": said.scores.current.value})
    _tell(made.owner, made, "A risk is yours to look after", f"{made.title}: next review {date_long(next_on)}.", by, at)
    return made


@service(KEEP_RISK, on="risk")
def review_risk(
    *, risk: Risk, scores: Scores, why: str, next_review_on: date, number: int, by: Actor, at: datetime
) -> RiskReview:
    """Score it again, with what the review found and when to look next; `number` is that of the review it was read with.
    Earlier scores stay. Refuses GV-404 to GV-410."""
    locked = _open(risk)
    last = RiskReview.objects.filter(risk=locked).order_by("-number")[0]
    if last.number != number:
        raise rules.RISK_MOVED.refused()
    _judge(scores)
    if not why.strip():
        raise rules.REVIEW_WHY.refused()
    day = timezone.localdate(at)
    if not day < next_review_on <= day + A_YEAR:
        raise rules.REVIEW_NEXT.refused()
    made = _review(locked, number + 1, scores, why.strip(), day, next_review_on, by, at)
    locked.next_review_on = next_review_on
    locked.save(update_fields=["next_review_on"])
    note(changed=("scores",), words={"was": last.current_likelihood * last.current_impact, "is": scores.current.value})
    return made


@service(KEEP_RISK, on="risk")
def change_owner(*, risk: Risk, owner: Post, by: Actor, at: datetime) -> Risk:
    """Somebody else looks after it from now on, and is told. Refuses GV-409, GV-417."""
    locked = _open(risk)
    _in_post(owner, at)
    if locked.owner_id != owner.pk:
        locked.owner = owner
        locked.save(update_fields=["owner"])
        note(changed=("owner",), words={"owner": owner.account.name})
        words = f"{locked.title}: next review {date_long(locked.next_review_on)}."
        _tell(owner, locked, "A risk is yours to look after", words, by, at)
    return locked


@service(KEEP_RISK, on="risk")
def add_control(*, risk: Risk, words: str, works: str, by: Actor, at: datetime) -> RiskControl:
    """What keeps it in check from today on, and how well. Refuses GV-409, GV-411."""
    locked = _open(risk)
    if not words.strip():
        raise rules.CONTROL_WORDS.refused()
    made = RiskControl.objects.create(
        risk=locked, words=words.strip()[:400], works=works, starts_on=timezone.localdate(at)
    )
    note(changed=("controls",), words={"works": works})
    return made


@service(KEEP_RISK, on="risk")
def end_control(*, risk: Risk, control: RiskControl, reason: str, by: Actor, at: datetime) -> RiskControl:
    """It is no longer there; it stays to be read. Refuses GV-119, GV-409, GV-412."""
    _open(risk)
    locked = RiskControl.objects.select_for_update().get(pk=control.pk, risk=risk)
    if locked.ends_on is not None:
        raise rules.CONTROL_ENDED.refused(day=date_long(locked.ends_on))
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    locked.ends_on, locked.end_reason = timezone.localdate(at), reason.strip()[:300]
    locked.save(update_fields=["ends_on", "end_reason"])
    note(changed=("controls",))
    return locked


@service(KEEP_RISK, on="risk")
def set_risk_action(*, risk: Risk, words: str, owner: Post, due_on: date, by: Actor, at: datetime) -> RiskAction:
    """Somebody is asked to do something about it by a day, and told. Refuses GV-409, GV-413, GV-414, GV-417."""
    locked = _open(risk)
    if not words.strip():
        raise rules.RISK_ACTION_WORDS.refused()
    if due_on < timezone.localdate(at):
        raise rules.RISK_ACTION_DAY.refused()
    _in_post(owner, at)
    made = RiskAction.objects.create(
        risk=locked, words=words.strip()[:400], owner=owner, due_on=due_on, set_at=at, set_by=by.account_id
    )
    note(changed=("actions",), words={"due_on": due_on.isoformat()})
    _tell(owner, locked, "Something to do about a risk", f"{made.words} By {date_long(due_on)}.", by, at)
    return made


@service(FINISH_RISK_ACTION, on="action")
def finish_risk_action(*, action: RiskAction, words: str, by: Actor, at: datetime) -> RiskAction:
    """It is done. Refuses GV-415, GV-416."""
    locked = RiskAction.objects.select_for_update().get(pk=action.pk)
    if locked.done_on is not None:
        raise rules.RISK_ACTION_DONE.refused(day=date_long(locked.done_on))
    if not words.strip():
        raise rules.RISK_ACTION_HOW.refused()
    locked.done_on, locked.done_words = timezone.localdate(at), words.strip()[:400]
    locked.save(update_fields=["done_on", "done_words"])
    note(changed=("done_on",))
    return locked


@service(KEEP_RISK, on="risk")
def close_risk(*, risk: Risk, why: str, by: Actor, at: datetime) -> Risk:
    """It can no longer happen, or became something else. It stays on the register as closed. Refuses GV-409, GV-418, GV-419."""
    locked = _open(risk)
    if not why.strip():
        raise rules.RISK_CLOSE_WHY.refused()
    left = RiskAction.objects.filter(risk=locked, done_on=None).count()
    if left:
        raise rules.RISK_ACTIONS_OPEN.refused(number=left)
    locked.closed_on, locked.closed_why = timezone.localdate(at), why.strip()[:400]
    locked.save(update_fields=["closed_on", "closed_why"])
    note(changed=("closed_on",))
    return locked


@service(SET_APPETITE, on="board")
def set_appetite(
    *, board: Board, kind: str, most: int, source: str, starts_on: date, words: str = "", by: Actor, at: datetime
) -> RiskAppetite:
    """Write down the largest current score of a kind that the board accepts, and the minute that says so. Refuses GV-420 to
    GV-422."""
    Board.objects.select_for_update().get(pk=board.pk)
    if not 1 <= most <= LARGEST:
        raise rules.APPETITE_MOST.refused()
    if not source.strip():
        raise rules.APPETITE_SOURCE.refused()
    last = RiskAppetite.objects.filter(board=board, kind=kind).order_by("-starts_on").first()
    if last is not None and starts_on <= last.starts_on:
        raise rules.APPETITE_DAY.refused(day=date_long(last.starts_on))
    made = RiskAppetite.objects.create(
        board=board, kind=kind, most=most, words=words.strip()[:300], source=source.strip()[:300], starts_on=starts_on,
        set_at=at, set_by=by.account_id,
    )  # fmt: skip
    note(subject=board, changed=("appetite",), words={"kind": kind, "most": most})
    return made


@service(RUN_MEETINGS, on="item")
def write_implications(
    *, item: AgendaItem, financial: str, environmental: str, risks: Iterable[Risk] = (), by: Actor, at: datetime
) -> Implications:
    """What a proposal means for money and the environment, and on which risks it bears; written again it is another row and
    the newest counts. Refuses GV-430, and once it is decided (GV-431)."""
    Meeting.objects.select_for_update().get(pk=item.meeting_id)
    if Decision.objects.filter(item=item).exists():
        raise rules.IMPLICATIONS_LATE.refused()
    if not (financial.strip() and environmental.strip()):
        raise rules.IMPLICATIONS_WORDS.refused()
    made = Implications.objects.create(
        item=item, number=Implications.objects.filter(item=item).count() + 1, financial=financial.strip(),
        environmental=environmental.strip(), written_at=at, written_by=by.account_id,
    )  # fmt: skip
    ImplicatedRisk.objects.bulk_create(ImplicatedRisk(implications=made, risk=each) for each in risks)
    note(changed=("implications",), words={"number": made.number})
    return made


def _open(risk: Risk) -> Risk:
    locked = Risk.objects.select_for_update().get(pk=risk.pk)
    if locked.closed_on is not None:
        raise rules.RISK_CLOSED.refused(day=date_long(locked.closed_on))
    return locked


def _in_post(owner: Post, at: datetime) -> None:
    if not owner.is_held_at(at):
        raise rules.RISK_OWNER.refused(name=owner.account.name)


def _judge(scores: Scores) -> None:
    fault = fault_of(scores)
    if fault == "grid":
        raise rules.SCORE_GRID.refused()
    if fault == "controls":
        raise rules.SCORE_CONTROLS.refused(current=scores.current.value, inherent=scores.inherent.value)
    if fault == "target":
        raise rules.SCORE_TARGET.refused(target=scores.target.value, current=scores.current.value)


def _review(
    risk: Risk, number: int, scores: Scores, why: str, day: date, next_on: date, by: Actor, at: datetime
) -> RiskReview:
    placed = {
        f"{name}_{side}": getattr(getattr(scores, name), side)
        for name in ("inherent", "current", "target")
        for side in ("likelihood", "impact")
    }
    return RiskReview.objects.create(
        risk=risk, number=number, why=why, reviewed_on=day, next_review_on=next_on, reviewed_at=at, reviewed_by=by.account_id,
        **placed,
    )  # fmt: skip


def _tell(post: Post, risk: Risk, subject: str, words: str, by: Actor, at: datetime) -> None:
    if post.account_id != by.account_id and post.is_held_at(at):
        about = ("governance.risk", str(risk.pk))
        owe_message(to=post.account.email, subject=f"{subject} ({risk.reference})", body=words, about=about, at=at)
