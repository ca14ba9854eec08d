"""The boards of the demo: which there are, who sits there and where nobody does. Shaped by what partnerships report; a lead
member whom nobody ever designated is the gap one of them was marked red for."""

from __future__ import annotations

from dataclasses import dataclass

from joinedup.governance.services import SeatSaid, TermsSaid


@dataclass(frozen=True)
class Chair:
    """A seat, the body it is for, and who sits there: somebody in post, a name alone, or nobody."""

    title: str
    kind: str
    body: str = ""
    who: str = ""
    has_vote: bool = True
    is_chair: bool = False

    @property
    def said(self) -> SeatSaid:
        """As the service takes it."""
        return SeatSaid(self.title, self.kind, self.has_vote, self.is_chair)


@dataclass(frozen=True)
class BoardOf:
    """One board with its terms and seats; `powers` are kinds with their limits in pence."""

    code: str
    kind: str
    terms: TermsSaid
    seats: tuple[Chair, ...]
    part_of: str = ""
    powers: tuple[tuple[str, int | None], ...] = ()


# Quoted from memory and not seen in its own words: each says so where it is shown.
UNCHECKED = " (to be checked: not compared with the Act)"
_CHIEF, _DIRECTOR = "chief_officer", "director"
BOARDS: tuple[BoardOf, ...] = (
    BoardOf(
        "public_services", "public_services",
        TermsSaid(
            "Exampleshire public services board",
            "Chief officers sign plans off together and are comfortable with how far they have come.",
            "Partnership agreement of the public bodies of Exampleshire", 4, 3, 2, 0,
        ),
        (
            Chair("Chief executive of the council", _CHIEF, "COUNCIL", "Corin Testchief", is_chair=True),
            Chair("Director of children’s services", _DIRECTOR, "COUNCIL", "Dora Testdirector"),
            Chair("Accountable officer", _CHIEF, "NHS", "Nolan Mockdirector"),
            Chair("Chief constable", _CHIEF, "POLICE", "Imogen Samplechief"),
            Chair("Head of probation", _CHIEF, "PROBATION", "Petra Testprobe"),
            Chair("District manager", _CHIEF, "JOBCENTRE", "Jonah Testwork"),
            Chair("Chief executive of the housing partner", _CHIEF, "HOUSING", "Homer Mockhome"),
            Chair("Programme manager", "officer", "COUNCIL", "Perry Testplan", has_vote=False),
        ),
        powers=(("accept_round", None), ("name_sponsor", None), ("sign_agreement", None)),
    ),
    BoardOf(
        "strategy", "strategy",
        TermsSaid("Strategy board", "Political leaders come together to set the direction.", "", 3, 2, 3),
        (
            Chair("Leader of the council", "political_leader", "COUNCIL", "Bea Testmember", is_chair=True),
            Chair("Chair of the integrated care board", "non_executive", "NHS", "Ottilie Mockchair"),
            Chair("Police and crime commissioner", "political_leader", "POLICE", "Clement Testcrime"),
        ),
    ),
    BoardOf(
        "trust", "trust",
        TermsSaid(
            "Children’s trust board",
            "Secures that partners co-operate for children, and answers for the children and young people’s plan.",
            f"Children Act 2004, section 10{UNCHECKED}", 4, 2, 2, 0,
        ),
        (
            Chair("Director of children’s services", _DIRECTOR, "COUNCIL", "Dora Testdirector", is_chair=True),
            Chair("Lead member for children", "lead_member", "COUNCIL"),
            Chair("Accountable officer", _CHIEF, "NHS", "Nolan Mockdirector"),
            Chair("Chief constable", _CHIEF, "POLICE", "Imogen Samplechief"),
            Chair("Independent member", "non_executive", "", "Winifred Sampleindependent"),
            Chair("Representative of young people", "young_people", "", "Robin Testyoung"),
            Chair("Second representative of young people", "young_people"),
        ),
        powers=(("name_sponsor", None), ("adopt_plan", None), ("open_gate", None)),
    ),
    BoardOf(
        "executive", "executive", TermsSaid("Executive of the trust board", "Prepares and follows up.", "", 2, 2, 1),
        (
            Chair("Director of children’s services", _DIRECTOR, "COUNCIL", "Dora Testdirector", is_chair=True),
            Chair("Accountable officer", _CHIEF, "NHS", "Nolan Mockdirector"),
        ),
        "trust",
    ),
    BoardOf(
        "workforce", "working_group", TermsSaid("Workforce group", "Training and posts across partners.", "", 2, 1, 3),
        (Chair("Chair of the group", "officer", "COUNCIL", "Connie Testneeds", is_chair=True),), "trust",
    ),
    BoardOf(
        "safeguarding", "safeguarding",
        TermsSaid(
            "Safeguarding children board", "Co-ordinates what is done to safeguard children and holds it to account.",
            f"Children Act 2004, section 13{UNCHECKED}", 3, 3, 2,
        ),
        (
            Chair("Director of children’s services", _DIRECTOR, "COUNCIL", "Dora Testdirector", is_chair=True),
            Chair("Accountable officer", _CHIEF, "NHS", "Nolan Mockdirector"),
            Chair("Chief constable", _CHIEF, "POLICE", "Imogen Samplechief"),
        ),
    ),
    BoardOf(
        "finance", "finance",
        TermsSaid(
            "Finance directors’ group",
            "Shared budgets, virements and what each partner pays, under the council’s section 151 officer.", "", 3, 3, 1,
        ),
        (
            Chair("Section 151 officer", "finance", "COUNCIL", "Sterling Testpound", is_chair=True),
            Chair("Chief finance officer of the care board", "finance", "NHS", "Goldie Mockpenny"),
            Chair("Finance director of community services", "finance", "NHS", "Crispin Mockguinea"),
            Chair("Director of finance of the police", "finance", "POLICE", "Tilly Samplepurse"),
            Chair("Finance lead of probation", "finance", "PROBATION"),
            Chair("Finance lead of Jobcentre Plus", "finance", "JOBCENTRE"),
            Chair("Finance lead of the housing partner", "finance", "HOUSING", "Homer Mockhome"),
        ),
        powers=(("approve_virement", 50_000_000),),
    ),
    BoardOf(
        "commissioning", "commissioning",
        TermsSaid("Joint commissioning unit", "Plans and buys together.", "", 2, 2, 1),
        (
            Chair("Children’s commissioner", "officer", "COUNCIL", "Connie Testneeds", is_chair=True),
            Chair("Accountable officer", _CHIEF, "NHS", "Nolan Mockdirector"),
        ),
    ),
    BoardOf(
        "scrutiny", "scrutiny",
        TermsSaid(
            "Children’s services scrutiny committee", "Looks at what others decide, calls it in, and recommends.",
            f"Local Government Act 2000, section 9F{UNCHECKED}", 2, 1, 2,
        ),
        (
            Chair("Chair of scrutiny", "councillor", "COUNCIL", "Scott Testscrutiny", is_chair=True),
            Chair("Councillor", "councillor", "COUNCIL", "Ludo Testcouncillor"),
        ),
    ),
)  # fmt: skip
