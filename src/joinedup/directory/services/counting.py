"""Counting what was looked for, without anybody in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.directory.permissions import READ_DIRECTORY
from joinedup.directory.rules import written_postcode

_COUNT = """
INSERT INTO directory_searchcount (month, topic, area, outcome, number)
SELECT %s, t, %s, %s, 1 FROM unnest(%s::text[]) t ORDER BY t
ON CONFLICT (month, topic, area, outcome) DO UPDATE SET number = directory_searchcount.number + 1
"""


@service(READ_DIRECTORY)
def count_search(*, topics: Sequence[str], postcode: str = "", outcome: str, by: Actor, at: datetime) -> int:
    """Count a search under its topics, its month and the first half of its postcode. Neither words nor postcode are kept; nor is
    anything in the audit trail but that somebody looked. Returns under how many topics it was counted."""
    area = written_postcode(postcode).partition(" ")[0]
    month = timezone.localdate(at).replace(day=1)
    named = sorted(set(topics))
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [month, area, outcome, named])
    note(changed=("number",))
    return len(named)
