"""Earlier contacts about the same household (FD-37)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from joinedup.access.actor import Actor
from joinedup.front_door.models import Referral, ReferralPerson, withheld_referrals
from joinedup.front_door.settings import look_back_since


def earlier_referrals(viewer: Actor, referral: Referral, at: datetime) -> QuerySet[Referral]:
    """Other referrals about the household within the stretch: about the same family, or naming the same people. Without
    those that name somebody withheld from the viewer, who learns nothing of them by their number either."""
    people = ReferralPerson.objects.filter(referral=referral, person__isnull=False)
    same = ReferralPerson.objects.filter(person_id__in=people.values("person_id")).values("referral_id")
    if referral.family_id is not None:
        # One list of ids, not an `or`: each half then has its own index.
        same = same.union(Referral.objects.filter(family_id=referral.family_id).values("pk"))
    since = look_back_since(at)
    earlier = Referral.objects.filter(pk__in=same, received_at__gte=since, received_at__lte=at)
    return earlier.exclude(pk=referral.pk).exclude(pk__in=withheld_referrals(viewer))


def contacts_on_household(viewer: Actor, referral: Referral, at: datetime) -> int:
    """How many contacts on the household fall within the stretch, this one among them: those the viewer is shown."""
    return earlier_referrals(viewer, referral, at).count() + 1
