"""Who may see and run programmes, business cases and benefits. Whose programmes: `visible_to` and the partners decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor, Standing
from joinedup.access.permissions import declare
from joinedup.access.roles import FINANCE, Role
from joinedup.benefits.models import ProgrammePartner
from joinedup.funds.queries import is_partner_of_fund

_CHIEFS = frozenset({Role.CHIEF_FINANCE_OFFICER})
_DIRECTORS = _CHIEFS | {Role.FINANCE_DIRECTOR}
_RUN = frozenset({Role.PROGRAMME_MANAGER, Role.COMMISSIONER})
_READ = FINANCE | _RUN
_OF_PARTNER = "of a partner of the programme"


def _organisations(viewer: Actor, roles: frozenset[Role]) -> set[UUID]:
    return {each.organisation_id for each in viewer.standings if each.role in roles}


def _is_partner(viewer: Actor, programme_id: UUID, roles: frozenset[Role]) -> bool:
    """A post of theirs with one of the roles stands for a partner of the programme."""
    there = ProgrammePartner.objects.filter(programme_id=programme_id)
    return there.filter(organisation_id__in=_organisations(viewer, roles)).exists()


def of_programme(roles: frozenset[Role]) -> Any:
    """For a programme, or what belongs to one."""
    return lambda viewer, record: _is_partner(viewer, getattr(record, "programme_id", record.pk), roles)


READ_PROGRAMMES = declare("benefits.read_programmes", "see programmes, their business cases and benefits", roles=_READ)
SET_UP_PROGRAMME = declare("benefits.set_up_programme", "set up a programme", roles=_RUN)
RUN_PROGRAMME = declare(
    "benefits.run_programme", "change a programme and its strands", roles=_RUN, within=of_programme(_RUN),
    within_sentence=_OF_PARTNER,
)  # fmt: skip
_WORK_WITH_FAMILIES = frozenset({Role.KEY_WORKER, Role.TEAM_MANAGER})
NAME_FAMILIES = declare(
    "benefits.name_families", "put families they work with into a strand, or end their time in it",
    roles=_RUN | _WORK_WITH_FAMILIES, within=of_programme(_RUN | _WORK_WITH_FAMILIES), within_sentence=_OF_PARTNER,
)  # fmt: skip


def works_with_families(viewer: Actor) -> bool:
    """Whether they hold a post in which one has cases of one's own, and so families to name."""
    return any(each.role in _WORK_WITH_FAMILIES for each in viewer.standings)


REFRESH_COHORTS = declare("benefits.refresh_cohorts", "have every strand’s families found again", roles=_RUN)
KEEP_CLAIMS = declare("benefits.keep_claims", "keep the register of published figures", roles=_RUN)


# --- Business cases.
def _may_write(viewer: Actor, record: Any) -> bool:
    """Of a case or a strand: those who run the programme, and the directors of the partner that sponsors the strand."""
    if _is_partner(viewer, record.programme_id, _RUN):
        return True
    return getattr(record, "strand", record).sponsor_id in _organisations(viewer, _DIRECTORS)


_WRITE = _RUN | _DIRECTORS
_WRITERS = "of a partner of the programme (a finance director, of the strand’s sponsor)"

WRITE_CASE = declare(
    "benefits.write_case", "write a business case", roles=_WRITE, within=_may_write, within_sentence=_WRITERS
)
KEEP_ROUND = declare(
    "benefits.keep_round", "keep a round of a business case", roles=_WRITE, within=_may_write, within_sentence=_WRITERS
)


# --- What was realised, and the investment agreement.
def _gains(viewer: Actor, benefit: Any) -> bool:
    """Nobody banks for another partner."""
    return benefit.organisation_id in _organisations(viewer, _DIRECTORS)


_ANY_OF_PROGRAMME = _RUN | _DIRECTORS
_AROUND = frozenset({Role.KEY_WORKER, Role.TEAM_MANAGER})

