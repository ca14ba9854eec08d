"""Reading how cases flow: from the partnership's chronology in the background, or from a file of events. Nothing of the events is
kept, only what they come to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.capacity import rules
from joinedup.capacity.codes import FILE, PARTNERSHIP
from joinedup.capacity.episodes import ACTIVITIES, episodes
from joinedup.capacity.modelling import Assumed, TeamNow, model_of
from joinedup.capacity.models import FlowReading
from joinedup.capacity.permissions import TAKE_READING
from joinedup.capacity.reading_log import summary
from joinedup.capacity.settings import hours, is_own, pay, targets, years_ahead
from joinedup.casework.queries import teams_of_cases, work_of_teams
from joinedup.chronology.queries import happened
from joinedup.core.formats import LONDON
from joinedup.core.jobs import declare_job, start_job
from joinedup.core.models.jobs import Job
from joinedup.engines.caseflow.event_log import Log, log_of, read_log
from joinedup.engines.periods import is_working_day
from joinedup.organisations.queries import all_teams, posts_with_role

if TYPE_CHECKING:
    from joinedup.core.running import JobResult, RunningJob

MOST_MB = 20
_MOST_FAULTS = 200
_OPENS, _LENGTH = 9.0, 7.4  # o'clock and hours of a working day
_LOOKED_BACK = timedelta(days=365)
_NOT_BEFORE = 5


def days_since(first: date, last: date) -> Callable[[datetime], float]:
    """Turns a moment into working days since the first day, part of a day counted within its hours; nights and weekends count as the
    end of the working day before."""
    number, count, day = {}, 0, first
    while day <= last + timedelta(days=1):
        number[day] = (count, is_working_day(day))
        count += number[day][1]
        day += timedelta(days=1)

    def of(moment: datetime) -> float:
        there = moment.replace(tzinfo=LONDON) if moment.tzinfo is None else moment.astimezone(LONDON)
        done, works = number.get(there.date(), (0 if there.date() < first else count, False))
        if not works:
            return float(done)
        part = (there.hour + there.minute / 60 + there.second / 3600 - _OPENS) / _LENGTH
        return done + min(0.9999, max(0.0, part))

    return of


def assumed_on(on: date) -> Assumed:
    """What the settings say on a day."""
    return Assumed(hours(on), targets(on), pay(on), years_ahead(on), is_own(on))


@service(TAKE_READING)
def read_partnership(*, by: Actor, at: datetime) -> FlowReading:
    """Read the last year of the chronology, and keep what it comes to with the model of today. Refuses CP-103."""
    last = timezone.localdate(at)
    since = datetime.combine(last - _LOOKED_BACK, time(), LONDON)
    first = since.date()
    day_of = days_since(first, last)
    own = system(at)
    events = episodes(happened(own, list(ACTIVITIES), since=since, until=at), teams_of_cases(own), day_of)
    end = day_of(at)
    return _kept(
        log_of(events), end, _teams(own, day_of, end), _workers(own), name="The partnership", source=PARTNERSHIP, first=first,
        last=last, by=by, at=at,
    )  # fmt: skip


@service(TAKE_READING)
def read_file(*, name: str, content: bytes, is_illustration: bool = False, by: Actor, at: datetime) -> FlowReading:
    """Read a file of events with the columns case_id, family_id, activity, ts, team, worker, agency, locality, tier, outcome. Rows
    that cannot be read are reported. Refuses CP-101 to CP-104."""
    if not name.strip():
        raise rules.FILE_NAME.refused()
    if len(content) > MOST_MB * 1_000_000:
        raise rules.FILE_LARGE.refused(most=MOST_MB)
    first, last = _span(content)
    day_of = days_since(first, last)
    try:
        log, bad = read_log(content.decode("utf-8-sig"), day_of)
    except UnicodeDecodeError as wrong:
        raise rules.FILE_READ.refused(why="it is not text in UTF-8") from wrong
    except ValueError as wrong:
        raise rules.FILE_READ.refused(why=str(wrong)) from wrong
    end = float(max(log.at, default=0.0))
    faults = [{"row": each.row, "field": each.field, "reason": each.reason} for each in bad[:_MOST_FAULTS]]
    made = _kept(
        log, end, _teams_in(log, end), 0, name=name.strip()[:120], source=FILE, first=first, last=last, by=by, at=at,
        faults=faults, fault_count=len(bad), is_illustration=is_illustration,
    )  # fmt: skip
    return made


def _span(content: bytes) -> tuple[date, date]:
    """The first and last day named in the file; wrong days are told later, row by row."""
    import csv
    import io

    days = []
    for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig", errors="replace"))):
        try:
            days.append(date.fromisoformat((row.get("ts") or "").strip()[:10]))
        except ValueError:
            continue
    if not days or max(days) - min(days) > timedelta(days=366 * 20):
        raise rules.FILE_READ.refused(why="no row has a day in the column ts, or they lie more than twenty years apart")
    return min(days), max(days)


def _kept(
    log: Log, end: float, teams: list[TeamNow], triage_workers: int, *, name: str, source: str, first: date, last: date,
    by: Actor, at: datetime, **more: Any,
) -> FlowReading:  # fmt: skip
    """Work it out and write it down."""
    on = timezone.localdate(at)
    assumed = assumed_on(on)
    try:
        found = summary(log, end, assumed.targets)
    except ValueError as wrong:
        raise rules.FEW_EVENTS.refused(why=str(wrong)) from wrong
    named = found["teams"]
    teams = [
        TeamNow(each.name, each.workers, each.points, each.ages, each.waiting, float(named.get(each.name, 0)))
        for each in teams
    ]
    if not triage_workers:
        triage_workers = (
            int(found["arrivals"]["per_day"] * assumed.hours["triage_hours"] / assumed.hours["hours_a_day"]) + 2
        )
    model = model_of(found, [each for each in teams if each.share > 0], triage_workers, assumed, name)
    made = FlowReading.objects.create(
        name=name, source=source, taken_at=at, taken_by=by.account_id, starts_on=first, ends_on=last, events=len(log.events),
        summary=found, model=model, **more,
    )  # fmt: skip
    note(subject=made, changed=("reading",), words={"events": made.events, "source": source})
    return made


def _teams(own: Actor, day_of: Callable[[datetime], float], end: float) -> list[TeamNow]:
    """Each team today: its workers by what they are employed for, what each may hold, and its open cases."""
    open_now = {each.team_id: each for each in work_of_teams(own)}
    points = hours(timezone.localdate(own.at))["case_points"]
    found = []
    workers: dict[Any, float] = {}
    for post in posts_with_role(own, Role.KEY_WORKER):
        if post.team_id is not None:
            workers[post.team_id] = workers.get(post.team_id, 0.0) + float(post.full_time_equivalent)
    for team in all_teams(own):
        there, count = open_now.get(team.pk), round(workers.get(team.pk, 0.0))
        if not count:
            continue
        each = team.case_cap / count if team.case_cap else points
        ages = tuple(max(0.0, end - day_of(one)) for one in there.opened_at) if there else ()
        slots = int(count * max(1, int(each)))
        found.append(TeamNow(team.name, count, each, ages[-slots:], there.waiting if there else 0))
    return found


def _workers(own: Actor) -> int:
    """How many whole-time workers decide at the front door."""
    posts = posts_with_role(own, Role.FRONT_DOOR_WORKER, Role.SOCIAL_WORKER)
    return round(sum(float(each.full_time_equivalent) for each in posts))


def _teams_in(log: Log, end: float) -> list[TeamNow]:
    """The teams a file names: their open cases as the log leaves them, and as many workers as would hold a tenth more."""
    team: dict[str, str] = {}
    begun: dict[str, float] = {}
    closed: set[str] = set()
    for event in log.events:
        if event.team:
            team[event.case] = event.team
        if event.activity == "allocation":
            begun.setdefault(event.case, event.at)
        if event.activity == "closure":
            closed.add(event.case)
    found: dict[str, list[float]] = {}
    for case, name in team.items():
        ages = found.setdefault(name, [])
        if case in begun and case not in closed:
            ages.append(max(0.0, end - begun[case]))
    return [
        TeamNow(name, int(len(ages) * 1.1 / 12) + 1, 12, tuple(sorted(ages))) for name, ages in sorted(found.items())
    ]


def _run(job: RunningJob) -> JobResult:
    """What the worker does."""
    from joinedup.core.running import JobResult

    job.report(0, 1, "Reading the chronology")
    made = read_partnership(by=job.by, at=job.at)
    return JobResult(f"{made.events:,} events were read.", "flow_reading", made.pk)


READ = declare_job("capacity.read_partnership", "Read how cases flow", _run)


@service(TAKE_READING)
def start_reading(*, by: Actor, at: datetime) -> Job:
    """Have the partnership's flow read in the background."""
    note(changed=("job",))
    return start_job(READ, by=by, at=at, in_turn=READ.name)


def look_after_capacity(*, at: datetime) -> None:
    """Done now and then by the keeper: testing phases are watched each time, and the flow is read once a week."""
    from joinedup.capacity.services.testing import watch_phases

    own = system(at)
    watch_phases(by=own, at=at)
    last = FlowReading.objects.filter(source=PARTNERSHIP).order_by("-taken_at").first()
    asked = Job.objects.filter(kind=READ.name, asked_at__gt=at - timedelta(days=7)).exists()
    if (
        last is not None
        and at - last.taken_at > timedelta(days=7)
        and not asked
        and timezone.localtime(at).hour >= _NOT_BEFORE
    ):
        start_reading(by=own, at=at)
