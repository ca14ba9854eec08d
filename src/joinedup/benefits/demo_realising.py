"""The demo's benefits: one banked with its posting and its claims, one lost, one measured, one not due yet; two quarters
frozen, a signed settlement proposed to a fund, avoided events and a pack. Invented, and said to be on every page."""

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
from joinedup.benefits.queries.measured import effect_now
from joinedup.benefits.queries.realising import claims_worth
from joinedup.benefits.queries.signing import settlement_seen
from joinedup.benefits.realising import AVOIDED_KINDS, episode_of
from joinedup.benefits.services.avoided import EventSaid, claim_event
from joinedup.benefits.services.investing import (
    SettlementSaid,
    decide_settlement,
    end_of_quarter,
    first_day_after,
    freeze_pack,
    freeze_position,
    propose_rebalanced,
)
from joinedup.benefits.services.realising import BankSaid, MoveSaid, bank_benefit, move_benefit, take_up_benefits
from joinedup.benefits.services.signing import SignatureSaid, sign_settlement
from joinedup.casework.queries import own_cases
from joinedup.engines.periods import financial_year
from joinedup.funds.queries import funds_to_propose_to, reductions_of
from joinedup.organisations.queries import posts_of_organisations, posts_with_role
from joinedup.outcomes.queries import latest_reading, series_to_choose

if TYPE_CHECKING:
    from uuid import UUID

    from joinedup.benefits.models import Programme

_CLAIMS = 4
_MOST_BANKED, _MEASURED = 1_200_000, 2_400_000  # pence


def load(programme: Programme, at: datetime) -> None:
    """What was realised by `at`, quarter by quarter: benefits were taken up before the older of two quarters ended, and some of
    them measured before the newer one did, so that the frozen quarters differ."""
    by = system(at)
    newer, older = _quarters_over(at)
    taken_up = begun(at)
    take_up_benefits(programme=programme, by=system(taken_up), at=taken_up)
    _settle(programme, taken_up)
    banked = _realise(programme, end_of_quarter(*newer) - timedelta(days=12))
    for (year, quarter), days in ((older, 40), (newer, 8)):
        later = at - timedelta(days=days)
        freeze_position(programme=programme, year=year, quarter=quarter, by=system(later), at=later)
    if banked is not None:
        _claim(banked, at - timedelta(days=3))
        _bank(banked, at - timedelta(days=2))
    for fund in funds_to_propose_to(by):
        if fund.code == "COMM":
            propose_rebalanced(programme=programme, fund=fund, by=by, at=at)
    freeze_pack(programme=programme, meeting_on=timezone.localdate(at) + timedelta(days=10), by=by, at=at)


def first_day(at: datetime) -> date:
    """The first of April on which the programme begins: that of the year of the older quarter, so that on every day of the
    calendar two quarters of the programme are over and benefits, claims and postings lie within it."""
    return date(_quarters_over(at)[1][0], 4, 1)


def begun(at: datetime) -> datetime:
    """When the programme was set up and its benefits were taken up: before the older of the two quarters ended."""
    return end_of_quarter(*_quarters_over(at)[1]) - timedelta(days=12)


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
    council = [each for each in begun if each.organisation.code == "COUNCIL" and each.episode] or begun
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
            "Fewer were recorded than in the year before.",
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
    effect = effect_now(by, series, row)
    said = MoveSaid(
        end, "The quarter’s review (invented).", f"{evidence} Invented.", series, min(3, effect.step if effect else 1), max(1, pence),
        "Counted from the cases of the strand, not from the whole town (invented).",
    )  # fmt: skip
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
        claims = claims_worth(row)
        pence = min(
            _MOST_BANKED, source.pence, (row.measured_pence or 0) // 2, claims[1] // 2 if claims else _MOST_BANKED
        )
        if pence <= 0:
            return
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
    row = decide_settlement(programme=programme, said=said, by=system(at), at=at)
    for party in settlement_seen(row).parties:
        signs = _director(at, party.id) or system(at)
        minute = f"{party.name}, minute of the quarter (invented)"
        told = SignatureSaid(party.id, timezone.localdate(at), minute, "Director of finance (invented)")
        sign_settlement(settlement=row, said=told, by=signs, at=at)


def _director(at: datetime, organisation_id: UUID) -> Actor | None:
    """Who signs for a body."""
    chief = _person(Role.CHIEF_FINANCE_OFFICER, at, organisation_id)
    return chief or _person(Role.FINANCE_DIRECTOR, at, organisation_id)


def _claim(row: Benefit, at: datetime) -> None:
    """A key worker claims avoided events of children from the cases they lead."""
    kind = next((kind for kind in AVOIDED_KINDS if episode_of(kind) == row.episode), "care_entry")
    for post in posts_with_role(system(at), Role.KEY_WORKER):
        worker = actor_for_account(post.account_id, at=at) if post.account.name == "Amira Testerly" else None
        for led in own_cases(worker, most=_CLAIMS) if worker else ():
            page = claim_page(worker, led.id) if worker else None
            if worker is None or page is None or not page.people:
                continue
            ends = timezone.localdate(at) - timedelta(days=20)
            begins = max(ends - timedelta(days=60), row.case.strand.programme.starts_on)
            if begins > ends:
                return  # the programme is too young
            said = EventSaid(page.people[0][0], kind, begins, ends, "What was feared did not happen (invented).")  # fmt: skip
            claim_event(case=page.case, benefit=row, said=said, by=worker, at=at)


def _person(role: Role, at: datetime, organisation_id: UUID) -> Actor | None:
    """Whoever holds a role at an organisation."""
    for _, post in posts_of_organisations(system(at), [organisation_id]):
        if post.role == role:
            return actor_for_account(post.account_id, at=at)
    return None
