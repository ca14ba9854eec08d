"""A partner's extract and the lines here, side by side: what is left on either side, what was matched and how, and whether
it adds up."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.engines.ledger import Book, Kind
from joinedup.funds.models import (
    ExtractMatch,
    ExtractMatchLine,
    ExtractMatchRow,
    ExtractRow,
    Fund,
    LedgerExtract,
    Posting,
)
from joinedup.funds.permissions import READ_LEDGER, SETTLE_EXTRACT

MOST = 200
_HOW = {"reference": "the same reference and amount", "amount": "the only two of that amount within five days",
        "posted": "posted from the extract", "hand": "by hand"}  # fmt: skip


def free_rows(extract: LedgerExtract) -> QuerySet[ExtractRow]:
    """Rows of an extract that are the same as nothing here yet. Inside the part."""
    by_hand = ExtractMatchRow.objects.filter(row=OuterRef("pk"), stands=True)
    return ExtractRow.objects.filter(Q(extract=extract, posting=None) & ~Exists(by_hand))


def lines_in_question(extract: LedgerExtract) -> QuerySet[Posting]:
    """The partner's costs here in the days of the extract, less what was taken back. Inside the part."""
    return Posting.objects.filter(
        fund=extract.fund_id, book=Book.ACTUAL, account__kind=Kind.EXPENDITURE, partner=extract.partner_id,
        entry__dated_on__gte=extract.begins_on, entry__dated_on__lte=extract.ends_on, entry__reversed_by=None,
        entry__reverses=None,
    )  # fmt: skip


def free_lines(extract: LedgerExtract) -> QuerySet[Posting]:
    """Those of them that no row of an extract is the same as. Inside the part."""
    by_hand = ExtractMatchLine.objects.filter(posting=OuterRef("pk"), stands=True)
    return lines_in_question(extract).filter(Q(extract_row=None) & ~Exists(by_hand))


@dataclass(frozen=True)
class Side:
    """How many, and what they come to."""

    count: int = 0
    pence: int = 0


@dataclass(frozen=True)
class HandMatch:
    """A match by hand: what is on either side, why, and who said so; or that it was undone, and why."""

    row: ExtractMatch
    id: UUID
    rows: tuple[ExtractRow, ...]
    lines: tuple[Posting, ...]
    by: str
    undone_by: str

    @property
    def stands(self) -> bool:
        """Nobody has undone it."""
        return self.row.undone_at is None


@dataclass(frozen=True)
class PairShown:
    """A row the program matched itself, with the line and how it saw that."""

    row: ExtractRow
    how: str


@dataclass(frozen=True)
class MatchingPage:
    """An extract side by side with the ledger. At most two hundred of each list are named; the sums are of all."""

    extract: LedgerExtract
    fund: Fund
    theirs: Side
    here: Side
    matched_theirs: Side
    matched_here: Side
    left_theirs: Side
    left_here: Side
    rows: tuple[ExtractRow, ...]
    lines: tuple[Posting, ...]
    by_hand: tuple[HandMatch, ...]
    pairs: tuple[PairShown, ...]
    may_match: bool

    @property
    def difference(self) -> int:
        """Theirs less ours: nought where the two ledgers say the same."""
        return self.theirs.pence - self.here.pence

    @property
    def explained(self) -> int:
        """What is left on either side, and what differs between matched ones: the same as the difference."""
        return self.left_theirs.pence - self.left_here.pence + self.matched_theirs.pence - self.matched_here.pence


