"""Will it cope? How cases flow through contact, triage, teams and reviews; how long they wait; how many workers a target needs;
and how to read all that from what happened. Useful from a notebook; nothing here knows of a database, a clock or another engine.

    model = read_text(Path("front-door.toml").read_bytes())     # raises BadModel with every fault, overload included
    answers(model)[0].mean_wait                                 # by formula, at once; `notes` say where it is approximate
    found = simulate(model, replications=200, seed=1)
    found.estimate("Triage", "mean_wait")                       # value, low, high
    fewest(model, seed=1).stations["Triage"].servers            # the least staffing that surely meets every target
    outlooks(model, Beliefs(demand=0.1), seed=1)[0].sentence    # "… meets the target in 87 % of plausible futures …"
"""

from joinedup.engines.caseflow.analytic import Answer, answers
from joinedup.engines.caseflow.counting import MEASURES
from joinedup.engines.caseflow.feedforward import needs_events
from joinedup.engines.caseflow.futures import Beliefs, Outlook, outlooks
from joinedup.engines.caseflow.intervals import Estimate, estimate
from joinedup.engines.caseflow.model import Model, Reviews, Route, Service, Station
from joinedup.engines.caseflow.queues import TooMuchWork
from joinedup.engines.caseflow.reading import BadModel, Fault, read, read_text
from joinedup.engines.caseflow.simulating import (
    MOST_REPLICATIONS,
    MOST_SEED,
    Executor,
    Joblib,
    Simulation,
    Threads,
    settled,
    simulate,
    stream,
)
from joinedup.engines.caseflow.staffing import Needed, Staffing, fewest
from joinedup.engines.caseflow.traffic import Overload, loads, overloads, traffic

__all__ = [
    "MEASURES",
    "MOST_REPLICATIONS",
    "MOST_SEED",
    "Answer",
    "BadModel",
    "Beliefs",
    "Estimate",
    "Executor",
    "Fault",
    "Joblib",
    "Model",
    "Needed",
    "Outlook",
    "Overload",
    "Reviews",
    "Route",
    "Service",
    "Simulation",
    "Staffing",
    "Station",
    "Threads",
    "TooMuchWork",
    "answers",
    "estimate",
    "fewest",
    "loads",
    "needs_events",
    "outlooks",
    "overloads",
    "read",
    "read_text",
    "settled",
    "simulate",
    "stream",
    "traffic",
]
