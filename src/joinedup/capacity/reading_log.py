"""What a log of events comes to, as data that can be kept: counts, and no event. Whatever is of fewer than six families is left out
here, before anything is written or drawn, and where one number left out would follow from those shown, a second goes with it. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from joinedup.capacity.codes import activity_words
from joinedup.engines.caseflow.durations import kaplan_meier
from joinedup.engines.caseflow.estimating import Stage, arrivals, durations, little, returns, spells
from joinedup.engines.caseflow.event_log import Event, Log
from joinedup.engines.caseflow.mining import directly_follows, out_of_order, variants

FEWEST = 6
# Not closure after allocation: whoever is given advice at the front door closes without a lead, and rightly.
ORDER_RULES = (
    ("contact", "triage_decision"), ("triage_decision", "referral"), ("referral", "allocation"), ("allocation", "review"),
    ("assessment_start", "assessment_complete"), ("allocation", "plan_agreed"),
)  # fmt: skip
MOST_VARIANTS = 12
Link = tuple[str, str]


def stages(targets: Mapping[str, Sequence[int]]) -> tuple[Stage, ...]:
    """The stretches that have a target, with its days, and how long a team works with a family."""
    return (
        Stage("Triage", "contact", "triage_decision", targets["triage"][0]),
        Stage("Allocation", "referral", "allocation", targets["allocation"][0]),
        Stage("Assessment", "assessment_start", "assessment_complete", targets["assessment"][0]),
        Stage("First review", "allocation", "review", targets["review"][0]),
        Stage("Team", "allocation", "closure"),
    )


def summary(log: Log, end: float, targets: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """Everything the pages and the model need, of the whole log up to day `end`. Raises ``ValueError`` where too little is seen."""
    if len(log.families) < FEWEST:
        raise ValueError("there are fewer than six families")
    begin = 0.0
    graph, (kept, left_out) = directly_follows(log), variants(log)
    return {
        "cases": len(log.cases), "families": len(log.families), "days": round(end - begin, 2),
        "edges": [
            {"before": each.before, "after": each.after, "times": each.times, "days": round(each.median_days, 1)}
            for each in graph.edges
        ],
        "is_partial": graph.is_partial,
        "columns": columns(log),
        "variants": [
            {"path": [activity_words(one) for one in each.path], "cases": each.cases, "days": round(each.median_days, 1)}
            for each in kept[:MOST_VARIANTS]
        ],
        "left_out": round(left_out, 3),
        "order": [
            {"first": activity_words(a), "then": activity_words(b), "share": None if share is None else round(share, 4)}
            for (a, b), share in out_of_order(log, ORDER_RULES).items()
        ],
        "waits": _waits(log, begin, end, targets),
        "arrivals": _arrivals(log, begin, end),
        "returns": _returns(log, end),
        "stock": stock(log, end),
        "stays": _stays(log, begin, end), **_to_teams(log),
    }  # fmt: skip


def _homes(log: Log) -> Any:
    home = np.zeros(len(log.cases), dtype=np.int64)
    home[log.case] = log.family
    return home


def _waits(log: Log, begin: float, end: float, targets: Mapping[str, Sequence[int]]) -> list[dict[str, Any]]:
    """Each stretch against its target, cases still open counted as lasting at least so long; Little's law as a check."""
    home, found = _homes(log), []
    for stage in stages(targets):
        began, lasted, over = spells(log, stage, end)
        if min(len(np.unique(home[: len(began)])), int(over.sum())) < FEWEST:
            continue
        curve = kaplan_meier(lasted, over)
        law = little(began, lasted, begin, end)
        still = int((~over).sum())
        row: dict[str, Any] = {
            "stage": stage.name, "cases": len(began), "open": still if still == 0 or still >= FEWEST else None,
            "median": curve.median, "target": stage.deadline, "there": round(law.there, 1),
            "rate_times_stay": round(law.rate_times_stay, 1), "alarm": law.is_alarm,
        }  # fmt: skip
        if stage.deadline:
            at = curve.at(stage.deadline)
            row |= {"within": _turned(at.value), "low": _turned(at.high), "high": _turned(at.low)}
        found.append(row)
    return found


def _turned(share: float | None) -> float | None:
    return None if share is None else round(1 - share, 4)


def _arrivals(log: Log, begin: float, end: float) -> dict[str, Any]:
    found = arrivals(log, begin, end)
    return {
        "per_day": found.per_day.value, "low": found.per_day.low, "high": found.per_day.high,
        "dispersion": round(found.dispersion, 2), "weekday": [round(each, 3) for each in found.by_weekday],
        "season": [round(each, 3) for each in found.by_season],
    }  # fmt: skip


