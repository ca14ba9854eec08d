# ruff: noqa: S608 - every name in this SQL is ours; values are bound or joined
"""Read a file of records, parquet or CSV, whatever of its columns are there, and say every fault."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

FIELDS = (
    "source", "forename", "middle", "surname", "dob", "sex", "address1", "postcode", "nhs_number", "upn",
)  # fmt: skip
MOST_FAULTS = 20


class UnreadableRecords(ValueError):
    """The file cannot be linked; ``faults`` says why, a sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_records(database: duckdb.DuckDBPyConnection, file: Path, table: str = "record") -> int:
    """Read a file into a table with ``record_id`` as given, ``rid`` by its order, and every field as text.

    Numbering by ``record_id`` makes the result independent of the order of rows.
    Returns how many records there are. Raises ``UnreadableRecords``.
    """
    source, is_text = _source(file)
    columns = _columns(database, source, file)
    names = {name.strip().lower(): name for name in columns}
    if "record_id" not in names:
        raise UnreadableRecords([f"{file.name} has no column record_id."])
    record_id = _quoted(names["record_id"])
    if is_text:
        record_id = _number_or_text(database, source, record_id)
    fields = ", ".join(
        f"nullif(trim(cast({_quoted(names[field])} as varchar)), '') as {field}"
        if field in names
        else f"null::varchar as {field}"
        for field in FIELDS
    )
    database.execute(f"create or replace temp view given as select {record_id} as record_id, {fields} from {source}")
    _refuse_faults(database, file)
    order = "record_id"
    database.execute(
        f"create or replace table {table} as"
        f" select cast(row_number() over (order by {order}) - 1 as integer) as rid, * from given order by {order}"
    )
    return _count(database, f"select count(*) from {table}")


def _source(file: Path) -> tuple[str, bool]:
    """Return the file as something to select from, and whether its values are all text."""
    if not file.is_file():
        raise UnreadableRecords([f"There is no file {file}."])
    with file.open("rb") as start:
        is_parquet = start.read(4) == b"PAR1"
    path = str(file).replace("'", "''")
    if is_parquet:
        return f"read_parquet('{path}')", False
    return f"read_csv('{path}', header=true, all_varchar=true, null_padding=true, sample_size=-1)", True


def _columns(database: duckdb.DuckDBPyConnection, source: str, file: Path) -> list[str]:
    import duckdb

    try:
        described = database.execute(f"describe select * from {source}").fetchall()
    except duckdb.Error as error:
        first = str(error).strip().splitlines()[0]
        raise UnreadableRecords([f"{file.name} cannot be read as parquet or CSV: {first}"]) from None
    return [str(row[0]) for row in described]


def _number_or_text(database: duckdb.DuckDBPyConnection, source: str, column: str) -> str:
    """Return the record number of a CSV as a number where every one is, else as text."""
    odd = _count(
        database,
        f"select count(*) from {source} where {column} is not null"
        f" and not regexp_full_match({column}, '-?(0|[1-9][0-9]{{0,17}})')",
    )
    return column if odd else f"cast({column} as bigint)"


def _refuse_faults(database: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Refuse a file with missing or repeated record numbers."""
    import duckdb

    try:
        faults = _faults(database)
    except duckdb.Error as error:
        first = str(error).strip().splitlines()[0]
        raise UnreadableRecords([f"{file.name} cannot be read as parquet or CSV: {first}"]) from None
    if faults:
        raise UnreadableRecords(faults)


def _faults(database: duckdb.DuckDBPyConnection) -> list[str]:
    faults = []
    missing = _count(database, "select count(*) from given where record_id is null or cast(record_id as varchar) = ''")
    if missing:
        faults.append(f"record_id: {missing} {'record has' if missing == 1 else 'records have'} none.")
    repeated = database.execute(
        "select cast(record_id as varchar), count(*) from given where record_id is not null"
        f" group by record_id having count(*) > 1 order by 1 limit {MOST_FAULTS + 1}"
    ).fetchall()
    faults += [
        f"record_id {number} stands {times} times; it must be unique." for number, times in repeated[:MOST_FAULTS]
    ]
    if len(repeated) > MOST_FAULTS:
        faults.append("More records repeat a record_id.")
    return faults


def _count(database: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = database.execute(sql).fetchall()[0]
    return int(row[0])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
