"""What a progress report says, as one plain structure: frozen when it is published, compared, exported and printed. Pure."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from joinedup.governance.framework_colours import COLOURS, TWO_COLOURS, allowed, distance, words_of

Content = Mapping[str, Any]
JUDGEMENT_ONLY = "Judgement only"
TEXTS: tuple[tuple[str, str], ...] = (
    ("purpose", "Purpose of the report"),
    ("background", "Background"),
    ("environmental", "Environmental impact of the proposal"),
    ("risks", "Risk assessment"),
    ("financial", "Financial implications"),
    ("options", "Options considered"),
    ("proposal", "Proposal"),
)


def digest_of(content: Any) -> str:
    """SHA-256 over a structure written in one way only."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def elements_of(content: Content) -> list[dict[str, Any]]:
    """The elements in the order of the report."""
    return [each for layer in content["layers"] for each in layer["elements"]]


def evidence_of(content: Content) -> dict[str, Any]:
    """The evidence alone, by letter."""
    return {each["letter"]: each["evidence"] for each in elements_of(content)}


def tally(content: Content) -> dict[str, int]:
    """How many elements have each colour, the best first; colours nobody has are left out."""
    counted = Counter(each["colour"] for each in elements_of(content) if each["colour"])
    return {colour: counted[colour] for colour in COLOURS if counted[colour]}


def allowed_for(evidence: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The colours the bands of an element leave open: from the best of its figures to the worst. Nothing where no figure has
    both a value and a band."""
    return allowed([each["colour"] for each in evidence if each["colour"]])


def basis_of(evidence: Sequence[Mapping[str, Any]]) -> str:
    """What a judgement rests on: `Judgement only` where no figure speaks, otherwise what the bands say, or that none was set."""
    counted = [each for each in evidence if each["value"] is not None]
    if not counted:
        return JUDGEMENT_ONLY
    colours = allowed_for(evidence)
    return f"By its bands: {words_of(colours).lower()}" if colours else "No band was set before the period"


def needs_signature(colour: str, evidence: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a colour stands outside what the bands say, or has figures whose bands nobody set before the period."""
    if basis_of(evidence) == JUDGEMENT_ONLY:
        return False
    return colour not in allowed_for(evidence)


def faults_of(content: Content) -> list[str]:
    """What keeps a report from being published, one sentence each, by element."""
    found = []
    for each in elements_of(content):
        name = f"{each['letter']} {each['name']}"
        if not each["colour"]:
            found.append(f"{name} has no colour yet.")
            continue
        if not each["reason"].strip() or (each["colour"] in TWO_COLOURS and not each["second_reason"].strip()):
            colours = TWO_COLOURS.get(each["colour"], (each["colour"],))
            found.append(f"{name} does not say why it is {' and why it is '.join(colours)}.")
        if not (each["done"].strip() and each["remains"].strip()):
            found.append(f"{name} does not say what was done and what remains.")
        if needs_signature(each["colour"], each["evidence"]) and not each["signed"]:
            found.append(
                f"{name} is {COLOURS[each['colour']].lower()}: {each['basis'].lower()}. Nobody signed the reason."
            )
    return found


@dataclass(frozen=True)
class Change:
    """How one element stands in two reports; `steps` above nought is better, None where it is in one of them alone."""

    letter: str
    name: str
    before: str
    after: str
    steps: int | None
    figures: tuple[tuple[str, str, str], ...]
    words: tuple[str, ...]

    @property
    def movement(self) -> str:
        """Better, worse, the same, new or gone."""
        if self.steps is None:
            return "No longer reported" if not self.after else "New"
        return "Better" if self.steps > 0 else "Worse" if self.steps < 0 else "The same"


def changes(before: Content, after: Content) -> list[Change]:
    """What changed from one report to another, in the order of the later one; elements that are gone last."""
    then = {each["letter"]: each for each in elements_of(before)}
    now = {each["letter"]: each for each in elements_of(after)}
    found = []
    for letter in [*now, *(each for each in then if each not in now)]:
        was, is_ = then.get(letter), now.get(letter)
        old, new = (was or {}).get("colour", ""), (is_ or {}).get("colour", "")
        steps = distance(new, old) if old and new else None
        said = {"done": "What was done", "remains": "What remains", "compared": "How we compare"}
        words = tuple(title for key, title in said.items() if was and is_ and was[key].strip() != is_[key].strip())
        found.append(Change(letter, (is_ or was or {})["name"], old, new, steps, _figures(was, is_), words))
    return found


def _figures(was: Mapping[str, Any] | None, is_: Mapping[str, Any] | None) -> tuple[tuple[str, str, str], ...]:
    if not was or not is_:
        return ()
    then = {each["figure"]: each for each in was["evidence"]}
    return tuple(
        (each["words"], then[each["figure"]]["said"], each["said"])
        for each in is_["evidence"]
        if each["figure"] in then and then[each["figure"]]["value"] != each["value"]
    )
