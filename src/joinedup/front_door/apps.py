from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.conf import settings

if TYPE_CHECKING:
    from joinedup.access.actor import Actor
    from joinedup.access.permissions import Permission


class FrontDoorConfig(AppConfig):
    name = "joinedup.front_door"
    label = "front_door"

    def ready(self) -> None:
        from joinedup.access.grounds import PersonGround, register_person_ground
        from joinedup.casework.assessing import register_source
        from joinedup.core import keeping
        from joinedup.core.notifications import hide_messages_about, keep_apart, people_are_found_by
        from joinedup.front_door import events, panels  # noqa: F401 - declares the event kinds and a panel
        from joinedup.front_door.holding import HOLDINGS, REACHES, UNDECIDED
        from joinedup.front_door.lifecycle import OPEN
        from joinedup.front_door.models import CaseNotice, Handover, Referral, ReferralPerson
        from joinedup.front_door.queries.for_assessment import given_for_assessment
        from joinedup.front_door.queries.grounds import (
            messages_hidden_from,
            people_handed_over,
            people_in_open_referrals,
            people_in_referrals,
        )
        from joinedup.person_index.open_work import register_open_work

        register_open_work(
            lambda: ReferralPerson.objects.filter(
                referral__state__in=[state.value for state in OPEN], person__isnull=False
            ).values_list("person_id", flat=True)
        )
        register_person_ground(
            PersonGround(
                "front_door.open_referral",
                "The front door is working on a referral that names them.",
                people_in_open_referrals,
            )
        )
        register_person_ground(
            PersonGround(
                "front_door.hand_over",
                "Statutory social care was handed a referral that names them.",
                people_handed_over,
            )
        )
        register_source(given_for_assessment)
        keeping.register_holdings(*HOLDINGS)
        keeping.register_stop(UNDECIDED)
        for reach in REACHES:
            keeping.register_reach(reach)
        people_are_found_by("front_door.referral", people_in_referrals)
        for kind in (Referral, CaseNotice, Handover):
            hide_messages_about(kind._meta.label_lower, partial(messages_hidden_from, kind=kind))
        keep_apart("front_door.staffallegation")
        if not settings.DEMO:
            keep_apart("front_door.referrallink")  # a link that opens something is nobody else's to read
        _entries()


def _entries() -> None:
    from joinedup.access.navigation import Entry, register_entry
    from joinedup.front_door import permissions as may
    from joinedup.person_index.queries import is_guardian

    for text, url_name, order, permission in (
        ("Worklists", "worklists", 10, may.READ_WORKLIST),
        ("Duty", "duty", 15, may.READ_DUTY_BOARD),
        ("New referral", "refer_find", 20, may.SUBMIT_REFERRAL),
        ("Sent", "sent_contacts", 25, may.READ_SENT_CONTACTS),
        ("Contacts on cases", "notices", 30, may.READ_NOTICES),
        ("Sent back by teams", "sent_back", 31, may.ANSWER_TEAM),
        ("Hand-overs", "handovers", 50, may.READ_HANDOVERS),
        ("Asked again", "repeats", 52, may.READ_REPEATS),
        ("Allegations", "allegations", 55, may.READ_ALLEGATIONS),
    ):
        register_entry(Entry(text, url_name, order, partial(_may, permission)))
    register_entry(Entry("Guardian", "guardian", 61, is_guardian))


def _may(permission: Permission, viewer: Actor) -> bool:
    from joinedup.access.permissions import can

    return can(viewer, permission)
