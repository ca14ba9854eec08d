"""What a programme costs, what it brings and to whom: the cost-benefit method of HM Treasury and Greater Manchester for
local partnerships. Useful from a notebook; nothing here knows of a database, a clock or another engine.

    model = read_text(Path("families-together.toml").read_bytes())   # raises BadModel with every fault
    found = appraise(model)
    found.as_data()                    # pv_cost, npv_fiscal, bcr_fiscal, payback_year, agencies, …
    verdict(found)                     # "It pays: every £1 brings public purses £1.42 back over 5 years, …"
    simulate(model, draws=100_000, seed=1).npv_fiscal.chance_positive
    tornado(model)[0].label            # what the answer hangs on most
    equal_return(found.agencies).in_pence()
"""

from joinedup.engines.appraisal.appraising import Appraisal, LineResult, Stake, Yearly, appraise
from joinedup.engines.appraisal.effect import Effect, Group, difference_in_differences, difference_of_changes
from joinedup.engines.appraisal.model import Benefit, Cost, Model, UnitCost
from joinedup.engines.appraisal.montecarlo import (
    MOST_DRAWS,
    MOST_SEED,
    Comparison,
    Shape,
    Simulation,
    Spread,
    compare,
    simulate,
    simulate_with_shape,
)
from joinedup.engines.appraisal.reading import BadModel, Fault, read, read_text
from joinedup.engines.appraisal.saying import origins, pounds, price_age, verdict, warnings
from joinedup.engines.appraisal.sensitivity import Swing, WhatIf, delayed, tornado, what_ifs, without_bias, worse_grades
from joinedup.engines.appraisal.settling import (
    Settlement,
    equal_net_gain,
    equal_return,
    settlements,
    shapley,
    shapley_values,
)
from joinedup.engines.appraisal.tables import (
    DEFLATORS,
    GRADES,
    GRADES_FROM,
    SCHEDULES,
    Deflator,
    Grade,
    Origin,
    Schedule,
    flat,
    schedule_named,
)
from joinedup.engines.appraisal.writing import model_data, model_toml

__all__ = [
    "DEFLATORS",
    "GRADES",
    "GRADES_FROM",
    "MOST_DRAWS",
    "MOST_SEED",
    "SCHEDULES",
    "Appraisal",
    "BadModel",
    "Benefit",
    "Comparison",
    "Cost",
    "Deflator",
    "Effect",
    "Fault",
    "Grade",
    "Group",
    "LineResult",
    "Model",
    "Origin",
    "Schedule",
    "Settlement",
    "Shape",
    "Simulation",
    "Spread",
    "Stake",
    "Swing",
    "UnitCost",
    "WhatIf",
    "Yearly",
    "appraise",
    "compare",
    "delayed",
    "difference_in_differences",
    "difference_of_changes",
    "equal_net_gain",
    "equal_return",
    "flat",
    "model_data",
    "model_toml",
    "origins",
    "pounds",
    "price_age",
    "read",
    "read_text",
    "schedule_named",
    "settlements",
    "shapley",
    "shapley_values",
    "simulate",
    "simulate_with_shape",
    "tornado",
    "verdict",
    "warnings",
    "what_ifs",
    "without_bias",
    "worse_grades",
]
