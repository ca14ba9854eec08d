"""The data dictionary of the common assessment, of every version, from the spec that the page and the API walk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from joinedup.casework.assessing import Section

Table = Callable[[Iterable[str], Iterable[Iterable[str]]], list[str]]

_KINDS = {
    "line": "one line", "words": "words", "day": "a day, YYYY-MM-DD", "choice": "one code", "choices": "codes",
    "score": "a whole number from 1 to 10, or `none`",
}  # fmt: skip


def assessment_lines(table: Table) -> list[str]:
    """Every version: its sections, questions, codes and what the scores mean."""
    from joinedup.casework.assessing import all_specs
    from joinedup.casework.pathway_file import shipped

    lines = [
        "An assessment keeps the version it was made with. “Situation” marks what a referral should have told already; "
        "“index” the fact of the person index that a correction becomes, as the writer’s own agency’s record.", "",
    ]  # fmt: skip
    for spec in all_specs():
        lines += [f"## Version {spec.version}, since {spec.since.isoformat()}", ""]
        lines += [f"{len(spec.sections)} sections, {len(spec.elements)} of them scored elements.", ""]
        for section in spec.sections:
            lines += [f"### {section.title} (`{section.code}`)", "", f"{section.group}.", ""]
            if section.element is not None:
                lines += table(("score", "means"), ((str(score), words) for score, words in section.element.anchors))
            lines += _questions(section, table)
    lines += ["## What pathways ask besides", ""]
    for pathway in shipped().values():
        for section in pathway.extra:
            lines += [f"### {pathway.name}: {section.title} (`{section.code}`)", "", f"{section.group}.", ""]
            lines += _questions(section, table)
    return lines


def _questions(section: Section, table: Table) -> list[str]:
    rows = [
        (
            f"`{each.code}`", each.label, _KINDS[each.kind.value],
            ", ".join(f"`{code}` {label}" for code, label in each.offered) if each.kind.value != "score" else "",
            "yes" if each.is_required else "", "yes" if each.is_situation else "", each.fact,
            "yes" if each.is_printed else "no",
        )
        for each in section.questions
    ]  # fmt: skip
    header = ("code", "question", "answer", "codes", "required", "situation", "index", "printed")
    return table(header, rows)
