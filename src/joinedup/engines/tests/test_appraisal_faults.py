"""A bad model: every fault is said, each with its path."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest

from joinedup.engines.appraisal import BadModel, Fault, appraise, read, read_text, settlements, simulate, tornado

GOOD: dict[str, Any] = {
    "years": 3,
    "discount": 0.035,
    "cohort": {"size": [10, 20]},
    "costs": [{"amounts": [1, 2, 3], "grade": 1, "agencies": {"Council": 1}}],
    "benefits": [
        {
            "code": "A", "prevalence": 1, "engagement": 1, "retention": 1, "impact": 1, "deadweight": 0,
            "unit_cost": {"fiscal": 100, "economic": 0, "social": 0}, "agencies": {"Council": 0.5, "NHS": 0.5},
            "lag": 0, "drop_off": 0, "grade": 1, "cashable": 0,
        }
    ],
}  # fmt: skip
NOTHING = object()
NAN, INF = float("nan"), float("inf")


def changed(path: str, value: Any) -> dict[str, Any]:
    """The good model with one thing changed, or left out."""
    data = copy.deepcopy(GOOD)
    *way, last = path.replace("]", "").replace("[", ".").split(".")
    at: Any = data
    for step in way:
        at = at[int(step)] if step.isdigit() else at[step]
    key = int(last) if last.isdigit() else last
    if value is NOTHING:
        del at[key]
    else:
        at[key] = value
    return data


def paths_of(data: Any) -> list[str]:
    with pytest.raises(BadModel) as bad:
        read(data)
    return [fault.path for fault in bad.value.faults]


def test_the_good_model_is_good() -> None:
    assert appraise(read(GOOD)).pv_cost > 0


@pytest.mark.parametrize(
    ("path", "value"),
    [
        *((key, NOTHING) for key in GOOD),
        ("note", "?"),
        ("cohort.number", 5),
        ("costs[0].amount", 5),
        ("benefits[0].colour", "red"),
        ("benefits[0].unit_cost.cash", 5),
        *(("years", value) for value in (0, -1, 1001, 2.0, "3", True, None, [3], 10**400)),
        *(("discount", value) for value in ("gold-book", "", "3.5", -0.01, 1.5, 3.5, NAN, INF, True, None, [0.035], {})),
        *(("cohort", value) for value in (5, None, [5], "many")),
        ("cohort.size", NOTHING),
        *(("cohort.size", value) for value in (-1, "525", None, True, NAN, INF, {}, [], [1, 2, 3, 4], 1e16)),
        *(("cohort.size[0]", value) for value in (-1, "5", None, NAN, [1])),
        *(("cohort.grade", value) for value in (0, 7, "1", 1.5)),
        *(("costs", value) for value in (5, {}, None, "none")),
        *(("costs[0]", value) for value in (5, None, [])),
        *((f"costs[0].{key}", NOTHING) for key in ("amounts", "grade", "agencies")),
        *(("costs[0].amounts", value) for value in ([1, 2], [1, 2, 3, 4], [], 5, None, "1, 2, 3")),
        *(("costs[0].amounts[1]", value) for value in (-1, NAN, INF, "1", None, True)),
        *(("costs[0].grade", value) for value in (0, 7, -1, 1.0, "1", None, True)),
        *(("costs[0].agencies", value) for value in ({}, {"Council": 0.5}, {"Council": 0.6, "NHS": 0.6}, ["Council"], None)),
        *(("costs[0].agencies.Council", value) for value in (-1, "1", None, NAN, 2)),
        *(("benefits", value) for value in (5, {}, None)),
        *(("benefits[0]", value) for value in (5, None, "A")),
        *(
            (f"benefits[0].{key}", NOTHING)
            for key in ("code", "prevalence", "engagement", "retention", "impact", "deadweight", "unit_cost", "grade", "agencies")
        ),
        *(("benefits[0].code", value) for value in (5, "", " ", None, "a\x1b[2J")),
        *(("benefits[0].prevalence", value) for value in (-0.1, "1", None, NAN, INF, True)),
        *(
            (f"benefits[0].{key}", value)
            for key in (
                "engagement", "retention", "impact", "deadweight", "drop_off", "cashable", "attribution", "displacement",
            )
            for value in (-0.1, 1.01, "1", None, NAN, INF, True, [1])
        ),
        *(("benefits[0].lag", value) for value in (-1, 0.5, "1", None, True, 1e3)),
        *(("benefits[0].grade", value) for value in (0, 7, 2.5, None)),
        *(("benefits[0].unit_cost", value) for value in ({}, 5, None, [])),
        *(("benefits[0].unit_cost.fiscal", value) for value in (-5, "5", None, NAN, INF)),
        *(("benefits[0].agencies", value) for value in ({}, {"NHS": 0.9}, {"NHS": 0.5, "Council": 0.6}, 5, None)),
        *(("benefits[0].price_year", value) for value in ("2015/17", "recently", None, 15, 2015.0, "1066", "2015/16")),
        *(("price_year", value) for value in ("2099", "2015/17", None, [], True)),
        *(("deflator", value) for value in ("cpi", None, 5, [])),
        *(("name", value) for value in (5, None, "\x00")),
    ],
)  # fmt: skip
def test_each_fault_has_its_path(path: str, value: Any) -> None:
    found = paths_of(changed(path, value))
    assert (
        found[0] == f"$.{path}"
        or found[0].startswith((f"$.{path}.", f"$.{path}["))
        or path.endswith("agencies.Council")
    )
    assert all(each.startswith("$") for each in found)


def test_shares_that_do_not_add_up_are_said_at_the_agencies() -> None:
    assert paths_of(changed("costs[0].agencies.Council", 0.98)) == ["$.costs[0].agencies"]
    assert paths_of(changed("costs[0].agencies", {"Council": 0.5, " ": 0.5})) == ['$.costs[0].agencies[" "]']
    thirds = changed("costs[0].agencies", {"A": 0.3333334, "B": 0.3333333, "C": 0.3333333})
    assert sum(read(thirds).costs[0].agencies.values()) == pytest.approx(1, abs=1e-15)


def test_every_fault_is_said_at_once_in_the_file_s_order() -> None:
    bad = {
        "years": 3,
        "discount": "gold-book",
        "cohort": {"size": -5},
        "costs": [{"amounts": [1, 2], "grade": 9, "agencies": {"Council": 0.5}, "who": 1}],
        "benefits": [{"code": "A", "prevalence": -1, "engagement": 60, "unit_cost": {"fiscal": "£5"}, "grade": 2}, 7],
    }
    assert paths_of(bad) == [
        "$.discount",
        "$.cohort.size",
        "$.costs[0].who",
        "$.costs[0].amounts",
        "$.costs[0].grade",
        "$.costs[0].agencies",
        "$.benefits[0].retention",
        "$.benefits[0].impact",
        "$.benefits[0].deadweight",
        "$.benefits[0].engagement",
        "$.benefits[0].prevalence",
        "$.benefits[0].unit_cost.fiscal",
        "$.benefits[1]",
    ]
    with pytest.raises(BadModel, match=r"60 % is 0\.6"):
        read(bad)


def test_a_benefit_without_fiscal_value_needs_no_agency() -> None:
    social = changed("benefits[0].unit_cost", {"social": 5})
    del social["benefits"][0]["agencies"]
    assert appraise(read(social)).pv_social_economic > 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"\xff\xfe", "not UTF-8"),
        ("years = ", "not TOML"),
        ("years = 3\nyears = 4\n", "not TOML"),
        ("{", "not JSON"),
        ('{"years": ' + "9" * 5000 + "}", "cannot be read"),
        ("years = " + "9" * 5000, "cannot be read"),
        ("[1, 2]", "not TOML"),
        ("{" + '"a": {' * 100_000, "nested too deeply"),
        ("a = " + "[" * 100_000, "nested too deeply"),
        ("", "this is missing"),
        ("years = nan", "must be a whole number"),
        ("discount = inf", "counted with"),
        ('{"discount": NaN}', "counted with"),
        ("years = 2026-11-22", "must be a whole number"),
    ],
)
def test_what_is_no_model_at_all(text: str | bytes, words: str) -> None:
    with pytest.raises(BadModel, match=words) as bad:
        read_text(text)
    assert all("\n" not in str(fault) and len(str(fault)) < 400 for fault in bad.value.faults)


def test_a_key_said_twice_in_json_is_a_fault_and_a_byte_order_mark_is_none() -> None:
    text = json.dumps(GOOD)
    twice = text.replace('"Council": 1}', '"Council": 0, "Council": 1}', 1)
    with pytest.raises(BadModel, match="more than once") as bad:
        read_text(twice)
    assert [fault.path for fault in bad.value.faults] == ["$.costs[0].agencies.Council"]
    assert read_text(b"\xef\xbb\xbf" + text.encode()) == read(GOOD)


JUNK = (
    1e-310,
    5e-324,
    1e-12,
    1e15,
    None,
    True,
    -1,
    0,
    7,
    1e308,
    NAN,
    INF,
    "",
    "x",
    "£5",
    [],
    {},
    [None],
    {"a": 1},
    10**400,
    "\x00",
)


def test_no_model_however_wrong_is_more_than_a_list_of_faults() -> None:
    draw = random.Random(5)
    for _ in range(3000):
        data = copy.deepcopy(GOOD)
        for _ in range(draw.randint(1, 4)):
            _spoil(data, draw)
        faults, found = _tried(data)
        assert all(str(fault).startswith("$") and len(str(fault)) < 500 for fault in faults)
        json.dumps(found, allow_nan=False)


def _tried(data: Any) -> tuple[list[Fault], Any]:
    try:
        found = appraise(read(data))
        rest = [each.transfers for each in settlements(found.agencies)]
        bars = [each.as_data() for each in tornado(found.model)]
        return [], (found.as_data(), rest, bars, simulate(found.model, draws=3, seed=1).as_data())
    except BadModel as bad:
        return bad.faults, None


def _spoil(data: Any, draw: random.Random) -> None:
    """Put something odd in some place of it."""
    at = data
    while True:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        if not keys:
            return
        key = draw.choice(keys)
        if isinstance(at[key], dict | list) and draw.random() < 0.8:
            at = at[key]
            continue
        at[key] = copy.deepcopy(draw.choice(JUNK))
        return
