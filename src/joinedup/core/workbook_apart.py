"""Reading a workbook in a process of its own that may hold so much memory and work so long: whatever a file unpacks to,
what goes down with it is that process alone. Run as a module it is that process."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

from joinedup.core.tabular import MEGABYTE, TOO_MUCH, Bounds, Row, UnreadableFile

_BUSY = "Other workbooks are being read at this moment. Try again in a minute."
_CHARACTERS_AT_A_TIME, _ROWS_AT_A_TIME = MEGABYTE, 500
_MOST_IN_A_ROW = 4 * MEGABYTE
_LONGEST_LINE = 48 * MEGABYTE  # a batch, escaped
_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")  # no secret goes with it
# What is read while a page waits: one at a time in a process of the site, so that their memory does not add up.
_one_at_a_time = threading.BoundedSemaphore(1)


def open_sheet_apart(content: bytes, wanted: str, bounds: Bounds) -> tuple[str, tuple[str, ...], Iterator[Row]]:
    """As `workbook.open_sheet`, within bounds. With `bounds.rows` these are read at once and no more of them."""
    if bounds.rows is None:
        return _opened(content, wanted, bounds)
    if not _one_at_a_time.acquire(timeout=bounds.seconds):
        raise UnreadableFile(_BUSY)
    try:
        sheet, sheets, rows = _opened(content, wanted, bounds)
        return sheet, sheets, iter(list(rows))
    finally:
        _one_at_a_time.release()


def _opened(content: bytes, wanted: str, bounds: Bounds) -> tuple[str, tuple[str, ...], Iterator[Row]]:
    lines = _lines(content, wanted, bounds)
    head = next(lines)
    return str(head["sheet"]), tuple(head["sheets"]), _rows(lines)


def _rows(lines: Iterator[Any]) -> Iterator[Row]:
    for batch in lines:
        yield from ((line, cells) for line, cells in batch)


def _lines(content: bytes, wanted: str, bounds: Bounds) -> Iterator[Any]:
    """What the other process says, line by line; it ends with whoever stops listening."""
    with _reader() as process:
        asked = {"wanted": wanted, "megabytes": bounds.megabytes, "seconds": bounds.seconds, "rows": bounds.rows}
        to_it, from_it = process.stdin, process.stdout
        if to_it is None or from_it is None:
            raise OSError("the reader of workbooks has no pipes")
        with contextlib.suppress(BrokenPipeError):  # it says why, or has died of it
            to_it.write(json.dumps(asked).encode() + b"\n")
            to_it.write(content)
            to_it.close()
        while line := from_it.readline(_LONGEST_LINE):
            said = json.loads(line) if line.endswith(b"\n") else {"fault": TOO_MUCH}
            if isinstance(said, dict) and "fault" in said:
                raise UnreadableFile(said["fault"])
            if said == "end":
                return
            yield said
        raise UnreadableFile(TOO_MUCH)  # it ended without a word


@contextmanager
def _reader() -> Iterator[subprocess.Popen[bytes]]:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    place = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-m", "joinedup.core.workbook_apart"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**kept, "PYTHONPATH": place},
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.wait()


# --- The other process ----------------------------------------------------------------------------------------------


def main(source: IO[bytes], out: IO[bytes]) -> None:
    """Read one workbook as asked in the first line and say its rows. Whatever goes wrong is a sentence, or silence."""
    asked = json.loads(source.readline())
    _bind(int(asked["megabytes"]), int(asked["seconds"]))
    sys.modules["numpy"] = None  # type: ignore[assignment]  # not needed here, and slow to load
    try:
        for said in _said(source.read(), asked["wanted"], asked["rows"]):
            out.write(json.dumps(said, separators=(",", ":")).encode() + b"\n")
        out.write(b'"end"\n')
    except UnreadableFile as wrong:
        out.write(json.dumps({"fault": str(wrong)}).encode() + b"\n")
    except MemoryError:
        out.write(json.dumps({"fault": TOO_MUCH}).encode() + b"\n")
    out.flush()


def _said(content: bytes, wanted: str, most: int | None) -> Iterator[Any]:
    from joinedup.core.workbook import open_sheet

    sheet, sheets, rows = open_sheet(content, wanted)
    yield {"sheet": sheet, "sheets": sheets}
    batch: list[Row] = []
    characters = 0
    for line, cells in islice(rows, most):
        length = sum(map(len, cells))
        if length > _MOST_IN_A_ROW:
            raise UnreadableFile(f"Row {line} holds more than can be read.")
        batch.append((line, cells))
        characters += length
        if characters > _CHARACTERS_AT_A_TIME or len(batch) >= _ROWS_AT_A_TIME:
            yield batch
            batch, characters = [], 0
    yield batch


def _bind(megabytes: int, seconds: int) -> None:
    """Take no more than this. Where the system knows no such bounds, the size of the file is what holds."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_AS, megabytes * MEGABYTE), (resource.RLIMIT_CPU, seconds)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
