"""Next year's budget lines from this year's: what goes on, what does not, and the sum line by line. Pure.

Clause 9.3 of the agreements seen: what was first agreed, with what changed for good during the year, moved by inflation,
planned changes and the efficiency asked for. What was for one year only is not carried into the base.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from joinedup.engines.money import Money
from joinedup.funds.contributing import RollForward, agreed, steps_of

Moved = tuple[UUID, UUID, int]
"""A recurrent virement: from which line, to which, pence."""


@dataclass(frozen=True)
class Said:
    """What somebody said of a line for the next year: rates in hundredths of a per cent, planned changes in pence."""

    uplift: int = 0
    efficiency: int = 0
    planned_pence: int = 0
    why: str = ""


NOTHING_SAID: Final = Said()


@dataclass(frozen=True)
class Begun:
    """A line of this year as it was approved. `root` is the widest budget it was cut from, itself where it is that."""

    id: UUID
    root: UUID
    code: str
    budget_pence: int
    is_recurrent: bool


@dataclass(frozen=True)
class Worked:
    """What next year's line comes to, step by step: the steps add up to `pence`."""

    id: UUID
    before_pence: int
    once_pence: int  # below nought: what was for this year only
    recurrent_pence: int
    uplift_pence: int
    planned_pence: int
    efficiency_pence: int  # nought or below
    pence: Money
    said: Said

    @property
    def base_pence(self) -> int:
        """What uplift and efficiency are reckoned on."""
        return self.before_pence + self.once_pence + self.recurrent_pence

    @property
    def change_pence(self) -> int:
        """Against what was approved this year."""
        return self.pence - self.before_pence


def recurrent_by_line(lines: Iterable[Begun], moved: Iterable[Moved]) -> dict[UUID, int]:
    """What recurrent virements make of each whole line: of a budget cut from a wider one they count for the wider one, so
    that what moves between two parts of one line changes nothing. They come to nought in all."""
    root = {each.id: each.root for each in lines}
    found = dict.fromkeys(root.values(), 0)
    for start, end, pence in moved:
        for line, signed in ((start, -pence), (end, pence)):
            if line in root:
                found[root[line]] += signed
    return found


def worked(line: Begun, recurrent_pence: int, said: Said) -> Worked:
    """The sum for one line."""
    once = 0 if line.is_recurrent else -line.budget_pence
    sums = RollForward(line.budget_pence + once, recurrent_pence, said.uplift, said.planned_pence, said.efficiency)
    _, _, uplift, _, efficiency, _ = (step.pence for step in steps_of(sums))
    return Worked(
        line.id, line.budget_pence, once, recurrent_pence, uplift, said.planned_pence, efficiency, agreed(sums), said
    )


def next_year(lines: Iterable[Begun], moved: Iterable[Moved], said: Mapping[UUID, Said]) -> list[Worked]:
    """Every whole line, in the order given."""
    there = list(lines)
    recurrent = recurrent_by_line(there, moved)
    return [worked(each, recurrent[each.id], said.get(each.id, NOTHING_SAID)) for each in there if each.root == each.id]


def digest_of_plan(year: int, lines: Iterable[Worked]) -> str:
    """What somebody has read, so that what is made is that and nothing else."""
    told = "\n".join(
        f"{each.id} {each.before_pence} {each.once_pence} {each.recurrent_pence} {each.said.uplift} {each.said.efficiency}"
        f" {each.planned_pence} {each.pence}"
        for each in sorted(lines, key=lambda each: each.id)
    )
    return hashlib.sha256(f"{year}\n{told}".encode()).hexdigest()
