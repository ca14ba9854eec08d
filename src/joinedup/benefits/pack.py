"""What finance directors are given: for each partner one page of answers, then the evidence. Pure: made from what was frozen
alone, so that a file of it made years later is the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from joinedup.benefits.pounds import in_pounds, in_whole, marking_of
from joinedup.core.documents import Block, Bullets, Document, Facts, Heading, PageBreak, Paragraph
from joinedup.core.figures import Table
from joinedup.core.formats import date_long

STAMP = "Illustration: inputs invented"
QUESTIONS = (
    ("owed", "What do I owe, or am I owed?"), ("moved", "What moved since last time?"),
    ("measured", "Which benefit is measured, and not just forecast?"), ("decide", "What must I decide?"),
)  # fmt: skip


def partner_of(content: Mapping[str, Any], code: str) -> Mapping[str, Any]:
    """One partner's figures."""
    found: Mapping[str, Any] = next(each for each in content["partners"] if each["code"] == code)
    return found


def answers(content: Mapping[str, Any], code: str) -> dict[str, list[str]]:
    """The answers to the four questions for one partner, as sentences."""
    mine = partner_of(content, code)
    return {
        "owed": _owed(content, code), "moved": _moved(content, mine["name"]), "measured": _measured(content, code),
        "decide": _decide(content, code),
    }  # fmt: skip


def _owed(content: Mapping[str, Any], code: str) -> list[str]:
    agreed = content["settlement"]
    if agreed is None:
        return [
            "Nothing yet: the partners have not agreed how they settle. A version counts once each of them has signed it."
        ]
    whole, coming = int(agreed["transfers"].get(code, 0)), int(agreed["next_year"].get(code, 0))
    capped = ", capped by what is cashable" if agreed["is_capped"] else ""
    how = f"By {agreed['method'].lower()}{capped} (version {agreed['number']} of the agreement)"
    there = int(agreed.get("moved", {}).get(code, 0))
    already = f" Of that {in_pounds(there)} is in the contributions already." if there else ""
    return [
        f"{how}, {_says(whole)} over all years.", f"On the figures of today that is next year: {_says(coming)}.{already}"
    ]  # fmt: skip


def _says(pence: int) -> str:
    if not pence:
        return "you neither pay in nor are paid"
    return f"you pay in {in_pounds(pence)}" if pence > 0 else f"you are paid {in_pounds(-pence)}"


def _moved(content: Mapping[str, Any], name: str) -> list[str]:
    if not content["since"]:
        return ["This is the first time: no quarter has been frozen before."]
    moved = content["moved"]
    mine = [each["words"] for each in moved if each["words"].startswith(f"{name} ") or f"({name})" in each["words"]]
    others = len(moved) - len(mine)
    rest = f" {others} more {'change is' if others == 1 else 'changes are'} in the evidence." if others else ""
    if not mine:
        return [f"Nothing of yours since {content['since']}.{rest}"]
    return [*mine, *([rest.strip()] if rest else [])]


def _measured(content: Mapping[str, Any], code: str) -> list[str]:
    mine = [each for each in content["benefits"] if each["partner_code"] == code]
    found = [
        f"{each['title']}: measured at {in_pounds(each['measured'])} of {in_whole(each['due'])} due by now{_level(each)}; "
        f"{in_pounds(each['banked'])} of it banked."
        for each in mine
        if each["measured"] and each["state"] in {"realised", "banked"}
    ]
    forecast = sum(each["forecast"] for each in mine if each["state"] in {"forecast", "emerging"})
    if not found:
        found = ["None of yours yet."]
    return [*found, f"Still only forecast or emerging: {in_whole(forecast)} over all years."] if forecast else found


def _level(benefit: Mapping[str, Any]) -> str:
    return f", evidence {benefit['level']} of 5" if benefit["level"] else ""


def _decide(content: Mapping[str, Any], code: str) -> list[str]:
    found = []
    for each in content["benefits"]:
        left = (each["measured"] or 0) - each["banked"]
        if each["partner_code"] == code and each["state"] in {"realised", "banked"} and left > 0:
            found.append(
                f"Whether {in_pounds(left)} of {each['title']} can be banked, and which budget line it came out of."
            )
        if each["partner_code"] == code and each["standing"] == "Due, not measured yet":
            found.append(
                f"Who measures {each['title']}: {in_whole(each['due'])} is due by now and nothing was measured."
            )
    waiting = content.get("to_sign")
    if waiting and code in waiting["unsigned"]:
        whole = int(waiting["transfers"].get(code, 0))
        found.append(
            f"Whether you sign version {waiting['number']} of the agreement, {waiting['method'].lower()}: {_says(whole)} over all years."
        )
    elif content["settlement"] is None and not waiting:
        found.append("How the partners settle between them.")
    for each in content.get("proposals", ()):
        if each["partner_code"] == code and each["state"] == "waits":
            more = "more" if each["pence"] > 0 else "less"
            found.append(
                f"Whether you put {in_pounds(abs(each['pence']))} {more} into {each['fund']} in {each['year']}."
            )
    if content["settlement"] and not any(each["state"] == "waits" for each in content.get("proposals", ())):
        found.append("Whether next year’s contributions are rebalanced: nothing waits in a fund you see.")
    return found or ["Nothing today."]


