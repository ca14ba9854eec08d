"""The first version of the quality audit tool: 39 items under five headings. Pure data; once in use it is never changed.

The audit of common assessments in the field counts 39 items over consent, identifying details, assessment, plan and
review. How many there are, the headings and the formula are theirs; the wording of every item is ours.
"""

from __future__ import annotations

from joinedup.casework.auditing_spec import AuditGroup, AuditItem, AuditSpec


def _group(code: str, title: str, *items: tuple[str, str]) -> AuditGroup:
    numbered = enumerate(items, start=1)
    return AuditGroup(
        code.lower(), title, tuple(AuditItem(f"{code}{number}", words, look) for number, (words, look) in numbered)
    )


_CONSENT = _group(
    "C", "Consent",
    ("Agreement to this help is recorded, with who gave it and in what right.", "Agreement"),
    ("What may be shared with which agency is recorded apart from agreement to help.", "Agreement"),
    ("The young person’s own agreement was asked for where they could give it.", "Agreement"),
    ("A refusal or withdrawal is recorded in their own words and was acted on.", "Agreement"),
    ("Whatever was shared without agreement rests on a recorded lawful basis.", "Agreement"),
)  # fmt: skip
_DETAILS = _group(
    "D", "Identifying details",
    ("Every child of the household is in the case.", "Overview"),
    ("Parents and carers are named, with who has parental responsibility.", "Assessment"),
    ("Dates of birth, addresses and identifiers are complete or said to be not known.", "Assessment"),
    ("Ethnic group, language, disability and help to communicate are recorded.", "Assessment"),
    ("How it is safe to reach each adult is recorded.", "Assessment"),
    ("School, GP and every other service working with the family is named.", "Assessment"),
)  # fmt: skip
_ASSESSMENT = _group(
    "A", "Assessment",
    ("Whoever signed the assessment was trained to.", "Assessment"),
    ("It was finished within the time the partnership sets.", "Assessment"),
    ("What led to it is clear to somebody who does not know the family.", "Assessment"),
    ("Strengths are described and not only needs.", "Assessment"),
    ("The child’s development is looked at in every element that matters.", "Assessment"),
    ("What the parents and carers do well and find hard is described.", "Assessment"),
    ("Home, money, work and wider family are looked at.", "Assessment"),
    ("The child’s own words are there, and what everyday life is like for them.", "Assessment, notes"),
    ("Each parent’s and carer’s view is there, a parent’s who lives elsewhere too.", "Assessment"),
    ("Scores agree with what is written.", "Assessment"),
    ("What is said comes from more than one agency, and says from whom.", "Assessment"),
    ("Brothers and sisters are each considered for themselves.", "Assessment, plan"),
    ("The conclusions follow from what was found and say what it means for the child.", "Assessment"),
)  # fmt: skip
_PLAN = _group(
    "P", "Plan",
    ("There is one plan, and every child of the case has a section in it.", "Plan"),
    ("Every need that was found is in the plan, or it says why not.", "Plan, assessment"),
    ("Outcomes say what will be different for the child and how it is measured.", "Plan"),
    ("Each action has one owner and a day.", "Plan"),
    ("The family undertook something themselves and agrees with the plan.", "Plan, meetings"),
    ("The plan says what happens if things get worse.", "Plan"),
    ("The family’s own words are in the plan.", "Plan"),
)  # fmt: skip
_REVIEW = _group(
    "R", "Review",
    ("The first review was held in time, and each one after it.", "Reviews"),
    ("The people at the reviews were those at the table before.", "Meetings"),
    ("The child was heard for each review.", "Reviews"),
    ("Each outcome was looked at with a new score or reading.", "Reviews"),
    ("Actions that were not done were taken up again or dropped with a reason.", "Plan, reviews"),
    ("The level of need was decided and the reason says why.", "Reviews"),
    ("The case was talked about in supervision, with a decision.", "Notes"),
    ("There is no drift: what did not help was changed.", "Reviews, chronology"),
)  # fmt: skip

FIRST = AuditSpec(
    version=1,
    groups=(_CONSENT, _DETAILS, _ASSESSMENT, _PLAN, _REVIEW),
    source="local: our own wording; number, headings and formula after the audit of common assessments in Nottinghamshire",
    is_verified=False,
)
