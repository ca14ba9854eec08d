"""What holds for every test, in whichever folder: its own PostgreSQL, no network, repeatable examples."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "default", derandomize=True, max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "deep", max_examples=2000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

pytest_plugins = [
    "tests.support.guards",
    "tests.support.collector",
    "tests.support.database",
    "tests.support.site",
    "tests.support.browser",
    "tests.support.workers",
    "tests.support.again",
]
