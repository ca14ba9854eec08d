"""What a record says of how a service is given and who can get in, as codes to filter by. Pure.

Only what the record says in its own fields counts: kinds of place, what is said of getting in, languages, categories and the
partnership's own words. A sentence that says there is none ("no hearing loop") counts for nothing.
"""

from __future__ import annotations

import re
from typing import Any

from joinedup.directory.codes import OWN

DELIVERIES: dict[str, str] = {
    "in_person": "In person", "at_home": "At your home", "online": "Online", "phone": "By phone",
}  # fmt: skip
ACCESS: dict[str, str] = {
    "step_free": "Step-free or wheelchair access", "toilet": "Accessible toilet", "hearing_loop": "Hearing loop",
    "signing": "Sign language", "parking": "Blue badge parking", "quiet": "A quiet space",
}  # fmt: skip
# Languages that are offered in the list of filters; what a record says otherwise is shown on its page.
LANGUAGES: dict[str, str] = {
    "ar": "Arabic", "bn": "Bengali", "zh": "Chinese", "fa": "Farsi", "gu": "Gujarati", "ps": "Pashto", "pl": "Polish",
    "pt": "Portuguese", "pa": "Punjabi", "ro": "Romanian", "so": "Somali", "es": "Spanish", "tr": "Turkish", "uk": "Ukrainian",
    "ur": "Urdu",
}  # fmt: skip
LOCAL_OFFER = "local_offer"
_ACCESS_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (code, re.compile(words, re.IGNORECASE))
    for code, words in (
        ("step_free", r"wheelchair|step[- ]free|no steps|\bramp|\blift\b|level access"),
        ("toilet", r"(?:accessible|disabled|changing places) toilet|accessible wc"),
        ("hearing_loop", r"(?:hearing|induction|audio) loop"),
        ("signing", r"sign language|\bbsl\b"),
        ("parking", r"blue badge|disabled parking|accessible parking"),
        ("quiet", r"quiet (?:room|space|hour|area)|sensory room|low sensory"),
    )
)
_NONE_OF_IT = re.compile(r"\b(?:no|not|without|isn.t|aren.t|cannot|can.t|lacks?)\b", re.IGNORECASE)
_OFFER = re.compile(r"local offer|special educational needs|\bSEND\b")
_DELIVERED: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("at_home", re.compile(r"\b(?:at|in) (?:your|the family.s|their) (?:own )?home\b|home visit", re.IGNORECASE)),
    ("online", re.compile(r"\bonline\b|\bvideo call", re.IGNORECASE)),
    ("phone", re.compile(r"\b(?:by|over the) (?:tele)?phone\b|helpline", re.IGNORECASE)),
)


def features_of(document: dict[str, Any]) -> tuple[str, ...]:
    """The codes a record comes to, in a fixed order."""
    places = [at["location"] for at in document.get("service_at_locations", ()) if isinstance(at.get("location"), dict)]
    own = document.get(OWN)
    own = own if isinstance(own, dict) else {}
    terms = [
        str(each["taxonomy_term"].get("name", ""))
        for each in document.get("attributes", ())
        if isinstance(each.get("taxonomy_term"), dict)
    ]
    found = _deliveries(places, own, terms)
    for place in places:
        for each in place.get("accessibility", ()):
            found |= _access(
                f"{each.get('description', '')}. {each.get('details', '')}. {each.get('accessibility', '')}"
            )
    for term in terms:
        found |= _access(term)
    if own.get(LOCAL_OFFER) is True or any(_OFFER.search(term) for term in terms):
        found.add(LOCAL_OFFER)
    found |= _languages(document)
    order = [*DELIVERIES, *ACCESS, LOCAL_OFFER, *(f"lang:{code}" for code in LANGUAGES)]
    return tuple(code for code in order if code in found)


def _deliveries(places: list[dict[str, Any]], own: dict[str, Any], terms: list[str]) -> set[str]:
    said = own.get("delivery")
    found = {code for code in said if code in DELIVERIES} if isinstance(said, list) else set()
    for place in places:
        if place.get("location_type") == "virtual":
            found.add("online")
        elif place.get("addresses") or "latitude" in place:
            found.add("in_person")
    return found | {code for code, words in _DELIVERED for term in terms if words.search(term)}


def _access(text: str) -> set[str]:
    found = set()
    for sentence in re.split(r"[.;,\n]| but | and there ", text):
        plain = re.sub(r"no steps", "step-free", sentence, flags=re.IGNORECASE)
        if not _NONE_OF_IT.search(plain):
            found |= {code for code, words in _ACCESS_WORDS if words.search(plain)}
    return found


def _languages(document: dict[str, Any]) -> set[str]:
    names = {name.lower(): code for code, name in LANGUAGES.items()}
    found = set()
    for each in document.get("languages", ()):
        code, name = str(each.get("code", "")).lower()[:2], str(each.get("name", "")).lower()
        if code in LANGUAGES:
            found.add(f"lang:{code}")
        elif name in names:
            found.add(f"lang:{names[name]}")
        elif "sign language" in name:
            found.add("signing")
    return found
