"""The demo's indicators: an agreement for noticing early, who may see the list, and what people agreed on.

What is shared, the limits and who agreed are invented; none of it is law.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from joinedup.access.actor import system
from joinedup.access.queries import actor_for_account
from joinedup.information_sharing import services
from joinedup.information_sharing.codes import INVOLVEMENT_ITEM, INVOLVEMENT_NAME
from joinedup.information_sharing.indicators import Condition, Outcome, Sign, Weight
from joinedup.information_sharing.models import Agreement
from joinedup.information_sharing.queries import listed_children
from joinedup.information_sharing.services import IndicatorTerms, ItemTerms, Terms
from joinedup.person_index.observing import KINDS

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation, Post

NAMED = ("Marlow Testington", "Sorrel Testwright", "Ffion Testlake")
_ANSWERS = {"NHS": "Wren Testcombe", "POLICE": "Bryn Samplewell"}
_SHARED: dict[str, tuple[str, ...]] = {
    "SCHOOLS": ("attendance", "suspension", "permanent_exclusion", "school_move"),
    "NHS": ("emergency_attendance", "not_brought"),
    "POLICE": ("police_incident", "missing_episode"),
    "HOUSING": ("rent_arrears", "eviction_notice", "homelessness"),
}
_WHY = "Seen by those who see the child every week; nothing but the day and the number is shared."


@dataclass(frozen=True)
class _Agreed:
    """An indicator as the demo's board agreed to it."""

    name: str
    wording: str
    weight: Weight
    conditions: tuple[Condition, ...]
    days: int
    ages: tuple[int | None, int | None] = (None, None)


_AGREED: tuple[_Agreed, ...] = (
    _Agreed("Away from school very often", "Has missed more than a third of school this half term.", Weight.STRONG,
            (Condition("attendance", below=Decimal(65)),), 60),
    _Agreed("Away from school often", "Has missed more than one day in six of school this half term.", Weight.MODERATE,
            (Condition("attendance", below=Decimal(84)),), 60),
    _Agreed("Suspended more than once", "Has been suspended from school more than once.", Weight.MODERATE,
            (Condition("suspension", times=2, reaching=Decimal("0.5")),), 120),
    _Agreed("Missing more than once", "Has been reported missing more than once.", Weight.STRONG,
            (Condition("missing_episode", times=2),), 90, (10, 17)),
    _Agreed("Police at the home again", "The police have been called to the home twice while the child was there.",
            Weight.MODERATE, (Condition("police_incident", times=2),), 120),
    _Agreed("Accident and emergency three times", "Has been seen at accident and emergency three times.",
            Weight.MODERATE, (Condition("emergency_attendance", times=3),), 120, (0, 11)),
    _Agreed("Not brought to appointments", "Has not been brought to two health appointments.", Weight.SLIGHT,
            (Condition("not_brought", times=2),), 120),
    _Agreed("May lose the home", "The family has been told that it must leave its home.", Weight.MODERATE,
            (Condition("eviction_notice"),), 120),
    _Agreed("Rent arrears", "The family is more than eight weeks behind with the rent.", Weight.SLIGHT,
            (Condition("rent_arrears", reaching=Decimal(8)),), 120),
)  # fmt: skip


def load_indicators(*, at: datetime, organisations: Mapping[str, Organisation], posts: Mapping[str, Post]) -> Agreement:
    """Agree to share for noticing early, and declare the indicators."""
    moment = at - timedelta(days=95)
    agreement = _agree(moment, at, organisations, posts)
    for agreed in _AGREED:
        services.declare_indicator(
            terms=IndicatorTerms(
                name=agreed.name, wording=agreed.wording, weight=agreed.weight,
                sign=Sign(agreed.conditions, agreed.days, *agreed.ages), agreement=agreement.reference,
                basis="cooperate_2004", agreed_by="Exampleshire Children’s Partnership Board",
                agreed_on=moment.date() - timedelta(days=12), review_on=at.date() + timedelta(days=160),
            ),
            by=system(moment), at=moment,
        )  # fmt: skip
    return agreement


def _agree(
    moment: datetime, at: datetime, organisations: Mapping[str, Organisation], posts: Mapping[str, Post]
) -> Agreement:
    by, began = system(moment), moment.date()
    agreement = services.draft_agreement(
        terms=Terms(
            title="Noticing early which children may need help", purposes=("find_early",),
            bases=("cooperate_2004", "public_task"),
            purpose_words="To offer help before things get worse, to families who may not ask.",
            impact_assessment="DPIA-EX-0007", impact_assessed_on=began - timedelta(days=30),
            starts_on=began - timedelta(days=1), review_on=at.date() + timedelta(days=160),
            expires_on=at.date() + timedelta(days=270), kept_for="Two years after it was observed, then it is destroyed.",
            how_to_object="Phone 01632 960 000 and ask for the information governance officer.",
        ),
        by=by, at=moment,
    )  # fmt: skip
    services.set_party(agreement=agreement, organisation=organisations["COUNCIL"], by=by, at=moment)
    for code, kinds in _SHARED.items():
        involved = ItemTerms(
            INVOLVEMENT_ITEM, INVOLVEMENT_NAME, "So that somebody can be rung before anything is done."
        )
        items = [involved, *(ItemTerms(kind, KINDS[kind].name, _WHY) for kind in kinds)]
        services.set_party(agreement=agreement, organisation=organisations[code], items=items, by=by, at=moment)
    named: list[tuple[str, str, str]] = [("COUNCIL", name, "asks") for name in NAMED]
    named += [(code, name, "answers") for code, name in _ANSWERS.items()]
    for code, name, part in named:
        post = posts[name]
        services.name_post(
            agreement=agreement, organisation=organisations[code], post=post, part=part, by=by, at=moment
        )
    for party in agreement.parties.select_related("organisation"):
        services.record_signature(
            agreement=agreement, organisation=party.organisation, name="Quill Testsigner", title="Director",
            signed_on=began, by=by, at=moment,
        )  # fmt: skip
    agreement.refresh_from_db()
    return agreement


_FOUND: Sequence[tuple[Outcome, str]] = (
    (Outcome.ALREADY_HELPED, "The school nurse and the family have a plan and it is going well."),
    (Outcome.FALSE_POSITIVE, "Away for an operation; school and family are in touch every week."),
    (Outcome.OFFERED_HELP, "The health visitor rang. The mother would like to come to the family hub."),
    (Outcome.FALSE_POSITIVE, "The family had travelled to a funeral abroad."),
    (Outcome.OFFERED_HELP, "The family support worker visits on Tuesday."),
)


def look_at_some(*, at: datetime, posts: Mapping[str, Post], most: int) -> int:
    """Somebody has looked at some of the list, so that the review has something to show. Returns how many."""
    post = posts[NAMED[2]]
    viewer = actor_for_account(post.account_id, at=at)
    first = listed_children(viewer).children
    shown = first[len(first) // 2 :][:most]
    for number, child in enumerate(shown):
        outcome, reason = _FOUND[number % len(_FOUND)]
        services.record_look(person_id=child.person_id, outcome=outcome, reason=reason, by=viewer, at=at)
    return len(shown)
