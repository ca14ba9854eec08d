"""Which figures there are: of case work, the front door, information sharing, shared money, training and boards."""

from __future__ import annotations

from decimal import Decimal

from joinedup.access.actor import Actor
from joinedup.casework.queries import evidence as casework
from joinedup.directory.queries import services_assured
from joinedup.front_door.queries import evidence as front_door
from joinedup.funds.queries import evidence as funds
from joinedup.governance.evidence import Count, Figure, Period, Reading, average, register_figure, share, whole
from joinedup.governance.queries.sitting import seats_held
from joinedup.information_sharing.queries import evidence as sharing
from joinedup.workforce.codes import Course
from joinedup.workforce.queries import trained_number

NOT_ASKED = "no family was asked in a review of this period who leads for them."
NO_DIRECTORY = "the service directory has no public service yet."


def _leads(viewer: Actor, period: Period) -> Reading | None:
    found = casework.leads_of_families(viewer, since=period.since, until=period.until)
    return average(found.number, found.of)


def _duty(viewer: Actor, period: Period) -> Reading | None:
    found = casework.days_without_lead(viewer, since=period.since, until=period.until)
    return Reading(Decimal(found.number), found.number, found.of) if found.of else None


def _contact(viewer: Actor, period: Period) -> Reading | None:
    found = casework.families_in_contact(viewer, on=period.until)
    return share(found.number, found.of)


def _named(viewer: Actor, period: Period) -> Reading | None:
    found = casework.families_who_named_their_lead(viewer, since=period.since, until=period.until)
    return share(found.number, found.of)


def _several(viewer: Actor, period: Period) -> Reading | None:
    found = casework.cases_of_several_bodies(viewer, on=period.until)
    return share(found.number, found.of)


def _form(viewer: Actor, period: Period) -> Reading | None:
    return share(*front_door.referrals_by_form(viewer, since=period.since, until=period.until))


def _hours(viewer: Actor, period: Period) -> Reading | None:
    hours = front_door.hours_to_decision(viewer, since=period.since, until=period.until)
    return None if hours is None else Reading(round(Decimal(hours), 1))


def _pence(model: str) -> Count:
    def count(viewer: Actor, period: Period) -> Reading | None:
        if "pence" not in period.kept:
            period.kept["pence"] = funds.pence_by_model(viewer)
        return whole(period.kept["pence"].get(model, 0))

    return count


def _trained(course: Course) -> Count:
    return lambda viewer, period: whole(trained_number(viewer, course, period.until))


def _seats(board: str = "", seat: str = "") -> Count:
    def count(viewer: Actor, period: Period) -> Reading | None:
        if "seats" not in period.kept:
            period.kept["seats"] = seats_held(viewer)
        rows = [each.is_held for each in period.kept["seats"] if board in {"", each.board} and seat in {"", each.seat}]
        return share(sum(rows), len(rows))

    return count


def _directory(viewer: Actor, period: Period) -> Reading | None:
    return share(*services_assured(viewer, since=period.since, until=period.until))


for _each in (
    Figure("leads", "Lead professionals per family in the period", "number", "Cases", _leads, is_more_better=False),
    Figure("duty_days", "Days a manager held the duty because nobody led", "days", "Cases", _duty, is_more_better=False),
    Figure("contact", "Families with a recorded contact from their lead in the last 28 days", "share", "Cases", _contact),
    Figure("named_lead", "Families who could name their lead when asked", "share", "Cases", _named, why_none=NOT_ASKED),
    Figure("several_bodies", "Open cases whose team has people of two or more bodies", "share", "Cases", _several),
    Figure(
        "help_given", "Times help to families began", "number", "Cases",
        lambda viewer, period: whole(casework.help_given(viewer, since=period.since, until=period.until)),
    ),
    Figure(
        "assessments", "Common assessments signed", "number", "Cases",
        lambda viewer, period: whole(casework.assessments_signed(viewer, since=period.since, until=period.until)),
    ),
    Figure("assessors", "People trained in the common assessment", "number", "Training", _trained(Course.COMMON_ASSESSMENT)),
    Figure("leads_trained", "People trained to lead", "number", "Training", _trained(Course.LEAD_PROFESSIONAL)),
    Figure("one_form", "Referrals through the one form", "share", "Front door", _form),
    Figure("decision_hours", "Median hours to a decision on a referral", "hours", "Front door", _hours, is_more_better=False),
    Figure(
        "agreements", "Information sharing agreements in force", "number", "Information sharing",
        lambda viewer, period: whole(sharing.agreements_in_force(viewer, on=period.until)),
    ),
    Figure("pooled", "Pounds in pooled budgets, as approved for the year", "pence", "Shared money", _pence("pooled")),
    Figure("aligned", "Pounds in aligned budgets, as approved for the year", "pence", "Shared money", _pence("aligned")),
    Figure("joint", "Pounds in joint budgets, as approved for the year", "pence", "Shared money", _pence("joint")),
    Figure(
        "spending_agreements", "Agreements under which partners spend together", "number", "Shared money",
        lambda viewer, period: whole(funds.agreements_to_spend_together(viewer)),
    ),
    Figure("directory", "Services of the directory assured in three months", "share", "Directory", _directory, why_none=NO_DIRECTORY),
    Figure("seats", "Seats on boards that somebody holds", "share", "Boards", _seats()),
    Figure("director", "Directors’ seats that somebody holds", "share", "Boards", _seats(seat="director")),
    Figure("lead_member", "Lead members’ seats that somebody holds", "share", "Boards", _seats(seat="lead_member")),
    Figure("trust_seats", "Seats on the trust board that somebody holds", "share", "Boards", _seats(board="trust")),
    Figure("safeguarding_seats", "Safeguarding partners’ seats that somebody holds", "share", "Boards", _seats(board="safeguarding")),
):  # fmt: skip
    register_figure(_each)
