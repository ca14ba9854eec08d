"""How much work reaches each station, and whether its workers can cope: the traffic equations of an open network.

λ = γ + λP: what reaches a station is what comes from outside and from every other. Exact for any network whose routes do not
depend on the queues, whatever the distributions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from joinedup.engines.caseflow.model import Array, Model, Station

_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Overload:
    """A station with more work than its workers can ever do."""

    name: str
    load: float
    needed: int
    sentence: str


def matrix(model: Model) -> Array:
    """Row by row, the share of cases that goes from each station to each other, those who leave at a review counted."""
    place = model.place
    found = np.zeros((len(place), len(place)))
    for number, station in enumerate(model.stations):
        by_review = station.ended_by_review
        for route in model.routes_from(station.name):
            found[number, place[route.to]] += route.probability * (1 - by_review)
        ways = station.reviews.leaving if station.reviews else ()
        total = sum(chance for chance, _ in ways)
        for chance, to in ways:
            if to:
                found[number, place[to]] += by_review * chance / total
    return found


def reached(model: Model) -> set[int]:
    """The stations that anybody ever comes to."""
    shares = matrix(model)
    seen, ahead = set(), [model.place[model.first]]
    while ahead:
        here = ahead.pop()
        if here not in seen:
            seen.add(here)
            ahead += [int(there) for there in np.flatnonzero(shares[here])]
    return seen


def trapped(model: Model) -> list[str]:
    """The stations that cases reach and from which none ever leaves the flow."""
    shares = matrix(model)
    out = {number for number in range(len(shares)) if shares[number].sum() < 1 - _CLOSE}
    while True:
        more = {n for n in range(len(shares)) if n not in out and any(shares[n, there] > 0 for there in out)}
        if not more:
            break
        out |= more
    return [model.stations[number].name for number in sorted(reached(model) - out)]


def traffic(model: Model) -> Array:
    """How many cases reach each station a day."""
    outside = np.zeros(len(model.stations))
    outside[model.place[model.first]] = model.per_day
    return np.asarray(np.linalg.solve(np.eye(len(outside)) - matrix(model).T, outside))


def offered(model: Model) -> Array:
    """The work offered to each station, in caseload points held at once if nobody waited (in workers, where each takes one)."""
    stays = np.array([station.mean_stay * _weight(model, station) for station in model.stations])
    return np.asarray(traffic(model) * stays)


def capacity(station: Station) -> float:
    """What a station can hold at once on average, in points, those away taken off."""
    return station.servers * station.caseload * (1 - station.away)


def loads(model: Model) -> Array:
    """The share of its capacity that each station needs to keep up."""
    return np.asarray(offered(model) / np.array([capacity(station) for station in model.stations]))


def overloads(model: Model) -> list[Overload]:
    """The stations that fall behind for ever, each with the workers that would keep up."""
    found = []
    for station, work, load in zip(model.stations, offered(model), loads(model), strict=True):
        if load < 1 - _CLOSE:
            continue
        needed = math.floor(float(work) / (capacity(station) / station.servers) + _CLOSE) + 1
        work_in_workers = float(work) / (capacity(station) / station.servers)
        found.append(
            Overload(
                station.name,
                float(load),
                needed,
                f"{station.name} has work for {work_in_workers:.2f} workers and {station.servers}: the queue would grow for"
                f" ever; at least {needed} {'worker is' if needed == 1 else 'workers are'} needed",
            )
        )
    return found


def _weight(model: Model, station: Station) -> float:
    """What a case weighs here: nothing but itself where workers take one case after the other."""
    return model.mean_points if station.caseload > 1 else 1.0
