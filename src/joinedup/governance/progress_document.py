"""A progress report as a document: the scrutiny report with its picture of the layers and its table; what changed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from joinedup.core.documents import Block, Document, Facts, Heading, PageBreak, Paragraph
from joinedup.core.drawing import DEEP, INK, PALE, QUIET, Drawing, shortened
from joinedup.core.figures import Figure, Table
from joinedup.core.formats import date_long
from joinedup.governance.codes import ILLUSTRATION
from joinedup.governance.framework_colours import COLOURS, TWO_COLOURS
from joinedup.governance.progress_content import TEXTS, Change, Content, tally

_WIDTH = 340.0
_BEFORE, _AFTER = TEXTS[:2], TEXTS[2:]


def layers_picture(content: Content) -> Figure:
    """The framework as layers round the children it is for, each with the letters of its elements; the innermost layer is the
    first. The table holds every element with its colour."""
    title = "The layers of integration"
    drawing = Drawing(_WIDTH)
    layers = list(content["layers"])
    step, edge = 34.0, 4.0
    height = 2 * step * len(layers) + 64
    for depth, layer in enumerate(reversed(layers)):
        inset = depth * step
        fill = PALE if depth % 2 else "#ffffff"
        drawing.box(
            edge + inset * 0.4, edge + inset, _WIDTH - 2 * (edge + inset * 0.4), height - 2 * inset, fill=fill, stroke=DEEP, corner=14
        )  # fmt: skip
        drawing.text(
            _WIDTH / 2,
            edge + inset + 16,
            shortened(layer["name"], 13, _WIDTH - 0.8 * inset - 30),
            anchor="middle",
            is_bold=True,
        )
        letters = " ".join(each["letter"] for each in layer["elements"])
        drawing.text(_WIDTH / 2, edge + inset + 30, letters, size=12, anchor="middle", fill=QUIET)
    inset = len(layers) * step
    drawing.box(
        edge + inset * 0.4,
        edge + inset,
        _WIDTH - 2 * (edge + inset * 0.4),
        height - 2 * inset,
        fill="#ffffff",
        stroke=INK,
        corner=14,
    )
    middle = edge + height / 2
    drawing.text(_WIDTH / 2, middle - 4, "Outcomes for children", anchor="middle", is_bold=True)
    drawing.text(_WIDTH / 2, middle + 13, "and young people", anchor="middle", is_bold=True)
    rows = tuple(
        (each["letter"], each["name"], layer["name"], COLOURS.get(each["colour"], "Not judged yet"))
        for layer in layers
        for each in layer["elements"]
    )
    said = f"{len(layers)} layers round outcomes for children and young people, {len(rows)} elements: {tally_words(content)}."
    table = Table(("Letter", "Element", "Layer", "Colour"), rows, title)
    return Figure(drawing.svg(title, said), title, said, table, table.as_csv(), int(_WIDTH), int(height + 14))


def tally_words(content: Content) -> str:
    """`3 green, 6 green/amber, 13 amber, 1 red`."""
    found = [f"{number} {COLOURS[colour].lower()}" for colour, number in tally(content).items()]
    return ", ".join(found) or "none judged yet"


def judgement_words(element: dict[str, Any]) -> str:
    """The colour with the reason for each of its colours."""
    if not element["colour"]:
        return "Not judged yet"
    both = TWO_COLOURS.get(element["colour"])
    if both is None:
        return f"{COLOURS[element['colour']]}: {element['reason']}"
    first, second = (COLOURS[each] for each in both)
    return f"{first}/{second.lower()}. {first}: {element['reason']} {second}: {element['second_reason']}"


def evidence_words(element: dict[str, Any]) -> str:
    """What speaks for the judgement: the figures with their bands, or that it is judgement only; and a signed reason."""
    lines = [
        f"{each['words']}: {each['said']}" + (f". {each['band']}: {COLOURS[each['colour']].lower()}" if each["colour"] else "")
        for each in element["evidence"]
    ]  # fmt: skip
    lines.append(f"{element['basis']}.")
    signed = element["signed"]
    if signed:
        day = date_long(date.fromisoformat(signed["on"]))
        lines.append(f"Outside its bands, signed by {signed['name']}, {day}: {signed['words']}")
    return "\n".join(lines)


def report_document(content: Content, *, printed_by: str, printed_at: datetime, frozen: str = "") -> Document:
    """The report as it goes to scrutiny: purpose, background with the picture of the layers, the table, environmental impact,
    risk assessment, financial implications, options and proposal. `frozen` is the hash it was published with."""
    said = content["texts"]
    blocks: list[Block] = []
    if content["is_illustration"]:
        blocks.append(Paragraph(f"{ILLUSTRATION}."))
    blocks.append(Facts([("To", content["board"]), ("Period", content["period"]), ("Colours", tally_words(content))]))
    for name, title in _BEFORE:
        blocks += [Heading(title), Paragraph(said[name] or "Not written yet.")]
    blocks += [layers_picture(content), Heading("Main considerations"), PageBreak()]
    for layer in content["layers"]:
        blocks.append(Heading(layer["name"], 3))
        for each in layer["elements"]:
            blocks.append(Heading(f"{each['letter']}  {each['name']}", 4))
            blocks.append(
                Facts(
                    [
                        ("How near to completion", judgement_words(each)), ("What we have done", each["done"] or "Nothing said yet."),
                        ("What remains", each["remains"] or "Nothing said yet."),
                        ("Compared with others", each["compared"] or "Not compared."), ("Evidence", evidence_words(each)),
                        ("Owner", each["owner"] or "Nobody named"),
                    ]
                )
            )  # fmt: skip
    for name, title in _AFTER:
        blocks += [Heading(title), Paragraph(said[name] or "Not written yet.")]
        if name == "risks" and content["register"]:
            rows = tuple(
                (each["title"], each["kind"], f"{each['score']} {each['level']}", each["owner"]) for each in content["register"]
            )  # fmt: skip
            blocks.append(Table(("Risk", "Kind", "Score", "Owner"), rows, "From the risk register"))
    if frozen:
        blocks.append(Paragraph(f"Published with its evidence; SHA-256 {frozen}", is_quiet=True))
    return Document(
        content["title"], printed_by, printed_at, subtitle=content["partnership"], marking="", blocks=blocks
    )


def changes_document(
    content: Content, before: Content, found: Sequence[Change], *, printed_by: str, printed_at: datetime
) -> Document:
    """What changed since the last report."""
    rows = tuple(
        (
            f"{each.letter} {each.name}", COLOURS.get(each.before, "–"), COLOURS.get(each.after, "–"), each.movement,
            "; ".join([*(f"{words}: {was}, now {is_}" for words, was, is_ in each.figures), *(f"{one} rewritten" for one in each.words)]) or "–",
        )
        for each in found
    )  # fmt: skip
    table = Table(("Element", "Before", "Now", "Movement", "What else changed"), rows, "Every element")
    said = f"{before['period']}: {tally_words(before)}. {content['period']}: {tally_words(content)}."
    title = "What changed since the last progress report"
    return Document(
        title, printed_by, printed_at, subtitle=content["partnership"], marking="", blocks=[Paragraph(said), table]
    )
