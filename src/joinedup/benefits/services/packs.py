"""Reminding those who prepare and those who read it that the next finance directors' pack is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.benefits.models import PackReminder, Programme
from joinedup.benefits.permissions import REMIND_OF_PACKS
from joinedup.benefits.queries.packs import next_pack_due
from joinedup.benefits.settings import pack_notice_days
from joinedup.core.formats import date_long
from joinedup.core.jobs import declare_job, start_job
from joinedup.core.models.jobs import Job
from joinedup.core.notifications import owe_message
from joinedup.organisations.queries import posts_of_organisations

if TYPE_CHECKING:
    from joinedup.core.running import JobResult, RunningJob

_NOT_BEFORE = 5  # o’clock
_ONE_DAY = timedelta(days=1, hours=2)
_READERS = frozenset({Role.FINANCE_DIRECTOR, Role.CHIEF_FINANCE_OFFICER})


@service(REMIND_OF_PACKS)
def remind_of_pack(*, programme: Programme, by: Actor, at: datetime) -> PackReminder | None:
    """Write to the programme's manager and the finance directors of its partners that the next pack is due: once for each day
    it is due, from some days before. None where it is not due yet, or they were told."""
    programme.refresh_from_db(from_queryset=Programme.objects.select_for_update(of=("self",)))
    due_on = next_pack_due(by, programme, at)
    if due_on is None or PackReminder.objects.filter(programme=programme, due_on=due_on).exists():
        return None
    if timezone.localdate(at) < due_on - timedelta(days=pack_notice_days(timezone.localdate(at))):
        return None
    told = _readers(programme, at)
    subject = f"{programme.title}: the finance directors’ pack is due by {date_long(due_on)}"
    body = (
        f"The next finance directors’ pack of {programme.title} ({programme.reference}) is due by {date_long(due_on)}: what"
        " each partner owes or is owed, what moved, what is measured, and what is to be decided. It is frozen for the"
        " meeting on the page of the pack, under Programmes."
    )
    if programme.is_illustration:
        body += "\n\nIllustration: inputs invented."
    for address in told:
        owe_message(to=address, subject=subject, body=body, about=("benefits.programme", str(programme.pk)), at=at)
    row = PackReminder.objects.create(programme=programme, due_on=due_on, told=len(told), at=at)
    note(subject=programme, changed=("reminder",), words={"due_on": due_on.isoformat(), "told": len(told)})
    return row


def _readers(programme: Programme, at: datetime) -> list[str]:
    """The addresses of the finance directors of its partners and of its manager, each once."""
    found: dict[str, None] = {}
    partners = list(programme.partners.values_list("organisation_id", flat=True))
    for _, post in posts_of_organisations(system(at), partners):
        if post.role in _READERS and post.account.email:
            found.setdefault(post.account.email)
    if programme.manager is not None and programme.manager.is_held_at(at):
        found.setdefault(programme.manager.account.email)
    return list(found)


def _run(job: RunningJob) -> JobResult:
    """What the worker does: every programme, one after the other."""
    from joinedup.core.running import JobResult

    programmes = list(Programme.objects.order_by("reference"))
    told = 0
    for place, programme in enumerate(programmes, start=1):
        row = remind_of_pack(programme=programme, by=job.by, at=job.at)
        told += row.told if row else 0
        job.report(place, len(programmes), programme.title)
    return JobResult(f"{told} people were reminded of a finance directors’ pack.")


REMIND = declare_job("benefits.remind_of_packs", "Remind finance directors of the next pack", _run)


@service(REMIND_OF_PACKS)
def start_pack_reminders(*, by: Actor, at: datetime) -> Job | None:
    """Have every programme's pack looked at in the background, once a day: None where that is done or asked for."""
    day = timezone.localdate(at)
    asked = Job.objects.filter(kind=REMIND.name, asked_at__gt=at - _ONE_DAY)
    if any(timezone.localdate(each.asked_at) == day for each in asked) or not Programme.objects.exists():
        return None
    note(changed=("job",), words={"day": day.isoformat()})
    return start_job(REMIND, by=by, at=at, in_turn=REMIND.name)


def look_after_packs(*, at: datetime) -> None:
    """Done now and then by the keeper: once a day, in the morning."""
    if timezone.localtime(at).hour >= _NOT_BEFORE:
        start_pack_reminders(by=system(at), at=at)
