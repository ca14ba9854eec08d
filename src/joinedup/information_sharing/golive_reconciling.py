"""Comparing an earlier register of sharing agreements with the one here, agreement by agreement. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from joinedup.information_sharing.golive import Fault, Line, Register

KINDS = ("state", "parties", "signatures", "starts", "review", "expires")


@dataclass(frozen=True)
class Here:
    """An agreement here that is not over, and the one of the earlier register it came from (none: no reference)."""

    agreement: str
    legacy_reference: str
    state: str
    parties: str
    signatures: str
    starts: str
    review: str
    expires: str
    digest: str = ""


@dataclass(frozen=True)
class Count:
    """One line of the report: a kind, its value, and the two counts."""

    kind: str
    value: str
    legacy: int
    here: int

    @property
    def difference(self) -> int:
        """How many more the earlier register has."""
        return self.legacy - self.here


@dataclass(frozen=True)
class Difference:
    """An agreement behind a difference, and why."""

    what: str
    legacy_reference: str
    agreement: str
    row: int | None
    reason: str


@dataclass
class Reconciliation:
    """What the earlier register has and what is here, and everything behind each difference."""

    counts: list[Count] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    legacy: int = 0
    here: int = 0

    @property
    def is_even(self) -> bool:
        """Nothing is missing and nothing differs."""
        return not self.differences


def reconcile(register: Register, here: Sequence[Here], *, over: Mapping[str, str] | None = None) -> Reconciliation:
    """Compare one by one, and count by every kind; each kind of count adds up to the same totals. `over` says, by the
    reference there, how an agreement that was brought over is over here."""
    found = Reconciliation(legacy=len(register.lines), here=len(here))
    for kind in KINDS:
        was = Counter(getattr(line, kind) for line in register.lines)
        now = Counter(getattr(each, kind) for each in here)
        found.counts += [Count(kind, value, was[value], now[value]) for value in sorted({*was, *now})]
    found.differences = list(_differences(register, here, over or {}))
    return found


def _differences(register: Register, here: Sequence[Here], over: Mapping[str, str]) -> Iterator[Difference]:
    why: dict[int, list[Fault]] = defaultdict(list)
    for fault in register.faults:
        why[fault.row].append(fault)
    standing = {each.legacy_reference: each for each in here if each.legacy_reference}
    matched: set[str] = set()
    for line in register.lines:
        one = standing.get(line.reference)
        if not line.digest or one is None:
            yield _not_here(line, register, why, over)
            continue
        matched.add(line.reference)
        yield from _other(line, one)
    for each in here:
        if not each.legacy_reference:
            yield Difference("only here", "", each.agreement, None, "Entered here, not brought over.")
        elif each.legacy_reference not in matched:
            reason = _gone(each.legacy_reference, register)
            yield Difference("only here", each.legacy_reference, each.agreement, None, reason)


def _not_here(
    line: Line, register: Register, why: Mapping[int, Sequence[Fault]], over: Mapping[str, str]
) -> Difference:
    rows = register.places.get(line.reference, [line.row]) if line.reference else [line.row]
    faults = [fault for row in rows for fault in why.get(row, ()) if not line.digest]
    reason = "; ".join(f"row {fault.row}, {fault.field}: {fault.reason}" for fault in faults)
    reason = reason or over.get(line.reference) or "It has not been brought over."
    return Difference("not here", line.reference, "", line.row, reason)


def _other(line: Line, one: Here) -> Iterator[Difference]:
    """What differs; and where nothing that is counted does, that the rows themselves have changed."""
    is_same = True
    for kind in KINDS:
        was, now = getattr(line, kind), getattr(one, kind)
        if was != now:
            is_same = False
            reason = f"{was} there, {now} here."
            yield Difference(f"other {kind}", line.reference, one.agreement, line.row, reason)
    if is_same and line.digest != one.digest:
        reason = "Its rows say otherwise than when it was brought over."
        yield Difference("changed there", line.reference, one.agreement, line.row, reason)


def _gone(reference: str, register: Register) -> str:
    if reference in register.ended:
        return "The file says that it has ended."
    if reference in register.places:
        return "Its rows in the file cannot be read."
    return "The file no longer has it."
