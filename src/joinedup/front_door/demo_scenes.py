"""What happens in the demo's contacts, as data: who said what about which household, and where it stands now."""

from __future__ import annotations

from dataclasses import dataclass

from joinedup.front_door.codes import Channel

_ROWAN, _HAZEL, _BRYN, _DEV = "Rowan Testerfield", "Hazel Mockwell", "Bryn Samplewell", "Dev Testaway"
_FFION, _GIL, _HANA, _SORREL = "Ffion Testlake", "Gil Samplestone", "Hana Mockridge", "Sorrel Testwright"


@dataclass(frozen=True)
class Scene:
    """One contact. `days` are working days ago at `hour`; with 0 days, `hour` is hours ago. `ends` says how far it got:
    new, paged, triage, proposed, decided, closed, allocated, handed_over or passed."""

    house: int
    sender: str
    days: int
    hour: float
    worry: str
    ends: str
    rating: str = "green"
    rated_again: str = ""
    rating_reason: str = ""
    worker: str = _FFION
    channel: Channel = Channel.FORM
    need: str = "N4"
    going_well: str = ""
    wanted: str = ""
    children: int = 1
    is_danger: bool = False
    is_safeguarding: bool = False
    is_anonymous: bool = False
    agrees: bool = True
    language: str = ""
    outcome: str = ""
    level: int = 2
    reason: str = ""
    look_back: str = ""
    advice: str = ""
    agency: str = ""
    is_told: bool = True
    told_by: str = "email"
    lead: bool = True
    joined_by: tuple[str, ...] = ()
    is_finished: bool = False
    statutory: str = "assessment"
    answer: str = ""
    notes: str = ""  # what partners were asked and said: a key of `demo_notes.NOTES`


_HELP = "Two or more agencies are needed and the family agrees to one plan."
_ADVICE = "The family was told of the open evening at the family hub and of the parents' line, and knows whom to ring."

