"""Running the `joinedup` command for real, in processes of its own."""

from __future__ import annotations

import http.client
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
# How long a machine that does much else may take. What is meant to be quick is measured by `./run bench`, never here.
PATIENCE = 120.0


def clean_environment(**extra: str) -> dict[str, str]:
    """The environment of somebody who has set nothing: without what the tests themselves run on."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JOINEDUP_", "DATABASE_URL", "DJANGO_", "PYTEST"))}
    return {**kept, **extra}


def joinedup(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    command = [sys.executable, "-m", "joinedup", *map(str, arguments)]
    return subprocess.run(
        command, env=clean_environment(**environment), capture_output=True, text=True, timeout=300, check=False
    )


class RunningSite:
    """`joinedup serve`, or any other command that prints `Ready:` once the site answers."""

    def __init__(self, data: Path, *arguments: str, command: list[str] | None = None, **options: object) -> None:
        self.data = data
        self.log = data.parent / f"{data.name}.stderr"
        command = command or [sys.executable, "-m", "joinedup", "serve"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # type: ignore[call-overload]
                [*command, "--data", str(data), *(arguments or ("--port", "0"))],
                **{"env": clean_environment(), "stdout": subprocess.PIPE, "stderr": log, "text": True, **options},
            )
        self.url = ""

    def wait_until_ready(self) -> RunningSite:
        assert self.process.stdout
        assert select.select([self.process.stdout], [], [], 5 * PATIENCE)[0], f"it says nothing: {self.said()}"
        line = self.process.stdout.readline()
        found = re.fullmatch(r"Ready: (http://127\.0\.0\.1:\d+)\n", line)
        assert found, f"printed {line!r} and said: {self.said()}"
        self.url = found[1]
        return self

    def said(self) -> str:
        return self.log.read_text()

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0

    def health(self) -> int:
        """The status of /health/, 0 where nothing answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", "/health/")
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def processes(self) -> dict[int, str]:
        """Every process below the command, and the server of its data folder: number and command line."""
        found = descendants(self.process.pid)
        for pid in (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()):
            try:
                words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if f"-D {self.data}/postgres" in words:
                found[pid] = words
        return found

    def pid_of(self, word: str) -> int:
        """The topmost process with `word` in its command line."""
        return min(pid for pid, words in self.processes().items() if word in words)

    def stop(self) -> float:
        """Ask it to end, and wait until it has; seconds it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        return time.monotonic() - began

    def clear_away(self) -> None:
        """End whatever is left, by number."""
        left = self.processes()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        if self.process.stdout:
            self.process.stdout.close()
        note = self.data / "postgres-socket"
        if note.exists():
            shutil.rmtree(note.read_text(), ignore_errors=True)


def descendants(parent: int) -> dict[int, str]:
    """Every living process below `parent`: number and command line."""
    children: dict[int, list[int]] = {}
    words: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if fields[0] != "Z":
            children.setdefault(int(fields[1]), []).append(int(entry.name))
            words[int(entry.name)] = line
    found: dict[int, str] = {}
    waiting = [parent]
    while waiting:
        for child in children.get(waiting.pop(), []):
            found[child] = words[child]
            waiting.append(child)
    return found


def wait_for(condition: Callable[[], object], *, within: float = PATIENCE) -> float:
    """Wait until something is so; seconds it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < within, "it did not come about in time"
        time.sleep(0.03)
    return time.monotonic() - began


def is_free(port: int) -> bool:
    """Whether nothing listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
