"""Reading a flow from TOML or JSON, and saying everything that is wrong with it, each fault with its path."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from joinedup.engines.caseflow.checking import Faults, Repeated
from joinedup.engines.caseflow.model import Model, Route
from joinedup.engines.caseflow.reading_stations import known, no_station, read_station
from joinedup.engines.caseflow.simulating import settled
from joinedup.engines.caseflow.traffic import overloads, trapped

MOST_STATIONS, MOST_CASES, MOST_DAYS = 200, 2_000_000, 50_000
_KEYS = ("name", "arrivals", "stations", "routes", "priorities", "points", "point_shares", "run")
_ARRIVALS = ("per_day", "first", "localities")
_ROUTE = ("from", "to", "probability", "delay")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: a path such as ``$.stations[2].servers``."""

    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}"


class BadModel(ValueError):
    """The flow cannot be worked out; `faults` says everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


def read_text(text: str | bytes) -> Model:
    """Read a flow from the text of a file: JSON where it begins with a brace, TOML otherwise. Raises ``BadModel``."""
    return read(_parsed(text))


def read(data: object) -> Model:
    """Read a flow from TOML or JSON already parsed. Raises ``BadModel``, also where it can never cope: then the sentence says
    how many workers would be needed."""
    faults = Faults()
    model = _model(data, faults)
    if model is not None and not faults.found:
        _can_cope(model, faults)
    if model is None or faults.found:
        raise BadModel([Fault(path, sentence) for path, sentence in faults.found])
    return model


def _model(data: object, faults: Faults) -> Model | None:
    top = faults.table(data, "$", "a flow", _KEYS, ("arrivals", "stations"))
    if top is None:
        return None
    listed = faults.a_list(top["stations"], "$.stations", "the stations") if "stations" in top else []
    if "stations" in top and isinstance(top["stations"], list) and not 1 <= len(listed) <= MOST_STATIONS:
        faults.add("$.stations", f"there must be from 1 to {MOST_STATIONS} stations")
    names = [each.get("name") if isinstance(each, dict) else None for each in listed]
    stations = [read_station(each, f"$.stations[{place}]", names, place, faults) for place, each in enumerate(listed)]
    per_day, first, localities = _arrivals(top.get("arrivals"), names, faults) if "arrivals" in top else (None, "", {})
    routes = _routes(top.get("routes", []), names, faults)
    priorities = faults.shares(top.get("priorities", [1.0]), "$.priorities", "the shares of the priorities")
    points, shares = _points(top, faults)
    days, warm_up = _run(top.get("run", {}), faults)
    name = faults.text(top.get("name", ""), "$.name", "the name")
    if faults.found or per_day is None or priorities is None:
        return None
    return Model(
        per_day,
        first,
        tuple(station for station in stations if station),
        tuple(routes),
        priorities,
        points,
        shares,
        localities,
        days,
        warm_up,
        name or "",
    )


def _arrivals(data: object, names: list[Any], faults: Faults) -> tuple[float | None, str, dict[str, float]]:
    found = faults.table(data, "$.arrivals", "the arrivals", _ARRIVALS, ("per_day",))
    if found is None:
        return None, "", {}
    per_day = None
    if "per_day" in found:
        per_day = faults.number(found["per_day"], "$.arrivals.per_day", "the arrivals a day", over=True)
    first = found.get("first", names[0] if names else "")
    if names and not known(first, names):
        faults.add("$.arrivals.first", no_station(first))
    localities: dict[str, float] = {}
    if "localities" in found:
        given = faults.table(found["localities"], "$.arrivals.localities", "the localities")
        path = "$.arrivals.localities"
        shares = {name: faults.share(each, faults.below(path, name), "a share") for name, each in (given or {}).items()}
        localities = {name: share for name, share in shares.items() if share is not None}
        if given is not None and len(localities) == len(given) and abs(sum(localities.values()) - 1) > 1e-6:
            faults.add(path, f"the shares of the localities must add up to 1, not {sum(localities.values()):g}")
    return per_day, first if isinstance(first, str) else "", localities


def _routes(data: object, names: list[Any], faults: Faults) -> list[Route]:
    routes, leaving = [], dict.fromkeys((name for name in names if isinstance(name, str)), 0.0)
    pairs = set()
    for place, each in enumerate(faults.a_list(data, "$.routes", "the routes")):
        path = f"$.routes[{place}]"
        route = _route(each, path, names, faults)
        if route is None:
            continue
        if (route.origin, route.to) in pairs:
            faults.add(path, f"there are two routes from {route.origin} to {route.to}")
        pairs.add((route.origin, route.to))
        leaving[route.origin] += route.probability
        if leaving[route.origin] > 1 + 1e-9 and leaving[route.origin] - route.probability <= 1 + 1e-9:
            faults.add(
                f"{path}.probability",
                f"with it more than all leave {route.origin}: {leaving[route.origin]:g}, not at most 1",
            )
        routes.append(route)
    return routes


def _route(data: object, path: str, names: list[Any], faults: Faults) -> Route | None:
    before = len(faults.found)
    found = faults.table(data, path, "a route", _ROUTE, _ROUTE[:3])
    if found is None:
        return None
    for key in ("from", "to"):
        if key in found and not known(found[key], names):
            faults.add(f"{path}.{key}", no_station(found[key]))
    share = (
        faults.share(found["probability"], f"{path}.probability", "the probability") if "probability" in found else None
    )
    delay = faults.number(found.get("delay", 0), f"{path}.delay", "the delay")
    if len(faults.found) > before or share is None or delay is None:
        return None
    return Route(found["from"], found["to"], share, delay)


def _points(top: Mapping[str, Any], faults: Faults) -> tuple[tuple[float, ...], tuple[float, ...]]:
    listed = faults.a_list(top.get("points", [1]), "$.points", "the points of the levels")
    read = [faults.number(each, f"$.points[{place}]", "a weight", over=True) for place, each in enumerate(listed)]
    points = tuple(each for each in read if each is not None)
    usual = [1.0] + [0.0] * (len(listed) - 1)
    shares = faults.shares(top.get("point_shares", usual), "$.point_shares", "the shares of the levels")
    if shares is not None and len(shares) != len(listed):
        faults.add("$.point_shares", f"there are {len(listed)} levels and {len(shares)} shares")
    return points or (1.0,), shares or (1.0,)


def _run(data: object, faults: Faults) -> tuple[float, float | None]:
    found = faults.table(data, "$.run", "how long to run", ("days", "warm_up"))
    if found is None:
        return 0.0, None
    days = faults.number(found.get("days", 1265), "$.run.days", "the days", over=True, most=MOST_DAYS)
    warm_up = None
    if "warm_up" in found:
        warm_up = faults.number(found["warm_up"], "$.run.warm_up", "the days before counting", most=MOST_DAYS)
    return days or 0.0, warm_up


def _can_cope(model: Model, faults: Faults) -> None:
    stuck = trapped(model)
    for name in stuck:
        faults.add(f"$.stations[{model.place[name]}]", f"cases that come to {name} never leave: every route leads back")
    if stuck:
        return
    for overload in overloads(model):
        faults.add(f"$.stations[{model.place[overload.name]}].servers", overload.sentence)
    cases = 0.0 if faults.found else model.per_day * settled(model).days
    if cases > MOST_CASES:
        faults.add(
            "$.arrivals.per_day",
            f"{cases:,.0f} cases, those of the warm-up counted, are more than {MOST_CASES:,} in one run",
        )


def _parsed(text: str | bytes) -> Any:
    """Parse TOML or JSON."""
    try:
        words = text.removeprefix(_BOM).decode() if isinstance(text, bytes) else text
        if words.lstrip().startswith("{"):
            return json.loads(words, object_pairs_hook=_pairs)
        return tomllib.loads(words)
    except UnicodeDecodeError as wrong:
        _refuse(f"the file is not UTF-8 text (byte {wrong.start + 1})")
    except json.JSONDecodeError as wrong:
        _refuse(f"the file is not JSON: {wrong.msg} (line {wrong.lineno}, column {wrong.colno})")
    except tomllib.TOMLDecodeError as wrong:
        _refuse(f"the file is not TOML: {' '.join(str(wrong).split())}")
    except RecursionError:
        _refuse("the file is nested too deeply")
    except ValueError as wrong:
        _refuse(f"the file has a number that cannot be read: {wrong}")


def _refuse(sentence: str) -> NoReturn:
    raise BadModel([Fault("$", sentence)]) from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _ in pairs]
    return Repeated(found, sorted({name for name in names if names.count(name) > 1}))
