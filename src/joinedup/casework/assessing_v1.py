"""The first version of the common assessment: who the child is, the three domains with every element, everybody's own
words, conclusions, the family's agreement and the review. Pure data; once in use it is never changed.

Elements after the CAF form (development; parents and carers; family and environment); the scores and their words are ours.
"""

from __future__ import annotations

from datetime import date

from joinedup.casework.assessing import NOT_SEEN, Element, Kind, Question, Section, Spec, register_spec
from joinedup.casework.assessing_codes import DISABILITIES, ETHNICITIES, FACTORS

_ABOUT, _DEVELOPMENT, _PARENTS, _FAMILY = (
    "About the child and family", "The child’s development", "Parents and carers", "Family and environment",
)  # fmt: skip
_VOICES, _CONCLUSIONS = "In their own words", "Conclusions"
_SEX = (("F", "Female"), ("M", "Male"), ("U", "Not known"))
_YES_NO = (("yes", "Yes"), ("no", "No"), ("not_known", "Not known"))
_SCORES = (*tuple((str(score), str(score)) for score in range(1, 11)), (NOT_SEEN, "Not looked at this time"))
_NEEDS = (
    ("N1", "Abuse, neglect and exploitation"), ("N2", "The child’s disability"), ("N3", "A parent’s disability or illness"),
    ("N4", "Family in acute stress"), ("N5", "Family dysfunction"), ("N6", "Socially unacceptable behaviour"),
    ("N7", "Low income"), ("N8", "Absent parenting"), ("N9", "Cases other than children in need"), ("N0", "Not stated"),
)  # fmt: skip


def _line(
    code: str, label: str, *, fact: str = "", hint: str = "", required: bool = False, printed: bool = True
) -> Question:
    return Question(
        code, label, Kind.LINE, hint, fact=fact, is_required=required, is_situation=True, is_printed=printed
    )


def _pick(code: str, label: str, choices: tuple[tuple[str, str], ...], *, fact: str = "") -> Question:
    return Question(code, label, Kind.CHOICE, choices=choices, fact=fact, is_situation=True)


def _told(code: str, label: str, hint: str = "") -> Question:
    return Question(code, label, Kind.WORDS, hint, is_situation=True)


def _carer(number: int, who: str) -> tuple[Question, ...]:
    name = f"carer{number}"
    return (
        _line(f"{name}_name", f"{who}: name"),
        _line(f"{name}_relationship", f"{who}: relationship to the child"),
        _line(f"{name}_phone", f"{who}: phone number", printed=False),
        _pick(f"{name}_responsibility", f"{who}: do they have parental responsibility?", _YES_NO),
    )


