"""Stakes and returns of a programme's partners, how they settle, frozen quarters with what changed, and directors' packs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.benefits.investing import (
    BASES,
    SHORT,
    Basis,
    Change,
    PartnerYears,
    Settled,
    changes,
    every_way,
    partner_years,
    settle,
)
from joinedup.benefits.models import (
    DirectorsPack,
    InvestmentAgreement,
    Programme,
    ProgrammePartner,
    QuarterPosition,
)
from joinedup.benefits.permissions import (
    DECIDE_SETTLEMENT,
    FREEZE_PACK,
    READ_PROGRAMMES,
)
from joinedup.benefits.queries.cases import stakes_and_returns
from joinedup.benefits.queries.programmes import ProgrammeSeen, programme_seen
from joinedup.benefits.queries.realising import BenefitSeen, benefits_seen
from joinedup.benefits.realising import due_by, year_begins
from joinedup.core.errors import NotVisible
from joinedup.engines.appraisal import read
from joinedup.engines.appraisal.appraising import Stake
from joinedup.funds.queries import proposals_from


@dataclass(frozen=True)
class PartnerSeen:
    """One partner: what it puts in and gets out, in pence; by year, and what was measured and banked."""

    code: str
    name: str
    years: PartnerYears
    stake_due: int
    due: int
    measured: int
    banked: int
    is_partner: bool = True  # others gain from the cases, too; nobody can settle with them

    @property
    def stake(self) -> int:
        """Over all years."""
        return sum(self.years.costs)

    @property
    def forecast(self) -> int:
        """Over all years."""
        return sum(self.years.returns)

    @property
    def cashable(self) -> int:
        """Over all years."""
        return sum(self.years.cashable)


@dataclass(frozen=True)
class Books:
    """Everything the pages of the investment agreement are made of, read once."""

    programme: ProgrammeSeen
    partners: tuple[PartnerSeen, ...]
    benefits: tuple[BenefitSeen, ...]
    without: tuple[str, ...]
    versions: tuple[InvestmentAgreement, ...]  # the newest first

    @property
    def agreed(self) -> InvestmentAgreement | None:
        """What the partners agreed last."""
        return self.versions[0] if self.versions else None

    def stakes(self, basis: str) -> dict[str, Stake]:
        """What a settlement goes by, in pounds. Measured: what was put in by now and what was measured; of that only what
        was banked is cashable."""
        if basis == Basis.MEASURED:
            return {
                each.code: Stake(each.stake_due / 100, each.measured / 100, each.banked / 100)
                for each in self.partners
                if each.is_partner
            }
        return {each.code: each.years.present for each in self.partners if each.is_partner}

    def years_left(self, on: date) -> int:
        """How many years of the programme begin after this day; the settlement is spread over them."""
        starts = [year_begins(self.programme.starts_on, year) for year in range(self.programme.years)]
        return max(1, sum(start > on for start in starts))


@dataclass(frozen=True)
class VersionSeen:
    """One version of the agreement."""

    number: int
    method: str
    basis: str
    is_capped: bool
    reason: str
    starts_on: date
    transfers: tuple[tuple[str, int], ...]
    unmet: int
    decided_on: date
    decided_by: str


@dataclass(frozen=True)
class InvestmentPage:
    """Stakes, returns and every way of settling; what was agreed; what was frozen; what was proposed."""

    books: Books
    basis: str
    is_capped: bool
    ways: tuple[Settled, ...]
    versions: tuple[VersionSeen, ...]
    positions: tuple[QuarterPosition, ...]
    packs: tuple[DirectorsPack, ...]
    proposals: tuple[dict[str, Any], ...]
    may: frozenset[str]


@dataclass(frozen=True)
class PositionPage:
    """A frozen quarter, and what is different from the one before."""

    position: QuarterPosition
    programme: ProgrammeSeen
    before: QuarterPosition | None
    changes: tuple[Change, ...]
    is_unchanged: bool
    frozen_by: str


def books_of(viewer: Actor, programme_id: UUID) -> Books:
    """Stakes, returns and benefits of a programme as they stand."""
    programme = programme_seen(viewer, programme_id)
    found = stakes_and_returns(viewer, programme_id)
    names = dict(programme.partners)
    on = timezone.localdate(viewer.at)
    benefits = benefits_seen(viewer, programme_id)
    partners = []
    for each in partner_years([read(kept.model) for kept in found.rounds], list(names), programme.years):
        mine = [one for one in benefits if one.partner_code == each.code and one.state != "lost"]
        partners.append(
            PartnerSeen(
                each.code, names.get(each.code, each.code), each, due_by(each.costs, programme.starts_on, on),
                due_by(each.returns, programme.starts_on, on), sum(one.measured or 0 for one in mine),
                sum(one.banked for one in mine), each.code in names,
            )
        )  # fmt: skip
    versions = tuple(InvestmentAgreement.objects.filter(programme=programme_id).order_by("-number"))
    return Books(programme, tuple(partners), tuple(benefits), found.without, versions)


def investment_page(
    viewer: Actor, programme_id: UUID, *, basis: str = "", capped: bool | None = None
) -> InvestmentPage:
    """The investment agreement of a programme. Without a choice it shows what was agreed last, else by forecast."""
    books = books_of(viewer, programme_id)
    agreed = books.agreed
    basis = basis if basis in BASES else agreed.basis if agreed else Basis.FORECAST.value
    is_capped = capped if capped is not None else bool(agreed and agreed.is_capped)
    versions = books.versions
    # One question for the four: they are permitted to the same people.
    may = (
        {"decide", "freeze", "propose", "pack"} if can(viewer, DECIDE_SETTLEMENT, Programme(pk=programme_id)) else set()
    )
    return InvestmentPage(
        books, basis, is_capped, tuple(every_way(books.stakes(basis), capped=is_capped)),
        _versions(viewer, versions, {each.code: each.name for each in books.partners}),
        tuple(QuarterPosition.objects.filter(programme=programme_id).order_by("-number").defer("content")),
        tuple(DirectorsPack.objects.filter(programme=programme_id).order_by("-number").defer("content")),
        tuple(proposals_from(viewer, SOURCE, [str(each.pk) for each in versions])),
        frozenset(may),
    )  # fmt: skip


SOURCE = "benefits.investmentagreement"


def _versions(viewer: Actor, rows: Sequence[InvestmentAgreement], partners: dict[str, str]) -> tuple[VersionSeen, ...]:
    names = names_of_accounts(viewer, {row.decided_by for row in rows if row.decided_by})
    return tuple(
        VersionSeen(
            row.number, SHORT[row.method], BASES[row.basis], row.is_capped, row.reason, row.starts_on,
            tuple((name, int(row.transfers[code])) for code, name in partners.items() if code in row.transfers), row.unmet_pence,
            timezone.localdate(row.decided_at), names.get(row.decided_by, "Joinedup") if row.decided_by else "Joinedup",
        )
        for row in rows
    )  # fmt: skip


def next_years_transfers(books: Books, on: date) -> Settled | None:
    """What each partner would pay in next year by what was agreed last, on the figures of today, spread over the years that
    are left; None where nothing was agreed or these stakes do not allow it."""
    if books.agreed is None:
        return None
    stakes = books.stakes(books.agreed.basis)
    return settle(books.agreed.method, stakes, capped=books.agreed.is_capped, parts=books.years_left(on))


# --- Frozen.


def position_content(viewer: Actor, books: Books) -> dict[str, Any]:
    """How a programme stands at this moment, as data that is frozen; every amount in pence."""
    on = timezone.localdate(viewer.at)
    agreed, coming = books.agreed, next_years_transfers(books, on)
    return {
        "programme": {
            "title": books.programme.title, "reference": books.programme.reference,
            "starts_on": books.programme.starts_on.isoformat(), "is_illustration": books.programme.is_illustration,
        },
        "as_at": on.isoformat(),
        "partners": [
            {
                "code": each.code, "name": each.name, "is_partner": each.is_partner, "stake": each.stake, "stake_due": each.stake_due,
                "forecast": each.forecast, "cashable": each.cashable, "due": each.due, "measured": each.measured,
                "banked": each.banked, "costs": list(each.years.costs), "returns": list(each.years.returns),
            }
            for each in books.partners
        ],
        "benefits": [
            {
                "id": str(each.id), "title": each.title, "partner": each.partner, "partner_code": each.partner_code,
                "strand": each.strand, "state": each.state, "forecast": each.forecast, "due": each.due,
                "measured": each.measured, "banked": each.banked, "level": each.level, "standing": each.standing.words,
            }
            for each in books.benefits
        ],
        "settlement": None
        if agreed is None
        else {
            "number": agreed.number, "method": SHORT[agreed.method], "basis": BASES[agreed.basis], "reason": agreed.reason,
            "is_capped": agreed.is_capped, "transfers": agreed.transfers,
            "next_year": dict(coming.transfers) if coming else {},
        },
        "without": list(books.without),
    }  # fmt: skip


def digest_of(content: object) -> str:
    """The SHA-256 of some content in its one spelling."""
    said = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def position_page(viewer: Actor, position_id: UUID) -> PositionPage:
    """One frozen quarter with what changed since the one before."""
    check(viewer, READ_PROGRAMMES)
    mine = Programme.objects.visible_to(viewer)
    row = QuarterPosition.objects.filter(pk=position_id, programme__in=mine).first()
    if row is None:
        raise NotVisible
    before = position_before(row.programme_id, (row.year, row.quarter), row.number)
    names = names_of_accounts(viewer, {row.frozen_by} if row.frozen_by else set())
    return PositionPage(
        row, programme_seen(viewer, row.programme_id), before, tuple(changes(before.content if before else None, row.content)),
        digest_of(row.content) == row.digest, names.get(row.frozen_by, "Joinedup") if row.frozen_by else "Joinedup",
    )  # fmt: skip


def position_before(programme_id: UUID, quarter: tuple[int, int], number: int) -> QuarterPosition | None:
    """The newest frozen position of an earlier quarter. Inside the part."""
    rows = QuarterPosition.objects.filter(programme=programme_id, number__lt=number).order_by("-number")
    return next((each for each in rows if (each.year, each.quarter) < quarter), None)


def newest_position(programme_id: UUID) -> QuarterPosition | None:
    """What was frozen last. Inside the part."""
    return QuarterPosition.objects.filter(programme=programme_id).order_by("-number").first()


def pack_content(viewer: Actor, books: Books) -> dict[str, Any]:
    """What finance directors are given at this moment: the position, what moved since the last frozen quarter, and what was
    proposed to funds."""
    content = position_content(viewer, books)
    before = newest_position(books.programme.id)
    moved = changes(before.content if before else None, content)
    since = f"quarter {before.quarter} of {before.year}/{(before.year + 1) % 100:02d}" if before else ""
    return content | {
        "since": since, "moved": [{"words": each.words, "pence": each.pence} for each in moved],
        "proposals": proposals_from(viewer, SOURCE, [str(each.pk) for each in books.versions]),
    }  # fmt: skip


@dataclass(frozen=True)
class PackPage:
    """A frozen pack, or how it would be today (without one), for one partner: the viewer's own unless another is chosen."""

    programme: ProgrammeSeen
    pack: DirectorsPack | None
    content: dict[str, Any]
    code: str
    is_unchanged: bool
    may_freeze: bool
    packs: tuple[DirectorsPack, ...]


