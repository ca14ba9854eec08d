"""Stakes and returns of a programme's partners, how they settle, frozen quarters with what changed, and directors' packs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.benefits.investing import (
    BASES,
    SHORT,
    Accepted,
    Basis,
    Change,
    PartnerYears,
    Settled,
    changes,
    every_way,
    moved_before,
    next_years_level,
    partner_years,
    settle,
)
from joinedup.benefits.models import (
    DirectorsPack,
    Programme,
    ProgrammePartner,
    QuarterPosition,
)
from joinedup.benefits.permissions import (
    DECIDE_SETTLEMENT,
    FREEZE_PACK,
    READ_PROGRAMMES,
    bodies_signed_for,
)
from joinedup.benefits.queries.cases import stakes_and_returns
from joinedup.benefits.queries.parameters import parameters_of_programme
from joinedup.benefits.queries.programmes import ProgrammeSeen, programme_seen
from joinedup.benefits.queries.quarters import programme_then
from joinedup.benefits.queries.realising import BenefitSeen, benefits_seen
from joinedup.benefits.queries.signing import Settlement, settlements_of
from joinedup.benefits.realising import due_by, year_begins
from joinedup.core.errors import NotVisible
from joinedup.core.formats import date_long
from joinedup.engines.appraisal import Model, read
from joinedup.engines.appraisal.appraising import Stake
from joinedup.engines.periods import financial_year
from joinedup.funds.queries import Moved, funds_among, moved_by, proposals_from

SOURCE = "benefits.investmentagreement"


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
    """Everything the pages of the investment agreement are made of, read once, as it stood on a day."""

    programme: ProgrammeSeen
    on: date
    partners: tuple[PartnerSeen, ...]
    benefits: tuple[BenefitSeen, ...]
    without: tuple[str, ...]
    versions: tuple[Settlement, ...]  # the newest first
    moved: tuple[Moved, ...]  # what funds accepted of it, and what waits there

    @property
    def agreed(self) -> Settlement | None:
        """What the partners agreed last: the newest version that every one of them has signed."""
        return next((each for each in self.versions if each.is_agreed), None)

    @property
    def to_sign(self) -> Settlement | None:
        """The newest version, while somebody has not signed it."""
        return self.versions[0] if self.versions and not self.versions[0].is_agreed else None

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

    def years_left(self, year: int) -> int:
        """How many years of the programme begin in this financial year or later; what is left to settle is spread over them."""
        starts = [year_begins(self.programme.starts_on, each) for each in range(self.programme.years)]
        return sum(start >= date(year, 4, 1) for start in starts)


@dataclass(frozen=True)
class NextYear:
    """What each partner is to pay in a year (below nought: is paid), how much of it what funds accepted moves already, and
    what waits in funds; by the partner's code, in pence."""

    level: dict[str, int]
    moved: dict[str, int]

    def change(self, code: str, waiting: int = 0) -> int:
        """What is left to be moved of a partner."""
        return self.level.get(code, 0) - self.moved.get(code, 0) - waiting


@dataclass(frozen=True)
class VersionSeen:
    """One version of the agreement."""

    id: UUID
    number: int
    is_agreed: bool
    signed: tuple[tuple[str, str], ...]
    unsigned: tuple[str, ...]
    method: str
    basis: str
    is_capped: bool
    reason: str
    starts_on: date
    transfers: tuple[tuple[str, int], ...]
    unmet: int
    decided_on: date
    decided_by: str
    is_before_signing: bool


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
    may_sign: bool


@dataclass(frozen=True)
class PositionPage:
    """A frozen quarter, and what is different from the one before."""

    position: QuarterPosition
    programme: ProgrammeSeen
    before: QuarterPosition | None
    changes: tuple[Change, ...]
    is_unchanged: bool
    frozen_by: str

    @property
    def as_at(self) -> date:
        """The day it says how things stood on."""
        return date.fromisoformat(self.position.content["as_at"])


