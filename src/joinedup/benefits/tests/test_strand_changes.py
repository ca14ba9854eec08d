"""What a strand is to change, on its page: the outcomes read for its families, with what is hidden hidden."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.benefits import services as benefits
from joinedup.benefits.queries.groups import CODE
from joinedup.benefits.queries.strands import strand_page
from joinedup.benefits.tests.factories import Run, make_programme
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.tests.factories import AT, actor_of, make_post
from joinedup.outcomes import services
from joinedup.outcomes.models import Cohort, Series
from joinedup.outcomes.tests.factories import make_measure, make_series, read, said_of
from tests.support.statements import statements_of

pytestmark = pytest.mark.django_db
Q2, Q3 = date(2026, 6, 30), date(2026, 9, 30)


def _cohort(run: Run, strand: str = "families") -> Cohort:
    return services.add_cohort(
        code=strand.upper(), name=f"Families of {strand}", definition="", youngest=None, oldest=None,
        group=f"{CODE}:{run.strands[strand].pk}", by=run.manager, at=AT,
    )  # fmt: skip


def _manager(run: Run) -> Visitor:
    assert run.manager is not None
    return Visitor(run.manager)


def _target(series: Series, value: str) -> None:
    by = system(AT)
    services.set_baseline(series=series, said=said_of(Q2, "40"), reason="", by=by, at=AT)
    services.set_trajectory(
        series=series, starts_on=None, targets={date(2027, 3, 31): Decimal(value)}, reason="", by=by, at=AT
    )


def test_the_outcomes_of_its_families_stand_on_its_page() -> None:
    """Newest value, target and standing, each with its address; of another strand's families and of everybody nothing; a
    measure that is read no more is not listed."""
    run = make_programme()
    cohort = _cohort(run)
    measure = make_measure(
        code="CALLS", form="count", name="Calls to the police", stamp="Illustration: inputs invented"
    )
    (mine,), (everybody,) = make_series(measure, cohort=cohort), make_series(measure)
    (other,) = make_series(make_measure(code="OTHER", form="count"), cohort=_cohort(run, "safer"))
    read(mine, (Q2, "40"), (Q3, "31"))
    read(everybody, (Q3, "977"))
    read(other, (Q3, "555"))
    _target(mine, "20")
    visitor = _manager(run)
    page = visitor.see("strand", run.strands["families"].pk)
    for words in (
        "What it is to change", "Calls to the police", "31.0 families", "20.0 families", "by 31 March 2027",
        "Illustration: inputs invented", reverse("outcome_series", args=[mine.pk]), "Choose another measure",
    ):  # fmt: skip
        assert words in page, words
    for words in ("977", "555", "No outcome is read"):
        assert words not in page, words
    found = strand_page(run.manager, run.strands["families"].pk).outcomes
    assert found is not None
    assert [(each.series.id, each.standing) for each in found.rows] == [(mine.pk, "On course")]
    services.end_partnership_measure(measure=measure, by=run.manager, at=AT)
    assert "No outcome is read for its families yet." in visitor.see("strand", run.strands["families"].pk)


def test_few_people_are_not_shown_there_either() -> None:
    run = make_programme()
    (mine,) = make_series(make_measure(code="FEW", form="count"), cohort=_cohort(run))
    read(mine, (Q3, "3"))
    page = _manager(run).see("strand", run.strands["families"].pk)
    assert "3.0 families" not in page
    assert "fewer than 6" in page
    assert "Too few to show" in page


def test_where_there_is_none_whoever_may_is_told_how_to_add_one() -> None:
    """First the group, then a measure for it; a strand that is closed asks for neither, and whoever may not see outcomes has no
    such section."""
    run = make_programme()
    strand, visitor = run.strands["families"], _manager(run)
    page = visitor.see("strand", strand.pk)
    assert "No outcome is read for its families yet." in page
    assert f'href="{reverse("outcome_cohort_new")}"' in page
    _cohort(run)
    page = visitor.see("strand", strand.pk)
    assert f'href="{reverse("outcome_cohort_new")}"' not in page
    assert "Choose a measure to read for its families" in page
    finance, _ = make_post(role=Role.FINANCE_DIRECTOR, employer=run.organisations["COUNCIL"], name="Tess Testfinance")
    page = Visitor(actor_of(finance, AT)).see("strand", strand.pk)
    assert "No outcome is read" in page
    assert "Choose a measure" not in page
    auditor, _ = make_post(role=Role.BUDGET_HOLDER, employer=run.organisations["COUNCIL"], name="Hal Testholder")
    seen = strand_page(actor_of(auditor, AT), strand.pk).outcomes
    assert (seen is None) == ("What it is to change" not in Visitor(actor_of(auditor, AT)).see("strand", strand.pk))
    benefits.close_strand(strand=strand, reason="Done", by=run.manager, at=AT)
    assert "Choose a measure" not in visitor.see("strand", strand.pk)


def test_statements_do_not_grow_with_the_outcomes() -> None:
    run = make_programme()
    cohort, visitor, counts = _cohort(run), _manager(run), []
    for number in range(1, 7):
        (mine,) = make_series(make_measure(code=f"M{number}", form="count"), cohort=cohort)
        read(mine, (Q2, "40"), (Q3, "31"))
        if number in (1, 6):
            visitor.see("strand", run.strands["families"].pk)
            with CaptureQueriesContext(connection) as asked:
                visitor.see("strand", run.strands["families"].pk)
            counts.append(statements_of(asked))
    assert counts[0] == counts[1] <= 24
