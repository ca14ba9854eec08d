"""The closed lists of the children and young people’s plan. Pure."""

from __future__ import annotations

EVERY_CHILD_MATTERS, OWN = "every_child_matters", "own"
FRAMEWORKS_OF_PLANS: dict[str, str] = {
    EVERY_CHILD_MATTERS: "Every Child Matters: the five outcomes",
    OWN: "The partnership’s own outcomes",
}
CHILDREN, YOUNG_PEOPLE = "children", "young_people"
GROUPS: dict[str, str] = {
    CHILDREN: "Children",
    YOUNG_PEOPLE: "Young people",
    "parents": "Parents and carers",
    "partners": "Partners and staff",
}
# Without one of these nobody the plan is for was asked.
WHO_IT_IS_FOR = frozenset({CHILDREN, YOUNG_PEOPLE})
OPEN, DID, DID_NOT = "open", "did", "did_not"
ANSWERS: dict[str, str] = {OPEN: "Not answered yet", DID: "We did", DID_NOT: "We did not, because"}
# The parts of a plan in the order of its task list, by the word in their address.
PARTS: dict[str, str] = {
    "needs": "Needs and their evidence",
    "priorities": "Priorities",
    "outcomes": "Outcomes and measures",
    "actions": "Actions",
    "money": "Money",
    "other-plans": "How it goes with other plans",
    "consultations": "Who was asked",
    "themes": "You said, we did",
}
ONE_OF: dict[str, str] = {
    "needs": "a need",
    "priorities": "a priority",
    "outcomes": "an outcome",
    "actions": "an action",
    "money": "money",
    "other-plans": "another plan",
    "consultations": "a consultation",
    "themes": "what people said",
}