def books_of(viewer: Actor, programme_id: UUID, *, until: datetime | None = None) -> Books:
    """Stakes, returns and benefits of a programme as they stand, or as they stood at a moment."""
    programme = programme_seen(viewer, programme_id)
    on = timezone.localdate(until or viewer.at)
    if until is None:
        found = stakes_and_returns(viewer, programme_id)
        models, without = [read(kept.model) for kept in found.rounds], found.without
        benefits = tuple(benefits_seen(viewer, programme_id))
    else:
        then = programme_then(viewer, programme_id, until)
        models, without, benefits = list(then.models), then.without, then.benefits
    versions = settlements_of(programme_id, until=until)
    return Books(
        programme, on, tuple(_partners(programme, models, benefits, on)), benefits, without, versions,
        tuple(moved_by(viewer, SOURCE, [str(each.row.pk) for each in versions], until=until)),
    )  # fmt: skip


def _partners(
    programme: ProgrammeSeen, models: Sequence[Model], benefits: Sequence[BenefitSeen], on: date
) -> list[PartnerSeen]:
    names = dict(programme.partners)
    partners = []
    for each in partner_years(models, list(names), programme.years):
        mine = [one for one in benefits if one.partner_code == each.code and one.state != "lost"]
        partners.append(
            PartnerSeen(
                each.code, names.get(each.code, each.code), each, due_by(each.costs, programme.starts_on, on),
                due_by(each.returns, programme.starts_on, on), sum(one.measured or 0 for one in mine),
                sum(one.banked for one in mine), each.code in names,
            )
        )  # fmt: skip
    return partners


def investment_page(
    viewer: Actor, programme_id: UUID, *, basis: str = "", capped: bool | None = None
) -> InvestmentPage:
    """The investment agreement of a programme. Without a choice it shows what was agreed last, else by forecast."""
    books = books_of(viewer, programme_id)
    agreed = books.agreed
    basis = basis if basis in BASES else agreed.row.basis if agreed else Basis.FORECAST.value
    is_capped = capped if capped is not None else bool(agreed and agreed.row.is_capped)
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
        tuple(proposals_from(viewer, SOURCE, [str(each.row.pk) for each in versions])),
        frozenset(may), books.to_sign is not None and _may_sign(viewer, books.to_sign),
    )  # fmt: skip


def _may_sign(viewer: Actor, settlement: Settlement) -> bool:
    bodies = bodies_signed_for(viewer)
    return any(each.id in bodies for each in settlement.unsigned)


def _versions(viewer: Actor, seen: Sequence[Settlement], partners: dict[str, str]) -> tuple[VersionSeen, ...]:
    names = names_of_accounts(viewer, {each.row.decided_by for each in seen if each.row.decided_by})
    return tuple(
        VersionSeen(
            row.pk, row.number, each.is_agreed,
            tuple((one.party.name, f"{one.name}, {one.authority}, {date_long(one.signed_on)}: {one.minute}") for one in each.signatures),
            tuple(one.name for one in each.unsigned), SHORT[row.method], BASES[row.basis], row.is_capped, row.reason, row.starts_on,
            tuple((name, int(row.transfers[code])) for code, name in partners.items() if code in row.transfers), row.unmet_pence,
            timezone.localdate(row.decided_at), names.get(row.decided_by, "Joinedup") if row.decided_by else "Joinedup",
            row.is_before_signing and not each.is_agreed,
        )
        for each in seen
        for row in (each.row,)
    )  # fmt: skip


def next_years_transfers(books: Books, year: int) -> NextYear | None:
    """What each partner is to pay in a financial year by what was agreed last: on the figures of today, less what the funds
    accepted in the years before, in equal parts over the years that are left. None where nothing is agreed or these stakes do
    not allow it. After the last year of the programme it is nothing."""
    agreed = books.agreed
    if agreed is None:
        return None
    whole = settle(agreed.row.method, books.stakes(agreed.row.basis), capped=agreed.row.is_capped)
    if whole is None:
        return None
    codes = {each.id: each.code for one in books.versions for each in one.parties}
    accepted = [
        Accepted(codes[each.organisation_id], each.year, each.pence)
        for each in books.moved
        if each.is_accepted and each.organisation_id in codes
    ]
    before, moved = moved_before(accepted, year)
    years = books.years_left(year)
    level = next_years_level(whole.transfers, before, years) if years else dict.fromkeys(whole.transfers, 0)
    return NextYear(level, moved)


# --- Frozen.


