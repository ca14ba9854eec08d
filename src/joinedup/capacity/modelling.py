"""The model of the live partnership, and what somebody changes of it. Pure: data in, data out, as the engine reads it.

The flow is triage and then the teams. Beside it each team writes assessments and holds reviews with the share of the day kept for
them: two small models of their own, so that all four targets are asked of the same engine.
"""

from __future__ import annotations

import copy
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from joinedup.engines.caseflow import BadModel, Model, overloads, read, traffic
from joinedup.engines.caseflow.reading import Fault
from joinedup.engines.caseflow.simulating import YEAR

TRIAGE = "Triage"
HAND = {"triage_servers": 4, "worker_servers": 8}


@dataclass(frozen=True)
class TeamNow:
    """A team today: how many whole-time workers, how many families each may hold, the ages of its open cases in working days,
    how many wait for a lead, and its share of the families that go to teams."""

    name: str
    workers: int
    points: float
    ages: tuple[float, ...] = ()
    waiting: int = 0
    share: float = 0.0


@dataclass(frozen=True)
class Assumed:
    """What no log says: hours, shares of the day, targets and pay."""

    hours: Mapping[str, float]
    targets: Mapping[str, Sequence[int]]
    pay: Mapping[str, int]
    years: int
    is_own: bool


def model_of(
    summary: Mapping[str, Any], teams: Sequence[TeamNow], triage_workers: int, assumed: Assumed, name: str
) -> dict[str, Any]:
    """The flow as data for `engines.caseflow.read`. Stays are as fitted, open cases counted; where too few have ended, as assumed."""
    stays = summary.get("stays") or {
        "distribution": "lognormal", "mean": assumed.hours["stay_days"], "cv": 0.6
    }  # fmt: skip
    per_day = float(summary["arrivals"]["per_day"])
    to_teams = _shares(summary, teams)
    triage_days, share = assumed.targets["triage"]
    stations: list[dict[str, Any]] = [
        {
            "name": TRIAGE, "servers": max(1, triage_workers), "target_total": float(triage_days), "target_share": share / 100,
            "service": {"distribution": "lognormal", "mean": assumed.hours["triage_hours"] / assumed.hours["hours_a_day"], "cv": 0.75},
        }
    ]  # fmt: skip
    wait_days, share = assumed.targets["allocation"]
    for team in teams:
        stations.append(
            {
                "name": team.name, "servers": max(1, team.workers), "caseload": float(max(1, math.floor(team.points))),
                "target_wait": float(wait_days), "target_share": share / 100,
                "service": {"distribution": stays["distribution"], "mean": round(float(stays["mean"]), 2), "cv": round(float(stays["cv"]), 3)},
                "open_ages": [round(each, 1) for each in team.ages], "waiting": team.waiting,
            }
        )  # fmt: skip
    return {
        "name": name[:80], "arrivals": {"per_day": round(per_day, 4), "first": TRIAGE}, "stations": stations,
        "routes": [{"from": TRIAGE, "to": each, "probability": share} for each, share in to_teams.items() if share > 0],
        "run": {"days": assumed.years * YEAR},
    }  # fmt: skip


def _shares(summary: Mapping[str, Any], teams: Sequence[TeamNow]) -> dict[str, float]:
    """Of all contacts, the share that goes to each team; evenly where the log names no team we know."""
    accepted = float(summary.get("accepted", 0.6))
    known = {team.name: team.share for team in teams}
    total = sum(known.values())
    if not known:
        return {}
    return {name: round(accepted * (share / total if total else 1 / len(known)), 4) for name, share in known.items()}


def work_of(assumed: Assumed) -> dict[str, Any]:
    """Hours, shares, targets and pay as they are kept with a scenario."""
    return {
        "hours": dict(assumed.hours), "targets": {name: list(each) for name, each in assumed.targets.items()},
        "pay": dict(assumed.pay), "is_own": assumed.is_own,
    }  # fmt: skip


