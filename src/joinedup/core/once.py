"""Sent twice, done once: a program that heard no answer sends its request again with the same key.

The answer is kept in the transaction of what it answers, so there is never one without the other. A refusal is not kept:
the request may be sent again when what stood in its way is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from joinedup.core.errors import Refused
from joinedup.core.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Answered:
    """A status and a body; `is_again` where it had been given before."""

    status: int
    body: str
    is_again: bool


def answered_once(
    *, account_id: UUID, key: str, digest: str, at: datetime, make: Callable[[], tuple[int, str]]
) -> Answered:
    """Make the answer and keep it, or give the one that was kept. Whoever sends the same key at the same moment waits for
    the first. Raises Refused (API-409) where the key came with something else, and whatever `make` refuses: then nothing
    is kept but the record of the refusal."""
    refused: Refused
    with transaction.atomic():
        kept = _claim(KeptAnswer(account_id=account_id, key=key, digest=digest, status=0, body="", kept_at=at))
        if kept.status:
            return _again(kept, digest)
        try:
            kept.status, kept.body = make()
        except Refused as refusal:
            refused = refusal
            kept.delete()
        else:
            kept.save(update_fields=["status", "body"])
            return Answered(kept.status, kept.body, is_again=False)
    raise refused


def _claim(answer: KeptAnswer) -> KeptAnswer:
    """The key is this request's, or was another's: then that one's answer."""
    same = KeptAnswer.objects.filter(account_id=answer.account_id, key=answer.key)
    same.filter(kept_at__lt=answer.kept_at - KEPT_FOR).delete()
    try:
        with transaction.atomic():
            answer.save(force_insert=True)
    except IntegrityError:
        return same.get()
    return answer


def _again(kept: KeptAnswer, digest: str) -> Answered:
    if kept.digest != digest:
        raise Refused(
            "This key came with something else before. Give each new request a key of its own.", rule="API-409"
        )
    return Answered(kept.status, kept.body, is_again=True)


def tidy_answers(*, at: datetime) -> int:
    """Delete the answers of more than a day ago. The keeper's duty."""
    return KeptAnswer.objects.filter(kept_at__lt=at - KEPT_FOR).delete()[0]
