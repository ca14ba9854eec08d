"""`joinedup report progress`: what cannot be done is said in one sentence with exit code 2; no database."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from joinedup.cli import report as commands
from joinedup.core.errors import NotVisible
from joinedup.governance import queries

CONTENT: dict[str, Any] = {
    "title": "Progress", "partnership": "Mockton", "board": "Trust board", "period": "2026", "is_illustration": False,
    "texts": dict.fromkeys(("purpose", "background", "environmental", "risks", "financial", "options", "proposal"), ""),
    "layers": [], "register": [],
}  # fmt: skip


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    row = SimpleNamespace(reference="PR-1")

    def latest(by: object, reference: str) -> object:
        if reference == "PR-2":
            raise NotVisible
        return row

    monkeypatch.setattr(commands, "database", lambda data: nullcontext())
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "postgres").mkdir()
    monkeypatch.setattr(queries, "latest_report", latest)
    monkeypatch.setattr(queries, "content_of", lambda by, found: CONTENT)
    monkeypatch.setattr(queries, "published_digest", lambda by, found: "")
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 20, 9, tzinfo=UTC))
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "start"), [("pdf", b"%PDF"), ("docx", b"PK"), ("json", b"{"), ("html", b"<!DOCTYPE html>")]
)
def test_every_format(folder: Path, kind: str, start: bytes) -> None:
    out = folder / "report"
    told = CliRunner().invoke(commands.report, ["progress", "--format", kind, "--out", str(out), "--data", str(folder)])
    assert told.exit_code == 0, told.output
    assert out.read_bytes().strip().startswith(start)


@pytest.mark.parametrize(
    ("more", "said"),
    [({"--format": "xls"}, "is not one of"), ({"--reference": "PR-2"}, "There is no such progress report"),
     ({"--out": "/nowhere/at/all/report.pdf"}, "cannot be written"), ({"--out": "/"}, "is a directory")],
)  # fmt: skip
def test_what_cannot_be_done(folder: Path, more: dict[str, str], said: str) -> None:
    asked = {"--format": "json", "--out": str(folder / "report"), "--data": str(folder)} | more
    told = CliRunner().invoke(commands.report, ["progress", *(word for pair in asked.items() for word in pair)])
    assert told.exit_code == 2
    assert said in told.output


def test_a_folder_without_a_database_is_refused_and_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("DATABASE_URL_FILE", raising=False)
    missing, out = tmp_path / "missing", tmp_path / "report.json"
    told = CliRunner().invoke(
        commands.report, ["progress", "--format", "json", "--out", str(out), "--data", str(missing)]
    )
    assert told.exit_code == 2
    assert "There is no database in" in told.output
    assert not missing.exists()
    assert not out.exists()
