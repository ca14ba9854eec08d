"""The demo's reading of how cases flow, from a file of events that is invented, with a scenario and a testing phase."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from joinedup.access.actor import system
from joinedup.capacity import services
from joinedup.capacity.modelling import work_of
from joinedup.capacity.results import beliefs_of
from joinedup.capacity.services import PhaseSaid, ScenarioSaid
from joinedup.capacity.services.reading import assumed_on
from joinedup.organisations.queries import teams_of_kind

HEAD = "case_id,family_id,activity,ts,team,worker,agency,locality,tier,outcome"


def event_file(
    *,
    families: int = 400,
    seed: int = 7,
    begins: date = date(2025, 11, 24),
    days: int = 360,
    teams: tuple[str, str] = ("North", "South"),
) -> bytes:
    """Contacts of so many families over so many days, decided the next day, two thirds given to one of two teams."""
    luck = random.Random(seed)  # noqa: S311 - an invented town, not a secret
    lines = [HEAD]
    last = begins + timedelta(days=days)

    def write(number: int, activity: str, day: date, team: str = "", tier: str = "", outcome: str = "") -> None:
        if day <= last:
            at = datetime.combine(day, time(9 + luck.randrange(7), luck.randrange(60)))
            lines.append(f"C{number},F{number},{activity},{at.isoformat()},{team},,COUNCIL,,{tier},{outcome}")

    for number in range(families):
        came = begins + timedelta(days=luck.randrange(days))
        while came.weekday() > 4:
            came += timedelta(days=1)
        write(number, "contact", came)
        decided = came + timedelta(days=1)
        goes_on = luck.random() < 0.66
        write(number, "triage_decision", decided, outcome="early_help" if goes_on else "advice")
        if not goes_on:
            write(number, "closure", decided + timedelta(days=1))
            continue
        team, tier = luck.choice(teams), luck.choice("23")
        write(number, "referral", decided + timedelta(days=1), team, tier)
        named = decided + timedelta(days=2 + luck.randrange(5))
        write(number, "allocation", named, team, tier)
        write(number, "assessment_start", named + timedelta(days=2), team, tier)
        write(number, "assessment_complete", named + timedelta(days=20 + luck.randrange(30)), team, tier)
        write(number, "review", named + timedelta(days=38 + luck.randrange(6)), team, tier)
        write(number, "closure", named + timedelta(days=50 + luck.randrange(150)), team, tier)
    return "\n".join(lines).encode()


def load(*, at: datetime) -> None:
    """Read the invented file, keep what it comes to as a scenario with room to spare, and set up a testing phase."""
    by = system(at)
    teams = teams_of_kind(by, "case_management")
    content = event_file(
        families=900, begins=(at - timedelta(days=364)).date(), teams=(teams[0].name, teams[-1].name)
    )  # fmt: skip
    reading = services.read_file(name="An invented town", content=content, is_illustration=True, by=by, at=at)
    work = work_of(assumed_on(at.date())) | {"beliefs": beliefs_of(reading.summary)}
    model = dict(reading.model)
    model["stations"] = [each | {"servers": int(each["servers"] * 1.5) + 2} for each in model["stations"]]
    said = ScenarioSaid(
        "Half as many workers again", "Whether half as many again would meet every target.", model, work
    )
    scenario = services.keep_scenario(said=said, reading=reading, by=by, at=at)
    phase = PhaseSaid(
        "One key worker from the first day", 50, at.date(), "The same team’s families of the year before, by time open and by reviews held.",
        "Reviews held on time for nine families in ten; no serious incident; families say they know who leads.", 80,
    )  # fmt: skip
    row = services.set_up_phase(said=phase, team=teams[0], scenario=scenario, by=by, at=at)
    services.begin_phase(phase=row, by=by, at=at)
