"""The children and young people’s plan as a document, and what changed in it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from joinedup.core.documents import Block, Bullets, Document, Facts, Heading, Paragraph, Quote
from joinedup.core.figures import Table
from joinedup.core.formats import date_long
from joinedup.governance.codes import ILLUSTRATION
from joinedup.governance.plan_content import LIVE, Change, Content, answer_words, pence_of, pounds_of


def day_words(text: str) -> str:
    """`31 March 2028`; empty for no day."""
    return date_long(date.fromisoformat(text)) if text else ""


def evidence_words(need: dict[str, Any]) -> str:
    """What a need rests on, by whom and when; a figure as it was counted when the plan was adopted."""
    if LIVE in need:
        return f"{need[LIVE]['said']}. {need['source']}."
    return f"{need['evidence']}. {need['source']}, {day_words(need['on'])}."


def plan_document(content: Content, *, printed_by: str, printed_at: datetime, frozen: str = "") -> Document:
    """The plan: vision, needs, priorities with outcomes, actions and money, other plans, and who was asked. `frozen` is the hash
    it was adopted with."""
    blocks: list[Block] = []
    if content["is_illustration"]:
        blocks.append(Paragraph(f"{ILLUSTRATION}."))
    blocks.append(
        Facts(
            [
                ("Period", content["period"]), ("Adopted by", content["board"]), ("Outcomes", content["framework"]),
                ("Partners", "\n".join(content["partners"]) or "None named yet"), ("Money in the plan", pounds_of(pence_of(content))),
            ]
        )
    )  # fmt: skip
    if content["vision"]:
        blocks += [Heading("What we want for children"), Paragraph(content["vision"])]
    if content["summary"]:
        blocks += [Heading("The plan in plain words"), Paragraph(content["summary"])]
    blocks.append(Heading("What children need"))
    for each in content["needs"]:
        blocks += [
            Heading(each["title"], 3),
            Paragraph(each["words"] or "Nothing more is said of it."),
            Paragraph(evidence_words(each), is_quiet=True),
        ]
    for number, each in enumerate(content["priorities"], 1):
        blocks += _priority(number, each)
    blocks.append(Heading("How it goes with other plans"))
    for each in content["alignments"]:
        link = f"\n{each['link']}" if each["link"] else ""
        blocks += [Heading(f"{each['name']}, {each['body']}", 3), Paragraph(f"{each['words']}{link}")]
    blocks.append(Heading("Who was asked, and what they said"))
    for each in content["consultations"]:
        blocks += _round(each)
    if frozen:
        blocks.append(Paragraph(f"Adopted as it stands here; SHA-256 {frozen}", is_quiet=True))
    return Document(
        content["title"], printed_by, printed_at, subtitle=content["partnership"], marking="", blocks=blocks
    )


def _priority(number: int, each: dict[str, Any]) -> list[Block]:
    blocks: list[Block] = [Heading(f"Priority {number}: {each['title']}")]
    if each["words"]:
        blocks.append(Paragraph(each["words"]))
    blocks.append(Paragraph(each["owner"] or "Nobody named yet", "Who answers for it"))
    if each["needs"]:
        blocks += [Paragraph("", "The needs it answers"), Bullets(each["needs"])]
    if each["outcomes"]:
        rows = tuple(
            (
                one["words"],
                one["heading"],
                _measure(one),
                one["baseline"] or "–",
                " by ".join(filter(None, (one["target"], day_words(one["target_on"])))) or "–",
            )
            for one in each["outcomes"]
        )
        blocks.append(
            Table(("What shall be different", "Outcome", "Measure", "Stood at", "Shall come to"), rows, "Outcomes")
        )
    if each["actions"]:
        rows_of = tuple(
            (one["words"], f"{one['owner']}, {one['partner']}", day_words(one["due_on"])) for one in each["actions"]
        )
        blocks.append(Table(("What will be done", "By whom", "By when"), rows_of, "Actions"))
    if each["money"]:
        money = tuple((one["words"], pounds_of(one["pence"])) for one in each["money"])
        blocks.append(Table(("Where it is kept", "Planned"), money, "Money"))
    return blocks


def _measure(one: dict[str, Any]) -> str:
    return ". ".join(filter(None, (one["measure"] or "None yet", one["stamp"])))


def _round(each: dict[str, Any]) -> list[Block]:
    days = f"{day_words(each['starts_on'])} to {day_words(each['ends_on'])}"
    rows = tuple((one["words"], f"{one['asked']:,}", f"{one['answered']:,}") for one in each["groups"])
    blocks: list[Block] = [
        Heading(each["title"], 3),
        Paragraph(f"{days}. {each['method']}"),
        Table(("Who", "Asked", "Answered"), rows, "Who was asked"),
    ]
    for one in each["themes"]:
        changed = f" It changed: {one['changed']}" if one["changed"] else ""
        blocks += [Quote(one["said"], one["group"]), Paragraph(f"{answer_words(one)}{changed}")]
    return blocks


def plan_changes_document(
    title: str, before: str, found: Sequence[Change], *, printed_by: str, printed_at: datetime
) -> Document:
    """What changed since the plan before."""
    said = f"{title}, beside the plan before: {before}."
    rows = tuple((each.part, each.name, each.what) for each in found)
    blocks: list[Block] = [Paragraph(said)]
    blocks.append(
        Table(("Part", "What", "Change"), rows, "Every change") if rows else Paragraph("Nothing is otherwise.")
    )
    return Document("What changed since the plan before", printed_by, printed_at, marking="", blocks=blocks)
