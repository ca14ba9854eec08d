"""A worker that also knows a job made for tests: slow enough to be killed in its middle. Run as a program."""

from __future__ import annotations

import time
from datetime import UTC, datetime

ROWS = 20
PAUSE = 0.05


def declare() -> None:
    """Declare the slow job in this process."""
    from joinedup.core.jobs import declare_job

    declare_job("core.write_slowly", "Write some rows slowly", _write_slowly)


def _write_slowly(job: object, *, number: int) -> None:
    from joinedup.core.models import PartnershipSetting

    at = datetime(2026, 11, 18, tzinfo=UTC)
    for row in range(ROWS):
        PartnershipSetting.objects.create(key=f"job-{number}", value=row, starts_on=at.date(), set_at=at)
        job.report(row, ROWS, "Writing rows")  # type: ignore[attr-defined]
        time.sleep(PAUSE)


if __name__ == "__main__":
    import django

    from joinedup.cli.worker import work

    django.setup()
    declare()
    work()
