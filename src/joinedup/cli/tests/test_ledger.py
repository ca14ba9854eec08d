"""`joinedup ledger verify`: what it prints, its exit codes, and heads that were kept elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from joinedup.access.actor import system
from joinedup.cli.main import main
from joinedup.funds.services.ledger import post_entry
from joinedup.funds.tests.ledgers import make_world
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db


def verify(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["ledger", "verify", *arguments, "--data", str(folder)])


def test_a_sound_ledger_and_a_head_that_is_no_longer_there(tmp_path: Path) -> None:
    world = make_world()
    post_entry(fund=world.fund, draft=world.spend("invoice"), by=system(AT), at=AT)
    said = verify(tmp_path)
    assert said.exit_code == 0, said.output
    assert "1 entries, 2 lines, 1 sealed." in said.stdout
    assert said.stdout.endswith("The ledger is sound.\n")
    found = json.loads(verify(tmp_path, "--json").stdout)
    assert found["sound"] is True
    assert found["heads"][world.fund.code]["number"] == 1
    heads = tmp_path / "heads.json"
    heads.write_text(json.dumps(found))
    assert verify(tmp_path, "--heads", str(heads)).exit_code == 0
    heads.write_text(json.dumps({world.fund.code: {"number": 1, "digest": "0" * 64}}))
    broken = verify(tmp_path, "--heads", str(heads))
    assert broken.exit_code == 2
    assert "anchor The chain no longer has the digest that was kept of entry 1." in broken.stderr
    heads.write_text("no heads")
    assert verify(tmp_path, "--heads", str(heads)).exit_code == 2
