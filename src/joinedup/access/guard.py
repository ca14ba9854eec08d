"""`@service`: the one door every write goes through. It opens the transaction, checks the permission, runs, and writes
the audit row in the same transaction; a refusal is recorded on its own after the rollback."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import models, transaction

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.grounds import stop_writes
from joinedup.access.permissions import Permission, check
from joinedup.core.errors import Refused

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class _Note:
    """What the running service wants its audit row to say."""

    people: set[UUID] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    words: dict[str, Any] = field(default_factory=dict)
    subject: tuple[str, str] | None = None


_running: ContextVar[tuple[_Note, ...]] = ContextVar("running_services", default=())


def note(
    *,
    people: Iterator[UUID] | set[UUID] | list[UUID] | tuple[UUID, ...] = (),
    changed: tuple[str, ...] = (),
    words: Mapping[str, Any] | None = None,
    subject: models.Model | None = None,
) -> None:
    """Called inside a service: name the people touched, the fields changed, and words to keep with the audit row."""
    current = _running.get()[-1]
    current.people.update(people)
    current.changed.update(changed)
    current.words.update(words or {})
    if subject is not None:
        current.subject = subject_of(subject)


def subject_of(record: Any) -> tuple[str, str]:
    """(kind, id) of a record, as audit and chronology store it."""
    if isinstance(record, models.Model):
        return record._meta.label_lower, str(record.pk)
    return "", ""


def moment_of(kwargs: Mapping[str, Any]) -> datetime:
    """The time a service was told: `at`, or the start of `on`."""
    at = kwargs.get("at")
    if isinstance(at, datetime):
        if at.tzinfo is None:
            raise TypeError("`at` must be an aware datetime")
        return at
    on = kwargs.get("on")
    if isinstance(on, date):
        return datetime.combine(on, time(), tzinfo=UTC)
    raise TypeError("a service is told the time: `at` (aware datetime) or `on` (date)")


@contextmanager
def _noted() -> Iterator[_Note]:
    mine = _Note()
    token = _running.set((*_running.get(), mine))
    try:
        yield mine
    finally:
        _running.reset(token)


def service(
    permission: Permission, *, on: str = "", holding: Callable[[Any], object] | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Guard a write. `on` names the keyword argument that holds the record the permission is narrowed to. `holding` locks
    that record until a refusal has been written, too: for services that count their refusals, of which two at the same
    moment must be counted one after the other."""

    def guard(function: Callable[P, R]) -> Callable[P, R]:
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            if args:
                raise TypeError(f"{function.__name__} takes keyword arguments only")
            by = kwargs.get("by")
            if not isinstance(by, Actor):
                raise TypeError(f"{function.__name__} needs by=Actor")
            moment = moment_of(kwargs)
            target = kwargs.get(on) if on else None
            outermost = not _running.get()
            try:
                with transaction.atomic(), _noted() as mine:
                    stop_writes(by, kwargs)
                    check(by, permission, target)
                    result = function(*args, **kwargs)
                    _write_row(permission, by, moment, target, result, kwargs, mine)
                return result
            except Refused as refusal:
                if outermost:
                    _record_refusal(permission, by, moment, target, refusal)
                    refusal.is_recorded = True
                raise

        @functools.wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if holding is None:
                return run(*args, **kwargs)
            with transaction.atomic():
                holding(kwargs.get(on))
                try:
                    return run(*args, **kwargs)
                except Refused as refusal:
                    refused = refusal
            raise refused  # once its row is committed and the lock is gone

        guarded.__dict__["permission"] = permission
        guarded.__dict__["guards"] = on
        return guarded

    return guard


def _write_row(
    permission: Permission, by: Actor, at: datetime, target: Any, result: Any, kwargs: Mapping[str, Any], mine: _Note
) -> None:
    subject = mine.subject or subject_of(target)
    if subject == ("", ""):
        subject = subject_of(result)
    words = {key: kwargs[key] for key in ("reason",) if kwargs.get(key)} | mine.words
    audit.record(
        "write",
        permission.name,
        by=by,
        at=at,
        subject=subject,
        people=mine.people,
        changed=mine.changed,
        words=words,
    )


def _record_refusal(permission: Permission, by: Actor, at: datetime, target: Any, refusal: Refused) -> None:
    with transaction.atomic():
        audit.record("refusal", permission.name, by=by, at=at, subject=subject_of(target), rule=refusal.rule)
