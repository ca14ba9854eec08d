"""The demo's programme: six strands, every figure of it invented and said to be."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.access.services import change_setting
from joinedup.benefits import (
    demo_cases,
    demo_claims,
    demo_costing,
    demo_delivery,
    demo_locality,
    demo_realising,
    services,
)
from joinedup.benefits.cohort import Criteria
from joinedup.benefits.services import ProgrammeSaid, StrandSaid
from joinedup.organisations.queries import open_organisations, posts_of_organisations

if TYPE_CHECKING:
    from joinedup.access.actor import Actor
    from joinedup.benefits.models import Programme, Strand
    from joinedup.organisations.models import Organisation, Post

PARTNERS = ("COUNCIL", "NHS", "POLICE", "PROBATION", "JOBCENTRE", "HOUSING")
# Code, name, sponsor, what it has to lose or to gain, and who is in it: a rule, or a number said.
STRANDS: tuple[tuple[str, str, str, str, Criteria, int | None], ...] = (
    (
        "families", "Families together", "COUNCIL", "It pays for every child who comes into care.",
        Criteria(needs=("N4", "N5", "N7")), 525,
    ),
    (
        "early", "Early support", "COUNCIL", "It pays for what follows when help comes late.",
        Criteria(levels=("2", "3")), 1_200,
    ),
    (
        "work", "Work-ready individuals", "JOBCENTRE", "It pays benefits for as long as nobody finds work.",
        Criteria(), 2_400,
    ),
    (
        "safer", "Safer communities", "POLICE", "It is called out to the same homes again and again.",
        Criteria(factors=("3A", "3B", "3C")), 1_160,
    ),
    ("ageing", "Ageing well", "NHS", "Its beds are full of people who could be at home.", Criteria(), 3_100),
    ("assets", "Integrated assets", "HOUSING", "It owns the land that would be set free.", Criteria(), 41),
)  # fmt: skip
_SOURCE = "Illustration: invented"
# There are few families in the demonstration and none of them is anybody's: their numbers are shown.
_SETTINGS = (("benefits.suppress_below", 0), ("benefits.professionals_enough", 1))
_WHY = "Nobody in the demonstration is real."


def load(*, at: datetime) -> None:
    """Set the programme up with its strands, their families, delivery models and figures, and what colleagues add."""
    by = system(at)
    found = {each.code: each for each in open_organisations(by) if each.code in PARTNERS}
    partners = [found[code] for code in PARTNERS if code in found]
    manager = _post(by, partners, Role.PROGRAMME_MANAGER)
    said = ProgrammeSaid(
        "Altogether better", "One budget and one plan for what the partners do for the same families.",
        demo_realising.first_day(at), 5, is_illustration=True,
    )  # fmt: skip
    for key, value in _SETTINGS:
        change_setting(key=key, value=value, starts_on=timezone.localdate(at), reason=_WHY, by=by, at=at)
    begun = demo_realising.begun(at)
    programme = services.set_up_programme(said=said, partners=partners, manager=manager, by=system(begun), at=begun)
    strands = {each[0]: _strand(programme, each, found, manager, system(begun), begun) for each in STRANDS}
    demo_delivery.load(programme, strands, found, by=by, at=at)
    demo_claims.load(programme, by=by, at=at)
    demo_cases.load(programme, at, begun)
    demo_costing.load(programme, at)
    demo_locality.load(at)
    demo_realising.load(programme, at)


def _strand(
    programme: Programme,
    each: tuple[str, str, str, str, Criteria, int | None],
    partners: dict[str, Organisation],
    manager: Post | None,
    by: Actor,
    at: datetime,
) -> Strand:
    code, name, sponsor, reason, criteria, expected = each
    officer = manager if sponsor == "COUNCIL" else None
    strand = services.add_strand(
        programme=programme,
        said=StrandSaid(code, name, reason),
        sponsor=partners[sponsor],
        officer=officer,
        by=by,
        at=at,
    )
    services.define_cohort(strand=strand, criteria=criteria, expected=expected, expected_source=_SOURCE, by=by, at=at)
    return strand


def _post(by: Actor, partners: list[Organisation], role: Role) -> Post | None:
    posts = (post for _, post in posts_of_organisations(by, [each.pk for each in partners]))
    return next((post for post in posts if post.role == role), None)
