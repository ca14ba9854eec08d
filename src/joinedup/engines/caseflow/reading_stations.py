"""Reading one station of a flow: its workers, how long cases take, its reviews, leave, and who is there on the first day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from joinedup.engines.caseflow.checking import Faults, described
from joinedup.engines.caseflow.model import Reviews, Service, Station

MOST_SERVERS = 10_000
SHORTEST = 0.5
DISTRIBUTIONS = ("exponential", "lognormal", "deterministic")
_NEEDED = ("name", "servers", "service")
_STATION = (
    *_NEEDED, "target_wait", "target_share", "caseload", "reviews", "away", "away_days", "open_ages", "waiting", "localities",
    "target_total",
)  # fmt: skip
_REVIEWS = ("every", "close", "step_up", "step_down", "step_up_to", "step_down_to")


def read_station(data: object, path: str, names: list[Any], place: int, faults: Faults) -> Station | None:
    """The station that stands here, or None and what is wrong with it. `names` are those of all stations."""
    before = len(faults.found)
    found = faults.table(data, path, "a station", _STATION, _NEEDED)
    if found is None:
        return None
    name = faults.text(found["name"], f"{path}.name", "the name") if "name" in found else None
    if name is not None and (not name or name != found["name"]):
        faults.add(f"{path}.name", "a name has words, one space between them, and none around")
    if name and name in names[:place]:
        faults.add(f"{path}.name", f"there are two stations {described(name)[9:]}")
    servers = (
        faults.whole(found["servers"], f"{path}.servers", "the workers", 1, MOST_SERVERS)
        if "servers" in found
        else None
    )
    service = _service(found["service"], f"{path}.service", faults) if "service" in found else None
    wait = faults.number(found.get("target_wait", 0), f"{path}.target_wait", "the target")
    total = faults.number(found.get("target_total", 0), f"{path}.target_total", "the target")
    share = faults.share(found.get("target_share", 0.95), f"{path}.target_share", "the share to meet it")
    caseload = faults.number(found.get("caseload", 1), f"{path}.caseload", "the caseload of a worker", over=True)
    if caseload is not None and caseload < 1:
        faults.add(f"{path}.caseload", "a worker takes at least one case")
    away, away_days = _away(found, path, faults)
    reviews = _reviews(found["reviews"], f"{path}.reviews", names, faults) if "reviews" in found else None
    ages = _ages(found.get("open_ages", []), f"{path}.open_ages", faults)
    waiting = faults.whole(found.get("waiting", 0), f"{path}.waiting", "those waiting", 0, 100_000)
    localities = _localities(found.get("localities", {}), f"{path}.localities", servers, faults)
    if len(faults.found) > before or not name or servers is None or service is None:
        return None
    return Station(
        name, servers, service, wait or 0.0, share if share is not None else 0.95, caseload or 1.0, reviews, away, away_days,
        ages, waiting or 0, localities, total or 0.0,
    )  # fmt: skip


def known(name: object, names: list[Any]) -> bool:
    """Whether this is the name of a station."""
    return isinstance(name, str) and name in names


def no_station(name: object) -> str:
    """What to say of a name that is none."""
    return (
        f"there is no station {json.dumps(name)}"
        if isinstance(name, str)
        else f"a station's name, not {described(name)}"
    )


def _service(data: object, path: str, faults: Faults) -> Service | None:
    found = faults.table(data, path, "the service", ("distribution", "mean", "cv"), ("distribution", "mean"))
    if found is None:
        return None
    kind = found.get("distribution")
    if "distribution" in found and kind not in DISTRIBUTIONS:
        faults.add(f"{path}.distribution", f"it is one of {', '.join(DISTRIBUTIONS)}, not {described(kind)}")
    mean = faults.number(found["mean"], f"{path}.mean", "the mean", over=True) if "mean" in found else None
    cv = faults.number(found["cv"], f"{path}.cv", "the coefficient of variation", most=20) if "cv" in found else None
    if kind == "lognormal" and "cv" not in found:
        faults.add(f"{path}.cv", "this is missing: a lognormal needs its coefficient of variation")
    if kind == "lognormal" and cv == 0:
        faults.add(f"{path}.cv", "what never varies is deterministic, not lognormal")
    if kind in ("exponential", "deterministic") and cv is not None and cv != (kind == "exponential"):
        faults.add(
            f"{path}.cv", f"the coefficient of variation of an {kind} is {int(kind == 'exponential')}; leave it out"
        )
    if mean is None or kind not in DISTRIBUTIONS:
        return None
    return Service(str(kind), mean, cv if kind == "lognormal" and cv else float(kind == "exponential"))


def _away(found: Mapping[str, Any], path: str, faults: Faults) -> tuple[float, float]:
    away = faults.share(found.get("away", 0), f"{path}.away", "the share of time away")
    if away is not None and away >= 0.95:
        faults.add(f"{path}.away", "a worker who is away so much does no work to speak of")
    days = faults.number(found.get("away_days", 10), f"{path}.away_days", "the days of a spell away", over=True)
    if days is not None and days < SHORTEST:
        faults.add(f"{path}.away_days", "a spell away is half a day at least")
    return away or 0.0, days or 10.0


def _reviews(data: object, path: str, names: list[Any], faults: Faults) -> Reviews | None:
    found = faults.table(data, path, "the reviews", _REVIEWS, ("every",))
    if found is None:
        return None
    every = (
        faults.number(found["every"], f"{path}.every", "the days between reviews", over=True)
        if "every" in found
        else None
    )
    shares = {
        key: faults.share(found.get(key, 0), f"{path}.{key}", "the share") for key in ("close", "step_up", "step_down")
    }
    total = sum(share or 0 for share in shares.values())
    if total > 1 + 1e-9:
        faults.add(path, f"more than all are closed, stepped up or stepped down at a review: {total:g}")
    for key in ("step_up_to", "step_down_to"):
        if found.get(key, "") != "" and not known(found[key], names):
            faults.add(f"{path}.{key}", no_station(found[key]))
    if every is not None and every < SHORTEST:
        faults.add(f"{path}.every", "half a day at least lies between reviews")
    if every is None:
        return None
    return Reviews(
        every, shares["close"] or 0.0, shares["step_up"] or 0.0, shares["step_down"] or 0.0,
        str(found.get("step_up_to", "")), str(found.get("step_down_to", "")),
    )  # fmt: skip


def _ages(data: object, path: str, faults: Faults) -> tuple[float, ...]:
    listed = faults.a_list(data, path, "the ages of open cases")
    if len(listed) > 100_000:
        faults.add(path, "there are more than 100,000 open cases")
        return ()
    read = [faults.number(each, f"{path}[{place}]", "an age") for place, each in enumerate(listed)]
    return tuple(each for each in read if each is not None)


def _localities(data: object, path: str, servers: int | None, faults: Faults) -> dict[str, int]:
    found = faults.table(data, path, "the workers of each locality") or {}
    read = {
        name: faults.whole(each, faults.below(path, name), "the workers", 0, MOST_SERVERS)
        for name, each in found.items()
    }
    counts = {name: count for name, count in read.items() if count is not None}
    if counts and len(counts) == len(found) and servers is not None and sum(counts.values()) != servers:
        faults.add(path, f"the localities have {sum(counts.values())} workers, the station {servers}")
    return counts
