"""Python's search for objects that refer to each other, less often than usual: a run holds thousands of tests, every
table and every page already asked, and each search looked through them all again."""

from __future__ import annotations

import gc

import pytest

# Seven hundred new objects begin a search otherwise; reading one page of the site makes tens of thousands.
_NEW_OBJECTS = 50_000


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is there when the tests are known stays until the end, so it is not looked through any more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 20)
