"""The legal powers money is shared under, as dated data. Pure.

What is marked unverified was not seen in its own words when this was written. It is a starting point for the partnership's
lawyers, shown with a warning, and becomes theirs once somebody has recorded that they checked it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from joinedup.funds.codes import Model

# A kind of organisation, as the register of organisations knows it, in the words of a refusal.
KIND_WORDS = {
    "council": "council", "nhs": "NHS body", "police": "police body", "probation": "probation body",
    "jobcentre": "Jobcentre", "housing": "housing body", "school": "school or college",
    "voluntary": "voluntary organisation",
}  # fmt: skip


@dataclass(frozen=True)
class LegalPower:
    """Who may be a partner under it (and which kinds must be), which models it carries, and from when to when it was in
    force. `unverified` names the statements that were not seen in their own words."""

    code: str
    name: str
    words: str
    source: str
    kinds: frozenset[str]
    needs: frozenset[str]
    models: frozenset[Model]
    why_not: str
    starts_on: date
    ends_on: date | None = None
    follows: str = ""
    unverified: tuple[str, ...] = ()
    unverified_kinds: frozenset[str] = field(default_factory=frozenset)

    def is_in_force(self, on: date) -> bool:
        """On that day."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)

    def takes(self, kind: str) -> bool:
        """Whether such an organisation may be a partner."""
        return kind in self.kinds


_HEALTH = frozenset({"council", "nhs"})
_POOLS = frozenset({Model.POOLED, Model.ALIGNED, Model.JOINT})
_ANYBODY = frozenset(KIND_WORDS)

POWERS: Mapping[str, LegalPower] = {
    power.code: power
    for power in (
        LegalPower(
            "S75",
            "Section 75, National Health Service Act 2006",
            "NHS bodies and local authorities may pool money and exercise each other’s functions.",
            "ukpga/2006/41 section 75; SI 2000/617",
            _HEALTH,
            _HEALTH,
            _POOLS,
            "section 75 is for NHS bodies and local authorities only",
            date(2007, 3, 1),
            follows="S31",
            unverified=(
                "The day it came into force, 1 March 2007.",
                "That integrated care boards stand where primary care trusts and clinical commissioning groups stood.",
            ),
        ),
        LegalPower(
            "S31",
            "Section 31, Health Act 1999",
            "The power before section 75, for agreements made before March 2007.",
            "ukpga/1999/8 section 31; SI 2000/617",
            _HEALTH,
            _HEALTH,
            _POOLS,
            "section 31 was for NHS bodies and local authorities only",
            date(2000, 4, 1),
            date(2007, 2, 28),
            unverified=("The days it was in force, 1 April 2000 to 28 February 2007.",),
        ),
        LegalPower(
            "S10",
            "Section 10, Children Act 2004",
            "Partners who co-operate for children’s well-being may pool money and lend staff, goods and accommodation.",
            "ukpga/2004/31 section 10(6) and (7); explanatory note 64",
            frozenset({"council", "nhs", "police", "probation", "jobcentre", "school"}),
            frozenset({"council"}),
            _POOLS,
            "section 10 names the council’s relevant partners, and this is not one of them",
            date(2005, 4, 1),
            unverified=(
                "The day it came into force, 1 April 2005.",
                "That schools and Jobcentres are relevant partners.",
            ),
            unverified_kinds=frozenset({"jobcentre", "school"}),
        ),
        LegalPower(
            "S256",
            "Section 256, National Health Service Act 2006",
            "An NHS body pays a council or a voluntary organisation. A grant with conditions, no common fund.",
            "ukpga/2006/41 section 256",
            frozenset({"nhs", "council", "voluntary"}),
            frozenset({"nhs"}),
            frozenset({Model.GRANT}),
            "section 256 is for payments of NHS bodies to councils and voluntary organisations",
            date(2007, 3, 1),
            unverified=("Its wording as a whole.", "The day it came into force, 1 March 2007."),
            unverified_kinds=frozenset({"voluntary"}),
        ),
        LegalPower(
            "S76",
            "Section 76, National Health Service Act 2006",
            "A council pays an NHS body. A grant with conditions, no common fund.",
            "ukpga/2006/41 section 76",
            _HEALTH,
            _HEALTH,
            frozenset({Model.GRANT}),
            "section 76 is for payments of councils to NHS bodies",
            date(2007, 3, 1),
            unverified=("Its wording as a whole.", "The day it came into force, 1 March 2007."),
        ),
        LegalPower(
            "MOU",
            "Memorandum of understanding",
            "No statutory power: partners plan together or share a cost, and each keeps its own money.",
            "guidance: National Evaluation of Children’s Trust Pathfinders, table 3",
            _ANYBODY,
            frozenset(),
            frozenset({Model.ALIGNED, Model.JOINT}),
            "",
            date(2000, 4, 1),
        ),
    )
}


def power(code: str) -> LegalPower | None:
    """The power with a code, or None."""
    return POWERS.get(code)


def powers_on(day: date) -> list[LegalPower]:
    """Those in force on a day, in the order of this file."""
    return [each for each in POWERS.values() if each.is_in_force(day)]


def kinds_missing(chosen: LegalPower, kinds: Iterable[str]) -> list[str]:
    """Which kinds of partner the power needs and the agreement has not."""
    there = set(kinds)
    return [KIND_WORDS[kind] for kind in sorted(chosen.needs - there)]