def live_pack(viewer: Actor, programme_id: UUID, partner: str = "") -> PackPage:
    """The pack as it would be frozen today."""
    books = books_of(viewer, programme_id)
    content = pack_content(viewer, books)
    packs = tuple(DirectorsPack.objects.filter(programme=programme_id).order_by("-number").defer("content"))
    may = can(viewer, FREEZE_PACK, Programme(pk=programme_id))
    return PackPage(books.programme, None, content, _own(viewer, programme_id, content, partner), True, may, packs)


def pack_page(viewer: Actor, pack_id: UUID, partner: str = "") -> PackPage:
    """One frozen pack."""
    check(viewer, READ_PROGRAMMES)
    row = DirectorsPack.objects.filter(pk=pack_id, programme__in=Programme.objects.visible_to(viewer)).first()
    if row is None:
        raise NotVisible
    programme = programme_seen(viewer, row.programme_id)
    code = _own(viewer, row.programme_id, row.content, partner)
    return PackPage(programme, row, row.content, code, digest_of(row.content) == row.digest, False, ())


def _own(viewer: Actor, programme_id: UUID, content: dict[str, Any], partner: str) -> str:
    """Whose page of answers is shown."""
    there = [each["code"] for each in content["partners"] if each["is_partner"]]
    if partner in there:
        return partner
    mine = ProgrammePartner.objects.filter(programme=programme_id, organisation__in=viewer.organisation_ids)
    codes = list(mine.order_by("position").values_list("organisation__code", flat=True))
    return next((code for code in codes if code in there), there[0] if there else "")
