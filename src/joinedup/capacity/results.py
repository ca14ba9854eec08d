"""What a scenario comes to: at once, in full, and beside another. Pure; the same model and seed give the same numbers always."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from joinedup.capacity.modelling import TRIAGE, cost_pence, read_model, too_much, work_models
from joinedup.engines.caseflow import (
    BadModel,
    Model,
    Station,
    fewest,
    needs_events,
    outlooks,
    settled,
    simulate,
    stream,
    traffic,
)
from joinedup.engines.caseflow.counting import MEASURES
from joinedup.engines.caseflow.fates import Fates
from joinedup.engines.caseflow.feedforward import passages
from joinedup.engines.caseflow.futures import Beliefs
from joinedup.engines.caseflow.intervals import Estimate, estimate
from joinedup.engines.caseflow.queues import TooMuchWork, erlang_c, kimura, mean_wait_one, stays_longer
from joinedup.engines.caseflow.simulating import YEAR
from joinedup.engines.caseflow.staffing import target_measure, within_target

Say = Callable[[int, int, str], None]
MOST_AT_ONCE = 800_000  # cases in all replications of a quick answer
LONG_DAYS = 5 * YEAR


def by_formula(rate: float, station: Station, servers: int) -> float | None:
    """The share within the target in the long run, by formula (approximate): None with too much work."""
    slots = servers * math.floor(station.caseload + 1e-9)
    stay = station.mean_stay
    if rate <= 0:
        return 1.0
    try:
        if station.target_total:
            return 1 - stays_longer(rate, stay, slots, station.target_total)
        waits = erlang_c(rate * stay, slots)
        cv = station.service.variation
        wait = mean_wait_one(rate, stay, cv) if slots == 1 else kimura(rate, stay, cv, slots)
    except TooMuchWork:
        return None
    return 1 - waits * math.exp(-waits * station.target_wait / wait) if wait > 0 else 1.0


def least_by_formula(rate: float, station: Station) -> int:
    """The fewest workers with which the share reaches its target, by formula; nought where no number does, as where the work alone
    takes longer."""
    if station.target_total and math.exp(-station.target_total / station.mean_stay) >= 1 - station.target_share:
        return 0
    servers = max(1, math.floor(rate * station.mean_stay / max(1, math.floor(station.caseload))))
    while servers < 5000:
        share = by_formula(rate, station, servers)
        if share is not None and share >= station.target_share:
            return servers
        servers += 1
    return servers


def curve(rate: float, station: Station, least: int) -> list[list[float | None]]:
    """The share within the target for each number of workers about the least and today's: the cliff."""
    middle = least or station.servers
    around = {*range(middle - 4, middle + 5), *range(station.servers - 2, station.servers + 3)}
    return [[each, _rounded(by_formula(rate, station, each))] for each in sorted(around) if each >= 1]


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _as_list(found: Estimate) -> list[float | None]:
    return [None if each is None else round(each, 5) for each in (found.value, found.low, found.high)]


def replications_for(model: Model) -> int:
    """How many are run at once: a hundred, fewer of a flow so large that a page would wait."""
    return max(20, min(100, int(MOST_AT_ONCE / max(1.0, model.per_day * model.days))))


