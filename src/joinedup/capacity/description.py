"""A scenario described as simulation studies are to be reported (after STRESS-DES: objectives, logic, data, experimentation,
implementation, code access), made from the model itself so that it cannot say anything else. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from joinedup.capacity.codes import ILLUSTRATION
from joinedup.core.documents import Block, Document, Facts, Heading, Paragraph
from joinedup.core.figures import Table
from joinedup.core.formats import date_long
from joinedup.engines.money import format_pounds

if TYPE_CHECKING:
    from joinedup.capacity.queries.scenarios import ScenarioSeen


def share(said: Any) -> str:
    """A share with its interval: 94.1 % (93.0 to 95.2)."""
    value, low, high = said
    if value is None:
        return "–"
    return f"{value:.1%}" if low is None else f"{value:.1%} ({low:.1%} to {high:.1%})"


def station_table(model: Mapping[str, Any]) -> Table:
    """The stations as they were run."""
    rows = tuple(
        (
            each["name"], str(each["servers"]), f"{each.get('caseload', 1):g}", each["service"]["distribution"],
            f"{each['service']['mean']:.2f}", f"{each['service'].get('cv', 1):.2f}",
            f"{each.get('target_total') or each.get('target_wait') or 0:g} ({'wait and work' if each.get('target_total') else 'wait'})",
            f"{len(each.get('open_ages', ()))} open, {each.get('waiting', 0)} waiting",
        )
        for each in model["stations"]
    )  # fmt: skip
    columns = ("Station", "Workers", "Held at once", "Shape", "Mean days", "Spread", "Target, days", "On the first day")
    return Table(columns, rows, "Stations")


def result_table(rows: list[Mapping[str, Any]]) -> Table:
    """What it came to."""
    said = tuple(
        (
            each["name"], str(each["servers"]), f"{each['load']:.0%}", f"{each['wait'][0] or 0:.2f}", share(each["within"]),
            f"{each['share']:.0%}", str(each["least"]), format_pounds(each["pence"]),
        )
        for each in rows
    )  # fmt: skip
    columns = (
        "Station",
        "Workers",
        "Load",
        "Mean wait, days",
        "Within the target",
        "Wanted",
        "Fewest, by formula",
        "Cost a year",
    )
    return Table(columns, said, "What it comes to")


def document_of(page: ScenarioSeen, *, printed_by: str, printed_at: datetime) -> Document:
    """The whole description."""
    row, first = page.row, page.first.results
    model = row.model
    routes = Table(
        ("From", "To", "Share"),
        tuple((each["from"], each["to"], f"{each['probability']:.1%}") for each in model["routes"]), "Routes; who is left over leaves",
    )  # fmt: skip
    source = (
        f"Read from {row.reading.name}, {date_long(row.reading.starts_on)} to {date_long(row.reading.ends_on)}: {row.reading.events:,} events."
        if row.reading else "Put together by hand."
    )  # fmt: skip
    blocks: list[Block] = [
        Heading("1. Objectives"),
        Paragraph(row.words or "Whether the staffing meets its targets."),
        Heading("2. Logic"),
        Paragraph(
            f"Families come by chance, {model['arrivals']['per_day']:g} a working day, to {model['arrivals']['first']}. At a station each waits until a worker"
            " has room, first come first served, is held for a time, and goes on by chance or leaves. Workers of a team are alike; work is"
            " not shared out hour by hour; nobody gives up waiting. The run starts from the cases that were open on the day of the reading."
        ),
        station_table(model), routes, Heading("3. Data"), Paragraph(source),
        Paragraph("Open cases are counted as lasting at least so long. Hours and pay that no log says are the partnership’s settings" + ("." if row.work["is_own"] else ": those that ship, invented.")),
        Heading("4. Experimentation"),
        Facts([
            ("Days counted", f"{model['run']['days']:g} working days"), ("Replications", f"{page.first.replications:,}"), ("Seed", str(row.seed)),
            ("Random numbers", "PCG64DXSM; every family draws its fate once, by seed, replication and station"),
            ("Intervals", "95 %, Student’s t over replications; paired differences between scenarios"),
        ]),
        result_table(first["rows"]), Heading("5. Implementation"),
        Facts([
            ("Program", f"Joinedup {page.first.engine}, engines.caseflow, kernel “{first['kernel']}”"), ("Checksum", page.first.checksum),
            ("Digest of model and seed", row.digest[:16]),
        ]),
        Heading("6. Code access"),
        Paragraph("The engine is part of Joinedup, open source; the same model runs with the command joinedup simulate."),
    ]  # fmt: skip
    if page.full is not None:
        blocks[-2:-2] = [
            Heading("Plausible futures", 3),
            *(Paragraph(each["sentence"]) for each in page.full.results["futures"]),
        ]
    if row.is_illustration:
        blocks.insert(0, Paragraph(ILLUSTRATION, is_quiet=True))
    return Document(
        f"Scenario: {row.name}", printed_by, printed_at, subtitle=row.reference, marking="OFFICIAL", blocks=blocks
    )
