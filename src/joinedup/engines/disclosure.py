"""Which numbers of people are not shown, so that no small one can be worked out from those that are.

The standard terms are *primary* and *secondary cell suppression* (Hundepool and others, *Statistical Disclosure Control*,
chapter 4; the Government Statistical Service's guidance on tables of administrative data; both from memory and not
verified). A number of people between nought and the threshold is *small* and is not shown (primary). Where a small number
follows from others by adding and taking away, further numbers are not shown with it (secondary).

What is held against a reader who knows the method, the threshold, every number shown and how the numbers add up:

* nought is shown, as nobody is behind it; so whatever is not shown is 1 or more, and a reader knows that;
* every small number, shown nowhere or following from those that are (`silent`), could still be **every** number from 1 to
  the threshold less one (a sum of several that are not nought: from so many): nothing is known of it but that it may be
  small. That is held only where another table of whole numbers was found that has the same shown numbers and adds up: what
  was not found counts as not there, so doubt hides more.

Of those that could be hidden besides, the smallest that helps is taken first; then each is put back, the largest first, that
is not needed. The same numbers in the same order give the same answer always.

What it does not hold: that somebody who watches a table from day to day sees it change by one; and that somebody who knows
which numbers are usually chosen besides guesses which of two is the small one. Neither is usual to guard against in tables.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
_STEPS = 30
"""How many steps a search for another table takes before it gives up."""
_TRIED = 3
"""How many candidates are tried before the smallest is taken."""


@dataclass(frozen=True)
class Whole(Generic[Key]):
    """One number is the sum of others, and everybody who reads the table knows that."""

    whole: Key
    parts: tuple[Key, ...]


@dataclass(frozen=True)
class Decision(Generic[Key]):
    """`hidden` is not shown. Of those, `few` may be said to be fewer than the threshold: nobody learns more by it. Of the
    others not even that is said, because with it one could work out more."""

    hidden: frozenset[Key]
    few: frozenset[Key]

    def words(self, key: Key, count: int, threshold: int) -> str:
        """A number for a page: as it is, “fewer than 6”, or “not shown”."""
        if key not in self.hidden:
            return f"{count:,}"
        return fewer_than(threshold) if key in self.few else NOT_SHOWN


NOT_SHOWN = "not shown"
NOTHING_HIDDEN: Decision[Hashable] = Decision(frozenset(), frozenset())


def fewer_than(threshold: int) -> str:
    """What is said of a small number."""
    return f"fewer than {threshold}"


def is_few(count: int, threshold: int) -> bool:
    """Small: somebody is behind it, and fewer than the threshold. Nought tells of nobody."""
    return 0 < count < threshold


def decide(
    counts: Mapping[Key, int],
    wholes: Iterable[Whole[Key]] = (),
    *,
    threshold: int,
    silent: Collection[Key] = (),
    together: Iterable[Collection[Key]] = (),
) -> Decision[Key]:
    """Which of these numbers are not shown.

    `counts` are all numbers, nought or more, in the order that settles ties. `wholes` say how they add up; a sum that does
    not add up raises ValueError. `silent` are printed nowhere, yet follow from the others (who is in no area, say), and are
    guarded like the rest; of each a reader is taken to know whether it is nought. Each of `together` is shown or hidden as one (how many,
    of how many). Pure."""
    table = _Table(dict(counts), list(wholes), frozenset(silent), threshold, _groups(together))
    hidden = table.with_groups({key for key in counts if key not in table.silent and is_few(counts[key], threshold)})
    if not hidden and not any(is_few(counts[key], threshold) for key in table.silent):
        return Decision(frozenset(), frozenset())
    first = frozenset(hidden)
    while True:
        bare = table.exposed(hidden)
        if bare is None:
            break
        more = table.besides(hidden, bare)
        if not more:
            break
        hidden |= more
    hidden = table.without_needless(first, hidden)
    small = frozenset(key for key in hidden if is_few(counts[key], threshold))
    return Decision(frozenset(hidden), small if table.may_say(hidden, small) else frozenset())


def _groups(together: Iterable[Collection[Key]]) -> dict[Key, frozenset[Key]]:
    found: dict[Key, frozenset[Key]] = {}
    for each in together:
        for key in each if len(each) > 1 else ():
            found[key] = frozenset(each)
    return found


@dataclass
class _Table(Generic[Key]):
    """The numbers and how they add up."""

    counts: dict[Key, int]
    wholes: list[Whole[Key]]
    silent: frozenset[Key]
    threshold: int
    groups: dict[Key, frozenset[Key]]
    of_key: dict[Key, list[int]] = field(default_factory=dict)
    place: dict[Key, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.place = {key: at for at, key in enumerate(self.counts)}
        self.of_key = {key: [] for key in self.counts}
        for at, each in enumerate(self.wholes):
            if self.counts[each.whole] != sum(self.counts[part] for part in each.parts):
                raise ValueError(f"the parts of {each.whole!r} do not add up to it")
            for key in (each.whole, *each.parts):
                self.of_key[key].append(at)

    def inside(self, at: int) -> tuple[Key, ...]:
        """Every number of a sum."""
        return (self.wholes[at].whole, *self.wholes[at].parts)

    # --- Which are open to a reader's doubt.

    def with_groups(self, keys: Iterable[Key]) -> set[Key]:
        """These with all that are shown or hidden with them."""
        return {other for key in keys for other in self.groups.get(key, (key,))} - self.silent

    def open_of(self, hidden: Collection[Key]) -> dict[Key, tuple[int, int | None]]:
        """What a reader does not know, with the least and the most each can be for all they know."""
        found: dict[Key, tuple[int, int | None]] = {
            key: (0 if key in self.groups else 1, None) for key in self.place if key in hidden
        }
        found.update((key, (1, None)) for key in self.silent if self.counts[key])
        return found

    def exposed(self, hidden: Collection[Key]) -> Key | None:
        """The first small number of which too much is known; None where there is none."""
        open_ = self.open_of(hidden)
        told: dict[Key, set[int]] = {}
        for key in self._small(open_):
            if not self._is_free(open_, key, told):
                return key
        return None

    def may_say(self, hidden: Collection[Key], small: Collection[Key]) -> bool:
        """Whether small numbers may be called small, and the others so be known not to be."""
        open_ = self.open_of(hidden)
        for key in open_:
            if key in small:
                open_[key] = (1, self.threshold - 1)
            elif key in hidden and key not in self.groups:
                open_[key] = (self.threshold, None)
        told: dict[Key, set[int]] = {}
        return all(self._is_free(open_, key, told) for key in self._small(open_))

    def _small(self, open_: Mapping[Key, object]) -> list[Key]:
        found = [key for key in open_ if is_few(self.counts[key], self.threshold)]
        return sorted(found, key=lambda key: (self.counts[key], self.place[key]))

    def _is_free(self, open_: Mapping[Key, tuple[int, int | None]], key: Key, told: dict[Key, set[int]]) -> bool:
        """Whether a small number could be every one up to the threshold less one. `told` keeps what was found of all."""
        mine = told.setdefault(key, {self.counts[key]})
        inside: dict[int, list[Key]] = {}
        least = max(1, self._least(open_, key))
        for value in (self.threshold - 1, *range(least, self.threshold - 1)):
            if value in mine:
                continue
            found = _Search(self, open_, inside).with_value(key, value)
            if found is None:
                return False
            for other, now in found.items():
                told.setdefault(other, {self.counts[other]}).update(self._between(found, other, now))
        return True

    def _least(self, open_: Mapping[Key, tuple[int, int | None]], key: Key) -> int:
        """The least a number is by what it is the sum of: several that are not nought are at least as many."""
        own = open_[key][0] if key in open_ else self.counts[key]
        sums = (self.wholes[at] for at in self.of_key[key])
        return max([own, *(sum(self._least(open_, part) for part in each.parts) for each in sums if each.whole == key)])

    def _between(self, found: Mapping[Key, int], key: Key, now: int) -> Iterable[int]:
        """What a number can be by this table, and by those halfway to it where every change is of one size."""
        sizes = {abs(each - self.counts[other]) for other, each in found.items() if each != self.counts[other]}
        if len(sizes) != 1:
            return (now,)
        low, high = sorted((self.counts[key], now))
        return range(low, high + 1)

    # --- What is hidden besides.

    def besides(self, hidden: set[Key], bare: Key) -> set[Key]:
        """What to hide so that less is known of an exposed number; empty where nothing is left."""
        near, alone = self._near(hidden, bare)
        candidates = self._order(key for key in near if key not in hidden)
        for key in candidates[:_TRIED]:
            more = self.with_groups([key])
            if self._is_free(self.open_of(hidden | more), bare, {}):
                return more
        best = self._order(key for key in alone if key not in hidden) or candidates
        return self.with_groups(best[:1])

    def _near(self, hidden: Collection[Key], bare: Key) -> tuple[set[Key], set[Key]]:
        """The numbers that add up with an exposed one, and on with those open beside it; and, of those, they that stand in
        a sum with just one open number: such a sum gives it away."""
        open_ = self.open_of(hidden)
        reached, sums, todo = {bare}, set[int](), [bare]
        while todo:
            for at in self.of_key[todo.pop()]:
                if at in sums:
                    continue
                sums.add(at)
                inside = self.inside(at)
                todo += [key for key in inside if key in open_ and key not in reached]
                reached |= {key for key in inside if key in open_}
        near, alone = set[Key](), set[Key]()
        for at in sums:
            inside = self.inside(at)
            shown = {key for key in inside if key not in open_ and key not in self.silent and self.counts[key]}
            near |= shown
            if sum(key in open_ for key in inside) == 1:
                alone |= shown
        return near, alone

    def _order(self, keys: Iterable[Key]) -> list[Key]:
        """The smallest first: the least is lost by it."""
        return sorted(set(keys), key=lambda key: (self.counts[key], self.place[key]))

    def without_needless(self, first: Collection[Key], hidden: set[Key]) -> set[Key]:
        """What must be hidden: each that was hidden besides is put back, the largest first, where all stay guarded."""
        kept = set(hidden)
        for key in reversed(self._order(hidden)):
            back = self.with_groups([key])
            if key in kept and not back & set(first) and self.exposed(kept - back) is None:
                kept -= back
        return kept


@dataclass
class _Search(Generic[Key]):
    """Looks for another table with the same shown numbers: one number is changed, and whatever adds up no longer is mended
    by changing another open number, until all adds up."""

    table: _Table[Key]
    open_: Mapping[Key, tuple[int, int | None]]
    inside: dict[int, list[Key]]  # by sum: its open numbers; filled as they are asked for
    now: dict[Key, int] = field(default_factory=dict)
    lacks: dict[int, int] = field(
        default_factory=dict
    )  # by sum: what its parts lack of it; only where it is not nought
    steps: int = 0

    def with_value(self, key: Key, value: int) -> dict[Key, int] | None:
        """The open numbers that differ in a table where this one is so many; None where none was found."""
        low, high = self.open_[key]
        if value < low or (high is not None and value > high):
            return None
        self._set(key, value)
        return dict(self.now) if self._mend() else None

    def _set(self, key: Key, value: int) -> None:
        self._move(key, value - self.table.counts[key])
        self.now[key] = value

    def _unset(self, key: Key) -> None:
        self._move(key, self.table.counts[key] - self.now.pop(key))

    def _move(self, key: Key, by: int) -> None:
        for at in self.table.of_key[key]:
            lack = self.lacks.get(at, 0) + (by if self.table.wholes[at].whole == key else -by)
            if lack:
                self.lacks[at] = lack
            else:
                self.lacks.pop(at, None)

    def _mend(self) -> bool:
        if not self.lacks:
            return True
        self.steps += 1
        if self.steps > _STEPS:
            return False
        at = min(self.lacks, key=lambda at: (sum(key not in self.now for key in self._open_in(at)), at))
        ways = self._ways(at)
        for *_, key, value in ways:
            self._set(key, value)
            if self._mend():
                return True
            self._unset(key)
        return False

    def _open_in(self, at: int) -> list[Key]:
        if at not in self.inside:
            self.inside[at] = [key for key in self.table.inside(at) if key in self.open_]
        return self.inside[at]

    def _ways(self, at: int) -> list[tuple[bool, int, int, Key, int]]:
        """Which open numbers of a sum can take what is lacking: all of it first, and those that are in few sums."""
        sum_, lack, ways = self.table.wholes[at], self.lacks[at], []
        for key in self._open_in(at):
            if key in self.now:
                continue
            low, high = self.open_[key]
            before = self.table.counts[key]
            wanted = before + (-lack if key == sum_.whole else lack)
            value = max(low, wanted if high is None else min(high, wanted))
            if value != before:
                ways.append((value != wanted, len(self.table.of_key[key]), self.table.place[key], key, value))
        return sorted(ways, key=lambda each: each[:3])
