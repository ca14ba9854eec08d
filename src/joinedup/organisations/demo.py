"""The demo partnership: invented organisations, places, teams and people, shaped by what such partnerships report.

Four localities, five clusters of schools, a front door of nine full-time equivalents and three case-management teams of
about forty posts from several employers. Everybody and everything here is invented, and named so that nobody can doubt
it. Loaded through the services, so that the audit trail holds it as it would hold the real thing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from joinedup.access.actor import system
from joinedup.access.roles import FINANCE, Role
from joinedup.access.services import open_account
from joinedup.core.formats import LONDON, london
from joinedup.organisations import services
from joinedup.organisations.models import Cluster, Locality, Organisation, Post, Team

_STARTED = timedelta(days=420)  # how long before "now" the partnership began
_FINANCE_STARTED = timedelta(days=800)  # those who look after shared money were there for the year before as well

# code, name, kind, referral source of the children in need census, e-mail domain
_ORGANISATIONS = (
    ("COUNCIL", "Exampleshire Council", "council", "5D", "council"),
    ("POLICE", "Exampleshire Police", "police", "6", "police"),
    ("SCHOOLS", "Exampleshire Schools Forum", "school", "2B", "schools"),
    ("HOUSING", "Exampleshire Homes", "housing", "4", "homes"),
    ("PROBATION", "Exampleshire Probation", "probation", "7", "probation"),
    ("JOBCENTRE", "Jobcentre Plus Exampleshire", "jobcentre", "5C", "jobcentre"),
    ("MOCKLANE", "Mock Lane Surgery", "nhs", "3A", "mocklane"),
    ("PLACEHOLDER", "Placeholder Family Support", "voluntary", "8", "placeholder"),
    ("SAMPLERS", "Samplers Youth Trust", "voluntary", "8", "samplers"),
    ("TESTHARBOUR", "Testharbour Refuge", "voluntary", "8", "testharbour"),
)
_NHS = (
    ("PCT", "Exampleshire Primary Care Trust", date(2002, 4, 1), date(2013, 3, 31)),
    ("CCG", "Exampleshire Clinical Commissioning Group", date(2013, 4, 1), date(2022, 6, 30)),
    ("NHS", "Exampleshire Integrated Care Board", date(2022, 7, 1), None),
)
_LOCALITIES = (
    ("NORTH", "North", ("ZZ1", "ZZ2")),
    ("CENTRALNORTH", "Central North", ("ZZ3", "ZZ4")),
    ("CENTRALSOUTH", "Central South", ("ZZ5", "ZZ6")),
    ("SOUTH", "South", ("ZZ7", "ZZ8", "ZZ6 9")),
)
# code, name, locality, schools: (code, name, postcode)
_CLUSTERS = (
    ("ALDER", "Alder cluster", "NORTH", (
        ("ALDERACADEMY", "Alder Sample Academy", "ZZ1 1SA"), ("ALDERPRIMARY", "Alder Testbrook Primary", "ZZ1 2TB"),
        ("ALDERINFANTS", "Alder Mockbird Infants", "ZZ2 3MB"),
    )),
    ("BIRCH", "Birch cluster", "CENTRALNORTH", (
        ("BIRCHHIGH", "Birch Example High School", "ZZ3 1EX"), ("BIRCHPRIMARY", "Birch Sampleford Primary", "ZZ4 2SF"),
    )),
    ("CEDAR", "Cedar cluster", "CENTRALSOUTH", (
        ("CEDARSCHOOL", "Cedar Testington School", "ZZ5 1TT"), ("CEDARPRIMARY", "Cedar Mockingham Primary", "ZZ5 2MM"),
    )),
    ("DAMSON", "Damson cluster", "CENTRALSOUTH", (
        ("DAMSONPRIMARY", "Damson Placeholder Primary", "ZZ6 1PH"),
        ("DAMSONSPECIAL", "Damson Exemplar Special School", "ZZ6 2EX"),
    )),
    ("ELDER", "Elder cluster", "SOUTH", (
        ("ELDERACADEMY", "Elder Testmoor Academy", "ZZ7 1TM"), ("ELDERPRIMARY", "Elder Samplecombe Primary", "ZZ8 2SC"),
        ("ELDERCOLLEGE", "Elder Inventon College", "ZZ7 3IN"),
    )),
)  # fmt: skip
# code, name, kind, base, most open cases, localities
_TEAMS = (
    ("FRONTDOOR", "Single front door", "front_door", "Exampleshire House", None, ()),
    ("TEAMNORTH", "North team", "case_management", "Alder Family Hub", 40, ("NORTH",)),
    ("TEAMCENTRAL", "Central team", "case_management", "Birch Children's Centre", 32, ("CENTRALNORTH", "CENTRALSOUTH")),
    ("TEAMSOUTH", "South team", "case_management", "Elder Family Hub", 40, ("CENTRALSOUTH", "SOUTH")),
    ("STATUTORY", "Assessment and protection", "statutory", "Exampleshire House", None, ()),
    ("QUALITY", "Safeguarding and quality", "specialist", "Exampleshire House", None, ()),
    ("OFFICE", "Partnership office", "specialist", "Exampleshire House", None, ()),
)


@dataclass(frozen=True)
class Part:
    """Somebody in the cast. `ends_in_days` makes a post of limited time; `paid` are payers' shares in per cent."""

    name: str
    title: str
    role: Role
    employer: str = "COUNCIL"
    team: str = ""
    ends_in_days: int | None = None
    hours: str = "1.00"
    paid: tuple[tuple[str, int], ...] = ()
    is_registered_social_worker: bool = False
    supervisor: str = ""
    clinical: str = ""


