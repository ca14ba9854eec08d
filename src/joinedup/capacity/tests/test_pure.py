"""What needs no database: what stops a phase, which number counts, what of a log is kept, what a scenario comes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest

from joinedup.capacity import pictures, results
from joinedup.capacity.episodes import episodes
from joinedup.capacity.lifecycle import PHASE_LABELS, PHASE_MOVES, PhaseState
from joinedup.capacity.modelling import Assumed, TeamNow, cannot_cope, model_of, work_of
from joinedup.capacity.reading_log import columns
from joinedup.capacity.rules import HALT_CONTINUITY, HALT_INCIDENT, HALT_RED, Rule
from joinedup.capacity.services.reading import days_since
from joinedup.capacity.settings import _HOURS, _PAY, _TARGETS
from joinedup.capacity.testing_rules import Watched, is_full, why_halted
from joinedup.capacity.trying import asked
from joinedup.engines.caseflow.event_log import Event, log_of
from joinedup.engines.caseflow.mining import directly_follows, out_of_order, variants

SUMMARY = {"arrivals": {"per_day": 4.0, "low": 3.6, "high": 4.4}, "accepted": 0.7, "cases": 900, "stays": {}}
ASSUMED = Assumed(_HOURS, _TARGETS, _PAY, 1, is_own=False)
TEAMS = [TeamNow("North", 17, 12, tuple(float(each) for each in range(60)), 2, 3), TeamNow("South", 15, 12, (), 0, 1)]
MODEL = model_of(SUMMARY, TEAMS, 3, ASSUMED, "A town")
WORK = work_of(ASSUMED) | {"beliefs": results.beliefs_of(SUMMARY)}


@pytest.mark.parametrize(
    ("seen", "rule"),
    [
        (Watched(0, 0, 0, 0, 0), None), (Watched(10, 10, 8, 0, 0), None), (Watched(10, 10, 7, 0, 0), HALT_CONTINUITY),
        (Watched(10, 10, 10, 1, 0), HALT_RED), (Watched(10, 10, 0, 1, 1), HALT_INCIDENT), (Watched(10, 0, 0, 0, 0), None),
    ],
)  # fmt: skip
def test_what_halts_a_phase(seen: Watched, rule: Rule | None) -> None:
    assert why_halted(seen, continuity_percent=80) is rule


def test_the_cohort_and_the_moves() -> None:
    assert [is_full(Watched(count, 0, 0, 0, 0), 50) for count in (49, 50, 51)] == [False, True, True]
    assert set(PHASE_MOVES) == set(PHASE_LABELS) == set(PhaseState)
    assert {state for state, ends in PHASE_MOVES.items() if PhaseState.SCALED in ends} == {PhaseState.FULL}
    assert PhaseState.RUNNING in PHASE_MOVES[PhaseState.HALTED]
    assert not PHASE_MOVES[PhaseState.ENDED]


@pytest.mark.parametrize(
    ("said", "workers"),
    [
        ({}, 17), ({"s1_servers": "20", "s1_servers_was": "17", "s1_servers_slider": "17"}, 20),
        ({"s1_servers": "17", "s1_servers_was": "17", "s1_servers_slider": "22"}, 22),
        ({"s1_servers": "20", "s1_servers_was": "17", "s1_servers_slider": "22"}, 20), ({"s1_servers": "nonsense"}, 17),
        ({"s1_servers": "0"}, 17), ({"s1_servers": "2.5"}, 17),
    ],
)  # fmt: skip
def test_the_number_that_was_moved_counts(said: dict[str, str], workers: int) -> None:
    found = asked(MODEL, said)
    assert found.model["stations"][1]["servers"] == workers
    assert bool(found.errors) == (said.get("s1_servers") in {"nonsense", "0", "2.5"})
    assert found.is_changed == (workers != 17 or bool(found.errors))


def test_too_much_work_is_refused_with_how_many_are_needed() -> None:
    busy = asked(MODEL, {"s1_servers": "10"}).model
    (sentence,) = cannot_cope(busy)
    assert "North has work for" in sentence
    assert "at least 19 workers are needed" in sentence
    assert cannot_cope(MODEL | {"arrivals": {"per_day": 3.0, "first": "Triage"}}) == []


def _steady(**said: str) -> dict[str, object]:
    return asked(MODEL, {"s1_servers": "22", "s2_servers": "9"} | said).model


def test_a_scenario_gives_the_same_numbers_always_and_its_cliff() -> None:
    first, again = (results.quick(_steady(), WORK, 5) for _ in range(2))
    assert first == again
    assert results.quick(_steady(), WORK, 6)["checksum"] != first["checksum"]
    north = next(row for row in first["rows"] if row["name"] == "North")
    shares = [share for _, share in north["curve"] if share is not None]
    assert shares == sorted(shares)
    assert dict(map(tuple, north["curve"]))[north["least"]] >= north["share"]
    assert (
        dict(map(tuple, north["curve"]))[north["least"] - 1] is None
        or dict(map(tuple, north["curve"]))[north["least"] - 1] < north["share"]
    )
    assert north["pence"] == 22 * _PAY["team"]
    assert {row["name"] for row in first["work"]} == {
        f"{kind}, {team}" for kind in ("Assessments", "Reviews") for team in ("North", "South")
    }
    drawn = pictures.cliff("North", north["curve"], north["servers"], north["least"], north["share"])
    assert f"({north['least']})" in drawn.svg


def test_in_full_the_interval_shrinks_and_what_surely_does_is_found() -> None:
    heard: list[tuple[int, int, str]] = []
    found = results.in_full(_steady(), WORK, 5, lambda *said: heard.append(said), most=40, futures=12)
    assert found["shrinking"][-1][0] == found["replications"] == 40
    assert heard[-1][0] == heard[-1][1]
    assert all(each["within"][1] >= each["share"] for each in found["needed"])
    assert all(0 <= each["met"] <= 1 and "plausible futures" in each["sentence"] for each in found["futures"])


def test_two_scenarios_meet_the_same_families() -> None:
    same = results.beside(_steady(), _steady(), 5)
    assert all(row["wait_difference"] == [0.0, 0.0, 0.0] for row in same)
    fewer = results.beside(_steady(), _steady(s1_servers="20"), 5)
    assert next(row for row in fewer if row["name"] == "North")["wait_difference"][1] >= 0


def test_a_cohort_is_predicted_and_never_above_its_limit() -> None:
    bands = results.predicted_cohort(_steady(), "North", 50, 5)
    assert len(bands) == 53
    assert bands[0] == (2, 2, 2, 2, 2)  # the two who wait today are taken on first
    assert all(list(band) == sorted(band) and band[4] <= 50 for band in bands)
    assert max(band[2] for band in bands) > 30
    assert results.predicted_cohort(_steady(), "Nowhere", 50, 5) == []


def _log(paths: dict[tuple[str, ...], int]) -> list[Event]:
    events, number = [], 0
    for path, families in paths.items():
        for _ in range(families):
            number += 1
            events += [Event(f"c{number}", f"f{number}", each, float(at)) for at, each in enumerate(path)]
    return events


def test_few_families_are_left_out_and_not_given_away_by_subtraction() -> None:
    """Of 40 contacts 30 are decided, 7 closed and 3 moved: the three would be told by 40 less 37."""
    log = log_of(_log({("contact", "triage_decision"): 30, ("contact", "closure"): 7, ("contact", "transfer"): 3}))
    graph = directly_follows(log)
    assert [(each.after, each.families) for each in graph.edges] == [("triage_decision", 30)]
    assert graph.is_partial
    kept, left = variants(log)
    assert [each.families for each in kept] == [30]
    assert left == pytest.approx(0.25)
    wrong = log_of(_log({("contact", "review"): 3, ("review", "contact"): 40}))
    assert out_of_order(wrong, [("contact", "review")]) == {("contact", "review"): None}


def test_the_flow_to_draw_gives_nobody_away() -> None:
    events = _log(
        {("contact", "triage_decision", "closure"): 30, ("contact", "closure"): 9, ("contact", "triage_decision"): 2}
    )
    shown = {(each["from"], each["to"]): each["cases"] for each in columns(log_of(events))}
    assert all(count >= 6 for count in shown.values())
    assert ("Decided", "Still open") not in shown
    assert ("Decided", "Closed") not in shown  # 32 decided less 30 would tell the two


class Row(NamedTuple):
    kind: str
    at: datetime
    family_id: UUID | None
    source_id: str
    code: str = ""


def test_a_family_that_comes_back_begins_again() -> None:
    family, start = uuid4(), datetime(2026, 1, 5, 10, tzinfo=UTC)
    kinds = [
        ("front_door.referral_received", "r1"), ("front_door.referral_decided", "r1"), ("front_door.referral_allocated", "r1"),
        ("casework.case_opened", "k1"), ("casework.lead_professional_named", "k1"), ("casework.lead_professional_named", "k1"),
        ("casework.case_closed", "k1"), ("front_door.referral_received", "r2"), ("front_door.referral_closed", "r2"),
    ]  # fmt: skip
    rows = [
        Row(kind, start + timedelta(days=number), None if source == "r1" and number == 0 else family, source)
        for number, (kind, source) in enumerate(kinds)
    ]
    day_of: Callable[[datetime], float] = days_since(date(2026, 1, 1), date(2026, 2, 1))
    found = episodes(rows, {"k1": ("North", 2)}, day_of)
    assert [(each.case, each.activity) for each in found] == [
        ("1", "contact"), ("1", "triage_decision"), ("1", "referral"), ("1", "allocation"), ("1", "closure"), ("2", "contact"), ("2", "closure"),
    ]  # fmt: skip
    assert {each.family for each in found} == {"0"}
    assert found[3].team == "North"


def test_working_days_pass_and_weekends_do_not() -> None:
    of = days_since(date(2026, 1, 1), date(2026, 1, 31))  # the 1st is a bank holiday
    assert of(datetime(2026, 1, 2, 9, tzinfo=UTC)) == 0.0
    assert of(datetime(2026, 1, 3, 12, tzinfo=UTC)) == of(datetime(2026, 1, 4, 12, tzinfo=UTC)) == 1.0
    assert of(datetime(2026, 1, 5, 9, tzinfo=UTC)) == 1.0
    assert 1.4 < of(datetime(2026, 1, 5, 12, 42, tzinfo=UTC)) < 1.6
    assert replace(ASSUMED, years=2).years == 2
