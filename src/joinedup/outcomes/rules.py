"""The rules of measuring outcomes. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from joinedup.core.ruling import RuleRow


@dataclass(frozen=True)
class Rule(RuleRow):
    """A rule of this part."""

    source: str = "local: an outcome is measured from a baseline, on one scale"


ON_THE_SCALE = Rule("OC-1", "{fault}", "value")
NOT_BEFORE_BASELINE = Rule("OC-2", "A reading cannot be from before the baseline of {day}.", "on")
NOT_TO_COME = Rule("OC-3", "A reading cannot be from a day to come.", "on")
MEASURE_IN_USE = Rule("OC-4", "This measure is not used any more. Choose another.", "measure")
CODE_ONCE = Rule("OC-5", "There is a measure with this code already.", "code")
SCALE_RUNS_UP = Rule("OC-6", "The lowest value of the scale must be less than the highest.", "most")
ENDED_ALREADY = Rule("OC-7", "This measure has ended already.")
MEASURED_ALREADY = Rule("OC-8", "It has been read since. Its measure and baseline stay as they are.", "measure")

# --- What the whole partnership is measured by.
SERIES_LOCAL = "local: a number of many people is read for a period, in an area, of a cohort"
SMALL_HIDDEN = Rule(
    "OC-20", "Too few people are behind this number to show it.", source="local: fewer than six people could be known"
)
VALUE_FITS = Rule("OC-21", "{fault}", "value", source=SERIES_LOCAL)
CORRECTION_EXPLAINED = Rule(
    "OC-22", "A value of this period is there already. Say why yours is right and it was not.", "reason",
    source="local: what was read once is corrected in the open",
)  # fmt: skip
SERIES_ONCE = Rule("OC-23", "This measure is read for that area and cohort already.", "areas", source=SERIES_LOCAL)
AREA_KNOWN = Rule("OC-24", "Choose at least one area.", "areas", source=SERIES_LOCAL)
COUNTED_ONCE = Rule("OC-25", "Another measure counts this already.", "counter", source=SERIES_LOCAL)
COUNTED_PLACES = Rule(
    "OC-26", "Joinedup counts by locality and for the whole partnership. A cluster’s numbers are brought in or written.",
    "areas", source=SERIES_LOCAL,
)  # fmt: skip
TARGETS_FOLLOW = Rule(
    "OC-27", "Every point of a trajectory needs a day and a value, and each day comes once.", "targets", source=SERIES_LOCAL
)  # fmt: skip
TARGET_ABOVE_START = Rule(
    "OC-28", "A target is for a day after the trajectory starts.", "starts_on", source=SERIES_LOCAL
)
GROUP_FOR_STEP = Rule(
    "OC-29", "Without a group to compare with it is step 1 or 2. Choose the group, or a lower step.", "other",
    source="the Maryland scientific methods scale, from memory and not verified",
)  # fmt: skip
NOT_ITSELF = Rule("OC-30", "A series is compared with another one of the same measure.", "other", source=SERIES_LOCAL)
BEFORE_NEEDED = Rule(
    "OC-31", "Say which period is compared: one both have a reading of.", "before_on", source=SERIES_LOCAL
)
NOTHING_TO_TAKE = Rule("OC-32", "There is no reading of that period.", source=SERIES_LOCAL)
FILE_READABLE = Rule("OC-33", "The file cannot be used: {why}", "file", source=SERIES_LOCAL)
COHORT_AGES = Rule("OC-34", "The youngest age must not be above the oldest.", "oldest", source=SERIES_LOCAL)
GROUP_KNOWN = Rule("OC-35", "Choose a group of families from the list.", "group", source=SERIES_LOCAL)
GROUP_ONCE = Rule("OC-36", "These families are a group here already: {name}.", "group", source=SERIES_LOCAL)
GROUP_COUNTED_HERE = Rule(
    "OC-37", "What this measure counts is not known by family, so it is not counted for such a group. Choose another measure.",
    "cohort", source=SERIES_LOCAL,
)  # fmt: skip
