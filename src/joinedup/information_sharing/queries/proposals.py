"""Proposed indicators: what was written, whom it would speak about today, and who may do what with it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.information_sharing import indicators as rules
from joinedup.information_sharing.indicators import FEWEST_SHOWN, WEIGHT_LABELS, Condition, Joined, Seen, Sign, Weight
from joinedup.information_sharing.lifecycle import PROPOSAL_LABELS, UNDECIDED, ProposalState
from joinedup.information_sharing.models import AgreementItem, IndicatorProposal
from joinedup.information_sharing.permissions import AGREE_INDICATOR, PROPOSE_INDICATOR, READ_PROPOSALS
from joinedup.person_index.observing import KINDS
from joinedup.person_index.queries import Observed, Wanted, observed_of_children


@dataclass(frozen=True)
class ConditionSeen:
    """One thing that has to have been observed, and who shares it under the agreement, each with why."""

    words: str
    shared_by: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ProposalRow:
    """A proposal that waits, as a list shows it."""

    id: UUID
    name: str
    state: str
    by: str
    begun_at: datetime
    is_change: bool


@dataclass(frozen=True)
class ProposalSeen:
    """A proposal as it stands. What was not said yet is blank or None. `preview` says whom it would speak about today;
    blank while that cannot be told."""

    id: UUID
    indicator_id: UUID | None
    name: str
    wording: str
    reason: str
    conditions: tuple[ConditionSeen, ...]
    joined: str
    window_days: int | None
    ages: str
    weight: str
    agreement: str
    basis: str
    review_on: date | None
    state: str
    is_draft: bool
    is_proposed: bool
    begun_by: str
    proposed_by: str
    proposed_at: datetime | None
    decided_by: str
    decided_at: datetime | None
    decision_reason: str
    preview: tuple[str, ...]
    may_write: bool
    may_agree: bool


def proposals_waiting(viewer: Actor) -> list[ProposalRow]:
    """What is being written or waits for a second person, the oldest first; nothing for whoever may not read it."""
    if not can(viewer, READ_PROPOSALS):
        return []
    rows = list(IndicatorProposal.objects.filter(state__in=UNDECIDED).order_by("begun_at", "pk"))
    names = names_of_accounts(viewer, {row.begun_by for row in rows if row.begun_by})
    return [
        ProposalRow(
            row.pk, row.name, PROPOSAL_LABELS[ProposalState(row.state)], names.get(row.begun_by, "Joinedup") if row.begun_by else "Joinedup",
            row.begun_at, row.indicator_id is not None,
        )
        for row in rows
    ]  # fmt: skip


def proposal_for_change(viewer: Actor, proposal_id: UUID) -> IndicatorProposal:
    """The proposal itself, to hand to a service."""
    check(viewer, READ_PROPOSALS)
    row = IndicatorProposal.objects.select_related("indicator", "agreement", "basis").filter(pk=proposal_id).first()
    if row is None:
        raise NotVisible
    return row


def proposal_seen(viewer: Actor, proposal_id: UUID) -> ProposalSeen:
    """One proposal with what it would do today. The count is audited; it names nobody."""
    row = proposal_for_change(viewer, proposal_id)
    names = names_of_accounts(viewer, {each for each in (row.begun_by, row.proposed_by, row.decided_by) if each})
    shared = _shared(row.agreement_id)
    state = ProposalState(row.state)
    sign = row.sign
    return ProposalSeen(
        id=row.pk, indicator_id=row.indicator_id, name=row.name, wording=row.wording, reason=row.reason,
        conditions=tuple(_condition(each, shared) for each in sign.conditions),
        joined=rules.JOINED_LABELS[Joined(row.joined)] if len(sign.conditions) > 1 else "",
        window_days=row.window_days, ages=_ages(row), weight=WEIGHT_LABELS[Weight(row.weight)] if row.weight else "",
        agreement=f"{row.agreement.reference}, {row.agreement.title}" if row.agreement else "",
        basis=row.basis.name if row.basis else "", review_on=row.review_on, state=PROPOSAL_LABELS[state],
        is_draft=state is ProposalState.DRAFT, is_proposed=state is ProposalState.PROPOSED,
        begun_by=_name(names, row.begun_by), proposed_by=_name(names, row.proposed_by), proposed_at=row.proposed_at,
        decided_by=_name(names, row.decided_by), decided_at=row.decided_at, decision_reason=row.decision_reason,
        preview=_preview(viewer, row, sign, shared) if state in UNDECIDED else (),
        may_write=can(viewer, PROPOSE_INDICATOR),
        may_agree=state is ProposalState.PROPOSED and can(viewer, AGREE_INDICATOR, row),
    )  # fmt: skip


def _name(names: dict[UUID, str], account_id: UUID | None) -> str:
    return names.get(account_id, "") if account_id else ""


def _ages(row: IndicatorProposal) -> str:
    if row.window_days is None:
        return ""
    if row.minimum_age is None and row.maximum_age is None:
        return "Children of every age"
    return f"From {row.minimum_age or 0} to {17 if row.maximum_age is None else row.maximum_age} years"


@dataclass(frozen=True)
class _Sharing:
    """Who shares one kind of observation under the agreement."""

    agency_id: UUID
    name: str
    why: str


def _shared(agreement_id: UUID | None) -> dict[str, list[_Sharing]]:
    """Who shares which kind of observation under an agreement, and why."""
    found: dict[str, list[_Sharing]] = defaultdict(list)
    if agreement_id is None:
        return found
    items = AgreementItem.objects.filter(party__agreement_id=agreement_id, is_allowed=True, code__in=list(KINDS))
    for item in items.select_related("party__organisation", "party__records_from").order_by(
        "party__organisation__name"
    ):
        source = item.party.records_from or item.party.organisation
        found[item.code].append(_Sharing(source.pk, item.party.organisation.name, item.justification))
    return found


def _condition(condition: Condition, shared: dict[str, list[_Sharing]]) -> ConditionSeen:
    return ConditionSeen(condition.words, tuple((each.name, each.why) for each in shared.get(condition.kind, ())))


def _preview(viewer: Actor, row: IndicatorProposal, sign: Sign, shared: dict[str, list[_Sharing]]) -> tuple[str, ...]:
    """How many children it would speak about today, in sentences, without saying who."""
    if not sign.conditions or row.window_days is None or row.agreement_id is None or rules.faults_of(sign):
        return ()
    number = _number(viewer, sign, shared)
    audit.record_read(
        viewer, subject=("information_sharing.indicator", "preview"), people=(), purpose="preview of an indicator"
    )
    if not number:
        said = "Today it would speak about no child."
    elif number < FEWEST_SHOWN:
        said = f"Today it would speak about fewer than {FEWEST_SHOWN} children."
    else:
        said = f"Today it would speak about {number:,} children."
    if row.weight == Weight.STRONG:
        return said, "It is a strong reason: each of them would be listed."
    if row.weight == Weight.MODERATE:
        return said, "Each of them would be listed only where another reason stands beside it."
    if row.weight:
        return said, "Each of them would be listed only where a weightier reason stands beside it."
    return (said,)


def _number(viewer: Actor, sign: Sign, shared: dict[str, list[_Sharing]]) -> int:
    day = timezone.localdate(viewer.at)
    agencies = {kind: {each.agency_id for each in several} for kind, several in shared.items()}
    since = day - timedelta(days=sign.window_days)
    wanted = {condition.kind: Wanted(since) for condition in sign.conditions}
    if len(sign.conditions) == 1:  # the database may leave out what cannot matter
        (one,) = sign.conditions
        wanted = {one.kind: Wanted(since, one.below, one.reaching)}
    observed: dict[UUID, list[Observed]] = defaultdict(list)
    for each in observed_of_children(viewer, wanted, agencies=agencies):
        observed[each.person_id].append(each)
    return sum(bool(_speaks(sign, several, day)) for several in observed.values())


def _speaks(sign: Sign, observed: list[Observed], day: date) -> bool:
    seen = [Seen(each.id, each.kind, each.happened_on, each.value, each.agency, each.agency_id) for each in observed]
    return bool(rules.evidence_of(sign, seen, birth_date=observed[0].birth_date, on=day))
