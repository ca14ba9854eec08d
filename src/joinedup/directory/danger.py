"""Words that hint at danger in what a young person writes. Pure.

The list errs on the side of showing help: a hint refuses nothing, hides nothing and tells nobody who wrote. It shows help at once
and puts the question before a person first. A text without a hint is still read by a person.
"""

from __future__ import annotations

import re

from joinedup.directory.plain_words import plain

# Against text in lower case without apostrophes and marks: what is hinted at, and the words.
_HINTS: tuple[tuple[str, str], ...] = (
    ("wants to die", r"\b(?:kill(?:ing)? my ?self|kill me|suicid\w*|(?:want|wanna|going|gonna|wish i could|rather) (?:to )?(?:die|be dead)|wish i (?:was|were) dead|end (?:it all|my life)|dont want to (?:live|be here|be alive|wake up)|no point (?:in )?living|better off (?:dead|without me)|kms|unalive)\b"),
    ("hurts themselves", r"\b(?:cut(?:ting)? (?:my ?self|my (?:arms?|wrists?|legs?))|self ?harm\w*|hurt(?:ing)? my ?self|burn(?:ing)? my ?self|overdos\w*|took (?:too many|loads of|all the|a lot of) (?:pills|tablets))\b"),
    ("somebody hurts them", r"\b(?:(?:hits?|hitting|beats?|beating|hurts?|hurting|punch(?:es|ed|ing)?|kick(?:s|ed|ing)?|slap(?:s|ped|ping)?|chok(?:es|ed|ing)|strangl\w*|burn(?:s|t|ed)|lock(?:s|ed)) me\b|(?:hit|beat|hurt) me|being (?:hit|beaten|hurt|abused)|abus(?:es|ed|ing) me)\b"),
    ("sexual harm", r"\b(?:rap(?:e|ed|ing|ist)|(?:touch(?:es|ed|ing)?|grop(?:es|ed|ing)|fingered) (?:me|my)|sexual(?:ly)? (?:abus\w*|assault\w*)|molest\w*|(?:send|sent|wants?|asked for|asks for) (?:him |her |them )?(?:my )?nudes?|made me (?:have sex|do (?:sexual )?(?:things|stuff))|sleep with (?:him|men|his))\b"),
    ("afraid at home", r"\b(?:(?:scared|afraid|frightened|terrified|not safe|unsafe|dont feel safe) (?:to |of )?(?:go(?:ing)? )?(?:at |to )?(?:home|my (?:mum|dad|mom|step ?dad|step ?mum|uncle|brother|parents|boyfriend|girlfriend)|him|her)|not safe|dont feel safe|(?:going to|gonna|he(?:ll| will)|they(?:ll| will)|she(?:ll| will)) (?:kill|hurt) (?:me|my|us|her|him))\b"),
    ("away from home", r"\b(?:run(?:ning)? away|ran away|kicked (?:me )?out|sleeping (?:rough|outside)|nowhere to (?:sleep|go|stay)|on the streets?|not eaten (?:for|in|since))\b"),
    ("weapons or being made to", r"\b(?:(?:has|have|got|carry|carrying|bring|with) (?:a |the )?(?:knife|gun|blade|machete)|stab(?:bed|bing)?|county lines|(?:makes?|making|made|forc(?:es?|ed|ing)) me (?:to )?(?:sell|carry|deal|steal|marry)|trafficked|forced marriage|fgm|being cut)\b"),
    ("says it is urgent", r"\b(?:help me (?:now|please)|in danger|emergency|bleeding|cant breathe|call the police)\b"),
)  # fmt: skip
_COMPILED = tuple((name, re.compile(words)) for name, words in _HINTS)


def hints_in(text: str) -> tuple[str, ...]:
    """What a text hints at, in the order of the list; nothing where it hints at nothing."""
    said = plain(text)
    return tuple(name for name, words in _COMPILED if words.search(said))
