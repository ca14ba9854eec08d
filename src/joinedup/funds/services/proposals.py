"""What another part proposes partners should put in next year; accepted or declined by the fund's own people. Accepting sets
the contribution by the service that always sets it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.engines.money import format_pounds
from joinedup.funds import rules
from joinedup.funds.contributing import RollForward, agreed
from joinedup.funds.models import AgreementPartner, Contribution, ContributionProposal, Fund
from joinedup.funds.models.proposals import STATES
from joinedup.funds.permissions import PROPOSE_CONTRIBUTIONS, SET_CONTRIBUTION
from joinedup.funds.queries.proposals import answers_for_money_of, contribution_before
from joinedup.funds.queries.seen import year_words
from joinedup.funds.services.contributions import ContributionSaid, set_contribution
from joinedup.funds.services.steps import _lock, _require_working, _said

WITHDRAWN = "Withdrawn: nothing more is to move."


@service(PROPOSE_CONTRIBUTIONS, on="fund")
def propose_contributions(
    *, fund: Fund, year: int, changes: Mapping[AgreementPartner, int], words: str, source: tuple[str, str],
    earlier: Collection[str] = (), by: Actor, at: datetime,
) -> list[ContributionProposal]:  # fmt: skip
    """Propose that these partners put in so much more (or less) in a year, in pence; nought withdraws what waits. What waits
    from the same source, or from one of its `earlier` versions, is replaced; what somebody else proposed is decided first.
    Nothing of the fund changes. Raises Refused (FU-128, FU-453, FU-456)."""
    _lock(fund)
    _require_working(fund.agreement)
    why = _said(words, rules.PROPOSAL_SAYS_WHY, 2000)
    made, withdrawn = [], 0
    for partner, pence in changes.items():
        if partner.agreement_id != fund.agreement_id:
            continue
        withdrawn += _replace(fund, partner, year, pence, {source[1], *earlier}, source[0], by, at)
        if pence:
            made.append(
                ContributionProposal.objects.create(
                    fund=fund, partner=partner, year=year, change_pence=pence, words=why, source_kind=source[0],
                    source_id=source[1], proposed_at=at, proposed_by=by.account_id,
                )
            )  # fmt: skip
    told = {"fund": fund.code, "year": year, "proposed": len(made), "withdrawn": withdrawn}
    note(changed=("proposals",), words=told)
    return made


def _replace(
    fund: Fund, partner: AgreementPartner, year: int, pence: int, own: Collection[str], kind: str, by: Actor, at: datetime
) -> int:  # fmt: skip
    """End what waits for this partner; how many were withdrawn with nothing in their place."""
    waiting = ContributionProposal.objects.filter(fund=fund, partner=partner, year=year, state="waits")
    mine = waiting.filter(source_kind=kind, source_id__in=list(own))
    words = {} if pence else {"decision": WITHDRAWN}
    ended = mine.update(state="replaced", decided_at=at, decided_by=by.account_id, **words)
    if pence and waiting.exists():
        raise rules.PROPOSAL_OF_ANOTHER.refused(partner=partner.organisation.name, year=year_words(year))
    return 0 if pence else ended


@service(SET_CONTRIBUTION, on="fund")
def accept_proposal(*, fund: Fund, proposal: ContributionProposal, words: str, by: Actor, at: datetime) -> Contribution:
    """Take a proposal over, by somebody of the partner concerned other than who proposed it: next year's contribution is set,
    as it was rolled forward or as it is this year, with the change among its planned changes. `words` say where that was
    decided. Raises Refused (FU-450 to FU-455, and what setting a contribution refuses)."""
    _lock(fund)
    _require_waiting(fund, proposal)
    _require_own_people(proposal, by)
    where = _said(words, rules.PROPOSAL_SAYS_WHY, 300)
    before = contribution_before(proposal)
    name = proposal.partner.organisation.name
    if before is None:
        raise rules.PROPOSAL_CONTRIBUTES.refused(partner=name, year=year_words(proposal.year))
    said = _rolled_forward(before, proposal)
    if agreed(said) <= 0:
        raise rules.PROPOSAL_LEAVES.refused(partner=name, pounds=format_pounds(agreed(said)))
    told = ContributionSaid(proposal.partner, before.stream, proposal.year, said, detriment=where)
    made = set_contribution(fund=fund, said=told, by=by, at=at)
    _decide(proposal, "accepted", where, by, at)
    proposal.contribution = made
    proposal.save(update_fields=["contribution"])
    note(subject=proposal, changed=("proposals",), words={"fund": fund.code})
    return made


def _rolled_forward(before: Contribution, proposal: ContributionProposal) -> RollForward:
    if before.year < proposal.year:
        return RollForward(before.agreed_pence, planned_pence=proposal.change_pence)
    there = RollForward(
        before.base_pence, before.recurrent_pence, before.uplift, before.planned_pence, before.efficiency, before.charges_pence
    )  # fmt: skip
    return replace(there, planned_pence=there.planned_pence + proposal.change_pence)


@service(SET_CONTRIBUTION, on="fund")
def decline_proposal(
    *, fund: Fund, proposal: ContributionProposal, words: str, by: Actor, at: datetime
) -> ContributionProposal:
    """Decline a proposal with a reason. Raises Refused (FU-450, FU-453)."""
    _lock(fund)
    _require_waiting(fund, proposal)
    _decide(proposal, "declined", _said(words, rules.PROPOSAL_SAYS_WHY, 2000), by, at)
    note(subject=proposal, changed=("proposals",), words={"fund": fund.code})
    return proposal


def _require_waiting(fund: Fund, proposal: ContributionProposal) -> None:
    _lock(proposal)
    if proposal.fund_id != fund.pk or proposal.state != "waits":
        raise rules.PROPOSAL_WAITS.refused(state=STATES[proposal.state].lower())


def _require_own_people(proposal: ContributionProposal, by: Actor) -> None:
    """FU-454 and FU-455: two pairs of eyes, and the second are the partner's own."""
    name = proposal.partner.organisation.name
    if proposal.proposed_by is not None and proposal.proposed_by == by.account_id:
        raise rules.PROPOSAL_NOT_OWN.refused(partner=name)
    if not by.is_system and proposal.partner.organisation_id not in answers_for_money_of(by):
        raise rules.PROPOSAL_OF_PARTNER.refused(partner=name)


def _decide(proposal: ContributionProposal, state: str, words: str, by: Actor, at: datetime) -> None:
    proposal.state, proposal.decision, proposal.decided_at, proposal.decided_by = state, words, at, by.account_id
    proposal.save(update_fields=["state", "decision", "decided_at", "decided_by"])
