"""Progress reports: begun, written, signed where a colour stands outside its bands, published once; those of others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.formats import date_long
from joinedup.core.models import claim_version, new_reference
from joinedup.governance import rules
from joinedup.governance.evidence import kept_of
from joinedup.governance.framework_colours import COLOURS
from joinedup.governance.lifecycle import REPORT_LABELS, REPORT_MOVES, ReportState
from joinedup.governance.models import (
    Board,
    Element,
    OtherEntry,
    OtherReport,
    ProgressReport,
    PublishedReport,
    ReportCount,
    ReportEntry,
    SignedReason,
)
from joinedup.governance.permissions import (
    BEGIN_REPORT,
    IMPORT_REPORTS,
    PUBLISH_REPORT,
    SIGN_COLOUR,
    WRITE_ENTRY,
    WRITE_REPORT,
)
from joinedup.governance.progress_content import TEXTS, digest_of, evidence_of, faults_of, needs_signature
from joinedup.governance.progress_file import Reading as FileReading
from joinedup.governance.queries.progress import content_of_draft, element_as_it_stands, figures_now


@dataclass(frozen=True)
class EntrySaid:
    """What is said of an element; `second_reason` belongs to the second of two colours."""

    done: str
    remains: str
    compared: str
    colour: str
    reason: str
    second_reason: str = ""


@dataclass(frozen=True)
class Imported:
    """What became of a file: the reports that were kept, how many rows, and each row that was not, with why."""

    reports: list[OtherReport] = field(default_factory=list)
    rows: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)


@service(BEGIN_REPORT, on="board")
def begin_report(
    *, board: Board, title: str, starts_on: date, ends_on: date, is_illustration: bool = False, by: Actor, at: datetime
) -> ProgressReport:
    """Begin a report to a board over a period, with an entry for each element; what the last one said of each is taken over
    to be changed, but no colour and no reason. Refuses GV-520 to GV-522."""
    if not title.strip():
        raise rules.REPORT_TITLE.refused()
    if ends_on <= starts_on or ends_on > timezone.localdate(at):
        raise rules.REPORT_PERIOD.refused()
    Board.objects.select_for_update().get(pk=board.pk)
    if ProgressReport.objects.filter(board=board, state=ReportState.DRAFT).exists():
        raise rules.REPORT_OPEN.refused()
    last = ProgressReport.objects.filter(board=board, state=ReportState.PUBLISHED).order_by("-ends_on").first()
    kept = {name: getattr(last, name) for name, _ in TEXTS} if last else {}
    made = ProgressReport.objects.create(
        reference=new_reference("PR"), title=title.strip()[:160], board=board, state=ReportState.DRAFT, starts_on=starts_on,
        ends_on=ends_on, is_illustration=is_illustration, begun_at=at, begun_by=by.account_id, **kept,
    )  # fmt: skip
    before = {each.element_id: each for each in last.entries.all()} if last else {}
    ReportEntry.objects.bulk_create(
        ReportEntry(
            report=made, element=each, **{
                name: getattr(before[each.pk], name) for name in ("done", "remains", "compared") if each.pk in before
            },
        )
        for each in Element.objects.filter(ends_on=None)
    )  # fmt: skip
    _count(made, by, at)
    note(subject=made, changed=("report",))
    return made


@service(WRITE_REPORT, on="report")
def count_again(*, report: ProgressReport, by: Actor, at: datetime) -> ReportCount:
    """Count every figure of a draft again; what is read until then are the figures as they were counted last. Refuses
    GV-523."""
    _draft(report)
    note(changed=("counted",))
    return _count(report, by, at)


def _count(report: ProgressReport, by: Actor, at: datetime, entry: ReportEntry | None = None) -> ReportCount:
    """Keep the figures as they are now: of the whole draft, or of one entry beside what was counted of the others."""
    rows = report.entries.select_related("element").prefetch_related("element__figures")
    elements = [entry.element] if entry else [each.element for each in rows]
    found = kept_of(figures_now(by, report, elements))
    made, is_new = ReportCount.objects.get_or_create(report=report, defaults={"readings": found, "counted_at": at})
    if not is_new:
        made.readings, made.counted_at = ({**made.readings, **found}, made.counted_at) if entry else (found, at)
        made.save(update_fields=["readings", "counted_at"])
    return made


@service(WRITE_REPORT, on="report")
def write_texts(
    *, report: ProgressReport, texts: Mapping[str, str], version: int, by: Actor, at: datetime
) -> ProgressReport:
    """Its purpose, background, implications, options and proposal. Refuses GV-523 and over what somebody else wrote (CO-1)."""
    _draft(report)
    claim_version(report, version)
    for name, _ in TEXTS:
        setattr(report, name, texts.get(name, getattr(report, name)).strip())
    report.save(update_fields=[name for name, _ in TEXTS])
    note(changed=tuple(name for name, _ in TEXTS if name in texts))
    return report


@service(WRITE_ENTRY, on="entry")
def write_entry(*, entry: ReportEntry, said: EntrySaid, version: int, by: Actor, at: datetime) -> ReportEntry:
    """What was done, what remains, how we compare, and the colour with its reason. Refuses GV-523 and CO-1; what is still
    missing keeps the report from being published, not from being saved."""
    _draft(entry.report)
    claim_version(entry, version)
    if said.colour and said.colour not in COLOURS:
        raise rules.ENTRY_COLOUR.refused()
    entry.done, entry.remains, entry.compared = said.done.strip(), said.remains.strip(), said.compared.strip()
    entry.colour, entry.reason, entry.second_reason = said.colour, said.reason.strip(), said.second_reason.strip()
    entry.written_at, entry.written_by = at, by.account_id
    entry.save(
        update_fields=["done", "remains", "compared", "colour", "reason", "second_reason", "written_at", "written_by"]
    )
    if ReportCount.objects.filter(report=entry.report).exists():
        _count(entry.report, by, at, entry)
    note(changed=("entry",), words={"colour": said.colour})
    return entry


@service(SIGN_COLOUR)
def sign_reason(*, entry: ReportEntry, words: str, by: Actor, at: datetime) -> SignedReason:
    """Sign why a colour stands outside what its bands say; by somebody who did not write the judgement, for this colour
    alone. Refuses GV-523 and GV-530 to GV-532."""
    _draft(entry.report)
    found = element_as_it_stands(by, entry)
    if not entry.colour or not needs_signature(entry.colour, found["evidence"]):
        raise rules.SIGN_NOT_NEEDED.refused()
    if by.account_id is None or by.account_id == entry.written_by:
        raise rules.SIGN_OTHER.refused()
    if not words.strip():
        raise rules.SIGN_WORDS.refused()
    made = SignedReason.objects.create(
        entry=entry, colour=entry.colour, banded=found["basis"][:60], words=words.strip(), name=by.name[:160], signed_at=at,
        signed_by=by.account_id,
    )  # fmt: skip
    note(subject=made, changed=("signed",), words={"colour": entry.colour})
    return made


@service(PUBLISH_REPORT, on="report")
def publish_report(*, report: ProgressReport, by: Actor, at: datetime) -> PublishedReport:
    """Publish it once, with its evidence counted at this moment and frozen with its SHA-256. Refuses GV-523, and while
    anything is missing or a colour outside its bands is unsigned (GV-524)."""
    _draft(report)
    content = content_of_draft(by, report)
    faults = faults_of(content)
    if faults:
        more = f" And {len(faults) - 3} more." if len(faults) > 3 else ""
        raise rules.REPORT_FAULTS.refused(what=" ".join(faults[:3]) + more)
    _move(report, ReportState.PUBLISHED)
    made = PublishedReport.objects.create(
        report=report, content=content, evidence_digest=digest_of(evidence_of(content)), digest=digest_of(content),
        published_at=at, published_by=by.account_id,
    )  # fmt: skip
    note(subject=report, changed=("state",), words={"digest": made.digest})
    return made


@service(PUBLISH_REPORT, on="report")
def give_up_report(*, report: ProgressReport, by: Actor, at: datetime) -> ProgressReport:
    """It is not published. Refuses GV-523."""
    _move(report, ReportState.GIVEN_UP)
    note(changed=("state",))
    return report


@service(IMPORT_REPORTS)
def import_reports(*, file_name: str, read: FileReading, digest: str, source: str, by: Actor, at: datetime) -> Imported:
    """Keep what other partnerships published, as read from a file: the good rows together, each other with why not. The same
    file again changes nothing."""
    if OtherReport.objects.filter(digest=digest).exists():
        return Imported(list(OtherReport.objects.filter(digest=digest)), 0, read.rejected)
    kept, rows = [], 0
    for each in read.reports:
        made = OtherReport.objects.create(
            partnership=each.partnership, period=each.period, ends_on=each.ends_on, file_name=file_name[:200], digest=digest,
            source=source.strip()[:300], imported_at=at, imported_by=by.account_id,
        )  # fmt: skip
        OtherEntry.objects.bulk_create(
            OtherEntry(report=made, letter=one.letter, name=one.name, colour=one.colour, reason=one.reason)
            for one in each.entries
        )
        kept.append(made)
        rows += len(each.entries)
    note(changed=("other_reports",), words={"rows": rows, "rejected": len(read.rejected), "digest": digest})
    return Imported(kept, rows, read.rejected)


def _draft(report: ProgressReport) -> ProgressReport:
    locked = ProgressReport.objects.select_for_update().get(pk=report.pk)
    if locked.state != ReportState.DRAFT:
        raise rules.REPORT_SHUT.refused(state=REPORT_LABELS[ReportState(locked.state)].lower())
    return locked


def _move(report: ProgressReport, end: ReportState) -> None:
    locked = _draft(report)
    if end not in REPORT_MOVES[ReportState(locked.state)]:
        raise rules.REPORT_SHUT.refused(state=date_long(locked.ends_on))
    report.state = locked.state = end
    locked.save(update_fields=["state"])
