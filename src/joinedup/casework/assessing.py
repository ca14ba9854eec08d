"""What a common assessment is made of: questions, sections and versions of the spec; reading an answer; what is known
beforehand; what is still wanting; distance travelled. Pure, except for the register of who else knows something.

The page, the API, the printed form and the data dictionary all walk the same spec (`spec_of(version)`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property, partial
from typing import Any

from joinedup.core.formats import date_long
from joinedup.engines.linkage import identifiers

Answers = Mapping[str, Any]
# Somebody may look at a child and not at every part of their life: said as such, it is left out of every comparison.
NOT_SEEN = "none"
LOWEST, HIGHEST = 1, 10


class Kind(StrEnum):
    """What sort of answer a question takes."""

    LINE = "line"
    WORDS = "words"
    DAY = "day"
    CHOICE = "choice"
    CHOICES = "choices"
    SCORE = "score"


@dataclass(frozen=True)
class Question:
    """One question. `is_situation` for who the family is and how they live: what a referral should have told already.
    `fact` names the fact of the person index it is, so that a correction flows back there. What is not `is_printed` stays
    on the screen: a printed copy goes from hand to hand, and parents may live apart. `instead_of` names the question of the
    same section in whose place it is answered; `unconfirmed` the codes whose label was not seen in any source."""

    code: str
    label: str
    kind: Kind = Kind.WORDS
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    most: int = 4000
    is_required: bool = False
    is_situation: bool = False
    fact: str = ""
    is_printed: bool = True
    instead_of: str = ""
    unconfirmed: tuple[str, ...] = ()

    @property
    def offered(self) -> tuple[tuple[str, str], ...]:
        """The choices as everybody reads them: a label that was not confirmed says so."""
        return tuple(
            (code, f"{label} (label not confirmed)" if code in self.unconfirmed else label)
            for code, label in self.choices
        )

    @property
    def is_fact(self) -> bool:
        """Short enough to be accepted as it stands."""
        return self.kind is not Kind.WORDS and self.kind is not Kind.SCORE

    def label_of(self, value: Any) -> str:
        """An answer in words."""
        if value in (None, "", []):
            return ""
        if self.kind is Kind.DAY:
            return date_long(date.fromisoformat(value))
        if self.kind in {Kind.CHOICE, Kind.CHOICES}:
            known = dict(self.offered)
            values = value if isinstance(value, list) else [value]
            return ", ".join(known.get(str(each), str(each)) for each in values)
        if self.kind is Kind.SCORE:
            return "Not looked at" if value == NOT_SEEN else f"{value} of {HIGHEST}"
        return str(value)


@dataclass(frozen=True)
class Element:
    """One element of a domain, and what its scores mean, in words, from the lowest to the highest."""

    domain: str
    name: str
    anchors: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Section:
    """A page of the assessment."""

    code: str
    title: str
    group: str
    questions: tuple[Question, ...]
    intro: str = ""
    element: Element | None = None

    def question(self, code: str) -> Question:
        """One of its questions."""
        return next(each for each in self.questions if each.code == code)


@dataclass(frozen=True)
class Spec:
    """One version of the assessment. A version in use is never changed: a new one is added."""

    version: int
    since: date
    sections: tuple[Section, ...]

    @cached_property
    def by_code(self) -> dict[str, Section]:
        """The sections by their code."""
        return {section.code: section for section in self.sections}

    @property
    def groups(self) -> tuple[str, ...]:
        """The headings of the task list, in order."""
        return tuple(dict.fromkeys(section.group for section in self.sections))

    @property
    def elements(self) -> tuple[Section, ...]:
        """The sections that are scored."""
        return tuple(section for section in self.sections if section.element)

    @property
    def situation(self) -> tuple[tuple[Section, Question], ...]:
        """Every question about who the family is and how they live."""
        return tuple((part, each) for part in self.sections for each in part.questions if each.is_situation)

    def following(self, code: str) -> Section | None:
        """The section after one."""
        codes = [section.code for section in self.sections]
        place = codes.index(code) + 1
        return self.sections[place] if place < len(codes) else None


# --- Versions.

_specs: dict[int, Spec] = {}


def register_spec(spec: Spec) -> Spec:
    """Called once for each version, where it is written down."""
    if spec.version in _specs:
        raise ValueError(f"version {spec.version} is written twice")
    _specs[spec.version] = spec
    return spec


def spec_of(version: int) -> Spec:
    """The spec an assessment was made with."""
    return _specs[version]


def newest_spec() -> Spec:
    """The spec that new assessments are made with."""
    return _specs[max(_specs)]


def all_specs() -> list[Spec]:
    """Every version, the oldest first."""
    return [_specs[version] for version in sorted(_specs)]


# --- Reading answers.


def read_answer(question: Question, said: Any) -> Any:
    """What was sent as it is stored: text, a day as YYYY-MM-DD, a code, codes, or a score. An empty answer is "" (or no
    codes). Raises ValueError with a sentence for whoever sent it."""
    if question.kind is Kind.CHOICES:
        return _codes(question, said)
    if said is None:
        return ""
    if isinstance(said, date):
        return said.isoformat()
    if isinstance(said, bool) or not isinstance(said, (str, int)):
        raise ValueError(f"{question.label}: this is not an answer to the question")
    text = str(said).replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        return ""
    return _READERS.get(question.kind, _text)(question, text)


def _text(question: Question, text: str) -> str:
    most = 300 if question.kind is Kind.LINE else question.most
    if len(text) > most:
        raise ValueError(f"{question.label} must be {most:,} characters or fewer")
    parse = _PARSERS.get(question.fact)
    return parse(text) if parse else text


def _day(question: Question, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f"{question.label} must be a day, written as 2026-11-18") from None


def _choice(question: Question, text: str) -> str:
    if text not in dict(question.choices):
        raise ValueError(f"{question.label}: choose one of the answers offered")
    return text


def _codes(question: Question, said: Any) -> list[str]:
    parts = said.split(",") if isinstance(said, str) else said or []
    if not isinstance(parts, (list, tuple)):
        raise ValueError(f"{question.label}: this is not an answer to the question")
    wanted = {str(each).strip() for each in parts} - {""}
    found = [code for code, _ in question.choices if code in wanted]
    if len(found) != len(wanted):
        raise ValueError(f"{question.label}: choose from the answers offered")
    alone = {"21", "NONE"} & set(found)
    if alone and len(found) > 1:
        raise ValueError(f"{question.label}: “{dict(question.choices)[alone.pop()]}” stands alone")
    return found


def _score(question: Question, text: str) -> int | str:
    if text == NOT_SEEN:
        return NOT_SEEN
    if not (text.isascii() and text.isdigit() and len(text) < 3 and LOWEST <= int(text) <= HIGHEST):
        raise ValueError(f"{question.label} must be a whole number from {LOWEST} to {HIGHEST}")
    return int(text)


_READERS: dict[Kind, Callable[[Question, str], Any]] = {Kind.DAY: _day, Kind.CHOICE: _choice, Kind.SCORE: _score}
_PARSERS: dict[str, Callable[[str], str]] = {
    "nhs_number": partial(identifiers.nhs_number, allow_synthetic=True),
    "upn": identifiers.upn,
    "postcode": identifiers.postcode,
}


def said_twice(section: Section, answers: Answers) -> list[Question]:
    """The questions that are answered beside the one in whose place they stand."""
    return [each for each in section.questions if answers.get(each.code) and answers.get(each.instead_of)]


def as_typed(question: Question, value: Any) -> str:
    """An answer as somebody would type it, for showing two beside each other."""
    return ",".join(value) if isinstance(value, list) else str(value if value is not None else "")


# --- Known beforehand.


@dataclass(frozen=True)
class Given:
    """Something already known: which question it answers, who said so and when."""

    section: str
    question: str
    value: Any
    source: str
    said_on: date


Source = Callable[[Any, Any, Any], Iterable[Given]]
_sources: list[Source] = []


def register_source(source: Source) -> None:
    """A part above says what it knows: called with the viewer, the case and the child's id, for a viewer who has been let
    in to both and whose reading is audited."""
    _sources.append(source)


def said_elsewhere(viewer: Any, case: Any, child_id: Any) -> list[Given]:
    """What every registered source knows."""
    return [each for source in _sources for each in source(viewer, case, child_id)]


Known = dict[str, dict[str, dict[str, str | Any]]]


def known_beforehand(spec: Spec, given: Iterable[Given]) -> Known:
    """By section and question: the newest that anybody said, with its source and its day. What this version does not ask
    and what cannot be read is left out."""
    found: dict[tuple[str, str], Given] = {}
    for each in given:
        section = spec.by_code.get(each.section)
        question = next((one for one in section.questions if one.code == each.question), None) if section else None
        if question is None:
            continue
        try:
            value = read_answer(question, each.value)
        except ValueError:
            continue
        there = found.get((each.section, each.question))
        if value not in ("", []) and (there is None or each.said_on > there.said_on):
            found[each.section, each.question] = Given(each.section, each.question, value, each.source, each.said_on)
    known: Known = {}
    for (section_code, code), each in found.items():
        facts = {"value": each.value, "source": each.source, "said_on": each.said_on.isoformat()}
        known.setdefault(section_code, {})[code] = facts
    for section_code, facts_of in known.items():
        for question in said_twice(spec.by_code[section_code], facts_of):
            del facts_of[question.code]
    return known


def share_known(spec: Spec, known: Known) -> float:
    """Which share of the questions about the family's situation needed no typing."""
    asked = spec.situation
    return sum(question.code in known.get(section.code, {}) for section, question in asked) / len(asked)