def quick(data: Mapping[str, Any], work: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Every station by simulation and by formula, with its curve, least staffing and cost. Raises ``BadModel``."""
    model = settled(read_model(data))
    rates = dict(zip((each.name for each in model.stations), traffic(model), strict=True))
    found = simulate(model, replications=replications_for(model), seed=seed)
    costs = cost_pence(data, work["pay"])
    rows = []
    for station in model.stations:
        rate = float(rates[station.name])
        least = least_by_formula(rate, station)
        rows.append(
            {
                "name": station.name, "servers": station.servers, "per_day": round(rate, 3), "caseload": station.caseload,
                "load": round(rate * station.mean_stay / station.slots, 4), "target": station.target_total or station.target_wait,
                "of_total": bool(station.target_total), "share": station.target_share,
                "wait": _as_list(found.estimate(station.name, "mean_wait")),
                "within": _as_list(within_target(found, station.name)), "least": least, "curve": curve(rate, station, least),
                "pence": costs[station.name],
                "least_pence": int(costs[station.name] / station.servers) * least,
            }
        )  # fmt: skip
    return {
        "rows": rows, "work": _work_rows(model, work), "replications": found.replications, "checksum": found.checksum,
        "kernel": found.kernel, "pence": sum(costs.values()),
    }  # fmt: skip


def _work_rows(model: Model, work: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for name, small in work_models(model, work).items():
        station, rate = small.stations[0], small.per_day
        rows.append(
            {
                "name": name, "servers": station.servers, "target": station.target_total, "share": station.target_share,
                "within": _rounded(by_formula(rate, station, station.servers)), "least": least_by_formula(rate, station),
                "sentence": too_much(small),
            }
        )  # fmt: skip
    return rows


def beliefs_of(summary: Mapping[str, Any]) -> dict[str, float]:
    """How far the inputs may be off, as shares: by the intervals they were read with. Of demand never less than a twentieth: a year
    that is over does not say what the next will be."""
    arrivals, stays = summary["arrivals"], summary.get("stays") or {}
    demand = (float(arrivals["high"]) - float(arrivals["low"])) / 3.92 / float(arrivals["per_day"])
    stay = (float(stays["high"]) - float(stays["low"])) / 3.92 / float(stays["mean"]) if stays else 0.1
    return {"demand": round(max(0.05, demand), 4), "stay": round(stay, 4), "seen": int(summary["cases"])}


def in_full(
    data: Mapping[str, Any], work: Mapping[str, Any], seed: int, say: Say, *, most: int = 1000, futures: int = 150
) -> dict[str, Any]:
    """Five years, many replications with an interval that shrinks as they come; plausible futures; the least staffing that surely
    meets the targets. `say` hears how far it is, and may stop it by raising."""
    model = replace(read_model(data), days=LONG_DAYS)
    worst = max(
        model.stations, key=lambda each: each.mean_stay * float(traffic(model)[model.place[each.name]]) / each.slots
    )
    shrinking: list[list[float | None]] = []
    last = None
    for last in stream(model, replications=most, seed=seed):
        wait = last.estimate(worst.name, "mean_wait")
        said = f"{worst.name}: mean wait {wait.value or 0:.2f} days ± {wait.half or 0:.2f} after {last.replications:,}"
        shrinking.append([last.replications, *_as_list(wait)])
        say(last.replications, most + 200, said)
    if last is None:  # pragma: no cover - there is always one
        raise ValueError("nothing was run")
    believed = work.get("beliefs") or {"demand": 0.05, "stay": 0.05, "seen": 400}
    seen = outlooks(
        model, Beliefs(demand=believed["demand"], stay=believed["stay"], seen=int(believed["seen"])), futures=futures, each=2, seed=seed
    )  # fmt: skip
    say(most + 100, most + 200, "Plausible futures are done; looking for the least staffing")
    needed = _needed(model, work, seed)
    say(most + 200, most + 200, "Done")
    return {
        "replications": last.replications, "checksum": last.checksum, "watched": worst.name, "shrinking": shrinking[:: max(1, len(shrinking) // 12)] + shrinking[-1:],
        "rows": [
            {
                "name": each.name, "wait": _as_list(last.estimate(each.name, "mean_wait")), "within": _as_list(within_target(last, each.name)),
                "busy": _as_list(last.estimate(each.name, "utilisation")),
            }
            for each in last.model.stations
        ],
        "futures": [
            {
                "name": each.name, "met": round(each.met, 4), "low": round(each.low, 4), "high": round(each.high, 4),
                "inputs": round(each.from_inputs, 4), "simulation": round(each.from_simulation, 4), "sentence": each.sentence,
            }
            for each in seen
        ],
        "needed": needed, "believed": believed,
    }  # fmt: skip


def _needed(model: Model, work: Mapping[str, Any], seed: int) -> list[dict[str, Any]]:
    """The least staffing per station and task, with what it surely comes to, and what was tried on the way."""
    rows: list[dict[str, Any]] = []
    small = work_models(model, work)
    for name, each in [("", model), *small.items()]:
        try:
            found = fewest(each, replications=100 if name else 60, seed=seed)
        except ValueError as none:  # no number of workers makes sure of it: that is the answer
            rows.append({"name": name or "The flow", "sentence": str(none)})
            continue
        for station, need in found.stations.items():
            rows.append(
                {
                    "name": name or station, "servers": need.servers, "now": each.stations[each.place[station]].servers,
                    "within": _as_list(need.within), "share": each.stations[each.place[station]].target_share,
                    "tried": [[count, *_as_list(one)] for count, one in need.curve.items()],
                }
            )  # fmt: skip
    return rows


def beside(one: Mapping[str, Any], other: Mapping[str, Any], seed: int) -> list[dict[str, Any]]:
    """Two scenarios with the same families' luck: of each station both have, the difference in mean wait and in the share within
    the target, each with the interval of the paired differences."""
    models = [settled(read_model(each)) for each in (one, other)]
    length, warm_up = max(each.days for each in models), max(each.warm_up or 0.0 for each in models)
    models = [replace(each, days=length, warm_up=warm_up) for each in models]
    count = min(replications_for(each) for each in models)
    first, second = (
        simulate(replace(each, days=each.days - warm_up), replications=count, seed=seed) for each in models
    )
    rows = []
    for station in first.model.stations:
        if station.name not in second.model.place:
            continue
        pair = [_values(each, station.name) for each in (first, second)]
        rows.append(
            {
                "name": station.name,
                "waits": [_as_list(estimate(each[0])) for each in pair], "within": [_as_list(estimate(each[1], most=1.0)) for each in pair],
                "wait_difference": _difference(pair[1][0] - pair[0][0]), "within_difference": _difference(pair[1][1] - pair[0][1]),
            }
        )  # fmt: skip
    return rows


def _values(found: Any, name: str) -> tuple[Any, Any]:
    place = found.model.place[name]
    measure = MEASURES.index(target_measure(found.model.stations[place]))
    return found.measures[:, place, 0], 1 - found.measures[:, place, measure]


def _difference(values: Any) -> list[float | None]:
    """A mean of differences and its interval; it may be below nought."""
    said = values[~np.isnan(values)]
    if not said.size:
        return [None, None, None]
    lifted = estimate(said - said.min())
    return [
        None if each is None else round(each + float(said.min()), 5) for each in (lifted.value, lifted.low, lifted.high)
    ]


def predicted_cohort(
    data: Mapping[str, Any], team: str, limit: int, seed: int, *, weeks: int = 52, replications: int = 60
) -> list[tuple[float, ...]]:
    """Week by week, how many of the first `limit` families a team takes on are still held: the 5th, 25th, 50th, 75th and 95th of a
    hundred futures. Nothing where the model knows no such team or needs more than the quick kernel."""
    try:
        model = replace(read_model(data), days=weeks * 5.0, warm_up=0.0)
    except BadModel:
        return []
    if team not in model.place or needs_events(model):
        return []
    at = np.arange(0, weeks + 1) * 5.0
    held = []
    for row in passages(model, [Fates(model, seed, number) for number in range(replications)]):
        passage = row[model.place[team]]
        new = passage.came >= 0
        begun, ended = passage.started[new], (passage.started + passage.stay)[new]
        first = np.argsort(begun, kind="stable")[:limit]
        held.append([((begun[first] <= day) & (ended[first] > day)).sum() for day in at])
    return [tuple(float(each) for each in np.percentile(week, (5, 25, 50, 75, 95))) for week in np.array(held).T]


def stations_shown(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Teams after triage, by name."""
    yield from sorted(rows, key=lambda each: (each["name"] != TRIAGE, each["name"]))
