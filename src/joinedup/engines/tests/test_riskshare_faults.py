"""A bad case: every fault is said, each with its path."""

from __future__ import annotations

import json
from typing import Any

import pytest

from joinedup.engines.riskshare import BadCase, method_of, read, read_text, share_out

GOOD: dict[str, Any] = {
    "variance_pence": 100,
    "by_scheme": {"CAMHS": 60, "Locality": 40},
    "partners": {"Council": 5, "NHS": 3},
    "method": {"name": "proportional"},
}


def faults(**changed: Any) -> list[str]:
    with pytest.raises(BadCase) as bad:
        read_text(json.dumps({**GOOD, **changed}))
    return [fault.path for fault in bad.value.faults]


def faults_of_method(**method: Any) -> list[str]:
    return [path.removeprefix("$.method") for path in faults(method=method)]


@pytest.mark.parametrize(
    ("changed", "paths"),
    [
        ({"variance_pence": 1.0}, ["$.variance_pence"]),
        ({"variance_pence": True}, ["$.variance_pence"]),
        ({"variance_pence": "100"}, ["$.variance_pence"]),
        ({"variance_pence": None}, ["$.variance_pence"]),
        ({"variance_pence": 10**30}, ["$.variance_pence"]),
        ({"partners": {}, "by_scheme": []}, ["$.by_scheme", "$.partners"]),
        ({"partners": ["Council"]}, ["$.partners"]),
        ({"partners": {"Council": -1, "NHS": False}}, ["$.partners.NHS", "$.partners.Council"]),
        ({"partners": {"Council": 0, "NHS": 0}}, ["$.partners"]),
        ({"partners": {"unallocated": 1, "NHS": 1}}, ["$.partners.unallocated"]),
        ({"partners": {"Contingency ": 1, "NHS": 1}}, ['$.partners["Contingency "]']),
        ({"partners": {" ": 1, "a\x1b[2J": 1}}, ['$.partners[" "]', '$.partners["a\\u001b[2J"]']),
        ({"by_scheme": {"CAMHS": 0.5}}, ["$.by_scheme.CAMHS"]),
        ({"by_scheme": None}, ["$.by_scheme"]),
        ({"variance": 1, "note": ""}, ["$.variance", "$.note"]),
        ({"method": "proportional"}, ["$.method"]),
        ({"method": {}}, ["$.method.name"]),
        ({"method": {"name": "contingency"}}, ["$.method.name"]),
        ({"method": {"name": "equal"}}, ["$.method.name"]),
        ({"method": {"name": ["fixed"]}}, ["$.method.name"]),
        ({"method": {"name": "proportional", "shares": {}}}, ["$.method.shares"]),
    ],
)
def test_each_fault_has_its_path(changed: dict[str, Any], paths: list[str]) -> None:
    assert faults(**changed) == paths


@pytest.mark.parametrize(
    ("method", "paths"),
    [
        ({"name": "fixed"}, [".shares"]),
        ({"name": "fixed", "shares": {}}, [".shares"]),
        ({"name": "fixed", "shares": [50, 50]}, [".shares"]),
        ({"name": "fixed", "shares": {"Council": 0, "NHS": 0}}, [".shares"]),
        ({"name": "fixed", "shares": {"Council": -1, "NHS": 2}}, [".shares.Council"]),
        ({"name": "fixed", "shares": {"Council": True, "NHS": "2"}}, [".shares.Council", ".shares.NHS"]),
        ({"name": "fixed", "shares": {"Council": 1, "Police": 2}}, [".shares.Police"]),
        ({"name": "fixed", "shares": {"Council": 1, "NHS": 2, "Police": None}}, [".shares.Police", ".shares.Police"]),
        ({"name": "responsible"}, [".lead"]),
        ({"name": "responsible", "lead": {"CAMHS": "NHS"}}, [".lead.Locality"]),
        ({"name": "responsible", "lead": {"CAMHS": "NHS", "Locality": "Police"}}, [".lead.Locality"]),
        ({"name": "responsible", "lead": {"CAMHS": "NHS", "Locality": 3}}, [".lead.Locality"]),
        (
            {"name": "responsible", "lead": {"CAMHS": "NHS", "Locality": "NHS", "Short breaks": "NHS"}},
            [".lead.Short breaks"],
        ),
        ({"name": "responsible", "lead": "NHS"}, [".lead"]),
        ({"name": "commissioned", "shares": {}}, [".shares.CAMHS", ".shares.Locality"]),
        ({"name": "commissioned", "shares": 4}, [".shares"]),
        (
            {"name": "commissioned", "shares": {"CAMHS": {"NHS": 0}, "Locality": {"Police": 1}}},
            [".shares.CAMHS", ".shares.Locality.Police"],
        ),
        ({"name": "capped", "caps": {"NHS": -1, "Police": 1.5}}, [".caps.Police", ".caps.NHS", ".caps.Police"]),
        ({"name": "capped", "caps": None}, [".caps"]),
        ({"name": "tiered"}, [".tiers"]),
        ({"name": "tiered", "tiers": []}, [".tiers"]),
        ({"name": "tiered", "tiers": {}}, [".tiers"]),
        ({"name": "tiered", "tiers": [5, {}]}, [".tiers[0]", ".tiers[1].width", ".tiers[1].method"]),
        (
            {
                "name": "tiered",
                "tiers": [
                    {"width": None, "method": {"name": "contingency", "shares": {}}},
                    {"width": -5, "method": {"name": "tiered", "tiers": []}, "to": 3},
                    {"width": "9", "method": {"name": "fixed", "shares": {"Police": 1}}},
                ],
            },
            [
                ".tiers[0].width",
                ".tiers[0].method.shares",
                ".tiers[1].to",
                ".tiers[1].width",
                ".tiers[1].method.name",
                ".tiers[2].width",
                ".tiers[2].method.shares.Police",
            ],
        ),
    ],
)
def test_each_fault_of_a_method_has_its_path(method: dict[str, Any], paths: list[str]) -> None:
    assert faults_of_method(**method) == paths


