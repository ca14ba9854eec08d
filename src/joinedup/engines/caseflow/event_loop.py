"""The kernel for everything: cases that come back, urgent ones, workers on leave, weighted caseloads, steps between levels,
localities. One replication, event after event, from a heap.

Rules. A station starts the most urgent case that has waited longest; where it does not fit (its points, its worker's caseload),
those behind it wait too. Among workers who have room, one of the case's locality is taken first, then the one who holds fewest
points, then the first in the list. A worker who is away starts nothing; what they hold goes on. A case that weighs more after a
step up stays with its worker, even over the caseload. Nobody new comes after the last day; those who wait are followed till
they start, at most five times as long.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from joinedup.engines.caseflow.counting import Passage
from joinedup.engines.caseflow.fates import Fates
from joinedup.engines.caseflow.feedforward import open_places
from joinedup.engines.caseflow.model import Model, Station

_COME, _END, _AWAY, _BACK, _REVIEW = range(5)
_ROOM = 1e-9
FOLLOWED = 5.0


@dataclass(slots=True)
class _Held:
    """A case at a station: which visit it is, and what will become of it."""

    case: int
    came: float
    points: float
    stay: float
    to: int
    delay: float
    luck: int
    worker: int = -1
    started: float = -1.0
    level: int = 0
    elsewhere: bool = False
    ended: bool = False


@dataclass(slots=True)
class _Place:
    """A station as it is now."""

    station: Station
    number: int
    homes: list[str]
    load: list[float]
    away: list[bool]
    queue: list[tuple[int, float, int, _Held]] = field(default_factory=list)
    visits: list[Any] = field(default_factory=list)
    past: list[_Held] = field(default_factory=list)
    plain: bool = True
    free: int = 0


class _Run:
    """One replication under way."""

    def __init__(self, model: Model, fates: Fates) -> None:
        self.model, self.fates = model, fates
        self.heap: list[tuple[float, int, int, int, Any]] = []
        self.order = 0
        self.times: dict[tuple[int, int], int] = {}
        self.urgency = fates.urgency().tolist() if len(model.priorities) > 1 else None
        self.level = fates.level().tolist() if len(model.points) > 1 else None
        self.home = fates.home() if model.localities else None
        self.places = [self._place(number, station) for number, station in enumerate(model.stations)]
        self.leave = {
            (number, worker): fates.stream("leave", station.name, str(worker))
            for number, station in enumerate(model.stations)
            if station.away
            for worker in range(station.servers)
        }

    def _place(self, number: int, station: Station) -> _Place:
        homes = [name for name, count in station.localities.items() for _ in range(count)] or [""] * station.servers
        place = _Place(station, number, homes, [0.0] * station.servers, [False] * station.servers)
        whole = station.caseload % 1 <= _ROOM and (station.caseload == 1 or len(self.model.points) == 1)
        place.plain = not station.away and not station.localities and whole
        place.free = station.slots
        return place

    def push(self, at: float, what: int, place: int, about: Any) -> None:
        self.order += 1
        heapq.heappush(self.heap, (at, self.order, what, place, about))

    def go(self) -> list[Passage]:
        self._open()
        first = self.model.place[self.model.first]
        arrivals, case = self.fates.arrivals.tolist(), self.fates.opened
        for (number, worker), luck in self.leave.items():
            self._next_leave(number, worker, luck, 0.0)
        heap, days = self.heap, self.model.days
        waiting_to_come = iter(arrivals)
        coming = next(waiting_to_come, None)
        while heap or coming is not None:
            if coming is not None and (not heap or coming < heap[0][0]):
                self._come(coming, first, case)
                case += 1
                coming = next(waiting_to_come, None)
                continue
            at, _, what, number, about = heapq.heappop(heap)
            if what == _COME:
                self._come(at, number, about)
            elif what == _END:
                self._end(at, number, about)
            elif what == _REVIEW:
                self._review(at, number, about)
            else:
                self._leave(at, what, number, about)
            if at > days and (at > FOLLOWED * days or not any(place.queue for place in self.places)):
                self._give_up(at)
                break
        return [self._passage(place) for place in self.places]

    def _give_up(self, at: float) -> None:
        """Whoever still waits so long after the last day is counted as waiting till now."""
        for place in self.places:
            for _, _, _, held in place.queue:
                held.started = at

    def _open(self) -> None:
        """The cases of the first day: those held go to the workers in turn, those who wait stand in the queue."""
        opened, waiting = open_places(self.model)
        for place in self.places:
            left = self.fates.remaining(place.station, opened[place.number])
            fates = zip(left.stay.tolist(), left.to.tolist(), left.delay.tolist(), strict=True)
            for nth, (stay, to, delay) in enumerate(fates):
                held = self._fate(place, opened[place.number].start + nth, -np.inf)
                held.stay, held.to, held.delay = stay, to, delay
                held.started, held.worker = 0.0, nth % place.station.servers
                place.past.append(held)
                self._begin(0.0, place, held, place.station.open_ages[nth])
        for place in self.places:
            for case in range(waiting[place.number].start, waiting[place.number].stop):
                self._queue(place, self._fate(place, case, 0.0))
            self._serve(0.0, place)

    def _fate(self, place: _Place, case: int, at: float) -> _Held:
        """What will become of a case at this visit."""
        visit = self.times.get((place.number, case), 0)
        self.times[(place.number, case)] = visit + 1
        while len(place.visits) <= visit:
            drawn = self.fates.visit(place.station, len(place.visits))
            place.visits.append((drawn.stay.tolist(), drawn.to.tolist(), drawn.delay.tolist()))
        stays, targets, delays = place.visits[visit]
        level = self.level[case] if self.level else 0
        points = self.model.points[level] if place.station.caseload > 1 else 1.0
        return _Held(case, at, points, stays[case], targets[case], delays[case], visit, level=level)

    def _come(self, at: float, number: int, case: int) -> None:
        place = self.places[number]
        self._queue(place, self._fate(place, case, at))
        self._serve(at, place)

    def _queue(self, place: _Place, held: _Held) -> None:
        self.order += 1
        place.past.append(held)
        first = self.urgency[held.case] if self.urgency else 0
        heapq.heappush(place.queue, (first, held.came, self.order, held))

    def _serve(self, at: float, place: _Place) -> None:
        """Start whoever can be started."""
        while place.queue:
            held = place.queue[0][3]
            if place.plain:
                if place.free <= 0:
                    return
            else:
                held.worker = self._worker(place, held)
                if held.worker < 0:
                    return
            heapq.heappop(place.queue)
            held.started = at
            self._begin(at, place, held)

    def _begin(self, at: float, place: _Place, held: _Held, age: float = 0.0) -> None:
        """Work begins with a case, or goes on with one that is `age` days old."""
        self._take(place, held)
        self.push(at + held.stay, _END, place.number, held)
        reviews = place.station.reviews
        if reviews and self.level and not place.plain:
            self.push(at + reviews.every - age % reviews.every, _REVIEW, place.number, (held, 1))

    def _take(self, place: _Place, held: _Held) -> None:
        if place.plain:
            place.free -= 1
            return
        place.load[held.worker] += held.points
        if self.home and place.station.localities:
            held.elsewhere = place.homes[held.worker] != self.home[held.case]

    def _worker(self, place: _Place, held: _Held) -> int:
        """Who takes a case: of its locality first, then who holds least; −1 where nobody has room."""
        room, load, away = place.station.caseload - max(held.points, 0.0) + _ROOM, place.load, place.away
        home = self.home[held.case] if self.home else ""
        best, least = -1, (True, 0.0)
        for worker, loaded in enumerate(load):
            if away[worker] or (loaded > room and loaded > 0):
                continue
            standing = (place.homes[worker] != home, loaded)
            if best < 0 or standing < least:
                best, least = worker, standing
        return best

    def _end(self, at: float, number: int, held: _Held) -> None:
        place = self.places[number]
        held.ended = True
        if place.plain:
            place.free += 1
        else:
            place.load[held.worker] -= held.points
        if held.to >= 0:
            self.push(at + held.delay, _COME, held.to, held.case)
        self._serve(at, place)

    def _review(self, at: float, number: int, about: tuple[_Held, int]) -> None:
        """A review at which the case stays: it may weigh more or less from now on."""
        held, nth = about
        place = self.places[number]
        reviews = place.station.reviews
        if held.ended or reviews is None:
            return
        up = 0.0 if reviews.step_up_to else reviews.step_up
        down = 0.0 if reviews.step_down_to else reviews.step_down
        chance = self.fates.even("level", place.station.name, str(held.luck), str(nth))[held.case]
        step = 1 if chance < up else -1 if chance < up + down else 0
        held.level = min(max(held.level + step, 0), len(self.model.points) - 1)
        place.load[held.worker] += self.model.points[held.level] - held.points
        held.points = self.model.points[held.level]
        self.push(at + reviews.every, _REVIEW, number, (held, nth + 1))
        self._serve(at, place)

    def _next_leave(self, number: int, worker: int, luck: np.random.Generator, at: float) -> None:
        """When a worker is next away: spells of work and of leave take turns, each exponential."""
        station = self.model.stations[number]
        here = station.away_days * (1 - station.away) / station.away
        begins = at + luck.standard_exponential() * here
        ends = begins + luck.standard_exponential() * station.away_days
        self.push(begins, _AWAY, number, worker)
        self.push(ends, _BACK, number, worker)

    def _leave(self, at: float, what: int, number: int, worker: int) -> None:
        place = self.places[number]
        place.away[worker] = what == _AWAY
        if what == _BACK:
            self._next_leave(number, worker, self.leave[(number, worker)], at)
            self._serve(at, place)

    def _passage(self, place: _Place) -> Passage:
        done = [held for held in place.past if held.started >= 0]
        came = np.array([held.came for held in done])
        elsewhere = np.array([held.elsewhere for held in done], dtype=float) if place.station.localities else None
        weight = np.array([held.points for held in done]) if len(self.model.points) > 1 else None
        return Passage(
            came, np.array([held.started for held in done]), np.array([held.stay for held in done]), weight, elsewhere
        )


def passages(model: Model, fates: Fates) -> list[Passage]:
    """What passed at each station in one replication."""
    return _Run(model, fates).go()