_LEAD = "Nell Testnurse"
# The people one can sign in as, supervisors before those they supervise.
CAST: tuple[Part, ...] = (
    Part("Rowan Testerfield", "Designated safeguarding lead", Role.REFERRER, "ALDERACADEMY"),
    Part("Hazel Mockwell", "General practitioner", Role.REFERRER, "MOCKLANE"),
    Part("Bryn Samplewell", "Police constable, neighbourhood team", Role.REFERRER, "POLICE"),
    Part("Dev Testaway", "Youth worker", Role.REFERRER, "SAMPLERS"),
    Part("Posy Mockhouse", "Tenancy support officer", Role.REFERRER, "HOUSING"),
    Part("Kit Testhelp", "Family support coordinator", Role.REFERRER, "PLACEHOLDER"),
    Part("Marlow Testington", "Front door manager", Role.FRONT_DOOR_MANAGER, team="FRONTDOOR"),
    Part("Sorrel Testwright", "Senior social worker", Role.SOCIAL_WORKER, team="FRONTDOOR",
         is_registered_social_worker=True, supervisor="Marlow Testington"),
    Part("Ffion Testlake", "Early support worker", Role.FRONT_DOOR_WORKER, team="FRONTDOOR",
         supervisor="Marlow Testington"),
    Part("Hana Mockridge", "Specialist health adviser", Role.FRONT_DOOR_WORKER, "NHS", "FRONTDOOR", ends_in_days=160,
         paid=(("NHS", 50), ("COUNCIL", 50)), supervisor="Marlow Testington", clinical=_LEAD),
    Part("Gil Samplestone", "Police staff, information sharing", Role.FRONT_DOOR_WORKER, "POLICE", "FRONTDOOR",
         ends_in_days=24, supervisor="Marlow Testington"),
    Part("Nia Testnorth", "Team manager, North", Role.TEAM_MANAGER, team="TEAMNORTH"),
    Part("Ciaran Testcentre", "Team manager, Central", Role.TEAM_MANAGER, team="TEAMCENTRAL"),
    Part("Sanjay Testsouth", "Team manager, South", Role.TEAM_MANAGER, team="TEAMSOUTH"),
    Part("Amira Testerly", "Key worker", Role.KEY_WORKER, team="TEAMNORTH", supervisor="Nia Testnorth"),
    Part("Ben Testerson", "Key worker", Role.KEY_WORKER, team="TEAMCENTRAL", supervisor="Ciaran Testcentre"),
    Part("Cara Testwell", "Health visitor and key worker", Role.KEY_WORKER, "NHS", "TEAMSOUTH", ends_in_days=21,
         hours="0.80", paid=(("NHS", 60), ("COUNCIL", 40)), supervisor="Sanjay Testsouth", clinical=_LEAD),
    Part("Stella Testwick", "Assessment team manager", Role.STATUTORY_OFFICER, team="STATUTORY",
         is_registered_social_worker=True),
    Part("Desmond Testdale", "Designated officer for allegations", Role.DESIGNATED_OFFICER, team="QUALITY"),
    Part("Iris Testguard", "Information governance officer", Role.INFORMATION_GOVERNANCE, team="OFFICE"),
    Part("Gwen Testward", "Caldicott guardian", Role.INFORMATION_GOVERNANCE, team="OFFICE"),
    Part("Delphine Testfold", "Data lead", Role.DATA_LEAD, "SCHOOLS"),
    Part("Ada Testkeeper", "System administrator", Role.SYSTEM_ADMINISTRATOR, team="OFFICE"),
    Part("Sterling Testpound", "Chief finance officer (section 151)", Role.CHIEF_FINANCE_OFFICER),
    Part("Goldie Mockpenny", "Chief finance officer", Role.CHIEF_FINANCE_OFFICER, "NHS"),
    Part("Florin Testshilling", "Finance director, children’s services", Role.FINANCE_DIRECTOR),
    Part("Crispin Mockguinea", "Finance director, community services", Role.FINANCE_DIRECTOR, "NHS"),
    Part("Tilly Samplepurse", "Director of finance", Role.FINANCE_DIRECTOR, "POLICE"),
    Part("Penny Testpool", "Pool manager", Role.POOL_MANAGER),
    Part("Marina Testbudget", "Commissioning manager", Role.BUDGET_HOLDER),
    Part("Ledger Mockaudit", "Internal auditor", Role.AUDITOR),
    Part("Perry Testplan", "Programme manager", Role.PROGRAMME_MANAGER),
    Part("Connie Testneeds", "Children’s commissioner", Role.COMMISSIONER),
)  # fmt: skip

