"""Who is on duty, and the page that red sends until a named person accepts it (FD-83)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.audit import record
from joinedup.access.guard import note, service, subject_of
from joinedup.access.roles import FRONT_DOOR
from joinedup.chronology.services import record_event
from joinedup.core.formats import date_time
from joinedup.core.notifications import owe_message
from joinedup.core.partnership import value
from joinedup.front_door import rules
from joinedup.front_door.events import DUTY_PAGED, PAGE_ACCEPTED
from joinedup.front_door.lifecycle import State
from joinedup.front_door.models import DutyPage, DutyPeriod, Referral
from joinedup.front_door.permissions import ACCEPT_PAGE, SET_DUTY
from joinedup.front_door.services.steps import _chronicle, _claim, _lock, _move, _people_of, _post_id
from joinedup.front_door.settings import DUTY_EMAIL, page_again_at

if TYPE_CHECKING:
    from joinedup.organisations.models import Post

_MOST_AT_ONCE = 100


@dataclass(frozen=True)
class DutyTurn:
    """One post's turn on duty; the lowest `order` is paged first."""

    post: Post
    starts_at: datetime
    ends_at: datetime
    order: int = 1


@service(SET_DUTY)
def set_duty(*, turns: Sequence[DutyTurn], by: Actor, at: datetime) -> list[DutyPeriod]:
    """Say who is on duty when. Within the stretch the turns cover, from now on, what was said before gives way; the
    past stays as it was."""
    for turn in turns:
        if turn.starts_at >= turn.ends_at or turn.ends_at <= at:
            raise rules.TURN_RUNS_FORWARD.refused()
        if turn.post.role not in {role.value for role in FRONT_DOOR} or not turn.post.is_held_at(turn.starts_at):
            raise rules.HELD_WHILE_ON_DUTY.refused()
    if not turns:
        return []
    _give_way(max(at, min(turn.starts_at for turn in turns)), max(turn.ends_at for turn in turns))
    kept = DutyPeriod.objects.bulk_create(
        [DutyPeriod(post=turn.post, starts_at=turn.starts_at, ends_at=turn.ends_at, order=turn.order) for turn in turns]
    )
    note(changed=("duty",), words={"posts": [str(turn.post.pk) for turn in turns]}, subject=kept[0])
    return kept


def _give_way(start: datetime, end: datetime) -> None:
    """Free a stretch: turns that begin in it go, one that runs into it ends where it starts, and what of it came after
    the stretch goes on."""
    overlapping = DutyPeriod.objects.select_for_update().filter(starts_at__lt=end, ends_at__gt=start)
    for period in overlapping:
        if period.ends_at > end:
            DutyPeriod.objects.create(post=period.post, starts_at=end, ends_at=period.ends_at, order=period.order)
        if period.starts_at < start:
            period.ends_at = start
            period.save(update_fields=["ends_at"])
        else:
            period.delete()


@service(ACCEPT_PAGE, on="page")
def accept_page(*, page: DutyPage, by: Actor, at: datetime) -> DutyPage:
    """A named person takes the red referral on: paging stops, and it is in triage in their hands."""
    referral = _lock(page.referral)
    _lock(page)
    waiting = DutyPage.objects.filter(referral=referral, accepted_at__isnull=True)
    if page.accepted_at is not None or not waiting.exists():
        raise rules.ACCEPTED_ALREADY.refused()
    _accept_pages(referral, by=by, at=at)
    page.refresh_from_db()
    _claim(referral)
    if State(referral.state) == State.RECEIVED:
        _move(referral, State.IN_TRIAGE, by=by, at=at)
    if State(referral.state) == State.IN_TRIAGE:
        referral.held_by_id = _post_id(by)
    referral.save(update_fields=["state", "held_by"])
    note(changed=("accepted_at",))
    return page


def _accept_pages(referral: Referral, *, by: Actor, at: datetime) -> None:
    """Every page that waits for this referral is accepted by one person."""
    waiting = DutyPage.objects.filter(referral=referral, accepted_at__isnull=True)
    if waiting.update(accepted_at=at, accepted_by=by.account_id):
        _chronicle(PAGE_ACCEPTED, referral, by=by, at=at)


def page_overdue(*, at: datetime) -> int:
    """Page the next person on duty for every red referral nobody has accepted in time; returns how many were paged.

    Run each second by the keeper; not a person's act, so unguarded. Safe to run in two keepers at once.
    """
    waiting = DutyPage.objects.filter(accepted_at__isnull=True, superseded_at__isnull=True, repeat_at__lte=at)
    ids = list(waiting.order_by("repeat_at").values_list("pk", flat=True)[:_MOST_AT_ONCE])
    return sum(_page_again(page_id, at) for page_id in ids)


def _page_again(page_id: UUID, at: datetime) -> int:
    with transaction.atomic():
        waiting = DutyPage.objects.select_for_update(skip_locked=True, of=("self",)).select_related("referral__contact")
        page = waiting.filter(pk=page_id, accepted_at__isnull=True, superseded_at__isnull=True).first()
        if page is None:
            return 0
        page.superseded_at = at
        page.save(update_fields=["superseded_at"])
        by = system(at)
        _page_somebody(page.referral, by=by, at=at)
        record(
            "write",
            "front_door.page_overdue",
            by=by,
            at=at,
            subject=subject_of(page.referral),
            rule=rules.NEVER_UNACCEPTED.code,
        )
        return 1


def _page_somebody(referral: Referral, *, by: Actor, at: datetime) -> DutyPage:
    """Page the next person on duty; with nobody on duty, the duty address. The message names nobody."""
    on_duty = _on_duty(at)
    paged = DutyPage.objects.filter(referral=referral, post__isnull=False).order_by("paged_at", "pk")
    chosen = rules.next_on_duty(
        [period.post_id for period in on_duty], [page.post_id for page in paged if page.post_id]
    )
    post = next((period.post for period in on_duty if period.post_id == chosen), None)
    message = owe_message(
        to=post.account.email if post else str(value(DUTY_EMAIL, on=timezone.localdate(at))),
        subject=f"Red referral {referral.reference} needs you now",
        body=(
            f"A red referral, {referral.reference}, was received on {date_time(referral.received_at)} and nobody has "
            f"accepted it yet. Sign in to Joinedup and accept it. It must be decided by {date_time(referral.decide_by)}."
        ),
        about=(Referral._meta.label_lower, str(referral.pk)),
        at=at,
    )
    page = DutyPage.objects.create(
        referral=referral, post=post, paged_at=at, repeat_at=page_again_at(at), message=message
    )
    record_event(DUTY_PAGED, source=referral, by=by, at=at, people=_people_of(referral), family_id=referral.family_id)
    return page


def _on_duty(at: datetime) -> list[DutyPeriod]:
    """Who is on duty at a moment and still in post, first to be paged first."""
    turns = DutyPeriod.objects.filter(starts_at__lte=at, ends_at__gt=at).select_related("post__account")
    return [turn for turn in turns.order_by("order", "pk") if turn.post.is_held_at(at)]
