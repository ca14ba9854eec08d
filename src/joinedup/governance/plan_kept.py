"""The forms of the children and young people’s plan that are kept while somebody types."""

from __future__ import annotations

from django.urls import reverse

from joinedup.core.drafts import declare_form


def _part(about: str) -> str:
    part, kind, record = about.split(":")
    if kind == "new":
        return reverse("plan_part_new", args=[record, part])
    return reverse("plan_part", args=[part, record])


def about_part(part: str, kind: str, record: object) -> str:
    """What a form about a part says of itself: which part, new or one, and of which plan or row."""
    return f"{part}:{kind}:{record}"


PLAN_NEW = declare_form("governance.plan_new", "A new plan for children", lambda about: reverse("plan_begin"))
PLAN_WORDS = declare_form(
    "governance.plan_words", "What the plan for children says", lambda about: reverse("plan_words", args=[about])
)
PLAN_PART = declare_form("governance.plan_part", "A part of the plan for children", _part)
PLAN_ACTION = declare_form(
    "governance.plan_action", "How an action of the plan is", lambda about: reverse("plan_action", args=[about])
)
