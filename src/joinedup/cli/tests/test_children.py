"""Child processes: restarted with growing pauses, stopped with whatever they left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from joinedup.cli.children import Child
from joinedup.cli.postgres import process_is_alive

pytestmark = pytest.mark.kills


def test_a_child_that_dies_is_started_again_after_a_growing_pause(capsys: pytest.CaptureFixture[str]) -> None:
    child = Child("helper", ["sleep", "60"], dict(os.environ))
    child.start()
    pauses = []
    for _ in range(2):
        assert child.process
        child.process.kill()
        child.process.wait()
        died = time.monotonic()
        while child.process is None or child.process.poll() is not None:
            child.look_after()
            time.sleep(0.01)
        pauses.append(time.monotonic() - died)
    child.ask_to_stop()
    child.stop(within=2)
    assert pauses[1] > pauses[0]
    assert "The helper ended unexpectedly (SIGKILL); starting it again." in capsys.readouterr().err


def test_a_child_that_will_not_stop_is_ended_with_its_own_children(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = f"trap '' TERM; sleep 60 & echo $! > {note}; wait; sleep 60"
    child = Child("stubborn", ["sh", "-c", script], dict(os.environ))
    child.start()
    while not note.exists() or not note.read_text().strip():
        time.sleep(0.01)
    child.ask_to_stop()
    child.stop(within=0.2)
    assert child.process
    assert child.process.returncode is not None
    grandchild = int(note.read_text())
    for _ in range(3000):
        if not process_is_alive(grandchild):
            break
        time.sleep(0.02)
    assert not process_is_alive(grandchild)


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells a child of its parent's death.")
def test_a_child_ends_when_its_parent_is_killed() -> None:
    child = (
        "import os, time; from joinedup.cli.children import end_with_parent;"
        "end_with_parent(int(os.environ['JOINEDUP_PARENT'])); print('tied', flush=True); time.sleep(60)"
    )
    parent = (
        "import os, subprocess, sys;"
        f"c = subprocess.Popen([sys.executable, '-c', {child!r}], env={{**os.environ, 'JOINEDUP_PARENT': str(os.getpid())}},"
        "stdout=subprocess.PIPE); c.stdout.readline(); print(c.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", parent], capture_output=True, text=True, timeout=120, check=False)
    pid = int(killed.stdout)
    for _ in range(3000):
        if not process_is_alive(pid):
            break
        time.sleep(0.02)
    assert not process_is_alive(pid)


_EARLY = "from joinedup.cli.children import wait_for_go_ahead; print('here', flush=True); wait_for_go_ahead(); raise SystemExit(7)"


def test_what_is_started_early_waits_until_it_may_begin() -> None:
    child = Child("early", [sys.executable, "-c", _EARLY], dict(os.environ))
    child.start(is_early=True)
    assert child.process is not None
    time.sleep(0.3)
    assert child.process.poll() is None
    child.go_ahead()
    assert child.process.wait(120) == 7


def test_what_is_started_early_ends_without_a_word_when_it_never_may(capfd: pytest.CaptureFixture[str]) -> None:
    child = Child("early", [sys.executable, "-c", _EARLY], dict(os.environ))
    child.start(is_early=True)
    assert child.process is not None
    assert child.process.stdin is not None
    child.process.stdin.close()
    assert child.process.wait(120) == 1
    assert "Traceback" not in capfd.readouterr().err
