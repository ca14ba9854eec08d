"""From an empty list to a corrected reading, as the commissioner does it in the browser; and what a refusal looks like."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from joinedup.access.roles import Role
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.tests.factories import actor_of, make_locality, make_post
from joinedup.outcomes.models import Cohort, PartnershipMeasure, PartnershipOutcome, Series, SeriesImport, SeriesReading

pytestmark = pytest.mark.django_db


def day(name: str, text: str) -> dict[str, str]:
    """A day as three boxes."""
    parts = text.split(" ")
    return dict(zip((f"{name}-day", f"{name}-month", f"{name}-year"), parts, strict=True))


def test_an_outcome_is_set_up_read_corrected_compared_and_handed_out() -> None:
    connie = Visitor(actor_of(make_post(role=Role.COMMISSIONER, name="Connie Testneeds")[0]))
    north = make_locality(code="NORTH", name="North")
    assert "No outcome is set" in connie.see("outcomes")
    assert connie.send("outcome_new", name="They learn", code="learn", words="", entry="ECM3").status_code == 302
    outcome = PartnershipOutcome.objects.get(code="LEARN")
    told = {"name": "Not in learning", "code": "neet", "definition": "Aged 16 to 18.", "counted": "no", "form": "share", "unit": "per cent",
            "direction": "down", "frequency": "quarter", "source": "The council"}  # fmt: skip
    assert connie.send("outcome_measure_new", outcome.pk, **told).status_code == 302
    measure = PartnershipMeasure.objects.get(code="NEET")
    everybody = Cohort.objects.get(code="ALL")
    sent = connie.send("outcome_series_new", measure.pk, areas=["whole", str(north.pk)], cohort=str(everybody.pk))
    assert sent.status_code == 302
    series = Series.objects.get(measure=measure, locality=None)
    value = {
        **day("starts_on", "1 1 2026"),
        **day("ends_on", "31 3 2026"),
        "numerator": "90",
        "denominator": "1000",
        "source": "Count",
    }
    assert connie.send("outcome_reading_new", series.pk, **value).status_code == 302
    again = connie.send("outcome_reading_new", series.pk, **{**value, "numerator": "80"})
    assert "Say why yours is right" in again.content.decode()
    shown = connie.see("outcome_reading_correct", series.pk, "2026-03-31")
    assert 'value="90"' in shown
    right = {**value, "numerator": "80", "reason": "Ten had moved away."}
    assert connie.send("outcome_reading_correct", series.pk, "2026-03-31", **right).status_code == 302
    before = {**day("starts_on", "1 1 2025"), **day("ends_on", "31 3 2025"), "value": "9%", "source": "Count"}
    assert connie.send("outcome_baseline", series.pk, **before).status_code == 302
    points = {**day("starts_on", "1 4 2027"), **day("on_0", "31 3 2029"), "value_0": "6"}
    assert connie.send("outcome_trajectory", series.pk, **points).status_code == 302
    lone = connie.send("outcome_trajectory", series.pk, value_1="6").content.decode()
    assert "Give both the day and the value" in lone
    refused = connie.send("outcome_comparison", series.pk, level="3", words="Alike.", other="")
    assert "Choose the group, or a lower step" in refused.content.decode()
    assert connie.send("outcome_comparison", series.pk, level="2", words="Only here.", other="").status_code == 302
    page = connie.see("outcome_series", series.pk)
    for words in (
        "8.0%",
        "80 of 1,000",
        "Return not due yet",
        "until then nothing is behind",
        "Ten had moved away.",
        "2 of 5.",
    ):
        assert words in page
    assert "9.0%" in connie.see("outcome_history", series.pk)
    listed = connie.see("outcomes")
    assert "Not in learning" in listed
    assert "North" in connie.see("outcome_measure", measure.pk)
    csv = connie.answer("outcome_series_file", series.pk, "csv").content.decode()
    assert "2026-03-31,8,80,1000,per cent,Count,Written by hand" in csv
    book = load_workbook(io.BytesIO(connie.answer("outcome_measure_file", measure.pk, "xlsx").content))
    assert book.worksheets[0]["F2"].value == 8
    assert connie.answer("outcome_measure_file", measure.pk, "exe").status_code == 404
    assert connie.send("outcome_reading_take_back", series.pk, "2026-03-31", reason="Wrong town.").status_code == 302
    assert SeriesReading.objects.filter(value=None).count() == 1
    assert connie.send("outcome_measure_end", measure.pk).status_code == 302


def test_a_file_is_brought_in_and_its_report_is_shown() -> None:
    connie = Visitor(actor_of(make_post(role=Role.COMMISSIONER, name="Connie Testneeds")[0]))
    file = SimpleUploadedFile("q.csv", b"measure,to,value\nNEET,2026-03-31,9\n", content_type="text/csv")
    answer = connie.send("outcome_imports", file=file)
    assert answer.status_code == 302
    page = connie.see("outcome_import", SeriesImport.objects.get().pk)
    assert "There is no measure with this code." in page
    report = connie.answer("outcome_import_report", SeriesImport.objects.get().pk).content.decode()
    assert report.splitlines()[0] == "row,field,value,reason"
    assert "q.csv" in connie.see("outcome_imports")
    broken = connie.send("outcome_imports", file=SimpleUploadedFile("q.csv", b"a,b\n1,2\n")).content.decode()
    assert "The file cannot be used" in broken


def test_who_only_reads_sees_no_button_that_writes() -> None:
    fin = Visitor(actor_of(make_post(role=Role.FINANCE_DIRECTOR, name="Florin Testshilling")[0]))
    assert "Add an outcome" not in fin.see("outcomes")
    fin.see("outcome_new", status=403)
    amira = Visitor(actor_of(make_post(role=Role.KEY_WORKER, name="Amira Testerly")[0]))
    amira.see("outcomes", status=403)
