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


def test_a_town_of_a_hundred_children(fresh_database: Database, tmp_path: Path) -> None:
    from joinedup.access.chain import verify
    from joinedup.casework.models import Case
    from joinedup.front_door.models import Contact, Referral
    from joinedup.information_sharing.models import IndicatorVersion
    from joinedup.organisations.models import Organisation
    from joinedup.person_index.models import AgencyRecord, ImportRun, Observation, Person, RecordLink, Relationship

    at = timezone.now()
    load_town(TownSize(CHILDREN, contacts=1.0), at=at)

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


def _children(at: datetime) -> int:
    from joinedup.person_index.models import Person

    born_after = at.date().replace(year=at.year - 18, day=min(at.day, 28))
    return Person.objects.filter(birth_date__gt=born_after).count()
