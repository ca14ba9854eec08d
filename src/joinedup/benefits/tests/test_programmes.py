"""Programmes with PostgreSQL: what is set up, and who sees it."""

from __future__ import annotations

from datetime import date

import pytest

from joinedup.access.roles import Role
from joinedup.benefits import queries, services
from joinedup.benefits.services import ProgrammeSaid
from joinedup.benefits.tests.factories import make_programme
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post

pytestmark = pytest.mark.django_db


def test_who_sees_a_programme() -> None:
    """A partner's people see it; another organisation's do not know of it; a key worker may not look at all."""
    run = make_programme()
    assert run.manager is not None
    [seen] = queries.programmes_of(run.directors["POLICE"])
    assert [each.name for each in seen.strands] == ["Families together", "Safer communities"]
    elsewhere = make_organisation(code="OTHER", name="Another council")
    stranger = actor_of(make_post(role=Role.FINANCE_DIRECTOR, employer=elsewhere, name="Other Testpurse")[0], AT)
    assert queries.programmes_of(stranger) == []
    with pytest.raises(NotVisible):
        queries.programme_for(stranger, run.programme.pk)
    with pytest.raises(NotPermitted):
        queries.programmes_of(actor_of(make_post(name="Key Testworker")[0], AT))


def test_a_programme_has_a_name() -> None:
    """Refused without."""
    run = make_programme()
    assert run.manager is not None
    with pytest.raises(Refused, match="called"):
        services.set_up_programme(said=ProgrammeSaid("  ", "", date(2026, 4, 1)), partners=[], by=run.manager, at=AT)
