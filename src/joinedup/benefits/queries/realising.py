"""Reading benefits: what each is forecast, measured and banked at, its history, and what there is to bank it from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.benefits.lifecycle import BENEFIT_LABELS, BenefitState, moves_by_hand
from joinedup.benefits.models import (
    AvoidedEvent,
    BankEntry,
    Benefit,
    BenefitMove,
    PostingUse,
    Programme,
    ProgrammePartner,
    Round,
)
from joinedup.benefits.permissions import BANK_BENEFIT, MOVE_BENEFIT, READ_PROGRAMMES, TAKE_UP_BENEFITS
from joinedup.benefits.queries.banked import Counting, counting, rooms_of_lines
from joinedup.benefits.queries.cases import newest_rounds
from joinedup.benefits.queries.programmes import ProgrammeSeen, programme_seen
from joinedup.benefits.realising import (
    Claimed,
    Standing,
    due_by,
    events_counted,
    is_one_episode,
    months_after,
    standing,
)
from joinedup.core.errors import NotVisible
from joinedup.funds.queries import Reduction, reductions_of
from joinedup.outcomes.queries import series_to_choose

NOBODY = "Joinedup"


@dataclass(frozen=True)
class BenefitSeen:
    """A benefit as a list shows it; money in pence."""

    id: UUID
    title: str
    code: str
    organisation_id: UUID
    partner: str
    partner_code: str
    strand: str
    strand_code: str
    state: str
    state_words: str
    forecast: int
    cashable: int
    due: int
    measured: int | None
    banked: int
    level: int | None
    starts_on: date
    standing: Standing
    unbanked: int = 0  # was banked, and counts no longer: its posting was reversed, or the line was put up again


@dataclass(frozen=True)
class Totals:
    """Sums over the benefits shown."""

    forecast: int
    due: int
    measured: int
    banked: int


@dataclass(frozen=True)
class BenefitsPage:
    """Every benefit of a programme that the filters let through, with their sums and what to filter by."""

    programme: ProgrammeSeen
    rows: tuple[BenefitSeen, ...]
    totals: Totals
    all_of_them: int
    to_take_up: int
    may_take_up: bool


@dataclass(frozen=True)
class BankSeen:
    """Money banked, or taken back; what stays behind where it came from a provider."""

    id: UUID
    pence: int
    fund_id: UUID
    entry_id: UUID
    posting_words: str
    is_posting_gone: bool
    counts: int
    provider: str
    fixed_cost: int | None
    notice_months: int | None
    notice_ends_on: date | None
    service_at_risk: str
    reason: str
    is_reversed: bool
    is_reversal: bool
    at: datetime
    by: str


@dataclass(frozen=True)
class BenefitPage:
    """One benefit with its history, the newest first."""

    benefit: Benefit
    seen: BenefitSeen
    programme: ProgrammeSeen
    round_number: int
    years: tuple[tuple[int, int, int], ...]
    moves: tuple[dict[str, Any], ...]
    banked: tuple[BankSeen, ...]
    claims: int
    claims_worth: int | None
    may: frozenset[str]


@dataclass(frozen=True)
class PostingChoice:
    """A posting that reduced a line of the gaining partner, and how much of it, and of the line's net fall, is not banked
    yet."""

    source: Reduction
    left: int


def benefits_page(
    viewer: Actor, programme_id: UUID, *, strand: str = "", partner: str = "", state: str = ""
) -> BenefitsPage:
    """Every benefit of a programme, narrowed by the codes of a strand and a partner, and by a state."""
    programme = programme_seen(viewer, programme_id)
    whole = benefits_seen(viewer, programme_id)
    wanted = [
        each for each in whole
        if strand in {"", each.strand_code} and partner in {"", each.partner_code} and state in {"", each.state}
    ]  # fmt: skip
    return BenefitsPage(
        programme, tuple(wanted), totals_of(wanted), len(whole), len(rounds_to_take_up(viewer, programme_id)),
        can(viewer, TAKE_UP_BENEFITS, Programme(pk=programme_id)),
    )  # fmt: skip


def totals_of(rows: Iterable[BenefitSeen]) -> Totals:
    """The sums; what was lost is not counted as forecast or due any more."""
    there = list(rows)
    live = [each for each in there if each.state != BenefitState.LOST]
    return Totals(
        sum(each.forecast for each in live), sum(each.due for each in live), sum(each.measured or 0 for each in live),
        sum(each.banked for each in there),
    )  # fmt: skip


def benefits_seen(viewer: Actor, programme_id: UUID) -> list[BenefitSeen]:
    """Every benefit of a programme by strand, line and partner. The caller has been let in to the programme."""
    rows = _rows().filter(case__strand__programme=programme_id)
    on, banked = timezone.localdate(viewer.at), counting(viewer, case__strand__programme=programme_id).by_benefit
    ordered = rows.order_by("case__strand__position", "title", "organisation__name", "pk")
    return [_seen(row, on, banked.get(row.pk, 0)) for row in ordered]


def rounds_to_take_up(viewer: Actor, programme_id: UUID) -> list[Round]:
    """The newest rounds whose benefits have no rows yet."""
    newest = [each.id for each in newest_rounds(viewer, programme_id).values()]
    taken = Benefit.objects.filter(round__in=newest).values("round")
    rounds = list(Round.objects.filter(pk__in=newest).exclude(pk__in=taken).order_by("kept_at", "pk"))
    if not rounds:
        return []
    places = ProgrammePartner.objects.filter(programme=programme_id).values_list("organisation__code", flat=True)
    known = set(Benefit.objects.filter(case__in=[each.case_id for each in rounds]).values_list("case_id", flat=True))
    partners = set(places)
    return [each for each in rounds if each.case_id in known or partners & _gaining(each.model)]


def _gaining(model: dict[str, Any]) -> set[str]:
    """Who gains from any line; a round from which only purses outside the programme gain has nothing to take up."""
    return {agency for line in model.get("benefits", []) for agency in line.get("agencies", {})}


def benefit_for(viewer: Actor, benefit_id: UUID) -> Benefit:
    """One benefit, to hand to a service."""
    check(viewer, READ_PROGRAMMES)
    mine = Programme.objects.visible_to(viewer)
    found = _rows().filter(pk=benefit_id, case__strand__programme__in=mine).first()
    if found is None:
        raise NotVisible
    return found


def bank_entry_for(viewer: Actor, bank_entry_id: UUID) -> BankEntry:
    """One row of what was banked, to hand to a service."""
    check(viewer, READ_PROGRAMMES)
    mine = Programme.objects.visible_to(viewer)
    related = ("benefit__case__strand__programme", "benefit__organisation")
    rows = BankEntry.objects.select_related(*related).filter(benefit__case__strand__programme__in=mine)
    found = rows.filter(pk=bank_entry_id).first()
    if found is None:
        raise NotVisible
    return found


def benefit_page(viewer: Actor, benefit_id: UUID) -> BenefitPage:
    """One benefit with everything that was said of it."""
    row = benefit_for(viewer, benefit_id)
    moves = list(BenefitMove.objects.filter(benefit=row).order_by("-at", "-pk"))
    bank = list(BankEntry.objects.filter(benefit=row).select_related("reversed_by").order_by("-at", "-pk"))
    who = {each.by for each in moves} | {each.by for each in bank}
    names = names_of_accounts(viewer, {key for key in who if key})
    there = counting(viewer, pk=row.pk)
    seen = _seen(row, timezone.localdate(viewer.at), there.by_benefit.get(row.pk, 0))
    claims = len(claims_on(row))
    may = {"bank": can(viewer, BANK_BENEFIT, row), "move": can(viewer, MOVE_BENEFIT, row)}
    may["bank"] = may["bank"] and row.state in {BenefitState.REALISED, BenefitState.BANKED}
    years = zip(row.forecast, row.cashable, strict=True)
    return BenefitPage(
        row, seen, programme_seen(viewer, row.programme_id), row.round.number,
        tuple((year, pence, cash) for year, (pence, cash) in enumerate(years)),
        tuple(_move(each, names) for each in moves), tuple(_banked(each, names, there) for each in bank),
        claims, claims * row.unit_pence if row.episode else None, frozenset(name for name, is_so in may.items() if is_so),
    )  # fmt: skip


def claims_on(row: Benefit, *, without: UUID | None = None) -> list[Claimed]:
    """The claims that count for a benefit, as though `without` had been given up. A line of a case that saves several
    partners is one benefit for each: an event claimed for any of them stands for all, because `unit_pence` is only that
    partner's part of it. Of a benefit that rests on events only those of its kind count, each person as `events_counted`
    says, and nothing that another line claimed first (two claims to one event may stand from before the database refused
    the second). Inside the part."""
    standing = AvoidedEvent.objects.filter(released_at=None)
    if without is not None:
        standing = standing.exclude(pk=without)
    line = {"benefit__case": row.case_id, "benefit__key": row.key}
    mine = standing.filter(**line)
    if not row.episode:
        return [_claimed(each) for each in mine]
    mine = mine.filter(episode=row.episode)
    others = standing.exclude(**line).filter(
        person__in=mine.values("person"), episode=row.episode, benefit__episode=row.episode
    )
    before: dict[UUID, list[AvoidedEvent]] = defaultdict(list)
    for each in others:
        before[each.person_id].append(each)
    first = [each for each in mine if not any(_came_first(other, each) for other in before[each.person_id])]
    return events_counted(row.episode, [_claimed(each) for each in first])


def _claimed(row: AvoidedEvent) -> Claimed:
    return Claimed(row.pk, row.person_id, (row.starts_on, row.ends_on))


def _came_first(other: AvoidedEvent, row: AvoidedEvent) -> bool:
    """Whether another line claimed the same event before."""
    is_one = is_one_episode(
        row.episode, (row.starts_on, row.ends_on), (other.starts_on, other.ends_on), same_line=False
    )
    return is_one and (other.claimed_at, other.pk) < (row.claimed_at, row.pk)


def claims_worth(row: Benefit) -> tuple[int, int] | None:
    """How many claims count for a benefit that rests on avoided events and what they are worth; None for any other. Of a
    benefit that was let through to the viewer."""
    if not row.episode:
        return None
    claims = len(claims_on(row))
    return claims, claims * row.unit_pence


def move_choices(row: Benefit) -> list[tuple[str, str]]:
    """Where the benefit may be moved to by hand."""
    start = BenefitState(row.state)
    again = "Measured again: it stays {}"
    return [
        (end.value, again.format(BENEFIT_LABELS[end].lower()) if end is start else BENEFIT_LABELS[end])
        for end in moves_by_hand(start)
    ]


def series_choices(viewer: Actor) -> list[tuple[UUID, str]]:
    """The series a benefit may be measured by."""
    return [(each.id, each.words) for each in series_to_choose(viewer)]


def postings_to_bank(viewer: Actor, row: Benefit) -> list[PostingChoice]:
    """The postings that reduced a line of the gaining partner and of which something is left to bank."""
    found = reductions_of(viewer, row.organisation_id)
    used = PostingUse.objects.filter(pk__in=[each.posting_id for each in found]).values_list("pk", "banked_pence")
    banked = dict(used)
    rooms = rooms_of_lines(viewer, {each.line_id for each in found})
    choices = [
        PostingChoice(each, min(each.pence - banked.get(each.posting_id, 0), rooms[each.line_id].left))
        for each in found
    ]
    return [each for each in choices if each.left > 0]


def _rows() -> QuerySet[Benefit]:
    return Benefit.objects.select_related("case__strand__programme", "organisation", "round")


def _seen(row: Benefit, on: date, banked: int) -> BenefitSeen:
    """`banked` is what still counts; where nothing of it does, a benefit that was banked is realised again."""
    state = row.state if banked or row.state != BenefitState.BANKED else BenefitState.REALISED.value
    stood = Stood(
        state, row.measured_pence, row.evidence_level, row.title, row.code, tuple(row.forecast), tuple(row.cashable),
        row.forecast_pence, row.starts_on, banked, row.banked_pence - banked,
    )  # fmt: skip
    return seen_as(row, stood, on)


@dataclass(frozen=True)
class Stood:
    """What a benefit was at a moment; money in pence."""

    state: str
    measured: int | None
    level: int | None
    title: str
    code: str
    forecast: tuple[int, ...]
    cashable: tuple[int, ...]
    total: int
    starts_on: date
    banked: int
    unbanked: int


def seen_as(row: Benefit, stood: Stood, on: date) -> BenefitSeen:
    """A benefit as a list shows it on a day. Inside the part."""
    strand = row.case.strand
    due = due_by(stood.forecast, strand.programme.starts_on, on)
    return BenefitSeen(
        row.pk, stood.title, stood.code, row.organisation_id, row.organisation.name, row.organisation.code, strand.name,
        strand.code, stood.state, BENEFIT_LABELS[BenefitState(stood.state)], stood.total, sum(stood.cashable), due,
        stood.measured, stood.banked, stood.level, stood.starts_on,
        standing(stood.state, due=due, measured=stood.measured, starts_on=stood.starts_on, on=on), stood.unbanked,
    )  # fmt: skip


def _move(row: BenefitMove, names: dict[UUID, str]) -> dict[str, Any]:
    end = BENEFIT_LABELS[BenefitState(row.end)]
    title = "Taken up" if not row.start else end if row.start != row.end else f"Still {end.lower()}"
    return {
        "title": title, "at": row.at, "by": names.get(row.by, NOBODY) if row.by else NOBODY, "reason": row.reason,
        "evidence": row.evidence, "level": row.level, "pence": row.pence, "measured": row.measured, "series_id": row.series_id,
    }  # fmt: skip


def _banked(row: BankEntry, names: dict[UUID, str], there: Counting) -> BankSeen:
    notice = months_after(timezone.localdate(row.at), row.notice_months) if row.notice_months is not None else None
    return BankSeen(
        row.pk, row.pence, row.fund_id, row.entry_id, row.posting_words, row.pk in there.gone, there.rows.get(row.pk, 0), row.provider,
        row.fixed_cost_pence, row.notice_months, notice, row.service_at_risk, row.reason, hasattr(row, "reversed_by"),
        row.reverses_id is not None, row.at, names.get(row.by, NOBODY) if row.by else NOBODY,
    )  # fmt: skip
