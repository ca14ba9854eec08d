"""The instant answer: each station by formula, and where the formula does not hold.

An open network with Poisson arrivals, exponential service and routes by chance is Jackson's: every station is M/M/c by itself,
exactly. Elsewhere arrivals at a station are taken as Poisson or, behind a station with uneven service, by their variability
(Whitt's queueing network analyser), and waits by Kimura or Allen and Cunneen: approximate, and said to be. Leave, priorities,
steps between levels and a start from a live caseload have no formula here: the answer says so, and the simulation counts them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from joinedup.engines.caseflow.model import Array, Model, Reviews, Service, Station
from joinedup.engines.caseflow.queues import allen_cunneen, erlang_b, erlang_c, kimura, mean_wait_one
from joinedup.engines.caseflow.traffic import matrix, offered, traffic


@dataclass(frozen=True, slots=True)
class Answer:
    """A station in the long run. Waits in working days, of everybody; `notes` say what is approximate and why."""

    name: str
    per_day: float
    utilisation: float
    erlang_b: float
    erlang_c: float
    mean_wait: float
    p_wait_over_target: float
    mean_queue: float
    exact: bool
    notes: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """As the command prints it."""
        return {
            "per_day": self.per_day,
            "mean_wait": self.mean_wait,
            "p_wait_over_target": self.p_wait_over_target,
            "utilisation": self.utilisation,
            "mean_queue": self.mean_queue,
            "erlang_b": self.erlang_b,
            "erlang_c": self.erlang_c,
            "exact": self.exact,
            "notes": list(self.notes),
        }


def answers(model: Model) -> tuple[Answer, ...]:
    """Every station of a flow that can cope, in the long run."""
    rates, work, spread = traffic(model), offered(model), variability(model)
    uneven = any(station.service.distribution != "exponential" or station.reviews for station in model.stations)
    found = []
    for number, station in enumerate(model.stations):
        notes = _doubts(model, station)
        if uneven and spread[number] != 1.0:
            notes.append(
                "cases do not come here by pure chance: the spread of the gaps between them is an approximation"
            )
        found.append(_answer(model, station, float(rates[number]), float(work[number]), float(spread[number]), notes))
    return tuple(found)


def _answer(model: Model, station: Station, rate: float, work: float, spread: float, notes: list[str]) -> Answer:
    per_worker = math.floor(station.caseload + 1e-9)
    servers = max(1, math.floor(station.servers * (1 - station.away) * per_worker + 1e-9))
    weight = model.mean_points if per_worker > 1 else 1.0
    stay, cv = station.mean_stay, _cv(station)
    busy = work / (station.servers * station.caseload)
    if rate <= 0:
        return Answer(station.name, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, True, ("nobody comes here",))
    load = rate * stay * weight
    if load >= servers:
        notes.append("whole workers cannot be counted off for leave so near the limit: simulate")
        servers = math.floor(load) + 1
    waits = erlang_c(load, servers)
    wait = _wait(rate, stay * weight, cv, servers, spread)
    if cv != 1.0 and servers > 1:
        notes.append(
            "service is not exponential: waits are by Kimura's approximation, usually within 5 %, up to 25 % at light load"
        )
    if servers == 1 and cv != 1.0 and spread == 1.0:
        notes.append("the mean wait is exact (Pollaczek and Khinchine); the share over the target is approximate")
    over = waits * math.exp(-waits * station.target_wait / wait) if wait > 0 else 0.0
    return Answer(
        station.name, rate, busy, erlang_b(load, servers), waits, wait, over, rate * wait, not notes, tuple(notes)
    )  # fmt: skip


def _wait(rate: float, stay: float, cv: float, servers: int, spread: float) -> float:
    if abs(spread - 1) > 1e-12:
        return allen_cunneen(rate, stay, cv, servers, arrivals_cv=math.sqrt(spread))
    return mean_wait_one(rate, stay, cv) if servers == 1 else kimura(rate, stay, cv, servers)


def _cv(station: Station) -> float:
    """The coefficient of variation of how long a case is held; reviews that end cases early make it nearer 1."""
    if station.reviews is None or not station.reviews.leaving:
        return station.service.variation
    return _reviewed_cv(station.service, station.reviews)


@lru_cache
def _reviewed_cv(service: Service, reviews: Reviews) -> float:
    every, chance = reviews.every, sum(share for share, _ in reviews.leaving)
    step, second, kept = every / 40, 0.0, 1.0
    for number in range(400 * 40):
        at = (number + 0.5) * step
        alive = kept * service.survival(at)
        second += 2 * at * alive * step
        if alive < 1e-9:
            break
        kept *= 1 - chance if (number + 1) % 40 == 0 else 1
    mean = Station("", 1, service, reviews=reviews).mean_stay
    return math.sqrt(max(0.0, second / mean**2 - 1))


def _doubts(model: Model, station: Station) -> list[str]:
    notes = []
    if len(model.priorities) > 1:
        notes.append("urgent cases go first: this is the mean of all, taken in turn")
    if station.away:
        notes.append("leave and sickness are counted as fewer workers, not as people who come and go")
    if station.reviews and any(to for _, to in station.reviews.leaving):
        notes.append("steps to another station are counted by their mean, not by when they come")
    if station.caseload > 1 and len(model.points) > 1:
        notes.append("cases of different weight are counted by their mean weight")
    if station.open_ages or station.waiting:
        notes.append("this is the long run, not the start from today's cases")
    return notes


def variability(model: Model) -> Array:
    """The squared coefficient of variation of the gaps between arrivals at each station: 1 for pure chance (exactly so in
    Jackson's network), less where a steady station lies before it. By the decomposition of Whitt's queueing network analyser."""
    count = len(model.stations)
    found = np.ones(count)
    if all(station.service.distribution == "exponential" and not station.reviews for station in model.stations):
        return found
    shares, rates, work = matrix(model), traffic(model), offered(model)
    loads = np.array(
        [
            min(0.999, float(w) / (s.servers * s.caseload * (1 - s.away)))
            for w, s in zip(work, model.stations, strict=True)
        ]
    )
    slots = np.array([max(1, station.slots) for station in model.stations])
    services = np.array([max(0.2, _cv(station) ** 2) for station in model.stations])
    flows = rates[:, None] * shares
    for _ in range(500):
        leaving = 1 + (1 - loads**2) * (found - 1) + loads**2 / np.sqrt(slots) * (services - 1)
        split = 1 + shares * (leaving[:, None] - 1)
        outside = rates - flows.sum(axis=0)
        mixed = np.where(rates > 0, ((flows * split).sum(axis=0) + outside) / np.where(rates > 0, rates, 1), 1.0)
        if np.allclose(mixed, found, atol=1e-12):
            break
        found = mixed
    found[np.abs(found - 1) < 1e-9] = 1.0
    return found
