"""Builders for tests of programmes and benefits. They call the services, as the program itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.benefits import services
from joinedup.benefits.models import Programme, Strand
from joinedup.benefits.services import ProgrammeSaid, StrandSaid
from joinedup.organisations.models import Organisation
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post

AGENCIES = {"COUNCIL": "Exampleshire Council", "NHS": "Exampleshire NHS", "POLICE": "Exampleshire Police"}


@dataclass
class Run:
    """A programme of three partners with two strands, and the people who answer for it."""

    programme: Programme
    organisations: dict[str, Organisation]
    strands: dict[str, Strand] = field(default_factory=dict)
    manager: Actor | None = None
    directors: dict[str, Actor] = field(default_factory=dict)


def make_programme(*, at: datetime = AT, is_illustration: bool = False) -> Run:
    """Families together (the council's) and safer communities (the police's), from April 2026, five years."""
    partners = {code: make_organisation(code=code, name=name) for code, name in AGENCIES.items()}
    said = ProgrammeSaid("Altogether better", "One plan for families.", date(2026, 4, 1), 5, is_illustration)
    made = Run(services.set_up_programme(said=said, partners=list(partners.values()), by=system(at), at=at), partners)
    for code, name, sponsor in (("families", "Families together", "COUNCIL"), ("safer", "Safer communities", "POLICE")):
        made.strands[code] = services.add_strand(
            programme=made.programme,
            said=StrandSaid(code, name, "It has most to gain."),
            sponsor=partners[sponsor],
            by=system(at),
            at=at,
        )
    account, _ = make_post(role=Role.PROGRAMME_MANAGER, employer=partners["COUNCIL"], name="Perry Testplan")
    made.manager = actor_of(account, at)
    for code, organisation in partners.items():
        account, _ = make_post(role=Role.FINANCE_DIRECTOR, employer=organisation, name=f"Director {code}")
        made.directors[code] = actor_of(account, at)
    return made
