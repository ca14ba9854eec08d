"""What a family writes: taken in, read by whoever covers, answered, and told to the manager when nobody read it in time."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.casework.queries import who_answers_for
from joinedup.core.formats import date_with_weekday
from joinedup.core.models import new_id
from joinedup.core.notifications import owe_message
from joinedup.engines.periods import add_working_days
from joinedup.family_page import rules
from joinedup.family_page.events import MESSAGE_ANSWERED, MESSAGE_WRITTEN
from joinedup.family_page.models import FamilyMessage, FamilyPage, Release
from joinedup.family_page.permissions import KEEP_PAGES, READ_MESSAGES, USE_OWN_PAGE
from joinedup.family_page.queries.guarding import world_of
from joinedup.family_page.queries.messages import unread_late
from joinedup.family_page.queries.reader import Visit
from joinedup.family_page.services.steps import (
    chronicle,
    lock,
    lock_page,
    refuse_faults,
    say_there_is_news,
    write_release,
)
from joinedup.family_page.settings import read_within_days

_AT_ONCE = 100
_ABOUT = "family_page.familymessage"
_CLOSE_OF_DAY = time(17)
MOST_CHARACTERS = 5000


def read_by(at: datetime) -> datetime:
    """By when what is written now is read: five o'clock on the working day that is so many after this one."""
    day = timezone.localdate(at)
    return timezone.make_aware(datetime.combine(add_working_days(day, read_within_days(day)), _CLOSE_OF_DAY))


@service(USE_OWN_PAGE)
def write_message(*, visit: Visit, words: str, by: Actor, at: datetime) -> FamilyMessage:
    """Take in what a reader writes, and tell whoever answers for them now: the lead professional or whoever holds their duty,
    and the deputy."""
    page = visit.page
    lock_page(page, by)
    if not words.strip():
        raise rules.MESSAGE_NEEDED.refused()
    row = FamilyMessage.objects.create(
        page=page, words=words.strip()[:MOST_CHARACTERS], written_at=at, due_at=read_by(at)
    )
    said = f"A member of the family has written to you about {page.case.reference}. Read it by {date_with_weekday(row.due_at)}."
    for address in _covering(page, by):
        owe_message(
            to=address, subject=f"A family has written: {page.case.reference}", body=f"{said} Sign in to Joinedup.",
            about=(_ABOUT, str(row.pk)), at=at,
        )  # fmt: skip
    chronicle(MESSAGE_WRITTEN, page, by=by, at=at)
    note(subject=row)
    return row


def _covering(page: FamilyPage, by: Actor) -> list[str]:
    """The addresses of whoever answers for a case now."""
    lead, deputy = page.case.lead_professional, page.case.deputy
    held = [each for each in (lead, deputy) if each and each.is_held_at(by.at) and each.account.is_active]
    if lead not in held:
        return [*_managing(page, by), *(each.account.email for each in held)]
    return [each.account.email for each in held]


def _managing(page: FamilyPage, by: Actor) -> list[str]:
    """The addresses of whoever answers for the case's team; somebody, even where nobody manages it."""
    return sorted({post.account.email for post in who_answers_for(by, page.case.team_id)})


@service(READ_MESSAGES, on="page")
def read_message(*, page: FamilyPage, message: FamilyMessage, by: Actor, at: datetime) -> FamilyMessage:
    """A message was opened by whoever covers the case: the clock stops."""
    lock(message)
    if message.read_at is None:
        message.read_at, message.read_by = at, by.account_id
        message.save(update_fields=["read_at", "read_by"])
    note(people=[page.person_id], subject=message, changed=("read",))
    return message


@service(READ_MESSAGES, on="page")
def answer_message(*, page: FamilyPage, message: FamilyMessage, words: str, by: Actor, at: datetime) -> Release:
    """Answer on the page itself: a release to this reader like any other, refused where it gives somebody away (FP-7)."""
    if not words.strip():
        raise rules.WORDS_NEEDED.refused()
    world = world_of(by, page.case)
    guard = lock_page(page, by, world)
    refuse_faults(guard, world, by, words)
    lock(message)
    say_there_is_news(page, world.sends_to(page.person_id), at=at)
    row = write_release(
        page, kind="answer", key=f"answer.{new_id()}", title=f"Answer from {by.name}", words=words.strip(), concerns=(), by=by,
        at=at,
    )  # fmt: skip
    row.message = message
    row.save(update_fields=["message"])
    message.read_at, message.read_by = message.read_at or at, message.read_by or by.account_id
    message.answered_at = at
    message.save(update_fields=["read_at", "read_by", "answered_at"])
    chronicle(MESSAGE_ANSWERED, page, by=by, at=at)
    note(subject=message)
    return row


def chase_family_messages(*, at: datetime) -> int:
    """The keeper tells a team's managers, once, of each message that nobody has read in time. Returns how many."""
    by = system(at)
    found = list(unread_late(at).order_by("due_at", "pk")[:_AT_ONCE])
    return sum(chase_message(message=row, by=by, at=at) for row in found)


@service(KEEP_PAGES)
def chase_message(*, message: FamilyMessage, by: Actor, at: datetime) -> bool:
    """Tell the managers of one message; False where somebody has read it or told them meanwhile."""
    lock(message)
    if message.read_at is not None or message.escalated_at is not None:
        return False
    page = FamilyPage.objects.select_related("case").get(pk=message.page_id)
    said = (
        f"A member of the family wrote about {page.case.reference} and nobody has read it, which was due by "
        f"{date_with_weekday(message.due_at)}. Sign in to Joinedup and read it."
    )
    told = _managing(page, by)
    if not told:  # nobody in the whole partnership: it is told as soon as there is somebody
        return False
    for address in told:
        owe_message(
            to=address, subject=f"Nobody has read what a family wrote: {page.case.reference}", body=said,
            about=(_ABOUT, str(message.pk)), at=at,
        )  # fmt: skip
    message.escalated_at = at
    message.save(update_fields=["escalated_at"])
    note(people=[page.person_id], subject=message, changed=("escalated",))
    return True
