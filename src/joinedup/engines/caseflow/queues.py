"""Waiting lines in formulas: what is known exactly, and the usual approximations, named as such.

`load` is the work offered in servers (arrivals a day × mean days of service). Erlang's B and C, M/M/c, Pollaczek and Khinchine's
M/G/1 are exact. Lee and Longton, Kimura, Cosmetatos, and Allen and Cunneen are approximations. Sources: L. Kleinrock, Queueing
Systems; T. Kimura, "Approximations for multi-server queues" (1994); A. O. Allen, Probability, Statistics and Queueing Theory.
"""

from __future__ import annotations

import math
from statistics import NormalDist

_NORMAL = NormalDist()


class TooMuchWork(ValueError):
    """The load is one or more for each server: the queue grows for ever; `needed` servers would keep up."""

    def __init__(self, load: float, servers: int) -> None:
        self.needed = math.floor(load + 1e-9) + 1
        super().__init__(
            f"work for {load:.2f} workers comes and there are {servers}: the queue would grow for ever; at least"
            f" {self.needed} {'worker is' if self.needed == 1 else 'workers are'} needed"
        )


def erlang_b(load: float, servers: int) -> float:
    """The share of arrivals that find every server busy where nobody waits."""
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked


def erlang_c(load: float, servers: int) -> float:
    """The share of arrivals that wait. Raises ``TooMuchWork``."""
    if load >= servers:
        raise TooMuchWork(load, servers)
    blocked = erlang_b(load, servers)
    return blocked / (1 - load / servers * (1 - blocked))


def mean_wait(per_day: float, mean: float, servers: int) -> float:
    """The mean wait of M/M/c, in days, of everybody (also those who do not wait). Raises ``TooMuchWork``."""
    return erlang_c(per_day * mean, servers) / (servers / mean - per_day)


def waits_longer(per_day: float, mean: float, servers: int, than: float) -> float:
    """The share of M/M/c that waits longer than so many days. Raises ``TooMuchWork``."""
    return erlang_c(per_day * mean, servers) * math.exp(-(servers / mean - per_day) * than)


def stays_longer(per_day: float, mean: float, servers: int, than: float) -> float:
    """The share of M/M/c that waits and is served longer than so many days together. Raises ``TooMuchWork``."""
    waits = erlang_c(per_day * mean, servers)
    spare = servers - 1 - per_day * mean
    if abs(spare) < 1e-9:
        return math.exp(-than / mean) * (1 + waits * than / mean)
    return math.exp(-than / mean) * (1 + waits * (1 - math.exp(-spare * than / mean)) / spare)


def mean_wait_one(per_day: float, mean: float, cv: float) -> float:
    """The mean wait of M/G/1, exactly (Pollaczek and Khinchine). Raises ``TooMuchWork``."""
    load = per_day * mean
    if load >= 1:
        raise TooMuchWork(load, 1)
    return load * mean * (1 + cv * cv) / (2 * (1 - load))


def lee_longton(per_day: float, mean: float, cv: float, servers: int) -> float:
    """The mean wait of M/G/c, approximately: M/M/c × (1 + cv²) ÷ 2. Raises ``TooMuchWork``."""
    return (1 + cv * cv) / 2 * mean_wait(per_day, mean, servers)


def allen_cunneen(per_day: float, mean: float, cv: float, servers: int, *, arrivals_cv: float = 1.0) -> float:
    """The mean wait of G/G/c, approximately: M/M/c × (cv² of the gaps between arrivals + cv² of service) ÷ 2. Raises
    ``TooMuchWork``."""
    return (arrivals_cv**2 + cv * cv) / 2 * mean_wait(per_day, mean, servers)


def kimura(per_day: float, mean: float, cv: float, servers: int) -> float:
    """The mean wait of M/G/c, approximately, nearer than Lee and Longton where load is light; exact for cv 1. Raises
    ``TooMuchWork``."""
    waits = mean_wait(per_day, mean, servers)
    if waits <= 0:  # nobody waits that a computer could count
        return 0.0
    load = per_day * mean / servers
    even = waits / 2 * (1 + (1 - load) * (servers - 1) * (math.sqrt(4 + 5 * servers) - 2) / (16 * load * servers))
    return (1 + cv * cv) / (2 * cv * cv / waits + (1 - cv * cv) / even)


def fewest_servers(per_day: float, mean: float, wait: float, share: float) -> int:
    """The fewest servers of M/M/c with which the share waits no longer than `wait` days."""
    servers = math.floor(per_day * mean + 1e-9) + 1
    while 1 - waits_longer(per_day, mean, servers, wait) < share:
        servers += 1
    return servers


def square_root_staffing(load: float, waiting: float) -> float:
    """Servers for a large load of which the share `waiting` waits (Halfin and Whitt): load + β √load."""
    low, high = 1e-9, 40.0
    for _ in range(200):
        beta = (low + high) / 2
        density = math.exp(-beta * beta / 2) / math.sqrt(2 * math.pi)
        if 1 / (1 + beta * _NORMAL.cdf(beta) / density) > waiting:
            low = beta
        else:
            high = beta
    return load + low * math.sqrt(load)
