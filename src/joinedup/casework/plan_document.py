"""A family's plan as one document, and its distances travelled as drawings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from joinedup.core.charts import Distance, distance
from joinedup.core.documents import Block, Document, Facts, Heading, PageBreak, Paragraph, Quote
from joinedup.core.figures import Figure, Table
from joinedup.core.formats import date_long
from joinedup.outcomes.measuring import plain

if TYPE_CHECKING:
    from joinedup.casework.queries import CaseFrame, NeedSeen, OutcomeSeen, PlanSectionSeen, PlanSeen
    from joinedup.casework.queries.about_me import FamilyHeld


def plan_document(
    frame: CaseFrame, plan: PlanSeen, *, printed_by: str, printed_at: datetime, held: FamilyHeld | None = None
) -> Document:
    """The plan for paper: what the page shows, in the order it shows it."""
    names = ", ".join(each.name for each in frame.children) or frame.family
    return Document(
        title=frame.pathway.words.plan, subtitle=f"{names}. Plan {plan.reference}, case {frame.reference}", printed_by=printed_by,
        printed_at=printed_at, blocks=(*_held(held), *_blocks(frame, plan)),
    )  # fmt: skip


def _held(held: FamilyHeld | None) -> Iterator[Block]:
    """What a family-held plan begins with: the page about each child, who works with them, and what comes with age."""
    if held is None:
        return
    for child in held.children:
        yield Heading(f"About me: {child.name}")
        for label, said in child.lines:
            yield Paragraph(said, label=label)
        yield PageBreak()
    yield Table(
        ("Who", "What they do", "Organisation", "Phone"),
        tuple((each.name, each.words or each.title, each.organisation, each.phone) for each in held.members),
        "Who works with us",
    )
    if held.coming:
        rows = tuple(
            (each.coming.words, each.name, date_long(each.coming.on), date_long(each.coming.from_day))
            for each in held.coming
        )
        yield Table(("What comes", "Who", "When", "Prepare from"), rows, "Changes that come with age")


def _blocks(frame: CaseFrame, plan: PlanSeen) -> Iterator[Block]:
    lead = f"{frame.lead_professional}, {frame.lead_phone}".strip(", ") or "Not named yet"
    facts = [(frame.pathway.words.lead, lead), ("Team", frame.team), ("Level of need", str(frame.level)), ("State", plan.state_label),
             ("Begun", date_long(plan.opened_at))]  # fmt: skip
    if frame.review_due_on:
        facts.append(("Next review by", date_long(frame.review_due_on)))
    yield Facts(facts)
    yield Heading("What the family wants")
    yield Quote(plan.family_words or "Not written down yet.", "The family")
    yield Heading("The whole family")
    yield from _needs(plan.family_needs)
    for section in plan.sections:
        yield from _section(section, frame.pathway.words.lead)
    yield Heading("If things get worse, or somebody is away")
    yield Paragraph(plan.contingency or "Not written down yet.")


def _section(section: PlanSectionSeen, lead: str) -> Iterator[Block]:
    yield Heading(section.name)
    if section.lead:
        yield Facts([(lead, f"{section.lead}, {section.lead_phone}".strip(", "))])
    if section.words:
        yield Quote(section.words, section.name)
    if section.statutory:
        rows = tuple(
            (f"{each.label}: {each.abuse_label.lower()}" if each.abuse_label else each.label, each.holder, each.status, date_long(each.starts_on),
             date_long(each.ends_on) if each.ends_on else "", date_long(each.read_at))
            for each in section.statutory
        )  # fmt: skip
        yield Table(
            ("Plan", "Held by", "Stands", "Started", "Ended", "Read back"), rows, f"Statutory plans of {section.name}"
        )
    yield from _needs(section.needs)


def _needs(needs: tuple[NeedSeen, ...]) -> Iterator[Block]:
    if not needs:
        yield Paragraph("No need written down.", is_quiet=True)
    for need in needs:
        yield Heading(need.words, level=3)
        yield Paragraph(f"{need.code}: {need.label}", is_quiet=True)
        if need.end_code:
            yield Paragraph(f"{need.end_label}. {need.end_words}".strip(), label="What became of it")
        for outcome in need.outcomes:
            yield from _outcome(outcome)


def _outcome(outcome: OutcomeSeen) -> Iterator[Block]:
    yield Heading(outcome.words, level=4)
    course = outcome.course
    yield Facts(
        [
            ("Measured by", f"{course.measure.name} ({course.measure.unit})"),
            ("At the start", f"{plain(course.value)}, {date_long(course.on)}"),
            ("Now", f"{plain(course.latest)}: {outcome.verdict_label.lower()}"),
            ("Target", f"{plain(outcome.target)} by {date_long(outcome.target_on)}"),
        ]
    )
    if outcome.actions:
        rows = tuple(
            (
                f"{each.kind_label}: {each.words}" if each.kind_label else each.words,
                f"{each.owner}, {each.agency or each.owner_title}",
                date_long(each.due_on),
                each.status_label,
            )
            for each in outcome.actions
        )
        yield Table(("What", "Who", "By when", "Stands"), rows, "Actions")


def distance_figures(plan: PlanSeen) -> list[Figure]:
    """One drawing for each measure in the plan: where each outcome began and where it is now. Outcomes of one measure share
    a scale, from its least to its most, or to the greatest value there is."""
    found = []
    by_measure: dict[str, list[OutcomeSeen]] = {}
    for outcome in plan.outcomes:
        by_measure.setdefault(outcome.course.measure.code, []).append(outcome)
    for outcomes in by_measure.values():
        measure = outcomes[0].course.measure
        values = [float(value) for each in outcomes for value in (each.course.value, each.course.latest, each.target)]
        low = float(measure.least) if measure.least is not None else min(0.0, *values)
        high = float(measure.most) if measure.most is not None else max(low + 1, *values)
        rows = [
            Distance(each.words, float(each.course.value), float(each.course.latest) if each.course.readings else None)
            for each in outcomes
        ]
        found.append(
            distance(
                f"{measure.name} ({measure.unit})", rows, low=low, high=high, is_more_better=measure.direction == "up",
                note="Targets: " + "; ".join(f"{plain(each.target)} by {date_long(each.target_on)}" for each in outcomes) + ".",
            )
        )  # fmt: skip
    return found
