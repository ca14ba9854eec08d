"""One of these codes: the same to whoever sends it as if the words had been written out."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import TypeAdapter, ValidationError

from joinedup.api.schemas import OneOf


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


WRITTEN_OUT: TypeAdapter[Any] = TypeAdapter(Literal["red", "green"])


def adapter(codes: Iterable[str]) -> TypeAdapter[Any]:
    return TypeAdapter(Annotated[str, OneOf(codes)])


@pytest.mark.parametrize("codes", [Colour, {"red": "Red", "green": "Green"}, ("red", "green")])
def test_codes_of_an_enumeration_a_table_or_a_list_read_like_a_literal(codes: Iterable[str]) -> None:
    assert adapter(codes).json_schema() == WRITTEN_OUT.json_schema()
    assert adapter(codes).validate_python("green") == "green"


@pytest.mark.parametrize("sent", ["blue", "", "RED", 1, None, ["red"]])
def test_anything_else_is_refused_in_the_same_words(sent: object) -> None:
    with pytest.raises(ValidationError) as ours:
        adapter(Colour).validate_python(sent)
    with pytest.raises(ValidationError) as theirs:
        WRITTEN_OUT.validate_python(sent)
    assert ours.value.errors(include_url=False) == theirs.value.errors(include_url=False)
