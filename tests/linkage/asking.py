"""Look-ups as a worker at the front door would type them, with the person they are about, or nobody."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from random import Random

from tests.linkage.noise import AGENCIES, FIELDS, Writer
from tests.linkage.people import Person

# What the caller knows, and how often: the fields kept of a noisy record.
_PATTERNS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("name_dob", ("forename", "surname", "dob"), 21),
    ("name_dob_sex", ("forename", "middle", "surname", "dob", "sex"), 8),
    ("name_postcode", ("forename", "surname", "postcode"), 10),
    ("name_address", ("forename", "surname", "address1", "postcode"), 7),
    ("name_dob_postcode", ("forename", "surname", "dob", "postcode"), 18),
    ("everything", ("forename", "middle", "surname", "dob", "sex", "address1", "postcode"), 12),
    ("name_number", ("forename", "surname", "nhs_number", "upn"), 4),
    ("name_dob_number", ("forename", "surname", "dob", "nhs_number", "upn"), 6),
    ("number", ("nhs_number", "upn"), 2),
    ("name", ("forename", "surname"), 4),
    ("name_sex", ("forename", "surname", "sex"), 1),
    ("forename_dob", ("forename", "dob"), 2),
    ("forename_dob_postcode", ("forename", "dob", "postcode"), 3),
    ("surname_dob", ("surname", "dob"), 2),
)
KINDS = ("known", "twin", "absent", "absent_sibling", "absent_twin", "adopted")
DEFAULT = {"known": 2000, "twin": 300, "absent": 500, "absent_sibling": 250, "absent_twin": 200, "adopted": 200}


@dataclass(frozen=True)
class Question:
    """One look-up with its truth."""

    kind: str
    values: list[str | None]
    person: int | None
    pattern: str
    answerable: bool
    group: str
    noise: list[str]
    others: list[int]
    """People who must not be called certain above all others: the twin, the siblings, the other identity."""


def questions(
    rng: Random, writer: Writer, people: list[Person], known: set[int], wanted: dict[str, int]
) -> list[Question]:
    """Return look-ups of each kind, as many as wanted or as there are people for."""
    by_kind = _candidates(people, known)
    asked = []
    for kind in KINDS:
        subjects = by_kind[kind]
        for who, others in rng.sample(subjects, min(wanted.get(kind, 0), len(subjects))):
            asked.append(_question(rng, writer, kind, who, others, who.id in known))
    return asked


def _candidates(people: list[Person], known: set[int]) -> dict[str, list[tuple[Person, list[int]]]]:
    found: dict[str, list[tuple[Person, list[int]]]] = defaultdict(list)
    families: dict[int, list[Person]] = defaultdict(list)
    adopted: dict[int, list[Person]] = defaultdict(list)
    for who in people:
        if who.role == "child":
            families[who.family].append(who)
        if who.adopted:
            adopted[who.adopted].append(who)
    for who in people:
        family = [each.id for each in families[who.family] if each is not who and each.id in known]
        twins = [each.id for each in families[who.family] if each is not who and who.twins and each.twins == who.twins]
        seen = [each for each in twins if each in known]
        other = [each.id for each in adopted[who.adopted] if each is not who] if who.adopted else []
        if who.id in known:
            if who.role == "child" or hash_of(who.id) % 4 == 0:
                found["known"].append((who, family + other))
            if seen:
                found["twin"].append((who, seen))
            if other:
                found["adopted"].append((who, other))
        elif not who.adopted:
            if seen:
                found["absent_twin"].append((who, seen))
            elif family:
                found["absent_sibling"].append((who, family))
            elif who.role == "child" or hash_of(who.id) % 2 == 0:
                found["absent"].append((who, []))
    return found


def hash_of(number: int) -> int:
    """Return a number as good as chance but always the same."""
    return number * 2_654_435_761 >> 7


def _question(rng: Random, writer: Writer, kind: str, who: Person, others: list[int], is_known: bool) -> Question:
    pattern, kept, _ = rng.choices(_PATTERNS, [each[2] for each in _PATTERNS])[0]
    agency = AGENCIES[0] if "number" not in pattern or not who.upn or rng.random() < 0.6 else AGENCIES[2]
    values, noise = writer.record(who, agency)
    shown = [value if name in kept else None for name, value in zip(FIELDS, values, strict=True)]
    held = {name for name, value in zip(FIELDS, shown, strict=True) if value}
    if not held - {"sex", "middle"}:
        shown = values
        held = {name for name, value in zip(FIELDS, shown, strict=True) if value}
    named = bool(held & {"forename", "surname"}) and "placeholder" not in noise
    answerable = named and bool(held & {"dob", "postcode", "nhs_number", "upn"})
    relevant = [each for each in noise if _RELEVANT.get(each.split("_")[0], each.split("_")[0]) in _stems(held)]
    return Question(kind, shown, who.id if is_known else None, pattern, answerable, who.group, relevant, others)


_RELEVANT = {"old": "address1", "postcode": "postcode", "nhs": "nhs_number", "upn": "upn", "dob": "dob", "sex": "sex"}
_RELEVANT |= {"address": "address1"}


def _stems(held: set[str]) -> set[str]:
    names = {"nickname", "known", "middle", "names", "forename", "surname", "initial", "double", "punctuation"}
    names |= {"spelling", "plain", "prefix", "former", "given", "placeholder"}
    return held | (names if held & {"forename", "surname"} else set()) | ({"address1"} if "postcode" in held else set())
