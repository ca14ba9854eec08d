"""The demo's sharing agreements: one in force that names posts of the cast, one to be reviewed soon, one expired, one
draft that waits for signatures. What may be shared follows the pattern field, justification, rule; the ages are those
the Family Context pilot published. Everything else is invented, and none of it is law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from joinedup.access.actor import system
from joinedup.information_sharing import services
from joinedup.information_sharing.codes import INVOLVEMENT_ITEM, INVOLVEMENT_NAME
from joinedup.information_sharing.models import Agreement
from joinedup.information_sharing.rules import ItemRule
from joinedup.information_sharing.services import ItemTerms, Terms
from joinedup.organisations.queries import posts_in_team

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation, Post

_OBJECT = "Phone 01632 960 000 and ask for the information governance officer, or write to information.governance@council.example."
_KEPT = "Six years after the work with the family ends, then it is destroyed."


def _involved(why: str, low: int | None = None, high: int | None = None) -> ItemTerms:
    return ItemTerms(INVOLVEMENT_ITEM, INVOLVEMENT_NAME, why, ItemRule(minimum_age=low, maximum_age=high))


_SCHOOL = (
    _involved("A school knows a child from 4 to 20, and is often the first to notice a change.", 4, 20),
    ItemTerms("attendance", "Attendance", "Absence is an early sign that something is wrong at home.",
              ItemRule(years_back=2), column="Attendance"),
    ItemTerms("exclusions", "Exclusions", "Shows how school copes, and how much help is needed.", ItemRule(years_back=2),
              column="Exclusions"),
    ItemTerms("support_plan", "Education, health and care plan", "So that help is not planned twice."),
    ItemTerms("results", "Test results", "Not needed to decide what help a family needs.", ItemRule(is_allowed=False)),
)  # fmt: skip
_HEALTH = (
    _involved("Health visitors, school nurses and doctors often know a family longest."),
    ItemTerms("missed", "Appointments a child was not brought to", "A child who is not brought may be neglected.",
              ItemRule(maximum_age=17, years_back=2)),
    ItemTerms("safeguarding_note", "Safeguarding concerns on the record", "Needed to see a pattern over time.",
              ItemRule(levels=frozenset({3, 4}))),
    ItemTerms("parent_health", "A parent’s illness, as far as it affects the child",
              "Only what bears on the care of the child, at the higher levels.",
              ItemRule(minimum_age=18, levels=frozenset({3, 4}))),
    ItemTerms("history", "Medical history", "Not needed to decide what help a family needs.", ItemRule(is_allowed=False)),
)  # fmt: skip
_POLICE = (
    _involved("Whether the police know the household, and whom to ring."),
    ItemTerms("missing", "Times reported missing", "A child who goes missing may be exploited.",
              ItemRule(maximum_age=17, years_back=2)),
    ItemTerms("offences", "The three most recent safeguarding offences, as convicted or suspected",
              "About adults in the household only; violence, sexual offences, weapons, robbery.",
              ItemRule(minimum_age=18, years_back=5, levels=frozenset({3, 4}))),
    ItemTerms("intelligence", "Police intelligence", "Never shared under this agreement.", ItemRule(is_allowed=False)),
)  # fmt: skip
_HOUSING = (
    _involved("A tenant is somebody of 16 or over.", 16),
    ItemTerms("arrears", "Rent arrears of more than six weeks", "A family that may lose its home needs help sooner.",
              ItemRule(minimum_age=16, years_back=1)),
    ItemTerms("antisocial", "Anti-social behaviour, by or against the household", "Shows what a child lives with.",
              ItemRule(minimum_age=16, years_back=2)),
    ItemTerms("possession", "Notice seeking possession, or eviction", "A family that may lose its home needs help sooner.",
              ItemRule(minimum_age=16, years_back=2)),
)  # fmt: skip
_ADULT_CARE = (
    _involved("Adult social care works with people from 15, when planning for adulthood begins.", 15),
    ItemTerms("care_plan", "Care and support plan", "A parent who needs care may need help to care.",
              ItemRule(minimum_age=18)),
    ItemTerms("finances", "Financial assessment", "Not needed to decide what help a family needs.",
              ItemRule(is_allowed=False)),
)  # fmt: skip
_VOLUNTARY = (
    _involved("A charity a family trusts may already be helping."),
    ItemTerms("help_given", "What help was given, and whether it was wanted", "So that nobody offers the same again.",
              ItemRule(years_back=2)),
    ItemTerms("told_in_confidence", "What somebody told in confidence", "Never shared under this agreement.",
              ItemRule(is_allowed=False)),
)  # fmt: skip
# Party: code, what it may share, whose records are its own, who answers.
_PARTIES: tuple[tuple[str, Sequence[ItemTerms], str, tuple[str, ...]], ...] = (
    ("COUNCIL", _ADULT_CARE, "", ("Stella Testwick",)),
    ("NHS", _HEALTH, "", ("Nell Testnurse", "Wren Testcombe")),
    ("MOCKLANE", _HEALTH, "NHS", ("Hazel Mockwell",)),
    ("POLICE", _POLICE, "", ("Bryn Samplewell", "Gil Samplestone")),
    ("HOUSING", _HOUSING, "", ("Posy Mockhouse",)),
    ("PLACEHOLDER", _VOLUNTARY, "", ("Kit Testhelp",)),
    ("ALDERACADEMY", _SCHOOL, "SCHOOLS", ("Rowan Testerfield",)),
    ("BIRCHHIGH", _SCHOOL, "SCHOOLS", ("Pippa Mockford",)),
    ("ELDERPRIMARY", _SCHOOL, "SCHOOLS", ("Otto Samplecote",)),
)


@dataclass(frozen=True)
class DemoAgreements:
    """What was loaded."""

    deciding: Agreement
    expired: Agreement
    draft: Agreement


def load(*, at: datetime, organisations: Mapping[str, Organisation], posts: Mapping[str, Post]) -> DemoAgreements:
    """Load the register as it would stand at `at`. `organisations` by code and `posts` by name, as the demo of the
    organisations returns them."""
    stage = _Stage(at, organisations, posts)
    return DemoAgreements(_deciding(stage), _expired(stage), _draft(stage))


@dataclass(frozen=True)
class _Stage:
    at: datetime
    organisations: Mapping[str, Organisation]
    posts: Mapping[str, Post]

    def party(
        self, agreement: Agreement, at: datetime, code: str, items: Sequence[ItemTerms], source: str = ""
    ) -> None:
        """An organisation takes part and may share these things."""
        records_from = self.organisations[source] if source else None
        services.set_party(
            agreement=agreement, organisation=self.organisations[code], items=items, records_from=records_from,
            by=system(at), at=at,
        )  # fmt: skip

    def name(self, agreement: Agreement, at: datetime, code: str, post: Post, part: str) -> None:
        """A post may ask or answer."""
        services.name_post(
            agreement=agreement, organisation=self.organisations[code], post=post, part=part, by=system(at), at=at
        )

    def sign(self, agreement: Agreement, at: datetime, *codes: str) -> None:
        """These organisations sign, in the name of somebody invented."""
        for number, code in enumerate(codes):
            services.record_signature(
                agreement=agreement, organisation=self.organisations[code], name=f"{_SIGNERS[number % len(_SIGNERS)]}",
                title="Director" if code == "COUNCIL" else "Chief officer", signed_on=at.date(), by=system(at), at=at,
            )  # fmt: skip


_SIGNERS = (
    "Quill Testsigner", "Sage Mocksigner", "Perry Samplesigner", "Odette Testseal", "Linden Mockseal", "Reed Sampleseal",
    "Senna Testmark", "Tove Mockmark", "Vale Samplemark",
)  # fmt: skip


def _terms(at: datetime, *, title: str, words: str, since: int, review: int, ends: int, number: int) -> Terms:
    day = at.date()
    return Terms(
        title=title, purposes=("decide_help", "protect"), bases=("public_task", "safeguarding", "cooperate_2004"),
        purpose_words=words, impact_assessment=f"DPIA-{number:04}", impact_assessed_on=day - timedelta(days=since + 30),
        starts_on=day - timedelta(days=since), review_on=day + timedelta(days=review),
        expires_on=day + timedelta(days=ends), kept_for=_KEPT, how_to_object=_OBJECT,
    )  # fmt: skip


def _deciding(stage: _Stage) -> Agreement:
    """What the front door works under; its review comes near."""
    made = stage.at - timedelta(days=340)
    agreement = services.draft_agreement(
        terms=_terms(
            stage.at, title="Deciding together what help a family needs", since=335, review=21, ends=395, number=101,
            words="When somebody asks for help or is worried about a child, the front door may ask these organisations "
            "whether they know the child or the adults at home, so that the family is not asked the same things again "
            "and nobody at risk is missed.",
        ),
        by=system(made), at=made,
    )  # fmt: skip
    for code, items, source, answerers in _PARTIES:
        stage.party(agreement, made, code, items, source)
        for name in answerers:
            stage.name(agreement, made, code, stage.posts[name], "answers")
    team = stage.posts["Marlow Testington"].team_id
    for post in posts_in_team(system(stage.at), team) if team else []:
        if post.host_id == stage.organisations["COUNCIL"].pk:
            stage.name(agreement, made, "COUNCIL", post, "asks")
    stage.sign(agreement, made + timedelta(days=6), *(code for code, *_ in _PARTIES))
    return agreement


def _expired(stage: _Stage) -> Agreement:
    """The pilot that came before: nothing can be asked under it any more."""
    made = stage.at - timedelta(days=410)
    terms = _terms(
        stage.at, title="Pilot: council and health, one school", since=405, review=-60, ends=-40, number=87,
        words="The first year of asking each other, with fewer organisations.",
    )  # fmt: skip
    agreement = services.draft_agreement(terms=replace(terms, bases=("public_task",)), by=system(made), at=made)
    stage.party(agreement, made, "COUNCIL", ())
    stage.party(agreement, made, "NHS", _HEALTH[:2])
    stage.name(agreement, made, "COUNCIL", stage.posts["Marlow Testington"], "asks")
    stage.name(agreement, made, "NHS", stage.posts["Nell Testnurse"], "answers")
    stage.sign(agreement, made + timedelta(days=6), "COUNCIL", "NHS")
    over = stage.at - timedelta(days=40)
    services.settle_agreement(agreement=agreement, by=system(over), at=over)
    return agreement


def _draft(stage: _Stage) -> Agreement:
    """One that a party has not signed yet."""
    made = stage.at - timedelta(days=12)
    terms = _terms(
        stage.at, title="With the refuge, where somebody fled from violence", since=-14, review=180, ends=380, number=115,
        words="So that a child who has fled with a parent is helped without anybody learning where they are.",
    )  # fmt: skip
    agreement = services.draft_agreement(terms=terms, by=system(made), at=made)
    stage.party(agreement, made, "COUNCIL", ())
    address = ItemTerms("address", "Where they live", "Never shared: it may cost a life.", ItemRule(is_allowed=False))
    stage.party(
        agreement, made, "TESTHARBOUR", (_involved("Whether the refuge is helping, and whom to ring."), address)
    )
    stage.name(agreement, made, "COUNCIL", stage.posts["Sorrel Testwright"], "asks")
    stage.name(agreement, made, "TESTHARBOUR", stage.posts["Elspeth Mockhaven"], "answers")
    stage.sign(agreement, made + timedelta(days=5), "COUNCIL")
    return agreement
