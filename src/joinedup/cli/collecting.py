"""How often a process that answers many questions looks for what nobody uses any more."""

from __future__ import annotations

import gc

# Objects made since the last look, and how many looks of one kind come before one of the next. One look-up among a million
# people makes some thousands that go by themselves when it is answered; by the usual figures (700, 10, 10) a tenth of its
# processor time went into looking at them, and now and then a fifth of a second into looking at everything kept.
_SELDOM = (10_000, 20, 50)


def spare_what_is_loaded() -> None:
    """What has been loaded stays: no later collection looks through it, and collections become seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_SELDOM)
