"""The forms of shared money that are kept while somebody types."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from joinedup.core.drafts import declare_form


def _of(page: str, record: str) -> Callable[[str], str]:
    return lambda about: reverse(page, kwargs={record: about})


def _of_two(page: str, first: str, second: str) -> Callable[[str], str]:
    return lambda about: reverse(page, kwargs=dict(zip((first, second), about.split(" ", 1), strict=True)))


ITEM = declare_form(
    "funds.item", "What an agreement says", _of_two("fund_agreement_item", "fund_agreement_id", "clause")
)
SHEET = declare_form("funds.sheet", "How your budget works", _of("budget_sheet_publish", "partner_id"))
VARIATION = declare_form("funds.variation", "Vary an agreement", _of("fund_variation_new", "fund_agreement_id"))
POOLING = declare_form("funds.pooling", "Pool an aligned fund", _of("fund_pooling", "fund_id"))
