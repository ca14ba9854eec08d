"""When each case starts, at one station, first come first served: the recursion of Kiefer and Wolfowitz, for many replications
at once.

A case starts when it is there and a server is free: start(n) = max(arrival(n), earliest free server). Three ways to the same
numbers, to the last digit:

* `_plain` does that, case after case, with a heap of servers: what the others fall back on where load is near its limit.
* `_lanes`, for few servers, keeps the servers' times sorted, and takes the n-th case of every replication together. A replication
  is cut into blocks that run side by side as if each began idle; a block whose beginning turns out otherwise is run again.
* `_rounds`, for many servers: start(n) = max(arrival(n), the (n − c + 1)-th departure of all). Begin with nobody waiting, sort
  the departures, correct the starts, until none changes. It takes as many rounds as cases wait one behind another.
"""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from joinedup.engines.caseflow.model import Array

MANY_SERVERS = 24
MOST_ROUNDS = 8
MOST_PASSES = 4
FEW_ROWS = 8
LANES = 2400
Rows = NDArray[np.int64]


def starts(arrive: Array, stay: Array, servers: int, free: Array | None = None) -> Array:
    """When each case starts. Rows are replications; a row's arrivals are sorted, with infinity behind the last. `free`: when each
    server of each row is first free (rows × servers); without it, at once."""
    if free is None and servers >= arrive.shape[1]:
        return arrive.copy()
    free = _ready(arrive, servers, free)
    if servers >= MANY_SERVERS:
        found, unsettled = _rounds(arrive, stay, free)
    elif len(arrive) >= FEW_ROWS:
        found, unsettled = _lanes(arrive, stay, free)
    else:
        found, unsettled = np.empty_like(arrive), np.arange(len(arrive))
    for row in unsettled:
        found[row] = _plain(arrive[row], stay[row], free[row])
    return found


def _plain(arrive: Array, stay: Array, free: Array) -> Array:
    found: list[float] = []
    servers = free.tolist()
    heapq.heapify(servers)
    put, add = heapq.heapreplace, found.append
    for start, held in zip(arrive.tolist(), stay.tolist(), strict=True):
        if servers[0] > start:
            start = servers[0]
        add(start)
        put(servers, start + held)
    return np.array(found)


def _ready(arrive: Array, servers: int, free: Array | None) -> Array:
    """When each server is first free, sorted."""
    return np.zeros((len(arrive), servers)) if free is None else np.sort(free, axis=1)


def _rounds(arrive: Array, stay: Array, free: Array) -> tuple[Array, Rows]:
    """The starts, and the rows that were not settled."""
    cases = arrive.shape[1]
    found, moving = arrive.copy(), np.arange(len(arrive))
    for _ in range(MOST_ROUNDS):
        departures = np.concatenate((free[moving], found[moving] + stay[moving]), axis=1)
        departures.sort(axis=1)
        corrected = np.maximum(arrive[moving], departures[:, :cases])
        changed = (corrected != found[moving]).any(axis=1)
        found[moving[changed]] = corrected[changed]
        moving = moving[changed]
        if not moving.size:
            break
    return found, moving


def _lanes(arrive: Array, stay: Array, free: Array) -> tuple[Array, Rows]:
    """The starts, and the rows that were not settled."""
    rows, cases = arrive.shape
    servers = free.shape[1]
    blocks = max(1, min(LANES // rows, cases // max(200, 25 * servers)))
    length = -(-cases // blocks)
    padded = np.full((2, rows, blocks * length), np.inf)
    padded[0, :, :cases], padded[1, :, :cases] = arrive, stay
    padded[1, :, cases:] = 0.0
    # case by lane: the n-th case of every block of every replication lies together
    come, last = (np.ascontiguousarray(each.reshape(rows * blocks, length).T) for each in padded)
    firsts = come[0]
    begins = np.repeat(firsts[None, :], servers, axis=0)
    whole = np.arange(rows) * blocks
    begins[:, whole] = np.maximum(free.T, firsts[whole])
    found = np.empty_like(come)
    ends = _run(come, last, begins, found)
    follows = np.setdiff1d(np.arange(rows * blocks), whole)
    again = follows
    for _ in range(MOST_PASSES):
        truly = np.maximum(ends[:, follows - 1], firsts[follows])
        wrong = (truly != begins[:, follows]).any(axis=0)
        again = follows[wrong]
        if not again.size:
            break
        begins[:, again] = truly[:, wrong]
        redone = np.empty((length, again.size))
        ends[:, again] = _run(
            np.ascontiguousarray(come[:, again]), np.ascontiguousarray(last[:, again]), begins[:, again], redone
        )
        found[:, again] = redone
    return np.ascontiguousarray(found.T).reshape(rows, blocks * length)[:, :cases], np.unique(again // blocks)


def _run(come: Array, last: Array, begins: Array, found: Array) -> Array:
    """Run every lane from its beginning; fills in when each case starts, and returns when each server is free at the end."""
    servers = len(begins)
    free, other = begins.copy(), np.empty_like(begins)
    done, later = np.empty(begins.shape[1]), np.empty_like(begins[1:])
    for number in range(len(come)):
        start = np.maximum(come[number], free[0], out=found[number])
        np.add(start, last[number], out=done)
        if servers == 1:
            free[0] = done
            continue
        # the server that was free first is free again when this case is done: put that time in its place among the others
        rest = free[1:]
        np.maximum(rest, done, out=later)
        np.minimum(done, rest[0], out=other[0])
        np.minimum(later[:-1], rest[1:], out=other[1:-1])
        other[-1] = later[-1]
        free, other = other, free
    return free