def share_known_of_all(spec: Spec, known: Known) -> float:
    """Which share of all questions needed no typing, the assessor's own judgement and what is asked afresh among them: what a
    later assessment begins with."""
    asked = [(section, question) for section in spec.sections for question in section.questions]
    return sum(question.code in known.get(section.code, {}) for section, question in asked) / len(asked)


class Settled(StrEnum):
    """What somebody made of a value that was known beforehand."""

    ACCEPTED = "accepted"
    CORRECTED = "corrected"


def settle(known: Mapping[str, Mapping[str, Any]], answers: Answers) -> dict[str, str]:
    """For every value known beforehand whether the answer took it over or corrected it."""
    return {
        code: (Settled.ACCEPTED if answers.get(code) == fact["value"] else Settled.CORRECTED).value
        for code, fact in known.items()
    }


# --- What is wanting.


class Progress(StrEnum):
    """Where a section stands."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"


PROGRESS_LABELS = {
    Progress.NOT_STARTED: "Not started",
    Progress.IN_PROGRESS: "In progress",
    Progress.DONE: "Completed",
}


def missing_in(section: Section, answers: Answers) -> list[Question]:
    """The required questions without an answer."""
    return [each for each in section.questions if each.is_required and answers.get(each.code) in (None, "", [])]


def progress_of(section: Section, answers: Answers, *, is_saved: bool) -> Progress:
    """A section is done once somebody saved it and nothing required is missing."""
    if not is_saved:
        return Progress.NOT_STARTED
    return Progress.IN_PROGRESS if missing_in(section, answers) else Progress.DONE


# --- Comparing.


@dataclass(frozen=True)
class Travelled:
    """One element then and now; None where it was not looked at, or not asked."""

    code: str
    domain: str
    element: str
    before: int | None
    now: int | None

    @property
    def distance(self) -> int | None:
        """How far it went: more is better."""
        return None if self.before is None or self.now is None else self.now - self.before


def score_in(answers: Answers) -> int | None:
    """The score of an element's section."""
    score = answers.get("score")
    return score if isinstance(score, int) else None


def travelled(spec: Spec, before: Mapping[str, Answers], now: Mapping[str, Answers]) -> tuple[Travelled, ...]:
    """Every element of a version, then and now."""
    return tuple(
        Travelled(
            section.code, section.element.domain, section.element.name,
            score_in(before.get(section.code, {})), score_in(now.get(section.code, {})),
        )
        for section in spec.elements if section.element
    )  # fmt: skip


def mean(numbers: Sequence[int]) -> float | None:
    """The mean to one decimal; None of nothing."""
    return round(sum(numbers) / len(numbers), 1) if numbers else None


def domain_means(spec: Spec, answers: Mapping[str, Answers]) -> dict[str, float | None]:
    """The mean score of each domain, of what was looked at."""
    found: dict[str, list[int]] = {}
    for section in spec.elements:
        score = score_in(answers.get(section.code, {}))
        if section.element is not None:
            found.setdefault(section.element.domain, [])
            found[section.element.domain] += [] if score is None else [score]
    return {domain: mean(scores) for domain, scores in found.items()}
