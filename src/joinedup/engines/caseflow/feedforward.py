"""The quick kernel: flows that only go forward, first come first served, worked through station by station for many
replications at once. `event_loop` does the rest; where both can, they agree to the last digit."""

from __future__ import annotations

import numpy as np

from joinedup.engines.caseflow.counting import Passage
from joinedup.engines.caseflow.fates import Fates, Visit, Whole
from joinedup.engines.caseflow.model import Array, Model, Station
from joinedup.engines.caseflow.recursion import starts
from joinedup.engines.caseflow.traffic import matrix


def needs_events(model: Model) -> list[str]:
    """Why a flow needs the event loop; empty where the recursion will do."""
    reasons = [] if _order(model) is not None else ["cases come back"]
    reasons += ["urgent cases go first"] if len(model.priorities) > 1 else []
    reasons += ["cases weigh differently"] if len(model.points) > 1 else []
    reasons += ["workers are away"] if any(station.away for station in model.stations) else []
    reasons += ["workers belong to localities"] if any(station.localities for station in model.stations) else []
    reasons += ["a worker's last place is part of a case"] if any(s.caseload % 1 > 1e-9 for s in model.stations) else []
    return reasons


def _order(model: Model) -> list[int] | None:
    """The stations, each after all that lead to it; None where routes lead in a circle."""
    shares = matrix(model) > 0
    left, order = set(range(len(model.stations))), []
    while left:
        ready = sorted(number for number in left if not any(shares[other, number] for other in left))
        if not ready:
            return None
        order += ready
        left -= set(ready)
    return order


def passages(model: Model, fates: list[Fates]) -> list[list[Passage]]:
    """For each replication, what passed at each station. For flows that need no events only."""
    order = _order(model) or []
    come = [_first_comers(model, each) for each in fates]
    found: list[list[Passage | None]] = [[None] * len(model.stations) for _ in fates]
    for number in order:
        for row, passage in enumerate(_at(model, number, fates, come)):
            found[row][number] = passage
    return [[passage for passage in row if passage is not None] for row in found]


def _first_comers(model: Model, fates: Fates) -> list[Array]:
    """When each case comes to each station (infinity: never, or not yet known)."""
    come = [np.full(fates.cases, np.inf) for _ in model.stations]
    come[model.place[model.first]][fates.opened :] = fates.arrivals
    for number, (opened, waiting) in enumerate(zip(*open_places(model), strict=True)):
        come[number][waiting] = 0.0
        come[number][opened] = -1.0  # already started: taken out of the queue below
    return come


def open_places(model: Model) -> tuple[list[slice], list[slice]]:
    """Which cases are being worked with at each station on the first day, and which wait there."""
    opened, waiting, at = [], [], 0
    for station in model.stations:
        opened.append(slice(at, at + len(station.open_ages)))
        at += len(station.open_ages)
        waiting.append(slice(at, at + station.waiting))
        at += station.waiting
    return opened, waiting


def _at(model: Model, number: int, fates: list[Fates], come: list[list[Array]]) -> list[Passage]:
    """Work through one station in every replication; those who go on are sent there."""
    station = model.stations[number]
    opened = open_places(model)[0][number]
    chosen = [_queue(each[number]) for each in come]
    visits = [each.visit(station, 0, which) for each, which in zip(fates, chosen, strict=True)]
    longest = max((len(which) for which in chosen), default=0)
    arrive, stay = np.full((len(fates), longest), np.inf), np.zeros((len(fates), longest))
    for row, (which, visit) in enumerate(zip(chosen, visits, strict=True)):
        arrive[row, : len(which)], stay[row, : len(which)] = come[row][number][which], visit.stay
    old = [each.remaining(station, opened) for each in fates] if station.open_ages else None
    begun = starts(arrive, stay, station.slots, _free(station, old))
    found = []
    for row, (which, visit) in enumerate(zip(chosen, visits, strict=True)):
        started = begun[row, : len(which)]
        _send_on(come[row], which, visit.to, started + visit.stay + visit.delay)
        if old is not None:
            before = old[row]
            _send_on(come[row], np.arange(opened.start, opened.stop), before.to, before.stay + before.delay)
            none = np.full(len(before.stay), -np.inf)
            found.append(
                Passage(
                    np.concatenate((none, come[row][number][which])),
                    np.concatenate((np.zeros(len(none)), started)),
                    np.concatenate((before.stay, visit.stay)),
                )
            )
        else:
            found.append(Passage(come[row][number][which], started, visit.stay))
    return found


def _queue(come: Array) -> Whole:
    """The cases that come, in the order they come."""
    which = np.flatnonzero((come >= 0) & (come < np.inf))
    times = come[which]
    if (times[1:] >= times[:-1]).all():
        return which
    return np.asarray(which[np.argsort(times, kind="stable")])


def _send_on(come: list[Array], which: Whole, to: Whole, at: Array) -> None:
    targets = np.unique(to[to >= 0]) if to.size and to.max() >= 0 else ()
    for number in targets:
        gone = np.flatnonzero(to == number)
        come[number][which[gone]] = at[gone]


def _free(station: Station, old: list[Visit] | None) -> Array | None:
    """When each place is free: after the open cases, the longest of them where there are more than places."""
    if old is None:
        return None
    places = np.zeros((len(old), station.slots))
    for row, visit in enumerate(old):
        longest = np.sort(visit.stay)[-station.slots :]
        places[row, : len(longest)] = longest
    return places
