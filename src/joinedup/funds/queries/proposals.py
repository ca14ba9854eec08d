"""Contributions that another part proposes, as the fund's own people see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.queries import names_of_accounts
from joinedup.access.roles import Role
from joinedup.core.errors import NotVisible
from joinedup.funds.lifecycle import WORKING
from joinedup.funds.models import AgreementPartner, Contribution, ContributionProposal, Fund
from joinedup.funds.permissions import PROPOSE_CONTRIBUTIONS, READ_FUNDS, SET_CONTRIBUTION
from joinedup.funds.queries.seen import fund_for_change, year_words


@dataclass(frozen=True)
class ProposalSeen:
    """A proposal with what the partner puts in now and what it would come to."""

    id: UUID
    partner: str
    year_words: str
    now_pence: int
    change_pence: int
    words: str
    state: str
    state_words: str
    decision: str
    proposed_at: datetime
    proposed_by: str
    decided_at: datetime | None
    decided_by: str
    may_accept: bool = False

    @property
    def then_pence(self) -> int:
        """What the partner would put in."""
        return self.now_pence + self.change_pence


@dataclass(frozen=True)
class ProposalsPage:
    """Everything proposed for a fund, what waits first."""

    fund: Fund
    rows: tuple[ProposalSeen, ...]
    may_decide: bool


_ANSWERS = frozenset({Role.CHIEF_FINANCE_OFFICER, Role.FINANCE_DIRECTOR, Role.POOL_MANAGER})


def answers_for_money_of(viewer: Actor) -> set[UUID]:
    """The organisations whose money the viewer answers for, by a post held now. Inside the part."""
    return {each.organisation_id for each in viewer.standings if each.role in _ANSWERS}


def contribution_before(proposal: ContributionProposal) -> Contribution | None:
    """What a proposal builds on: the cash contribution of its year where one is set, else of the year before; of several
    the largest. Inside the part."""
    rows = Contribution.objects.filter(fund=proposal.fund_id, partner=proposal.partner_id, kind="cash")
    found = rows.filter(year__in=[proposal.year, proposal.year - 1]).select_related("stream")
    return found.order_by("-year", "-agreed_pence", "pk").first()


def proposals_of(viewer: Actor, fund_id: UUID) -> ProposalsPage:
    """What is proposed for a fund of the viewer's organisations."""
    fund = fund_for_change(viewer, fund_id)
    rows = list(_rows().filter(fund=fund).order_by("-proposed_at", "partner__position", "pk")[:100])
    names = names_of_accounts(viewer, {key for row in rows for key in (row.proposed_by, row.decided_by) if key})
    now = _now(fund, rows)
    mine = answers_for_money_of(viewer)
    shown = [
        replace(
            _seen(row, now.get((row.partner_id, row.year), 0), names),
            may_accept=row.partner.organisation_id in mine
            and (row.proposed_by is None or row.proposed_by != viewer.account_id),
        )
        for row in rows
    ]
    return ProposalsPage(
        fund, tuple(sorted(shown, key=lambda each: each.state != "waits")), can(viewer, SET_CONTRIBUTION, fund)
    )


def proposal_for_change(viewer: Actor, proposal_id: UUID) -> ContributionProposal:
    """One proposal of a fund the viewer may see, to hand to a service."""
    found = _rows().filter(pk=proposal_id, fund__in=Fund.objects.visible_to(viewer)).first()
    if found is None:
        raise NotVisible
    fund_for_change(viewer, found.fund_id)
    return found


def proposal_seen(viewer: Actor, proposal: ContributionProposal) -> ProposalSeen:
    """One proposal as its page shows it."""
    before = contribution_before(proposal)
    return _seen(proposal, before.agreed_pence if before else 0, {})


def funds_to_propose_to(viewer: Actor) -> list[Fund]:
    """The pooled and joint funds in force whose partners the viewer may propose contributions to."""
    rows = Fund.objects.visible_to(viewer).filter(agreement__state__in=WORKING, model__in=["pooled", "joint"])
    return [
        each for each in rows.select_related("agreement").order_by("name") if can(viewer, PROPOSE_CONTRIBUTIONS, each)
    ]


