"""Will it cope? How cases flow through contact, triage, teams and reviews; how long they wait; how many workers a target needs;
and how to read all that from what happened. Useful from a notebook; nothing here knows of a database, a clock or another engine.

    model = read_text(Path("front-door.toml").read_bytes())     # raises BadModel with every fault, overload included
    answers(model)[0].mean_wait                                 # by formula, at once; `notes` say where it is approximate
    found = simulate(model, replications=200, seed=1)
    found.estimate("Triage", "mean_wait")                       # value, low, high
"""

from joinedup.engines.caseflow.analytic import Answer, answers
from joinedup.engines.caseflow.counting import MEASURES
from joinedup.engines.caseflow.feedforward import needs_events
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
from joinedup.engines.caseflow.traffic import Overload, loads, overloads, traffic

__all__ = [
    "MEASURES",
    "MOST_REPLICATIONS",
    "MOST_SEED",
    "Answer",
    "BadModel",
    "Estimate",
    "Executor",
    "Fault",
    "Joblib",
    "Model",
    "Overload",
    "Reviews",
    "Route",
    "Service",
    "Simulation",
    "Station",
    "Threads",
    "TooMuchWork",
    "answers",
    "estimate",
    "loads",
    "needs_events",
    "overloads",
    "read",
    "read_text",
    "settled",
    "simulate",
    "stream",
    "traffic",
]
