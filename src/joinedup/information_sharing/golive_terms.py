"""What a party's cells in an earlier register say: the posts that ask or answer, and what it may share. Pure.

A post is the e-mail address of its holder, followed by its title in brackets where somebody holds several. An item is
"name [narrowing] = why", the narrowing in the words the register itself uses: aged 4 to 20, aged 16 or over, aged 17 or
under, the last 2 years, at levels 3 and 4.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from joinedup.information_sharing.codes import INVOLVEMENT_ITEM, INVOLVEMENT_NAME
from joinedup.information_sharing.rules import ITEM_JUSTIFIED, ItemRule

_LONGEST_NAME, _LONGEST_WHY = 160, 500


@dataclass(frozen=True)
class LegacyPost:
    """A post by the address of its holder, and by its title where it is given."""

    address: str
    title: str = ""


@dataclass(frozen=True)
class LegacyItem:
    """One thing a party may share, or may not."""

    code: str
    name: str
    justification: str
    rule: ItemRule = field(default_factory=ItemRule)


def read_posts(text: str) -> tuple[tuple[LegacyPost, ...], list[str]]:
    """The posts a cell lists, and a sentence for each that cannot be read."""
    found, reasons = list[LegacyPost](), list[str]()
    for one in re.split(r"[;,|\n](?![^(\n]*\))", text):
        said = re.fullmatch(r"([^\s@()]+@[^\s@()]+)(?:\s*\((.+)\))?", one.strip())
        if said:
            found.append(LegacyPost(said[1].lower(), (said[2] or "").strip()))
        elif one.strip():
            reasons.append(f"“{one.strip()[:80]}” is no e-mail address. Give that of whoever holds the post.")
    return tuple(dict.fromkeys(found)), reasons


def read_items(text: str, *, is_allowed: bool, after: Sequence[LegacyItem] = ()) -> tuple[list[LegacyItem], list[str]]:
    """The items a cell lists, `after` those found already, and a sentence for each that cannot be read."""
    found, reasons = list[LegacyItem](), list[str]()
    for one in re.split(r"[;|\n]", text):
        if not one.strip():
            continue
        try:
            found.append(_item(one.strip(), is_allowed, [*after, *found]))
        except ValueError as fault:
            reasons.append(str(fault))
    return found, reasons


def _item(text: str, is_allowed: bool, before: Sequence[LegacyItem]) -> LegacyItem:
    said = re.fullmatch(r"([^\[\]=]*?)\s*(?:\[([^\]]*)\])?\s*(?:=\s*(.*))?", text, re.DOTALL)
    if said is None or not said[1]:
        raise ValueError(f"“{text[:80]}” cannot be read. Write “name = why”, or “name [the last 2 years] = why”.")
    name, why = " ".join(said[1].split()), (said[3] or "").strip()
    if not why:
        raise ValueError(ITEM_JUSTIFIED.sentence.format(name=name[:80]))
    if len(name) > _LONGEST_NAME or len(why) > _LONGEST_WHY:
        raise ValueError(f"A name has at most {_LONGEST_NAME} characters and a reason {_LONGEST_WHY}: “{name[:80]}”.")
    if name.casefold() in {"involvement", INVOLVEMENT_NAME.casefold()}:
        name, code = INVOLVEMENT_NAME, INVOLVEMENT_ITEM
    else:
        code = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:30] or "item"
    if name.casefold() in {item.name.casefold() for item in before}:
        raise ValueError(f"“{name[:80]}” is listed twice.")
    if code in {item.code for item in before}:
        code = f"{code[:27]}_{len(before)}"
    return LegacyItem(code, name, why, _narrowing(said[2] or "", is_allowed))


_AGES = re.compile(r"aged (\d{1,3}) to (\d{1,3})")
_FROM = re.compile(r"aged (\d{1,3}) or over")
_UP_TO = re.compile(r"aged (\d{1,3}) or under")
_BACK = re.compile(r"the last (?:(\d{1,2}) years|year)")
_LEVELS = re.compile(r"at levels? ([1-4](?:(?:, | and )[1-4])*)")


def _narrowing(text: str, is_allowed: bool) -> ItemRule:
    """What narrows an item, from the words `rules.rule_in_words` writes; raises ValueError for any others."""
    rest = " ".join(text.casefold().split())
    found: dict[str, str | None] = {}
    for name, pattern in (("ages", _AGES), ("low", _FROM), ("high", _UP_TO), ("back", _BACK), ("levels", _LEVELS)):
        said = pattern.search(rest)
        if said is None:
            continue
        if name == "ages":
            found |= {"low": said[1], "high": said[2]}
        else:
            found[name] = said[1] or "1"
        rest = rest[: said.start()] + rest[said.end() :]
    if rest.strip(" ,"):
        raise ValueError(
            f"“{text[:80]}” cannot be read. Write it as “aged 4 to 20, the last 2 years, at levels 3 and 4”."
        )
    low, high, back = (_number(found.get(name)) for name in ("low", "high", "back"))
    if low is not None and high is not None and high < low:
        raise ValueError(f"The upper age must not be below the lower: “{text[:80]}”.")
    if back == 0 or max(low or 0, high or 0) > 120:
        raise ValueError(f"“{text[:80]}” is no age or number of years.")
    levels = frozenset(int(one) for one in re.findall("[1-4]", found.get("levels") or ""))
    return ItemRule(is_allowed, low, high, back, levels)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None else None
