"""Processes that `serve` starts and looks after."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

LONGEST_PAUSE = 30.0
EARLY = "JOINEDUP_STARTED_EARLY"
_PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int) -> None:
    """Ask the kernel to end this process when its parent dies, however that happens. `parent` is its process number.

    Without it a `kill -9` of the parent would leave this process holding the port. Only Linux offers it.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def wait_for_go_ahead() -> None:
    """In a process started early: wait until it may begin; end without a word when that never comes."""
    if os.environ.pop(EARLY, "") and not sys.stdin.buffer.read(1):
        os._exit(1)


@dataclass
class Child:
    """One child process, started again with growing pauses when it dies unasked."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    _born: float = 0.0
    _start_at: float = field(default=0.0)

    def start(self, *, is_early: bool = False) -> None:
        """Start it, in a session of its own so that Ctrl-C reaches the supervisor only. Started early it makes itself
        ready and waits for `go_ahead`."""
        self._born = time.monotonic()
        # Their standard output joins our stderr: ours is for the address alone.
        environment = {**self.environment, "JOINEDUP_PARENT": str(os.getpid())}
        stdin = subprocess.DEVNULL
        if is_early:
            environment[EARLY], stdin = "1", subprocess.PIPE
        self.process = subprocess.Popen(self.command, env=environment, stdin=stdin, stdout=2, start_new_session=True)

    def go_ahead(self) -> None:
        """Tell what was started early that everything it needs is there."""
        if self.process is not None and self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError), self.process.stdin as pipe:
                pipe.write(b"!")

    def look_after(self) -> None:
        """Start it again if it has died and its pause is over. Called several times a second."""
        now = time.monotonic()
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                if self.deaths and now - self._born > 60:
                    self.deaths = 0
                return
            self.clear_group()
            self.process = None
            pause = min(0.2 * 2**self.deaths, LONGEST_PAUSE)
            self.deaths += 1
            self._start_at = now + pause
            sys.stderr.write(f"The {self.name} ended unexpectedly ({_ending(code)}); starting it again.\n")
        if now >= self._start_at:
            self.start()

    def ask_to_stop(self) -> None:
        """Ask it to end what it is doing and go."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()

    def stop(self, *, within: float) -> None:
        """Wait for it to end; insist when the time is up, on whatever it may have left behind too."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(0.0, within))
        self.clear_group()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=2)

    def clear_group(self) -> None:
        """End every process of its group: a worker whose master is gone would keep the port."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
