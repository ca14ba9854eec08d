"""The finance directors' pack: reminded of every two months, and a workbook that a spreadsheet comes to the same pence with."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from joinedup.access.actor import system
from joinedup.benefits.models import DirectorsPack, PackReminder
from joinedup.benefits.pack import document_of, parameters_of
from joinedup.benefits.pack_book import workbook_of
from joinedup.benefits.queries.packs import next_pack_due
from joinedup.benefits.services.investing import SettlementSaid, decide_settlement, freeze_pack
from joinedup.benefits.services.packs import look_after_packs, remind_of_pack
from joinedup.benefits.tests.factories import make_programme
from joinedup.benefits.tests.realised import make_realised
from joinedup.benefits.tests.spreadsheet import agreed_to_the_pence
from joinedup.core.figures import Table
from joinedup.core.models import OutboxMessage
from joinedup.core.models.jobs import Job
from joinedup.organisations.tests.factories import AT

LONDON = ZoneInfo("Europe/London")


def content() -> dict[str, Any]:
    """A frozen pack with odd pence, a partner that pays, one that is paid, and a benefit that was put back."""
    partners = [
        {"code": code, "name": name, "is_partner": True, "stake": stake, "stake_due": stake // 3, "forecast": gain,
         "cashable": gain // 2, "due": gain // 7, "measured": gain // 9, "banked": gain // 11}
        for code, name, stake, gain in (("COUNCIL", "Exampleshire Council", 60_000_001, 150_000_007), ("NHS", "Exampleshire NHS", 30_000_003, 9_999_999), ("POLICE", "Exampleshire Police", 1, 0))
    ]  # fmt: skip
    benefits = [
        {"id": str(place), "title": title, "partner": "Exampleshire Council", "partner_code": "COUNCIL", "strand": "Families",
         "state": state, "forecast": 100_000_01, "due": 33_333, "measured": measured, "banked": banked, "level": 2,
         "standing": "Below forecast"}
        for place, (title, state, measured, banked) in enumerate((("Care", "banked", 44_444, 30_001), ("School", "forecast", None, 0)))
    ]  # fmt: skip
    transfers = {"COUNCIL": 12_345_679, "NHS": -12_345_678, "POLICE": -1}
    agreed = {
        "number": 1, "method": "Equal return", "basis": "x", "reason": "y", "is_capped": False, "transfers": transfers,
        "next_year": {"COUNCIL": 3_086_420, "NHS": -3_086_420}, "moved": {"COUNCIL": 86_420},
    }  # fmt: skip
    return {
        "programme": {"title": "Altogether", "reference": "PG", "starts_on": "2026-04-01", "is_illustration": True},
        "as_at": "2026-11-18", "partners": partners, "benefits": benefits, "settlement": agreed, "to_sign": None, "without": [],
        "since": "", "moved": [], "proposals": [],
        "parameters": [
            {"title": "Confidence grades", "source": "HM Treasury, 2014", "dated": "2014", "is_verified": False, "in_force": True,
             "note": "", "strands": ["Families"]}
        ],
        "unit_costs": [
            {"strand": "Families", "benefit": "SS1.0 Care", "worth": "Fiscal £52,675.64", "price_year": "2015/16",
             "source": "Unit cost database v1.4", "rag": "green", "is_old": True}
        ],
    }  # fmt: skip


@pytest.mark.deep
def test_libreoffice_comes_to_the_same_pence(tmp_path: Path) -> None:
    """Every formula of the pack, worked out by a spreadsheet from the numbers beside it alone."""
    assert agreed_to_the_pence(workbook_of(content(), "COUNCIL", "0" * 64), tmp_path) > 30


def test_a_pack_says_what_it_rests_on_in_every_file() -> None:
    """The tables of parameters and unit costs stand in the document and in the workbook, with whether they were verified; a
    pack from before they were kept with it has none."""
    said = content()
    told: dict[str, Any] = {"printed_by": "Sterling Testpound", "printed_at": AT}
    document = document_of(said, "COUNCIL", number=1, digest="0" * 64, **told)
    rows = [cell for block in document.blocks if isinstance(block, Table) for row in block.rows for cell in row]
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(said, "COUNCIL")))
    cells = [str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    for words in (
        "Confidence grades",
        "Not verified",
        "HM Treasury, 2014",
        "Unit cost database v1.4",
        "Fiscal £52,675.64",
    ):
        assert words in rows
        assert words in cells
    assert {"Parameters", "Unit costs"} <= set(book.sheetnames)
    assert document.marking == "OFFICIAL. Illustration: inputs invented"  # on every sheet
    partners = next(each for each in document.blocks if isinstance(each, Table))
    assert partners.is_money == (False, *[True] * 6)
    before = {key: value for key, value in said.items() if key not in {"parameters", "unit_costs"}}
    assert parameters_of(before) == []
    assert document_of(before, "COUNCIL", **told).blocks


@pytest.mark.django_db
def test_reminded_once_of_each_pack_that_is_due() -> None:
    run = make_programme()
    told: dict[str, Any] = {"programme": run.programme, "by": system(AT)}
    assert next_pack_due(system(AT), run.programme, AT) is None
    assert remind_of_pack(at=AT, **told) is None
    assert run.manager is not None
    told["by"] = run.manager
    DirectorsPack.objects.create(
        programme=run.programme, number=1, meeting_on=date(2026, 11, 20), content={}, digest="0" * 64, frozen_at=AT
    )
    assert next_pack_due(system(AT), run.programme, AT) == date(2027, 1, 20)
    assert remind_of_pack(at=datetime(2027, 1, 5, 9, tzinfo=LONDON), **told) is None
    row = remind_of_pack(at=datetime(2027, 1, 6, 9, tzinfo=LONDON), **told)
    assert row is not None
    assert (row.due_on, row.told) == (date(2027, 1, 20), 3)  # the finance directors; the programme has no manager named
    assert remind_of_pack(at=datetime(2027, 1, 7, 9, tzinfo=LONDON), **told) is None
    messages = OutboxMessage.objects.filter(about_kind="benefits.programme", about_id=str(run.programme.pk))
    assert messages.count() == 3
    assert "is due by 20 January 2027" in messages[0].subject
    assert PackReminder.objects.count() == 1


@pytest.mark.django_db
def test_before_the_first_pack_the_first_version_counts_and_the_keeper_asks_once_a_day() -> None:
    made = make_realised()
    run = made.run
    told: dict[str, Any] = {"programme": run.programme, "by": run.manager}
    said = SettlementSaid("equal_return", "forecast", False, "Board.", date(2026, 11, 1))
    decide_settlement(said=said, at=AT, **told)
    assert next_pack_due(system(AT), run.programme, AT) == date(2027, 1, 18)
    freeze_pack(meeting_on=date(2026, 12, 3), at=AT, **told)
    assert next_pack_due(system(AT), run.programme, AT) == date(2027, 2, 3)
    morning = datetime(2027, 1, 25, 4, tzinfo=LONDON)
    look_after_packs(at=morning)
    assert not Job.objects.filter(kind="benefits.remind_of_packs").exists()
    for _ in range(2):
        look_after_packs(at=morning + timedelta(hours=2))
    assert Job.objects.filter(kind="benefits.remind_of_packs").count() == 1