TAKE_UP_BENEFITS = declare(
    "benefits.take_up_benefits", "take up the benefits of a round", roles=_RUN, within=of_programme(_RUN),
    within_sentence=_OF_PARTNER,
)  # fmt: skip
MOVE_BENEFIT = declare(
    "benefits.move_benefit", "say how far a benefit has come", roles=_RUN, within=of_programme(_RUN),
    within_sentence=_OF_PARTNER,
)  # fmt: skip
BANK_BENEFIT = declare(
    "benefits.bank_benefit", "bank a benefit or take back what was banked", roles=_DIRECTORS, within=_gains,
    within_sentence="of the partner that gains it",
)  # fmt: skip
CLAIM_EVENT = declare("benefits.claim_event", "claim an event that was avoided", roles=_AROUND)
RELEASE_EVENT = declare(
    "benefits.release_event", "give up the claim to an avoided event", roles=_RUN,
    within=lambda viewer, event: _is_partner(viewer, event.benefit.programme_id, _RUN), within_sentence=_OF_PARTNER,
)  # fmt: skip
DECIDE_SETTLEMENT = declare(
    "benefits.decide_settlement", "record how partners settle", roles=_ANY_OF_PROGRAMME,
    within=of_programme(_ANY_OF_PROGRAMME), within_sentence=_OF_PARTNER,
)  # fmt: skip


def bodies_signed_for(viewer: Actor) -> set[UUID]:
    """The organisations the viewer may sign for, as their finance director or chief finance officer."""
    return _organisations(viewer, _DIRECTORS)


def post_that_signs(viewer: Actor, organisation_id: UUID) -> Standing | None:
    """The post by which the viewer signs for an organisation."""
    return next(
        (each for each in viewer.standings if each.role in _DIRECTORS and each.organisation_id == organisation_id), None
    )


def _is_party(viewer: Actor, settlement: Any) -> bool:
    return bool(settlement.stakes.filter(organisation_id__in=bodies_signed_for(viewer)).exists())


SIGN_SETTLEMENT = declare(
    "benefits.sign_settlement", "sign for a partner how partners settle", roles=_DIRECTORS, within=_is_party,
    within_sentence="of the partner they sign for",
)  # fmt: skip
FREEZE_POSITION = declare(
    "benefits.freeze_position", "freeze how a programme stands at the end of a quarter", roles=_ANY_OF_PROGRAMME,
    within=of_programme(_ANY_OF_PROGRAMME), within_sentence=_OF_PARTNER,
)  # fmt: skip
PROPOSE_CONTRIBUTIONS = declare(
    "benefits.propose_contributions", "propose next year’s contributions to a fund", roles=_ANY_OF_PROGRAMME,
    within=of_programme(_ANY_OF_PROGRAMME), within_sentence=_OF_PARTNER,
)  # fmt: skip
FREEZE_PACK = declare(
    "benefits.freeze_pack", "freeze what finance directors are given", roles=_ANY_OF_PROGRAMME,
    within=of_programme(_ANY_OF_PROGRAMME), within_sentence=_OF_PARTNER,
)  # fmt: skip
REMIND_OF_PACKS = declare("benefits.remind_of_packs", "have finance directors reminded of the next pack", roles=_RUN)


# --- What activity costs.
def _of_fund(viewer: Actor, fund: Any) -> bool:
    return is_partner_of_fund(viewer, fund, _organisations(viewer, _KEEP_COSTING))


_KEEP_COSTING = _RUN | _DIRECTORS | {Role.POOL_MANAGER}

READ_COSTING = declare("benefits.read_costing", "see what activity costs beside what was spent", roles=_READ)
KEEP_PRICES = declare(
    "benefits.keep_prices", "keep the unit costs of activity and of outcomes", roles=_RUN | _DIRECTORS
)
PLAN_ACTIVITY = declare(
    "benefits.plan_activity", "plan the activity that a fund pays for", roles=_KEEP_COSTING, within=_of_fund,
    within_sentence="of a partner of the fund’s agreement",
)  # fmt: skip
KEEP_ACTIVITY_REPORT = declare(
    "benefits.keep_activity_report", "keep a report of what activity cost", roles=_KEEP_COSTING, within=_of_fund,
    within_sentence="of a partner of the fund’s agreement",
)  # fmt: skip
