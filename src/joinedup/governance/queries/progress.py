"""Reading progress reports: a draft as it stands with its evidence counted afresh, a published one as it was frozen, what
changed, and how others stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.permissions import can, check
from joinedup.core.errors import NotVisible
from joinedup.core.formats import date_long
from joinedup.core.partnership import partnership_name
from joinedup.governance.evidence import Period, count_figures, figure_named, read_kept
from joinedup.governance.evidence import Reading as Counted
from joinedup.governance.framework_colours import COLOURS, banded
from joinedup.governance.lifecycle import ReportState
from joinedup.governance.models import (
    Element,
    FigureBand,
    Layer,
    OtherReport,
    ProgressReport,
    PublishedReport,
    ReportCount,
    ReportEntry,
    SignedReason,
)
from joinedup.governance.permissions import PUBLISH_REPORT, READ_PROGRESS, SIGN_COLOUR, WRITE_ENTRY, WRITE_REPORT
from joinedup.governance.progress_content import (
    TEXTS,
    Change,
    basis_of,
    changes,
    digest_of,
    elements_of,
    evidence_of,
    needs_signature,
)
from joinedup.governance.queries.boards import names_of_boards
from joinedup.governance.queries.framework import band_words, bands_on
from joinedup.governance.queries.risks import risk_lines


@dataclass(frozen=True)
class ReportLine:
    """A report in the list."""

    row: ProgressReport
    board: str
    period: str
    published: PublishedReport | None


@dataclass(frozen=True)
class ReportPage:
    """One report. `content` is frozen where it is published, and as it stands where it is a draft."""

    row: ProgressReport
    content: dict[str, Any]
    published: PublishedReport | None
    is_intact: bool
    before: ProgressReport | None
    entries: dict[str, UUID]
    may: frozenset[str]
    to_sign: frozenset[str]  # the letters of elements whose colour waits for a signed reason
    counted_at: datetime | None  # when the figures of a draft were counted


def period_words(starts_on: date, ends_on: date) -> str:
    """`1 April 2026 to 30 September 2026`."""
    return f"{date_long(starts_on)} to {date_long(ends_on)}"


def report_for(viewer: Actor, report_id: UUID) -> ProgressReport:
    """One report, to hand to a service."""
    check(viewer, READ_PROGRESS)
    found = ProgressReport.objects.select_related("board__host").filter(pk=report_id).first()
    if found is None:
        raise NotVisible
    return found


def entry_for(viewer: Actor, entry_id: UUID) -> ReportEntry:
    """One entry, to hand to a service."""
    check(viewer, READ_PROGRESS)
    rows = ReportEntry.objects.select_related("report__board", "element__layer", "element__owner__account")
    found = rows.prefetch_related("element__figures", "signed").filter(pk=entry_id).first()
    if found is None:
        raise NotVisible
    return found


def reports(viewer: Actor) -> list[ReportLine]:
    """Every report, the newest period first; those given up left out."""
    check(viewer, READ_PROGRESS)
    names = names_of_boards(viewer)
    rows = ProgressReport.objects.exclude(state=ReportState.GIVEN_UP).select_related("published")
    return [
        ReportLine(each, names[each.board_id], period_words(each.starts_on, each.ends_on), getattr(each, "published", None))
        for each in rows.order_by("-ends_on", "-begun_at")
    ]  # fmt: skip


def latest_report(viewer: Actor, reference: str = "") -> ProgressReport:
    """The report of a reference; without one that published last, or the draft where none was."""
    check(viewer, READ_PROGRESS)
    rows = ProgressReport.objects.select_related("board__host").exclude(state=ReportState.GIVEN_UP)
    if reference:
        found = rows.filter(reference=reference.strip().upper()).first()
    else:
        found = rows.filter(state=ReportState.PUBLISHED).order_by("-published__published_at").first() or rows.first()
    if found is None:
        raise NotVisible
    return found


def content_of(viewer: Actor, report: ProgressReport) -> dict[str, Any]:
    """What a report says: as it was frozen, or the draft as it stands."""
    check(viewer, READ_PROGRESS)
    frozen = PublishedReport.objects.filter(report=report).first()
    return dict(frozen.content) if frozen else content_of_draft(viewer, report)


def content_of_draft(
    viewer: Actor, report: ProgressReport, kept: Mapping[str, Counted | None] = MappingProxyType({})
) -> dict[str, Any]:
    """A draft as it stands, every figure counted at this moment, but for those `kept` from when they were counted last; the
    numbers name nobody, so whoever reads the report reads them."""
    check(viewer, READ_PROGRESS)
    rows = ReportEntry.objects.filter(report=report).select_related("element__owner__account")
    entries = list(rows.prefetch_related("element__figures", "signed"))
    said = _evidence(viewer, report, [each.element for each in entries], kept)
    names = names_of_boards(viewer)
    lines = [each for each in risk_lines(viewer) if each.closed_on is None][:12]
    return {
        "title": report.title, "reference": report.reference, "board": names[report.board_id],
        "partnership": partnership_name(timezone.localdate(viewer.at)),
        "period": period_words(report.starts_on, report.ends_on), "starts_on": report.starts_on.isoformat(),
        "ends_on": report.ends_on.isoformat(), "is_illustration": report.is_illustration,
        "texts": {name: getattr(report, name) for name, _ in TEXTS},
        "layers": [
            {
                "code": layer.code, "name": layer.name,
                "elements": [
                    _element(each, said[each.element_id])
                    for each in sorted(entries, key=lambda one: one.element.letter)
                    if each.element.layer_id == layer.pk
                ],
            }
            for layer in Layer.objects.order_by("position")
        ],
        "register": [
            {"reference": each.reference, "title": each.title, "kind": each.kind_words, "score": each.current.value,
             "level": each.level, "owner": each.owner}
            for each in lines
        ],
    }  # fmt: skip


def element_as_it_stands(viewer: Actor, entry: ReportEntry) -> dict[str, Any]:
    """One entry with its evidence counted at this moment."""
    check(viewer, READ_PROGRESS)
    return _element(entry, _evidence(viewer, entry.report, [entry.element])[entry.element_id])


def figures_now(viewer: Actor, report: ProgressReport, elements: Iterable[Element]) -> dict[str, Counted | None]:
    """Every figure of these elements over the period of a report, counted at this moment."""
    check(viewer, READ_PROGRESS)
    names = [each.figure for element in elements for each in element.figures.all()]
    return count_figures(system(viewer.at), names, Period(report.starts_on, report.ends_on))


def _evidence(
    viewer: Actor,
    report: ProgressReport,
    elements: Iterable[Element],
    kept: Mapping[str, Counted | None] = MappingProxyType({}),
) -> dict[UUID, list[dict[str, Any]]]:
    whole = list(elements)
    names = {each.figure for element in whole for each in element.figures.all()}
    counted = {name: each for name, each in kept.items() if name in names}
    missing = count_figures(system(viewer.at), sorted(names - set(counted)), Period(report.starts_on, report.ends_on))
    counted |= missing
    bands = bands_on(viewer, report.starts_on)
    return {
        element.pk: [
            _figure(each.figure, counted[each.figure], bands.get((element.pk, each.figure)))
            for each in sorted(element.figures.all(), key=lambda one: one.figure)
            if each.figure in counted
        ]
        for element in whole
    }  # fmt: skip


def _figure(name: str, reading: Counted | None, band: FigureBand | None) -> dict[str, Any]:
    figure = figure_named(name)
    if figure is None:
        raise LookupError(name)
    colour = ""
    if reading is not None and band is not None:
        colour = banded(reading.value, band.green_from, band.amber_from, is_more_better=figure.is_more_better)
    return {
        "figure": name, "words": figure.words, "part": figure.part, "unit": figure.unit,
        "value": None if reading is None else str(reading.value), "said": figure.said(reading),
        "band": band_words(figure, band) if band else "", "colour": colour,
    }  # fmt: skip


def _element(entry: ReportEntry, evidence: list[dict[str, Any]]) -> dict[str, Any]:
    element = entry.element
    signed = _signed(entry)
    return {
        "letter": element.letter, "name": element.name, "owner": element.owner.account.name if element.owner else "",
        "done": entry.done, "remains": entry.remains, "compared": entry.compared, "colour": entry.colour,
        "reason": entry.reason, "second_reason": entry.second_reason, "judged": element.judged, "evidence": evidence,
        "basis": basis_of(evidence),
        "signed": None if signed is None else {
            "words": signed.words, "name": signed.name, "on": timezone.localdate(signed.signed_at).isoformat(),
            "banded": signed.banded,
        },
    }  # fmt: skip


def _signed(entry: ReportEntry) -> SignedReason | None:
    """The newest signature, where it is for the colour the entry has now and no older than the judgement."""
    rows = sorted(entry.signed.all(), key=lambda one: (one.signed_at, one.pk))
    counts = rows and rows[-1].colour == entry.colour
    return rows[-1] if counts and (entry.written_at is None or rows[-1].signed_at >= entry.written_at) else None


def report_page(viewer: Actor, report_id: UUID) -> ReportPage:
    """One report in full, with what the viewer may do."""
    row = report_for(viewer, report_id)
    frozen = PublishedReport.objects.filter(report=row).first()
    content, counted_at = (dict(frozen.content), None) if frozen else _as_counted(viewer, row)
    entries = dict(row.entries.values_list("element__letter", "pk"))
    is_draft = row.state == ReportState.DRAFT
    asked = {
        "write": can(viewer, WRITE_REPORT, row), "publish": can(viewer, PUBLISH_REPORT, row), "sign": can(viewer, SIGN_COLOUR),
    }  # fmt: skip
    may = {name for name, is_so in asked.items() if is_so and is_draft}
    to_sign = {
        each["letter"] for each in elements_of(content)
        if is_draft and each["colour"] and not each["signed"] and needs_signature(each["colour"], each["evidence"])
    }  # fmt: skip
    return ReportPage(
        row, content, frozen, is_intact(frozen), _before(row), entries, frozenset(may), frozenset(to_sign), counted_at
    )


def _as_counted(viewer: Actor, row: ProgressReport) -> tuple[dict[str, Any], datetime | None]:
    """A draft with its figures as they were counted last, and when; as they are now where they never were."""
    last = ReportCount.objects.filter(report=row).first()
    if last is None:
        return content_of_draft(viewer, row), viewer.at
    return content_of_draft(viewer, row, read_kept(last.readings)), last.counted_at


def published_digest(viewer: Actor, report: ProgressReport) -> str:
    """The hash a report was published with; empty for a draft."""
    check(viewer, READ_PROGRESS)
    return PublishedReport.objects.filter(report=report).values_list("digest", flat=True).first() or ""


def is_intact(frozen: PublishedReport | None) -> bool:
    """Whether what was published is what its hashes were taken of."""
    if frozen is None:
        return True
    return (digest_of(frozen.content), digest_of(evidence_of(frozen.content))) == (
        frozen.digest,
        frozen.evidence_digest,
    )


def _before(row: ProgressReport) -> ProgressReport | None:
    rows = ProgressReport.objects.filter(board_id=row.board_id, state=ReportState.PUBLISHED, ends_on__lt=row.ends_on)
    return rows.order_by("-ends_on").first()


@dataclass(frozen=True)
class Changed:
    """Two reports to one board, and what changed from the one to the other."""

    before: dict[str, Any]
    after: dict[str, Any]
    changes: list[Change]


def changes_since(viewer: Actor, report_id: UUID) -> tuple[ProgressReport, Changed | None]:
    """What changed since the report before to the same board; None where it is the first."""
    row = report_for(viewer, report_id)
    last = _before(row)
    if last is None:
        return row, None
    before = content_of(viewer, last)
    frozen = PublishedReport.objects.filter(report=row).first()
    after = dict(frozen.content) if frozen else _as_counted(viewer, row)[0]
    return row, Changed(before, after, changes(before, after))


@dataclass(frozen=True)
class Comparison:
    """Colours side by side: one column for each partnership, one row for each element."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]
    tallies: tuple[tuple[tuple[str, int], ...], ...]


