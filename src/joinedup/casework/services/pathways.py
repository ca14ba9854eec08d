"""Putting a case on another pathway, and adding a pathway from a file."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework import rules
from joinedup.casework.events import PATHWAY_CHANGED
from joinedup.casework.lifecycle import WAITING_REQUESTS
from joinedup.casework.meeting import next_review_by
from joinedup.casework.models import Case, CasePathway, PanelRequest, PathwayLoaded
from joinedup.casework.pathway_file import pathway_from, shipped
from joinedup.casework.pathways import PathwayChange, change_fault
from joinedup.casework.permissions import CHANGE_PATHWAY, LOAD_PATHWAY
from joinedup.casework.queries.duty import is_in_post
from joinedup.casework.queries.pathways import pathway_of, pathways_open, weeks_to_review
from joinedup.casework.services.steps import chronicle, lock_open
from joinedup.core.models import claim_version


@service(CHANGE_PATHWAY, on="case")
def change_pathway(*, case: Case, pathway: str, reason: str, version: int, by: Actor, at: datetime) -> Case:
    """Put a case on another pathway, with the reason. Its plan, team and level stay as they are; the next review comes no
    later than the new pathway's clock allows. Raises Refused (CW-601 to CW-607)."""
    lock_open(case)
    on = timezone.localdate(at)
    known = {each.code: each for each in pathways_open(on)}
    lead = case.lead_professional
    said = PathwayChange(
        now=case.pathway, wanted=known.get(pathway), is_off=pathway not in known, level=case.level, reason=reason,
        lead_role=lead.role if lead is not None and is_in_post(lead, at) else "",
        has_panel_request=PanelRequest.objects.filter(
            case=case, state__in=[state.value for state in WAITING_REQUESTS]
        ).exists(),
    )  # fmt: skip
    fault = change_fault(said)
    if fault is not None:
        raise fault.refused()
    claim_version(case, version)
    before, now = pathway_of(case.pathway, on), known[pathway]
    _write_history(case, pathway, reason, by, at)
    case.pathway = pathway
    latest = next_review_by(on, weeks_to_review(pathway, on))
    case.review_due_on = min(case.review_due_on, latest) if case.review_due_on else latest
    case.save(update_fields=["pathway", "review_due_on"])
    words = {"before": before.name, "now": now.name, "reason": reason.strip()}
    chronicle(PATHWAY_CHANGED, case, by=by, at=at, code=pathway, words=words)
    note(changed=("pathway",), subject=case)
    return case


def _write_history(case: Case, pathway: str, reason: str, by: Actor, at: datetime) -> None:
    """The row of the pathway it leaves, made now where it never changed before, and of the one it goes onto."""
    left = CasePathway.objects.filter(case=case, ends_at__isnull=True).first()
    if left is None:
        CasePathway.objects.create(case=case, code=case.pathway, starts_at=case.opened_at, ends_at=at)
    else:
        left.ends_at = at
        left.save(update_fields=["ends_at"])
    CasePathway.objects.create(
        case=case, code=pathway, reason=reason.strip()[:500], starts_at=at, changed_by=by.account_id
    )


@service(LOAD_PATHWAY)
def load_pathway(*, terms: dict[str, Any], file_name: str, by: Actor, at: datetime) -> PathwayLoaded:
    """Add a pathway from what a file says, or a newer version of it; the same file again changes nothing. Raises
    PathwayFaults with every fault, and Refused (CW-610) for a code that is shipped."""
    pathway = pathway_from(terms)
    if any(code == pathway.code for code, _ in shipped()):
        raise rules.PATHWAY_SHIPPED.refused()
    digest = hashlib.sha256(json.dumps(terms, sort_keys=True).encode()).hexdigest()
    newest = PathwayLoaded.objects.select_for_update().filter(code=pathway.code).order_by("-number").first()
    if newest is not None and newest.digest == digest:
        return newest
    number = newest.number + 1 if newest else 1
    kept = PathwayLoaded.objects.create(
        code=pathway.code, number=number, terms={**terms, "version": number}, digest=digest, file_name=file_name[:200],
        loaded_at=at, loaded_by=by.account_id,
    )  # fmt: skip
    note(changed=("terms",), words={"code": pathway.code, "version": number}, subject=kept)
    return kept
