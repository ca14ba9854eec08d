"""Format, lint and types, as part of the suite: what CI says and what `./run test` says is one thing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT


def _run(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ
    )
    if done.returncode:
        pytest.fail(f"{' '.join(arguments)}\n{done.stdout[-6000:]}{done.stderr[-2000:]}", pytrace=False)


def test_format() -> None:
    _run("ruff", "format", "--check", ".")


def test_lint() -> None:
    _run("ruff", "check", ".")


def test_types() -> None:
    _run("mypy")