_BEHIND: tuple[Part, ...] = (
    Part(_LEAD, "Clinical lead for children", Role.REFERRER, "NHS"),
    Part("Pippa Mockford", "Safeguarding lead", Role.REFERRER, "BIRCHHIGH"),
    Part("Otto Samplecote", "Pastoral lead", Role.REFERRER, "ELDERPRIMARY"),
    Part("Wren Testcombe", "Health visitor", Role.REFERRER, "NHS"),
    Part("Elspeth Mockhaven", "Refuge manager", Role.REFERRER, "TESTHARBOUR"),
)

# title, employer, posts in each team, hours, payers
_FRONT_DOOR = (
    ("Social worker", "COUNCIL", 1, "1.00", ()),
    ("Education adviser", "COUNCIL", 1, "0.50", (("SCHOOLS", 50), ("COUNCIL", 50))),
    ("Housing adviser", "HOUSING", 1, "0.50", ()),
    ("Employment adviser", "JOBCENTRE", 1, "0.50", ()),
    ("Domestic abuse adviser", "TESTHARBOUR", 1, "0.60", (("POLICE", 100),)),
    ("Probation adviser", "PROBATION", 1, "0.40", ()),
    ("Business support officer", "COUNCIL", 1, "0.50", ()),
)
_CASE_MANAGEMENT = (
    ("Senior practitioner", "COUNCIL", 2, "1.00", ()),
    ("Key worker", "COUNCIL", 10, "1.00", ()),
    ("Family support worker", "COUNCIL", 5, "0.80", ()),
    ("Education welfare officer", "COUNCIL", 3, "1.00", (("COUNCIL", 60), ("SCHOOLS", 40))),
    ("Youth worker", "COUNCIL", 2, "1.00", ()),
    ("Health visitor", "NHS", 3, "1.00", (("NHS", 60), ("COUNCIL", 40))),
    ("School nurse", "NHS", 2, "0.80", ()),
    ("Child mental health worker", "NHS", 1, "1.00", (("NHS", 50), ("COUNCIL", 50))),
    ("Police early intervention officer", "POLICE", 1, "1.00", ()),
    ("Probation family worker", "PROBATION", 1, "0.50", ()),
    ("Employment adviser", "JOBCENTRE", 2, "1.00", ()),
    ("Tenancy support worker", "HOUSING", 2, "1.00", ()),
    ("Volunteer co-ordinator", "PLACEHOLDER", 1, "0.60", (("COUNCIL", 100),)),
    ("Domestic abuse worker", "TESTHARBOUR", 1, "1.00", (("COUNCIL", 50), ("POLICE", 50))),
)
_STATUTORY = (("Social worker, assessment", "COUNCIL", 4, "1.00", ()),)

