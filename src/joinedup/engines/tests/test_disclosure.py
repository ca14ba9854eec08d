"""What is not shown of a table: against a reader who tries every table of whole numbers there could be."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.engines.disclosure import Decision, Whole, decide, fewer_than, is_few

Counts = dict[Hashable, int]
Sums = list[Whole[Hashable]]
SIZES = st.one_of(st.integers(0, 4), st.integers(0, 14))


# --- The reader.


def could_be(counts: Counts, sums: Sums, unknown: set[Hashable], least: Mapping[Hashable, int], target: Hashable, value: int) -> bool:  # fmt: skip
    """Whether there is a table with the same known numbers in which `target` is `value`: every one of them is tried, cell by
    cell, and the sums are added up. Nothing of the engine is used."""
    wholes = {each.whole for each in sums}
    cells = [key for key in counts if key not in wholes]
    most = max(counts.values()) + 8

    def known(key: Hashable) -> int | None:
        return value if key == target else None if key in unknown else counts[key]

    def fits(now: dict[Hashable, int], is_whole: bool) -> bool:
        totals: dict[Hashable, set[int]] = {}
        all_of = dict(now)
        for each in sums:
            said, parts = known(each.whole), [all_of.get(part) for part in each.parts]
            so_far = sum(part for part in parts if part is not None)
            if said is not None and so_far > said:
                return False
            if None in parts:
                continue
            if said is not None and so_far != said:
                return False
            all_of[each.whole] = so_far
            totals.setdefault(each.whole, set()).add(so_far)
        if any(len(found) > 1 for found in totals.values()):
            return False
        return not is_whole or all(all_of[key] >= least.get(key, 0) for key in unknown)

    def tries(key: Hashable) -> Iterator[int]:
        fixed = known(key)
        if fixed is not None:
            yield fixed
        else:
            yield from sorted(range(least.get(key, 0), most + 1), key=lambda each: abs(each - counts[key]))

    def search(at: int, now: dict[Hashable, int]) -> bool:
        if at == len(cells):
            return fits(now, True)
        for each in tries(cells[at]):
            now[cells[at]] = each
            if fits(now, False) and search(at + 1, now):
                return True
        now.pop(cells[at], None)
        return False

    return search(0, {})


def guarded(counts: Counts, sums: Sums, threshold: int, silent: Sequence[Hashable] = ()) -> Decision[Hashable]:
    """The decision, having checked that a reader learns no small number and nothing nearer of it than that it is small."""
    found = decide(counts, sums, threshold=threshold, silent=silent)
    open_silent = {key for key in silent if counts[key]}
    unknown = set(found.hidden) | open_silent
    assert not found.hidden & set(silent)
    for key, count in counts.items():
        if is_few(count, threshold):
            assert key in unknown, "a small number is shown"
            for value in range(least(counts, sums, found.hidden, key), threshold):
                assert could_be(counts, sums, unknown, dict.fromkeys(found.hidden, 1), key, value), (key, value)
        if not count:
            assert key not in found.hidden  # nobody is behind it
    assert found.few <= found.hidden
    return found


def least(counts: Counts, sums: Sums, hidden: frozenset[Hashable], key: Hashable) -> int:
    """A number that is not nought is 1 or more; a sum of three such is 3 or more, and nothing can be done about that."""
    several = [sum(part in hidden for part in each.parts) for each in sums if each.whole == key]
    nested = [sum(least(counts, sums, hidden, part) for part in each.parts) for each in sums if each.whole == key]
    return max([int(key in hidden), *several, *nested])


# --- The tables a page shows.


def one_way(cells: Sequence[int]) -> tuple[Counts, Sums]:
    counts: Counts = {f"c{place}": each for place, each in enumerate(cells)}
    sums: Sums = [Whole("all", tuple(counts))]
    return counts | {"all": sum(cells)}, sums


def two_way(rows: Sequence[Sequence[int]]) -> tuple[Counts, Sums]:
    counts: Counts = {(r, c): each for r, row in enumerate(rows) for c, each in enumerate(row)}
    across, down = range(len(rows)), range(len(rows[0]))
    counts |= {f"row{r}": sum(rows[r]) for r in across}
    counts |= {f"column{c}": sum(row[c] for row in rows) for c in down}
    counts["all"] = sum(map(sum, rows))
    sums: Sums = [Whole(f"row{r}", tuple((r, c) for c in down)) for r in across]
    sums += [Whole(f"column{c}", tuple((r, c) for r in across)) for c in down]
    return counts, [
        *sums, Whole("all", tuple(f"row{r}" for r in across)), Whole("all", tuple(f"column{c}" for c in down)),
    ]  # fmt: skip


def upset(sizes: Mapping[tuple[str, ...], int]) -> tuple[Counts, Sums]:
    counts: Counts = dict(sizes)
    names = sorted({name for each in sizes for name in each})
    sums: Sums = [Whole(name, tuple(each for each in sizes if name in each)) for name in names]
    sums += [
        Whole(f"{one} and {other}", tuple(each for each in sizes if one in each and other in each))
        for one, other in combinations(names, 2)
    ]
    sums.append(Whole("all", tuple(sizes)))
    return counts | {each.whole: sum(sizes[part] for part in each.parts) for each in sums}, sums  # type: ignore[index]


@settings(max_examples=120, deadline=None)
@given(st.lists(SIZES, min_size=1, max_size=5), st.integers(2, 7))
def test_parts_of_a_whole(cells: list[int], threshold: int) -> None:
    """Areas and their sum; a series of parts and its whole."""
    guarded(*one_way(cells), threshold)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 3).flatmap(lambda wide: st.lists(st.lists(SIZES, min_size=wide, max_size=wide), min_size=2, max_size=3)),
    st.integers(2, 6),
)  # fmt: skip
def test_two_ways_with_totals(rows: list[list[int]], threshold: int) -> None:
    """Neither along a row nor down a column nor around a corner."""
    guarded(*two_way(rows), threshold)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([("a",), ("b",), ("c",), ("a", "b"), ("a", "c"), ("b", "c"), ("a", "b", "c")]),
        st.one_of(st.integers(1, 4), st.integers(1, 14)), min_size=1, max_size=6,
    ),
    st.integers(2, 6),
)  # fmt: skip
def test_intersections_with_set_sizes(sizes: dict[tuple[str, ...], int], threshold: int) -> None:
    """Neither an intersection from the sizes of the sets, nor a pair, nor whoever is in one set alone."""
    guarded(*upset(sizes), threshold)


@settings(max_examples=60, deadline=None)
@given(st.lists(SIZES, min_size=1, max_size=4), st.integers(0, 9), st.integers(2, 7))
def test_those_in_no_area(cells: list[int], rest: int, threshold: int) -> None:
    """Whoever is in no area is printed nowhere and follows from the whole and the areas: guarded all the same."""
    counts, sums = one_way([*cells, rest])
    counts["rest"] = counts.pop(f"c{len(cells)}")
    parts = tuple("rest" if part == f"c{len(cells)}" else part for part in sums[0].parts)
    guarded(counts, [Whole("all", parts)], threshold, silent=["rest"])


@settings(max_examples=100, deadline=None)
@given(st.lists(SIZES, min_size=1, max_size=5), st.integers(2, 7))
def test_nothing_larger_is_hidden_without_need_and_always_the_same(cells: list[int], threshold: int) -> None:
    """Each that was hidden besides is needed: with it shown a small number would be known. The same table, the same answer."""
    counts, sums = one_way(cells)
    found = guarded(counts, sums, threshold)
    assert decide(counts, sums, threshold=threshold) == found
    for key in found.hidden:
        if counts[key] >= threshold:
            unknown = set(found.hidden) - {key}
            least = dict.fromkeys(unknown, 1)
            small = [each for each in unknown if is_few(counts[each], threshold)]
            assert not all(
                could_be(counts, sums, unknown, least, each, value) for each in small for value in range(1, threshold)
            )


@settings(max_examples=100, deadline=None)
@given(st.lists(SIZES, min_size=1, max_size=5), st.integers(2, 7))
def test_a_number_called_small_is_not_known_nearer_by_that(cells: list[int], threshold: int) -> None:
    """Where pages say “fewer than”, a reader knows which are small and which are not, and still each could be all of them."""
    counts, sums = one_way(cells)
    found = decide(counts, sums, threshold=threshold)
    if not found.few:
        return
    capped = {key: value for key, value in counts.items() if key in found.few}
    for key in capped:
        for value in range(1, threshold):
            assert _with_caps(counts, sums, found, threshold, key, value)


def _with_caps(
    counts: Counts, sums: Sums, found: Decision[Hashable], threshold: int, key: Hashable, value: int
) -> bool:
    """A table of the same shown numbers, where what is called small is small and what is merely not shown is not."""
    cells = [each for each in counts if each != "all"]

    def search(at: int, so_far: int) -> bool:
        if at == len(cells):
            if "all" in found.few:
                return so_far < threshold and (key != "all" or so_far == value)
            return so_far >= threshold if "all" in found.hidden else so_far == counts["all"]
        cell = cells[at]
        if cell == key:
            return search(at + 1, so_far + value)
        if cell in found.few:
            return any(search(at + 1, so_far + each) for each in range(1, threshold))
        if cell in found.hidden:
            return any(search(at + 1, so_far + each) for each in range(threshold, 30))
        return search(at + 1, so_far + counts[cell])

    return search(0, 0)


# --- By hand.


@pytest.mark.parametrize(
    ("cells", "hidden", "few"),
    [
        ([12, 30, 7], set(), set()),
        ([0, 30, 7], set(), set()),  # nought is shown
        ([3, 20, 37], {"c0", "c1"}, {"c0"}),  # and the smallest of the others with it
        ([2, 3, 37], {"c0", "c1", "c2"}, {"c0", "c1"}),  # five together: 1 and 4, or 2 and 3, and never 5
        ([3, 7], {"c0", "c1"}, set()),  # said to be small it would be 1 to 4, as the other is 6 or more
        ([3, 0], {"c0", "all"}, {"c0", "all"}),  # the whole is just as small
        ([3], {"c0", "all"}, {"c0", "all"}),
        ([], set(), set()),
    ],
)
def test_by_hand(cells: list[int], hidden: set[str], few: set[str]) -> None:
    """What is hidden and what may be called fewer than six."""
    counts, sums = one_way(cells)
    found = decide(counts, sums, threshold=6)
    assert (set(found.hidden), set(found.few)) == (hidden, few)


def test_words() -> None:
    """As it is, fewer than, or not shown; where nothing is suppressed everything is shown."""
    counts, sums = one_way([3, 20, 1037])
    found = decide(counts, sums, threshold=6)
    assert [found.words(key, count, 6) for key, count in counts.items()] == [
        "fewer than 6",
        "not shown",
        "1,037",
        "1,060",
    ]
    assert fewer_than(6) == "fewer than 6"
    assert not decide(counts, sums, threshold=0).hidden


def test_shown_or_hidden_as_one() -> None:
    """How many and of how many are one value: where one goes the other goes."""
    counts: Counts = {"in": 4, "not in": 96, "of": 100}
    found = decide(
        counts, [Whole("of", ("in", "not in"))], threshold=6, silent=["not in"], together=[("in", "of")]
    )  # fmt: skip
    assert found.hidden == {"in", "of"}
    few_out: Counts = {"in": 96, "not in": 4, "of": 100}
    assert decide(
        few_out, [Whole("of", ("in", "not in"))], threshold=6, silent=["not in"], together=[("in", "of")]
    ).hidden == {"in", "of"}  # fmt: skip


def test_sums_that_do_not_add_up_are_an_error() -> None:
    """Whoever asks has mixed two tables up."""
    with pytest.raises(ValueError, match="do not add up"):
        decide({"a": 1, "all": 2}, [Whole("all", ("a",))], threshold=6)
