"""Hold the answers to look-ups against the truth."""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

CERTAIN = 0.95
ENOUGH = 25
"""A name group with fewer answerable look-ups than this says too little for the gap."""

LOOKUP_PROMISES: tuple[tuple[str, str, float | None, float | None], ...] = (
    ("in_five", "known, answerable: right person in the first five", 0.99, None),
    ("first", "known, answerable: right person first", 0.98, None),
    ("in_five_all", "known, all: right person in the first five", 0.98, None),
    ("certain_known", "known, answerable: called certain", 0.78, None),
    ("twin_first", "twins: right one first", 0.90, None),
    ("twin_in_five", "twins: right one in the first five", 0.99, None),
    ("twin_other_certain", "twins: the other called certain", None, 0.005),
    ("lookup_group_gap", "gap between name groups in the first five", None, 0.03),
    ("adopted_other_certain", "the other adopted identity called certain", None, 0),
    ("certain_wrong", "called certain and wrong", None, 0.002),
    ("absent_certain", "absent: somebody called certain", None, 0.002),
    ("absent_sibling_certain", "absent sibling: somebody called certain", None, 0.005),
    ("absent_twin_certain", "absent twin: somebody called certain", None, 0.012),
    ("p95", "milliseconds, 95th percentile", None, 10.0),
)