_FIRST = (
    "Aiko Anwen Ash Basil Bay Beryl Blythe Briar Clover Coral Dale Dilys Ebony Eira Elio Fern Flint Gale Glen Gwen Harper "
    "Heath Idris Ines Ivy Jade Jory Juno Kai Keir Kiran Lark Leaf Linden Lowri Mabli Meadow Merle Mina Myrtle Neve Noor "
    "Oakley Odette Olwen Perry Petra Quill Reed Rhys Robin Sage Senna Skye Sol Tansy Teal Thea Tove Una Vale Vesper Willa "
    "Yarrow Zola"
)
_LAST = (
    "Testbridge Samplewood Mockbury Exampler Testham Inventley Fictby Mockingdale Sampleton Testcliffe Placeholt Trialby "
    "Examplow Mockstead Testvale Fictworth Sampleby Inventhorpe"
)


@dataclass
class DemoPartnership:
    """What was loaded, by code and by name."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    localities: dict[str, Locality] = field(default_factory=dict)
    clusters: dict[str, Cluster] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)


def address_of(name: str, domain: str) -> str:
    """The invented e-mail address of an invented person."""
    return f"{name.lower().replace(' ', '.')}@{domain}.example"


def load(*, at: datetime) -> DemoPartnership:
    """Load the partnership as it would have grown until `at`. The caller makes sure that nothing is there yet."""
    began = at - _STARTED
    found = DemoPartnership()
    _load_organisations(found, began)
    _load_places(found, began)
    for code, name, kind, base, cap, served in _TEAMS:
        found.teams[code] = services.open_team(
            code=code, name=name, kind=kind, host=found.organisations["COUNCIL"], base=base, case_cap=cap,
            phone="01632 960 100" if kind == "front_door" else f"01632 960 2{len(found.teams)}0",
            email=address_of(name, "council"), by=system(began), at=began,
        )  # fmt: skip
        if served:
            places = [found.localities[place] for place in served]
            services.set_team_localities(
                team=found.teams[code], localities=places, on=began.date(), by=system(began), at=began
            )
    _load_people(found, began + timedelta(days=1), at)
    return found


def _load_organisations(found: DemoPartnership, began: datetime) -> None:
    by = system(began)
    for code, name, opened_on, closed_on in _NHS:
        found.organisations[code] = services.open_organisation(
            code=code, name=name, kind="nhs", opened_on=opened_on, closed_on=closed_on, referral_source="3F",
            email="office@nhs.example", by=by, at=began,
        )  # fmt: skip
    for earlier, later, reason in (
        ("PCT", "CCG", "Primary care trusts were abolished on 31 March 2013."),
        ("CCG", "NHS", "Clinical commissioning groups were abolished on 30 June 2022."),
    ):
        successor = found.organisations[later]
        if successor.opened_on is not None:
            services.succeed_organisation(
                predecessor=found.organisations[earlier], successor=successor, on=successor.opened_on, reason=reason,
                by=by, at=began,
            )  # fmt: skip
    for number, (code, name, kind, source, domain) in enumerate(_ORGANISATIONS):
        found.organisations[code] = services.open_organisation(
            code=code, name=name, kind=kind, referral_source=source, phone=f"01632 960 3{number:02}",
            email=f"office@{domain}.example", by=by, at=began,
        )  # fmt: skip


def _load_places(found: DemoPartnership, began: datetime) -> None:
    by = system(began)
    for code, name, prefixes in _LOCALITIES:
        found.localities[code] = services.open_locality(code=code, name=name, prefixes=prefixes, by=by, at=began)
    for code, name, locality, schools in _CLUSTERS:
        cluster = services.open_cluster(code=code, name=name, locality=found.localities[locality], by=by, at=began)
        found.clusters[code] = cluster
        for school, title, postcode in schools:
            found.organisations[school] = services.open_organisation(
                code=school, name=title, kind="school", cluster=cluster, postcode=postcode, referral_source="2A",
                email=f"office@{school.lower()}.example", by=by, at=began,
            )  # fmt: skip


def _load_people(found: DemoPartnership, began: datetime, at: datetime) -> None:
    for part in (*_BEHIND, *CAST):
        _appoint(found, part, began, at, is_demo=part in CAST)
    names = _names()
    managers = {part.team: part.name for part in CAST if part.role in {Role.TEAM_MANAGER, Role.FRONT_DOOR_MANAGER}}
    managers["STATUTORY"] = "Stella Testwick"
    for code, table in (
        ("FRONTDOOR", _FRONT_DOOR), ("TEAMNORTH", _CASE_MANAGEMENT), ("TEAMCENTRAL", _CASE_MANAGEMENT),
        ("TEAMSOUTH", _CASE_MANAGEMENT), ("STATUTORY", _STATUTORY),
    ):  # fmt: skip
        for title, employer, count, hours, paid in table:
            for _ in range(count):
                number, name = next(names)
                role = _role_of(title, code)
                part = Part(
                    name, title, role, employer, code,
                    # Secondments end at different times, a few of them soon.
                    ends_in_days=None if employer == "COUNCIL" else 12 + number * 17 % 400,
                    hours=hours, paid=paid, is_registered_social_worker=title.startswith("Social worker"),
                    supervisor=managers[code], clinical=_LEAD if employer == "NHS" else "",
                )  # fmt: skip
                _appoint(found, part, began, at, is_demo=False)
    _remember_earlier_secondment(found, at)


def _role_of(title: str, team: str) -> Role:
    if team == "FRONTDOOR":
        return Role.SOCIAL_WORKER if title == "Social worker" else Role.FRONT_DOOR_WORKER
    return Role.STATUTORY_OFFICER if team == "STATUTORY" else Role.KEY_WORKER


def _names() -> Iterator[tuple[int, str]]:
    """First and last names paired so that nobody has another's, in the same order every time."""
    first, last = _FIRST.split(), _LAST.split()
    for number in itertools.count():
        turn, place = divmod(number, len(first))
        yield number, f"{first[place]} {last[(place * 7 + turn * 5) % len(last)]}"


