"""What was wanting in the rows of an import, kept for the trend. Called only inside guarded services of this part."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection

from joinedup.person_index.models import QualityFigure
from joinedup.person_index.quality import BY_CODE, OF_AN_IMPORT

if TYPE_CHECKING:
    from joinedup.person_index.models import ImportRun


def _keep_quality(run: ImportRun, at: datetime) -> None:
    """Count, among the rows an import brought or changed, what is wanting; one statement."""
    counts = ", ".join(f"count(*) FILTER (WHERE {BY_CODE[code].sql})" for code in OF_AN_IMPORT)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), {counts} FROM person_index_agencyrecord r WHERE r.run_id = %(run)s",  # noqa: S608
            {"run": run.pk},
        )
        total, *numbers = cursor.fetchone()
    QualityFigure.objects.create(
        agency_id=run.agency_id,
        import_run=run.pk,
        at=at,
        counts={"records": total, **dict(zip(OF_AN_IMPORT, numbers, strict=True))},
    )
