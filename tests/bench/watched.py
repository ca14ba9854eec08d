"""Run a command and watch what it takes, with every process it starts, PostgreSQL included."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tests.platform.processes import clean_environment

_MARK = "WATCHED_BY"


@dataclass(frozen=True)
class Watched:
    """What one command took: on the clock, at work, and the most memory all its processes held together."""

    seconds: float
    busy: float
    megabytes: float
    printed: str


def run_watched(*arguments: str | Path, every: float = 0.25) -> Watched:
    """Run ``joinedup`` with arguments to its end. Raises ``AssertionError`` with its words if it fails."""
    mark = uuid4().hex
    command = [sys.executable, "-m", "joinedup", *map(str, arguments)]
    ended = threading.Event()
    most = [0]
    began = time.perf_counter()
    with subprocess.Popen(
        command,
        env=clean_environment(**{_MARK: mark}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        watcher = threading.Thread(target=_watch, args=(process.pid, mark, most, ended, every))
        watcher.start()
        assert process.stdout
        printed = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    ended.set()
    watcher.join()
    assert process.returncode == 0, printed[-3000:]
    return Watched(seconds, used.ru_utime + used.ru_stime, max(most[0] / 1024, used.ru_maxrss / 1024), printed)


def _watch(first: int, mark: str, most: list[int], ended: threading.Event, every: float) -> None:
    """Keep the highest sum of kilobytes; processes are known by the mark in their environment, even set adrift."""
    looks = 0
    pids = {first}
    while not ended.wait(every):
        if looks % 4 == 0:
            pids = {first} | _marked(mark)
        looks += 1
        most[0] = max(most[0], sum(map(_kilobytes, pids)))


def _marked(mark: str) -> set[int]:
    wanted = f"{_MARK}={mark}".encode()
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if wanted in (entry / "environ").read_bytes():
                    found.add(int(entry.name))
            except OSError:
                continue
    return found


def _kilobytes(pid: int) -> int:
    """What a process holds, memory shared with others divided among them."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except (OSError, ValueError):
        pass
    return 0