def position_content(books: Books) -> dict[str, Any]:
    """How a programme stands on the day of its books, as data that is frozen; every amount in pence."""
    on, agreed, waiting = books.on, books.agreed, books.to_sign
    coming = next_years_transfers(books, financial_year(on).starts_on.year + 1)
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
            **_frozen(agreed), "next_year": coming.level if coming else {}, "moved": coming.moved if coming else {},
        },
        "to_sign": None if waiting is None else _frozen(waiting) | {"unsigned": [each.code for each in waiting.unsigned]},
        "without": list(books.without),
    }  # fmt: skip


def _frozen(seen: Settlement) -> dict[str, Any]:
    row = seen.row
    return {
        "id": str(row.pk), "number": row.number, "method": SHORT[row.method], "basis": BASES[row.basis], "reason": row.reason,
        "is_capped": row.is_capped, "transfers": row.transfers,
        "signed": [
            {
                "partner": each.party.name, "name": each.name, "authority": each.authority, "minute": each.minute,
                "signed_on": each.signed_on.isoformat(),
            }
            for each in seen.signatures
        ],
    }  # fmt: skip


def position_digest(programme_id: UUID, year: int, quarter: int, content: dict[str, Any]) -> str:
    """The hash of a frozen quarter: over the programme, the version of its agreement, the quarter and the content."""
    agreed = content.get("settlement") or {}
    said = {
        "programme": str(programme_id), "agreement": agreed.get("id", ""), "version": agreed.get("number", 0), "year": year,
        "quarter": quarter, "content": content,
    }  # fmt: skip
    return digest_of(said)


def _is_as_frozen(row: QuarterPosition) -> bool:
    """What was frozen before quarters said which they are has the hash of its content alone."""
    if "quarter" not in row.content:
        return digest_of(row.content) == row.digest
    return position_digest(row.programme_id, row.year, row.quarter, row.content) == row.digest


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
        _is_as_frozen(row), names.get(row.frozen_by, "Joinedup") if row.frozen_by else "Joinedup",
    )  # fmt: skip


def position_before(programme_id: UUID, quarter: tuple[int, int], number: int) -> QuarterPosition | None:
    """The newest frozen position of an earlier quarter. Inside the part."""
    rows = QuarterPosition.objects.filter(programme=programme_id, number__lt=number).order_by("-number")
    return next((each for each in rows if (each.year, each.quarter) < quarter), None)


def newest_position(programme_id: UUID) -> QuarterPosition | None:
    """What was frozen last. Inside the part."""
    return QuarterPosition.objects.filter(programme=programme_id).order_by("-number").first()


def pack_content(viewer: Actor, books: Books) -> dict[str, Any]:
    """What finance directors are given at this moment: the position, what moved since the last frozen quarter, what was
    proposed to funds, and the parameters it all rests on. It is for every reader; `_as_seen` narrows it to one."""
    content = position_content(books)
    before = newest_position(books.programme.id)
    moved = changes(before.content if before else None, content)
    since = f"quarter {before.quarter} of {before.year}/{(before.year + 1) % 100:02d}" if before else ""
    return content | {
        "since": since, "moved": [{"words": each.words, "pence": each.pence} for each in moved],
        "proposals": proposals_from(viewer, SOURCE, [str(each.row.pk) for each in books.versions], everywhere=True),
        **parameters_of_programme(viewer, books.programme.id).as_content(),
    }  # fmt: skip


def _as_seen(viewer: Actor, content: dict[str, Any]) -> dict[str, Any]:
    """What a pack says to this reader: proposals only of funds they may see, whoever froze it."""
    there = content.get("proposals", [])
    seen = funds_among(viewer, {each["fund_id"] for each in there})
    return content | {"proposals": [each for each in there if each["fund_id"] in seen]}


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
    content = _as_seen(viewer, pack_content(viewer, books))
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
    return PackPage(
        programme, row, _as_seen(viewer, row.content), code, digest_of(row.content) == row.digest, False, ()
    )


def _own(viewer: Actor, programme_id: UUID, content: dict[str, Any], partner: str) -> str:
    """Whose page of answers is shown."""
    there = [each["code"] for each in content["partners"] if each["is_partner"]]
    if partner in there:
        return partner
    mine = ProgrammePartner.objects.filter(programme=programme_id, organisation__in=viewer.organisation_ids)
    codes = list(mine.order_by("position").values_list("organisation__code", flat=True))
    return next((code for code in codes if code in there), there[0] if there else "")
