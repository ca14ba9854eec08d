"""Why somebody is likely to be the one asked about, in words that a person can repeat to a parent."""

from __future__ import annotations

from joinedup.engines.linkage.levels import Address
from joinedup.engines.linkage.scoring import FieldScore
from joinedup.person_index.queries.lookup import LikelyPerson

_LIVED = {
    Address.DWELLING: "Lived at this address until {year}",
    Address.TEXT: "Lived at this house and street until {year}",
    Address.COMMUNAL: "Lived at this address, where many people live, until {year}",
    Address.POSTCODE: "Lived at this postcode until {year}",
}
_SAYS_LITTLE = {"unknown", "district"}
_IN_ONE_HOME = {"surname", "address"}


def for_it(likely: LikelyPerson) -> tuple[str, ...]:
    """What agrees, or nearly does."""
    found = [_sentence(likely, each) for each in likely.fields if _agrees(likely, each)]
    if likely.age_fits:
        found.append("Of the age given")
    return tuple(found)


def against_it(likely: LikelyPerson) -> tuple[str, ...]:
    """What differs."""
    found = [
        each.sentence
        for each in likely.fields
        if each.level not in _SAYS_LITTLE and not _agrees(likely, each) and (each.level == "differs" or each.bits < 0)
    ]
    if likely.age_fits is False:
        found.append("Not of the age given")
    return tuple(found)


def _agrees(likely: LikelyPerson, field: FieldScore) -> bool:
    """In one home a shared surname and address add nothing to the weight, and still agree."""
    if field.level in ("unknown", "differs"):
        return False
    return field.bits > 0 or (likely.score.one_dwelling and field.field in _IN_ONE_HOME)


def _sentence(likely: LikelyPerson, field: FieldScore) -> str:
    until = likely.home.until
    if field.field != "address" or until is None:
        return field.sentence
    said = _LIVED.get(likely.score.levels.address)
    return said.format(year=until.year) if said else field.sentence


def chance_in_words(probability: float) -> str:
    """A probability as people say it: about so many in 100."""
    if probability > 0.995:
        return "more than 99 in 100"
    if probability < 0.01:
        return "less than 1 in 100"
    return f"about {round(probability * 100)} in 100"
