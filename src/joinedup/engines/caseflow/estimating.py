"""From what happened to what would: arrivals, routes, durations and returns read from an event log, each with how sure it is.

Cases still open at the end of the log are counted as lasting at least so long. Families that come back are not fresh demand: they
are told apart, and how many come back within a year is read from closures, the recent ones counted for the days they had.
Little's law checks the log against itself: what is there on average must be arrivals a day times days held.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from joinedup.engines.caseflow.durations import Curve, Ended, Fit, Spike, best_fit, kaplan_meier, spike
from joinedup.engines.caseflow.event_log import Log
from joinedup.engines.caseflow.futures import wilson
from joinedup.engines.caseflow.intervals import Estimate, t_value
from joinedup.engines.caseflow.model import Array

YEAR = 253.0
ALARM = 0.10


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of a case: from one activity to another, with the deadline people work to, if there is one."""

    name: str
    begins: str
    ends: str
    deadline: float | None = None


STAGES = (
    Stage("Triage", "contact", "triage_decision"),
    Stage("Assessment", "assessment_start", "assessment_complete", deadline=45),
    Stage("Allocation", "referral", "allocation"),
    Stage("Team", "allocation", "closure"),
)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """New families' contacts a working day; `dispersion` is the variance of a day's count over its mean (1: pure chance); the
    factors are of each day of the week (0 the first working day) and of each season, over the mean."""

    per_day: Estimate
    dispersion: float
    by_weekday: tuple[float, ...]
    by_season: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Little:
    """Little's law at one stage: how many were there on average, and arrivals a day × mean days. Far apart, the log has gaps."""

    there: float
    rate_times_stay: float

    @property
    def is_alarm(self) -> bool:
        """Whether they are more than a tenth apart."""
        return abs(self.there - self.rate_times_stay) > ALARM * max(self.there, 1e-9)


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a stage lasts."""

    stage: Stage
    cases: int
    still_open: int
    curve: Curve
    fit: Fit
    spike: Spike | None
    little: Little


def arrivals(log: Log, begin: float, end: float, *, activity: str = "contact", seasons: int = 4) -> Arrivals:
    """New families a day between two working days: who comes back after a closure is not counted (`returns` counts them).
    Raises ``ValueError`` for fewer than two weeks."""
    days = math.floor(end) - math.ceil(begin)
    if days < 10:
        raise ValueError("two weeks at least must be seen to say how many come")
    when = log.first(activity)[_fresh(log, activity)]
    when = when[(when >= math.ceil(begin)) & (when < math.floor(end))]
    counts = np.bincount((when - math.ceil(begin)).astype(np.int64), minlength=days).astype(float)
    mean = float(counts.mean())
    if mean <= 0:
        raise ValueError(f"nobody had a {activity} in these days")
    spread = float(counts.var(ddof=1)) / mean
    half = t_value(days - 1) * math.sqrt(max(spread, 1.0) * mean / days)
    week = tuple(float(counts[day::5].mean()) / mean for day in range(5))
    place = ((np.arange(days) + math.ceil(begin)) % YEAR / YEAR * seasons).astype(np.int64)
    season = tuple(float(counts[place == one].mean()) / mean if (place == one).any() else 1.0 for one in range(seasons))
    return Arrivals(Estimate(mean, max(0.0, mean - half), mean + half), spread, week, season)


def _fresh(log: Log, activity: str) -> Ended:
    """Which cases are of a family that had none closed before."""
    came, closed = log.first(activity), log.first("closure")
    family = _homes(log)
    earliest = np.full(len(log.families), np.inf)
    np.fmin.at(earliest, family, closed)
    return np.asarray(~(earliest[family] < came))


def _homes(log: Log) -> NDArray[np.int64]:
    """The family of each case."""
    home = np.zeros(len(log.cases), dtype=np.int64)
    home[log.case] = log.family
    return home


def routes(log: Log, activity: str, *, fewest: int = 6) -> dict[str, Estimate]:
    """What directly follows an activity, as shares of the cases that went on, each with its 95 % interval (Wilson). Those of
    fewer than six cases are put together as "other"."""
    if activity not in log.activities:
        return {}
    same = (log.case[1:] == log.case[:-1]) & (log.activity[:-1] == log.activities.index(activity))
    counts = Counter(log.activities[each] for each in log.activity[1:][same])
    total = sum(counts.values())
    told = {name: count for name, count in counts.items() if count >= fewest}
    if total > sum(told.values()):
        told["other"] = total - sum(told.values())
    return {name: Estimate(count / total, *wilson(count / total, total)) for name, count in sorted(told.items())}


def outcomes(log: Log, activity: str, outcome: str) -> Estimate:
    """The share of an activity that had this outcome, with its interval. Raises ``ValueError`` where there was none."""
    said = [event.outcome for event in log.events if event.activity == activity]
    if not said:
        raise ValueError(f"there was no {activity}")
    share = sum(each == outcome for each in said) / len(said)
    return Estimate(share, *wilson(share, len(said)))


def spells(log: Log, stage: Stage, end: float) -> tuple[Array, Array, Ended]:
    """When each case began a stage, how long it has lasted, and whether it is over by the end of the log."""
    began, ended = log.first(stage.begins), log.first(stage.ends)
    here = began <= end
    began, ended = began[here], ended[here]
    over = ended <= end
    lasted = np.where(over, ended, end) - began
    right = lasted >= 0
    return began[right], lasted[right], over[right]


def durations(log: Log, begin: float, end: float, stages: tuple[Stage, ...] = STAGES) -> Mapping[str, Duration]:
    """How long each stage lasts, of the cases that began it since `begin`; stages with too little seen are left out."""
    found = {}
    for stage in stages:
        began, lasted, over = spells(log, stage, end)
        recent = began >= begin
        if int(over[recent].sum()) < 2:
            continue
        fit = best_fit(lasted[recent], over[recent])
        late = spike(lasted[recent], over[recent], stage.deadline) if stage.deadline else None
        curve = kaplan_meier(lasted[recent], over[recent])
        found[stage.name] = Duration(
            stage, int(recent.sum()), int((~over[recent]).sum()), curve, fit, late, little(began, lasted, begin, end)
        )
    return found


def little(began: Array, lasted: Array, begin: float, end: float) -> Little:
    """Little's law between two days: the mean number there, against those who came a day × the mean days of those who left."""
    left_at = began + lasted
    there = float((np.minimum(left_at, end) - np.maximum(began, begin)).clip(0).sum()) / (end - begin)
    came = (began >= begin) & (began < end)
    gone = (left_at >= begin) & (left_at < end)
    rate = (float(came.sum()) + float(gone.sum())) / 2 / (end - begin)
    stay = float(lasted[gone].mean()) if gone.any() else 0.0
    return Little(there, rate * stay)


def returns(log: Log, end: float, *, within: float = YEAR) -> tuple[Estimate, Fit | None]:
    """The share of families who come back within so many days of a closure, with its interval, and how long those who do stay
    away. Closures near the end of the log count for the days they had."""
    home = _homes(log)
    closed, contact = log.first("closure"), log.first("contact")
    again: dict[int, list[float]] = {}
    for family, at in zip(home.tolist(), contact.tolist(), strict=True):
        if not math.isnan(at):
            again.setdefault(family, []).append(at)
    away, back = [], []
    for family, at in zip(home.tolist(), closed.tolist(), strict=True):
        if math.isnan(at) or at > end:
            continue
        later = [each for each in again.get(family, ()) if at < each <= end]
        away.append((min(later) if later else end) - at)
        back.append(bool(later))
    if not away:
        return Estimate(None, None, None), None
    lasted, ended = np.array(away), np.array(back)
    still = kaplan_meier(lasted, ended).at(within)
    share = Estimate(1 - (still.value or 0.0), 1 - (still.high or 0.0), 1 - (still.low or 0.0))
    came = lasted[ended]
    return share, best_fit(came, np.ones(came.size, dtype=bool)) if came.size > 5 else None