def places_in(viewer: Actor, fund: Fund) -> list[AgreementPartner]:
    """The partners a fund has now, with their organisations, for whoever may propose to it."""
    if not can(viewer, PROPOSE_CONTRIBUTIONS, fund):
        raise NotVisible
    rows = AgreementPartner.objects.filter(agreement=fund.agreement_id, left_on=None)
    return list(rows.select_related("organisation").order_by("position"))


def _rows() -> QuerySet[ContributionProposal]:
    return ContributionProposal.objects.select_related("fund__agreement", "partner__organisation")


def _now(fund: Fund, rows: list[ContributionProposal]) -> dict[tuple[UUID, int], int]:
    """What each partner put in before, by the year a proposal is for; one statement."""
    years = {row.year for row in rows} | {row.year - 1 for row in rows}
    there = Contribution.objects.filter(fund=fund, kind="cash", year__in=years).order_by("agreed_pence", "pk")
    most = {(row.partner_id, row.year): row.agreed_pence for row in there}
    return {
        (row.partner_id, row.year): most.get((row.partner_id, row.year), most.get((row.partner_id, row.year - 1), 0))
        for row in rows
    }


def _seen(row: ContributionProposal, now: int, names: dict[UUID, str]) -> ProposalSeen:
    if row.state == "accepted":
        now -= row.change_pence
    return ProposalSeen(
        row.pk, row.partner.organisation.name, year_words(row.year), now, row.change_pence, row.words, row.state,
        _state(row), row.decision, row.proposed_at, _name(names, row.proposed_by), row.decided_at,
        _name(names, row.decided_by),
    )  # fmt: skip


def _state(row: ContributionProposal) -> str:
    """What is replaced with a word of its own was withdrawn: nothing stands in its place."""
    return "Withdrawn" if row.state == "replaced" and row.decision else str(row.get_state_display())


def _name(names: dict[UUID, str], key: UUID | None) -> str:
    return names.get(key, "Joinedup") if key else "Joinedup"


def proposals_from(viewer: Actor, kind: str, ids: Iterable[str], *, everywhere: bool = False) -> list[dict[str, Any]]:
    """What became of what some records of another part proposed, in funds the viewer may see; as data to be kept.
    `everywhere` is for what is frozen for several readers: whoever reads it asks `funds_among` which of it is theirs."""
    funds = Fund.objects.all() if viewer.is_system or everywhere else Fund.objects.visible_to(viewer)
    rows = _rows().filter(source_kind=kind, source_id__in=list(ids), fund__in=funds).exclude(state="replaced")
    return [
        {
            "fund": row.fund.name, "fund_id": str(row.fund_id), "partner": row.partner.organisation.name,
            "partner_code": row.partner.organisation.code, "year": year_words(row.year), "pence": row.change_pence,
            "state": row.state, "state_words": row.get_state_display(), "decision": row.decision,
        }
        for row in rows.order_by("-proposed_at", "partner__position", "pk")[:50]
    ]  # fmt: skip


def funds_among(viewer: Actor, fund_ids: Iterable[str]) -> set[str]:
    """Those of these funds the viewer may see."""
    wanted = {each for each in fund_ids if each}
    if viewer.is_system or not wanted:
        return wanted
    found = Fund.objects.visible_to(viewer).filter(pk__in=wanted) if can(viewer, READ_FUNDS) else Fund.objects.none()
    return {str(key) for key in found.values_list("pk", flat=True)}


@dataclass(frozen=True)
class Moved:
    """A change of a yearly contribution that was proposed, of the fund it is in, from a year on."""

    fund_id: UUID
    organisation_id: UUID
    year: int
    pence: int
    is_accepted: bool


def moved_by(viewer: Actor, kind: str, ids: Iterable[str], *, until: datetime | None = None) -> list[Moved]:
    """Every change that records of another part proposed and a fund accepted (until a moment), and what waits. Of every
    fund, whoever asks: what was moved once is not to be moved again. For services and sums of other parts, never shown
    fund by fund."""
    rows = ContributionProposal.objects.filter(
        source_kind=kind, source_id__in=list(ids), state__in=["accepted", "waits"]
    )
    if until is not None:
        rows = rows.filter(state="accepted", decided_at__lte=until)
    found = rows.order_by("proposed_at", "pk").values_list(
        "fund_id", "partner__organisation_id", "year", "change_pence", "state"
    )
    return [
        Moved(fund, organisation, year, pence, state == "accepted") for fund, organisation, year, pence, state in found
    ]
