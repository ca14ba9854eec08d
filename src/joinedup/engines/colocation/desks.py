"""How many desks people need who are not all in at once.

People come in independently of each other, each on a share of the days; the desks that suffice on all but one day in twenty are
the 95th percentile of a binomial. Pooled teams need fewer than each on its own, because their busy days seldom coincide.
Real teams meet on the same Tuesday: with a day of presence agreed, count those people as always in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def _ways(people: int, came: int, share: float) -> float:
    return math.exp(
        math.lgamma(people + 1)
        - math.lgamma(came + 1)
        - math.lgamma(people - came + 1)
        + came * math.log(share)
        + (people - came) * math.log1p(-share)
    )


def desks_needed(people: int, share_in: float, enough: float = 0.95) -> int:
    """The desks that suffice on the share `enough` of days for so many people, each in on the share `share_in` of days.

    Raises ValueError for shares outside 0 to 1 or fewer than no people."""
    if people < 0 or not 0 <= share_in <= 1 or not 0 < enough < 1:
        raise ValueError("People from nought up, shares from 0 to 1.")
    if share_in in (0, 1):
        return people if share_in else 0
    so_far = 0.0
    for came in range(people + 1):
        so_far += _ways(people, came, share_in)
        if so_far >= enough - 1e-12:
            return came
    return people


def desks_pooled(teams: Sequence[tuple[int, float]], enough: float = 0.95) -> int:
    """The desks that suffice for teams who share them: (people, share of days in) each."""
    chances = [1.0]
    for people, share in teams:
        if people < 0 or not 0 <= share <= 1:
            raise ValueError("People from nought up, shares from 0 to 1.")
        own = [
            _ways(people, came, share) if 0 < share < 1 else float(came == people * share) for came in range(people + 1)
        ]
        joined = [0.0] * (len(chances) + people)
        for here, chance in enumerate(chances):
            for came, other in enumerate(own):
                joined[here + came] += chance * other
        chances = joined
    so_far = 0.0
    for came, chance in enumerate(chances):
        so_far += chance
        if so_far >= enough - 1e-12:
            return came
    return len(chances) - 1
