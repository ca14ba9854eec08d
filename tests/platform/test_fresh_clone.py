"""From a fresh clone to a running site, by `./run` alone: as root where nobody else may enter, and as anybody."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platform.processes import ROOT, RunningSite, clean_environment

pytestmark = [
    pytest.mark.kills,
    pytest.mark.deep,
    pytest.mark.skipif(os.geteuid() != 0, reason="Plays root and an ordinary user, so it must be run as root."),
]
NOT_CLONED = shutil.ignore_patterns(".git", ".venv", ".tools", ".data", "__pycache__", ".*_cache", ".hypothesis")
# A network that is not there: nothing listens on the discard port.
CUT_OFF = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"), "http://127.0.0.1:9")


@pytest.fixture(params=["root", "nobody"])
def clone(request: pytest.FixtureRequest) -> Iterator[tuple[Path, str]]:
    """A fresh copy of the tree in a folder with a space in its name that only its owner may enter, and the owner."""
    home = Path(tempfile.mkdtemp(prefix="joinedup-clone-"))
    place = home / "a clone"
    shutil.copytree(ROOT, place, ignore=NOT_CLONED)
    account = pwd.getpwnam(request.param)
    for folder, _, files in os.walk(home):
        for path in (Path(folder), *(Path(folder) / name for name in files)):
            os.chown(path, account.pw_uid, account.pw_gid)
    home.chmod(0o700)
    yield place, request.param
    shutil.rmtree(home, ignore_errors=True)


def start(place: Path, user: str, **environment: str) -> RunningSite:
    account = pwd.getpwnam(user)
    extra = {"HOME": str(place.parent), **environment}
    if account.pw_uid:
        extra["PATH"] = "/usr/local/bin:/usr/bin:/bin"
    return RunningSite(
        place / ".data",
        "--port",
        "0",
        command=[str(place / "run")],
        env=clean_environment(**extra),
        cwd="/",
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
    )


def test_run_alone_starts_the_demo_and_the_second_start_needs_no_network(clone: tuple[Path, str]) -> None:
    place, user = clone
    first = start(place, user)
    second = third = None
    try:
        first.wait_until_ready()
        assert first.health() == 200
        first.stop()
        assert first.process.returncode == 0
        assert first.processes() == {}
        second = start(place, user, UV_OFFLINE="1", PIP_NO_INDEX="1", **CUT_OFF)
        second.wait_until_ready()
        assert second.health() == 200
        assert second.said().count("Installing packages") == 1
        left = second.processes()
        second.process.kill()
        second.process.wait(60)
        assert len(left) >= 4
        third = start(place, user, **CUT_OFF)
        third.wait_until_ready()
        assert third.health() == 200
        third.stop()
        assert third.processes() == {}
    finally:
        for each in (first, second, third):
            if each is not None:
                each.clear_away()


def test_a_clone_that_cannot_be_written_is_refused_in_a_sentence(clone: tuple[Path, str]) -> None:
    place, user = clone
    if user == "root":
        pytest.skip("Root may write everywhere.")
    os.chown(place, 0, 0)
    place.chmod(0o755)
    done = subprocess.run(
        [str(place / "run"), "doctor"],
        env=clean_environment(HOME=str(place.parent)),
        user=user,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
