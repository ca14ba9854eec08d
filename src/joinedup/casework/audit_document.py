"""One audit as a document, and the results of audits as figures and tables. Pure but for the names it is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from joinedup.core.charts import Line, bars, line
from joinedup.core.documents import Block, Document, Facts, Heading, Paragraph
from joinedup.core.figures import Figure, Table
from joinedup.core.formats import date_long

if TYPE_CHECKING:
    from joinedup.casework.queries.audit_results import AuditResults, Found
    from joinedup.casework.queries.audits import AuditSeen

_COLUMNS = ("Effectiveness %", "Audits", "Met", "Partly met", "Not met", "Does not apply")


def audit_document(seen: AuditSeen, *, printed_by: str, printed_at: datetime) -> Document:
    """An audit to print or keep. The case stands by its reference."""
    return Document(
        title="Quality audit", subtitle=f"Case {seen.reference}", printed_by=printed_by, printed_at=printed_at,
        blocks=tuple(_blocks(seen)),
    )  # fmt: skip


def _blocks(seen: AuditSeen) -> Iterator[Block]:
    facts = [("Sample", seen.sample), ("Team", seen.team), ("Auditor", seen.auditor)]
    if seen.done_at:
        facts += [
            ("Done", date_long(seen.done_at)),
            ("Effectiveness", percent_words(seen.percent)),
            ("Grade", seen.grade or "None"),
        ]
    yield Facts(facts)
    if seen.strengths:
        yield Heading("What is good about this work")
        yield Paragraph(seen.strengths)
    if seen.findings:
        rows = tuple(
            (each.words, each.owner, date_long(each.due_on), date_long(each.done_at) if each.done_at else "")
            for each in seen.findings
        )
        yield Table(("What must be put right", "Who", "By", "Done"), rows, "What must be put right")
    for group in seen.groups:
        rows = tuple(
            (f"{each.item.code}. {each.item.words}", each.label, each.second_label, each.evidence)
            for each in group.items
        )
        yield Table(("Item", "Found", "Second look", "Rests on"), rows, group.group.title)
    if seen.second_words:
        yield Heading("Second look")
        yield Paragraph(seen.second_words, label=seen.second)
    yield Paragraph(f"The tool: {seen.source}.", is_quiet=True)


def percent_words(percent: int | None) -> str:
    """A percentage in words."""
    return "Nothing applied" if percent is None else f"{percent}%"


def results_tables(results: AuditResults) -> list[Table]:
    """The results as tables, to read on the page and to take away."""
    return [
        _table("By team", "Team", [*results.teams, results.overall]),
        _table("By month", "Month", [found for _, found in results.months]),
        _table("By heading", "Heading", results.groups),
        _table("By item", "Item", results.items),
    ]


def _table(caption: str, first: str, rows: Iterable[Found]) -> Table:
    listed = list(rows)
    is_counted = any(each.audits is not None for each in listed)
    return Table(
        (first, *(name for name in _COLUMNS if is_counted or name != "Audits")),
        tuple(
            (
                each.name, "" if each.percent is None else str(each.percent),
                *((str(each.audits or 0),) if is_counted else ()), str(each.tally.met), str(each.tally.partly),
                str(each.tally.not_met), str(each.tally.not_applicable),
            )
            for each in listed
        ),
        caption,
    )  # fmt: skip


def results_figures(results: AuditResults) -> list[Figure]:
    """Effectiveness over the months, and by team."""
    points = [(on, float(found.percent)) for on, found in results.months if found.percent is not None]
    teams = [(each.name, float(each.percent)) for each in results.teams if each.percent is not None]
    return [
        line("Effectiveness by month", [Line("Effectiveness", points)] if points else [], unit="%"),
        bars("Effectiveness by team", teams, unit="%"),
    ]
