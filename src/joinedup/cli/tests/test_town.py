"""A whole invented town, small: everything a real one's has is there, nothing contradicts itself, the trail verifies."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from joinedup.cli.town import TownSize, load_town
from joinedup.core.errors import Refused

if TYPE_CHECKING:
    from tests.support.database import Database

CHILDREN = 100


@pytest.mark.parametrize("children", [0, 99, 200_001])
def test_a_town_too_small_or_too_large_is_refused(children: int) -> None:
    with pytest.raises(Refused, match="between 100 and 200,000"):
        load_town(TownSize(children), at=timezone.now())


def test_a_share_is_as_many_as_a_town_of_this_size_has_and_never_none() -> None:
    assert TownSize(46_000).share(700) == 700
    assert TownSize(23_000).share(700) == 350
    assert TownSize(100).share(70) == 3
    assert TownSize(46_000).open_cases == 3_000
    assert TownSize(46_000, cases=12).open_cases == 12


def test_a_town_of_a_hundred_children(fresh_database: Database, tmp_path: Path) -> None:
    from joinedup.access.chain import verify
    from joinedup.casework.models import Case
    from joinedup.front_door.models import Contact, Referral
    from joinedup.information_sharing.models import IndicatorVersion
    from joinedup.organisations.models import Organisation
    from joinedup.person_index.models import AgencyRecord, ImportRun, Observation, Person, RecordLink, Relationship

    at = timezone.now()
    load_town(TownSize(CHILDREN, contacts=1.0, cases=12), at=at)

    assert _children(at) >= CHILDREN
    runs = Counter(ImportRun.objects.values_list("agency__code", flat=True))
    assert set(runs) >= {"SCHOOLS", "NHS", "POLICE", "HOUSING"}
    assert AgencyRecord.objects.count() > 3 * CHILDREN
    assert RecordLink.objects.filter(separated_at=None).count() == AgencyRecord.objects.count()
    twice = Counter(RecordLink.objects.filter(separated_at=None).values_list("record_id", flat=True))
    assert set(twice.values()) == {1}, "every record is somebody's, and nobody else's"
    assert Relationship.objects.exists()
    assert Observation.objects.filter(replaced_at=None).exists()
    assert Contact.objects.count() >= CHILDREN
    assert Referral.objects.filter(state="closed").exists()
    assert Referral.objects.exclude(state="closed").exists(), "somebody waits at the front door"
    assert Case.objects.filter(state="open", people__part="child").exists()
    assert not Contact.objects.filter(received_at__gt=at).exists(), "nothing comes from the future"
    assert not Person.objects.filter(birth_date__gt=at.date()).exists()
    assert IndicatorVersion.objects.filter(ended_at=None).exists()
    assert Organisation.objects.count() > 5
    trail = verify(at=timezone.now(), anchors=tmp_path / "none")
    assert trail.is_sound, trail.faults[:3]
    assert trail.sealed == trail.events > CHILDREN

    _work_is_whole(at)


def _work_is_whole(at: datetime) -> None:
    """The work in the town's cases contradicts itself nowhere, as little as that of the services does."""
    from joinedup.casework.models import (
        Assessment,
        AssessmentSection,
        Case,
        CaseMember,
        CaseNote,
        Closure,
        Meeting,
        Plan,
        PlanNeed,
        Review,
    )
    from joinedup.chronology.models import Event

    assert Case.objects.open().count() >= 12
    assert Plan.objects.filter(state="open").count() >= 8
    assert not Plan.objects.filter(state="open", case__state="closed").exists()
    assert not PlanNeed.objects.filter(plan__state="closed", ended_at=None).exists()
    assert Closure.objects.filter(case__state="closed").exists()
    assert CaseMember.objects.filter(part="lead", left_at=None, case__state="open").count() == (
        Case.objects.filter(state="open").count()
    )
    for review in Review.objects.filter(state="decided").select_related("plan__case"):
        assert review.places.exists()
        assert review.voices.count() == review.plan.sections.count()
        later = review.plan.reviews.filter(held_on__gt=review.held_on).exists()
        due = review.plan.case.review_due_on
        assert later or due is None or due > review.held_on
    assert Meeting.objects.filter(state="agreed").exists()
    signed = Assessment.objects.filter(state="signed")
    assert AssessmentSection.objects.filter(assessment__in=signed, saved_at=None).count() == 0
    for note in CaseNote.objects.all():
        assert Event.objects.filter(source_id=str(note.pk), at=note.happened_at).exists()
    for model, moment in ((CaseNote, "happened_at"), (Review, "begun_at"), (Event, "at"), (Assessment, "started_at")):
        assert not model._default_manager.filter(**{f"{moment}__gt": at}).exists(), "nothing comes from the future"


def _children(at: datetime) -> int:
    from joinedup.person_index.models import Person

    born_after = at.date().replace(year=at.year - 18, day=min(at.day, 28))
    return Person.objects.filter(birth_date__gt=born_after).count()
