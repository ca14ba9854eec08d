"""The `run` script, without installing anything: an environment that is up to date is used as it is."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.platform.processes import ROOT, clean_environment


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with a space in its name whose environment is only pretended: its Python prints what it is asked."""
    place = tmp_path / "my clone"
    (place / "locks").mkdir(parents=True)
    shutil.copy2(ROOT / "run", place)
    (place / "locks" / "run.txt").write_text("nothing==1\n")
    (place / "locks" / "dev.txt").write_text("nothing==1\n")
    programs = place / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").write_text(
        '#!/bin/sh\n[ "$1" = -c ] && exit\nfor word in "$@"; do printf "[%s]" "$word"; done\necho\n'
    )
    (programs / "python").chmod(0o755)
    return place


def run(clone: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(clone / "run"), *arguments],
        env=clean_environment(**environment),
        cwd="/",
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def mark_installed(clone: Path, lock: str = "run.txt") -> None:
    path = clone / "locks" / lock
    text = path.read_text()
    sum_ = subprocess.run(["cksum"], input=text, capture_output=True, text=True, check=True).stdout
    (clone / ".venv" / "joinedup-installed").write_text(f"{sum_}{clone}\n{path}\n")


def with_pretended_uv(clone: Path) -> str:
    """A PATH on which uv only says what it was asked to do."""
    folder = clone.parent / "programs"
    folder.mkdir()
    (folder / "uv").write_text('#!/bin/sh\necho "uv $*" >&2\nmkdir -p "$VIRTUAL_ENV/lib/python3.11/site-packages"\n')
    (folder / "uv").chmod(0o755)
    return f"{folder}:{Path(sys.executable).parent}:/usr/bin:/bin"


def test_everything_is_passed_on_and_stdout_is_the_commands_alone(clone: Path) -> None:
    mark_installed(clone)
    done = run(clone, "records", "import", "a file.csv", "--agency", "NHS")
    assert done.stdout == "[-m][joinedup][records][import][a file.csv][--agency][NHS]\n"
    assert done.stderr == ""


def test_alone_it_starts_the_demo(clone: Path) -> None:
    mark_installed(clone)
    assert run(clone, "--port", "8001").stdout == "[-m][joinedup][--port][8001]\n"


def test_a_changed_lock_is_installed_once_with_hashes_and_without_touching_stdout(clone: Path) -> None:
    mark_installed(clone)
    (clone / "locks" / "run.txt").write_text("something==2\n")
    path = with_pretended_uv(clone)
    first, second = run(clone, "doctor", PATH=path), run(clone, "doctor", PATH=path)
    assert first.stdout == second.stdout == "[-m][joinedup][doctor]\n"
    assert f"uv pip sync --quiet --require-hashes {clone}/locks/run.txt" in first.stderr
    assert second.stderr == ""


def test_extras_are_remembered(clone: Path) -> None:
    (clone / "locks" / "spark.txt").write_text("spark==1\n")
    path = with_pretended_uv(clone)
    run(clone, "doctor", PATH=path, JOINEDUP_EXTRAS="spark")
    assert run(clone, "doctor", PATH=path).stderr == ""
    (clone / "locks" / "run.txt").write_text("something==2\n")
    assert "locks/spark.txt" in run(clone, "doctor", PATH=path).stderr


def test_an_unknown_extra_is_refused_in_a_sentence(clone: Path) -> None:
    done = run(clone, "doctor", JOINEDUP_EXTRAS="nonsense")
    assert done.returncode == 2
    assert "there is no locks/nonsense.txt" in done.stderr


def test_without_uv_and_pip_it_says_what_to_install(clone: Path, tmp_path: Path) -> None:
    tools = tmp_path / "bare"
    tools.mkdir()
    for name in ("sh", "cat", "cksum", "sed", "dirname", "tr", "id"):
        (tools / name).symlink_to(str(shutil.which(name)))
    (tools / "python3").write_text('#!/bin/sh\ncase "$*" in *pip*) exit 1 ;; *sys.executable*) echo "$0" ;; esac\n')
    (tools / "python3").chmod(0o755)
    done = run(clone, "doctor", PATH=str(tools))
    assert done.returncode == 2
    assert "install one of them (on Debian: apt install python3-pip)" in done.stderr
