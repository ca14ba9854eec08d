"""What the children and young people’s plan says, as one plain structure: proposed, frozen when it is adopted, compared,
printed and published. Pure.

Whatever is counted afresh stands under a key `live`: it belongs to what is frozen, and not to what the board decides on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from joinedup.engines.disclosure import fewer_than
from joinedup.engines.money import format_pounds
from joinedup.governance.plan_codes import DID_NOT, OPEN, WHO_IT_IS_FOR
from joinedup.governance.progress_content import digest_of

Content = Mapping[str, Any]
LIVE = "live"
_CONTACT = re.compile(
    r"[^\s@]+@[^\s@]+\.[a-z]{2,}|\b0\d{3,4}[\s-]?\d{3}[\s-]?\d{3,4}\b|\b\d{1,2}/\d{1,2}/(19|20)\d\d\b", re.I
)


def stable(content: Any) -> Any:
    """Without whatever is counted afresh."""
    if isinstance(content, Mapping):
        return {key: stable(value) for key, value in content.items() if key != LIVE}
    return [stable(each) for each in content] if isinstance(content, list | tuple) else content


def said_digest(content: Content) -> str:
    """SHA-256 of what the board decides on."""
    return digest_of(stable(content))


def names_somebody(*texts: str) -> bool:
    """Whether a text holds what leads to one person: an e-mail address, a telephone number, a date of birth."""
    return any(_CONTACT.search(each) for each in texts)


def children_answered(content: Content) -> int:
    """How many children and young people answered in all rounds."""
    return sum(
        each["answered"] for round_ in content["consultations"] for each in round_["groups"] if each["group"] in WHO_IT_IS_FOR
    )  # fmt: skip


def bare_priorities(content: Content) -> list[str]:
    """What each priority lacks, a sentence each: an owner, an outcome, a measure of an outcome."""
    found = []
    for each in content["priorities"]:
        lacks = []
        if not each["owner"]:
            lacks.append("an owner")
        if not each["outcomes"]:
            lacks.append("an outcome with a measure")
        elif not all(one["has_measure"] for one in each["outcomes"]):
            lacks.append("a measure with a baseline and a target for every outcome")
        if lacks:
            found.append(f"{each['title']} has not: {', '.join(lacks)}.")
    return found


def empty_parts(content: Content) -> list[str]:
    """The parts without which it is no plan, by name."""
    there = {
        "need": content["needs"], "priority": content["priorities"], "partner whose powers it uses": content["partners"],
        "action": [one for each in content["priorities"] for one in each["actions"]],
    }  # fmt: skip
    return [name for name, rows in there.items() if not rows]


def open_themes(content: Content) -> int:
    """How much of what people said has no answer."""
    return sum(each["answer"] == OPEN for each in themes_of(content))


def themes_of(content: Content) -> list[dict[str, Any]]:
    """What people said in all rounds."""
    return [each for round_ in content["consultations"] for each in round_["themes"]]


def faults_of(content: Content) -> list[str]:
    """What keeps a plan from being proposed, one sentence each."""
    found = [f"There is no {each} yet." for each in empty_parts(content)]
    found += bare_priorities(content)
    if not children_answered(content):
        found.append("No consultation is recorded in which children or young people answered.")
    number = open_themes(content)
    if number:
        found.append(f"{number} of the things people said {'has' if number == 1 else 'have'} no answer yet.")
    return found


def pounds_of(pence: int) -> str:
    """Pounds as a plan says them: the pence only where there are some."""
    return format_pounds(pence).removesuffix(".00")


def pence_of(content: Content) -> int:
    """All the money in the plan; a line of a budget that stands under several priorities counts once."""
    lines: dict[str, int] = {}
    other = 0
    for each in (one for priority in content["priorities"] for one in priority["money"]):
        if each["line"]:
            lines[each["line"]] = each["pence"]
        else:
            other += each["pence"]
    return other + sum(lines.values())


def shown_number(number: int, smallest: int) -> str:
    """A number of people for everybody to read: nought is shown, and a small one is not (the threshold of outcomes)."""
    return fewer_than(smallest) if 0 < number < smallest else f"{number:,}"


def turnout_words(groups: Sequence[Mapping[str, Any]], smallest: int) -> list[tuple[str, str, str]]:
    """Each group with how many were asked and how many answered, small numbers held back. Where so few did *not* answer that
    they could be worked out, how many answered is held back too."""
    found = []
    for each in groups:
        answered = shown_number(each["answered"], smallest)
        if 0 < each["asked"] - each["answered"] < smallest and answered == f"{each['answered']:,}":
            answered = "nearly all"
        found.append((each["words"], shown_number(each["asked"], smallest), answered))
    return found


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise than in the plan before."""

    part: str
    name: str
    what: str


def changes(before: Content, after: Content) -> list[Change]:
    """What changed from one plan to another, part by part: what is new, what is gone, what reads otherwise."""
    found = _listed("Need", before["needs"], after["needs"], lambda each: each["evidence"])
    found += _listed("Priority", before["priorities"], after["priorities"], lambda each: each["words"])
    for name in ("outcomes", "actions"):
        old, new = ([one for each in said["priorities"] for one in each[name]] for said in (before, after))
        part = name[:-1].capitalize()
        found += _listed(part, old, new, _target if name == "outcomes" else _by_when, key="words")
    found += _listed("Other plan", before["alignments"], after["alignments"], lambda each: each["words"], key="name")
    was, is_ = pence_of(before), pence_of(after)
    if was != is_:
        found.append(Change("Money", "All priorities", f"{pounds_of(was)}, now {pounds_of(is_)}"))
    return found


def _target(outcome: Mapping[str, Any]) -> str:
    return f"target {outcome['target']}"


def _by_when(action: Mapping[str, Any]) -> str:
    return f"{action['owner']}, {action['partner']}, by {action['due_on']}"


def _listed(part: str, old: Iterable[Any], new: Iterable[Any], said: Any, key: str = "title") -> list[Change]:
    then, now = ({each[key]: said(each) for each in rows} for rows in (old, new))
    found = [Change(part, name, "New") for name in now if name not in then]
    found += [
        Change(part, name, f"{then[name]}; now {now[name]}") for name in now if name in then and then[name] != now[name]
    ]
    return found + [Change(part, name, "No longer in the plan") for name in then if name not in now]


def answer_words(theme: Mapping[str, Any]) -> str:
    """`We did: …` or `We did not, because …`."""
    if theme["answer"] == OPEN:
        return "Not answered yet."
    return f"{'We did not, because: ' if theme['answer'] == DID_NOT else 'We did: '}{theme['words']}"
