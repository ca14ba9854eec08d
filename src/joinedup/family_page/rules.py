"""The rules of the family's page, each with its code, the sentence a person reads, and its source. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from joinedup.core.ruling import RuleRow


@dataclass(frozen=True)
class Rule(RuleRow):
    """A rule of this part."""

    source: str = "local: every item is released to a named reader by the lead professional"


_SAFETY = "local: safe contact is honoured by everything that writes"
_ABUSE = "local: where domestic abuse is a factor every page starts closed"
_YOUNG = "local: a young person decides what parents see, or a reason is recorded"

SAFE_CONTACT = Rule(
    "FP-1",
    "No e-mail address or number for texts is recorded as safe for {name}. Ask them, record it on their page in the "
    "index, then come back.",
    source=_SAFETY,
)
PART_OF_CASE = Rule("FP-2", "They are not part of this case now.")
ABUSE_REASON = Rule(
    "FP-3", "Domestic abuse is a factor in this case, so this page starts closed. Say why it is safe for {name} to have it.",
    "abuse_reason", _ABUSE,
)  # fmt: skip
UNDERSTANDING = Rule(
    "FP-4", "{name} is younger than {age}. Say why you think they understand what a page of their own means.",
    "understanding", "mem: no age is fixed in law, understanding decides; the age is a setting. Not verified",
)  # fmt: skip
OPEN_ALREADY = Rule("FP-5", "They have an open page already.")
PAGE_CLOSED = Rule("FP-6", "This page is closed. Open it first.")
NAMES_OTHERS = Rule(
    "FP-7", "These words give away somebody or some place this reader is not to read of: {found}. Change them.", "words"
)
NAMES_SOMEBODY = Rule(
    "FP-8", "These words may give away somebody or some place that is not to be named here. Change them, or ask your manager.",
    "words",
)  # fmt: skip
YOUNG_PERSON_DECIDES = Rule(
    "FP-9",
    "This is about a young person who has a space of their own and has not said that this reader may see it. Ask them, or "
    "say why you show it all the same: they will read that you did, and why.",
    "reason", _YOUNG,
)  # fmt: skip
KNOWN_ITEM = Rule("FP-10", "That is not in the case as it stands now. Choose again.", "items")
WORDS_NEEDED = Rule("FP-11", "Write what they will read.", "words")
SOMETHING_CHOSEN = Rule("FP-12", "Select what to share.", "items")
MESSAGE_NEEDED = Rule("FP-13", "Write what you want to tell us.", "words", "local: tell us something")
REASON_NEEDED = Rule("FP-14", "Say why.", "reason")
CANNOT_OPEN = Rule("FP-15", "This page cannot be opened now: {why}.")
TAKEN_BACK = Rule("FP-16", "This was taken back already.")
CLEARED_IN_CASE = Rule("FP-17", "This page can only be about people in this case.", "cleared")
MARKED_ALREADY = Rule("FP-18", "That domestic abuse is a factor is recorded already.", source=_ABUSE)
NOT_YOURS = Rule("FP-19", "That is not something you were shown or wrote.", source=_YOUNG)
ABOUT_NOBODY_ELSE = Rule(
    "FP-20", "This is about somebody this reader’s page is not for.", "items",
)  # fmt: skip
PARENTS_ONLY = Rule("FP-21", "Only a young person’s space has this.", source=_YOUNG)

RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
