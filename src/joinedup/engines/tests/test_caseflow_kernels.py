"""The two kernels are one with each other, with the plain recursion, and with SimPy: to the last digit, on the same cases."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import simpy

from joinedup.engines.caseflow import (
    Joblib,
    Model,
    Reviews,
    Route,
    Service,
    Station,
    Threads,
    event_loop,
    feedforward,
    simulate,
)
from joinedup.engines.caseflow.fates import Fates
from joinedup.engines.caseflow.recursion import starts
from joinedup.engines.caseflow.simulating import Work, settled

TEAM = Service("lognormal", 20, 0.6)
FORWARD = Model(
    6,
    "Triage",
    (
        Station("Triage", 3, Service("lognormal", 0.4, 0.75), target_wait=0.5, waiting=3),
        Station("North", 5, TEAM, caseload=6, reviews=Reviews(5, close=0.05), open_ages=tuple(range(33)), waiting=2),
        Station("South", 30, Service("exponential", 9), target_wait=5),
        Station("Advice", 1, Service("deterministic", 0.3)),
    ),
    (Route("Triage", "North", 0.2), Route("Triage", "South", 0.5), Route("North", "Advice", 0.9), Route("South", "Advice", 0.3, delay=4)),
    days=300,
)  # fmt: skip
ROUND = replace(FORWARD, routes=(*FORWARD.routes, Route("Advice", "Triage", 0.3, delay=30)), priorities=(0.2, 0.8))


def plain(arrive: Sequence[float], stay: Sequence[float], free: Sequence[float]) -> list[float]:
    servers, found = sorted(free), []
    for at, held in zip(arrive, stay, strict=True):
        found.append(max(at, servers[0]))
        heapq.heapreplace(servers, found[-1] + held)
    return found


@pytest.mark.parametrize(
    ("servers", "load"), [(1, 0.8), (2, 0.95), (7, 0.77), (7, 0.99), (23, 1.1), (24, 0.9), (480, 0.96), (480, 1.2)]
)
def test_the_recursion_is_bit_for_bit_the_plain_one(servers: int, load: float) -> None:
    luck = np.random.default_rng(servers)
    arrive = np.cumsum(luck.exponential(size=(9, 2500)), axis=1)
    stay = luck.lognormal(0, 0.6, size=arrive.shape)
    stay *= servers * load / stay.mean()
    for free in (np.zeros((9, servers)), luck.exponential(servers, (9, servers))):
        found = starts(arrive, stay, servers, free if free.any() else None)
        few = starts(arrive[:2], stay[:2], servers, free[:2])
        assert few.tolist() == found[:2].tolist()
        for row in range(9):
            assert found[row].tolist() == plain(arrive[row].tolist(), stay[row].tolist(), free[row].tolist())


def test_the_event_loop_says_what_the_recursion_says() -> None:
    quick = simulate(FORWARD, replications=5, seed=9)
    slow = simulate(FORWARD, replications=5, seed=9, kernel="event loop")
    assert (quick.kernel, slow.kernel) == ("recursion", "event loop")
    assert quick.checksum == slow.checksum
    assert quick.measures[:, :, :4].min() >= 0
    with pytest.raises(ValueError, match="cases come back, urgent cases go first"):
        simulate(ROUND, replications=1, seed=1, kernel="recursion")


def by_simpy(model: Model, fates: Fates) -> dict[int, dict[int, list[tuple[float, float]]]]:
    """When each case came and started at each station, by SimPy, with the same luck; nobody is there on the first day."""
    world = simpy.Environment()
    resources = [simpy.PriorityResource(world, station.slots) for station in model.stations]
    urgency = fates.urgency() if len(model.priorities) > 1 else np.zeros(fates.cases)
    found: dict[int, dict[int, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    drawn: dict[tuple[int, int], Any] = {}

    def case(number: int, at: float) -> Generator[Any, Any, None]:
        yield world.timeout(at)
        here, visits = model.place[model.first], [0] * len(model.stations)
        while here >= 0:
            key = (here, visits[here])
            visit = drawn.setdefault(key, None) or fates.visit(model.stations[here], key[1])
            drawn[key] = visit
            visits[here] += 1
            came = world.now
            with resources[here].request(priority=urgency[number]) as asked:
                yield asked
                found[here][number].append((came, world.now))
                yield world.timeout(visit.stay[number])
            there = int(visit.to[number])
            if there >= 0:
                yield world.timeout(visit.delay[number])
            here = there

    for number, at in enumerate(fates.arrivals.tolist()):
        world.process(case(number, at))
    world.run()
    return found


@pytest.mark.parametrize(
    ("model", "kernel"),
    [
        (FORWARD, lambda model, fates: feedforward.passages(model, [fates])[0]),
        (FORWARD, event_loop.passages),
        (ROUND, event_loop.passages),
    ],
)
def test_simpy_says_the_same_to_the_last_digit(model: Model, kernel: Callable[..., Any]) -> None:
    stations = tuple(replace(station, waiting=0, open_ages=()) for station in model.stations)
    model = replace(model, stations=stations, warm_up=0)
    fates = Fates(model, 4, 0)
    theirs = by_simpy(model, fates)
    for number, passage in enumerate(kernel(model, fates)):
        expected = sorted(each for one in theirs[number].values() for each in one if each[0] <= model.days)
        within = passage.came <= model.days
        ours = sorted(zip(passage.came[within].tolist(), passage.started[within].tolist(), strict=True))
        assert len(ours) > 200
        assert ours == expected
        assert max(started - came for came, started in ours) > 0


def test_a_replication_hangs_on_its_own_number_alone_whoever_works() -> None:
    whole = simulate(FORWARD, replications=12, seed=3)
    assert {
        simulate(FORWARD, replications=12, seed=3, executor=each).checksum for each in (Threads(1), Threads(3))
    } == {whole.checksum}
    alone = Work(settled(FORWARD), 3, "recursion")(range(7, 8))
    assert alone.tobytes() == whole.measures[7:8].tobytes()
    assert simulate(FORWARD, replications=5, seed=3).measures.tobytes() == whole.measures[:5].tobytes()


def test_processes_elsewhere_say_the_same() -> None:
    pytest.importorskip("joblib")
    model = replace(FORWARD, days=60.0)
    there = simulate(model, replications=4, seed=3, executor=Joblib(2))
    assert there.checksum == simulate(model, replications=4, seed=3).checksum


def test_another_worker_makes_nobody_wait_longer() -> None:
    """The same families in both: also whoever comes back or is stepped up has the luck they had."""
    fates = Fates(settled(FORWARD), 5, 2)
    more = settled(
        replace(
            FORWARD,
            stations=tuple(replace(each, servers=each.servers + 1) for each in FORWARD.stations[:1])
            + FORWARD.stations[1:],
        )
    )
    before = feedforward.passages(settled(FORWARD), [fates])[0][0]
    after = feedforward.passages(more, [Fates(more, 5, 2)])[0][0]
    assert np.array_equal(before.came, after.came)
    assert np.array_equal(before.stay, after.stay)
    assert (after.started <= before.started).all()
    assert (after.started < before.started).any()
