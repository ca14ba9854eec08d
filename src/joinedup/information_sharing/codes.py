"""The code lists of information sharing. Pure data; what is law is data with a flag, never asserted here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PURPOSES: dict[str, str] = {
    "decide_help": "To decide what help a child or family needs",
    "protect": "To protect a child from harm",
    "plan_help": "To plan and review help together",
    "find_early": "To notice early which children may need help",
}


class Part(StrEnum):
    """What a post is named for in an agreement."""

    ASKS = "asks"
    ANSWERS = "answers"


class Involvement(StrEnum):
    """Whether an agency works or worked with somebody."""

    CURRENT = "current"
    HISTORIC = "historic"
    NONE_FOUND = "none_found"


INVOLVEMENT_LABELS: dict[Involvement, str] = {
    Involvement.CURRENT: "Involved now",
    Involvement.HISTORIC: "Involved in the past",
    Involvement.NONE_FOUND: "None found",
}


class RefusalReason(StrEnum):
    """Why an agency does not share. Counted, by agency."""

    MORE_HARM = "more_harm"
    NOT_PROPORTIONATE = "not_proportionate"
    NO_BASIS = "no_basis"
    LIVE_INVESTIGATION = "live_investigation"
    CONFIDENCE = "confidence"
    CANNOT_IDENTIFY = "cannot_identify"
    NOT_HELD = "not_held"
    OTHER = "other"


REFUSAL_LABELS: dict[RefusalReason, str] = {
    RefusalReason.MORE_HARM: "Sharing would do the child more harm than not sharing",
    RefusalReason.NOT_PROPORTIONATE: "More is asked than the purpose needs",
    RefusalReason.NO_BASIS: "We see no lawful basis for it",
    RefusalReason.LIVE_INVESTIGATION: "It would get in the way of an investigation",
    RefusalReason.CONFIDENCE: "It was told to us in confidence, and nothing overrides that",
    RefusalReason.CANNOT_IDENTIFY: "We cannot be sure that it is the same person",
    RefusalReason.NOT_HELD: "We do not hold it",
    RefusalReason.OTHER: "Another reason",
}

# What every answer says, and so what an agency must at least be allowed to share to be asked at all.
INVOLVEMENT_ITEM = "involvement"
INVOLVEMENT_NAME = "Whether you are or were involved, since when, and whom to ring"


@dataclass(frozen=True)
class StartingBasis:
    """A lawful basis a new partnership starts with: words and where to check them. None is verified until somebody
    of the partnership has checked it against the law and said so."""

    code: str
    name: str
    words: str
    source: str


STARTING_BASES: tuple[StartingBasis, ...] = (
    StartingBasis(
        "public_task", "Public task",
        "The organisation shares because that is part of a task in the public interest that the law gives it.",
        "UK GDPR, article 6(1)(e)",
    ),
    StartingBasis(
        "legal_obligation", "Legal obligation", "The organisation shares because a law obliges it to.",
        "UK GDPR, article 6(1)(c)",
    ),
    StartingBasis(
        "vital_interests", "Vital interests", "Sharing is necessary to protect somebody’s life.",
        "UK GDPR, article 6(1)(d)",
    ),
    StartingBasis(
        "safeguarding", "Safeguarding of children and people at risk",
        "Sensitive information is shared to protect a child or a person at risk, where asking them first is not possible "
        "or would put them at risk.",
        "Data Protection Act 2018, schedule 1, paragraph 18",
    ),
    StartingBasis(
        "cooperate_2004", "Duty to cooperate for the well-being of children",
        "The council and its partners work together to improve the well-being of children.",
        "Children Act 2004, section 10",
    ),
    StartingBasis(
        "duty_2026", "Duty to share information about children",
        "Whoever holds information relevant to a child’s welfare shares it with another listed body where that helps, "
        "unless sharing would do the child more harm than not sharing.",
        "Children’s Wellbeing and Schools Act 2026, section 4; check whether it is in force",
    ),
)  # fmt: skip


# --- Agreement of the family.


class Capacity(StrEnum):
    """In what right somebody agrees or refuses."""

    PARENTAL_RESPONSIBILITY = "parental_responsibility"
    COMPETENT_YOUNG_PERSON = "competent_young_person"
    SIXTEEN_AND_OVER = "sixteen_and_over"
    THEMSELVES = "themselves"


CAPACITY_LABELS: dict[Capacity, str] = {
    Capacity.PARENTAL_RESPONSIBILITY: "Somebody with parental responsibility, for the child",
    Capacity.COMPETENT_YOUNG_PERSON: "The child themselves, under 16 and able to decide this",
    Capacity.SIXTEEN_AND_OVER: "The young person themselves, 16 or over",
    Capacity.THEMSELVES: "An adult, for themselves",
}


class Evidence(StrEnum):
    """How it was given."""

    SIGNED = "signed"
    IN_PERSON = "in_person"
    BY_PHONE = "by_phone"
    IN_WRITING = "in_writing"


EVIDENCE_LABELS: dict[Evidence, str] = {
    Evidence.SIGNED: "Signed on paper",
    Evidence.IN_PERSON: "Said in person",
    Evidence.BY_PHONE: "Said on the phone",
    Evidence.IN_WRITING: "Written in a message",
}


class Information(StrEnum):
    """What may be shared."""

    INVOLVEMENT = "involvement"
    ASSESSMENT = "assessment"
    PLAN = "plan"
    HEALTH = "health"
    EDUCATION = "education"
    HOUSING_AND_MONEY = "housing_and_money"


INFORMATION_LABELS: dict[Information, str] = {
    Information.INVOLVEMENT: "That they work with the family, and how to reach them",
    Information.ASSESSMENT: "The assessment",
    Information.PLAN: "The plan and its reviews",
    Information.HEALTH: "Health",
    Information.EDUCATION: "School and learning",
    Information.HOUSING_AND_MONEY: "Home and money",
}


class AfterWithdrawal(StrEnum):
    """What a manager decides once agreement was withdrawn."""

    STOP = "stop"
    CONTINUE_AGREED = "continue_agreed"
    OTHER_BASIS = "other_basis"
    STATUTORY = "statutory"


AFTER_LABELS: dict[AfterWithdrawal, str] = {
    AfterWithdrawal.STOP: "End this help",
    AfterWithdrawal.CONTINUE_AGREED: "Go on with what the family still agrees to",
    AfterWithdrawal.OTHER_BASIS: "Share what is needed on another lawful basis, recorded apart",
    AfterWithdrawal.STATUTORY: "Refer to statutory social care",
}

# The same as choices of a form.
CAPACITIES = [(code.value, label) for code, label in CAPACITY_LABELS.items()]
EVIDENCES = [(code.value, label) for code, label in EVIDENCE_LABELS.items()]
INFORMATION = [(code.value, label) for code, label in INFORMATION_LABELS.items()]
OUTCOMES_OF_WITHDRAWAL = [(code.value, label) for code, label in AFTER_LABELS.items()]