def changed(data: Mapping[str, Any], per_day: float, stations: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """The model with another demand, and for each station other `servers`, `caseload`, `stay` and `target`."""
    made: dict[str, Any] = copy.deepcopy(dict(data))
    made["arrivals"]["per_day"] = per_day
    for station in made["stations"]:
        said = stations.get(station["name"], {})
        if "servers" in said:
            station["servers"] = int(said["servers"])
        if "caseload" in said and "caseload" in station:
            station["caseload"] = float(said["caseload"])
        if "stay" in said:
            station["service"]["mean"] = said["stay"]
        if "target" in said:
            station["target_total" if station.get("target_total") else "target_wait"] = said["target"]
    return made


def read_model(data: Mapping[str, Any]) -> Model:
    """The model, checked. Raises ``BadModel`` with every fault; of too much work the sentence says how many workers are needed."""
    return read(json.loads(json.dumps(data)))


def cannot_cope(data: Mapping[str, Any]) -> list[str]:
    """Why a model cannot be worked out, as sentences; empty where it can."""
    try:
        read_model(data)
    except BadModel as wrong:
        return [_sentence(each) for each in wrong.faults]
    return []


def _sentence(fault: Fault) -> str:
    return fault.sentence


def work_models(model: Model, work: Mapping[str, Any]) -> dict[str, Model]:
    """For each team, the models of its assessments and its reviews: who asks is every family taken on, or every family held once in
    six weeks; a worker gives them the share of the day kept for them."""
    hours, targets = work["hours"], work["targets"]
    rates = dict(zip((each.name for each in model.stations), traffic(model), strict=True))
    found: dict[str, Model] = {}
    for station in model.stations:
        if station.name == TRIAGE or rates[station.name] <= 0:
            continue
        held = min(float(rates[station.name]) * station.mean_stay, float(station.slots))
        every = targets["review"][0]
        for kind, per_day, spent, share, target, percent in (
            ("Assessments", float(rates[station.name]), hours["assessment_hours"], hours["assessment_share"], *targets["assessment"]),
            ("Reviews", held / every, hours["review_hours"], hours["review_share"], hours["review_slack"], targets["review"][1]),
        ):  # fmt: skip
            data = {
                "name": f"{kind}, {station.name}", "arrivals": {"per_day": per_day},
                "stations": [{
                    "name": kind, "servers": station.servers, "target_total": float(target), "target_share": percent / 100,
                    "service": {"distribution": "lognormal", "mean": spent / (hours["hours_a_day"] * share), "cv": 0.5},
                }],
                "run": {"days": 2 * YEAR},
            }  # fmt: skip
            found[f"{kind}, {station.name}"] = _unchecked(data)
    return found


def _unchecked(data: dict[str, Any]) -> Model:
    """A model that may have too much work: the page says so beside it."""
    from joinedup.engines.caseflow.model import Service, Station

    only = data["stations"][0]
    service = Service(only["service"]["distribution"], only["service"]["mean"], only["service"]["cv"])
    station = Station(
        only["name"], only["servers"], service, target_share=only["target_share"], target_total=only["target_total"]
    )
    return Model(data["arrivals"]["per_day"], only["name"], (station,), days=data["run"]["days"], name=data["name"])


def too_much(model: Model) -> str:
    """The sentence of a station with too much work; "" where there is none."""
    found = overloads(model)
    return found[0].sentence if found else ""


def cost_pence(data: Mapping[str, Any], pay: Mapping[str, int]) -> dict[str, int]:
    """What the workers of each station cost a year, in whole pence."""
    return {
        each["name"]: int(each["servers"]) * int(pay["triage" if each["name"] == TRIAGE else "team"])
        for each in data["stations"]
    }


def digest_of(data: Mapping[str, Any], work: Mapping[str, Any], seed: int) -> str:
    """What stands for model, hours and seed together."""
    said = json.dumps([data, work, seed], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
