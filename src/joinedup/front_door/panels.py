"""What the front door says on a person's and on a family's page: the referrals that name them."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from joinedup.access.actor import Actor
from joinedup.access.panels import About, Frame, Panel, register_panel
from joinedup.core.answers import Fact
from joinedup.core.formats import date_long
from joinedup.front_door.lifecycle import LABELS, State
from joinedup.front_door.models import Referral, ReferralPerson
from joinedup.front_door.permissions import READ_REFERRAL

_MOST = 3


def referrals(viewer: Actor, frame: Frame) -> Iterator[Fact]:
    """Referrals that name them and the viewer may see, the newest first; one statement."""
    named = ReferralPerson.objects.filter(person_id__in=frame.people).values("referral_id")
    rows = Referral.objects.visible_to(viewer).filter(pk__in=named)
    found = list(rows.order_by("-received_at", "-pk").values_list("pk", "reference", "state", "received_at")[:50])
    for pk, reference, state, received_at in found[:_MOST]:
        words = f"{LABELS[State(state)].lower()}, received {date_long(received_at)}"
        yield Fact(words, reverse("referral", args=[pk]), value=reference)
    if len(found) > _MOST:
        words = f"earlier referral[s], the last received {date_long(found[_MOST][3])}"
        yield Fact(words, reverse("referral", args=[found[_MOST][0]]), n=len(found) - _MOST)


register_panel(
    Panel(
        "front_door.referrals", "Referrals", 20, frozenset(About), READ_REFERRAL, referrals,
        "No referral is open to you here.",
    )
)  # fmt: skip
