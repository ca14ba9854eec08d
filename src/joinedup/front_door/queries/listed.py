"""A referral begun from what indicators say of a child: who they are and what was observed, so that nobody types it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.core.formats import date_long
from joinedup.front_door.intake import NewContactPerson
from joinedup.front_door.permissions import SUBMIT_REFERRAL
from joinedup.information_sharing.queries import listed_child
from joinedup.person_index.queries import child_facts


@dataclass(frozen=True)
class ListedReferral:
    """The child as a contact names them, and the worry in the words of the indicators with their sources."""

    name: str
    child: NewContactPerson
    worry: str


def referral_from_list(viewer: Actor, child_id: UUID) -> ListedReferral:
    """What a referral about a listed child begins with. The read is audited as that of the listed child. NotVisible for
    whoever may not see the list, and for a child nothing lists now."""
    check(viewer, SUBMIT_REFERRAL)
    seen = listed_child(viewer, child_id)
    if not seen.reasons:
        raise NotVisible
    facts = child_facts(viewer, child_id)
    child = NewContactPerson(
        part="child", given_name=facts.given_name, family_name=facts.family_name, birth_date=facts.birth_date,
        sex=facts.sex, address=facts.address, postcode=facts.postcode,
        is_no_fixed_address=not (facts.address or facts.postcode), nhs_number=facts.nhs_number, upn=facts.upn,
    )  # fmt: skip
    lines = []
    for reason in seen.reasons:
        observed = "; ".join(
            f"{each.words} ({each.agency}, {date_long(each.happened_on)})" for each in reason.evidence[:4]
        )
        lines.append(f"{reason.wording} {observed}.")
    return ListedReferral(seen.name, child, "\n".join(lines))
