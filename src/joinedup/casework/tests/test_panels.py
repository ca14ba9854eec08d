"""What casework says on a person's and a family's page: to whom, and never of somebody who is withheld."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from joinedup.access.panels import About, Frame, PanelShown, panels_for
from joinedup.casework import services
from joinedup.casework.planning import NeedSaid
from joinedup.casework.tests.assessed import Work, make_work
from joinedup.core.answers import Fact
from joinedup.organisations.tests.factories import AT
from joinedup.person_index.models import Restriction
from joinedup.person_index.queries.kept import people_shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def work() -> Work:
    found = make_work()
    services.open_plan(case=found.case, family_words="Calm mornings.", by=found.actor("amira"), at=AT)
    return found


def said(work: Work, who: str, frame: Frame) -> dict[str, PanelShown]:
    return {each.key: each for each in panels_for(work.actor(who), frame)}


def child(work: Work) -> Frame:
    return Frame(About.PERSON, work.child.pk, (work.child.pk,), work.child.birth_date)


def links(panel: PanelShown) -> list[str]:
    facts: tuple[Fact, ...] = panel.facts
    return [each.href for each in facts]


def test_the_case_is_named_to_whoever_may_see_it_and_to_nobody_else(work: Work) -> None:
    for who in ("amira", "manager", "noor"):
        panel = said(work, who, child(work))["casework.cases"]
        assert panel.facts[0].value == work.case.reference
        assert links(panel)[0] == f"/cases/{work.case.pk}/"
    away = said(work, "ben", child(work))["casework.cases"]
    nobody = said(work, "ben", Frame(About.PERSON, UUID(int=1), ()))["casework.cases"]
    assert away == nobody  # a case elsewhere and no case at all say the same words


def test_a_withheld_child_is_not_on_the_page_nor_in_a_panel(work: Work) -> None:
    family = work.case.family_id
    assert family is not None
    Restriction.objects.create(
        person=work.child, category="high_risk", reason="Danger", starts_at=AT - timedelta(days=1), review_by=AT.date(),
        allowed_roles=["information_governance"],
    )  # fmt: skip
    seen = people_shown(work.actor("amira"), {work.child.pk})
    assert seen == set()
    panel = said(work, "amira", Frame(About.FAMILY, family, tuple(seen)))["casework.cases"]
    assert panel.facts == ()


def test_as_many_statements_for_one_case_as_for_what_it_holds(work: Work) -> None:
    amira, frame = work.actor("amira"), child(work)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            panels_for(amira, frame)
        return len(asked)

    count()
    few = count()
    for number in range(4):
        need = NeedSaid("N4", f"Need {number}")
        services.add_need(plan=work.case.plans.get(), said=need, by=amira, at=AT)
    assert count() == few
