"""The framework a partnership begins with: the four layers and the 23 elements of a progress report to a scrutiny committee
in 2006, under their letters, with the figures that speak for each. From then on it is the partnership's own data. Pure."""

from __future__ import annotations

from dataclasses import dataclass

LAYERS: tuple[tuple[str, str], ...] = (
    ("delivery", "Integrated front-line delivery"),
    ("processes", "Integrated processes"),
    ("strategy", "Integrated strategy"),
    ("governance", "Inter-agency governance"),
)


@dataclass(frozen=True)
class Standard:
    """An element as it is begun with: its layer, the figures that speak for it, and what somebody judges besides."""

    letter: str
    layer: str
    name: str
    figures: tuple[str, ...] = ()
    judged: str = ""


STANDARD: tuple[Standard, ...] = (
    Standard("A", "delivery", "Children’s centres", (), "How many of the planned centres are open and used."),
    Standard("B", "delivery", "Extended schools", (), "What schools offer beyond the school day."),
    Standard("C", "delivery", "Integrated youth offer", (), "How far the youth services work as one."),
    Standard("D", "delivery", "Common core of skills", ("leads_trained",), "Whether skills are common across agencies."),
    Standard("E", "delivery", "Support for parents, carers and families", ("help_given",), "Whether the help is coherent."),
    Standard("F", "delivery", "Support for children with additional needs", (), "Whether support reaches them in time."),
    Standard("G", "delivery", "Integrated safeguarding", (), "Whether agencies are linked together to safeguard."),
    Standard("H", "delivery", "Multi-disciplinary teams", ("several_bodies",), "Whether teams share premises."),
    Standard("J", "processes", "Common assessment framework", ("assessments", "assessors"), "Whether it is used everywhere."),
    Standard("K", "processes", "Shared referral", ("one_form", "decision_hours"), "Whether there is one way in."),
    Standard("L", "processes", "Identifying vulnerable children and young people", (), "Whether need is noticed early."),
    Standard(
        "M", "processes", "Lead professional", ("leads", "duty_days", "contact", "named_lead"), "Whether it is widely in place."
    ),
    Standard("N", "processes", "Information sharing", ("agreements",), "Whether agencies agree on what can be shared."),
    Standard("O", "processes", "Service directory", ("directory",), "Whether families find what there is."),
    Standard("Q", "strategy", "Needs analysis", (), "Whether it covers every child and every service."),
    Standard(
        "R", "strategy", "Children and young people’s plan", ("plan_actions", "plan_aligned", "plan_asked"),
        "Whether it is aligned with other plans.",
    ),
    Standard("S", "strategy", "Local workforce planning", (), "Whether there is one coherent programme."),
    Standard("T", "strategy", "Joint commissioning", ("spending_agreements",), "How much is commissioned together."),
    Standard("U", "strategy", "Pooled budgets", ("pooled", "aligned", "joint"), "Whether more should be pooled."),
    Standard("W", "governance", "Director of children’s services", ("director",), "Whether the whole remit is held."),
    Standard("X", "governance", "Lead member", ("lead_member",), "Whether they were formally designated."),
    Standard("Y", "governance", "Children’s trust board", ("trust_seats",), "Whether it takes on responsibility."),
    Standard("Z", "governance", "Safeguarding children board", ("safeguarding_seats",), "Whether its plan is followed."),
)  # fmt: skip
