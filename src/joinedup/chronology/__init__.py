"""The spine: one append-only row per event in a family's journey. Ids, codes and times; the words apart, redactable.

Timeline, case-flow statistics, benefits and reports all read it. No part keeps its own version of what happened.
"""
