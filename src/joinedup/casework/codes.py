"""Standard codes of casework, so that every return can be made from what is stored. Pure.

Needs and reasons for closing are those of the children in need census.
"""

from __future__ import annotations

# Category of need of the children in need census (2026 wording of N1).
NEEDS: dict[str, str] = {
    "N1": "Abuse, neglect or exploitation",
    "N2": "Child’s disability or illness",
    "N3": "Parent’s disability or illness",
    "N4": "Family in acute stress",
    "N5": "Family dysfunction",
    "N6": "Socially unacceptable behaviour",
    "N7": "Low income",
    "N8": "Absent parenting",
    "N9": "Other than children in need",
    "N0": "Not stated",
}
# Reason for closure of the children in need census.
CLOSURES: dict[str, str] = {
    "RC1": "Adopted",
    "RC2": "Died",
    "RC3": "Child arrangements order",
    "RC4": "Special guardianship order",
    "RC5": "Moved to another local authority’s services",
    "RC6": "Moved to adult social care",
    "RC7": "Ended for another reason, such as no longer in need",
    "RC8": "Closed after assessment, no further action",
    "RC9": "Closed after assessment, referred to early help",
}
# Closing for these reasons is an end nobody comes back from to ask whether the change has lasted.
NOT_CHECKED_AFTERWARDS = frozenset({"RC1", "RC2", "RC5"})

NEED_ENDS: dict[str, str] = {
    "met": "Met",
    "partly_met": "Partly met",
    "not_met": "Not met",
    "no_longer": "No longer there",
    "passed_on": "Passed on to another service",
}
# Why somebody is in a case no more. Whoever was put into it in error was never part of what it is about.
LEAVINGS: dict[str, str] = {
    "moved": "Moved to another household",
    "care": "Looked after somewhere else now",
    "apart": "No longer part of this family",
    "died": "Has died",
    "error": "Was put into this case in error",
}
STATUTORY_PLANS: dict[str, str] = {
    "child_in_need": "Child in need plan",
    "child_protection": "Child protection plan",
    "section_47": "Section 47 enquiry",
    "strategy_discussion": "Strategy discussion",
    "care": "Care plan (looked after)",
    "pathway": "Pathway plan (care leaver)",
    "education_health_care": "Education, health and care plan",
    "youth_justice": "Youth justice plan",
    "pre_proceedings": "Pre-proceedings",
}
# Led by a social worker of the council, so that whoever leads around the child is one too. A care leaver's pathway plan is a
# personal adviser's, a youth justice plan the youth justice team's, an education, health and care plan a plan coordinator's.
SOCIAL_WORK = frozenset(
    {"child_in_need", "child_protection", "section_47", "strategy_discussion", "care", "pre_proceedings"}
)
# Category of abuse of a child protection plan, as the children in need census has it.
ABUSE: dict[str, str] = {
    "NEG": "Neglect",
    "PHY": "Physical abuse",
    "SAB": "Sexual abuse",
    "EMO": "Emotional abuse",
    "MUL": "More than one kind",
}
WITH_ABUSE = frozenset({"child_protection", "section_47"})
DECISIONS: dict[str, str] = {
    "continue": "Carry on with the plan",
    "step_up": "Step up to a higher level",
    "step_down": "Step down to a lower level",
    "close": "Close: the family needs no more of this",
}
VOICES: dict[str, str] = {
    "said": "They said it themselves",
    "shown": "They drew, wrote or showed it",
    "through": "Through somebody they chose",
    "observed": "They are too young to say; we watched and listened",
    "not_heard": "Not heard this time",
}
# Of the family, by whoever leads the review: what “who is your lead professional?” was answered with.
LEAD_NAMED: dict[str, str] = {
    "yes": "Yes, they named who leads for them",
    "no": "No, or they named somebody else",
    "not_asked": "We did not ask this time",
}
SUSTAINED: dict[str, str] = {
    "lasted": "The change has lasted",
    "partly": "Some of it has lasted",
    "not": "It has not lasted",
    "unknown": "We could not find out",
}
DISAGREEMENT_ENDS: dict[str, str] = {
    "moves": "Agreed: the family moves",
    "stays": "Agreed: the family stays where it is",
    "onwards": "Not agreed: the next step",
}
LEVELS: dict[int, str] = {
    2: "Level 2: early help",
    3: "Level 3: multiple or complex",
    4: "Level 4: statutory social care",
}

# Why words are kept past their time.
HOLDS = {
    "court": "Legal proceedings",
    "complaint": "A complaint that is being looked into",
    "disclosure": "A request to see the record",
    "inquiry": "An inquiry or a learning review",
    "other": "Something else",
}
