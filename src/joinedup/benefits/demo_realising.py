"""The demo's benefits: one banked with its posting, one lost, one measured, one not due yet; two quarters frozen, a settlement
proposed to a fund, an avoided event and a pack. Invented, and said to be on every page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.queries import actor_for_account
from joinedup.access.roles import Role
from joinedup.benefits.lifecycle import BenefitState
from joinedup.benefits.models import Benefit
from joinedup.benefits.queries.avoided import claim_page
from joinedup.benefits.services.avoided import EventSaid, claim_event
from joinedup.benefits.services.investing import (
    SettlementSaid,
    decide_settlement,
    first_day_after,
    freeze_pack,
    freeze_position,
    propose_rebalanced,
)
from joinedup.benefits.services.realising import BankSaid, MoveSaid, bank_benefit, move_benefit, take_up_benefits
from joinedup.casework.queries import own_cases
from joinedup.engines.periods import financial_year
from joinedup.funds.queries import funds_to_propose_to, reductions_of
from joinedup.organisations.queries import posts_of_organisations, posts_with_role
from joinedup.outcomes.queries import latest_reading, series_to_choose

if TYPE_CHECKING:
    from uuid import UUID

    from joinedup.benefits.models import Programme

_MOST_BANKED, _MEASURED = 1_200_000, 2_400_000  # pence


def load(programme: Programme, at: datetime) -> None:
    """What was realised by `at`, quarter by quarter."""
    by = system(at)
    quarters = _quarters_over(at)
    then = at - timedelta(days=40)
    take_up_benefits(programme=programme, by=system(then), at=then)
    year, quarter = quarters[1]
    freeze_position(programme=programme, year=year, quarter=quarter, by=system(then), at=then)
    _settle(programme, then)
    banked = _realise(programme, at - timedelta(days=12))
    later = at - timedelta(days=8)
    year, quarter = quarters[0]
    freeze_position(programme=programme, year=year, quarter=quarter, by=system(later), at=later)
    if banked is not None:
        _bank(banked, at - timedelta(days=2))
        _claim(banked, at)
    for fund in funds_to_propose_to(by):
        if fund.code == "COMM":
            propose_rebalanced(programme=programme, fund=fund, by=by, at=at)
    freeze_pack(programme=programme, meeting_on=timezone.localdate(at) + timedelta(days=10), by=by, at=at)


def _quarters_over(at: datetime) -> list[tuple[int, int]]:
    """The last two quarters that were over forty days before `at`, the newest first."""
    on = timezone.localdate(at - timedelta(days=40))
    year = financial_year(on).starts_on.year
    past = [(each, quarter) for each in (year, year - 1) for quarter in (4, 3, 2, 1)]
    return [each for each in past if first_day_after(*each) <= on][:2]


def _realise(programme: Programme, at: datetime) -> Benefit | None:
    """One of the council's and one of another partner realised, one emerging, one lost; the others stay forecast."""
    by, series = system(at), _series(at)
    rows = list(
        Benefit.objects.filter(case__strand__programme=programme, forecast_pence__gt=0)
        .select_related("case__strand", "organisation")
        .order_by("case__strand__position", "starts_on", "organisation__code", "key")
    )
    begun = [each for each in rows if each.starts_on <= timezone.localdate(at)] or rows
    council = [each for each in begun if each.organisation.code == "COUNCIL"]
    others = [each for each in begun if each.organisation.code != "COUNCIL"]
    if series is None or not council:
        return None
    worth = min(council[0].forecast_pence, _MEASURED)
    for end, pence in ((BenefitState.EMERGING, worth // 4), (BenefitState.REALISED, worth)):
        _move(
            council[0],
            end,
            series,
            pence,
            "Fewer than the baseline leads one to expect, and fewer than in the comparable group.",
            by,
            at,
        )
    for each in others[:1]:
        _move(
            each, BenefitState.EMERGING, series, each.forecast[0] // 10, "Calls fell in two of four localities.", by, at
        )
    for each in others[1:2]:
        said = MoveSaid(BenefitState.LOST, "The partner’s contract was let again at the old price before demand fell.")
        move_benefit(benefit=each, said=said, by=by, at=at)
    return council[0]


def _move(row: Benefit, end: BenefitState, series: UUID, pence: int, evidence: str, by: Actor, at: datetime) -> None:
    said = MoveSaid(end, "The quarter’s review (invented).", f"{evidence} Invented.", series, 3, max(1, pence))
    move_benefit(benefit=row, said=said, by=by, at=at)


def _series(at: datetime) -> UUID | None:
    """The first series whose newest reading tells of enough people to be shown."""
    by = system(at)
    for each in series_to_choose(by):
        reading = latest_reading(by, each.id)
        if reading is not None and not reading.is_hidden:
            return each.id
    return None


def _bank(row: Benefit, at: datetime) -> None:
    """The council's chief finance officer banks a part of it from the virement that lowered short breaks."""
    director = _person(Role.CHIEF_FINANCE_OFFICER, at, row.organisation_id)
    if director is None:
        return
    for source in reductions_of(director, row.organisation_id):
        row.refresh_from_db()
        pence = min(_MOST_BANKED, source.pence, (row.measured_pence or 0) // 2)
        said = BankSaid(
            source.posting_id, pence, "Two short-break contracts were not renewed (invented).", "Placeholder Short Breaks",
            pence // 4, 6, "The Saturday club in the east of the town",
        )  # fmt: skip
        bank_benefit(benefit=row, said=said, key=f"demo {source.posting_id}", by=director, at=at)
        return


def _settle(programme: Programme, at: datetime) -> None:
    said = SettlementSaid(
        "equal_return", "forecast", False, "Finance directors, meeting of the quarter, minute 4 (invented): one pound is one pound.",
        date(at.year, at.month, 1),
    )  # fmt: skip
    decide_settlement(programme=programme, said=said, by=system(at), at=at)


def _claim(row: Benefit, at: datetime) -> None:
    """A key worker claims a child's avoided event from the case they lead."""
    for post in posts_with_role(system(at), Role.KEY_WORKER):
        worker = actor_for_account(post.account_id, at=at) if post.account.name == "Amira Testerly" else None
        led = own_cases(worker, most=1) if worker else ()
        if worker is None or not led:
            continue
        page = claim_page(worker, led[0].id)
        ends = timezone.localdate(at) - timedelta(days=20)
        said = EventSaid(page.people[0][0], "care_entry", ends - timedelta(days=60), ends, "The panel did not need to meet (invented).")  # fmt: skip
        claim_event(case=page.case, benefit=row, said=said, by=worker, at=at)
        return


def _person(role: Role, at: datetime, organisation_id: UUID) -> Actor | None:
    """Whoever holds a role at an organisation."""
    for _, post in posts_of_organisations(system(at), [organisation_id]):
        if post.role == role:
            return actor_for_account(post.account_id, at=at)
    return None
