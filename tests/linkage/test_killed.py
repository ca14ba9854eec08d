"""Killed with `kill -9` at any stage and started again, the commands give what they give undisturbed. `./run deep tests/linkage`."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.watched import run_watched
from tests.linkage.generate import make
from tests.platform.processes import clean_environment

pytestmark = pytest.mark.deep


CLUSTERING = ("reading", "standardising", "looking for candidates", "scoring", "deciding", "clustering", "writing")
TRAINING = ("reading", "standardising", "learning from the records", "learning about households")
_AT_ONCE = ("clustering", "writing")  # over before a signal arrives


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small set with the model and the clusters of runs that nobody disturbed."""
    out = tmp_path_factory.mktemp("killed")
    make(3000, 74, "mixed", out, processes=1)
    trained = run_watched("linkage", "train", "--records", out / "records.parquet", "--out", out / "model.json")
    clustered = run_watched(*_clustering(out, out / "clusters.parquet", out / "pairs.parquet"))
    # What is killed below is every stage there is: one that is renamed, or comes or goes, shows here.
    assert stages_in(trained.printed) == TRAINING
    assert stages_in(clustered.printed) == CLUSTERING
    return out


def stages_in(printed: str) -> tuple[str, ...]:
    """The stages a command said that it was at, in order."""
    return tuple(line.removesuffix(" …") for line in printed.splitlines() if line.endswith(" …"))


def _clustering(folder: Path, clusters: Path, pairs: Path) -> tuple[str | Path, ...]:
    model = folder / "model.json"
    return (
        *("linkage", "cluster", "--records", folder / "records.parquet", "--model", model),
        *("--clusters", clusters, "--pairs", pairs),
    )


def killed_at(stage: str, *arguments: str | Path) -> None:
    """Start a command and kill it outright as soon as it says that it is at a stage."""
    with subprocess.Popen(
        [sys.executable, "-m", "joinedup", *map(str, arguments)],
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        said = []
        for line in process.stderr:
            said.append(line)
            if line.startswith(stage):
                process.send_signal(signal.SIGKILL)
                break
        else:
            pytest.fail(f"It never said that it was {stage}: {''.join(said)[-2000:]}")
        process.wait()


@pytest.mark.parametrize("stage", [each for each in CLUSTERING if each not in _AT_ONCE])
def test_clustering_that_was_killed_gives_the_same(stage: str, folder: Path, tmp_path: Path) -> None:
    clusters, pairs = tmp_path / "clusters.parquet", tmp_path / "pairs.parquet"
    killed_at(stage, *_clustering(folder, clusters, pairs))
    run_watched(*_clustering(folder, clusters, pairs))
    assert clusters.read_bytes() == (folder / "clusters.parquet").read_bytes()
    assert pairs.read_bytes() == (folder / "pairs.parquet").read_bytes()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["clusters.parquet", "pairs.parquet"]


@pytest.mark.parametrize("stage", TRAINING)
def test_training_that_was_killed_gives_the_same(stage: str, folder: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.json"
    training = ("linkage", "train", "--records", folder / "records.parquet", "--out", model)
    killed_at(stage, *training)
    run_watched(*training)
    assert model.read_bytes() == (folder / "model.json").read_bytes()
    assert [each.name for each in tmp_path.iterdir()] == ["model.json"]
