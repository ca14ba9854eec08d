"""Every read of programmes and benefits, by noun."""

from joinedup.benefits.queries import activity_costs, activity_reports, investing, programmes, strands
from joinedup.benefits.queries.accepted import Accepted, accepted_rounds, register_acceptances
from joinedup.benefits.queries.avoided import claimed_twice
from joinedup.benefits.queries.awaiting import (
    RoundAwaiting,
    StrandAwaiting,
    invented_rounds,
    invented_strands,
    round_awaiting,
    rounds_awaiting,
    strand_awaiting,
    strands_awaiting,
)
from joinedup.benefits.queries.by_api import BASES, BenefitState, answers, as_content, results_of
from joinedup.benefits.queries.cases import RoundSeen, case_page, cases_of, model_of, round_seen, rounds_of
from joinedup.benefits.queries.claims import claim_subjects
from joinedup.benefits.queries.cohorts import CohortSeen, PairSeen, overlap_of
from joinedup.benefits.queries.lost import LostBenefit, lost_benefits
from joinedup.benefits.queries.parameters import parameters_of_programme
from joinedup.benefits.queries.programmes import ProgrammeSeen, StrandSeen, programme_for, programmes_of, strand_for
from joinedup.benefits.queries.realising import BenefitSeen, benefit_page, benefits_page

__all__ = [
    "BASES",
    "Accepted",
    "BenefitSeen",
    "BenefitState",
    "CohortSeen",
    "LostBenefit",
    "PairSeen",
    "ProgrammeSeen",
    "RoundAwaiting",
    "RoundSeen",
    "StrandAwaiting",
    "StrandSeen",
    "accepted_rounds",
    "activity_costs",
    "activity_reports",
    "answers",
    "as_content",
    "benefit_page",
    "benefits_page",
    "case_page",
    "cases_of",
    "claim_subjects",
    "claimed_twice",
    "invented_rounds",
    "invented_strands",
    "investing",
    "lost_benefits",
    "model_of",
    "overlap_of",
    "parameters_of_programme",
    "programme_for",
    "programmes",
    "programmes_of",
    "register_acceptances",
    "results_of",
    "round_awaiting",
    "round_seen",
    "rounds_awaiting",
    "rounds_of",
    "strand_awaiting",
    "strand_for",
    "strands",
    "strands_awaiting",
]
