"""Compare two records of a person, in points and in plain sentences.

``compare`` says how much two sets of facts agree, field by field, so that a
practitioner can see why somebody is on the list. ``rank`` puts the most likely
first. ``may_link_automatically`` holds the only two rules by which the program
joins records without a person deciding. It is deliberately far stricter than any
score: a wrong link puts one child's history on another's record.

The points are a considered judgement, not a trained model. They follow the
order of measured evidence: an NHS number says most, then date of birth and
names, then address, which a whole household shares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import product
from typing import TypeVar

from rapidfuzz.distance import JaroWinkler

from joinedup.engines.linkage import identifiers, names
from joinedup.engines.linkage.keys import (
    PersonFacts,
    valid_nhs_number,
    valid_postcodes,
    valid_upn,
)

T = TypeVar("T")


class Verdict(StrEnum):
    """How one field of two records compares."""

    AGREES = "AGREES"
    CLOSE = "CLOSE"
    DIFFERS = "DIFFERS"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True)
class Reason:
    """What one field says for or against two records being one person.

    ``field`` is ``nhs_number``, ``upn``, ``forename``, ``surname``, ``birth_date``,
    ``postcode`` or, as a warning, ``twin``; ``points`` is what it adds or takes.
    """

    field: str
    verdict: Verdict
    sentence: str
    points: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far two records agree: 0 to 100, and why, field by field.

    The score says how much evidence there is, not how probable a match is: a
    full name alone, though it agree to the letter, scores 40.
    """

    score: int
    reasons: tuple[Reason, ...]

    @property
    def is_possible_twin(self) -> bool:
        """Say whether this looks like a twin rather than the same child."""
        return any(reason.field == "twin" for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Link:
    """Leave to join two records without asking: the rule and its wording."""

    rule: str
    sentence: str


BY_NHS_NUMBER = Link("PI-1", "Same NHS number and same date of birth.")
BY_NAME_AND_ADDRESS = Link("PI-2", "Same forename, surname, date of birth and postcode.")

# Points for (agrees, close, differs). Missing is always nought.
_POINTS = {
    "nhs_number": (50, 0, -40),
    "upn": (40, 0, -10),
    "birth_date": (30, 15, -15),
    "forename": (20, 12, -15),
    "surname": (20, 12, -5),
    "postcode": (15, 5, -2),
}
_CEILING_OF_A_DOUBT = 45
_NEAR_SPELLING = 0.88
_SAME_SPELLING = 0.92


def compare(query: PersonFacts, candidate: PersonFacts) -> Comparison:
    """Compare what was asked for with one candidate, field by field.

    Two NHS numbers that differ, or the look of a twin (same surname and date of
    birth, another forename), hold the score to 45 whatever else agrees.
    """
    reasons = [
        *_numbers(query, candidate),
        *_names(query, candidate),
        _birth_date(query.birth_date, candidate.birth_date),
        _postcode(query, candidate),
    ]
    score = max(0, min(100, sum(reason.points for reason in reasons)))
    doubtful = _numbers_conflict(valid_nhs_number(query), valid_nhs_number(candidate))
    if _looks_like_a_twin(query, candidate):
        doubtful = True
        sentence = "Same surname and date of birth but another forename: maybe a twin"
        reasons.append(Reason("twin", Verdict.DIFFERS, sentence))
    if doubtful:
        score = min(score, _CEILING_OF_A_DOUBT)
    return Comparison(score, tuple(reasons))


def rank(
    query: PersonFacts, candidates: Iterable[tuple[T, PersonFacts]], *, limit: int = 20
) -> list[tuple[T, Comparison]]:
    """Return the best candidates first, each with its comparison.

    ``candidates`` pairs whatever identifies a candidate with their facts. Those
    that score nought are left out; equals keep the order they came in.
    """
    compared = [(each, compare(query, facts)) for each, facts in candidates]
    likely = [pair for pair in compared if pair[1].score > 0]
    return sorted(likely, key=lambda pair: -pair[1].score)[:limit]


def may_link_automatically(a: PersonFacts, b: PersonFacts) -> Link | None:
    """Return leave to join two records without asking, or ``None``: a person decides.

    PI-1: NHS number and date of birth both equal. PI-2: forename, surname, date
    of birth and postcode all equal once normalised (accents, case, hyphens and
    spaces apart; a short form or a like sound is not equal). Where a record has
    several names, one record's chief name must be among the other's.

    Never when both have an NHS number, or both a permanent unique pupil number,
    and they differ; never for what may be twins (same surname and date of birth,
    another forename); and not by PI-2 on a 1 January date of birth, which
    agencies enter for want of a real one.
    """
    nhs, other_nhs = valid_nhs_number(a), valid_nhs_number(b)
    if a.birth_date is None or a.birth_date != b.birth_date:
        return None
    if _numbers_conflict(nhs, other_nhs) or _upns_conflict(a, b):
        return None
    if _looks_like_a_twin(a, b):
        return None
    if nhs and nhs == other_nhs:
        return BY_NHS_NUMBER
    if (
        _share_a_chief_name(a.forenames, b.forenames)
        and _share_a_chief_name(a.surnames, b.surnames)
        and valid_postcodes(a) & valid_postcodes(b)
        and not identifiers.is_default_birth_date(a.birth_date)
    ):
        return BY_NAME_AND_ADDRESS
    return None


# --- Numbers --------------------------------------------------------------------


def _numbers(query: PersonFacts, candidate: PersonFacts) -> list[Reason]:
    """Compare the NHS numbers and the unique pupil numbers."""
    pairs = (
        (
            "nhs_number",
            "NHS number",
            valid_nhs_number(query),
            valid_nhs_number(candidate),
        ),
        ("upn", "Unique pupil number", valid_upn(query), valid_upn(candidate)),
    )
    return [_number(*pair) for pair in pairs]


def _number(field: str, label: str, asked: str | None, held: str | None) -> Reason:
    """Compare one number, which can only be the same or another."""
    if not asked or not held:
        return _missing(field, label, asked=bool(asked))
    if asked == held:
        return _reason(field, Verdict.AGREES, f"Same {_small(label)}")
    return _reason(field, Verdict.DIFFERS, f"{label} differs")


def _numbers_conflict(one: str | None, other: str | None) -> bool:
    """Say whether both are known and they are not the same."""
    return bool(one and other and one != other)


def _upns_conflict(a: PersonFacts, b: PersonFacts) -> bool:
    """Say whether two permanent pupil numbers differ; a temporary one may."""
    pair = valid_upn(a), valid_upn(b)
    permanent = (upn and not identifiers.is_temporary_upn(upn) for upn in pair)
    return all(permanent) and pair[0] != pair[1]


# --- Names ----------------------------------------------------------------------


def _names(query: PersonFacts, candidate: PersonFacts) -> list[Reason]:
    """Compare forename and surname, also as if each were in the other's place."""
    forename = _best(query.forenames, candidate.forenames, "Forename", _compare_forename)
    surname = _best(query.surnames, candidate.surnames, "Surname", _compare_surname)
    if Verdict.AGREES in {forename.verdict, surname.verdict}:
        return [forename, surname]
    crossed = {
        _best(query.forenames, candidate.surnames, "Forename", _compare_surname).verdict,
        _best(query.surnames, candidate.forenames, "Surname", _compare_surname).verdict,
    }
    both_differ = {forename.verdict, surname.verdict} == {Verdict.DIFFERS}
    if crossed == {Verdict.AGREES}:
        sentence, points = "Forename and surname are the other way round", 18
    elif crossed <= {Verdict.AGREES, Verdict.CLOSE} and both_differ:
        sentence, points = "Forename and surname are nearly the same the other way round", 10
    else:
        return [forename, surname]
    return [Reason(field, Verdict.CLOSE, sentence, points) for field in ("forename", "surname")]


def _best(
    asked: Iterable[str],
    held: Iterable[str],
    label: str,
    how: Callable[[str, str], tuple[Verdict, str]],
) -> Reason:
    """Compare every name asked for with every name held and keep the best."""
    field = label.lower()
    mine = [name for name in asked if names.normalise(name)]
    theirs = [name for name in held if names.normalise(name)]
    if not mine or not theirs:
        return _missing(field, label, asked=bool(mine))
    order = list(Verdict)
    found = [(*how(one, other), one, other) for one, other in product(mine, theirs)]
    verdict, words, one, other = min(found, key=lambda each: order.index(each[0]))
    if verdict is Verdict.AGREES:
        is_chief = mine[0] == one and theirs[0] == other
        return _reason(field, verdict, f"Same {field}" if is_chief else f"Same {field} among all known ({other})")
    return _reason(field, verdict, f"{label} {words} ({one.strip()} / {other.strip()})")


def _compare_forename(one: str, other: str) -> tuple[Verdict, str]:
    """Compare two forenames; a middle name that only one has does not count."""
    mine, theirs = names.parts(one), names.parts(other)
    shorter = min(len(mine), len(theirs))
    if names.compact(one) == names.compact(other) or mine[:shorter] == theirs[:shorter]:
        return Verdict.AGREES, "is the same"
    first, second = mine[0], theirs[0]
    if first == second:
        return Verdict.CLOSE, "has another middle name"
    if names.is_variant(first, second):
        return Verdict.CLOSE, "is another form of the same name"
    if _is_initial(first, second):
        return Verdict.CLOSE, "has the same initial"
    if first in theirs or second in mine:
        return Verdict.CLOSE, "is a middle name of the other"
    return _compare_spelling(first, second)


def _is_initial(one: str, other: str) -> bool:
    """Say whether either name is only the first letter of the other."""
    return one[0] == other[0] and 1 in {len(one), len(other)}


def _compare_surname(one: str, other: str) -> tuple[Verdict, str]:
    """Compare two surnames, which may be double-barrelled."""
    if names.compact(one) == names.compact(other):
        return Verdict.AGREES, "is the same"
    if set(names.parts(one)) & set(names.parts(other)):
        return Verdict.CLOSE, "has a part in common"
    if names.is_variant(names.compact(one) or "", names.compact(other) or ""):
        return Verdict.CLOSE, "is another spelling of the same name"
    return _compare_spelling(names.compact(one) or "", names.compact(other) or "")


def _compare_spelling(one: str, other: str) -> tuple[Verdict, str]:
    """Compare two plain names by sound and by letters."""
    if names.sounds_alike(one, other):
        return Verdict.CLOSE, "sounds the same"
    if JaroWinkler.similarity(one, other) >= _NEAR_SPELLING:
        return Verdict.CLOSE, "is spelt nearly the same"
    return Verdict.DIFFERS, "differs"


def _is_same_forename(one: str, other: str) -> bool:
    """Say whether two forenames could be one child's: a like sound is not enough.

    Twins are called Ronnie and Ryan, and they are called Muhammad Hassan and
    Muhammad Hussain.
    """
    if _compare_forename(one, other)[0] is Verdict.AGREES:
        return True
    mine, theirs = names.parts(one), names.parts(other)
    first, second = mine[0], theirs[0]
    if first == second:
        return any(names.is_variant(*pair) for pair in product(mine[1:], theirs[1:]))
    both_are_names = names.is_listed(first) and names.is_listed(second)  # Frances is no slip for Francis
    is_slip = not both_are_names and (
        first[0] == second[0] and len(first) == len(second) and JaroWinkler.similarity(first, second) >= _SAME_SPELLING
    )
    is_known_form = names.is_variant(first, second) or _is_initial(first, second)
    return is_slip or is_known_form or first in theirs or second in mine


def _looks_like_a_twin(a: PersonFacts, b: PersonFacts) -> bool:
    """Say whether two records share surname and birth date under different forenames.

    ``Twin 1`` in place of a forename may be either child, so it counts too.
    """
    if a.birth_date is None or a.birth_date != b.birth_date:
        return False
    if not _share_a_surname(a.surnames, b.surnames):
        return False
    if any(names.is_multiple_birth(name) for name in (*a.forenames, *b.forenames)):
        return True
    mine = [name for name in a.forenames if names.normalise(name)]
    theirs = [name for name in b.forenames if names.normalise(name)]
    if not mine or not theirs:
        return False
    return not any(_is_same_forename(*pair) for pair in product(mine, theirs))


def _share_a_surname(mine: Iterable[str], theirs: Iterable[str]) -> bool:
    """Say whether any surnames agree, or have a part or a sound in common."""
    pairs = product(
        (name for name in mine if names.normalise(name)),
        (name for name in theirs if names.normalise(name)),
    )
    return any(_compare_surname(*pair)[0] is not Verdict.DIFFERS for pair in pairs)


def _share_a_chief_name(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Say whether the chief name of one list is, normalised, in the other."""
    plain = [names.compact(name) for name in mine]
    other = [names.compact(name) for name in theirs]
    if not plain or not other:
        return False
    return bool((plain[0] and plain[0] in other) or (other[0] and other[0] in plain))


# --- Date of birth and address --------------------------------------------------


def _birth_date(asked: date | None, held: date | None) -> Reason:
    """Compare two dates of birth, forgiving the slips people make."""
    field = "birth_date"
    if asked is None or held is None:
        return _missing(field, "Date of birth", asked=asked is not None)
    if asked == held and identifiers.is_default_birth_date(asked):
        sentence = "Same date of birth, but 1 January is often a guess"
        return Reason(field, Verdict.CLOSE, sentence, _POINTS[field][1])
    if asked == held:
        return _reason(field, Verdict.AGREES, "Same date of birth")
    if (asked.year, asked.month, asked.day) == (held.year, held.day, held.month):
        return _reason(field, Verdict.CLOSE, "Date of birth has day and month swapped")
    figures = sum(x != y for x, y in zip(f"{asked}", f"{held}", strict=True))
    if figures == 1:
        return _reason(field, Verdict.CLOSE, "Date of birth differs by one figure")
    if abs((asked - held).days) == 1:
        return _reason(field, Verdict.CLOSE, "Date of birth is one day apart")
    return _reason(field, Verdict.DIFFERS, "Date of birth differs")


def _postcode(query: PersonFacts, candidate: PersonFacts) -> Reason:
    """Compare every postcode known of each; people move, so little is lost."""
    asked, held = valid_postcodes(query), valid_postcodes(candidate)
    if not asked or not held:
        return _missing("postcode", "Postcode", asked=bool(asked))
    if asked & held:
        return _reason("postcode", Verdict.AGREES, "Same postcode")
    districts = {identifiers.outward_code(each) for each in asked}
    shared = sorted(districts & {identifiers.outward_code(each) for each in held})
    if shared:
        sentence = f"Postcode is in the same district ({shared[0]})"
        return _reason("postcode", Verdict.CLOSE, sentence)
    return _reason("postcode", Verdict.DIFFERS, "Postcode differs")


# --- Reasons --------------------------------------------------------------------


def _reason(field: str, verdict: Verdict, sentence: str) -> Reason:
    """Return a reason with the points of its field and verdict."""
    place = (Verdict.AGREES, Verdict.CLOSE, Verdict.DIFFERS).index(verdict)
    return Reason(field, verdict, sentence, _POINTS[field][place])


def _missing(field: str, label: str, *, asked: bool) -> Reason:
    """Return a reason that says which side lacks a field."""
    where = "is not on this record" if asked else "was not given"
    return Reason(field, Verdict.MISSING, f"{label} {where}")


def _small(label: str) -> str:
    """Return a label for the middle of a sentence, keeping ``NHS``."""
    return label if label.startswith("NHS") else label.lower()
