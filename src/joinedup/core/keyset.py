"""Where the next page of a list begins: the moment and the id of the last row shown, as one word for an address. A list
that is read by them neither skips nor repeats a row when others are added meanwhile."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

RowId = TypeVar("RowId")


def cursor(at: datetime, row_id: Any) -> str:
    """The place after a row."""
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{row_id}".encode()).decode()


def read_cursor(text: str, kind: Callable[[str], RowId]) -> tuple[datetime, RowId] | None:
    """The moment and id (of a `kind`) in a cursor; None for anything else, which starts from the top."""
    try:
        moment, _, row_id = base64.urlsafe_b64decode(text.encode()).decode().partition("|")
        place = datetime.fromisoformat(moment), kind(row_id)
    except ValueError:
        return None
    return place if place[0].tzinfo else None
