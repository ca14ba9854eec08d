"""Reading a pathway from a file (TOML or JSON): every fault at once, each with where it stands and a sentence. Pure.

The shipped pathways are files of the same kind, so that whatever they can say, a partnership's own can say too.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from joinedup.access.roles import Role
from joinedup.casework import assessing_v1  # noqa: F401 - registers the first version
from joinedup.casework.assessing import Kind, Question, Section, newest_spec
from joinedup.casework.assessing_codes import DISABILITIES, ETHNICITIES, FACTORS
from joinedup.casework.codes import CLOSURES, NEEDS
from joinedup.casework.pathways import (
    ALWAYS_ASKED,
    Coded,
    DayRule,
    Letter,
    Milestone,
    Outcome,
    PanelTerms,
    Pathway,
    TeamRole,
    Transition,
    Words,
)
from joinedup.casework.rules import MAY_CARRY_IT

MOST_BYTES = 200_000
_CODE = re.compile(r"[a-z][a-z0-9_]{1,29}")
_LISTS = {"disabilities": DISABILITIES, "ethnicities": ETHNICITIES, "factors": FACTORS, "needs": NEEDS}
_KINDS_OF_BODY = ("council", "nhs", "police", "probation", "jobcentre", "housing", "school", "voluntary")


@dataclass(frozen=True)
class PathwayFault:
    """What is wrong, and where: `panel.papers[2].code`."""

    where: str
    reason: str


class PathwayFaults(ValueError):
    """A file that is no pathway, with everything that is wrong with it."""

    def __init__(self, faults: Sequence[PathwayFault]) -> None:
        super().__init__("; ".join(f"{each.where}: {each.reason}" for each in faults))
        self.faults = tuple(faults)


def read_file(content: bytes, name: str) -> dict[str, Any]:
    """What a TOML or JSON file says, before it is judged. Raises PathwayFaults."""
    try:
        if len(content) > MOST_BYTES:
            raise ValueError(f"The file has more than {MOST_BYTES:,} bytes.")
        text = content.decode("utf-8-sig")
        said = json.loads(text) if name.lower().endswith(".json") else tomllib.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise PathwayFaults([PathwayFault("file", f"This cannot be read: {wrong}")]) from None
    if not isinstance(said, dict):
        raise PathwayFaults([PathwayFault("file", "This is a list, not a pathway.")])
    return said


def pathway_from(said: Mapping[str, Any]) -> Pathway:
    """The pathway a file describes. Raises PathwayFaults with every fault."""
    reader = _Reader()
    found = _pathway(reader, said)
    if reader.faults:
        raise PathwayFaults(reader.faults)
    return found


@cache
def shipped() -> dict[tuple[str, int], Pathway]:
    """The pathways that come with the program, every version, by code and version."""
    found = {}
    for file in sorted(resources.files("joinedup.casework").joinpath("shipped").iterdir(), key=lambda each: each.name):
        pathway = pathway_from(read_file(file.read_bytes(), file.name))
        found[pathway.code, pathway.version] = pathway
    return found


class _Reader:
    """Takes values out of what was said and notes every fault; goes on with something harmless."""

    def __init__(self) -> None:
        self.faults: list[PathwayFault] = []

    def fault(self, where: str, reason: str) -> None:
        """Note a fault."""
        self.faults.append(PathwayFault(where, reason))

    def only(self, said: Mapping[str, Any], where: str, names: Collection[str]) -> None:
        """Whatever is not asked for is a slip of the pen."""
        for name in said:
            if name not in names:
                self.fault(f"{where}{name}", f"Nothing is called that here. Known: {', '.join(sorted(names))}.")

    def text(
        self, said: Mapping[str, Any], where: str, name: str, *, most: int = 120, default: str | None = None
    ) -> str:
        """Words, not empty."""
        value = said.get(name, default)
        if not isinstance(value, str) or len(value) > most or (not value.strip() and value != default):
            self.fault(f"{where}{name}", f"Write words, at most {most} characters.")
            return ""
        return value.strip()

    def number(self, said: Mapping[str, Any], where: str, name: str, least: int, most: int) -> int:
        """A whole number within limits."""
        value = said.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.fault(f"{where}{name}", f"Write a whole number from {least} to {most}.")
            return least
        return value

    def code(self, said: Mapping[str, Any], where: str) -> str:
        """A code: small letters, digits and low lines."""
        value = said.get("code")
        if not isinstance(value, str) or not _CODE.fullmatch(value):
            self.fault(f"{where}code", "Write a code of 2 to 30 small letters, digits and _, beginning with a letter.")
            return ""
        return value

    def one_of(
        self, said: Mapping[str, Any], where: str, name: str, known: Collection[Any], default: Any = None
    ) -> Any:
        """One of what is known."""
        value = said.get(name, default)
        if isinstance(value, (dict, list)) or value not in known:
            self.fault(f"{where}{name}", f"Choose one of: {', '.join(map(str, known))}.")
            return next(iter(known))
        return value

    def several(self, said: Mapping[str, Any], where: str, name: str, known: Collection[Any]) -> tuple[Any, ...]:
        """Some of what is known, at least one, each once."""
        value = said.get(name)
        if not isinstance(value, list) or not value:
            self.fault(f"{where}{name}", "Write a list with at least one of what is known.")
            return ()
        for number, each in enumerate(value):
            if isinstance(each, (dict, list)) or each not in known:
                self.fault(f"{where}{name}[{number}]", f"Choose one of: {', '.join(map(str, known))}.")
        kept = tuple(each for each in value if not isinstance(each, (dict, list)) and each in known)
        if len(set(kept)) != len(kept):
            self.fault(f"{where}{name}", "Something stands here twice.")
        return kept

    def table(self, said: Mapping[str, Any], where: str, name: str) -> Mapping[str, Any]:
        """A table; an empty one where it is left out."""
        value = said.get(name, {})
        if not isinstance(value, dict):
            self.fault(f"{where}{name}", "Write a table here.")
            return {}
        return value

    def tables(self, said: Mapping[str, Any], where: str, name: str) -> list[tuple[str, Mapping[str, Any]]]:
        """A list of tables, each with where it stands; none where it is left out."""
        value = said.get(name, [])
        if not isinstance(value, list):
            self.fault(f"{where}{name}", "Write a list of tables here.")
            return []
        found: list[tuple[str, Mapping[str, Any]]] = []
        for number, each in enumerate(value):
            if isinstance(each, dict):
                found.append((f"{where}{name}[{number}].", each))
            else:
                self.fault(f"{where}{name}[{number}]", "Write a table here.")
        return found

    def once(self, where: str, codes: Sequence[str]) -> None:
        """Each code once."""
        for code in sorted({each for each in codes if each and list(codes).count(each) > 1}):
            self.fault(where, f"The code “{code}” stands here twice.")


_NAMES = {
    "code", "version", "name", "summary", "levels", "words", "lead", "assessment", "team", "clocks", "steps", "panel",
    "actions", "transitions", "letters", "closures", "needs",
}  # fmt: skip


def _pathway(reader: _Reader, said: Mapping[str, Any]) -> Pathway:
    reader.only(said, "", _NAMES)
    panel = _panel(reader, said)
    extra, sections = _assessment(reader, said)
    steps = _steps(reader, said, has_panel=panel is not None)
    letters = reader.several(said, "", "letters", _values(Letter)) if "letters" in said else ()
    if Letter.PANEL_DECISION in letters and panel is None:
        reader.fault("letters", "A letter about a panel’s decision needs a panel.")
    if Letter.ABOUT_ME in letters and "about_me" not in {each.code for each in extra}:
        reader.fault("letters", "The page about me needs a section of the assessment with the code about_me.")
    clocks = reader.table(said, "", "clocks")
    reader.only(clocks, "clocks.", {"review_weeks"})
    return Pathway(
        code=reader.code(said, ""),
        version=reader.number(said, "", "version", 1, 9999) if "version" in said else 1,
        name=reader.text(said, "", "name", most=60),
        summary=reader.text(said, "", "summary", most=300),
        levels=tuple(sorted(reader.several(said, "", "levels", (1, 2, 3, 4)))),
        words=_words(reader, said), roles=_roles(reader, said), sections=sections, extra=extra, team=_team(reader, said),
        review_weeks=reader.number(clocks, "clocks.", "review_weeks", 1, 52) if "review_weeks" in clocks else None,
        steps=steps, panel=panel, actions=_coded(reader, said, "", "actions"), transitions=_transitions(reader, said),
        letters=letters,
        closures=reader.several(said, "", "closures", tuple(CLOSURES)) if "closures" in said else tuple(CLOSURES),
        needs=reader.several(said, "", "needs", tuple(NEEDS)) if "needs" in said else tuple(NEEDS),
    )  # fmt: skip


def _values(codes: type[StrEnum]) -> tuple[str, ...]:
    return tuple(each.value for each in codes)


def _words(reader: _Reader, said: Mapping[str, Any]) -> Words:
    words = reader.table(said, "", "words")
    reader.only(words, "words.", {"lead", "assessment", "plan"})
    own = Words()
    return Words(
        reader.text(words, "words.", "lead", most=60, default=own.lead),
        reader.text(words, "words.", "assessment", most=60, default=own.assessment),
        reader.text(words, "words.", "plan", most=60, default=own.plan),
    )


def _roles(reader: _Reader, said: Mapping[str, Any]) -> tuple[str, ...]:
    lead = reader.table(said, "", "lead")
    reader.only(lead, "lead.", {"roles"})
    carry = tuple(sorted(role.value for role in MAY_CARRY_IT))
    return tuple(Role(each) for each in reader.several(lead, "lead.", "roles", carry)) if "roles" in lead else carry


def _team(reader: _Reader, said: Mapping[str, Any]) -> tuple[TeamRole, ...]:
    found = []
    for where, each in reader.tables(said, "", "team"):
        reader.only(each, where, {"words", "kinds"})
        found.append(TeamRole(reader.text(each, where, "words"), reader.several(each, where, "kinds", _KINDS_OF_BODY)))
    return tuple(found)


def _coded(reader: _Reader, said: Mapping[str, Any], where: str, name: str) -> tuple[Coded, ...]:
    found = []
    for place, each in reader.tables(said, where, name):
        reader.only(each, place, {"code", "words"})
        found.append(Coded(reader.code(each, place)[:20], reader.text(each, place, "words")))
    reader.once(f"{where}{name}", [each.code for each in found])
    return tuple(found)


def _steps(reader: _Reader, said: Mapping[str, Any], *, has_panel: bool) -> tuple[Coded, ...]:
    found = _coded(reader, said, "", "steps")
    of_panel = {Milestone.PANEL_ASKED, Milestone.PAPERS_COMPLETE, Milestone.ON_A_LIST, Milestone.PANEL_DECIDED}
    for number, each in enumerate(found):
        if each.code not in _values(Milestone):
            reader.fault(f"steps[{number}].code", f"Choose one of: {', '.join(_values(Milestone))}.")
        elif each.code in of_panel and not has_panel:
            reader.fault(f"steps[{number}].code", "This step needs a panel.")
    return found


def _transitions(reader: _Reader, said: Mapping[str, Any]) -> tuple[Transition, ...]:
    found = []
    for where, each in reader.tables(said, "", "transitions"):
        reader.only(each, where, {"code", "words", "rule", "age", "look_ahead_months"})
        found.append(
            Transition(
                reader.code(each, where), reader.text(each, where, "words"),
                DayRule(reader.one_of(each, where, "rule", _values(DayRule))),
                reader.number(each, where, "age", 0, 25), reader.number(each, where, "look_ahead_months", 1, 60),
            )
        )  # fmt: skip
    reader.once("transitions", [each.code for each in found])
    return tuple(found)


def _panel(reader: _Reader, said: Mapping[str, Any]) -> PanelTerms | None:
    if "panel" not in said:
        return None
    panel = reader.table(said, "", "panel")
    reader.only(panel, "panel.", {"working_days", "disagree_days", "papers", "decisions", "services"})
    decisions = _coded(reader, panel, "panel.", "decisions")
    for number, each in enumerate(decisions):
        if each.code not in _values(Outcome):
            reader.fault(f"panel.decisions[{number}].code", f"Choose one of: {', '.join(_values(Outcome))}.")
    if Outcome.AGREED not in {each.code for each in decisions}:
        reader.fault("panel.decisions", "A panel must be able to agree: give the decision “agreed”.")
    papers = _coded(reader, panel, "panel.", "papers")
    services = panel.get("services", [])
    if not isinstance(services, list) or not all(
        isinstance(one, str) and 0 < len(one.strip()) <= 80 for one in services
    ):
        reader.fault("panel.services", "Write a list of the names of services, each at most 80 characters.")
        services = []
    return PanelTerms(
        reader.number(panel, "panel.", "working_days", 1, 120), reader.number(panel, "panel.", "disagree_days", 1, 120),
        papers, decisions, tuple(one.strip() for one in services),
    )  # fmt: skip


def _assessment(reader: _Reader, said: Mapping[str, Any]) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    part = reader.table(said, "", "assessment")
    reader.only(part, "assessment.", {"sections", "extra"})
    known = tuple(newest_spec().by_code)
    sections = reader.several(part, "assessment.", "sections", known) if "sections" in part else ()
    if sections and ALWAYS_ASKED - set(sections):
        wanting = ", ".join(sorted(ALWAYS_ASKED - set(sections)))
        reader.fault("assessment.sections", f"Every assessment asks these too: {wanting}.")
    extra = [_section(reader, where, each) for where, each in reader.tables(part, "assessment.", "extra")]
    codes = [each.code for each in extra]
    reader.once("assessment.extra", codes)
    for code in sorted(set(codes) & set(known)):
        reader.fault("assessment.extra", f"The common assessment has a section “{code}” already. Choose another code.")
    return tuple(extra), sections


def _section(reader: _Reader, where: str, said: Mapping[str, Any]) -> Section:
    reader.only(said, where, {"code", "title", "group", "intro", "questions"})
    questions = [_question(reader, place, each) for place, each in reader.tables(said, where, "questions")]
    if not questions:
        reader.fault(f"{where}questions", "A section asks at least one question.")
    reader.once(f"{where}questions", [each.code for each in questions])
    return Section(
        reader.code(said, where), reader.text(said, where, "title", most=80),
        reader.text(said, where, "group", most=60), tuple(questions),
        reader.text(said, where, "intro", most=400, default=""),
    )  # fmt: skip


def _question(reader: _Reader, where: str, said: Mapping[str, Any]) -> Question:
    reader.only(said, where, {"code", "label", "kind", "hint", "choices", "codes", "most", "required", "printed"})
    asked = tuple(kind.value for kind in Kind if kind is not Kind.SCORE)
    kind = Kind(reader.one_of(said, where, "kind", asked, Kind.WORDS.value))
    for name in ("required", "printed"):
        if not isinstance(said.get(name, True), bool):
            reader.fault(f"{where}{name}", "Write true or false.")
    return Question(
        reader.code(said, where), reader.text(said, where, "label", most=160), kind,
        reader.text(said, where, "hint", most=300, default=""), _choices(reader, where, said, kind),
        reader.number(said, where, "most", 1, 20_000) if "most" in said else 4000,
        is_required=said.get("required") is True, is_printed=said.get("printed", True) is True,
    )  # fmt: skip


def _choices(reader: _Reader, where: str, said: Mapping[str, Any], kind: Kind) -> tuple[tuple[str, str], ...]:
    """The answers offered: written out, or a standard code list by its name."""
    wants = kind in {Kind.CHOICE, Kind.CHOICES}
    if not wants or "codes" in said:
        if not wants and ("choices" in said or "codes" in said):
            reader.fault(f"{where}kind", "Only a choice offers answers.")
        return tuple(_LISTS[reader.one_of(said, where, "codes", tuple(_LISTS))].items()) if wants else ()
    found = []
    value = said.get("choices")
    for number, each in enumerate(value if isinstance(value, list) else []):
        if isinstance(each, list) and len(each) == 2 and all(isinstance(one, str) and one.strip() for one in each):
            found.append((each[0], each[1]))
        else:
            reader.fault(f"{where}choices[{number}]", 'Write a code and its words: ["yes", "Yes"].')
    if not found:
        reader.fault(f"{where}choices", "Offer at least one answer, or name a standard list with codes.")
    reader.once(f"{where}choices", [code for code, _ in found])
    return tuple(found)