def extract_of(viewer: Actor, extract_id: UUID) -> LedgerExtract:
    """An extract of a fund the viewer may see."""
    if not can(viewer, READ_LEDGER):
        raise NotVisible
    rows = LedgerExtract.objects.filter(fund__in=Fund.objects.visible_to(viewer))
    found = (
        rows.select_related("fund__host__organisation", "fund__agreement", "partner__organisation")
        .filter(pk=extract_id)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def _side(rows: QuerySet[ExtractRow] | QuerySet[Posting]) -> Side:
    found = rows.aggregate(count=Count("pk"), pence=Sum("pence", default=0))
    return Side(found["count"], int(found["pence"]))


def matching(viewer: Actor, extract_id: UUID) -> MatchingPage:
    """One extract side by side with the ledger."""
    extract = extract_of(viewer, extract_id)
    check(viewer, READ_LEDGER)
    rows, lines = free_rows(extract), free_lines(extract)
    theirs, here = _side(ExtractRow.objects.filter(extract=extract)), _side(_ever(extract))
    left_theirs, left_here = _side(rows), _side(lines)
    pairs = (
        ExtractRow.objects.filter(extract=extract)
        .exclude(posting=None)
        .select_related("posting__entry", "posting__line")
    )
    return MatchingPage(
        extract=extract, fund=extract.fund, theirs=theirs, here=here,
        matched_theirs=Side(theirs.count - left_theirs.count, theirs.pence - left_theirs.pence),
        matched_here=Side(here.count - left_here.count, here.pence - left_here.pence), left_theirs=left_theirs,
        left_here=left_here, rows=tuple(rows.order_by("dated_on", "number")[:MOST]),
        lines=tuple(lines.select_related("entry", "line").order_by("entry__dated_on", "pk")[:MOST]),
        by_hand=_by_hand(viewer, extract),
        pairs=tuple(PairShown(each, _HOW.get(each.how, each.how)) for each in pairs.order_by("number")[:MOST]),
        may_match=can(viewer, SETTLE_EXTRACT, extract.fund),
    )  # fmt: skip


def _ever(extract: LedgerExtract) -> QuerySet[Posting]:
    """The lines in question, and those matched with a row although their day lies outside."""
    by_hand = ExtractMatchLine.objects.filter(match__extract=extract, stands=True).values("posting")
    matched = Q(extract_row__extract=extract) | Q(pk__in=by_hand)
    inside = lines_in_question(extract).values("pk")
    # What is matched with a row of another extract counts there.
    elsewhere = Q(extract_row__isnull=False) & ~Q(extract_row__extract=extract)
    other_hand = ExtractMatchLine.objects.filter(stands=True).exclude(match__extract=extract).values("posting")
    return Posting.objects.filter(matched | Q(pk__in=inside)).exclude(elsewhere).exclude(pk__in=other_hand)


def _by_hand(viewer: Actor, extract: LedgerExtract) -> tuple[HandMatch, ...]:
    found = ExtractMatch.objects.filter(extract=extract).prefetch_related(
        Prefetch("rows", queryset=ExtractMatchRow.objects.select_related("row").order_by("row__number")),
        Prefetch("lines", queryset=ExtractMatchLine.objects.select_related("posting__entry", "posting__line").order_by("posting_id")),
    )  # fmt: skip
    rows = list(found.order_by("-matched_at", "-pk")[:MOST])
    who = names_of_accounts(viewer, {each for one in rows for each in (one.matched_by, one.undone_by) if each})
    return tuple(
        HandMatch(
            each, each.pk, tuple(one.row for one in each.rows.all()), tuple(one.posting for one in each.lines.all()),
            who.get(each.matched_by, "") if each.matched_by else "", who.get(each.undone_by, "") if each.undone_by else "",
        )
        for each in rows
    )  # fmt: skip


def row_of(viewer: Actor, extract: LedgerExtract, row_id: UUID) -> ExtractRow:
    """One row of an extract the viewer may see."""
    check(viewer, READ_LEDGER)
    found = ExtractRow.objects.select_related("posting__entry").filter(extract=extract, pk=row_id).first()
    if found is None:
        raise NotVisible
    return found


def match_of(viewer: Actor, match_id: UUID) -> ExtractMatch:
    """A match of an extract the viewer may see."""
    if not can(viewer, READ_LEDGER):
        raise NotVisible
    rows = ExtractMatch.objects.filter(extract__fund__in=Fund.objects.visible_to(viewer))
    found = (
        rows.select_related("extract__fund__host__organisation", "extract__partner__organisation")
        .filter(pk=match_id)
        .first()
    )
    if found is None:
        raise NotVisible
    return found
