"""A person's and a family's page: what the person index holds, and what happened, from the chronology."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from joinedup.access.middleware import ViewerRequest
from joinedup.access.panels import About, Frame, panels_for
from joinedup.access.permissions import can
from joinedup.casework.queries import leads_of_person
from joinedup.chronology import queries as chronology
from joinedup.core.formats import london
from joinedup.front_door.queries import asked_again
from joinedup.person_index import queries
from joinedup.person_index.permissions import LIFT_KEEP_APART, LINK_RECORD, RECORD_SAFE_CONTACT, SEPARATE_RECORD

_SHOWN = 100


@login_required
@require_GET
def person(request: ViewerRequest, person_id: UUID) -> HttpResponse:
    """One person: who they are, how to reach them safely, family, what each agency holds, and what happened."""
    viewer = request.viewer
    record = queries.person(viewer, person_id, purpose="person page")
    events = chronology.timeline(viewer, people=list(record.entry_ids), limit=_SHOWN)
    context = {
        "person": record,
        "events": [_entry(event) for event in events],
        "is_cut": len(events) == _SHOWN,
        "on": london(viewer.at).date(),
        "leads": leads_of_person(viewer, list(record.entry_ids)),
        "panels": panels_for(viewer, Frame(About.PERSON, record.id, record.entry_ids, record.birth_date)),
        "may_link": can(viewer, LINK_RECORD),
        "may_separate": can(viewer, SEPARATE_RECORD),
        "may_lift": can(viewer, LIFT_KEEP_APART),
        "may_record_contact": can(viewer, RECORD_SAFE_CONTACT, record),
    }
    return render(request, "web/person.jinja", context)


@login_required
@require_GET
def family_tree(request: ViewerRequest, person_id: UUID) -> HttpResponse:
    """Who somebody is related to and lives with, drawn and as a table: only people the viewer may see."""
    viewer = request.viewer
    row = queries.person_for_change(viewer, person_id, purpose="family tree")
    tree = queries.family_tree_of(viewer, [row.pk], about=[row.pk])
    return render(
        request,
        "web/family_tree.jinja",
        {"name": str(row), "person_id": row.pk, "tree": tree, "leads": leads_of_person(viewer, [row.pk])},
    )


@login_required
@require_GET
def family(request: ViewerRequest, family_id: UUID) -> HttpResponse:
    """One family: its members whom the viewer may see, and what happened."""
    viewer = request.viewer
    record = queries.family(viewer, family_id, purpose="family page")
    events = chronology.timeline(viewer, family_id=family_id, limit=_SHOWN)
    seen = tuple(mate.person_id for mate in record.members)
    context = {
        "family": record,
        "events": [_entry(event) for event in events],
        "is_cut": len(events) == _SHOWN,
        "on": london(viewer.at).date(),
        "asked_again": asked_again(viewer, family_id=family_id),
        "panels": panels_for(viewer, Frame(About.FAMILY, family_id, seen)),
    }
    return render(request, "web/family.jinja", context)


def _entry(event: chronology.TimelineEntry) -> dict[str, Any]:
    """An event as the timeline component takes it; its words as sentences."""
    return {"title": event.title, "at": event.at, "by": event.by, "description": event.said}