def _appoint(found: DemoPartnership, part: Part, began: datetime, at: datetime, *, is_demo: bool) -> None:
    if part.role in FINANCE:
        began = at - _FINANCE_STARTED
    employer = found.organisations[part.employer]
    domain = employer.email.partition("@")[2].removesuffix(".example")
    by = system(began)
    account = open_account(
        email=address_of(part.name, domain), name=part.name, password=None, is_demo=is_demo, by=by, at=began
    )
    ends = None
    if part.ends_in_days is not None:
        # Midnight at the end of a day, as an agreement would have it.
        day = london(at).date() + timedelta(days=part.ends_in_days)
        ends = datetime.combine(day, time(), LONDON)
    found.posts[part.name] = services.appoint_to_post(
        account=account, title=part.title, role=part.role, employer=employer,
        team=found.teams[part.team] if part.team else None, starts_at=began, ends_at=ends,
        funding={found.organisations[code]: share * 100 for code, share in part.paid} or None,
        full_time_equivalent=Decimal(part.hours), is_registered_social_worker=part.is_registered_social_worker,
        line_supervisor=found.posts[part.supervisor] if part.supervisor else None,
        clinical_supervisor=found.posts[part.clinical] if part.clinical else None,
        phone=f"01632 960 {400 + len(found.posts)}", by=by, at=began,
    )  # fmt: skip


def _remember_earlier_secondment(found: DemoPartnership, at: datetime) -> None:
    """Cara was in another team before, for a year: her page shows a post that has ended."""
    cara = found.posts["Cara Testwell"]
    earlier: dict[str, Any] = {"title": "Health visitor", "role": Role.KEY_WORKER, "employer": cara.employer}
    starts = cara.starts_at - timedelta(days=365)
    services.appoint_to_post(
        account=cara.account, team=found.teams["TEAMCENTRAL"], starts_at=starts, ends_at=cara.starts_at,
        by=system(cara.starts_at), at=cara.starts_at, **earlier,
    )  # fmt: skip
