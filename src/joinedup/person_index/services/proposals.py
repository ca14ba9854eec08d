"""Asking a person: making proposals, deciding them, asking for a second opinion, and taking one's last decision back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import NotVisible, Refused
from joinedup.core.models import claim_version
from joinedup.person_index.models import (
    KeepApart,
    LinkDecision,
    LinkProposal,
    Person,
    RecordLink,
)
from joinedup.person_index.models.linkage import LIVE
from joinedup.person_index.permissions import DECIDE_PROPOSAL, UNDO_DECISION
from joinedup.person_index.reviewing import (
    LINK,
    LR_1,
    LR_2,
    LR_3,
    LR_4,
    LR_5,
    OUTCOMES,
    SECOND,
    reason_in_words,
)
from joinedup.person_index.rules import Rule
from joinedup.person_index.services.facts import _lock_index, _refresh_people
from joinedup.person_index.services.keeping_apart import _keep_people_apart
from joinedup.person_index.services.look_alikes import _shield_look_alikes
from joinedup.person_index.services.moving import _has_stated_facts, _link_to, _move, _separate
from joinedup.person_index.services.settling import _restore_proposals, _settle_proposals
from joinedup.person_index.services.told import _give_back_told, _let_continue, _take_over_told

_State = LinkProposal.State


def _refused(rule: Rule, field: str = "") -> Refused:
    return Refused(rule.sentence, rule=rule.code, field=field)


# --- Deciding.


@service(DECIDE_PROPOSAL, on="proposal")
def decide_proposal(
    *,
    proposal: LinkProposal,
    outcome: str,
    reason_code: str,
    words: str = "",
    saw_score: bool = False,
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> LinkDecision:
    """Somebody says that they are one person, keeps them apart, or asks for a second opinion.

    Raises Refused without a reason from the list (LR-1), to whoever asked for the second opinion (LR-2), when it is
    decided already (LR-3), where we were told what cannot be true of one person (LR-6), across a keep-apart (PI-5).
    """
    reason = reason_in_words(reason_code, words, outcome) if outcome in OUTCOMES else None
    if reason is None:
        raise _refused(LR_1, "reason_code")
    row = _locked(proposal, version)
    if row.state == _State.SECOND and row.second_asked_by == by.account_id:
        raise _refused(LR_2)
    was: dict[str, Any] = {"state": row.state, "second_asked_by": str(row.second_asked_by or "")}
    people = {row.left_id, row.right_id or row.left_id}
    if outcome == SECOND:
        effects: dict[str, Any] = {}
        row.state, row.second_asked_by = _State.SECOND, by.account_id
    else:
        effects = _link(row, reason, by, at) if outcome == LINK else _keep(row, reason, by, at)
        row.state, row.outcome, row.decided_at, row.decided_by = _State.DECIDED, outcome, at, by.account_id
        people |= {UUID(each) for each in effects.get("people", ())}
        moved = {UUID(one): UUID(other) for one, other in effects.get("moved", {}).items()}
        effects["settled"] = _settle_proposals(moved, at=at, people=people, but=row.pk)
    row.save(update_fields=["state", "second_asked_by", "outcome", "decided_at", "decided_by"])
    decision = LinkDecision.objects.create(
        proposal=row,
        outcome=outcome,
        reason_code=reason_code,
        words=reason,
        saw_score=saw_score,
        made_at=at,
        made_by=by.account_id,
        effects=effects | {"was": was},
    )
    note(people=people, changed=("decision",), words={"outcome": outcome, "reason": reason}, subject=row)
    return decision


def _locked(proposal: LinkProposal, version: int | None) -> LinkProposal:
    _lock_index(patience=5)
    row = LinkProposal.objects.select_for_update(of=("self",)).select_related("record").get(pk=proposal.pk)
    if row.state not in LIVE:
        raise _refused(LR_3)
    claim_version(row, row.version if version is None else version)
    return row


def _link(row: LinkProposal, reason: str, by: Actor, at: datetime) -> dict[str, Any]:
    """Make one person of two, or confirm that a record belongs where it is. Says what was done."""
    if row.right_id is None:
        current = RecordLink.objects.select_for_update().get(record_id=row.record_id, separated_at__isnull=True)
        link = _move(current, current.person_id, rule="person", reason=reason, by=by, at=at)
        return {"links": [[str(current.pk), str(link.pk)]], "moved": {}}
    going, staying = _who_goes(row.left_id, row.right_id)
    told = _take_over_told(going, staying) if _has_stated_facts(going) else {}
    links = []
    rows = RecordLink.objects.select_for_update().filter(person_id=going, separated_at__isnull=True)
    for current in rows.order_by("pk"):
        link = _link_to(current, staying, reason=reason, by=by, at=at)
        links.append([str(current.pk), str(link.pk)])
    if not links:
        _let_continue(going, staying, at=at)
    return {"links": links, "told": told, "moved": {str(going): str(staying)}}


def _who_goes(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """Records go to the person somebody told us of; of two such, and of two that only agencies know, everything goes to
    the entry that was there first."""
    told = {person for person in (one, other) if _has_stated_facts(person)}
    if len(told) == 1:
        staying = told.pop()
    else:
        staying = (
            Person.objects.filter(pk__in=(one, other)).order_by("created_at", "pk").values_list("pk", flat=True)[0]
        )
    return (other if staying == one else one), staying


def _keep(row: LinkProposal, reason: str, by: Actor, at: datetime) -> dict[str, Any]:
    """Keep two people apart, or take a record from its person. Says what was done."""
    if row.right_id is None:
        current = RecordLink.objects.select_for_update().select_related("record")
        held = current.get(record_id=row.record_id, separated_at__isnull=True)
        link, kept = _separate(held, reason=reason, by=by, at=at)
        return {
            "links": [[str(held.pk), str(link.pk)]],
            "kept": [str(kept.pk)] if kept else [],
            "people": [str(link.person_id)],
        }
    both_ways = _has_stated_facts(row.left_id)
    made = _keep_people_apart(row.left_id, row.right_id, reason=reason, both_ways=both_ways, by=by, at=at)
    return {"links": [], "kept": [str(each.pk) for each in made]}


# --- Taking it back.


@service(UNDO_DECISION)
def undo_last_decision(*, by: Actor, at: datetime) -> LinkProposal:
    """Take back one's own last decision: records, people and questions are exactly what they were.

    Raises Refused where there is none (LR-5), or where somebody decided about the same people since (LR-4).
    """
    _lock_index(patience=5)
    mine = LinkDecision.objects.filter(made_by=by.account_id, undone_at__isnull=True)
    decision = mine.select_for_update(of=("self",)).select_related("proposal").order_by("-made_at", "-pk").first()
    if decision is None or by.account_id is None:
        raise _refused(LR_5)
    row = LinkProposal.objects.select_for_update().get(pk=decision.proposal_id)
    if not LinkProposal.objects.visible_to(by).filter(pk=row.pk).exists():
        raise NotVisible
    with transaction.atomic():
        people = _take_back(decision, by, at)
        _put_back(row, decision)
        _restore_proposals(decision.effects.get("settled", ()))
    decision.undone_at, decision.undone_by = at, by.account_id
    decision.save(update_fields=["undone_at", "undone_by"])
    note(
        people={row.left_id, row.right_id or row.left_id, *people},
        changed=("decision",),
        words={"undone": decision.outcome},
        subject=row,
    )
    return row


def _put_back(row: LinkProposal, decision: LinkDecision) -> None:
    was = decision.effects["was"]
    expected = _State.SECOND if decision.outcome == SECOND else _State.DECIDED
    asked_again = LinkProposal.objects.filter(
        left_id=row.left_id, right_id=row.right_id, record_id=row.record_id, state__in=LIVE
    ).exclude(pk=row.pk)
    if row.state != expected or asked_again.exists():
        raise _refused(LR_4)
    row.state, row.outcome, row.decided_at, row.decided_by = was["state"], "", None, None
    row.second_asked_by = UUID(was["second_asked_by"]) if was["second_asked_by"] else None
    row.save(update_fields=["state", "outcome", "decided_at", "decided_by", "second_asked_by"])


def _take_back(decision: LinkDecision, by: Actor, at: datetime) -> set[UUID]:
    """Undo the links and lift the keep-aparts a decision made. Returns everybody touched."""
    made = [(UUID(old), UUID(new)) for old, new in decision.effects.get("links", ())]
    rows = {
        row.pk: row
        for row in RecordLink.objects.select_for_update().filter(pk__in=[pk for pair in made for pk in pair])
    }
    if any(rows[new].separated_at is not None for _, new in made):
        raise _refused(LR_4)
    kept = KeepApart.objects.filter(pk__in=decision.effects.get("kept", ()), lifted_at__isnull=True)
    if kept.count() != len(decision.effects.get("kept", ())):
        raise _refused(LR_4)
    touched = set(kept.values_list("person_id", flat=True))
    kept.update(lifted_at=at, lifted_by=by.account_id)
    _refuse_continued([rows[old].person_id for old, _ in made], [rows[new].person_id for _, new in made])
    if told := decision.effects.get("told"):
        touched |= _give_back_told(told)
    for old, new in made:
        before = rows[old]
        again = _move(rows[new], before.person_id, rule=before.rule, reason=before.reason, by=by, at=at)
        again.match_weight, again.linked_by = before.match_weight, before.linked_by
        again.save(update_fields=["match_weight", "linked_by"])
        touched |= {before.person_id, rows[new].person_id}
    _refresh_people(touched)
    for old, new in made:
        if not _stands(rows[new].person_id):
            Person.objects.filter(pk=rows[new].person_id).update(continued_by=rows[old].person_id)
    _shield_look_alikes(touched, at=at)
    return touched


def _refuse_continued(back_to: Collection[UUID], leaving: Collection[UUID]) -> None:
    """A record does not go back to an entry that another person than the one it leaves continues now."""
    rows = Person.objects.filter(pk__in=back_to, continued_by__isnull=False).exclude(continued_by__in=leaving)
    if rows.exists():
        raise _refused(LR_4)


def _stands(person_id: UUID) -> bool:
    held = RecordLink.objects.filter(person_id=person_id, separated_at__isnull=True)
    return held.exists() or _has_stated_facts(person_id)