_WHO = Section(
    "child", "Who the child is", _ABOUT,
    (
        _line("given_name", "First name", fact="given_name", required=True),
        _line("family_name", "Last name", fact="family_name", required=True),
        _line("known_as", "Known as"),
        Question(
            "birth_date", "Date of birth", Kind.DAY, "For a child not yet born leave this empty", is_situation=True,
            fact="birth_date",
        ),
        _pick("sex", "Sex", _SEX, fact="sex"),
        _line("nhs_number", "NHS number", fact="nhs_number"),
        _line("upn", "Unique pupil number", fact="upn"),
        _pick("ethnicity", "Ethnic group", tuple(ETHNICITIES.items())),
        Question("disabilities", "Disabilities", Kind.CHOICES, choices=tuple(DISABILITIES.items()), is_situation=True),
        _line("interpreter_language", "Language, where an interpreter is needed"),
        _line("communication_needs", "Help to communicate"),
    ),
)  # fmt: skip
_HOME = Section(
    "home", "Home and how to reach them", _ABOUT,
    (
        _line("address", "Address", fact="address", printed=False, required=True, hint="“No fixed address” where there is none"),
        _line("postcode", "Postcode", fact="postcode", printed=False),
        _line("phone", "Phone number", fact="phone", printed=False),
        _line("safe_contact", "How it is safe to reach the family", printed=False),
        _told("household", "Who lives in the home", "Name and who they are, one a line"),
        _line("school", "School, nursery or college"),
        _line("gp", "GP practice"),
    ),
)  # fmt: skip
_CARERS = Section(
    "carers", "Parents and carers: who they are", _ABOUT, _carer(1, "First carer") + _carer(2, "Second carer")
)
_REASON = Section(
    "reason", "What led to this assessment", _ABOUT,
    (
        _line("referred_by", "Who asked for help", printed=False),
        _pick("need", "Main need", _NEEDS),
        Question("reason", "What led to this", is_required=True, is_situation=True),
        _told("going_well", "What is going well"),
        _told("tried", "What has been tried already"),
        _told("wanted", "What they hope will change"),
    ),
)  # fmt: skip
_SERVICES = Section(
    "services", "Services working with the child", _ABOUT,
    (_told("services", "Who works with the child or family now", "Organisation, name and phone number, one a line"),),
)  # fmt: skip
_MEETING = Section(
    "present", "Who was there", _ABOUT,
    (
        Question("seen_on", "Day of the assessment", Kind.DAY, is_required=True),
        Question("people", "People present", hint="Name and who they are, one a line", is_required=True),
        Question("child_seen", "Was the child seen?", Kind.CHOICE, choices=_YES_NO[:2], is_required=True),
        Question("seen_alone", "Was the child seen alone?", Kind.CHOICE, choices=_YES_NO[:2]),
    ),
)  # fmt: skip

# code, name, what 1, 5 and 10 mean.
_ELEMENTS: dict[str, tuple[tuple[str, str, str, str, str], ...]] = {
    _DEVELOPMENT: (
        (
            "health", "General health", "Health is poor or neglected and harms daily life; appointments are missed",
            "Some worries about health; care is sought but not kept up", "In good health; checks and treatment kept up",
        ),
        (
            "physical", "Physical development", "Far from what is expected at this age, without support",
            "Some delay; support has begun", "Growing and moving as expected, or well supported",
        ),
        (
            "speech", "Speech, language and communication", "Can hardly make themselves understood or follow others",
            "Understood by those who know them; needs help with others", "Communicates as expected, or well supported",
        ),
        (
            "emotional", "Emotional and social development", "Distressed or withdrawn most of the time",
            "Copes on most days; hard to comfort or settle on others", "Feels secure, settles, and says how they feel",
        ),
        (
            "behaviour", "Behavioural development", "Behaviour puts them or others at risk, often",
            "Outbursts or rule-breaking some weeks; adults can calm them", "Behaves as expected for their age",
        ),
        (
            "identity", "Identity, self-esteem, self-image and social presentation",
            "Sees no good in themselves; appearance sets them apart", "Unsure of themselves; needs encouragement",
            "Sure of who they are and how they are seen",
        ),
        (
            "relationships", "Family and social relationships", "No safe relationship with an adult; no friends",
            "One or two steady relationships; friendships do not last", "Close to family and has lasting friendships",
        ),
        (
            "self_care", "Self-care skills and independence", "Needs others for what children of this age do alone",
            "Manages with reminders", "Looks after themselves as expected for their age",
        ),
        (
            "understanding", "Understanding, reasoning and problem solving", "Learning is far from what is expected",
            "Learns with extra help", "Learns and solves problems as expected",
        ),
        (
            "participation", "Participation in learning, education and employment",
            "Hardly ever there, or excluded", "Attends some of the time, or is often late", "Attends and takes part",
        ),
        (
            "progress", "Progress and achievement in learning", "Falling further behind",
            "Behind, and catching up slowly", "Making the progress expected of them",
        ),
        (
            "aspirations", "Aspirations", "Sees no future for themselves", "Has hopes, without a way to them",
            "Has hopes and is working towards them",
        ),
    ),
    _PARENTS: (
        (
            "basic_care", "Basic care, ensuring safety and protection", "The child is often hungry, unkempt or unsafe",
            "Care is good on most days and slips under stress", "The child is well cared for and kept safe",
        ),
        (
            "warmth", "Emotional warmth and stability", "Cold, hostile or unpredictable to the child",
            "Warm at times; moods or absences unsettle the child", "Warm, steady and there for the child",
        ),
        (
            "guidance", "Guidance, boundaries and stimulation", "No boundaries, or harsh ones; nothing to do or play",
            "Boundaries change from day to day", "Clear, fair boundaries; plays, talks and praises",
        ),
    ),
    _FAMILY: (
        (
            "functioning", "Family history, functioning and well-being",
            "Violence, misuse of substances or illness governs family life", "Strain the family manages in part",
            "The family copes with what comes",
        ),
        (
            "wider_family", "Wider family", "Nobody to turn to, or relatives who add to the trouble",
            "Some help from relatives or friends", "Relatives or friends who help and can be relied on",
        ),
        (
            "housing", "Housing, employment and financial considerations",
            "Losing the home, or no money for food and heating", "Getting by; debts or overcrowding",
            "A settled home and enough to live on",
        ),
        (
            "community", "Social and community elements and resources, including education",
            "Cut off, or unsafe in the neighbourhood", "Uses some of what there is", "Part of the community; uses what there is",
        ),
    ),
}  # fmt: skip


