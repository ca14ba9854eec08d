"""Builders for tests of this part. They call the services."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.organisations.models import Organisation
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post
from joinedup.universal import services
from joinedup.universal.models import Programme, Session
from joinedup.universal.services import Newcomer, ProgrammeSaid, Weekly


def make_worker(organisation: Organisation, *, name: str = "Kit Testhelp", at: datetime = AT) -> Actor:
    """Somebody who runs sessions for an organisation."""
    account, _ = make_post(role=Role.REFERRER, employer=organisation, name=name, title="Play worker")
    return actor_of(account, at)


def make_programme(
    *, organisation: Organisation | None = None, name: str = "Testington stay and play", at: datetime = AT, **said: Any
) -> Programme:
    """A programme of an organisation."""
    organisation = organisation or make_organisation(
        code="PLACEHOLDER", name="Placeholder Family Support", kind="voluntary"
    )
    facts = {"kind": "stay_and_play", "place": "Mock Hall", **said}
    return services.open_programme(
        organisation=organisation, said=ProgrammeSaid(name=name, **facts), by=system(at), at=at
    )


def make_session(programme: Programme, *, on: date | None = None, at: datetime = AT) -> Session:
    """One afternoon of it; the day of the tests unless another is given."""
    when = Weekly(on or at.date(), time(9, 30), time(11))
    return services.plan_sessions(programme=programme, when=when, by=system(at), at=at)[0]


def make_attendance(session: Session, by: Actor, *, given_name: str = "Wren", **facts: Any) -> Any:
    """Somebody new on its register, as here."""
    new = Newcomer(given_name, facts.pop("family_name", "Samplefield"), **facts)
    return services.add_newcomer(session=session, newcomer=new, by=by, at=by.at)
