"""What a family agreed to, on the pages of its case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.casework.models import Case, CaseMember
from joinedup.casework.permissions import WITHDRAW_FAMILY_AGREEMENT
from joinedup.casework.queries.frame import CaseFrame, case_frame
from joinedup.core.errors import NotPermitted, NotVisible
from joinedup.information_sharing.permissions import RECORD_BASIS
from joinedup.information_sharing.queries import Consents, consents_of, lawful_bases
from joinedup.organisations.queries import open_organisations


def subject_of_case(case_id: UUID) -> tuple[str, str]:
    """The matter agreement is given in."""
    return (Case._meta.label_lower, str(case_id))


@dataclass(frozen=True)
class AgreementPage:
    """The Agreement tab and what its questions offer."""

    frame: CaseFrame
    subject: tuple[str, str]
    on: date
    consents: Consents
    may_record: bool
    may_give_basis: bool

    @property
    def people(self) -> list[tuple[str, str]]:
        """Everybody in the case."""
        return [(str(each.person_id), each.name) for each in self.frame.people]

    def name_of(self, person_id: UUID) -> str:
        """Somebody in the case."""
        person = self.frame.person(person_id)
        return person.name if person else ""


def agreement_page(viewer: Actor, case_id: UUID) -> AgreementPage:
    """What is recorded for a case the viewer is in the team around."""
    frame = case_frame(viewer, case_id, purpose="agreement of the family")
    subject = subject_of_case(case_id)
    may_record = frame.is_open and can(viewer, WITHDRAW_FAMILY_AGREEMENT, frame.row)
    return AgreementPage(
        frame=frame,
        subject=subject,
        on=timezone.localdate(viewer.at),
        consents=consents_of(viewer, subject, [each.person_id for each in frame.people]),
        may_record=may_record,
        may_give_basis=may_record and not viewer.roles.isdisjoint(RECORD_BASIS.roles),
    )


def agreement_page_for_change(viewer: Actor, case_id: UUID, person_id: UUID) -> AgreementPage:
    """As `agreement_page`, for whoever is about to record what is said about one of its people; refused where the case is
    closed or this viewer may not."""
    page = agreement_page(viewer, case_id)
    if page.frame.person(person_id) is None:
        raise NotVisible
    if not page.may_record:
        raise NotPermitted(
            "You may not record what this family agrees to, as the case is now.",
            rule="permission:information_sharing.record_consent",
        )
    return page


def agencies_to_share_with(viewer: Actor, case_id: UUID) -> list[tuple[str, str]]:
    """The organisations something can be shared with, those with somebody in the team around the child first."""
    rows = open_organisations(viewer, on=timezone.localdate(viewer.at)).order_by("name").values_list("pk", "name")
    held = CaseMember.objects.filter(
        CaseMember.held_at(viewer.at), case_id=case_id, case__in=Case.objects.visible_to(viewer)
    )
    near = set(held.values_list("post__host_id", flat=True))
    return [(str(pk), name) for pk, name in sorted(rows, key=lambda row: row[0] not in near)]


def bases_to_choose(viewer: Actor) -> list[tuple[str, str]]:
    """Lawful bases, each with whether somebody has checked it."""
    return [
        (each.code, each.name if each.is_verified else f"{each.name} (not yet checked against the law)")
        for each in lawful_bases(viewer)
    ]
