"""Sent twice, done once; and a form that was abandoned and taken up again."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from joinedup.core import drafts
from joinedup.core.errors import Refused
from joinedup.core.keyset import cursor, read_cursor
from joinedup.core.models import Draft, KeptAnswer
from joinedup.core.once import Answered, answered_once, tidy_answers

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/London"))
ACCOUNT = uuid4()
made: list[int] = []


def make() -> tuple[int, str]:
    made.append(1)
    return 201, f'{{"number": {len(made)}}}'


def ask(key: str = "k", digest: str = "d", at: datetime = AT) -> Answered:
    return answered_once(account_id=ACCOUNT, key=key, digest=digest, at=at, make=make)


def test_the_same_answer_for_a_day() -> None:
    made.clear()
    first = ask()
    assert (first.status, first.body, first.is_again) == (201, '{"number": 1}', False)
    again = ask(at=AT + timedelta(hours=23))
    assert (again.body, again.is_again, len(made)) == (first.body, True, 1)
    assert ask("other").body == '{"number": 2}'
    with pytest.raises(Refused) as refused:
        ask(digest="another body")
    assert refused.value.rule == "API-409"
    assert ask(at=AT + timedelta(hours=25)).body == '{"number": 3}'
    assert tidy_answers(at=AT + timedelta(hours=25)) == 1
    assert KeptAnswer.objects.count() == 1


def test_a_refusal_leaves_the_key_free_and_a_fault_leaves_nothing() -> None:
    made.clear()

    def refuse() -> tuple[int, str]:
        Draft.objects.create(holder="x", form="f", typed={}, started_at=AT, saved_at=AT)
        raise Refused("Not now.", rule="X-1")

    def fail() -> tuple[int, str]:
        raise ZeroDivisionError

    told = {"account_id": ACCOUNT, "key": "k", "digest": "d", "at": AT}
    with pytest.raises(Refused):
        answered_once(**told, make=refuse)  # type: ignore[arg-type]
    # What a refusal wrote of itself stays: the guard records it in a transaction of its own.
    assert Draft.objects.count() == 1
    with pytest.raises(ZeroDivisionError):
        answered_once(**told, make=fail)  # type: ignore[arg-type]
    assert not KeptAnswer.objects.exists()
    assert ask().status == 201


@pytest.mark.parametrize("text", ["", "x", "====", cursor(AT, "no number"), cursor(AT, "") + "x", "8J+YgA=="])
def test_a_cursor_that_is_none_starts_from_the_top(text: str) -> None:
    assert read_cursor(text, int) is None


def test_a_cursor_comes_back() -> None:
    assert read_cursor(cursor(AT, 17), int) == (AT, 17)
    assert read_cursor(cursor(AT.replace(tzinfo=None), 17), int) is None


FORM = drafts.declare_form("core.test_abandoned", "A form", lambda about: f"/form/{about}")
MINE, THEIRS = f"account:{uuid4()}", f"account:{uuid4()}"


def keep(words: str, *, draft_id: object = None, version: int = 0) -> Draft:
    return drafts.keep(
        holder=MINE, form=FORM.name, about="a", draft_id=draft_id or uuid4(), version=version,  # type: ignore[arg-type]
        typed={"words": [words]}, at=AT,
    ).draft  # fmt: skip


def test_what_was_abandoned_is_in_no_list_and_can_be_taken_up_for_a_day() -> None:
    begun = keep("It got worse.")
    assert drafts.put_aside(THEIRS, begun.pk, at=AT) is None
    assert drafts.put_aside(MINE, begun.pk, at=AT) is not None
    assert drafts.newest(MINE, FORM.name, "a") is None
    assert drafts.draft_of(MINE, begun.pk) is None
    assert drafts.unfinished(MINE, at=AT) == []
    assert drafts.count_unfinished(MINE) == 0
    with pytest.raises(drafts.Gone):  # a page still open does not bring it back
        keep("It got much worse.", draft_id=begun.pk, version=begun.version)
    later = AT + timedelta(hours=23)
    assert drafts.newest_aside(THEIRS, FORM.name, "a", at=later) is None
    aside = drafts.newest_aside(MINE, FORM.name, "a", at=later)
    assert aside is not None
    assert drafts.take_up(THEIRS, aside.pk, at=later) is None
    assert drafts.take_up(MINE, aside.pk, at=later) is not None
    back = drafts.newest(MINE, FORM.name, "a")
    assert back is not None
    assert back.typed == {"words": ["It got worse."]}
    drafts.put_aside(MINE, begun.pk, at=AT)
    assert drafts.take_up(MINE, begun.pk, at=AT + timedelta(hours=25)) is None
    assert drafts.tidy_drafts(at=AT + timedelta(hours=25)) == 1
    assert not Draft.objects.exists()