def _returns(log: Log, end: float) -> dict[str, Any]:
    share, _ = returns(log, end)
    return {"share": share.value, "low": share.low, "high": share.high}


def _stays(log: Log, begin: float, end: float) -> dict[str, Any]:
    """How long teams work with a family: the shape that fits, and the quantiles as seen."""
    found = durations(log, begin, end, (Stage("Team", "allocation", "closure"),)).get("Team")
    if found is None or found.cases < FEWEST:
        return {}
    service = found.fit.service
    return {
        "distribution": service.distribution, "mean": service.mean, "cv": service.variation,
        "low": found.fit.mean.low, "high": found.fit.mean.high, "cases": found.cases,
    }  # fmt: skip


def _to_teams(log: Log) -> dict[str, Any]:
    """Of the cases that were decided, the share that went to a team; and how many went to each."""
    decided, given = log.first("triage_decision"), log.first("referral")
    done = ~np.isnan(decided)
    teams: dict[str, set[str]] = defaultdict(set)
    cases: dict[str, int] = defaultdict(int)
    for events in _by_case(log):
        team = next((each.team for each in reversed(events) if each.team), "")
        if team:
            teams[team].add(events[0].family)
            cases[team] += 1
    share = float((done & ~np.isnan(given)).sum()) / max(1, int(done.sum()))
    return {"accepted": round(share, 4), "teams": {name: cases[name] for name in cases if len(teams[name]) >= FEWEST}}


def stock(log: Log, end: float, *, weeks: int = 52) -> list[dict[str, Any]]:
    """Week by week, of the last year: how many cases were open at its end, came and left; fewer than six are not said."""
    came, gone = log.first("contact"), log.first("closure")
    came = np.where(np.isnan(came), np.inf, came)
    gone = np.where(np.isnan(gone), np.inf, gone)
    found = []
    first = max(0, int(end // 5) - weeks)
    for week in range(first, int(end // 5)):
        low, high = week * 5.0, week * 5.0 + 5
        counts = {
            "open": int(((came < high) & (gone >= high)).sum()), "came": int(((came >= low) & (came < high)).sum()),
            "left": int(((gone >= low) & (gone < high)).sum()),
        }  # fmt: skip
        found.append({"week": week, **{key: n if n == 0 or n >= FEWEST else None for key, n in counts.items()}})
    return found


def columns(log: Log) -> list[dict[str, Any]]:
    """The flow contact → triage → team → level → exit as links between neighbours, with how many cases took each."""
    counts: dict[tuple[int, str, str], set[str]] = defaultdict(set)
    cases: dict[tuple[int, str, str], int] = defaultdict(int)
    for events in _by_case(log):
        path = _path(events)
        for step, (one, other) in enumerate(pairwise(path)):
            counts[step, one, other].add(events[0].family)
            cases[step, one, other] += 1
    shown = _secondary({key: len(families) for key, families in counts.items()})
    rows = [{"step": key[0], "from": key[1], "to": key[2], "cases": cases[key]} for key in shown]
    return sorted(rows, key=lambda each: (each["step"], -int(str(each["cases"])), str(each["from"]), str(each["to"])))


def _by_case(log: Log) -> list[list[Event]]:
    found: dict[str, list[Event]] = defaultdict(list)
    for event in log.events:
        found[event.case].append(event)
    return list(found.values())


def _path(events: Sequence[Event]) -> list[str]:
    had = {each.activity for each in events}
    decided = next((each.outcome for each in events if each.activity == "triage_decision"), "")
    triage = (decided.replace("_", " ").capitalize() or "Decided") if "triage_decision" in had else "Not decided yet"
    path = ["Contact", triage]
    team = next((each.team for each in reversed(events) if each.team), "")
    if team:
        level = next((each.tier for each in reversed(events) if each.tier), "")
        path += [team, f"Level {level}" if level else "Level not said"]
    path.append("Closed" if "closure" in had else "Still open")
    return path


def _secondary(families: Mapping[tuple[int, str, str], int]) -> list[tuple[int, str, str]]:
    """The links that may be shown: none of fewer than six families, and none that would give away, by subtraction from what goes
    into or out of a place, what a hidden one holds."""
    hidden = {key for key, count in families.items() if count < FEWEST}
    while True:
        more = set()
        for is_end in (False, True):
            groups: dict[tuple[int, str], list[tuple[int, str, str]]] = defaultdict(list)
            for key in families:
                groups[key[0], key[2] if is_end else key[1]].append(key)
            for group in groups.values():
                gone = [key for key in group if key in hidden]
                if gone and sum(families[key] for key in gone) < FEWEST and len(gone) < len(group):
                    more.add(min((key for key in group if key not in hidden), key=lambda key: (families[key], key)))
        if not more:
            return [key for key in families if key not in hidden]
        hidden |= more
