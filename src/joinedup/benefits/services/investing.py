"""How a programme's partners settle, what is frozen each quarter and for each meeting, and what is proposed to funds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.benefits import rules
from joinedup.benefits.investing import BASES, METHODS, settle
from joinedup.benefits.models import (
    DirectorsPack,
    InvestmentAgreement,
    Programme,
    ProgrammePartner,
    QuarterPosition,
    Return,
    Stake,
)
from joinedup.benefits.permissions import DECIDE_SETTLEMENT, FREEZE_PACK, FREEZE_POSITION, PROPOSE_CONTRIBUTIONS
from joinedup.benefits.queries.investing import (
    SOURCE,
    Books,
    books_of,
    digest_of,
    next_years_transfers,
    pack_content,
    position_content,
    position_digest,
)
from joinedup.core.formats import date_long
from joinedup.funds.queries import places_in
from joinedup.funds.services import propose_contributions

if TYPE_CHECKING:
    from joinedup.funds.models import ContributionProposal, Fund


@dataclass(frozen=True)
class SettlementSaid:
    """By which method partners settle, by what it goes, whether nobody pays more than is cashable, why, and from when."""

    method: str
    basis: str
    is_capped: bool
    reason: str
    starts_on: date


@service(DECIDE_SETTLEMENT, on="programme")
def decide_settlement(*, programme: Programme, said: SettlementSaid, by: Actor, at: datetime) -> InvestmentAgreement:
    """Put a way of settling to the partners: the next version, with the stakes, returns and transfers it stands on. It is
    agreed once every one of them has signed it. Raises Refused (BN-440, BN-441)."""
    _lock(programme)
    if not said.reason.strip():
        raise rules.SETTLE_REASON.refused()
    books = books_of(by, programme.pk)
    known = said.method in METHODS and said.basis in BASES
    found = settle(said.method, books.stakes(said.basis), capped=said.is_capped) if known else None
    if found is None:
        raise rules.SETTLE_METHOD.refused()
    made = InvestmentAgreement.objects.create(
        programme=programme, number=InvestmentAgreement.objects.filter(programme=programme).count() + 1, method=said.method,
        basis=said.basis, is_capped=said.is_capped, reason=said.reason.strip(), starts_on=said.starts_on,
        transfers=dict(found.transfers), unmet_pence=found.unmet_pence, decided_at=at, decided_by=by.account_id,
    )  # fmt: skip
    _keep_years(made, books)
    note(subject=made, changed=("settlement",), words={"method": said.method, "number": made.number})
    return made


def _keep_years(made: InvestmentAgreement, books: Books) -> None:
    """The stakes and returns the version stands on."""
    stakes, returns = [], []
    places = _places(made.programme)
    for each in books.partners:
        if each.code not in places:
            continue
        whose = {"agreement": made, "organisation_id": places[each.code]}
        for year, pence in enumerate(each.years.costs):
            stakes.append(Stake(**whose, year=year, pence=pence))
            gain, cash = each.years.returns[year], each.years.cashable[year]
            returns.append(Return(**whose, year=year, pence=gain, cashable_pence=cash))
    Stake.objects.bulk_create(stakes)
    Return.objects.bulk_create(returns)


@service(FREEZE_POSITION, on="programme")
def freeze_position(*, programme: Programme, year: int, quarter: int, by: Actor, at: datetime) -> QuarterPosition:
    """Freeze how the programme stood at the end of a quarter that is over, by what had been recorded then, with a digest over
    the agreement, the quarter and the content; once more, and it corrects the one before. Raises Refused (BN-444)."""
    _lock(programme)
    if quarter not in {1, 2, 3, 4} or timezone.localdate(at) < first_day_after(year, quarter):
        raise rules.QUARTER_OVER.refused()
    books = books_of(by, programme.pk, until=end_of_quarter(year, quarter))
    content = position_content(books) | {"quarter": {"year": year, "quarter": quarter}}
    digest = position_digest(programme.pk, year, quarter, content)
    made = QuarterPosition.objects.create(
        programme=programme, number=QuarterPosition.objects.filter(programme=programme).count() + 1, year=year,
        quarter=quarter, content=content, digest=digest, frozen_at=at, frozen_by=by.account_id,
    )  # fmt: skip
    note(subject=made, changed=("position",), words={"year": year, "quarter": quarter, "digest": made.digest})
    return made


def first_day_after(year: int, quarter: int) -> date:
    """The day after a quarter of a financial year; writes nothing."""
    return date(year, 3 * quarter + 4, 1) if quarter < 3 else date(year + 1, 3 * quarter - 8, 1)


def end_of_quarter(year: int, quarter: int) -> datetime:
    """The last moment of a quarter of a financial year; writes nothing."""
    midnight = datetime.combine(first_day_after(year, quarter), time(), timezone.get_default_timezone())
    return midnight - timedelta(microseconds=1)


@service(PROPOSE_CONTRIBUTIONS, on="programme")
def propose_rebalanced(*, programme: Programme, fund: Fund, by: Actor, at: datetime) -> list[ContributionProposal]:
    """Propose to a fund by how much its partners change what they put in next year, so that they settle as they agreed: on the
    figures of today, less what funds have accepted and what waits in other funds. A partner with nothing left to move has what
    waits for it withdrawn. Nothing in the fund changes until its own people accept it. Raises NotPermitted, Refused (BN-442,
    BN-443, BN-445, and what the fund refuses)."""
    _lock(programme)
    books = books_of(by, programme.pk)
    year = fund.year + 1
    coming, agreed = next_years_transfers(books, year), books.agreed
    if coming is None or agreed is None:
        raise rules.PROPOSE_AGREED_FIRST.refused()
    codes = {each.id: each.code for each in agreed.parties}
    waiting, elsewhere = _waiting(books, fund, year)
    changes = {
        place: coming.change(codes[place.organisation_id], elsewhere[place.organisation_id])
        for place in places_in(by, fund)
        if place.organisation_id in codes
    }
    if not any(
        coming.level.get(codes[each.organisation_id]) or coming.moved.get(codes[each.organisation_id])
        for each in changes
    ):
        raise rules.PROPOSE_FUND.refused()
    if not any(changes.values()) and not waiting:
        raise rules.PROPOSE_NOTHING.refused()
    words = (
        f"{programme.title} ({programme.reference}), investment agreement version {agreed.row.number} of "
        f"{date_long(agreed.row.starts_on)}: {agreed.words.lower()}."
    )
    if programme.is_illustration:
        words += " Illustration: inputs invented."
    made = propose_contributions(
        fund=fund, year=year, changes=changes, words=words, source=(SOURCE, str(agreed.row.pk)),
        earlier=[str(each.row.pk) for each in books.versions], by=by, at=at,
    )  # fmt: skip
    note(subject=programme, changed=("proposals",), words={"fund": fund.code, "proposed": len(made)})
    return made


def _waiting(books: Books, fund: Fund, year: int) -> tuple[set[UUID], Counter[UUID]]:
    """Whose proposal waits in this fund for the year, and what waits of each partner in other funds."""
    here: set[UUID] = set()
    elsewhere: Counter[UUID] = Counter()
    for each in books.moved:
        if each.is_accepted or each.year != year:
            continue
        if each.fund_id == fund.pk:
            here.add(each.organisation_id)
        else:
            elsewhere[each.organisation_id] += each.pence
    return here, elsewhere


@service(FREEZE_PACK, on="programme")
def freeze_pack(*, programme: Programme, meeting_on: date, by: Actor, at: datetime) -> DirectorsPack:
    """Freeze what finance directors are given at a meeting, with its digest."""
    _lock(programme)
    content = pack_content(by, books_of(by, programme.pk)) | {"meeting_on": meeting_on.isoformat()}
    made = DirectorsPack.objects.create(
        programme=programme, number=DirectorsPack.objects.filter(programme=programme).count() + 1, meeting_on=meeting_on,
        content=content, digest=digest_of(content), frozen_at=at, frozen_by=by.account_id,
    )  # fmt: skip
    note(subject=made, changed=("pack",), words={"meeting_on": meeting_on.isoformat(), "digest": made.digest})
    return made


def _places(programme: Programme) -> dict[str, UUID]:
    """The organisations of a programme by their code."""
    rows = ProgrammePartner.objects.filter(programme=programme)
    return dict(rows.values_list("organisation__code", "organisation_id"))


def _lock(programme: Programme) -> None:
    programme.refresh_from_db(from_queryset=Programme.objects.select_for_update(of=("self",)))
