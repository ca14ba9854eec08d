"""`joinedup pathways check`: what is wrong with a file, every fault with where it stands; no database."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from joinedup.cli.pathway_commands import pathways

GOOD = 'code = "bereavement"\nname = "Bereavement"\nsummary = "After a death."\nlevels = [2, 3]\n'


def test_a_good_file(tmp_path: Path) -> None:
    file = tmp_path / "bereavement.toml"
    file.write_text(GOOD, encoding="utf-8")
    found = CliRunner().invoke(pathways, ["check", str(file)])
    assert (found.exit_code, found.output) == (
        0,
        "Bereavement (bereavement): nothing is wrong. 0 sections of its own, 0 steps.\n",
    )


def test_every_fault_is_listed(tmp_path: Path) -> None:
    file = tmp_path / "bereavement.toml"
    file.write_text(GOOD.replace("[2, 3]", "[2, 7]") + 'colour = "red"\n', encoding="utf-8")
    found = CliRunner().invoke(pathways, ["check", str(file)])
    assert found.exit_code == 2
    assert [line.partition(":")[0] for line in found.output.splitlines()] == ["colour", "levels[1]"]
    said = CliRunner().invoke(pathways, ["check", "--json", str(file)])
    assert [each["where"] for each in json.loads(said.output)["faults"]] == ["colour", "levels[1]"]