def measure_lookup(folder: Path, results: Path) -> dict[str, Any]:
    """Return the figures of a run of look-ups. The right record is any record of the right person."""
    asked = _asked(folder, results)
    known = [each for each in asked if each["kind"] in ("known", "twin", "adopted")]
    plain = [each for each in asked if each["kind"] == "known"]
    answerable = [each for each in plain if each["answerable"]]
    twins = [each for each in asked if each["kind"] == "twin" and each["answerable"]]
    certain = [each for each in known if each["certain"]]
    figures: dict[str, Any] = {"lookups": len(asked)}
    figures |= _share("in_five", [each["place"] <= 5 for each in answerable])
    figures |= _share("first", [each["place"] == 1 for each in answerable])
    figures |= _share("in_five_all", [each["place"] <= 5 for each in plain])
    figures |= _share("first_all", [each["place"] == 1 for each in plain])
    figures |= _share("certain_known", [each["right_certain"] for each in answerable])
    figures |= _share("twin_first", [each["place"] == 1 for each in twins])
    figures |= _share("twin_in_five", [each["place"] <= 5 for each in twins])
    figures |= _share("twin_other_certain", [each["other_certain"] for each in asked if each["kind"] == "twin"])
    figures |= _share("certain_wrong", [each["wrong_certain"] for each in certain])
    for kind in ("absent", "absent_sibling", "absent_twin"):
        figures |= _share(f"{kind}_certain", [bool(each["certain"]) for each in asked if each["kind"] == kind])
    other = [each["other_certain"] for each in asked if each["kind"] == "adopted"]
    figures |= _share("adopted_other_certain", other)
    figures["adopted_other_certain"] = sum(other)
    figures["lookup_by_group"] = _by("group", answerable)
    enough = [each["in_five"] for each in figures["lookup_by_group"] if each["lookups"] >= ENOUGH]
    figures["lookup_group_gap"] = max(enough) - min(enough) if enough else None
    figures["lookup_gap_in_words"] = gap_in_words(
        {
            each["group"]: (round(each["in_five"] * each["lookups"]), each["lookups"])
            for each in figures["lookup_by_group"]
        }
    )
    figures["lookup_by_noise"] = _by("noise", answerable)
    figures["lookup_by_kind"] = _by("pattern", plain)
    times = sorted(each["ms"] for each in asked if each["ms"] is not None)
    figures["p50"] = times[len(times) // 2] if times else None
    figures["p95"] = times[int(len(times) * 0.95)] if times else None
    return figures


def gap_in_words(groups: dict[str, tuple[int, int]]) -> str:
    """Say how sure the gap between name groups is: (found, of) of each that says enough.

    The gap is that of the luckiest and the unluckiest group, so it is some size also where all are found alike: how
    large it is then in all but one of twenty draws is said beside it.
    """
    enough = {name: each for name, each in groups.items() if each[1] >= ENOUGH}
    if len(enough) < 2:
        return f"No two name groups with {ENOUGH} look-ups."
    ordered = sorted(enough, key=lambda name: (enough[name][0] / enough[name][1], name))
    sides = []
    for name in (ordered[0], ordered[-1]):
        found, of = enough[name]
        low, high = likely_share(found, of)
        sides.append(f"{name} {found} of {of:,} ({low:.3f}–{high:.3f})")
    least = min(of for _, of in enough.values())
    chance = _gap_by_chance(list(enough.values()))
    return (
        f"Gap between name groups in the first five: from {sides[0]} to {sides[1]}, with 95 % intervals; the smallest"
        f" group has {least} look-ups. Were all groups found alike, the gap would be up to {chance:.3f} by chance"
        " in nineteen of twenty draws."
    )


def likely_share(found: int, of: int) -> tuple[float, float]:
    """Return the bounds within which a share lies with 95 in 100 (Wilson's interval)."""
    share, z = found / of, 1.96
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return middle - half, middle + half


def _gap_by_chance(groups: list[tuple[int, int]], draws: int = 1000) -> float:
    """Return the gap that chance alone stays below in nineteen of twenty draws, if every group had the same share."""
    rng = np.random.default_rng(1)
    share = sum(found for found, _ in groups) / sum(of for _, of in groups)
    sizes = np.array([of for _, of in groups])
    shares = rng.binomial(sizes, share, size=(draws, len(sizes))) / sizes
    return float(np.quantile(shares.max(axis=1) - shares.min(axis=1), 0.95))


def _asked(folder: Path, results: Path) -> list[dict[str, Any]]:
    """Return one row per look-up: where the right person stood, and who was called certain."""
    with duckdb.connect() as db:
        truth = db.execute(
            f"select query_id, kind, person_id, pattern, answerable, name_group, noise, others"
            f" from '{folder / 'queries_truth.parquet'}' order by query_id"
        ).fetchall()
        found = db.execute(
            f"""select query_id, rank, t.person_id, probability, latency_ms, r.record_id
                from '{results}' r left join '{folder / "truth.parquet"}' t using (record_id)
                order by query_id, rank"""
        ).fetchall()
    by_query: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in found:
        by_query[row[0]].append(row)
    missing = [row[0] for row in truth if row[0] not in by_query]
    if missing:
        raise ValueError(f"{len(missing)} look-ups have no row in the results, the first is {missing[0]}.")
    return [_judged(row, by_query[row[0]]) for row in truth]


def _judged(truth: tuple[Any, ...], rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    number, kind, person, pattern, answerable, group, noise, others = truth
    people: list[int] = []
    certain: list[int] = []
    for _, _, who, probability, _, record in rows:
        if record is None:
            continue
        if who not in people:
            people.append(who)
        if probability is not None and probability >= CERTAIN:
            certain.append(who)
    return {
        "query_id": number,
        "kind": kind,
        "pattern": [pattern],
        "answerable": answerable,
        "group": [group],
        "noise": [each for each in noise.split("|") if each] or ["none"],
        "place": people.index(person) + 1 if person in people else 99,
        "certain": certain,
        "right_certain": person in certain,
        "wrong_certain": any(each != person for each in certain),
        "other_certain": any(each in others for each in certain),
        "ms": rows[0][4],
    }


def _share(name: str, values: list[bool]) -> dict[str, Any]:
    """Return a share with what it was taken of."""
    return {
        name: sum(values) / len(values) if values else None,
        f"{name}_count": sum(values),
        f"{name}_of": len(values),
    }


def _by(key: str, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in asked:
        for value in each[key]:
            groups[value].append(each)
    label = "kind" if key == "pattern" else key
    return [
        {
            label: value,
            "lookups": len(held),
            "in_five": sum(each["place"] <= 5 for each in held) / len(held),
            "first": sum(each["place"] == 1 for each in held) / len(held),
            "certain": sum(each["right_certain"] for each in held) / len(held),
        }
        for value, held in sorted(groups.items(), key=lambda item: -len(item[1]))
    ]


_SHOWN = "forename, middle, surname, dob, sex, address1, postcode, nhs_number, upn"


def worst_lookups(folder: Path, results: Path, each: int = 5) -> str:
    """Return look-ups that went wrong, with the first three answers, to read."""
    asked = _asked(folder, results)
    sorts = {
        "called certain and wrong": [one for one in asked if one["wrong_certain"]],
        "answerable, not in the first five": [
            one for one in asked if one["kind"] == "known" and one["answerable"] and one["place"] > 5
        ],
        "answerable, in the first five but not first": [
            one for one in asked if one["kind"] == "known" and one["answerable"] and 1 < one["place"] <= 5
        ],
        "twins, not first": [one for one in asked if one["kind"] == "twin" and one["place"] > 1],
    }
    lines: list[str] = []
    with duckdb.connect() as db:
        for words, found in sorts.items():
            lines += ["", f"## {words}: {len(found)}", ""]
            for one in found[:each]:
                lines += _example(db, folder, results, one)
    return "\n".join(lines)


def _example(db: duckdb.DuckDBPyConnection, folder: Path, results: Path, one: dict[str, Any]) -> list[str]:
    number = one["query_id"]
    lines = [f"{number} {one['kind']} {one['group'][0]} {'+'.join(one['noise'])}, right one at {one['place']}"]
    rows = db.execute(
        f"select 'asked', {_SHOWN} from '{folder / 'queries.parquet'}' where query_id = {number}"
    ).fetchall()
    rows += db.execute(
        f"""select 'truth', {_SHOWN} from '{folder / "records.parquet"}' join '{folder / "truth.parquet"}' using (record_id)
            where person_id = (select person_id from '{folder / "queries_truth.parquet"}' where query_id = {number})"""
    ).fetchall()
    rows += db.execute(
        f"""select rank || ': ' || round(probability, 4), {_SHOWN} from '{results}' join '{folder / "records.parquet"}'
            using (record_id) where query_id = {number} order by rank limit 3"""
    ).fetchall()
    return lines + ["    " + " · ".join("" if value is None else str(value) for value in row) for row in rows]