@pytest.mark.parametrize(
    "method",
    [
        {"name": "responsible", "lead": {"CAMHS": "NHS", "Locality": "NHS"}},
        {"name": "commissioned", "shares": {"CAMHS": {"NHS": 1}, "Locality": {"NHS": 1}}},
        {
            "name": "tiered",
            "tiers": [{"width": None, "method": {"name": "responsible", "lead": {"CAMHS": "NHS", "Locality": "NHS"}}}],
        },
    ],
)
def test_schemes_must_add_up_where_the_method_asks(method: dict[str, Any]) -> None:
    assert faults(variance_pence=101, method=method) == ["$.by_scheme"]
    assert faults(variance_pence=101, method=method, note=1) == ["$.note", "$.by_scheme"]
    assert read({**GOOD, "method": method}).variance_pence == 100


def test_a_tiered_method_asks_for_contributions_only_where_it_shares_by_them() -> None:
    nothing = {"Council": 0, "NHS": 0}
    method = {"name": "tiered", "tiers": [{"width": None, "method": {"name": "fixed", "shares": {"NHS": 1}}}]}
    assert read({**GOOD, "partners": nothing, "method": method})
    assert faults(partners=nothing, method=method, variance_pence=-1) == ["$.partners"]


@pytest.mark.parametrize(
    "method",
    [
        {"name": "proportional"},
        {"name": "capped", "caps": {"NHS": 5}},
        {"name": "tiered", "tiers": [{"width": None, "method": {"name": "proportional"}}]},
    ],
)
def test_nought_is_nought_for_everybody_even_where_nobody_put_anything_in(method: dict[str, Any]) -> None:
    nothing = {"Council": 0, "NHS": 0}
    case = read({"variance_pence": 0, "partners": nothing, "method": method})
    assert share_out(case).as_data() == {"Council": 0, "NHS": 0, "unallocated": 0}
    assert faults(variance_pence=1, partners=nothing, method=method) == ["$.partners"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[1]", "must be an object, not a list"),
        ("null", "must be an object, not null"),
        (b"\xff", "not UTF-8"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_case_at_all_is_one_fault(text: str | bytes, words: str) -> None:
    with pytest.raises(BadCase, match=words) as bad:
        read_text(text)
    assert [fault.path for fault in bad.value.faults] == ["$"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("NaN", "not NaN"), ("-Infinity", "not -Infinity"), ("1e999999999", "too many digits"),
        ("9" * 5000, "too many digits"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_a_fault_where_it_stands_beside_every_other(number: str, words: str) -> None:
    text = (
        f'{{"variance_pence": {number}, "by_scheme": {{"S": {number}}}, "partners": {{"A": -1, "B": {number}}},'
        f' "method": {{"name": "fixed", "shares": {{"A": {number}, "B": 1}}}}}}'
    )
    with pytest.raises(BadCase, match=words) as bad:
        read_text(text)
    paths = ["$.variance_pence", "$.by_scheme.S", "$.partners.B", "$.partners.A", "$.method.shares.A"]
    assert [fault.path for fault in bad.value.faults] == paths


def test_an_underspend_under_tiers_asks_for_no_schemes() -> None:
    """It goes back by opening contributions, whatever the tiers of an overspend would ask."""
    lead: dict[str, Any] = {"name": "responsible", "lead": {"CAMHS": "NHS", "Locality": "Council"}}
    method = {"name": "tiered", "tiers": [{"width": None, "method": lead}]}
    for by_scheme in ({}, {"CAMHS": 7}, GOOD["by_scheme"]):
        case = read({**GOOD, "variance_pence": -8, "by_scheme": by_scheme, "method": method})
        assert share_out(case).as_data() == {"Council": -5, "NHS": -3, "unallocated": 0}
    lead["lead"]["CAMHS"] = "Police"
    here = "$.method.tiers[0].method.lead"
    assert faults(variance_pence=-8, by_scheme={}, method=method) == [f"{here}.CAMHS"]
    assert faults(by_scheme={}, method=method) == [f"{here}.CAMHS", f"{here}.Locality", f"{here}.CAMHS", "$.by_scheme"]


def test_a_key_said_twice_is_a_fault() -> None:
    text = json.dumps(GOOD).replace('"Council": 5', '"Council": 5, "Council": 6')
    with pytest.raises(BadCase, match="more than once") as bad:
        read_text(text)
    assert [fault.path for fault in bad.value.faults] == ["$.partners.Council"]


def test_a_method_can_be_read_before_there_is_anything_to_share() -> None:
    assert method_of({"name": "capped", "caps": {"NHS": 5}}, GOOD["partners"], {}).name == "capped"
    with pytest.raises(BadCase, match="no such partner"):
        method_of({"name": "capped", "caps": {"Police": 5}}, GOOD["partners"], {})


def test_every_fault_fits_on_a_line() -> None:
    with pytest.raises(BadCase) as bad:
        read_text(json.dumps({**GOOD, "a\nb": 1, "method": {"name": "two\nlines" * 100}}))
    assert all("\n" not in str(fault) and len(str(fault)) < 200 for fault in bad.value.faults)
