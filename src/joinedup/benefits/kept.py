"""The forms of programmes that are kept while somebody types."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from joinedup.core.drafts import declare_form


def _of(page: str, record: str) -> Callable[[str], str]:
    return lambda about: reverse(page, kwargs={record: about})


def _programme(about: str) -> str:
    return reverse("programme_change", kwargs={"programme_id": about}) if about else reverse("programme_new")


PROGRAMME = declare_form("benefits.programme", "A programme", _programme)
FAMILIES = declare_form("benefits.families", "Families in a strand", _of("strand_families", "strand_id"))
EXPLAINS = declare_form("benefits.explains", "Why figures differ", _of("claim_explain", "claim_subject_id"))
BENEFIT_MOVE = declare_form("benefits.benefit_move", "Where a benefit stands", _of("benefit_move", "benefit_id"))
SETTLEMENT = declare_form("benefits.settlement", "How partners settle", _of("investment_decide", "programme_id"))
