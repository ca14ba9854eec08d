"""Builders for tests of training and of the parts above."""

from __future__ import annotations

from datetime import datetime, timedelta

from joinedup.access.actor import system
from joinedup.access.models import Account
from joinedup.organisations.tests.factories import AT
from joinedup.workforce import services
from joinedup.workforce.codes import Course
from joinedup.workforce.models import Training


def make_training(
    account: Account, *, course: Course = Course.COMMON_ASSESSMENT, days_ago: int = 100, at: datetime = AT
) -> Training:
    """A course completed so many days ago."""
    return services.record_training(
        account_id=account.pk, course=course, trainer="Robin Testtrainer", completed_on=(at - timedelta(days=days_ago)).date(),
        by=system(at), at=at,
    )  # fmt: skip
