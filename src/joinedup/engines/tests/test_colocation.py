"""Shared buildings, against trying every possibility; and the answers that can be worked out by hand."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.engines.colocation import (
    Arrangement,
    Building,
    CannotBe,
    Estate,
    NotCovered,
    Placement,
    Stage,
    Team,
    Terms,
    arrange,
    cost_of_access,
    desks_needed,
    desks_pooled,
    fewest_points,
    minutes_between,
    most_reached,
    nearest_points,
    projects,
    sums_of,
    today,
)


def estate(seed: int, buildings: int = 4, teams: int = 4, *, split: bool = False) -> Estate:
    """An invented estate, everybody seated somewhere today or nowhere."""
    luck = np.random.default_rng(seed)
    names = [f"Hall {each}" for each in range(buildings)]
    return Estate(
        tuple(
            Building(
                name,
                f"Locality {place % 2}",
                int(luck.integers(10_000, 90_000)) * 100,
                int(luck.integers(6, 20)),
                int(luck.integers(0, 3)),
                exit_cost=int(luck.integers(0, 20_000)) * 100,
                free_after=float(luck.integers(0, 4)),
                opening_cost=int(luck.integers(0, 20_000)) * 100,
                used_today=bool(luck.random() < 0.8),
                must_keep=bool(luck.random() < 0.1),
            )
            for place, name in enumerate(names)
        ),
        tuple(
            Team(
                f"Team {each}",
                float(luck.integers(2, 14)),
                0.8,
                int(luck.integers(0, 2)),
                names[int(luck.integers(0, buildings))],
                float(luck.integers(15, 60)),
                move_cost=int(luck.integers(0, 5_000)) * 100,
                families_a_week=float(luck.integers(0, 9)),
            )
            for each in range(teams)
        ),
        luck.uniform(2, 45, (teams, buildings)),
        luck.uniform(2, 45, (teams, buildings)),
        (("Team 0", "Team 1"),) if seed % 3 == 0 else (),
        ("Locality 0",) if seed % 2 else (),
        Terms(split=split, family_minute_cost=int(luck.integers(0, 30))),
    )


def fits(made: Estate, kept: frozenset[str], sits: tuple[Placement, ...]) -> bool:
    """Whether an arrangement keeps every condition, asked without the optimiser."""
    rows, places = made.rows, made.places
    desks, rooms = Counter[str](), Counter[str]()
    for each in sits:
        desks[each.building] += each.desks
        rooms[each.building] += made.teams[rows[each.team]].rooms
    there = {each.team: each.building for each in sits}
    return (
        all(each.name in kept for each in made.buildings if each.must_keep)
        and all(desks[each.name] <= each.desks and rooms[each.name] <= each.rooms for each in made.buildings)
        and all(each.building in kept for each in sits)
        and all(
            made.minutes[rows[each.team], places[each.building]] <= made.teams[rows[each.team]].travel_cap
            for each in sits
        )
        and all(there[one] == there[other] for one, other in made.together)
        and all(any(each.locality == name and each.name in kept for each in made.buildings) for name in made.present)
    )


def every_possibility(made: Estate) -> int | None:
    """The least worth of all arrangements of whole teams, by trying them all."""
    names = [each.name for each in made.buildings]
    best: int | None = None
    for places in itertools.product(names, repeat=len(made.teams)):
        sits = tuple(
            Placement(team.name, place, team.desks, 1.0) for team, place in zip(made.teams, places, strict=True)
        )
        for stays in itertools.product((False, True), repeat=len(names)):
            kept = frozenset(name for name, stay in zip(names, stays, strict=True) if stay)
            if set(places) <= kept and fits(made, kept, sits):
                worth = sums_of(made, kept, sits).worth
                best = worth if best is None else min(best, worth)
    return best


@pytest.mark.parametrize("seed", range(24))
def test_nothing_is_cheaper_than_what_was_found(seed: int) -> None:
    made = estate(seed, 3, 4)
    best = every_possibility(made)
    if best is None:
        with pytest.raises(CannotBe):
            arrange(made, gap=0)
        return
    found = arrange(made, gap=0)
    assert fits(made, frozenset(found.kept), found.placements)
    assert found.sums.worth == pytest.approx(best, abs=5)  # pence: the solver counts in floats
    assert found.bound <= found.sums.worth
    assert found.in_time


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_divided_teams_have_whole_desks_and_never_cost_more(seed: int) -> None:
    made = replace(estate(seed, 5, 6), together=())
    loose = replace(made, terms=replace(made.terms, split=True))
    try:
        whole: Arrangement | None = arrange(made, gap=0)
    except CannotBe:
        whole = None
    try:
        found = arrange(loose, gap=0)
    except CannotBe:
        assert whole is None
        return
    used = Counter[str]()
    for each in found.placements:
        used[each.building] += each.desks
        assert (
            made.minutes[made.rows[each.team], made.places[each.building]]
            <= made.teams[made.rows[each.team]].travel_cap
        )
    assert all(used[each.name] <= each.desks for each in made.buildings if not found.rooms_short)
    for team in made.teams:
        assert sum(each.desks for each in found.of(team.name)) == team.desks
        assert sum(each.share for each in found.of(team.name)) == pytest.approx(1)
    if whole is not None:
        assert found.bound <= whole.sums.worth + 5


def two(**changed: object) -> Estate:
    """Two halls of ten desks, two teams of five desks; each sits in its own."""
    terms = Terms(years=4, discount=0, minute_cost=0, split=False)
    halls = (
        Building("Old Hall", "North", 5_000_000, 10, exit_cost=1_000_000, free_after=1),
        Building("New Hall", "South", 3_000_000, 10),
    )
    teams = (Team("Red", 5, 1, now="Old Hall", move_cost=30_000), Team("Blue", 5, 1, now="New Hall", move_cost=30_000))
    made = Estate(halls, teams, np.array([[5.0, 20.0], [20.0, 5.0]]), np.zeros((2, 2)), terms=terms)
    return replace(made, **changed)  # type: ignore[arg-type]


def test_one_building_is_left_when_its_lease_ends() -> None:
    found = arrange(two())
    assert found.kept == ("New Hall",)
    assert [(each.building, each.after_years, each.exit_cost, each.annual_saving) for each in found.exits] == [
        ("Old Hall", 1, 1_000_000, 5_000_000)
    ]
    # Four years of the New Hall, one of the Old, leaving it, and moving Red.
    assert found.sums.worth == 4 * 3_000_000 + 5_000_000 + 1_000_000 + 30_000
    assert found.sums.one_off == 1_030_000
    assert found.moved(two()) == (Placement("Red", "New Hall", 5, 1.0),)
    before = sums_of(two(), *today(two()))
    assert before.worth == 4 * 8_000_000
    assert before.one_off == 0


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"present": ("West",)}, "West must keep a building, and has none."),
        ({"minutes": np.array([[50.0, 60.0], [20.0, 5.0]])}, "Red has no building within 45 minutes."),
        ({"minutes": np.array([[5.0, 60.0], [60.0, 5.0]])}, "Red and Blue have no building within the reach of both."),
        ({"minutes": np.zeros((1, 2))}, "The table of journeys must have 2 rows (teams) and 2 columns (buildings)."),
        ({"together": (("Red", "Green"),)}, "Green must sit with a team, and is not one."),
    ],
)
def test_what_cannot_be_is_said(changed: dict[str, object], reason: str) -> None:
    capped = tuple(replace(each, travel_cap=45) for each in two().teams)
    made = replace(two(), **{"teams": capped, "together": (("Red", "Blue"),)} | changed)  # type: ignore[arg-type]
    with pytest.raises(CannotBe) as refused:
        arrange(made)
    assert reason in refused.value.reasons


def test_too_few_desks_and_too_large_a_team_are_said() -> None:
    with pytest.raises(CannotBe, match="The teams need 24 desks, and all the buildings together have 20"):
        arrange(two(teams=tuple(Team(name, 12, 1) for name in ("Red", "Blue"))))
    with pytest.raises(CannotBe, match="Red needs 12 desks, and the largest building within its reach has 10"):
        arrange(two(teams=(Team("Red", 12, 1), Team("Blue", 2, 1))))


def test_which_condition_stands_in_the_way_is_named() -> None:
    made = two(
        teams=(Team("Red", 6, 1), Team("Blue", 6, 1)),
        together=(("Red", "Blue"),),
        minutes=np.array([[5.0, 5.0], [5.0, 5.0]]),
    )
    with pytest.raises(CannotBe) as refused:
        arrange(made)
    assert refused.value.without == ("who must sit with whom",)


def test_a_long_search_says_how_far_it_is() -> None:
    heard: list[Stage] = []
    found = arrange(two(), told=heard.append)
    assert [each.doing for each in heard] == ["Teams divided, for a bound", "Teams whole", "Done"]
    assert heard[-1].best == found.sums.worth
    assert heard[-1].bound == found.bound


def test_access_costs_and_more_of_it_never_less() -> None:
    made = two(terms=Terms(years=4, discount=0, minute_cost=0, split=False))
    tight, wide = cost_of_access(made, (25, 10))
    assert tight.cap == 10
    assert tight.found is not None
    assert tight.found.kept == ("Old Hall", "New Hall")
    assert wide.found is not None
    assert wide.found.kept == ("New Hall",)
    assert cost_of_access(made, (4,))[0].refused == (
        "Red has no building within 4 minutes.",
        "Blue has no building within 4 minutes.",
    )


def test_one_project_at_a_time_and_what_it_unlocks() -> None:
    """Small Hall's people fit in the gap at Big Hall only after Middle Hall took Big Hall's."""
    halls = (
        Building("Big", "N", 9_000_000, 10),
        Building("Middle", "N", 5_000_000, 18),
        Building("Small", "N", 2_000_000, 6),
    )
    teams = (
        Team("Ten", 10, 1, now="Big", move_cost=100),
        Team("Seven", 7, 1, now="Middle"),
        Team("Six", 6, 1, now="Small"),
    )
    made = Estate(
        halls,
        teams,
        np.full((3, 3), 5.0),
        np.zeros((3, 3)),
        terms=Terms(years=2, discount=0, minute_cost=0, split=False),
    )
    heard: list[tuple[int, int]] = []
    big, small = projects(made, told=lambda done, of: heard.append((done, of)))
    assert (big.building, big.annual_saving, big.one_off, big.worth) == ("Big", 9_000_000, 100, 18_000_000 - 100)
    assert big.placements == (Placement("Ten", "Middle", 10, 1.0),)
    assert big.years_to_repay == pytest.approx(100 / 9_000_000)
    assert small.building == "Small"
    assert heard == [(1, 3), (2, 3), (3, 3)]


def test_taking_a_hub_unlocks_what_nobody_could_leave() -> None:
    halls = (
        Building("A", "N", 400, 6, used_today=True),
        Building("B", "N", 300, 5),
        Building("Hub", "N", 250, 20, opening_cost=1_000, used_today=False),
    )
    teams = (Team("One", 6, 1, now="A"), Team("Two", 5, 1, now="B"))
    made = Estate(
        halls,
        teams,
        np.full((2, 3), 5.0),
        np.zeros((2, 3)),
        terms=Terms(years=2, discount=0, minute_cost=0, split=False),
    )
    (hub,) = projects(made)
    assert (hub.building, hub.takes, hub.unlocks) == ("Hub", True, ("A", "B"))
    assert (hub.annual_saving, hub.one_off, hub.worth, hub.years_to_repay) == (-250, 1_000, -2 * 250 - 1_000, None)


def test_a_team_follows_the_one_it_must_sit_with() -> None:
    halls = (Building("A", "N", 4, 4), Building("B", "N", 4, 9), Building("C", "N", 4, 9))
    teams = (Team("One", 4, 1, now="A"), Team("Two", 4, 1, now="C"), Team("Three", 4, 1, now="B"))
    near = np.array([[1.0, 2.0, 30.0], [9.0, 9.0, 9.0], [9.0, 9.0, 9.0]])
    made = Estate(halls, teams, near, np.zeros((3, 3)), (("One", "Two"),), terms=Terms(split=False))
    leaving = {each.building: each for each in projects(made)}
    assert leaving["A"].placements == (Placement("One", "C", 4, 1.0),)  # B is nearer


@pytest.mark.parametrize("seed", range(8))
def test_covering_is_as_good_as_trying_everything(seed: int) -> None:
    luck = np.random.default_rng(seed)
    minutes, weights = luck.uniform(1, 40, (9, 6)), luck.integers(1, 50, 9).astype(float)
    within = 18.0

    def reached(points: tuple[int, ...]) -> float:
        return float(weights[minutes[:, points].min(axis=1) <= within].sum() / weights.sum())

    def mean(points: tuple[int, ...]) -> float:
        return float((weights * minutes[:, points].min(axis=1)).sum() / weights.sum())

    choices = list(itertools.combinations(range(6), 2))
    assert most_reached(minutes, weights, within, 2).reached == pytest.approx(max(map(reached, choices)))
    assert nearest_points(minutes, weights, 2).mean_minutes == pytest.approx(min(map(mean, choices)))
    if not (minutes <= within).any(axis=1).all():
        with pytest.raises(NotCovered) as refused:
            fewest_points(minutes, weights, within)
        assert refused.value.places == tuple(np.flatnonzero(~(minutes <= within).any(axis=1)))
        return
    found = fewest_points(minutes, weights, within)
    assert found.reached == 1
    assert not any(reached(fewer) == 1 for fewer in itertools.combinations(range(6), len(found.chosen) - 1) if fewer)


@pytest.mark.parametrize(
    ("people", "share", "desks"),
    [(0, 0.5, 0), (10, 0, 0), (10, 1, 10), (1, 0.5, 1), (10, 0.6, 8), (100, 0.6, 68)],
)
def test_desks_for_people_who_are_not_all_in(people: int, share: float, desks: int) -> None:
    # 10 at .6: P(at most 8) = .9536; 100 at .6: P(at most 68) = .9602, of 67 .9385 (tables of the binomial).
    assert desks_needed(people, share) == desks
    assert desks_pooled([(people, share)]) == desks


def test_teams_that_share_need_fewer_desks() -> None:
    apart = sum(desks_needed(10, 0.6) for _ in range(10))
    assert desks_pooled([(10, 0.6)] * 10) == desks_needed(100, 0.6) == 68 < apart == 80
    with pytest.raises(ValueError, match="shares from 0 to 1"):
        desks_needed(4, 1.2)


def test_money_over_years_and_minutes_by_road() -> None:
    assert Terms(years=3, discount=0).worth(3) == 3
    # A year's pound paid through the year at 3.5 %: the integral of 1.035 to the minus t.
    assert Terms().worth(1) == pytest.approx((1 - 1 / 1.035) / math.log(1.035))
    assert Terms().later(2) == pytest.approx(1 / 1.035**2)
    assert Team("Ten", 10, 0.8).desks == 8  # and not nine, for all that .8 × 10 is a float
    # Twenty miles as the crow flies, a third longer by road, at twenty miles an hour.
    away = minutes_between(np.array([[0.0, 0.0]]), np.array([[0.0, 20 * 1609.344]]))
    assert away[0, 0] == pytest.approx(81)
