"""The benchmark's flow by the programs we are compared with: SimPy and Ciw, written as their users would write it."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

import numpy as np

from joinedup.engines.caseflow import Model


def simpy_replication(model: Model, seed: int) -> tuple[int, float]:
    """One replication of a flow by SimPy: how many cases came to the second station, and their mean wait after the warm-up. Each
    draws its own luck as it goes, reviews are events of their own, a slot of a worker is a place of a resource."""
    import simpy

    luck = np.random.default_rng(seed)
    world = simpy.Environment()
    places = [simpy.Resource(world, station.slots) for station in model.stations]
    waits: list[float] = []
    edges = np.cumsum([route.probability for route in model.routes_from(model.first)]).tolist()

    def stay(number: int) -> float:
        service = model.stations[number].service
        sigma = service.sigma
        return float(luck.lognormal(math.log(service.mean) - sigma * sigma / 2, sigma))

    def case() -> Generator[Any, Any, None]:
        with places[0].request() as asked:
            yield asked
            yield world.timeout(stay(0))
        chance = luck.random()
        team = next((number for number, edge in enumerate(edges, start=1) if chance < edge), 0)
        if not team:
            return
        reviews = model.stations[team].reviews
        came = world.now
        with places[team].request() as asked:
            yield asked
            if team == 1 and came >= (model.warm_up or 0.0):
                waits.append(world.now - came)
            left = stay(team)
            while reviews and left > reviews.every:
                yield world.timeout(reviews.every)
                left -= reviews.every
                if luck.random() < reviews.close:
                    return
            yield world.timeout(left)

    def arrivals() -> Generator[Any, Any, None]:
        while True:
            yield world.timeout(float(luck.exponential(1 / model.per_day)))
            world.process(case())

    world.process(arrivals())
    world.run(until=model.days)
    return len(waits), float(np.mean(waits)) if waits else 0.0


def ciw_replication(model: Model, seed: int) -> tuple[int, float]:
    """The same by Ciw, which has no reviews while a place is held: how long a case is held, its reviews counted, is drawn at once."""
    import ciw

    class Drawn(ciw.dists.Distribution):  # type: ignore[misc]
        def __init__(self, number: int) -> None:
            self.station = model.stations[number]
            self.luck = np.random.default_rng([seed, number])

        def sample(self, t: float | None = None, ind: Any = None) -> float:
            service = self.station.service
            held = float(self.luck.lognormal(math.log(service.mean) - service.sigma**2 / 2, service.sigma))
            reviews = self.station.reviews
            if reviews is None:
                return held
            return min(held, float(self.luck.geometric(reviews.close)) * reviews.every)

    count = len(model.stations)
    shares = [[0.0] * count for _ in range(count)]
    for route in model.routes:
        shares[model.place[route.origin]][model.place[route.to]] = route.probability
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(model.per_day), *[None] * (count - 1)],
        service_distributions=[Drawn(number) for number in range(count)],
        routing=shares,
        number_of_servers=[station.slots for station in model.stations],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(model.days)
    waits = [
        each.waiting_time
        for each in simulation.get_all_records()
        if each.node == 2 and each.arrival_date >= (model.warm_up or 0.0)
    ]
    return len(waits), float(np.mean(waits)) if waits else 0.0