SCENES: tuple[Scene, ...] = (
    # --- Cases the teams work with.
    Scene(0, _ROWAN, 38, 10.5, "{child} and her sister often come to school hungry and have missed eleven days since "
          "September. Their mother says she cannot get up in the mornings.", "allocated", children=2, need="N3",
          going_well="Both girls read well and have good friends.", outcome="early_help", level=2, reason=_HELP,
          joined_by=(_ROWAN, "Cara Testwell"), notes="late"),
    Scene(8, _HAZEL, 34, 9.5, "{child}'s mother has been low since the birth and has nobody near. I am worried about "
          "how she will manage the winter.", "allocated", need="N3", outcome="early_help", level=2, reason=_HELP),
    Scene(2, _BRYN, 33, 13, "We were called to the home for the third time this term. Nobody was hurt. {child} was "
          "upstairs each time.", "allocated", "amber", worker=_GIL, is_safeguarding=True, outcome="family_support",
          level=3, reason="Arguments in the home, arrears and school attendance together need one plan.",
          joined_by=(_BRYN,)),
    Scene(18, _DEV, 30, 11, "{child} has stopped coming to the club and says he sleeps at different friends' homes.",
          "allocated", need="N5", outcome="family_support", level=3, reason=_HELP),
    Scene(4, _ROWAN, 27, 14, "{child} moved here in spring and still has no desk, bed or doctor.", "allocated",
          need="N7", outcome="early_help", level=2, reason=_HELP),
    Scene(6, _HAZEL, 25, 10, "{child} has a new diagnosis and both parents work nights.", "allocated", worker=_HANA,
          need="N2", outcome="early_help", level=2, reason=_HELP),
    Scene(14, _HAZEL, 44, 12, "{child} has asthma and the flat is damp. Three visits to hospital this autumn.",
          "allocated", need="N7", outcome="early_help", level=2, reason=_HELP, is_finished=True),
    Scene(16, _ROWAN, 5, 9.5, "{child} looks after two younger brothers before and after school.", "allocated",
          need="N3", outcome="early_help", level=2, reason=_HELP, lead=False),
    Scene(11, _DEV, 3, 15, "{child} has fallen out with everybody at home and asks for somebody to talk to.",
          "allocated", need="N5", outcome="early_help", level=2, reason=_HELP, lead=False, is_told=False),
    # --- Handed to the statutory service, and read back.
    Scene(12, _BRYN, 22, 16, "{child} told an officer that a grown-up at home hits with a belt.", "handed_over", "red",
          worker=_GIL, need="N1", is_safeguarding=True, agrees=False, outcome="statutory", level=4,
          reason="A child says they are being hurt at home."),
    Scene(13, _ROWAN, 6, 9.5, "{child} came to school with bruises on both arms and did not want to go home.",
          "handed_over", "amber", need="N1", is_safeguarding=True, agrees=False, outcome="statutory", level=4,
          reason="Unexplained injuries.", statutory="received"),
    Scene(15, _HAZEL, 1, 9.25, "{child} has an injury that the account given does not explain.",
          "handed_over", "amber", worker=_HANA, need="N1", is_safeguarding=True, agrees=False, outcome="statutory",
          level=4, reason="An injury without an explanation.", statutory="sent", is_told=False),
    # --- Closed with advice, with help from one agency, or with nothing more to do.
    Scene(20, _ROWAN, 30, 10, "{child} was late seven times this half term.", "closed", "blue", outcome="advice",
          level=1, reason="Nothing more than a lift to school is missing.", advice=_ADVICE),
    Scene(20, _DEV, 14, 12, "{child} has been out late on school nights.", "closed", "blue", outcome="advice", level=1,
          reason="The parents know and have agreed times with their child.", advice=_ADVICE),
    Scene(21, _HAZEL, 18, 11, "{child} is not sleeping and neither is anybody else.", "closed", worker=_HANA,
          outcome="single_agency", level=2, reason="The health visitor can help alone.", agency="NHS"),
    Scene(22, _BRYN, 10, 14, "Noise complaint; a child's bicycle in the hall. No worry about {child} seen.", "closed",
          "blue", worker=_GIL, outcome="no_further_action", level=1, reason="No need was found.", is_told=False),
    Scene(23, _ROWAN, 4, 13, "{child}'s mother asks how to get help with uniform.", "closed", "blue", need="N7",
          outcome="advice", level=1, reason="The uniform fund answers this.", advice=_ADVICE),
    # --- A family with an open case is heard of again.
    Scene(0, _HAZEL, 8, 10, "{child} has lost weight since I last saw her.", "passed", need="N3",
          answer="I will see the family on Thursday and bring this to the next meeting."),
    Scene(18, _BRYN, 1, 14, "We met {child} in town at two in the morning.", "passed", worker=_GIL, need="N5"),
    # --- Decided, and waiting for a team.
    Scene(24, _ROWAN, 2, 10, "{child} and the whole family sleep in one room and the heating is off.", "decided",
          need="N7", outcome="early_help", level=2, reason=_HELP, is_told=False),
    Scene(25, _DEV, 1, 9.5, "{child} was excluded twice and nobody at home answers the phone.", "decided", "amber",
          need="N6", outcome="family_support", level=3, reason=_HELP, is_told=False),
    Scene(5, _HAZEL, 1, 11, "{child} lives with the family in a friend's van and has no doctor.", "decided",
          worker=_HANA, need="N7", outcome="family_support", level=3, reason=_HELP, is_told=False),
    # --- Proposed, and waiting for a registered social worker or the manager.
    Scene(26, _BRYN, 1, 10, "{child} was in the car when a parent was arrested for driving after drinking.", "proposed",
          "amber", worker=_GIL, need="N1", is_safeguarding=True, agrees=False, outcome="statutory", level=4,
          reason="Likely harm, and the second time this year.", notes="proposed"),
    Scene(27, _ROWAN, 1, 13, "{child} said that home is scary, and then that it was about a film.", "proposed",
          need="N1", is_safeguarding=True, outcome="no_further_action", level=1,
          reason="Spoken with the child, the mother and the school: it was a film."),
    Scene(28, _HAZEL, 0, 3, "{child} has had four accidents at home this year.", "proposed", "amber", worker=_HANA,
          need="N1", is_safeguarding=True, agrees=False, outcome="statutory", level=4,
          reason="The pattern needs an assessment by a social worker."),
    # --- In triage, one of each rating.
    Scene(20, _BRYN, 1, 12, "{child} was brought home by us at midnight.", "triage", worker=_GIL, need="N6",
          agrees=False, notes="waits"),
    Scene(29, _ROWAN, 0, 5, "{child} has started to come to school in yesterday's clothes.", "triage", "green",
          "amber", need="N4", notes="differ"),
    Scene(30, _DEV, 1, 15, "{child} asks about a place at the youth centre.", "triage", "blue", need="N9",
          notes="out"),
    Scene(31, _HAZEL, 2, 9.5, "{child} has missed two hearing tests.", "triage", "green", worker=_HANA, need="N2",
          notes="refused"),
    Scene(32, _BRYN, 0, 2, "{child} ran out into the road and says nobody is at home.", "triage", is_danger=True,
          is_safeguarding=True, agrees=False, worker=_SORREL, need="N8", notes="red"),
    # --- New: nobody has opened them. The first waits on the person on duty, the last is late.
    Scene(33, _BRYN, 0, 0.2, "We are at the home now. {child} is alone and there is no power.", "paged",
          is_danger=True, is_safeguarding=True, agrees=False, need="N8"),
    Scene(9, "", 0, 1, "I would like help with {child}'s temper. I am on my own in the day and I am tired.", "new",
          channel=Channel.PUBLIC, language="Polish", wanted="Somebody to come and talk to us both."),
    Scene(17, _FFION, 0, 1.5, "{child} is always in the garden in the dark. I do not want to give my name.", "new",
          channel=Channel.PHONE, is_anonymous=True, agrees=False, need="N1"),
    Scene(19, _FFION, 1, 16, "{child} was not weighed at the last two visits; nobody was at home.", "new",
          channel=Channel.PHONE, agrees=False, need="N0"),
    Scene(34, _ROWAN, 0, 4, "{child}'s father has gone into hospital and the grandmother is doing everything.", "new",
          need="N3"),
    Scene(35, _HAZEL, 3, 11, "{child}'s parents ask for help with money and with sleep.", "new", need="N7"),
)  # fmt: skip

ALLEGATIONS: tuple[Scene, ...] = (
    Scene(36, _ROWAN, 2, 10, "A parent says that a classroom volunteer shouted at {child} and pulled an arm.", "taken"),
    Scene(37, _HAZEL, 0, 2, "{child} says that a club leader sends messages at night.", "new"),
)
