"""The open feed against its own description, with data of every kind: never a fault of the server, always what it says."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

_PATHS = ("services", "service_at_locations", "taxonomies", "taxonomy_terms", "organizations")
OPERATIONS = ("GET /", *(f"GET /{path}{single}" for path in _PATHS for single in ("", "/{id}")))
# What takes nothing, or an identifier only, cannot be asked wrongly by its description: whatever is no identifier is another address.
# That those answer 404 stands in test_feed.
TRIED = [
    pytest.param(name, mode, id=f"{name}-{mode.value}")
    for name in OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or not (name == "GET /" or name.endswith("/{id}"))
]


@pytest.fixture(scope="module")
def operations(shared_site: Any) -> dict[str, Any]:
    schema = schemathesis.openapi.from_url(f"{shared_site.url}/open-referral/v3/openapi.json")
    return {operation.ok().label: operation.ok() for operation in schema.get_all_operations()}


def test_every_operation_is_tried(operations: dict[str, Any]) -> None:
    assert sorted(operations) == sorted(OPERATIONS)


@pytest.mark.parametrize(("name", "mode"), TRIED)
def test_the_feed_does_what_its_description_says(operations: dict[str, Any], name: str, mode: GenerationMode) -> None:
    @settings(max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operations[name].as_strategy(generation_mode=mode))
    def try_one(case: Any) -> None:
        # Well-formed is not yet right: a record nobody has is 404, a day “x” is 400 with a sentence.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    try_one()
