"""Standard codes an assessment stores: as the children in need census names them. Pure data; labels are ours."""

from __future__ import annotations

ETHNICITIES: dict[str, str] = {
    "WBRI": "White British", "WIRI": "White Irish", "WIRT": "Traveller of Irish heritage", "WROM": "Gypsy or Roma",
    "WOTH": "Any other White background", "MWBC": "White and Black Caribbean", "MWBA": "White and Black African",
    "MWAS": "White and Asian", "MOTH": "Any other mixed background", "AIND": "Indian", "APKN": "Pakistani",
    "ABAN": "Bangladeshi", "AOTH": "Any other Asian background", "BCRB": "Black Caribbean", "BAFR": "Black African",
    "BOTH": "Any other Black background", "CHNE": "Chinese", "OOTH": "Any other ethnic group",
    "REFU": "They prefer not to say", "NOBT": "Not yet asked",
}  # fmt: skip

DISABILITIES: dict[str, str] = {
    "NONE": "No disability", "MOB": "Mobility", "HAND": "Hand function", "PC": "Personal care",
    "INC": "Incontinence", "COMM": "Communication", "LD": "Learning", "HEAR": "Hearing", "VIS": "Vision",
    "BEH": "Behaviour", "CON": "Consciousness", "AUT": "Autism or Asperger syndrome", "DDA": "Another disability",
}  # fmt: skip

_OF_CHILD_PARENT_OTHER = ("the child", "a parent or carer", "somebody else in the household")


def _for_each(number: int, text: str) -> dict[str, str]:
    return {f"{number}{letter}": f"{text}: {who}" for letter, who in zip("ABC", _OF_CHILD_PARENT_OTHER, strict=True)}


# 18A and 19A were replaced by B and C and are not offered.
FACTORS: dict[str, str] = {
    **_for_each(1, "Alcohol"), **_for_each(2, "Drugs"), **_for_each(3, "Domestic violence"),
    **_for_each(4, "Mental health"), **_for_each(5, "Learning disability"),
    **_for_each(6, "Physical disability or illness"),
    "7A": "Young carer", "8B": "Privately fostered: overseas, to return", "8C": "Privately fostered: overseas, to stay",
    "8D": "Privately fostered: in education", "8E": "Privately fostered: an alternative to family",
    "8F": "Privately fostered: other", "9A": "Unaccompanied child seeking asylum", "10A": "Going missing",
    "11A": "Child sexual exploitation", "12A": "Trafficking", "13A": "Gangs", "14A": "Socially unacceptable behaviour",
    "15A": "Self-harm", "16A": "Neglect", "17A": "Emotional abuse", "18B": "Physical abuse by a child",
    "18C": "Physical abuse by an adult", "19B": "Sexual abuse by a child", "19C": "Sexual abuse by an adult",
    "20": "Another factor", "21": "None of these",
}  # fmt: skip
NO_FACTOR = "21"
# The census takes these codes; the labels are from memory and no source has confirmed them, which every page says.
FACTORS_UNCONFIRMED: dict[str, str] = {
    "22A": "Female genital mutilation", "23A": "Abuse linked to faith or belief", "24A": "Radicalisation",
}  # fmt: skip

# Why no unique pupil number is known: the census code set CS051 of the common basic data set, in our words. UN8 to UN10 of
# that set belong to another return.
UPN_UNKNOWN: dict[str, str] = {
    "UN1": "Too young for school, and none given yet",
    "UN2": "Never at a maintained school in England, and none given",
    "UN3": "Educated outside England, and none given",
    "UN4": "New to us, and not known yet",
    "UN5": "Records disagree about the child’s name or date of birth",
    "UN6": "Asked for and cannot be had",
    "UN7": "Referred, and nothing followed",
}
DOMESTIC_ABUSE = frozenset({"3A", "3B", "3C"})