def _element(group: str, code: str, name: str, low: str, middle: str, high: str) -> Section:
    return Section(
        code, name, group,
        (
            Question("strengths", "Strengths", hint="What is going well, and what protects the child"),
            Question("needs", "Needs", hint="What worries you or them, with examples"),
            Question("score", "Score", Kind.SCORE, choices=_SCORES, is_required=True),
        ),
        element=Element(group, name, ((1, low), (5, middle), (10, high))),
    )  # fmt: skip


_SCORED = tuple(_element(group, *each) for group, several in _ELEMENTS.items() for each in several)
_CHILD_SAYS = Section(
    "childs_words", "The child’s own words", _VOICES,
    (
        Question(
            "words", "What the child or young person says", is_required=True,
            hint="As they said it, drew it or showed it; for a baby, what you saw",
        ),
        Question("of_this", "What they think of this assessment"),
    ),
)  # fmt: skip
_PARENTS_SAY = Section(
    "parents_words", "The parents’ own words", _VOICES,
    (
        Question("words", "What the parents or carers say", hint="As they said it; say who said what", is_required=True),
        Question("of_this", "What they think of this assessment"),
    ),
)  # fmt: skip
_SUM = Section(
    "conclusions", "Conclusions", _CONCLUSIONS,
    (
        Question("summary", "What we conclude: strengths, needs and what they mean for the child", is_required=True),
        Question("changes", "What should change, and what would help", is_required=True),
        Question(
            "factors", "Factors found", Kind.CHOICES, "As the children in need census names them",
            choices=tuple(FACTORS.items()),
        ),
    ),
)  # fmt: skip
_AGREEMENT = Section(
    "agreement", "Agreement of the family", _CONCLUSIONS,
    (
        Question(
            "statement", "Does the family agree with what this assessment says?", Kind.CHOICE, is_required=True,
            choices=(("yes", "Yes"), ("partly", "In part"), ("no", "No")),
        ),
        Question("differs", "Where they see it differently"),
    ),
    intro="Whether the family agrees to this help, and who may share what on which basis, are records of their own, on the "
    "case’s Agreement page. Nobody signs this assessment before the first of them is made.",
)  # fmt: skip
_REVIEW = Section(
    "review", "Review", _CONCLUSIONS,
    (Question("review_on", "When will this be looked at together again?", Kind.DAY, is_required=True),),
)  # fmt: skip

VERSION_1 = register_spec(
    Spec(
        1, date(2026, 11, 22),
        (
            _WHO, _HOME, _CARERS, _REASON, _SERVICES, _MEETING, *_SCORED, _CHILD_SAYS, _PARENTS_SAY, _SUM, _AGREEMENT,
            _REVIEW,
        ),
    )
)  # fmt: skip
