"""The daily run over every fund: instalments that fell due, reminders of those that are late, and what else is late."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.core.formats import date_long
from joinedup.core.jobs import declare_job, start_job
from joinedup.core.models.jobs import Job
from joinedup.core.notifications import owe_message
from joinedup.funds.lifecycle import WORKING
from joinedup.funds.models import Fund, FundDay
from joinedup.funds.permissions import RUN_DAY, RUN_DAYS
from joinedup.funds.queries.due import DueItem, due_in_funds
from joinedup.funds.services.anchoring import anchor_ledger
from joinedup.funds.services.contributions import call_instalments, remind_of_contributions
from joinedup.funds.services.steps import _lock

if TYPE_CHECKING:
    from joinedup.core.running import JobResult, RunningJob

_NOT_BEFORE = 5  # o’clock
_ONE_DAY = timedelta(days=1, hours=2)


@service(RUN_DAY, on="fund")
def run_fund_day(*, fund: Fund, by: Actor, at: datetime) -> FundDay:
    """Look after one fund for one day: put into the ledger what partners owe by today, keep the head of its chain in the
    audit trail, remind them of what is overdue, and write to the pool manager about what has become late. Run twice on a
    day it does nothing twice, and gives the day's row that is there."""
    _lock(fund)
    day = timezone.localdate(at)
    there = FundDay.objects.filter(fund=fund, day=day).first()
    if there is not None:
        return there
    called = call_instalments(fund=fund, by=by, at=at)
    reminded = remind_of_contributions(fund=fund, by=by, at=at)
    anchor_ledger(fund=fund, by=by, at=at)
    late = [each for each in due_in_funds(by, [fund], day) if each.is_late]
    _tell_pool_manager(fund, late, at)
    kept = [{"key": each.key, "what": each.what, "due_on": each.due_on.isoformat()} for each in late]
    row = FundDay.objects.create(fund=fund, day=day, called=called, reminded=reminded, late=kept, at=at)
    note(changed=("day",), words={"called": called, "reminded": reminded, "late": len(late)}, subject=row)
    return row


def _tell_pool_manager(fund: Fund, late: list[DueItem], at: datetime) -> None:
    """One message about what was not late the day before."""
    before = FundDay.objects.filter(fund=fund).order_by("-day").first()
    known = {each["key"] for each in before.late} if before else set()
    new = [each for each in late if each.key not in known]
    if not new or fund.pool_manager is None or not fund.pool_manager.is_held_at(at):
        return
    lines = [f"- {each.what}, due by {date_long(each.due_on)}" for each in new]
    body = "\n".join([f"In {fund.name} this has become late:", "", *lines])
    owe_message(
        to=fund.pool_manager.account.email,
        subject=f"{fund.name}: late",
        body=body,
        about=("funds.fund", str(fund.pk)),
        at=at,
    )


def _run(job: RunningJob) -> JobResult:
    """What the worker does: every fund in force, one after the other."""
    from joinedup.core.running import JobResult

    funds = list(Fund.objects.filter(agreement__state__in=list(WORKING)).order_by("code"))
    called = reminded = late = 0
    for place, fund in enumerate(funds, start=1):
        day = run_fund_day(fund=fund, by=job.by, at=job.at)
        called, reminded, late = called + day.called, reminded + day.reminded, late + len(day.late)
        job.report(place, len(funds), fund.name)
    return JobResult(f"{called} instalments fell due, {reminded} reminders written, {late} things are late.")


DAY = declare_job("funds.run_day", "Look after shared money for the day", _run)


@service(RUN_DAYS)
def start_fund_day(*, by: Actor, at: datetime) -> Job | None:
    """Have every fund looked after in the background, once a day: None where that is done or asked for already."""
    day = timezone.localdate(at)
    funds = Fund.objects.filter(agreement__state__in=list(WORKING))
    waiting = Job.objects.filter(kind=DAY.name, asked_at__gt=at - _ONE_DAY)
    asked = any(timezone.localdate(each.asked_at) == day for each in waiting)
    if asked or not funds.exclude(days__day=day).exists():
        return None
    note(changed=("job",), words={"day": day.isoformat()})
    return start_job(DAY, by=by, at=at, in_turn=DAY.name)


def look_after_funds(*, at: datetime) -> None:
    """Done now and then by the keeper: once a day, in the morning."""
    if timezone.localtime(at).hour >= _NOT_BEFORE:
        start_fund_day(by=system(at), at=at)
