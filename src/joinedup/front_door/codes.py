"""The field's code lists that the front door uses (children in need census and local practice). Pure data."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """How a contact came in."""

    FORM = "form"
    PHONE = "phone"
    API = "api"
    PUBLIC = "public"


# Referral sources of the children in need census.
REFERRAL_SOURCES: dict[str, str] = {
    "1A": "Individual: family member, relative or carer",
    "1B": "Individual: acquaintance, including neighbour and child minder",
    "1C": "Individual: self",
    "1D": "Individual: other",
    "2A": "Schools",
    "2B": "Education services",
    "3A": "Health services: GP",
    "3B": "Health services: health visitor",
    "3C": "Health services: school nurse",
    "3D": "Health services: other primary health services",
    "3E": "Health services: accident and emergency",
    "3F": "Health services: other",
    "4": "Housing",
    "5A": "Council services: social care, for example adults'",
    "5B": "Council services: other internal",
    "5C": "Council services: external",
    "5D": "Council services: early help",
    "6": "Police",
    "7": "Other legal agency: courts, probation, immigration, CAFCASS, prison",
    "8": "Other: children's centres, independent agency, voluntary",
    "9": "Anonymous",
    "10": "Not known",
}

PRIMARY_NEEDS: dict[str, str] = {
    "N1": "Abuse, neglect or exploitation",
    "N2": "Child's disability",
    "N3": "Parental disability or illness",
    "N4": "Family in acute stress",
    "N5": "Family dysfunction",
    "N6": "Socially unacceptable behaviour",
    "N7": "Low income",
    "N8": "Absent parenting",
    "N9": "Other than children in need",
    "N0": "Not stated",
}

LEVELS_OF_NEED: dict[int, str] = {
    1: "Level 1: universal",
    2: "Level 2: additional or emerging",
    3: "Level 3: multiple or complex",
    4: "Level 4: specialist or statutory",
}


class Rating(StrEnum):
    """How soon a referral must be decided; the labels and clocks are settings."""

    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Outcome(StrEnum):
    """What triage decides."""

    ADVICE = "advice"
    SINGLE_AGENCY = "single_agency"
    EARLY_HELP = "early_help"
    FAMILY_SUPPORT = "family_support"
    STATUTORY = "statutory"
    NO_FURTHER_ACTION = "no_further_action"


OUTCOME_LABELS: dict[Outcome, str] = {
    Outcome.ADVICE: "Information and advice",
    Outcome.SINGLE_AGENCY: "Help from a single agency",
    Outcome.EARLY_HELP: "Early help (common assessment)",
    Outcome.FAMILY_SUPPORT: "Family support",
    Outcome.STATUTORY: "Statutory social care",
    Outcome.NO_FURTHER_ACTION: "No further action",
}


class Answer(StrEnum):
    """Yes, no, or not known, for what the family knows and agrees to."""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "not_asked"


ANSWER_LABELS: dict[Answer, str] = {Answer.YES: "Yes", Answer.NO: "No", Answer.NOT_ASKED: "Not asked yet"}

CHANNEL_LABELS: dict[Channel, str] = {
    Channel.FORM: "Referral form",
    Channel.PHONE: "Phone call",
    Channel.API: "Partner's system",
    Channel.PUBLIC: "Public page",
}

# The parts somebody named in a contact can have.
PARTS: dict[str, str] = {"child": "Child or young person", "parent": "Parent or carer", "other": "Somebody else"}

# How somebody asking for help can be reached safely.
SAFE_WAYS: dict[str, str] = {
    "phone": "Phone call",
    "text": "Text message",
    "email": "E-mail",
    "letter": "Letter",
    "through": "Through somebody they trust",
    "none": "No safe way",
}

# How a referrer was told.
WAYS_TO_TELL: dict[str, str] = {
    "email": "By e-mail",
    "phone": "By phone",
    "text": "By text message",
    "letter": "By letter",
    "through": "Through the person they named",
    "in_person": "In person",
    "on_screen": "On the screen",
}


class MayBeTold(StrEnum):
    """What a kind of referrer may be told: rule FD-50."""

    DECISION = "decision"
    RECEIPT = "receipt"
    NOTHING = "nothing"


class HandoverStatus(StrEnum):
    """What the statutory system says of a hand-over."""

    SENT = "sent"
    RECEIVED = "received"
    OPEN = "open"
    ASSESSMENT = "assessment"
    PLAN = "plan"
    CLOSED = "closed"


HANDOVER_LABELS: dict[HandoverStatus, str] = {
    HandoverStatus.SENT: "Sent",
    HandoverStatus.RECEIVED: "Received",
    HandoverStatus.OPEN: "Open to a social worker",
    HandoverStatus.ASSESSMENT: "Being assessed",
    HandoverStatus.PLAN: "Has a statutory plan",
    HandoverStatus.CLOSED: "Closed",
}


class AllegationState(StrEnum):
    """Where an allegation stands with the designated officer."""

    RECEIVED = "received"
    TAKEN = "taken"
    CLOSED = "closed"


ALLEGATION_LABELS: dict[AllegationState, str] = {
    AllegationState.RECEIVED: "New",
    AllegationState.TAKEN: "Being looked into",
    AllegationState.CLOSED: "Closed",
}


class AskingOutcome(StrEnum):
    """What a manager makes of partners having been asked at once, about what was then decided below level 4."""

    RIGHT = "right"
    NOT_NEEDED = "not_needed"
    WRONG = "wrong"


ASKING_OUTCOMES: dict[str, str] = {
    AskingOutcome.RIGHT: "Right on what was known then",
    AskingOutcome.NOT_NEEDED: "The family’s agreement, or a manager’s basis, could have been waited for",
    AskingOutcome.WRONG: "Level 4 was said without ground: taken up with whoever asked",
}
