"""Reading the records of another directory: a feed page by page, a file of one, or a table."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from joinedup.core.tabular import UnreadableFile, read_table
from joinedup.directory import rules
from joinedup.directory.profile import VERSION
from joinedup.directory.reading import Reader, WebReader, parsed
from joinedup.directory.taking import rows_of_table

MOST_RECORDS = 200_000
_A_PAGE = 100
Json = dict[str, Any]


def records_of_file(path: Path) -> list[Any]:
    """Records of a file: a page of a feed, a list or one service as JSON, or a table with a column “name”. Raises Refused."""
    content = path.read_bytes()
    if path.suffix.lower() == ".json":
        return _listed(parsed(content))
    try:
        table = read_table(content, path.name)
    except UnreadableFile as error:
        raise rules.NOTHING_READ.refused(name=path.name, why=str(error)) from None
    if "name" not in table.header:
        raise rules.KIND_UNKNOWN.refused()
    rows = [{name: cell for name, cell in zip(table.header, cells, strict=False) if cell} for _, cells in table.rows]
    return [
        *rows_of_table([{"organisation": "", **row} if not row.get("import_id_reference") else row for row in rows])
    ]


def _listed(body: Any) -> list[Any]:
    if isinstance(body, list):
        return body
    if isinstance(body, dict):
        for name in ("contents", "content", "services"):
            if isinstance(body.get(name), list):
                return list(body[name])
        if "name" in body:
            return [body]
    raise rules.KIND_UNKNOWN.refused()


def records_of_feed(url: str, *, seconds: float = 1800, reader: Reader | None = None) -> Iterator[Any]:
    """Records of a feed, page by page, each service whole. A feed whose pages repeat, or that is endless, is left. Raises
    Refused."""
    reader = reader or WebReader(url, seconds=seconds)
    root = reader.get("/")
    is_third = isinstance(root.body, dict) and root.body.get("version") == VERSION
    seen: set[str] = set()
    page, count = 1, 0
    while True:
        asked: dict[str, object] = {"page": page, "per_page": _A_PAGE} | ({"full": "true"} if is_third else {})
        answer = reader.get("/services", **asked)
        if answer.problem or not isinstance(answer.body, dict):
            raise rules.NOTHING_READ.refused(
                name=f"page {page} of {reader.name}", why=answer.problem or "It is no page."
            )
        rows = _listed(answer.body)
        ids = {str(each.get("id")) for each in rows if isinstance(each, dict)}
        if rows and page > 1 and ids <= seen:
            raise rules.PAGES_REPEAT.refused(page=page)
        seen |= ids
        count += len(rows)
        if count > MOST_RECORDS:
            raise rules.TOO_MANY.refused(most=MOST_RECORDS)
        for each in rows:
            yield _whole(reader, each)
        total = answer.body.get("total_pages", answer.body.get("totalPages", 1))
        if not rows or not isinstance(total, int) or page >= total:
            return
        page += 1


def _whole(reader: Reader, row: Any) -> Any:
    """A service with what a list leaves out, where the list left it out."""
    nested = ("schedules", "service_at_locations", "attributes", "regular_schedules", "eligibilitys", "contacts")
    if not isinstance(row, dict) or any(name in row for name in nested) or not row.get("id"):
        return row
    answer = reader.get(f"/services/{row['id']}")
    return answer.body if isinstance(answer.body, dict) and not answer.problem else row


def postcodes_of_file(path: Path) -> Iterator[tuple[str, int, int, str]]:
    """Postcodes of a file in the layout of the ONS Postcode Directory (pcds, oseast1m, osnrth1m, oslaua; newer editions name the
    district with their year). Those without a place, or that ended, are left out. Raises Refused."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        header = {name.lower(): name for name in rows.fieldnames or ()}
        district = next(
            (header[name] for name in header if name in {"oslaua", "laua", "ladcd"} or name.startswith("lad")), ""
        )
        east = next((header[name] for name in ("oseast1m", "east1m", "eastings") if name in header), "")
        north = next((header[name] for name in ("osnrth1m", "north1m", "northings") if name in header), "")
        code = next((header[name] for name in ("pcds", "pcd", "postcode") if name in header), "")
        if not (code and east and north):
            raise rules.NOTHING_READ.refused(name=path.name, why="It has no columns pcds, oseast1m and osnrth1m.")
        for row in rows:
            postcode, x, y = (
                rules.written_postcode(row[code] or ""),
                (row[east] or "").strip(),
                (row[north] or "").strip(),
            )
            if postcode and x.isdigit() and y.isdigit() and not (row.get(header.get("doterm", "")) or "").strip():
                yield postcode, int(x), int(y), (row[district] or "").strip()[:12] if district else ""
