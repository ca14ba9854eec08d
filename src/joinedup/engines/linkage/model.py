"""The trained model: how much each level of agreement says, in bits, and what it was trained on.

For each level, ``m`` is how often two records of one person are at it, and ``u``
how often two records of different people are. The weight is ``log2(m / u)``. Two
sets of weights are held: one for any two records, and one for two records of one
dwelling, where a shared surname and address say nothing and a forename says all.

A model is a small JSON file, readable by people, with no name or number of
anybody in it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from joinedup.engines.linkage.levels import FIELDS, KINDS, Forename, Surname

FORMAT = 1
LEAST_FREQUENCY = 0.00005
_FLOOR = 1e-9
# Levels that models learnt before they were thought of do not have.
_LATER = {"forename": {"known_as"}, "surname": {"middle"}}
_WEIGHED_BY_FREQUENCY = {"forename": int(Forename.SAME), "surname": int(Surname.SAME)}


@dataclass(frozen=True, slots=True)
class Chances:
    """How often pairs of one person (``m``) and of two people (``u``) are at a level."""

    m: float
    u: float

    @property
    def bits(self) -> float:
        """The weight of the level."""
        return math.log2(max(self.m, _FLOOR)) - math.log2(max(self.u, _FLOOR))


@dataclass(frozen=True, slots=True)
class Weights:
    """One set of weights: the chance before comparing anything, and each field's levels.

    A field's levels are in order of their numbers, 0 first.
    """

    prior: float
    fields: Mapping[str, tuple[Chances, ...]]

    @property
    def prior_bits(self) -> float:
        """The weight of evidence before any field is compared."""
        return bits_of(self.prior)

    def table(self) -> dict[str, tuple[float, ...]]:
        """Return each field's weights by level number; the last stands for "not known" (-1)."""
        return {name: (*(each.bits for each in levels), 0.0) for name, levels in self.fields.items()}


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model; see the module.

    ``link`` is the probability from which a pair may be linked without a person,
    ``review`` the one from which it is worth a person's time.
    """

    general: Weights
    household: Weights
    link: float = 0.95
    review: float = 0.5
    seed: int = 0
    records: int = 0
    trained: Mapping[str, Any] = field(default_factory=dict)
    version: str = "default"

    @classmethod
    def read(cls, path: Path) -> Model:
        """Read a model from its file. Raises ``ValueError`` with a sentence for the person."""
        try:
            return cls.from_text(path.read_text(encoding="utf-8"))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} is not a linkage model that this version can read ({error}).") from None

    @classmethod
    def from_text(cls, text: str) -> Model:
        """Read a model from JSON."""
        found = json.loads(text)
        if found["format"] != FORMAT:
            raise ValueError(f"its format is {found['format']}, not {FORMAT}")
        return cls(
            general=_weights(found["general"]),
            household=_weights(found["household"]),
            link=float(found["link"]),
            review=float(found["review"]),
            seed=int(found["seed"]),
            records=int(found["records"]),
            trained=dict(found["trained"]),
            version=str(found["version"]),
        )

    @classmethod
    def default(cls) -> Model:
        """Return the model that comes with the program, trained on invented people."""
        return _default()

    def text(self, **more: object) -> str:
        """Return the model as JSON, with ``more`` beside it for other programs."""
        whole = {
            "format": FORMAT,
            "version": self.version,
            "seed": self.seed,
            "records": self.records,
            "trained": dict(self.trained),
            "link": self.link,
            "review": self.review,
            "general": _written(self.general),
            "household": _written(self.household),
            **more,
        }
        return json.dumps(whole, indent=1, sort_keys=True) + "\n"

    def write(self, path: Path, **more: object) -> None:
        """Write the model to a file."""
        path.write_text(self.text(**more), encoding="utf-8")


def weighed_by_frequency(name: str) -> int | None:
    """Return the level of a field whose weight depends on how common the name is."""
    return _WEIGHED_BY_FREQUENCY.get(name)


def bits_of(probability: float) -> float:
    """Return a probability as bits of evidence."""
    held = min(max(probability, 1e-12), 1 - 1e-12)
    return math.log2(held / (1 - held))


def rounded(chance: float) -> float:
    """Return a learnt chance in nine figures: threads that add up in another order differ in the last ones."""
    return float(f"{chance:.9g}")


def probability_of(bits: float) -> float:
    """Return bits of evidence as a probability."""
    if bits > 60:
        return 1.0
    odds = math.pow(2.0, bits)
    return odds / (1.0 + odds)


@lru_cache(maxsize=1)
def _default() -> Model:
    held = resources.files("joinedup.engines.linkage").joinpath("default_model.json")
    return Model.from_text(held.read_text(encoding="utf-8"))


def _weights(found: Mapping[str, Any]) -> Weights:
    """Read one set of weights, every level of which must be there."""
    fields = {}
    for name in FIELDS:
        levels = found["fields"][name]
        known = [each for each in KINDS[name] if each >= 0]
        fields[name] = tuple(Chances(**_level(name, each.name.lower(), levels)) for each in sorted(known))
    return Weights(float(found["prior"]), fields)


def _level(name: str, level: str, levels: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return one level's chances; one that came after the model was learnt weighs as its field's lowest."""
    found: Mapping[str, Any] = (
        levels[level] if level in levels or level not in _LATER.get(name, ()) else levels["differs"]
    )
    return found


def _written(weights: Weights) -> dict[str, Any]:
    """Return one set of weights for JSON, each level under its name."""
    return {
        "prior": weights.prior,
        "fields": {
            name: {KINDS[name](number).name.lower(): asdict(each) for number, each in enumerate(levels)}
            for name, levels in weights.fields.items()
        },
    }