def _named(partner: Mapping[str, Any]) -> str:
    return str(partner["name"]) if partner["is_partner"] else f"{partner['name']} (no partner)"


def tables_of(content: Mapping[str, Any]) -> list[Table]:
    """The evidence."""
    money, about = in_pounds, in_whole
    partners = tuple(
        (_named(each), about(each["stake"]), about(each["stake_due"]), about(each["forecast"]), about(each["due"]),
         money(each["measured"]), money(each["banked"]))
        for each in content["partners"]
    )  # fmt: skip
    columns = (
        "Partner",
        "Puts in, all years",
        "By now",
        "Forecast gain, all years",
        "Due by now",
        "Measured",
        "Banked",
    )
    found = [Table(columns, partners, "Stakes and returns, undiscounted")]
    agreed = content["settlement"]
    if agreed:
        rows = tuple(
            (each["name"], money(agreed["transfers"].get(each["code"], 0)), money(agreed["next_year"].get(each["code"], 0)))
            for each in content["partners"]
            if each["is_partner"]
        )  # fmt: skip
        found.append(Table(("Partner", "Pays in, all years", "Next year"), rows, "Settlement (below nought: is paid)"))
    benefits = tuple(
        (f"{each['title']}, {each['partner']}", each["state"].capitalize(), about(each["forecast"]), about(each["due"]),
         money(each["measured"]) if each["measured"] is not None else "–", money(each["banked"]), each["standing"])
        for each in content["benefits"]
    )  # fmt: skip
    if benefits:
        heads = ("Benefit", "Status", "Forecast", "Due by now", "Measured", "Banked", "Against what was due")
        found.append(Table(heads, benefits, "Benefits"))
    return found


def parameters_of(content: Mapping[str, Any]) -> list[Table]:
    """The tables of parameters every figure of a pack rests on, and what each benefit is worth, with source, date and whether
    anybody held them against it. None of a pack that was frozen before they were kept with it."""
    tables = tuple(
        (
            f"{each['title']}{'' if each['in_force'] else ' (PROPOSED, NOT IN FORCE)'}", each["source"], each["dated"] or "–",
            "Verified" if each["is_verified"] else "Not verified", ", ".join(each["strands"]), each["note"] or "–",
        )
        for each in content.get("parameters", ())
    )  # fmt: skip
    costs = tuple(
        (
            each["benefit"], each["strand"], each["worth"],
            f"{each['price_year']}{', over 5 years old' if each['is_old'] else ''}", each["source"], each["rag"].capitalize(),
        )
        for each in content.get("unit_costs", ())
    )  # fmt: skip
    found = []
    if tables:
        columns = ("Table", "Source", "Date", "Held against its source", "Touches", "Note")
        found.append(Table(columns, tables, "Tables of parameters"))
    if costs:
        columns = ("Benefit", "Strand", "One is worth", "At prices of", "Source", "Rated")
        found.append(Table(columns, costs, "Unit costs"))
    return found


def document_of(
    content: Mapping[str, Any], code: str, *, number: int = 0, digest: str = "", printed_by: str, printed_at: datetime
) -> Document:
    """One partner's pack: a page of answers, then the evidence."""
    mine, said = partner_of(content, code), answers(content, code)
    blocks: list[Block] = []
    if content["programme"]["is_illustration"]:
        blocks.append(Paragraph(STAMP, label="Demonstration"))
    meeting = content.get("meeting_on")
    blocks.append(
        Facts(
            [
                ("Programme", content["programme"]["title"]), ("For", mine["name"]),
                ("Meeting", date_long(date.fromisoformat(meeting)) if meeting else "Not frozen for a meeting yet"),
                ("As at", date_long(date.fromisoformat(content["as_at"]))),
            ]
        )
    )  # fmt: skip
    for key, question in QUESTIONS:
        blocks += [Heading(question), Bullets(said[key])]
    blocks += [PageBreak(), Heading("The evidence"), *tables_of(content)]
    if content.get("moved"):
        blocks += [
            Heading(f"Everything that moved since {content['since']}"),
            Bullets([each["words"] for each in content["moved"]]),
        ]
    if content.get("parameters"):
        blocks += [Heading("What these figures rest on"), *parameters_of(content)]
    if content["without"]:
        blocks.append(
            Paragraph(f"No round of a business case yet, so not in these sums: {', '.join(content['without'])}.")
        )
    if digest:
        blocks.append(
            Paragraph(f"Hash of this pack: {' '.join(digest[at : at + 8] for at in range(0, 64, 8))}.", is_quiet=True)
        )
    return Document(
        title="Finance directors’ pack" if digest else "Finance directors’ pack, not frozen",
        subtitle=f"{content['programme']['title']}{f', number {number}' if number else ''}", printed_by=printed_by,
        printed_at=printed_at, marking=marking_of(content["programme"]["is_illustration"]), blocks=blocks,
    )  # fmt: skip