def comparison(viewer: Actor) -> Comparison:
    """The partnership's newest published report beside the newest of each other partnership; by letter, under the
    partnership’s own names."""
    check(viewer, READ_PROGRESS)
    own = PublishedReport.objects.select_related("report").order_by("-published_at").first()
    columns: list[tuple[str, dict[str, tuple[str, str]]]] = []
    if own is not None:
        kept = {
            each["letter"]: (each["name"], each["colour"])
            for layer in own.content["layers"]
            for each in layer["elements"]
        }
        columns.append((f"{own.content['partnership']}, {own.content['period']}", kept))
    newest: dict[str, OtherReport] = {}
    for each in OtherReport.objects.prefetch_related("entries").order_by("ends_on", "imported_at"):
        newest[each.partnership.lower()] = each
    for each in sorted(newest.values(), key=lambda one: one.partnership):
        entries = {one.letter: (one.name, one.colour) for one in each.entries.all()}
        columns.append((f"{each.partnership}, {each.period}", entries))
    letters = sorted({letter for _, kept in columns for letter in kept})
    rows = tuple(
        (letter, next(kept[letter][0] for _, kept in columns if letter in kept), tuple(kept.get(letter, ("", ""))[1] for _, kept in columns))
        for letter in letters
    )  # fmt: skip
    tallies = tuple(
        tuple((words, sum(row[2][place] == colour for row in rows)) for colour, words in COLOURS.items())
        for place in range(len(columns))
    )
    return Comparison(tuple(name for name, _ in columns), rows, tallies)


def may_write(viewer: Actor, entry: ReportEntry) -> bool:
    """Whether the viewer may write what is said of an element."""
    return entry.report.state == ReportState.DRAFT and can(viewer, WRITE_ENTRY, entry)
